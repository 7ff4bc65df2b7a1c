"""What is said back to a learner who spoke and wasn't heard well, or not at all."""

import datetime as dt
from typing import get_args

import pytest
from small import REAL, small_library

from bot.core.progress import Progress, Spot
from bot.core.talk import take_turn
from bot.core.turn import Event, Moment, Spoke, Turn, Typed, Unheard, Why

LIBRARY = small_library()
NOW = Moment(dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC))
MENU = Progress(agreed=1, place="menu", minute=NOW.minute)
ASKED = Progress(agreed=1, place="lesson", lesson="bai-01", spots={"bai-01": Spot("hoi")}, minute=NOW.minute)


def turn(progress: Progress, event: Event) -> Turn:
    return take_turn(LIBRARY, progress, event, NOW)


@pytest.mark.parametrize(
    ("progress", "said", "names"),
    [
        (ASKED, "hai", ["**2. Không đưa cho ai**", "nói lại số đó"]),
        (ASKED, "không đưa cho ai", ["**2. Không đưa cho ai**", "nói lại số đó"]),
        (ASKED, "đưa cho", ["**1. Đưa cho công an**", "hay là", "nói lại số"]),
        (ASKED, "tiếp tục", ["**tiếp**", "nói lại một lần nữa"]),
        (ASKED, "mục lục", ["**mục lục**"]),
        (ASKED, "nói chậm", ["**chậm**"]),
        (MENU, "bài hai", ["**Bài hai**", "nói lại một lần nữa"]),
        (MENU, "cài đặt", ["Cài đặt**"]),
        (ASKED, "ờ thì", ["nghe chưa ra ý"]),
        (ASKED, "", ["nghe chưa ra ý"]),
        (ASKED, "lá la " * 60, ["dài quá"]),
    ],
)
def test_doubtful_words_are_asked_back_by_name(progress: Progress, said: str, names: list[str]) -> None:
    taken = turn(progress, Spoke(said, certain=False))
    assert taken.progress is progress
    assert taken.records == ()
    (note,) = taken.reply.notes
    assert [name for name in names if name not in note] == []


@pytest.mark.parametrize("said", ["nghe lại", "giúp", "dừng", "quay lại", "xin chào", "cảm ơn", "có người hỏi mã"])
def test_words_that_move_nothing_are_obeyed_all_the_same(said: str) -> None:
    doubtful, typed = turn(ASKED, Spoke(said, certain=False)), turn(ASKED, Typed(said))
    assert (doubtful.progress, doubtful.reply) == (typed.progress, typed.reply)
    assert doubtful.progress.spots == ASKED.spots


@pytest.mark.parametrize("said", ["hai", "không đưa cho ai", "mục lục", "tiếp", "quét mã", "một hai ba bốn", "xóa"])
def test_certain_words_do_what_typed_ones_do(said: str) -> None:
    spoken, typed = turn(ASKED, Spoke(said, certain=True)), turn(ASKED, Typed(said))
    assert (spoken.progress, spoken.records, spoken.reply.secret) == (typed.progress, typed.records, typed.reply.secret)


@pytest.mark.parametrize("certain", [True, False])
def test_a_secret_that_is_said_is_warned_of(certain: bool) -> None:
    taken = turn(ASKED, Spoke("mã của bác là bốn tám hai chín một ba", certain))
    assert taken.reply.secret
    assert taken.progress is ASKED


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("why", get_args(Why))
def test_why_nothing_was_heard_is_said(why: Why, lang: str) -> None:
    progress = Progress(agreed=1, place="menu", lang=lang, minute=NOW.minute)
    taken = turn(progress, Unheard(why))
    assert taken.progress is progress
    assert taken.reply.notes
    helped = REAL.phrases[lang].says.how_to_speak.format_map({"bạn": "bạn", "Bạn": "Bạn", "mình": "mình"})
    assert (taken.reply.notes[-1] == helped) == (why in {"too short", "silent"})


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_is_asked_that_yes_would_answer(lang: str) -> None:
    says = REAL.phrases[lang].says.model_dump()
    heard = [text for key, text in says.items() if key.startswith("heard") or key in {"cant_hear", "how_to_speak"}]
    assert len(heard) == 11
    assert [text for text in heard if "?" in text] == []
