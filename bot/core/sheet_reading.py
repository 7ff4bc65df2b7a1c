"""Rows of a sheet -> a lesson, or all that is wrong with them, each with its cell."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.core.fold import fold
from bot.core.lesson import Lesson
from bot.core.lesson_file import lesson_of
from bot.core.problem import Phrase, Problem
from bot.core.sheet import BELOW, CELLS, COLUMNS, EXACT, JUST_TEXT, KINDS, ONCE, RIGHT, STEPS, tidy, whole
from bot.core.sheet_faults import Fault, fault, near_names
from bot.core.yaml_text import Loc, Place, Source, invisible

MAX_ROWS = 2000  # 60 steps with all they may have are fewer
MAX_COLUMNS = 60

_YES = {RIGHT, "co", "dung", "yes", "true", "1"}
_NO = {"khong", "sai", "no", "false", "0"}
_MARKS = {"right", "decides"}
_DAYS = {"checked", "recheck_by"}
_NUMBERS = {"minutes", "tries", "sections"}
_day = re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})")


class _Letters(str):
    """A text to the letter: no number, whatever it looks like."""

    __slots__ = ()


class Formula(str):
    """What stands in a cell that a sheet would reckon."""

    __slots__ = ()


Cell = str | int | float | bool | dt.date | None  # a datetime is a date
Rows = Sequence[Sequence[Cell]]
Part = tuple[Loc, Mapping[str, tuple[str, ...]]]  # where in the lesson, and which cells it may have


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: where the lesson belongs, as far as it is told, and its keys with their cells."""

    lesson_id: str
    course: str
    source: Source


def read_rows(rows: Rows) -> Sheet | list[Fault]:
    """Rows, the first of which names the columns -> the keys of a lesson, or all that keeps them from being read."""
    reading = _Reading()
    reading.headings(rows[0] if rows else ())
    if not reading.faults:
        for number, row in enumerate(rows[1:], 2):
            reading.row(number, row)
    if reading.faults:
        return sorted(reading.faults)
    source = Source("", "", {"format": 1, **reading.data}, reading.places)
    return Sheet(reading.belongs.get("id", ""), reading.belongs.get("course", ""), source)


def lesson_in(sheet: Sheet, lesson_id: str, course: str) -> Lesson | list[Fault]:
    """Return the lesson, or all that is wrong with it."""
    found = lesson_of(sheet.source, lesson_id, course)
    return found if isinstance(found, Lesson) else [_fault(each) for each in found]


def _fault(problem: Problem) -> Fault:
    here = problem.line, problem.column
    if problem.code == "missing-key":
        key = str(dict(problem.fields)["key"])
        if key == "steps":
            return fault(*here, "no-step")
        if here == (1, 1) and key in KINDS:
            return fault(*here, "no-row", name=KINDS[key])
        if key == "sections":
            return fault(*here, "no-row", name=KINDS[key])
        if _column(key) in COLUMNS:
            return fault(*here, "no-cell", name=COLUMNS[_column(key)])
    return Fault(*here, Phrase(problem.sentence("en"), problem.sentence("vi")))


def _column(key: str) -> str:
    return {"says": "text", "rule": "text", "screen": "title", "picture": "alt"}.get(key, key)


def _known(names: Mapping[str, Phrase]) -> dict[str, str]:
    """Return the names by how they are typed in either language, or in the key's own words."""
    return {fold(said).bare: key for key, name in names.items() for said in (key, name.en, name.vi)}


_COLUMNS = _known(COLUMNS)
_KINDS = _known(KINDS)


def known_headings(row: Sequence[str]) -> int:
    """Return how many of these cells name a column."""
    return sum(fold(each).bare in _COLUMNS for each in row)


