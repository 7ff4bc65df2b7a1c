"""The diagram of a lesson: each step and line is there once, and ways don't run over one another."""

import re
from itertools import combinations

import pytest
from small import FIRST_LESSON, SHIPPED, lesson

from bot.core.diagram import ARRIVAL, HEIGHT, LINE, WIDTH, Box, Diagram, Way, diagram, ways_of
from bot.core.lesson import DEBRIEF, Lesson, Scene
from bot.core.library import FIRST

LESSON = lesson(FIRST_LESSON)
ALL = [languages[FIRST] for languages in SHIPPED.lessons.values()]
IDS = [each.id for each in ALL]


def scene_of(found: Lesson) -> Scene:
    return next(step for step in found.steps if isinstance(step, Scene))


def beside(drawn: Diagram) -> list[tuple[Way, tuple[int, ...]]]:
    """The ways beside lines, each with where it starts, its lane, where it ends, and the edge it comes back to."""
    found = [(way, re.fullmatch(r"M(\d+) (\d+)H(\d+)V(\d+)H(\d+)", way.path)) for way in drawn.ways]
    return [(way, tuple(map(int, match.groups()))) for way, match in found if match]


def test_each_step_has_a_box_and_a_rehearsal_one_for_each_line_and_its_end() -> None:
    assert [(box.step, box.line, box.label) for box in diagram(LESSON).boxes] == [
        ("ke", "", "1. ke"),
        ("hoi", "", "2. hoi"),
        ("lam", "", "3. lam"),
        ("hoi-hai", "", "4. hoi-hai"),
        ("goi", "", "5. goi"),
        ("goi", "chao", "chao"),
        ("goi", "doa", "doa"),
        ("goi", DEBRIEF, DEBRIEF),
        ("het", "", "6. het"),
    ]


def test_ways_lead_from_a_line_to_where_its_choices_do() -> None:
    assert ways_of(scene_of(LESSON)) == {"chao": {"doa": (1,), DEBRIEF: (2,)}, "doa": {"chao": (1,), DEBRIEF: (2,)}}
    drawn = diagram(LESSON)
    rows = {box.line: box for box in drawn.boxes if box.step == "goi"}

    def line_at(height: int) -> str:
        (line,) = [name for name, box in rows.items() if name and box.y < height < box.y + HEIGHT]
        return line

    assert {(line_at(start), way.choices, line_at(end)) for way, (_, start, _, end, _) in beside(drawn)} == {
        ("chao", "1", "doa"),
        ("chao", "2", DEBRIEF),
        ("doa", "1", "chao"),
        ("doa", "2", DEBRIEF),
    }


def test_choices_that_lead_to_the_same_line_share_a_way() -> None:
    same = lesson(FIRST_LESSON.replace("text: Đọc mã, next: chao", "text: Đọc mã, next: debrief"))
    assert ways_of(scene_of(same))["doa"] == {DEBRIEF: (1, 2)}
    assert [way.choices for way, (_, start, *_) in beside(diagram(same)) if "," in way.choices] == ["1,2"]


def test_a_long_id_is_cut_to_its_box() -> None:
    long = lesson(FIRST_LESSON.replace("id: ke", "id: " + "mot-hai-ba-bon-nam-sau-bay-tam-chin-muoi"))
    assert diagram(long).boxes[0].label == "1. mot-hai-ba-bon-nam-sau-…"


@pytest.mark.parametrize("taught", ALL, ids=IDS)
def test_nothing_of_a_shipped_lesson_overlaps_or_sticks_out(taught: Lesson) -> None:
    drawn = diagram(taught)
    assert all(_apart(one, other) for one, other in combinations(drawn.boxes, 2))
    assert max(box.y + HEIGHT for box in drawn.boxes) < drawn.height
    arcs = [numbers for _, numbers in beside(drawn)]
    assert all(LINE[0] + LINE[1] < lane < WIDTH for _, _, lane, _, _ in arcs)
    for (_, a, lane, b, _), (_, c, other, d, _) in combinations(arcs, 2):
        assert lane != other or max(a, b) < min(c, d) or max(c, d) < min(a, b)


@pytest.mark.parametrize("taught", ALL, ids=IDS)
def test_every_way_of_a_shipped_lesson_begins_at_a_box_and_ends_at_one(taught: Lesson) -> None:
    drawn = diagram(taught)
    for _, (edge, start, _, end, back) in beside(drawn):
        assert edge == back == LINE[0] + LINE[1]
        assert any(box.line and box.y < start < box.y + HEIGHT for box in drawn.boxes)
        assert any(box.line and box.y + ARRIVAL == end for box in drawn.boxes)
    downs = [re.fullmatch(r"M\d+ (\d+)V(\d+)", way.path) for way in drawn.ways]
    lower, upper = {box.y + HEIGHT for box in drawn.boxes}, {box.y for box in drawn.boxes}
    assert all(int(each[1]) in lower and int(each[2]) in upper for each in downs if each)
    scenes = sum(isinstance(step, Scene) for step in taught.steps)
    assert sum(each is not None for each in downs) == len(taught.steps) - 1 + scenes


def _apart(one: Box, other: Box) -> bool:
    return one.y + HEIGHT < other.y or other.y + HEIGHT < one.y
