"""Recordings of what no lesson says any more."""

from collections.abc import Collection, Container, Iterable, Iterator
from pathlib import Path

from bot.core.lesson import is_id
from bot.core.library import Library
from bot.core.problem import Problem
from bot.core.readable import text_hash
from bot.core.sayable import sayable
from bot.core.wording import FORMS
from bot.voice.engine import language_of
from bot.voice.recordings import Recording, indexes, listed_in, lost


def lost_recordings(folder: Path, library: Library) -> Iterator[Problem]:
    """Find recordings below `voice/` whose sound isn't there, or whose text is said no more."""
    for voice in sorted(folder.glob("voice/*")):
        listed = indexes(voice) if is_id(voice.name) else []
        if listed and language_of(voice.name) in library.phrases:
            recorded = [each for path in listed for each in listed_in(path) if isinstance(each, Recording)]
            said = _Said(library, language_of(voice.name), _addresses(recorded))
            for path in listed:
                yield from lost(path, said)


def _addresses(recorded: Iterable[Recording]) -> Collection[str]:
    """Return the forms of address that recordings were read for: their names end in them, but for `ban`."""
    endings = {each.step.rpartition("/")[2].partition("-")[2] for each in recorded if each.step}
    nameless = any(not each.step for each in recorded)
    return [code for code in FORMS if code in {"ban", *endings} or nameless]


class _Said(Container[object]):
    """The hashes of all that is said. Finding them walks through every lesson: only as far as it must."""

    def __init__(self, library: Library, lang: str, addresses: Collection[str]) -> None:
        self._found: set[str] = set()
        self._coming = (text_hash(part.text) for part in sayable(library, lang, addresses))

    def __contains__(self, mark: object) -> bool:
        while mark not in self._found:
            fresh = next(self._coming, None)
            if fresh is None:
                return False
            self._found.add(fresh)
        return True
