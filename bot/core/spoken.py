"""A reply as it is heard: an ordered row of small parts, each a clip by itself.

The same note, step or choice always makes the same part, so that its clip is made once, for
everybody, and fetched once by a phone that keeps what it has.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.core.library import FIRST, Library
from bot.core.numerals import cardinal
from bot.core.turn import PART, Reply
from bot.core.wording import FORMS, words

LONGEST = 600  # characters of a part
NEW = 12  # turns within which a learner is told how to answer, where there is something to choose

_paragraph = re.compile(r"\n\s*\n")
_sentence = re.compile(r"(?<=[.!?]) ")


def spoken(reply: Reply, library: Library) -> tuple[str, ...]:
    """Return what is heard, in this order: notes, heading, text, picture, choices, how to answer.

    Each part is words and pauses alone (`aloud`), at most LONGEST characters, and ends a sentence.
    """
    notes = (reply.whose, *reply.notes[1:]) if reply.whose else reply.notes
    texts = [*notes, *_headings(reply, library), reply.text, *_besides(reply, library)]
    texts = [reply.instead.get(text, text) for text in texts] if reply.instead else texts
    return tuple(
        part
        for text in texts
        for paragraph in _paragraph.split(text)
        for part in _parts(library.reader.aloud(paragraph, reply.lang))
    )


def text_of(parts: tuple[str, ...]) -> str:
    """Return the parts as a transcript, one a line."""
    return "\n".join(parts)


def _headings(reply: Reply, library: Library) -> tuple[str, ...]:
    """Return the heading, unless the learner hasn't moved on: asked once more, or inside a rehearsal."""
    says = library.says(reply.lang)
    asked_again = _to_everybody(says.again, reply.lang).intersection(reply.notes)
    rehearsing = reply.text.rpartition("\n\n")[2] in _to_everybody(says.react, reply.lang)
    return () if asked_again or rehearsing or not reply.heading else (reply.heading,)


def _besides(reply: Reply, library: Library) -> Iterator[str]:
    says = library.says(reply.lang)
    if reply.export:
        yield says.stands_as_text
    if reply.picture and reply.picture.told:
        yield says.in_picture.format(alt=reply.picture.told)
    numbers = library.phrases.get(reply.lang, library.phrases[FIRST]).numbers
    for number, button in enumerate(reply.buttons, 1):
        name = numbers[number - 1][0] if number <= len(numbers) else cardinal(number, reply.lang)
        yield f"{name.capitalize()}: {button.label}"
    if len(reply.buttons) > 1 and reply.turn % PART < NEW:
        yield says.say_next


@lru_cache(32)
def _to_everybody(text: str, lang: str) -> frozenset[str]:
    """Return a phrase as it is said to each learner: a reply doesn't tell to whom it speaks."""
    return frozenset(text.format_map(words(lang, address)) for address in FORMS)


def _parts(said: str) -> Iterator[str]:
    """Cut what is said into groups of sentences, and see that each comes to an end."""
    group = ""
    for sentence in _sentence.split(said):
        if group and len(group) + len(sentence) >= LONGEST:
            yield _ended(group)
            group = ""
        group = f"{group} {sentence}".lstrip()
        while len(group) >= LONGEST:
            cut = _breath(group)
            yield _ended(group[:cut].rstrip())
            group = group[cut:].lstrip()
    if group.strip(",;:.!? "):
        yield _ended(group)


def _breath(sentence: str) -> int:
    """Return where a sentence that is too long is best cut: at a comma, at a space, anywhere."""
    ends = (sentence.rfind(mark, LONGEST // 2, LONGEST) + 1 for mark in (", ", " "))
    return next(filter(None, ends), LONGEST - 1)


def _ended(said: str) -> str:
    return said if said.endswith((".", "!", "?")) else f"{said.rstrip(',;: ')}."
