"""What a store keeps where an account and its learner aren't one and the same.

Usually the value under an account's name is its only learner's progress. Who learns on several
accounts, or shares one with others, lives under an id of their own (`Own`), and the value under the
account's name is a `Signpost` to it. Both begin with a letter where progress has its format's number.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.progress import FORMAT, FromTheFuture, Progress, Signposted, decode, encode

VERSION = 1
MOST = 8  # learners on one account
_SIGN, _OWN = "s", "l"


class Seat(msgspec.Struct, frozen=True, array_like=True):
    """One learner of an account."""

    id: str  # under which their own value lies
    name: str = ""  # what they are called on this account; empty: by their number
    lock: bytes = b""  # salt and hash of their PIN; empty: none
    team: int = 0  # of whoever added them, which they are asked about once they have agreed (`Progress.team`)


class Signpost(msgspec.Struct, frozen=True, array_like=True):
    """The value under an account's name: who learns there, and whose turn it is.

    `own` is a learner's value on its way to its own place; it stays here until it has arrived, so that
    it is somewhere at every moment. `first` is the learner for whom the journal has entries under the
    account's name. `epoch` rises whenever somebody else's turn comes: it is in every button.
    """

    kind: str = _SIGN
    version: int = VERSION
    turns: int = 0  # goes on from the turns of the progress that was here
    seats: tuple[Seat, ...] = ()
    current: int = 0
    epoch: int = 1
    first: str = ""
    own: bytes = b""
    seen: tuple[int, ...] = ()  # updates that changed it, the latest last

    @property
    def seat(self) -> Seat:
        """Whose turn it is."""
        return self.seats[self.current]


class Own(msgspec.Struct, frozen=True, array_like=True):
    """The value of a learner under an id of their own.

    `accounts` are those that lead here, each with the number of its last update that counted: every
    change of them changes the value, so no save that was on its way through one that has left can land.
    `origins` are all names, of accounts and of learners who came to be this one, under which the journal
    has entries of theirs. `into` is the learner who this one has come to be: then nothing changes here any more.
    """

    kind: str = _OWN
    version: int = VERSION
    accounts: Mapping[str, int] = {}
    origins: tuple[str, ...] = ()
    progress: Progress = Progress()
    into: str = ""
    deleted: bool = False


Value = Progress | Signpost | Own

_encode = msgspec.msgpack.Encoder().encode
_decoders: dict[str, msgspec.msgpack.Decoder[Any]] = {
    _SIGN: msgspec.msgpack.Decoder(Signpost),
    _OWN: msgspec.msgpack.Decoder(Own),
}


def encode_value(value: Value) -> bytes:
    """Return what a store keeps."""
    return encode(value) if isinstance(value, Progress) else _encode(value)


def decode_value(raw: bytes) -> Value:
    """Return what a kept value is. Raises as `progress.decode` does."""
    try:
        return decode(raw)
    except Signposted as found:
        head: list[Any] = msgspec.msgpack.decode(raw, type=list)
        if head[0] not in _decoders:
            raise msgspec.DecodeError("a kept value begins with a letter that isn't known") from None
        if head[1] > VERSION:
            raise FromTheFuture(
                f"a value of kind {head[0]} and version {head[1]}; this program knows {VERSION}"
            ) from found
    value: Signpost | Own = _decoders[head[0]].decode(raw)
    if isinstance(value, Own) and value.progress.version > FORMAT:
        raise FromTheFuture(f"progress of format {value.progress.version}; this program knows {FORMAT}")
    return value


def learner_of(raw: bytes) -> Progress | None:
    """Return the progress of a learner that a kept value holds; None where it is none, or no more."""
    value = decode_value(raw)
    if isinstance(value, Own):
        return None if value.into or value.deleted else value.progress
    if isinstance(value, Signpost):
        return decode(value.own) if value.own else None
    return value
