"""Plain data out of a YAML file -> checked values, or every problem with its place.

The checking is pydantic's; what it finds is told in sentences an editor can act on.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.core.problem import Fix, Phrase, Problem, Value, certain, closest, near
from bot.core.yaml_text import Loc, Source, parse

__all__ = ["FileModel", "Loc", "Source", "check", "fault", "faults", "parse", "read"]

_KINDS = {
    dict: Phrase("a mapping", "một nhóm 'tên mục: chữ'"),
    list: Phrase("a list", "một danh sách"),
    bool: Phrase("yes/no", "có/không (yes/no)"),
    type(None): Phrase("empty", "chỗ trống"),
}


class FileModel(BaseModel):
    """A part of a file: no other keys than its own, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Model = TypeVar("Model", bound=FileModel)
Fields = Mapping[str, Value]
Fault = tuple[str, Fields, str | None]  # the rule, what fills its sentence, the words of the text just before it


def faults(found: Sequence[Fault]) -> PydanticCustomError:
    """Return what a validator of a file model raises: all that is wrong with its text."""
    return PydanticCustomError("hocso", "not as it should be", {"faults": list(found)})


def fault(code: str, **fields: Value) -> PydanticCustomError:
    """Return what a validator raises where the rule `code` is broken."""
    return faults([(code, fields, None)])


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
    others: set[Loc] = set()
    placed = [(_in_data(source.data, detail), detail) for detail in details]
    misspelt: set[Loc] = set()  # keys that are there under a name much like theirs
    for loc, detail in placed:
        if detail["type"] == "extra_forbidden":
            known = _keys(model, source, loc)
            key = str(loc[-1])
            misspelt.add((*loc[:-1], closest(key, known) or ""))
            problem = source.problem(loc, "unknown-key", key=_shown(key), near=near(key, known))
            yield problem.mended_by(_renamed(source, loc, certain(key, known)))
    for loc, detail in placed:
        if detail["type"] in _TYPES:
            types.setdefault(loc, []).append(detail)
            continue
        others.add(loc)
        if detail["type"] == "hocso":
            for code, fields, after in detail["ctx"]["faults"]:
                yield source.problem(loc, code, after=after, **fields)
        elif detail["type"] != "extra_forbidden" and loc not in misspelt and not _miscounted(detail):
            yield _problem(source, loc, detail)
    # Where something within was found wrong, the type was right for one member of the union.
    right = others.union(other[:depth] for other in (*others, *types) for depth in range(len(other)))
    for loc, wanted in types.items():
        if loc not in right:
            fields = {"name": _name(loc), "found": _found(wanted[0]["input"]), **_wanted(wanted)}
            yield source.problem(loc, "wrong-type", after=None, **fields)


def _renamed(source: Source, loc: Loc, meant: str | None) -> Fix | None:
    """Return what would mend a misspelt key, unless the right one is there too."""
    data: Any = source.data
    for part in loc[:-1]:
        data = data[part]
    return None if meant is None or meant in data else Fix(*source.place(loc), str(loc[-1]), meant)


def _name(loc: Loc) -> Phrase:
    """Return what an editor would call that place: a key, or an item of a list."""
    if not loc:
        return Phrase("the file", "cả tệp")
    if isinstance(loc[-1], int) and len(loc) > 1:
        return Phrase(f"{loc[-2]!r} no. {loc[-1] + 1}", f"phần thứ {loc[-1] + 1} của mục {loc[-2]!r}")
    return Phrase(repr(loc[-1]), f"mục {loc[-1]!r}")


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


