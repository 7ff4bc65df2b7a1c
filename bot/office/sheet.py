"""A table of a page: what is drawn is what is exported, cell by cell."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: as a person reads it, as a sheet counts with it, and where it leads to."""

    text: str
    value: int | str
    link: str = ""
    numeric: bool = False  # a number, or what stands where one would


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. The first cell of each row names it. `notes` say what its figures mean."""

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    chart: str = ""  # SVG of the same figures; empty: none
    chart_title: str = ""  # where the chart shows but one of the columns


def words(text: str, link: str = "") -> Cell:
    """Return a cell of words."""
    return Cell(text, text, link)


def count(number: int) -> Cell:
    """Return a cell with a whole number."""
    return Cell(f"{number:,}".replace(",", "."), number, numeric=True)


def sheet_of(key: str, caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Sheet:
    """Return a table of words."""
    return Sheet(key, caption, tuple(columns), tuple(tuple(words(each) for each in row) for row in rows))


def day_text(day: int) -> str:
    """Return a day since 1970 as it is written in Vietnam."""
    return f"{_EPOCH + dt.timedelta(days=day):%d/%m/%Y}"


def minute_text(minute: int) -> str:
    """Return a minute since 1970 as the clock in Vietnam showed it."""
    return f"{dt.datetime.fromtimestamp(minute * 60, VIETNAM):%H:%M %d/%m/%Y}"
