"""Somebody sits beside the learner: what is done together is marked, and nobody is marked for ever."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from small import small_library

from bot.core.merge import merge
from bot.core.progress import Also, Progress, decode, encode
from bot.core.talk import show, take_turn
from bot.core.turn import Event, Moment, Record, Reply, Tapped, Typed

LIBRARY = small_library()
NOON = dt.datetime(2026, 11, 22, 5, tzinfo=dt.UTC)


class Learner:
    """At the first question of the first lesson."""

    def __init__(self) -> None:
        self.at = NOON
        self.progress = Progress(agreed=20_000, place="menu", minute=Moment(NOON).minute)
        self.records: tuple[Record, ...] = ()
        self.reply = show(LIBRARY, self.progress, Moment(NOON))
        self.taps("l:bai-01", "next")

    def does(self, event: Event, minutes: int = 0) -> Reply:
        self.at += dt.timedelta(minutes=minutes)
        turn = take_turn(LIBRARY, self.progress, event, Moment(self.at))
        self.progress, self.records, self.reply = decode(encode(turn.progress)), turn.records, turn.reply
        return self.reply

    def taps(self, *codes: str, minutes: int = 0) -> Reply:
        for code in codes:
            self.does(Tapped(self.progress.turns, code), minutes)
        return self.reply

    def helped(self) -> bool:
        return any("Đang có người giúp." in note for note in self.reply.notes)


@pytest.mark.parametrize("words", ["có người giúp", "co nguoi giup", "Có người ngồi cạnh ạ", "đang có người giúp"])
def test_what_is_done_together_is_marked_and_no_step_moves(words: str) -> None:
    one = Learner()
    before = one.progress.spots
    assert one.does(Typed(words)).text == show(LIBRARY, one.progress, Moment(NOON)).text
    assert one.progress.spots == before
    assert not one.records
    one.taps("b")
    assert [record.kind for record in one.records] == ["answered", "reached"]
    assert all(record.assisted for record in one.records)
    assert one.helped()
    one.does(Typed("tu lam"))
    assert not one.helped()
    one.taps("done")
    assert one.records
    assert not any(record.assisted for record in one.records)


def test_settings_are_nobodys_help() -> None:
    one = Learner()
    one.does(Typed("có người giúp"))
    one.does(Typed("chậm"))
    assert [(record.kind, record.assisted) for record in one.records] == [("slow", False)]


def test_after_half_an_hour_nobody_sits_there_any_more() -> None:
    one = Learner()
    one.does(Typed("có người giúp"))
    one.taps("b", minutes=29)
    assert one.helped()
    one.taps("done", minutes=30)
    assert not one.helped()
    assert one.records
    assert not any(record.assisted for record in one.records)
    assert one.progress.also is None


def test_a_page_that_is_looked_at_later_tells_of_nobody() -> None:
    one = Learner()
    one.does(Typed("có người giúp"))
    for minutes, told in ((29, True), (30, False)):
        reply = show(LIBRARY, one.progress, Moment(NOON + dt.timedelta(minutes=minutes)))
        assert any("Đang có người giúp." in note for note in reply.notes) is told


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 29), min_size=60, max_size=80))
def test_with_the_day_it_ends_however_busy_they_are(pauses: list[int]) -> None:
    one = Learner()
    one.does(Typed("có người giúp"))
    began = Moment(one.at).day
    for pause in pauses:
        one.does(Typed("chậm" if not one.progress.slow else "nhanh"), pause)
        assert one.helped() is (Moment(one.at).day == began)


def test_it_takes_four_bytes_at_most_and_only_while_it_lasts() -> None:
    one = Learner()
    before = len(encode(one.progress))
    one.does(Typed("có người giúp"))
    assert len(encode(one.progress)) - before <= 4
    one.does(Typed("tự làm"))
    assert len(encode(one.progress)) == before


def test_of_two_who_come_to_be_one_the_later_badge_and_the_later_name_stay() -> None:
    early = Progress(agreed=20_000, minute=5, team=127, also=Also(badge=9, called="Bà Tư", beside=20_000))
    late = replace(early, minute=6, also=Also(badge=7, called="Tư", asked=20_001))
    assert merge(early, late).also == merge(late, early).also == Also(badge=9, called="Tư", asked=20_001)
    moved = replace(early, minute=6, team=2_010, also=None)
    assert merge(early, moved).also == Also(badge=9)
