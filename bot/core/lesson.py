"""Courses and lessons as values. A lesson that exists can be taught: reading it checked it.

These models are the file format too (docs/lessons.md); `lesson_file` reads them.
"""

import datetime as dt
import re
from functools import cached_property, lru_cache
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, Strict, ValidationInfo, field_validator, model_validator

from bot.core.fold import fold
from bot.core.problem import Phrase, near
from bot.core.wording import Text
from bot.core.yaml_file import FileModel, fault

T = TypeVar("T")
Items = Annotated[tuple[T, ...], Strict(strict=False)]  # YAML has lists only
MAX_ID = 40

_id = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_id(name: str) -> bool:
    """Whether this may be the id of a course, a lesson, a step or a line."""
    return len(name) <= MAX_ID and _id.fullmatch(name) is not None


def check_id(name: str) -> str:
    """Return the id; raise what tells the editor which one would be right."""
    if is_id(name):
        return name
    better = "-".join(fold(name).letters)[:MAX_ID].strip("-")
    example = Phrase(f", such as {better!r}", f", như {better!r}") if is_id(better) else ""
    if len(name) > MAX_ID:
        raise fault("long-id", size=len(name), limit=MAX_ID, example=example)
    raise fault("bad-id", name=name, limit=MAX_ID, example=example)


# What text editors mark, and the words in which they tell it.
_ID_SCHEMA = {
    "pattern": f"^{_id.pattern}$",
    "maxLength": MAX_ID,
    "patternErrorMessage": "Chỉ dùng chữ thường không dấu, chữ số, gạch nối đơn. (Only a-z, 0-9, single hyphens.)",
}
Id = Annotated[str, AfterValidator(check_id), Field(json_schema_extra=_ID_SCHEMA)]
Audience = Literal["nct", "nd", "nm", "dtts", "moi", "ph", "hkd", "cb", "tat-ca"]

DEBRIEF = "debrief"  # where a scene's choices may lead besides its lines
CHOICE_CODES = "abcd"


MAX_DRAWN = 60  # characters that a row of a drawn screen has room for


def check_drawn(text: str) -> str:
    """Return words that are drawn as they stand; raise what tells the editor why they can't be."""
    if sign := next((each for each in ("{", "**", "\n") if each in text), ""):
        raise fault("not-drawable", text=text, sign=sign)
    if len(text) > MAX_DRAWN:
        raise fault("too-long-to-draw", size=len(text), limit=MAX_DRAWN)
    return text


Drawn = Annotated[Text, AfterValidator(check_drawn)]


class PhoneScreen(FileModel):
    """A phone's screen as it is drawn: its title, the words in it, and which of them to tap."""

    title: Drawn
    rows: Annotated[Items[Drawn], Field(min_length=1, max_length=4)]
    tap: str

    @field_validator("tap")
    @classmethod
    def _check_tap(cls, tap: str, info: ValidationInfo) -> str:
        rows = info.data.get("rows", (tap,))  # what is wrong with the rows is told already
        if tap not in rows:
            raise fault("tap-nowhere", tap=tap, near=near(tap, rows))
        return tap


class Picture(FileModel):
    """An image beside a text, for those who would rather look: a file, or a screen that is drawn."""

    file: str | None = None
    screen: PhoneScreen | None = None
    alt: Text

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if (self.file is None) == (self.screen is None):
            raise fault("not-one-picture")
        return self

    @property
    def told(self) -> str:
        """What is said of it to whoever doesn't see it: a drawn screen has only words that the step says itself."""
        return self.alt if self.file else ""


class Choice(FileModel):
    """One answer to a question, and what is said to whoever picks it."""

    text: Text
    right: bool = False
    because: Text


class Reaction(FileModel):
    """What the learner may answer in a rehearsal, and the line it leads to."""

    text: Text
    next: str
    because: Text | None = None


class Line(FileModel):
    """In a rehearsal: someone says something, and waits for a reaction."""

    id: Id
    who: Text
    says: Text
    choices: Annotated[Items[Reaction], Field(min_length=2, max_length=len(CHOICE_CODES))]


