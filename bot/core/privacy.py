"""Secrets that people type by mistake: recognised before anything is kept, so that they are told.

Only the kind of secret leaves this module, never what was typed. When in doubt it warns: a
needless warning costs a moment, a missed one may cost the savings.
"""

import re
from typing import Literal

from bot.core.fold import Typed, even, fold

Secret = Literal["citizen", "card", "phone", "code"]

MAX_READ = 10_000  # characters; what stands beyond is not read at all
IN_A_ROW = 4  # digits spelled out, as someone reads a code aloud; the shortest codes have four

_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_ALONE = r"(?<![\d.\-])", r"(?![.\-]?\d)"  # not a part of a longer number: `12.10.56.78` is no date
_harmless = re.compile(
    "|".join(
        (
            rf"{_ALONE[0]}{_DAY}/{_MONTH}/(?:{_YEAR}|\d\d){_ALONE[1]}",
            rf"{_ALONE[0]}{_DAY}([.\-]){_MONTH}\1{_YEAR}{_ALONE[1]}",
            rf"{_ALONE[0]}{_YEAR}([/.\-]){_MONTH}\2{_DAY}{_ALONE[1]}",
            rf"{_ALONE[0]}{_MONTH}[/\-]{_YEAR}{_ALONE[1]}",
            rf"\b(?:năm|nam|sinh|sn|year|born|in|luật mới|luat moi)\s*:?\s*{_YEAR}(?:\s?[\-–]\s?{_YEAR})?\b",
            rf"{_ALONE[0]}[1-9]\d{{0,2}}(?:\.\d{{3}}){{1,2}}{_ALONE[1]}",  # 500.000
            r"(?<!\d)(?<!\d[\s.\-])(?:\d{1,4}k|\d{1,3}tr|\d{1,9}[dđ])(?!\w)",
            r"(?<!\d)(?<!\d[\s.\-])\d{1,9}\s*(?:đồng|dong|vnđ|vnd|nghìn|nghin|ngàn|ngan|triệu|trieu|tỷ|ty|tỉ|%)(?!\w|\s+[yý]\b)",
        )
    )
)
_group = re.compile(r"\+?\d(?:[\s.\-–—()]{0,3}\d)*")
_phone = re.compile(r"(?:(?:\+|00)?840?|0)[35789]\d{8}|(?:\+84|0)?2\d{9}")
_public = re.compile(r"1[89]00\d{4,6}|11[1-5]|1022|1414|156|5656")  # hotlines, police, where fraud is reported
_digit = [
    *map(fold, ("không", "một", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "bẩy", "tám", "chín")),
    *map(fold, ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")),
]


def find_secret(text: str) -> Secret | None:
    """Return the kind of secret that a typed text seems to hold, the gravest first."""
    if len(text) < IN_A_ROW and text.isascii():  # most answers are one digit; no secret is as short
        return None
    read = even(text[:MAX_READ])
    kinds = {_kind(match[0]) for match in _group.finditer(_harmless.sub(" ... ", read))}
    if _read_aloud(fold(read)):
        kinds.add("code")
    order: tuple[Secret, ...] = ("card", "citizen", "code", "phone")
    return next((kind for kind in order if kind in kinds), None)


def _kind(group: str) -> Secret | None:
    digits = re.sub(r"\D", "", group)
    size = len(digits)
    kind: Secret | None = None
    if _public.fullmatch(digits) or all(map(_public.fullmatch, re.findall(r"\d+", group))):
        kind = None
    elif 13 <= size <= 19 and luhn(digits):  # noqa: PLR2004  lengths of card numbers, ISO/IEC 7812
        kind = "card"
    elif _phone.fullmatch(f"+{digits}" if group.startswith("+") else digits):
        kind = "phone"
    elif size > 8:  # noqa: PLR2004  citizen numbers have 12; 9 had the old ones; account numbers and the like
        kind = "citizen"
    elif size >= 4:  # noqa: PLR2004  one-time codes, PINs, passcodes
        kind = "code"
    return kind


def _read_aloud(typed: Typed) -> bool:
    if len(typed.letters) < IN_A_ROW:
        return False
    row = 0
    for word in typed.words:
        digit = (len(word.bare) == 1 and word.bare.isdecimal()) or any(map(word.may_mean, _digit))
        row = row + 1 if digit else 0
        if row == IN_A_ROW:
            return True
    return False


def luhn(digits: str) -> bool:
    """Whether the last digit fits the others as on payment cards (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char) * (1 + place % 2)
        total += number - 9 if number > 9 else number  # noqa: PLR2004  the digits' sum
    return total % 10 == 0
