"""`hocso preview`: a lesson in the terminal as each kind of learner gets it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from bad_tables import FOLDER, write
from programs import hocso
from typer.testing import CliRunner, Result

from bot.__main__ import app

LESSON = "an-02-giu-ma"
HINT = "Xem thử bài 'Giữ mã': gõ như người học, Ctrl+D để dừng. (Type as a learner would; Ctrl+D ends it.)\n"

Preview = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write(tmp_path / "lessons", FOLDER)
    (tmp_path / "config.yaml").write_text("lessons: lessons\ndata: var\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Run the command where it ends before anything is typed; return its last words."""
    monkeypatch.chdir(home)

    def run(*args: str) -> str:
        ended = CliRunner().invoke(app, ["preview", *args])
        assert (ended.exit_code, ended.stdout) == (2, "")
        return ended.stderr

    yield run
    structlog.reset_defaults()  # the command's log goes to a stream that is closed now


def walk(home: Path, *args: str, lines: str) -> str:
    ended = hocso(home, "preview", *args, lines=lines)
    assert (ended.returncode, ended.stderr.splitlines()[0] + "\n") == (0, HINT)
    return ended.stdout


def test_someone_who_reads_sees_the_buttons_and_the_picture_s_words(home: Path) -> None:
    seen = walk(home, "an-02", lines="tiep\n1\n")
    assert "Nghe xong thì bấm Tiếp.\n  (Nút có chữ Tiếp.)\n  [Tiếp]\n" in seen
    assert "\n> tiep\nBước 2 trên 4\nCó đưa mã không?\n  [Không đưa]\n  [Đưa mã]\n" in seen
    assert "\n> 1\nĐúng rồi." in seen
    assert not (home / "var").exists()  # nothing of it is kept


def test_someone_who_listens_gets_what_is_said_aloud(home: Path) -> None:
    said = walk(home, LESSON, "--as", "listening", "--from", "hoi", lines="2\n")
    assert "Bước hai trên bốn.\nCó đưa mã không?\nMột: Không đưa.\nHai: Đưa mã.\n" in said
    assert "Gợi ý: Mã là chìa khóa.\n" in said


def test_someone_who_types_numbers_sees_them_and_hears_when_they_ask(home: Path) -> None:
    path = home / "lessons/an-toan" / f"{LESSON}.yaml"
    seen = walk(home, str(path), "--as", "numbers", "--from", "hoi", lines="nghe\n")
    assert "Có đưa mã không?\n  1. Không đưa\n  2. Đưa mã\n" in seen
    assert "Một: Không đưa.\nHai: Đưa mã.\n" in seen


def test_a_lesson_can_be_walked_through_in_another_language(home: Path) -> None:
    assert "Step 2 of 4\n" in walk(home, LESSON, "--lang", "en", "--from", "hoi", lines="")


def test_what_is_not_there_is_told_with_what_is_near(refused: Callable[..., str]) -> None:
    assert refused("an-02-giu-m") == (
        "Không có bài 'an-02-giu-m'; có phải ý là 'an-02-giu-ma' không?"
        " (There is no lesson 'an-02-giu-m'; did you mean 'an-02-giu-ma'?)\n"
    )
    assert refused("an-03") == (
        "Không có bài 'an-03'; có phải ý là 'an-01' không? (There is no lesson 'an-03'; did you mean 'an-01'?)\n"
    )
    assert refused("lessons/an-tan/an-02-giu-ma.yaml") == (
        "Không có bài 'lessons/an-tan/an-02-giu-ma.yaml'; có phải ý là 'lessons/an-toan/an-02-giu-ma.yaml' không?"
        " (There is no lesson 'lessons/an-tan/an-02-giu-ma.yaml'; did you mean 'lessons/an-toan/an-02-giu-ma.yaml'?)\n"
    )
    Path("notes.txt").touch()
    assert refused("notes.txt") == "'notes.txt' không phải tệp .yaml. (It is no .yaml file.)\n"
    assert refused(LESSON, "--from", "hoii") == (
        "Bài không có bước 'hoii'; có phải ý là 'hoi' không? (The lesson has no step 'hoii'; did you mean 'hoi'?)\n"
    )
    assert refused(LESSON, "--lang", "fr") == (
        "Chương trình chưa nói tiếng 'fr'; ở đây dùng được: en, vi. (There is no language 'fr'; known here: en, vi.)\n"
    )


