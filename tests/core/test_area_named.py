"""What area is meant by what an operator writes."""

import pytest

from bot import places
from bot.core.area_named import area_named
from bot.core.teams import Kept

THANH_HOA = places.read("thanh-hoa")
TEAMS = {
    1: Kept("sen-vang-27", "16093", "Tổ thôn 3"),
    2: Kept("mai-moi-52", "14797", "Tổ thôn 3"),
    3: Kept("lan-dep-65", "16093", "Tổ chợ"),
    4: Kept("xoan-cao-29", "16093", "Tổ cũ", ended=True),
    5: Kept("lan-tim-11", "16093", "Hạc Thành"),  # called like a ward elsewhere
}


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("all", "all"),
        ("toàn tỉnh", "all"),
        ("Thanh Hóa", "all"),
        ("tỉnh thanh hoá", "all"),
        ("38", "all"),
        ("16093", "16093"),
        ("Nga Sơn", "16093"),
        ("xa nga son", "16093"),
        ("16093.1", "16093.1"),
        ("sen-vang-27", "16093.1"),
        ("sen vàng 27", "16093.1"),
        ("tổ chợ", "16093.3"),
        ("Tổ thôn 3, xã Nga Sơn", "16093.1"),
        ("to thon 3 hac thanh", "14797.2"),
        ("phường Hạc Thành", "14797"),
    ],
)
def test_places_are_found_by_name_and_code(text: str, area: str) -> None:
    assert area_named(text, THANH_HOA, TEAMS) == (area, "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Tổ thôn 3",
            (
                "'Tổ thôn 3' có thể là Tổ thôn 3, xã Nga Sơn (16093.1), Tổ thôn 3, phường Hạc Thành (14797.2); hãy "
                "ghi mã trong ngoặc. (It may be any of these; write its code.)"
            ),
        ),
        (
            "Hạc Thành",
            (
                "'Hạc Thành' có thể là phường Hạc Thành (14797), Hạc Thành, xã Nga Sơn (16093.5); hãy ghi mã trong "
                "ngoặc. (It may be any of these; write its code.)"
            ),
        ),
        ("Tổ cũ", "Tổ cũ, xã Nga Sơn (16093.4) đã nghỉ. (That group has ended.)"),
        ("xoan-cao-29", "Tổ cũ, xã Nga Sơn (16093.4) đã nghỉ. (That group has ended.)"),
        (
            "Nga Sown",
            (
                "Thanh Hóa không có xã, phường hay tổ nào là 'Nga Sown'; có phải ý là xã Nga Sơn (16093) không? (Did "
                "you mean this one?)"
            ),
        ),
        (
            "sen-vang-72",
            (
                "Thanh Hóa không có xã, phường hay tổ nào là 'sen-vang-72'; có phải ý là Tổ thôn 3, xã Nga Sơn "
                "(16093.1) không? (Did you mean this one?)"
            ),
        ),
        *(
            (
                code,
                (
                    f"Thanh Hóa không có xã, phường hay tổ nào là {code!r}; `hocso teams list` kể các tổ. (There is "
                    "none; `hocso teams list` shows the groups.)"
                ),
            )
            for code in ("99001", "16093.2", "16093.99", "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "385", "")
        ),
    ],
)
def test_what_is_not_found_or_may_be_several_is_said(text: str, sentence: str) -> None:
    assert area_named(text, THANH_HOA, TEAMS) == ("", sentence)
