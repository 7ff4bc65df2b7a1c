"""A learner's call on its way to the helpers: what they are told of it, and nothing else about the learner."""

from typing import Final

import msgspec

from bot.core.access import Role
from bot.core.group import Standing, place
from bot.core.library import Library
from bot.core.wording import words

MINUTES: Final = 6 * 60  # after which nobody is told of a call any more: it stands in the group's list


class Call(msgspec.Struct, frozen=True, array_like=True):
    """One call. `helpers` are names, of accounts or of learners' ids, under which the helpers' progress lies."""

    minute: int
    called: str  # what the learner is called; empty: they gave no name
    lesson: str
    step: str
    helpers: tuple[str, ...]
    version: int = 1
    of: str = ""  # mark of the name under which the learner's records lie: so it goes when all of theirs does


ROLE: Final[Role] = "helper"
encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Call).decode


def over(call: Call, minute: int) -> bool:
    """Whether it is too late to tell of it."""
    return minute - call.minute >= MINUTES


def told(library: Library, call: Call, lang: str, address: str, *, again: bool) -> str:
    """Return what a helper is told, as they are addressed. `again`: they may have been told before."""
    says, slots = library.says(lang), words(lang, address)
    lesson = library.lesson(call.lesson, lang)
    at = place(library, Standing(call.lesson, call.step))
    if lesson is None:
        where = says.person_nowhere
    else:
        where = says.person_at.format_map(
            {**slots, "title": lesson.title.format_map(slots), "step": at[0] if at else 1}
        )
    name = call.called or says.somebody.format_map(slots)
    text = says.call_told.format_map({**slots, "name": name, "where": where})
    return f"{says.call_told_before.format_map(slots)} {text}" if again else text
