"""Where a text stands in a lesson or a course, in words that stay right when steps move.

A spot is `title`, `muc-tieu/text`, `hoi/choices.2.because` or `goi/lines.chao.says`: the id of the step, then the
keys below it, with ids for lines and numbers from 1 for choices. It is the same for a text and its translation.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.core.lesson import Course, Lesson
from bot.core.lesson_texts import LessonText, lesson_texts
from bot.core.yaml_text import Loc

MARKS = "of"  # the key of a translation that keeps of which texts it was made, by their spots

_NO_TEXTS = {"format", "allow", MARKS}  # keys of a translation without texts to translate


def spots(part: Lesson | Course) -> dict[str, LessonText]:
    """Return every text of a lesson or a course by its spot, in their order."""
    if isinstance(part, Course):
        return {
            "title": LessonText(("title",), part.title, "title"),
            "summary": LessonText(("summary",), part.summary, "said"),
        }
    return {_spot(part, each.loc): each for each in lesson_texts(part)}


def _spot(lesson: Lesson, loc: Loc) -> str:
    if loc[0] != "steps":
        return str(loc[0])
    step = lesson.steps[int(loc[1])]
    below: Any = step
    names: list[str] = []
    for part in loc[2:]:
        below = below[part] if isinstance(part, int) else getattr(below, part)
        names.append(_name(part, getattr(below, "id", None)))
    return f"{step.id}/{'.'.join(names)}"


def _name(part: str | int, own: str | None) -> str:
    return part if isinstance(part, str) else own or str(part + 1)


def said_at(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a translation by their spots; `data` is what such a file holds, well formed."""
    found: dict[str, str] = {}
    for key, value in data.items():
        if key == "steps":
            for step in value:
                found |= {f"{step['id']}/{spot}": text for spot, text in _below(step)}
        elif key not in _NO_TEXTS and value is not None:
            found[key] = value
    return found


def _below(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in part.items():
        if isinstance(value, str) and key != "id":
            yield key, value
        elif isinstance(value, Mapping):
            yield from ((f"{key}.{spot}", text) for spot, text in _below(value))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for number, item in enumerate(value):
                name = _name(number, item.get("id"))
                yield from ((f"{key}.{name}.{spot}", text) for spot, text in _below(item))


def formerly(lesson: Lesson | Course, spot: str) -> Iterator[str]:
    """Return the spots at which a text may stand in files that know its step by a former id."""
    step, slash, key = spot.partition("/")
    if slash and isinstance(lesson, Lesson):
        yield from (f"{old}/{key}" for old in lesson.steps[lesson.index[step]].was)


def data_with(part: Lesson | Course, said: Mapping[str, str]) -> dict[str, Any]:
    """Return the data of a translation that says these texts, by spot; what isn't said is left out."""
    data: dict[str, Any] = {"format": 1}
    if isinstance(part, Lesson):
        data["steps"] = [_skeleton(step.model_dump(exclude_none=True)) for step in part.steps]
    for spot, text in spots(part).items():
        if spot in said:
            below: Any = data
            for name in text.loc[:-1]:
                below = below[name]
            below[text.loc[-1]] = said[spot]
    order = ("format", "title", "summary", "steps", "learnt", "help")
    return {key: data[key] for key in order if key in data}


def _skeleton(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a step its id and those of its lines, with room for the texts of all that it has."""
    made: dict[str, Any] = {"id": step["id"], "text": ""}
    if step.get("picture"):
        made["picture"] = {}
    if step.get("choices"):
        made["choices"] = [{} for _ in step["choices"]]
    if step.get("lines"):
        made["lines"] = [
            {"id": line["id"], "who": "", "says": "", "choices": [{} for _ in line["choices"]]}
            for line in step["lines"]
        ]
    return made


def same_words(text: str, other: str) -> bool:
    """Whether two texts say the same: where their lines break doesn't count."""
    return text.split() == other.split()
