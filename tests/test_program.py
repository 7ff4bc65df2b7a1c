"""The program as its people start it: real processes, a real store, killed on purpose."""

import json
import os
import pty
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from programs import HOCSO, PATIENCE, environment, free_port, hocso, make_home, ready, running, stores, until


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with lessons and settings of its own; a store that a test left running is killed after it."""
    return make_home(tmp_path)


@pytest.fixture(autouse=True)
def no_orphans(tmp_path: Path) -> Iterator[None]:
    yield
    for each in stores(tmp_path):
        each.kill()


def test_a_scripted_chat_goes_on_where_it_stopped(home: Path) -> None:
    first = hocso(home, "chat", "--learner", "an", lines="xin chào\n1\nbac\n1\nquet qr\ntiep\n")
    assert first.returncode == 0, first.stderr
    assert "> xin chào\n" in first.stdout
    assert "Bước 2 trên" in first.stdout
    second = hocso(home, "chat", "--learner", "an", lines="038123456789\n")
    assert second.stdout.startswith("Cháu chào bác.\nBước 2 trên")
    assert "> ••••\n" in second.stdout
    assert "038123456789" not in second.stdout + second.stderr
    other = hocso(home, "chat", "--learner", "binh", "--lang", "en", lines="")
    assert other.stdout.startswith("Hello. I am Học Số, an automatic tutor")
    assert "**" not in first.stdout
    assert stores(home) == []


def test_kill_9_of_the_program_loses_nothing_and_leaves_no_orphan(home: Path) -> None:
    with running(home) as (process, _):
        assert "Bước 1 trên" in hocso(home, "chat", "--learner", "an", lines="1\nbac\n1\nquet qr\n").stdout
        process.kill()
        process.wait(PATIENCE)
        assert len(stores(home)) == 1  # the store outlives its program
    with running(home) as (process, address):
        assert len(stores(home)) == 1
        assert ready(address)
        assert "Bước 1 trên" in hocso(home, "chat", "--learner", "an").stdout
    assert process.returncode == 0
    assert stores(home) == []


def test_kill_9_of_the_store_is_healed_and_told(home: Path) -> None:
    with running(home) as (_, address):
        hocso(home, "chat", "--learner", "an", lines="1\nbac\n1\nquet qr\n")
        dead = stores(home)[0]
        dead.kill()
        until(lambda: ready(address) and stores(home) and stores(home)[0].pid != dead.pid, "a new store")
        assert "Bước 2 trên" in hocso(home, "chat", "--learner", "an", lines="tiep\n").stdout
    assert "starting it again" in (home / "log").read_text()


def test_a_store_that_cannot_write_is_told_and_heals(home: Path) -> None:
    with running(home) as (_, address):
        stopped = stores(home)[0]
        stopped.suspend()
        answer = httpx.get(f"{address}/health/ready", timeout=10)
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert answer.json()["ready"] is False
        assert answer.json()["why"]
        page = httpx.get(address, timeout=20)
        assert page.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert "máy đang trục trặc" in page.text
        stopped.resume()
        until(lambda: ready(address), "the store to come back")


def test_a_lesson_broken_while_the_program_runs_stays_as_it_was(home: Path) -> None:
    lesson = home / "lessons" / "an-toan" / "at-02-gia-cong-an.yaml"
    good = lesson.read_text(encoding="utf-8")
    with running(home) as (_, address):

        def offered(title: str) -> bool:
            return title in httpx.get(f"{address}/?bai=at-02", timeout=10).text

        lesson.write_text(good.replace("kind: scene", "kind: secne"), encoding="utf-8")
        until(lambda: "'kind' is 'secne'" in (home / "log").read_text(), "the fault to be reported")
        assert offered("Giả công an, giả cập nhật VNeID")  # a new process would leave it out
        lesson.write_text(good.replace("title: ", "title: Mới. "), encoding="utf-8")
        until(lambda: offered("Mới. Giả công an, giả cập nhật VNeID"), "the mended lesson")
    assert hocso(home, "check").returncode == 0


def test_a_bad_lesson_is_left_out_and_said_and_check_ends_with_1(home: Path) -> None:
    (home / "lessons" / "an-toan" / "at-02-gia-cong-an.yaml").write_text("format: 1\ntitel: X\n", encoding="utf-8")
    checked = hocso(home, "check")
    assert checked.returncode == 1
    assert "lessons/an-toan/at-02-gia-cong-an.yaml:2:1: error unknown-key:" in checked.stdout
    assert "error missing-key:" in checked.stdout
    chat = hocso(home, "chat", lines="1\nbac\n1\nmenu\n")
    assert "An toàn trên mạng" not in chat.stdout
    with running(home):
        pass
    assert "at-02" in (home / "log").read_text()


def test_nothing_to_teach_is_one_clear_sentence(home: Path) -> None:
    shutil.rmtree(home / "lessons")
    for command in ("chat", "run"):
        ended = hocso(home, command, PORT=str(free_port()))
        assert ended.returncode == 1
        assert "the bot's Vietnamese phrases are missing; restore the file" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_config_with_three_mistakes_names_all_three(home: Path) -> None:
    (home / "config.yaml").write_text("lesons: x\nlanguage: fr\nweb: {port: eighty}\n", encoding="utf-8")
    ended = hocso(home, "run")
    assert ended.returncode == 1
    lines = ended.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["config.yaml"] * 3
    assert [word in line for word, line in zip(("lesons", "language", "port"), lines, strict=True)] == [True] * 3


def test_a_taken_port_names_the_process_and_another_port(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = hocso(home, "run", PORT=str(port))
    assert ended.returncode == 1
    name = psutil.Process().name()
    assert ended.stderr.strip().endswith(
        f"Port {port} on 127.0.0.1 is taken by process {os.getpid()} ({name}). "
        f"Stop it, or take another port: PORT={port + 1} make run."
    )


def test_a_store_that_is_not_there_is_said_without_its_password(home: Path) -> None:
    ended = hocso(home, "chat", REDIS_URL=f"redis://:verysecret@127.0.0.1:{free_port()}/0")
    assert ended.returncode == 1
    assert "verysecret" not in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_data_folder_that_cannot_be_used_is_said(home: Path) -> None:
    (home / "var").write_text("a file, where a folder must be", encoding="utf-8")
    ended = hocso(home, "chat")
    assert ended.returncode == 1
    assert str(home / "var") in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_stops_cleanly(home: Path, number: signal.Signals) -> None:
    with running(home) as (process, _):
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
    assert stores(home) == []
    assert "Traceback" not in (home / "log").read_text()


def test_ctrl_c_at_the_prompt_ends_the_chat_at_once(home: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen([*HOCSO, "chat"], cwd=home, env=environment(), stdin=slave, stdout=slave, stderr=slave)  # noqa: S603
    seen = b""
    while b"> " not in seen:
        seen += os.read(master, 65_536)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    os.close(slave)
    os.close(master)
    assert "Học Số" in seen.decode()
    assert stores(home) == []


def test_my_data_in_the_terminal_is_json_too(home: Path) -> None:
    said = hocso(home, "chat", lines="1\nbac\n1\ndu lieu\n").stdout
    start = said.index("{\n")
    data, _ = json.JSONDecoder().raw_decode(said[start:])
    assert data["address"] == "bác"
    assert data["finished_lessons"] == {}
