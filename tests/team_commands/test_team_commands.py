"""`hocso teams`: from a list to the database and back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
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


POSTER_WAYS = "data: var\nteams: {telegram: '@hoc_so_bot', zalo: https://zalo.me/1}\n"


@pytest.fixture
def printed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `hocso posters` where there are teams and ways to them."""
    run("import", "a.csv")
    (tmp_path / "config.yaml").write_text(POSTER_WAYS)
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    return lambda *args: CliRunner().invoke(app, ["posters", *args])


def pages(path: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def test_posters_are_printed_for_all_or_some(run: Run, printed: Run, tmp_path: Path) -> None:
    assert printed("--out", "a.pdf").output == "Đã ghi a.pdf: 3 tờ, mỗi tổ một tờ. (Written: 3 posters.)\n"
    assert [code for code in ("xoan cao 29", "lan dep 65", "mai moi 52") if code in " ".join(pages(tmp_path / "a.pdf"))]
    printed("--out", "b.pdf", "--commune", "tho xuan")
    (page,) = pages(tmp_path / "b.pdf")
    assert "Tổ thôn 10" in page
    printed("--out", "b.pdf", "--team", "Mai mới 52", "--force")
    (page,) = pages(tmp_path / "b.pdf")
    assert "Tổ thôn 3" in page
    (tmp_path / "a.csv").write_text("Mã,Xã,Tên tổ,Đã nghỉ\nlan dep 65,Thọ Xuân,Tổ thôn 10,x\n", encoding="utf-8")
    run("import", "a.csv")
    assert "2 tờ" in printed("--out", "a.pdf", "--force").output
    assert printed("--out", "c.pdf", "--team", "lan-dep-65").output.strip() == (
        "Tổ thôn 10, xã Thọ Xuân (lan dep 65) đã nghỉ nên không in. (That team has ended.)"
    )


NONE = "xem 'hocso teams list'. (There is no such team.)"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--out", "a.png"], "'a.png' phải có đuôi .pdf. (It should end in .pdf.)"),
        (["--out", "a.pdf", "--team", "sen vang 27"], f"Không có tổ nào mang mã 'sen vang 27'; {NONE}"),
        (
            ["--out", "a.pdf", "--team", "mai moi 52", "--commune", "Thọ Xuân"],
            f"Không có tổ nào mang mã 'mai moi 52' ở xã Thọ Xuân; {NONE}",
        ),
        (
            ["--out", "a.pdf", "--commune", "Quan Sơn"],
            "Chưa có tổ nào để in; nhập danh sách bằng 'hocso teams import'. (There is no team to print.)",
        ),
    ],
)
def test_a_poster_that_cannot_be_printed_is_told(printed: Run, tmp_path: Path, args: list[str], told: str) -> None:
    result = printed(*args)
    assert (result.exit_code, result.output.strip()) == (1, told)
    assert list(tmp_path.glob("*.pdf")) == []


def test_without_a_way_nothing_is_printed(printed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.yaml").write_text("data: var\n")
    assert printed("--out", "a.pdf").output.strip() == (
        "Chưa có đường nào để in ô vuông: hãy đặt PUBLIC_URL (trang web), hoặc ghi teams.telegram, teams.zalo"
        " trong config.yaml. (There is no way to the bot to print: set PUBLIC_URL, teams.telegram or teams.zalo.)"
    )
    monkeypatch.setenv("PUBLIC_URL", "http://localhost:8080")
    assert printed("--out", "a.pdf").output.strip() == (
        "PUBLIC_URL đang là 'http://localhost:8080', in ra thì điện thoại không mở được; hãy ghi như"
        " https://hocso.example.vn, nhiều nhất 60 ký tự. (A phone can't open that, or it is too long.)"
    )
