"""The studio: volunteers read texts of the lessons, editors listen, and what they approve outranks made voices.

What waits is in SQL (`stores.readings`); what is approved lies in `lessons/voice/` as an import leaves it, where every
process notices it within seconds. An approved file is there before the row says so, and one that is taken away goes
before its row: killed in between, the same request goes on from there.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, NamedTuple

import structlog

from bot.core.library import Library
from bot.core.readable import Named, Readable, readable_of, text_hash
from bot.core.reading import ToRead
from bot.core.wording import FORMS
from bot.stores.database import Database
from bot.stores.readings import Reading, Readings, Room
from bot.voice import forms
from bot.voice.engine import language_of
from bot.voice.engines.recorded import Recorded
from bot.voice.reading import Checked, checked
from bot.voice.recording_files import BadIndex, writing
from bot.voice.voice import Voice

__all__ = ["Offer", "Outcome", "Studio"]

log = structlog.get_logger()

TRIES: Final = 5  # of deleting what somebody has read, when editors decide on it meanwhile

# What came of an editor's decision: it is done; the text changed; another was quicker; the files are being written.
Outcome = Literal["done", "gone", "late", "busy"]


class Offer(NamedTuple):
    """A text to be read next. `reason` is why an editor wants it read once more."""

    address: str
    part: Named
    reason: str = ""

    @property
    def mark(self) -> str:
        """The hash of the text."""
        return text_hash(self.part.text)


class Studio:
    """One for a process. `library` is what is taught now, `voice` what keeps clips, `dialects` as Voice has them."""

    def __init__(
        self,
        database: Database,
        lessons: Path,
        library: Callable[[], Library],
        voice: Voice | None = None,
        dialects: Mapping[str, str] | None = None,
    ) -> None:
        self.readings = Readings(database)
        self._folder = lessons / "voice"
        self._library = library
        self._voice = voice
        self._dialects = dialects or {}
        self._recorded = Recorded(self._folder)

    @property
    def readable(self) -> Readable:
        """The texts of what is taught now."""
        return readable_of(self._library())

    async def next(self, person: int, lang: str, after: str = "") -> tuple[Offer | None, Room]:
        """Return the next text that nobody has read, behind the one with the hash `after`, and what they have read.

        There is no text where nothing is left. May raise StoreDown.
        """
        dialect = self._dialects.get(lang, lang)
        room = await self.readings.room(person, dialect)
        readable = self.readable

        def find() -> Offer | None:
            there = self._recorded.hashes(dialect)
            passed, first = not after, None
            for address, part in readable.every(lang):
                mark = text_hash(part.text)
                if mark in there or mark in room.taken or mark == after:
                    passed = passed or mark == after
                    continue
                offer = Offer(address, part, room.refused.get(mark, ""))
                if passed:
                    return offer
                first = first or offer
            # What `after` names may be said no longer, or all behind it is read: then from the beginning.
            return first

        return await asyncio.to_thread(find), room

    async def take(self, wanted: ToRead, raw: bytes, at: int) -> Checked:
        """Check a voice note that came `at` this second, and have it wait for an editor. May raise StoreDown."""
        found = await checked(raw, wanted.part.text)
        if found.why is not None:
            return found
        if found.seconds > at - wanted.since + 1:  # begun before the text was given: it reads the one before
            return Checked("moved on")
        kept = await self.readings.add(
            wanted.person,
            self._dialects.get(wanted.lang, wanted.lang),
            wanted.address,
            wanted.part,
            found.sound,
            milliseconds=round(found.seconds * 1000),
            minute=at // 60,
        )
        return found if kept else Checked("full")

    def said(self, one: Reading) -> bool:
        """Whether the lesson still says what was read. Blocking, for some hundredths of a second."""
        return self.readable.find(language_of(one.lang), one.address, one.lesson, one.text) is not None

    async def still_said(self, some: Sequence[Reading]) -> frozenset[int]:
        """Return the numbers of those whose text is still the one that was read."""
        return await asyncio.to_thread(lambda: frozenset(each.id for each in some if self.said(each)))

    async def sound(self, one: Reading) -> bytes | None:
        """Return a reading as OGG/Opus, whether it waits or is heard; None where it is no more. May raise StoreDown."""
        if one.state == "waiting":
            return await self.readings.sound(one.id)
        return await asyncio.to_thread(self._heard, one) if one.state == "approved" else None

    async def approve(self, one: Reading, editor: int, minute: int) -> Outcome:
        """Have learners hear it from now on, unless its text changed."""
        if not await asyncio.to_thread(self.said, one):
            return "gone" if await self.readings.decide(one, "gone", editor, minute) else "late"
        sound = await self.readings.sound(one.id)
        if sound is None:
            return "late"
        try:
            await asyncio.to_thread(self._put, one, sound, minute)
        except (BadIndex, OSError) as error:
            log.warning("a recording can't be put in its place", why=str(error))
            return "busy"
        if await self.readings.decide(one, "approved", editor, minute):
            return "done"
        # Somebody refused it, or it was taken back, in this very moment.
        now = await self.readings.one(one.id)
        if now is None or now.state != "approved":
            await self._taken_away([one])
        return "late"

    async def refuse(self, one: Reading, editor: int, minute: int, reason: str) -> Outcome:
        """Have it read once more, telling why; also what was approved before, which nobody hears from now on."""
        if not await self._taken_away([one]):
            return "busy"
        but = "voice-taken-back" if one.state == "approved" else ""
        done = await self.readings.decide(one, "refused", editor, minute, reason=reason, but=but)
        return "done" if done else "late"

    async def withdraw(self, person: int, minute: int, by: int | None) -> int | None:
        """Delete all that a volunteer has read, here and among the recordings; how many; None: to be asked again.

        `by` is who asks for it, in the audit; None: whoever sits at the server.
        """
        number = 0
        for _ in range(TRIES):
            theirs = await self.readings.of(person)
            if not theirs:
                return number
            if not await self._taken_away(theirs):
                return None
            # What an editor decided meanwhile goes in the next round: its file may have come after that look.
            number += await self.readings.forget(person, minute, theirs, by)
        return None

    def _heard(self, one: Reading) -> bytes | None:
        found = self._recorded.of(one.lang, one.text)
        if found is None or found.who != name_of(one.person):
            return None
        try:
            return found.file.read_bytes()
        except OSError:
            return None

    def _put(self, one: Reading, sound: bytes, minute: int) -> None:
        language = language_of(one.lang)
        readable = self.readable

        def said(mark: str) -> bool:
            return any(readable.find(language, form, one.lesson, mark) for form in FORMS)

        day = (datetime.fromtimestamp(minute * 60, UTC) + timedelta(hours=7)).date()
        with writing(self._folder / one.lang) as there:
            there.put(sound, "ogg", one.part, who=name_of(one.person), when=day, said=said)

    async def _taken_away(self, some: list[Reading]) -> bool:
        """Take recordings away, with the clips made of them; False where that can't be done now."""
        try:
            await asyncio.to_thread(self._take_away, some)
        except (BadIndex, OSError) as error:
            log.warning("recordings can't be taken away", why=str(error))
            return False
        return True

    def _take_away(self, some: list[Reading]) -> None:
        for lang in {each.lang for each in some}:
            with writing(self._folder / lang) as there:
                for each in some:
                    if each.lang == lang:
                        clips = self._clips(each)
                        if there.remove(each.text, name_of(each.person)) and self._voice:
                            for address in clips:
                                self._voice.shelf.drop(address)

    def _clips(self, one: Reading) -> list[str]:
        """Find where clips of a recording are kept; asked while it is still there."""
        voice = self._voice
        recorded = next((each for each in voice.speaker.engines if each.name == Recorded.name), None) if voice else None
        if voice is None or recorded is None:
            return []
        found = (
            voice.address(recorded, one.said, language_of(one.lang), slow=slow, form=form)
            for slow in (False, True)
            for form in forms.ALL
        )
        return [address for address in found if address]


def name_of(person: int) -> str:
    """Return how a volunteer is called where recordings are listed: by no name, since those files are given on."""
    return f"volunteer {person}"
