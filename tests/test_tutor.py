import asyncio
import datetime as dt
from collections.abc import Callable, Sequence

import msgspec
import pytest
from small import REAL, small_library

from bot import tutor as module
from bot.core.progress import Progress, decode, encode
from bot.core.rebuild import rebuild
from bot.core.saving import Save, StoreDown
from bot.core.turn import Asked, Entry, Opened, Tapped, Typed
from bot.stores.memory import MemoryProgress
from bot.tutor import UNAGREED_FOR, Tutor

pytestmark = pytest.mark.anyio

NOON = dt.datetime(2026, 11, 22, 5, tzinfo=dt.UTC)


class Watched(MemoryProgress):
    """The memory store, which counts its calls, can fail, and gives way to others in between."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, int]] = []
        self.down = False
        self.lost_answers = 0

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        self.calls.append(("load", len(learners)))
        await asyncio.sleep(0)
        if self.down:
            raise StoreDown("the store is away")
        return await super().load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        self.calls.append(("save", len(saves)))
        await asyncio.sleep(0)
        if self.down:
            raise StoreDown("the store is away")
        written = await super().save(saves)
        if self.lost_answers:
            self.lost_answers -= 1
            raise StoreDown("it was written, but the answer got lost")
        return written


def tutor_over(store: Watched) -> Tutor:
    return Tutor(small_library(), store, lambda: NOON)


async def in_lesson(tutor: Tutor, learner: str = "an") -> int:
    """Bring a learner to the first step; return the turn number of its buttons."""
    for number, code in enumerate(("agree", "bac", "read", "l:bai-01")):
        reply = await tutor.hear(learner, Tapped(number, code), f"start {number}")
    return reply.turn


async def entries(store: Watched, learner: str = "an") -> list[Entry]:
    return [msgspec.msgpack.decode(record, type=Entry) for who, record in await store.journal() if who == learner]


async def test_an_update_delivered_twice_counts_once_and_is_answered_again() -> None:
    store = Watched()
    tutor = tutor_over(store)
    turn = await in_lesson(tutor)
    await tutor.hear("an", Tapped(turn, "next"), "u1")
    once = await tutor.hear("an", Tapped(turn + 1, "a"), "u2")
    value = (await store.load(["an"]))[0]
    again = await tutor.hear("an", Tapped(turn + 1, "a"), "u2")
    assert (await store.load(["an"]))[0] == value
    assert (
        again.notes
        == once.notes
        == (
            "Chưa đúng. Công an không hỏi mã.",
            "Gợi ý: Mã là của riêng mình.",
            "Bác thử lại một lần nữa nhé.",
        )
    )
    assert (again.text, again.buttons) == (once.text, once.buttons)
    answered = [record for entry in await entries(store) for record in entry.records if record.kind == "answered"]
    assert len(answered) == 1


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
async def test_a_link_into_a_lesson_waits_until_the_welcome_is_done(steps: int) -> None:
    tutor = tutor_over(Watched())
    codes = ("agree", "bac", "read")
    reply = await tutor.hear("an", Opened(), "u")
    for number, code in enumerate(codes[:steps]):
        reply = await tutor.hear("an", Tapped(reply.turn, code), f"before {number}")
    reply = await tutor.hear("an", Opened("bai-02-hai"), "link")
    for number, code in enumerate(codes[steps:]):
        reply = await tutor.hear("an", Tapped(reply.turn, code), f"after {number}")
    assert reply.text == "Một điều."
    assert reply.heading == "Bước 1 trên 1"


async def test_of_two_taps_at_once_one_wins_and_the_other_is_told() -> None:
    store = Watched()
    tutor = tutor_over(store)
    turn = await in_lesson(tutor)
    await tutor.hear("an", Tapped(turn, "next"), "u1")
    replies = await asyncio.gather(
        tutor.hear("an", Tapped(turn + 1, "b"), "window one"), tutor.hear("an", Tapped(turn + 1, "a"), "window two")
    )
    told = [reply for reply in replies if "của bước trước" in reply.notes[0]]
    assert len(told) == 1
    assert {reply.turn for reply in replies} == {turn + 2}
    answered = [record for entry in await entries(store) for record in entry.records if record.kind == "answered"]
    assert len(answered) == 1


async def test_what_arrives_together_is_loaded_and_saved_together() -> None:
    store = Watched()
    tutor = tutor_over(store)
    await asyncio.gather(*(tutor.hear(f"l{number}", Tapped(0, "agree"), "u") for number in range(40)))
    assert store.calls == [("load", 40), ("save", 40)]


class Gated(Watched):
    """A store that answers loads only while its gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        self.calls.append(("load", len(learners)))
        await self.gate.wait()
        return await MemoryProgress.load(self, learners)


