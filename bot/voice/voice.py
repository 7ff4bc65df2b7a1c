"""What learners hear: the parts of a reply as one clip, from the shelf where it is there, made now where not.

Each part is made once, by the best engine that can, and kept. An online voice is slow and wants to
be asked seldom: in the talk it is never waited for. What it has not said yet is said by a local
engine at once, and by the online one in the background, for the next who comes there.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

import msgspec
import structlog

from bot import metrics
from bot.voice import join, mp3, opus
from bot.voice.clip import Clip, Format, Quality, address_of, joined_address
from bot.voice.engine import SLOW, CantSay, Engine
from bot.voice.packing import PAUSE
from bot.voice.shelf import NotKept, Shelf
from bot.voice.speaker import Speaker

T = TypeVar("T")

THREADS = 2  # that make clips: as many as keep a core busy while another waits for the disk
AHEAD = 500  # parts at most that wait for the online voice
_RANKS = {Quality.RECORDED: 0, Quality.GOOD: 1, Quality.ROBOT: 2}

log = structlog.get_logger()


class Speech(msgspec.Struct, frozen=True):
    """What is to be heard: spelled-out parts in their order. `lessons` alone may leave this machine."""

    parts: tuple[str, ...]
    lang: str
    slow: bool = False
    lessons: bool = False


class Voice:
    """Speaks by `speaker`, keeps on `shelf`; clips have `kbit` kilobits a second.

    `dialects` names the dialect in which a language is spoken: {"vi": "vi-thanhhoa"}.
    """

    def __init__(
        self, speaker: Speaker, shelf: Shelf, kbit: int = 12, dialects: Mapping[str, str] | None = None
    ) -> None:
        self._dialects = dialects or {}
        self.speaker = speaker
        self.shelf = shelf
        self.kbit = kbit
        self._threads = ThreadPoolExecutor(THREADS, "voice")
        self._patient = ThreadPoolExecutor(1, "voice-online")  # waits for others' servers
        self._ahead: asyncio.Queue[tuple[Engine, str, str, bool, Format]] = asyncio.Queue(AHEAD)
        self._task: asyncio.Task[None] | None = None

    async def clip(self, speech: Speech, form: Format = "ogg") -> Clip | None:
        """Return the whole speech as one clip; None where no engine can say a part of it, or something is broken."""
        began = asyncio.get_running_loop().time()
        try:
            clip, missed = await self._away(lambda: self._joined(speech, form))
        except Exception:  # a disk, a library: the learner must get the text all the same
            log.exception("a reply can't be spoken")
            clip, missed = None, []
        for each in missed:
            with suppress(asyncio.QueueFull):
                self._ahead.put_nowait(each)
        if missed and self._task is None:
            self._task = asyncio.create_task(self._make_ahead())
        if self.shelf.due():
            try:
                await self._away(self.shelf.evict)
            except OSError as error:
                log.warning("old clips can't be removed", why=str(error))
        metrics.CLIP_SECONDS.observe(asyncio.get_running_loop().time() - began)
        metrics.CLIPS.labels(clip.engine if clip else "none").inc()
        return clip

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
        """Stop making clips."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        for threads in (self._threads, self._patient):
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
        kbit = self.kbit if form == "ogg" else mp3.KBIT
        return (
            address_of(text, lang=lang, engine=engine.name, voice=voice, speed=speed, form=form, kbit=kbit)
            if voice
            else ""
        )

    def _joined(self, speech: Speech, form: Format) -> tuple[Clip | None, list[tuple[Engine, str, str, bool, Format]]]:
        parts: list[Clip] = []
        missed: list[tuple[Engine, str, str, bool, Format]] = []
        for text in speech.parts:
            clip, waiting = self._at_once(text, speech, form)
            missed += [(engine, text, speech.lang, speech.slow, form) for engine in waiting]
            if clip is None:
                return None, missed
            parts.append(clip)
        if not parts:
            return None, missed
        data = [clip.data for clip in parts]
        whole = join.joined(data, PAUSE) if form == "ogg" else mp3.joined(data, PAUSE)
        worst = max(parts, key=lambda clip: _RANKS[clip.quality])
        address = joined_address([clip.address for clip in parts], PAUSE)
        seconds = opus.seconds_of(whole) if form == "ogg" else mp3.seconds_of(whole)
        return Clip(address, form, whole, seconds, worst.engine, worst.quality), missed

    def _at_once(self, text: str, speech: Speech, form: Format) -> tuple[Clip | None, list[Engine]]:
        """Return a part without asking an online engine, and which of those should be asked in the background."""
        waiting: list[Engine] = []
        for engine in self.speaker.engines:
            if engine.online:
                address = self.address(engine, text, speech.lang, slow=speech.slow, form=form)
                if address and (found := self.shelf.get(address)):
                    return self._clip(address, form, found, engine), waiting
                if address and speech.lessons:
                    waiting.append(engine)
                continue
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
            return self._clip(self.address(engine, text, lang, slow=slow, form=form), form, error.made, engine)

    def made(self, engine: Engine, text: str, lang: str, *, slow: bool = False, form: Format = "ogg") -> Clip:
        """Return one part by this engine, from the shelf or made now and kept there. Blocking.

        Raises CantSay, and NotKept where it can't be kept.
        """
        address = self.address(engine, text, lang, slow=slow, form=form)
        if not address:
            raise CantSay(f"{engine.name}: It has no voice for this.")

        def make() -> bytes:
            sound = self.speaker.say(text, self._dialects.get(lang, lang), slow=slow, only=engine.name).sound
            return opus.encode(sound, self.kbit) if form == "ogg" else mp3.encode(sound)

        data = self.shelf.make(address, make, pinned=engine.quality is Quality.RECORDED)
        return self._clip(address, form, data, engine)

    def _clip(self, address: str, form: Format, data: bytes, engine: Engine) -> Clip:
        return Clip(address, form, data, 0.0, engine.name, engine.quality)

    def _keep(self, address: str, speech: Speech) -> None:
        if self.shelf.noted(address, "speech") is None:
            self.shelf.note(address, "speech", msgspec.json.encode(speech).decode())

    async def _make_ahead(self) -> None:
        """Let the online voice say what it had not said yet, one part after the other."""
        while True:
            engine, text, lang, slow, form = await self._ahead.get()
            make = partial(self._by, engine, text, lang, slow=slow, form=form)
            try:
                await asyncio.get_running_loop().run_in_executor(self._patient, make)
            except CantSay as error:
                log.debug("a part was not spoken ahead", engine=engine.name, why=str(error))
            except Exception:  # those that wait behind it must have their turn
                log.exception("a part can't be spoken ahead", engine=engine.name)

    async def _away(self, work: Callable[[], T]) -> T:
        """Do it in a thread: disks and voices block."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
