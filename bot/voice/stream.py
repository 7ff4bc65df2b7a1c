"""Opus in Ogg as a value (RFC 7845): the packets of one mono voice, what is heard of them, and its comments."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.voice import ogg
from bot.voice.ogg import UNTOLD, BadOgg

RATE = 48_000  # samples a second in all positions and lengths, whatever rate the sound had (RFC 7845 section 4)
PAGE_PACKETS = 50  # a page for each second of 20 ms packets: a player can begin at each
LONGEST_PACKET = 5760  # samples: 120 ms (RFC 6716 section 3.2.5)

_OPUS_HEAD = struct.Struct("<8sBBHIhB")  # magic, version, channels, pre-skip, rate of the sound, gain, mapping family
_HEAD_AT = 28  # after the first page's own head, which has one lacing value
_HEAD_MAGIC, _TAGS_MAGIC = b"OpusHead", b"OpusTags"
# Samples in one frame, by the first byte's upper five bits (RFC 6716 table 2): SILK, hybrid and CELT packets.
_FRAME = (480, 960, 1920, 2880) * 3 + (480, 960) * 2 + (120, 240, 480, 960) * 4
# How many frames by its lower two bits; with 3 the second byte tells.
_SAMPLES = tuple(_FRAME[byte >> 3] * (1, 2, 2, 0)[byte & 3] for byte in range(256))


@dataclass(frozen=True, slots=True)
class Stream:
    """A mono Opus stream; `pre_skip` and `length` are samples of 48 kHz.

    Decoded, the packets give `pre_skip` samples that a player drops, `length` that are heard, and
    `tail` that it drops again.
    """

    packets: Sequence[bytes]
    pre_skip: int
    length: int
    rate: int = RATE  # of the sound that was encoded, in Hz; players show it, no more
    vendor: str = ""  # the encoder's name
    comments: tuple[str, ...] = ()  # each KEY=value

    @property
    def total(self) -> int:
        """Samples in all packets."""
        return sum(map(samples_in, self.packets))

    @property
    def tail(self) -> int:
        """Samples after the last that is heard."""
        return self.total - self.pre_skip - self.length

    @property
    def seconds(self) -> float:
        """How long it is heard."""
        return self.length / RATE


def samples_in(packet: bytes) -> int:
    """Return a packet's length in samples of 48 kHz; raises BadOgg for one that no decoder takes."""
    if not packet:
        raise BadOgg("An Opus packet is empty.")
    samples = _SAMPLES[packet[0]]
    if not samples:
        frames = packet[1] & 63 if len(packet) > 1 else 0
        samples = _FRAME[packet[0] >> 3] * frames
        if not 0 < samples <= LONGEST_PACKET:
            raise BadOgg(f"An Opus packet says that it holds {samples / RATE:.3f} seconds.")
    return samples


def read(data: bytes) -> Stream:
    """Read a whole file, every checksum and position with it.

    Raises BadOgg, whose sentence says what is wrong: no Ogg, no mono Opus, cut off, damaged,
    a gap, or nothing to hear.
    """
    found = ogg.packets(data)
    pre_skip, rate = _opus_head(found[0][0] if found else b"")
    vendor, comments = _opus_tags(found[1][0] if found[1:] else b"")
    voice = found[2:]
    packets = [packet for packet, _ in voice]
    last = _followed(voice)
    if last - pre_skip <= 0:
        raise BadOgg("The Opus stream has no sound.")
    return Stream(packets, pre_skip, last - pre_skip, rate, vendor, comments)


def pre_skip_of(data: bytes) -> int:
    """Return the pre-skip from the first page alone, its checksum unread; raises BadOgg where it isn't OpusHead's."""
    pre_skip, _ = _opus_head(data[_HEAD_AT : _HEAD_AT + _OPUS_HEAD.size])
    return pre_skip


def _followed(voice: Sequence[tuple[bytes, int]]) -> int:
    """Return the last position, after comparing all with the packets' lengths."""
    reached = last = 0
    for packet, told in voice:
        reached += samples_in(packet)
        if told != UNTOLD:
            last = told
            if told != reached and packet is not voice[-1][0]:
                raise BadOgg(f"The Opus stream has a gap: {reached} samples are there where it says {told}.")
    if last > reached:
        raise BadOgg(f"The Opus stream has a gap: {reached} samples are there where it says {last}.")
    return last


def _opus_head(packet: bytes) -> tuple[int, int]:
    """Return pre-skip and rate."""
    if len(packet) < _OPUS_HEAD.size or not packet.startswith(_HEAD_MAGIC):
        raise BadOgg("The Ogg stream isn't Opus: it doesn't begin with OpusHead.")
    _, version, channels, pre_skip, rate, gain, family = _OPUS_HEAD.unpack_from(packet)
    if version >> 4 or family or channels != 1 or gain:
        raise BadOgg(
            f"The Opus stream isn't plain mono: version {version}, {channels} channels, family {family}, gain {gain}."
        )
    return pre_skip, rate


def _opus_tags(packet: bytes) -> tuple[str, tuple[str, ...]]:
    """Return vendor and comments."""
    if not packet.startswith(_TAGS_MAGIC):
        raise BadOgg("The Opus stream has no OpusTags.")
    try:
        texts = list(_texts(packet))
    except struct.error:
        raise BadOgg("The Opus stream's OpusTags are cut off.") from None
    return texts[0], tuple(texts[1:])


def _texts(packet: bytes) -> Iterator[str]:
    """Read the vendor, then each comment; raises struct.error where one isn't whole."""
    at, left = len(_TAGS_MAGIC), None
    while left is None or left:
        (size,) = struct.unpack_from("<I", packet, at)
        (text,) = struct.unpack_from(f"<{size}s", packet, at + 4)
        yield text.decode(errors="replace")
        at += 4 + size
        if left is None:
            (left,) = struct.unpack_from("<I", packet, at)
            at += 4
        else:
            left -= 1


def written(stream: Stream) -> bytes:
    """Write the stream; the same stream always gives the same bytes."""
    head = _OPUS_HEAD.pack(_HEAD_MAGIC, 1, 1, stream.pre_skip, stream.rate, 0, 0)
    texts = [text.encode() for text in (stream.vendor, *stream.comments)]
    sized = [len(text).to_bytes(4, "little") + text for text in texts]
    tags = b"".join((_TAGS_MAGIC, sized[0], len(stream.comments).to_bytes(4, "little"), *sized[1:]))
    packets = stream.packets
    reached = [*accumulate(map(samples_in, packets))]
    reached[-1] = stream.pre_skip + stream.length
    placed = list(zip(packets, reached, strict=True))
    groups = [placed[at : at + PAGE_PACKETS] for at in range(0, len(placed), PAGE_PACKETS)]
    return ogg.written(([(head, 0)], [(tags, 0)], *groups), serial=ogg.checksum(b"".join(packets)))
