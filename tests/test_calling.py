"""A learner calls for a helper: it reaches the helpers of the team, once, with the step and nothing else."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Collection
from pathlib import Path

import msgspec
import pytest
from account_helpers import LIBRARY, NOON
from crew_house import CrewHouse, crew_house
from sqlalchemy import select

from bot.calling_helpers import CallingHelpers
from bot.channels import TryLater
from bot.core.calls import MINUTES, Call
from bot.core.crew import Crew, Member
from bot.core.group import CALLED
from bot.core.progress import Also, Progress
from bot.core.saving import StoreDown
from bot.core.talk import take_turn
from bot.core.turn import Asked, Moment, Turn, Typed
from bot.stores.calls import Calls
from bot.stores.crew import reaches
from bot.stores.journal import Waiting
from bot.stores.passing_on import PassingOn
from bot.stores.tables import accounts, helpers, learners

pytestmark = pytest.mark.anyio

PHONE, PAGE = "telegram:77", "web:ab"


class MemoryCalls(Calls):
    """What `Calls` does, without a server."""

    def __init__(self) -> None:
        self.held: dict[str, Call] = {}

    async def hold(self, name: str, call: Call) -> None:
        self.held.setdefault(name, call)

    async def all(self) -> dict[str, Call]:
        return dict(self.held)

    async def drop(self, names: Collection[str]) -> None:
        for name in names:
            self.held.pop(name, None)


class Post:
    """The way from the records to the helpers' chats."""

    def __init__(self, house: CrewHouse) -> None:
        self.house, self.calls = house, MemoryCalls()
        self.went: list[tuple[str, str]] = []
        self.fails: list[Exception] = []
        self.hangs, self.hanging = False, asyncio.Event()
        self.passing = PassingOn(house.database, self.calls)
        self.telling = self.process()

    def process(self) -> CallingHelpers:
        world = self.house.world
        tutor = world.tutors[0]
        return CallingHelpers(
            self.calls,
            self.house.notes,
            world.store,
            lambda: tutor.library,
            lambda: tutor.desk.crew,
            {"telegram": self.send},
            lambda: world.store.at.timestamp(),  # noqa: PLW0108  `at` changes
        )

    async def send(self, account: str, text: str) -> bool:
        if self.hangs:
            self.hanging.set()
            await asyncio.Event().wait()
        if self.fails:
            raise self.fails.pop(0)
        self.went.append((account, text))
        return True

    async def written(self) -> None:
        """Write the records and pass on what is called for, as whoever writes them does."""
        await self.house.write()
        journal = await self.house.world.store.journal()
        waiting = [Waiting("00", f"{number}-0", name, raw) for number, (name, raw) in enumerate(journal)]
        await self.passing(waiting, (), self.house.minute)

    async def round(self, telling: CallingHelpers | None = None) -> None:
        telling = telling or self.telling
        await telling.round()
        await telling.settled()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[CrewHouse]:
    async with crew_house(tmp_path) as made:
        await made.world.taps(PHONE, "agree", "co", "read")
        await made.world.hears(PHONE, await made.code())
        await made.world.taps(PHONE, "accept")
        await made.write()
        await made.post()
        await made.world.taps(PAGE, "agree", "bac", "read")
        await made.world.hears(PAGE, "sen vàng 27")
        await made.world.taps(PAGE, "join")
        await made.world.hears(PAGE, "Bà Tư")
        await made.world.taps(PAGE, "l:bai-01", "next")
        yield made


async def test_a_call_reaches_the_helper_with_name_lesson_and_step(house: CrewHouse) -> None:
    said = await house.world.hears(PAGE, "toi can nguoi giup")
    assert said.notes[0].startswith("Cháu đang nhắn cho người hỗ trợ của tổ là bác cần giúp: bước 2 của bài “Bài một”.")
    assert said.heading == "Bước 2 trên 6"
    post = Post(house)
    await post.written()
    await post.written()  # as when a writer is killed before it ticks off
    await post.round()
    told = "Bà Tư trong tổ đang cần giúp: bước 2 của bài “Bài một”. Muốn xem cả tổ, cô nhắn tổ của tôi."
    assert post.went == [(PHONE, told)]
    await post.round(post.process())
    assert len(post.went) == 1
    assert not post.calls.held
    listed = await house.world.hears(PHONE, "tổ của tôi")
    assert "1. Bà Tư: đang cần giúp, bước 2 của bài “Bài một”." in listed.notes[0]


async def test_once_a_day_and_no_more(house: CrewHouse) -> None:
    await house.world.hears(PAGE, "tôi cần người giúp")
    again = await house.world.hears(PAGE, "gọi người giúp")
    assert again.notes[0].startswith("Hôm nay cháu đã ghi lời nhờ của bác rồi ạ.")
    assert await house.world.kinds(CALLED) == 1
    house.world.store.at += dt.timedelta(days=1)
    assert (await house.world.hears(PAGE, "cần người giúp")).notes[0].startswith("Cháu đang nhắn")
    assert await house.world.kinds(CALLED) == 2


