"""The list of teams on its way: database, Redis, server processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from redis.asyncio import Redis
from small import TEAMS

from bot.core.saving import StoreDown
from bot.core.teams import Kept, Teams
from bot.knowing_teams import KnowingTeams
from bot.stores.database import Database
from bot.stores.embedded import EmbeddedServer
from bot.stores.team_board import KEY, TeamBoard
from bot.stores.teams import TeamBook
from bot.work.teams import hang_teams

pytestmark = pytest.mark.anyio

SEN, MAI = Kept("sen-vang-27", "16093", "Tổ thôn 3"), Kept("mai-tim-11", "16093", "Tổ thôn 4")


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with EmbeddedServer(tmp_path / "store") as server:
        yield server.url


@pytest.fixture
async def board(url: str) -> AsyncIterator[TeamBoard]:
    found = TeamBoard.connect(url)
    yield found
    await found.close()


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[TeamBook]:
    database = Database.at("sqlite", tmp_path)
    await database.prepare()
    yield TeamBook(database)
    await database.close()


async def test_what_changes_in_the_database_is_known_to_those_who_look(
    book: TeamBook, board: TeamBoard, url: str
) -> None:
    told: list[Teams] = []
    knowing = KnowingTeams(board, "thanh-hoa", told.append)
    assert not await hang_teams(book, board)  # there is none
    await knowing.look()
    assert told == []
    await book.change(lambda _: [SEN, MAI], 20_785)
    assert await hang_teams(book, board)
    assert not await hang_teams(book, board)
    await knowing.look()
    await knowing.look()
    assert [[each.said() for each in one.all] for one in told] == [["Tổ thôn 3, xã Nga Sơn", "Tổ thôn 4, xã Nga Sơn"]]
    await book.change(lambda _: [MAI._replace(ended=True)], 20_786)
    assert await hang_teams(book, board)
    await knowing.look()
    assert [each.code for each in told[-1].all if told[-1].open(each.code)] == ["sen-vang-27"]
    async with Redis.from_url(url) as client:
        await client.flushall()
    await knowing.look()
    assert len(told) == 2  # a store that lost all takes no team from anybody,
    assert await hang_teams(book, board)  # and gets the list again
    await knowing.look()
    assert len(told) == 2


async def test_a_list_or_a_table_that_cannot_be_read_changes_nothing(board: TeamBoard, url: str) -> None:
    told: list[Teams] = []
    with structlog.testing.capture_logs() as logs:
        async with Redis.from_url(url) as client:
            await client.hset(KEY, mapping={"edition": 3, "teams": b"\xc1"})
        await KnowingTeams(board, "thanh-hoa", told.append).look()
        await board.hang(4, [SEN])
        await KnowingTeams(board, "nowhere.csv", told.append).look()
    assert told == []
    assert [each["event"] for each in logs] == [
        "the list of teams can't be read, the one before stays",
        "the communes can't be read, teams stay as they were",
    ]


async def test_a_store_that_is_away_is_waited_for(tmp_path: Path) -> None:
    board = TeamBoard.connect(f"unix://{tmp_path}/none")
    with pytest.raises(StoreDown):
        await board.edition()
    await KnowingTeams(board, "thanh-hoa", lambda _: pytest.fail("told")).look()
    await board.close()


async def test_thousands_of_teams_hang_there_whole(board: TeamBoard) -> None:
    many = [
        Kept(each.code, each.commune.code, f"{each.name} {n}", each.ended) for n in range(2000) for each in TEAMS.all
    ]
    await board.hang(1, many)
    assert await board.read() == (1, many)
