"""A walk through a lesson that stands in an address: who walks, where they came in, and what they tapped since."""

import datetime as dt
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bot.core.lesson import Lesson
from bot.core.library import FIRST, Library
from bot.core.progress import Spot
from bot.core.talk import take_turn
from bot.core.talk_example import KINDS, MAX_TURNS, Kind, arriving
from bot.core.turn import Moment, Opened, Reply, Tapped


@dataclass(frozen=True, slots=True)
class Where:
    """The path of a walk's pages; what the learner's language is called in their addresses; what else stands there."""

    path: str
    lang: str = "lang"
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """What an address asks for."""

    where: Where
    kind: Kind = "reading"
    lang: str = FIRST
    step: str = ""  # where they came in; empty: at the first
    taps: tuple[str, ...] = ()  # codes of buttons

    @classmethod
    def asked(cls, query: QueryParams, library: Library, lesson: Lesson, where: Where) -> "Walk":
        """Read an address; what makes no sense in it counts as left out."""
        kind: Kind = next((each for each in KINDS if each == query.get("as")), "reading")
        lang, step = query.get(where.lang, FIRST), query.get("from", "")
        return cls(
            where,
            kind,
            lang if lang in library.phrases else FIRST,
            step if step in lesson.index else "",
            tuple(query.getlist("tap")[:MAX_TURNS]),
        )

    @property
    def address(self) -> str:
        """The address that asks for this."""
        where = self.where
        named = [*where.more, ("as", self.kind), (where.lang, self.lang), *([("from", self.step)] if self.step else [])]
        return f"{where.path}?{urlencode([*named, *(('tap', code) for code in self.taps)])}"

    @property
    def ends(self) -> bool:
        """Whether it ends here, lest its address grows too long."""
        return len(self.taps) == MAX_TURNS

    def tapping(self, code: str) -> "Walk":
        """Return this walk, and one tap more."""
        return replace(self, taps=(*self.taps, code))


@dataclass(frozen=True, slots=True)
class Walked:
    """Where a walk leads: as far as it could be walked."""

    walk: Walk
    reply: Reply
    spot: Spot | None  # none outside the lesson
    lost: bool  # whether something was tapped that isn't there any more


def walked(walk: Walk, library: Library, lesson: Lesson, at: dt.datetime) -> Walked:
    """Take all turns of a walk."""
    now = Moment(at)
    turn = take_turn(library, arriving(lesson, walk.kind, walk.lang, walk.step or None, now), Opened(lesson.key), now)
    done = replace(walk, taps=())
    for code in walk.taps:
        if code not in {button.code for button in turn.reply.buttons}:
            break
        turn = take_turn(library, turn.progress, Tapped(turn.reply.turn, code), now)
        done = done.tapping(code)
    spot = turn.progress.spot if turn.progress.place == "lesson" else None
    return Walked(done, turn.reply, spot, lost=done != walk)
