"""One maker at a time for each file, among the threads and processes that share a folder."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

LOCKED = ".lock"  # how the name of a lock file ends
LOOK_SECONDS = 0.02  # between looks at a lock that another process holds


class Busy(Exception):
    """Another holds the lock."""


class OneMaker:
    """Lets one thread of one process at a time make the file at a path.

    Between processes the lock is flock's on a file beside it: it ends with its holder, however that
    ends. Where files can't be locked (some shares, a full disk) it holds within the process only.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: dict[Path, tuple[Lock, int]] = {}  # what is made here now, and how many make it or wait for it

    @contextmanager
    def alone(self, path: Path, wait: float) -> Iterator[bool]:
        """Wait up to `wait` seconds until no one else makes this file; False where that was too short.

        The caller may go on all the same: what is made twice harms nobody.
        """
        latest = time.monotonic() + wait
        with self._alone_here(path, wait) as first:
            if not first:
                yield False
                return
            with alone_anywhere(path.with_name(path.name + LOCKED), latest) as alone:
                yield alone

    @contextmanager
    def _alone_here(self, path: Path, wait: float) -> Iterator[bool]:
        with self._lock:
            here, count = self._made.get(path, (Lock(), 0))
            self._made[path] = here, count + 1
        first = here.acquire(timeout=wait)
        try:
            yield first
        finally:
            if first:
                here.release()
            with self._lock:
                _, count = self._made.pop(path)
                if count > 1:
                    self._made[path] = here, count - 1


@contextmanager
def alone_anywhere(lock: Path, latest: float) -> Iterator[bool]:
    """Hold a lock file's lock among processes; False where that took until `latest` (of the monotonic clock)."""
    while True:
        try:
            file = take(lock)
            break
        except Busy:
            if time.monotonic() > latest:
                yield False
                return
            time.sleep(LOOK_SECONDS)
    try:
        yield True
    finally:
        if file is not None:
            give_back(lock, file)


def take(lock: Path) -> int | None:
    """Take a lock file's lock, at once: return the open file, or None where files can't be locked. Raises Busy."""
    try:
        import fcntl  # noqa: PLC0415  not on Windows

        while True:
            file = _opened(lock)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(lock, file):
                    return file
            except BaseException:
                os.close(file)
                raise
            os.close(file)  # whoever held it has removed it since it was opened, and another may be there
    except BlockingIOError:
        raise Busy from None
    except (ImportError, OSError):
        return None


def give_back(lock: Path, file: int) -> None:
    """End the lock and remove its file, in this order for all that see it."""
    with suppress(OSError):
        lock.unlink()  # while it is still held: no one can take it and lose it
    os.close(file)


def _opened(lock: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT
    try:
        return os.open(lock, flags, 0o666)  # other accounts may share the folder
    except FileNotFoundError:
        lock.parent.mkdir(parents=True, exist_ok=True)
        return os.open(lock, flags, 0o666)


def _is_at(lock: Path, file: int) -> bool:
    try:
        return os.path.samestat(lock.stat(), os.fstat(file))
    except FileNotFoundError:
        return False
