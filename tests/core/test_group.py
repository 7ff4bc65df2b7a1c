"""Who of a team is where, and who is stuck."""

import pytest
from small import REAL

from bot.core.group import KINDS, WRONG, Member, Seen, Standing, Why, in_turn, numbers, place, standing

A = "vneid-01"


def at(step: str, kind: str = "reached", lesson: str = A) -> Seen:
    return Seen(kind, lesson, step)


def answer(*, right: bool, step: str = "hai") -> Seen:
    return Seen("answered", A, step, right)


THERE = [at("mot", "began"), at("hai")]


@pytest.mark.parametrize(
    ("records", "step", "why"),
    [
        ([], "", ()),
        (THERE, "hai", ()),
        ([*THERE, at("hai", "stuck")], "hai", ("stuck",)),
        (
            [*THERE, at("hai", "stuck"), at("hai", "differed"), Seen("called", A, "hai")],
            "hai",
            ("called", "stuck", "differed"),
        ),
        ([*THERE, at("hai", "stuck"), at("ba")], "ba", ()),  # they went on
        (
            [*THERE, at("hai", "stuck"), at("hai", "resumed")],
            "hai",
            ("stuck",),
        ),  # they came back, and are where they were
        ([*THERE, at("hai", "stuck"), at("x", "resumed", "other")], "x", ()),
        ([*THERE, Seen("called"), at("x", "resumed", "other")], "x", ("called",)),  # nobody has come yet
        ([*THERE, at("hai", "stuck"), Seen("finished", A)], "", ()),
        ([*THERE, Seen("finished", A), Seen("called")], "", ("called",)),
        ([*THERE, at("mot", "stuck")], "hai", ()),  # of another step
        ([*THERE, *[answer(right=False)] * (WRONG - 1)], "hai", ()),
        ([*THERE, *[answer(right=False)] * WRONG], "hai", ("wrong",)),
        ([*THERE, *[answer(right=False)] * 2, at("ba"), answer(right=False, step="ba")], "ba", ("wrong",)),
        ([*THERE, *[answer(right=False)] * WRONG, answer(right=True), at("ba")], "ba", ()),
        ([*THERE, *[answer(right=False)] * WRONG, at("mot", "began", "other")], "mot", ()),
        ([*THERE, at("hai", "stuck"), at("hai", "altered")], "hai", ()),  # it asks something else now
    ],
)
def test_where_someone_is_and_whether_they_are_stuck(records: list[Seen], step: str, why: tuple[Why, ...]) -> None:
    found = standing(records)
    assert (found.step, found.why) == (step, why)
    assert {each.kind for each in records} <= set(KINDS)


def test_who_is_stuck_comes_first_then_who_was_away_for_longest() -> None:
    stuck = Standing(A, "hai", ("stuck",))
    some = [Member(1, "", 1, 90), Member(2, "", 2, 80), Member(3, "", 3, 99, stuck), Member(4, "", 4, 98, stuck)]
    assert [each.learner for each in in_turn(some)] == [4, 3, 2, 1]


def test_a_number_stays_whoever_comes_or_leaves_and_is_no_two_peoples() -> None:
    some = [7**each for each in range(1, 60)]
    found = numbers(some)
    assert len(set(found.values())) == len(some)
    assert all(100 <= each <= 999 for each in found.values())
    assert numbers(some[:30]) == {each: found[each] for each in some[:30]}
    left = numbers(some[10:])
    assert sum(left[each] != found[each] for each in some[10:]) <= 2  # those who had yielded
    crowd = numbers(range(2000))
    assert len(set(crowd.values())) == 2000
    assert {len(str(each)) for each in crowd.values()} == {4}


def test_the_step_is_counted_in_the_lesson_as_it_is_now() -> None:
    key, languages = next(iter(REAL.lessons.items()))
    steps = languages["vi"].steps
    assert place(REAL, Standing(key, steps[2].id)) == (3, len(steps))
    assert place(REAL, Standing(key, "gone")) is None
    assert place(REAL, Standing("gone", "x")) is None