class _Reading:
    """One reading of a sheet from its top to its end."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.data: dict[str, Any] = {}
        self.places: dict[Loc, Place] = {(): (1, 1)}
        self.belongs: dict[str, str] = {}
        self._columns: dict[int, str] = {}
        self._first: dict[str, int] = {}  # rows that may be there once

    def wrong(self, row: int, column: int, code: str, **fields: Phrase | str) -> None:
        self.faults.append(fault(row, column, code, **fields))

    def headings(self, row: Sequence[Cell]) -> None:
        for column, cell in enumerate(row, 1):
            said = tidy(_said(cell))
            name = _COLUMNS.get(fold(said).bare)
            if name in self._columns.values():
                self.wrong(1, column, "heading-twice", said=said)
            elif name:
                self._columns[column] = name
            elif said:
                self.wrong(1, column, "no-such-column", said=said, near=near_names(said, COLUMNS.values()))
        for name in ("row", "id", "text"):
            if name not in self._columns.values():
                self.wrong(1, 1, "no-heading", name=COLUMNS[name])

    def row(self, number: int, row: Sequence[Cell]) -> None:
        before = len(self.faults)
        cells = dict(self._cells(number, row))
        if len(self.faults) > before or not cells:
            return
        column, said = cells.pop("row", (self._at("row"), ""))
        kind = _KINDS.get(fold(said).bare)
        if not said:
            self.wrong(number, column, "no-kind")
        elif kind is None:
            self.wrong(number, column, "no-such-row", said=said, near=near_names(said, KINDS.values()))
        else:
            self._kind(kind, number, cells)

    def _at(self, name: str) -> int:
        return next(column for column, each in self._columns.items() if each == name)

    def _cells(self, number: int, row: Sequence[Cell]) -> Iterator[tuple[str, tuple[int, str]]]:
        for column, cell in enumerate(row, 1):
            text = tidy(_said(cell))
            if not text:
                continue
            hidden = next(filter(None, map(invisible, text.split("\n"))), None)
            if isinstance(cell, Formula):
                self.wrong(number, column, "formula", said=text)
            elif hidden:
                self.wrong(number, column, "invisible", said=hidden[1])
            elif column not in self._columns:
                self.wrong(number, column, "no-column-name", said=text)
            else:
                yield self._columns[column], (column, _exact(text))

    def _kind(self, kind: str, number: int, cells: dict[str, tuple[int, str]]) -> None:
        part = self._part(kind, number)
        if part is None:
            return
        loc, wanted = part
        self.places.setdefault(loc, (number, self._at("row")))
        for column, (place, text) in cells.items():
            if column in wanted:
                name = column if wanted is not JUST_TEXT else kind
                self._put((*loc, *wanted[column]), name, text, (number, place))
            else:
                self.wrong(number, place, "not-in-such-row", name=KINDS[kind], cell=COLUMNS[column])
        if wanted is JUST_TEXT and "text" not in cells:
            self.wrong(number, self._at("text"), "no-cell", name=COLUMNS["text"])

    def _part(self, kind: str, number: int) -> Part | None:  # noqa: PLR0911  a return for each kind of row
        """Return where in the lesson the row belongs, and which cells it may have; None where it can't stand."""
        if kind in ONCE:
            return self._once(kind, number)
        if kind in STEPS:
            place = self._new("steps", number)
            self.data["steps"][place]["kind"] = kind
            return ("steps", place), CELLS[kind]
        if kind in BELOW:
            return self._below(kind, number)
        if kind == "sections":
            facts = self.data.get("facts")
            if not facts:
                self._misplaced("sections", "facts", number)
                return None
            return ("facts", len(facts) - 1, "sections", len(facts[-1].get("sections", ()))), JUST_TEXT
        if kind == "allow":
            return ("allow", self._new("allow", number)), CELLS["allow"]
        if kind == "facts":
            return ("facts", self._new("facts", number), "file"), JUST_TEXT
        return (kind, len(self.data.get(kind, ()))), JUST_TEXT

    def _once(self, kind: str, number: int) -> Part | None:
        if kind in self._first:
            self.wrong(number, self._at("row"), "row-twice", name=KINDS[kind], first=str(self._first[kind]))
            return None
        self._first[kind] = number
        return (kind,), JUST_TEXT

    def _below(self, kind: str, number: int) -> Part | None:
        """Find the place of a choice or a line: in the last question or rehearsal."""
        steps: list[dict[str, Any]] = self.data.get("steps", [])
        above = steps[-1] if steps else {}
        loc: Loc = ("steps", len(steps) - 1)
        if kind == "line":
            if above.get("kind") != "scene":
                self._misplaced("line", "scene", number)
                return None
            return (*loc, "lines", _added(above, "lines")), CELLS["line"]
        if above.get("kind") == "ask":
            return (*loc, "choices", _added(above, "choices")), CELLS["choice"]
        if lines := above.get("lines"):
            return (*loc, "lines", len(lines) - 1, "choices", _added(lines[-1], "choices")), CELLS["reaction"]
        self._misplaced("choice", "line" if above.get("kind") == "scene" else "ask", number)
        return None

    def _new(self, key: str, number: int) -> int:
        self.places.setdefault((key,), (number, self._at("row")))
        return _added(self.data, key)

    def _misplaced(self, kind: str, above: str, number: int) -> None:
        self.wrong(number, self._at("row"), "misplaced", name=KINDS[kind], above=KINDS[above])

    def _put(self, loc: Loc, name: str, text: str, place: Place) -> None:
        if name in {"id", "course"} and len(loc) == 1:
            self.belongs[name] = str(text)
        elif name == "audience":
            for each in _words(text):
                self._set((*loc[:-1], len(self.data.get(name, ()))), each, place)
        else:
            if name in _MARKS and fold(text).bare not in _YES | _NO:
                self.wrong(*place, "right-or-not", said=text)
            self._set(loc, _value(name, text), place)

    def _set(self, loc: Loc, value: object, place: Place) -> None:
        data: Any = self.data
        for at, (part, following) in enumerate(pairwise(loc)):
            self.places.setdefault(loc[: at + 1], place)
            fresh: object = [] if isinstance(following, int) else {}
            if isinstance(data, list):
                if part == len(data):
                    data.append(fresh)
            else:
                data.setdefault(part, fresh)
            data = data[part]
        if isinstance(data, list):
            data.append(value)
        else:
            data[loc[-1]] = value
        self.places[loc] = place


