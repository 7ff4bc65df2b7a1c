"""What the records do, shown on SQLite and on PostgreSQL."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from databases import KINDS, database_url, everything, kept
from sqlalchemy import Connection, select, text

from bot.core.entries import read_entry
from bot.core.rebuild import rebuild
from bot.core.saving import StoreDown
from bot.core.teams import Kept
from bot.core.turn import Entry, Record
from bot.stores.database import Database, NewerDatabase
from bot.stores.records import Records
from bot.stores.tables import HEAD, learners, metadata, set_aside, teams
from bot.stores.teams import TeamBook
from bot.stores.writing import Told, Writer

pytestmark = pytest.mark.anyio

NOBODY: Mapping[str, str] = {}
AN = "telegram:77"


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database_url(request.param) as found:
        yield found


@pytest.fixture
async def database(url: str, tmp_path: Path) -> AsyncIterator[Database]:
    found = Database.at(url, tmp_path)
    await found.prepare()
    yield found
    await found.close()


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    found = Writer(database)
    assert await found.begin()
    yield found
    await found.end()


def told(turn: int, *records: Record, name: str | None = AN, position: int = 0) -> Told:
    entry = Entry(turn, 29_000_000 + turn, 20_138 + turn, records or (Record("did", "bai-01", "lam"),))
    return Told("03", f"{position or turn}-0", name, entry, msgspec.msgpack.encode(entry))


AGREED = told(1, Record("agreed", choice="en"))
ANSWERED = told(2, Record("answered", "bai-01", "hoi", "b", True, False), Record("reached", "bai-01", "lam"))


async def facts(database: Database) -> dict[str, object]:
    async with database.reading() as connection:
        [row] = (await connection.execute(learners.select())).all()
    return dict(row._mapping)  # noqa: SLF001  public by SQLAlchemy's word


async def test_the_migrations_make_the_tables_that_the_program_knows(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_several_programs_may_prepare_at_once(url: str, tmp_path: Path) -> None:
    several = [Database.at(url, tmp_path) for _ in range(3)]
    await asyncio.gather(*(each.prepare() for each in several))
    await several[0].prepare()
    for each in several:
        await each.close()


async def test_a_newer_database_is_refused_and_left_alone(database: Database, url: str, tmp_path: Path) -> None:
    async with database.changing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    other = Database.at(url, tmp_path)
    with pytest.raises(NewerDatabase) as refusal:
        await other.prepare()
    assert str(refusal.value) == (
        f"The database at {other.address} was made by a newer Học Số (its tables are at 0999, this program knows "
        f"{HEAD}); start the newer one, or name another database in DATABASE_URL."
    )
    async with other.reading() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "0999"
    await other.close()


async def test_what_is_told_is_kept_as_it_was(database: Database, writer: Writer) -> None:
    await writer.write([AGREED, ANSWERED], NOBODY)
    assert await kept(database) == {AN: [AGREED.entry, ANSWERED.entry]}


async def test_what_is_told_again_is_kept_once(database: Database, writer: Writer) -> None:
    await writer.write([AGREED, ANSWERED], NOBODY)
    await writer.write([AGREED, AGREED], NOBODY)
    await writer.end()
    assert await writer.begin()
    await writer.write([ANSWERED, told(3)], NOBODY)
    assert await kept(database) == {AN: [AGREED.entry, ANSWERED.entry, told(3).entry]}


async def test_a_learner_is_a_random_number_with_a_few_facts(database: Database, writer: Writer) -> None:
    chosen = told(3, Record("manner", choice="listen"), Record("path", choice="nguoi-cao-tuoi"))
    await writer.write([AGREED, ANSWERED, chosen], NOBODY)
    await writer.write([told(4, Record("language", choice="vi"))], NOBODY)
    await writer.write([AGREED], NOBODY)  # an old one, told again, changes nothing
    found = await facts(database)
    number = found.pop("id")
    assert isinstance(number, int)
    assert 2**40 < number < 2**63
    assert found == {
        "channel": "telegram",
        "lang": "vi",
        "listens": True,
        "path": "nguoi-cao-tuoi",
        "team": None,
        "consent": 1,
        "agreed_day": 20_139,
        "first_minute": 29_000_001,
        "first_turn": 1,
        "minute": 29_000_004,
        "turn": 4,
        "called": None,
    }


async def test_a_learner_is_in_the_team_whose_code_they_gave_last(database: Database, writer: Writer) -> None:
    sen, mai = Kept("sen-vang-27", "16093", "Tổ 3"), Kept("mai-tim-11", "16093", "Tổ 4")
    await TeamBook(database).change(lambda _: [sen, mai, Kept("hoa-tim-11", "16093", "Tổ 5", ended=True)], 20_139)
    async with database.reading() as connection:
        rows = await connection.execute(select(teams.c.code, teams.c.id))
        numbers = dict(tuple(row) for row in rows)

    async def gives(turn: int, *codes: str) -> object:
        await writer.write([told(turn, *(Record("team", choice=code) for code in codes))], NOBODY)
        return (await facts(database))["team"]

    await writer.write([AGREED], NOBODY)
    assert await gives(2, "sen-vang-27") == numbers["sen-vang-27"]
    assert await gives(3, "sen-vang-27", "mai-tim-11") == numbers["mai-tim-11"]
    assert await gives(4, "hoa-tim-11") == numbers["mai-tim-11"]  # it has ended
    assert await gives(5, "song-vui-99") == numbers["mai-tim-11"]  # of another installation
    await writer.write([told(6, Record("manner", choice="read"))], NOBODY)
    assert (await facts(database))["team"] == numbers["mai-tim-11"]
    assert await gives(7, "") is None


async def test_a_name_stands_at_its_learner_alone_and_is_rebuilt_from_there(database: Database, writer: Writer) -> None:
    await writer.write([AGREED, told(2, Record("named", choice="Bà Tư"))], NOBODY)
    assert (await facts(database))["called"] == "Bà Tư"
    assert (await everything(database)).count("Bà Tư") == 1
    [[kept_of]] = [some async for some in Records(database).everyone(9)]
    assert kept_of.progress.called == "Bà Tư"
    await writer.write([told(3, Record("team"), Record("named"))], NOBODY)
    assert (await facts(database))["called"] is None
    assert "Bà Tư" not in await everything(database)


async def test_only_the_accounts_table_holds_an_address(database: Database, writer: Writer) -> None:
    await writer.write([AGREED, ANSWERED, told(3)._replace(entry="No entry.", raw=b"\xc1")], NOBODY)
    holding = [line for line in (await everything(database)).splitlines() if "77" in line and "telegram:" in line]
    assert [line.partition(":")[0] for line in holding] == ["accounts"]


async def test_nothing_is_kept_of_someone_who_has_not_agreed(database: Database, writer: Writer) -> None:
    await writer.write([told(1, Record("urgent"))], NOBODY)
    assert "telegram" not in await everything(database)
    asked, agreed = told(1, Record("urgent")), told(2, Record("agreed", choice="vi"))
    await writer.write([asked, agreed], NOBODY)
    assert await kept(database) == {AN: [agreed.entry]}
    await writer.write([asked, told(3, Record("urgent"))], NOBODY)  # told again, as after a fall
    assert [entry.turn for entry in (await kept(database))[AN]] == [2, 3]


async def test_who_agreed_before_there_were_records_is_kept(database: Database, writer: Writer) -> None:
    await writer.write([told(40), told(41, Record("urgent"))], NOBODY)
    assert [entry.turn for entry in (await kept(database))[AN]] == [40, 41]
    assert (await facts(database))["consent"] is None


async def test_deleted_is_deleted_everywhere(database: Database, writer: Writer) -> None:
    other = told(1, Record("agreed", choice="vi"), name="web:x")
    await writer.write([AGREED, ANSWERED, other, told(9)._replace(entry="No entry.", raw=b"\xc1")], NOBODY)
    assert [number async for number in Records(database).prune(20_140)] == [2]
    await writer.write([], {AN: "9-0", "zalo:nobody": "7-0"})
    assert set(await kept(database)) <= {"web:x"}
    said = await everything(database)
    assert "telegram" not in said
    assert said.count("accounts:") == said.count("learners:") == 1
    assert "records:" not in said
    assert "set_aside:" not in said


async def test_what_was_read_before_a_deletion_is_dropped_and_what_came_later_is_someone_new(
    database: Database, writer: Writer
) -> None:
    await writer.write([AGREED], NOBODY)
    before = (await facts(database))["id"]
    anew = told(8, Record("agreed", choice="vi"), position=10)
    await writer.write([ANSWERED, told(3, position=9), anew], {AN: "9-0"})
    assert await kept(database) == {AN: [anew.entry]}
    assert (await facts(database))["id"] != before
    await writer.write([told(9)], NOBODY)
    assert [entry.turn for entry in (await kept(database))[AN]] == [8, 9]


async def test_what_cannot_be_read_is_set_aside_once_with_its_sentence(database: Database, writer: Writer) -> None:
    odd = read_entry(b"\xc1")
    assert odd == "No entry of the journal: MessagePack data is malformed: invalid opcode '\\xc1' (byte 0)."
    await writer.write([AGREED, told(2)._replace(entry=odd, raw=b"\xc1")], NOBODY)
    await writer.write([told(2)._replace(entry=odd, raw=b"\xc1")], NOBODY)
    await writer.write([told(5)._replace(entry="No name.", name=None, raw=b"?")], NOBODY)
    assert await writer.count_aside() == 2
    async with database.reading() as connection:
        rows = (await connection.execute(set_aside.select().order_by(set_aside.c.position))).all()
    assert [(row.shard, row.position, row.why, row.entry) for row in rows] == [
        (
            "03",
            "2-0",
            "No entry of the journal: MessagePack data is malformed: invalid opcode '\\xc1' (byte 0).",
            b"\xc1",
        ),
        ("03", "5-0", "No name.", b"?"),
    ]
    assert [row.learner for row in rows] == [(await facts(database))["id"], None]


async def test_one_writes_at_a_time_and_the_next_goes_on(database: Database, url: str, tmp_path: Path) -> None:
    other = Database.at(url, tmp_path)
    first, second = Writer(database), Writer(other)
    assert await first.begin()
    assert not await second.begin()
    with pytest.raises(StoreDown, match="Nobody writes the records now"):
        await second.write([AGREED], NOBODY)
    await first.write([AGREED], NOBODY)
    await first.end()
    assert await second.begin()
    await second.write([ANSWERED], NOBODY)
    await second.end()
    assert await kept(database) == {AN: [AGREED.entry, ANSWERED.entry]}
    await other.close()


async def test_a_batch_that_is_cut_off_leaves_nothing(database: Database, writer: Writer) -> None:
    async def cut() -> None:
        await writer.write([told(1, Record("agreed"), name=f"web:{n}") for n in range(2000)], NOBODY)

    for ticks in range(0, 40, 4):
        task = asyncio.create_task(cut())
        for _ in range(ticks):
            await asyncio.sleep(0)
        task.cancel()
        [came] = await asyncio.gather(task, return_exceptions=True)
        assert len(await kept(database)) in ({0} if came else {2000})
        if came is None:
            break
        assert await writer.begin()


async def test_everybody_is_told_in_pieces(database: Database, writer: Writer) -> None:
    names = [f"web:{n:03}" for n in range(25)]
    await writer.write(
        [each for name in names for each in (AGREED._replace(name=name), ANSWERED._replace(name=name))], NOBODY
    )
    pieces = [piece async for piece in Records(database).everyone(10)]
    assert [len(piece) for piece in pieces] == [10, 10, 5]
    assert [one.name for piece in pieces for one in piece] == names
    assert isinstance(AGREED.entry, Entry)
    assert isinstance(ANSWERED.entry, Entry)
    assert {one.progress.turns for piece in pieces for one in piece} == {2}
    assert pieces[0][0].progress == rebuild([AGREED.entry, ANSWERED.entry])
    assert await Records(database).count_accounts() == 25


async def test_pruning_forgets_turns_and_nothing_that_was_reached(database: Database, writer: Writer) -> None:
    begun = told(2, Record("began", "bai-01", "ke"))
    on = [told(3, Record("reached", "bai-01", "hoi")), told(4, Record("manner", choice="listen"))]
    ended = [
        told(5, Record("answered", "bai-01", "hoi", "b", True, True), Record("finished", "bai-01")),
        told(6, Record("began", "bai-02", "mot")),
    ]
    await writer.write([AGREED, begun, *on, *ended], NOBODY)
    [before] = [one async for some in Records(database).everyone() for one in some]
    for day, taken, left in ((20_141, 1, 5), (20_141, 0, 5), (20_143, 1, 4), (20_200, 2, 2)):
        assert sum([number async for number in Records(database).prune(day, 1)]) == taken
        assert sum(len(entries) for entries in (await kept(database)).values()) == left
        [after] = [one async for some in Records(database).everyone() for one in some]
        assert after == before
    await writer.write([told(7, Record("reached", "bai-02", "hai")), begun], NOBODY)
    [later] = [one async for some in Records(database).everyone() for one in some]
    assert later.progress.spots["bai-02"].step == "hai"
    assert later.progress.done == before.progress.done


async def test_a_database_that_is_away_is_told_in_one_sentence_without_its_password(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        away = Database.at(f"postgres://an:p%40ss@127.0.0.1:{port}/hocso", tmp_path)
        with pytest.raises(StoreDown) as error:
            await away.prepare()
    assert str(error.value).startswith(f"The database at 127.0.0.1:{port}/hocso can't be used (")
    assert "ss@" not in f"{error.value}{away!r}{away.address!r}"
    await away.close()


async def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_text("these are no records " * 100)
    database = Database.at("sqlite", tmp_path)
    with pytest.raises(StoreDown) as error:
        await database.prepare()
    assert str(error.value) == f"The database at {tmp_path}/records.sqlite can't be used (file is not a database)."
    await database.close()
