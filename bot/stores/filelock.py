"""A lock on a file, held by whoever has it open: it ends with its holder, however that ends."""

import os
from pathlib import Path


class FileLock:
    """A lock that one open file in the world holds at a time (flock); the file stays behind and means nothing.

    A process that inherits the open file holds the lock too. Raises OSError where the file can't be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def take(self) -> bool:
        """Take the lock if it is free, at once; True when it is held."""
        import fcntl  # noqa: PLC0415  not on Windows, which gets as far as being told about REDIS_URL

        if self._file is None:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)  # closed in children, unless passed on
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
            except BaseException:
                os.close(file)
                raise
            else:
                self._file = file
        return self.held

    def fileno(self) -> int:
        """Name the open file, to pass it to a child; raises ValueError when the lock isn't held."""
        if self._file is None:
            raise ValueError("The lock isn't held.")
        return self._file

    def release(self) -> None:
        """Let go, unless a child holds the lock too; nothing happens when it isn't held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
