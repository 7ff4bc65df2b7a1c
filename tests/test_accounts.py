"""One learner on several accounts: joining, leaving, deleting; also where it breaks off, or several do it at once."""

import asyncio
import datetime as dt
import secrets

import pytest
from account_helpers import TO_TELL, World

from bot import accounts
from bot.core.merge import merge
from bot.core.progress import Progress, decode
from bot.core.rebuild import rebuild
from bot.core.signpost import Own, Signpost
from bot.core.turn import Asked, Opened, Spoke, Tapped, Typed

pytestmark = pytest.mark.anyio

PHONE, PAGE, BOX = "telegram:77", "web:ab", "terminal:an"


@pytest.fixture
def world() -> World:
    return World(tutors=2)


async def test_whoever_joins_stands_at_the_same_step_on_both(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next")
    joined = await world.join(PHONE, PAGE)
    assert joined.notes[0].startswith("Cháu đã nối xong.")
    assert joined.heading == "Bước 2 trên 6"
    assert not joined.secret
    answered = await world.taps(PAGE, "b")
    assert answered.heading == "Bước 3 trên 6"
    shown = await world.tutors[1].look(PHONE)
    assert (shown.heading, shown.text) == (answered.heading, answered.text)
    await world.hears(PHONE, Opened(), at=1)
    assert (await world.taps(PHONE, "done", at=1)).heading == "Bước 4 trên 6"
    assert (await world.tutors[0].look(PAGE)).heading == "Bước 4 trên 6"
    assert await world.kinds("answered") == 1


async def test_a_newcomer_joins_before_consent_and_is_asked_for_none(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    code = await world.code(PHONE)
    asked = await world.hears(PAGE, "máy khác")
    assert asked.text.startswith("Bạn nhập sáu số của mã nối")
    joined = await world.hears(PAGE, f"{code[:3]} {code[3:]}")
    assert joined.heading == "Bước 1 trên 6"
    assert (await world.own(PAGE)).progress.agreed > 0


async def test_what_both_had_done_is_kept(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next", "b")
    await world.learns(PAGE, "co", "listen")
    one, other = [decode(raw) for raw in await world.store.load([PHONE, PAGE])]
    world.store.at += dt.timedelta(minutes=1)
    await world.join(PAGE, PHONE)
    after = (await world.own(PHONE)).progress
    assert (set(after.done), set(after.spots)) == ({"bai-02"}, {"bai-01"})
    assert after.turns > max(one.turns, other.turns)
    assert merge(merge(one, other), after).done == after.done


@pytest.mark.parametrize("said", ["nối {}", "noi {}", "Nối máy {}", "join {}", "nối  {}.", "nối mã: {}", "mã nối {}"])
async def test_a_code_is_known_behind_a_word_for_it(world: World, said: str) -> None:
    await world.taps(PHONE, *TO_TELL)
    code = await world.code(PHONE)
    assert (await world.hears(PAGE, said.format(code))).heading == "Bước 1 trên 6"


async def test_a_code_may_be_said_where_it_is_asked_for(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    code = await world.code(PHONE)
    await world.taps(PAGE, "agree", "bac", "listen")
    await world.hears(PAGE, Asked("elsewhere"))
    await world.taps(PAGE, "enter")
    words = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    said = " ".join(words[int(digit)] for digit in code)
    assert (await world.hears(PAGE, Spoke(said, certain=False))).heading == ""
    assert isinstance(await world.value(PAGE), Progress)
    await world.hears(PAGE, Spoke(said, certain=True))
    assert set((await world.own(PAGE)).accounts) == {PHONE, PAGE}


@pytest.mark.parametrize(
    "said", ["{}", "mã là {}", "bác nối máy được chưa {}", "{} nối", "nói {}", "nối {}1", "nối 1{}", "mã OTP {}"]
)
async def test_six_digits_are_a_secret_wherever_no_code_is_meant(world: World, said: str) -> None:
    await world.taps(PHONE, *TO_TELL)
    code = await world.code(PHONE)
    reply = await world.hears(PAGE, said.format(code))
    assert reply.secret
    assert "không ghi lại" in reply.notes[0]
    assert await world.value(PAGE) is None


async def test_other_secrets_are_warned_of_where_a_code_is_asked_for(world: World) -> None:
    await world.hears(PAGE, "máy khác")
    for secret in ("038123456789", "4111 1111 1111 1111", "0912345678", "mật khẩu là 48291"):
        reply = await world.hears(PAGE, secret)
        assert reply.secret
        assert "không ghi lại" in reply.notes[0]


async def test_digits_that_were_no_code_are_hidden_and_warned_of(world: World) -> None:
    reply = await world.hears(PAGE, "nối 000000")
    assert reply.secret
    assert reply.notes[0].startswith("Đây không phải mã nối đang dùng được.")
    assert "đừng đưa cho ai" in reply.notes[0]


async def test_a_code_works_once_and_for_ten_minutes(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    code = await world.code(PHONE)
    await world.hears(PAGE, f"nối {code}")
    assert "không phải mã nối" in (await world.hears(BOX, f"nối {code}")).notes[0]
    later = await world.code(PHONE)
    world.store.at += dt.timedelta(minutes=10)
    assert (await world.tutors[0].look(PHONE)).text.startswith("Mã nối đã hết hạn.")
    assert "không phải mã nối" in (await world.hears(BOX, f"nối {later}")).notes[0]


async def test_a_code_in_force_is_given_to_nobody_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([482_913, 482_913, 482_913, 7])
    monkeypatch.setattr(secrets, "randbelow", lambda most: next(drawn) if most == 10**6 else 1)
    await world.taps(PHONE, *TO_TELL)
    await world.taps(PAGE, *TO_TELL)
    assert [await world.code(PHONE), await world.code(PAGE)] == ["482913", "000007"]


async def test_codes_are_given_and_tried_so_often_only(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    codes = [await world.code(PHONE) for _ in range(accounts.CODES)]
    await world.hears(PHONE, Asked("elsewhere"))
    assert "nghỉ mười phút" in (await world.taps(PHONE, "code")).notes[0]
    for _ in range(accounts.GUESSES):
        assert "không phải mã nối" in (await world.hears(PAGE, "nối 000000")).notes[0]
    refused = await world.hears(PAGE, f"nối {codes[-1]}")
    assert "nghỉ mười phút" in refused.notes[0]
    assert await world.value(PAGE) is None
    world.store.at += dt.timedelta(minutes=10)
    assert (await world.join(PHONE, PAGE)).notes[0].startswith("Cháu đã nối xong.")


async def test_when_very_many_guess_nobody_may(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "ALL_GUESSES", 3)
    await world.taps(PHONE, *TO_TELL)
    for number in range(4):
        await world.hears(f"web:{number}", "nối 000000")
    assert "nghỉ mười phút" in (await world.join(PHONE, PAGE)).notes[0]


async def test_a_code_typed_where_it_was_given_is_told_so_and_still_good(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    reply = await world.join(PHONE, PHONE)
    assert reply.notes[0].startswith("Mã này lấy ở chính máy này.")
    assert (await world.join(PHONE, PAGE)).notes[0].startswith("Cháu đã nối xong.")
    assert (await world.join(PAGE, PHONE)).notes[0] == "Hai máy này đã nối với nhau rồi ạ."


async def test_a_learner_has_so_many_accounts_at_most(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "MOST_ACCOUNTS", 2)
    await world.taps(PHONE, *TO_TELL)
    await world.join(PHONE, PAGE)
    assert "nối nhiều máy quá" in (await world.join(PHONE, BOX)).notes[0]


async def test_three_accounts_come_together_in_any_order(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    await world.learns(PAGE, "co", "read")
    await world.taps(BOX, "agree", "chu", "listen")
    await world.join(PHONE, PAGE)
    await world.join(BOX, PHONE)
    own = await world.own(BOX)
    assert set(own.accounts) == {PHONE, PAGE, BOX}
    assert own == await world.own(PHONE) == await world.own(PAGE)
    assert (set(own.progress.done), set(own.progress.spots)) == ({"bai-02"}, {"bai-01"})


async def test_two_groups_of_accounts_come_together(world: World) -> None:
    names = [f"web:{number}" for number in range(4)]
    for name in names:
        await world.taps(name, *TO_TELL)
    await world.join(names[0], names[1])
    await world.join(names[2], names[3])
    await world.join(names[1], names[3])
    assert {len((await world.own(name)).accounts) for name in names} == {4}
    ids = {sign.seat.id for name in names if isinstance(sign := await world.value(name), Signpost)}
    assert len(ids) == 1


async def test_buttons_drawn_before_are_late_on_both(world: World) -> None:
    before = await world.taps(PHONE, *TO_TELL, "next")
    page = await world.taps(PAGE, *TO_TELL, "next")
    await world.join(PHONE, PAGE)
    for account, reply in ((PHONE, before), (PAGE, page)):
        late = await world.hears(account, Tapped(reply.turn, "b"))
        assert "của bước trước" in late.notes[0]
    assert await world.kinds("answered") == 0


async def test_each_account_counts_its_updates_by_itself(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next")
    tutor = world.tutors[0]
    await tutor.hear(PHONE, Asked("slow"), "u1", order=5_000)
    await world.join(PHONE, PAGE)
    assert "đến chậm" not in "".join((await tutor.hear(PAGE, Typed("2"), "u2", order=40)).notes)
    assert "đến chậm" in "".join((await tutor.hear(PHONE, Typed("1"), "u3", order=4_999)).notes)
    assert (await world.own(PHONE)).accounts == {PHONE: 5_000, PAGE: 40}


async def leaves(world: World, account: str) -> str:
    await world.hears(account, Asked("elsewhere"))
    await world.taps(account, "leave")
    return (await world.taps(account, "go")).notes[0]


async def test_who_leaves_begins_anew_and_the_other_keeps_all(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next", "b")
    await world.join(PHONE, PAGE)
    asked = await world.hears(PAGE, Asked("elsewhere"))
    assert asked.text.startswith("Bác đang học chung một chỗ trên 2 tài khoản.")
    told = await world.taps(PAGE, "leave")
    assert "vẫn còn đủ ở máy kia. Máy này thì bắt đầu lại từ đầu" in told.text
    left = await world.taps(PAGE, "go")
    assert left.notes[0] == "Xong rồi ạ. Máy này không còn học chung nữa. Ở máy kia vẫn giữ đủ."
    assert left.text.startswith("Xin chào bạn.")
    assert (await world.tutors[1].look(PHONE)).heading == "Bước 3 trên 6"
    assert set((await world.own(PHONE)).accounts) == {PHONE}
    await world.taps(PAGE, *TO_TELL)
    assert (await world.tutors[1].look(PHONE)).heading == "Bước 3 trên 6"
    alone = await world.hears(PHONE, Asked("elsewhere"))
    assert "leave" not in {button.code for button in alone.buttons}


async def test_who_left_may_join_again(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next", "b")
    await world.join(PHONE, PAGE)
    await leaves(world, PHONE)
    await world.learns(PHONE, "co", "read")
    await world.join(PHONE, PAGE)
    own = await world.own(PHONE)
    assert own == await world.own(PAGE)
    assert (set(own.progress.done), set(own.progress.spots)) == ({"bai-02"}, {"bai-01"})


async def test_who_left_may_join_again_by_the_first_thing_they_type(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next")
    await world.join(PHONE, PAGE)
    await world.hears(PAGE, "máy khác")
    await world.taps(PAGE, "leave", "go")
    code = await world.code(PHONE)
    joined = await world.hears(PAGE, f"nối {code}")
    assert (joined.failed, joined.heading) == (False, "Bước 2 trên 6")


async def test_what_was_on_its_way_through_an_account_that_left_does_not_land(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next")
    await world.join(PHONE, PAGE)
    turn = (await world.tutors[1].look(PAGE)).turn
    kept = await world.own(PHONE)
    await leaves(world, PAGE)
    await world.hears(PAGE, Tapped(turn, "b"), at=1)
    assert await world.kinds("answered") == 0
    assert (await world.own(PHONE)).progress.spots == kept.progress.spots


async def test_deleted_is_deleted_on_all(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next", "b")
    await world.taps(PAGE, *TO_TELL)
    await world.join(PHONE, PAGE)
    await world.join(PAGE, BOX)
    await world.hears(PAGE, Asked("delete"))
    gone = await world.hears(PAGE, "2")
    assert "Mã biên nhận" in gone.text
    assert await world.store.journal() == []
    for account in (PHONE, PAGE, BOX):
        value = await world.value(account)
        assert isinstance(value, Progress)
        assert (value.agreed, value.place, value.spots, value.done) == (0, "gone", {}, {})
        assert "Mã biên nhận" in (await world.tutors[1].look(account)).text
    assert (await world.taps(PHONE, "over")).text.startswith("Xin chào bạn.")
    world.store.at += dt.timedelta(days=1, minutes=1)
    assert world.store.names() == set()


async def test_who_left_before_is_not_deleted(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    await world.join(PHONE, PAGE)
    await leaves(world, PAGE)
    await world.taps(PAGE, "agree", "co", "read")
    await world.hears(PHONE, Asked("delete"))
    await world.hears(PHONE, "2")
    assert (await world.own(PAGE)).progress.address == "co"
    assert {name for name, _ in await world.store.journal()} == {PAGE, (await seat(world, PAGE))}


async def seat(world: World, account: str) -> str:
    sign = await world.value(account)
    assert isinstance(sign, Signpost)
    return sign.seat.id


async def test_the_journal_tells_joined_learners_again(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next", "b")
    await world.learns(PAGE, "co", "listen")
    await world.join(PHONE, PAGE)
    await world.taps(PHONE, "done")
    await world.hears(PAGE, Asked("slow"))
    own = await world.own(PHONE)
    told = rebuild(await world.entries(await seat(world, PHONE)))
    for name in ("agreed", "lang", "address", "listens", "slow", "path", "lesson", "spots", "done", "turns"):
        assert getattr(told, name) == getattr(own.progress, name), name


# Broken off anywhere, and done again: nothing lost, nothing double.


async def prepared() -> tuple[World, Progress, Progress, str]:
    world = World(tutors=2)
    await world.taps(PHONE, *TO_TELL, "next", "b")
    world.store.at += dt.timedelta(minutes=1)
    await world.learns(PAGE, "co", "listen")
    code = await world.code(PHONE)
    [one, other] = [decode(raw) for raw in await world.store.load([PHONE, PAGE])]
    return world, one, other, code


def same(own: Own, one: Progress, other: Progress) -> None:
    both = merge(one, other)
    for name in ("agreed", "lang", "address", "listens", "spots", "done"):
        assert getattr(own.progress, name) == getattr(both, name), name


@pytest.mark.parametrize("left", range(12))
@pytest.mark.parametrize("comes", ["the same again", "the other account", "the code anew"])
async def test_joining_that_breaks_off_anywhere_comes_to_the_same(left: int, comes: str) -> None:
    world, one, other, code = await prepared()
    world.store.left = left
    broken = await world.hears(PAGE, f"nối {code}", "join")
    world.store.left = None
    for account in (PHONE, PAGE):  # nothing is lost meanwhile: each shows at least what was its own
        shown = await world.tutors[1].look(account)
        assert not shown.failed
    if comes == "the same again":
        await world.hears(PAGE, f"nối {code}", "join", at=1)
    elif comes == "the other account":
        await world.hears(PHONE, Asked("again"), at=1)
        await world.hears(PAGE, f"nối {code}", at=1)
    else:
        await world.join(PHONE, PAGE)
    own = await world.own(PAGE)
    assert own == await world.own(PHONE)
    assert set(own.accounts) == {PHONE, PAGE}
    same(own, one, other)
    assert await world.kinds("answered") == 1
    assert broken.failed or left > 8
    living = [await world.value(name) for name in world.store.names()]
    assert sum(isinstance(each, Own) and not each.into for each in living) == 1


@pytest.mark.parametrize("left", range(8))
async def test_leaving_that_breaks_off_anywhere_loses_nothing(left: int) -> None:
    world, one, other, code = await prepared()
    await world.hears(PAGE, f"nối {code}")
    await world.hears(PAGE, Asked("elsewhere"))
    await world.taps(PAGE, "leave")
    turn = (await world.tutors[0].look(PAGE)).turn
    world.store.left = left
    await world.hears(PAGE, Tapped(turn, "go"), "go")
    world.store.left = None
    if await seat(world, PAGE) == await seat(world, PHONE):
        await world.hears(PAGE, Tapped(turn, "go"), "go", at=1)
    await world.hears(PAGE, Opened(), at=1)
    same(await world.own(PHONE), one, other)
    assert set((await world.own(PHONE)).accounts) == {PHONE}
    assert (await world.tutors[1].look(PAGE)).text.startswith("Xin chào bạn.")


@pytest.mark.parametrize("left", range(10))
async def test_deleting_that_breaks_off_anywhere_is_finished_by_doing_it_again(left: int) -> None:
    world, _, _, code = await prepared()
    await world.hears(PAGE, f"nối {code}")
    asked = await world.hears(PAGE, Asked("delete"))
    world.store.left = left
    broken = await world.hears(PAGE, Tapped(asked.turn, "erase"), "erase")
    world.store.left = None
    if broken.failed:
        await world.hears(PAGE, Tapped(asked.turn, "erase"), "erase", at=1)
    for account in (PHONE, PAGE):
        shown = await world.tutors[1].look(account)
        assert "Mã biên nhận" in shown.text
    assert await world.store.journal() == []
    world.store.at += dt.timedelta(days=1, minutes=1)
    assert world.store.names() == set()


# Several at once.


@pytest.mark.parametrize("act", ["joins", "leaves", "deletes"])
async def test_what_a_stale_process_has_at_hand_is_never_written_through(world: World, act: str) -> None:
    told = await world.taps(PHONE, *TO_TELL, "next", at=1)  # the second has them at hand
    await world.taps(PAGE, *TO_TELL)
    await world.join(PHONE, PAGE)
    if act == "leaves":
        await leaves(world, PHONE)
    if act == "deletes":
        await world.hears(PAGE, Asked("delete"))
        await world.hears(PAGE, "2")
    late = await world.hears(PHONE, Tapped(told.turn, "b"), at=1)
    assert late.notes or act == "deletes"
    assert await world.kinds("answered") == 0


async def test_two_who_join_one_another_at_once_become_one(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next", "b")
    await world.learns(PAGE, "co", "read")
    one, other = await world.code(PHONE), await world.code(PAGE)
    await asyncio.gather(world.hears(PAGE, f"nối {one}"), world.hears(PHONE, f"nối {other}", at=1))
    own = await world.own(PAGE)
    assert own == await world.own(PHONE)
    assert (set(own.progress.done), set(own.progress.spots)) == ({"bai-02"}, {"bai-01"})


async def test_two_who_join_the_same_account_at_once(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next", "b")
    first, second = await world.code(PHONE), await world.code(PHONE)
    replies = await asyncio.gather(world.hears(PAGE, f"nối {first}"), world.hears(BOX, f"nối {second}", at=1))
    assert all(reply.heading == "Bước 3 trên 6" for reply in replies)
    assert set((await world.own(BOX)).accounts) == {PHONE, PAGE, BOX}


async def test_a_turn_that_is_taken_while_they_join_counts() -> None:
    for pauses in range(12):
        fresh = World(tutors=2)
        asked = await fresh.taps(PHONE, *TO_TELL, "next", at=1)
        code = await fresh.code(PHONE)
        turn = (await fresh.taps(PHONE, "return")).turn

        async def answer(world: World = fresh, turn: int = turn, pauses: int = pauses) -> None:
            for _ in range(pauses):
                await asyncio.sleep(0)
            await world.hears(PHONE, Tapped(turn, "b"), at=1)

        await asyncio.gather(fresh.hears(PAGE, f"nối {code}"), answer())
        own = await fresh.own(PAGE)
        assert asked.heading == "Bước 2 trên 6"
        assert own.progress.spots["bai-01"].step == ("lam" if await fresh.kinds("answered") else "hoi")


async def test_nothing_that_was_typed_is_kept(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    code = await world.code(PHONE)
    await world.hears(PAGE, f"nối {code}")
    kept = b"".join(await world.store.load(sorted(world.store.names())))
    journal = b"".join(record for _, record in await world.store.journal())
    assert code.encode() not in kept + journal
    assert PHONE.encode() not in journal
