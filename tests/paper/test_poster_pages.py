"""Posters of teams: each on one page, large enough, and every square leads where it should."""

import datetime as dt
import io
import re
from collections.abc import Sequence

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from pypdf import PdfReader
from small import TEAMS
from test_card_pages import A4, pieces

from bot.core.places import Commune
from bot.core.poster import poster
from bot.core.teams import Team
from bot.core.ways import Ways, reachable
from bot.paper.page import BODY, MARGIN, WIDTH
from bot.paper.poster_page import poster_pages

DAY = dt.date(2026, 11, 29)
WAYS = Ways("hoc_so_bot", "https://zalo.me/1234567890", "https://hocso.example.vn")
LONGEST = Ways(
    "hoc_so_thanh_hoa_chinh_thuc_1_bot"[:32],
    *(f"https://{(host * 4)[:51]}vn" for host in ("zalo-mini.app.", "cong-nghe-so.")),
)
SEN = TEAMS.by_code["sen-vang-27"]
LONG = Team("hue-thom-99", Commune("15853", "phường", "Nguyệt Ấn Thượng Hạ"), ("Tổ MƯỜI SƯƠNG " * 5)[:60].strip())


def drawn(teams: Sequence[Team], ways: Ways) -> tuple[list[set[str]], list[str]]:
    """Return what a camera finds on each page, and the text of each as one line."""
    data = poster_pages((poster(each, ways) for each in teams), DAY)
    rendered = pypdfium2.PdfDocument(data)
    found = [{each.text for each in zxingcpp.read_barcodes(page.render(scale=2).to_pil())} for page in rendered]
    return found, [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(data)).pages]


def test_each_team_has_a_page_whose_squares_lead_to_it() -> None:
    found, texts = drawn([SEN, TEAMS.by_code["mai-tim-11"]], WAYS)
    assert found == [
        {
            "https://zalo.me/1234567890",
            f"https://hocso.example.vn/?to={code}",
            f"https://t.me/hoc_so_bot?start=to_{code}",
        }
        for code in ("sen-vang-27", "mai-tim-11")
    ]
    for said in ("Tổ thôn 3", "Xã Nga Sơn", "sen vang 27", "1. Mở máy ảnh", "Có, vào tổ này", "@hoc_so_bot"):
        assert said in texts[0]
    assert "mai tim 11" in texts[1]


@pytest.mark.parametrize(
    ("ways", "there", "missing"),
    [
        (Ways(web="https://hocso.example.vn/"), ["Trang web", "ô vuông"], ["Zalo", "Telegram", "@", "một ô"]),
        (Ways(telegram="hoc_so_bot"), ["Telegram", "@hoc_so_bot"], ["Zalo", "Trang web"]),
        (Ways(zalo="https://zalo.me/1"), ["quét xong, gõ mã của tổ"], ["Telegram", "Trang web", "Bắt đầu"]),
    ],
)
def test_only_the_ways_there_are_stand_on_it(ways: Ways, there: list[str], missing: list[str]) -> None:
    found, (text,) = drawn([SEN], ways)
    assert found == [{each.link for each in ways.to(SEN.code)}]
    assert [each for each in there if each not in text] == []
    assert [each for each in missing if each in text] == []


@pytest.mark.parametrize("ways", [WAYS, LONGEST], ids=["usual", "long"])
@pytest.mark.parametrize("team", [SEN, LONG], ids=["short", "longest"])
def test_all_is_on_one_page_and_nothing_is_small_or_runs_out(team: Team, ways: Ways) -> None:
    data = poster_pages([poster(team, ways)], DAY)
    (page,) = PdfReader(io.BytesIO(data)).pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=0.01)
    found = pieces(page)
    margin = MARGIN * 72 / 25.4
    for left, below, size, text in found:
        assert size >= BODY, text
        assert margin - 0.1 <= left < margin + WIDTH * 72 / 25.4
        assert margin < below < A4[1] - margin
    sizes = {text.strip(): size for _, _, size, text in found}
    assert sizes[team.code.replace("-", " ")] >= 40
    scanned = zxingcpp.read_barcodes(pypdfium2.PdfDocument(data)[0].render(scale=3).to_pil())
    assert {each.text for each in scanned} == {each.link for each in ways.to(team.code)}


def test_the_same_posters_are_the_same_file() -> None:
    assert poster_pages([poster(SEN, WAYS)], DAY) == poster_pages([poster(SEN, WAYS)], DAY)


@pytest.mark.parametrize("address", ["", "hocso.vn", "http://127.0.0.1:8080", "https://localhost", "https://a.vn/?x=1"])
def test_what_no_phone_can_open_is_known(address: str) -> None:
    assert not reachable(address)
