"""What is written under an account and under a learner's id, as the store keeps it."""

from collections.abc import Iterable

import msgspec

from bot.core.merge import Far, brought, merge
from bot.core.saving import Save
from bot.core.signpost import Own, decode_value, encode_value
from bot.core.turn import Entry, Moment, Record

DAY = 24 * 3600  # seconds for which is kept what nobody agreed to, or what is done with

change = msgspec.structs.replace


def own_of(value: bytes) -> Own | None:
    """Return what lies under a learner's id; None for nothing. Raises msgspec.DecodeError for another kind of value."""
    own = decode_value(value) if value else None
    if own is not None and not isinstance(own, Own):
        raise msgspec.DecodeError("under a learner's id lies another kind of value")
    return own


def merged(  # noqa: PLR0913, PLR0917  two learners and a moment
    gone: str, his: Own, save: Save, own: Own, far: Far, now: Moment, mark: int | None
) -> Save:
    """Return the save that adds what one learner has to another's value."""
    progress = merge(own.progress, his.progress, far)
    seen = progress.seen if mark is None else (*progress.seen, mark)
    progress = change(progress, turns=progress.turns + 1, aside="", seen=seen)
    origins = tuple(dict.fromkeys((*own.origins, *his.origins, gone)))
    both = change(own, accounts={**his.accounts, **own.accounts}, origins=origins, progress=progress)
    expires = None if progress.agreed else DAY
    return change(
        save, value=encode_value(both), record=entry_of(progress.turns, now, brought(progress)), expires=expires
    )


def entry_of(turn: int, now: Moment, records: Iterable[Record]) -> bytes:
    """Return the journal's entry of a turn; empty where there is nothing to tell."""
    told = tuple(records)
    return msgspec.msgpack.encode(Entry(turn, now.minute, now.day, told)) if told else b""
