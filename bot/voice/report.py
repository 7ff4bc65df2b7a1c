"""How much of the library can be heard, and how well: counted by lesson, without making anything."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.lesson import is_id
from bot.core.readable import text_hash
from bot.voice import forms
from bot.voice.ahead import Wanted, address, chosen
from bot.voice.clip import Format
from bot.voice.engine import language_of
from bot.voice.names import ANYWHERE
from bot.voice.recordings import Recording, recordings
from bot.voice.voice import Voice


@dataclass
class Row:
    """Clips of one lesson in one language and form; `size` is bytes, `stale` are recordings, counted in one form."""

    lang: str
    lesson: str
    form: Format = "ogg"
    recorded: int = 0
    good: int = 0
    robot: int = 0
    missing: int = 0
    stale: int = 0
    size: int = 0
    seconds: float = 0.0

    @property
    def clips(self) -> int:
        """How many there should be."""
        return self.recorded + self.good + self.robot + self.missing


@dataclass(frozen=True, slots=True)
class Report:
    """A row for each lesson, first for what is said anywhere; and what there was to read of recordings."""

    rows: Sequence[Row]
    stale: Sequence[Recording] = field(default=())
    problems: Sequence[str] = field(default=())

    @property
    def total(self) -> Row:
        """All rows in one."""
        total = Row("", "")
        for row in self.rows:
            for name in ("recorded", "good", "robot", "missing", "stale", "size"):
                setattr(total, name, getattr(total, name) + getattr(row, name))
            total.seconds += row.seconds
        return total


def report(voice: Voice, parts: Iterable[Wanted], folder: Path, addresses: Collection[str], only: str = "") -> Report:
    """Count. `folder` has the recordings, a folder a language; other forms than `addresses` aren't looked at there."""
    engines = chosen(voice, only)
    rows: dict[tuple[str, str, Format], Row] = {}
    first: dict[tuple[str, str], Row] = {}  # of its lesson and language
    said: dict[str, set[str]] = {}  # by language: hashes
    places: dict[str, set[str]] = {}  # by language: lesson/step
    for part in parts:
        row = Row(part.lang, part.lesson or ANYWHERE, part.form)
        row = rows.setdefault((part.lang, part.lesson, part.form), row)
        first.setdefault((part.lang, row.lesson), row)
        said.setdefault(part.lang, set()).add(text_hash(part.text))
        places.setdefault(part.lang, set()).add(_place(part.lesson or ANYWHERE, part.step))
        for engine in engines:
            place = address(voice, engine, part)
            clip = voice.shelf.get(place) if place else None
            seconds = 0.0
            with suppress(ValueError):  # it is no clip of this form
                seconds = forms.seconds_of(clip, part.form) if clip else 0.0
            if clip and seconds:
                setattr(row, engine.quality.value, getattr(row, engine.quality.value) + 1)
                row.size += len(clip)
                row.seconds += seconds
                break
        else:
            row.missing += 1
    stale: list[Recording] = []
    problems: list[str] = []
    for lang, hashes in said.items():
        for recording in _all(folder, lang, problems):
            where, _, number = recording.step.rpartition("/")
            ending = number.partition("-")[2]
            if recording.text in hashes or where not in places[lang] or (ending and ending not in addresses):
                continue
            stale.append(recording)
            first[lang, where.partition("/")[0]].stale += 1
    return Report(list(rows.values()), stale, problems)


def _all(folder: Path, lang: str, problems: list[str]) -> Iterable[Recording]:
    for name in dict.fromkeys((lang, language_of(lang))):
        if is_id(name):
            found, wrong = recordings(folder / name)
            problems += map(str, wrong)
            yield from found


def _place(lesson: str, step: str) -> str:
    return f"{lesson}/{step}" if step else lesson
