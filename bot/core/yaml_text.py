"""YAML text -> plain data that knows its lines, or what keeps it from being read.

Of YAML we take what an editor needs: keys, lists and texts. What else it has (anchors, tags,
several documents) is refused in plain words: it is nearly always a text that lacks its quotes.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import yaml
from yaml.constructor import SafeConstructor

from bot.core.problem import Problem

MAX_BYTES = 256_000  # a lesson of ten minutes is under 20,000
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


@dataclass(frozen=True, slots=True)
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

    def problem(self, loc: Loc, what: str, cure: str, after: str | None = None) -> Problem:
        """Say that something is wrong at `loc`: where its text goes on after `after`, if that can be found."""
        line, column = here = self.place(loc)
        if after is not None:
            end = min((place[0] for place in self.places.values() if place > here), default=None)
            for number, row in enumerate(self.text.split("\n")[line - 1 : end], line):
                at = row.find(after, column - 1 if number == line else 0)
                if at >= 0:
                    return Problem(self.path, number, at + len(after), what, cure)
        return Problem(self.path, line, column, what, cure)


def parse(text: str, path: str) -> Source | list[Problem]:
    """YAML text -> plain data with places, or the problems that keep it from being read."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    node = _composed(text, path)
    if isinstance(node, list):
        return node
    walk = _Walk(path)
    data = walk.value(node, ())
    return walk.problems or Source(path, text, data, walk.places)


def _composed(text: str, path: str) -> yaml.Node | list[Problem]:
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        return [Problem(path, 1, 1, f"the file is over {MAX_BYTES // 1000} kB", "split it into several lessons")]
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
        what = f"this can't be read: {str(error).splitlines()[0]}"
        problems = problems or [Problem(path, 1, 1, what, "save it as UTF-8 text")]
    if problems:
        return problems
    return node or [Problem(path, 1, 1, "the file is empty", "see docs/lessons.md for what belongs in it")]


def _unseen(text: str, path: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if found := invisible(line):
            at, name = found
            yield Problem(
                path, number, at + 1, f"an invisible or broken character, {name}", "delete it; type the words anew"
            )


class _Mark(Protocol):
    line: int  # from 0
    column: int


def _place(mark: _Mark | None) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _refused(text: str, path: str) -> Iterator[Problem]:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line, column = _place(event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            yield Problem(path, line, column, f"nested deeper than {MAX_DEPTH} levels", "see docs/lessons.md")
            return
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&" if anchor else "!" if tag else ""
        if sign:
            what = f"words that begin with {sign!r} have a meaning of their own in YAML"
            yield Problem(path, line, column, what, "put the text in quotes; a part used twice is written twice")


class _Walk:
    """Composed nodes -> plain data and places; gathers what YAML allows and we don't."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.places: dict[Loc, Place] = {}
        self.problems: list[Problem] = []
        self._scalars = SafeConstructor()

    def _wrong(self, node: yaml.Node, what: str, cure: str) -> None:
        self.problems.append(Problem(self.path, *_place(node.start_mark), what, cure))

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
                self._wrong(key_node, "a key that is not a word", "write 'key: text'; put a text with braces in quotes")
            elif key in data:
                first = self.places[(*loc, key)][0]
                self._wrong(key_node, f"key {key!r} stands twice, first in line {first}", "keep one of them")
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
                self._wrong(node, f"{shown} is no date", "give a day that exists, like 2026-11-22")
            else:
                self._wrong(node, f"{shown} can't be read as {node.tag.rpartition(':')[2]}", "put it in quotes")
            return None
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


_QUOTE = "put the text in quotes, or begin it with '|' and write it on the next line"
_ALIGN = "begin it in the same column as the keys, or the '- ', that it belongs to"
_PLAIN = {  # what libyaml says -> what it is in plain words, and the cure
    "block sequence entries are not allowed in this context": (
        "a '- ' stands behind a key",
        "begin the list on the next line",
    ),
    "but found another document": ("'---' begins another file inside this one", "delete that line"),
    "did not find expected <document start>": ("'...' ends the file here", "delete that line"),
    "did not find expected comment or line break": (
        "text stands right behind '|' or '>'",
        "begin the text on the next line, indented",
    ),
    "did not find expected ',' or '}'": (
        "what begins with this '{' can't be read",
        "close it with '}', and put texts with ':' or braces in quotes",
    ),
    "did not find expected ',' or ']'": (
        "what begins with this '[' can't be read",
        "close it with ']', and put texts with ':' or brackets in quotes",
    ),
    "found unexpected end of stream": ("a quotation mark that isn't closed", "close the text with the same mark"),
    "found unexpected document indicator": ("a quotation mark that isn't closed", "close the text with the same mark"),
    "found unknown escape character": ("a '\\' in double quotes", "put the text in single quotes"),
    "did not find expected hexdecimal number": ("a '\\' in double quotes", "put the text in single quotes"),
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
    what, cure = _PLAIN.get(said) or _by_row(said, row, above, column)
    return Problem(path, line, column, what, cure)


def _by_row(said: str, row: str, above: str, column: int) -> tuple[str, str]:
    """Say what is wrong where that hangs on the row itself."""
    value = re.match(r"\s*(?:- )*(?:[\w-]+:\s+)?([\"'{\[!&*])", row)
    sign = value[1] if value and value[1] in "!&*" else row[column - 1 : column]
    joined = re.match(r"\s*(?:- )*(\w+):\S", above) or re.match(r"\s*(?:- )*(\w+):\S", row)
    what, cure = f"this is not YAML: {said}", "check the indentation and the quotes here and in the line above"
    if "\t" in row[:column]:
        what, cure = "a tab", "use spaces, not tabs, to indent"
    elif said.startswith("found character that cannot") or sign in {"!", "&", "*"}:
        what, cure = f"a text can't begin with {sign!r}", _QUOTE
    elif value:
        what, cure = f"the text begins with {value[1]!r} and goes on after that is closed", _QUOTE
    elif joined:
        what, cure = f"no space behind '{joined[1]}:'", f"write '{joined[1]}: …'"
    elif said == "could not find expected ':'":
        what, cure = (
            "a line without 'key: '",
            "write 'key: text'; indent the further lines of a text deeper than its key",
        )
    elif row.count(": ") > 1:
        what, cure = "a second ': ' in one line", _QUOTE
    elif said.startswith(("did not find expected", "mapping values")):
        what, cure = "this line isn't indented as it should be", _ALIGN
    return what, cure
