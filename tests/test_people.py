"""Several learners on one account: whose turn it is, and that nothing of theirs gets mixed up."""

import asyncio
import datetime as dt
from unittest import mock

import pytest
from account_helpers import LIBRARY, TO_TELL, World, code_in
from hypothesis import given, settings
from hypothesis import strategies as st
from small import with_teams

from bot import accounts
from bot.core.join_code import number_of
from bot.core.people import MOST
from bot.core.progress import Progress
from bot.core.saving import Save
from bot.core.signpost import Own, Signpost, decode_value, encode_value
from bot.core.spoken import spoken
from bot.core.turn import Asked, Event, Opened, Reply, Spoke, Tapped, Typed

pytestmark = pytest.mark.anyio

PHONE, PAGE = "telegram:77", "web:ab"
WHOSE = "Đang học: **{}**."


@pytest.fixture
def world() -> World:
    return World(tutors=2)


async def added(world: World, name: str = "bà Hoa") -> None:
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "add")
    await world.hears(PHONE, name)


async def two_people(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next")
    await added(world)
    await world.taps(PHONE, *TO_TELL)


async def sign_of(world: World, account: str = PHONE) -> Signpost:
    sign = await world.value(account)
    assert isinstance(sign, Signpost)
    return sign


async def learners(world: World) -> list[Progress]:
    values = [await world.value(seat.id) for seat in (await sign_of(world)).seats]
    return [own.progress for own in values if isinstance(own, Own)]


async def test_somebody_new_begins_at_the_welcome_and_every_reply_says_whose_turn_it_is(world: World) -> None:
    await world.taps(PHONE, *TO_TELL, "next")
    await world.hears(PHONE, "đổi người học")
    asked = await world.taps(PHONE, "add")
    assert "giữ tên ấy trên máy này" in asked.text
    new = await world.hears(PHONE, "bà Hoa")
    assert new.notes == (WHOSE.format("bà Hoa"),)
    assert new.text.startswith("Xin chào bạn.")
    for event in (Typed("đồng ý"), Asked("help"), Typed("gì cơ"), Opened(), Asked("people")):
        assert (await world.hears(PHONE, event)).notes[0] == WHOSE.format("bà Hoa")
    assert (await world.tutors[1].look(PHONE)).notes[0] == WHOSE.format("bà Hoa")
    back = await world.taps(PHONE, "turn:0")
    assert (back.notes[0], back.heading) == (WHOSE.format("Người học số 1"), "Bước 2 trên 6")


async def test_where_one_learns_alone_nobody_is_named(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "mine", "name")
    named = await world.hears(PHONE, "ông Tư")
    assert named.notes == ("Cháu đã ghi tên rồi.",)
    assert (await world.hears(PHONE, Asked("again"))).notes == ()


async def test_a_voice_says_the_number_and_never_the_name(world: World) -> None:
    await two_people(world)
    reply = await world.hears(PHONE, Asked("again"))
    said = spoken(reply, LIBRARY)
    assert said[0] == "Người học số hai."
    assert "Hoa" not in " ".join(said)


@pytest.mark.parametrize(
    "event", [Typed("bà Hoa"), Typed("ba hoa"), Typed("2"), Typed("hai"), Spoke("bà hoa", certain=True)]
)
async def test_the_turn_is_given_by_name_or_number(world: World, event: Typed | Spoke) -> None:
    await two_people(world)
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "turn:0")
    await world.hears(PHONE, Asked("people"))
    reply = await world.hears(PHONE, event)
    assert (reply.notes[0], reply.heading) == (WHOSE.format("bà Hoa"), "Bước 1 trên 6")


async def test_the_turn_comes_back_to_the_lesson(world: World) -> None:
    await two_people(world)
    await world.hears(PHONE, Asked("people"))
    assert (await world.taps(PHONE, "turn:0")).heading == "Bước 2 trên 6"
    assert {each.aside for each in await learners(world)} == {""}


