"""What volunteers have read: one reading of a text each, decided once, and gone for good when they take it back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from databases import KINDS, database_url
from office_house import prepared
from sqlalchemy import text

from bot.core.readable import Named, text_hash
from bot.stores import readings as module
from bot.stores.database import Database
from bot.stores.database_url import FILE
from bot.stores.office import Office
from bot.stores.readings import Readings

pytestmark = pytest.mark.anyio

LANG = "vi-thanhhoa"
NOW = 29_650_000


def part(words: str) -> Named:
    return Named("bai-01/hoi", "bai-01", "hoi", words, words)


FIRST, SECOND = part("Một điều."), part("Hai điều.")


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database_url(getattr(request, "param", "sqlite")) as found:
        yield found


BOTH = pytest.mark.parametrize("url", KINDS, indirect=True)


@pytest.fixture
async def database(url: str, tmp_path: Path) -> AsyncIterator[Database]:
    if url == "sqlite":
        (tmp_path / FILE).write_bytes(await prepared())
    found = Database.at(url, tmp_path)
    await found.prepare()
    office = Office(found)
    for name in ("Hoa", "Mai"):
        await office.invite(name, "volunteer", "all", f"mark of {name}", minute=NOW, until=NOW + 60)
    await office.invite("Lê Minh", "editor", "all", "mark of Minh", minute=NOW, until=NOW + 60)
    yield found
    await found.close()


HOA, MAI, EDITOR = 1, 2, 3
CHECK = "ck_office_people_ck_office_people_role"  # as migrations have named it


async def read(book: Readings, person: int, of: Named = FIRST, sound: bytes = b"OggS", minute: int = NOW) -> bool:
    return await book.add(person, LANG, "bac", of, sound, milliseconds=2_300, minute=minute)


@BOTH
async def test_one_waits_until_it_is_approved_and_then_keeps_no_sound(database: Database) -> None:
    book = Readings(database)
    assert await read(book, HOA)
    [one], number = await book.waiting(10)
    assert (one.volunteer, one.text, one.part, one.milliseconds, number) == (
        "Hoa",
        text_hash(FIRST.text),
        FIRST,
        2_300,
        1,
    )
    assert await book.sound(one.id) == b"OggS"
    assert await book.decide(one, "approved", EDITOR, NOW + 5)
    assert not await book.decide(one, "refused", EDITOR, NOW + 6, reason="ồn")  # that is decided
    assert (await book.waiting(10), await book.sound(one.id)) == (([], 0), None)
    assert [each.id for each in await book.approved(10)] == [one.id]
    assert (await book.room(HOA, LANG))[2:] == (0, 1)
    deed = (await Office(database).deeds(1))[0][1]
    assert (deed.who, deed.did, deed.to_what) == ("Lê Minh", "voice-approved", "bai-01/hoi vi-thanhhoa")


@BOTH
async def test_the_same_note_twice_is_one_and_a_better_one_takes_its_place(database: Database) -> None:
    book = Readings(database)
    await asyncio.gather(read(book, HOA), read(book, HOA))
    [one], _ = await book.waiting(10)
    assert await read(book, HOA, sound=b"OggS better", minute=NOW + 1)
    [other], _ = await book.waiting(10)
    assert await book.sound(other.id) == b"OggS better"
    assert not await book.decide(one, "approved", EDITOR, NOW + 5)  # the editor heard the earlier one
    assert await book.decide(other, "approved", EDITOR, NOW + 5)
    assert await read(book, HOA, sound=b"OggS late", minute=NOW + 9)
    assert await book.waiting(10) == ([], 0)  # what is approved stays


async def test_what_was_refused_is_to_be_read_again(database: Database) -> None:
    book = Readings(database)
    await read(book, HOA)
    [one], _ = await book.waiting(10)
    await book.decide(one, "refused", EDITOR, NOW, reason="Có tiếng xe.")
    room = await book.room(HOA, LANG)
    assert (room.taken, room.refused) == (frozenset(), {one.text: "Có tiếng xe."})
    assert (await book.room(MAI, LANG)).refused == {}
    assert await read(book, HOA)
    assert (await book.room(MAI, LANG)).taken == {one.text}
    assert (await book.room(MAI, "vi")).taken == frozenset()


async def test_of_two_who_read_a_text_one_is_heard(database: Database) -> None:
    book = Readings(database)
    for person in (HOA, MAI):
        await read(book, person)
    first, second = (await book.waiting(10))[0]
    assert await book.decide(first, "approved", EDITOR, NOW)
    assert await book.decide(second, "approved", EDITOR, NOW + 1)
    assert [each.person for each in await book.approved(10)] == [MAI]


async def test_no_more_wait_than_there_is_room_for(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING", 2)
    monkeypatch.setattr(module, "ALL_WAITING", 3)
    book = Readings(database)
    assert [await read(book, HOA, part(f"{number} điều.")) for number in range(3)] == [True, True, False]
    assert await read(book, HOA, part("0 điều."))  # again, in its own place
    assert [await read(book, MAI, part(f"{number} điều.")) for number in range(2)] == [True, False]


@BOTH
async def test_who_takes_it_back_leaves_nothing(database: Database) -> None:
    book = Readings(database)
    for of in (FIRST, SECOND):
        await read(book, HOA, of)
    await read(book, MAI)
    theirs = await book.of(HOA)
    assert (await book.people("Hoa"), await book.people("Lê Minh")) == ([HOA], [])
    await book.decide(theirs[0], "refused", EDITOR, NOW, reason="Có tiếng xe.")
    assert await book.forget(HOA, NOW, theirs, by=HOA) == 1  # the other one isn't what it was
    assert await book.forget(HOA, NOW, await book.of(HOA), by=HOA) == 1
    assert await book.of(HOA) == []
    assert len(await book.of(MAI)) == 1
    await book.forget(HOA, NOW, await book.of(MAI), by=HOA)  # nobody deletes what is another's
    assert len(await book.of(MAI)) == 1


@BOTH
async def test_volunteers_are_let_in_where_there_were_people_before(
    database: Database, url: str, tmp_path: Path
) -> None:
    """As a database that was made before is brought up to date: rows refer to its people."""
    async with database.changing() as connection:
        await connection.execute(text("DROP TABLE readings"))
        await connection.execute(text("DELETE FROM office_links WHERE person < 3"))
        await connection.execute(text("DELETE FROM office_people WHERE role = 'volunteer'"))
        await connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
        if url == "sqlite":
            await connection.execute(text("PRAGMA writable_schema = ON"))
            await connection.execute(
                text("UPDATE sqlite_master SET sql = replace(sql, ', ''volunteer''', '') WHERE name = 'office_people'")
            )
            await connection.execute(text("PRAGMA writable_schema = RESET"))
        else:
            await connection.execute(text(f"ALTER TABLE office_people DROP CONSTRAINT {CHECK}"))
            await connection.execute(
                text(f"ALTER TABLE office_people ADD CONSTRAINT {CHECK} CHECK (role <> 'volunteer')")
            )
    await database.engine.dispose()
    later = Database.at(url, tmp_path)
    await later.prepare()
    await Office(later).invite("Hoa", "volunteer", "all", "another mark", minute=NOW, until=NOW + 60)
    assert [each.person.name for each in await Office(later).everybody(NOW)] == ["Hoa", "Lê Minh"]
    async with later.reading() as connection:
        if url == "sqlite":
            assert (await connection.execute(text("PRAGMA integrity_check"))).scalar() == "ok"
            assert (await connection.execute(text("PRAGMA foreign_key_check"))).all() == []
    await later.close()
