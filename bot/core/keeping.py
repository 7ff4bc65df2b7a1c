"""Which old records are kept when others are pruned: those without which a figure of all time would fall."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.core.persons import SEATS
from bot.core.tally import AT_STEP, ended
from bot.core.turn import Record


class Old(NamedTuple):
    """A record of one learner, with what it is known by."""

    turn: int
    place: int
    day: int
    record: Record


def kept(told: Iterable[Old]) -> set[tuple[int, int]]:
    """Return the turns and places of the records that are kept, of one learner's, in the order of their turns.

    Kept are: who learns on which account; of a lesson its first end; of a question the latest first try that was
    made without a helper, whatever question decides by then; of a lesson without an end the steps come to.
    """
    seats: set[tuple[int, int]] = set()
    ends: dict[str, tuple[int, int, int]] = {}
    tries: dict[tuple[str, str], tuple[int, int]] = {}
    steps: dict[tuple[str, str], tuple[int, int]] = {}
    for turn, place, day, record in told:
        at = turn, place
        over = ended(record, day)
        if record.kind in SEATS:
            seats.add(at)
        elif over is not None:
            ends[record.lesson] = min(ends.get(record.lesson, (over, *at)), (over, *at))
        elif record.kind == "answered" and record.first and not record.assisted:
            tries[record.lesson, record.step] = at
        elif record.kind in AT_STEP:
            steps.setdefault((record.lesson, record.step), at)
    open_steps = {at for (lesson, _), at in steps.items() if lesson not in ends}
    return seats | {(turn, place) for _, turn, place in ends.values()} | set(tries.values()) | open_steps
