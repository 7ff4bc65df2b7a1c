"""Problems, changes and people inside, as a page tells them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.core.hiding import is_small
from bot.core.problem import Problem
from bot.core.standing import Impact
from bot.office.editor.texts import EditorTexts
from bot.trial import Trial

QUOTED = 80  # characters of a line that is quoted beside its problem


@dataclass(frozen=True, slots=True)
class Told:
    """A problem. `quote` is its line as it is written."""

    line: int
    where: str
    error: bool
    kind: str
    code: str
    sentence: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that is wrong with a text, the errors first told in `sum`; `elsewhere` is what it does to other files."""

    problems: tuple[Told, ...]
    elsewhere: tuple[Told, ...]
    sum: str
    errors: int


def report(trial: Trial, text: str, lang: str, words: EditorTexts) -> Report:
    """Return what `hocso check` says of a text, in the same sentences."""
    lines = text.split("\n")
    own = tuple(_told(each, lang, words, lines) for each in trial.problems)
    others = tuple(_told(each, lang, words) for each in trial.elsewhere)
    errors = sum(each.error for each in own)
    said = words.sum.format(errors=errors, warnings=len(own) - errors) if own else words.fine
    return Report(own, others, said, errors)


def _told(problem: Problem, lang: str, words: EditorTexts, lines: list[str] | None = None) -> Told:
    where = words.line.format(line=problem.line, column=problem.column)
    quote = ""
    if lines is None:
        where = f"{Path(problem.path).name}: {where}"
    elif 0 < problem.line <= len(lines):
        quote = lines[problem.line - 1].strip()
    return Told(
        problem.line,
        where,
        problem.severity == "error",
        words.error if problem.severity == "error" else words.warning,
        problem.code,
        problem.sentence("vi" if lang == "vi" else "en"),
        quote if len(quote) <= QUOTED else f"{quote[:QUOTED]}…",
    )


def inside(impact: Impact, words: EditorTexts) -> Iterator[str]:
    """Tell how many people are inside a lesson and what becomes of them; few are not told by number."""
    for stand, number in impact.touched.items():
        becomes = words.becomes[stand.becomes].format(to=stand.to)
        yield words.inside_line.format(step=stand.step, people=_people(number, words), becomes=becomes)
    if impact.untouched:
        yield words.inside_rest.format(people=_people(impact.untouched, words))
    elif not impact.touched:
        yield words.inside_none


def _people(number: int, words: EditorTexts) -> str:
    return words.few if is_small(number) else words.people.format(number=number)
