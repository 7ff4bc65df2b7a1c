"""A person's voice: recordings of lesson texts, found by the hash of what they say."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import structlog

from bot.core.lesson import is_id
from bot.core.readable import text_hash
from bot.voice.clip import Quality
from bot.voice.engine import SLOW, CantSay, EngineSettings, language_of
from bot.voice.recordings import Recording, indexes, recordings
from bot.voice.sound import BadSound, Sound, read_sound
from bot.voice.stretch import stretched

LOOK_SECONDS = 2.0  # between two looks whether the recordings changed
MOST_SECONDS = 300.0
MOST_BYTES = 60_000_000  # of one file: five minutes in stereo, uncompressed

log = structlog.get_logger()

Seen = tuple[tuple[str, int, int], ...]  # the index files: path, size, time of change


@dataclass(frozen=True, slots=True)
class _Folder:
    looked: float
    seen: Seen
    recordings: Mapping[str, Recording]  # by text hash


class Recorded:
    """Plays what is in `folder`/vi-thanhhoa and, for what isn't there, in `folder`/vi. New recordings are noticed."""

    name = "recorded"
    quality = Quality.RECORDED
    online = False

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = Lock()
        self._folders: dict[Path, _Folder] = {}
        self._marks: dict[Path, tuple[tuple[int, int], str]] = {}

    def voice(self, lang: str, text: str = "") -> str:
        """Name the folder and the file's content: a new recording of the same text is another clip."""
        if not text:
            return next((folder.name for folder in self._places(lang) if self._in(folder)), "")
        recording, folder = self._find(lang, text)
        if recording is None:
            return ""
        mark = self._mark(recording.file)
        return f"{folder}+{mark}" if mark else ""

    def say(self, text: str, lang: str, *, slow: bool) -> Sound:
        recording, _ = self._find(lang, text)
        if recording is None:
            raise CantSay(f"Nobody has recorded this text in {lang!r}.")
        try:
            # A little is read too much, so that read_sound refuses what is too large.
            with recording.file.open("rb") as file:
                sound = read_sound(file.read(MOST_BYTES + 1), seconds=MOST_SECONDS, size=MOST_BYTES)
        except OSError as error:
            raise CantSay(f"The recording {recording.file} can't be read ({error.strerror}).") from error
        except BadSound as error:
            raise CantSay(f"The recording {recording.file} can't be played. {error}") from error
        return stretched(sound, 1 / SLOW) if slow else sound

    def hashes(self, folder: str) -> Collection[str]:
        """Return the hashes of all texts that are recorded in a language's or a dialect's own folder."""
        return self._in(self._folder / folder).keys()

    def of(self, folder: str, mark: str) -> Recording | None:
        """Return what is recorded of the text with this hash in a language's or a dialect's own folder."""
        return self._in(self._folder / folder).get(mark)

    def _places(self, lang: str) -> Iterator[Path]:
        for name in dict.fromkeys((lang, language_of(lang))):
            if is_id(name):
                yield self._folder / name

    def _find(self, lang: str, text: str) -> tuple[Recording | None, str]:
        wanted = text_hash(text)
        for folder in self._places(lang):
            if found := self._in(folder).get(wanted):
                return found, folder.name
        return None, ""

    def _in(self, folder: Path) -> Mapping[str, Recording]:
        """Return what is recorded in a folder; its index is looked at every two seconds, and read when it changed."""
        with self._lock:
            known, now = self._folders.get(folder), self._clock()
            if known is None or now - known.looked >= LOOK_SECONDS:
                seen = _seen(folder)
                found = known.recordings if known and known.seen == seen else _read(folder)
                known = self._folders[folder] = _Folder(now, seen, found)
            return known.recordings

    def _mark(self, file: Path) -> str:
        """Return 8 hexadecimal digits of the file's hash; "" where it can't be read."""
        try:
            stat = file.stat()
            seen = (stat.st_size, stat.st_mtime_ns)
            known = self._marks.get(file)
            if known is None or known[0] != seen:
                with file.open("rb") as content:
                    known = self._marks[file] = (seen, hashlib.file_digest(content, "sha256").hexdigest()[:8])
        except OSError:
            return ""
        return known[1]


def _seen(folder: Path) -> Seen:
    seen: list[tuple[str, int, int]] = []
    for path in indexes(folder):
        try:
            stat = path.stat()
        except OSError:  # gone since
            continue
        seen.append((str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(seen)


def _read(folder: Path) -> Mapping[str, Recording]:
    found, problems = recordings(folder)
    if problems:
        log.warning("recordings have problems", problems=[str(each) for each in problems])
    return {each.text: each for each in found}


def make(settings: EngineSettings) -> Recorded:
    """Make the engine as config.yaml wants it."""
    return Recorded(settings.recordings)
