"""The shelf in one process: whole clips or none, one maker each, the longest unused go first."""

import errno
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shelf_helpers import CLIP, ONE, TWO, address, no_maker, there
from structlog.testing import capture_logs

from bot.voice import files
from bot.voice.files import Damaged
from bot.voice.shelf import NotKept, Shelf, Usage


def test_a_clip_is_made_once_and_found_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "clips")
    assert shelf.get(ONE) is None
    assert not shelf.has(ONE)
    assert shelf.make(ONE, lambda: CLIP) == CLIP
    assert shelf.make(ONE, no_maker) == CLIP
    assert Shelf(tmp_path / "clips").get(ONE) == CLIP
    assert shelf.has(ONE)
    assert shelf.get(TWO) is None
    assert there(tmp_path) == [f"{ONE}.clip"]
    assert (tmp_path / "clips/1/1" / f"{ONE}.clip").exists()


def test_a_dropped_clip_is_gone_with_its_notes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.make(ONE, lambda: CLIP, pinned=True)
    shelf.note(ONE, "telegram:1", "AwACAgUAAx")
    shelf.drop(ONE)
    shelf.drop(ONE)
    assert there(tmp_path) == []


@pytest.mark.parametrize("pinned", [False, True])
def test_a_size_is_the_clip_s_own(tmp_path: Path, *, pinned: bool) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.size(ONE) is None
    shelf.make(ONE, lambda: CLIP, pinned=pinned)
    assert shelf.size(ONE) == len(CLIP)


@pytest.mark.parametrize("call", ["get", "has", "drop", "size"])
def test_what_is_no_address_never_becomes_a_path(tmp_path: Path, call: str) -> None:
    with pytest.raises(ValueError, match=r"^'\.\./\.\./etc/passwd' isn't a clip's address\.$"):
        getattr(Shelf(tmp_path), call)("../../etc/passwd")


def test_a_maker_that_fails_leaves_nothing_and_the_next_one_tries(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)

    def fail() -> bytes:
        raise RuntimeError("the voice is down")

    with pytest.raises(RuntimeError, match="the voice is down"):
        shelf.make(ONE, fail)
    with pytest.raises(ValueError, match=r"^A clip without a byte can't be kept\.$"):
        shelf.make(ONE, lambda: b"")
    assert there(tmp_path) == []
    assert shelf.make(ONE, lambda: CLIP) == CLIP


def test_eight_threads_make_a_clip_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    made: list[int] = []
    together = Barrier(8)

    def ask(number: int) -> bytes:
        def maker() -> bytes:
            made.append(number)
            time.sleep(0.05)
            return CLIP

        together.wait()
        return shelf.make(ONE, maker)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [CLIP] * 8
    assert len(made) == 1
    assert there(tmp_path) == [f"{ONE}.clip"]


def test_eight_threads_fill_read_note_and_evict(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, limit=20 * 4096)
    contents = {address(number): bytes([number]) * 3000 for number in range(15)}

    def work(seed: int) -> int:
        right = 0
        for turn in range(60):
            place = address((seed * 7 + turn * 4) % 15)
            right += shelf.make(place, lambda place=place: contents[place]) == contents[place]  # type: ignore[misc]
            shelf.note(place, f"telegram:{seed}", str(turn))
            found = shelf.get(place)
            assert found in {None, contents[place]}
            if turn % 10 == seed:
                shelf.evict()
        return right

    with capture_logs() as logs, ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 8 * 60
    assert logs == []
    shelf.evict()
    assert shelf.usage().size <= 20 * 4096
    assert not [name for name in there(tmp_path) if not name.endswith((".clip", ".json"))]


