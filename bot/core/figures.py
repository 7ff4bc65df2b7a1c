"""Figures in a text -> words: what Vietnamese and English have in common.

A rule is a pattern and what it makes of a match; rules run one after the other over the text, so an
earlier one takes what a later one would misread. A match is left alone where a rule says None.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.core.numerals import MOST_DIGITS, by_digit, cardinal, in_row
from bot.core.pronunciation import Sayings

NEAR = 60  # characters before and behind a number that may say what it is
DAYS, MONTHS, HOURS = range(1, 32), range(1, 13), range(25)
GROUP = 4  # digits that are read out without a pause
DIALLED, CODED = 3, 4  # digits at least: nobody dials 12, and `mã 3` is the third
ROW = 7  # digits without any mark between them that are no amount but a number to dial or to type

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]


@dataclass(frozen=True, slots=True)
class Tongue:
    """What a language says for the marks in figures, and how its words tell what a number is."""

    lang: str
    thousands: str
    decimal: str
    point: str  # the decimal mark
    dot: str  # any other
    to: str  # between the ends of a range
    minus: str
    plus: str
    over: str  # between two numbers: 24/7
    either: str
    signs: dict[str, str]  # behind a number or before it: %, $
    calling: re.Pattern[str]  # before a number that somebody calls or texts
    secret: re.Pattern[str]  # before a number that is a code or an account
    counted: re.Pattern[str]  # behind a number that is an amount
    named: re.Pattern[str]  # before a number that is the number of something: a year, a page


_phone = re.compile(
    r"(?<![\w.,+])(?:\+84[ .-]?\(?0?\)?\d{1,3}|\(?0\d{1,3}\)?)(?:[ .-]\d{2,4}){2,3}(?![\d]|[.,-]\d)"
    r"|(?<![\w+])\+\d{7,15}(?!\d)"
    r"|(?<![\w.,])1[89]00(?:[ .-]\d{2,6}){1,2}(?![\d]|[.,-]\d)"
    r"|(?<![\w.,])\d{4}(?:[ -]\d{4}){2,3}(?![\d]|[.,-]\d)"
    r"|(?<![\w.,])0\d{2}(?: \d{3}){3}(?!\d)"
)
_hidden = re.compile(r"(?<![\w.,])(1[89]00)[ .]?[xX]{2,}(?![^\W_])")
_range = re.compile(r"(?<=[\dhgđ%])\s?[–—-]\s?(?=[A-Z]{0,2}\d)")
_minus = re.compile(r"(?<![^\s(])[-−](?=\d)")
_plus = re.compile(r"(?<=\d)\s?\+\s?(?=\d)")
_times = re.compile(r"(?<=\d)\s?x\s?(?=\d)")
_coded = re.compile(r"(?i)(?<!\w)((?:OTP|PIN|passcode|CVV|CVC)(?:\s[^\W\d_]+){0,2}:?\s)(\d{3,10})(?![\d]|[.,]\d)")
_either = re.compile(r"(?<![\d/])(\d{3,8})/(\d{3,8})(?![\d/])")
_over = re.compile(r"(?<=\d)/(?=\d)")
_digits = re.compile(r"\d+")
_a_year = re.compile(r"(?:19|20)\d\d")


def common(tongue: Tongue, sayings: Sayings, dialled: frozenset[str]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the rules that come before a language's own, and those that come after."""
    lang = tongue.lang
    signs = "|".join(map(re.escape, tongue.signs))
    figure = re.compile(
        rf"(?:(?P<before>[$€₫])\s?)?(?P<number>\d+(?:[.,]\d+)*)"
        rf"(?:\s?(?P<sign>{signs})|\s?(?P<unit>{sayings.unit})(?![^\W_]))?"
    )

    def either(match: re.Match[str]) -> str | None:
        return f"{match[1]} {tongue.either} {match[2]}" if dialled.issuperset(match.groups()) else None

    def number(match: re.Match[str]) -> str:
        unit = sayings.units[match["unit"]] if match["unit"] else tongue.signs.get(match["sign"] or match["before"], "")
        behind = match.string[match.end() : match.end() + NEAR]
        digits = match["number"] if match["number"].isdecimal() else ""
        amount = unit or not digits or tongue.counted.match(behind)
        if amount or not _by_digit(tongue, digits, before(match), dialled):
            return f"{value(tongue, match['number'])} {unit}"
        return in_row(digits, lang) if len(digits) >= ROW else by_digit(digits, lang)

    ahead: tuple[Rule, ...] = (
        (_either, either),
        (_phone, lambda match: _groups(match[0], tongue)),
        (_hidden, lambda match: by_digit(match[1], lang)),
    )
    after: tuple[Rule, ...] = (
        (_over, lambda _: tongue.over),
        (_times, lambda _: "×"),
        (_plus, lambda _: tongue.plus),
        (_minus, lambda _: tongue.minus),
        (figure, number),
    )
    return ahead, after


