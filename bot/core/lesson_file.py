"""Reads the texts of lesson, course and translation files into values, or names every problem.

What a part holds is checked by its model; what the parts are to one another is checked here, and
also in those parts of a bad file that are well formed, so that everything is told at once.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from bot.core.fold import fold
from bot.core.lesson import (
    DEBRIEF,
    AnyStep,
    Ask,
    Course,
    CourseFile,
    Do,
    Id,
    Items,
    Lesson,
    LessonFile,
    Picture,
    Scene,
    Step,
    Tell,
)
from bot.core.problem import Problem, nearest
from bot.core.wording import Text
from bot.core.yaml_file import FileModel, Loc, Source, check, parse

C = TypeVar("C", bound=FileModel)
T = TypeVar("T")

_step: TypeAdapter[Step] = TypeAdapter(AnyStep)


def read_lesson(text: str, path: str, lesson_id: str, course: str) -> Lesson | list[Problem]:
    """YAML text -> a lesson in its first language, or all that is wrong with it."""
    source = parse(text, path)
    if isinstance(source, list):
        return source
    file = check(LessonFile, source)
    problems = [*(file if isinstance(file, list) else ()), *_untaught(source)]
    if isinstance(file, list) or problems:
        return sorted(set(problems))
    return Lesson.model_construct(**dict(file), id=lesson_id, course=course)


def read_course(text: str, path: str, folder: str) -> Course | list[Problem]:
    """YAML text of a `course.yaml` -> a course still without lessons, or all that is wrong."""
    source = parse(text, path)
    if isinstance(source, list):
        return source
    file = check(CourseFile, source)
    problems = list(file) if isinstance(file, list) else []
    name = _mapping(source.data).get("id", folder)
    if name != folder and not any(source.place(("id",)) == (each.line, each.column) for each in problems):
        problems.append(source.problem(("id",), f"the id is {name!r}", f"it should be the folder's name, {folder!r}"))
    if isinstance(file, list) or problems:
        return sorted(problems)
    return Course.model_construct(**dict(file))


def _mapping(data: object) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _list(data: object) -> list[Any]:
    return data if isinstance(data, list) else []


def _readable(adapter: TypeAdapter[T], data: object) -> T | None:
    """Return a part of a file if it is well formed; what isn't has been told already."""
    try:
        return adapter.validate_python(data)
    except ValidationError:
        return None


def _untaught(source: Source) -> Iterator[Problem]:
    """Find what keeps a lesson from being taught although its parts may be well formed."""
    data = _mapping(source.data)
    checked, recheck = data.get("checked"), data.get("recheck_by")
    if type(checked) is type(recheck) is dt.date and recheck < checked:
        yield source.problem(("recheck_by",), f"'recheck_by' {recheck} is before 'checked'", "give a later date")
    steps = _list(data.get("steps"))
    yield from _named_twice(steps, ("steps",), source)
    for place, raw in enumerate(steps):
        loc: Loc = ("steps", place)
        step = _readable(_step, raw)
        if isinstance(step, Ask):
            yield from _unanswerable(step, loc, source)
        if isinstance(step, Scene):
            yield from _named_twice(_list(raw["lines"]), (*loc, "lines"), source)
            yield from _unplayable(step, loc, source)


def _named_twice(parts: list[Any], loc: Loc, source: Source) -> Iterator[Problem]:
    mappings = list(enumerate(map(_mapping, parts)))
    names = [((*loc, place, "id"), part.get("id")) for place, part in mappings]
    for place, part in mappings:
        names += [((*loc, place, "was", at), name) for at, name in enumerate(_list(part.get("was")))]
    met: dict[str, Loc] = {}
    for here, name in names:
        if isinstance(name, str) and name in met:
            what = f"id {name!r} is already used in line {source.place(met[name])[0]}"
            yield source.problem(here, what, "give each its own; a former id stays taken")
        elif isinstance(name, str):
            met[name] = here


def _unanswerable(step: Ask, loc: Loc, source: Source) -> Iterator[Problem]:
    if not any(choice.right for choice in step.choices):
        yield source.problem((*loc, "choices"), f"question {step.id!r} has no right choice", "mark one 'right: true'")
    if all(choice.right for choice in step.choices):
        yield source.problem((*loc, "choices"), f"question {step.id!r} has only right choices", "add a wrong one")
    yield from _said_twice([choice.text for choice in step.choices], loc, source)


