"""YAML text -> plain data that knows its lines, or what keeps it from being read.

Of YAML we take what an editor needs: keys, lists and texts. What else it has (anchors, tags,
several documents) is refused in plain words: it is nearly always a text that lacks its quotes.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import yaml
from yaml.constructor import SafeConstructor

from bot.core.problem import Problem, Value

MAX_BYTES = 256_000  # a lesson of ten minutes is under 20,000
MAX_PARTS = 20_000  # keys, values, beginnings and ends; a lesson has under 500, the phrases about 600
MAX_DEPTH = 20  # the deepest file format has 8 levels

Place = tuple[int, int]
Loc = tuple[str | int, ...]

# Controls, format characters and broken letters; a no-break space where it looks like indentation.
_invisible = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\uffff]|^[ \xa0]*\xa0"
)


def invisible(text: str) -> tuple[int, str] | None:
    """Find the first character nobody sees: where it stands, and what it is called."""
    match = _invisible.search(text)
    if match is None:
        return None
    char = match[0][-1]
    return match.end() - 1, f"{unicodedata.name(char, 'CONTROL CHARACTER')} (U+{ord(char):04X})"


@dataclass(frozen=True)
class Source:
    """A file as plain data, with the place of every value and key in it."""

    path: str
    text: str
    data: object
    places: dict[Loc, Place]

    def place(self, loc: Loc) -> Place:
        """Where `loc` stands, or the nearest thing around it that is there."""
        while loc and loc not in self.places:
            loc = loc[:-1]
        return self.places.get(loc, (1, 1))

    @cached_property
    def _order(self) -> list[Place]:
        return sorted(self.places.values())

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def problem(self, loc: Loc, code: str, /, *, after: str | None = None, **fields: Value) -> Problem:
        """Say that the rule `code` is broken at `loc`: where its text goes on after `after`, if that can be found."""
        line, column = self.place(loc) if after is None else self._found(loc, after)
        return Problem.of(self.path, line, column, code, **fields)

    def _found(self, loc: Loc, after: str) -> Place:
        line, column = here = self.place(loc)
        following = bisect_right(self._order, here)
        end = self._order[following][0] if following < len(self._order) else None
        for number, row in enumerate(self._lines[line - 1 : end], line):
            at = row.find(after, column - 1 if number == line else 0)
            if at >= 0:
                return number, at + len(after)
        return here


def decoded(data: bytes, path: str) -> str | list[Problem]:
    """UTF-8 -> its text, or where it is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [Problem.of(path, error.object[: error.start].count(b"\n") + 1, 1, "not-utf8")]


def with_plain_ends(text: str) -> str:
    """Return the text without a byte order mark; each line ends as on Unix."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, path: str) -> Source | list[Problem]:
    """YAML text -> plain data with places, or the problems that keep it from being read."""
    text = with_plain_ends(text)
    node = _composed(text, path)
    if isinstance(node, list):
        return node
    walk = _Walk(path)
    data = walk.value(node, ())
    return walk.problems or Source(path, text, data, walk.places)


def _composed(text: str, path: str) -> yaml.Node | list[Problem]:
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        return [Problem.of(path, 1, 1, "too-big", limit=MAX_BYTES // 1000)]
    problems = list(_unseen(text, path))
    node = None
    try:
        if not problems:  # looked through before it is composed: composing deep nesting needs more stack than there is
            problems.extend(_refused(text, path))
        if not problems:
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        problems = problems or [_not_yaml(error, text, path)]
    except yaml.YAMLError as error:
        problems = problems or [Problem.of(path, 1, 1, "unreadable", said=str(error).splitlines()[0])]
    if problems:
        return problems
    return node or [Problem.of(path, 1, 1, "empty-file")]


def _unseen(text: str, path: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if found := invisible(line):
            at, name = found
            yield Problem.of(path, number, at + 1, "invisible-character", name=name)


class _Mark(Protocol):
    line: int  # from 0
    column: int


def _place(mark: _Mark | None) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _refused(text: str, path: str) -> Iterator[Problem]:
    depth = 0
    for parts, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        line, column = _place(event.start_mark)
        if parts > MAX_PARTS:
            yield Problem.of(path, line, column, "too-many-parts", limit=MAX_PARTS)
            return
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            yield Problem.of(path, line, column, "nested-too-deep", limit=MAX_DEPTH)
            return
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&" if anchor else "!" if tag else ""
        if sign:
            yield Problem.of(path, line, column, "anchor-or-tag", sign=sign)


class _Walk:
    """Composed nodes -> plain data and places; gathers what YAML allows and we don't."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.places: dict[Loc, Place] = {}
        self.problems: list[Problem] = []
        self._scalars = SafeConstructor()

    def _wrong(self, node: yaml.Node, code: str, **fields: Value) -> None:
        line, column = _place(node.start_mark)
        self.problems.append(Problem.of(self.path, line, column, code, **fields))

    def value(self, node: yaml.Node, loc: Loc) -> object:
        self.places[loc] = _place(node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*loc, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, object]:
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                self._wrong(key_node, "key-no-word")
            elif key in data:
                self._wrong(key_node, "duplicate-key", key=key, first=self.places[(*loc, key)][0])
            else:
                data[key] = self.value(value_node, (*loc, key))
                # A problem with a value is best shown at its key, where the eye looks for it.
                self.places[(*loc, key)] = _place(key_node.start_mark)
        return data

    def _scalar(self, node: yaml.Node) -> object:
        if ":" in node.value and node.tag.endswith((":int", ":float")):
            return node.value  # 12:30 is a time of the day, not 750
        try:
            value = self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError, ArithmeticError):
            shown = repr(str(node.value)[:40])
            if node.tag.endswith("timestamp"):
                self._wrong(node, "no-date", shown=shown)
            else:
                self._wrong(node, "unreadable-value", shown=shown, kind=node.tag.rpartition(":")[2])
            return None
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


