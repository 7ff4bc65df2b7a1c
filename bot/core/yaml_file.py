"""Plain data out of a YAML file -> checked values, or every problem with its place.

The checking is pydantic's; what it finds is told in sentences an editor can act on.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.core.problem import Problem, closest, nearest
from bot.core.yaml_text import Loc, Source, parse

__all__ = ["FileModel", "Loc", "Source", "check", "fault", "faults", "parse", "read"]

type_names = {dict: "a mapping", list: "a list", bool: "yes/no", type(None): "empty"}


class FileModel(BaseModel):
    """A part of a file: no other keys than its own, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Model = TypeVar("Model", bound=FileModel)
Fault = tuple[str, str, str | None]  # what is wrong, what would be right, the words of the text just before it


def faults(found: Sequence[Fault]) -> PydanticCustomError:
    """Return what a validator of a file model raises: all that is wrong with its text."""
    return PydanticCustomError("hocso", "not as it should be", {"faults": list(found)})


def fault(what: str, cure: str) -> PydanticCustomError:
    """Return what a validator raises for one fault: what is there, and what would be right."""
    return faults([(what, cure, None)])


def check(model: type[Model], source: Source) -> Model | list[Problem]:
    """Plain data -> the model, or every problem with its place."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        return sorted(set(_told(source, error.errors(include_url=False), model)))


def read(model: type[Model], text: str, path: str) -> Model | list[Problem]:
    """YAML text -> the model, or every problem with its place."""
    source = parse(text, path)
    return source if isinstance(source, list) else check(model, source)


def _told(source: Source, details: Sequence[ErrorDetails], model: type[BaseModel]) -> Iterator[Problem]:
    types: dict[Loc, list[ErrorDetails]] = {}  # where another type is wanted: one for each member of a union
    others: list[Loc] = []
    placed = [(_in_data(source.data, detail), detail) for detail in details]
    misspelt: set[Loc] = set()  # keys that are there under a name much like theirs
    for loc, detail in placed:
        if detail["type"] == "extra_forbidden":
            known = _keys(model, source, loc)
            misspelt.add((*loc[:-1], closest(str(loc[-1]), known) or ""))
            yield source.problem(loc, f"unknown key {_shown(loc[-1])}", nearest(str(loc[-1]), known))
    for loc, detail in placed:
        if detail["type"] in _TYPES:
            types.setdefault(loc, []).append(detail)
            continue
        others.append(loc)
        if detail["type"] == "hocso":
            for what, cure, after in detail["ctx"]["faults"]:
                yield source.problem(loc, what, cure, after)
        elif detail["type"] != "extra_forbidden" and loc not in misspelt and not _miscounted(detail):
            yield source.problem(*_sentence(loc, detail))
    for loc, wanted in types.items():
        # Where something within was found wrong, the type was right for one member of the union.
        if not any(other[: len(loc)] == loc for other in (*others, *(each for each in types if each != loc))):
            what, cure = f"{_name(loc)} is {_found(wanted[0]['input'])}", _wanted(wanted)
            yield source.problem(loc, what, cure)


def _name(loc: Loc) -> str:
    """Return what an editor would call that place: a key, or an item of a list."""
    if not loc:
        return "the file"
    return f"{loc[-2]!r} no. {loc[-1] + 1}" if isinstance(loc[-1], int) and len(loc) > 1 else repr(loc[-1])


def _in_data(data: object, detail: ErrorDetails) -> Loc:
    """Return the place in the file: pydantic's path names members of unions too."""
    kept: list[str | int] = []
    kind = None
    for place, part in enumerate(detail["loc"]):
        last = place == len(detail["loc"]) - 1
        wanted = last and detail["type"] == "missing"
        if isinstance(data, dict) and not last and kind is None and part == data.get("kind"):
            kind = part  # the member of the union; below it stands the key, which may have the same name
        elif isinstance(data, dict) and (part in data or wanted):
            kept.append(part)
            data, kind = data.get(part), None
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            kept.append(part)
            data = data[part]
    return tuple(kept)