def _said_twice(texts: Sequence[str], loc: Loc, source: Source) -> Iterator[Problem]:
    """Find choices that nobody could tell apart who types them."""
    heard = [fold(text) if fold(text).letters else text for text in texts]
    for place, text in enumerate(texts):
        if heard[place] in heard[:place]:
            yield source.problem((*loc, "choices", place, "text"), f"the choice {text!r} stands twice", "change one")


def _unplayable(scene: Scene, loc: Loc, source: Source) -> Iterator[Problem]:
    ends = {line.id: {choice.next for choice in line.choices} for line in scene.lines}
    for place, line in enumerate(scene.lines):
        here = (*loc, "lines", place)
        if line.id == DEBRIEF:
            what = f"a line has the id {DEBRIEF!r}"
            yield source.problem((*here, "id"), what, "give it another: that word means the scene's end")
        for number, choice in enumerate(line.choices):
            if choice.next not in {*ends, DEBRIEF}:
                what = f"line {line.id!r} goes to {choice.next!r}, which is not in this scene"
                there = (*here, "choices", number, "next")
                yield source.problem(there, what, nearest(choice.next, {*ends, DEBRIEF}))
        yield from _said_twice([choice.text for choice in line.choices], here, source)
    if not set().union(*ends.values()) <= {*ends, DEBRIEF}:
        return  # where some of the ways lead isn't known
    met = _reached(ends, {scene.lines[0].id})
    back = {name: {line for line, following in ends.items() if name in following} for name in (*ends, DEBRIEF)}
    finishing = _reached(back, {DEBRIEF})
    for place, line in enumerate(scene.lines):
        spot: Loc = (*loc, "lines", place, "id")
        if line.id not in met:
            yield source.problem(spot, f"no choice leads to line {line.id!r}", "lead one there or delete the line")
        elif line.id not in finishing:
            yield source.problem(spot, f"from line {line.id!r} no way leads to the debrief", "let one choice end it")


def _reached(ways: dict[str, set[str]], start: set[str]) -> set[str]:
    met, new = set(start), set(start)
    while new:
        new = {there for here in new for there in ways.get(here, ())} - met
        met |= new
    return met


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


_said_step = TypeAdapter(SaidStep)


class LessonTranslation(FileModel):
    """What `<lesson-id>.<lang>.yaml` holds: the same steps, texts only."""

    format: Literal[1]
    title: Text
    summary: Text
    steps: Annotated[Items[SaidStep], Field(min_length=1)]
    learnt: Text | None = None
    help: Text | None = None


class CourseTranslation(FileModel):
    """What `course.<lang>.yaml` holds."""

    format: Literal[1]
    title: Text
    summary: Text


def read_course_translation(text: str, path: str, course: Course | None, lang: str) -> Course | list[Problem]:
    """YAML text -> the course in another language, or all that is wrong: nothing where the course itself is bad."""
    source = parse(text, path)
    if isinstance(source, list):
        return source
    said = check(CourseTranslation, source)
    if isinstance(said, list) or course is None:
        return said if isinstance(said, list) else []
    return course.model_copy(update={"title": said.title, "summary": said.summary, "lang": lang})


def read_translation(text: str, path: str, lesson: Lesson, lang: str) -> Lesson | list[Problem]:
    """YAML text -> the lesson in another language, or all in which it departs from the lesson."""
    source = parse(text, path)
    if isinstance(source, list):
        return source
    said = check(LessonTranslation, source)
    problems = [*(said if isinstance(said, list) else ()), *_departures(lesson, source)]
    if isinstance(said, list) or problems:
        return sorted(set(problems))
    steps = tuple(_in_words_of(step, words) for step, words in zip(lesson.steps, said.steps, strict=True))
    update = {"title": said.title, "summary": said.summary, "learnt": said.learnt, "help": said.help, "lang": lang}
    # Built anew, not copied: a copy would carry the first language's cached indexes along.
    return Lesson.model_construct(**{**dict(lesson), **update, "steps": steps})