async def test_a_button_of_one_never_answers_for_another_even_at_the_same_turn(world: World) -> None:
    await two_people(world)
    hers = await world.taps(PHONE, "next")
    while (await learners(world))[1].turns < (await learners(world))[0].turns + 3:
        hers = await world.hears(PHONE, Asked("normal" if hers.slow else "slow"))
    await world.hears(PHONE, Asked("people"))
    his = await world.taps(PHONE, "turn:0")
    while (await learners(world))[0].turns < (await learners(world))[1].turns:
        his = await world.hears(PHONE, Asked("normal" if his.slow else "slow"))
    assert abs((await learners(world))[0].turns - (await learners(world))[1].turns) < 3
    assert {button.code for button in hers.buttons} == {button.code for button in his.buttons}
    for turn in {hers.turn, *range(hers.turn - 3, hers.turn + 4)}:
        late = await world.hears(PHONE, Tapped(turn, "b"))
        assert "của bước trước" in late.notes[1]
    assert await world.kinds("answered") == 0
    assert (await world.hears(PHONE, Tapped(his.turn, "b"))).heading == "Bước 3 trên 6"
    assert [each.spots["bai-01"].step for each in await learners(world)] == ["lam", "hoi"]


async def test_settings_and_lessons_of_one_are_not_anothers(world: World) -> None:
    await two_people(world)
    before = (await learners(world))[0]
    await world.hears(PHONE, Asked("slow"))
    await world.hears(PHONE, "tiếng anh")
    await world.taps(PHONE, "next")
    after = await learners(world)
    assert after[0] == before
    assert (after[1].slow, after[1].lang) == (True, "en")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Nguyễn Thị Hoa Huệ Lan Mai", "tên gọi ngắn"),
        ("Hoa 123", "tên gọi ngắn"),
        ("<b>Hoa</b>", "tên gọi ngắn"),
        ("**Hoa**", "tên gọi ngắn"),
        ("Hoa {bạn}", "tên gọi ngắn"),
        ("038123456789", "số căn cước"),
        ("Hoa 0912345678", "số điện thoại"),
        ("mã 482913", "một mã bí mật"),
        ("BÀ HOA", "đã có người tên như vậy"),
        ("123", "chưa hiểu"),
        ("có người hỏi mã", "dừng lại ngay"),
    ],
)
async def test_what_is_no_name_is_refused_and_not_kept(world: World, name: str, said: str) -> None:
    await two_people(world)
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "add")
    reply = await world.hears(PHONE, name)
    assert said in " ".join((*reply.notes, reply.text))
    assert len((await sign_of(world)).seats) == 2


async def test_words_that_work_anywhere_are_no_name(world: World) -> None:
    await two_people(world)
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "add")
    assert (await world.hears(PHONE, "quay lại")).text.startswith("Trên máy này, ai học tiếp ạ?")
    assert len((await sign_of(world)).seats) == 2


async def test_eight_may_learn_on_one_account(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    for number in range(2, MOST + 1):
        await added(world, f"Bạn {number}")
    people = await world.hears(PHONE, Asked("people"))
    codes = [button.code for button in people.buttons]
    assert codes == [*(f"turn:{number}" for number in range(MOST)), "return"]


async def locked(world: World) -> None:
    """Let the first set a PIN, then give the turn to the second."""
    await two_people(world)
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "turn:0")
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "mine", "lock")
    set_ = await world.hears(PHONE, "bốn tám hai chín")
    assert set_.secret
    assert set_.notes[1].startswith("Cháu đã đặt mã PIN.")
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "turn:1")


async def test_a_locked_place_opens_by_its_pin_alone(world: World) -> None:
    await locked(world)
    await world.hears(PHONE, Asked("people"))
    asked = await world.taps(PHONE, "turn:0")
    assert asked.text == "Chỗ học của Người học số 1 có mã PIN. Bác nhập bốn số."
    wrong = await world.hears(PHONE, "1234")
    assert wrong.secret
    assert wrong.notes[1:] == ("Mã PIN chưa đúng. Bác thử lại nhé.",)
    right = await world.hears(PHONE, "4829")
    assert right.secret
    assert (right.notes[0], right.heading) == (WHOSE.format("Người học số 1"), "Bước 2 trên 6")


async def test_pins_are_tried_so_often_only(world: World) -> None:
    await locked(world)
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "turn:0")
    for _ in range(accounts.GUESSES):
        await world.hears(PHONE, "1234")
    assert "nghỉ mười phút" in (await world.hears(PHONE, "4829")).notes[1]
    world.store.at += dt.timedelta(minutes=10)
    assert (await world.hears(PHONE, "4829")).heading == "Bước 2 trên 6"


