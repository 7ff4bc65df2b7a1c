"""Two people's progress as one: the laws, and that nothing is lost."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import small_library

from bot.core.merge import brought, merge
from bot.core.progress import SETTINGS, Also, Done, Progress, Spot, decode, encode
from bot.core.rebuild import rebuild
from bot.core.talk import take_turn
from bot.core.turn import Asked, Entry, Moment

KEYS = ("bai-01", "bai-02", "an-03", "vneid-01", "tk-02", "sim-01")
STEPS = ("ke", "hoi", "lam", "goi")

small = st.integers(0, 3)
spots = st.builds(Spot, st.sampled_from(STEPS), st.sampled_from(["", "chao", "a.b"]), small, small, small)
dones = st.builds(Done, st.integers(20_000, 20_004), small, small)


@st.composite
def anybody(draw: st.DrawFn) -> Progress:
    """Somebody as the talk leaves them: in a lesson that is open, or outside."""
    agreed = draw(st.sampled_from([0, 20_001, 20_002]))
    told = dict(draw(st.lists(st.tuples(st.sampled_from(KEYS), spots), max_size=4, unique_by=lambda each: each[0])))
    lesson = draw(st.sampled_from([*told, ""])) if agreed else ""
    return Progress(
        turns=draw(st.integers(0, 5)),
        seen=tuple(draw(st.lists(st.integers(1, 9), max_size=3, unique=True))),
        minute=draw(st.integers(29_000_000, 29_000_003)),
        agreed=agreed,
        lang=draw(st.sampled_from(["vi", "en"])),
        address=draw(st.sampled_from(["bac", "co"])),
        listens=draw(st.booleans()),
        slow=draw(st.booleans()),
        saver=draw(st.booleans()),
        place=("lesson" if lesson else "menu") if agreed else "welcome",
        aside=draw(st.sampled_from(["", "help"])),
        note=draw(st.sampled_from([(), ("right", "hoi", "a")])),
        lesson=lesson,
        spots=told if agreed else {},
        done=draw(st.dictionaries(st.sampled_from(KEYS), dones)) if agreed else {},
        away=draw(st.booleans()),
        order=draw(small),
        path=draw(st.sampled_from(["", "nct"])),
        shown=draw(small),
        team=draw(st.sampled_from([0, 127, 2_010])),
        also=draw(st.sampled_from([None, Also(badge=7, called="Tư"), Also(badge=9, asked=20_001), Also(called="Hoa")])),
    )


def far(_lesson: str, step: str) -> int:
    return STEPS.index(step)


@given(one=anybody(), other=anybody())
def test_it_makes_no_difference_who_joins_whom(one: Progress, other: Progress) -> None:
    assert merge(one, other, far) == merge(other, one, far)
    if one != other:
        assert encode(merge(one, other, far)) == encode(merge(other, one, far))


@given(one=anybody(), other=anybody(), third=anybody())
def test_the_order_in_which_three_are_joined_makes_none(one: Progress, other: Progress, third: Progress) -> None:
    assert merge(merge(one, other, far), third, far) == merge(one, merge(other, third, far), far)


@given(one=anybody(), other=anybody())
def test_joining_again_changes_nothing(one: Progress, other: Progress) -> None:
    assert merge(one, one, far) is one
    both = merge(one, other, far)
    assert merge(both, other, far) == both == merge(one, both, far) or one == other


@given(one=anybody(), other=anybody())
def test_nothing_is_lost(one: Progress, other: Progress) -> None:
    both = merge(one, other, far)
    assert both.done.keys() == one.done.keys() | other.done.keys()
    assert both.spots.keys() == one.spots.keys() | other.spots.keys()
    for each in (one, other):
        assert all(
            both.done[key].right >= done.right and both.done[key].day >= done.day for key, done in each.done.items()
        )
        assert all(far(key, both.spots[key].step) >= far(key, spot.step) for key, spot in each.spots.items())
        assert set(each.seen) <= set(both.seen)
        assert both.turns >= each.turns
    assert bool(both.agreed) == bool(one.agreed or other.agreed)
    assert not both.spot or list(both.spots)[-1] == both.lesson or one == other
    assert both.away == (one.away and other.away)
    assert decode(encode(both)) == both


def test_the_view_and_the_settings_are_the_later_ones() -> None:
    early = Progress(minute=5, agreed=3, address="co", place="lesson", lesson="bai-01", spots={"bai-01": Spot("lam")})
    late = Progress(minute=9, agreed=7, address="bac", listens=True, place="menu", aside="settings")
    both = merge(early, late)
    assert (both.place, both.aside, both.address, both.listens, both.minute) == ("menu", "", "bac", True, 9)
    assert both.agreed == 3
    newcomer = Progress(minute=99, lang="en", aside="enter")
    joined = merge(both, newcomer)
    assert (joined.place, joined.lang, joined.agreed) == ("menu", "vi", 3)  # who hasn't agreed decides nothing


@given(each=anybody())
def test_what_is_brought_is_told_by_the_journal(each: Progress) -> None:
    if not each.agreed:
        assert brought(each) == ()
        return
    told = rebuild([Entry(each.turns + 1, 29_000_009, 20_005, brought(each))], Progress(turns=each.turns))
    for name in (
        "agreed",
        "lang",
        "address",
        "listens",
        "slow",
        "saver",
        "path",
        "team",
        "badge",
        "called",
        "lesson",
        "spots",
        "done",
    ):
        assert getattr(told, name) == getattr(each, name), name
    assert list(told.spots)[-1:] == ([each.lesson] if each.lesson else list(each.spots)[-1:])
    again = rebuild(
        [Entry(1, 1, 1, brought(Progress(agreed=5, done={"x-01": Done(1, 1, 1)}))), Entry(9, 1, 1, brought(each))]
    )
    assert again.done == each.done  # what is brought begins anew


def test_every_setting_is_brought() -> None:
    assert {record.kind for record in brought(Progress(agreed=1))} >= SETTINGS


@pytest.mark.parametrize("lessons", [5, 8])
def test_more_lessons_than_usual_may_be_open_until_another_is_begun(lessons: int) -> None:
    library = small_library()
    open_ones = {f"an-{number:02}": Spot("ke") for number in range(lessons)}
    progress = Progress(agreed=1, place="menu", spots=open_ones)
    now = Moment(dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    kept = take_turn(library, progress, Asked("help"), now).progress
    assert len(kept.spots) == lessons
    assert msgspec.structs.replace(kept, turns=0).done == {}
