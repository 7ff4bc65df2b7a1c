"""Somebody sits beside the learner: what they do together is marked, and the next lesson's figures know of it.

It ends when they say so, after half an hour without a turn, and at the latest with the day: nobody is marked for ever.
"""

from typing import Final

import msgspec

from bot.core.here import Here, Picked
from bot.core.progress import Progress, with_also
from bot.core.turn import Moment, Record

MINUTES: Final = 30  # without a turn, after which nobody sits there any more


def ended(progress: Progress, now: Moment) -> Progress:
    """Return the progress without whoever has left meanwhile."""
    if not progress.beside or (progress.beside == _day(now) and now.minute - progress.minute < MINUTES):
        return progress
    return with_also(progress, beside=0)


def sit(here: Here) -> Picked:
    """Let somebody sit beside the learner from now on. Their place doesn't move."""
    return Picked(with_also(here.progress, beside=_day(here.now)), notes=(here.say(here.says.beside_begins),))


def leave(here: Here) -> Picked:
    """Let the learner go on by themselves."""
    says = here.says
    note = here.say(says.beside_ends if here.progress.beside else says.beside_nobody)
    return Picked(with_also(here.progress, beside=0), notes=(note,))


def _day(now: Moment) -> int:
    """Return the day in one byte: it is compared within half an hour only."""
    return now.day % 100 + 1


def marked(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """Return what was done in a lesson as done together."""
    return tuple(msgspec.structs.replace(each, assisted=True) if each.lesson else each for each in records)
