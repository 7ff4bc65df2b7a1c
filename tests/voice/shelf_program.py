"""A program that makes clips, for tests that run several of it and kill it: folder and what to do as arguments.

`make ADDRESS FILE SECONDS`: make one clip, taking so long, and leave a line in FILE that it was made here.
`stuck ADDRESS`: print "writing" in the midst of writing one, and wait to be killed.
`many`: write clips of 100 kB for ever, each again and again.
`count FILE TIMES`: add 1 to the number in FILE so many times, in two steps, each time alone.
`small ADDRESS BYTES`: write one where files may have only so many bytes, as on a full disk.
"""

import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.voice.one_maker import OneMaker
from bot.voice.shelf import NotKept, Shelf


def say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def make(shelf: Shelf, address: str, file: str, seconds: str) -> None:
    def maker() -> bytes:
        with Path(file).open("a", encoding="utf-8") as lines:
            lines.write("made\n")
        time.sleep(float(seconds))
        return b"from one maker"

    say(shelf.make(address, maker).decode())


def stuck(shelf: Shelf, address: str) -> None:
    def wait(_file: object) -> None:
        say("writing")
        time.sleep(60)

    os.fsync = wait  # type: ignore[assignment]  # a stand-in, in this process only
    shelf.make(address, lambda: bytes(100_000))


def many(shelf: Shelf) -> None:
    say("writing")
    for number in range(1_000_000):
        shelf.put(f"{number % 16:032x}", bytes([number % 256]) * 100_000)


def small(shelf: Shelf, address: str, most: str) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
    try:
        shelf.make(address, lambda: bytes(100_000))
    except NotKept as error:
        say(f"{error} {len(error.made)}")


def count(_shelf: Shelf, file: str, times: str) -> None:
    numbers = Path(file)
    for _ in range(int(times)):
        with OneMaker().alone(numbers, wait=60) as alone:
            assert alone
            number = int(numbers.read_text(encoding="utf-8"))
            numbers.write_text("", encoding="utf-8")
            numbers.write_text(str(number + 1), encoding="utf-8")
    say("counted")


if __name__ == "__main__":
    folder, what, *words = sys.argv[1:]
    todo: dict[str, Callable[..., None]] = {"make": make, "stuck": stuck, "many": many, "small": small, "count": count}
    todo[what](Shelf(Path(folder)), *words)
