"""A lesson's card as A4 pages: what one learns, the steps, the danger in a frame, whom to ask, the way to the bot."""

from collections.abc import Mapping, Sequence

from bot.core.card import Card, Part
from bot.core.lesson import key_of
from bot.paper.page import BODY, WIDTH, Paper

TITLE, LEARN, NUMBER = 25.0, 16.0, 18.0  # points
_GUTTER = 12.0  # millimetres at the left, for the steps' numbers
_PICTURE = 46.0  # width of a picture, at the right
_SQUARE = 36.0  # side of the QR code with its quiet zone
_INSET = 5.0  # of what others say
_GAP = 1.2  # between a step's texts
_RIM = 5.0  # at both sides within a frame
_LOOSE_TO_CLOSE = ((1.3, 4.0), (1.23, 3.2), (1.16, 2.4))  # from line to line in sizes; millimetres between steps
SHEET = 2  # pages, printed on both sides


def card_page(card: Card, pictures: Mapping[int, bytes], link: str = "") -> bytes:
    """Return the card as PDF. `pictures` are PNG by the number of their step; `link` is where the lesson is learnt.

    Lines come closer where that saves a third page: two go on one sheet.
    """
    for leading, between in _LOOSE_TO_CLOSE:
        paper = _drawn(card, pictures, link, leading, between)
        if paper.pages() <= SHEET:
            return paper.done()
        paper.close()
    return _drawn(card, pictures, link, *_LOOSE_TO_CLOSE[0]).done()


def _drawn(card: Card, pictures: Mapping[int, bytes], link: str, leading: float, between: float) -> Paper:
    foot = f"Học Số · {key_of(card.lesson.id)} · {card.checked}"
    paper = Paper(card.title, card.lesson.lang, card.lesson.checked, foot, card.word("page"), leading=leading)
    _head(paper, card, link)
    for part in card.parts:
        paper.gap(between)
        _draw(paper, part, pictures.get(part.number))
    if card.learnt:
        paper.gap(between)
        paper.keep(paper.height(card.learnt.told))
        paper.text(card.learnt.told)
    paper.gap(between)
    _boxed(paper, card.help.label, [card.help.text, *(each.told for each in card.numbers)])
    return paper


def _head(paper: Paper, card: Card, link: str) -> None:
    """Draw the title, what one learns, and the way to the bot."""
    width = WIDTH - (_SQUARE if link else 0)
    top = paper.below
    paper.text(f"**{card.title}**", TITLE, width=width)
    paper.gap(1)
    paper.text(card.learn.told, LEARN, width=width)
    if link:
        paper.square(link, card.word("square", link=link), WIDTH - _SQUARE + 4, top - 4, _SQUARE)
        paper.gap(1)
        paper.below = max(paper.below, top + _SQUARE - 8)
        paper.text(f"**{card.word('link')}** {link}")
    paper.gap(2)
    paper.rule()


def _draw(paper: Paper, part: Part, picture: bytes | None) -> None:
    """Draw a step: its number at the left, its picture at the right, its texts between."""
    if part.kind == "danger":
        _boxed(paper, f"{part.number}. {part.title}", part.texts)
        return
    texts = [(text, _INSET * each.quoted) for text, each in zip(part.texts, part.pieces, strict=True)]
    width = WIDTH - _GUTTER - (_PICTURE + 4 if picture else 0)
    heights = [paper.height(text, BODY, width - inset) for text, inset in texts]
    drawn = paper.picture_height(picture, _PICTURE) if picture else 0
    whole = sum(heights) + _GAP * (len(texts) - 1)
    paper.keep(max(drawn, sum(heights[:2]) + _GAP if part.kind == "scene" else whole))
    top, page = paper.below, paper.pages()
    paper.below = top - paper.lowered(NUMBER) + paper.lowered(BODY)
    paper.text(f"**{part.number}.**", NUMBER, width=_GUTTER)
    if picture:
        alt = part.picture.alt if part.picture else ""
        paper.picture(picture, alt, WIDTH - _PICTURE, top + 1, _PICTURE)
    paper.below = top
    for (text, inset), height in zip(texts, heights, strict=True):
        if paper.below > top:
            paper.gap(_GAP)
        paper.keep(height)
        above, here = paper.below, paper.pages()
        paper.text(text, x=_GUTTER + inset, width=width - inset)
        if inset and paper.pages() == here:
            paper.line(_GUTTER + 1, above + 1, paper.below - 1)
    if paper.pages() == page:
        paper.below = max(paper.below, top + drawn)


def _boxed(paper: Paper, title: str, texts: Sequence[str]) -> None:
    """Set texts apart in a frame."""
    width = WIDTH - 2 * _RIM
    height = sum(paper.height(text, BODY, width) for text in texts) + _GAP * (len(texts) - 1)
    with paper.framed(height, title):
        for number, text in enumerate(texts):
            paper.gap(_GAP * bool(number))
            paper.text(text, x=_RIM, width=width)
