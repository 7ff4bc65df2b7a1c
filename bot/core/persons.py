"""People, each once, where an account and its learner aren't one and the same: who came to be whom.

The records know an account, and whoever has an id of their own, each by a number. What somebody did on several
accounts, before and after these were joined, is one person's; docs/decisions/0017 says why it is told here.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

import msgspec

from bot.core.rebuild import seats
from bot.core.tally import Learner, Row
from bot.core.turn import Entry, Record

SEATS: Final = (
    "seated",
    "left",
    "became",
    "closed",
)  # kinds of records that tell who learns where, or is another by now


class Persons(NamedTuple):
    """Who came to be whom, by numbers."""

    now: Mapping[int, int]  # of whom -> of the one who has what they did; who isn't here is nobody else
    on: Mapping[int, int]  # of one with an id -> of the account where they first sat
    ids: frozenset[int]  # all who have an id
    accounts: frozenset[int]  # all where somebody with an id sat


def persons(told: Mapping[int, Sequence[Entry]], numbers: Mapping[str, int]) -> Persons:
    """Return who came to be whom. `told` has everybody's entries of SEATS, `numbers` those of learners' ids."""
    names = {number: name for name, number in numbers.items()}
    first: dict[int, str] = {}
    became: dict[str, str] = {}
    on: dict[int, int] = {}
    for number, entries in sorted(told.items()):
        if number in names:
            for record in (each for each in _backwards(entries) if each.kind == "closed"):
                became[names[number]] = record.choice
                break
            continue
        found = seats(entries)
        first[number] = found.first
        became = {**found.became, **became}  # what they tell themselves is the latest
        for record in _backwards(entries):
            one = numbers.get(record.step if record.kind == "became" else record.choice)
            if one is not None:
                on[one] = min(number, on.get(one, number))
    now = {number: numbers[there] for name, number in numbers.items() if (there := _last(name, became)) in numbers}
    now |= {account: numbers[there] for account, name in first.items() if (there := _last(name, became)) in numbers}
    others = {number: there for number, there in now.items() if number != there}
    return Persons(others, on, frozenset(names), frozenset(first))


def _backwards(entries: Sequence[Entry]) -> Iterable[Record]:
    return (record for entry in reversed(entries) for record in reversed(entry.records))


def each_once(learners: Iterable[Learner], rows: Iterable[Row], who: Persons) -> tuple[list[Learner], list[Row]]:
    """Return the learners as people, and what they did as theirs, in the order in which they did it.

    All of one person must be given together. Consent, path and manner are the living one's.
    """
    known = {learner.number: learner for learner in learners}
    told = _own(rows)
    did = {row.learner for row in told if row.record.lesson}
    people = {number: one for number, one in known.items() if _is_person(number, who, did)}
    before = [(known[number].came, number) for number in who.now if number in known]
    for _, number in sorted(before):
        there = who.now[number]
        if there in people:
            people[there] = _with(people[there], known[number])
    for number, account in who.on.items():
        if number in people and account in known and not people[number].channel:
            people[number] = msgspec.structs.replace(people[number], channel=known[account].channel)
    theirs = [(who.now.get(row.learner, row.learner), row.minute, row.turn, row.learner, row) for row in told]
    theirs.sort(key=itemgetter(0, 1, 2, 3))
    return list(people.values()), [msgspec.structs.replace(row, learner=one) for one, *_, row in theirs]


def _last(name: str, became: Mapping[str, str]) -> str:
    for _ in range(len(became)):
        if not became.get(name):
            break
        name = became[name]
    return name


def _is_person(number: int, who: Persons, did: set[int]) -> bool:
    """Whether this is somebody. An account where others sit is nobody, but for what was done there before."""
    return number not in who.now and (number not in who.accounts or number in did)


def _with(one: Learner, earlier: Learner) -> Learner:
    """Return someone with the channel of an account, or an id, that they had before; their team is the living one's."""
    return msgspec.structs.replace(one, channel=one.channel or earlier.channel)


def _own(rows: Iterable[Row]) -> list[Row]:
    """Leave out what isn't done, but told again in the turn of joining: where they stand."""
    told = list(rows)
    joined = {(row.learner, row.turn) for row in told if row.record.kind == "joined"}
    return [row for row in told if row.record.kind != "resumed" or (row.learner, row.turn) not in joined]
