"""What people have recorded: a folder for each language or dialect, each with an index.yaml.

    format: 1
    recordings:
      - file: tk-01-hoi.wav
        text: 9f86d081884c7d65        # text_hash of what it says
        step: tk-01-bi-mat/hoi        # where that stood; for reports
        who: bà Hoa
        when: 2026-11-22

Folders one level below may have an index of their own, such as one a course. Once the text is
changed its hash is another one, so nobody hears a recording that says something else.
"""

import datetime as dt
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator

from bot.core.lesson import Items
from bot.core.problem import Problem
from bot.core.readable import text_hash
from bot.core.yaml_file import FileModel, Source, check, fault, parse

INDEX = "index.yaml"

_hash = re.compile("[0-9a-f]{16}")


def _check_file(name: str) -> str:
    path = PurePosixPath(name)
    if not name or "\\" in name or ".." in path.parts or path.is_absolute():
        raise fault("recording-path", name=name)
    return name


def _check_hash(text: str) -> str:
    if not _hash.fullmatch(text):
        raise fault("recording-mark", text=text)
    return text


class _Entry(FileModel):
    file: Annotated[str, AfterValidator(_check_file)]
    text: Annotated[str, AfterValidator(_check_hash)]
    step: str = ""
    who: str = ""
    when: dt.date | None = None


class _Index(FileModel):
    format: Literal[1]
    recordings: Items[_Entry]


@dataclass(frozen=True, slots=True)
class Recording:
    """One text as somebody read it. `text` is its hash, `step` names where it stood then."""

    file: Path
    text: str
    step: str = ""
    who: str = ""
    when: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was recorded, against what is to be said now."""

    fitting: Mapping[str, Recording]  # by the names of the texts
    missing: tuple[str, ...]  # names of texts that nobody recorded, as they are now
    stale: tuple[Recording, ...]  # their step is there, but says something else now
    unused: tuple[Recording, ...]  # nothing says that any more


def indexes(folder: Path) -> list[Path]:
    """Return the index files of one language's folder."""
    found = sorted([*folder.glob(INDEX), *folder.glob(f"*/{INDEX}")])
    return [path for path in found if not path.parent.name.startswith(".")]


def recordings(folder: Path) -> tuple[tuple[Recording, ...], tuple[Problem, ...]]:
    """Read a language's folder: what is recorded, a text at most once, and every problem.

    The sounds themselves are neither opened nor looked for.
    """
    found: dict[str, Recording] = {}
    problems: list[Problem] = []
    for path in indexes(folder):
        listed = listed_in(path)
        for each in listed:
            if isinstance(each, Problem):
                problems.append(each)
                continue
            other = found.setdefault(each.text, each)
            if other is not each:
                name = each.file.relative_to(path.parent).as_posix()
                problems.append(Problem.of(str(path), 1, 1, "recorded-twice", name=name, other=other.file.name))
    return tuple(found.values()), tuple(sorted(problems))


def listed_in(path: Path) -> list[Recording] | list[Problem]:
    """Read one index file: all its entries, or every problem."""
    index = _index(path)
    if isinstance(index, list):
        return index
    return [Recording(path.parent / each.file, each.text, each.step, each.who, each.when) for each in index.recordings]


def lost(path: Path, said: Container[object]) -> Iterator[Problem]:
    """Find what is wrong with an index file, and recordings that nobody hears: `said` are the hashes of all texts."""
    source = _source(path)
    index = source if isinstance(source, list) else check(_Index, source)
    if isinstance(source, list) or isinstance(index, list):
        yield from index if isinstance(index, list) else ()
        return
    for number, entry in enumerate(index.recordings):
        if not (path.parent / entry.file).is_file():
            yield source.problem(("recordings", number, "file"), "no-recording-file", name=entry.file)
        elif entry.text not in said:
            yield source.problem(("recordings", number, "text"), "recording-unheard", name=entry.file)


def _index(path: Path) -> _Index | list[Problem]:
    source = _source(path)
    return source if isinstance(source, list) else check(_Index, source)


def _source(path: Path) -> Source | list[Problem]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return [Problem.of(str(path), 1, 1, "not-utf8")]
    except OSError as error:
        return [Problem.of(str(path), 1, 1, "cannot-read", why=error.strerror or "")]
    return parse(text, str(path))


def compared(found: Iterable[Recording], texts: Mapping[str, str]) -> Comparison:
    """Compare with the texts that are to be said now: name -> spoken text. A name is a recording's `step`."""
    recorded = {each.text: each for each in found}
    hashes = {name: text_hash(text) for name, text in texts.items()}
    fitting = {name: recorded[mark] for name, mark in hashes.items() if mark in recorded}
    others = [each for each in recorded.values() if each.text not in hashes.values()]
    moved = {name for name in texts if name not in fitting}
    moved |= {name.rpartition("/")[0] for name in moved}  # volunteers' recordings name no number
    stale = tuple(each for each in others if each.step in moved)
    return Comparison(
        fitting=fitting,
        missing=tuple(name for name in texts if name not in fitting),
        stale=stale,
        unused=tuple(each for each in others if each not in stale),
    )