_CODES = {  # what libyaml says -> the rule that is broken
    "block sequence entries are not allowed in this context": "list-behind-key",
    "but found another document": "second-document",
    "did not find expected <document start>": "document-end",
    "did not find expected comment or line break": "text-behind-bar",
    "did not find expected ',' or '}'": "open-brace",
    "did not find expected ',' or ']'": "open-bracket",
    "found unexpected end of stream": "open-quote",
    "found unexpected document indicator": "open-quote",
    "found unknown escape character": "backslash",
    "did not find expected hexdecimal number": "backslash",
}
_OPENED = {  # these are best shown where it began
    "found unexpected end of stream",
    "found unexpected document indicator",
    "could not find expected ':'",
    "did not find expected ',' or '}'",
    "did not find expected ',' or ']'",
    "did not find expected alphabetic or numeric character",
}


def _not_yaml(error: yaml.MarkedYAMLError, text: str, path: str) -> Problem:
    said = error.problem or "it ends too early"
    mark = (error.context_mark if said in _OPENED else None) or error.problem_mark or error.context_mark
    line, column = _place(mark)
    lines = ["", *text.split("\n"), ""]
    row, above = lines[min(line, len(lines) - 1)], lines[line - 1]
    if code := _CODES.get(said):
        return Problem.of(path, line, column, code)
    code, fields = _by_row(said, row, above, column)
    return Problem.of(path, line, column, code, **fields)


def _by_row(said: str, row: str, above: str, column: int) -> tuple[str, dict[str, Value]]:
    """Say what is wrong where that hangs on the row itself: the rule, and what fills its sentence."""
    value = re.match(r"\s*(?:- )*(?:[\w-]+:\s+)?([\"'{\[!&*])", row)
    sign = value[1] if value and value[1] in "!&*" else row[column - 1 : column]
    joined = re.match(r"\s*(?:- )*(\w+):\S", above) or re.match(r"\s*(?:- )*(\w+):\S", row)
    code: str
    fields: dict[str, Value] = {}
    if "\t" in row[:column]:
        code = "tab"
    elif said.startswith("found character that cannot") or sign in {"!", "&", "*"}:
        code, fields = "needs-quotes", {"sign": sign}
    elif value:
        code, fields = "text-behind-close", {"sign": value[1]}
    elif joined:
        code, fields = "no-space-behind-colon", {"key": joined[1]}
    elif said == "could not find expected ':'":
        code = "line-without-key"
    elif row.count(": ") > 1:
        code = "second-colon"
    elif said.startswith(("did not find expected", "mapping values")):
        code = "indentation"
    else:
        code, fields = "not-yaml", {"said": said}
    return code, fields