def test_a_lesson_with_errors_is_told_with_them(refused: Callable[..., str]) -> None:
    path = Path("lessons/an-toan/an-02-giu-ma.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("minutes: 3", "minuts: 3"), encoding="utf-8")
    for name in (LESSON, "an-02", str(path)):
        assert refused(name).splitlines() == [
            f"{path}:4:1: error unknown-key: không có mục nào tên 'minuts'; có phải ý là 'minutes' không?",
            "Bài này chưa dạy được; hãy sửa các lỗi trên. (The lesson can't be taught yet; mend what is told above.)",
        ]


def test_what_was_typed_is_written_as_a_talk_that_passes(home: Path) -> None:
    file = home / "lessons/an-toan" / f"{LESSON}.talk.yaml"
    walk(home, LESSON, "--from", "hoi", "--record", str(file), lines="dua ma\n\n1\n")
    text = file.read_text(encoding="utf-8")
    assert text.startswith("format: 1\ntalks:\n- name: preview\n  learner: reading\n  lang: vi\n  step: hoi\n")
    assert [line for line in text.splitlines() if "types:" in line] == ["  - types: dua ma", "  - types: '1'"]
    assert "    - 'Gợi ý: Mã là chìa khóa.'\n" in text
    assert hocso(home, "check", str(file)).stdout == "Đã xem 1 tệp, tất cả đều tốt.\n"


def test_a_talk_can_be_written_beside_its_lesson(home: Path) -> None:
    walk(home, "an-02", "--record", "default", lines="tiep\n")
    file = home / "lessons/an-toan" / f"{LESSON}.talk.yaml"
    assert file.read_text(encoding="utf-8").count("types: tiep") == 1
    assert hocso(home, "check", str(file)).returncode == 0


def test_a_secret_is_not_written(home: Path) -> None:
    file = home / f"{LESSON}.talk.yaml"
    ended = hocso(home, "preview", LESSON, "--record", str(file), lines="tiep\n038123456789\n1\n")
    assert "(A secret: what comes before it is kept.)" in ended.stderr
    assert "038123456789" not in ended.stdout + file.read_text(encoding="utf-8")
    assert file.read_text(encoding="utf-8").count("types:") == 1


def test_a_talk_that_is_there_is_written_over_only_if_forced(home: Path, refused: Callable[..., str]) -> None:
    file = f"{LESSON}.talk.yaml"
    Path(file).write_text("mine", encoding="utf-8")
    assert refused(LESSON, "--record", file) == (
        f"Đã có tệp '{file}'; thêm --force để ghi đè. (The file is there; add --force to write over it.)\n"
    )
    assert refused(LESSON, "--record", "talk.yaml") == (
        f"Tệp 'talk.yaml' không theo tên bài; hãy đặt là '{file}'. (Name it '{file}', after its lesson.)\n"
    )
    assert Path(file).read_text(encoding="utf-8") == "mine"
    nothing = hocso(home, "preview", LESSON, "--record", file, "--force", lines="\n")
    assert nothing.returncode == 2
    assert nothing.stderr.endswith("(Nothing was done, so nothing is written.)\n")
    assert Path(file).read_text(encoding="utf-8") == "mine"
    walk(home, LESSON, "--record", file, "--force", lines="tiep\n")
    assert Path(file).read_text(encoding="utf-8").startswith("format: 1\n")
    assert not list(home.glob("*.part"))
