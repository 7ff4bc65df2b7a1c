import msgspec
import pytest
from small import SHIPPED

from bot.core import progress as module
from bot.core.progress import SEEN, Also, Done, FromTheFuture, Progress, Spot, decode, encode, mark_of

# The first 20 lessons of the curriculum in the order it suggests to newcomers.
ORDER = (("dt", 7), ("sim", 1), ("vneid", 9), ("tk", 3))
KEYS = [f"{course}-{number:02}" for course, count in ORDER for number in range(1, count + 1)]

LEARNT = Progress(
    turns=1234,
    seen=tuple(mark_of(f"update {number}") for number in range(SEEN)),
    minute=29_921_820,
    agreed=20_779,
    address="bac",
    place="lesson",
    note=("right", "hoi-muc-hai", "b"),
    lesson="vneid-01",
    spots={"vneid-01": Spot("mot-the-hai-muc", right=2, asked=3)},
    done={key: Done(20_779 + number, 2, 3) for number, key in enumerate(KEYS)},
    path="nct",
    shown=54_321,
    team=63_999,
)


def test_a_learner_with_20_lessons_done_takes_at_most_400_bytes() -> None:
    assert len(LEARNT.done) == 20
    assert len(encode(LEARNT)) <= 400
    assert len(encode(msgspec.structs.replace(LEARNT, order=987_654_321))) <= 400  # where a channel counts updates


def test_few_have_more_and_take_no_more_of_redis_for_it() -> None:
    few = Also(badge=1_960_972_166_046, called="Bà Tư Nguyệt", beside=80)
    longest = encode(msgspec.structs.replace(LEARNT, order=987_654_321, also=few))
    assert len(longest) <= 430  # values of 385 to 448 bytes with their heads lie in pieces of 448


def test_it_reads_back_the_same() -> None:
    assert decode(encode(LEARNT)) == LEARNT


def test_keys_of_the_real_lessons_are_short() -> None:
    assert max(map(len, SHIPPED.order)) <= 9


def test_the_first_nine_bytes_tell_two_turns_apart() -> None:
    heads = {encode(Progress(turns=turns))[:9] for turns in (0, 1, 127, 128, 255, 256, 65_535, 65_536, 2**31)}
    assert len(heads) == 9


def test_an_older_format_is_upgraded(monkeypatch: pytest.MonkeyPatch) -> None:
    older = msgspec.msgpack.encode([0, 7, "vi"])
    monkeypatch.setitem(module._UPGRADES, 0, lambda raw: [1, raw[1], [], 0, 0, raw[2]])  # noqa: SLF001  no such format yet
    assert decode(older) == Progress(turns=7, lang="vi")


def test_a_newer_format_is_not_touched() -> None:
    with pytest.raises(FromTheFuture, match="progress of format 2; this program knows 1"):
        decode(msgspec.msgpack.encode([2, 7]))


@pytest.mark.parametrize("value", [b"", b"\xc1", b"abc", b"\x90", msgspec.msgpack.encode(["x"]), encode(LEARNT)[:-1]])
def test_what_is_no_progress_is_said_to_be_none(value: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(value)