def _value(name: str, text: str) -> object:
    """Return what a cell holds, as the lesson's file would hold it."""
    if name in _MARKS:
        return fold(text).bare in _YES
    if name in _DAYS:
        return _date(text)
    if name == "rows":
        return [line for each in text.split("\n") if (line := tidy(each))]
    words = _words(text)
    if name == "was":
        return words
    if name == "needs" and len(words) > 1:
        return {"any": words}
    number = whole(text) if name in _NUMBERS and not isinstance(text, _Letters) else None
    return str(text) if number is None else number  # YAML is written of plain texts only


def _added(data: dict[str, Any], key: str) -> int:
    """Add an empty part to a list, and return its place."""
    items = data.setdefault(key, [])
    items.append({})
    return len(items) - 1


def _said(cell: Cell) -> str:
    """Return a cell's value as it would be typed."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def _exact(text: str) -> str:
    """Return the text that is meant: behind EXACT stands one to the letter."""
    if not text.startswith(EXACT):
        return text
    try:
        value = json.loads(text.removeprefix(EXACT))
    except ValueError:
        return text
    return _Letters(value) if isinstance(value, str) else text


def _words(text: str) -> list[str]:
    return [each for each in re.split(r"[\s,;]+", text) if each]


def _date(text: str) -> object:
    """Return the day, or the text where it is none: checking the lesson tells it."""
    match = _day.fullmatch(text)
    try:
        return dt.date(int(match["y"]), int(match["m"]), int(match["d"])) if match else dt.date.fromisoformat(text)
    except ValueError:
        return text
