"""The Vietnamese handbook for editors: each key has its row, its examples are good, its commands are there."""

import re
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from test_docs import STEP_KEYS, fences, page, section, tables, told
from typer.core import TyperGroup

from bot.__main__ import app
from bot.core import lesson as models
from bot.core.contacts import Contact, Contacts, Link
from bot.core.paths import LearningPath
from bot.core.pronunciation import Pronunciation, Sayings
from bot.core.talk_example import TalkFile
from bot.core.yaml_file import read

BOOK = "docs/bai-hoc.md"
KEYS: list[tuple[str, type[BaseModel], set[str]]] = [
    ("Tệp course.yaml", models.CourseFile, set()),
    ("Một bài", models.LessonFile, set()),
    ("Bước tell: kể", models.Tell, STEP_KEYS),
    ("Hình", models.Picture, set()),
    ("Màn hình vẽ", models.PhoneScreen, set()),
    ("Bước ask: hỏi", models.Ask, STEP_KEYS),
    ("Một câu trả lời", models.Choice, set()),
    ("Bước do: làm trên máy", models.Do, STEP_KEYS),
    ("Bước scene: diễn tập", models.Scene, STEP_KEYS),
    ("Một lượt nói", models.Line, set()),
    ("Một cách đáp", models.Reaction, set()),
    ("Cần học trước", models.AnyOf, set()),
    ("Hồ sơ dữ kiện", models.Fact, set()),
    ("Cho phép", models.Allowed, set()),
    ("Lộ trình", LearningPath, set()),
    ("Danh bạ", Contacts, set()),
    ("Một nơi để gọi", Contact, set()),
    ("Một địa chỉ trang", Link, set()),
    ("Cách đọc", Pronunciation, set()),
    ("Một ngôn ngữ", Sayings, set()),
]


@pytest.mark.parametrize(("heading", "model", "but"), KEYS, ids=[model.__name__ for _, model, _ in KEYS])
def test_every_key_has_its_row(heading: str, model: type[BaseModel], but: set[str]) -> None:
    (table,) = tables(section(BOOK, heading))
    assert [row[0] for row in table] == [key for key in model.model_fields if key not in but]
    for key, wanted, explained in table:
        assert (wanted == "có") is model.model_fields[key].is_required()
        assert explained


def test_what_every_step_has_has_its_rows() -> None:
    (table,) = tables(section(BOOK, "Các bước"))
    assert {row[0] for row in table} == STEP_KEYS


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
