"""Ogg pages by RFC 3533: what is written is read again, and nothing else is."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.voice import ogg
from bot.voice.ogg import UNTOLD, BadOgg

SIZES = st.one_of(st.integers(0, 600), st.sampled_from([254, 255, 256, 510, 65_024, 65_025, 65_026, 130_050, 130_051]))
PACKETS = st.lists(st.tuples(SIZES, st.integers(0, 2**62)), min_size=1, max_size=30)


def by_hand(data: bytes) -> int:
    """RFC 3533's checksum as its words say it, bit by bit."""
    register = 0
    for byte in data:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1) ^ (0x104C11DB7 if register & 0x80000000 else 0)
    return register


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_the_checksum_is_the_standards(data: bytes) -> None:
    assert ogg.checksum(data) == by_hand(data)


@settings(deadline=None)
@given(st.lists(PACKETS, min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_what_is_written_is_read(groups: list[list[tuple[int, int]]], serial: int) -> None:
    packets = [
        [(bytes([number % 256]) * size, granule) for number, (size, granule) in enumerate(group)] for group in groups
    ]
    data = ogg.written(packets, serial)
    found = ogg.packets(data)
    flat = [packet for group in packets for packet in group]
    assert [packet for packet, _ in found] == [packet for packet, _ in flat]
    for (_, told), (_, granule) in zip(found, flat, strict=True):
        assert told in {granule, UNTOLD}
    pages = list(ogg.pages(data))
    assert [page.number for page in pages] == list(range(len(pages)))
    assert {page.serial for page in pages} == {serial}
    assert [bool(page.flags & ogg.FIRST) for page in pages] == [True] + [False] * (len(pages) - 1)
    assert [bool(page.flags & ogg.LAST) for page in pages] == [False] * (len(pages) - 1) + [True]
    for page in pages:
        ends = any(value < 255 for value in page.lacing)
        assert (page.granule == UNTOLD) == (not ends)
        assert bool(page.flags & ogg.CONTINUED) == (page.number > 0 and pages[page.number - 1].lacing[-1] == 255)
    assert [len(pages) and told != UNTOLD for _, told in found][-1]


def test_each_group_begins_a_page() -> None:
    data = ogg.written([[(b"a", 1), (b"b", 2)], [(b"c", 3)], []], 5)
    assert [(page.body, page.granule) for page in ogg.pages(data)] == [(b"ab", 2), (b"c", 3)]
    assert ogg.packets(data) == [(b"a", UNTOLD), (b"b", 2), (b"c", 3)]


def test_packets_are_kept_whole_where_a_page_can_hold_them() -> None:
    data = ogg.written([[(bytes(200 * 255), 1), (bytes(100 * 255), 2)]], 5)
    assert [(len(page.body), page.granule) for page in ogg.pages(data)] == [(200 * 255, 1), (100 * 255, 2)]


@pytest.mark.parametrize("groups", [[], [[]], [[], []]])
def test_nothing_cannot_be_written(groups: list[list[tuple[bytes, int]]]) -> None:
    with pytest.raises(ValueError, match=r"^A stream without a packet can't be written\.$"):
        ogg.written(groups, 5)


WHOLE = ogg.written([[(bytes(300), 1)], [(bytes(70_000), 2)], [(b"abc", 3)]], 5)


@settings(deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_one_changed_byte_is_found(at: int, change: int) -> None:
    hurt = bytearray(WHOLE)
    hurt[at] ^= change
    with pytest.raises(BadOgg, match="Ogg"):
        ogg.packets(bytes(hurt))


@settings(deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_any_cut_is_found(at: int) -> None:
    with pytest.raises(BadOgg, match="Ogg"):
        ogg.packets(WHOLE[:at])


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), max_size=6))
def test_pages_in_another_order_are_refused(order: list[int]) -> None:
    places = [page.at for page in ogg.pages(WHOLE)] + [len(WHOLE)]
    pieces = [WHOLE[start:end] for start, end in pairwise(places)]
    assert len(pieces) == 4
    mixed = b"".join(pieces[number % 4] for number in order)
    if mixed == WHOLE:
        assert len(ogg.packets(mixed)) == 3
    else:
        with pytest.raises(BadOgg, match="Ogg"):
            ogg.packets(mixed)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_garbage_is_refused(data: bytes) -> None:
    for noise in (data, b"OggS" + data, b"OggS\0\x06" + data):
        with pytest.raises(BadOgg, match="Ogg"):
            ogg.packets(noise)


def test_a_later_version_is_refused() -> None:
    page = bytearray(ogg.written([[(b"abc", 1)]], 5))
    page[4] = 1
    with pytest.raises(BadOgg, match=r"^The Ogg page at byte 0 is of version 1, not 0\.$"):
        ogg.packets(bytes(page))
