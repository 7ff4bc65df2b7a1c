"""Texts that people read: what may stand in them, and what becomes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from bot.core.phrases import Says
from bot.core.problem import Problem
from bot.core.wording import ENGLISH, FORMS, PLACEHOLDERS, Text, check_text, plain, spans, words

TEXT: TypeAdapter[str] = TypeAdapter(Text)
UNSEEN = "an invisible or broken character, ZERO WIDTH SPACE (U+200B)"


def told(text: str, *slots: str) -> list[str]:
    """Return what is wrong with a text, each as `what; cure`."""
    try:
        check_text(text, slots)
    except PydanticCustomError as error:
        return [
            Problem.of("", 1, 1, code, **fields).sentence("en") for code, fields, _ in (error.context or {})["faults"]
        ]
    return []


@pytest.mark.parametrize(
    "text",
    [
        "Bấm **Tiếp**.",
        "{Bạn} bấm nút, {mình} chờ {bạn}. {Mình} không vội.",
        "**Tiếp** rồi **Quay lại**",
        "Trên **hai\ndòng**",
        "**{bạn}**",
        "5 < 6, và 7 > 6",
        "A & B",
        "Hỏi: “Ai đấy?”",
        "Nút ❤️ ở góc",
        "[1] và (2)",
        "snake_case_và_gạch",
        "x",
    ],
)
def test_a_good_text_stays_as_it_is(text: str) -> None:
    assert check_text(text) == text


def test_a_text_loses_the_space_around_it() -> None:
    assert check_text("\n  Xin chào.\n") == "Xin chào."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the text is empty; write what the learner is to read"),
        (" \n\t", "the text is empty; write what the learner is to read"),
        ("{ban} ơi", "{ban} is no placeholder; did you mean '{bạn}'?"),
        ("{BẠN} ơi", "{BẠN} is no placeholder; did you mean '{Bạn}'?"),
        ("{} ơi", "{} is no placeholder; known here: {Bạn}, {Mình}, {bạn}, {mình}"),
        ("{ bạn } ơi", "{ bạn } is no placeholder; did you mean '{bạn}'?"),
        ("{title}", "{title} is no placeholder; known here: {Bạn}, {Mình}, {bạn}, {mình}"),
        ("{bạn.__class__}", "{bạn.__class__} is no placeholder; known here: {Bạn}, {Mình}, {bạn}, {mình}"),
        ("{bạn!r}", "{bạn!r} is no placeholder; did you mean '{bạn}'?"),
        ("{bạn ơi", "a '{' stands alone; write a placeholder such as {bạn}, or no brace"),
        ("bạn} ơi", "a '}' stands alone; write a placeholder such as {bạn}, or no brace"),
        ("{{bạn}}", "a '{' stands alone; write a placeholder such as {bạn}, or no brace"),
        ("*Tiếp*", "a '*' stands alone; write **name** around the name of a button, or no '*'"),
        ("**Tiếp*", "a '*' stands alone; write **name** around the name of a button, or no '*'"),
        ("**Tiếp", "a '*' stands alone; write **name** around the name of a button, or no '*'"),
        ("***Tiếp***", "a '*' stands alone; write **name** around the name of a button, or no '*'"),
        ("****", "a '*' stands alone; write **name** around the name of a button, or no '*'"),
        ("**a*b**", "a '*' stands alone; write **name** around the name of a button, or no '*'"),
        ("<b>Tiếp</b>", "the text holds HTML or a Markdown link; write plain words; only **bold** is marked"),
        ("<!-- -->", "the text holds HTML or a Markdown link; write plain words; only **bold** is marked"),
        ("[Tiếp](https://x.vn)", "the text holds HTML or a Markdown link; write plain words; only **bold** is marked"),
        ("A &amp; B", "the text holds HTML or a Markdown link; write plain words; only **bold** is marked"),
        ("ti\u200bếp", f"{UNSEEN}; delete it; type the words anew"),
        ("ti\u200bếp\u200b", f"{UNSEEN}; delete it; type the words anew"),
    ],
)
def test_what_a_text_may_not_hold_is_told(text: str, expected: str) -> None:
    assert told(text) == [expected]


@pytest.mark.parametrize("char", "\x00\x07\x1b\x7f\x85\xad\u200d\u200f\u2028\u202e\u2066\u2060\ufeff\ufffd\ufffe")
def test_a_character_nobody_sees_is_told(char: str) -> None:
    (problem,) = told(f"xin{char}chào")
    assert f"(U+{ord(char):04X})" in problem


def test_all_that_is_wrong_with_a_text_is_told() -> None:
    assert told("{ban} bấm *Tiếp* {title}") == [
        "{ban} is no placeholder; did you mean '{bạn}'?",
        "{title} is no placeholder; known here: {Bạn}, {Mình}, {bạn}, {mình}",
        "a '*' stands alone; write **name** around the name of a button, or no '*'",
    ]


def test_a_phrase_must_hold_its_own_placeholders() -> None:
    assert told("Bước {step}", "step") == []
    assert told("Bước {stp}", "step", "steps") == [
        "{stp} is no placeholder; did you mean '{step}'?",
        "the text lacks {step}; put it where that word belongs",
        "the text lacks {steps}; put it where that word belongs",
    ]


def test_a_text_is_checked_where_a_model_says_so() -> None:
    assert TEXT.validate_python(" Xin chào ") == "Xin chào"
    with pytest.raises(ValidationError):
        TEXT.validate_python("{tên}")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("chào", [("chào", False)]),
        ("**Tiếp**", [("Tiếp", True)]),
        ("Bấm **Tiếp** hay **Lùi**.", [("Bấm ", False), ("Tiếp", True), (" hay ", False), ("Lùi", True), (".", False)]),
        ("**a****b**", [("a", True), ("b", True)]),
        ("2 * 3 * 4", [("2 * 3 * 4", False)]),
        ("**mở", [("**mở", False)]),
    ],
)
def test_a_text_in_pieces(text: str, pieces: list[tuple[str, bool]]) -> None:
    assert list(spans(text)) == pieces
    assert plain(text) == "".join(piece for piece, _ in pieces)


@given(st.text(st.sampled_from("ab* \n"), max_size=20))
def test_pieces_lose_nothing_but_the_marks(text: str) -> None:
    assert "".join(f"**{piece}**" if bold else piece for piece, bold in spans(text)) == text


def test_every_form_fills_every_placeholder() -> None:
    for code in FORMS:
        filled = words("vi", code)
        assert set(filled) == PLACEHOLDERS
        assert filled["Bạn"] == filled["bạn"].capitalize()
        assert filled["Mình"] == filled["mình"].capitalize()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("bac", "Bác bấm đi, cháu chờ bác. Cháu đây."),
        ("co", "Cô bấm đi, cháu chờ cô. Cháu đây."),
        ("chu", "Chú bấm đi, cháu chờ chú. Cháu đây."),
        ("ong", "Ông bấm đi, cháu chờ ông. Cháu đây."),
        ("ba", "Bà bấm đi, cháu chờ bà. Cháu đây."),
        ("anh", "Anh bấm đi, em chờ anh. Em đây."),
        ("chi", "Chị bấm đi, em chờ chị. Em đây."),
        ("em", "Em bấm đi, mình chờ em. Mình đây."),
        ("ban", "Bạn bấm đi, mình chờ bạn. Mình đây."),
    ],
)
def test_how_each_form_sounds(code: str, said: str) -> None:
    assert "{Bạn} bấm đi, {mình} chờ {bạn}. {Mình} đây.".format_map(words("vi", code)) == said


def test_english_knows_one_form() -> None:
    assert words("en", "bac") == words("en", "em") == ENGLISH


def test_no_placeholder_of_a_phrase_is_one_of_the_forms() -> None:
    assert PLACEHOLDERS.isdisjoint(Says.model_fields)
