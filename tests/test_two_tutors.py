"""Two tutors over one store, as two server processes are: what one has at hand never hides what the other did."""

import asyncio
import copy
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Sequence
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small_library

from bot import tutor as module
from bot.core.progress import decode
from bot.core.saving import Save, StoreDown
from bot.core.turn import Asked, Blocked, Entry, Event, Opened, Reply, Sent, Tapped, Typed
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor

pytestmark = pytest.mark.anyio

LIBRARY = small_library()
NOON = dt.datetime(2026, 11, 22, 5, tzinfo=dt.UTC)


class Clock:
    """The time, for tutors and for the store."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> dt.datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()


class Watched(MemoryProgress):
    """The memory store, which counts what is asked of it, and can be away."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock.seconds)
        self.loads = self.saves = 0
        self.down = False
        self.lost_answers = 0

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        self.loads += len(learners)
        if self.down:
            raise StoreDown("away")
        return await super().load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        self.saves += len(saves)
        if self.down:
            raise StoreDown("away")
        written = await super().save(saves)
        if self.lost_answers:
            self.lost_answers -= 1
            raise StoreDown("it was written, but the answer got lost")
        return written


class Two:
    """A store, and two tutors at it. `hears` brings one more update of An to one of them."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.store = Watched(self.clock)
        self.a, self.b = (Tutor(LIBRARY, self.store, self.clock.now) for _ in range(2))
        self._updates = itertools.count()

    async def hears(self, tutor: Tutor, event: Event, update: str = "", learner: str = "an") -> Reply:
        return await tutor.hear(learner, event, update or f"new {next(self._updates)}")

    async def walks(self, tutor: Tutor, *codes: str, learner: str = "an") -> Reply:
        """Tap one button after the other, all of them new."""
        for code in codes:
            turn = (await tutor.look(learner)).turn
            reply = await self.hears(tutor, Tapped(turn, code), learner=learner)
        return reply

    async def answered(self) -> list[str]:
        entries = [msgspec.msgpack.decode(record, type=Entry) for _, record in await self.store.journal()]
        return [record.choice for entry in entries for record in entry.records if record.kind == "answered"]


TO_TELL = ("agree", "bac", "read", "l:bai-01")  # after these An is told something, and may go on to a question
SAVES_NOTHING: list[Callable[[int], Event]] = [
    lambda turn: Tapped(turn, "next"),  # a late tap, once the other has moved on
    lambda turn: Tapped(turn - 1, "l:bai-01"),  # later still
    lambda _turn: Typed("không phải chữ nào"),
    lambda _turn: Asked("again"),
    lambda _turn: Sent(),
    lambda _turn: Opened(),
]


@pytest.fixture
def two() -> Two:
    return Two()


async def test_what_a_tutor_saved_last_spares_it_the_load(two: Two) -> None:
    await two.walks(two.a, *TO_TELL)
    turn, two.store.loads = len(TO_TELL), 0
    for number in range(10):
        await two.hears(two.a, Asked("slow" if number % 2 else "normal"))
    assert two.store.loads == 0
    await two.hears(two.b, Asked("slow"))  # the other one can't know
    assert two.store.loads == 1
    assert (await two.a.look("an")).turn > turn


@pytest.mark.parametrize("event", SAVES_NOTHING)
async def test_what_saves_nothing_shows_where_the_other_has_brought_them(
    two: Two, event: Callable[[int], Event]
) -> None:
    told = await two.walks(two.a, *TO_TELL)
    asked = await two.hears(two.b, Tapped(told.turn, "next"))
    assert (told.heading, asked.heading) == ("Bước 1 trên 6", "Bước 2 trên 6")
    shown = await two.hears(two.a, event(told.turn))
    assert (shown.heading, shown.turn, shown.buttons) == (asked.heading, asked.turn, asked.buttons)
    assert await two.answered() == []


@pytest.mark.parametrize("answer", [Typed("2"), Typed("khong dua cho ai")])
async def test_what_is_typed_answers_what_the_other_has_shown(two: Two, answer: Event) -> None:
    told = await two.walks(two.a, *TO_TELL)
    await two.hears(two.b, Tapped(told.turn, "next"))
    assert (await two.hears(two.a, answer)).notes[0].startswith("Đúng rồi.")
    assert await two.answered() == ["b"]


async def test_an_update_that_comes_to_both_counts_once_and_is_answered_by_both(two: Two) -> None:
    turn = (await two.walks(two.a, *TO_TELL, "next")).turn
    answer = Tapped(turn, "a")
    replies = [await two.hears(tutor, answer, "the same") for tutor in (two.a, two.b, two.a)]
    assert replies[0] == replies[1] == replies[2]
    assert await two.answered() == ["a"]


async def test_an_update_that_comes_again_shows_where_the_other_has_brought_them(two: Two) -> None:
    turn = (await two.walks(two.a, *TO_TELL, "next")).turn
    answer = Tapped(turn, "a")
    await two.hears(two.a, answer, "the same")
    onward = await two.hears(two.b, Tapped(turn + 1, "b"))
    shown = await two.hears(two.a, answer, "the same")
    assert (shown.heading, shown.turn) == (onward.heading, turn + 2) == ("Bước 3 trên 6", turn + 2)
    assert await two.answered() == ["a", "b"]


async def test_an_update_at_both_in_the_same_moment_counts_once(two: Two) -> None:
    turn = (await two.walks(two.a, *TO_TELL, "next")).turn
    await two.b.look("an")
    answer = Tapped(turn, "a")
    replies = await asyncio.gather(*(two.hears(tutor, answer, "the same") for tutor in (two.a, two.b, two.a)))
    assert replies[0] == replies[1] == replies[2]
    assert await two.answered() == ["a"]


@pytest.mark.parametrize("event", [*SAVES_NOTHING, lambda _: Asked("data"), lambda _: Typed("1")])
async def test_after_delete_me_at_one_the_other_shows_nothing_of_them(two: Two, event: Callable[[int], Event]) -> None:
    told = await two.walks(two.b, *TO_TELL)  # so that B has them at hand
    await two.hears(two.a, Asked("delete"))
    gone = await two.hears(two.a, Typed("2"))
    assert "Mã biên nhận" in gone.text
    shown = await two.hears(two.b, event(told.turn))
    assert not shown.steps
    assert "bài một" not in "".join((*shown.notes, shown.text)).lower()
    assert "bác" not in (*shown.notes, shown.text, shown.export)  # as they were called
    [value] = await two.store.load(["an"])
    left = decode(value)
    assert (left.agreed, left.spots, left.done, left.lesson) == (0, {}, {}, "")
    assert await two.store.journal() == []


async def test_a_life_that_was_deleted_stays_so_when_the_turns_come_to_the_same_number(two: Two) -> None:
    """The turn number can't tell the two lives: the store must compare all of a value."""

    async def live(tutor: Tutor, address: str, turns: int) -> Reply:
        reply = await two.walks(tutor, "agree", address, "read", "l:bai-01")
        while reply.turn < turns:
            reply = await two.hears(tutor, Asked("normal" if reply.slow else "slow"))
        return reply

    await live(two.b, "bac", 300)
    await two.hears(two.a, Asked("delete"))
    await two.hears(two.a, Typed("2"))
    two.clock.at += dt.timedelta(days=1, minutes=1)
    assert await two.store.load(["an"]) == [b""]
    await live(two.a, "co", 300)
    assert (await two.hears(two.b, Asked("settings"))).turn == 301
    [value] = await two.store.load(["an"])
    assert decode(value).address == "co"