_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "date_type": "a date like 2026-11-22",
    "list_type": "a list: one '- ' a line",
    "tuple_type": "a list: one '- ' a line",
    "dict_type": "a mapping: 'key: value' lines",
    "model_type": "a mapping: 'key: value' lines",
    "model_attributes_type": "a mapping: 'key: value' lines",
}


def _wanted(details: Sequence[ErrorDetails]) -> str:
    wanted = " or ".join(dict.fromkeys(_TYPES[detail["type"]] for detail in details))
    found = details[0]["input"]
    quotable = isinstance(found, bool | int | float | dt.date | dict)
    quotes = "; put it in quotes" if quotable and "string_type" in {detail["type"] for detail in details} else ""
    return f"it should be {wanted}{quotes}"


def _found(value: object) -> str:
    if isinstance(value, str):
        return f"the text {_shown(value)}"
    if isinstance(value, dt.date):
        return f"the date {value}"
    return type_names.get(type(value)) or f"the number {_shown(value)}"


def _shown(value: object) -> str:
    """Return the value as it may stand in a sentence."""
    # Python refuses to write very long whole numbers in tens.
    text = hex(value) if isinstance(value, int) and value.bit_length() > 60 else repr(value)  # noqa: PLR2004
    return text if len(text) <= 42 else f"{text[:40]}…"  # noqa: PLR2004  a line of a sentence


def _miscounted(detail: ErrorDetails) -> bool:
    """Whether pydantic, having struck bad items of a list, finds too few of them left."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _sentence(loc: Loc, detail: ErrorDetails) -> tuple[Loc, str, str]:
    name, kind, limits = _name(loc), detail["type"], detail.get("ctx", {})
    what, cure = f"{name}: {detail['msg']}", "see docs/lessons.md for the format"
    if kind == "missing":
        what, cure = f"key {name} is missing", f"add '{loc[-1]}: …'"
    elif kind == "literal_error":
        what, cure = f"{name} is {_shown(detail['input'])}", f"it should be {limits['expected']}"
    elif kind == "union_tag_invalid":
        loc = (*loc, "kind")
        expected = " or ".join(limits["expected_tags"].rsplit(", ", 1))
        what, cure = f"'kind' is {_shown(limits['tag'])}", f"it should be {expected}"
    elif kind == "union_tag_not_found":
        what, cure = "a step without 'kind'", "add 'kind: tell', 'ask', 'do' or 'scene'"
    elif kind in {"too_short", "too_long", "string_too_short", "string_too_long"}:
        bound = f"at least {limits['min_length']}" if "min_length" in limits else f"at most {limits['max_length']}"
        size = len(detail["input"])
        unit = ("character" if kind.startswith("string") else "item") + ("" if size == 1 else "s")
        what, cure = f"{name} has {size} {unit}", f"{bound} would be right"
    elif kind in {"greater_than_equal", "less_than_equal"}:
        bound = f"at least {limits['ge']}" if "ge" in limits else f"at most {limits['le']}"
        what, cure = f"{name} is {_shown(detail['input'])}", f"{bound} would be right"
    return loc, what, cure


def _keys(model: type[BaseModel], source: Source, loc: Loc) -> set[str]:
    """Return the keys that may stand where the key `loc` stands."""
    data: Any = source.data
    models = [model]
    for part in loc[:-1]:
        if isinstance(part, str):
            models = _in_type(_nearest_model(models, data).model_fields[part].annotation)
        data = data[part]
    return set(_nearest_model(models, data).model_fields)


def _nearest_model(models: Sequence[type[BaseModel]], data: dict[str, object]) -> type[BaseModel]:
    """Of the members of a union, return the one this mapping is meant to be."""
    return max(models, key=lambda each: (_is_kind(each, data.get("kind")), len(data.keys() & each.model_fields.keys())))


def _is_kind(model: type[BaseModel], kind: object) -> bool:
    field = model.model_fields.get("kind")
    return field is not None and kind in getattr(field.annotation, "__args__", ())


def _in_type(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [inner for part in getattr(annotation, "__args__", ()) for inner in _in_type(part)]
