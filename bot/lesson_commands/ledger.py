"""docs/facts-ledger.md: for each lesson, which step says what, and which line of the facts dossier it rests on."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.lesson import Lesson
from bot.core.wording import ENGLISH, FORMS, plain
from bot.lesson_commands.claims import AROUND, Claim

SAID = 90  # characters of a step that are quoted

HEAD = """# The facts ledger

Written by `hocso curriculum --write` from the lessons and from the tables in docs/curriculum/, which people write;
change those, not this page. Each row is a claim that a lesson makes: in which step, how the step begins, and the line
of the facts dossier it rests on. `§n bm` is section n, bullet m of the file before it, `KC` its list of what is not
certain, `LDn` a row of the scam table in an-toan; `advice` is a precaution that states no fact. *cao, vừa, thấp* is
how sure a fact is, *ít, vừa, nhiều* how fast it may change.

Steps without a row say what the lesson is for, ask about or practise what other steps said, or repeat it. They are
named below each table, so that whoever checks can look at them too.
"""


def ledger(lessons: Sequence[Lesson], claims: Mapping[str, Sequence[Claim]]) -> str:
    """Return the page."""
    rows = sum(len(each) for each in claims.values())
    bare = sum(len(_unclaimed(lesson, claims.get(lesson.id, ()))) for lesson in lessons)
    steps = sum(len(lesson.steps) for lesson in lessons)
    figures = f"{len(lessons)} lessons, {rows} claims, {steps} steps, of which {bare} have no row.\n"
    return "\n".join([HEAD, figures, *(line for lesson in lessons for line in _lesson(lesson, claims))])


def _lesson(lesson: Lesson, claims: Mapping[str, Sequence[Claim]]) -> Iterator[str]:
    own = claims.get(lesson.id, ())
    yield f"## {lesson.id}: {_cell(lesson.title)}\n"
    facts = "; ".join(f"{fact.file} {', '.join(map(str, fact.sections))}" for fact in lesson.facts)
    yield f"Facts: {facts}. Checked {lesson.checked}, to be checked again by {lesson.recheck_by}.\n"
    if unnamed := {name for claim in own for name in claim.files} - {fact.file for fact in lesson.facts}:
        yield f"**The lesson's `facts` don't name {', '.join(sorted(unnamed))}, which claims below rest on.**\n"
    if own:
        yield "| step | what it says | claim | fact | sure |"
        yield "|---|---|---|---|---|"
        before = ""
        for claim in own:
            said = _said(lesson, claim.steps[0])
            cells = (", ".join(claim.steps), "″" if said == before else said, claim.what, claim.fact, claim.sure)
            yield f"| {' | '.join(cells)} |"
            before = said
        yield ""
    if bare := _unclaimed(lesson, own):
        yield f"No row: {', '.join(bare)}.\n"


def _unclaimed(lesson: Lesson, claims: Sequence[Claim]) -> list[str]:
    claimed = {step for claim in claims for step in claim.steps}
    return [step.id for step in lesson.steps if step.id not in claimed]


def _said(lesson: Lesson, step: str) -> str:
    """Return how a step begins, as it is said to most."""
    text = getattr(lesson, step) if step in AROUND else lesson.steps[lesson.index[step]].text
    words = FORMS["ban"].words if lesson.lang == "vi" else ENGLISH
    said = _cell(plain((text or "").format_map(words)))
    return said if len(said) <= SAID else f"{said[:SAID].rpartition(' ')[0]} …"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "/")
