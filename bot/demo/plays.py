"""Ways through lessons and through the welcome, played by the talk itself: what they leave in the journal.

50,000 learners would keep the talk busy for minutes. So a few of each kind play each lesson, and the others do
as one of them did: the records are the talk's own.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import msgspec

from bot.core.lesson import CHOICE_CODES, Ask, Do, Lesson
from bot.core.library import FIRST, Library
from bot.core.progress import Progress
from bot.core.talk import take_turn
from bot.core.turn import Event, Moment, Opened, Record, Reply, Tapped

KINDS: Final = (0.55, 0.75, 0.92)  # how likely each kind of learner knows an answer
VARIANTS: Final = 8  # ways through a lesson, of each kind of learner
MOST_TURNS: Final = 300
HELPED: Final = 0.5  # of those beside whom a helper sat: answer the last question with them too

_NOON: Final = Moment(dt.datetime(2026, 1, 1, 5, tzinfo=dt.UTC))

Play = Sequence[tuple[Record, ...]]  # the records of each saved turn; a turn may leave none


@dataclass(frozen=True)
class Plays:
    """All ways that were played."""

    welcomes: dict[tuple[str, str, str], Play]  # by address, manner, path ("" for none)
    lessons: dict[tuple[str, int], Sequence[Play]]  # by lesson, kind of learner

    def welcome(self, dice: Random, path: str, *, listens: bool) -> Play:
        """Return a way through the welcome."""
        manner = "listen" if listens else "read"
        return self.welcomes[dice.choice([key for key in self.welcomes if key[1:] == (manner, path)])]


def play_all(library: Library, dice: Random) -> Plays:
    """Play the welcome in each way, and each lesson in some."""
    paths = ["", *(path[FIRST].id for path in library.paths if path[FIRST].offered)]
    addresses = [button.code for button in _Game(library).tap("agree").buttons]
    welcomes = {
        (address, manner, path): _welcome(library, address, manner, path)
        for address in addresses
        for manner in ("read", "listen")
        for path in paths
    }
    lessons: dict[tuple[str, int], Sequence[Play]] = {
        (key, kind): [_lesson(library, key, knows, dice) for _ in range(VARIANTS)]
        for key in library.order
        for kind, knows in enumerate(KINDS)
    }
    return Plays(welcomes, lessons)


def helped(play: Play, dice: Random) -> Play:
    """Return the same way with a helper beside the learner; perhaps they answer the last question alone."""
    answers = [at for at, records in enumerate(play) if any(record.kind == "answered" for record in records)]
    alone_from = answers[-1] if answers and dice.random() > HELPED else len(play)
    return [
        tuple(msgspec.structs.replace(record, assisted=True) for record in records) if at < alone_from else records
        for at, records in enumerate(play)
    ]


class _Game:
    """A learner at the talk."""

    def __init__(self, library: Library, progress: Progress | None = None) -> None:
        self.library = library
        self.progress = progress or Progress()
        self.play: list[tuple[Record, ...]] = []
        self.reply = self.do(Opened())
        self.play.clear()

    def do(self, event: Event) -> Reply:
        turn = take_turn(self.library, self.progress, event, _NOON)
        if turn.progress is not self.progress:
            self.play.append(turn.records)
        self.progress, self.reply = turn.progress, turn.reply
        return turn.reply

    def tap(self, code: str) -> Reply:
        return self.do(Tapped(self.progress.turns, code))


def _welcome(library: Library, address: str, manner: str, path: str) -> Play:
    game = _Game(library)
    for code in ("agree", address, manner):
        game.tap(code)
    if game.progress.place == "paths":
        game.tap(path or "later")
    return game.play


def _lesson(library: Library, key: str, knows: float, dice: Random) -> Play:
    game = _Game(library, Progress(turns=1, agreed=_NOON.day, place="menu"))
    game.do(Opened(key))
    lesson = library.lessons[key][FIRST]
    while game.progress.spot and len(game.play) < MOST_TURNS:
        game.tap(_choose(lesson, game, knows, dice))
    return game.play


def _choose(lesson: Lesson, game: _Game, knows: float, dice: Random) -> str:
    spot = game.progress.spot
    step = lesson.steps[lesson.index[spot.step]] if spot else None
    codes = [button.code for button in game.reply.buttons]
    lucky = dice.random()
    if isinstance(step, Ask) and lucky < knows:
        return CHOICE_CODES[next(at for at, choice in enumerate(step.choices) if choice.right)]
    if isinstance(step, Do):
        if lucky < knows:
            return "done"
        return dice.choice([code for code in codes if code != "done"])
    return dice.choice(codes)
