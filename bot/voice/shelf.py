"""Clips on disk: each made once, found again by its address, never played unless whole.

`FOLDER/a/b/ab….clip` is a clip, `.kept` one that is never evicted (a person's recording), `.json`
what is noted about it, such as Telegram's file ids. Any number of threads, processes and machines
may share the folder. All calls block on the disk: call them in threads.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

from bot.voice import files, one_maker
from bot.voice.clip import is_address
from bot.voice.files import UNFINISHED, Damaged
from bot.voice.one_maker import LOCKED, Busy, OneMaker

LIMIT = 1 << 30  # bytes
WAIT = 30.0  # seconds for a clip that another makes
NOTE_WAIT = 1.0  # seconds for a note that another writes
TOUCH_SECONDS = 3600  # how exactly the time of the last use is known
LEFT_SECONDS = 3600  # after which an unfinished file's writer is dead
BLOCK = 4096  # bytes that a file takes or leaves at a time, as most disks count

_CLIP, _KEPT, _NOTES = ".clip", ".kept", ".json"

log = structlog.get_logger()


class NotKept(Exception):
    """A clip was made and can't be kept; its sentence says why. `made` is the clip: it may still be played."""

    def __init__(self, why: str, made: bytes) -> None:
        super().__init__(why)
        self.made = made


@dataclass(frozen=True, slots=True)
class Usage:
    """How much is on the shelf. `size` is bytes on the disk, in blocks of 4 kB, of all that may be evicted."""

    clips: int = 0
    kept: int = 0
    noted: int = 0
    size: int = 0
    kept_size: int = 0


