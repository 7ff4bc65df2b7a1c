"""The tables of docs/curriculum/, written by hand: which claim of which step rests on which line of the dossier."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.core.lesson import Lesson

_heading = re.compile(r"## ([a-z0-9-]+)")
_signs = re.compile(r"`§n bm`.*?\b([a-z-]+\.md)", re.DOTALL)
_as_in = re.compile(r"Signs as in ([a-z-]+\.md)")
_part = re.compile(r"[ ./(]")  # what parts a step's id from the part of it that is meant
_bare = re.compile(r"(?:§|KC|GT)")
_short = re.compile(r"\b([a-z-]+) (?=§|KC|LD)")
_named = re.compile(r"\b([a-z-]+) (?:§|KC|LD)")
_FILES = {"at": "an-toan", "tt": "thanh-toan", "vn": "vneid", "kn": "ky-nang-co-ban", "dvc": "dich-vu-cong"}
_FILES |= {"kh": "khung-ky-nang", "th": "thanh-hoa", "ky-nang": "ky-nang-co-ban"}
AROUND = ("help", "learnt")  # what a lesson says besides its steps


class BadTable(ValueError):
    """A table of claims can't be read: the place, what is there, what would be right."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One row. `steps` are ids of steps, or one of AROUND; `fact` names each file in full."""

    steps: tuple[str, ...]
    what: str
    fact: str
    sure: str

    @property
    def files(self) -> set[str]:
        """The files of the dossier that it rests on."""
        return {f"{name}.md" for name in _named.findall(self.fact)}


def read_claims(folder: Path, lessons: Mapping[str, Lesson]) -> dict[str, list[Claim]]:
    """Return the claims of each lesson; `lessons` are by id.

    Raises:
        BadTable: a table has other columns, or names a lesson or step that isn't there.
        OSError: a page can't be read.
    """
    pages = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    found: dict[str, list[Claim]] = {}
    for name, text in pages.items():
        for lesson, line, cells in _rows(folder / name, text):
            if lesson not in lessons:
                raise BadTable(f"{folder / name}:{line}: there is no lesson {lesson!r}; name it by its whole id")
            if len(cells) != 4:  # noqa: PLR2004  step, claim, fact, confidence
                columns = "step, claim, fact, confidence"
                raise BadTable(f"{folder / name}:{line}: the row has {len(cells)} columns; it needs four: {columns}")
            steps = tuple(_part.split(each.strip())[0] for each in cells[0].split(","))
            for step in steps:
                if step not in lessons[lesson].index and step not in AROUND:
                    ids = ", ".join(lessons[lesson].index)
                    raise BadTable(f"{folder / name}:{line}: {lesson} has no step {step!r}; it has {ids}")
            fact = _in_full(cells[2], _main_file(name, pages))
            found.setdefault(lesson, []).append(Claim(steps, cells[1], fact, cells[3]))
    return found


def _rows(path: Path, text: str) -> Iterator[tuple[str, int, list[str]]]:
    """Find the rows of all tables, each with its lesson and its line."""
    lesson = ""
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _heading.match(line):
            lesson = heading[1]
        elif line.startswith("|") and not line.startswith(("| step |", "|---")):
            if not lesson:
                raise BadTable(f"{path}:{number}: a row stands before the first lesson; begin with '## <lesson-id>'")
            yield lesson, number, [cell.strip() for cell in line.strip().strip("|").split("|")]


def _main_file(name: str, pages: Mapping[str, str]) -> str:
    """Return the file of the dossier that is meant where a page names none."""
    head = pages[name].partition("\n## ")[0]
    if signs := _signs.search(head):
        return signs[1]
    other = _as_in.search(head)
    return _main_file(other[1], pages) if other and other[1] in pages and other[1] != name else name


def _in_full(fact: str, main: str) -> str:
    """Name the file before each part that is a line of one."""
    parts = []
    for part in fact.split("; "):
        whole = _short.sub(lambda match: f"{_FILES.get(match[1], match[1])} ", part)
        if _bare.match(whole):
            whole = f"{main.removesuffix('.md')} {whole}"
        elif whole.startswith("LD"):
            whole = f"an-toan {whole}"
        parts.append(whole)
    return "; ".join(parts)