def test_threads_that_wait_for_a_failing_maker_try_themselves(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    together = Barrier(4)
    tried: list[int] = []

    def ask(number: int) -> str:
        def fail() -> bytes:
            tried.append(number)
            raise RuntimeError(str(number))

        together.wait()
        try:
            shelf.make(ONE, fail)
        except RuntimeError as error:
            return str(error)
        return "?"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(4))) == ["0", "1", "2", "3"]
    assert sorted(tried) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda raw: raw[:-1], "1399 of 1400 bytes are there"),
        (lambda raw: raw[:5], "it has only 5 bytes"),
        (lambda _: b"", "it has only 0 bytes"),
        (lambda raw: raw + b"\0", "1401 of 1400 bytes are there"),
        (lambda raw: raw[:700] + b"\xff" + raw[701:], "its checksum differs"),
        (lambda raw: bytes(len(raw)), "it doesn't begin as a clip"),
        (lambda _: CLIP, "it doesn't begin as a clip"),
    ],
)
@pytest.mark.parametrize("pinned", [False, True])
def test_a_damaged_clip_is_reported_removed_and_made_anew(
    tmp_path: Path, spoil: Callable[[bytes], bytes], why: str, pinned: bool
) -> None:
    shelf = Shelf(tmp_path)
    shelf.make(ONE, lambda: CLIP, pinned=pinned)
    [path] = tmp_path.rglob(f"{ONE}.*")
    path.write_bytes(spoil(path.read_bytes()))
    with capture_logs() as logs:
        assert shelf.get(ONE) is None
    assert logs == [{"event": "damaged clip removed", "path": str(path), "why": why, "log_level": "warning"}]
    assert there(tmp_path) == []
    assert shelf.make(ONE, lambda: b"anew") == shelf.get(ONE) == b"anew"


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=99), st.integers(0, 98), st.integers(1, 255))
def test_any_changed_byte_or_cut_is_found(data: bytes, at: int, change: int) -> None:
    raw = files.sealed(data)
    assert files.unsealed(raw) == data
    hurt = bytearray(raw)
    hurt[at % len(raw)] ^= change
    for bad in (bytes(hurt), raw[: at % len(raw)], raw + data):
        with pytest.raises(Damaged, match=r"^its? |bytes are there$"):
            files.unsealed(bad)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_full_disk_is_said_and_the_clip_may_still_be_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(_file: int) -> None:
        raise OSError(number, os.strerror(number))

    shelf = Shelf(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(NotKept) as raised:
            shelf.make(ONE, lambda: CLIP)
        with capture_logs() as logs:
            shelf.note(ONE, "telegram:1", "AwACAgUAAx")
    why = os.strerror(number)
    assert str(raised.value) == f"Clips can't be kept in {tmp_path} ({why}): make room, or name another folder."
    assert raised.value.made == CLIP
    assert [(entry["event"], entry["why"]) for entry in logs] == [("clip's note not kept", why)]
    assert there(tmp_path) == []
    assert shelf.get(ONE) is None
    assert shelf.make(ONE, lambda: CLIP) == CLIP


def test_a_share_that_knows_no_fsync_keeps_clips_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_file: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", unknown)
    assert Shelf(tmp_path).make(ONE, lambda: CLIP) == Shelf(tmp_path).get(ONE) == CLIP


def test_a_folder_that_cannot_be_one_is_said(tmp_path: Path) -> None:
    (tmp_path / "clips").write_text("a file", encoding="utf-8")
    shelf = Shelf(tmp_path / "clips")
    with capture_logs() as logs:
        assert shelf.get(ONE) is None
        assert shelf.noted(ONE, "telegram:1") is None
    assert {(entry["event"], entry["why"]) for entry in logs} == {("clip can't be read", "Not a directory")}
    with capture_logs(), pytest.raises(NotKept, match=r"/clips \(.+\): make room, or name another folder\.$"):
        shelf.make(ONE, lambda: CLIP)
    assert shelf.usage() == Usage()
    assert shelf.evict() == 0


def test_without_locks_a_clip_is_made_twice_and_harms_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_file: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    first, second = Shelf(tmp_path), Shelf(tmp_path)  # as two processes
    made: list[int] = []
    together = Barrier(2)

    def ask(shelf: Shelf) -> bytes:
        def maker() -> bytes:
            together.wait(timeout=60)  # both are at it
            made.append(1)
            return CLIP

        return shelf.make(ONE, maker)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(ask, [first, second])) == [CLIP] * 2
    assert len(made) == 2
    assert first.get(ONE) == CLIP
    assert [name for name in there(tmp_path) if not name.endswith(".lock")] == [f"{ONE}.clip"]
