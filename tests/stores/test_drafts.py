"""Drafts and revisions on both databases: no text is lost, and the history tells of nothing that no file held."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
from databases import KINDS, database_url

from bot.core.access import Person
from bot.core.text_name import TextName
from bot.office.editor.folder import read, write
from bot.stores.database import Database
from bot.stores.drafts import Draft, Drafts
from bot.stores.office import Office
from bot.stores.revisions import NotWritten, Outdated, Revisions

pytestmark = pytest.mark.anyio

OLD, NEW = "title: cũ\n", "title: mới\n"


_numbers = count(1)


@pytest.fixture(scope="module", params=KINDS, name="home")
def a_home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A database with all tables, made once: each test has a lesson and editors of its own in it."""
    folder = tmp_path_factory.mktemp("drafts")
    with database_url(request.param) as url:

        async def made() -> None:
            database = Database.at(url, folder)
            await database.prepare()
            await database.close()

        asyncio.run(made())
        yield url, folder


class Room:
    """A database, a text with its file, and two editors."""

    def __init__(self, database: Database, name: TextName, path: Path, lan: Person, minh: Person) -> None:
        self.name = name
        self.drafts, self.revisions = Drafts(database), Revisions(database)
        self.path, self.lan, self.minh = path, lan, minh

    async def begun(self, person: Person, content: str = NEW, base: int = 0) -> Draft:
        number = await self.drafts.save(self.name, "khoa", person, content, minute=5, base=base)
        draft = await self.drafts.one(self.name, number)
        assert draft
        return draft

    async def seen(self, minute: int = 3) -> int:
        return await self.revisions.seen(self.name, read(self.path), minute)

    async def publish(self, draft: Draft) -> int:
        return await self.revisions.publish(
            draft, 9, lambda: read(self.path), lambda content: write(self.path, content)
        )

    async def told(self) -> list[tuple[str, str]]:
        """The history, the newest first: author and text."""
        heads = await self.revisions.history(self.name, 99)
        found = [await self.revisions.one(self.name, head.id) for head in heads]
        return [(each.author.partition(" ")[0], each.content) for each in found if each]


@pytest.fixture(name="room")
async def a_room(home: tuple[str, Path]) -> AsyncIterator[Room]:
    url, folder = home
    database, number = Database.at(url, folder), next(_numbers)
    office = Office(database)
    lan, minh = [
        await office.invite(f"{name} {number}", "editor", "all", f"{name}{number}", minute=1, until=9)
        for name in ("Lan", "Minh")
    ]
    name = TextName(f"at-{number:02}-thu")
    path = folder / name.file
    path.write_text(OLD, encoding="utf-8")
    yield Room(database, name, path, lan, minh)
    await database.close()


async def test_a_draft_grows_with_its_saves(room: Room) -> None:
    draft = await room.begun(room.lan)
    again = await room.drafts.save(room.name, "khoa", room.lan, "x\n", minute=6, draft=draft.id, edition=draft.edition)
    assert again == draft.id
    kept = await room.drafts.one(room.name, again)
    assert kept == draft._replace(content="x\n", edition=2, minute=6)
    assert [each.content for each in await room.drafts.heads() if each.name == room.name] == [""]


async def test_two_windows_of_one_editor_keep_both_texts(room: Room) -> None:
    draft = await room.begun(room.lan)
    here = await room.drafts.save(room.name, "khoa", room.lan, "một\n", minute=6, draft=draft.id, edition=1)
    there = await room.drafts.save(room.name, "khoa", room.lan, "hai\n", minute=7, draft=draft.id, edition=1)
    again = await room.drafts.save(room.name, "khoa", room.lan, "hai\n", minute=7, draft=draft.id, edition=1)
    assert here == draft.id != there == again  # pressed twice, it is kept once
    texts = [await room.drafts.one(room.name, each.id) for each in await room.drafts.of(room.name)]
    assert [each.content for each in texts if each] == ["hai\n", "một\n"]


async def test_nobody_saves_into_anothers_draft(room: Room) -> None:
    draft = await room.begun(room.lan)
    number = await room.drafts.save(room.name, "khoa", room.minh, "x\n", minute=6, draft=draft.id, edition=1)
    assert number != draft.id
    assert await room.drafts.one(room.name, draft.id) == draft


async def test_merging_ends_the_other_draft_only_as_it_was_seen(room: Room) -> None:
    one, other = await room.begun(room.lan), await room.begun(room.lan, "hai\n")
    await room.drafts.save(room.name, "khoa", room.lan, "ba\n", minute=6, draft=other.id, edition=1)
    assert not await room.drafts.merge(one, "x\n", 0, 7, other)
    assert await room.drafts.one(room.name, one.id) == one  # nothing was done
    seen = await room.drafts.one(room.name, other.id)
    assert await room.drafts.merge(one, "x\n", await room.seen(), 7, seen)
    assert [each.id for each in await room.drafts.of(room.name)] == [one.id]
    assert not await room.drafts.drop(one)


