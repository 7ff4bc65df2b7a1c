"""`hocso demo`: sample learners leave what the talk would have written, in a folder of their own and nowhere else."""

import datetime as dt
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from provinces import UNTIL, sample
from small import REPO, SHIPPED
from typer.testing import CliRunner

from bot import places
from bot.__main__ import app
from bot.config import Config, read_config
from bot.core.progress import Progress
from bot.core.rebuild import rebuild
from bot.core.talk import take_turn
from bot.core.turn import Asked, Entry, Event, Moment, Opened, Record, Tapped
from bot.demo.people import FIRST_CODE, SampleLearner
from bot.stores.addresses import fresh_number
from bot.stores.database import Database
from bot.stores.filling import Filled, fill
from bot.stores.writing import Told, Writer

DAY = dt.date(1970, 1, 1) + dt.timedelta(days=UNTIL)
SETTINGS = {"address", "manner", "path"}
SAID = {"agreed": "agree", "did": "done", "differed": "differs", "stuck": "stuck", "postponed": "later"}


def event_of(record: Record, progress: Progress) -> Event:
    """What a learner does whose turn begins with this record."""
    if record.kind in {"began", "resumed"}:
        return Opened(record.lesson)
    chosen = record.kind in SETTINGS | {"answered", "reacted"}
    return Tapped(progress.turns, SAID.get(record.kind) or (record.choice if chosen else "next"))


@pytest.mark.parametrize("number", range(60))
def test_the_talk_writes_the_same(number: int) -> None:
    each = sample(120).people[number]
    progress = Progress()
    for entry in each.entries:
        now = Moment(dt.datetime.fromtimestamp(entry.minute * 60, dt.UTC))
        if entry.records[0].kind == "began" and progress.place == "paths":  # they had put the path off
            progress = take_turn(SHIPPED, progress, Tapped(progress.turns, "later"), now).progress
        if entry.records[0].kind == "resumed":
            progress = take_turn(SHIPPED, progress, Asked("menu"), now).progress
        turn = take_turn(SHIPPED, progress, event_of(entry.records[0], progress), now)
        progress = turn.progress
        expected = [(r.kind, r.lesson, r.step, r.choice, r.right, r.first) for r in entry.records]
        assert [(r.kind, r.lesson, r.step, r.choice, r.right, r.first) for r in turn.records] == expected
        assert entry.day == now.day
    told = rebuild(each.entries)
    assert told.done == progress.done
    assert {key: spot.step for key, spot in told.spots.items()} == {k: s.step for k, s in progress.spots.items()}


def test_turns_count_up_and_nothing_is_later_than_the_last_day() -> None:
    for each in sample(120).people:
        turns = [entry.turn for entry in each.entries]
        assert turns == sorted(set(turns))
        assert [entry.minute for entry in each.entries] == sorted(entry.minute for entry in each.entries)
        assert each.entries[-1].day <= UNTIL


def test_the_same_seed_makes_the_same_province() -> None:
    sample.cache_clear()
    before = sample(40, seed=3)
    sample.cache_clear()
    assert before.people == sample(40, seed=3).people != sample(40, seed=4).people


@pytest.mark.anyio
async def test_the_tables_hold_what_the_journal_would_have_brought_there(tmp_path: Path) -> None:
    people = [*sample(120).people[:30], odd_learner()]
    one, other = Database.at("sqlite", tmp_path / "filled"), Database.at("sqlite", tmp_path / "written")
    await one.prepare()
    await other.prepare()
    filled = [Filled(each.account, each.number, None, helps=False, entries=each.entries) for each in people]
    assert await fill(one, [], filled, 1) == sum(len(entry.records) for each in people for entry in each.entries)
    writer = Writer(other)
    assert await writer.begin()
    for each in people:
        told = [Told("00", f"{n + 1}-0", each.account, entry, b"") for n, entry in enumerate(each.entries)]
        await writer.write(told, {})
    await writer.end()
    assert await everything(one) == await everything(other)
    await one.close()
    await other.close()


def odd_learner() -> SampleLearner:
    """Someone whose settings change, and who learns in English."""
    told = [Record("agreed", choice="en"), Record("manner", choice="listen"), Record("language", choice="vi")]
    told += [Record("manner", choice="read"), Record("path", choice="moi"), Record("path", choice="")]
    entries = [Entry(turn, 29_000_000 + turn, 20_139, (record,)) for turn, record in enumerate(told, 1)]
    return SampleLearner("web:odd", fresh_number(), None, helps=False, entries=entries)


async def everything(database: Database) -> list[object]:
    """All of learners and records, under their accounts' names."""
    async with database.reading() as connection:
        names = {
            row.learner: row.name for row in await connection.exec_driver_sql("SELECT learner, name FROM accounts")
        }
        people = (await connection.exec_driver_sql("SELECT * FROM learners")).all()
        rows = (await connection.exec_driver_sql("SELECT * FROM records")).all()
    return [sorted((names[row[0]], *map(str, row[1:])) for row in found) for found in (people, rows)]


def run(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    config = tmp_path / "config.yaml"
    config.write_text(f"lessons: {REPO / 'lessons'}\ndata: var\n", encoding="utf-8")
    environment = {"DATABASE_URL": "", "REDIS_URL": ""}
    result = CliRunner().invoke(app, ["demo", "--config", str(config), *arguments], env=environment)
    return result.exit_code, " ".join(result.output.split())


def test_a_demo_stands_in_a_folder_of_its_own_and_says_what_it_is(tmp_path: Path) -> None:
    out = tmp_path / "thanh-hoa-demo"
    code, said = run(tmp_path, "--learners", "80", "--seed", "5", "--out", str(out), "--until", str(DAY))
    assert code == 0, said
    assert "80 learners, " in said
    assert sorted(each.name for each in tmp_path.iterdir()) == ["config.yaml", "thanh-hoa-demo"]  # no store, no records
    assert "nobody in it is real" in (out / "DEMO.txt").read_text(encoding="utf-8")
    with sqlite3.connect(out / "records.sqlite") as database:
        names = [name for (name,) in database.execute("SELECT name FROM accounts")]
        teams = database.execute("SELECT commune, name FROM teams").fetchall()
    database.close()
    assert names
    assert all(":demo-" in name for name in names)
    assert all(int(commune) >= FIRST_CODE and "mẫu" in name for commune, name in teams)
    assert len(Counter(commune for commune, _ in teams)) == 166
    settings = read_config(out / "config.yaml", {})
    assert isinstance(settings, Config)
    named = places.read(settings.places)
    assert {commune for commune, _ in teams} == {each.code for each in named.communes}
    assert all("(mẫu)" in each.name for each in (named.itself, *named.communes))


def test_a_demo_never_comes_where_real_data_may_be(tmp_path: Path) -> None:
    (tmp_path / "full-demo").mkdir()
    (tmp_path / "full-demo/x").touch()
    for out, why in {
        "thanh-hoa": "The folder's name must have the word demo in it",
        "var/demo": "This is, or holds, or lies in the data folder in use",
        "full-demo": "It is there already and not empty",
    }.items():
        code, said = run(tmp_path, "--learners", "5", "--out", str(tmp_path / out))
        assert (code, why in said) == (1, True), said
    assert sorted(each.name for each in tmp_path.iterdir()) == ["config.yaml", "full-demo"]
