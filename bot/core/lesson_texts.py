"""All texts of a lesson, each with its place in the file and whose words it is."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from bot.core.lesson import Ask, Do, Lesson, Picture, Scene, Step, Tell
from bot.core.yaml_text import Loc

Role = Literal["title", "said", "label", "quoted", "seen"]


class LessonText(NamedTuple):
    """One text. `said` is the tutor's word, `label` the learner's, `quoted` another's; `seen` is in a picture."""

    loc: Loc
    text: str
    role: Role
    step: str = ""  # id of the step it stands in
    kind: str = ""  # of that step


def lesson_texts(lesson: Lesson) -> Iterator[LessonText]:
    """Find every text in its order; a translation has them at the same places as the lesson itself."""
    yield LessonText(("title",), lesson.title, "title")
    yield LessonText(("summary",), lesson.summary, "said")
    for place, step in enumerate(lesson.steps):
        for loc, text, role in _of_step(step, ("steps", place)):
            if text:
                yield LessonText(loc, text, role, step.id, step.kind)
    for key, end in (("learnt", lesson.learnt), ("help", lesson.help)):
        if end:
            yield LessonText((key,), end, "said")


def _of_step(step: Step, loc: Loc) -> Iterator[tuple[Loc, str | None, Role]]:
    yield (*loc, "text"), step.text, "said"
    match step:
        case Tell():
            yield from _of_picture(step.picture, loc)
        case Ask():
            for number, choice in enumerate(step.choices):
                yield (*loc, "choices", number, "text"), choice.text, "label"
                yield (*loc, "choices", number, "because"), choice.because, "said"
            yield (*loc, "hint"), step.hint, "said"
        case Do():
            yield from _of_picture(step.picture, loc)
            yield (*loc, "differs"), step.differs, "said"
            yield (*loc, "help"), step.help, "said"
        case Scene():
            yield from _of_scene(step, loc)


def _of_picture(picture: Picture | None, loc: Loc) -> Iterator[tuple[Loc, str | None, Role]]:
    if picture:
        yield (*loc, "picture", "alt"), picture.alt, "seen"


def _of_scene(scene: Scene, loc: Loc) -> Iterator[tuple[Loc, str | None, Role]]:
    for place, line in enumerate(scene.lines):
        here: Loc = (*loc, "lines", place)
        yield (*here, "who"), line.who, "quoted"
        yield (*here, "says"), line.says, "quoted"
        for number, choice in enumerate(line.choices):
            yield (*here, "choices", number, "text"), choice.text, "label"
            yield (*here, "choices", number, "because"), choice.because, "said"
    yield (*loc, "debrief"), scene.debrief, "said"
