"""A report of figures on one A4 page: tables, a chart of weeks, what the figures mean, and where it is signed."""

import datetime as dt
from dataclasses import replace
from typing import Final

from bot.paper.page import WIDTH, Paper
from bot.paper.report import Columns, Grid, Report

TEXT: Final = 11.0  # points: nothing on the page is smaller
_TITLE: Final = 20.0
_HEAD: Final = 13.0
_PAD: Final = 1.6  # millimetres between a cell's edge and its text
_CHART: Final = 26.0  # height of the columns
_BESIDE: Final = 8.0  # between what stands beside one another
_SIGNED: Final = 34.0  # height of the place for signatures
_LINES: Final = ((1.3, 3.5), (1.2, 2.5), (1.12, 1.8))  # from line to line in sizes; millimetres between parts


def report_page(report: Report, day: dt.date) -> bytes:
    """Return it as PDF, made on a day. For one page lines come closer, then the third table is left out."""
    for third in (report.third, None):
        for leading, between in _LINES:
            paper = _drawn(replace(report, third=third), day, leading, between)
            if paper.pages() == 1:
                return paper.done()
            paper.close()
    return _drawn(replace(report, third=None), day, *_LINES[-1]).done()


def _drawn(report: Report, day: dt.date, leading: float, between: float) -> Paper:
    paper = Paper(f"{report.title}: {report.area}", "vi", day, leading=leading)
    paper.text(f"**{report.title}**", _TITLE)
    paper.text(f"**{report.area}**", _HEAD + 2)
    paper.gap(1)
    for line in report.lines:
        paper.text(line, TEXT)
    if report.warning:
        title, text = report.warning
        paper.gap(1.5)
        with paper.framed(paper.height(text, TEXT, WIDTH - 8), title, _HEAD):
            paper.text(text, TEXT, x=4, width=WIDTH - 8)
    paper.gap(between)
    top, half = paper.below, (WIDTH - _BESIDE) * 0.58
    _table(paper, report.first, 0, half)
    below = paper.below
    paper.below = top
    _chart(paper, report.chart, half + _BESIDE, WIDTH - half - _BESIDE)
    paper.below = max(paper.below, below)
    for grid in (report.second, report.third):
        if grid:
            paper.gap(between)
            _table(paper, grid, 0, WIDTH)
    paper.gap(between)
    if report.instead and not report.third:
        paper.text(report.instead, TEXT)
    for note in report.notes:
        paper.text(note, TEXT)
    paper.gap(between)
    _signatures(paper, report)
    return paper


def _table(paper: Paper, grid: Grid, x: float, width: float) -> None:
    paper.text(f"**{grid.title}**", _HEAD, x=x, width=width)
    paper.gap(0.8)
    whole = sum(grid.shares)
    widths = [width * share / whole for share in grid.shares]
    for number, row in enumerate((grid.heads, *grid.rows)):
        cells = [
            _lines(paper, cell, wide - 2 * _PAD, bold=not number or not at)
            for at, (cell, wide) in enumerate(zip(row, widths, strict=True))
        ]
        line = paper.height("0", TEXT)
        high = max(map(len, cells)) * line + 1.2
        paper.keep(high)
        top, left = paper.below, x
        if not number:
            paper.box(x, top, width, high, grey=226)
        for at, (lines, wide) in enumerate(zip(cells, widths, strict=True)):
            paper.below = top + (high - len(lines) * line) / 2
            for each in lines:
                its = paper.wide(each, TEXT)
                paper.text(each, TEXT, x=left + (wide - _PAD - its if at else _PAD), width=its + 0.5)
            paper.box(left, top, wide, high)
            left += wide
        paper.below = top + high


def _lines(paper: Paper, text: str, width: float, *, bold: bool) -> list[str]:
    """Cut a text into lines of at most this width; a word that is wider has a line to itself."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and paper.wide(f"**{longer}**", TEXT) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [f"**{each}**" if bold else each for each in lines or [""]]


def _chart(paper: Paper, chart: Columns, x: float, width: float) -> None:
    """Draw a column for each point; of the highest and of the last it is told how many."""
    paper.text(f"**{chart.title}**", _HEAD, x=x, width=width)
    paper.gap(0.8)
    row = paper.height("0", TEXT)
    foot = paper.below + row + _CHART
    most = max([number or 0 for _, _, number in chart.points], default=0) or 1
    step = width / max(len(chart.points), 1)
    last = len(chart.points) - 1
    highest = max(range(last + 1), key=lambda at: chart.points[at][2] or 0, default=0)
    for at, (_, told, number) in enumerate(chart.points):
        high = _CHART * (number or 0) / most
        left = x + at * step + step * 0.12
        if number is None:
            paper.box(left, foot - 1.5, step * 0.76, 1.5)
        elif number:
            paper.box(left, foot - high, step * 0.76, high, grey=90)
        if number and (at == highest or (at == last and last - highest > 1)):
            wide = paper.wide(told, TEXT)
            middle = min(max(x + (at + 0.5) * step - wide / 2, x), x + width - wide)
            paper.below = foot - high - row
            paper.text(told, TEXT, x=middle, width=wide + 0.5)
    paper.box(x, foot, width, 0.3, grey=0)
    for at in sorted({0, last}) if chart.points else ():
        label = chart.points[at][0]
        wide = paper.wide(label, TEXT)
        paper.below = foot + 0.6
        paper.text(label, TEXT, x=x if not at else x + width - wide, width=wide + 0.5)


def _signatures(paper: Paper, report: Report) -> None:
    paper.keep(_SIGNED)
    top, half = paper.below, WIDTH / 2
    wide = paper.wide(report.place, TEXT)
    paper.text(report.place, TEXT, x=WIDTH - half / 2 - wide / 2, width=wide + 0.5)
    below = paper.below
    for at, (who, how) in enumerate(report.signatures):
        paper.below = below
        for text in (f"**{who}**", how):
            wide = paper.wide(text, TEXT)
            paper.text(text, TEXT, x=at * half + (half - wide) / 2, width=wide + 0.5)
    paper.below = top + _SIGNED