async def test_a_pin_is_kept_salted_and_hashed_and_never_recorded(world: World) -> None:
    await locked(world)
    seat = (await sign_of(world)).seats[0]
    assert len(seat.lock) == 32
    kept = b"".join(await world.store.load(sorted(world.store.names())))
    journal = b"".join(record for _, record in await world.store.journal())
    assert b"4829" not in kept + journal
    assert b"Hoa" in kept  # a name is, by consent,
    assert b"Hoa" not in journal  # but told to no journal


async def test_a_turn_never_passes_into_a_locked_place_by_itself(world: World) -> None:
    await locked(world)
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "mine", "remove")
    left = await world.taps(PHONE, "remove")
    assert "Mã biên nhận" in left.notes[-1]
    assert left.text.startswith("Xin chào bạn.")
    assert left.notes[0] == WHOSE.format("Người học số 2")
    await world.hears(PHONE, "đổi người học")
    assert "có mã PIN" in (await world.taps(PHONE, "turn:0")).text


async def test_a_pin_is_taken_off_again(world: World) -> None:
    await locked(world)
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "turn:0")
    await world.hears(PHONE, "4829")
    assert "Mã PIN: có đặt" in (await world.hears(PHONE, Asked("data"))).text
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "mine", "unlock")
    assert (await sign_of(world)).seats[0].lock == b""


async def test_who_is_removed_is_deleted_and_the_others_are_not(world: World) -> None:
    await two_people(world)
    kept = (await learners(world))[0]
    gone = (await sign_of(world)).seats[1].id
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "mine", "remove")
    reply = await world.taps(PHONE, "remove")
    assert "Mã biên nhận" in reply.notes[-1]
    assert reply.heading == "Bước 2 trên 6"
    assert await learners(world) == [kept]
    assert not any(name == gone for name, _ in await world.store.journal())
    world.store.at += dt.timedelta(days=1, minutes=1)
    assert gone not in world.store.names()


async def test_who_learns_elsewhere_too_is_removed_here_alone(world: World) -> None:
    await two_people(world)
    await world.hears(PHONE, Asked("elsewhere"))
    code = code_in(await world.taps(PHONE, "code"))
    await world.hears(PAGE, f"nối {code}")
    await world.hears(PHONE, Asked("people"))
    asked = await world.taps(PHONE, "mine", "remove")
    assert "vẫn còn đủ ở máy kia" in asked.text
    await world.taps(PHONE, "remove")
    assert (await world.tutors[1].look(PAGE)).heading == "Bước 1 trên 6"
    assert len((await sign_of(world)).seats) == 1


async def test_what_is_kept_tells_the_name(world: World) -> None:
    await two_people(world)
    reply = await world.hears(PHONE, Asked("data"))
    assert "Tên gọi trên máy này: bà Hoa." in reply.text
    assert '"name": "bà Hoa"' in reply.export


async def test_an_update_that_comes_again_adds_nobody_again(world: World) -> None:
    await world.taps(PHONE, *TO_TELL)
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "add")
    first = await world.hears(PHONE, Typed("bà Hoa"), "the same")
    again = await world.hears(PHONE, Typed("bà Hoa"), "the same", at=1)
    assert (again.text, again.turn, again.notes) == (first.text, first.turn, first.notes)
    assert len((await sign_of(world)).seats) == 2


@pytest.mark.parametrize("left", range(6))
async def test_adding_that_breaks_off_anywhere_loses_nobody(left: int) -> None:
    world = World(tutors=2)
    await world.taps(PHONE, *TO_TELL, "next", "b")
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "add")
    world.store.left = left
    await world.hears(PHONE, Typed("bà Hoa"), "add")
    world.store.left = None
    await world.hears(PHONE, Typed("bà Hoa"), "add", at=1)
    names = [seat.name for seat in (await sign_of(world)).seats]
    assert names == ["", "bà Hoa"]
    assert (await learners(world))[0].spots["bai-01"].step == "lam"


# Any updates at two processes, on two accounts, some at once: nobody's progress mixes, nothing is lost.

ACTS = ("next", "b", "slow", "people", "turn:0", "turn:1", "code", "join", "leave", "go", "data")
plans = st.lists(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from(ACTS)), min_size=1, max_size=2),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(plan=plans)
def test_whatever_two_processes_do_answers_are_counted_once_and_for_whom_they_were_given(
    plan: list[list[tuple[int, int, str]]],
) -> None:
    with mock.patch("bot.accounts.CODES", 10**6), mock.patch("bot.accounts.GUESSES", 10**6):
        asyncio.run(carry_out(plan))


