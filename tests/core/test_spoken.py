"""What is heard of a reply, and that all of it is known ahead."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from small import REAL, small_library

from bot.core.lesson import Picture
from bot.core.library import Library
from bot.core.progress import Progress
from bot.core.sayable import NOW, Sayable, sayable
from bot.core.spoken import LONGEST, NEW, spoken, text_of
from bot.core.talk import show, take_turn, trouble
from bot.core.turn import Asked, Button, Event, Opened, Reply, Tapped, Typed
from bot.core.wording import FORMS

QUESTION = Reply(
    turn=3,
    lang="vi",
    text="Bác đưa **mã OTP** cho ai?",
    buttons=(Button("a", "Không đưa cho ai"), Button("b", "Đưa cho **công an** (113)")),
    notes=("Đúng rồi. Mã là chìa khóa 🔑.",),
    heading="Bước 2 trên 7",
    step=2,
    steps=7,
)
HOW = "Xin trả lời bằng số. Muốn nghe lại thì trả lời: nghe lại."


def heard(reply: Reply = QUESTION, library: Library = REAL, **changes: object) -> tuple[str, ...]:
    return spoken(replace(reply, **changes), library)


def test_feedback_is_heard_before_the_next_question_and_its_choices() -> None:
    assert heard() == (
        "Đúng rồi. Mã là chìa khóa.",
        "Bước hai trên bảy.",
        "Bác đưa mã ô tê pê cho ai?",
        "Một: Không đưa cho ai.",
        "Hai: Đưa cho công an, một một ba.",
        HOW,
    )


def test_a_transcript_has_a_line_for_each_part() -> None:
    assert text_of(heard(notes=(), heading="", buttons=())) == "Bác đưa mã ô tê pê cho ai?"
    assert text_of(heard()).splitlines() == list(heard())


def test_the_same_choice_is_the_same_part_wherever_it_stands() -> None:
    other = Reply(turn=40, lang="vi", text="Còn số thẻ?", buttons=QUESTION.buttons)
    assert set(heard(other)) - set(heard()) == {"Còn số thẻ?"}


@pytest.mark.parametrize(
    ("turn", "buttons", "told"),
    [(0, 2, True), (NEW - 1, 2, True), (NEW, 2, False), (3, 1, False), (3, 0, False), (3, 9, True)],
)
def test_newcomers_are_told_how_to_answer_where_there_is_a_choice(turn: int, buttons: int, *, told: bool) -> None:
    several = tuple(Button(str(number), "Nút") for number in range(buttons))
    assert (HOW in heard(turn=turn, buttons=several)) is told


def test_choices_beyond_nine_have_numbers_too() -> None:
    parts = heard(buttons=tuple(Button(str(number), "Nút") for number in range(21)), turn=NEW)
    assert parts[-13:-10] == ("Chín: Nút.", "Mười: Nút.", "Mười một: Nút.")
    assert parts[-1] == "Hai mươi mốt: Nút."


def test_numbers_are_said_in_the_language_of_the_reply() -> None:
    assert heard(lang="en", text="Who?", notes=(), heading="Step 2 of 7", buttons=(Button("a", "Nobody (113)"),)) == (
        "Step two of seven.",
        "Who?",
        "One: Nobody, one one three.",
    )


def test_a_picture_is_told() -> None:
    picture = Picture(file="nut.png", alt="Nút **Tiếp** màu xanh.")
    assert heard(picture=picture, notes=(), heading="", buttons=()) == (
        "Bác đưa mã ô tê pê cho ai?",
        "Trong hình: Nút Tiếp màu xanh.",
    )


def test_json_is_not_read_out() -> None:
    parts = heard(export='{\n  "language": "vi"\n}', notes=(), heading="", buttons=())
    assert parts == ("Bác đưa mã ô tê pê cho ai?", "Bản đầy đủ nằm trong phần chữ.")


def test_paragraphs_are_parts_and_lines_are_sentences() -> None:
    assert heard(text="Một\nHai:\nBa!\n\n  \nBốn", notes=(), heading="", buttons=()) == ("Một. Hai: Ba!", "Bốn.")


def test_what_has_nothing_to_say_is_no_part() -> None:
    assert heard(text="😀 …", notes=("", "**  **"), heading="--", buttons=()) == ()
    assert heard(text="", notes=(), heading="", buttons=(Button("a", "👍"),)) == ("Một.",)


def test_a_failed_reply_is_heard() -> None:
    (part,) = spoken(trouble(REAL, Progress(address="bac"), "vi"), REAL)
    assert part.startswith("Xin lỗi bác, máy đang trục trặc")


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("aă ,.!?\n1**"), max_size=3000), st.sampled_from(["vi", "en"]))
def test_every_part_is_short_and_comes_to_an_end(text: str, lang: str) -> None:
    parts = spoken(Reply(1, lang, text), REAL)
    for part in parts:
        assert 0 < len(part) <= LONGEST
        assert part[-1] in ".!?"
        assert re.search(r"\w", part)


def test_a_long_text_is_cut_between_its_sentences_and_loses_nothing() -> None:
    sentences = [f"Câu này nói điều thứ nhất và {'rất ' * (number % 30)}dài dòng." for number in range(60)]
    parts = heard(text=" ".join(sentences), notes=(), heading="", buttons=())
    assert len(parts) > 5
    assert " ".join(parts) == " ".join(sentences)


def test_a_sentence_too_long_is_cut_where_one_may_breathe() -> None:
    parts = heard(text=f"{'một hai, ' * 200}ba", notes=(), heading="", buttons=())
    assert all(part.endswith("hai.") for part in parts[:-1])
    whole = heard(text="x" * 3 * LONGEST, notes=(), heading="", buttons=())
    assert sum(part.count("x") for part in whole) == 3 * LONGEST


def learn(library: Library, progress: Progress, *events: Event) -> Iterator[Reply]:
    for event in events:
        turn = take_turn(library, progress, event, NOW)
        progress = turn.progress
        yield turn.reply


@pytest.mark.parametrize("address", FORMS)
def test_the_number_of_the_step_is_not_said_again_to_who_stays(address: str) -> None:
    library = small_library()
    at_menu = Progress(agreed=1, address=address, listens=True, place="menu", turns=50)
    events: list[Event] = [Opened("bai-01"), *map(Typed, "12211113"), Asked("back")]
    headings = [
        [part for part in spoken(reply, library) if part.startswith(("Bước", "Xem lại"))]
        for reply in learn(library, at_menu, *events)
    ]
    assert headings == [
        ["Bước một trên sáu."],
        ["Bước hai trên sáu."],
        ["Bước ba trên sáu."],
        ["Bước ba trên sáu."],  # the screen differs
        ["Bước bốn trên sáu."],
        ["Bước năm trên sáu."],
        [],  # in the rehearsal
        [],
        [],
        ["Xem lại bước bốn trên sáu."],
    ]
    again = list(learn(library, at_menu, Opened("bai-01"), Typed("1"), Typed("1")))[-1]
    assert again.heading
    assert heard(again, library, turn=50) == (
        "Chưa đúng. Công an không hỏi mã.",
        "Gợi ý: Mã là của riêng mình.",
        f"{FORMS[address].learner.capitalize()} thử lại một lần nữa nhé.",
        "Mã ô tê pê đưa cho ai?" if library.pronunciation.vi.words else "Mã O T P đưa cho ai?",
        "Một: Đưa cho công an.",
        "Hai: Không đưa cho ai.",
        "Ba: Đưa cho ngân hàng.",
    )


WORDS = ["again", "back", "next", "help", "slow", "normal", "urgent", "hello", "thanks"]


def ahead(library: Library, lang: str, *addresses: str) -> list[Sayable]:
    return list(sayable(library, lang, addresses))


@pytest.mark.parametrize(("lang", "address"), [("vi", "bac"), ("vi", "chi"), ("en", "ban")])
@pytest.mark.parametrize("pattern", ["1", "2", "3", "12", "123", "3121"])
def test_who_learns_straight_on_hears_nothing_that_was_not_known_ahead(lang: str, address: str, pattern: str) -> None:
    known = {each.text for each in ahead(REAL, lang, address)}
    progress = Progress(lang=lang, address=address, listens=True, agreed=1, place="menu")
    for key in REAL.order:
        event: Event = Opened(key)
        for number in range(200):
            turn = take_turn(REAL, progress, event, NOW)
            progress = turn.progress
            assert set(spoken(turn.reply, REAL)) <= known
            if progress.place.startswith("finish"):
                break
            pick = int(pattern[number % len(pattern)])
            event = Tapped(turn.reply.turn, turn.reply.buttons[min(pick, len(turn.reply.buttons)) - 1].code)
            if number > 100:  # around in circles: now the last way, which leads on
                event = Tapped(turn.reply.turn, turn.reply.buttons[-1].code)
        assert progress.place == f"finish:{key}"
        progress = take_turn(REAL, progress, Asked("menu"), NOW).progress
        assert set(spoken(show(REAL, progress, NOW), REAL)) <= known


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.integers(1, 4), st.sampled_from(WORDS)), max_size=40), st.sampled_from(["bac", "chi"]))
def test_who_wanders_about_in_a_lesson_hears_nothing_that_was_not_known_ahead(
    ways: list[int | str], address: str
) -> None:
    library = small_library()
    known = {each.text for each in KNOWN[address]}
    progress = Progress(address=address, listens=True, agreed=1, place="menu")
    turn = take_turn(library, progress, Opened("bai-01"), NOW)
    for way in ways:
        if not turn.progress.place.startswith("lesson"):
            break
        event: Event = Asked(way) if isinstance(way, str) else Typed(str(way))
        turn = take_turn(library, turn.progress, event, NOW)
        assert set(spoken(turn.reply, library)) <= known


KNOWN = {address: ahead(small_library(), "vi", address) for address in ("bac", "chi")}


def test_what_can_be_said_comes_once_and_in_the_order_of_the_lessons() -> None:
    found = ahead(REAL, "vi", "bac", "chi")
    texts = [each.text for each in found]
    assert len(texts) == len(set(texts))
    of_bac = [each.lesson for each in ahead(REAL, "vi", "bac")]
    order = ["", *REAL.order]
    assert of_bac == sorted(of_bac, key=order.index)
    assert found == ahead(REAL, "vi", "bac", "chi")
    assert [text for text in texts if "Bác" in text or "bác" in text]
    assert not [
        text for text in texts[: len(of_bac)] if re.search(r"\b[Cc]hị\b(?! thử|\.)", text) and "Bảy" not in text
    ]


def test_each_part_names_its_lesson_and_step() -> None:
    found = {each.text: each for each in KNOWN["bac"]}
    assert found["Bác bấm Tiếp."] == Sayable("bai-01", "ke", "Bác bấm Tiếp.")
    assert found["Đúng rồi. Mã là chìa khóa."][:2] == ("bai-01", "hoi")
    assert found["Chưa đúng. Ngân hàng không hỏi mã."][:2] == ("bai-01", "hoi")
    assert found["Người lạ: Đọc mã cho tôi."][:2] == ("bai-01", "goi")
    assert found["Đó là kẻ lừa."][:2] == ("bai-01", "goi")
    assert found["Tìm chữ gần giống."][:2] == ("bai-01", "lam")
    assert found["Bác trả lời đúng ngay lần đầu hai trong hai câu."][:2] == ("bai-01", "")
    assert found["Bác sẽ làm gì?"][:2] == ("", "")
    assert found["Bốn: Để sau, học tiếp."][:2] == ("bai-01", "lam")


def test_only_what_is_wanted_is_enumerated() -> None:
    assert {each.lesson for each in sayable(REAL, "vi", ["bac"], ["an-toan"])} == {"", "at-02"}
    assert {each.lesson for each in sayable(REAL, "vi", ["bac"], [])} == {""}
    assert {each.lesson for each in sayable(small_library(), "en")} == {"", "bai-02"}  # the other isn't translated
    assert ahead(REAL, "en", "bac") == ahead(REAL, "en", "chi", "bac")
