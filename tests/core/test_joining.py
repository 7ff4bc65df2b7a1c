"""Joining a team: what the machine and the transcript `team` don't meet."""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest
from small import TEAMS, small_library, with_teams

from bot.core.join_code import number_of
from bot.core.library import Library
from bot.core.progress import Progress
from bot.core.talk import show, take_turn
from bot.core.teams import Teams
from bot.core.turn import Around, Asked, Event, Moment, Opened, Person, Record, Spoke, Tapped, Turn, Typed

BARE = small_library()
LIBRARY = with_teams(BARE)
NOW = Moment(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), "1234-5678")
MENU = Progress(agreed=1, address="bac", place="menu")
SEN, MAI = number_of("sen-vang-27"), number_of("mai-tim-11")
LINK = Opened("to_sen-vang-27")


def after(progress: Progress, *events: Event, library: Library = LIBRARY) -> Turn:
    for event in events:
        turn = take_turn(library, progress, event, NOW)
        progress = turn.progress
    return turn


def tap(progress: Progress, code: str, library: Library = LIBRARY) -> Turn:
    return after(progress, Tapped(progress.turns, code), library=library)


def ended(code: str) -> Library:
    return replace(LIBRARY, teams=Teams(tuple(replace(each, ended=each.code == code) for each in TEAMS.all)))


@pytest.mark.parametrize(
    "event", [Typed("sen vang 27"), Typed("tổ sen vangg 27"), Typed("rời tổ"), Asked("team"), LINK]
)
def test_without_teams_nothing_is_said_of_them(event: Event) -> None:
    turn = after(MENU, event, library=BARE)
    assert turn.progress is MENU
    assert "tổ" not in " ".join(turn.reply.notes).lower()
    shown = after(MENU, Asked("settings"), library=BARE).reply
    assert "team" not in [button.code for button in shown.buttons]
    assert "team" not in after(MENU, Asked("data"), library=BARE).reply.export


def test_a_newcomer_who_declines_is_asked_nothing_and_joins_nothing() -> None:
    came = after(Progress(), LINK)
    assert came.records == ()
    declined = tap(came.progress, "decline")
    assert declined.records == ()
    assert (declined.progress.agreed, declined.progress.aside) == (0, "")


def test_a_newcomer_who_agrees_and_says_no_is_in_no_team() -> None:
    agreed = tap(after(Progress(), LINK).progress, "agree")
    assert (agreed.progress.team, agreed.progress.aside) == (0, "join:sen-vang-27")
    assert agreed.records == (Record("agreed", choice="vi"),)
    passed = tap(agreed.progress, "pass")
    assert (passed.progress.team, passed.progress.place, passed.records) == (0, "address", ())


def test_a_lesson_and_a_team_can_both_be_come_for() -> None:
    asked = tap(after(Progress(), Opened("bai-02"), LINK).progress, "agree").progress
    joined = tap(tap(asked, "join").progress, "return").progress  # what helpers may call them is passed
    begun = tap(tap(joined, "bac").progress, "read").progress
    assert (begun.lesson, begun.place, begun.team) == ("bai-02", "lesson", SEN)


def test_a_team_that_ends_before_the_newcomer_agrees_is_not_asked_about() -> None:
    agreed = tap(after(Progress(), LINK).progress, "agree", ended("sen-vang-27"))
    assert (agreed.progress.team, agreed.progress.aside) == (0, "")


def test_a_team_that_ends_while_it_is_asked_about_gives_the_place_back() -> None:
    asked = after(MENU, LINK).progress
    turn = tap(asked, "join", ended("sen-vang-27"))
    assert turn.progress.team == 0
    assert turn.records == ()
    assert turn.reply.text == show(LIBRARY, MENU, NOW).text


def test_who_is_in_a_team_that_ended_is_told_and_may_leave() -> None:
    inside = msgspec.structs.replace(MENU, team=SEN)
    turn = after(inside, Typed("tổ của tôi"), library=ended("sen-vang-27"))
    assert "Tổ này nay không còn hoạt động." in turn.reply.text
    assert tap(turn.progress, "quit", ended("sen-vang-27")).records == (Record("team"),)


def test_a_team_of_which_only_the_code_is_known_can_be_left() -> None:
    inside = msgspec.structs.replace(MENU, team=SEN)
    turn = after(inside, Asked("team"), library=BARE)
    assert "tổ có mã sen vang 27" in turn.reply.text
    assert tap(turn.progress, "quit", BARE).progress.team == 0


def test_a_receipt_is_not_lost_to_a_link() -> None:
    gone = Progress(turns=9, place="gone", note=("1234-5678",))
    turn = after(gone, LINK)
    assert "1234-5678" in turn.reply.text
    assert tap(tap(turn.progress, "over").progress, "agree").progress.aside == "join:sen-vang-27"


def test_words_that_may_not_have_been_said_put_the_question_and_do_not_answer_it() -> None:
    asked = after(MENU, Spoke("tổ sen vàng hai bảy", certain=False))
    assert asked.progress.aside == "join:sen-vang-27"
    assert after(asked.progress, Spoke("có", certain=False)).progress.team == 0
    assert after(asked.progress, Spoke("có", certain=True)).progress.team == SEN


def test_a_code_is_no_name_for_a_newcomer_on_a_shared_phone() -> None:
    now = Moment(NOW.at, around=Around((Person(), Person("bà Hoa")), current=0))
    turn = take_turn(LIBRARY, msgspec.structs.replace(MENU, aside="name:new"), Typed("sen vang 27"), now)
    assert (turn.wish, turn.progress.aside) == (None, "join:sen-vang-27")


@pytest.mark.parametrize("text", ["27", "vàng 27", "bác 27 tuổi", "mã 12", "sen vàng", "tổ 3", "số hai bảy", "2 7"])
def test_what_only_has_digits_in_it_is_no_code(text: str) -> None:
    turn = after(MENU, Typed(text))
    assert not turn.progress.aside.startswith("join:")
    assert not any("mã" in note for note in turn.reply.notes)


def test_a_code_that_comes_late_asks_nothing() -> None:
    further = msgspec.structs.replace(MENU, order=9, minute=NOW.minute)
    turn = take_turn(LIBRARY, further, Typed("sen vang 27"), Moment(NOW.at, order=8))
    assert turn.progress is further
    assert turn.reply.notes[0].startswith("Tin này của bác đến chậm")


def test_it_is_said_in_english_too() -> None:
    turn = after(msgspec.structs.replace(MENU, lang="en"), LINK)
    assert turn.reply.text.startswith("Would you like to join **Tổ thôn 3, Nga Sơn commune**?")
    assert tap(turn.progress, "join").reply.notes == ("You are now in **Tổ thôn 3, Nga Sơn commune**. Let us go on.",)


def test_moving_to_another_team_names_both() -> None:
    asked = after(msgspec.structs.replace(MENU, team=SEN), Typed("mai tím 11"))
    assert "Tổ thôn 3, xã Nga Sơn" in asked.reply.text
    assert "Tổ thôn 4, xã Nga Sơn" in asked.reply.text
    moved = tap(asked.progress, "join")
    assert (moved.progress.team, moved.records) == (MAI, (Record("team", choice="mai-tim-11"),))
