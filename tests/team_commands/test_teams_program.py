"""Teams from the list to a learner's record, by the program as its people start it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from programs import hocso, make_home, running, until
from typer.testing import CliRunner

from bot.__main__ import app


def test_a_learner_joins_a_team_of_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_home(tmp_path)
    monkeypatch.chdir(home)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)

    def bring_in(commune: str, team: str) -> str:
        (home / "a.csv").write_text(f"Xã,Tên tổ\n{commune},{team}\n", encoding="utf-8")
        return CliRunner().invoke(app, ["teams", "import", "a.csv"]).output

    assert "mai moi 52" in bring_in("Nga Sơn", "Tổ thôn 3")
    with running(home) as (_, address):
        asked = hocso(home, "chat", "--learner", "an", lines="có\ntổ mai mới 52\ncó\n").stdout
        assert "Bạn có muốn vào Tổ thôn 3, xã Nga Sơn không?" in asked
        assert "Bạn đã vào Tổ thôn 3, xã Nga Sơn." in asked

        def recorded() -> bool:
            with closing(sqlite3.connect(home / "var/records.sqlite")) as database:
                return bool(list(database.execute("SELECT 1 FROM learners JOIN teams ON teams.id = learners.team")))

        until(recorded, "the record of the learner's team")
        bring_in("Thọ Xuân", "Tổ thôn 10")
        until(lambda: "Tổ thôn 10" in httpx.get(f"{address}/?to=lan-dep-65", timeout=10).text, "the new team")
