"""What the tests of the shelf share."""

import os
import time
from pathlib import Path

CLIP = b"OggS and so on" * 100  # 1400 bytes


def address(number: int) -> str:
    return f"{number * 0x1111_1111:08x}" * 4


ONE, TWO = address(1), address(2)


def no_maker() -> bytes:
    raise AssertionError("it should be there")


def there(folder: Path) -> list[str]:
    """The names of all files."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def used(folder: Path, name: str, hours_ago: float) -> None:
    [path] = folder.rglob(name)
    at = time.time() - hours_ago * 3600
    os.utime(path, (at, at))
