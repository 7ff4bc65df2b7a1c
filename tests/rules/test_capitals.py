"""What a voice would make of capitals, and which addresses stand in a text."""

import pytest
from small import SHIPPED

from bot.core.aloud import addresses


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("Thẻ BHYT, mã OTP, mạng 4G, máy có 50 MB.", "vi", ()),
        ("Phần II và mục IV.", "vi", ()),
        ("KHÔNG đưa mã, KHÔNG chuyển tiền.", "vi", (("KHÔNG", False),)),
        ("Hỏi BKXD nhé.", "vi", (("BKXD", True),)),
        ("Xem DICHVUCONG.GOV.VN.", "vi", ()),
        ("NEVER ask BKXD.", "en", (("NEVER", False), ("BKXD", True))),
        ("Chữ thường thôi.", "vi", ()),
    ],
)
def test_capitals_that_the_pronunciation_lacks(text: str, lang: str, found: tuple[tuple[str, bool], ...]) -> None:
    assert SHIPPED.reader.capitals(text, lang) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vào dichvucong.gov.vn.", ["dichvucong.gov.vn"]),
        ("Mở https://vneid.gov.vn/kich-hoat?a=1 nhé.", ["https://vneid.gov.vn/kich-hoat?a=1"]),
        ("Thư a.b@evn.com.vn, trang bit.ly/x.", ["a.b@evn.com.vn", "bit.ly/x"]),
        ("Xong.Rồi. Tệp .apk thì đừng mở. Ngày 22.11.2026", []),
    ],
)
def test_addresses_in_a_text(text: str, found: list[str]) -> None:
    assert list(addresses(text)) == found
