"""A lesson's texts in another language: what its file holds, and the lesson in those words."""

from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

from bot.core.lesson import Allowed, Ask, Do, Id, Items, Picture, Scene, Step, Tell
from bot.core.wording import Text
from bot.core.yaml_file import FileModel

C = TypeVar("C", bound=FileModel)
Marks = dict[
    str, Annotated[str, AfterValidator(str.strip)]
]  # the texts that were translated, by their spots: by them one sees what changed since


class SaidChoice(FileModel):
    """A choice in another language."""

    text: Text
    because: Text | None = None


class SaidLine(FileModel):
    """A line of a scene in another language."""

    id: Id
    who: Text
    says: Text
    choices: Items[SaidChoice]


class SaidPicture(FileModel):
    """A picture's description in another language."""

    alt: Text


class SaidStep(FileModel):
    """A step's texts in another language; which of them it needs, the first language says."""

    id: Id
    text: Text
    picture: SaidPicture | None = None
    choices: Items[SaidChoice] = ()
    hint: Text | None = None
    differs: Text | None = None
    help: Text | None = None
    lines: Items[SaidLine] = ()
    debrief: Text | None = None


class LessonTranslation(FileModel):
    """What `<lesson-id>.<lang>.yaml` holds: the same steps, texts only."""

    format: Literal[1]
    title: Text
    summary: Text
    allow: Items[Allowed] = ()
    steps: Annotated[Items[SaidStep], Field(min_length=1)]
    learnt: Text | None = None
    help: Text | None = None
    of: Marks = Field(default_factory=dict)


class CourseTranslation(FileModel):
    """What `course.<lang>.yaml` holds."""

    format: Literal[1]
    title: Text
    summary: Text
    of: Marks = Field(default_factory=dict)


def in_words_of(step: Step, said: SaidStep) -> Step:
    """Put the translated texts into the step."""
    match step:
        case Tell():
            return step.model_copy(update={"text": said.text, "picture": _picture(step.picture, said)})
        case Do():
            words = {"text": said.text, "differs": said.differs, "help": said.help}
            return step.model_copy(update={**words, "picture": _picture(step.picture, said)})
        case Ask():
            choices = _choices(step.choices, said.choices)
            return step.model_copy(update={"text": said.text, "hint": said.hint, "choices": choices})
        case Scene():
            lines = tuple(
                line.model_copy(
                    update={"who": words.who, "says": words.says, "choices": _choices(line.choices, words.choices)}
                )
                for line, words in zip(step.lines, said.lines, strict=True)
            )
            update = {"kind": "scene", "text": said.text, "lines": lines, "debrief": said.debrief}
            return Scene.model_construct(**{**dict(step), **update})


def _picture(picture: Picture | None, said: SaidStep) -> Picture | None:
    """Return the picture, told in the other language. What is drawn in it are words of a phone: they stay."""
    return picture.model_copy(update={"alt": said.picture.alt}) if picture and said.picture else picture


def _choices(choices: tuple[C, ...], said: tuple[SaidChoice, ...]) -> tuple[C, ...]:
    return tuple(
        choice.model_copy(update={"text": words.text, "because": words.because})
        for choice, words in zip(choices, said, strict=True)
    )
