"""`hocso voice withdraw`, and two that write recordings at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import structlog
from made_voice import small_home
from office_house import apart, prepare
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.readable import Named
from bot.stores.database import Database
from bot.stores.office import Office
from bot.stores.readings import Readings
from bot.studio import name_of
from bot.voice.recording_files import writing
from bot.voice.recordings import recordings


def part(words: str) -> Named:
    return Named("bai-01/ke", "bai-01", "ke", words, words)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(small_home(tmp_path))
    (tmp_path / "var").mkdir(exist_ok=True)
    prepare(tmp_path / "var")
    yield tmp_path
    structlog.reset_defaults()


def test_all_that_somebody_has_read_is_deleted_also_after_they_left(home: Path) -> None:
    async def read() -> None:
        database = Database.at("sqlite", home / "var")
        office, book = Office(database), Readings(database)
        who = await office.invite("Cô Hoa", "volunteer", "all", "mark", minute=1, until=2)
        for words in ("Một điều.", "Hai điều."):
            await book.add(who.number, "vi", "bac", part(words), b"OggS", milliseconds=900, minute=1)
        [one, _], _ = await book.waiting(2)
        await book.decide(one, "approved", who.number, 2)
        await office.revoke("Cô Hoa", 3)
        await database.close()

    apart(read)
    lessons = home / "lessons" / "voice" / "vi"
    with writing(lessons) as there:
        there.put(b"OggS", "ogg", part("Một điều."), who=name_of(1))
        there.put(b"OggS", "ogg", part("Của người khác."), who="bà Mai")
    done = CliRunner().invoke(app, ["voice", "withdraw", "Cô  Hoa"])
    assert done.output == "Đã xóa 2 bản thu của Cô  Hoa. (2 recordings deleted.)\n"
    assert [each.who for each in recordings(lessons)[0]] == ["bà Mai"]
    assert len(list(lessons.rglob("*.ogg"))) == 1
    again = CliRunner().invoke(app, ["voice", "withdraw", "Cô Hoa"])
    assert again.exit_code == 1
    assert "Nobody called 'Cô Hoa' has read anything" in again.output


def test_two_that_write_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    def write(number: int) -> None:
        with writing(tmp_path / "vi") as there:
            there.put(b"OggS", "ogg", part(f"{number} điều."))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(16)))
    found, problems = recordings(tmp_path / "vi")
    assert (len(found), problems) == (16, ())
    assert list(tmp_path.rglob("*.lock")) == []