def coded(tongue: Tongue) -> Rule:
    """Return the rule for a secret that stands behind its name, which only is there before names are said."""
    return _coded, lambda match: match[1] + by_digit(match[2], tongue.lang)


def ranges(tongue: Tongue) -> Rule:
    """Return the rule for 2-3 and 10–15."""
    return _range, lambda _: tongue.to


def before(match: re.Match[str]) -> str:
    """Return what stands before a match and may say what it is, with a space at its end."""
    near = match.string[max(0, match.start() - NEAR) : match.start()]
    return " ".join(["", *near.split(), ""])


def apply(rules: Iterable[Rule], text: str) -> str:
    """Return the text with all that the rules know put in words."""
    for pattern, say in rules:
        text = pattern.sub(lambda match, say=say: _padded(match, say), text)  # type: ignore[misc]  # mypy infers no lambda with a default
    return text


def _padded(match: re.Match[str], say: Callable[[re.Match[str]], str | None]) -> str:
    said = say(match)
    return match[0] if said is None else f" {said} "


def value(tongue: Tongue, number: str) -> str:
    """Return a written number in words, as the language writes numbers."""
    lang = tongue.lang
    whole, part = number, ""
    if number.count(tongue.decimal) == 1:
        whole, _, part = number.partition(tongue.decimal)
    thousands = re.escape(tongue.thousands)
    if re.fullmatch(rf"[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+", whole):
        whole = whole.replace(tongue.thousands, "")
    elif re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3}){2,}", number):  # as the other language writes it
        whole, part = re.sub(r"\D", "", number), ""
    if not whole.isdecimal() or not (part or "0").isdecimal():
        marks = ", " if "," in number else f" {tongue.dot} "
        return marks.join(_whole(each, lang) for each in _digits.findall(number))
    return _whole(whole, lang) + (f" {tongue.point} {_decimals(part, lang)}" if part else "")


def _whole(digits: str, lang: str) -> str:
    if len(digits) > MOST_DIGITS:
        return in_row(digits, lang)
    return by_digit(digits, lang) if digits.startswith("0") else cardinal(int(digits), lang)


def _decimals(digits: str, lang: str) -> str:
    if lang == "vi" and re.fullmatch(r"[1-9]\d", digits):  # 3,68 is `ba phẩy sáu mươi tám`
        return cardinal(int(digits), lang)
    return by_digit(digits, lang)


def _by_digit(tongue: Tongue, number: str, said: str, dialled: frozenset[str]) -> bool:
    if tongue.named.search(said) or (_a_year.fullmatch(number) and number not in dialled):
        return False
    called = number in dialled or (len(number) >= DIALLED and tongue.calling.search(said))
    coded = len(number) >= CODED and tongue.secret.search(said)
    return bool(called or coded or len(number) >= ROW)


def _groups(written: str, tongue: Tongue) -> str:
    """Return a phone or account number as it is read out, with a pause where it is parted."""
    groups = _digits.findall(written)
    plus = f"{tongue.plus} " if written.startswith("+") else ""
    said = (by_digit(each, tongue.lang) if len(each) <= GROUP else in_row(each, tongue.lang) for each in groups)
    return plus + ", ".join(said)
