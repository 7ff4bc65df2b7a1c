"""What `hocso check` looks at: whole lesson folders, of which only the named files' problems are told."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.problem import Problem
from bot.core.rules.advice import advise
from bot.core.talk_example import ENDING
from bot.lesson_commands.examples import talk_problems
from bot.lesson_commands.phrase_advice import phrase_advice
from bot.lesson_commands.references import lost_recordings
from bot.library import NothingToTeach, look_through
from bot.trial import lost_pictures, marks_of_courses

ENDINGS = {".yaml", ".yml"}


class NotThere(ValueError):
    """What is to be checked isn't there, or is no lesson file."""


@dataclass(frozen=True, slots=True)
class Found:
    """All problems of what was named, sorted, and how many files that is."""

    problems: tuple[Problem, ...]
    files: int


def look_at(paths: Iterable[Path], today: dt.date) -> Found:
    """Look at files and folders with all rules, each within the whole lesson folder around it.

    Raises:
        NotThere: one isn't there, or is in no lesson folder.
    """
    folders: dict[Path, list[Path]] = {}
    for path in paths:
        folders.setdefault(lessons_around(path), []).append(path.resolve())
    problems = {problem for folder, named in folders.items() for problem in _within(folder, named, today)}
    files = {file for named in folders.values() for path in named for file in _files(path)}
    return Found(tuple(sorted(problems)), len(files))


def lessons_around(path: Path) -> Path:
    """Return the lesson folder that the path is in, or is: the one with the phrases. Raises NotThere."""
    if not path.exists():
        raise NotThere(f"Không có tệp hay thư mục {str(path)!r}. (There is no such file or folder.)")
    if path.is_file() and path.suffix not in ENDINGS:
        raise NotThere(f"{str(path)!r} không phải tệp .yaml. (It is no .yaml file.)")
    absolute = path.resolve()
    for folder in (absolute, *absolute.parents):
        if (folder / "phrases").is_dir():
            return _short(folder)
    if path.is_dir():
        return _short(absolute)
    raise NotThere(
        f"{str(path)!r} không nằm trong thư mục bài học nào. (It is in no lesson folder: that has a folder 'phrases'.)"
    )


def _short(path: Path) -> Path:
    """Return the path as seen from here, which reads better and can be clicked in editors."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _files(path: Path) -> Iterable[Path]:
    return (each for each in path.rglob("*") if each.suffix in ENDINGS) if path.is_dir() else (path,)


def _within(folder: Path, named: Sequence[Path], today: dt.date) -> Iterable[Problem]:
    try:
        library, problems, files = look_through(folder)
    except NothingToTeach as error:
        return error.problems  # whatever was named can't be taught
    spoken = [  # nobody can choose another language
        each for each in files if each.lang in library.phrases and _is_named(Path(each.source.path), named)
    ]
    advice = (*advise(library, spoken, today), *phrase_advice(folder, library), *lost_pictures(spoken))
    advice = (*advice, *marks_of_courses(folder, library))
    talks = [path for path in sorted(folder.glob(f"*/*{ENDING}")) if _is_named(path, named)]
    advice = (*advice, *talk_problems(talks, library))
    voice = (folder / "voice").resolve()
    if _is_named(voice, named) or any(each.is_relative_to(voice) for each in named):
        advice = (*advice, *lost_recordings(folder, library))
    told = {path for path in {each.path for each in (*problems, *advice)} if _is_named(Path(path), named)}
    return (each for each in (*problems, *advice) if each.path in told)


def _is_named(path: Path, named: Sequence[Path]) -> bool:
    return any(path.resolve().is_relative_to(each) for each in named)
