"""What a translation begins with: room for each text of a lesson or a course, and above it what is to be translated."""

import re

from bot.core.lesson import Course, Lesson
from bot.core.lesson_yaml import yaml_of
from bot.core.spots import data_with, spots

_room = re.compile(r"^( *(?:- )?[^:]*: )@([0-9]+)@$")


def new_translation(part: Lesson | Course) -> str:
    """Return the text of a translation's file in which every text is still empty, so that it can't be published yet."""
    texts = spots(part)
    data = data_with(part, {spot: f"@{number}@" for number, spot in enumerate(texts)})
    originals = [each.text for each in texts.values()]
    lines: list[str] = []
    for line in yaml_of(data).removesuffix("\n").split("\n"):
        if found := _room.fullmatch(line.replace("'", "")):
            indent = " " * (len(line) - len(line.lstrip(" ")))
            lines += [f"{indent}# {each}".rstrip() for each in originals[int(found[2])].strip().split("\n")]
            line = f'{found[1]}""'  # noqa: PLW2901  what becomes of it
        lines.append(line)
    return "".join(f"{line}\n" for line in lines)
