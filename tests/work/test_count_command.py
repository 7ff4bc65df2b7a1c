"""`hocso count`, and the process that counts by itself."""

import asyncio
from pathlib import Path

import pytest
from programs import make_home
from typer.testing import CliRunner

from bot import counting
from bot.__main__ import app
from bot.config import Config, read_config
from bot.core.tally import last_sunday
from bot.office.site import minute_now
from bot.stores.database import Database
from bot.stores.released import Released

PATIENCE = 60  # seconds until figures that are counted are there


def test_figures_are_counted_once_by_hand(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    for sentence in (
        "Đã có số liệu đến hết ngày 17/05/2026.",
        "Số liệu đến hết ngày 17/05/2026, hoặc mới hơn, đã có rồi.",
    ):
        done = CliRunner().invoke(app, ["count", "--until", "2026-05-17", "--config", str(home / "config.yaml")])
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout.startswith(sentence)


def test_without_lessons_nothing_is_counted_and_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("lessons: none\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["count", "--config", str(tmp_path / "config.yaml")])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "none" in done.stderr


@pytest.mark.anyio
async def test_a_running_program_counts_the_last_week_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "FIRST_SECONDS", 0)
    home = await asyncio.to_thread(make_home, tmp_path)
    config = read_config(home / "config.yaml", {})
    assert isinstance(config, Config)
    database = Database.at(config.records.url, config.data)
    await database.prepare()
    task = asyncio.create_task(counting.counting(config))
    async with asyncio.timeout(PATIENCE):
        while await Released(database).newest() is None:  # noqa: ASYNC110  another process does it
            await asyncio.sleep(0.1)
    assert await Released(database).newest() == last_sunday(minute_now())
    task.cancel()
    await asyncio.wait([task])
    await database.close()
