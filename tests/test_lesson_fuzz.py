"""Whatever bytes stand in a lesson file: they are told, in bounded time and memory, and nothing is raised."""

import time
import tracemalloc
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from bad_tables import FOLDER, write
from hypothesis import given, settings
from hypothesis import strategies as st
from lesson_texts import LESSON

from bot.core.lesson_file import read_lesson
from bot.core.mend import mended
from bot.core.yaml_text import MAX_BYTES, Source, parse
from bot.library import read_folder

SECONDS = 3.0  # of CPU; the slowest of them takes a tenth of one
MEGABYTES = 60.0  # for a file of 0.25

YAML_LIKE = st.text(st.sampled_from("abc: \n\t-[]{}'\"|>*&!#?,@`%012\\~=<đạế"), max_size=40)


def filled(part: Callable[[int], str], before: str = "", after: str = "") -> str:
    """Repeat a part until the file is as big as files may be."""
    text = [before]
    size = len(before.encode()) + len(after.encode())
    for number in count():
        each = part(number)
        size += len(each.encode())
        if size > MAX_BYTES:
            return "".join([*text, after])
        text.append(each)
    raise AssertionError


SCENE = "steps:\n- id: a\n  kind: scene\n  text: x\n  debrief: x\n  lines:\n"
BOMBS = {
    "deep lists": "[" * 200_000,
    "deep mappings": "{a: " * 60_000,
    "deep keys": "? " * 100_000,
    "a billion laughs": filled(lambda at: f"a{at}: &a{at} [*a{at - 1}, *a{at - 1}]\n"),
    "a merge key": filled(lambda at: f"a{at}: &a{at} {{<<: *a{at - 1}}}\n"),
    "one key again and again": filled(lambda _: "a: 1\n"),
    "unknown keys": filled(lambda at: f"k{at}: 1\n"),
    "misspelt keys": filled(lambda at: f"titl{at}: 1\n"),
    "empty steps": filled(lambda _: "- \n", "steps:\n"),
    "numbers for steps": filled(lambda _: "1,", "steps: [", "1]"),
    "steps with one id": filled(lambda _: "- {id: a, kind: tell, text: x}\n", "steps:\n"),
    "lines that lead nowhere": filled(
        lambda at: f"  - {{id: a{at}, who: x, says: y, choices: [{{text: a, next: b{at}}}, {{text: b, next: c}}]}}\n",
        SCENE,
    ),
    "a chain of lines": filled(
        lambda at: f"  - {{id: a{at}, who: x, says: y, choices: [{{text: a, next: a{at + 1}}}]}}\n", SCENE
    ),
    "choices": filled(lambda at: f"  - {{text: a{at}, because: x}}\n", "steps:\n- id: a\n  kind: ask\n  choices:\n"),
    "placeholders": filled(lambda _: "{a}", "title: '", "'"),
    "braces": filled(lambda _: "{", "title: '", "'"),
    "asterisks": filled(lambda _: "*a", "title: 'x", "'"),
    "angle brackets": filled(lambda _: "<", "title: '", "'"),
    "one long line": filled(lambda _: "a", "title: "),
    "one long key": filled(lambda _: "a", "", ": 1"),
    "a long number": filled(lambda _: "9", "minutes: "),
    "a long hexadecimal number": filled(lambda _: "f", "minutes: 0x"),
    "a long fraction": filled(lambda _: "9", "minutes: 1."),
    "a long number to the base of 60": filled(lambda _: ":59", "minutes: 1"),
    "days that don't exist": filled(lambda _: "2026-99-99,", "skills: [", "1]"),
    "former ids": filled(lambda at: f"a{at % 5},", "steps:\n- id: a\n  kind: tell\n  was: [", "b]"),
    "invisible characters": filled(lambda _: "\u200b\n"),
    "combining marks": filled(lambda _: "\u0301", "title: a"),
    "empty lines": filled(lambda _: "\n"),
    "spaces": filled(lambda _: " ", "", "x"),
    "tabs": filled(lambda _: "\tx\n", "a:\n"),
    "quotation marks": filled(lambda _: "'"),
    "colons": filled(lambda _: ": "),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_told_and_takes_little_time_and_memory(name: str) -> None:
    text = BOMBS[name]
    started = time.process_time()
    found = read_lesson(text, "x.yaml", "x", "y")
    assert time.process_time() - started < SECONDS
    assert isinstance(found, list)
    assert all(len(each.sentence("vi")) < 600 for each in found[:100])
    tracemalloc.start()
    try:
        read_lesson(text, "x.yaml", "x", "y")
        assert tracemalloc.get_traced_memory()[1] / 1e6 < MEGABYTES
    finally:
        tracemalloc.stop()


def test_a_file_of_too_many_parts_is_told_where_it_goes_too_far() -> None:
    found = read_lesson(BOMBS["empty steps"], "x.yaml", "x", "y")
    assert isinstance(found, list)
    assert [each.told("en") for each in found] == [
        (
            "x.yaml:19998:2: error too-many-parts: the file has more than 20000 keys and values;"
            " split it into several files"
        )
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lessons")
    write(path, {name: text for name, text in FOLDER.items() if "en" not in name and "an-02" not in name})
    return path


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300) | st.binary(max_size=40).map(lambda raw: LESSON.encode() + raw))
def test_any_bytes_in_a_file_are_told_and_the_others_taught(folder: Path, data: bytes) -> None:
    (folder / "an-toan" / "an-02-giu-ma.yaml").write_bytes(data)
    library, problems = read_folder(folder)
    assert "an-01" in library.lessons
    assert "an-02" in library.lessons or problems
    assert all(each.told("vi").startswith(f"{folder}/") for each in problems)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(LESSON)), size=st.integers(0, 10), new=YAML_LIKE)
def test_mending_raises_nothing_and_leaves_a_file_that_can_be_read(at: int, size: int, new: str) -> None:
    bad = LESSON[:at] + new + LESSON[at + size :]
    found = read_lesson(bad, "x.yaml", "x", "y")
    text, gone = mended(bad, found if isinstance(found, list) else [])
    assert (text == bad) == (gone == [])
    if gone:
        assert isinstance(parse(text, "x.yaml"), Source)
        again = read_lesson(text, "x.yaml", "x", "y")
        left = again if isinstance(again, list) else []
        assert not {(each.line, each.code, each.fields) for each in gone} & {
            (each.line, each.code, each.fields) for each in left
        }
