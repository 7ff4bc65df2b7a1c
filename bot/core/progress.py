"""What is kept of one learner: one small msgpack value (design: 400 bytes after 20 lessons).

The first two fields never move: the format version, then the turn number. Stores compare them
(`saving.Save`), and `decode` looks at the version first. A new format adds a step to `_UPGRADES`.
"""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import msgspec

from bot.core.join_code import number_of

FORMAT = 1
SEEN = 3  # updates remembered, so that one delivered again is answered again
OPEN = 4  # lessons that may stand open at once; the oldest gives way

Raw = list[Any]


class Spot(msgspec.Struct, frozen=True, array_like=True):
    """Where a learner stands in a lesson."""

    step: str
    line: str = ""  # in a scene: the line's id, or `debrief`; empty before its first line
    tries: int = 0  # wrong answers, or calls for help, at this step so far
    right: int = 0  # questions answered right at the first try
    asked: int = 0  # questions answered


class Done(msgspec.Struct, frozen=True, array_like=True):
    """A lesson that was finished."""

    day: int  # days since 1970-01-01, of the last time
    right: int  # of the best time
    asked: int


class Also(msgspec.Struct, frozen=True, array_like=True):
    """What few learners have: in the progress of all others it takes one byte."""

    badge: int = 0
    called: str = ""
    beside: int = 0
    asked: int = 0  # day on which they called for a helper last (`calling`)


class Progress(msgspec.Struct, frozen=True, array_like=True):
    """One learner. `place` says which view is shown, `aside` one that lies over it for a moment."""

    version: int = FORMAT
    turns: int = 0
    seen: tuple[int, ...] = ()
    minute: int = 0  # minutes since 1970-01-01, of the last saved turn
    agreed: int = 0  # day of consent, days since 1970-01-01; 0: not yet
    lang: str = "vi"
    address: str = "ban"
    listens: bool = False
    slow: bool = False
    saver: bool = False
    place: str = "welcome"
    aside: str = ""
    note: tuple[str, ...] = ()  # what the last answer came to in this lesson, so that it can be said again
    lesson: str = ""  # key of the lesson the learner is in
    spots: dict[str, Spot] = {}  # lessons that stand open, by key, the latest last
    done: dict[str, Done] = {}
    away: bool = False  # shut out on their channel: nothing may be sent until they come again
    order: int = 0  # of the last update that was counted (`turn.Moment`)
    path: str = ""  # id of the learning path they follow; empty: none
    shown: int = 0  # of what they were shown last (`shown.mark`); 0: nothing of a lesson, or not known
    team: int = 0  # number of the code of their team (`join_code`); 0: none
    also: Also | None = None

    @property
    def badge(self) -> int:
        """By which they are known as one of the office (`crew`), if they still are; 0: they never were."""
        return self.also.badge if self.also else 0

    @property
    def called(self) -> str:
        """What the helpers of their team are to call them; empty: they told no name."""
        return self.also.called if self.also else ""

    @property
    def beside(self) -> int:
        """Of the day on which somebody came to sit beside them (`beside.ended` tells whether still); 0: nobody."""
        return self.also.beside if self.also else 0

    @property
    def spot(self) -> Spot | None:
        """Where they stand in the lesson they are in."""
        return self.spots.get(self.lesson)


def set_to(progress: Progress, setting: str, value: str) -> Progress:
    """Return the progress with one of the learner's settings changed, as records name them; a team by its code."""
    fields: dict[str, dict[str, Any]] = {
        "address": {"address": value},
        "language": {"lang": value},
        "manner": {"listens": value == "listen"},
        "slow": {"slow": value == "yes"},
        "saver": {"saver": value == "yes"},
        "path": {"path": value},
        "team": {"team": number_of(value)},
    }
    return msgspec.structs.replace(progress, **fields[setting])


def with_also(progress: Progress, **changes: Any) -> Progress:  # noqa: ANN401  fields of Also, of two types
    """Return the progress with fields of `also` changed."""
    also = msgspec.structs.replace(progress.also or _NOTHING, **changes)
    return msgspec.structs.replace(progress, also=None if also == _NOTHING else also)


_NOTHING = Also()
SETTINGS = frozenset({"address", "language", "manner", "slow", "saver", "path", "team"})

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Progress)
_HEAD = _encoder.encode(Progress())[:4]  # an array of so many fields, and the present format

# Version -> what makes a value of it one of the next version. Version 1 is the first.
_UPGRADES: dict[int, Callable[[Raw], Raw]] = {}


class Signposted(msgspec.DecodeError):
    """It is no progress: this learner lives elsewhere, or has an id of their own (`signpost.decode_value`)."""


class FromTheFuture(ValueError):
    """A value was written by a newer program than this one, which must not touch it."""


def encode(progress: Progress) -> bytes:
    """Return the value that a store keeps."""
    return _encoder.encode(progress)


def decode(value: bytes) -> Progress:
    """Return the progress of a kept value; an older format is upgraded on the way.

    Raises:
        FromTheFuture: its format is newer than ours.
        Signposted: it is a signpost, or a learner's own value.
        msgspec.DecodeError: it is no such value.
    """
    if value.startswith(_HEAD):
        return _decoder.decode(value)
    raw: Raw = msgspec.msgpack.decode(value, type=list)
    if raw and isinstance(raw[0], str):
        raise Signposted("a kept value is no progress, but leads to one or is a learner's own")
    if not raw or not isinstance(raw[0], int):
        raise msgspec.DecodeError("a kept value does not begin with its format version")
    if raw[0] > FORMAT:
        raise FromTheFuture(f"progress of format {raw[0]}; this program knows {FORMAT}")
    while raw[0] < FORMAT:
        if raw[0] not in _UPGRADES:
            raise msgspec.DecodeError(f"no way leads from progress format {raw[0]} to {FORMAT}")
        raw = _UPGRADES[raw[0]](raw)
    return msgspec.convert(raw, Progress)


def mark_of(update: str) -> int:
    """Return the short number under which an update's id is remembered."""
    return crc32(update.encode())