class _Step(FileModel):
    id: Id
    was: Items[Id] = ()  # ids it had before, so that people inside find their place
    text: Text


class Tell(_Step):
    """A step to read or hear."""

    kind: Literal["tell"]
    picture: Picture | None = None


class Ask(_Step):
    """A question. A wrong answer is explained and asked again until `tries` are used up."""

    kind: Literal["ask"]
    choices: Annotated[Items[Choice], Field(min_length=2, max_length=len(CHOICE_CODES))]
    hint: Text | None = None
    tries: Annotated[int, Field(ge=1, le=4)] = 2
    decides: bool = False  # it alone decides whether somebody can do by themselves what the lesson teaches


class Do(_Step):
    """Something to do on the phone now."""

    kind: Literal["do"]
    picture: Picture | None = None
    differs: Text | None = None  # said when the learner's screen looks different
    help: Text | None = None  # said when the learner needs help


class Scene(_Step):
    """A rehearsal that branches; every way through it ends at the debrief."""

    kind: Literal["scene"]
    lines: Annotated[Items[Line], Field(min_length=1)]
    debrief: Text

    @cached_property
    def by_id(self) -> dict[str, Line]:
        """Its lines by their ids."""
        return {line.id: line for line in self.lines}


Step = Tell | Ask | Do | Scene
AnyStep = Annotated[Step, Field(discriminator="kind")]


class AnyOf(FileModel):
    """Lessons of which one is enough."""

    any: Annotated[Items[Id], Field(min_length=2)]


class Fact(FileModel):
    """Where in the facts dossier the lesson's facts stand."""

    file: str
    sections: Annotated[Items[int | str], Field(min_length=1)]


class Allowed(FileModel):
    """A rule that this file may break, and why."""

    rule: str
    step: Id | None = None  # else anywhere in the file
    reason: Text | None = None


class LessonFile(FileModel):
    """What a lesson's file holds, in its first language."""

    format: Literal[1]
    title: Text
    summary: Text
    minutes: Annotated[int, Field(ge=1, le=10)]
    audience: Annotated[Items[Audience], Field(min_length=1)]
    skills: Annotated[Items[str], Field(min_length=1)]
    needs: Items[Id | AnyOf] = ()
    facts: Items[Fact] = ()
    checked: dt.date
    recheck_by: dt.date
    sources: Items[str] = ()
    allow: Items[Allowed] = ()
    steps: Annotated[Items[AnyStep], Field(min_length=1, max_length=60)]
    learnt: Text | None = None  # said at the finish: what they can do now; else the summary
    help: Text | None = None  # said at the finish: where to get help with this matter


class Lesson(LessonFile):
    """A lesson in one language, ready to teach."""

    id: str
    course: str
    lang: str = "vi"

    @cached_property
    def key(self) -> str:
        """The short name that progress keeps: `vneid-03` of `vneid-03-tai-dung`."""
        return key_of(self.id)

    @cached_property
    def index(self) -> dict[str, int]:
        """The place of each step, by its id."""
        return {step.id: place for place, step in enumerate(self.steps)}

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Former step ids and the present ones."""
        return {old: step.id for step in self.steps for old in step.was}

    @cached_property
    def questions(self) -> int:
        """How many of its steps are questions."""
        return sum(isinstance(step, Ask) for step in self.steps)


class CourseFile(FileModel):
    """What `course.yaml` holds."""

    format: Literal[1]
    id: Id
    title: Text
    summary: Text
    order: int


class Course(CourseFile):
    """A course in one language, with the ids of its lessons in their order."""

    lang: str = "vi"
    lessons: Items[str] = ()


_numbered = re.compile(r".*?-\d+(?=-|$)")


@lru_cache(10_000)
def key_of(lesson_id: str) -> str:
    """Return the id up to its first number, or the whole id where it has none."""
    match = _numbered.match(lesson_id)
    return match[0] if match else lesson_id
