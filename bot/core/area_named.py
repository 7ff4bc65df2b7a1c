"""What area somebody means: `all`, a commune or a group, by its code or by its name."""

from collections.abc import Iterator, Mapping

from bot.core.access import ALL, is_area
from bot.core.fold import Typed, fold
from bot.core.join_code import as_said, read_code
from bot.core.places import Province
from bot.core.problem import closest
from bot.core.teams import Kept

_EVERYWHERE = {"toan tinh", "ca tinh", "tat ca", "the whole province"}
_MOST = 6  # that are told to choose from


def area_named(text: str, province: Province, teams: Mapping[int, Kept]) -> tuple[str, str]:
    """Return the area that a text means and "", or "" and the sentence why it means none, or which it may mean.

    `teams` are all by their numbers. A group's name may have its commune behind it: `Tổ thôn 3, Nga Sơn`.
    """
    found = dict(_meant(text, province, teams))
    going = {area: said for area, said in found.items() if not _ended(area, teams)}
    if len(going) == 1:
        return next(iter(going)), ""
    if going:
        some = ", ".join(f"{said} ({area})" for area, said in list(going.items())[:_MOST])
        more = "…" if len(going) > _MOST else ""
        return "", f"{text!r} có thể là {some}{more}; hãy ghi mã trong ngoặc. (It may be any of these; write its code.)"
    if found:
        area, said = next(iter(found.items()))
        return "", f"{said} ({area}) đã nghỉ. (That group has ended.)"
    return "", f"{province.itself.name} không có xã, phường hay tổ nào là {text!r}; {_advice(text, province, teams)}"


def _meant(text: str, province: Province, teams: Mapping[int, Kept]) -> Iterator[tuple[str, str]]:
    typed = fold(text)
    itself = province.itself
    names = {fold(itself.name).bare, fold(itself.said()).bare, fold(itself.said("en")).bare}
    if text.strip() in {ALL, itself.code} or typed.bare in _EVERYWHERE | names:
        yield ALL, itself.said()
        return
    if is_area(text.strip()):
        commune, _, number = text.strip().partition(".")
        if not number and commune in province.by_code:
            yield commune, province.said(commune)
        elif number and (team := teams.get(int(number))) and team.commune == commune:
            yield text.strip(), _said(team, province)
        return
    code = read_code(text)
    for at, team in teams.items():
        if code and team.code == code:
            yield f"{team.commune}.{at}", _said(team, province)
            return
    for each in province.find(text):
        yield each.code, each.said()
    for at, team in teams.items():
        if _called(typed, team, province):
            yield f"{team.commune}.{at}", _said(team, province)


def _called(typed: Typed, team: Kept, province: Province) -> bool:
    name, commune = fold(team.name), province.by_code.get(team.commune)
    behind = [fold(""), *([fold(commune.name), fold(commune.said())] if commune else [])]
    return any(typed.may_mean(Typed(name.letters + each.letters, name.marks + each.marks)) for each in behind)


def _said(team: Kept, province: Province) -> str:
    return f"{team.name}, {province.said(team.commune)}"


def _ended(area: str, teams: Mapping[int, Kept]) -> bool:
    number = area.partition(".")[2]
    return bool(number) and teams[int(number)].ended


def _advice(text: str, province: Province, teams: Mapping[int, Kept]) -> str:
    """Return what was probably meant; of a code nothing is near."""
    if not any(each.isalpha() for each in text):
        return "`hocso teams list` kể các tổ. (There is none; `hocso teams list` shows the groups.)"
    known = {fold(each.name).bare: f"{each.said()} ({each.code})" for each in province.communes}
    for number, team in teams.items():
        if not team.ended:
            said = f"{_said(team, province)} ({team.commune}.{number})"
            names = team.name, _said(team, province), as_said(team.code)
            known |= {fold(name).bare: said for name in names}
    near = closest(fold(text).bare, known)
    if near is None:
        return "`hocso teams list` kể các tổ. (There is none; `hocso teams list` shows the groups.)"
    return f"có phải ý là {known[near]} không? (Did you mean this one?)"
