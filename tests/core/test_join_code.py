"""Codes of teams: sayable, apart from one another, no secret to anybody."""

from itertools import combinations, product

import pytest
from rapidfuzz.distance import OSA

from bot.core.fold import fold
from bot.core.join_code import FIRST_WORDS, HOW_MANY, SECOND_WORDS, as_said, code_of, new_code, number_of, read_code
from bot.core.privacy import find_secret
from bot.core.teams import linked, looks_like_code, typed_code

CODES = [
    f"{first}-{second}-{digits}" for first, second in product(FIRST_WORDS, SECOND_WORDS) for digits in range(10, 100)
]


def test_each_code_is_a_number_of_its_own_in_two_bytes() -> None:
    numbers = [number_of(code) for code in CODES]
    assert len(set(numbers)) == HOW_MANY == len(CODES)
    assert 0 < min(numbers) < max(numbers) < 65_536
    assert [code_of(number) for number in numbers] == CODES


def test_numbers_of_codes_on_walls_never_change() -> None:
    assert [number_of(code) for code in ("sen-xanh-10", "mai-vang-27", "sao-khoe-99")] == [10, 2127, 45_299]


@pytest.mark.parametrize("number", [0, 5, 9, 100, 1310, 64_099, 99_999, -1])
def test_other_numbers_are_no_code(number: int) -> None:
    assert code_of(number) == ""


@pytest.mark.parametrize("code", ["", "sen", "sen-xanh", "sen-xanh-1", "sen-xanh-09", "sen-xanh-100", "xanh-sen-27"])
def test_what_is_no_code_has_no_number(code: str) -> None:
    assert number_of(code) == 0


@pytest.mark.parametrize("words", [FIRST_WORDS, SECOND_WORDS])
def test_a_slip_of_the_finger_makes_no_other_word(words: tuple[str, ...]) -> None:
    assert [pair for pair in combinations(words, 2) if OSA.distance(*pair) < 2] == []


def test_no_two_codes_sound_alike_when_their_words_run_together() -> None:
    assert len({code.replace("-", "") for code in CODES}) == HOW_MANY


def test_no_code_is_taken_for_a_secret() -> None:
    assert [code for code in CODES if find_secret(f"tổ {as_said(code)}") or find_secret(as_said(code))] == []


@pytest.mark.parametrize(
    "text", ["sen vang 27", "Sen Vàng 27", "SENVANG27", "sen-vang-27", "sen  vàng, 27.", "senvàng 27", "sen vang２７"]
)
def test_a_code_is_known_however_it_is_written(text: str) -> None:
    assert read_code(text) == "sen-vang-27"
    for lead in ("tổ", "to", "Tổ:", "mã tổ", "vào tổ", "nhóm", "TEAM", "mã"):
        assert typed_code(f"{lead} {text}") == "sen-vang-27"
    assert linked(f"to_{text}") == "sen-vang-27"


@pytest.mark.parametrize(
    "text", ["", "27", "sen vàng", "tổ 27", "sen vàng 5", "bài 2", "số 12", "tổ sen vàng 27 ở đâu nhỉ"]
)
def test_other_texts_hold_no_code(text: str) -> None:
    assert typed_code(text) == ""


def test_a_link_to_something_else_is_left_alone() -> None:
    assert linked("vneid-01") is None
    assert linked("to_abc") == ""


@pytest.mark.parametrize(("text", "looks"), [("tổ sem vàng 27", True), ("to senvag 7", True), ("mã sen 271", False)])
def test_a_code_with_a_slip_is_noticed(text: str, *, looks: bool) -> None:
    assert looks_like_code(text) is looks


@pytest.mark.parametrize(
    "text", ["tổ", "tổ 3", "tờ 50", "mã", "mã là 482913", "bước 12", "sen vàng", "", "tổ " + "a" * 99 + " 2"]
)
def test_other_words_are_no_code_with_a_slip(text: str) -> None:
    assert not looks_like_code(text)


def test_the_same_team_gets_the_same_code_and_nobody_elses() -> None:
    first = new_code("16093", "to thon 3", ())
    assert first == new_code("16093", "to thon 3", ()) == "mai-moi-52"
    assert new_code("16093", "to thon 3", {first}) != first
    taken: set[str] = set()
    for number in range(4351):
        taken.add(new_code("16093", f"to {number}", taken))
    assert len(taken) == 4351
    assert all(fold(code).bare.replace(" ", "-") == code for code in taken)


def test_when_all_are_taken_it_says_so() -> None:
    with pytest.raises(ValueError, match="all 26910 codes for teams are taken"):
        new_code("16093", "to 1", frozenset(CODES))
