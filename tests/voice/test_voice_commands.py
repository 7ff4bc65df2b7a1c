"""`hocso speak` and `hocso voice`: what they print, write and end with."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from made_sounds import file_of, speech
from made_voice import small_home
from small import REPO
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.voice import aac, ahead, files, mp3, opus
from bot.voice.ahead import Wanted

NO_AAC = "AAC can't be made here: install the Python package av, or the program ffmpeg."
ONE = ("--lang", "vi", "--address", "bac", "--no-slow")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(small_home(tmp_path))
    yield tmp_path
    structlog.reset_defaults()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the parts of one lesson: encoding all would take a minute."""
    every = ahead.wanted

    def wanted(*args: object) -> list[Wanted]:
        return [part for part in every(*args) if part.lesson == "bai-02"]  # type: ignore[arg-type]

    monkeypatch.setattr(ahead, "wanted", wanted)


def hocso(*args: str) -> Result:
    return CliRunner().invoke(app, args)


@pytest.mark.usefixtures("few")
def test_speak_makes_all_and_then_finds_it(home: Path) -> None:
    first = hocso("speak", *ONE)
    assert first.exit_code == 0, first.output
    count = len(list(home.glob("var/clips/?/?/*.clip")))
    assert f"Đã làm {count} đoạn, 0 đoạn có sẵn. ({count} made, 0 were there.)\n" in first.output
    assert f"Xong {count} trên {count} đoạn. ({count} of {count} clips.)\n" in first.output
    assert "\x1b" not in first.output
    assert "\r" not in first.output
    assert re.search(rf"vi bai-02 +0 +0 +{count} +0 +0 +\d+ +\d+\n", first.output)
    second = hocso("speak", *ONE)
    assert f"Đã làm 0 đoạn, {count} đoạn có sẵn." in second.output
    assert hocso("voice", "status", *ONE).output in second.output


@pytest.mark.usefixtures("few")
def test_status_counts_and_makes_nothing(home: Path) -> None:
    answer = hocso("voice", "status", *ONE, "--json")
    assert answer.exit_code == 0
    told = json.loads(answer.output)
    (row,) = told["lessons"]
    assert (row["lang"], row["lesson"], row["robot"]) == ("vi", "bai-02", 0)
    assert row["missing"] > 3
    assert not (home / "var" / "clips").exists()


def test_a_dry_run_says_how_much_and_makes_nothing(home: Path) -> None:
    answer = hocso("speak", *ONE, "--dry-run")
    assert answer.exit_code == 0
    assert re.fullmatch(
        r"(\d+) đoạn, 0 đoạn có sẵn, còn \1 đoạn: khoảng \d+ phút tiếng, [\d.]+ MB, làm trong khoảng \d+ phút\.\n"
        r"\(\1 clips, 0 are there, \1 to make: about \d+ minutes of speech, [\d.]+ MB, made in about \d+ minutes\.\)\n",
        answer.output,
    )
    assert not (home / "var" / "clips").exists()


@pytest.mark.usefixtures("few")
def test_speak_makes_the_forms_that_are_asked_for(home: Path) -> None:
    assert hocso("speak", *ONE).exit_code == 0
    count = len(list(home.glob("var/clips/?/?/*.clip")))
    before = hocso("speak", *ONE, "--format", "mp3", "--dry-run")
    assert f"{count} đoạn, 0 đoạn có sẵn, còn {count} đoạn:" in before.output
    made = hocso("speak", *ONE, "--format", "all")
    assert made.exit_code == 0, made.output
    assert f"Đã làm {count} đoạn, {count} đoạn có sẵn." in made.output
    assert f"Không làm AAC. (No AAC.) {NO_AAC}\n" in made.output
    assert re.search(rf"vi bai-02 +0 +0 +{count} +0 +0 +\d+ +\d+\n", made.output)
    assert re.search(rf"vi bai-02 mp3 +0 +0 +{count} +0 +0 +\d+ +\d+\n", made.output)
    rows = json.loads(hocso("voice", "status", *ONE, "--format", "all", "--json").stdout)["lessons"]
    assert [(row["form"], row["robot"]) for row in rows] == [("ogg", count), ("mp3", count)]


