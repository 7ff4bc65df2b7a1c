"""People of the office in the chat: invited once, known within seconds, gone within seconds."""

import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from crew_house import HOME, CrewHouse, crew_house
from databases import everything
from sqlalchemy import select

from bot.core.marks import mark_of
from bot.core.progress import Progress
from bot.core.saving import StoreDown
from bot.core.turn import Asked, Opened, Tapped
from bot.desk import ALL_TRIES
from bot.stores.database import Database
from bot.stores.tables import helpers, office_people

pytestmark = pytest.mark.anyio

PHONE, PAGE = "telegram:77", "web:ab"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[CrewHouse]:
    async with crew_house(tmp_path) as made:
        yield made


async def member(house: CrewHouse, account: str = PHONE) -> str:
    """Let somebody take up an invitation, who has learnt before; return its code."""
    await house.world.taps(account, "agree", "bac", "read")
    code = await house.code()
    await house.world.hears(account, code)
    await house.world.taps(account, "accept")
    return code


async def role_of(house: CrewHouse, account: str = PHONE) -> str:
    reply = await house.world.hears(account, "văn phòng", at=1)
    return "member" if "/office/link/" in " ".join(reply.notes) else "nobody"


async def test_who_takes_up_an_invitation_is_known_by_every_process(house: CrewHouse) -> None:
    await house.world.taps(PHONE, "agree", "bac", "read")
    asked = await house.world.hears(PHONE, await house.code())
    assert asked.text.startswith("Lời mời dành cho: **Cô Lan, Tổ thôn 3, xã")
    assert "Bác được mời làm người hỗ trợ của tổ" in asked.text
    assert "Lan" not in asked.instead[asked.text]  # no voice says a name
    taken = await house.world.hears(PHONE, "co, toi nhan loi")
    assert taken.notes[0].startswith("Cảm ơn bác đã nhận lời. Từ giờ ở đây bác là người hỗ trợ của tổ.")
    assert await role_of(house) == "nobody"  # the other process hasn't looked yet
    await house.desks[1].look()
    assert await role_of(house) == "member"
    assert [deed.did for _, deed in await house.office.deeds(9)] == ["link-asked", "chat-joined", "invited"]


async def test_a_newcomer_is_asked_after_the_welcome(house: CrewHouse) -> None:
    waits = await house.world.hears(PHONE, Opened((await house.code()).replace("vp-", "vp_")))
    assert waits.notes[0].startswith("Mình giữ lời mời của bạn.")
    asked = await house.world.taps(PHONE, "agree", "co", "listen")
    assert "Cô được mời làm người hỗ trợ của tổ" in asked.text
    await house.world.taps(PHONE, "accept")
    await house.post()
    assert await role_of(house) == "member"


async def test_a_code_works_once_and_for_a_time(house: CrewHouse) -> None:
    code = await member(house)
    await house.world.taps(PAGE, "agree", "co", "read")
    over = "Mã mời này không dùng được nữa"
    assert (await house.world.hears(PAGE, code)).notes[0].startswith(over)
    late = await house.code("Chú Tư")
    house.world.store.at += house.world.store.at.resolution * 3_600_000_000
    assert (await house.world.hears(PAGE, late)).notes[0].startswith(over)
    assert (await house.world.hears(PAGE, "vp-baba-baba-baba-baba")).notes[0].startswith(over)


async def test_two_who_have_one_code_before_them_are_not_both_let_in(house: CrewHouse) -> None:
    code = await house.code()
    for account in (PHONE, PAGE):
        await house.world.taps(account, "agree", "bac", "read")
        await house.world.hears(account, code)
    await house.world.taps(PAGE, "accept")
    assert (await house.world.taps(PHONE, "accept")).notes[0].startswith("Mã mời này không dùng được nữa")
    await house.post()
    assert (await role_of(house), await role_of(house, PAGE)) == ("nobody", "member")


async def test_a_yes_that_broke_off_counts_when_it_comes_again(house: CrewHouse) -> None:
    await house.world.taps(PHONE, "agree", "bac", "read")
    await house.world.hears(PHONE, await house.code())
    turn = (await house.world.tutors[0].look(PHONE)).turn
    house.world.store.left = 0  # the store goes away between the office's yes and the save
    assert (await house.world.hears(PHONE, Tapped(turn, "accept"), "yes")).failed
    house.world.store.left = None
    again = await house.world.hears(PHONE, Tapped(turn, "accept"), "yes", at=1)
    assert again.notes[0].startswith("Cảm ơn bác đã nhận lời.")
    await house.post()
    assert await role_of(house) == "member"
    assert [deed.did for _, deed in await house.office.deeds(9)].count("chat-joined") == 1


