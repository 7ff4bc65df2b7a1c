"""Recordings of people: read from whatever their phone made, checked, and put where the voice finds them."""

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile  # type: ignore[import-untyped]  # it ships no types

from bot.core.problem import nearest
from bot.core.readable import Named, text_hash
from bot.voice import opus
from bot.voice.fault import carelessness, fault_of
from bot.voice.level import levelled, trimmed
from bot.voice.names import file_of
from bot.voice.packing import ready
from bot.voice.recording_files import Kind, writing
from bot.voice.sound import BadSound, Sound, read_sound

MOST_SECONDS = 300.0
UNREAD = {".m4a", ".aac", ".3gp", ".amr", ".wma", ".webm"}  # what phones make and libsndfile doesn't read
MOST_BYTES = 60_000_000
KBIT = 24  # of OGG: a clip made of it still sounds well
NO_SOUNDS = {".csv", ".txt", ".yaml", ".yml", ".xlsx", ".ods", ".docx", ".pdf", ".md", ".zip", ".ini", ".db"}


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
    by_name = {part.name: part for part in parts}
    by_hash = {text_hash(part.text): part for part in parts}
    names = {file_of(name): name for name in {*by_name, *(script or ())}}
    with writing(home) as there:
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
            before = there.of(part.text)
            if before and not how.again and not isinstance(_read(before.file, part.text), str):
                yield Outcome(path, name, "It is recorded already; --again takes this one instead.", kept=True)
                continue
            sound = _read(path, part.text)
            if isinstance(sound, str):
                yield Outcome(path, name, sound)
                continue
            data = _packed(sound, how.kind)
            there.put(data, how.kind, part, who=how.who, when=how.when, said=by_hash.__contains__)
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
    found = fault_of(sound, text) or carelessness(sound)
    return found.sentence if found else levelled(sound)


def _packed(sound: Sound, kind: Kind) -> bytes:
    if kind == "ogg":
        return opus.encode(sound, KBIT)
    out = io.BytesIO()
    soundfile.write(out, ready(sound, opus.RATE), opus.RATE, format="FLAC", subtype="PCM_16")
    return out.getvalue()