async def until(seen: Callable[[], object]) -> None:
    for _ in range(10_000):
        if seen():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came")


async def test_what_arrives_while_a_call_is_under_way_goes_together_in_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 1000.0)
    store = Gated()
    tutor = tutor_over(store)
    turns = [asyncio.create_task(tutor.hear("first", Tapped(0, "agree"), "u"))]
    await until(lambda: store.calls)
    for number in range(40):
        turns.append(asyncio.create_task(tutor.hear(f"l{number}", Tapped(0, "agree"), "u")))
        await asyncio.sleep(0)
    assert store.calls == [("load", 1)]
    store.gate.set()
    await asyncio.gather(*turns)
    assert [call for call in store.calls if call[0] == "load"] == [("load", 1), ("load", 40)]


async def test_a_call_that_takes_long_does_not_hold_up_the_next() -> None:
    store = Gated()
    tutor = tutor_over(store)
    slow = asyncio.create_task(tutor.hear("first", Tapped(0, "agree"), "u"))
    await until(lambda: store.calls)
    others = [asyncio.create_task(tutor.hear(f"l{number}", Tapped(0, "agree"), "u")) for number in range(3)]
    await until(lambda: store.calls == [("load", 1), ("load", 3)])  # though the first is still under way
    store.gate.set()
    await asyncio.gather(slow, *others)


async def test_a_store_that_is_away_is_said_and_the_same_update_may_come_again() -> None:
    store = Watched()
    tutor = tutor_over(store)
    turn = await in_lesson(tutor)
    store.down = True
    failed = await tutor.hear("an", Tapped(turn, "next"), "u1")
    assert failed.failed
    assert failed.text.startswith("Xin lỗi bạn, máy đang trục trặc nên mình chưa ghi lại được.")
    assert failed.text.endswith("Một lát nữa bạn gửi lại giúp mình nhé.")
    looked = await tutor.look("an", lang="en")
    assert looked.failed
    assert looked.text.startswith("Sorry, something is not working")
    store.down = False
    assert (await tutor.hear("an", Tapped(turn, "next"), "u1")).heading == "Bước 2 trên 6"


async def test_a_save_whose_answer_got_lost_is_not_doubled() -> None:
    store = Watched()
    tutor = tutor_over(store)
    turn = await in_lesson(tutor)
    store.lost_answers = 1
    assert (await tutor.hear("an", Tapped(turn, "next"), "u1")).failed
    again = await tutor.hear("an", Tapped(turn, "next"), "u1")
    assert again.heading == "Bước 2 trên 6"
    assert not any("của bước trước" in note for note in again.notes)


async def test_without_consent_what_is_kept_vanishes_after_a_day() -> None:
    store = Watched()
    saved: list[Save] = []
    keep = store.save

    async def noted(saves: Sequence[Save]) -> list[bool]:
        saved.extend(saves)
        return await keep(saves)

    store.save = noted  # type: ignore[method-assign]  # to look at what passes
    tutor = tutor_over(store)
    await tutor.hear("an", Opened(), "u0")
    await tutor.hear("an", Typed("abc"), "u1")
    assert saved == []
    await tutor.hear("an", Typed("english"), "u2")
    await tutor.hear("an", Tapped(1, "agree"), "u3")
    assert [save.expires for save in saved] == [UNAGREED_FOR, None]


