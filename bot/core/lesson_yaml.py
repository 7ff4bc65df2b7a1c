"""A lesson -> YAML text as editors write it: keys in their order, long texts behind a bar, short lists on one line."""

from collections.abc import Mapping
from typing import Any

import yaml

from bot.core.lesson import LessonFile

BAR = 80  # characters; a longer text stands behind a bar, where it needs no quotes
_ONE_LINE = {"audience", "skills", "sections", "was", "any", "rows"}  # lists of short words
_EXACT = {"file", "rule", "next", "tap"}  # not texts: a line's end at the end of one would count
_FIRST_KEYS = ("id", "was", "kind")


class _Long(str):
    """A text that is written behind a bar; reading it takes off the line's end."""

    __slots__ = ()


class _ShortList(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Indents lists, so that a step's keys stand below its id."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  PyYAML's order
        super().increase_indent(flow, indentless=False)


def _long(dumper: yaml.SafeDumper, text: _Long) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", f"{text}\n", "|")


def _short_list(dumper: yaml.SafeDumper, items: _ShortList) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


_Dumper.add_representer(_Long, _long)
_Dumper.add_representer(_ShortList, _short_list)


def yaml_of(data: Mapping[str, object]) -> str:
    """Plain data of a lesson -> YAML text that is read as the same lesson."""
    written: str = yaml.dump(
        _styled(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"), default_flow_style=False
    )
    return written


def lesson_data(lesson: LessonFile) -> dict[str, object]:
    """Return what the lesson's file holds, without what is left out because it goes without saying."""
    data = lesson.model_dump(exclude_defaults=True, include=set(LessonFile.model_fields))
    return {key: data[key] for key in LessonFile.model_fields if key in data}


def lesson_yaml(lesson: LessonFile) -> str:
    """Return the text of the lesson's file."""
    return yaml_of(lesson_data(lesson))


def _styled(data: object, key: str = "") -> object:
    if isinstance(data, Mapping):
        names = sorted(data, key=lambda name: _FIRST_KEYS.index(name) if name in _FIRST_KEYS else len(_FIRST_KEYS))
        return {name: _styled(data[name], name) for name in names}
    if isinstance(data, list | tuple):
        items = [_styled(item) for item in data]
        return _ShortList(items) if key in _ONE_LINE else items
    if isinstance(data, str) and key and key not in _EXACT and (len(data) > BAR or "\n" in data):
        return _Long(data)
    return data
