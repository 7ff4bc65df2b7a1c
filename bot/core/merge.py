"""Two people's progress as one: what somebody did on two accounts, who is told to be the same.

Loses nothing. `merge` is commutative, associative and idempotent, so that neither who joined whom, nor in which
order, nor how often, makes a difference.
"""

from collections.abc import Callable, Iterable

import msgspec

from bot.core.join_code import code_of
from bot.core.progress import SETTINGS, Also, Done, Progress, Spot
from bot.core.signpost import Own
from bot.core.turn import Record

SEEN = 6  # updates remembered of both; the next turn leaves the usual number

Far = Callable[[str, str], int]  # lesson and step -> how far into the lesson that is


def merge(one: Progress, other: Progress, far: Far = lambda _lesson, _step: 0) -> Progress:
    """Return both as one learner, who stands where they were last.

    Settings and the view are the later one's. Of a lesson that both have open the farther place stays, of one
    that both finished the best score and the last day. Consent is the earlier one's. More lessons may stand
    open than usual; the oldest give way when another is begun.
    """
    if one == other:
        return one
    later = max(one, other, key=_latest)
    spots = {key: _farther(key, far, one, other) for key in one.spots.keys() | other.spots.keys()}
    done = {key: _best(key, one, other) for key in one.done.keys() | other.done.keys()}
    order = sorted(spots, key=lambda key: (key == later.lesson, key))
    return msgspec.structs.replace(
        later,
        turns=max(one.turns, other.turns),
        seen=tuple(sorted({*one.seen, *other.seen}))[-SEEN:],
        agreed=min((each.agreed for each in (one, other) if each.agreed), default=0),
        aside="",
        note=(),
        spots={key: spots[key] for key in order},
        done={key: done[key] for key in sorted(done)},
        away=one.away and other.away,
        also=_also(later.called, one, other),
        order=0,  # accounts count their updates each by itself (`signpost.Own.accounts`)
        shown=0,
    )


def _also(called: str, *both: Progress) -> Also | None:
    """Return the later badge (they grow with time), the name for the team that stays; nobody sits beside."""
    badge = max(each.badge for each in both)
    asked = max(each.also.asked if each.also else 0 for each in both)
    also = Also(badge, called, asked=asked)
    return None if also == Also() else also


def _latest(progress: Progress) -> tuple[object, ...]:
    """Order by time, then by all that is taken over whole: so nothing hangs on which of the two comes first."""
    return (
        progress.agreed > 0,
        progress.minute,
        progress.place,
        progress.lesson,
        progress.lang,
        progress.address,
        progress.path,
        progress.team,
        progress.called,
        progress.listens,
        progress.slow,
        progress.saver,
        progress.version,
    )


def _farther(key: str, far: Far, *both: Progress) -> Spot:
    def how(spot: Spot) -> tuple[object, ...]:
        return far(key, spot.step), spot.asked, spot.right, spot.tries, spot.step, spot.line

    return max((each.spots[key] for each in both if key in each.spots), key=how)


def _best(key: str, *both: Progress) -> Done:
    found = [each.done[key] for each in both if key in each.done]
    right, asked = max((done.right, done.asked) for done in found)
    return Done(max(done.day for done in found), right, asked)


def given_up(own: Own, into: str) -> tuple[Own, tuple[Record, ...]]:
    """Return a learner's value closed because they come to be another (`into`; empty: they don't), and what tells it.

    Nothing else under their own id does, and an account that does may be struck from the records one day.
    """
    turns = own.progress.turns + 1
    progress = msgspec.structs.replace(own.progress, turns=turns, note=())  # which may hold the code
    told = (Record("closed", choice=into),) if progress.agreed else ()
    return msgspec.structs.replace(own, into=into, progress=progress), told


def brought(progress: Progress) -> tuple[Record, ...]:
    """Return the records that tell a whole progress, for the journal of a learner who comes to live under an id."""
    return tuple(_brought(progress)) if progress.agreed else ()


def _brought(progress: Progress) -> Iterable[Record]:
    yield Record("joined", choice=str(progress.agreed))
    values = {
        "address": progress.address,
        "language": progress.lang,
        "manner": "listen" if progress.listens else "read",
        "slow": "yes" if progress.slow else "no",
        "saver": "yes" if progress.saver else "no",
        "path": progress.path,
        "team": code_of(progress.team),
    }
    assert values.keys() == SETTINGS  # noqa: S101  each has to be told
    for setting, value in values.items():
        yield Record(setting, choice=value)
    if progress.badge:
        yield Record("badge", choice=str(progress.badge))
    if progress.called:
        yield Record("named", choice=progress.called)
    for key, done in progress.done.items():
        yield Record("brought", key, choice=f"{done.day}.{done.right}.{done.asked}")
    for key, spot in progress.spots.items():
        yield Record("brought", key, spot.step, f"{spot.tries}.{spot.right}.{spot.asked}.{spot.line}")
    if progress.spot:
        yield Record("resumed", progress.lesson, progress.spot.step)


def add_brought(progress: Progress, record: Record) -> Progress:
    """Return the progress with what one record of `brought` tells; the first of them begins anew."""
    change = msgspec.structs.replace
    if record.kind == "joined":
        return Progress(turns=progress.turns, minute=progress.minute, agreed=int(record.choice))
    if not record.step:
        day, right, asked = map(int, record.choice.split("."))
        return change(progress, done={**progress.done, record.lesson: Done(day, right, asked)})
    tries, score, of, line = record.choice.split(".", 3)
    spot = Spot(record.step, line, int(tries), int(score), int(of))
    return change(progress, spots={**progress.spots, record.lesson: spot})
