"""HTTP/1.1 as little as both ends of the benchmark need: whole messages out of the bytes of a kept connection."""

import re

_length = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_chunked = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


class Messages:
    """The messages of one connection: feed it what arrives, get (head, body) of each that is whole."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Take bytes; return what is whole now."""
        rest = self._rest + data if self._rest else data
        found: list[tuple[bytes, bytes]] = []
        while rest and (message := _first(rest)):
            head, body, rest = message
            found.append((head, body))
        self._rest = rest
        return found


def _first(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Return (head, body, rest), or None while more must come."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, start = data[:end], end + 4
    if length := _length.search(head):
        stop = start + int(length[1])
        return (head, data[start:stop], data[stop:]) if len(data) >= stop else None
    return _in_chunks(data, head, start) if _chunked.search(head) else (head, b"", data[start:])


def _in_chunks(data: bytes, head: bytes, at: int) -> tuple[bytes, bytes, bytes] | None:
    body = b""
    while (end := data.find(b"\r\n", at)) >= 0:
        size = int(data[at:end].split(b";")[0], 16)
        start = end + 2
        stop = start + size
        if len(data) < stop + 2:
            return None
        if not size:
            return head, body, data[stop + 2 :]
        body += data[start:stop]
        at = stop + 2
    return None
