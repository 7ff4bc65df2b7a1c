"""What is looked for only when lessons are checked: how good lesson files could teach better, and more safely."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from bot.core.contacts import Contacts
from bot.core.lesson import Lesson
from bot.core.lesson_texts import LessonText, lesson_texts
from bot.core.library import FIRST, Library
from bot.core.phrases import Phrases
from bot.core.problem import Problem
from bot.core.rules import address, budget, changed, ears, fresh, safety, teaching
from bot.core.rules.address import fixed_address
from bot.core.rules.budget import heard_too_long, too_heavy
from bot.core.rules.changed import changed_since
from bot.core.rules.ears import hard_to_hear
from bot.core.rules.finding import Finding
from bot.core.rules.fresh import overdue
from bot.core.rules.rule import LessonSource, Rule
from bot.core.rules.safety import dangers, numbers_unfit
from bot.core.rules.silence import unsilenced
from bot.core.rules.teaching import ill_taught, undecided
from bot.core.wording import up_to
from bot.core.yaml_text import Loc, Source

MOST = 20  # findings of one text that are told
# What a lesson file may be allowed to do.
ADVICE: Mapping[str, Rule] = {
    rule.code: rule for module in (ears, safety, address, teaching, budget, fresh, changed) for rule in module.RULES
}


def advise(library: Library, files: Sequence[LessonSource], today: dt.date) -> Iterator[Problem]:
    """Find what had better be changed in good lesson files, but for what they are allowed to do."""
    taught = {languages[FIRST].id: languages[FIRST] for languages in library.lessons.values()}
    firsts = taught | {file.lesson.id: file.lesson for file in files if file.lang == FIRST}
    for file in files:
        found = _found(library, file, firsts, today)
        yield from unsilenced(found, file.lesson.allow, file.source, ADVICE)


def advise_phrases(contacts: Contacts, phrases: Phrases, source: Source, lang: str) -> Iterator[Problem]:
    """Find phone numbers in the bot's own sentences that nobody vouches for."""
    for name, text in phrases.says:
        for finding in numbers_unfit(text, _known(lang), contacts):
            yield _problem(source, ("says", name), text, finding)


def _found(
    library: Library, file: LessonSource, firsts: Mapping[str, Lesson], today: dt.date
) -> Iterator[tuple[Problem, str]]:
    """Find each problem with the id of its step."""
    lesson, source = file.lesson, file.source
    lang = _known(file.lang)
    for text in lesson_texts(lesson):
        for finding in islice(dict.fromkeys(_of_text(library, text, lang)), MOST):
            yield _problem(source, text.loc, text.text, finding), text.step
    yield from heard_too_long(lesson, source)
    if file.lang == FIRST:  # what stands in no translation
        whole = (*ill_taught(lesson, source), *too_heavy(lesson, source), *overdue(lesson, source, today))
        yield from ((problem, "") for problem in whole)
        yield from undecided(lesson, source)
    elif first := firsts.get(lesson.id):
        yield from changed_since(first, source)


def _known(lang: str) -> str:
    """Return the language whose words are looked for: other texts are taken for English, as the voice does."""
    return lang if lang == FIRST else "en"


def _of_text(library: Library, text: LessonText, lang: str) -> Iterator[Finding]:
    yield from hard_to_hear(text, lang, library.reader)
    yield from dangers(text, lang, library.contacts)
    yield from fixed_address(text, lang)


def _problem(source: Source, loc: Loc, text: str, finding: Finding) -> Problem:
    at = text.find(finding.words) if finding.words else -1
    after = up_to(text, at) if at >= 0 else None
    return source.problem(loc, finding.code, after=after, **dict(finding.fields))
