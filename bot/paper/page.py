"""A4 pages as PDF: texts, frames, pictures and QR codes, one below the other. Nothing is ever cut.

All measures are millimetres from the top left, those of letters points.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont
from PIL import Image

from bot.paper.square import square

MARGIN = 14.0
WIDTH = 210.0 - 2 * MARGIN  # of what is printed
BODY = 14.0  # points: the smallest that somebody is to read from the wall
SMALL = 10.5  # points, for what only helpers look for
_FOOT = 6.0  # millimetres kept free below for the line at each page's foot
LEADING = 1.3  # from line to line, in sizes of the letters
_POINT = 25.4 / 72
_FONT = "Be Vietnam Pro"
_FILES = {"": "BeVietnamPro-Regular.ttf", "B": "BeVietnamPro-Bold.ttf"}
_within_number = re.compile(r"(?<=\d) (?=\d)")
_NEVER = "\uf8ff"  # a sign that no text has


class Paper:
    """Pages under way. `below` is where the next thing goes."""

    def __init__(  # noqa: PLR0913  what all its pages have
        self, title: str, lang: str, day: dt.date, foot: str = "", page: str = "", *, leading: float = LEADING
    ) -> None:
        """Begin the first page; each has `foot` at its foot, and which one it is after the word `page`."""
        pdf = self._pdf = _Pdf(fit(foot), page)
        self._leading = leading
        pdf.set_title(title)
        pdf.set_lang(lang)
        pdf.set_creator("Học Số")
        pdf.set_creation_date(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))  # the same words: the same file
        pdf.set_margins(MARGIN, MARGIN)
        pdf.set_auto_page_break(auto=True, margin=MARGIN + _FOOT)
        for style, name in _FILES.items():
            pdf.add_font(_FONT, style, _path(name))
        pdf.c_margin = 0
        pdf.add_page()

    @property
    def below(self) -> float:
        """Where the next thing goes."""
        return self._pdf.get_y()

    @below.setter
    def below(self, y: float) -> None:
        self._pdf.set_y(y)

    @property
    def room(self) -> float:
        """How much of this page is left."""
        return self._pdf.page_break_trigger - self.below

    def height(self, text: str, size: float = BODY, width: float = WIDTH) -> float:
        """Return what a text takes."""
        return self._set(text, size, width, 0, dry=True)

    def text(self, text: str, size: float = BODY, *, x: float = 0, width: float = WIDTH, centred: bool = False) -> None:
        """Write a text, in which `**` is around what is bold, `x` from the margin; it may go on on the next page."""
        self._set(text, size, width, x, dry=False, align="C" if centred else "L")

    def _set(self, text: str, size: float, width: float, x: float, *, dry: bool, align: str = "L") -> float:  # noqa: PLR0913  how it is to look
        pdf = self._pdf
        pdf.set_font(_FONT, "", size)
        if not dry:
            pdf.set_x(MARGIN + x)
        taken = pdf.multi_cell(
            width,
            size * _POINT * self._leading,
            fit(text),
            align=align,
            markdown=True,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
            dry_run=dry,
            output=MethodReturnValue.HEIGHT,
        )
        assert isinstance(taken, float | int)  # noqa: S101  what was asked for above
        return float(taken)

    def lowered(self, size: float) -> float:
        """Return how far below its top a line's letters stand; by it, two sizes stand on one line."""
        return size * _POINT * (self._leading / 2 + 0.3)

    def gap(self, height: float) -> None:
        """Leave room, though never at the head of a page."""
        if self.below > MARGIN:
            self.below = min(self.below + height, self._pdf.page_break_trigger)

    def turn(self) -> None:
        """Begin a page."""
        self._pdf.add_page()

    def keep(self, height: float) -> None:
        """Begin a page unless this much is left on this one; what is higher than a page begins here."""
        if self.room < height <= self._pdf.page_break_trigger - MARGIN:
            self._pdf.add_page()

    @contextmanager
    def framed(self, height: float, title: str, size: float = BODY) -> Iterator[None]:
        """Set apart what is written within, `height` in all: a frame with a title in white on black."""
        pdf, bar = self._pdf, self.height(title, size) + 2
        self.keep(height + bar + 5)
        top = self.below
        pdf.set_fill_color(0)
        pdf.rect(MARGIN, top, WIDTH, bar, style="F")
        pdf.set_text_color(255)
        self.below = top + 1
        self.text(f"**{title}**", size, x=4)
        pdf.set_text_color(0)
        self.below = top + bar + 2
        yield
        pdf.set_line_width(1)
        pdf.rect(MARGIN + 0.5, top + 0.5, WIDTH - 1, self.below + 2 - top, style="D")
        self.below += 3

    def line(self, x: float, top: float, bottom: float) -> None:
        """Draw an upright line beside what stands between the two heights of this page."""
        self._pdf.set_line_width(1)
        self._pdf.line(MARGIN + x, top, MARGIN + x, bottom)

    def rule(self) -> None:
        """Draw a line across the page."""
        self._pdf.set_line_width(0.6)
        self._pdf.line(MARGIN, self.below, MARGIN + WIDTH, self.below)

    def wide(self, text: str, size: float = BODY) -> float:
        """Return how wide a text is on one line."""
        self._pdf.set_font(_FONT, "", size)
        return float(self._pdf.get_string_width(fit(text), markdown=True))

    def box(self, x: float, y: float, width: float, height: float, *, grey: int | None = None) -> None:
        """Draw a rectangle: filled with a grey from 0 (black) to 255 (white), or else a thin frame."""
        if grey is None:
            self._pdf.set_line_width(0.2)
            self._pdf.rect(MARGIN + x, y, width, height, style="D")
        else:
            self._pdf.set_fill_color(grey)
            self._pdf.rect(MARGIN + x, y, width, height, style="F")

    @staticmethod
    def picture_height(png: bytes, width: float) -> float:
        """Return how high a picture is that is so wide."""
        with Image.open(io.BytesIO(png)) as image:
            return width * image.height / image.width

    def picture(self, png: bytes, alt: str, x: float, y: float, width: float) -> None:
        """Draw a picture, `x` from the margin; `alt` is read to whoever doesn't see it."""
        self._pdf.image(io.BytesIO(png), MARGIN + x, y, width, alt_text=alt)

    def square(self, link: str, alt: str, x: float, y: float, side: float) -> None:
        """Draw a QR code, which can be tapped too; `side` is with the four modules around it that stay white."""
        self._pdf.image(io.BytesIO(square(link)), MARGIN + x, y, side, side, alt_text=alt, link=link)

    def pages(self) -> int:
        """Return how many there are by now."""
        return self._pdf.pages_count

    def done(self) -> bytes:
        """Return the file; nothing more can be drawn."""
        try:
            return bytes(self._pdf.output())
        finally:
            self.close()

    def close(self) -> None:
        """Close the fonts' files: for pages that nobody wants."""
        _close(self._pdf)


