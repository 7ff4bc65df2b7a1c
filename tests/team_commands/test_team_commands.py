"""`hocso teams`: from a list to the database and back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.lesson_commands.sheet_file import as_file

Run = Callable[..., Result]
LIST = "Xã phường;Tên tổ\nNga Sơn;Tổ thôn 3\nxa tho xuan;Tổ thôn 10\n14797;Tổ phố 2\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `hocso teams` in a folder of its own."""
    (tmp_path / "config.yaml").write_text("data: var\n")
    (tmp_path / "a.csv").write_text(LIST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    return lambda *args: CliRunner().invoke(app, ["teams", *args])


def test_a_list_comes_in_once(run: Run) -> None:
    first = run("import", "a.csv")
    assert (first.exit_code, first.output.splitlines()) == (
        0,
        [
            "mai moi 52       Tổ thôn 3, xã Nga Sơn: tổ mới (new)",
            "lan dep 65       Tổ thôn 10, xã Thọ Xuân: tổ mới (new)",
            "xoan cao 29      Tổ phố 2, phường Hạc Thành: tổ mới (new)",
            "Đã ghi: 3 tổ mới. (Written: 3 new.)",
        ],
    )
    assert run("import", "a.csv").output == "Không có gì thay đổi. (Nothing changes.)\n"


def test_a_dry_run_writes_nothing(run: Run) -> None:
    told = run("import", "a.csv", "--dry-run").output
    assert told.endswith("Nếu nhập thật: 3 tổ mới. (It would be: 3 new. Nothing was written.)\n")
    assert run("list").output == ""


def test_every_mistake_is_told_and_nothing_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("Xã,Tên tổ\nNga Sơn,Tổ 3\nDong Tien,Tổ 1\nNga Sơnn,\n", encoding="utf-8")
    result = run("import", "b.csv")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "b.csv: ô A3: 'Dong Tien' có thể là xã Đồng Tiến (15724), phường Đông Tiến (15853); hãy ghi đủ dấu hoặc ghi mã",
        "b.csv: ô A4: Thanh Hóa không có xã, phường 'Nga Sơnn'; có phải ý là 'xã Nga Sơn' (16093) không?",
        "b.csv: ô B4: dòng này thiếu ô 'Tên tổ'; hãy điền vào",
        "Chưa ghi gì cả.",
    ]
    assert run("list").output == ""


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_is_written_out_comes_in_again_unchanged_or_edited(run: Run, tmp_path: Path, ending: str) -> None:
    run("import", "a.csv")
    out = f"b{ending}"
    assert run("export", out).output == f"Đã ghi {out}: 3 tổ. (Written: 3 teams.)\n"
    assert run("import", out).output == "Không có gì thay đổi. (Nothing changes.)\n"
    rows = [
        ["Mã", "Tên tổ", "Xã", "Đã nghỉ"],
        ["mai moi 52", "Tổ thôn Ba", "Nga Sơn", ""],
        ["lan dep 65", "Tổ thôn 10", "Thọ Xuân", "x"],
    ]
    (tmp_path / out).write_bytes(as_file(rows, ending))
    assert run("import", out).output.splitlines() == [
        "mai moi 52       Tổ thôn Ba, xã Nga Sơn ← Tổ thôn 3, xã Nga Sơn: đổi tên hoặc chuyển xã (renamed or moved)",
        "lan dep 65       Tổ thôn 10, xã Thọ Xuân: nghỉ (ended)",
        "Đã ghi: 1 đổi tên hoặc chuyển xã, 1 nghỉ. (Written: 1 renamed or moved, 1 ended.)",
    ]
    listed = run("list", "--commune", "tho xuan").output
    assert listed == "lan dep 65       15499.2      Tổ thôn 10, xã Thọ Xuân  (đã nghỉ, ended)\n"


def test_a_store_that_is_away_keeps_nobody_from_writing_the_list(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere/at/all")
    told = run("import", "a.csv")
    assert told.exit_code == 0
    assert "người học sẽ thấy các tổ này khi chương trình chạy lại. (The store at " in told.output
    assert told.output.endswith("Đã ghi: 3 tổ mới. (Written: 3 new.)\n")


def test_a_name_that_another_team_has_is_refused(run: Run, tmp_path: Path) -> None:
    run("import", "a.csv")
    (tmp_path / "b.csv").write_text("Xã,Tên tổ,Mã\nThọ Xuân,Tổ thôn 10,mai moi 52\n", encoding="utf-8")
    assert run("import", "b.csv").output.splitlines() == [
        "b.csv: ô A2: xã, phường này đã có tổ 'Tổ thôn 10', mã lan dep 65; hãy ghi mã đó, hoặc chọn tên khác",
        "Chưa ghi gì cả.",
    ]


def test_a_whole_list_ends_what_is_missing(run: Run, tmp_path: Path) -> None:
    run("import", "a.csv")
    (tmp_path / "b.csv").write_text("Xã,Tên tổ\nNga Sơn,Tổ thôn 4\n", encoding="utf-8")
    assert run("import", "b.csv", "--whole").output.splitlines()[1:] == [
        "mai moi 52       Tổ thôn 3, xã Nga Sơn: nghỉ (ended)",
        "Đã ghi: 1 tổ mới, 1 nghỉ. (Written: 1 new, 1 ended.)",
    ]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["import", "a.txt"], "'a.txt' phải có đuôi .csv hoặc .xlsx. (It should end in .csv or .xlsx.)"),
        (["import", "x.csv"], "x.csv: không đọc được. (It can't be read: No such file or directory.)"),
        (["export", "a.csv"], "Đã có a.csv; thêm --force để thay. (It is there already; --force replaces it.)"),
        (["export", "a.pdf"], "'a.pdf' phải có đuôi .csv hoặc .xlsx. (It should end in .csv or .xlsx.)"),
        (
            ["list", "--commune", "dong tien"],
            (
                "'dong tien' có thể là xã Đồng Tiến (15724), phường Đông Tiến (15853); "
                "hãy ghi đủ dấu hoặc ghi mã. (It may be any of these; write its code.)"
            ),
        ),
        (
            ["list", "--commune", "nga sonn"],
            "Thanh Hóa không có xã, phường 'nga sonn'; có phải ý là xã Nga Sơn (16093) không? (Did you mean this one?)",
        ),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, args: list[str], told: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.output.strip()) == (1, told)


def test_a_list_longer_than_any_province_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("Xã,Tên tổ\n" + "Nga Sơn,Tổ\n" * 20_000, encoding="utf-8")
    assert "quá lớn đối với một danh sách; nhiều nhất 20000 hàng, 30 cột" in run("import", "b.csv").output


def test_another_provinces_table_can_be_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("data: var\nteams:\n  places: nb.csv\n")
    (tmp_path / "b.csv").write_text("Xã,Tên tổ\nYên Mô,Tổ 1\n", encoding="utf-8")
    told = "Không đọc được danh sách xã, phường. (teams.places in config.yaml: "
    assert run("import", "b.csv").output.startswith(told)
    (tmp_path / "nb.csv").write_text("code,kind,name\n37,tỉnh,Ninh Bình\n14464,xã,Yên Mô\n", encoding="utf-8")
    assert "Tổ 1, xã Yên Mô: tổ mới (new)" in run("import", "b.csv").output
