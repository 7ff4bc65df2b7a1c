"""A long text is cut where a speaker would breathe, into few parts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.voice.engine import speakable
from bot.voice.parts import Part, parts


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        (" … ! ", []),
        ("Xin chào bác.", [Part("Xin chào bác.", 0.3)]),
        # Two short sentences are one part.
        ("Một hai ba. Bốn năm. Sáu bảy tám chín.", [Part("Một hai ba. Bốn năm.", 0.3), Part("Sáu bảy tám chín.", 0.3)]),
        ("Mở ứng dụng, chọn nút dưới cùng", [Part("Mở ứng dụng,", 0.1), Part("chọn nút dưới cùng", 0.3)]),
        # A comma too early makes too many parts.
        ("Này, mở ứng dụng ngay bây giờ", [Part("Này, mở ứng dụng", 0.0), Part("ngay bây giờ", 0.3)]),
        ("a" * 45, [Part("a" * 20, 0.0), Part("a" * 20, 0.0), Part("a" * 5, 0.3)]),
        ("Hai mươi chữ đúng đó. Tiếp.", [Part("Hai mươi chữ đúng", 0.0), Part("đó. Tiếp.", 0.3)]),
        ("Hai mươi chữ đúng đo. Tiếp theo", [Part("Hai mươi chữ đúng", 0.0), Part("đo. Tiếp theo", 0.3)]),
        ("Mười chín chữ đúng. Tiếp", [Part("Mười chín chữ đúng.", 0.3), Part("Tiếp", 0.3)]),
        ("Giá 1.5 hay 1,500 vậy?", [Part("Giá 1.5 hay 1,500", 0.0), Part("vậy?", 0.3)]),
        ("Xin chào. ... !!! ... ??? ... !!! ... Vâng", [Part("Xin chào. ... !!!", 0.3), Part("Vâng", 0.3)]),
    ],
)
def test_where_it_is_cut(text: str, cut: list[Part]) -> None:
    assert parts(text, 20) == cut


@given(
    st.lists(st.sampled_from(["a", "ồ", "e\u0323\u0302", "9", " ", " ", ".", ",", "?", "…", "\n"])), st.integers(4, 30)
)
def test_nothing_is_lost_and_no_part_is_too_long(signs: list[str], most: int) -> None:
    text = "".join(signs)
    made = parts(text, most)
    assert "".join(_spoken(part.text) for part in made) == _spoken(text)
    assert all(len(part.text) <= most and speakable(part.text) for part in made)
    assert not any(unicodedata.combining(part.text[0]) for part in made)  # a letter keeps its marks


def _spoken(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum() or unicodedata.combining(sign))
