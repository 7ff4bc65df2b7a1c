"""Records -> progress: the journal says enough to restore every learner."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from bot.core.merge import add_brought
from bot.core.progress import OPEN, SETTINGS, Done, Progress, Spot, set_to, with_also
from bot.core.turn import Entry, Record

_NOBODY = Progress()


def rebuild(entries: Iterable[Entry], since: Progress = _NOBODY) -> Progress:
    """Return the progress that these entries of one learner (in any order, once or twice) tell of.

    `since` is what was rebuilt from earlier entries, which count no more. Restored: consent, settings, the
    place in each open lesson, what was finished, the number of turns. Not restored: a view laid over the
    lesson, and which updates were seen.
    """
    progress = since
    later = {entry.turn: entry for entry in entries if entry.turn > since.turns}
    for entry in sorted(later.values(), key=lambda entry: entry.turn):
        ended = any(record.kind in {"reached", "finished"} for record in entry.records)
        for record in entry.records:
            progress = _told(progress, record, entry, ended=ended)
        progress = msgspec.structs.replace(progress, turns=entry.turn, minute=entry.minute)
    place = "lesson" if progress.spot else "menu" if progress.agreed else "welcome"
    return msgspec.structs.replace(progress, place=place)


class Seats(NamedTuple):
    """Who learns on an account, by id, and who came to be whom there."""

    ids: tuple[str, ...]
    first: str  # for whom the journal has entries under the account's name; empty: nobody but itself ever learned there
    became: Mapping[str, str]


def seats(entries: Iterable[Entry]) -> Seats:
    """Return what the entries under an account's name (in any order, once or twice) tell of its signpost."""
    ids: list[str] = []
    first, became = "", dict[str, str]()
    later = {entry.turn: entry for entry in entries}
    for entry in sorted(later.values(), key=lambda entry: entry.turn):
        for record in entry.records:
            match record.kind:
                case "seated":
                    first = first or record.choice
                    ids.append(record.choice)
                case "left":
                    first = first or record.choice
                    ids = [each for each in ids if each != record.choice]
                case "became":
                    first = first or record.step
                    became[record.step] = record.choice
                    # Of a newcomer who joined before consent it wasn't told that they sat there.
                    ids = [
                        record.choice if each == record.step else each for each in dict.fromkeys((*ids, record.step))
                    ]
    return Seats(tuple(dict.fromkeys(ids)), first, became)


def _told(progress: Progress, record: Record, entry: Entry, *, ended: bool) -> Progress:  # noqa: PLR0911  one for each kind
    change = msgspec.structs.replace
    spots, key, kind = progress.spots, record.lesson, record.kind
    if kind in SETTINGS:
        return set_to(progress, kind, record.choice)
    if kind in {"joined", "brought"}:
        return add_brought(progress, record)
    if kind == "badge":
        return with_also(progress, badge=int(record.choice))
    if kind == "named":
        return with_also(progress, called=record.choice)
    if kind == "agreed":
        return change(progress, agreed=entry.day, lang=record.choice)
    if kind == "finished":
        return _finished(progress, key, entry)
    if kind in {"began", "resumed"}:
        spot = spots.get(key, Spot(record.step))
        kept = {**{name: each for name, each in spots.items() if name != key}, key: spot}
        most = OPEN if kind == "began" else len(kept)  # of two people's lessons that came together more may be open
        return change(progress, lesson=key, spots=dict(list(kept.items())[-most:]))
    if key in spots:
        return change(progress, spots={**spots, key: _stands(spots[key], record, ended=ended)})
    return progress


def _stands(spot: Spot, record: Record, *, ended: bool) -> Spot:
    match record.kind:
        case "answered" if ended:
            counts = bool(record.right and record.first)
            return msgspec.structs.replace(spot, right=spot.right + counts, asked=spot.asked + 1)
        case "answered" | "differed" | "stuck":
            return msgspec.structs.replace(spot, tries=spot.tries + 1)
        case "moved":
            return Spot(record.step)
        case "reached" | "led" | "altered":
            return msgspec.structs.replace(spot, step=record.step, line="", tries=0)
        case "rehearsed":
            return msgspec.structs.replace(spot, line=record.choice)
        case _:
            return spot


def _finished(progress: Progress, key: str, entry: Entry) -> Progress:
    spot = progress.spots.get(key, Spot(""))
    before = progress.done.get(key)
    done = Done(entry.day, spot.right, spot.asked)
    if before and before.right > done.right:
        done = Done(entry.day, before.right, before.asked)
    spots = {name: each for name, each in progress.spots.items() if name != key}
    return msgspec.structs.replace(progress, lesson="", spots=spots, done={**progress.done, key: done})
