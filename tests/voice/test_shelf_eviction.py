"""What stays on the shelf and what goes: the longest unused first, recordings never; and the notes beside the clips."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from shelf_helpers import CLIP, ONE, TWO, address, no_maker, there, used
from structlog.testing import capture_logs

from bot.voice.shelf import Shelf, Usage


def test_the_longest_unused_go_first(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, limit=4 * 4096)
    for number in range(1, 6):
        shelf.make(address(number), lambda: CLIP)
        used(tmp_path, f"{address(number)}.clip", hours_ago=10 - number)
    assert shelf.get(ONE) == CLIP  # used now
    assert shelf.evict() == 2 * 4096
    left = {number for number in range(1, 6) if shelf.has(address(number))}
    assert left == {1, 4, 5}
    assert shelf.evict() == 0
    assert shelf.usage() == Usage(clips=3, size=3 * 4096)


def test_what_is_used_while_an_eviction_looks_around_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path, limit=4096)
    for number in (1, 2):
        shelf.make(address(number), lambda: CLIP)
        used(tmp_path, f"{address(number)}.clip", hours_ago=10 - number)
    look = Shelf._files  # noqa: SLF001  the moment can't be met otherwise

    def slow_look(self: Shelf) -> list[object]:
        found: list[object] = list(look(self))
        shelf.get(ONE)
        return found

    monkeypatch.setattr(Shelf, "_files", slow_look)
    shelf.evict()
    assert there(tmp_path) == [f"{ONE}.clip"]


def test_what_was_used_within_the_hour_is_not_touched_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.make(ONE, lambda: CLIP)
    [path] = tmp_path.rglob(f"{ONE}.clip")
    for hours_ago, touched in ((0.9, False), (1.1, True)):
        used(tmp_path, path.name, hours_ago)
        before = path.stat().st_mtime
        assert shelf.get(ONE) == CLIP
        assert (path.stat().st_mtime > before) == touched


def test_a_shelf_within_its_limit_is_left_alone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, limit=2 * 4096)
    for number in (1, 2):
        shelf.make(address(number), lambda: CLIP)
    assert shelf.evict() == 0
    assert shelf.usage().clips == 2


def test_pinned_clips_stay_and_do_not_count(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, limit=4096)
    for number in (1, 2, 3):
        shelf.make(address(number), lambda: CLIP, pinned=True)
        used(tmp_path, f"{address(number)}.kept", hours_ago=9999)
    shelf.make(address(4), lambda: CLIP)
    assert shelf.evict() == 0
    assert shelf.usage() == Usage(clips=1, kept=3, size=4096, kept_size=3 * 4096)
    assert sorted(shelf.pinned()) == [address(1), address(2), address(3)]


def test_a_clip_can_be_pinned_later_and_replaced(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.make(ONE, lambda: CLIP)
    assert shelf.make(ONE, no_maker, pinned=True) == CLIP
    assert there(tmp_path) == [f"{ONE}.kept"]
    shelf.put(ONE, b"better", pinned=True)
    assert shelf.get(ONE) == b"better"
    shelf.put(ONE, b"best")
    assert shelf.get(ONE) == b"best"
    assert there(tmp_path) == [f"{ONE}.clip"]


def test_eviction_is_due_at_the_start_and_after_a_sixteenth_of_the_limit(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, limit=32 * 4096)
    assert shelf.due()
    shelf.evict()
    assert not shelf.due()
    shelf.make(ONE, lambda: CLIP)
    assert not shelf.due()
    shelf.make(TWO, lambda: CLIP)
    assert shelf.due()


def test_what_killed_writers_left_goes_after_an_hour(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.make(ONE, lambda: CLIP)
    place = tmp_path / "1/1"
    for name in (f".{ONE}.clip.123456.part", f"{ONE}.clip.lock", "note.txt"):
        (place / name).write_bytes(b"half")
    shelf.evict()
    assert len(there(tmp_path)) == 4
    for name in there(tmp_path):
        used(tmp_path, name, hours_ago=2)
    shelf.evict()
    assert there(tmp_path) == [f"{ONE}.clip", "note.txt"]  # what isn't ours stays


def test_notes_outlive_the_process_and_are_forgotten(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.noted(ONE, "telegram:1") is None
    shelf.forget(ONE, "telegram:1")
    shelf.note(ONE, "telegram:1", "AwACAgUAAx")
    shelf.note(ONE, "telegram:2", "Ghi chú")
    shelf.note(ONE, "telegram:1", "AwACAgUAAy")
    again = Shelf(tmp_path)
    assert (again.noted(ONE, "telegram:1"), again.noted(ONE, "telegram:2")) == ("AwACAgUAAy", "Ghi chú")
    assert again.get(ONE) is None  # notes need no clip
    again.forget(ONE, "telegram:1")
    assert (again.noted(ONE, "telegram:1"), again.noted(ONE, "telegram:2")) == (None, "Ghi chú")
    assert shelf.usage() == Usage(noted=1, size=4096)
    again.forget(ONE, "telegram:2")
    assert there(tmp_path) == []


def test_notes_of_eight_threads_are_all_kept(tmp_path: Path) -> None:
    shelves = [Shelf(tmp_path), Shelf(tmp_path)]  # as two processes
    together = Barrier(8)

    def work(number: int) -> None:
        together.wait()
        for turn in range(5):
            shelves[number % 2].note(ONE, f"telegram:{number}:{turn}", str(turn))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert all(shelves[0].noted(ONE, f"telegram:{number}:{turn}") for number in range(8) for turn in range(5))


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b'{"telegram:1": 5}', b"\xff\xfe", b'"x"', b"[" * 9999])
def test_damaged_notes_are_none(tmp_path: Path, raw: bytes) -> None:
    shelf = Shelf(tmp_path)
    shelf.note(ONE, "telegram:1", "AwACAgUAAx")
    [path] = tmp_path.rglob("*.json")
    path.write_bytes(raw)
    with capture_logs() as logs:
        assert shelf.noted(ONE, "telegram:1") is None
    assert [entry["event"] for entry in logs] == ["damaged notes of a clip removed"]
    assert there(tmp_path) == []


def test_notes_are_evicted_like_clips(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, limit=2 * 4096)
    for number in (1, 2, 3):
        shelf.note(address(number), "telegram:1", "x")
        used(tmp_path, f"{address(number)}.json", hours_ago=number)
    shelf.evict()
    assert there(tmp_path) == [f"{ONE}.json"]
