"""Hotlines, offices and links."""

from bot.core.rules.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "no-phone-number",
        en=("{text!r} is no phone number", "write 3 to 12 digits in quotes, such as '113' or '1900 0368'"),
        vi=("{text!r} không phải số điện thoại", "hãy ghi 3 đến 12 chữ số trong dấu nháy, như '113' hay '1900 0368'"),
    ),
    error(
        "no-host",
        en=("{text!r} is no web address", "write its name alone, in small letters, such as dichvucong.gov.vn"),
        vi=("{text!r} không phải địa chỉ trang web", "hãy chỉ ghi tên trang, chữ thường, như dichvucong.gov.vn"),
    ),
    error(
        "contact-twice",
        en=("{name!r} already stands in line {first}", "keep one of them"),
        vi=("{name!r} đã có ở dòng {first}", "hãy giữ lại một"),
    ),
)