class Shelf:
    """The clips under `folder`, which is made when it is needed.

    `limit` is bytes, as Usage.size counts them; kept clips don't count. `evict` holds it: call it
    whenever it is `due`.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._one_maker = OneMaker()
        self._written = limit  # bytes since the last eviction; who knows how it looks at the start

    @property
    def limit(self) -> int:
        """How many bytes may be here, as `Usage.size` counts them."""
        return self._limit

    def due(self) -> bool:
        """Whether a sixteenth of the limit was written since the last `evict`; true at the start."""
        return self._written >= self._limit // 16

    def get(self, address: str) -> bytes | None:
        """Return a clip, or None where there is none; a damaged one is removed and logged, and is none.

        A folder that can't be read holds no clip, and is logged. Raises ValueError for what is no address.
        """
        for kind in (_KEPT, _CLIP):
            path = self._path(address, kind)
            raw = _used(path)
            if raw is None:
                continue
            try:
                return files.unsealed(raw)
            except Damaged as error:
                log.warning("damaged clip removed", path=str(path), why=str(error))
                _remove(path)
        return None

    def has(self, address: str) -> bool:
        """Whether there is a clip; it isn't read, so it may turn out damaged."""
        return any(self._path(address, kind).exists() for kind in (_KEPT, _CLIP))

    def size(self, address: str) -> int | None:
        """Return how many bytes a clip has, None where there is none; it isn't read, so it may turn out damaged."""
        for kind in (_KEPT, _CLIP):
            with suppress(OSError):
                return self._path(address, kind).stat().st_size - files.SEAL_BYTES
        return None

    def make(self, address: str, maker: Callable[[], bytes], *, pinned: bool = False, wait: float = WAIT) -> bytes:
        """Return a clip; where there is none, have it made and keep it.

        While another thread or process makes it, wait for that, up to `wait` seconds; then make it
        here too, and the last one stays. `pinned` saves it from eviction. What `maker` raises goes
        through, and nothing is kept; the next who waits tries again.

        Raises:
            NotKept: it is made, but can't be written (disk full, no rights, share away).
            ValueError: `address` is none, or nothing was made.
        """
        found = self.get(address)
        if found is None:
            with self._one_maker.alone(self._path(address, _CLIP), wait) as alone:
                if not alone:
                    log.warning("clip made twice, its other maker takes long", address=address, waited=wait)
                found = self.get(address)
                if found is None:
                    found = maker()
                    self.put(address, found, pinned=pinned)
        if pinned:
            with suppress(OSError):
                self._path(address, _CLIP).replace(self._path(address, _KEPT))
        return found

    def put(self, address: str, data: bytes, *, pinned: bool = False) -> None:
        """Keep a clip, instead of what was there; `pinned` saves it from eviction. Raises as `make` does."""
        if not data:
            raise ValueError("A clip without a byte can't be kept.")
        kind, other = (_KEPT, _CLIP) if pinned else (_CLIP, _KEPT)
        path = self._path(address, kind)
        try:
            files.put(path, files.sealed(data))
        except OSError as error:
            why = error.strerror or error
            raise NotKept(
                f"Clips can't be kept in {self._folder} ({why}): make room, or name another folder.", data
            ) from error
        _remove(self._path(address, other))
        self._written += _blocks(len(data))

    def drop(self, address: str) -> None:
        """Remove a clip, pinned or not, and all notes about it."""
        for kind in (_KEPT, _CLIP, _NOTES):
            _remove(self._path(address, kind))

    def pinned(self) -> Iterator[str]:
        """Find the addresses of all pinned clips."""
        return (path.stem for path, _ in self._files() if path.suffix == _KEPT)

    def note(self, address: str, key: str, value: str) -> None:
        """Note something short about a clip, which needn't be here; where it can't be written that is logged."""
        self._change_notes(address, {key: value})

    def noted(self, address: str, key: str) -> str | None:
        """Return what is noted; notes that can't be read are none, and are logged."""
        return _notes(self._path(address, _NOTES)).get(key)

    def forget(self, address: str, key: str) -> None:
        """Take a note back."""
        self._change_notes(address, {key: None})

    def usage(self) -> Usage:
        """Count what is here; a look at every file, a second for 80,000 on a disk, more on a share."""
        counts = dict.fromkeys((_CLIP, _KEPT, _NOTES), 0)
        sizes = dict(counts)
        for path, status in self._files():
            if path.suffix in counts:
                counts[path.suffix] += 1
                sizes[path.suffix] += _blocks(status.st_size)
        size = sizes[_CLIP] + sizes[_NOTES]
        return Usage(counts[_CLIP], counts[_KEPT], counts[_NOTES], size, sizes[_KEPT])

    def evict(self) -> int:
        """Bring the shelf to nine tenths of its limit, if it is over: longest unused first. Return the bytes freed.

        Also removes what killed writers left. Another process that does the same is left to it.
        """
        self._written = 0
        beside = self._folder / ("evict" + LOCKED)
        try:
            lock = one_maker.take(beside)
        except Busy:
            return 0
        try:
            return self._evict()
        finally:
            if lock is not None:
                one_maker.give_back(beside, lock)

    def _evict(self) -> int:
        found: list[tuple[float, int, Path]] = []
        for path, status in self._files():
            if path.suffix in {_CLIP, _NOTES}:
                found.append((status.st_mtime, _blocks(status.st_size), path))
            elif path.suffix in {UNFINISHED, LOCKED} and time.time() - status.st_mtime > LEFT_SECONDS:
                _remove_left(path)
        size = sum(size for _, size, _ in found)
        excess = size - self._limit * 9 // 10 if size > self._limit else 0
        freed = 0
        for used, size, path in sorted(found):
            if freed >= excess:
                break
            with suppress(OSError):  # another may have been quicker
                if path.stat().st_mtime == used:
                    path.unlink()
                    freed += size
        return freed

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Find all files two folders down; the folder is the shelf's alone."""
        for path in self._folder.glob("?/?/*"):
            with suppress(OSError):  # gone since
                yield path, path.stat()

    def _path(self, address: str, kind: str) -> Path:
        if not is_address(address):
            raise ValueError(f"{address!r} isn't a clip's address.")
        return self._folder / address[0] / address[1] / (address + kind)

    def _change_notes(self, address: str, changes: Mapping[str, str | None]) -> None:
        path = self._path(address, _NOTES)
        with self._one_maker.alone(path, NOTE_WAIT):
            notes = {key: value for key, value in {**_notes(path), **changes}.items() if value is not None}
            try:
                if notes:
                    files.put(path, msgspec.json.encode(notes))
                else:
                    _remove(path)
            except OSError as error:
                log.warning("clip's note not kept", path=str(path), why=error.strerror)


def _used(path: Path) -> bytes | None:
    """Read a file and remember that it was used; None where it isn't there or, logged, can't be read."""
    try:
        with path.open("rb", buffering=0) as file:
            raw = file.readall()
            idle = time.time() - os.fstat(file.fileno()).st_mtime
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("clip can't be read", path=str(path), why=error.strerror)
        return None
    if idle > TOUCH_SECONDS:
        with suppress(OSError):  # it may be another's, and just be evicted too soon
            os.utime(path)
    return raw


def _notes(path: Path) -> dict[str, str]:
    raw = _used(path)
    if raw is None:
        return {}
    try:
        return msgspec.json.decode(raw, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        log.warning("damaged notes of a clip removed", path=str(path), why=str(error))
        _remove(path)
        return {}


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _remove_left(path: Path) -> None:
    """Remove an unfinished file, or a lock file that no one holds."""
    if path.suffix == UNFINISHED:
        _remove(path)
        return
    with suppress(Busy):
        lock = one_maker.take(path)
        if lock is not None:
            one_maker.give_back(path, lock)


def _blocks(size: int) -> int:
    return -(-size // BLOCK) * BLOCK
