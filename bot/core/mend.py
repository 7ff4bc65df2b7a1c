"""Puts right in a text what a rule knows how to put right, and nothing else."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from bot.core.problem import Fix, Problem
from bot.core.yaml_text import Source, parse, with_plain_ends

_END = r"(?:\r\n|\r|\n)"


def fixable(problem: Problem) -> bool:
    """Whether it may be put right without a person."""
    return problem.fix is not None or problem.code == "tab"


def mended(text: str, problems: Iterable[Problem]) -> tuple[str, list[Problem]]:
    """Return the text with the fixes of these problems in it, and the problems that are gone by them.

    A fix is left out where the text isn't what it expects, and where more would change than its own place.
    """
    done: list[Problem] = []
    # From the end, so that the places of those to come stay as they are.
    for problem in sorted(problems, key=lambda each: (each.line, each.column), reverse=True):
        fix = problem.fix or (_indented(text, problem.line) if problem.code == "tab" else None)
        fresh = _with(text, fix) if fix else None
        if fresh is not None and _alike(text, fresh):
            text = fresh
            done.insert(0, problem)
    return text, done


def _with(text: str, fix: Fix) -> str | None:
    """Return the text with the fix in it and its own line ends; None where something else stands there."""
    ends = [0, *(end.end() for end in re.finditer(_END, text))]
    if fix.line > len(ends):
        return None
    start = ends[fix.line - 1] + fix.column - 1 + (fix.line == 1 and text.startswith("\ufeff"))
    found = re.compile(_END.join(map(re.escape, fix.old.split("\n")))).match(text, start)
    if found is None:
        return None
    end = re.search(_END, text)
    return text[:start] + fix.new.replace("\n", end[0] if end else "\n") + text[found.end() :]


def _alike(old: str, new: str) -> bool:
    """Whether the new text can be read, and says the same as the old one but in one place, if that could be read."""
    before, after = parse(old, ""), parse(new, "")
    if isinstance(after, list):
        return False
    if isinstance(before, list):
        return old.split() == new.split()
    words = list(_words(before.data)), list(_words(after.data))
    runs = SequenceMatcher(None, *words, autojunk=False).get_opcodes()
    return sum(tag != "equal" for tag, *_ in runs) <= 1


def _words(data: object) -> Iterator[str]:
    """Give every key and value of plain data in its order, with signs for where parts begin and end."""
    if isinstance(data, dict):
        yield "{"
        for key, value in data.items():
            yield f"{key}:"
            yield from _words(value)
        yield "}"
    elif isinstance(data, list):
        yield "["
        for value in data:
            yield from _words(value)
        yield "]"
    else:
        yield repr(data)


def _indented(text: str, line: int) -> Fix | None:
    """Return what would mend all lines that begin with tabs, if it is certain how many spaces each tab stands for."""
    lines = with_plain_ends(text).split("\n")
    tabbed = [number for number, row in enumerate(lines, 1) if row.startswith("\t")]
    if line not in tabbed or any(re.match(r" +\t", row) for row in lines):
        return None
    old = "\n".join(lines[tabbed[0] - 1 : tabbed[-1]])
    read: list[tuple[object, str]] = []
    for width in (2, 4, 8):
        new = "\n".join(_spaced(row, width) for row in old.split("\n"))
        found = parse("\n".join([*lines[: tabbed[0] - 1], new, *lines[tabbed[-1] :]]), "")
        if isinstance(found, Source):
            read.append((found.data, new))
    if not read or any(data != read[0][0] for data, _ in read):
        return None
    return Fix(tabbed[0], 1, old, read[0][1])


def _spaced(row: str, width: int) -> str:
    bare = row.lstrip("\t")
    return " " * width * (len(row) - len(bare)) + bare
