"""Codes of invitations: read however they are typed, and nothing else taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat_code import LENGTH, SYLLABLES, as_linked, as_typed, code_of, is_link, is_meant, read_code
from bot.core.privacy import find_secret


@given(st.binary(min_size=LENGTH, max_size=LENGTH))
def test_a_code_is_read_in_every_way_it_is_written(drawn: bytes) -> None:
    code = code_of(drawn)
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    typed = f" {as_typed(code)}\n"
    for text in (typed, as_linked(code), f"VP {code.replace('-', ' ')}", f"Vp{code.replace('-', '')}"):
        assert read_code(text) == code
        assert find_secret(as_typed(code)) is None
    assert is_link(as_linked(code))
    assert is_link(as_typed(code))


def test_codes_are_told_apart_by_all_that_was_drawn() -> None:
    assert len({code_of(number.to_bytes(8)) for number in range(SYLLABLES**2)}) == SYLLABLES**2
    assert code_of(b"\x01" + bytes(7)) != code_of(bytes(8))


@pytest.mark.parametrize(
    "text", ["", "vp", "VPBank là gì", "vpbank", "vp-bago-tiku-remo", "bago-tiku-remo-lasu", "vp-bago-tiku-remo-las2"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_code(text) == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("vp-bago-tiku-remo-lasu", True),
        ("vp-bago-tiku-rẻmo-láu", True),  # as Telex has it
        ("vp-bago-tiku-remo-las", True),
        ("vp-1234-5678-9012-3456", False),  # a secret is warned of
        ("vp-bank là gì", False),
    ],
)
def test_whoever_tried_to_type_one_is_told_so(text: str, *, meant: bool) -> None:
    assert is_meant(text) is meant
