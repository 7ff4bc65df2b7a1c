"""The Vietnamese handbook for editors: its examples are good, its commands are there."""

import re
from typing import Any

import typer
from test_docs import fences, page, section, told
from typer.core import TyperGroup

from bot.__main__ import app
from bot.core.talk_example import TalkFile
from bot.core.yaml_file import read

BOOK = "docs/bai-hoc.md"


def test_its_examples_are_good() -> None:
    (shortest,) = fences(section(BOOK, "Học trong mười phút"))
    (course,) = fences(section(BOOK, "Tệp course.yaml"))
    (talk,) = fences(section(BOOK, "Ví dụ hội thoại"))
    assert told(shortest) == []
    assert told(course) == []
    assert isinstance(read(TalkFile, talk, "talk.yaml"), TalkFile)


def options_of(command: Any) -> set[str]:
    own = {option for parameter in command.params for option in parameter.opts}
    below = command.commands.values() if isinstance(command, TyperGroup) else ()
    return own.union(*map(options_of, below))


def test_its_commands_and_options_are_there() -> None:
    program = typer.main.get_command(app)
    assert isinstance(program, TyperGroup)
    called = set(re.findall(r"`hocso ([a-z]+)", page(BOOK)))
    assert len(called) > 8
    assert called <= program.commands.keys()
    assert set(re.findall(r"`(--[a-z]+)", page(BOOK))) <= options_of(program)
