"""Words as people type them: letters, and the marks each word carried."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.fold import fold


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("tiếp tục", "tiep tuc"),
        ("TIẾP TỤC", "tiep tuc"),
        ("  Tiếp ,  tục !! ", "tiep tuc"),
        ("đường Đê", "duong de"),
        ("Ðồng ý", "dong y"),  # Ð as old fonts have it: U+00D0, not U+0110
        ("ưởn ẵng ỗi ợ ữ ỷ ỹ", "uon ang oi o u y y"),
        (unicodedata.normalize("NFD", "Nghe lại nhé"), "nghe lai nhe"),
        ("nghe_lại", "nghe lai"),
        ("nghe-lại/đi", "nghe lai di"),
        ("２", "2"),
        ("②", "2"),
        ("2️⃣", "2"),
        ("½", "1 2"),
        ("ｈｅｌｐ", "help"),
        ("👍 ok 👍🏽", "ok"),
        ("❤️", ""),
        ("", ""),
        ("?!… —", ""),
        ("don't", "don t"),
        ("ti\u200bếp", "tiep"),
        ("\u202eti\u00adếp\ufeff", "tiep"),
        ("tiếp\x00tục", "tiep tuc"),
        ("tiếp\u00a0tục", "tiep tuc"),
        ("T̶iếp", "tiep"),  # struck through
        ("VNeID", "vneid"),
        ("dichvucong.gov.vn", "dichvucong gov vn"),
        ("Straße", "strasse"),
        ("日本 語", "日本 語"),
    ],
)
def test_letters(text: str, bare: str) -> None:
    assert fold(text).bare == bare


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"),
        ("thủy", "thuỷ"),
        ("HÒA", "hoà"),
        ("xóa", unicodedata.normalize("NFD", "xoá")),
        ("Ðồng", "đồng"),
        ("khỏe", "khoẻ"),
    ],
)
def test_two_spellings_of_a_syllable_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("typed", "said", "may"),
    [
        ("tiep", "tiếp", True),
        ("tiêp", "tiếp", True),
        ("tiếp", "tiếp", True),
        ("tiệp", "tiếp", False),
        ("tiếp", "tiep", False),
        ("dung", "đúng", True),
        ("đung", "đúng", True),
        ("dúng", "đúng", True),
        ("đung", "dừng", False),
        ("dùng", "dừng", True),
        ("ba", "bà", True),
        ("bà", "ba", False),
        ("nghe lai", "nghe lại", True),
        ("nghelai", "nghe lại", False),
        ("nghe", "nghe lại", False),
        ("khong dua ma", "Không đưa mã!", True),
    ],
)
def test_fewer_marks_may_mean_more(typed: str, said: str, may: bool) -> None:
    assert fold(typed).may_mean(fold(said)) is may


@pytest.mark.parametrize(
    ("typed", "said", "inside"),
    [
        ("đưa mã", "Không đưa mã", True),
        ("dua ma", "Không đưa mã", True),
        ("không mã", "Không đưa mã", False),
        ("đưa mã", "đưa mã", True),
        ("đưa mã cho ai", "đưa mã", False),
        ("mã", "Đưa mã, mã gì?", True),
    ],
)
def test_words_in_a_row(typed: str, said: str, inside: bool) -> None:
    assert fold(typed).inside(fold(said)) is inside


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("0", 0),
        ("１２", 12),
        ("٣", 3),
        ("1 2", -1),
        ("hai", -1),
        ("", -1),
        ("12345", -1),
        ("²", 2),
    ],
)
def test_a_number(text: str, number: int) -> None:
    assert fold(text).number == number


def test_each_word_by_itself() -> None:
    assert [word.bare for word in fold("Nghe lại nhé").words] == ["nghe", "lai", "nhe"]
    assert fold("Nghe lại nhé").part(0, 2) == fold("nghe lại")
    assert not fold("nghe").marked
    assert fold("lại").marked


@given(st.text(max_size=100))
def test_folding_is_total_and_settles(text: str) -> None:
    typed = fold(text)
    assert len(typed.letters) == len(typed.marks)
    assert all(typed.letters)
    assert typed.may_mean(typed)
    assert fold(typed.bare).letters == typed.letters


@given(st.text(st.sampled_from("aăâeêioôơuưyđ bcghklmnpqrstvx\u0300\u0301\u0303\u0309\u0323"), max_size=40))
def test_composed_or_not_makes_no_difference(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


def test_ten_thousand_characters_take_no_time() -> None:
    started = time.perf_counter()
    fold("ếớ ẵ👍🏽\u200b" * 1500)
    assert time.perf_counter() - started < 1  # about a hundredth of it here
