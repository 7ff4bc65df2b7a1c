"""Texts that volunteers have read, in SQL: those that wait for an editor with their sound, and what came of the others.

Somebody has one reading of a text at most. What is approved lies among the recordings, so its sound is kept here no
longer; nor is that of what was refused, or reads a text that has changed.
"""

from collections.abc import Collection
from typing import Final, Literal, NamedTuple, cast

from sqlalchemy import Select, delete, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.readable import Named, text_hash
from bot.stores.database import Database
from bot.stores.tables import audit, office_people, readings

State = Literal["waiting", "approved", "refused", "gone"]
WAITING: Final = 200  # readings of one volunteer that may wait
ALL_WAITING: Final = 3_000  # of all; some 75 MB, and 540 if each lasted a minute


class Reading(NamedTuple):
    """A text as a volunteer read it. `lang` may have a dialect, `text` is the hash of what is `said`."""

    id: int
    person: int
    volunteer: str
    lang: str
    text: str
    lesson: str
    step: str
    address: str
    said: str
    written: str
    minute: int
    milliseconds: int
    state: State
    reason: str  # why it was refused, in the editor's words

    @property
    def part(self) -> Named:
        """The text as it is read, with its place."""
        place = "/".join(filter(None, (self.lesson, self.step)))
        return Named(place, self.lesson, self.step, self.said, self.written)


class Room(NamedTuple):
    """A language's readings as a volunteer sees them: `taken` need nobody's voice, `refused` are to be read again."""

    taken: frozenset[str]
    refused: dict[str, str]  # hash -> the editor's words
    waiting: int  # of theirs
    approved: int


_COLUMNS = (
    readings.c.id,
    readings.c.person,
    office_people.c.name.label("volunteer"),
    readings.c.lang,
    readings.c.text,
    readings.c.lesson,
    readings.c.step,
    readings.c.address,
    readings.c.said,
    readings.c.written,
    readings.c.minute,
    readings.c.milliseconds,
    readings.c.state,
    readings.c.reason,
)


