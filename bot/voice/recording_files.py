"""The recordings of one language as they lie on the disk: entries and sounds put there and taken away.

    with writing(home) as there:
        there.put(flac, "flac", part, who="bà Hoa")

Of all that write in a folder, programs and processes, one does at a time.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Literal

from bot.core.problem import Problem
from bot.core.readable import Named, text_hash
from bot.voice import files
from bot.voice.names import file_of
from bot.voice.one_maker import alone_anywhere
from bot.voice.recordings import INDEX, Recording, indexes, listed_in, recordings

Kind = Literal["flac", "ogg"]

WAIT = 20.0  # seconds for another that writes in the same folder
_LOCK = ".writing.lock"
_HEAD = "# Written by Hoc So. Each entry is one text as somebody read it.\nformat: 1\n"
_NOTHING = " []"


class BadIndex(ValueError):
    """An index of recordings has mistakes, which are to be mended before anything is added."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))


class StillWriting(OSError):
    """Another program has been writing in the folder for too long."""


class RecordingFiles:
    """What is recorded in a language, by index file. Made by `writing`, which keeps others out."""

    def __init__(self, home: Path) -> None:
        _, problems = recordings(home)
        if problems:
            raise BadIndex(problems)
        self._home = home
        self._listed = {
            path: [each for each in listed_in(path) if isinstance(each, Recording)] for path in indexes(home)
        }

    def of(self, text: str) -> Recording | None:
        """Return the recording of a text."""
        mark = text_hash(text)
        return next((each for listed in self._listed.values() for each in listed if each.text == mark), None)

    def put(  # noqa: PLR0913  a sound and its entry
        self,
        data: bytes,
        kind: Kind,
        part: Named,
        *,
        who: str = "",
        when: date | None = None,
        said: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """Write a sound and its entry. What the same text had goes, or what this place said and nothing says now.

        `said` tells of a text's hash whether it is still said. Raises OSError.
        """
        mark = text_hash(part.text)
        folder = self._home / part.name.partition("/")[0]
        # With the hash in its name, a sound never takes the place of another text's.
        file = folder / f"{file_of(part.name)}_{mark[:6]}.{kind}"
        files.put(file, data)
        gone = self._leave_out(
            lambda each: each.text == mark or (each.step == part.name and not said(each.text)),
        )
        index = folder / INDEX
        one = Recording(file, mark, part.name, who, when)
        self._write(index, [*self._listed.get(index, []), one])
        named = {each.file for listed in self._listed.values() for each in listed}
        for each in gone:  # what no entry names, nobody would find who wants their voice back
            if each.file not in named:
                each.file.unlink(missing_ok=True)

    def remove(self, mark: str, who: str) -> bool:
        """Take away what `who` read of the text with this hash, entry and sound; False where there is none.

        Raises OSError; asked again, it goes on from there.
        """
        gone = [one for listed in self._listed.values() for one in listed if (one.text, one.who) == (mark, who)]
        for each in gone:
            each.file.unlink(missing_ok=True)
        self._leave_out(lambda each: each in gone)
        return bool(gone)

    def _leave_out(self, goes: Callable[[Recording], bool]) -> list[Recording]:
        gone: list[Recording] = []
        for path, listed in list(self._listed.items()):
            going = [each for each in listed if goes(each)]
            if going:
                self._write(path, [each for each in listed if each not in going])
            gone += going
        return gone

    def _write(self, index: Path, listed: list[Recording]) -> None:
        self._listed[index] = sorted(listed, key=_natural)
        lines = "".join(_entry(each, index.parent) for each in self._listed[index])
        files.put(index, f"{_HEAD}recordings:{_NOTHING if not lines else ''}\n{lines}".encode())


@contextmanager
def writing(home: Path) -> Iterator[RecordingFiles]:
    """Read what is recorded in a language's folder, and keep others from writing there meanwhile. Blocking.

    Raises:
        BadIndex: an index can't be read.
        OSError: StillWriting among them.
    """
    home.mkdir(parents=True, exist_ok=True)
    with alone_anywhere(home / _LOCK, time.monotonic() + WAIT) as alone:
        if not alone:
            raise StillWriting(0, f"Another program has been writing there for {WAIT:g} seconds", str(home))
        yield RecordingFiles(home)


def _entry(one: Recording, folder: Path) -> str:
    """Return an entry; in quotes, since a hash may be all digits and a name anything."""
    fields = {"file": one.file.relative_to(folder).as_posix(), "text": one.text, "step": one.step, "who": one.who}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value]
    if one.when:
        lines.append(f"when: {one.when.isoformat()}")
    return "  - " + "\n    ".join(lines) + "\n"


def _natural(one: Recording) -> tuple[object, ...]:
    pieces = one.step.replace("-", "/").split("/")
    return tuple((len(piece), piece) if piece.isdecimal() else (0, piece) for piece in pieces)
