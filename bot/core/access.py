"""Who of the office may see what: every page and every export asks `seen_by`, and nothing else decides.

An area is `all`, a commune's code such as `14845`, or a group of a commune such as `14845.3`. A person has
one area; officials and helpers see what lies in it, others see all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Role = Literal["helper", "editor", "official", "operator", "volunteer"]
Reach = Literal["all", "own"]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
ALL: Final = "all"
BOUND: Final[frozenset[Role]] = frozenset({"helper", "official"})  # roles that need an area
_area = re.compile(r"all|[0-9]{5}(\.[1-9][0-9]{0,8})?")
_group = re.compile(r"[0-9]{5}\.[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the office who has signed in."""

    number: int
    name: str
    role: Role
    area: str = ALL


class Refused(Exception):
    """They may not see it, or there is no such thing: nobody is told which."""


class SignInFirst(Exception):
    """Nobody has signed in."""


_STAFF: Final[Mapping[Role, Reach]] = {"helper": "own", "editor": "all", "official": "own", "operator": "all"}
# Volunteers read in the chat; here they see nothing but their own account.
_EVERYBODY: Final[Mapping[Role, Reach]] = {**_STAFF, "volunteer": "all"}
_FIGURES: Final[Mapping[Role, Reach]] = {"editor": "all", "official": "own", "operator": "all"}
_WRITERS: Final[Mapping[Role, Reach]] = {"editor": "all", "operator": "all"}
_OPERATORS: Final[Mapping[Role, Reach]] = {"operator": "all"}

# What may be opened without having signed in: the ways of signing in.
OPEN: Final = frozenset({"sign in", "link", "key begun", "key used"})

# Who may see each page, and of which areas. A page that stands nowhere here is refused to everybody.
RULES: Final[Mapping[str, Mapping[Role, Reach]]] = {
    "home": _EVERYBODY,
    # Sums, in which few people are hidden: nobody in them can be told.
    "figures": _STAFF,
    "figures exported": _STAFF,
    "month exported": _FIGURES,
    "lessons": _FIGURES,
    "lessons exported": _FIGURES,
    "lesson": _FIGURES,
    "lesson exported": _FIGURES,
    # What is taught: whoever may write one lesson may write all.
    "editor": _WRITERS,
    "editor new": _WRITERS,
    "editor text": _WRITERS,
    "editor checked": _WRITERS,
    "editor publishing": _WRITERS,
    "editor thrown away": _WRITERS,
    "editor history": _WRITERS,
    "editor compared": _WRITERS,
    "editor restored": _WRITERS,
    "editor merging": _WRITERS,
    "editor preview": _WRITERS,
    # Volunteers' readings, before and after learners hear them.
    "voices": _WRITERS,
    "voice": _WRITERS,
    "voice heard": _WRITERS,
    # What tells of people. Of learners there is this one page, and it is not for operators either: whoever isn't
    # there to help somebody has no need to know who they are. Whoever opens it is written down.
    "group": {"helper": "own"},
    "people": _OPERATORS,
    "audit": _OPERATORS,
    # What concerns nobody but themselves.
    "account": _EVERYBODY,
    "sign out": _EVERYBODY,
    "sign out everywhere": _EVERYBODY,
    "key wanted": _EVERYBODY,
    "key made": _EVERYBODY,
    "key removed": _EVERYBODY,
}


def seen_by(person: Person | None, page: str, area: str = "") -> str:
    """Return the area of which `person` sees `page`: the one asked for, or else the widest they may see.

    Raises SignInFirst for nobody, Refused for whoever may not see it.
    """
    if page in OPEN:
        return ""
    if person is None:
        raise SignInFirst
    reach = RULES.get(page, {}).get(person.role)
    if reach is None:
        raise Refused
    own = ALL if reach == "all" else person.area
    wanted = area or own
    if not (is_area(own) and is_area(wanted) and within(wanted, own)):
        raise Refused
    return wanted


def may(person: Person, page: str, area: str = "") -> bool:
    """Whether `person` may see `page`: for leaving out links that lead nowhere."""
    try:
        seen_by(person, page, area)
    except Refused:
        return False
    return True


def within(area: str, other: str) -> bool:
    """Whether an area lies in another, or is the same."""
    return other in {ALL, area} or area.startswith(f"{other}.")


def is_area(text: str) -> bool:
    """Whether this is the code of an area."""
    return _area.fullmatch(text) is not None


def fits(role: Role, area: str) -> str:
    """Return the sentence why someone of this role can't have this area, or ""."""
    if role not in BOUND:
        return "" if area == ALL else f"{role}: this role sees everything, so it takes no --area."
    if role == "helper" and not _group.fullmatch(area):
        return (
            f"--area {area or '(none)'}: a helper's area is a group: its code for joining such as sen-vang-27, its "
            "name, or its number such as 14845.3 (commune, dot, group)."
        )
    if not is_area(area):
        return (
            f"--area {area or '(none)'}: an official's area is a commune's name or code of five digits such as 14845, "
            "a group such as sen-vang-27 or 14845.3, or all for the whole province."
        )
    return ""