class Readings:
    """All readings. Its methods raise StoreDown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(  # noqa: PLR0913  a reading
        self, person: int, lang: str, address: str, part: Named, sound: bytes, *, milliseconds: int, minute: int
    ) -> bool:
        """Have a reading wait, instead of an earlier one of the same text; False where too many wait already.

        What is approved stays as it is.
        """
        mark = text_hash(part.text)
        fresh = {
            "lesson": part.lesson,
            "step": part.step,
            "address": address,
            "said": part.text,
            "written": part.written,
            "minute": minute,
            "milliseconds": milliseconds,
            "state": "waiting",
            "reason": "",
            "editor": None,
            "decided": None,
            "sound": sound,
        }
        async with self._database.changing() as connection:
            wait = select(func.count()).where(readings.c.state == "waiting")
            others = wait.where((readings.c.text != mark) | (readings.c.lang != lang) | (readings.c.person != person))
            theirs = await connection.scalar(others.where(readings.c.person == person)) or 0
            everybody = await connection.scalar(others) or 0
            if theirs >= WAITING or everybody >= ALL_WAITING:
                return False
            add = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(readings)
            await connection.execute(
                add.values(person=person, lang=lang, text=mark, **fresh).on_conflict_do_update(
                    index_elements=["person", "lang", "text"], set_=fresh, where=readings.c.state != "approved"
                )
            )
        return True

    async def room(self, person: int, lang: str) -> Room:
        """Return what a volunteer is to know before they read on."""
        of = readings.c.lang == lang
        async with self._database.reading() as connection:
            taken = await connection.scalars(
                select(readings.c.text).where(of, readings.c.state.in_(("waiting", "approved")))
            )
            theirs = (
                await connection.execute(
                    select(readings.c.text, readings.c.state, readings.c.reason).where(of, readings.c.person == person)
                )
            ).all()
        states = [row.state for row in theirs]
        refused = {row.text: row.reason for row in theirs if row.state == "refused"}
        return Room(frozenset(taken), refused, states.count("waiting"), states.count("approved"))

    async def waiting(self, most: int) -> tuple[list[Reading], int]:
        """Return the readings that wait, the oldest first, `most` of them, and how many there are."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_wanted("waiting").order_by(readings.c.id).limit(most))
            number = await connection.scalar(select(func.count()).where(readings.c.state == "waiting"))
            return [_reading(row) for row in rows], number or 0

    async def approved(self, most: int, skip: int = 0) -> list[Reading]:
        """Return the readings that learners hear, those approved last first, without the first `skip`."""
        wanted = _wanted("approved").order_by(readings.c.decided.desc(), readings.c.id.desc())
        async with self._database.reading() as connection:
            return [_reading(row) for row in await connection.execute(wanted.limit(most).offset(skip))]

    async def of(self, person: int) -> list[Reading]:
        """Return all that somebody has read."""
        async with self._database.reading() as connection:
            return [_reading(row) for row in await connection.execute(_all().where(readings.c.person == person))]

    async def people(self, name: str) -> list[int]:
        """Return the numbers of everybody of this name, in the office now or once, who has read something."""
        wanted = select(readings.c.person).distinct()
        wanted = wanted.join_from(readings, office_people, readings.c.person == office_people.c.id)
        async with self._database.reading() as connection:
            return list(await connection.scalars(wanted.where(office_people.c.name == name)))

    async def one(self, number: int) -> Reading | None:
        """Find a reading."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_all().where(readings.c.id == number))).first()
        return _reading(row) if row else None

    async def sound(self, number: int) -> bytes | None:
        """Return the sound of a reading that waits, as OGG/Opus."""
        wanted = select(readings.c.sound).where(readings.c.id == number, readings.c.state == "waiting")
        async with self._database.reading() as connection:
            return await connection.scalar(wanted)

    async def decide(  # noqa: PLR0913  a decision
        self, one: Reading, state: State, editor: int, minute: int, *, reason: str = "", but: str = ""
    ) -> bool:
        """Let a reading be approved, refused or gone, its sound with it; False where it isn't as it was any more.

        Who had read the same text is no longer heard. The audit tells of it, under the name `but` or the state's.
        """
        now = readings.c.id == one.id, readings.c.state == one.state, readings.c.minute == one.minute
        changes = {"state": state, "reason": reason, "editor": editor, "decided": minute, "sound": None}
        async with self._database.changing() as connection:
            changed = await connection.execute(update(readings).where(*now).values(changes))
            if not changed.rowcount:
                return False
            if state == "approved":
                same = readings.c.lang == one.lang, readings.c.text == one.text, readings.c.id != one.id
                earlier = update(readings).where(*same, readings.c.state == "approved")
                await connection.execute(earlier.values(state="gone"))
            await _note(connection, minute, editor, but or f"voice-{state}", f"{one.part.name} {one.lang}")
        return True

    async def forget(self, person: int, minute: int, some: Collection[Reading], by: int | None) -> int:
        """Delete readings of somebody, for good, that are as they were read; how many these were.

        `by` is who asked for it; None: whoever sat at the server.
        """
        as_they_were = tuple_(readings.c.id, readings.c.state).in_([(each.id, each.state) for each in some])
        async with self._database.changing() as connection:
            gone = await connection.execute(delete(readings).where(readings.c.person == person, as_they_were))
            await _note(connection, minute, by, "voice-withdrawn", str(gone.rowcount))
            return gone.rowcount


def _all() -> Select[tuple[object, ...]]:
    return select(*_COLUMNS).join_from(readings, office_people, office_people.c.id == readings.c.person)


def _wanted(state: State) -> Select[tuple[object, ...]]:
    return _all().where(readings.c.state == state)


def _reading(row: object) -> Reading:
    return Reading(*cast("tuple[int, int, str]", row))  # type: ignore[call-arg]  # a row has them all


async def _note(connection: AsyncConnection, minute: int, who: int | None, did: str, to_what: str) -> None:
    await connection.execute(insert(audit).values(minute=minute, who=who, did=did, to_what=to_what))
