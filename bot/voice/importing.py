"""Recordings of people: read from whatever their phone made, checked, and put where the voice finds them."""

import datetime as dt
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import soundfile  # type: ignore[import-untyped]  # it ships no types

from bot.core.problem import Problem, nearest
from bot.voice import files, opus
from bot.voice.engine import text_hash
from bot.voice.fault import fault
from bot.voice.level import levelled, trimmed
from bot.voice.names import Named, file_of
from bot.voice.packing import ready
from bot.voice.recordings import INDEX, Recording, indexes, listed_in, recordings
from bot.voice.sound import BadSound, Sound, read_sound

MOST_SECONDS = 300.0
UNREAD = {".m4a", ".aac", ".3gp", ".amr", ".wma", ".webm"}  # what phones make and libsndfile doesn't read
MOST_BYTES = 60_000_000
KBIT = 24  # of OGG: a clip made of it still sounds well
NO_SOUNDS = {".csv", ".txt", ".yaml", ".yml", ".xlsx", ".ods", ".docx", ".pdf", ".md", ".zip", ".ini", ".db"}

Kind = Literal["flac", "ogg"]

HEAD = "# Written by 'hocso voice import'. Each entry is one text as somebody read it.\nformat: 1\n"
NOTHING = " []"


class BadIndex(ValueError):
    """An index of recordings has mistakes, which are to be mended before anything is added."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file. `why` is empty where it was taken; `kept` where it had been recorded well before."""

    file: Path
    name: str
    why: str = ""
    kept: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class How:
    """How recordings are taken in."""

    kind: Kind = "flac"
    again: bool = False  # take the place of good ones
    who: str = ""
    when: dt.date | None = None


def sounds_in(folder: Path) -> list[Path]:
    """Return the files in a folder, and below, that may be recordings."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() not in NO_SOUNDS)
    return sorted(path for path in found if not path.name.startswith("."))


def take(
    found: Sequence[Path], parts: Sequence[Named], home: Path, how: How, script: Mapping[str, str] | None = None
) -> Iterator[Outcome]:
    """Take recordings in, one after the other.

    `parts` are all there are in the language, `home` is its folder, `script` what was read from: id -> hash.

    Raises:
        BadIndex: what is there already can't be read.
        OSError: it can't be written.
    """
    there = _There(home, {text_hash(part.text) for part in parts})
    by_name = {part.name: part for part in parts}
    by_hash = {text_hash(part.text): part for part in parts}
    names = {file_of(name): name for name in {*by_name, *(script or ())}}
    for path in found:
        called = path.stem.strip().lower()
        name = names.get(called)
        if name is None:
            yield Outcome(path, called, f"No text has this name; {nearest(called, names)}")
            continue
        part = by_name.get(name) if script is None else by_hash.get(script.get(name, ""))
        if part is None:
            yield Outcome(path, name, "Its text was changed since the script was written; read the new one.")
            continue
        before = there.of(part)
        if before and not how.again and not isinstance(_read(before.file, part.text), str):
            yield Outcome(path, name, "It is recorded already; --again takes this one instead.", kept=True)
            continue
        sound = _read(path, part.text)
        if isinstance(sound, str):
            yield Outcome(path, name, sound)
            continue
        there.put(sound, part, how)
        yield Outcome(path, name, seconds=sound.seconds)


def _read(path: Path, text: str) -> Sound | str:
    """Return what was recorded, trimmed and levelled, or what is wrong with it."""
    try:
        with path.open("rb") as file:
            sound = trimmed(read_sound(file.read(MOST_BYTES + 1), seconds=MOST_SECONDS, size=MOST_BYTES))
    except OSError as error:
        return f"The file can't be read ({error.strerror})."
    except BadSound as error:
        return f"{error} Save it as WAV, FLAC, MP3 or OGG." if path.suffix.lower() in UNREAD else str(error)
    return fault(sound, text) or levelled(sound)


class _There:
    """What is recorded in a language, by index file; `said` are the hashes of all that is said now."""

    def __init__(self, home: Path, said: Collection[str]) -> None:
        _, problems = recordings(home)
        if problems:
            raise BadIndex(problems)
        self._home = home
        self._said = said
        self._listed = {
            path: [each for each in listed_in(path) if isinstance(each, Recording)] for path in indexes(home)
        }

    def of(self, part: Named) -> Recording | None:
        """Return the recording of this text."""
        mark = text_hash(part.text)
        return next((each for listed in self._listed.values() for each in listed if each.text == mark), None)

    def put(self, sound: Sound, part: Named, how: How) -> None:
        """Write the sound and its entry. What the same text had goes, or what this place said and nothing says now."""
        mark = text_hash(part.text)
        folder = self._home / part.name.partition("/")[0]
        # With the hash in its name, a sound never takes the place of another text's.
        file = folder / f"{file_of(part.name)}_{mark[:6]}.{how.kind}"
        files.put(file, _packed(sound, how.kind))

        def goes(each: Recording) -> bool:
            return each.text == mark or (each.step == part.name and each.text not in self._said)

        for path, listed in list(self._listed.items()):
            stays = [each for each in listed if not goes(each)]
            if len(stays) < len(listed):
                self._write(path, stays)
        index = folder / INDEX
        one = Recording(file, mark, part.name, how.who, how.when)
        self._write(index, [*self._listed.get(index, []), one])

    def _write(self, index: Path, listed: list[Recording]) -> None:
        self._listed[index] = sorted(listed, key=_natural)
        lines = "".join(_entry(each, index.parent) for each in self._listed[index])
        files.put(index, f"{HEAD}recordings:{NOTHING if not lines else ''}\n{lines}".encode())


def _packed(sound: Sound, kind: Kind) -> bytes:
    if kind == "ogg":
        return opus.encode(sound, KBIT)
    out = io.BytesIO()
    soundfile.write(out, ready(sound, opus.RATE), opus.RATE, format="FLAC", subtype="PCM_16")
    return out.getvalue()


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
