"""The library keeps up with its files, whatever is done to them, and never publishes half of a change."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lesson_texts import COURSE, COURSE_TRANSLATION, LESSON, SHORT, SHORT_TRANSLATION, TRANSLATION, changed
from programs import until
from prometheus_client import REGISTRY
from small import FIRST_LESSON, REPO, small_library

from bot.core.library import FIRST, Library
from bot.core.saving import Save
from bot.core.turn import Opened, Tapped
from bot.library import NothingToTeach, read_folder
from bot.reload import follow as module
from bot.reload import reader
from bot.reload.follow import follow
from bot.reload.reader import Read, Reader, ReadingFailed
from bot.reload.watch import traces
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor

pytestmark = pytest.mark.anyio

PATIENCE = 30.0  # seconds until something that must happen has happened
ONE, TWO = "an-toan/an-01-dau-hieu.yaml", "an-toan/an-02-giu-ma.yaml"
GOOD = {
    "an-toan/course.yaml": COURSE,
    "an-toan/course.en.yaml": COURSE_TRANSLATION,
    ONE: SHORT,
    "an-toan/an-01-dau-hieu.en.yaml": SHORT_TRANSLATION,
    TWO: LESSON,
    "an-toan/an-02-giu-ma.en.yaml": TRANSLATION,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "lessons"
    shutil.copytree(REPO / "lessons/phrases", made / "phrases")
    for name, text in GOOD.items():
        write(made / name, text)
    return made


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def edit(path: Path, old: str, new: str) -> None:
    write(path, changed(path.read_text(encoding="utf-8"), old, new))


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def reloads(came_to: str) -> float:
    return figure("hocso_reloads_total", came_to=came_to)


async def counted(came_to: str, before: float) -> None:
    await asyncio.to_thread(until, lambda: reloads(came_to) > before, f"a reading that comes to {came_to}")


class Followed:
    """What is published while a folder is followed."""

    def __init__(self, library: Library) -> None:
        self.published = [library]
        self._news = asyncio.Event()

    @property
    def library(self) -> Library:
        return self.published[-1]

    def publish(self, library: Library) -> None:
        self.published.append(library)
        self._news.set()

    async def until(self, seen: Callable[[Library], object]) -> Library:
        async with asyncio.timeout(PATIENCE):
            while not seen(self.library):
                self._news.clear()
                await self._news.wait()
        return self.library

    async def until_titled(self, title: str, key: str = "an-01") -> Library:
        return await self.until(lambda library: library.lessons[key][FIRST].title == title)


@asynccontextmanager
async def following(folder: Path) -> AsyncIterator[Followed]:
    since = traces(folder)
    library, problems = read_folder(folder)
    followed = Followed(library)
    task = asyncio.create_task(follow(folder, since, library, problems, followed.publish))
    try:
        yield followed
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_change_is_published_and_a_fault_is_not(folder: Path) -> None:
    async with following(folder) as followed:
        edit(folder / ONE, "Dấu hiệu", "Năm dấu hiệu")
        await followed.until_titled("Năm dấu hiệu")
        edit(folder / ONE, "minutes: 1", "minutes: 0")
        edit(folder / TWO, "title: Giữ mã", "title: Giữ mã nhé")
        library = await followed.until_titled("Giữ mã nhé", "an-02")
        first = library.lessons["an-01"][FIRST]
        assert (first.title, first.minutes) == ("Năm dấu hiệu", 1)


async def test_the_figures_tell_what_is_taught_and_what_is_broken(folder: Path) -> None:
    before = reloads("published")
    async with following(folder) as followed:
        edit(folder / ONE, "minutes: 1", "minutes: 0")
        write(folder / "an-toan/an-03-them.yaml", SHORT)
        await followed.until(lambda library: "an-03" in library.lessons)
    assert figure("hocso_lessons") == 3
    assert figure("hocso_lesson_problems") == 1
    assert figure("hocso_lessons_read_timestamp_seconds") > 0
    assert reloads("published") > before


async def test_what_changed_before_the_watch_began_is_noticed(folder: Path) -> None:
    since = traces(folder)
    library, problems = read_folder(folder)
    edit(folder / ONE, "Dấu hiệu", "Năm dấu hiệu")
    followed = Followed(library)
    task = asyncio.create_task(follow(folder, since, library, problems, followed.publish))
    await followed.until_titled("Năm dấu hiệu")
    task.cancel()
    await asyncio.wait([task])


async def test_an_editor_that_writes_by_rename_is_followed(folder: Path) -> None:
    async with following(folder) as followed:
        for number in range(3):
            path = folder / ONE
            beside = path.with_name(".an-01-dau-hieu.yaml.swp")
            write(beside, changed(SHORT, "title: Dấu hiệu", f"title: Lần {number}"))
            path.rename(path.with_name("an-01-dau-hieu.yaml~"))  # as vim does: for a moment it isn't there
            beside.rename(path)
            await followed.until_titled(f"Lần {number}")
        assert all("an-01" in library.lessons for library in followed.published)


async def test_a_renamed_folder_and_a_moved_lesson_are_followed(folder: Path) -> None:
    write(folder / "moi/course.yaml", changed(COURSE, "id: an-toan", "id: moi"))
    write(folder / "moi/moi-01-a.yaml", SHORT)
    async with following(folder) as followed:
        (folder / ONE).rename(folder / "moi/an-01-dau-hieu.yaml")
        await followed.until(lambda library: library.lessons["an-01"][FIRST].course == "moi")
        (folder / "moi").rename(folder / "khac")
        edit(folder / "khac/course.yaml", "id: moi", "id: khac")
        await followed.until(lambda library: library.lessons["an-01"][FIRST].course == "khac")
        assert all(library.lessons.keys() == {"an-01", "an-02", "moi-01"} for library in followed.published)


async def test_a_hundred_files_at_once_and_back_again(folder: Path) -> None:
    names = [f"an-toan/an-{number:03}-them.yaml" for number in range(100, 200)]
    async with following(folder) as followed:
        for name in names:
            write(folder / name, SHORT)
        await followed.until(lambda library: len(library.lessons) == 102)
        for name in names:
            (folder / name).unlink()
        await followed.until(lambda library: len(library.lessons) == 2)


async def test_a_folder_whose_link_is_turned_to_another_is_followed(tmp_path: Path, folder: Path) -> None:
    shutil.copytree(folder, tmp_path / "second")
    edit(tmp_path / "second" / ONE, "title: Dấu hiệu", "title: Bản hai")
    link = tmp_path / "current"
    link.symlink_to(folder)
    async with following(link) as followed:
        (tmp_path / "new").symlink_to(tmp_path / "second")
        (tmp_path / "new").replace(link)
        await followed.until_titled("Bản hai")
        edit(tmp_path / "second" / ONE, "title: Bản hai", "title: Bản ba")
        await followed.until_titled("Bản ba")


async def test_a_file_behind_a_link_is_followed(tmp_path: Path, folder: Path) -> None:
    (folder / ONE).rename(tmp_path / "elsewhere.yaml")
    (folder / ONE).symlink_to(tmp_path / "elsewhere.yaml")
    async with following(folder) as followed:
        edit(tmp_path / "elsewhere.yaml", "title: Dấu hiệu", "title: Ở nơi khác")
        await followed.until_titled("Ở nơi khác")


async def test_a_folder_that_is_away_for_a_while_moves_nobody(tmp_path: Path, folder: Path) -> None:
    before = reloads("nothing")
    async with following(folder) as followed:
        shutil.move(folder, tmp_path / "away")
        await counted("nothing", before)
        edit(tmp_path / "away" / ONE, "title: Dấu hiệu", "title: Về rồi")
        (tmp_path / "away").rename(folder)
        await followed.until_titled("Về rồi")
        assert all(len(library.lessons) == 2 for library in followed.published)


async def test_half_a_file_moves_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readings: asyncio.Queue[Read] = asyncio.Queue()

    class Told(Reader):
        async def read(self, before: Library) -> Read:
            read = await super().read(before)
            readings.put_nowait(read)
            return read

    monkeypatch.setattr(module, "Reader", Told)
    monkeypatch.setattr(module, "PATIENCE", 3600.0)
    whole = LESSON.replace("title: Giữ mã", "title: Giữ mã nhé")
    half = whole[: whole.index("  - id: goi")]
    async with following(folder) as followed:
        steps = len(followed.library.lessons["an-02"][FIRST].steps)
        write(folder / TWO, half)
        async with asyncio.timeout(PATIENCE):
            while "an-02#goi" not in (await readings.get()).lost:
                pass
        write(folder / TWO, whole)
        await followed.until_titled("Giữ mã nhé", "an-02")
        assert all(len(library.lessons["an-02"][FIRST].steps) == steps for library in followed.published)


async def test_what_stays_away_is_gone(folder: Path) -> None:
    async with following(folder) as followed:
        (folder / "an-toan/an-01-dau-hieu.en.yaml").unlink()
        await followed.until(lambda library: "en" not in library.lessons["an-01"])
        (folder / ONE).unlink()
        await followed.until(lambda library: "an-01" not in library.lessons)


async def test_a_step_that_is_gone_is_remembered_with_what_follows(folder: Path) -> None:
    lines = LESSON.splitlines(keepends=True)
    begins = [place for place, line in enumerate(lines) if line.startswith("  - id:")]
    async with following(folder) as followed:
        write(folder / TWO, "".join(lines[: begins[1]] + lines[begins[2] :]))
        (folder / "an-toan/an-02-giu-ma.en.yaml").unlink()
        library = await followed.until(lambda library: "hoi" not in library.lessons["an-02"][FIRST].index)
        edit(folder / ONE, "title: Dấu hiệu", "title: Sau đó")
        library = await followed.until_titled("Sau đó")
    assert library.places == {"an-02": {"hoi": "lam", "hoi-cu": "lam"}}


async def test_a_reading_that_fails_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = reader.COMMAND
    before = reloads("failed")
    monkeypatch.setattr(reader, "COMMAND", (command[0], "-c", "raise SystemExit(3)"))
    async with following(folder) as followed:
        edit(folder / ONE, "title: Dấu hiệu", "title: Rồi cũng được")
        await counted("failed", before)
        monkeypatch.setattr(reader, "COMMAND", command)
        await followed.until_titled("Rồi cũng được")


async def test_a_process_that_dies_says_how(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library, _ = read_folder(folder)
    monkeypatch.setattr(reader, "COMMAND", (reader.COMMAND[0], "-c", "raise SystemExit(3)"))
    with pytest.raises(ReadingFailed) as caught:
        await Reader(folder).read(library)
    assert str(caught.value) == "the lessons could not be read, the process ended with 3"


async def test_a_process_of_its_own_reads_the_same(folder: Path) -> None:
    before, _ = read_folder(folder)
    edit(folder / ONE, "title: Dấu hiệu", "title: Mới")
    edit(folder / TWO, "minutes: 3", "minutes: 0")
    read = await Reader(folder).read(before)
    assert (read.library, read.problems) == read_folder(folder, before)
    assert read.changed
    assert read.library.lessons["an-01"][FIRST].title == "Mới"
    assert read.library.lessons["an-02"] is before.lessons["an-02"]
    assert not (await Reader(folder).read(read.library)).changed


async def test_a_process_of_its_own_says_that_there_is_nothing_to_teach(folder: Path) -> None:
    before, _ = read_folder(folder)
    shutil.rmtree(folder / "an-toan")
    with pytest.raises(NothingToTeach) as caught:
        await Reader(folder).read(before)
    assert caught.value.problems[0].code == "nothing-to-teach"


async def test_a_lesson_of_which_no_byte_changed_is_not_read_again(folder: Path) -> None:
    before, _ = read_folder(folder)
    os.utime(folder / ONE)
    edit(folder / TWO, "minutes: 3", "minutes: 4")
    fresh, _ = read_folder(folder, before)
    assert fresh.lessons["an-01"] is before.lessons["an-01"]
    assert fresh.lessons["an-02"][FIRST].minutes == 4
    edit(folder / "an-toan/an-01-dau-hieu.en.yaml", "title: ", "title: New ")
    assert read_folder(folder, fresh)[0].lessons["an-01"]["en"].title.startswith("New ")


async def test_a_bad_file_is_told_at_each_reading(folder: Path) -> None:
    before, _ = read_folder(folder)
    edit(folder / ONE, "minutes: 1", "minutes: 0")
    fresh, problems = read_folder(folder, before)
    assert fresh.lessons["an-01"] == before.lessons["an-01"]
    assert read_folder(folder, fresh)[1] == problems != ()


class Swapping(MemoryProgress):
    """The memory store; lessons are published anew while it loads and while it saves."""

    tutor: Tutor
    library: Library

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        self.tutor.library = self.library
        return await super().load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        self.tutor.library = self.library
        return await super().save(saves)


async def test_no_reply_mixes_two_versions() -> None:
    """Whatever is published while a turn is taken, its reply is all of the library that it began with."""
    store = Swapping()
    one, other = signed("①"), signed("②")
    store.library = one
    store.tutor = Tutor(one, store)
    reply = await store.tutor.hear("an", Opened(), "start")
    met: set[str] = set()
    for number, code in enumerate(("agree", "bac", "read", "l:bai-01")):
        reply = await store.tutor.hear("an", Tapped(reply.turn, code), f"begin {number}")
    for number in range(40):
        store.tutor.library, store.library = (one, other) if number % 4 < 2 else (other, one)
        button = reply.buttons[number % len(reply.buttons)]
        reply = await store.tutor.hear("an", Tapped(reply.turn, button.code), f"{number}")
        shown = " ".join([reply.text, *reply.notes, *(button.label for button in reply.buttons)])
        signs = {sign for sign in "①②" if sign in shown}
        assert signs <= {"①" if number % 4 < 2 else "②"}
        met |= signs
    assert met == {"①", "②"}


async def test_a_step_that_another_process_knows_already_is_waited_for() -> None:
    """The processes of one machine don't read the lessons in the same moment."""
    old = small_library()
    new = small_library(
        FIRST_LESSON.replace("  - id: hoi\n", "  - {id: moi, kind: tell, text: Bước mới.}\n  - id: hoi\n")
    )
    store = MemoryProgress()
    ahead, behind = Tutor(new, store), Tutor(old, store)
    reply = await ahead.hear("an", Opened(), "start")
    for number, code in enumerate(("agree", "bac", "read", "l:bai-01", "next")):
        reply = await ahead.hear("an", Tapped(reply.turn, code), f"{number}")
    assert reply.text == "Bước mới."
    asyncio.get_running_loop().call_later(0.01, setattr, behind, "library", new)
    reply = await behind.hear("an", Tapped(reply.turn, "next"), "on")
    assert (reply.heading, reply.text) == ("Bước 3 trên 7", "Mã OTP đưa cho ai?")


def signed(sign: str) -> Library:
    """Return the small library with a sign in every text of its first lesson."""
    return small_library(
        re.sub(r"\b(text|because|hint|says|differs|title|summary): (\"?)", rf"\1: \2{sign} ", FIRST_LESSON)
    )
