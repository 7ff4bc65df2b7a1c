"""What learners hear: the parts of a reply as one clip, from the shelf where it is there, made now where not.

Each part is made once, by the best engine that can, and kept. An online voice is slow and wants to
be asked seldom: in the talk it is never waited for. What it has not said yet is said by a local
engine at once, and by the online one in the background, for the next who comes there.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

import msgspec
import structlog

from bot import metrics
from bot.core.library import Library
from bot.core.spoken import spoken
from bot.core.turn import Reply
from bot.voice import forms
from bot.voice.aac import NoEncoder
from bot.voice.apart import apart
from bot.voice.clip import Clip, Format, Quality, address_of, joined_address
from bot.voice.engine import SLOW, CantSay, Engine
from bot.voice.guess import bytes_of
from bot.voice.packing import PAUSE
from bot.voice.shelf import NotKept, Shelf
from bot.voice.sound import Sound, read_sound
from bot.voice.speaker import Speaker

T = TypeVar("T")

MAKERS = 2  # threads that make clips: as many as keep a core busy while another waits for the disk
READERS = 2  # threads that look on the shelf, which takes a millisecond and must not wait for what is made
AHEAD = 500  # parts at most that wait for the online voice
_RANKS = {Quality.RECORDED: 0, Quality.GOOD: 1, Quality.ROBOT: 2}

log = structlog.get_logger()


class Speech(msgspec.Struct, frozen=True):
    """What is to be heard: spelled-out parts in their order. `lessons` alone may leave this machine."""

    parts: tuple[str, ...]
    lang: str
    slow: bool = False
    lessons: bool = False


def speech_of(reply: Reply, library: Library) -> Speech:
    """Return a reply as it is to be heard; outside a lesson it may hold a learner's own figures."""
    return Speech(spoken(reply, library), reply.lang, reply.slow, lessons=reply.step > 0)


class _Wish(msgspec.Struct, frozen=True):
    """A part that an online engine is to say when it can."""

    engine: str
    text: str
    lang: str
    slow: bool
    form: Format


_Spoken = tuple[Clip | None, tuple[_Wish, ...]]