_FORMAT = "format: 1\n"  # the only key that can say but one thing
_TEXT = Phrase("text", "chữ")
_LIST = Phrase("a list: one '- ' a line", "một danh sách: mỗi dòng một dấu '- '")
_MAPPING = Phrase("a mapping: 'key: value' lines", "các dòng 'tên mục: chữ'")
_TYPES = {
    "string_type": _TEXT,
    "int_type": Phrase("a whole number", "một số nguyên"),
    "bool_type": Phrase("true or false", "true hoặc false"),
    "date_type": Phrase("a date like 2026-11-22", "một ngày như 2026-11-22"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
}


def _wanted(details: Sequence[ErrorDetails]) -> dict[str, Value]:
    wanted = list(dict.fromkeys(_TYPES[detail["type"]] for detail in details))
    quotable = _TEXT in wanted and isinstance(details[0]["input"], bool | int | float | dt.date | dict)
    return {
        "wanted": Phrase(" or ".join(each.en for each in wanted), " hoặc ".join(each.vi for each in wanted)),
        "quotes": Phrase("; put it in quotes", "; hãy đặt trong dấu nháy") if quotable else "",
    }


def _found(value: object) -> Phrase:
    shown = _shown(value)
    if isinstance(value, str):
        return Phrase(f"the text {shown}", f"chữ {shown}")
    if isinstance(value, dt.date):
        return Phrase(f"the date {value}", f"ngày {value}")
    return _KINDS.get(type(value)) or Phrase(f"the number {shown}", f"số {shown}")


def _shown(value: object) -> str:
    """Return the value as it may stand in a sentence."""
    # Python refuses to write very long whole numbers in tens.
    text = hex(value) if isinstance(value, int) and value.bit_length() > 60 else repr(value)  # noqa: PLR2004
    return text if len(text) <= 42 else f"{text[:40]}…"  # noqa: PLR2004  a line of a sentence


def _miscounted(detail: ErrorDetails) -> bool:
    """Whether pydantic, having struck bad items of a list, finds too few of them left."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _problem(source: Source, loc: Loc, detail: ErrorDetails) -> Problem:
    kind, limits = detail["type"], detail.get("ctx", {})
    code, fix = "not-valid", None
    fields: Fields = {"name": _name(loc), "said": detail["msg"]}
    if kind == "missing":
        code, fields = "missing-key", {"key": str(loc[-1])}
        fix = Fix(*source.place(()), "", _FORMAT) if loc == ("format",) else None
    elif kind == "literal_error":
        expected = _either(limits["expected"])
        code, fields = "not-allowed", {"name": _name(loc), "shown": _shown(detail["input"]), "expected": expected}
    elif kind == "union_tag_invalid":
        loc, expected = (*loc, "kind"), _either(" or ".join(limits["expected_tags"].rsplit(", ", 1)))
        code, fields = "not-allowed", {"name": _name(loc), "shown": _shown(limits["tag"]), "expected": expected}
    elif kind == "union_tag_not_found":
        code, fields = "missing-kind", {}
    elif kind in {"too_short", "too_long", "string_too_short", "string_too_long"}:
        size = len(detail["input"])
        unit = _unit("character" if kind.startswith("string") else "item", size)
        bound = _bound(limits, "min_length", "max_length")
        code, fields = "wrong-count", {"name": _name(loc), "size": size, "unit": unit, "bound": bound}
    elif kind in {"greater_than_equal", "less_than_equal"}:
        bound = _bound(limits, "ge", "le")
        code, fields = "out-of-range", {"name": _name(loc), "shown": _shown(detail["input"]), "bound": bound}
    return source.problem(loc, code, after=None, **fields).mended_by(fix)


def _either(words: str) -> Phrase:
    return Phrase(words, words.replace(" or ", " hoặc "))


def _unit(name: str, size: int) -> Phrase:
    return Phrase(name if size == 1 else f"{name}s", {"character": "ký tự", "item": "phần"}[name])


def _bound(limits: Mapping[str, object], least: str, most: str) -> Phrase:
    if least in limits:
        return Phrase(f"at least {limits[least]}", f"ít nhất {limits[least]}")
    return Phrase(f"at most {limits[most]}", f"nhiều nhất {limits[most]}")


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
