"""The worker that hears: what it costs when it crashes, hangs, fills the memory or is killed. Real processes."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
import structlog
from fake_ears import CRASHES, DOUBTS, FAILS, FAKE, FILLS_MEMORY, HANGS, NAPS, TELLS
from made_notes import note
from small import REPO

from bot.core.turn import Spoke, Unheard
from bot.voice.hearing import Bounds, CantHear, Hearing, ear
from bot.voice.hearing.decoding import MOST_BYTES
from bot.voice.hearing.ear import EARS, Kind

pytestmark = pytest.mark.anyio

WELL = note(1)
PATHS = os.pathsep.join([str(REPO), str(REPO / "tests"), str(REPO / "tests" / "voice")])
END = 15.0  # seconds for a process to be gone


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear, "EARS", {**EARS, "fake": FAKE})
    monkeypatch.setenv("PYTHONPATH", PATHS)


@asynccontextmanager
async def ears(model: str = "", *, seconds: float = 20.0, waiting: int = 8) -> AsyncIterator[Hearing]:
    hearing = Hearing("fake", model, bounds=Bounds(seconds, waiting))
    try:
        yield hearing
    finally:
        await hearing.close()


async def why_not(hearing: Hearing, raw: bytes, lang: str = "vi") -> tuple[str, str]:
    with pytest.raises(CantHear) as error:
        await hearing.heard(raw, lang)
    return error.value.why, str(error.value)


async def worker_of(hearing: Hearing) -> psutil.Process:
    return psutil.Process(int((await hearing.heard(note(TELLS))).text.split()[0]))


def gone(process: psutil.Process) -> bool:
    end = time.monotonic() + END
    while time.monotonic() < end:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


async def test_a_voice_note_comes_to_words() -> None:
    async with ears() as hearing:
        assert hearing.lacks == ""
        said = await asyncio.gather(*(hearing.hear(WELL) for _ in range(3)), hearing.hear(note(DOUBTS)))
        assert said == [Spoke("một", certain=True)] * 3 + [Spoke("hai", certain=False)]
        assert hearing.counts == {"started": 1, "certain": 3, "doubtful": 1}


async def test_a_crash_costs_one_voice_note() -> None:
    async with ears() as hearing:
        why, sentence = await why_not(hearing, note(CRASHES))
        assert (why, sentence) == ("busy", f"The ear ended in the middle of a voice note, with -{signal.SIGSEGV:d}.")
        assert await hearing.hear(note(CRASHES)) == Unheard("busy")
        assert await hearing.hear(WELL) == Spoke("một", certain=True)
        assert hearing.counts == {"started": 3, "busy": 1, "certain": 1}


async def test_what_hangs_is_ended_in_time() -> None:
    async with ears(seconds=3.0) as hearing:
        worker = await worker_of(hearing)
        began = time.monotonic()
        assert await why_not(hearing, note(HANGS)) == ("busy", "The ear gave no answer within 3 seconds; it was ended.")
        assert 3 <= time.monotonic() - began < END
        assert gone(worker)
        assert await hearing.hear(WELL) == Spoke("một", certain=True)


async def test_a_fault_of_the_ear_is_told() -> None:
    async with ears() as hearing:
        fault = ("busy", "The ear has a fault: ValueError: no such token")
        assert await why_not(hearing, note(FAILS)) == fault
        assert await hearing.hear(WELL) == Spoke("một", certain=True)
        assert hearing.counts["started"] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its bound")
async def test_memory_is_bounded() -> None:
    async with ears() as hearing:
        why, sentence = await why_not(hearing, note(FILLS_MEMORY))
        assert why == "busy"
        assert sentence.startswith("The ear has a fault: ")
        assert "Unable to allocate 7.45 GiB" in sentence
        assert await hearing.hear(WELL) == Spoke("một", certain=True)
        assert hearing.counts["started"] == 1


async def test_a_worker_that_was_killed_is_started_anew() -> None:
    async with ears() as hearing:
        worker = await worker_of(hearing)
        assert os.getpgid(worker.pid) == worker.pid  # Ctrl-C is for the program alone
        worker.kill()
        assert gone(worker)
        await asyncio.sleep(0.2)  # for the loop to hear of it
        assert await hearing.hear(WELL) == Spoke("một", certain=True)
        assert hearing.counts["started"] == 2


async def test_whoever_comes_when_too_many_wait_is_told_at_once() -> None:
    async with ears(waiting=2) as hearing:
        await hearing.hear(WELL)
        first, second = (asyncio.create_task(hearing.hear(note(NAPS))) for _ in range(2))
        await asyncio.sleep(0)
        assert await why_not(hearing, WELL) == ("busy", "2 voice notes wait already.")
        assert not first.done()
        assert [await first, await second] == [Spoke("một", certain=True)] * 2
        assert await hearing.hear(WELL) == Spoke("một", certain=True)


async def test_whoever_goes_away_takes_no_answer_of_others() -> None:
    async with ears() as hearing:
        await hearing.hear(WELL)
        first = asyncio.create_task(hearing.hear(note(NAPS)))
        await asyncio.sleep(0.1)
        first.cancel()
        assert await hearing.hear(note(DOUBTS)) == Spoke("hai", certain=False)
        assert hearing.counts["started"] == 1


async def test_closing_ends_the_worker_and_answers_who_waits() -> None:
    async with ears() as hearing:
        worker = await worker_of(hearing)
        waiting = [asyncio.create_task(hearing.hear(note(HANGS))) for _ in range(2)]
        await asyncio.sleep(0.1)
        await hearing.close()
        assert await asyncio.gather(*waiting) == [Unheard("busy")] * 2
        assert gone(worker)
        assert await why_not(hearing, WELL) == ("busy", "The program is ending.")


async def test_the_worker_knows_no_secrets_and_writes_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "42:secret")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    async with ears() as hearing:
        _, folder, *names = (await hearing.heard(note(TELLS))).text.split()
        assert not [name for name in names if "TOKEN" in name or "REDIS" in name or "HOCSO" in name]
        assert folder == str(Path.cwd())
        assert os.listdir(tmp_path) == []  # noqa: PTH208  nothing waits for it


async def test_no_words_and_no_sound_are_logged() -> None:
    with structlog.testing.capture_logs() as logs:
        async with ears() as hearing:
            for seconds in (1, DOUBTS, FAILS):
                await hearing.hear(note(seconds))
    (line,) = logs
    assert line["why"] == "busy"
    assert "một" not in str(logs)


async def test_what_is_too_large_goes_nowhere() -> None:
    async with ears() as hearing:
        assert await hearing.hear(bytes(MOST_BYTES + 1)) == Unheard("too long")
        assert hearing.counts == {"too long": 1}


@pytest.mark.parametrize(("raw", "why"), [(note(0.2), "too short"), (bytes(99), "not audio")])
async def test_what_the_decoder_says_arrives(raw: bytes, why: str) -> None:
    async with ears() as hearing:
        assert (await why_not(hearing, raw))[0] == why


async def test_english_is_not_heard_by_a_vietnamese_ear() -> None:
    async with ears() as hearing:
        assert await why_not(hearing, WELL, "en") == ("no ear", "The ear doesn't know the language 'en'.")


async def test_without_an_ear_nothing_is_heard_and_nothing_started() -> None:
    hearing = Hearing()
    assert hearing.lacks == "No ear is configured."
    assert await hearing.hear(WELL) == Unheard("no ear")
    assert hearing.counts == {"no ear": 1}
    await hearing.close()


async def test_without_its_package_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = Kind("fake_ears:Moody", "no_such_package", "pip install 'hocso[hear]'")
    monkeypatch.setattr(ear, "EARS", {"fake": lacking})
    hearing = Hearing("fake")
    assert hearing.lacks == "The package no_such_package is not installed; get it by: pip install 'hocso[hear]'"
    assert await hearing.hear(WELL) == Unheard("no ear")
    assert hearing.counts == {"no ear": 1}


@pytest.mark.parametrize(
    ("model", "sentence"),
    [("gone", "The model is gone."), ("unfit", "The ear can't be loaded: libmoody.so: wrong ELF class")],
)
async def test_an_ear_that_cannot_be_made_says_why(model: str, sentence: str) -> None:
    async with ears(model) as hearing:
        assert await why_not(hearing, WELL) == ("no ear", sentence)
        assert await hearing.hear(WELL) == Unheard("no ear")
        assert hearing.counts["started"] == 1


def test_an_unknown_ear_is_told_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear, "EARS", EARS)
    with pytest.raises(CantHear) as error:
        Hearing("viet_asr")
    assert str(error.value) == "There is no ear 'viet_asr'; there are none, sherpa, viet-asr."


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop isn't for Windows")
def test_it_works_on_uvloop() -> None:
    import uvloop  # noqa: PLC0415

    async def talk() -> None:
        async with ears() as hearing:
            assert await hearing.hear(WELL) == Spoke("một", certain=True)
            assert await hearing.hear(note(CRASHES)) == Unheard("busy")
            assert await hearing.hear(WELL) == Spoke("một", certain=True)
            worker = await worker_of(hearing)
        assert gone(worker)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(talk())


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("how", "doing"),
    [
        (signal.SIGKILL, "nothing"),
        (signal.SIGKILL, "sleeping"),
        (signal.SIGKILL, "holding all"),
        (signal.SIGINT, "sleeping"),
    ],
)
def test_no_worker_outlives_the_program(how: signal.Signals, doing: str) -> None:
    program = subprocess.Popen(  # noqa: S603  our own code
        [sys.executable, str(Path(__file__).with_name("hearing_program.py")), doing],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": PATHS},
    )
    try:
        assert program.stdout
        worker = psutil.Process(int(program.stdout.readline()))
        time.sleep(0.5)  # so that the next voice note is under way
        assert worker.is_running()
        program.send_signal(how)
        assert gone(worker)
    finally:
        program.kill()
        program.wait()
        if program.stdout:
            program.stdout.close()
