"""Reads the lesson folder in a process of its own, so that nobody who is being taught waits for it.

Reading a thousand lessons takes seconds of CPU. In a thread of the program each of them would hold up
everybody; from here the lessons come over a pipe one by one, and only those that are new.
"""

import asyncio
import os
import pickle
import struct
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from bot.core.lesson import Lesson
from bot.core.library import FIRST, Library
from bot.core.problem import Problem
from bot.library import NothingToTeach, read_folder

# Not by `-m`: what it sends would be of a module `__main__`, which is another one here.
COMMAND = (sys.executable, "-c", f"from {__name__} import main; main()")
CALMLY = 10  # how much the reading gives way to the teaching (nice)
BREATH = 0.002  # seconds between two lessons, for those who are being taught
_WARM = ("order", "titles", "vocabulary")  # what a Library makes once, and takes long to make
_SIZE = struct.Struct(">I")

Languages = Mapping[str, Lesson]


class ReadingFailed(Exception):
    """The process that reads ended before it had told all; `str()` says how."""


@dataclass(frozen=True, slots=True)
class Read:
    """A library as it was read, and its problems. `lost` names what the one before had and it hasn't."""

    library: Library
    problems: tuple[Problem, ...]
    lost: frozenset[str]
    changed: bool  # whether it differs from the one before


class Reader:
    """Reads one folder, again and again, each time in a new process that is told what was there before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._packed: dict[str, tuple[Languages, bytes]] = {}  # lessons as they are sent, so that none is packed twice

    async def read(self, before: Library) -> Read:
        """Read the folder as `read_folder` does.

        Raises:
            NothingToTeach: there are no Vietnamese phrases, or not one good lesson.
            ReadingFailed: the process came to an untimely end.
        """
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            str(self._folder),
            stdin=PIPE,
            stdout=PIPE,
            start_new_session=True,  # Ctrl+C is for the program
        )
        assert process.stdin  # noqa: S101  both were asked for
        assert process.stdout  # noqa: S101
        try:
            await self._send(before, process.stdin)
            return await self._receive(before, process.stdout)
        except (asyncio.IncompleteReadError, OSError) as error:
            code = await process.wait()
            raise ReadingFailed(f"the lessons could not be read, the process ended with {code}") from error
        finally:
            process.stdin.close()
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _send(self, before: Library, there: asyncio.StreamWriter) -> None:
        for key, languages in before.lessons.items():
            known, data = self._packed.get(key, (None, b""))
            if known is not languages:
                data = _packed((key, languages))
                self._packed[key] = languages, data
                await asyncio.sleep(BREATH)
            there.write(data)
            await there.drain()
        there.write(_packed(replace(before, lessons={})))
        await there.drain()

    async def _receive(self, before: Library, back: asyncio.StreamReader) -> Read:
        lessons: dict[str, Languages] = {}
        while True:
            head = await back.readexactly(_SIZE.size)
            data = await back.readexactly(_SIZE.unpack(head)[0])
            match pickle.loads(data):  # noqa: S301  our own process, on our own pipe
                case (str(key), languages):
                    lessons[key] = languages
                    self._packed[key] = languages, head + data
                case _Nothing(problems):
                    raise NothingToTeach(problems)
                case _Rest(keys=keys) as rest:
                    return rest.whole({key: lessons.get(key) or before.lessons[key] for key in keys})
            await asyncio.sleep(BREATH)


@dataclass(frozen=True, slots=True)
class _Rest:
    """All that was read but the lessons."""

    library: Library
    warm: dict[str, Any]
    keys: tuple[str, ...]
    problems: tuple[Problem, ...]
    lost: frozenset[str]
    changed: bool

    def whole(self, lessons: Mapping[str, Languages]) -> Read:
        library = replace(self.library, lessons=lessons)
        vars(library).update(self.warm)
        return Read(library, self.problems, self.lost, self.changed)


@dataclass(frozen=True, slots=True)
class _Nothing:
    """There is nothing to teach."""

    problems: tuple[Problem, ...]


def _packed(piece: object) -> bytes:
    data = pickle.dumps(piece, pickle.HIGHEST_PROTOCOL)
    return _SIZE.pack(len(data)) + data


def _before(source: BinaryIO) -> Library:
    lessons: dict[str, Languages] = {}
    while True:
        size = _SIZE.unpack(source.read(_SIZE.size))[0]
        piece = pickle.loads(source.read(size))  # noqa: S301  as above
        if isinstance(piece, Library):
            return replace(piece, lessons=lessons)
        key, languages = piece
        lessons[key] = languages


def _pieces(folder: Path, before: Library) -> Iterator[object]:
    try:
        fresh, problems = read_folder(folder, before)
    except NothingToTeach as error:
        yield _Nothing(error.problems)
        return
    for key, languages in fresh.lessons.items():
        if languages is not before.lessons.get(key):
            yield key, languages
    warm = {name: getattr(fresh, name) for name in _WARM}
    yield _Rest(replace(fresh, lessons={}), warm, tuple(fresh.lessons), problems, _lost(before, fresh), fresh != before)


def _lost(before: Library, fresh: Library) -> frozenset[str]:
    """Return the names of what somebody may read or stand in and that isn't there any more."""
    return frozenset(_names(before)).difference(_names(fresh))


def _names(library: Library) -> Iterator[str]:
    yield from library.phrases
    for key, languages in library.lessons.items():
        yield from (f"{key}.{lang}" for lang in languages)
        yield from (f"{key}#{step}" for step in (*languages[FIRST].index, *languages[FIRST].renamed))


def main() -> None:
    """Read from standard input what was there before, and write to standard output what is there now."""
    os.nice(CALMLY)
    with suppress(BrokenPipeError, struct.error):  # whoever asked is gone
        before = _before(sys.stdin.buffer)
        for piece in _pieces(Path(sys.argv[1]), before):
            sys.stdout.buffer.write(_packed(piece))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
