"""`hocso check --impact`: how many people stand where lessons changed, and what becomes of them."""

import asyncio
import subprocess
import tarfile
from collections import Counter
from collections.abc import AsyncIterable, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from bot.config import Config
from bot.core.library import Library
from bot.core.progress import FromTheFuture, Progress
from bot.core.settle import arrive, settle
from bot.core.signpost import learner_of
from bot.library import NothingToTeach, read_folder

_BECOMES = {
    "renamed": ("goes on there, it is called {to!r} now", "học tiếp đúng chỗ, nay gọi là {to!r}"),
    "led": ("it is gone; goes on at {to!r}, told so", "bước không còn; học tiếp ở {to!r}, có lời báo"),
    "moved": ("it is gone; begins the lesson anew, told so", "bước không còn; học lại từ đầu bài, có lời báo"),
    "altered": ("it asks something else; is asked again, told so", "câu hỏi đã đổi; được hỏi lại, có lời báo"),
    "gone": ("the lesson is gone; is led to the menu", "bài không còn; được đưa về menu"),
}
_GIT_SECONDS = 30


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


def was_there(folder: Path) -> Library | None:
    """Read the lessons of git's last commit, which the program is likely to teach; None where there are none."""
    command = ("git", "-C", str(folder), "archive", "--format=tar", "HEAD", ".")
    try:
        held = subprocess.run(command, capture_output=True, check=True, timeout=_GIT_SECONDS).stdout  # noqa: S603  git, our own words
        with TemporaryDirectory() as copy, tarfile.open(fileobj=BytesIO(held)) as files:
            files.extractall(copy, filter="data")
            return read_folder(Path(copy))[0]
    except (OSError, subprocess.SubprocessError, tarfile.TarError, NothingToTeach):
        return None


def impact_now(config: Config) -> Impact:
    """Count everybody in the store of these settings.

    What becomes of them follows from their folder as it stands; of what is broken the last commit's version stays.

    Raises:
        NothingToTeach: no lesson can be taught.
        StoreDown, ValueError: the store can't be reached; its URL is none.
    """
    from bot.app import stored  # noqa: PLC0415  it takes a second, which only this option should

    library, _ = read_folder(config.lessons, was_there(config.lessons))

    async def found() -> Impact:
        async with stored(config) as store:
            return await impact_on(library, store.everyone())

    return asyncio.run(found())


async def impact_on(library: Library, values: AsyncIterable[list[bytes]]) -> Impact:
    """Count where everybody stands, and what this library makes of it. `values` are learners' kept values."""
    stands = Counter[Stand]()
    async for some in values:
        for value in some:
            try:
                progress = learner_of(value)
            except (msgspec.DecodeError, msgspec.ValidationError, FromTheFuture):
                continue  # whatever it is, this program wouldn't move it
            if progress:
                stands.update(_stand(library, progress, key) for key in progress.spots)
    touched = {stand: count for stand, count in sorted(stands.items()) if stand.becomes}
    return Impact(touched, stands.total() - sum(touched.values()))


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
