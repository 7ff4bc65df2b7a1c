"""Puts lesson files right where that needs no person."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from bot.core.mend import fixable, mended
from bot.core.problem import Problem
from bot.voice import files


def fix_files(problems: Iterable[Problem]) -> list[Problem]:
    """Mend what can be mended, each file in one go; return the problems that are gone.

    Raises:
        OSError: a file can't be read or written. Those before it are mended.
    """
    done: list[Problem] = []
    for path, found in groupby(sorted(filter(fixable, problems)), key=attrgetter("path")):
        file = Path(path).resolve()  # where it is a link, the file itself is mended
        fresh, gone = mended(file.read_bytes().decode(), found)
        if gone:
            files.put(file, fresh.encode())
            done += gone
    return done
