"""What lesson files held, who published it and when; publishing, which moves file and history together.

A file is renamed into its place before the history is committed, so the history never tells of what no file
held. A draft is marked before: if the program is killed between, whoever looks next finds the file to hold what
the marked draft holds, and completes its publication. What is on the disk and no draft was marked with came from
outside, by a text editor or git, and stands in the history without an author.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple, cast

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.text_name import TextName
from bot.stores.database import Database
from bot.stores.drafts import Draft
from bot.stores.tables import audit, drafts, office_people, revisions


class Revision(NamedTuple):
    """What a file held from a minute on. `author` is empty for what came from outside: then it was seen first."""

    id: int
    minute: int
    author: str
    content: str = ""  # empty where only heads were asked for


class NotPublished(Exception):
    """Nothing was published; each kind says why."""


class Outdated(NotPublished):
    """The file isn't what the draft began from, or the draft was saved or published meanwhile."""


class NotWritten(NotPublished):
    """The file can't be written. `str()` is the system's reason."""


class Revisions:
    """The history of all files. Its methods raise StoreDown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seen(self, name: TextName, held: str | None, minute: int) -> int:
        """Return the number of the revision that a file holds, noting one that came from outside.

        `held` is its text, None where there is no file. 0: there is none and never was.
        """
        async with self._database.reading() as connection:
            newest = await _newest(connection, name)
        if held is None or (newest and newest.content == held):
            return newest.id if newest else 0
        async with self._database.changing() as connection:
            await _alone(connection, name)
            return await _seen(connection, name, held, minute)

    async def history(self, name: TextName, most: int, before: int = 0) -> list[Revision]:
        """List what a file held without the texts, the newest first; `before` goes on after an earlier page's last."""
        wanted = (
            select(revisions.c.id, revisions.c.minute, office_people.c.name)
            .outerjoin(office_people, office_people.c.id == revisions.c.author)
            .where(revisions.c.lesson == name.lesson, revisions.c.lang == name.lang)
            .order_by(revisions.c.id.desc())
            .limit(most)
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted.where(revisions.c.id < before) if before else wanted)
            return [Revision(row.id, row.minute, row.name or "") for row in rows]

    async def one(self, name: TextName, number: int) -> Revision | None:
        """Return a revision of this text with its content."""
        wanted = (
            select(revisions, office_people.c.name)
            .outerjoin(office_people, office_people.c.id == revisions.c.author)
            .where(revisions.c.id == number, revisions.c.lesson == name.lesson, revisions.c.lang == name.lang)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).first()
            return Revision(row.id, row.minute, row.name or "", row.content) if row else None

    async def publish(
        self, draft: Draft, minute: int, read: Callable[[], str | None], write: Callable[[str], None]
    ) -> int:
        """Have a draft's text written, note it in the history and the audit, and end the draft.

        `read` returns what the file holds now, None for no file; `write` replaces it whole or raises OSError.
        Returns the revision's number. Raises Outdated, NotWritten.
        """
        this = drafts.c.id == draft.id, drafts.c.edition == draft.edition
        async with self._database.changing() as connection:
            marked = update(drafts).where(*this).values(publishing=minute)
            if not (await connection.execute(marked)).rowcount:
                raise Outdated
        async with self._database.changing() as connection:
            await _alone(connection, draft.name)
            held = await asyncio.to_thread(read)
            newest = await _seen(connection, draft.name, held, minute)
            if held == draft.content:  # nothing to write; or it was written, and the program killed behind that
                await connection.execute(delete(drafts).where(*this))
                return newest
            there = await connection.scalar(select(drafts.c.id).where(*this))
            if newest == draft.base and there is not None:
                try:
                    await asyncio.to_thread(write, draft.content)
                except OSError as error:
                    raise NotWritten(error.strerror or str(error)) from error
                return await _published(connection, draft.name, draft.content, minute, draft)
        raise Outdated  # what was seen meanwhile is kept


async def _alone(connection: AsyncConnection, name: TextName) -> None:
    """Let nobody else move this file until the transaction ends. SQLite's began alone."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(1751937907, hashtext(:name))")
        await connection.execute(lock, {"name": str(name)})


async def _newest(connection: AsyncConnection, name: TextName) -> Revision | None:
    wanted = select(revisions).where(revisions.c.lesson == name.lesson, revisions.c.lang == name.lang)
    row = (await connection.execute(wanted.order_by(revisions.c.id.desc()).limit(1))).first()
    return Revision(row.id, row.minute, "", row.content) if row else None


async def _seen(connection: AsyncConnection, name: TextName, held: str | None, minute: int) -> int:
    """See what a file holds; a publication that was killed behind its rename is completed."""
    newest = await _newest(connection, name)
    if held is None or (newest and newest.content == held):
        return newest.id if newest else 0
    marked = select(drafts).where(
        drafts.c.lesson == name.lesson,
        drafts.c.lang == name.lang,
        drafts.c.publishing.is_not(None),
        drafts.c.content == held,
    )
    row = (await connection.execute(marked.limit(1))).first()
    if row is None:
        return await _published(connection, name, held, minute, None)
    draft = Draft(row.id, name, row.course, row.person, "", row.minute, row.edition, row.base or 0, held)
    return await _published(connection, name, held, row.publishing, draft)


async def _published(
    connection: AsyncConnection, name: TextName, content: str, minute: int, draft: Draft | None
) -> int:
    author = draft.person if draft else None
    made = insert(revisions).values(lesson=name.lesson, lang=name.lang, minute=minute, author=author, content=content)
    number = cast("int", await connection.scalar(made.returning(revisions.c.id)))
    if draft:
        await connection.execute(delete(drafts).where(drafts.c.id == draft.id))
        await connection.execute(
            insert(audit).values(minute=minute, who=draft.person, did="published", to_what=str(name))
        )
    return number
