"""The pace of an online voice: kept by threads and processes together, and held up by none that died."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from made_engines import Clock
from small import REPO

from bot.voice.one_maker import LOCKED, give_back, take
from bot.voice.pacing import IN_ROW, LONGEST_REST, Pacing

PROGRAM = """
import sys
from pathlib import Path
from bot.voice.pacing import Pacing
pacing = Pacing(10.0, Path(sys.argv[1]), lambda: 1000.0)
for _ in range(5):
    print(pacing.book(), flush=True)
"""


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    return tmp_path / "clips" / "gtts.pace"


def booking(beside: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(beside)]
    return subprocess.Popen(command, env={"PYTHONPATH": str(REPO)}, stdout=subprocess.PIPE, text=True)  # noqa: S603


def test_each_moment_is_given_out_once() -> None:
    clock = Clock()
    pacing = Pacing(2.0, clock=clock)
    assert [pacing.book() for _ in range(3)] == [0.0, 2.0, 4.0]
    clock.now += 100
    assert [pacing.book() for _ in range(2)] == [0.0, 2.0]


def test_processes_never_get_the_same_moment(beside: Path) -> None:
    processes = [booking(beside) for _ in range(3)]
    moments = [float(line) for process in processes for line in process.communicate()[0].splitlines()]
    assert sorted(moments) == [10.0 * number for number in range(15)]


def test_threads_of_two_engines_never_get_the_same_moment(beside: Path) -> None:
    moments: list[float] = []
    clock = Clock()

    def book(pacing: Pacing) -> None:
        moments.extend(pacing.book() for _ in range(5))

    threads = [Thread(target=book, args=(Pacing(1.0, beside, clock),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moments) == [float(number) for number in range(20)]


def test_what_asks_one_process_to_wait_asks_all(beside: Path) -> None:
    clock = Clock()
    one, other = (Pacing(1.0, beside, clock) for _ in range(2))
    assert other.rests() == 0.0
    one.rest(600)
    assert other.rests() == 600
    one.rest(10)  # a shorter rest doesn't end a longer one
    clock.now += 599
    assert other.rests() == 1
    clock.now += 1
    assert other.rests() == 0.0


def test_a_process_that_was_killed_with_the_lock_holds_up_nobody(beside: Path) -> None:
    beside.parent.mkdir()
    program = (
        "import sys, time; from pathlib import Path; from bot.voice.one_maker import take;"
        "take(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    lock = beside.with_name(beside.name + LOCKED)
    command = [sys.executable, "-c", program, str(lock)]
    holder = subprocess.Popen(command, env={"PYTHONPATH": str(REPO)}, stdout=subprocess.PIPE)  # noqa: S603
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    clock = Clock()
    began = time.monotonic()
    assert [Pacing(1.0, beside, clock).book() for _ in range(2)] == [0.0, 1.0]
    assert time.monotonic() - began < 60


def test_a_process_that_stands_still_with_the_lock_is_not_waited_for(
    beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.voice.pacing.LOCK_SECONDS", 0.05)
    pacing = Pacing(1.0, beside, Clock())
    pacing.book()
    lock = beside.with_name(beside.name + LOCKED)
    held = take(lock)
    assert held is not None
    assert pacing.book() == 1.0
    give_back(lock, held)


@pytest.mark.parametrize("left", [b"", b"{", b"[1,2]", b'{"free_at":"soon"}', b"\xff"])
def test_a_half_written_file_is_written_anew(beside: Path, left: bytes) -> None:
    beside.parent.mkdir()
    beside.write_bytes(left)
    clock = Clock()
    assert Pacing(1.0, beside, clock).book() == 0.0
    assert Pacing(1.0, beside, clock).book() == 1.0


def test_a_clock_that_was_set_back_stops_nobody_for_long(beside: Path) -> None:
    clock = Clock()
    Pacing(1.0, beside, clock).rest(LONGEST_REST)
    Pacing(1.0, beside, clock).book()
    clock.now -= 2 * IN_ROW
    later = Pacing(1.0, beside, clock)
    assert later.rests() == 0.0
    assert later.book() == 0.0


@pytest.mark.skipif(os.name == "nt", reason="folders there have no such rights")
def test_where_nothing_can_be_written_a_process_keeps_its_own_pace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    pacing = Pacing(1.0, tmp_path / "file" / "gtts.pace", Clock())
    assert [pacing.book() for _ in range(2)] == [0.0, 1.0]
