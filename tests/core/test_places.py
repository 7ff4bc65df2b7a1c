"""The table of communes: that it is the official one, and how people write their names."""

from pathlib import Path

import pytest
from vietnam_provinces import Ward

from bot import places
from bot.core.places import Commune, read_province

THANH_HOA = places.read("thanh-hoa")
GOOD = "code,kind,name\n37,tỉnh,Ninh Bình\n14464,xã,Yên Mô\n"


def test_it_is_the_official_list() -> None:
    official = {(f"{int(ward.code):05}", ward.name) for ward in Ward.iter_all() if int(ward.province_code) == 38}
    ours = {(each.code, f"{each.kind.capitalize()} {each.name}") for each in THANH_HOA.communes}
    assert ours == official
    kinds = [each.kind for each in THANH_HOA.communes]
    assert (len(kinds), kinds.count("xã"), kinds.count("phường")) == (166, 147, 19)
    assert THANH_HOA.itself == Commune("38", "tỉnh", "Thanh Hóa")


def test_each_is_found_by_its_code_its_name_and_its_full_name() -> None:
    for each in THANH_HOA.communes:
        for text in (each.code, each.name, each.said(), each.said().upper(), f"  {each.said()} "):
            assert THANH_HOA.find(text) == (each,), text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("nga son", ["16093"]),
        ("xa nga son", ["16093"]),
        ("X. Nga Sơn", ["16093"]),
        ("P Hạc Thành", ["14797"]),
        ("Dong Tien", ["15724", "15853"]),
        ("xã Dong Tien", ["15724"]),
        ("phuong dong tien", ["15853"]),
        ("Đông Tien", ["15724", "15853"]),
        ("Đồng Tiến", ["15724"]),
        ("phường Nga Sơn", []),
        ("xã", []),
        ("", []),
        ("99999", []),
        ("Hà Nội", []),
    ],
)
def test_names_are_known_with_and_without_marks(text: str, codes: list[str]) -> None:
    assert [each.code for each in THANH_HOA.find(text)] == codes


def test_the_nearest_is_named() -> None:
    assert THANH_HOA.nearest("Nga Sơnn") == THANH_HOA.by_code["16093"]
    assert THANH_HOA.nearest("zzzzzz") is None


def test_communes_are_said_in_both_languages() -> None:
    assert [THANH_HOA.by_code[code].said("en") for code in ("16093", "14797")] == ["Nga Sơn commune", "Hạc Thành ward"]


def test_a_table_of_ones_own_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "ninh-binh.csv"
    path.write_text(GOOD, encoding="utf-8")
    assert places.read(str(path)).find("yen mo") == (Commune("14464", "xã", "Yên Mô"),)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "a.csv:1: the first line should be code,kind,name"),
        ("mã,loại,tên\n", "a.csv:1: the first line should be code,kind,name"),
        (GOOD + "1,xã,Yên Từ\n", "a.csv:4: '1,xã,Yên Từ' should be a code of 5 digits, a kind (xã, phường, "),
        (GOOD + "14465,thị trấn,Yên Từ\n", "a.csv:4: '14465,thị trấn,Yên Từ' should be"),
        (GOOD + "14464,xã,Yên Từ\n", "a.csv:4: the code '14464' is there twice"),
        (GOOD + "14465,xã, \n", "a.csv:4: '14465,xã, ' should be"),
        ("code,kind,name\n37,tỉnh,Ninh Bình\n", "a.csv: there should be a province and its communes"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_line(table: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"a\.csv") as error:
        read_province(table, "a.csv")
    assert str(error.value).startswith(told)


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no table of communes 'hue'; known here: thanh-hoa, or a"):
        places.read("hue")
    with pytest.raises(ValueError, match=r"x\.csv: this table of communes can't be read \(.*No such file"):
        places.read(str(tmp_path / "x.csv"))
