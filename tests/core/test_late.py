"""Words that were sent before an update that counts already: they answer nothing shown since."""

import datetime as dt

import msgspec
import pytest
from small import small_library

from bot.core.progress import Progress, Spot, decode, encode
from bot.core.talk import FAR_BEHIND, LONGEST_WAY, take_turn
from bot.core.turn import Event, Moment, Spoke, Turn, Typed

LIBRARY = small_library()
NOW = Moment(dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC))
LAST = 20_000_000
ASKED = Progress(
    agreed=1, place="lesson", lesson="bai-01", spots={"bai-01": Spot("hoi")}, minute=NOW.minute, order=LAST
)


def turn(event: Event, order: int, progress: Progress = ASKED) -> Turn:
    return take_turn(LIBRARY, progress, event, msgspec.structs.replace(NOW, order=order))


@pytest.mark.parametrize("said", ["2", "không đưa cho ai", "mục lục", "chậm"])
@pytest.mark.parametrize("how", [Typed, lambda text: Spoke(text, certain=True)], ids=["typed", "said"])
def test_what_was_overtaken_moves_nothing_and_is_told(said: str, how: type[Typed]) -> None:
    for order in (LAST - 1, LAST - FAR_BEHIND + 1):
        taken = turn(how(said), order)
        assert taken.progress is ASKED
        assert taken.records == ()
        assert "đến chậm" in taken.reply.notes[0]


@pytest.mark.parametrize("order", [LAST + 1, LAST, LAST - FAR_BEHIND, 1, 0])
def test_what_was_not_overtaken_counts(order: int) -> None:
    taken = turn(Typed("2"), order)
    assert taken.records[0].kind == "answered"
    assert taken.progress.order == (order or LAST)


def test_after_two_days_nothing_is_late_any_more() -> None:
    before = msgspec.structs.replace(ASKED, minute=NOW.minute - LONGEST_WAY)
    assert turn(Typed("2"), LAST - 1, before).records[0].kind == "answered"


@pytest.mark.parametrize("said", ["nghe lại", "giúp", "dừng", "quay lại", "xin chào", "cảm ơn", "có người hỏi mã"])
def test_words_that_move_nothing_are_obeyed_however_late(said: str) -> None:
    late, timely = turn(Typed(said), LAST - 1), turn(Typed(said), LAST)
    assert (late.progress, late.reply) == (timely.progress, timely.reply)


def test_a_value_from_before_updates_had_an_order_is_read() -> None:
    older = msgspec.msgpack.decode(encode(ASKED), type=list)[: Progress.__struct_fields__.index("order")]
    assert decode(msgspec.msgpack.encode(older)) == msgspec.structs.replace(ASKED, order=0)
