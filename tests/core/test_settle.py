"""Where people are led when the lesson they are in changes, and what they are told."""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest
from lesson_texts import changed
from small import FIRST_LESSON, course, small_library

from bot.core.library import FIRST, Library
from bot.core.progress import Progress, Spot
from bot.core.settle import carry, settle
from bot.core.talk import show, take_turn
from bot.core.turn import Asked, Moment, Opened, Record, Tapped, Turn, Typed

NOW = Moment(dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC))
BEFORE = small_library()
HOI = FIRST_LESSON[FIRST_LESSON.index("  - id: hoi\n") : FIRST_LESSON.index("  - id: lam\n")]
ALTERED = "Bước này vừa được sửa cho đúng hơn"
LED = "Bước bạn đang học không còn nữa"
MOVED = "nên mình mời bạn học lại từ đầu bài"


def edited(old: str, new: str, before: Library = BEFORE, text: str = FIRST_LESSON) -> Library:
    """The library after an edit of the first lesson, as a running program has it."""
    fresh = small_library(changed(text, old, new))
    return replace(fresh, places=carry(before, fresh.lessons))


def restarted(library: Library) -> Library:
    return replace(library, places={})


def after(codes: str) -> Turn:
    """What someone has come to in the first lesson by tapping these, one after the other."""
    turn = take_turn(BEFORE, Progress(agreed=1, place="menu", turns=1), Opened("bai-01"), NOW)
    for code in codes.split():
        turn = take_turn(BEFORE, turn.progress, Tapped(turn.progress.turns, code), NOW)
    return turn


def spot(progress: Progress) -> Spot:
    assert progress.spot
    return progress.spot


REORDERED = (
    """      - {text: Đưa cho công an, because: Công an không hỏi mã.}
      - {text: Không đưa cho ai, right: true, because: Mã là chìa khóa.}
""",
    """      - {text: Không đưa cho ai, right: true, because: Mã là chìa khóa.}
      - {text: Đưa cho công an, because: Công an không hỏi mã.}
""",
)


@pytest.mark.parametrize(
    "change",
    [
        REORDERED,
        ("text: Mã OTP đưa cho ai?", "text: Mã OTP không đưa cho ai?"),
        ("text: Đưa cho công an", "text: Đưa cho công an thật"),
        ("id: hoi\n    kind: ask", "id: hoi-khac\n    was: [hoi]\n    kind: ask\n    tries: 3"),
    ],
    ids=["reordered", "asks something else", "a choice says something else", "only renamed"],
)
@pytest.mark.parametrize("typed", [True, False])
def test_an_answer_counts_only_for_the_question_that_was_shown(change: tuple[str, str], typed: bool) -> None:
    library, at_question = edited(*change), after("next").progress
    event = Typed("1") if typed else Tapped(at_question.turns, "a")
    turn = take_turn(library, at_question, event, NOW)
    if "was:" in change[1]:
        assert [record.kind for record in turn.records] == ["answered"]
        return
    assert turn.records == (Record("altered", "bai-01", "hoi"),)
    assert [note.split(",")[0] for note in turn.reply.notes] == [ALTERED]
    assert turn.reply.text == show(library, turn.progress, NOW).text
    again = take_turn(library, turn.progress, Typed("1"), NOW)
    assert [record.kind for record in again.records] == ["answered"] or again.records[0].right


def test_what_is_bettered_beside_the_question_holds_nobody_up() -> None:
    library = edited("hint: Mã là của riêng mình.", "hint: Mã là của riêng bác thôi.")
    library = edited("because: Công an không hỏi mã.", "because: Công an không bao giờ hỏi mã.", library)
    turn = take_turn(library, after("next").progress, Typed("1"), NOW)
    assert turn.records[0].kind == "answered"
    assert turn.reply.notes[0].endswith("Công an không bao giờ hỏi mã.")


def test_a_wrong_try_at_the_old_question_is_forgotten() -> None:
    tried = after("next a").progress
    assert spot(tried).tries == 1
    turn = take_turn(edited(*REORDERED), tried, Typed("2"), NOW)
    assert spot(turn.progress).tries == 0
    right = take_turn(edited(*REORDERED), turn.progress, Typed("1"), NOW)
    assert (spot(right.progress).right, spot(right.progress).asked) == (1, 1)


def test_what_the_last_answer_came_to_is_never_told_of_another_choice() -> None:
    tried = after("next a")
    assert any("Công an không hỏi mã." in note for note in tried.reply.notes)
    shown = show(edited(*REORDERED), tried.progress, NOW)
    assert not any("chìa khóa" in note for note in shown.notes)
    onward = after("next b")
    assert any("Mã là chìa khóa." in note for note in onward.reply.notes)
    assert not any("Công an" in note for note in show(edited(*REORDERED), onward.progress, NOW).notes)


