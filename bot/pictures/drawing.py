"""A phone's screen drawn plainly: the upper part of a frame, a title, rows of words, and a hand at the row to tap.

It looks like no app: whoever learns from it looks for the words, not for a place or a colour.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from bot.core.lesson import PhoneScreen

LOOK = 1  # raise it when the same words are drawn differently: it is part of a picture's address
WIDTH = 1280  # of the drawing; all measures here are in its pixels
FINER = 2  # how many of them make one of the picture, which smooths its edges
SHOWN = 4  # and one of the page: a display with fine pixels shows the picture sharp
COLOURS = 8  # of the palette: black, yellow, grey, white and what smooths their edges

INK, PAPER, TAPPED, BAND = "#111111", "#ffffff", "#ffd84d", "#e9e9e9"
EDGE, FRAME, RADIUS = 40, 24, 120  # around the phone; its rim; its corners
INNER = EDGE + FRAME + 48  # where words' boxes begin
PAD, GAP, LINE = 44, 44, 100  # in a box; between boxes; from line to line
TITLE_TOP = EDGE + FRAME + 128  # below the loudspeaker
HAND = 208  # room for the hand at the right of each row, which no word gets into
BELOW = 150  # what a hand at the last row needs


@dataclass(frozen=True, slots=True)
class Box:
    """A row of the screen: its lines, from where to where it goes, and whether it is to be tapped."""

    lines: tuple[str, ...]
    top: int
    bottom: int
    tapped: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything of a drawing goes, from its top left."""

    title: tuple[str, ...]
    title_bottom: int
    boxes: tuple[Box, ...]
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height that the picture has on a page."""
        return WIDTH // SHOWN, self.height // SHOWN


@lru_cache(512)
def layout(screen: PhoneScreen) -> Layout:
    """Return where everything goes; a long text takes several lines."""
    title = _lines(screen.title, _font(bold=True), WIDTH - 2 * INNER)
    top = TITLE_TOP + LINE * len(title) + PAD
    title_bottom = top
    boxes = []
    for row in screen.rows:
        tapped = row == screen.tap
        lines = _lines(row, _font(bold=tapped), WIDTH - 2 * INNER - PAD - HAND)
        top += GAP
        bottom = top + 2 * PAD + LINE * len(lines)
        boxes.append(Box(lines, top, bottom, tapped))
        top = bottom
    below = BELOW if boxes[-1].tapped else 2 * GAP
    return Layout(title, title_bottom, tuple(boxes), top + below)


def draw(screen: PhoneScreen) -> bytes:
    """Return the picture as PNG, at most 25 kB."""
    place = layout(screen)
    image = Image.new("RGB", (WIDTH, place.height), PAPER)
    pen = ImageDraw.Draw(image)
    # Only its upper part is seen: the rest would push the buttons below the picture out of sight.
    pen.rounded_rectangle((EDGE, EDGE, WIDTH - EDGE, place.height + RADIUS), RADIUS, PAPER, INK, FRAME)
    pen.rounded_rectangle((WIDTH // 2 - 120, EDGE + 68, WIDTH // 2 + 120, EDGE + 88), 10, INK)
    side = EDGE + FRAME
    pen.rectangle((side, TITLE_TOP - PAD // 2, WIDTH - side, place.title_bottom), BAND)
    pen.line((side, place.title_bottom, WIDTH - side, place.title_bottom), INK, 8)
    _write(pen, place.title, INNER, TITLE_TOP, bold=True)
    for box in place.boxes:
        fill, rim = (TAPPED, 16) if box.tapped else (PAPER, 6)
        pen.rounded_rectangle((INNER, box.top, WIDTH - INNER, box.bottom), 40, fill, INK, rim)
        _write(pen, box.lines, INNER + PAD, box.top + PAD, bold=box.tapped)
    for box in place.boxes:
        if box.tapped:
            _point(pen, WIDTH - INNER - HAND // 2 - 8, (box.top + box.bottom) // 2 - 16)
    return _packed(image)


def _write(pen: ImageDraw.ImageDraw, lines: Sequence[str], left: int, top: int, *, bold: bool) -> None:
    for number, line in enumerate(lines):
        pen.text((left, top + LINE * number + LINE // 2), line, INK, _font(bold=bold), anchor="lm")


def _point(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """Draw a hand whose finger touches this point: finger, fist and thumb, first with their rims."""
    pen.ellipse((x - 68, y - 68, x + 68, y + 68), None, INK, 10)
    for rim, colour in ((12, INK), (0, PAPER)):
        for left, top, right, bottom in ((-26, -16, 26, 160), (-40, 112, 80, 224), (-76, 116, -12, 164)):
            around = (x + left - rim, y + top - rim, x + right + rim, y + bottom + rim)
            pen.rounded_rectangle(around, min(right - left, bottom - top, 72) // 2 + rim, colour)


def _packed(image: Image.Image) -> bytes:
    out = io.BytesIO()
    small = image.reduce(FINER)
    small.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int) -> tuple[str, ...]:
    """Break a text into lines between words; a word that is wider than a line is broken too."""
    lines = [""]
    for word in text.split():
        whole = f"{lines[-1]} {word}".lstrip()
        if font.getlength(whole) <= width:
            lines[-1] = whole
            continue
        lines.append("")
        for letter in word:
            if font.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return tuple(filter(None, lines))


@cache
def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    name = "BeVietnamPro-Bold.ttf" if bold else "BeVietnamPro-Medium.ttf"
    data = files("fontpkg_be_vietnam_pro").joinpath("files", name).read_bytes()
    return ImageFont.truetype(io.BytesIO(data), 76, layout_engine=ImageFont.Layout.BASIC)