async def test_it_goes_to_whatever_account_the_helper_has_by_now(house: CrewHouse) -> None:
    await house.world.taps("telegram:88", "agree", "co", "read")
    await house.world.join(PHONE, "telegram:88")
    await house.world.hears(PAGE, "tôi cần người giúp")
    post = Post(house)
    await post.written()
    await post.round()
    assert [account for account, _ in post.went] == [PHONE]
    [held] = [row async for row in _helpers(house)]
    assert held.startswith("l:")


async def test_a_call_that_was_held_before_the_helper_joined_accounts_finds_them(house: CrewHouse) -> None:
    await house.world.hears(PAGE, "tôi cần người giúp")
    post = Post(house)
    await post.written()
    await house.world.taps("telegram:88", "agree", "co", "read")
    await house.world.join(PHONE, "telegram:88")
    await post.round()
    assert [account for account, _ in post.went] == [PHONE]


async def test_who_has_joined_accounts_is_one_of_the_group(house: CrewHouse) -> None:
    await house.world.taps("telegram:88", "agree", "co", "read")
    house.world.store.at += dt.timedelta(minutes=1)
    await house.world.taps(PAGE, "b")
    await house.world.join(PAGE, "telegram:88")
    await house.write()
    listed = await house.world.hears(PHONE, "tổ của tôi")
    assert listed.notes[0].startswith("Tổ thôn 3, xã Nga Sơn: 1 người học")


async def test_who_took_one_of_their_phones_off_is_still_one_of_the_group(house: CrewHouse) -> None:
    await house.world.taps("telegram:88", "agree", "co", "read")
    house.world.store.at += dt.timedelta(minutes=1)
    await house.world.taps(PAGE, "b")
    await house.world.join(PAGE, "telegram:88")
    await house.world.hears("telegram:88", Asked("elsewhere"))
    await house.world.taps("telegram:88", "leave", "go")
    await house.write()
    listed = await house.world.hears(PHONE, "tổ của tôi")
    assert listed.notes[0].startswith("Tổ thôn 3, xã Nga Sơn: 1 người học")


async def test_a_name_that_is_taken_back_stays_with_no_earlier_account(house: CrewHouse) -> None:
    await house.world.taps("telegram:88", "agree", "co", "read")
    house.world.store.at += dt.timedelta(minutes=1)
    await house.world.taps(PAGE, "b")
    await house.world.join(PAGE, "telegram:88")
    await house.write()
    assert await _names(house) == ["Bà Tư"]
    await house.world.hears(PAGE, "rời tổ")
    await house.world.taps(PAGE, "quit")
    await house.write()
    assert await _names(house) == []


async def _names(house: CrewHouse) -> list[str]:
    async with house.database.reading() as connection:
        return list(
            (await connection.execute(select(learners.c.called).where(learners.c.called.is_not(None)))).scalars()
        )


async def _helpers(house: CrewHouse) -> AsyncIterator[str]:
    async with house.database.reading() as connection:
        wanted = select(accounts.c.name).join(helpers, helpers.c.learner == accounts.c.learner)
        for name in (await connection.execute(wanted)).scalars():
            yield name


async def test_who_is_no_helper_any_more_is_told_nothing(house: CrewHouse) -> None:
    await house.world.hears(PAGE, "tôi cần người giúp")
    post = Post(house)
    await post.written()
    await house.office.revoke("Cô Lan", house.minute)
    await house.post()
    for _ in range(2):
        await post.round()
        house.world.store.at += dt.timedelta(minutes=5)
    await post.round()
    assert (post.went, post.calls.held) == ([], {})


async def test_a_process_that_does_not_know_the_crew_yet_waits_for_it(house: CrewHouse) -> None:
    await house.world.hears(PAGE, "tôi cần người giúp")
    post = Post(house)
    await post.written()
    desk = house.desks[0]
    crew, desk.crew = desk.crew, {}
    await post.round()
    assert post.went == []
    desk.crew = crew
    await post.round()
    assert [account for account, _ in post.went] == [PHONE]


async def test_a_message_that_must_wait_is_sent_later_and_not_as_if_again(house: CrewHouse) -> None:
    await house.world.hears(PAGE, "tôi cần người giúp")
    post = Post(house)
    await post.written()
    post.fails = [TryLater(1, "Telegram asks to wait"), StoreDown("away")]
    await post.round()
    assert post.went == []
    await post.round()  # the store went away in the middle: whether it was sent nobody knows
    assert post.went == []
    await post.round()
    assert post.went == []
    house.world.store.at += dt.timedelta(minutes=20)
    await post.round()
    assert len(post.went) == 1
    assert post.went[0][1].startswith("(Có thể cô đã nhận tin này rồi.) Bà Tư trong tổ")


