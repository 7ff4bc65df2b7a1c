"""Lists of teams: every mistake with its cell, and what a list changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import places
from bot.core.sheet_faults import Fault
from bot.core.sheet_reading import Cell, Formula
from bot.core.team_sheet import Change, Wanted, plan, read_teams, rows_of
from bot.core.teams import Kept, teams_of

THANH_HOA = places.read("thanh-hoa")
HEAD: list[Cell] = ["Xã, phường", "Tên tổ", "Mã", "Đã nghỉ"]


def read(*rows: list[Cell]) -> list[Wanted] | list[str]:
    found = read_teams([HEAD, *rows], THANH_HOA)
    wanted = [each for each in found if isinstance(each, Wanted)]
    return wanted or [f"{each.row},{each.column}: {each.told.vi}" for each in found if isinstance(each, Fault)]


def changed(wanted: list[Wanted], kept: list[Kept], *, whole: bool = False) -> list[Kept]:
    return [each.after for each in plan(wanted, kept, whole=whole) if isinstance(each, Change)]


def test_a_row_is_a_team() -> None:
    assert read(["Nga Sơn", " Tổ  thôn 3 "], [14797, "Tổ phố 2", "Sen vàng 27", "x"], [16093.0, "Tổ 4"]) == [
        Wanted(2, "16093", "Tổ  thôn 3"),
        Wanted(3, "14797", "Tổ phố 2", "sen-vang-27", ended=True),
        Wanted(4, "16093", "Tổ 4"),
    ]


def test_columns_may_have_other_names_and_stand_in_any_order() -> None:
    rows: list[list[Cell]] = [
        ["STT", "Tổ", "Ghi chú", "Xã"],
        [1, "Tổ 3", "họp thứ bảy", "Nga Sơn"],
        [],
        [None, "", "x"],
    ]
    assert read_teams(rows, THANH_HOA) == [Wanted(2, "16093", "Tổ 3")]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            ["Dong Tien", "Tổ 1"],
            "2,1: 'Dong Tien' có thể là xã Đồng Tiến (15724), phường Đông Tiến (15853); hãy ghi đủ dấu hoặc ghi mã",
        ),
        (
            ["Nga Sơnn", "Tổ 1"],
            "2,1: Thanh Hóa không có xã, phường 'Nga Sơnn'; có phải ý là 'xã Nga Sơn' (16093) không?",
        ),
        (["Kyoto 東京", "Tổ 1"], "2,1: Thanh Hóa không có xã, phường 'Kyoto 東京'; hãy ghi tên hoặc mã từ năm 2025"),
        (["", "Tổ 1"], "2,1: dòng này thiếu ô 'Xã, phường'; hãy điền vào"),
        (["Nga Sơn", ""], "2,2: dòng này thiếu ô 'Tên tổ'; hãy điền vào"),
        (["Nga Sơn", "12"], "2,2: '12' chưa phải là tên; tên như 'Tổ thôn 3' thì in được và đọc được"),
        (
            ["Nga Sơn", "T" * 61],
            f"2,2: '{'T' * 61}' dài 61 ký tự, nhiều nhất 60; tên như 'Tổ thôn 3' thì in được và đọc được",
        ),
        (
            ["Nga Sơn", "Tổ **3**"],
            (
                "2,2: 'Tổ **3**' có xuống dòng hoặc một trong các dấu * < > \\ { | }; "
                "tên như 'Tổ thôn 3' thì in được và đọc được"
            ),
        ),
        (["Nga Sơn", Formula("=A1")], "2,2: '=A1' là công thức; hãy gõ thẳng chữ vào ô"),
        (["Nga Sơn", "Tổ\u200b3"], "2,2: có ký tự ẩn ZERO WIDTH SPACE (U+200B); hãy gõ lại chữ trong ô"),
        (
            ["Nga Sơn", "Tổ 3", "sen 27"],
            "2,3: 'sen 27' không phải mã tổ; hãy để trống, tổ mới sẽ có mã; hoặc chép từ 'hocso teams export'",
        ),
        (
            ["Nga Sơn", "Tổ 3", "", "mai"],
            "2,4: 'mai' không rõ là đã nghỉ hay chưa; tổ đã nghỉ thì ghi x, không thì để trống",
        ),
    ],
)
def test_a_mistake_is_told_with_its_cell(row: list[Cell], told: str) -> None:
    assert read(row) == [told]


def test_all_mistakes_are_told_at_once() -> None:
    assert read(["", "12"], ["Nga Sơn", "Tổ 3", "abc"]) == [
        "2,1: dòng này thiếu ô 'Xã, phường'; hãy điền vào",
        "2,2: '12' chưa phải là tên; tên như 'Tổ thôn 3' thì in được và đọc được",
        "3,3: 'abc' không phải mã tổ; hãy để trống, tổ mới sẽ có mã; hoặc chép từ 'hocso teams export'",
    ]


def test_the_same_team_twice_is_told() -> None:
    assert read(["Nga Sơn", "Tổ 3"], ["Thọ Xuân", "Tổ 3"], ["16093", "TỔ 3"]) == [
        "4,2: 'TỔ 3' đã có ở hàng 2; hãy xóa bớt một hàng"
    ]
    assert read(["Nga Sơn", "Tổ 3", "sen vang 27"], ["Nga Sơn", "Tổ 4", "SENVANG27"]) == [
        "3,3: 'sen vang 27' đã có ở hàng 2; hãy xóa bớt một hàng"
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [],
            [
                "1,1: hàng đầu thiếu tên cột 'Xã, phường'; hãy thêm vào",
                "1,1: hàng đầu thiếu tên cột 'Tên tổ'; hãy thêm vào",
            ],
        ),
        ([["Xã", "Tên tổ", "Tỏ"]], ["1,3: có hai cột 'Tỏ'; hãy xóa bớt một cột"]),
        ([["Xã", "Tên tổ", "Mãa"]], ["1,3: không có cột nào tên 'Mãa'; có phải ý là 'Mã' không?"]),
        ([["Xã", "Tên tổ"]], ["2,1: chưa có tổ nào; mỗi hàng ghi một tổ"]),
    ],
)
def test_the_first_row_must_name_the_columns(rows: list[list[Cell]], told: list[str]) -> None:
    found = read_teams(rows, THANH_HOA)
    assert [f"{each.row},{each.column}: {each.told.vi}" for each in found if isinstance(each, Fault)] == told


SEN, MAI = Kept("sen-vang-27", "16093", "Tổ 3"), Kept("mai-tim-11", "16093", "Tổ 4")


def test_a_new_team_gets_a_code_and_the_same_list_again_changes_nothing() -> None:
    wanted = [Wanted(2, "16093", "Tổ thôn 3"), Wanted(3, "14797", "Tổ phố 2", "sen-vang-27")]
    made = changed(wanted, [])
    assert made == [Kept("mai-moi-52", "16093", "Tổ thôn 3"), Kept("sen-vang-27", "14797", "Tổ phố 2")]
    assert plan(wanted, made) == []


def test_a_code_wanted_further_down_is_given_to_nobody_else() -> None:
    made = changed([Wanted(2, "16093", "Tổ thôn 3"), Wanted(3, "14797", "Tổ phố 2", "mai-moi-52")], [])
    assert made[0].code != "mai-moi-52" == made[1].code


def test_by_its_code_a_team_is_renamed_or_moved() -> None:
    assert changed([Wanted(2, "14797", "Tổ Ba", "sen-vang-27")], [SEN, MAI]) == [Kept("sen-vang-27", "14797", "Tổ Ba")]


def test_teams_end_and_come_back() -> None:
    ended = SEN._replace(ended=True)
    assert plan([Wanted(2, "16093", "Tổ 3", ended=True)], [SEN]) == [Change("ended", SEN, ended)]
    assert plan([Wanted(2, "16093", "tổ 3")], [ended]) == [Change("reopened", ended, SEN._replace(name="tổ 3"))]


def test_only_with_whole_does_what_is_missing_end_and_only_in_communes_of_the_list() -> None:
    far = Kept("lan-dep-65", "15499", "Tổ 10")
    wanted = [Wanted(2, "16093", "Tổ 3")]
    assert changed(wanted, [SEN, MAI, far]) == []
    assert changed(wanted, [SEN, MAI, far], whole=True) == [MAI._replace(ended=True)]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (
            [Wanted(2, "16093", "Tổ 4", "sen-vang-27")],
            "2,1: xã, phường này đã có tổ 'Tổ 4', mã mai tim 11; hãy ghi mã đó, hoặc chọn tên khác",
        ),
        (
            [Wanted(2, "16093", "Tổ 3"), Wanted(3, "14797", "Tổ 9", "sen-vang-27")],
            "3,1: hàng này và một hàng khác cùng chỉ tổ 'Tổ 3'; hãy xóa bớt một hàng, hoặc xóa mã ở hàng này",
        ),
    ],
)
def test_two_teams_never_become_one(wanted: list[Wanted], told: str) -> None:
    found = plan(wanted, [SEN, MAI])
    assert [f"{each.row},{each.column}: {each.told.vi}" for each in found if isinstance(each, Fault)] == [told]


def test_two_teams_may_swap_their_names() -> None:
    wanted = [Wanted(2, "16093", "Tổ 4", "sen-vang-27"), Wanted(3, "16093", "Tổ 3", "mai-tim-11")]
    assert changed(wanted, [SEN, MAI]) == [SEN._replace(name="Tổ 4"), MAI._replace(name="Tổ 3")]


NAMES = st.sampled_from(["Tổ 1", "Tổ 2", "Tổ 3", "tổ 1"])
COMMUNES = st.sampled_from(["16093", "14797"])
LISTS = st.lists(
    st.tuples(COMMUNES, NAMES, st.sampled_from(["", "sen-vang-27", "mai-tim-11"]), st.booleans()), max_size=5
)


@given(st.lists(LISTS, max_size=4), st.booleans())
def test_whatever_lists_come_codes_stay_unique_and_again_changes_nothing(
    lists: list[list[tuple[str, str, str, bool]]], whole: bool
) -> None:
    kept: dict[str, Kept] = {}
    for rows in lists:
        head: list[Cell] = list(HEAD)
        found = read_teams([head, *([c, n, code, "x" * e] for c, n, code, e in rows)], THANH_HOA)
        wanted = [each for each in found if isinstance(each, Wanted)]
        before = dict(kept)
        changes = plan(wanted, list(kept.values()), whole=whole)
        kept |= {each.after.code: each.after for each in changes if isinstance(each, Change)}
        assert kept.keys() >= before.keys()
        assert len({(each.commune, each.name.casefold()) for each in kept.values()}) == len(kept)
        if any(isinstance(each, Fault) for each in changes):
            assert kept == before
        else:
            assert plan(wanted, list(kept.values()), whole=whole) == []


def test_what_is_written_reads_back_the_same() -> None:
    kept = [SEN, MAI._replace(ended=True), Kept("lan-dep-65", "15724", "Tổ 10")]
    for lang in ("vi", "en"):
        wanted = [each for each in read_teams(rows_of(kept, THANH_HOA, lang), THANH_HOA) if isinstance(each, Wanted)]
        assert [Kept(each.code, each.commune, each.name, each.ended) for each in wanted] == kept


def test_teams_stand_in_the_order_people_count() -> None:
    names = ["Tổ 10", "Tổ 9", "Tổ An", "Tổ"]
    teams = teams_of([Kept("a", "16093", name) for name in names] + [Kept("b", "99001", "Tổ mẫu")], THANH_HOA)
    assert [each.said() for each in teams.all][-2:] == ["Tổ 10, xã Nga Sơn", "Tổ mẫu, xã 99001"]
