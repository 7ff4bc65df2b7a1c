"""What goes through the pipes between the program and its worker: four bytes of length, then so many bytes.

Jobs are the bytes of a voice note as they came; answers are msgpack.
"""

import struct
from typing import BinaryIO

import msgspec

from bot.core.turn import Why

LENGTH = struct.Struct(">I")
MOST_ANSWER = 100_000  # bytes; a minute of speech has some two thousand


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What came of a job: words and their certainty, or why there are none, with a sentence for the operator."""

    text: str = ""
    certainty: float = 0.0
    why: Why | None = None
    sentence: str = ""


def framed(body: bytes) -> bytes:
    """Return the bytes that carry it."""
    return LENGTH.pack(len(body)) + body


def read_frame(pipe: BinaryIO) -> bytes | None:
    """Wait for the next body; None when the other end is closed."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    body = pipe.read(size)
    return body if len(body) == size else None
