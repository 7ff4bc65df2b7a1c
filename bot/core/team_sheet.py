"""Rows of a sheet -> the teams somebody wants, and what would change; or all that is wrong, each with its cell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.fold import Typed, fold
from bot.core.join_code import as_said, new_code, read_code
from bot.core.places import Province
from bot.core.problem import Phrase
from bot.core.sheet import tidy
from bot.core.sheet_faults import Fault, fault, near_names
from bot.core.sheet_reading import Cell, Formula
from bot.core.teams import Kept
from bot.core.yaml_text import invisible

MAX_ROWS = 20_000
MAX_COLUMNS = 30
LONGEST = 60  # characters of a team's name
YES = "x"

COLUMNS: Mapping[str, Phrase] = {
    "commune": Phrase("Commune", "Xã, phường"),
    "name": Phrase("Team", "Tên tổ"),
    "code": Phrase("Code", "Mã"),
    "ended": Phrase("Ended", "Đã nghỉ"),
}
_ALSO = {
    "commune": ("xa", "phuong", "xa phuong", "xa hoac phuong", "ma xa", "don vi"),
    "name": ("to", "nhom", "ten nhom", "group", "name", "to cong nghe so cong dong"),
    "code": ("ma to", "ma nhom"),
    "ended": ("ket thuc", "nghi"),
}
_PASSED_OVER = {"stt", "tt", "so thu tu", "ghi chu", "no", "note", "notes"}
_NAMES = {fold(said).bare: name for name, each in COLUMNS.items() for said in (each.en, each.vi)} | {
    said: name for name, several in _ALSO.items() for said in several
}
_YES, _NO = {YES, "co", "yes", "1", "roi", "true"}, {"khong", "no", "0", "chua", "false"}
_UNPRINTED = frozenset("*{}<>|\\")

Key = tuple[str, Typed]  # a commune and a name, however it is written


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row: a team as somebody wants it. Without `code` it is known by its commune and name."""

    row: int
    commune: str
    name: str
    code: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one team; `before` is None for a new one."""

    kind: Literal["new", "changed", "ended", "reopened"]
    before: Kept | None
    after: Kept


def known_headings(row: Sequence[str]) -> int:
    """Return how many of these cells name a column."""
    return sum(fold(each).bare in _NAMES for each in row)


def read_teams(rows: Sequence[Sequence[Cell]], province: Province) -> list[Wanted] | list[Fault]:
    """Rows, the first of which names the columns -> the teams, or all that is wrong with them."""
    faults: list[Fault] = []
    columns = _headings(rows[0] if rows else (), faults)
    wanted: list[Wanted] = []
    if not faults:
        for number, row in enumerate(rows[1:], 2):
            cells = dict(_cells(number, row, columns, faults))
            if cells and (team := _team(number, cells, columns, province, faults)):
                wanted.append(team)
        _find_twice(wanted, columns, faults)
        if not wanted and not faults:
            faults.append(
                _wrong(2, 1, "there is no team", "chưa có tổ nào", "write one in each row", "mỗi hàng ghi một tổ")
            )
    return sorted(faults) or wanted


def plan(wanted: Iterable[Wanted], kept: Sequence[Kept], *, whole: bool = False) -> list[Change] | list[Fault]:
    """Say what would change so that the teams kept are as wanted; the same again changes nothing.

    With `whole` the rows are all teams of the communes they name: others there have ended.
    """
    wanted = list(wanted)
    faults: list[Fault] = []
    by_code = {each.code: each for each in kept}
    by_key = {_key(each.commune, each.name): each for each in kept}
    asked_for = {each.code for each in wanted if each.code}
    meant: dict[str, Kept] = {}  # teams by code as they will be
    for each in wanted:
        known = by_code.get(each.code) if each.code else by_key.get(_key(each.commune, each.name))
        code = known.code if known else each.code
        if code in meant:
            faults.append(_taken(each, meant[code].name))
            continue
        code = code or new_code(each.commune, fold(each.name).bare, {*by_code, *meant, *asked_for})
        meant[code] = Kept(code, each.commune, each.name, each.ended)
    rows = {_key(each.commune, each.name): each.row for each in wanted}
    after = by_code | meant
    seen: dict[Key, str] = {}
    for code, team in sorted(after.items(), key=lambda pair: pair[0] in meant):
        key = _key(team.commune, team.name)
        if key in seen and code in meant:
            faults.append(_same_name(rows[key], team, after[seen[key]]))
        seen[key] = code
    if faults:
        return sorted(faults)
    if whole:
        communes = {each.commune for each in wanted}
        others = [team for team in kept if team.commune in communes and team.code not in meant]
        meant |= {team.code: team._replace(ended=True) for team in others}
    return [_change(by_code.get(code), team) for code, team in meant.items() if by_code.get(code) != team]


def rows_of(kept: Iterable[Kept], province: Province, lang: str) -> list[list[str]]:
    """Return teams as rows of a sheet, which `read_teams` reads back the same."""
    rows = [[each.said(lang) for each in COLUMNS.values()]]
    for each in kept:
        commune = province.by_code.get(each.commune)
        rows.append(
            [commune.said() if commune else each.commune, each.name, as_said(each.code), YES if each.ended else ""]
        )
    return rows


def _key(commune: str, name: str) -> Key:
    return commune, fold(name)


def _change(before: Kept | None, after: Kept) -> Change:
    if before is None:
        return Change("new", None, after)
    if before.ended != after.ended:
        return Change("ended" if after.ended else "reopened", before, after)
    return Change("changed", before, after)


def _headings(row: Sequence[Cell], faults: list[Fault]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, cell in enumerate(row, 1):
        said = tidy(str(cell or ""))
        name = _NAMES.get(fold(said).bare)
        if name in columns:
            faults.append(fault(1, column, "heading-twice", said=said))
        elif name:
            columns[name] = column
        elif said and fold(said).bare not in _PASSED_OVER:
            faults.append(fault(1, column, "no-such-column", said=said, near=near_names(said, COLUMNS.values())))
    faults += [fault(1, 1, "no-heading", name=COLUMNS[name]) for name in ("commune", "name") if name not in columns]
    return columns


def _cells(
    number: int, row: Sequence[Cell], columns: Mapping[str, int], faults: list[Fault]
) -> Iterator[tuple[str, str]]:
    for name, column in columns.items():
        cell = row[column - 1] if column <= len(row) else None
        text = "" if cell is None else tidy(f"{cell:g}" if isinstance(cell, float) else str(cell))
        hidden = invisible(text)
        if isinstance(cell, Formula):
            faults.append(fault(number, column, "formula", said=text))
        elif hidden:
            faults.append(fault(number, column, "invisible", said=hidden[1]))
        elif text:
            yield name, text


def _team(
    number: int, cells: Mapping[str, str], columns: Mapping[str, int], province: Province, faults: list[Fault]
) -> Wanted | None:
    before = len(faults)
    for name in ("commune", "name"):
        wrong = any((each.row, each.column) == (number, columns[name]) for each in faults)
        if name not in cells and not wrong:
            faults.append(fault(number, columns[name], "no-cell", name=COLUMNS[name]))
    commune = _commune(number, cells.get("commune", ""), columns["commune"], province, faults)
    name = cells.get("name", "")
    if name and (why := _unfit(name)):
        faults.append(_wrong(number, columns["name"], f"'{name}' {why.en}", f"'{name}' {why.vi}", *_NAME_SO))
    code = _code(number, cells.get("code", ""), columns.get("code", 0), faults)
    ended = fold(cells.get("ended", "")).bare
    if ended and ended not in _YES | _NO:
        said = cells["ended"]
        faults.append(
            _wrong(
                number,
                columns["ended"],
                f"'{said}' is neither yes nor no",
                f"'{said}' không rõ là đã nghỉ hay chưa",
                f"put an {YES} where the team has ended, else nothing",
                f"tổ đã nghỉ thì ghi {YES}, không thì để trống",
            )
        )
    if len(faults) > before or not name:
        return None
    return Wanted(number, commune, name, code, ended in _YES)


_NAME_SO = ("a name like 'Tổ thôn 3' can be printed and said aloud", "tên như 'Tổ thôn 3' thì in được và đọc được")


def _unfit(name: str) -> Phrase | None:
    if not any(each.isalpha() for each in name):
        return Phrase("is no name", "chưa phải là tên")
    if len(name) > LONGEST:
        return Phrase(f"has {len(name)} characters of {LONGEST}", f"dài {len(name)} ký tự, nhiều nhất {LONGEST}")
    if "\n" in name or not _UNPRINTED.isdisjoint(name):
        signs = " ".join(sorted(_UNPRINTED))
        return Phrase(f"has a line break or one of {signs}", f"có xuống dòng hoặc một trong các dấu {signs}")
    return None


def _commune(number: int, text: str, column: int, province: Province, faults: list[Fault]) -> str:
    found = province.find(text) if text else ()
    if len(found) == 1:
        return found[0].code
    where = province.itself.name
    if found:
        several = ", ".join(f"{each.said()} ({each.code})" for each in found)
        faults.append(
            _wrong(
                number,
                column,
                f"'{text}' may be {several}",
                f"'{text}' có thể là {several}",
                "write its marks or its code",
                "hãy ghi đủ dấu hoặc ghi mã",
            )
        )
    elif text:
        near = province.nearest(text)
        faults.append(
            _wrong(
                number,
                column,
                f"there is no commune '{text}' in {where}",
                f"{where} không có xã, phường '{text}'",
                f"did you mean '{near.said()}' ({near.code})?" if near else "write its name or code of 2025",
                f"có phải ý là '{near.said()}' ({near.code}) không?" if near else "hãy ghi tên hoặc mã từ năm 2025",
            )
        )
    return ""


def _code(number: int, text: str, column: int, faults: list[Fault]) -> str:
    code = read_code(text) if text else ""
    if text and not code:
        faults.append(
            _wrong(
                number,
                column,
                f"'{text}' is no code of a team",
                f"'{text}' không phải mã tổ",
                "leave it empty, and a new team gets one; or copy it from 'hocso teams export'",
                "hãy để trống, tổ mới sẽ có mã; hoặc chép từ 'hocso teams export'",
            )
        )
    return code


def _find_twice(wanted: Iterable[Wanted], columns: Mapping[str, int], faults: list[Fault]) -> None:
    names: dict[Key, int] = {}
    codes: dict[str, int] = {}
    for each in wanted:
        first = names.setdefault(_key(each.commune, each.name), each.row)
        if first != each.row:
            faults.append(_again(each, columns["name"], each.name, first))
        elif each.code and (first := codes.setdefault(each.code, each.row)) != each.row:
            faults.append(_again(each, columns["code"], as_said(each.code), first))


def _again(each: Wanted, column: int, said: str, first: int) -> Fault:
    return _wrong(
        each.row,
        column,
        f"'{said}' is in row {first} already",
        f"'{said}' đã có ở hàng {first}",
        "delete one of the two rows",
        "hãy xóa bớt một hàng",
    )


def _taken(each: Wanted, name: str) -> Fault:
    return _wrong(
        each.row,
        1,
        f"this row and another both mean the team '{name}'",
        f"hàng này và một hàng khác cùng chỉ tổ '{name}'",
        "delete one of the two rows, or its code",
        "hãy xóa bớt một hàng, hoặc xóa mã ở hàng này",
    )


def _same_name(row: int, team: Kept, other: Kept) -> Fault:
    return _wrong(
        row,
        1,
        f"a team '{team.name}' is there already in this commune, with the code {as_said(other.code)}",
        f"xã, phường này đã có tổ '{team.name}', mã {as_said(other.code)}",
        "write that code, or choose another name",
        "hãy ghi mã đó, hoặc chọn tên khác",
    )


def _wrong(row: int, column: int, en: str, vi: str, cure_en: str, cure_vi: str) -> Fault:  # noqa: PLR0913, PLR0917  two sentences in two halves
    return Fault(row, column, Phrase(f"{en}; {cure_en}", f"{vi}; {cure_vi}"))
