"""Teams in the database, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from databases import KINDS, database_url

from bot.core.teams import Kept
from bot.stores.database import Database
from bot.stores.teams import TeamBook

pytestmark = pytest.mark.anyio

SEN, MAI = Kept("sen-vang-27", "16093", "Tổ 3"), Kept("mai-tim-11", "16093", "Tổ 4")


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database_url(request.param) as found:
        yield found


@pytest.fixture
async def book(url: str, tmp_path: Path) -> AsyncIterator[TeamBook]:
    database = Database.at(url, tmp_path)
    await database.prepare()
    yield TeamBook(database)
    await database.close()


async def test_teams_are_made_renamed_ended_and_brought_back(book: TeamBook) -> None:
    assert (await book.all(), await book.edition()) == ([], 0)
    await book.change(lambda _: [SEN, MAI], 20_785)
    assert (await book.all(), await book.edition()) == ([SEN, MAI], 1)
    after = [SEN._replace(commune="14797", name="Tổ Ba"), MAI._replace(ended=True)]
    await book.change(lambda _: after, 20_790)
    assert (sorted(await book.all()), await book.edition()) == (sorted(after), 2)
    await book.change(lambda _: [MAI], 20_791)
    assert (sorted(await book.all()), await book.edition()) == (sorted([after[0], MAI]), 3)


async def test_two_teams_may_swap_their_names(book: TeamBook) -> None:
    await book.change(lambda _: [SEN, MAI], 20_785)
    await book.change(lambda _: [SEN._replace(name="Tổ 4"), MAI._replace(name="Tổ 3")], 20_785)
    assert [each.name for each in await book.all()] == ["Tổ 4", "Tổ 3"]


async def test_nothing_to_change_is_no_new_edition(book: TeamBook) -> None:
    await book.change(lambda _: [SEN], 20_785)
    await book.change(lambda _: [], 20_786)
    assert await book.edition() == 1


async def test_a_plan_that_fails_leaves_all_as_it_was(book: TeamBook) -> None:
    await book.change(lambda _: [SEN], 20_785)

    def refuse(_: Sequence[Kept]) -> Sequence[Kept]:
        raise KeyError

    with pytest.raises(KeyError):
        await book.change(refuse, 20_786)
    assert (await book.all(), await book.edition()) == ([SEN], 1)


async def test_of_two_who_change_at_once_the_second_sees_what_the_first_did(book: TeamBook) -> None:
    seen: list[int] = []

    def add(there: Sequence[Kept]) -> Sequence[Kept]:
        seen.append(len(there))
        return [Kept(f"sen-vang-{10 + len(there)}", "16093", f"Tổ {len(there)}")]

    await asyncio.gather(*(book.change(add, 20_785) for _ in range(5)))
    assert sorted(seen) == [0, 1, 2, 3, 4]
    assert (len(await book.all()), await book.edition()) == (5, 5)