async def test_revoking_ends_it_in_the_chat(house: CrewHouse) -> None:
    await member(house)
    await house.write()
    await house.post()
    assert await role_of(house) == "member"
    async with house.database.reading() as connection:
        assert len((await connection.execute(select(helpers))).all()) == 1
    await house.office.revoke("Cô Lan", house.minute)
    # Even before anybody has looked, the office itself gives nothing more.
    assert await role_of(house) == "nobody"
    await house.post()
    assert (await house.world.hears(PHONE, "văn phòng")).notes[0].startswith("Văn phòng là nơi dành cho")
    async with house.database.reading() as connection:
        assert not (await connection.execute(select(helpers))).all()


async def test_it_goes_along_when_accounts_are_joined(house: CrewHouse) -> None:
    await member(house)
    await house.post()
    await house.world.taps(PAGE, "agree", "co", "read")
    await house.world.join(PHONE, PAGE)
    assert (await role_of(house), await role_of(house, PAGE)) == ("member", "member")
    await house.write()
    async with house.database.reading() as connection:
        of = await connection.scalar(select(office_people.c.learner))
        lead = (await connection.execute(select(helpers.c.learner))).scalars().all()
    assert lead == [of]
    assert (await house.world.own(PAGE)).progress.badge > 0


async def test_who_shares_the_phone_is_nobody_of_the_office(house: CrewHouse) -> None:
    await member(house)
    await house.post()
    await house.world.hears(PHONE, Asked("people"))
    await house.world.taps(PHONE, "add")
    await house.world.hears(PHONE, "Hoa")
    await house.world.taps(PHONE, "agree", "co", "read")
    assert await role_of(house) == "nobody"


async def test_who_is_deleted_is_of_the_office_no_more(house: CrewHouse) -> None:
    await member(house)
    await house.post()
    await house.write()
    await house.world.hears(PHONE, "xóa")
    await house.world.taps(PHONE, "erase")
    value = await house.world.value(PHONE)
    assert isinstance(value, Progress)
    assert value.badge == 0


async def test_another_invitation_that_is_taken_up_elsewhere_ends_the_first(house: CrewHouse) -> None:
    await member(house)
    await member(house, PAGE)  # the same name again
    await house.post()
    assert (await role_of(house), await role_of(house, PAGE)) == ("nobody", "member")


async def test_who_takes_it_up_elsewhere_is_counted_once_among_the_helpers_and_revoked_everywhere(
    house: CrewHouse,
) -> None:
    await member(house)
    await house.write()
    await house.world.taps(PAGE, "agree", "co", "read")
    await house.world.hears(PAGE, await house.code())
    await house.world.taps(PAGE, "accept")
    await house.write()
    async with house.database.reading() as connection:
        assert len((await connection.execute(select(helpers))).all()) == 1
    await house.office.revoke("Cô Lan", house.minute)
    async with house.database.reading() as connection:
        assert not (await connection.execute(select(helpers))).all()


async def test_a_link_from_the_chat_signs_in_once_within_ten_minutes(house: CrewHouse) -> None:
    await member(house)
    reply = await house.world.hears(PHONE, "van phong")
    [link] = re.findall(rf"{HOME}/office/link/([\w-]+)", reply.notes[0])
    assert "/office" not in "".join(reply.instead.values())
    assert reply.notes[0] in reply.instead
    mark = mark_of(link)
    assert not await house.office.enter_by_link(mark, "late", house.minute + 10)
    entered = await house.office.enter_by_link(mark, "visit", house.minute + 9)
    assert entered
    assert (entered.name, entered.role, entered.area) == ("Cô Lan", "helper", "16093.1")
    assert not await house.office.enter_by_link(mark, "again", house.minute + 9)
    assert link not in str(await house.world.value(PHONE))
    for _ in range(5):
        reply = await house.world.hears(PHONE, "văn phòng")
    assert reply.notes[0].startswith("Bác vừa lấy nhiều liên kết rồi.")


async def test_without_a_public_address_it_says_so(tmp_path: Path) -> None:
    async with crew_house(tmp_path, public="") as house:
        await member(house)
        reply = await house.world.hears(PHONE, "văn phòng")
    assert reply.notes[0].startswith("Máy chủ này chưa có địa chỉ công khai")


