"""A helper looks after their group in the chat: who is where and who is stuck, ten people at a time, stuck first.

The people come from the office as the turn's chance, are said once and kept nowhere: what can be shown again is only
which part of the list was looked at.
"""

from typing import Final

import msgspec

from bot.core import group
from bot.core.asides import back
from bot.core.here import Here, Picked, Screen
from bot.core.people import numbered
from bot.core.turn import Button, Wish

AT_ONCE: Final = 10  # people
_VIEW: Final = "group"


class Listing(msgspec.Struct, frozen=True, array_like=True):
    """A part of a group, as the office tells it: `group.Member` without whoever they are."""

    team: str  # as it is said
    many: int
    stuck: int
    people: tuple[tuple[str, int, int, str, str, tuple[group.Why, ...]], ...]


class Tending:
    """Which part of the list was said above (`of`: from, of how many), and the ways on."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        says = here.says
        start, many = _part(of)
        last = min(start + AT_ONCE, many)
        text = here.say(says.group_whole if many else says.group_empty)
        if many > AT_ONCE:
            text = here.say(says.group_part, first=start + 1, last=last, many=many)
        buttons = [Button("more", says.group_more_label)] if last < many else []
        buttons += [Button("again", says.group_again_label), Button("return", says.leave_label)]
        forward = "more" if last < many else "return"
        return Screen(text, tuple(buttons), forward=forward, backward="return")

    def pick(self, here: Here, of: str, code: str, /) -> Picked:
        start, _ = _part(of)
        match code:
            case "more":
                return tend(here, start + AT_ONCE)
            case "again":
                return tend(here)
            case _:
                return back(here)


def helps(here: Here) -> bool:
    """Whether the learner is a helper of a group."""
    member = here.member
    return member is not None and member.role == "helper"


def tend(here: Here, start: int = 0) -> Picked:
    """Say who is in the helper's group, from so many on."""
    wish = Wish("group", str(start), here.progress.badge)
    kind, _, told = here.now.chance.partition("\t")
    if kind != "group":
        why = here.says.no_office if kind == "over" else here.says.office_away
        return Picked(here.progress, notes=(here.say(why),), wish=wish)
    listing = msgspec.json.decode(told, type=Listing)
    says = here.says
    head = here.say(says.group_head, team=listing.team, many=listing.many, stuck=listing.stuck)
    lines = [_line(here, number, each) for number, each in enumerate(listing.people, start)]
    text = "\n".join((head, *(line for line, _ in lines)))
    aloud = "\n".join((head, *(line for _, line in lines)))
    progress = here.with_(aside=f"{_VIEW}:{start}.{listing.many}")
    return Picked(progress, notes=(text,), wish=wish, instead={text: aloud})


def listed(team: str, members: list[group.Member], start: int) -> str:
    """Return a part of a group's people as the desk hands it over."""
    some = members[start : start + AT_ONCE]
    people = tuple(
        (each.called, each.number, each.seen_day, each.standing.lesson, each.standing.step, each.standing.why)
        for each in some
    )
    return msgspec.json.encode(Listing(team, len(members), sum(each.stuck for each in members), people)).decode()


def _line(here: Here, place: int, person: tuple[str, int, int, str, str, tuple[group.Why, ...]]) -> tuple[str, str]:
    """Return what is shown of somebody, and what a voice says, which may not say names."""
    says = here.says
    called, number, seen_day, lesson, step, why = person
    at = group.place(here.library, group.Standing(lesson, step))
    found = here.library.lesson(lesson, here.progress.lang)
    if found is None:
        where = here.say(says.person_nowhere)
    else:
        where = here.say(says.person_at, title=here.say(found.title), step=at[0] if at else 1)
    where = f"{here.say(says.person_stuck)}, {where}" if why else where
    days = max(here.now.day - seen_day, 0)
    seen = {0: says.seen_today, 1: says.seen_yesterday}.get(days, says.seen_ago)
    seen = here.say(seen, days=days) if "{days}" in seen else here.say(seen)
    name = called or here.say(says.unnamed_person, number=number)
    return (
        f"{place + 1}. {here.say(says.person_line, name=name, where=where, seen=seen)}",
        here.say(says.person_line, name=numbered(here, place), where=where, seen=seen),
    )


def _part(of: str) -> tuple[int, int]:
    start, _, many = of.partition(".")
    return (int(start), int(many)) if start.isdecimal() and many.isdecimal() else (0, 0)
