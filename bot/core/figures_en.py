"""Figures in an English text -> words: dates, times, and what a number counts."""

import re

from bot.core.figures import DAYS, HOURS, MONTHS, Rule, Tongue, before, coded, common, ranges
from bot.core.numerals import cardinal, ordinal, roman, year
from bot.core.pronunciation import Pronunciation

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTHS = _MONTH.split("|")

TONGUE = Tongue(
    lang="en",
    thousands=",",
    decimal=".",
    point="point",
    dot="point",
    to="to",
    minus="minus",
    plus="plus",
    over="out of",
    either="or",
    signs={
        "%": "percent",
        "‰": "per thousand",
        "°C": "degrees Celsius",
        "°": "degrees",
        "$": "dollars",
        "€": "euros",
        "₫": "dong",
    },
    calling=re.compile(
        r"(?i)(?<!\w)(?:call|calling|text|dial|ring|phone|helpline|hotline)"
        r"(?: (?:the|number|is|to|at|on|free|police|now|present|at present)){0,4}:? $"
    ),
    secret=re.compile(r"(?i)(?<!\w)(?:code|password|account|card|number)(?: [a-z]+){0,2}:? $"),
    counted=re.compile(
        r"(?i)\s?(?:people|households?|communes?|wards?|lessons?|questions?|steps?|times|days?|months?|years?|weeks?|"
        r"hours?|minutes?|seconds?|thousand|million|billion|percent|dong|digits?|characters?|files?|procedures?|"
        r"services?|accounts?|members?|groups?|dollars?|metres?|kilometres?|messages?|words?|pages?)(?!\w)"
    ),
    named=re.compile(r"(?i)(?<!\w)(?:year|in|since|page|decree|decision|circular|law|article)(?: number| no\.)? $"),
)

_iso = re.compile(r"(?<![\d/.,-])(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?![\d/-])")
_date = re.compile(r"(?<![\d/.,-])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})(?![\d/])")
_written = re.compile(rf"(?<![\d/.,-])(?P<day>\d{{1,2}}) (?P<name>{_MONTH})(?!\w)(?: (?P<year>\d{{4}})(?!\d))?")
_month = re.compile(
    rf"(?<!\w)(?P<name>{_MONTH}) (?P<year>\d{{4}})(?!\d)|(?<![\d/])(?P<month>\d\d)/(?P<years>\d{{4}})(?!\d|/)"
)
_short = re.compile(r"(?<![\d/.,-])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/]|[.,]\d)")
_year = re.compile(r"(?i)(?<!\w)(?P<in>in|since|until|by|of|year|from|to|and) (?P<year>19\d\d|20\d\d)(?![\d/]|[.,]\d)")
_years = re.compile(r"(?<![\w.,/])(?:19|20)\d\d(?= +to +(?:19|20)\d\d(?![\d/]|[.,]\d))")
_time = re.compile(r"(?<![\d/.,:-])(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?![\d:/]|[.,]\d)")
_always = re.compile(r"(?<![\d/.,-])24/7(?![\d/])")
_ordinal = re.compile(r"(?<![\w.,/])(?P<number>\d{1,4})(?:st|nd|rd|th)(?!\w)")
_roman = re.compile(
    r"(?i:(?<!\w)(?P<of>quarter|chapter|part|annex|appendix|century|phase|volume)) (?P<number>[IVXL]{1,8})(?!\w)"
)
_currency = re.compile(r"(?<!\w)(?P<unit>VND|USD) ?(?P<number>\d+(?:[.,]\d+)*)")


def rules(pronunciation: Pronunciation) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the rules for what stands before names are said, and for all other figures."""
    ahead, after = common(TONGUE, pronunciation.en, frozenset(pronunciation.dialled))
    own: tuple[Rule, ...] = (
        (_iso, _said_date),
        (_date, _said_date),
        (_written, _said_written),
        (_month, _said_month),
        ranges(TONGUE),
        (_time, _said_time),
        (_always, lambda _: "twenty-four seven"),
        (_short, _said_short),
        (_years, lambda match: year(int(match[0]))),
        (_year, lambda match: f"{match['in']} {year(int(match['year']))}"),
        (_ordinal, lambda match: ordinal(int(match["number"]))),
        (_roman, _said_roman),
    )
    currency: Rule = (_currency, lambda match: f"{match['number']} {match['unit']}")
    return (coded(TONGUE), currency), (*ahead, *own, *after)


def _day(match: re.Match[str], day: int, month: str) -> str:
    the = "" if before(match).endswith(" the ") else "the "
    return f"{the}{ordinal(day)} of {month}"


def _said_date(match: re.Match[str]) -> str | None:
    day, month = int(match["day"]), int(match["month"])
    if day not in DAYS or month not in MONTHS:
        return None
    return f"{_day(match, day, _MONTHS[month - 1])}, {year(int(match['year']))}"


def _said_written(match: re.Match[str]) -> str | None:
    day = int(match["day"])
    if day not in DAYS:
        return None
    said = _day(match, day, match["name"])
    return f"{said}, {year(int(match['year']))}" if match["year"] else said


def _said_month(match: re.Match[str]) -> str | None:
    if match["name"]:
        return f"{match['name']} {year(int(match['year']))}"
    month = int(match["month"])
    return f"{_MONTHS[month - 1]} {year(int(match['years']))}" if month in MONTHS else None


def _said_short(match: re.Match[str]) -> str | None:
    day, month = int(match["day"]), int(match["month"])
    dated = "0" in {match[0][0], match["month"][0]}
    return _day(match, day, _MONTHS[month - 1]) if dated and day in DAYS and month in MONTHS else None


def _said_time(match: re.Match[str]) -> str | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour not in HOURS:
        return None
    if not minute:
        return f"{cardinal(hour, 'en')} o'clock"
    return f"{cardinal(hour, 'en')} {'oh ' if match['minute'].startswith('0') else ''}{cardinal(minute, 'en')}"


def _said_roman(match: re.Match[str]) -> str | None:
    number = roman(match["number"])
    return f"{match['of']} {cardinal(number, 'en')}" if number else None
