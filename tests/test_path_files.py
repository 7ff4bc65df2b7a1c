"""Learning paths read from the lessons' folder: in all languages, and the last good ones where a file is bad."""

import shutil
from pathlib import Path

import pytest
from small import REPO

from bot.core.library import Library
from bot.library import read_folder

PATHS = """format: 1
paths:
  - {id: ab, title: Hai bài, summary: Học lần lượt., audience: [nct], lessons: [vneid-01-hai-muc, tk-01-bi-mat]}
"""
ENGLISH = "format: 1\npaths:\n  - {id: ab, title: Two lessons, summary: One by one.}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "lessons"
    shutil.copytree(REPO / "tests/lessons", there)
    (there / "paths.yaml").write_text(PATHS, encoding="utf-8")
    (there / "paths.en.yaml").write_text(ENGLISH, encoding="utf-8")
    return there


def read(folder: Path, before: Library | None = None) -> tuple[Library, list[str]]:
    library, problems = read_folder(folder, before)
    return library, [f"{Path(each.path).name}:{each.line}: {each.sentence('en')}" for each in problems]


def titles(library: Library) -> list[dict[str, str]]:
    return [{lang: path.title for lang, path in each.items()} for each in library.paths]


BOTH = [{"vi": "Hai bài", "en": "Two lessons"}]


def test_paths_are_read_in_all_languages(folder: Path) -> None:
    library, problems = read(folder)
    assert problems == []
    assert titles(library) == BOTH
    assert library.along("ab") == ("vneid-01", "tk-01")


def test_without_the_file_there_are_no_paths(folder: Path) -> None:
    (folder / "paths.yaml").unlink()
    library, problems = read(folder)
    assert (library.paths, problems) == ((), [])


def test_a_bad_file_leaves_the_last_good_paths(folder: Path) -> None:
    before, _ = read(folder)
    (folder / "paths.yaml").write_text(PATHS.replace("title", "titel"), encoding="utf-8")
    library, problems = read(folder, before)
    assert titles(library) == BOTH
    assert problems == ["paths.yaml:3: unknown key 'titel'; did you mean 'title'?"]
    assert read(folder)[0].paths == ()


def test_a_bad_translation_leaves_its_last_good_words(folder: Path) -> None:
    before, _ = read(folder)
    (folder / "paths.en.yaml").write_text(ENGLISH.replace("id: ab", "id: xy"), encoding="utf-8")
    library, problems = read(folder, before)
    assert titles(library) == BOTH
    assert "paths.en.yaml:3: there is no path 'xy'; known here: ab" in problems
    assert titles(read(folder)[0]) == [{"vi": "Hai bài"}]


def test_a_lesson_that_cannot_be_taught_now_is_passed_over(folder: Path) -> None:
    (folder / "vneid-co-ban" / "vneid-01-hai-muc.yaml").write_text("format: 1\n", encoding="utf-8")
    library, problems = read(folder)
    assert library.along("ab") == ("tk-01",)
    assert not any("paths" in each for each in problems)
    (folder / "thanh-toan-so" / "tk-01-bi-mat.yaml").write_text("format: 1\n", encoding="utf-8")
    assert read(folder)[0].paths == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("paths.vi.yaml", "paths.vi.yaml:1: Vietnamese stands in paths.yaml itself; delete this file"),
        ("paths.em.yaml", "paths.em.yaml:1: there are no phrases for language 'em'; known here: en"),
    ],
)
def test_a_translation_that_nobody_would_read_is_told(folder: Path, name: str, expected: str) -> None:
    (folder / name).write_text(ENGLISH, encoding="utf-8")
    (problem,) = read(folder)[1]
    assert problem == expected
