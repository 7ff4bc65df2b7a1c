"""Ogg pages and the packets in them (RFC 3533), read with every check and written; one logical stream, no chains."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

MAGIC = b"OggS"
UNTOLD = -1  # the granule position of a packet that doesn't end its page, or of a page on which no packet ends
CONTINUED, FIRST, LAST = 1, 2, 4  # a page's flags

_HEAD = struct.Struct("<4sBBqIIIB")  # magic, version, flags, granule, serial, number, checksum, lacing values
_CHECKSUM_AT = 22
_MOST = 255  # lacing values a page can have; a value of 255 says that the packet goes on
_BACKWARDS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class BadOgg(ValueError):
    """These bytes aren't the Ogg they should be; its sentence says where and why."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `at` is its first byte's place in the file."""

    at: int
    flags: int
    granule: int
    serial: int
    number: int
    lacing: bytes
    body: bytes


def checksum(data: bytes) -> int:
    """Return RFC 3533's CRC-32: polynomial 04c11db7, high bit first, begun with 0.

    zlib's is the same one with all bits the other way round, begun and ended inverted; this way
    a second of speech costs microseconds.
    """
    turned = zlib.crc32(data.translate(_BACKWARDS), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(turned.to_bytes(4, "little").translate(_BACKWARDS), "big")


def pages(data: bytes) -> Iterator[Page]:
    """Read page after page; raises BadOgg at the first byte that isn't part of a whole, unhurt one."""
    at = 0
    while at < len(data):
        body_at = at + _HEAD.size
        if data[at : at + 4] != MAGIC:
            raise BadOgg(f"No Ogg page begins at byte {at}.")
        if len(data) < body_at:
            raise BadOgg(f"The Ogg page at byte {at} is cut off.")
        _, version, flags, granule, serial, number, told, values = _HEAD.unpack_from(data, at)
        lacing = data[body_at : body_at + values]
        body_at += values
        end = body_at + sum(lacing)
        if len(lacing) < values or len(data) < end:
            raise BadOgg(f"The Ogg page at byte {at} is cut off.")
        if version:
            raise BadOgg(f"The Ogg page at byte {at} is of version {version}, not 0.")
        blank = data[at : at + _CHECKSUM_AT] + bytes(4) + data[at + _CHECKSUM_AT + 4 : end]
        if checksum(blank) != told:
            raise BadOgg(f"The Ogg page at byte {at} is damaged: its checksum differs.")
        yield Page(at, flags, granule, serial, number, lacing, data[body_at:end])
        at = end


def packets(data: bytes) -> list[tuple[bytes, int]]:
    """Return all packets of a stream, each with its page's granule position if it ends that page, else UNTOLD.

    Raises BadOgg where a page is missing, damaged, out of order or of another stream.
    """
    found: list[tuple[bytes, int]] = []
    begun: list[bytes] = []  # the packet that goes on on the next page
    serial = None
    ended = False
    for number, page in enumerate(pages(data)):
        serial = page.serial if serial is None else serial
        _in_order(page, serial, number, continued=bool(begun), ended=ended)
        ended = bool(page.flags & LAST)
        start = end = 0
        for size in page.lacing:
            end += size
            if size < _MOST:
                packet = page.body[start:end]
                if begun:
                    packet = b"".join(begun) + packet
                    begun = []
                found.append((packet, UNTOLD))
                start = end
        if min(page.lacing, default=_MOST) < _MOST:
            found[-1] = found[-1][0], page.granule
        if page.lacing.endswith(b"\xff"):
            begun.append(page.body[start:])
    if not ended or begun:
        raise BadOgg("The Ogg stream breaks off: its last page isn't there.")
    return found


def _in_order(page: Page, serial: int, number: int, *, continued: bool, ended: bool) -> None:
    if page.serial != serial or ended or bool(page.flags & FIRST) != (number == 0):
        raise BadOgg(f"The Ogg page at byte {page.at} is of another stream; one file holds one stream here.")
    if page.number != number or bool(page.flags & CONTINUED) != continued:
        raise BadOgg(f"Ogg page {number} isn't there: page {page.number} stands at byte {page.at}.")


@dataclass
class _Writing:
    """The pages written so far, and the one that is being filled."""

    serial: int
    pages: list[bytes] = field(default_factory=list)
    lacing: bytearray = field(default_factory=bytearray)
    body: list[bytes] = field(default_factory=list)
    granule: int = UNTOLD
    flags: int = FIRST

    def add_all(self, group: Sequence[tuple[bytes, int]]) -> None:
        """Begin an empty page with packets."""
        sizes = [len(packet) for packet, _ in group]
        if len(sizes) <= _MOST and max(sizes) < _MOST:  # as nearly always in speech; five times as fast
            self.lacing = bytearray(sizes)
            self.body = [packet for packet, _ in group]
            self.granule = group[-1][1]
        else:
            for packet, granule in group:
                self.add(packet, granule)

    def add(self, packet: bytes, granule: int) -> None:
        more, rest = divmod(len(packet), _MOST)
        if len(self.lacing) + more >= _MOST:
            self.turn()
        start = 0
        while more - start // _MOST >= _MOST:  # longer than a page
            end = start + _MOST * _MOST
            self.lacing += b"\xff" * _MOST
            self.body.append(packet[start:end])
            self.turn(CONTINUED)
            start = end
        self.lacing += b"\xff" * (more - start // _MOST)
        self.lacing.append(rest)
        self.body.append(packet[start:] if start else packet)
        self.granule = granule

    def turn(self, next_flags: int = 0, flags: int = 0) -> None:
        """Close the page if anything is on it."""
        if not self.lacing:
            return
        number, values = len(self.pages), len(self.lacing)
        head = _HEAD.pack(MAGIC, 0, self.flags | flags, self.granule, self.serial, number, 0, values)
        page = b"".join((head, self.lacing, *self.body))
        told = checksum(page).to_bytes(4, "little")
        self.pages.append(page[:_CHECKSUM_AT] + told + page[_CHECKSUM_AT + 4 :])
        self.lacing, self.body, self.granule, self.flags = bytearray(), [], UNTOLD, next_flags


def written(groups: Iterable[Sequence[tuple[bytes, int]]], serial: int) -> bytes:
    """Write a stream: each group of packets begins a new page, and packets stay whole on a page where they can.

    A packet comes with the granule position at its end. The very last packet ends the stream.
    Raises ValueError when there is no packet.
    """
    writing = _Writing(serial)
    for group in groups:
        if group:
            writing.turn()
            writing.add_all(group)
    if not writing.lacing:
        raise ValueError("A stream without a packet can't be written.")
    writing.turn(flags=LAST)
    return b"".join(writing.pages)
