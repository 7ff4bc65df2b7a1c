"""Entries of a .po -> translations of lessons and courses, or all that is wrong with them, each with its line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from pydantic_core import PydanticCustomError

from bot.core.lesson import Course
from bot.core.lesson_file import translation_of
from bot.core.po import Message, Original, name_in
from bot.core.problem import Phrase, Problem, near
from bot.core.sheet import tidy
from bot.core.spots import MARKS, data_with, same_words
from bot.core.wording import check_text
from bot.core.yaml_text import Loc, Place, Source

SHOWN = 60  # characters of a text that a sentence repeats
AROUND = 2  # words before the one that is another

_SENTENCES: Mapping[str, Phrase] = {
    "no-context": Phrase(
        "the entry has no msgctxt, so nobody knows where it belongs; export again and translate that file",
        "mục này không có msgctxt nên không biết thuộc chỗ nào; hãy xuất lại rồi dịch trong tệp mới",
    ),
    "no-such-part": Phrase(
        "there is no lesson or course {name!r}; {near}", "không có bài hay khóa nào tên {name!r}; {near}"
    ),
    "no-such-spot": Phrase(
        "{name!r} says nothing at {spot!r} today; export again with --update: your work is kept, this left out",
        "{name!r} nay không có lời nào ở {spot!r}; hãy xuất lại với --update: phần đã dịch được giữ, mục này được bỏ",
    ),
    "twice": Phrase(
        "{context!r} is there already, in line {first}; delete one",
        "đã có {context!r} ở dòng {first}; hãy xóa bớt một mục",
    ),
    "plural": Phrase(
        "the entry has plural forms, which lessons don't; write one msgstr only",
        "mục này có dạng số nhiều, bài học không dùng; chỉ ghi một msgstr",
    ),
    "other-source": Phrase(
        "the Vietnamese is now {now!r}; export again with --update: your work is kept, what changed is marked",
        "lời tiếng Việt nay là {now!r}; hãy xuất lại với --update: phần đã dịch được giữ, chỗ đã đổi được đánh dấu",
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong with an entry, and the line where it begins."""

    line: int
    told: Phrase = field(compare=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the entries of one lesson or course.

    `data` is what its translation then holds; `lacking` counts the texts that still have no translation.
    """

    original: Original
    data: Mapping[str, Any]
    taken: int
    fresh: int  # of these: new, or other than what was there
    fuzzy: int  # not taken
    empty: int  # not taken
    lacking: int


def take(entries: Sequence[Message], originals: Mapping[str, Original], lang: str) -> list[Taken] | list[Fault]:
    """Return the translations that follow from the entries, or everything that is wrong. `originals` are by name."""
    faults: list[Fault] = []
    unknown: set[str] = set()
    sorted_in: dict[str, dict[str, Message]] = {}
    for entry in entries:
        found = _belongs(entry, originals, sorted_in)
        if isinstance(found, Fault):
            if name_in(entry.context) not in unknown:
                faults.append(found)
            if entry.context and name_in(entry.context) not in originals:
                unknown.add(name_in(entry.context))  # told once, not for each of its texts
        else:
            name, spot = found
            sorted_in.setdefault(name, {})[spot] = entry
            faults += _faults(entry, originals[name].texts[spot].text)
    if faults:
        return sorted(faults)
    made = [_made(originals[name], by_spot) for name, by_spot in sorted_in.items()]
    faults = [fault for each in made for fault in _as_a_whole(each, sorted_in[each.original.name], lang)]
    return sorted(faults) or made


def _fault(entry: Message, code: str, **fields: Phrase | str) -> Fault:
    sentence = _SENTENCES[code]
    en, vi = (
        {name: value.said(lang) if isinstance(value, Phrase) else value for name, value in fields.items()}
        for lang in ("en", "vi")
    )
    return Fault(entry.line, Phrase(sentence.en.format_map(en), sentence.vi.format_map(vi)))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _from_change(before: str, now: str) -> str:
    """Return what is said now, from shortly before the first word that is another."""
    words = now.split()
    same = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(before.split(), words, strict=False)))
    first = max(0, same - AROUND)
    return " ".join(["…"] * bool(first) + words[first:])


def _belongs(
    entry: Message, originals: Mapping[str, Original], met: Mapping[str, Mapping[str, Message]]
) -> tuple[str, str] | Fault:
    """Return the name and the spot that an entry is for."""
    if not entry.context:
        return _fault(entry, "no-context")
    name = name_in(entry.context)
    spot = entry.context.removeprefix(name).removeprefix("/")
    if name not in originals:
        return _fault(entry, "no-such-part", name=_short(name), near=near(name, originals))
    if spot not in originals[name].texts:
        return _fault(entry, "no-such-spot", name=name, spot=_short(spot))
    if first := met.get(name, {}).get(spot):
        return _fault(entry, "twice", context=entry.context, first=str(first.line))
    return name, spot


def _is_taken(entry: Message) -> bool:
    return bool(tidy(entry.said)) and not entry.fuzzy


def _faults(entry: Message, today: str) -> Iterator[Fault]:
    """Find what is wrong with an entry by itself; one that isn't taken may be as it likes."""
    if entry.plural:
        yield _fault(entry, "plural")
        return
    if not _is_taken(entry):
        return
    if not same_words(tidy(entry.source), today):
        yield _fault(entry, "other-source", now=_short(_from_change(tidy(entry.source), today)))
    try:
        check_text(tidy(entry.said))
    except PydanticCustomError as error:
        for code, fields, _ in (error.context or {})["faults"]:
            yield _told(Problem.of("", entry.line, 1, code, **fields))


def _told(problem: Problem) -> Fault:
    return Fault(problem.line, Phrase(problem.sentence("en"), problem.sentence("vi")))


def _made(original: Original, entries: Mapping[str, Message]) -> Taken:
    texts = original.texts
    kept = {spot: each for spot, each in original.standing.items() if not each.guessed}
    said = {spot: each.said for spot, each in kept.items()}
    marks = {spot: each.was for spot, each in kept.items() if each.was is not None}
    taken = {spot: tidy(entry.said) for spot, entry in entries.items() if _is_taken(entry)}
    data = data_with(original.part, said | taken)
    if original.there.allow:
        data["allow"] = original.there.allow
    marks |= {spot: texts[spot].text for spot in taken}
    if marks:
        data[MARKS] = {spot: marks[spot] for spot in texts if spot in marks}
    order = ("format", "title", "summary", "allow", "steps", "learnt", "help", MARKS)
    fuzzy = sum(entry.fuzzy and bool(tidy(entry.said)) for entry in entries.values())
    return Taken(
        original,
        {key: data[key] for key in order if key in data},
        taken=len(taken),
        fresh=sum(text != said.get(spot) for spot, text in taken.items()),
        fuzzy=fuzzy,
        empty=len(entries) - len(taken) - fuzzy,
        lacking=sum(spot not in said and spot not in taken for spot in texts),
    )


def _as_a_whole(taken: Taken, entries: Mapping[str, Message], lang: str) -> Iterator[Fault]:
    """Find what is wrong with a whole translation, such as two choices that can't be told apart."""
    part = taken.original.part
    if taken.lacking or isinstance(part, Course):
        return
    first = min(entry.line for entry in entries.values())
    places: dict[Loc, Place] = {(): (first, 1)}
    for spot, text in taken.original.texts.items():
        if spot in entries:
            places[text.loc] = (entries[spot].line, 1)
    found = translation_of(Source("", "", {**taken.data}, places), part, lang)
    if isinstance(found, list):
        yield from map(_told, found)
