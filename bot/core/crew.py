"""The crew: people of the office who are known in a chat, by the badge that their progress keeps.

A badge is a number that is given when somebody takes up an invitation. It says nothing by itself: whoever's badge
is in the crew no more, because they were let go or took it up elsewhere, is a learner like any other.
"""

from collections.abc import Mapping

import msgspec

from bot.core.access import Role


class Member(msgspec.Struct, frozen=True, array_like=True):
    """Someone of the office in a chat. `role` and `area` are those of `access`."""

    person: int
    name: str
    role: Role
    area: str
    team: int = 0  # of a helper the number of the code of their group's team (`join_code`)
    reached: bool = False  # whether something that they didn't ask for can be sent to them now


Crew = Mapping[int, Member]
NOBODY: Crew = {}


class Board(msgspec.Struct, frozen=True, array_like=True):
    """The whole crew as it is passed on to all processes."""

    version: int = 1
    crew: dict[int, Member] = {}


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Board)


def encode_crew(crew: Crew) -> bytes:
    """Return the crew as bytes; the same crew makes the same bytes."""
    return _encode(Board(crew=dict(sorted(crew.items()))))


def decode_crew(raw: bytes) -> Crew:
    """Return the crew that `encode_crew` wrote. Raises msgspec.DecodeError."""
    return _decoder.decode(raw).crew