def test_a_step_of_another_kind_takes_no_old_answer() -> None:
    at_task = after("next b").progress
    library = edited(
        'kind: do\n    text: "{Bạn} mở tin nhắn."\n    differs: Tìm chữ gần giống.', "kind: tell\n    text: Nghe thôi."
    )
    turn = take_turn(library, at_task, Typed("1"), NOW)
    assert turn.records == (Record("altered", "bai-01", "lam"),)
    assert turn.reply.text == "Nghe thôi."


def test_a_word_that_works_anywhere_works_at_once() -> None:
    turn = take_turn(edited(*REORDERED), after("next").progress, Asked("menu"), NOW)
    assert turn.progress.place == "menu"


def test_under_what_lies_over_the_lesson_nothing_is_refused() -> None:
    helped = take_turn(BEFORE, after("next").progress, Asked("help"), NOW).progress
    back = take_turn(edited(*REORDERED), helped, Tapped(helped.turns, "resume"), NOW)
    assert back.progress.aside == ""
    answered = take_turn(edited(*REORDERED), back.progress, Tapped(back.progress.turns, "a"), NOW)
    assert answered.records[0] == Record("answered", "bai-01", "hoi", "a", right=True, first=True)


def test_behind_a_step_that_is_gone_people_go_on_with_their_score() -> None:
    at_task = after("next b").progress
    library = edited('  - id: lam\n    kind: do\n    text: "{Bạn} mở tin nhắn."\n    differs: Tìm chữ gần giống.\n', "")
    turn = take_turn(library, at_task, Tapped(at_task.turns, "done"), NOW)
    assert turn.records == (Record("led", "bai-01", "hoi-hai"),)
    assert spot(turn.progress) == Spot("hoi-hai", right=1, asked=1)
    assert LED in turn.reply.notes[-1]


def test_what_was_put_in_the_place_of_a_step_is_not_passed_over() -> None:
    library = edited("  - id: lam\n", "  - {id: moi, kind: tell, text: Mới.}\n  - id: lam-khac\n")
    assert settle(library, after("next b").progress).progress.spot == Spot("moi", right=1, asked=1)


def test_where_the_last_step_is_gone_people_go_on_at_the_one_before() -> None:
    at_end = after("next b done a next b next").progress
    assert spot(at_end).step == "het"
    library = edited("  - {id: het, kind: tell, text: Hết bài.}\n", "")
    assert spot(settle(library, at_end).progress).step == "goi"


def test_where_the_first_step_is_gone_people_begin_with_the_next() -> None:
    library = edited('  - {id: ke, kind: tell, text: "{Bạn} bấm **Tiếp**."}\n', "")
    assert settle(library, after("").progress) == (
        msgspec.structs.replace(after("").progress, spots={"bai-01": Spot("hoi")}, note=("led",)),
        "led",
    )


def test_gone_steps_are_remembered_over_several_edits() -> None:
    once = edited("  - id: lam\n", "  - id: lam-hai\n")
    text = changed(FIRST_LESSON, "  - id: lam\n", "  - id: lam-hai\n")
    twice = edited("  - id: lam-hai\n", "  - id: lam-ba\n", once, text)
    assert twice.places == {"bai-01": {"lam": "lam-ba", "lam-hai": "lam-ba"}}


def test_a_program_that_was_started_anew_begins_the_lesson_anew() -> None:
    turn = take_turn(
        restarted(edited("  - id: lam\n", "  - id: lam-hai\n")), after("next b").progress, Typed("xong"), NOW
    )
    assert turn.records == (Record("moved", "bai-01", "ke"),)
    assert spot(turn.progress) == Spot("ke")
    assert MOVED in turn.reply.notes[-1]


def test_whoever_comes_back_to_a_lesson_is_told_then() -> None:
    in_menu = take_turn(BEFORE, after("next b").progress, Asked("menu"), NOW).progress
    library = edited("  - id: lam\n", "  - id: lam-hai\n")
    looked = take_turn(library, in_menu, Asked("settings"), NOW)
    assert not any(LED in note for note in looked.reply.notes)
    back = take_turn(library, looked.progress, Opened("bai-01"), NOW)
    assert back.records == (Record("resumed", "bai-01", "lam"), Record("led", "bai-01", "lam-hai"))
    assert any(LED in note for note in back.reply.notes)


def test_a_lesson_that_was_away_is_taken_up_where_it_was() -> None:
    at_question = after("next").progress
    lessons = {key: each for key, each in BEFORE.lessons.items() if key != "bai-01"}
    away = replace(BEFORE, lessons=lessons, courses=({FIRST: course(("bai-02-hai",))},))
    shown = take_turn(away, at_question, Typed("giúp"), NOW)
    assert any("không còn nữa" in note for note in show(away, at_question, NOW).notes)
    back = take_turn(BEFORE, shown.progress, Opened("bai-01"), NOW)
    assert back.reply.heading == "Bước 2 trên 6"


def test_a_value_from_before_it_was_kept_is_believed() -> None:
    older = msgspec.structs.replace(after("next").progress, shown=0)
    assert take_turn(edited(*REORDERED), older, Typed("1"), NOW).records[0].kind == "answered"