async def test_what_could_not_be_saved_is_not_at_hand(two: Two) -> None:
    told = await two.walks(two.a, *TO_TELL)
    two.store.down = True
    assert (await two.hears(two.a, Tapped(told.turn, "next"), "u1")).failed
    two.store.down = False
    two.store.loads = 0
    assert (await two.hears(two.a, Tapped(told.turn, "next"), "u1")).heading == "Bước 2 trên 6"
    assert two.store.loads == 1


async def test_what_was_saved_without_an_answer_is_not_at_hand(two: Two) -> None:
    turn = (await two.walks(two.a, *TO_TELL, "next")).turn
    two.store.lost_answers = 1
    assert (await two.hears(two.a, Tapped(turn, "a"), "u1")).failed
    again = await two.hears(two.a, Tapped(turn, "a"), "u1")
    assert (again.turn, again.notes[0]) == (turn + 1, "Chưa đúng. Công an không hỏi mã.")
    assert await two.answered() == ["a"]


async def test_who_has_not_agreed_is_not_at_hand(two: Two) -> None:
    await two.hears(two.a, Typed("english"))
    two.store.loads = 0
    await two.hears(two.a, Typed("tieng viet"))
    assert two.store.loads == 1


async def test_only_so_many_are_at_hand(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    people = "abcde"
    for learner in people:
        await two.walks(two.a, *TO_TELL, learner=learner)
    found = {}
    for learner in reversed(people):  # the latest first, for each load drives nobody out
        two.store.loads = 0
        await two.hears(two.a, Asked("slow"), learner=learner)
        found[learner] = two.store.loads
    assert found == {"a": 1, "b": 1, "c": 0, "d": 0, "e": 0}


# Any updates, to either tutor, some in the same moment: as if one tutor had taken them one after the other.

TYPED = ("1", "2", "tiep", "không phải chữ nào", "english", "mã là 482913")
ASKED = ("again", "help", "delete", "data", "settings", "menu")
ODD: tuple[Event, ...] = (Opened(), Opened("bai-02"), Blocked(away=True), Blocked(away=False), Sent(), Typed("2"))
Act = tuple[int, str, int]  # at which tutor, what, which of them

acts = st.tuples(
    st.integers(0, 1),
    st.sampled_from(["tap", "tap", "tap", "late", "again", "again", "type", "ask", "odd"]),
    st.integers(0, 5),
)
minutes = st.sampled_from([0, 0, 0, 0, 1, 13 * 60, 25 * 60])
plans = st.lists(st.tuples(minutes, st.one_of(st.tuples(acts), st.tuples(acts), st.tuples(acts, acts))), max_size=25)


class Slow(MemoryProgress):
    """The memory store, whose calls take some rounds of the event loop, before and after they are carried out."""

    def __init__(self, clock: Callable[[], float], rounds: Iterable[int]) -> None:
        super().__init__(clock)
        self._rounds = itertools.cycle(rounds)

    async def _wait(self) -> None:
        for _ in range(next(self._rounds)):
            await asyncio.sleep(0)

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        await self._wait()
        values = await super().load(learners)
        await self._wait()
        return values

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        await self._wait()
        written = await super().save(saves)
        await self._wait()
        return written


class Run:
    """One plan carried out at two tutors, held beside a tutor made anew for each update."""

    def __init__(self, rounds: Iterable[int]) -> None:
        self.clock = Clock()
        self.store = Slow(self.clock.seconds, rounds)
        self.tutors = [self.tutor(self.store) for _ in range(2)]
        self.replies: list[Reply] = []
        self.updates: list[tuple[Event, str]] = []

    def tutor(self, store: MemoryProgress) -> Tutor:
        return Tutor(LIBRARY, store, self.clock.now)

    def meant(self, what: str, which: int) -> tuple[Event, str]:
        """Return the event, and the update's name."""
        new = f"u{len(self.updates)}"
        buttons = [(reply.turn, button.code) for reply in self.replies for button in reply.buttons]
        last = self.replies[-1]
        match what:
            case "again" if self.updates:
                return self.updates[-1 - which % min(len(self.updates), 3)]
            case "late" if buttons:
                return Tapped(*buttons[-1 - which * 3 % len(buttons)]), new
            case "type":
                return Typed(TYPED[which]), new
            case "ask":
                return Asked(ASKED[which]), new
            case "odd":
                return ODD[which], new
            case _:
                return Tapped(last.turn, last.buttons[which % len(last.buttons)].code), new

    async def does(self, plan: Sequence[Act]) -> None:
        """Bring these updates at once, and see that it was as in one of their orders."""
        taken: list[tuple[Tutor, Event, str]] = []
        for where, what, which in plan:
            event, update = self.meant(what, which)
            self.updates.append((event, update))
            taken.append((self.tutors[where], event, update))
        wanted = [await self.plainly(order) for order in itertools.permutations(range(len(taken)))]
        replies = await asyncio.gather(*(tutor.hear("an", event, update) for tutor, event, update in taken))
        got = replies, await self.store.load(["an"]), await self.store.journal()
        assert got in wanted
        self.replies += sorted(replies, key=lambda reply: reply.turn)

    async def plainly(self, order: Sequence[int]) -> tuple[list[Reply], list[bytes], list[tuple[str, bytes]]]:
        store = copy.deepcopy(self.store)
        updates = self.updates[-len(order) :]
        replies = {at: await self.tutor(store).hear("an", *updates[at]) for at in order}
        return [replies[at] for at in sorted(order)], await store.load(["an"]), await store.journal()


@settings(max_examples=120, deadline=None)
@given(plan=plans, rounds=st.lists(st.integers(0, 4), min_size=1, max_size=7), new=st.integers(0, 3))
def test_any_updates_at_two_tutors_come_to_the_same_as_at_one(
    plan: list[tuple[int, tuple[Act, ...]]], rounds: list[int], new: int
) -> None:
    async def carry_out() -> None:
        run = Run(rounds)
        run.replies.append(await run.tutors[0].hear("an", Opened(), "before"))
        for number, code in enumerate((*TO_TELL, "next") if new else ()):
            run.replies.append(await run.tutors[number % 2].hear("an", Tapped(number, code), f"before {number}"))
        for pause, at_once in plan:
            run.clock.at += dt.timedelta(minutes=pause)
            await run.does(at_once)

    # No dice, so that two runs can be compared.
    no_codes = mock.patch("bot.accounts.Accounts._give", return_value="482913")
    with mock.patch("bot.tutor._receipt", return_value="1234-5678"), no_codes:
        asyncio.run(carry_out())
