"""Names in the order of the Vietnamese alphabet."""

import random

import pytest

from bot.core.alphabet import in_order


@pytest.mark.parametrize(
    "names",
    [
        ["Tổ", "Tổ An", "Tổ 9", "Tổ 10"],
        ["Phường Đông Quang", "Phường Hạc Thành", "Xã An Nông", "Xã Bá Thước", "Xã Đồng Lương", "Xã Xuân Tín"],
        ["Định Hòa", "Đông Thành", "Đồng Lương"],
        ["can", "cân", "ma", "mà", "mả", "mã", "má", "mạ", "man", "mo", "mô", "mơ", "mu", "mư"],
        ["Da", "Đa", "E", "Ê"],
        ["Nga An", "Nga Sơn", "Nga Sơn 2", "Nga Thắng"],
    ],
)
def test_names_stand_as_people_look_for_them(names: list[str]) -> None:
    mixed = random.Random(1).sample(names, len(names))  # noqa: S311  no secret
    assert sorted(mixed, key=in_order) == names


def test_two_ways_of_writing_a_letter_are_one() -> None:
    assert in_order("Hoà") == in_order("Hòa")
    assert in_order("Đông") == in_order("ĐÔNG") == in_order("Đo\u0302ng")
