"""`hocso report`: a commune's month as a file, all communes' in a folder, and what it says to what it can't do."""

from pathlib import Path

import pytest
from office_house import apart
from pypdf import PdfReader
from small import REAL
from typer.testing import CliRunner

from bot import places
from bot.__main__ import app
from bot.demo.people import Province
from bot.stores.database import Database
from bot.stores.filling import Filled, fill
from bot.work.counting import release

MAY = 20_604  # Sunday, 2026-05-31
COMMUNES = ("16093", "14797")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with figures of two months."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "config.yaml").write_text("data: var\n", encoding="utf-8")
    province = Province(REAL, 150, 7, MAY)
    groups = ((each.number, COMMUNES[each.number % 2], f"Tổ {each.number}") for each in province.teams)
    people = (Filled(each.account, each.number, each.team, each.helps, each.entries) for each in province.learners())

    async def make() -> None:
        database = Database.at("sqlite", folder / "var")
        await database.prepare()
        await fill(database, groups, people, province.since)
        for until in (MAY - 35, MAY):
            await release(database, REAL, places.read("thanh-hoa"), until, demo=True)
        await database.close()

    apart(make)
    return folder


def report(home: Path, *args: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["report", *args, "--config", str(home / "config.yaml")], env={"DATABASE_URL": ""})
    return done.exit_code, done.stderr if done.exit_code else done.stdout


def test_one_commune_is_written_to_a_file_once(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    asked = ("--commune", "nga son", "--month", "2026-05", "--out", str(out))
    assert report(home, *asked) == (0, f"Đã ghi {out}. (Written.)\n")
    words = " ".join(PdfReader(out).pages[0].extract_text().split())
    for said in ("Báo cáo tháng 05/2026", "Xã Nga Sơn, tỉnh Thanh Hóa", "SỐ LIỆU MẪU", "Đến 26/04", "Đến 31/05"):
        assert said in words
    assert "Gồm 5 tuần đã đếm: từ thứ Hai 27/04/2026 đến hết Chủ nhật 31/05/2026." in words
    assert report(home, *asked) == (
        1,
        f"Đã có {out}; thêm --force để thay. (It is there already; --force replaces it.)\n",
    )
    assert report(home, *asked, "--force")[0] == 0


def test_all_communes_come_into_a_folder(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    code, said = report(home, "--out", str(out))
    assert code == 0
    assert sorted(each.name for each in out.iterdir()) == [
        "bao-cao-2026-05-14797-phuong-hac-thanh.pdf",
        "bao-cao-2026-05-16093-xa-nga-son.pdf",
        "bao-cao-2026-05-38-tinh-thanh-hoa.pdf",
    ]
    assert said.splitlines() == [
        f"Đã ghi 3 báo cáo vào {out}. (Written: 3 reports.)",
        "164 nơi không có số liệu của tháng này. (Of so many places nothing was counted.)",
    ]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (
            ["--month", "2026-03", "--commune", "all"],
            (
                "Tháng 03/2026 không có số liệu. Trong tháng 03/2026 không có tuần nào được đếm cho nơi này. "
                "(No week of 03/2026 was counted for this place.)"
            ),
        ),
        (
            ["--month", "2099-03"],
            (
                "Tháng 03/2099 chưa hết. Báo cáo tháng 03/2099 gồm các tuần đến hết Chủ nhật 29/03/2099; tuần ấy được "
                "đếm vào thứ Hai sau đó. (The report of 03/2099 has the weeks until Sunday 29/03/2099; that week is "
                "counted on the Monday after it.)"
            ),
        ),
        (["--month", "3/2026"], "--month 3/2026: phải viết như 2026-10. (It should be written like 2026-10.)"),
        (
            ["--commune", "Nga Xơn"],
            (
                "--commune Nga Xơn: Thanh Hóa không có xã, phường hay tổ nào là 'Nga Xơn'; có phải ý là xã Nga Sơn "
                "(16093) không? (Did you mean this one?)"
            ),
        ),
        (
            ["--commune", "Nga Sơn", "--out", "x.doc"],
            "--out x.doc: phải có đuôi .pdf, hoặc là thư mục đã có. (It should end in .pdf, or be a folder.)",
        ),
        (["--out", __file__], f"--out {__file__}: phải là một thư mục. (For all communes it should be a folder.)"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(home: Path, args: list[str], sentence: str) -> None:
    assert report(home, *args) == (1, f"{sentence}\n")


def test_before_anything_is_counted_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("data: var\n", encoding="utf-8")
    assert report(tmp_path) == (
        1,
        (
            "Chưa có tháng nào đã hết và được đếm; mỗi tuần đếm một lần, sau Chủ nhật. "
            "(No month that is over has been counted yet; that happens once a week, after Sunday.)\n"
        ),
    )
