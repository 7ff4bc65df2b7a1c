"""The diagram of a lesson: its steps as boxes in a column, the lines of a rehearsal with the ways between them.

Only the geometry is made here, from the lesson alone. Lengths are twentieths of the reader's font size.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.core.lesson import DEBRIEF, Lesson, Scene

WIDTH = 280
HEIGHT, GAP = 48, 18  # of each box; below it
STEP, LINE = (1, 246), (22, 150)  # left edge and width of a box
LANES = (208, 272)  # where ways beside the lines go up or down: the first, the last
APART = 20  # two lanes, if there are few
ARRIVAL, STARTS = 7, (18, 42)  # below a box's upper edge: where ways arrive; where they start, the first, the last
CHARS = {STEP: 27, LINE: 17}  # that a box has room for


class Box(NamedTuple):
    """A step, a line of a rehearsal, or its end (`line` is DEBRIEF)."""

    step: str  # id
    line: str  # id; empty: the step itself
    label: str
    x: int
    y: int
    width: int
    height: int = HEIGHT


class Way(NamedTuple):
    """An arrow: SVG path data; and the numbers of the choices that take it, written from the point `at` on."""

    path: str
    choices: str = ""
    at: tuple[int, int] = (0, 0)


class Diagram(NamedTuple):
    """All that is to be drawn."""

    height: int
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    width: int = WIDTH


def ways_of(scene: Scene) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
    """Return where each line leads, and by which choices (from 1)."""
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for line in scene.lines:
        there = found[line.id] = {}
        for number, choice in enumerate(line.choices, 1):
            there[choice.next] = (*there.get(choice.next, ()), number)
    return found


def diagram(lesson: Lesson) -> Diagram:
    """Lay out a lesson."""
    boxes = tuple(_boxes(lesson))
    rows = {(box.step, box.line): box for box in boxes}
    ways: list[Way] = []
    for before, step in zip((None, *lesson.steps), lesson.steps, strict=False):
        if before:
            last = DEBRIEF if isinstance(before, Scene) else ""
            ways.append(_down(rows[before.id, last], rows[step.id, ""]))
        if isinstance(step, Scene):
            ways.append(_down(rows[step.id, ""], rows[step.id, step.lines[0].id]))
            ways += _beside(step, rows)
    return Diagram(len(boxes) * (HEIGHT + GAP) - GAP + 2, boxes, tuple(ways))


def _boxes(lesson: Lesson) -> Iterator[Box]:
    y = 1
    for number, step in enumerate(lesson.steps, 1):
        lines = (*(line.id for line in step.lines), DEBRIEF) if isinstance(step, Scene) else ()
        for line in ("", *lines):
            x, width = LINE if line else STEP
            yield Box(step.id, line, _short(line or f"{number}. {step.id}", CHARS[x, width]), x, y, width)
            y += HEIGHT + GAP


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _down(above: Box, below: Box) -> Way:
    x = LINE[0] + LINE[1] // 2
    return Way(f"M{x} {above.y + HEIGHT}V{below.y}")


class _Arc(NamedTuple):
    """A way beside the lines, from one height to another."""

    start: int
    end: int
    choices: str

    @property
    def span(self) -> tuple[int, int]:
        return min(self.start, self.end), max(self.start, self.end)


def _beside(scene: Scene, rows: Mapping[tuple[str, str], Box]) -> Iterator[Way]:
    """Find the ways between lines: each goes down or up in a lane where no other is in its way, short ones inside."""
    arcs: list[_Arc] = []
    for line, there in ways_of(scene).items():
        first, last = (rows[scene.id, line].y + below for below in STARTS)
        room = (last - first) // max(1, len(there) - 1)
        for place, (end, numbers) in enumerate(there.items()):
            arcs.append(_Arc(first + place * room, rows[scene.id, end].y + ARRIVAL, ",".join(map(str, numbers))))
    arcs.sort(key=lambda arc: (arc.span[1] - arc.span[0], arc))
    lanes = _lanes([arc.span for arc in arcs])
    apart = min(APART, (LANES[1] - LANES[0]) / max(1, *lanes))
    edge = LINE[0] + LINE[1]
    for arc, lane in zip(arcs, lanes, strict=True):
        x = round(LANES[0] + lane * apart)
        yield Way(f"M{edge} {arc.start}H{x}V{arc.end}H{edge}", arc.choices, (edge + 5, arc.start))


def _lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """Give each span the first lane in which it meets no other."""
    taken: list[list[tuple[int, int]]] = []
    found: list[int] = []
    for low, high in spans:
        free = (lane for lane, others in enumerate(taken) if all(high < a or b < low for a, b in others))
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        found.append(lane)
    return found
