"""The office's people in SQL: who they are, their one-time links, their visits, their passkeys, what they did.

Times are minutes since 1970 and days since 1970 in Vietnam, given by who asks. Nothing is stored that would
let its reader in: of links and visits there are marks only (SHA-256).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Person, Role
from bot.stores.database import Database
from bot.stores.tables import (
    audit,
    helpers,
    office_challenges,
    office_chats,
    office_keys,
    office_links,
    office_people,
    office_tries,
    office_visits,
)

IDLE: Final = 12 * 60  # minutes without a page until a visit ends
LONGEST: Final = 14 * 24 * 60  # minutes that a visit lasts at most
SEEN_EVERY: Final = 5  # minutes between two notes of when a visit was last seen
TRIES: Final = 10  # that may fail, of one place or person, in so many minutes
TRY_MINUTES: Final = 15
_DAY: Final = 24 * 60
_VIETNAM: Final = 7 * 60  # minutes ahead of UTC


class Taken(Exception):
    """There is someone of that name with another role or area. `str()` says so."""


class Colleague(NamedTuple):
    """A person of the office as the operator's list has them."""

    person: Person
    since_day: int
    seen: int | None  # minute of their last page in a visit that is still open
    keys: int
    in_chat: bool = False  # known in a chat by a badge


class Key(NamedTuple):
    """A passkey. `id` is base64url, as browsers write it."""

    id: str
    person: int
    host: str
    public_key: bytes
    uses: int
    name: str
    since_day: int
    seen_day: int | None


class Deed(NamedTuple):
    """A line of the audit. `who` is the name, empty for whoever sat at the server's shell."""

    minute: int
    who: str
    role: str
    did: str
    to_what: str


def day_of(minute: int) -> int:
    """Return the day in Vietnam."""
    return (minute + _VIETNAM) // _DAY