async def carry_out(plan: list[list[tuple[int, int, str]]]) -> None:
    world, shown = World(tutors=2), dict[str, Reply]()
    await two_people(world)
    await world.learns(PAGE, "co", "read")
    code, taps = "000000", 0
    for account in (PHONE, PAGE):
        shown[account] = await world.tutors[0].look(account)

    async def act(at: int, account: str, what: str) -> None:
        nonlocal code
        events: dict[str, Event] = {"join": Typed(f"nối {code}"), "slow": Asked("slow"), "people": Asked("people")}
        if what == "code":
            await world.hears(account, Asked("elsewhere"), at=at)
            reply = await world.tutors[at].look(account)
            reply = await world.hears(account, Tapped(reply.turn, "code"), at=at)
            code = code_in(reply) if "**" in reply.text else code
        else:
            reply = await world.hears(account, events.get(what, Tapped(shown[account].turn, what)), at=at)
        assert not reply.failed
        shown[account] = reply

    for at_once in plan:
        taps += sum(what == "b" for _, _, what in at_once)
        await asyncio.gather(*(act(at, (PHONE, PAGE)[which], what) for at, which, what in at_once))
    # Each finished lesson and answer is there, once.
    assert await world.kinds("answered") <= taps
    for account in (PHONE, PAGE):
        await world.tutors[0].look(account)
    values = [await world.value(name) for name in world.store.names()]
    living = [own for own in values if isinstance(own, Own) and not own.into and not own.deleted]
    plain = [value for value in values if isinstance(value, Progress)]
    done = [each for each in (*(own.progress for own in living), *plain) if "bai-02" in each.done]
    assert len(done) == 1  # one learner has finished it, whatever became of their accounts
    for name in (PHONE, PAGE):
        sign = await world.value(name)
        for seat in sign.seats if isinstance(sign, Signpost) else ():
            own = await world.value(seat.id)
            assert own is None or (isinstance(own, Own) and (own.into or name in own.accounts))


async def test_whoever_is_added_is_asked_about_the_team_of_who_added_them() -> None:
    world = World(with_teams(LIBRARY))
    await world.taps(PHONE, *TO_TELL)
    await world.hears(PHONE, "tổ sen vàng 27")
    await world.taps(PHONE, "join")
    await added(world)
    asked = await world.taps(PHONE, "agree")
    assert "Tổ thôn 3, xã Nga Sơn" in asked.text
    assert [each.team for each in await learners(world)] == [number_of("sen-vang-27"), 0]
    await world.taps(PHONE, "join")
    assert {each.team for each in await learners(world)} == {number_of("sen-vang-27")}


async def test_whoever_was_added_where_nobody_is_in_a_team_is_asked_about_none() -> None:
    world = World(with_teams(LIBRARY))
    await world.taps(PHONE, *TO_TELL)
    await added(world)
    assert next(each.code for each in (await world.taps(PHONE, "agree")).buttons) == "bac"


async def test_whoever_was_just_added_joins_by_the_first_thing_they_type(world: World) -> None:
    await world.taps(PAGE, *TO_TELL, "next")
    await world.taps(PHONE, *TO_TELL)
    await added(world)
    code = await world.code(PAGE)
    joined = await world.hears(PHONE, f"nối {code}")
    assert (joined.failed, joined.heading) == (False, "Bước 2 trên 6")
    assert [each.lesson for each in await learners(world)] == ["bai-01", "bai-01"]


async def test_a_code_of_somebody_who_was_deleted_joins_nobody(world: World) -> None:
    await two_people(world)
    code = await world.code(PHONE)
    deleted = (await sign_of(world)).seat.id
    [raw] = await world.store.load([deleted])
    own = decode_value(raw)
    assert isinstance(own, Own)
    await world.taps(PHONE, "return")
    await world.hears(PHONE, Asked("people"))
    await world.taps(PHONE, "turn:0")
    [raw] = await world.store.load([deleted])
    gone = encode_value(Own(progress=Progress(turns=99), deleted=True))  # by a process that was killed after this
    assert await world.store.save([Save(deleted, raw, gone)]) == [True]
    said = await world.hears(PAGE, f"nối {code}")
    assert not said.failed
    assert said.notes