async def test_while_the_database_is_away_it_is_said_and_nothing_is_spent(
    house: CrewHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.world.taps(PHONE, "agree", "bac", "read")
    code = await house.code()
    away = "Lúc này cháu chưa hỏi được văn phòng."

    def gone(_: Database) -> None:
        raise StoreDown("The database is away.")

    with monkeypatch.context() as patched:
        patched.setattr(Database, "reading", gone)
        assert (await house.world.hears(PHONE, code)).notes[0].startswith(away)
    await house.world.hears(PHONE, code)
    with monkeypatch.context() as patched:
        patched.setattr(Database, "changing", gone)
        said = await house.world.taps(PHONE, "accept")
        assert said.notes[0].startswith(away)
        assert said.text.startswith("Lời mời dành cho")
    await house.world.taps(PHONE, "accept")
    await house.post()
    assert await role_of(house) == "member"


async def joins(house: CrewHouse, account: str, name: str = "") -> None:
    """Let somebody join the team and begin the first lesson."""
    await house.world.taps(account, "agree", "bac", "read")
    await house.world.hears(account, "sen vàng 27")
    await house.world.taps(account, "join")
    await house.world.hears(account, name or "không")
    await house.world.taps(account, "l:bai-01")


async def test_a_helper_sees_their_group_ten_at_a_time_and_who_is_stuck_first(house: CrewHouse) -> None:
    await member(house)
    await house.post()
    assert (await house.world.hears(PHONE, "tổ của tôi")).text.startswith("Chưa có ai vào tổ này.")
    for number in range(11):
        await joins(house, f"web:{number}")
    await joins(house, PAGE, "Bà Tư")
    await house.world.taps(PAGE, "next", "b", "stuck")
    await house.write()
    assert "Tổ của tôi" in [button.label for button in (await house.world.hears(PHONE, "mục lục")).buttons]
    seen = await house.world.taps(PHONE, "group")
    head, first, *others = seen.notes[0].splitlines()
    assert head == "Tổ thôn 3, xã Nga Sơn: 12 người học, 1 người đang cần giúp."
    assert first == "1. Bà Tư: đang cần giúp, bước 3 của bài “Bài một”. Học hôm nay."
    assert len(others) == 9
    assert re.fullmatch(r"2\. Người số \d{3}: bước 1 của bài “Bài một”\. Học hôm nay\.", others[0])
    assert seen.text.startswith("Bác vừa xem người thứ 1 đến 10, trong 12 người.")
    assert "Bà Tư" not in seen.instead[seen.notes[0]]
    assert "Người học số 1: đang cần giúp" in seen.instead[seen.notes[0]]
    more = await house.world.hears(PHONE, "tiep")
    assert [line.partition(".")[0] for line in more.notes[0].splitlines()[1:]] == ["11", "12"]
    assert "Bà Tư" not in str(await house.world.value(PHONE))
    assert [deed.did for _, deed in await house.office.deeds(3)].count("looked") == 3


async def test_nobody_else_sees_a_group(house: CrewHouse) -> None:
    await member(house)
    await house.post()
    await joins(house, PAGE, "Bà Tư")
    await house.write()
    assert (await house.world.hears(PAGE, "tổ của tôi")).text.startswith("Bác đang ở **Tổ thôn 3")
    official = await house.code("Chú Ba", "official", "16093")
    await house.world.hears(PAGE, official)
    await house.world.taps(PAGE, "accept")
    assert (await house.world.hears(PAGE, "tổ của tôi")).text.startswith("Bác đang ở **Tổ thôn 3")
    await house.office.revoke("Cô Lan", house.minute)
    refused = await house.world.hears(PHONE, "tổ của tôi")  # before this process has heard of it
    assert refused.notes[0].startswith("Văn phòng là nơi dành cho")
    assert "Bà Tư" not in str(refused)


async def test_a_group_is_seen_as_one_of_its_own_commune_alone(house: CrewHouse) -> None:
    await house.world.taps(PHONE, "agree", "bac", "read")
    await house.world.hears(PHONE, await house.code(area="14845.1"))  # the group lies in 16093
    await house.world.taps(PHONE, "accept")
    seen = await house.world.hears(PHONE, "tổ của tôi")
    assert "Tổ thôn 3" not in str(seen)


async def test_codes_are_kept_as_marks_alone_and_learners_ask_no_database(house: CrewHouse) -> None:
    code = await house.code()
    await house.world.taps(PHONE, "agree", "bac", "read", "l:bai-01", "next")
    assert house.asked == 0
    await house.world.hears(PHONE, code)
    assert house.asked == 1
    kept = f"{await everything(house.database)} {await house.world.value(PHONE)}"
    assert code.removeprefix("vp-") not in kept
    assert mark_of(code.removeprefix("vp-")) in kept


async def test_guessing_is_slowed_down(house: CrewHouse) -> None:
    await house.world.taps(PHONE, "agree", "bac", "read")
    for _ in range(11):
        said = await house.world.hears(PHONE, f"vp-baba-baba-baba-ba{secrets.choice('bdgh')}a")
    assert said.notes[0].startswith("Bác đã thử nhiều mã rồi.")


async def test_whoever_has_tried_once_is_not_told_of_the_guesses_of_others(house: CrewHouse) -> None:
    await house.world.taps(PHONE, "agree", "bac", "read")
    await house.world.store.count("invited", 600, by=ALL_TRIES + 1)
    said = await house.world.hears(PHONE, await house.code())
    assert said.notes[0].startswith("Lúc này cháu chưa hỏi được văn phòng.")