class Office:
    """What is kept of the office's people. Its methods raise StoreDown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def invite(  # noqa: PLR0913  a person and their link
        self, name: str, role: Role, area: str, mark: str, *, minute: int, until: int, by: int | None = None
    ) -> Person:
        """Let someone in by a link that has this mark; earlier links of theirs stop working.

        Raises Taken where the name is somebody's with another role or area.
        """
        async with self._database.changing() as connection:
            row = (
                await connection.execute(
                    select(office_people).where(office_people.c.name == name, office_people.c.ended_day.is_(None))
                )
            ).first()
            if row and (row.role, row.area) != (role, area):
                raise Taken(f"{name} is in the office already, as {row.role} of {row.area}; revoke that first.")
            number = row.id if row else await _new_person(connection, name, role, area, day_of(minute))
            await connection.execute(delete(office_links).where(office_links.c.person == number))
            await connection.execute(insert(office_links).values(mark=mark, person=number, until=until))
            await note_deed(connection, minute, by, "invited", name)
        return Person(number, name, role, area)

    async def revoke(self, name: str, minute: int, by: int | None = None) -> bool:
        """End someone's access at once; False where nobody has that name."""
        async with self._database.changing() as connection:
            ours = office_people.c.name == name, office_people.c.ended_day.is_(None)
            number = await connection.scalar(select(office_people.c.id).where(*ours))
            if number is None:
                return False
            for table in (office_links, office_chats, office_visits, office_keys):
                await connection.execute(delete(table).where(table.c.person == number))
            helps = select(office_people.c.learner).where(office_people.c.id == number).scalar_subquery()
            await connection.execute(delete(helpers).where(helpers.c.learner == helps))
            ended = {"ended_day": day_of(minute), "badge": None, "learner": None}
            await connection.execute(update(office_people).where(*ours).values(ended))
            await note_deed(connection, minute, by, "revoked", name)
        return True

    async def everybody(self, minute: int) -> list[Colleague]:
        """List who is let in, by name."""
        last = (
            select(office_visits.c.person, func.max(office_visits.c.seen).label("seen"))
            .where(*_open(minute))
            .group_by(office_visits.c.person)
            .subquery()
        )
        keys = select(office_keys.c.person, func.count().label("number")).group_by(office_keys.c.person).subquery()
        wanted = (
            select(office_people, last.c.seen, func.coalesce(keys.c.number, 0).label("number"))
            .outerjoin(last, last.c.person == office_people.c.id)
            .outerjoin(keys, keys.c.person == office_people.c.id)
            .where(office_people.c.ended_day.is_(None))
            .order_by(office_people.c.name)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [Colleague(_person(row), row.since_day, row.seen, row.number, row.badge is not None) for row in rows]

    async def opens(self, mark: str, minute: int) -> bool:
        """Whether a link with this mark lets someone in now. Spends nothing."""
        async with self._database.reading() as connection:
            found = await connection.scalar(select(office_links.c.person).where(*_lasting(mark, minute)))
            return found is not None

    async def enter_by_link(self, mark: str, visit: str, minute: int) -> Person | None:
        """Spend a link and begin a visit; None where the link is spent, too old or none."""
        async with self._database.changing() as connection:
            gone = delete(office_links).where(*_lasting(mark, minute)).returning(office_links.c.person)
            number = await connection.scalar(gone)
            return None if number is None else await _enter(connection, number, visit, minute, "link")

    async def enter_by_key(self, key: Key, uses: int, visit: str, minute: int) -> Person | None:
        """Begin a visit of a passkey's owner; None where it was removed, or used with that count, meanwhile."""
        async with self._database.changing() as connection:
            noted = (
                update(office_keys)
                .where(office_keys.c.id == key.id, office_keys.c.uses == key.uses)
                .values(uses=uses, seen_day=day_of(minute))
            )
            if not (await connection.execute(noted)).rowcount:
                return None
            return await _enter(connection, key.person, visit, minute, "passkey")

    async def visitor(self, visit: str, minute: int) -> Person | None:
        """Return whose open visit this is, and note that it was seen."""
        wanted = select(office_people, office_visits.c.seen).join_from(
            office_visits, office_people, office_people.c.id == office_visits.c.person
        )
        wanted = wanted.where(office_visits.c.mark == visit, office_people.c.ended_day.is_(None), *_open(minute))
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).first()
        if row is None:
            return None
        if minute - row.seen >= SEEN_EVERY:
            async with self._database.changing() as connection:
                await connection.execute(update(office_visits).where(office_visits.c.mark == visit).values(seen=minute))
        return _person(row)

    async def leave(self, person: Person, minute: int, visit: str = "") -> None:
        """End a visit, or all of theirs."""
        async with self._database.changing() as connection:
            theirs = delete(office_visits).where(office_visits.c.person == person.number)
            await connection.execute(theirs.where(office_visits.c.mark == visit) if visit else theirs)
            await note_deed(connection, minute, person.number, "signed-out" if visit else "signed-out-everywhere")

    async def keys_of(self, person: int) -> list[Key]:
        """Return someone's passkeys, the oldest first."""
        wanted = select(office_keys).where(office_keys.c.person == person)
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted.order_by(office_keys.c.since_day, office_keys.c.id))
            return [Key(*row) for row in rows]

    async def key(self, key: str) -> Key | None:
        """Find a passkey by its id."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(office_keys).where(office_keys.c.id == key))).first()
        return Key(*row) if row else None

    async def add_key(self, key: Key, minute: int) -> bool:
        """Keep a passkey; False where there is one with that id."""
        async with self._database.changing() as connection:
            add = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(office_keys)
            made = await connection.execute(add.values(**key._asdict()).on_conflict_do_nothing())
            if made.rowcount:
                await note_deed(connection, minute, key.person, "key-added", key.name)
            return bool(made.rowcount)

    async def remove_key(self, person: Person, key: str, minute: int) -> bool:
        """Take a passkey away from its owner; False where they have none with that id."""
        async with self._database.changing() as connection:
            theirs = delete(office_keys).where(office_keys.c.id == key, office_keys.c.person == person.number)
            name = await connection.scalar(theirs.returning(office_keys.c.name))
            if name is not None:
                await note_deed(connection, minute, person.number, "key-removed", name)
            return name is not None

    async def ask(self, challenge: str, visit: str, minute: int, until: int) -> None:
        """Keep a challenge that this visit (or this browser, before it) may answer once."""
        async with self._database.changing() as connection:
            await connection.execute(delete(office_challenges).where(office_challenges.c.until <= minute))
            await connection.execute(insert(office_challenges).values(mark=challenge, visit=visit, until=until))

    async def answered(self, challenge: str, visit: str, minute: int) -> bool:
        """Spend a challenge; False where it is none of theirs, too old, or answered already."""
        async with self._database.changing() as connection:
            gone = delete(office_challenges).where(
                office_challenges.c.mark == challenge,
                office_challenges.c.visit == visit,
                office_challenges.c.until > minute,
            )
            return bool((await connection.execute(gone)).rowcount)

    async def wait(self, who: Sequence[str], minute: int, most: int = TRIES) -> int:
        """Return for how many minutes nobody of these may try again; 0: they may now."""
        wanted = select(func.max(office_tries.c.since)).where(
            office_tries.c.who.in_(who), office_tries.c.number >= most, office_tries.c.since > minute - TRY_MINUTES
        )
        async with self._database.reading() as connection:
            since: int | None = await connection.scalar(wanted)
        return 0 if since is None else since + TRY_MINUTES - minute

    async def failed(self, who: Sequence[str], minute: int, most: int = TRIES) -> None:
        """Count a try that failed; the audit hears of the one that locks."""
        async with self._database.changing() as connection:
            await connection.execute(delete(office_tries).where(office_tries.c.since <= minute - TRY_MINUTES))
            add = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(office_tries)
            again = add.on_conflict_do_update(index_elements=["who"], set_={"number": office_tries.c.number + 1})
            await connection.execute(again, [{"who": each, "since": minute, "number": 1} for each in sorted(set(who))])
            for each in who:
                number = await connection.scalar(select(office_tries.c.number).where(office_tries.c.who == each))
                if number == most:
                    await note_deed(connection, minute, None, "locked", each.partition(":")[0])

    async def note(self, person: Person, did: str, to_what: str, minute: int) -> None:
        """Write down that someone looked at people, or exported something."""
        async with self._database.changing() as connection:
            await note_deed(connection, minute, person.number, did, to_what)

    async def deeds(self, most: int, before: int = 0) -> list[tuple[int, Deed]]:
        """Read the audit with each line's number, the newest first; `before` goes on after an earlier page's last."""
        wanted = select(audit, office_people.c.name, office_people.c.role).outerjoin(
            office_people, office_people.c.id == audit.c.who
        )
        if before:
            wanted = wanted.where(audit.c.id < before)
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted.order_by(audit.c.id.desc()).limit(most))
            return [(row.id, Deed(row.minute, row.name or "", row.role or "", row.did, row.to_what)) for row in rows]


def _open(minute: int) -> tuple[ColumnElement[bool], ...]:
    return office_visits.c.since > minute - LONGEST, office_visits.c.seen > minute - IDLE


def _lasting(mark: str, minute: int) -> tuple[ColumnElement[bool], ...]:
    return office_links.c.mark == mark, office_links.c.until > minute


def _person(row: object) -> Person:
    return Person(row.id, row.name, cast("Role", row.role), row.area)  # type: ignore[attr-defined]  # a row


async def _new_person(connection: AsyncConnection, name: str, role: Role, area: str, day: int) -> int:
    made = insert(office_people).values(name=name, role=role, area=area, since_day=day)
    number = await connection.scalar(made.returning(office_people.c.id))
    return cast("int", number)


async def _enter(connection: AsyncConnection, number: int, visit: str, minute: int, way: str) -> Person | None:
    wanted = select(office_people).where(office_people.c.id == number, office_people.c.ended_day.is_(None))
    row = (await connection.execute(wanted)).first()
    if row is None:
        return None
    over = or_(office_visits.c.since <= minute - LONGEST, office_visits.c.seen <= minute - IDLE)
    await connection.execute(delete(office_visits).where(over))
    await connection.execute(delete(office_links).where(office_links.c.until <= minute))
    await connection.execute(insert(office_visits).values(mark=visit, person=number, since=minute, seen=minute))
    await note_deed(connection, minute, number, "signed-in", way)
    return _person(row)


async def note_deed(connection: AsyncConnection, minute: int, who: int | None, did: str, to_what: str = "") -> None:
    """Write a line of the audit in a transaction that does more."""
    await connection.execute(insert(audit).values(minute=minute, who=who, did=did, to_what=to_what))
