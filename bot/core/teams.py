"""Teams: the community groups of a commune that learners join."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bot.core.alphabet import in_order
from bot.core.fold import fold
from bot.core.join_code import number_of, read_code
from bot.core.places import Commune, Province

LINK = "to_"  # how a link's text to a team begins
_LEADS = {("to",), ("ma",), ("ma", "to"), ("vao", "to"), ("nhom",), ("team",), ("code",), ("join",)}
_LONGEST = 40  # characters that `to sen vang 27` may have
_LOOKS_SO = 4  # letters before the digits of what looks like a code


class Kept(NamedTuple):
    """What is kept of a team. The code never changes, and no other team ever gets it."""

    code: str
    commune: str  # its code
    name: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """One team."""

    code: str
    commune: Commune
    name: str
    ended: bool = False

    @property
    def number(self) -> int:
        """What a learner's progress keeps of it."""
        return number_of(self.code)

    def said(self, lang: str = "vi") -> str:
        """Return it as it is said: `Tổ thôn 3, xã Nga Sơn`."""
        return f"{self.name}, {self.commune.said(lang)}"


@dataclass(frozen=True)
class Teams:
    """All teams there are, and were."""

    all: tuple[Team, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Team]:
        """The teams by their codes."""
        return {each.code: each for each in self.all}

    @cached_property
    def by_number(self) -> Mapping[int, Team]:
        """The teams by their numbers."""
        return {each.number: each for each in self.all}

    def open(self, code: str) -> Team | None:
        """Return the team that can be joined by a code."""
        found = self.by_code.get(code)
        return None if found is None or found.ended else found


NO_TEAMS = Teams()


def teams_of(kept: Iterable[Kept], province: Province) -> Teams:
    """Return the teams in the order of their communes, then of their names as people read them."""
    teams = (Team(code, _commune(code_of, province), name, ended) for code, code_of, name, ended in kept)
    return Teams(tuple(sorted(teams, key=lambda each: (each.commune.code, in_order(each.name)))))


def _commune(code: str, province: Province) -> Commune:
    return province.by_code.get(code) or Commune(code, "xã", code)  # of another table than this one


def linked(text: str) -> str | None:
    """Return the code that a link's text `to_…` holds, as far as it is one; None for other texts."""
    return read_code(text.removeprefix(LINK)) if text.startswith(LINK) else None


def typed_code(text: str) -> str:
    """Return the code in `tổ sen vàng 27`, or in the code alone; the empty text if there is none."""
    if len(text) > _LONGEST or not any(each.isdecimal() for each in text):
        return ""
    typed = fold(text)
    rests = [typed.part(size, len(typed.letters)) for size in (0, 1, 2) if not size or typed.letters[:size] in _LEADS]
    return next(filter(None, (read_code(rest.bare) for rest in rests)), "")


def looks_like_code(text: str) -> bool:
    """Whether somebody seems to have tried to type a code: `tổ sem vàng 27`."""
    if len(text) > _LONGEST:
        return False
    letters = fold(text).letters
    for size in (1, 2):
        words, digits = letters[size:-1], letters[-1:]
        if letters[:size] in _LEADS and 1 <= len(words) <= 2 and digits[0].isdecimal():  # noqa: PLR2004  a code's
            return len(digits[0]) <= 3 and sum(map(len, words)) >= _LOOKS_SO  # noqa: PLR2004  two and a slip
    return False
