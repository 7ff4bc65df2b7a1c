"""Who stands in lessons that changed, and what becomes of them, counted without a name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from bot.core.library import Library
from bot.core.progress import FromTheFuture, Progress
from bot.core.settle import arrive, settle
from bot.core.signpost import learner_of

_BECOMES = {
    "renamed": ("goes on there, it is called {to!r} now", "học tiếp đúng chỗ, nay gọi là {to!r}"),
    "led": ("it is gone; goes on at {to!r}, told so", "bước không còn; học tiếp ở {to!r}, có lời báo"),
    "moved": ("it is gone; begins the lesson anew, told so", "bước không còn; học lại từ đầu bài, có lời báo"),
    "altered": ("it asks something else; is asked again, told so", "câu hỏi đã đổi; được hỏi lại, có lời báo"),
    "gone": ("the lesson is gone; is led to the menu", "bài không còn; được đưa về menu"),
}


class Stand(NamedTuple):
    """A step that people stand in, and what becomes of them: one of `_BECOMES`, or empty where nothing does."""

    lesson: str
    step: str
    becomes: str = ""
    to: str = ""


class Impact(NamedTuple):
    """How many open lessons stand at each step that changed, how many elsewhere; one learner may have several."""

    touched: Mapping[Stand, int]
    untouched: int


def stands(library: Library, values: Iterable[bytes], lesson: str = "") -> Counter[Stand]:
    """Count where these learners' kept values stand, and what this library makes of it.

    With a `lesson`'s key, who stands in that one alone is counted.
    """
    counted = Counter[Stand]()
    for value in values:
        try:
            progress = learner_of(value)
        except (msgspec.DecodeError, msgspec.ValidationError, FromTheFuture):
            continue  # whatever it is, this program wouldn't move it
        if progress:
            wanted = progress.spots if not lesson else [lesson] if lesson in progress.spots else ()
            counted.update(_stand(library, progress, key) for key in wanted)
    return counted


def impact_of(counted: Counter[Stand]) -> Impact:
    """Tell those to whom something happens from the others."""
    touched = {stand: count for stand, count in sorted(counted.items()) if stand.becomes}
    return Impact(touched, counted.total() - sum(touched.values()))


def _stand(library: Library, progress: Progress, key: str) -> Stand:
    step = progress.spots[key].step
    if key not in library.lessons:
        return Stand(key, step, "gone")
    looks_at_it = (progress.place, progress.lesson) == ("lesson", key)
    there = msgspec.structs.replace(progress, place="lesson", lesson=key, aside="")
    settled = settle(library, there) if looks_at_it else arrive(library, there)
    to = settled.progress.spots[key].step
    if not settled.why and to != step:
        return Stand(key, step, "renamed", to)
    return Stand(key, step, settled.why, to if settled.why == "led" else "")


def told(impact: Impact, lang: str) -> list[str]:
    """Return lines for people, without anybody's name."""
    lines = []
    for stand, count in impact.touched.items():
        en, vi = (words.format(to=stand.to) for words in _BECOMES[stand.becomes])
        where = f"{stand.lesson}#{stand.step}: {count}"
        lines.append({"vi": f"{where} người; {vi}", "en": f"{where} inside; {en}"}[lang])
    touched = sum(impact.touched.values())
    everywhere = {
        "vi": f"Bị ảnh hưởng: {touched}. Giữ nguyên chỗ: {impact.untouched}.",
        "en": f"Touched: {touched}. As they were: {impact.untouched}.",
    }
    return [*lines, everywhere[lang]]


def as_data(impact: Impact) -> dict[str, object]:
    """Return the same for programs."""
    touched = [{**stand._asdict(), "people": count} for stand, count in impact.touched.items()]
    return {"touched": touched, "untouched": impact.untouched}