async def test_delete_me_strikes_everything_and_gives_a_receipt_once(capsys: pytest.CaptureFixture[str]) -> None:
    store = Watched()
    tutor = tutor_over(store)
    await in_lesson(tutor)
    await tutor.hear("binh", Tapped(0, "agree"), "u")
    await tutor.hear("an", Asked("delete"), "u1")
    gone = await tutor.hear("an", Typed("2"), "u2")
    left = decode((await store.load(["an"]))[0])
    receipt = left.note[0]
    assert f"Mã biên nhận: **{receipt}**" in gone.text
    assert left == Progress(turns=left.turns, seen=left.seen, minute=left.minute, place="gone", note=(receipt,))
    assert await entries(store) == []
    said = capsys.readouterr()
    logged = [line for line in (said.out + said.err).splitlines() if "all of a learner is deleted" in line]
    assert len(logged) == 1
    assert receipt in logged[0]
    assert "learner=" not in logged[0]
    assert len(await entries(store, "binh")) == 1
    again = await tutor.hear("an", Typed("2"), "u2")
    assert again.text == gone.text
    start = await tutor.hear("an", Typed("xin chào"), "u3")
    assert [button.code for button in start.buttons] == ["agree", "more", "decline", "lang:en"]


async def test_nothing_typed_reaches_the_store_or_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    store = Watched()
    tutor = tutor_over(store)
    await in_lesson(tutor)
    for number, text in enumerate(("038123456789", "bí mật của tôi", "tiep", "lộ mã 482913", "mot hai ba bon")):
        await tutor.hear("an", Typed(text), f"u{number}")
    store.down = True
    await tutor.hear("an", Typed("bí mật của tôi"), "u9")
    store.down = False
    kept = (await store.load(["an"]))[0] + b"".join(record for _, record in await store.journal())
    out = capsys.readouterr()
    for word in ("038123456789", "482913", "bí mật", "tiep", "mot hai"):
        assert word.encode() not in kept
        assert word not in out.out + out.err


async def test_a_value_from_a_newer_program_is_left_alone() -> None:
    store = Watched()
    tutor = tutor_over(store)
    newer = msgspec.msgpack.encode([2, 7, "what we can't know"])
    await store.save([Save("an", b"", newer)])
    assert (await tutor.hear("an", Typed("1"), "u")).failed
    assert (await store.load(["an"]))[0] == newer


async def test_a_damaged_value_is_left_alone() -> None:
    store = Watched()
    tutor = tutor_over(store)
    await store.save([Save("an", b"", b"\xc1 damaged")])
    assert (await tutor.hear("an", Typed("1"), "u")).failed
    assert (await tutor.look("an")).failed
    assert (await store.load(["an"]))[0] == b"\xc1 damaged"


async def test_looking_changes_nothing_and_greets_after_a_pause() -> None:
    store = Watched()
    at = NOON
    tutor = Tutor(small_library(), store, lambda: at)
    await in_lesson(tutor)
    value = (await store.load(["an"]))[0]
    assert (await tutor.look("an")).notes[0].startswith("Bắt đầu bài")
    at = NOON + dt.timedelta(hours=1)
    assert (await tutor.look("an")).notes[0] == "Cháu chào bác."
    at = NOON + dt.timedelta(days=40)
    assert (await tutor.look("an")).notes[0].startswith("Cháu chào bác. Đã 40 ngày cháu chưa gặp bác.")
    assert (await store.load(["an"]))[0] == value


async def test_the_journal_rebuilds_a_learner() -> None:
    store = Watched()
    tutor = Tutor(REAL, store, lambda: NOON)
    reply = await tutor.hear("an", Opened("at-02-gia-cong-an"), "u")
    for number in range(60):
        code = reply.buttons[min(number % 3, len(reply.buttons) - 1)].code
        reply = await tutor.hear("an", Tapped(reply.turn, code), f"u{number}")
    progress = decode((await store.load(["an"]))[0])
    told = rebuild(await entries(store))
    assert (told.spots, told.done, told.lesson) == (progress.spots, progress.done, progress.lesson)
    assert encode(told)