async def test_what_comes_from_outside_is_seen_once_and_has_no_author(room: Room) -> None:
    first = await room.seen()
    assert [await room.seen(), *await asyncio.gather(room.seen(), room.seen())] == [first] * 3
    room.path.write_text("ngoài\n", encoding="utf-8")
    await asyncio.gather(*(room.seen() for _ in range(3)))
    assert await room.told() == [("", "ngoài\n"), ("", OLD)]


async def test_publishing_moves_file_history_and_draft_together(room: Room) -> None:
    draft = await room.begun(room.lan, base=await room.seen())
    number = await room.publish(draft)
    assert (read(room.path), await room.seen()) == (NEW, number)
    assert await room.told() == [("Lan", NEW), ("", OLD)]
    assert await room.drafts.of(room.name) == []


async def test_a_new_file_is_made(room: Room) -> None:
    room.path.unlink()
    await room.publish(await room.begun(room.lan))
    assert (read(room.path), await room.told()) == (NEW, [("Lan", NEW)])


async def test_the_second_of_two_editors_overwrites_nothing(room: Room) -> None:
    base = await room.seen()
    lan, minh = await room.begun(room.lan, base=base), await room.begun(room.minh, "title: khác\n", base)
    results = await asyncio.gather(room.publish(lan), room.publish(minh), return_exceptions=True)
    assert [type(each) for each in results if not isinstance(each, int)] == [Outdated]
    kept = (await room.told())[0][1]
    assert read(room.path) == kept
    assert [each.content for each in [await room.drafts.one(room.name, d.id) for d in (lan, minh)] if each] != [kept]
    assert len(await room.drafts.of(room.name)) == 1  # whoever was late still has all of it


async def test_what_a_text_editor_saved_meanwhile_is_not_overwritten(room: Room) -> None:
    draft = await room.begun(room.lan, base=await room.seen())
    room.path.write_text("ngoài\n", encoding="utf-8")
    with pytest.raises(Outdated):
        await room.publish(draft)
    assert read(room.path) == "ngoài\n"
    assert await room.told() == [("", "ngoài\n"), ("", OLD)]
    assert len(await room.drafts.of(room.name)) == 1


async def test_a_draft_saved_while_it_is_looked_at_isnt_published(room: Room) -> None:
    draft = await room.begun(room.lan, base=await room.seen())
    await room.drafts.save(room.name, "khoa", room.lan, "x\n", minute=6, draft=draft.id, edition=1)
    with pytest.raises(Outdated):
        await room.publish(draft)
    assert read(room.path) == OLD


async def test_a_file_that_cant_be_written_leaves_all_as_it_was(room: Room) -> None:
    draft = await room.begun(room.lan, base=await room.seen())

    def refused(_: str) -> None:
        raise OSError(30, "Read-only file system")

    with pytest.raises(NotWritten, match="Read-only file system"):
        await room.revisions.publish(draft, 9, lambda: read(room.path), refused)
    assert (read(room.path), await room.told()) == (OLD, [("", OLD)])
    assert await room.drafts.one(room.name, draft.id) == draft


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.core.text_name import TextName
from bot.office.editor.folder import read, write
from bot.stores.database import Database
from bot.stores.drafts import Drafts
from bot.stores.revisions import Revisions

async def main(url, folder, lesson, when, number):
    database, name = Database.at(url, folder), TextName(lesson)
    path = folder / name.file
    draft = await Drafts(database).one(name, int(number))
    def writing(text):
        if when == "behind":
            write(path, text)
        os.kill(os.getpid(), signal.SIGKILL)
    await Revisions(database).publish(draft, 9, lambda: read(path), writing)

asyncio.run(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
"""


@pytest.mark.parametrize("when", ["before", "behind"])
async def test_a_kill_leaves_the_old_or_the_new_and_a_history_that_is_true(
    room: Room, home: tuple[str, Path], when: str
) -> None:
    draft = await room.begun(room.lan, base=await room.seen())
    command = (sys.executable, "-c", KILLED, home[0], str(home[1]), str(room.name), when, str(draft.id))
    done = await asyncio.to_thread(subprocess.run, command, check=False, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    if when == "before":
        assert (read(room.path), await room.told()) == (OLD, [("", OLD)])
        await room.publish(draft)  # once more
    else:
        assert (read(room.path), await room.told()) == (NEW, [("", OLD)])  # it never says more than is there
        await room.seen()  # whoever looks next
    assert (read(room.path), await room.told()) == (NEW, [("Lan", NEW), ("", OLD)])
    assert await room.drafts.of(room.name) == []
