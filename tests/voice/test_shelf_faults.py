"""The shelf among processes that are killed, hung, or out of room: nothing half is ever played."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from shelf_helpers import ONE, there
from structlog.testing import capture_logs

from bot.voice import one_maker
from bot.voice.one_maker import Busy
from bot.voice.shelf import WAIT, Shelf

PROGRAM = Path(__file__).with_name("shelf_program.py")
CLIP = b"anew" * 1000


@contextmanager
def program(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(PROGRAM), str(folder), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        try:
            yield running
        finally:
            running.kill()


def line(running: subprocess.Popen[str]) -> str:
    assert running.stdout
    return running.stdout.readline().strip()


def test_a_clip_half_written_by_a_killed_process_is_never_played(tmp_path: Path) -> None:
    with program(tmp_path, "stuck", ONE) as running:
        assert line(running) == "writing"
        shelf = Shelf(tmp_path)
        assert shelf.get(ONE) is None
        running.kill()
    assert shelf.get(ONE) is None
    left = there(tmp_path)
    assert len(left) == 2
    assert left[0].startswith(f".{ONE}.clip.")
    assert left[1] == f"{ONE}.clip.lock"
    began = time.monotonic()
    assert shelf.make(ONE, lambda: CLIP) == CLIP  # the dead one's lock holds nobody up
    assert time.monotonic() - began < WAIT
    assert there(tmp_path) == [left[0], f"{ONE}.clip"]
    old = time.time() - 7200
    for path in tmp_path.rglob("*.part"):
        os.utime(path, (old, old))
    shelf.evict()
    assert there(tmp_path) == [f"{ONE}.clip"]


def test_killed_at_any_moment_all_clips_are_whole(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    whole = 0
    for pause in (0.001, 0.01, 0.03, 0.05, 0.1):
        with program(tmp_path, "many") as running:
            assert line(running) == "writing"
            time.sleep(pause)
            running.kill()
        with capture_logs() as logs:
            for number in range(16):
                clip = shelf.get(f"{number:032x}")
                if clip is not None:
                    assert len(clip) == 100_000
                    assert len(set(clip)) == 1
                    whole += 1
        assert logs == []
    assert whole


def test_three_processes_make_a_clip_once(tmp_path: Path) -> None:
    lines = tmp_path / "made"
    words = ("make", ONE, str(lines), "0.5")
    folder = tmp_path / "clips"
    with program(folder, *words) as one, program(folder, *words) as two, program(folder, *words) as three:
        assert [line(each) for each in (one, two, three)] == ["from one maker"] * 3
    assert lines.read_text(encoding="utf-8") == "made\n"
    assert there(folder) == [f"{ONE}.clip"]


def test_two_are_never_alone_at_once(tmp_path: Path) -> None:
    """Not even while lock files are made and removed all the time."""
    numbers = tmp_path / "numbers"
    numbers.write_text("0", encoding="utf-8")
    words = ("count", str(numbers), "300")
    with program(tmp_path, *words) as one, program(tmp_path, *words) as two, program(tmp_path, *words) as three:
        assert [line(each) for each in (one, two, three)] == ["counted"] * 3
    assert numbers.read_text(encoding="utf-8") == "900"
    assert there(tmp_path) == ["numbers"]


def test_a_lock_file_that_its_holder_removes_just_now_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    lock = tmp_path / "clip.lock"
    flock = fcntl.flock
    others: list[int] = []

    def late(file: int, how: int) -> None:
        if not others:  # between our open and our flock the holder removed it, and another made one anew
            lock.unlink()
            others.append(os.open(lock, os.O_RDWR | os.O_CREAT))
            flock(others[0], how)
        flock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with pytest.raises(Busy):
        one_maker.take(lock)
    os.close(others[0])
    file = one_maker.take(lock)
    assert file is not None
    one_maker.give_back(lock, file)
    assert there(tmp_path) == []


def test_a_hung_maker_is_waited_for_only_so_long(tmp_path: Path) -> None:
    with program(tmp_path, "stuck", ONE) as running:
        assert line(running) == "writing"
        os.kill(running.pid, signal.SIGSTOP)
        shelf = Shelf(tmp_path)
        with capture_logs() as logs:
            began = time.monotonic()
            assert shelf.make(ONE, lambda: CLIP, wait=0.2) == CLIP
            assert 0.2 <= time.monotonic() - began < WAIT
        assert [entry["event"] for entry in logs] == ["clip made twice, its other maker takes long"]
        assert shelf.get(ONE) == CLIP


def test_another_process_that_evicts_is_left_to_it(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    shelf = Shelf(tmp_path, limit=1)
    shelf.make(ONE, lambda: CLIP)
    with (tmp_path / "evict.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert shelf.evict() == 0
        assert shelf.has(ONE)
    assert shelf.evict() == 4096
    assert there(tmp_path) == []


def test_a_disk_that_takes_only_a_part_is_said_and_left_clean(tmp_path: Path) -> None:
    with program(tmp_path, "small", ONE, "50000") as running:
        said = line(running)
        assert running.wait(timeout=60) == 0
    assert said == f"Clips can't be kept in {tmp_path} (File too large): make room, or name another folder. 100000"
    assert there(tmp_path) == []
