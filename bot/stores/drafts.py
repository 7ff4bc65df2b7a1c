"""Texts of lessons that editors have begun and not published yet. Nobody's save ever takes another text away."""

from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Delete, Row, Select, Update, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Person
from bot.core.text_name import TextName
from bot.stores.database import Database
from bot.stores.tables import drafts, office_people, revisions


class Draft(NamedTuple):
    """One editor's text. `edition` counts its saves, `base` is the revision it began from: 0 for a new file."""

    id: int
    name: TextName
    course: str
    person: int
    author: str  # the person's name
    minute: int
    edition: int
    base: int
    content: str = ""  # empty where only heads were asked for


class Drafts:
    """All drafts. Its methods raise StoreDown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(self) -> list[Draft]:
        """List everybody's drafts without their texts, the newest first."""
        async with self._database.reading() as connection:
            return [_draft(row) for row in await connection.execute(_heads())]

    async def of(self, name: TextName) -> list[Draft]:
        """List everybody's drafts of a text, without their texts, the newest first."""
        wanted = _heads().where(drafts.c.lesson == name.lesson, drafts.c.lang == name.lang)
        async with self._database.reading() as connection:
            return [_draft(row) for row in await connection.execute(wanted)]

    async def one(self, name: TextName, number: int) -> Draft | None:
        """Return a draft of this text, whoever's it is, with its content."""
        wanted = _heads().add_columns(drafts.c.content).where(*_this(name, number))
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).first()
            return _draft(row, row.content) if row else None

    async def save(  # noqa: PLR0913  a draft's columns
        self,
        name: TextName,
        course: str,
        person: Person,
        content: str,
        *,
        minute: int,
        draft: int = 0,
        edition: int = 0,
        base: int = 0,
    ) -> int:
        """Keep a text as this person's draft and return its number: `draft` if it still is at that `edition`.

        If it was saved elsewhere meanwhile, or is gone, the text becomes a draft beside it, begun from `base`. The
        same text once more, as browsers send it when a button is pressed twice, is kept once.
        """
        ours = drafts.c.lesson == name.lesson, drafts.c.lang == name.lang, drafts.c.person == person.number
        async with self._database.changing() as connection:
            kept = update(drafts).where(*ours, drafts.c.id == draft, drafts.c.edition == edition)
            values = {"content": content, "minute": minute, "edition": edition + 1, "publishing": None}
            if draft and (await connection.execute(kept.values(values))).rowcount:
                return draft
            same = select(drafts.c.id).where(*ours, drafts.c.content == content).order_by(drafts.c.id.desc())
            number: int | None = await connection.scalar(same)
            if number is not None:
                return number
            new = insert(drafts).values(
                lesson=name.lesson,
                lang=name.lang,
                course=course,
                person=person.number,
                minute=minute,
                base=await _revision(connection, name, base),
                content=content,
            )
            return cast("int", await connection.scalar(new.returning(drafts.c.id)))

    async def merge(self, draft: Draft, content: str, base: int, minute: int, other: Draft | None = None) -> bool:
        """Keep what became of a draft and of a text beside it: the file's, which is `base` now, or another draft.

        The other draft goes. False, and nothing is done, where one of them was saved
        meanwhile.
        """
        values = {"content": content, "minute": minute, "edition": draft.edition + 1, "publishing": None}
        kept = update(drafts).where(drafts.c.id == draft.id, drafts.c.edition == draft.edition)
        try:
            async with self._database.changing() as connection:
                values["base"] = await _revision(connection, draft.name, base)
                await _must(connection, kept.values(values))
                if other:
                    await _must(connection, _gone(other))
        except _Meanwhile:
            return False
        return True

    async def drop(self, draft: Draft) -> bool:
        """Throw a draft away; False where it was saved meanwhile, or is gone."""
        async with self._database.changing() as connection:
            return bool((await connection.execute(_gone(draft))).rowcount)


class _Meanwhile(Exception):
    """A draft isn't what it was: the transaction must not be committed."""


async def _must(connection: AsyncConnection, change: Delete | Update) -> None:
    if not (await connection.execute(change)).rowcount:
        raise _Meanwhile


def _heads() -> Select[Any]:
    columns = [column for column in drafts.c if column.name != "content"]
    joined = select(*columns, office_people.c.name).join(office_people, office_people.c.id == drafts.c.person)
    return joined.order_by(drafts.c.minute.desc(), drafts.c.id.desc())


def _this(name: TextName, number: int) -> tuple[ColumnElement[bool], ...]:
    return drafts.c.id == number, drafts.c.lesson == name.lesson, drafts.c.lang == name.lang


def _gone(draft: Draft) -> Delete:
    return delete(drafts).where(drafts.c.id == draft.id, drafts.c.edition == draft.edition)


async def _revision(connection: AsyncConnection, name: TextName, number: int) -> int | None:
    """Return the number if it is that of a revision of this text."""
    wanted = select(revisions.c.id).where(
        revisions.c.id == number, revisions.c.lesson == name.lesson, revisions.c.lang == name.lang
    )
    return cast("int | None", await connection.scalar(wanted))


def _draft(row: Row[Any], content: str = "") -> Draft:
    return Draft(
        row.id,
        TextName(row.lesson, row.lang),
        row.course,
        row.person,
        row.name,
        row.minute,
        row.edition,
        row.base or 0,
        content,
    )
