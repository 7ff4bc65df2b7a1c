"""What changed in courses since they were translated."""

from collections.abc import Iterator
from pathlib import Path

from bot.core.library import FIRST, Library
from bot.core.problem import Problem
from bot.core.rules.changed import changed_since
from bot.core.yaml_text import Source, parse


def marks_of_courses(folder: Path, library: Library) -> Iterator[Problem]:
    """Find marks that aren't today's texts in the translations of a lesson folder's courses."""
    for languages in library.courses:
        for lang in languages.keys() - {FIRST}:
            path = folder / languages[FIRST].id / f"course.{lang}.yaml"
            source = parse(path.read_text(encoding="utf-8-sig"), str(path))
            if isinstance(source, Source):
                yield from (problem for problem, _ in changed_since(languages[FIRST], source))