class _Pdf(FPDF):
    """Knows of bold only, and of what stands at each page's foot."""

    MARKDOWN_ITALICS_MARKER = MARKDOWN_STRIKETHROUGH_MARKER = MARKDOWN_UNDERLINE_MARKER = _NEVER * 2
    MARKDOWN_MARKERS = (FPDF.MARKDOWN_BOLD_MARKER, _NEVER * 2, _NEVER * 2, _NEVER * 2)
    MARKDOWN_ESCAPE_CHARACTER = _NEVER

    def __init__(self, foot: str, page: str) -> None:
        super().__init__("portrait", "mm", "A4")
        self._foot = foot
        self._page = page

    def footer(self) -> None:
        self.set_font(_FONT, "", SMALL)
        self.set_y(-MARGIN - 3)
        self.cell(WIDTH, 4, f"{self._foot} {self._page} {self.page_no()}/{{nb}}" if self._page else self._foot)


def fit(text: str) -> str:
    """Return the text without signs that can't be printed, such as emoji; a phone number stays on one line."""
    lost = lacking(text)
    return _within_number.sub("\N{NO-BREAK SPACE}", "".join(each for each in text if each not in lost))


def lacking(text: str) -> str:
    """Return the signs of a text that the font doesn't have, each once."""
    return "".join(dict.fromkeys(each for each in text if each != "\n" and ord(each) not in _letters()))


@cache
def _letters() -> frozenset[int]:
    pdf = FPDF()
    pdf.add_font(_FONT, "", _path(_FILES[""]))
    found = frozenset(letter for font in _inside(pdf) for letter in font.cmap)
    _close(pdf)
    return found


def _close(pdf: FPDF) -> None:
    for font in _inside(pdf):
        font.close()


def _inside(pdf: FPDF) -> list[TTFFont]:
    return [font for font in pdf.fonts.values() if isinstance(font, TTFFont)]


def _path(name: str) -> Path:
    return Path(str(files("fontpkg_be_vietnam_pro").joinpath("files", name)))
