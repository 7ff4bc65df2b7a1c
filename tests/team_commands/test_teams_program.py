"""Teams from the list to a learner's record, by the program as its people start it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
from programs import hocso, make_home, running, until

WORKERS = 2


def test_a_learner_joins_a_team_of_the_list(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    (home / "a.csv").write_text("Xã,Tên tổ\nNga Sơn,Tổ thôn 3\n", encoding="utf-8")
    assert "mai moi 52" in hocso(home, "teams", "import", "a.csv").stdout
    with running(home, "serve", "--workers", str(WORKERS)) as (_, address):
        asked = hocso(home, "chat", "--learner", "an", lines="có\ntổ mai mới 52\ncó\n").stdout
        assert "Bạn có muốn vào Tổ thôn 3, xã Nga Sơn không?" in asked
        assert "Bạn đã vào Tổ thôn 3, xã Nga Sơn." in asked

        def recorded() -> bool:
            with closing(sqlite3.connect(home / "var/records.sqlite")) as database:
                return bool(list(database.execute("SELECT 1 FROM learners JOIN teams ON teams.id = learners.team")))

        until(recorded, "the record of the learner's team")

        def known() -> bool:
            pages = [httpx.get(f"{address}/?to=lan-dep-65", timeout=10).text for _ in range(6 * WORKERS)]
            return all("Tổ thôn 10" in page for page in pages)

        (home / "b.csv").write_text("Xã,Tên tổ\nThọ Xuân,Tổ thôn 10\n", encoding="utf-8")
        hocso(home, "teams", "import", "b.csv")
        until(known, "every server process to know the new team")
