"""What the parts of a lesson file must be to one another, beyond what each must be by itself.

It is looked for in the plain data, and also in a bad file where its parts are well formed, so
that everything is told at once.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.core.fold import fold
from bot.core.lesson import DEBRIEF, Lesson, Scene, Step
from bot.core.problem import Phrase, Problem, closest, near
from bot.core.translation import SaidLine, SaidStep
from bot.core.yaml_file import Loc, Source

T = TypeVar("T")

_scene = TypeAdapter(Scene)
_said_step = TypeAdapter(SaidStep)


def untaught(source: Source) -> Iterator[Problem]:
    """Find what keeps a lesson from being taught although its parts may be well formed."""
    data = _mapping(source.data)
    checked, recheck = data.get("checked"), data.get("recheck_by")
    if type(checked) is type(recheck) is dt.date and recheck < checked:
        yield source.problem(("recheck_by",), "recheck-before-checked", day=recheck.isoformat())
    steps = _list(data.get("steps"))
    yield from _named_twice(steps, ("steps",), source)
    yield from _decided_twice(steps, source)
    for place, raw in enumerate(steps):
        loc: Loc = ("steps", place)
        kind = _mapping(raw).get("kind")
        if kind == "ask":
            yield from _unanswerable(raw, loc, source)
        step = _readable(_scene, raw) if kind == "scene" else None
        if step is not None:
            yield from _named_twice(_list(raw["lines"]), (*loc, "lines"), source)
            yield from _unplayable(step, loc, source)


_FORMER = Phrase("; a former id stays taken", "; tên cũ (was) vẫn giữ chỗ")


def _named_twice(parts: list[Any], loc: Loc, source: Source) -> Iterator[Problem]:
    mappings = list(enumerate(map(_mapping, parts)))
    names = [((*loc, place, "id"), part.get("id")) for place, part in mappings]
    for place, part in mappings:
        names += [((*loc, place, "was", at), name) for at, name in enumerate(_list(part.get("was")))]
    met: dict[str, Loc] = {}
    for here, name in names:
        if isinstance(name, str) and name in met:
            former = _FORMER if "was" in {*here, *met[name]} else ""
            yield source.problem(here, "id-taken", name=name, first=source.place(met[name])[0], former=former)
        elif isinstance(name, str):
            met[name] = here


def _unanswerable(step: dict[str, Any], loc: Loc, source: Source) -> Iterator[Problem]:
    choices = list(map(_mapping, _list(step.get("choices"))))
    rights = [choice.get("right", False) for choice in choices]
    question = _named(step.get("id"))
    if choices and not any(rights):
        yield source.problem((*loc, "choices"), "no-right-choice", question=question)
    if choices[1:] and all(right is True for right in rights):
        yield source.problem((*loc, "choices"), "only-right-choices", question=question)
    texts = [choice.get("text") for choice in choices]
    yield from _said_twice([text if isinstance(text, str) else "" for text in texts], loc, source)


def _decided_twice(steps: list[Any], source: Source) -> Iterator[Problem]:
    """Find a second question that decides."""
    found = [place for place, raw in enumerate(steps) if _mapping(raw).get("decides") is True]
    for place in found[1:]:
        question = _named(_mapping(steps[place]).get("id"))
        line = source.place(("steps", found[0], "decides"))[0]
        yield source.problem(("steps", place, "decides"), "deciding-twice", question=question, line=line)


def _named(name: object) -> Phrase:
    if isinstance(name, str):
        return Phrase(f"question {name!r}", f"câu hỏi {name!r}")
    return Phrase("the question", "câu hỏi này")


def _said_twice(texts: Sequence[str], loc: Loc, source: Source) -> Iterator[Problem]:
    """Find choices that nobody could tell apart who types them."""
    heard = [fold(text) if fold(text).letters else text for text in texts]
    first = {said: place for place, said in reversed(list(enumerate(heard)))}
    for place, text in enumerate(texts):
        if text and first[heard[place]] < place:
            yield source.problem((*loc, "choices", place, "text"), "choice-twice", text=text)


def _unplayable(scene: Scene, loc: Loc, source: Source) -> Iterator[Problem]:
    ends = {line.id: {choice.next for choice in line.choices} for line in scene.lines}
    for place, line in enumerate(scene.lines):
        here = (*loc, "lines", place)
        if line.id == DEBRIEF:
            yield source.problem((*here, "id"), "line-called-debrief")
        for number, choice in enumerate(line.choices):
            if choice.next not in {*ends, DEBRIEF}:
                advice = near(choice.next, {*ends, DEBRIEF})
                there = (*here, "choices", number, "next")
                yield source.problem(there, "unknown-next", name=line.id, there=choice.next, near=advice)
        yield from _said_twice([choice.text for choice in line.choices], here, source)
    if not set().union(*ends.values()) <= {*ends, DEBRIEF}:
        return  # where some of the ways lead isn't known
    met = _reached(ends, {scene.lines[0].id})
    back = {name: {line for line, following in ends.items() if name in following} for name in (*ends, DEBRIEF)}
    finishing = _reached(back, {DEBRIEF})
    for place, line in enumerate(scene.lines):
        spot: Loc = (*loc, "lines", place, "id")
        if line.id not in met:
            yield source.problem(spot, "unreachable-line", name=line.id)
        elif line.id not in finishing:
            yield source.problem(spot, "endless-line", name=line.id)


def _reached(ways: dict[str, set[str]], start: set[str]) -> set[str]:
    met, new = set(start), set(start)
    while new:
        new = {there for here in new for there in ways.get(here, ())} - met
        met |= new
    return met


def departures(lesson: Lesson, source: Source) -> Iterator[Problem]:
    """Find in what a translation departs from its lesson."""
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


_FIRST = Phrase("add it as the first", "hãy thêm nó làm bước đầu")
_NO_LINES = Phrase("it has none: delete them", "bước này không có lời thoại: hãy xóa chúng")


def _other_steps(ids: list[str], said: list[str], source: Source) -> Iterator[Problem]:
    misspelt = {closest(name, ids) for name in said if name not in ids}
    for place, name in enumerate(ids):
        if name not in said and name not in misspelt:
            before = ids[place - 1] if place else ""
            where = Phrase(f"add it after {before!r}", f"hãy thêm nó sau bước {before!r}") if place else _FIRST
            yield source.problem(("steps",), "step-not-translated", name=name, where=where)
    for place, name in enumerate(said):
        if name and name not in ids:
            yield source.problem(("steps", place, "id"), "unknown-step", name=name, near=near(name, ids))
    yield from _named_twice([{"id": name or None} for name in said], ("steps",), source)
    shared = [name for name in ids if name in said]
    found = [name for name in dict.fromkeys(said) if name in ids]
    if shared != found:
        first = next(name for name, right in zip(found, shared, strict=True) if name != right)
        yield source.problem(("steps", said.index(first), "id"), "steps-reordered", right=", ".join(ids))


def _other_lines(step: Step, words: SaidStep, loc: Loc, source: Source) -> Iterator[Problem]:
    lines = step.lines if isinstance(step, Scene) else ()
    if [line.id for line in lines] != [line.id for line in words.lines]:
        names = ", ".join(line.id for line in lines)
        right = Phrase(f"these would be right: {names}", f"đúng ra là: {names}") if lines else _NO_LINES
        yield source.problem((*loc, "lines"), "other-lines", name=step.id, right=right)
        return
    for number, (line, spoken) in enumerate(zip(lines, words.lines, strict=True)):
        yield from _same_choices(line, spoken, (*loc, "lines", number), source)


def _same_key(part: object, said: object, key: str, loc: Loc, source: Source) -> Iterator[Problem]:
    here, there = getattr(part, key, None) is not None, said is not None
    if here and not there:
        yield source.problem(loc, "key-not-translated", key=key)
    if there and not here:
        yield source.problem((*loc, key), "key-not-in-lesson", key=key)


def _same_choices(part: object, said: SaidStep | SaidLine, loc: Loc, source: Source) -> Iterator[Problem]:
    original: tuple[object, ...] = getattr(part, "choices", ())
    if len(original) != len(said.choices):
        wanted, found = len(original), len(said.choices)
        yield source.problem((*loc, "choices"), "other-choices", wanted=wanted, found=found)
        return
    for number, (choice, words) in enumerate(zip(original, said.choices, strict=True)):
        yield from _same_key(choice, words.because, "because", (*loc, "choices", number), source)
    yield from _said_twice([choice.text for choice in said.choices], loc, source)


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