@pytest.fixture(autouse=True)
def no_aac(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no encoder be there, whatever is installed here."""
    monkeypatch.setattr(aac, "has_pyav", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("path")))


@pytest.mark.usefixtures("few")
def test_a_shelf_that_is_too_small_is_told_before_clips_are_made_in_vain(home: Path) -> None:
    settings = (home / "config.yaml").read_text(encoding="utf-8")
    assert "MB" not in hocso("speak", *ONE, "--dry-run").stderr
    (home / "config.yaml").write_text(f"{settings}  megabytes: 10\n", encoding="utf-8")
    many = [Wanted("bai-02", "", f"{'xin chào ' * 300}{number}.", "vi", slow=False) for number in range(100)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ahead, "wanted", lambda *_: many)
        told = hocso("speak", *ONE, "--dry-run").stderr
    assert re.fullmatch(
        r"Chỗ chứa tiếng đọc chỉ có 10 MB, mà cần khoảng (\d+) MB: sửa voice: megabytes trong config\.yaml, nếu không"
        r" tiếng cũ sẽ bị xóa dần\. \(The shelf has room for 10 MB where \1 are needed: set voice: megabytes in"
        r" config\.yaml, else clips that weren't heard for long are removed\.\)\n",
        told,
    )


@pytest.mark.usefixtures("few")
def test_missing_clips_end_with_1(home: Path) -> None:
    settings = (home / "config.yaml").read_text(encoding="utf-8")
    (home / "config.yaml").write_text(settings.replace("espeak", "recorded"), encoding="utf-8")
    answer = hocso("speak", *ONE)
    assert answer.exit_code == 1
    assert "No voice is set up that can say it." in answer.output


@pytest.mark.usefixtures("few", "home")
def test_a_full_disk_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(files, "put", full)
    answer = hocso("speak", *ONE)
    assert answer.exit_code == 1
    said = [line for line in answer.output.splitlines() if "warning" not in line]
    assert len(said) == 1
    assert said[0].startswith("Không lưu được tiếng đọc, đã dừng lại. Clips can't be kept in ")
    assert said[0].endswith("(No space left on device): make room, or name another folder.")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("speak", "--course", "khoaa"), "There is no course 'khoaa'; did you mean 'khoa'?"),
        (
            ("speak", "--engine", "espek"),
            "Voice engine 'espek' isn't set up in config.yaml; did you mean 'espeak'?",
        ),
        (("speak", "--lang", "xx"), "There is no language 'xx'; known here: en, vi"),
        (
            ("voice", "status", "--address", "bax"),
            "There is no form of address 'bax'; did you mean 'ba'?",
        ),
        (("voice", "album", "khoaa"), "There is no course 'khoaa'; did you mean 'khoa'?"),
        (("speak", "--format", "aac"), NO_AAC),
        (("voice", "sample", "Chào", "--out", "a.wav"), "'a.wav' should end in .ogg or .mp3."),
        (
            ("voice", "script", "--lang", "vi", "--out", "a.ods"),
            "'a.ods': chỉ ghi được .xlsx hoặc .csv. (Only .xlsx and .csv are written.)",
        ),
        (
            ("voice", "import", "nowhere", "--lang", "vi"),
            "Không có thư mục 'nowhere'. (There is no such folder.)",
        ),
        (
            ("voice", "import", "lessons", "--lang", "vi"),
            "Thư mục 'lessons' không có tệp tiếng nào. (There is no sound in it.)",
        ),
    ],
)
@pytest.mark.usefixtures("home")
def test_what_cannot_be_done_is_one_sentence(args: tuple[str, ...], says: str) -> None:
    answer = hocso(*args)
    assert answer.exit_code == 1
    assert answer.output == f"{says}\n"


@pytest.mark.parametrize("ending", ["ogg", "mp3"])
def test_a_sample_is_said_as_lessons_are(home: Path, ending: str) -> None:
    out = home / "new" / f"a.{ending}"
    answer = hocso("voice", "sample", "Gọi **113** nhé.", "--out", str(out), "--engine", "espeak")
    assert answer.exit_code == 0, answer.output
    data = out.read_bytes()
    assert (opus.check(data) if ending == "ogg" else mp3.check(data)) == ""
    size = f"{len(data):,}"
    assert re.search(rf": espeak, \d\.\d s, {size} bytes: Gọi một một ba nhé\.\n", answer.output)


def test_an_album_has_a_file_a_lesson(home: Path) -> None:
    answer = hocso("voice", "album", "khoa", "--lang", "en", "--out", "album")
    assert answer.exit_code == 0, answer.output
    (path,) = home.glob("album/*")  # one lesson isn't translated
    assert path.name == "02-bai-02-hai.ogg"
    data = path.read_bytes()
    minutes, size = opus.seconds_of(data) / 60, len(data) / 1000
    assert answer.output == f"album/02-bai-02-hai.ogg: Lesson two, {minutes:.1f} phút (minutes), {size:,.0f} kB\n"


def test_from_the_script_to_the_recordings(home: Path) -> None:
    answer = hocso("voice", "script", "--lang", "vi-thanhhoa", "--course", "khoa", "--out", "a.csv")
    assert answer.exit_code == 0, answer.output
    assert re.fullmatch(r"a\.csv: (\d+) câu, còn \1 câu cần thu, .*\n", answer.output)
    rows = [line.split(",") for line in (home / "a.csv").read_text(encoding="utf-8-sig").splitlines()]
    names = [row[1] for row in rows if row[0].startswith("bai-02/ke/") and row[4] == "Một điều."]
    new = home / "new"
    new.mkdir()
    (new / f"{names[0]}.wav").write_bytes(file_of(speech("Một điều.")))
    (new / "bai-99.wav").write_bytes(file_of(speech("Một điều.")))
    command = ("voice", "import", "new", "--lang", "vi-thanhhoa", "--script", "a.csv", "--who", "bà Hoa")
    taken = hocso(*command)
    assert taken.exit_code == 1
    assert "bai-99.wav: No text has this name;" in taken.output
    ending = "Đã nhận 1 câu, 0 câu có từ trước, 1 câu cần thu lại. (1 taken, 0 were there, 1 to record again.)\n"
    assert taken.output.endswith(ending)
    (new / "bai-99.wav").unlink()
    again = hocso(*command)
    assert again.exit_code == 0
    assert "It is recorded already; --again takes this one instead." in again.output
    (index,) = home.glob("lessons/voice/vi-thanhhoa/bai-02/index.yaml")
    assert re.search(r'^    text: "[0-9a-f]{16}"$', index.read_text(encoding="utf-8"), re.MULTILINE)
    fewer = hocso("voice", "script", "--lang", "vi-thanhhoa", "--course", "khoa", "--out", "a.csv")
    count = len(rows) - 1
    assert fewer.output.startswith(f"a.csv: {count} câu, còn {count - 1} câu cần thu")
    assert hocso("check").exit_code == 0  # the voice's folder is no course


def _started(home: Path, out: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(REPO), "TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-m", "bot", "speak", *ONE]
    return subprocess.Popen(command, cwd=home, env=environment, stdout=out, stderr=out)  # noqa: S603


def until(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_on_a_terminal_there_is_a_bar_and_ctrl_c_says_how_to_go_on(home: Path) -> None:
    ours, theirs = pty.openpty()
    process = _started(home, theirs)
    os.close(theirs)
    until(lambda: len(list(home.glob("var/clips/?/?/*.clip"))) > 3)
    process.send_signal(signal.SIGINT)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait(60) == 1
    text = shown.decode()
    assert "Tiếng đọc" in text
    assert "\x1b[" in text
    assert "Chạy lại lệnh này là làm tiếp từ đây. (Stopped; the same command goes on from here.)" in text
    assert "Traceback" not in text
    there = len(list(home.glob("var/clips/?/?/*.clip")))
    assert there > 3
    assert f", {there} đoạn có sẵn," in hocso("speak", *ONE, "--dry-run").output
