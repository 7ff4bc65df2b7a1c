"""`hocso new lesson`: what it asks, what it writes, and that it harms nothing."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_tables import FOLDER, write
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.core.lesson import Ask, is_id
from bot.core.lesson_file import read_lesson
from bot.core.new_lesson import new_lesson, proposed_id
from bot.core.new_lesson_questions import EXAMPLE
from bot.lesson_commands import new

New = Callable[..., Result]
GIVEN = ["an-toan", "Đừng đưa mã cho ai", "--summary", "Biết giữ mã.", "--minutes", "2"]
LISTS = ["--audience", "nct, moi", "--skills", "KN3,0.2"]
PATH = Path("lessons/an-toan/an-03-dung-dua-ma-cho-ai.yaml")


@pytest.fixture
def new_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> New:
    """Run the command in a folder that has settings and good lessons."""
    write(tmp_path / "lessons", FOLDER)
    (tmp_path / "config.yaml").write_text("lessons: lessons\n")
    monkeypatch.chdir(tmp_path)
    return lambda *args, said="": CliRunner().invoke(app, ["new", "lesson", *args], input=said)


def files() -> set[Path]:
    return set(Path().rglob("*"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_new_lesson_passes_the_strict_check_at_once(new_in: New, lang: str) -> None:
    ended = new_in(*GIVEN, *LISTS, "--lang", lang)
    assert ended.exit_code == 0, ended.output
    checked = CliRunner().invoke(app, ["check", "--strict", str(PATH)])
    assert (checked.exit_code, checked.stdout) == (0, "Đã xem 1 tệp, tất cả đều tốt.\n")


def test_it_holds_what_was_given_and_one_step_of_each_common_kind(new_in: New) -> None:
    ended = new_in(*GIVEN, *LISTS)
    assert ended.stdout == f"Đã ghi: {PATH}\nSửa xong thì chạy: hocso check --strict {PATH}\n"
    lesson = read_lesson(PATH.read_text(encoding="utf-8"), str(PATH), PATH.stem, "an-toan")
    assert not isinstance(lesson, list)
    assert (lesson.title, lesson.summary, lesson.minutes) == ("Đừng đưa mã cho ai", "Biết giữ mã.", 2)
    assert (lesson.audience, lesson.skills) == (("nct", "moi"), ("KN3", "0.2"))
    assert [step.kind for step in lesson.steps] == ["tell", "ask", "do"]
    question = lesson.steps[1]
    assert isinstance(question, Ask)
    assert [choice.right for choice in question.choices] == [False, True]


def test_notes_explain_each_key_in_the_language_asked_for() -> None:
    vietnamese, english = (new_lesson(EXAMPLE, dt.date(2026, 11, 22), lang) for lang in ("vi", "en"))
    assert "# Một câu: học xong thì biết làm gì.\nsummary: Biết một việc mới.\n" in vietnamese
    assert "# One sentence: what one can do afterwards.\nsummary: Biết một việc mới.\n" in english
    assert "\nchecked: 2026-11-22\n" in english
    assert "\nrecheck_by: 2027-02-20\n" in english


def test_what_is_not_given_is_asked_for_until_the_answer_is_good(new_in: New) -> None:
    answers = ["an-toàn", "an-toan", "Bài {Ban}", "Đừng đưa mã", "Biết giữ mã.", "11", "", "ai", "", "KN3", "", ""]
    ended = new_in(said="\n".join(answers))
    assert ended.exit_code == 0, ended.output
    for sentence in (
        "Bài này thuộc khóa nào? (an-toan",
        "Không có khóa 'an-toàn'; có phải ý là 'an-toan' không?",
        "Bài này tên là gì?: ",
        "{Ban}",
        "nhiều nhất 10",
        "Mã của bài, cũng là tên tệp; nhấn Enter là lấy [an-03-dung-dua-ma]: ",
    ):
        assert sentence in ended.stdout
    assert Path("lessons/an-toan/an-03-dung-dua-ma.yaml").is_file()


def test_questions_are_asked_in_english_too(new_in: New) -> None:
    ended = new_in("--lang", "en", said="an-toan\nMã\nGiữ mã.\n\n\nKN3\n\n")
    assert "What is the lesson called?: " in ended.stdout
    assert ended.stdout.endswith("run: hocso check --strict lessons/an-toan/an-03-ma.yaml\n")


@pytest.mark.parametrize("answers", ["", "an-toan\n", "an-toan\nTên\nTóm tắt.\n3\ntat-ca\nKN3\n"])
def test_whoever_stops_leaves_nothing_behind(new_in: New, answers: str) -> None:
    before = files()
    ended = new_in(said=answers)
    assert ended.exit_code == 1
    assert ended.stderr == "\nĐã dừng, chưa ghi gì. (Stopped; nothing was written.)\n"
    assert files() == before


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--minutes", "nhanh"], "'minutes'"),
        (["--audience", "nct,ai"], "'ai'"),
        (["--summary", "Bấm **vào"], "**"),
        (["--id", "An 07"], "'An 07' không làm mã được; hãy dùng chữ thường không dấu, số và gạch nối, nhiều nhất"),
        (["--id", "an-02-khac"], "Số của 'an-02-khac' đã thuộc về 'an-02-giu-ma'; hãy chọn số tiếp theo còn trống\n"),
    ],
)
def test_a_wrong_option_is_told_and_nothing_is_written(new_in: New, args: list[str], told: str) -> None:
    before = files()
    ended = new_in(*GIVEN, *LISTS, *args)
    assert ended.exit_code == 1
    assert told in ended.stderr
    assert files() == before


def test_an_existing_lesson_is_never_overwritten(new_in: New) -> None:
    path = Path("lessons/an-toan/an-02-giu-ma.yaml")
    before = path.read_bytes()
    assert new_in(*GIVEN, *LISTS, "--id", path.stem).exit_code == 1
    assert path.read_bytes() == before


def test_a_broken_lesson_keeps_its_number(new_in: New) -> None:
    Path("lessons/an-toan/an-03-hong.yaml").write_text("title: [", encoding="utf-8")
    assert new_in(*GIVEN, *LISTS).exit_code == 0
    assert Path("lessons/an-toan/an-04-dung-dua-ma-cho-ai.yaml").is_file()


def test_without_a_course_it_says_how_to_make_one(new_in: New) -> None:
    shutil.rmtree("lessons")
    Path("lessons").mkdir()
    assert new_in(*GIVEN, *LISTS).stderr.endswith(
        "chưa có khóa nào: hãy tạo một thư mục có tệp course.yaml."
        " (There is no course yet: make a folder with a course.yaml in it.)\n"
    )


def test_a_folder_that_cannot_be_written_is_told(new_in: New, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(new, "put", full)
    ended = new_in(*GIVEN, *LISTS)
    assert ended.exit_code == 1
    assert ended.stderr.endswith("không ghi được. (It can't be written: No space left on device.)\n")


@pytest.mark.parametrize(
    ("course", "title", "names", "proposed"),
    [
        ("an-toan", "Giữ mã", ["at-01-dau", "at-12-cuoi"], "at-13-giu-ma"),
        ("an-toan", "Giữ mã", [], "at-01-giu-ma"),
        ("an-toan", "!", ["at-09"], "at-10"),
        ("sim", "Đổi số", ["zalo-01", "sim-01", "zalo-02"], "zalo-03-doi-so"),
        ("an-toan", "Một tên bài rất dài để xem mã có bị cắt", ["at-99-x"], "at-100-mot-ten-bai-rat-dai-de-xem-ma-co"),
    ],
)
def test_an_id_is_proposed_from_the_course_and_the_title(
    course: str, title: str, names: list[str], proposed: str
) -> None:
    assert proposed_id(course, title, names, names) == proposed
    assert is_id(proposed)


def test_a_number_that_another_course_took_is_not_proposed() -> None:
    assert proposed_id("co-ban", "Mới", ["vneid-09-mat"], ["vneid-09-mat", "vneid-10-quen"]) == "vneid-11-moi"
