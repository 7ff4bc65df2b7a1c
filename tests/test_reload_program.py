"""Lessons that change under a running program with learners inside, and what `hocso status` tells of it."""

import re
from html import unescape
from pathlib import Path

import httpx
import psutil
import pytest
from lesson_texts import changed
from programs import PATIENCE, hocso, make_home, running, until

LESSON = "lessons/vneid-co-ban/vneid-01-hai-muc.yaml"


class Learner:
    """Someone at the web page, who comes on a new connection each time."""

    def __init__(self, address: str) -> None:
        none = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=address, limits=none, follow_redirects=True, timeout=PATIENCE)
        self.page = ""

    def opens(self) -> str:
        self.page = unescape(self.http.get("/").raise_for_status().text)
        return self.page

    def taps(self, code: str) -> str:
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.page)
        buttons = re.findall(r'name="tap" value="([^"]*)"', self.page)
        tap = next(value for value in buttons if value.partition("|")[2] == code)
        form = [(name, (None, value)) for name, value in [*fields, ("tap", tap)]]
        self.page = unescape(self.http.post("/talk", files=form).raise_for_status().text)
        return self.page


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path)


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def workers(pid: int) -> list[psutil.Process]:
    return [each for each in psutil.Process(pid).children() if "worker" in each.cmdline()]


def test_all_processes_follow_and_a_learner_inside_goes_on(home: Path) -> None:
    with running(home, "serve", "--workers", "2") as (process, address):
        learner = Learner(address)
        learner.opens()
        for code in ("agree", "bac", "read", "l:vneid-01"):
            learner.taps(code)
        edit(home / LESSON, "title: ", "title: Bản mới ")
        edit(home / LESSON, "steps:\n", "steps:\n  - {id: them-vao, kind: tell, text: Bước thêm vào.}\n")
        one, other = workers(process.pid)
        for asleep in (one, other):
            asleep.suspend()
            try:
                until(lambda: "Bước 2 trên" in learner.opens(), "the inserted step, by each process")
            finally:
                asleep.resume()
        assert "vừa được sửa" not in learner.page
        told = httpx.get(f"{address}/metrics").text
        assert "hocso_lessons 6.0" in told
        assert "hocso_lesson_problems 1.0" in told  # its English lacks the step


def test_status_asks_the_running_program_and_reads_the_folder(home: Path) -> None:
    with running(home) as (_, address):
        port = address.rpartition(":")[2]
        ran = hocso(home, "status", "--lang", "en", PORT=port)
        first, recorded, second = ran.stdout.splitlines()
        assert re.fullmatch(r"Records: \d+ entries wait, the oldest \d+ s; set aside as unreadable: 0\.", recorded)
        assert re.fullmatch(
            rf"Running at {address}/: it teaches 6 lessons, read at [\d:]{{8}} [\d/]{{10}}; problems of files: 0\.",
            first,
        )
        assert second == f"Folder {home / 'lessons'}: 6 lessons can be taught, problems: 0."
        assert ran.returncode == 0
        edit(home / LESSON, "minutes: ", "minutes: 9")
        until(lambda: "hocso_lesson_problems 1.0" in httpx.get(f"{address}/metrics").text, "the problem in the figures")
        ran = hocso(home, "status", "--lang", "vi", PORT=port)
        runs, kept, recorded, folder, problem = ran.stdout.splitlines()
        assert recorded.startswith("Sổ ghi: ")
        assert runs.startswith(f"Đang chạy ở {address}/: dạy 6 bài, đọc lúc ")
        assert runs.endswith("; 1 lỗi trong tệp.")
        assert kept == "Tệp nào lỗi thì bản tốt trước đó vẫn được dạy."
        assert folder == f"Thư mục {home / 'lessons'}: 5 bài dạy được, 1 lỗi."
        assert f"{home / LESSON}:" in problem
        assert ran.returncode == 1


def test_status_says_that_the_program_does_not_run(home: Path) -> None:
    ran = hocso(home, "status", "--lang", "vi", PORT="1")
    first, second = ran.stdout.splitlines()
    assert first == "Không chạy ở http://127.0.0.1:1/ ([Errno 111] Connection refused)."
    assert second == f"Thư mục {home / 'lessons'}: 6 bài dạy được, 0 lỗi."
    assert ran.returncode == 1


def test_status_of_a_folder_with_nothing_to_teach(home: Path) -> None:
    (home / "lessons").rename(home / "away")
    ran = hocso(home, "status", "--lang", "en", PORT="1")
    assert ran.stdout.splitlines()[1] == f"Folder {home / 'lessons'}: nothing can be taught, problems: 1."
    assert ran.returncode == 1


def test_the_program_ends_while_it_reads(home: Path) -> None:
    with running(home) as (process, _):
        edit(home / LESSON, "title: ", "title: Bản mới ")
        until(lambda: psutil.Process(process.pid).children(), "the process that reads")
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert "Traceback" not in (home / "log").read_text()
