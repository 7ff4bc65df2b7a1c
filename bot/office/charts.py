"""Charts as SVG, drawn of a table's own figures. Beside each stands the table, which tells the same.

Widths are percent, so that letters keep their size on a phone; colours are the style sheet's, for light and dark.
docs/decisions/0012 says why no library draws them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

_ROW: Final = 46  # pixels of a bar with its label
_BAR: Final = 16
_HEIGHT: Final = 200  # pixels of a chart of columns, without what stands below
_BELOW: Final = 24
_GAP: Final = 0.2  # of a column's width
_LINES: Final = 4  # across a chart of columns
_STEPS: Final = (1, 2, 5)
_MANY: Final = 5  # columns, among which one more label has room


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure of a chart. `number` is None where it is hidden; `text` is what the table says."""

    label: str
    text: str
    number: int | None


def bars(title: str, figures: Sequence[Bar]) -> Markup:
    """Draw a bar a line, each under its label."""
    most = max([each.number or 0 for each in figures], default=0) or 1
    parts = []
    for at, each in enumerate(figures):
        top = at * _ROW
        parts.append(
            Markup('<text x="0" y="{y}">{label}</text><text class="value" x="100%" y="{y}">{text}</text>').format(
                y=top + 15, label=each.label, text=each.text
            )
        )
        parts.append(Markup('<rect class="room" x="0" y="{}" width="100%" height="{}"/>').format(top + 22, _BAR))
        if each.number:
            width = f"{100 * each.number / most:.2f}"
            parts.append(Markup('<rect x="0" y="{}" width="{}%" height="{}"/>').format(top + 22, width, _BAR))
    return _svg(title, len(figures) * _ROW, parts)


def columns(title: str, figures: Sequence[Bar]) -> Markup:
    """Draw a column for each point in time. What is hidden leaves a gap with a mark at its foot."""
    most = nice(max([each.number or 0 for each in figures], default=0))
    parts = []
    for line in range(_LINES + 1):
        y = 16 + (_HEIGHT - 16) * line / _LINES
        number = most * (_LINES - line) / _LINES
        parts.append(Markup('<line x1="0" x2="100%" y1="{y}" y2="{y}"/>').format(y=f"{y:.1f}"))
        if number == int(number):
            text = f"{int(number):,}".replace(",", ".")
            parts.append(Markup('<text class="scale" x="0" y="{}">{}</text>').format(f"{y - 3:.1f}", text))
    step = 90 / max(len(figures), 1)  # percent; the scale stands left
    for at, each in enumerate(figures):
        x, width = 10 + at * step + step * _GAP / 2, step * (1 - _GAP)
        if each.number is None:
            parts.append(
                Markup('<rect class="hidden" x="{}%" y="{}" width="{}%" height="4"/>').format(
                    f"{x:.2f}", _HEIGHT - 4, f"{width:.2f}"
                )
            )
            continue
        height = (_HEIGHT - 16) * each.number / most
        parts.append(
            Markup('<rect x="{}%" y="{}" width="{}%" height="{}"/>').format(
                f"{x:.2f}", f"{_HEIGHT - height:.1f}", f"{width:.2f}", f"{height:.1f}"
            )
        )
    for at, anchor in _labelled(len(figures)):
        x = {"start": 10.0, "end": 100.0}.get(anchor, 10 + (at + 0.5) * step)
        parts.append(
            Markup('<text text-anchor="{}" x="{}%" y="{}">{}</text>').format(
                anchor, f"{x:.2f}", _HEIGHT + 18, figures[at].label
            )
        )
    return _svg(title, _HEIGHT + _BELOW, parts)


def nice(most: int) -> int:
    """Return the least round number that is not under `most` and can be quartered to read off."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * _LINES >= most:
                return step * power * _LINES
        power *= 10


def _labelled(number: int) -> list[tuple[int, str]]:
    """Return which columns are labelled: the first and the last, and one between where there is room."""
    if number == 0:
        return []
    if number == 1:
        return [(0, "start")]
    between = [(number // 2, "middle")] if number >= _MANY else []
    return [(0, "start"), *between, (number - 1, "end")]


def _svg(title: str, height: int, parts: Sequence[Markup]) -> Markup:
    return Markup('<svg class="chart" role="img" aria-label="{}" width="100%" height="{}">{}</svg>').format(
        escape(title), height, Markup().join(parts)
    )
