"""The page on which helpers see their own group, and nobody else does."""

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from office_house import START, House, house
from small import REAL
from sqlalchemy import insert

from bot.core.access import ROLES, RULES
from bot.office.group_page import AT_ONCE, LONG_AGO
from bot.office.group_texts import GROUP_TEXTS
from bot.stores.tables import accounts, learners, records, teams

pytestmark = pytest.mark.anyio

VI = GROUP_TEXTS["vi"]
KEY, LESSON = next((key, each["vi"]) for key, each in REAL.lessons.items())
STEPS = [step.id for step in LESSON.steps]
DAY = 1440


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


async def settle_in(one: House, team: int, *people: tuple[str | None, int, Sequence[tuple[str, str]]]) -> None:
    """Let people into a group of Hoằng Lộc: name, days since they learnt, and their records by kind and step."""
    async with one.database.changing() as connection:
        group = {"id": team, "commune": "14845", "name": f"Tổ thôn {team}", "since_day": 1}
        await connection.execute(insert(teams), group)
        for at, (called, days, told) in enumerate(people, team * 1_000_003):
            minute = START - days * DAY
            seen = {"first_minute": 29_000_000 + at, "first_turn": 1, "minute": minute, "turn": 9}
            await connection.execute(insert(learners), {"id": at, "team": team, "called": called, **seen})
            await connection.execute(insert(accounts), {"name": f"telegram:{at}", "learner": at})
            for turn, (kind, step) in enumerate(told, 1):
                row = {"learner": at, "turn": turn, "place": 0, "minute": minute, "day": 1, "kind": kind}
                await connection.execute(insert(records), {**row, "lesson": KEY, "step": step})


CAME = [("began", STEPS[0]), ("reached", STEPS[1])]


async def test_a_helper_sees_who_is_stuck_where_and_who_was_away(open_house: House) -> None:
    await settle_in(
        open_house,
        3,
        ("Ông Tư", 1, CAME),
        ("Bà Lý", 0, [*CAME, ("stuck", STEPS[1]), ("called", STEPS[1])]),
        (None, LONG_AGO + 1, [*CAME, ("finished", "")]),
        ("Bà Lý", 9, []),
    )
    await settle_in(open_house, 4, ("Người tổ khác", 0, CAME))
    helper = await open_house.signed_in("Chị Hoa", "helper", "14845.3")
    await helper.open("/office/group")
    told = helper.text
    assert "Tổ thôn 3, xã Hoằng Lộc" in told
    assert VI.many.format(people=4, waiting=1) in told
    names = re.findall(r"<h3>([^<]*)</h3>", helper.seen.text)
    assert re.fullmatch(r"Bà Lý \(\d{3}\)", names[0])
    assert re.fullmatch(r"Người học \d{3}", names[1])
    assert re.fullmatch(r"Bà Lý \(\d{3}\)", names[2])
    assert names[3] == "Ông Tư"
    assert "Cần giúp: nhờ người đến giúp, báo bị kẹt." in told
    assert f"Đang ở bước 2 trên {len(STEPS)} của bài" in told
    for line in ("Học lần cuối: hôm nay.", "Học lần cuối: hôm qua.", "Học lần cuối: 9 ngày trước."):
        assert line in told
    assert VI.none_open in told
    assert "Người tổ khác" not in told
    await helper.open("/office/group?lang=en")
    assert "Needs help: called for a helper, said they are stuck." in helper.text


async def test_nothing_on_the_page_leads_to_records_or_accounts(open_house: House) -> None:
    await settle_in(open_house, 3, ("<b>Ông Tư</b>", 1, CAME), (None, 2, CAME))
    helper = await open_house.signed_in("Chị Hoa", "helper", "14845.3")
    page = (await helper.open("/office/group")).text
    assert "&lt;b&gt;Ông Tư&lt;/b&gt;" in page
    assert not re.search(r"300000\d|telegram|29000\d{3}", page)
    assert set(re.findall(r'href="(/office[^"]*)"', page)) == {"/office/", "/office/group", "/office/account"}


async def test_each_look_is_written_down(open_house: House) -> None:
    await settle_in(open_house, 3)
    helper = await open_house.signed_in("Chị Hoa", "helper", "14845.3")
    await helper.open("/office/group?lang=en")
    assert GROUP_TEXTS["en"].nobody in helper.text
    told = [(deed.who, deed.did, deed.to_what) for _, deed in await open_house.office.deeds(1)]
    assert told == [("Chị Hoa", "looked", "người học của Tổ thôn 3, xã Hoằng Lộc")]


async def test_a_large_group_is_turned_page_by_page(open_house: House) -> None:
    await settle_in(open_house, 3, *((f"Người {at}", at, CAME) for at in range(2 * AT_ONCE + 1)))
    helper = await open_house.signed_in("Chị Hoa", "helper", "14845.3")
    found = []
    for page in (1, 2, 3):
        await helper.open(f"/office/group?page={page}")
        assert f"Trang {page} trên 3" in helper.text
        found += re.findall(r"<h3>Người (\d+)</h3>", helper.seen.text)
    assert found == [str(at) for at in reversed(range(2 * AT_ONCE + 1))]
    for odd, page in (("0", 1), ("99", 3), ("x", 1), ("-1", 1)):
        await helper.open(f"/office/group?page={odd}")
        assert f"Trang {page} trên 3" in helper.text


async def test_nobody_but_a_helper_of_the_group_sees_it(open_house: House) -> None:
    await settle_in(open_house, 3, ("Ông Tư", 1, CAME))
    assert RULES["group"] == {"helper": "own"}
    areas = {"helper": "14845.4", "official": "14845.3", "editor": "all", "operator": "all", "volunteer": "all"}
    for role in ROLES:
        other = await open_house.signed_in(f"Ai đó {role}", role, areas[role])
        for address in ("/office/group", "/office/group?area=14845.3"):
            await other.open(address)
            assert "Ông Tư" not in other.seen.text
        assert other.seen.status_code == 404
        assert ("/office/group" in (await other.open("/office/account")).text) is (role == "helper")
    elsewhere = await open_house.signed_in("Ai đó", "helper", "14848.3")  # there is no such group in that commune
    await elsewhere.open("/office/group")
    assert (elsewhere.seen.status_code, "Ông Tư" in elsewhere.text) == (200, False)
    assert VI.nobody in elsewhere.text