async def test_a_process_that_is_killed_while_it_sends_loses_nothing_and_doubles_nothing_in_secret(
    house: CrewHouse,
) -> None:
    await house.world.hears(PAGE, "tôi cần người giúp")
    post = Post(house)
    await post.written()
    post.hangs = True
    await post.telling.round()
    await asyncio.wait_for(post.hanging.wait(), 5)
    post.hangs = False
    other = post.process()
    await post.round(other)
    assert post.went == []  # it may be under way elsewhere
    house.world.store.at += dt.timedelta(minutes=20)
    await asyncio.gather(post.round(other), post.round(post.process()))
    assert [text.startswith("(Có thể cô đã nhận tin này rồi.)") for _, text in post.went] == [True]
    await post.telling.settled(stop=True)


async def test_a_process_that_is_told_to_stop_while_it_sends_leaves_it_to_the_next_at_once(house: CrewHouse) -> None:
    await house.world.hears(PAGE, "tôi cần người giúp")
    post = Post(house)
    await post.written()
    post.hangs = True
    await post.telling.round()
    await asyncio.wait_for(post.hanging.wait(), 5)
    await post.telling.settled(stop=True)
    post.hangs = False
    post.fails = [TryLater(1, "Telegram asks to wait")]
    await post.round(post.process())
    await post.round(post.process())
    assert [text.startswith("(Có thể cô đã nhận tin này rồi.)") for _, text in post.went] == [True]


async def test_a_call_goes_with_all_that_is_deleted_of_its_learner(house: CrewHouse) -> None:
    await house.world.hears(PAGE, "tôi cần người giúp")
    post = Post(house)
    await post.written()
    [call] = post.calls.held.values()
    assert PAGE not in repr(call)
    await post.passing([], {PHONE: "9-0"}, house.minute)
    assert len(post.calls.held) == 1
    await post.passing([], {PAGE: "9-0"}, house.minute)
    await post.round()
    assert (post.calls.held, post.went) == ({}, [])


async def test_nobody_is_told_of_what_was_long_ago(house: CrewHouse) -> None:
    await house.world.hears(PAGE, "tôi cần người giúp")
    post = Post(house)
    await post.written()
    house.world.store.at += dt.timedelta(minutes=MINUTES)
    late = Post(house)
    await late.written()
    assert not late.calls.held
    await post.round()
    assert (post.went, post.calls.held) == ([], {})


def called(*, team: int, crew: Crew) -> Turn:
    progress = Progress(agreed=20_000, place="menu", team=team)
    return take_turn(LIBRARY, progress, Typed("tôi cần người giúp"), Moment(NOON, crew=crew))


@pytest.mark.parametrize(
    ("team", "crew", "said"),
    [
        (0, {}, "Bạn chưa ở tổ nào nên mình chưa biết nhắn cho ai."),
        (127, {}, "Tổ của bạn chưa có người hỗ trợ nào ở đây."),
        (127, {1: Member(1, "Lan", "helper", "16093.1", 127)}, "Tổ có người hỗ trợ, nhưng lúc này mình không nhắn"),
        (127, {1: Member(1, "Lan", "helper", "16093.2", 128, reached=True)}, "Tổ của bạn chưa có người hỗ trợ nào"),
        (127, {1: Member(1, "Lan", "official", "16093.1", 127, reached=True)}, "Tổ của bạn chưa có người hỗ trợ"),
        (127, {1: Member(1, "Lan", "helper", "16093.1", 127, reached=True)}, "Mình đang nhắn cho người hỗ trợ"),
    ],
)
def test_the_learner_hears_whether_anybody_is_told(team: int, crew: Crew, said: str) -> None:
    turn = called(team=team, crew=crew)
    assert turn.reply.notes[0].startswith(said)
    assert [record.kind for record in turn.records] == ([CALLED] if team else [])
    assert (turn.progress.also or Also()).asked == (Moment(NOON).day if team else 0)


def test_help_stays_help() -> None:
    progress = Progress(agreed=20_000, place="menu", team=127)
    for words in ("giúp", "giúp tôi", "trợ giúp", "hướng dẫn"):
        assert take_turn(LIBRARY, progress, Typed(words), Moment(NOON)).progress.aside == "help"


@pytest.mark.parametrize(
    ("account", "minutes", "reached"),
    [
        ("telegram:7", 999_999, True),
        ("zalo-bot:7", 999_999, True),
        ("zalo-oa:7", 47 * 60, True),
        ("zalo-oa:7", 48 * 60, False),
        ("web:7", 0, False),
        ("terminal:7", 0, False),
    ],
)
def test_who_can_be_reached(account: str, minutes: int, *, reached: bool) -> None:
    assert reaches(account, minutes) is reached


def test_a_call_holds_nothing_else_of_the_learner() -> None:
    assert {field.name for field in msgspec.structs.fields(Call)} == {
        "minute", "called", "lesson", "step", "helpers", "version", "of",
    }  # fmt: skip
