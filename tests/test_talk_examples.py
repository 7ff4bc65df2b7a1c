"""Talks beside lessons: they are played when lessons are checked, and what differs is told."""

import datetime as dt
from pathlib import Path
from shutil import copytree

import pytest
from bad_tables import FOLDER, write
from lesson_texts import changed
from small import REPO

from bot.core.problem import Problem
from bot.lesson_commands.looking import look_at
from bot.library import read_folder

TODAY = dt.date(2026, 11, 22)
NAME = "an-toan/an-02-giu-ma.talk.yaml"
TALKS = """\
format: 1
talks:
  - name: Đi hết bài
    hears: [Nghe xong thì bấm Tiếp.]
    turns:
      - types: tiep
        hears: [Có đưa mã không?]
      - taps: Đưa mã
        hears: [Mã là của riêng bạn., "Gợi ý: Mã là chìa khóa."]
      - taps: "1"
        hears: [Đúng rồi.]
      - types: xong
        hears: [Diễn tập.]
      - types: "1"
        hears: [Đọc mã đi.]
      - types: cup may
        hears: [Tốt lắm., Đó là kẻ lừa.]
      - types: tiep
        hears: [Bạn biết giữ mã.]
  - name: Nghe tiếng Anh
    learner: listening
    lang: en
    step: hoi
    turns:
      - types: one
        hears: [Step three of four.]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {**FOLDER, NAME: TALKS})
    return tmp_path


def found(folder: Path) -> tuple[Problem, ...]:
    return look_at([folder], TODAY).problems


def told(folder: Path, old: str, new: str, *, lang: str = "en") -> list[str]:
    """Change one thing in the talks; return what is told of the folder then."""
    (folder / NAME).write_text(changed(TALKS, old, new), encoding="utf-8")
    return [each.told(lang).removeprefix(f"{NAME}:") for each in found(folder)]


def test_talks_that_go_as_they_are_written_are_good_and_no_translation(folder: Path) -> None:
    assert found(folder) == ()
    library, problems = read_folder(folder)
    assert (set(library.lessons["an-02"]), problems) == ({"vi", "en"}, ())


def test_what_is_heard_differently_is_told_with_its_place(folder: Path) -> None:
    heard = "Bước 2 trên 4 Có đưa mã không? Không đưa Đưa mã"
    assert told(folder, "Có đưa mã không?", "Có đọc mã không?") == [
        f"7:17: error talk-differs: 'Có đọc mã không?' isn't heard; heard is: {heard}"
    ]
    assert told(folder, "Có đưa mã không?", "Có đọc mã không?", lang="vi") == [
        f"7:17: error talk-differs: không nghe thấy 'Có đọc mã không?'; nghe thấy: {heard}"
    ]


def test_what_is_heard_on_coming_counts_too(folder: Path) -> None:
    (line,) = told(folder, "hears: [Nghe xong", "hears: [Nghe hết")
    assert line.startswith("4:13: error talk-differs: 'Nghe hết thì bấm Tiếp.' isn't heard; heard is: ")


def test_a_changed_lesson_fails_its_talk_and_other_talks_go_on(folder: Path) -> None:
    path = folder / "an-toan/an-02-giu-ma.yaml"
    path.write_text(changed(path.read_text(encoding="utf-8"), "Mã là chìa khóa.", "Nghĩ kỹ nhé."), encoding="utf-8")
    assert [(each.line, each.column, each.code) for each in found(folder)] == [(9, 39, "talk-differs")]


def test_a_button_that_is_not_there_is_told_with_the_nearest(folder: Path) -> None:
    assert told(folder, "taps: Đưa mã", "taps: Đưa ma") == [
        "8:9: error talk-no-button: there is no button 'Đưa ma' to tap here; did you mean 'Đưa mã'?"
    ]
    assert told(folder, "taps: Đưa mã", "taps: Đưa ma", lang="vi") == [
        "8:9: error talk-no-button: ở đây không có nút 'Đưa ma' để bấm; có phải ý là 'Đưa mã' không?"
    ]


def test_a_turn_needs_one_deed(folder: Path) -> None:
    for new in ("- hears: [Có", "- taps: '1'\n        types: tiep\n        hears: [Có"):
        for lang, sentence in (
            ("en", "a turn needs one thing that the learner does; write either 'types' or 'taps'"),
            ("vi", "mỗi lượt cần đúng một việc người học làm; hãy ghi 'types' (gõ chữ) hoặc 'taps' (bấm nút)"),
        ):
            assert told(folder, "- types: tiep\n        hears: [Có", new, lang=lang) == [
                f"6:9: error talk-one-deed: {sentence}"
            ]


def test_steps_and_languages_that_are_not_there_are_told_with_the_nearest(folder: Path) -> None:
    assert told(folder, "step: hoi", "step: hoii") == [
        "23:5: error unknown-step: the lesson has no step 'hoii'; did you mean 'hoi'?"
    ]
    assert told(folder, "lang: en", "lang: fr") == [
        "22:5: error unknown-language: there are no phrases for language 'fr'; known here: en, vi"
    ]


def test_mistakes_in_the_file_are_told_as_in_lessons(folder: Path) -> None:
    assert told(folder, "learner: listening", "lerner: listening") == [
        "21:5: error unknown-key: unknown key 'lerner'; did you mean 'learner'?"
    ]
    assert told(folder, "hears: [Đúng rồi.]", "hears: ['  ']") == [
        "11:17: error empty-text: the text is empty; write what the learner is to read"
    ]
    (folder / NAME).write_bytes(b"format: 1\ntalks: \xff\n")
    assert [(each.line, each.code) for each in found(folder)] == [(2, "not-utf8")]


def test_talks_of_no_lesson_are_told(folder: Path) -> None:
    (folder / NAME).rename(folder / "an-toan/an-03-khac.talk.yaml")
    (problem,) = found(folder)
    assert problem.told("en") == (
        "an-toan/an-03-khac.talk.yaml:1:1: error talk-without-lesson:"
        " there is no lesson 'an-03-khac' beside these talks; name the file after its lesson"
    )
    assert problem.sentence("vi") == (
        "không có bài 'an-03-khac' ở cạnh các mẩu trò chuyện này; hãy đặt tên tệp theo tên bài"
    )


def test_a_bad_lesson_is_told_of_itself_alone(folder: Path) -> None:
    path = folder / "an-toan/an-02-giu-ma.yaml"
    path.write_text(changed(path.read_text(encoding="utf-8"), "minutes: 3", "minuts: 3"), encoding="utf-8")
    assert {each.path for each in found(folder)} == {"an-toan/an-02-giu-ma.yaml"}


def test_the_shipped_talks_hold() -> None:
    files = sorted((REPO / "lessons").glob("*/*.talk.yaml"))
    assert len(files) >= 6
    assert look_at(files, TODAY).problems == ()


def test_a_shipped_talk_fails_when_its_lesson_says_something_else(tmp_path: Path) -> None:
    copytree(REPO / "lessons", tmp_path / "lessons")
    for lesson in (tmp_path / "lessons").glob("*/*.yaml"):
        if ".talk" not in lesson.name:
            text = lesson.read_text(encoding="utf-8")
            lesson.write_text(text.replace("because: ", "because: Khác hẳn rồi. # "), encoding="utf-8")
    talks = set((tmp_path / "lessons").glob("*/*.talk.yaml"))
    problems = look_at(talks, TODAY).problems
    assert {each.code for each in problems} == {"talk-differs"}
    assert {Path(each.path) for each in problems} == talks