class Voice:
    """Speaks by `speaker`, keeps on `shelf`; OGG clips have `kbit` kilobits a second.

    `dialects` names the dialect in which a language is spoken: {"vi": "vi-thanhhoa"}.
    """

    def __init__(
        self, speaker: Speaker, shelf: Shelf, kbit: int = 12, dialects: Mapping[str, str] | None = None
    ) -> None:
        self._dialects = dialects or {}
        self.speaker = speaker
        self.shelf = shelf
        self.kbit = kbit
        self._engines = {engine.name: engine for engine in speaker.engines}
        self._readers = ThreadPoolExecutor(READERS, "voice-reader")
        self._makers = ThreadPoolExecutor(MAKERS, "voice-maker")
        self._under_way: dict[tuple[Speech, Format], asyncio.Future[_Spoken]] = {}
        self._ahead: asyncio.Queue[_Wish] = asyncio.Queue(AHEAD)
        self._wished: set[_Wish] = set()  # what is in the queue, or being said
        self._speaking_ahead: asyncio.Task[None] | None = None
        self._evicting: asyncio.Task[None] | None = None

    async def clip(self, speech: Speech, form: Format = "ogg") -> Clip | None:
        """Return the whole speech as one clip; None where no engine can say a part of it, or something is broken."""
        began = asyncio.get_running_loop().time()
        try:
            clip, wishes = await self._away(lambda: self._spoken(speech, form, make=False))
            if clip is None:
                clip, wishes = await self._made_once(speech, form)
            self._wish(wishes)
        except Exception:  # a disk, a library: the learner must get the text all the same
            log.exception("a reply can't be spoken")
            clip = None
        if self.shelf.due() and (self._evicting is None or self._evicting.done()):
            self._evicting = asyncio.create_task(self._evict())
        metrics.CLIP_SECONDS.observe(asyncio.get_running_loop().time() - began)
        metrics.CLIPS.labels(clip.engine if clip else "none").inc()
        return clip

    async def known(self, speech: Speech, key: str) -> tuple[str, str] | None:
        """Return the address of the clip that `clip` would return, and what is noted about it, without reading it.

        None where nothing is noted, or a part can be had better than it is.
        """
        found = await self._away(lambda: self._known(speech, key))
        if found is None:
            return None
        engine, address, note = found
        metrics.CLIPS.labels(engine).inc()
        return address, note

    async def size(self, speech: Speech) -> int:
        """Return how many bytes its OGG clip has, to a hundredth; where parts are yet to be made, is likely to have."""
        return await self._away(lambda: sum(self._size_of(text, speech) for text in speech.parts))

    async def keep(self, speech: Speech) -> str:
        """Keep what is to be heard, so that `kept` finds it by the returned address."""
        address = joined_address((speech.lang, f"{speech.slow} {speech.lessons}", *speech.parts), 0)
        await self._away(lambda: self._keep(address, speech))
        return address

    async def kept(self, address: str) -> Speech | None:
        """Find what was kept; None where it is not, or no longer. Raises ValueError for what is no address."""
        raw = await self._away(lambda: self.shelf.noted(address, "speech"))
        return msgspec.json.decode(raw, type=Speech) if raw else None

    async def noted(self, address: str, key: str) -> str | None:
        """Return what is noted about a clip."""
        return await self._away(lambda: self.shelf.noted(address, key))

    async def note(self, address: str, key: str, value: str) -> None:
        """Note something short about a clip; the empty text takes the note back."""
        await self._away(lambda: self.shelf.note(address, key, value) if value else self.shelf.forget(address, key))

    async def close(self) -> None:
        """Stop making clips. An online voice that is being waited for is left behind."""
        for task in (self._speaking_ahead, self._evicting):
            if task:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        for threads in (self._readers, self._makers):
            threads.shutdown(wait=False, cancel_futures=True)

    def part(self, text: str, lang: str, *, slow: bool = False, form: Format = "ogg", only: str = "") -> Clip:
        """Return one part by the best engine that can say it, however long that takes. Blocking.

        What can't be kept is returned all the same. Raises CantSay.
        """
        reasons = []
        for engine in self.speaker.engines:
            if only in {"", engine.name}:
                try:
                    return self._by(engine, text, lang, slow=slow, form=form)
                except CantSay as error:
                    reasons.append(str(error))
        raise CantSay(" ".join(reasons) or f"There is no voice engine {only!r}.")

    def address(self, engine: Engine, text: str, lang: str, *, slow: bool = False, form: Format = "ogg") -> str:
        """Return where this engine's clip of a part is kept; empty if it can't say it."""
        lang = self._dialects.get(lang, lang)
        voice = engine.voice(lang, text)
        speed = SLOW if slow else 1.0
        kbit = forms.kbit_of(form, self.kbit)
        return (
            address_of(text, lang=lang, engine=engine.name, voice=voice, speed=speed, form=form, kbit=kbit)
            if voice
            else ""
        )

    def made(self, engine: Engine, text: str, lang: str, *, slow: bool = False, form: Format = "ogg") -> Clip:
        """Return one part by this engine, from the shelf or made now and kept there. Blocking.

        Raises CantSay, and NotKept where it can't be kept.
        """
        address = self.address(engine, text, lang, slow=slow, form=form)
        if not address:
            raise CantSay(f"{engine.name}: It has no voice for this.")

        def make() -> bytes:
            sound = self._sound(engine, text, lang, slow=slow, form=form)
            try:
                return forms.encode(sound, form, self.kbit)
            except NoEncoder as error:
                raise CantSay(str(error)) from error

        data = self.shelf.make(address, make, pinned=engine.quality is Quality.RECORDED)
        return _clip(address, form, data, engine)

    def _sound(self, engine: Engine, text: str, lang: str, *, slow: bool, form: Format) -> Sound:
        """Return a part, to be packed in this form; an online voice isn't asked again for what it has said once."""
        for other in forms.ALL if engine.online else ():
            if other != form and (found := self.shelf.get(self.address(engine, text, lang, slow=slow, form=other))):
                return read_sound(found)
        return self.speaker.say(text, self._dialects.get(lang, lang), slow=slow, only=engine.name).sound

    async def _made_once(self, speech: Speech, form: Format) -> _Spoken:
        """Have it made; whoever wants the same meanwhile waits for that, in no thread."""
        key = speech, form
        making = self._under_way.get(key)
        if making is None:
            make = partial(self._spoken, speech, form, make=True)
            making = self._under_way[key] = asyncio.get_running_loop().run_in_executor(self._makers, make)
            making.add_done_callback(lambda _: self._under_way.pop(key))
        return await asyncio.shield(making)

    def _spoken(self, speech: Speech, form: Format, *, make: bool) -> _Spoken:
        """Join the parts; None where one isn't there and can't be made, or is not to be made now."""
        parts: list[Clip] = []
        wishes: list[_Wish] = []
        for text in speech.parts:
            clip, waiting = self._at_once(text, speech, form, make=make)
            wishes += (_Wish(engine.name, text, speech.lang, speech.slow, form) for engine in waiting)
            if clip is None:
                return None, tuple(wishes)
            parts.append(clip)
        if not parts:
            return None, ()
        whole = forms.joined([clip.data for clip in parts], form)
        worst = max(parts, key=lambda clip: _RANKS[clip.quality])
        address = joined_address([clip.address for clip in parts], PAUSE)
        seconds = forms.seconds_of(whole, form)
        return Clip(address, form, whole, seconds, worst.engine, worst.quality), tuple(wishes)

    def _known(self, speech: Speech, key: str) -> tuple[str, str, str] | None:
        """Look for the engine of the worst part, the whole clip's address and the note about it."""
        parts = [self._best(text, speech) for text in speech.parts]
        found = [part for part in parts if part]
        if not found or len(found) < len(parts):
            return None
        whole = joined_address([address for _, address in found], PAUSE)
        note = self.shelf.noted(whole, key)
        worst = max((engine for engine, _ in found), key=lambda engine: _RANKS[engine.quality])
        return (worst.name, whole, note) if note else None

    def _best(self, text: str, speech: Speech) -> tuple[Engine, str] | None:
        """Find an OGG part, if there is none that a better engine is yet to make."""
        for engine in self.speaker.engines:
            address = self.address(engine, text, speech.lang, slow=speech.slow)
            if address and self.shelf.has(address):
                return engine, address
            if address and (speech.lessons or not engine.online):
                return None
        return None

    def _at_once(self, text: str, speech: Speech, form: Format, *, make: bool) -> tuple[Clip | None, list[Engine]]:
        """Return a part without asking an online engine, and which of those should be asked in the background."""
        waiting: list[Engine] = []
        for engine in self.speaker.engines:
            address = self.address(engine, text, speech.lang, slow=speech.slow, form=form)
            if not address:
                continue
            if found := self.shelf.get(address):
                return _clip(address, form, found, engine), waiting
            if engine.online:
                waiting += [engine] if speech.lessons else []
                continue
            if not make:
                break
            try:
                return self._by(engine, text, speech.lang, slow=speech.slow, form=form), waiting
            except CantSay as error:
                log.debug("a part was not spoken", engine=engine.name, why=str(error))
        return None, waiting

    def _by(self, engine: Engine, text: str, lang: str, *, slow: bool, form: Format) -> Clip:
        try:
            return self.made(engine, text, lang, slow=slow, form=form)
        except NotKept as error:  # it can be heard all the same
            log.warning("a clip is not kept", why=str(error))
            return _clip(self.address(engine, text, lang, slow=slow, form=form), form, error.made, engine)

    def _size_of(self, text: str, speech: Speech) -> int:
        """Look for the clip that `_at_once` would take; else say what a local engine's is likely to have."""
        for engine in self.speaker.engines:
            address = self.address(engine, text, speech.lang, slow=speech.slow)
            size = self.shelf.size(address) if address else None
            if size is not None:
                return size
            if address and not engine.online:
                break
        return bytes_of(text, self.kbit, slow=speech.slow)

    def _keep(self, address: str, speech: Speech) -> None:
        if self.shelf.noted(address, "speech") is None:
            self.shelf.note(address, "speech", msgspec.json.encode(speech).decode())

    def _wish(self, wishes: Iterable[_Wish]) -> None:
        """Have these said in the background; when too many wait already, at another time."""
        for wish in wishes:
            if wish not in self._wished and not self._ahead.full():
                self._wished.add(wish)
                self._ahead.put_nowait(wish)
                if self._speaking_ahead is None:
                    self._speaking_ahead = asyncio.create_task(self._speak_ahead())

    async def _speak_ahead(self) -> None:
        """Let the online voice say what it had not said yet, one part after the other."""
        while True:
            wish = await self._ahead.get()
            engine = self._engines[wish.engine]
            try:
                make = partial(self._by, engine, wish.text, wish.lang, slow=wish.slow, form=wish.form)
                await asyncio.wrap_future(apart(make))
            except CantSay as error:
                log.debug("a part was not spoken ahead", engine=engine.name, why=str(error))
            except Exception:  # those that wait behind it must have their turn
                log.exception("a part can't be spoken ahead", engine=engine.name)
            finally:
                self._wished.discard(wish)

    async def _evict(self) -> None:
        """Make room on the shelf; nobody waits for it."""
        try:
            await asyncio.wrap_future(apart(self.shelf.evict))
        except OSError as error:
            log.warning("old clips can't be removed", why=str(error))

    async def _away(self, work: Callable[[], T]) -> T:
        """Do it in a thread: disks block."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)


def _clip(address: str, form: Format, data: bytes, engine: Engine) -> Clip:
    return Clip(address, form, data, 0.0, engine.name, engine.quality)