def _departures(lesson: Lesson, source: Source) -> Iterator[Problem]:
    data = _mapping(source.data)
    for key in ("learnt", "help"):
        yield from _same_key(lesson, data.get(key), key, (), source)
    steps = _list(data.get("steps"))
    if steps:
        said = [name if isinstance(name := _mapping(raw).get("id"), str) else "" for raw in steps]
        yield from _other_steps([step.id for step in lesson.steps], said, source)
    for place, raw in enumerate(steps):
        words = _readable(_said_step, raw)
        if words is None or words.id not in lesson.index:
            continue
        loc: Loc = ("steps", place)
        step = lesson.steps[lesson.index[words.id]]
        for key in ("picture", "hint", "differs", "help", "debrief"):
            yield from _same_key(step, getattr(words, key), key, loc, source)
        yield from _same_choices(step, words, loc, source)
        yield from _other_lines(step, words, loc, source)


def _other_steps(ids: list[str], said: list[str], source: Source) -> Iterator[Problem]:
    for place, name in enumerate(ids):
        if name not in said:
            cure = f"add it after {ids[place - 1]!r}" if place else "add it as the first"
            yield source.problem(("steps",), f"step {name!r} is not translated", cure)
    for place, name in enumerate(said):
        if name and name not in ids:
            yield source.problem(("steps", place, "id"), f"the lesson has no step {name!r}", nearest(name, ids))
    yield from _named_twice([{"id": name or None} for name in said], ("steps",), source)
    shared = [name for name in ids if name in said]
    found = [name for name in dict.fromkeys(said) if name in ids]
    if shared != found:
        first = next(name for name, right in zip(found, shared, strict=True) if name != right)
        cure = f"this would be right: {', '.join(ids)}"
        yield source.problem(("steps", said.index(first), "id"), "the steps stand in another order", cure)


def _other_lines(step: Step, words: SaidStep, loc: Loc, source: Source) -> Iterator[Problem]:
    lines = step.lines if isinstance(step, Scene) else ()
    if [line.id for line in lines] != [line.id for line in words.lines]:
        cure = f"these would be right: {', '.join(line.id for line in lines)}" if lines else "it has none: delete them"
        yield source.problem((*loc, "lines"), f"step {step.id!r} has other lines", cure)
        return
    for number, (line, spoken) in enumerate(zip(lines, words.lines, strict=True)):
        yield from _same_choices(line, spoken, (*loc, "lines", number), source)


def _same_key(part: object, said: object, key: str, loc: Loc, source: Source) -> Iterator[Problem]:
    here, there = getattr(part, key, None) is not None, said is not None
    if here and not there:
        yield source.problem(loc, f"{key!r} is not translated", f"add '{key}: …'")
    if there and not here:
        yield source.problem((*loc, key), f"{key!r} is not in the lesson", "delete it, or add it to the lesson")


def _same_choices(part: object, said: SaidStep | SaidLine, loc: Loc, source: Source) -> Iterator[Problem]:
    original: tuple[object, ...] = getattr(part, "choices", ())
    if len(original) != len(said.choices):
        what = f"{len(said.choices)} choices, where the lesson has {len(original)}"
        yield source.problem((*loc, "choices"), what, "give the same ones in the same order")
        return
    for number, (choice, words) in enumerate(zip(original, said.choices, strict=True)):
        yield from _same_key(choice, words.because, "because", (*loc, "choices", number), source)
    yield from _said_twice([choice.text for choice in said.choices], loc, source)


def _in_words_of(step: Step, said: SaidStep) -> Step:
    """Put the translated texts into the step."""
    match step:
        case Tell():
            picture = step.picture and Picture.model_construct(file=step.picture.file, alt=_alt(said))
            return step.model_copy(update={"text": said.text, "picture": picture})
        case Do():
            return step.model_copy(update={"text": said.text, "differs": said.differs, "help": said.help})
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


def _alt(said: SaidStep) -> str:
    return said.picture.alt if said.picture else ""


def _choices(choices: tuple[C, ...], said: tuple[SaidChoice, ...]) -> tuple[C, ...]:
    return tuple(
        choice.model_copy(update={"text": words.text, "because": words.because})
        for choice, words in zip(choices, said, strict=True)
    )
