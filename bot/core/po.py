"""Lessons and courses as entries of a gettext .po: what translators' programs read and write.

An entry's context is the name of the lesson (or `course/` and the course's) and the spot of the text in it; its
source is the Vietnamese. An entry is fuzzy where the Vietnamese changed since it was translated; it then has what
the Vietnamese was before. `po_reading` takes the entries back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from bot.core.lesson import Course, Lesson
from bot.core.lesson_texts import LessonText
from bot.core.po_notes import notes_on
from bot.core.spots import formerly, same_words, spots
from bot.core.yaml_text import Source

_COURSE = "course"  # no lesson can have this name: course.yaml has it
_choice = re.compile(r"(.*\bchoices\.)(\d+)\.")


@dataclass(frozen=True, slots=True)
class Message:
    """One entry. `said` is its translation, empty while there is none; lines count from 1."""

    context: str
    source: str
    said: str = ""
    fuzzy: bool = False  # whether somebody has to look at the translation again
    before: str = ""  # what was translated, where the source is another now
    notes: tuple[str, ...] = ()  # for the translator
    remark: str = ""  # of the translator
    place: tuple[str, int] = ("", 0)  # path and line of the source
    line: int = 0  # of the entry in the .po
    plural: bool = False  # lessons have no such texts
    marked: bool = False  # whether its translation is known to be of this source


@dataclass(frozen=True, slots=True)
class Translated:
    """What a translation's file says, by spots, and besides: its marks, what it may do, the notes at its top."""

    said: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    allow: Sequence[Mapping[str, Any]] = ()
    head: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one text is translated now: what is said, and of which Vietnamese it was made, if that is marked."""

    said: str
    was: str | None
    guessed: bool  # whether it may be the translation of another choice


@dataclass(frozen=True)
class Original:
    """A good file of a lesson or a course in its first language, and its translation as it stands."""

    part: Lesson | Course
    source: Source
    there: Translated

    @property
    def name(self) -> str:
        """What the contexts of its entries begin with."""
        return f"{_COURSE}/{self.part.id}" if isinstance(self.part, Course) else self.part.id

    @cached_property
    def texts(self) -> Mapping[str, LessonText]:
        """Today's texts by their spots."""
        return spots(self.part)

    @cached_property
    def standing(self) -> Mapping[str, Standing]:
        """How they are translated now, by spots, also where the translation doesn't fit the lesson as a whole."""
        said, marks = self.there.said, self.there.marks
        moved = tuple(_miscounted(self.texts, said))
        found: dict[str, Standing] = {}
        for spot in self.texts:
            at = next((each for each in (spot, *formerly(self.part, spot)) if each in said), None)
            if at is not None:
                was = marks.get(at)
                found[spot] = Standing(said[at], was, guessed=was is None and at.startswith(moved))
        return found


def name_in(context: str) -> str:
    """Return the name of the lesson or course in an entry's context."""
    parts = context.split("/")
    return "/".join(parts[: 2 if parts[0] == _COURSE else 1])


def messages(original: Original) -> Iterator[Message]:
    """Find the entries of all its texts, in their order."""
    for spot, text in original.texts.items():
        now = original.standing.get(spot)
        changed = now is not None and now.was is not None and not same_words(now.was, text.text)
        yield Message(
            f"{original.name}/{spot}",
            text.text,
            now.said if now else "",
            fuzzy=now is not None and (changed or now.guessed),
            before=now.was or "" if now and changed else "",
            notes=notes_on(original.part, text),
            place=(original.source.path, original.source.place(text.loc)[0]),
            marked=now is not None and now.was is not None and not changed,
        )


def _miscounted(texts: Mapping[str, object], said: Mapping[str, str]) -> set[str]:
    """Return where a translation has another number of choices: which is which can't be told."""
    here, there = ({(found[1], found[2]) for each in some if (found := _choice.match(each))} for some in (texts, said))
    return {before for before, _ in here ^ there}


def updated(message: Message, old: Message) -> Message:
    """Return an entry with what a translator made of it in an older .po, as far as that still stands."""
    message = replace(message, remark=old.remark)
    if not old.said:
        return message
    same = same_words(message.source, old.source)
    if same and not old.fuzzy:
        return replace(message, said=old.said, fuzzy=False, before="")
    if message.marked:
        return message  # somebody else has translated today's text since
    return replace(message, said=old.said, fuzzy=True, before=old.before if same or old.before else old.source)
