"""Teams' posters, each an A4 page for a wall: names large, three steps, squares to scan, the code to type."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import cache

from bot.core.poster import ABOUT_CODE, BY_HAND, HEAD, PROMISE, Poster, note
from bot.paper.page import BODY, WIDTH, Paper

_HEAD, _COMMUNE, _STEP, _NAME, _CODE = 24.0, 24.0, 17.0, 18.0, 44.0  # points
_TEAM = (46.0, 38.0, 32.0, 27.0, 22.0)  # the largest that fits
_SIDES = (54.0, 46.0, 38.0)  # millimetres of a square with its white rim; the largest that fits
_NUMBER = 10.0  # millimetres at the left, for the steps' numbers
_RIM = 5.0  # at both sides within the frame
_GAP = 3.0

Height = Callable[[str, float, float], float]


def poster_pages(posters: Iterable[Poster], day: dt.date) -> bytes:
    """Return the posters as one PDF, a page each, in their order."""
    paper = Paper("Học Số: tờ dán của tổ", "vi", day)
    height = cache(paper.height)  # most texts are the same on every page
    for number, each in enumerate(posters):
        if number:
            paper.turn()
        _draw(paper, each, height)
    return paper.done()


def _sizes(poster: Poster, height: Height, room: float) -> tuple[float, float]:
    """Return the size of the team's name, and the side of the squares, with which all is on one page."""
    for side in _SIDES:
        for size in _TEAM:
            if _whole(poster, height, size, side) <= room:
                return size, side
    return _TEAM[-1], _SIDES[-1]


def _whole(poster: Poster, height: Height, size: float, side: float) -> float:
    inner, column = WIDTH - 2 * _RIM, WIDTH / len(poster.ways)
    names = height(HEAD, _HEAD, WIDTH) + height(f"**{poster.team}**", size, WIDTH)
    names += height(poster.commune, _COMMUNE, WIDTH)
    steps = sum(height(each, _STEP, WIDTH - _NUMBER) + 1 for each in poster.steps)
    squares = side + height("Z", _NAME, column) + max(height(note(each), BODY, column) for each in poster.ways)
    texts = (*poster.by_hand, ABOUT_CODE)
    box = sum(height(each, BODY, inner) for each in texts) + height(poster.code, _CODE, inner)
    box += height(BY_HAND, _NAME, WIDTH) + 7  # the title's bar, and the room within
    return names + steps + squares + box + height(PROMISE, BODY, WIDTH) + 5 * _GAP


def _draw(paper: Paper, poster: Poster, height: Height) -> None:
    size, side = _sizes(poster, height, paper.room)
    paper.text(HEAD, _HEAD)
    paper.text(f"**{poster.team}**", size)
    paper.text(poster.commune, _COMMUNE)
    paper.gap(_GAP)
    paper.rule()
    paper.gap(_GAP)
    for number, step in enumerate(poster.steps, 1):
        top = paper.below
        paper.text(f"**{number}.**", _STEP, width=_NUMBER)
        paper.below = top
        paper.text(step, _STEP, x=_NUMBER, width=WIDTH - _NUMBER)
        paper.gap(1)
    paper.gap(_GAP)
    _squares(paper, poster, side)
    paper.gap(_GAP)
    _code(paper, poster, height)
    paper.gap(_GAP)
    paper.text(PROMISE)


def _squares(paper: Paper, poster: Poster, side: float) -> None:
    column, top, bottom = WIDTH / len(poster.ways), paper.below, paper.below
    for number, way in enumerate(poster.ways):
        x = column * number
        paper.square(way.link, f"{way.name}: {way.link}", x + (column - side) / 2, top, side)
        paper.below = top + side
        paper.text(f"**{way.name}**", _NAME, x=x, width=column, centred=True)
        paper.text(note(way), x=x, width=column, centred=True)
        bottom = max(bottom, paper.below)
    paper.below = bottom


def _code(paper: Paper, poster: Poster, height: Height) -> None:
    inner = WIDTH - 2 * _RIM
    texts = (*poster.by_hand, ABOUT_CODE)
    whole = sum(height(each, BODY, inner) for each in texts) + height(poster.code, _CODE, inner)
    with paper.framed(whole, BY_HAND, _NAME):
        for each in poster.by_hand:
            paper.text(each, x=_RIM, width=inner)
        paper.text(f"**{poster.code}**", _CODE, x=_RIM, width=inner, centred=True)
        paper.text(ABOUT_CODE, x=_RIM, width=inner)
