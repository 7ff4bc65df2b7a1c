"""A reply -> the page. Everything shown is escaped here, once, by the templates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.channels.web.assets import ADDRESSES
from bot.channels.web.texts import PreviewTexts, Problem, texts_of
from bot.core.library import FIRST
from bot.core.turn import PART, Reply
from bot.core.wording import spans

if TYPE_CHECKING:
    from bot.channels.web.previewed import Shown

Span = tuple[str, bool]  # a piece, and whether it is bold
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a message; each line becomes a paragraph, which a screen reader reads by itself."""

    kind: Literal["note", "heading", "text"]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of the form: what it sends, and its label."""

    name: str
    value: str
    label: str
    number: int = 0  # from 1: may be typed instead; 0: none


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture: its address, what it shows, and its size on the page in pixels."""

    address: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class View:
    """One page, ready to draw. The first block takes the focus."""

    lang: str
    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...]
    title: str = ""
    step: int = 0
    steps: int = 0
    export: str = ""
    secret: bool = False
    ways: bool = True  # the row of buttons that only makes sense once someone has begun
    write: bool = True  # the field for typing
    back: str = ""  # label of a link to the page without what its address asked for
    clip: str = ""  # address of what is heard; empty: nothing yet
    hear: str = ""  # label of the button that has it said, once or once more; empty: there is no voice
    listens: bool = False
    slow: bool = False
    reads: bool = False  # a volunteer's recording is asked for: a longer one, whatever hears
    picture: Drawn | None = None


def view_of(reply: Reply, notes: Sequence[str] = ()) -> View:
    """Return the page that shows a reply. `notes` are the channel's own and come first."""
    texts = texts_of(reply.lang)
    blocks = [Block("note", _lines(note)) for note in (*notes, *reply.notes)]
    if reply.heading:
        blocks.append(Block("heading", _lines(reply.heading)))
    blocks.append(Block("text", _lines(reply.text)))
    if reply.picture and reply.picture.told:
        blocks.append(Block("text", _lines(f"{texts.picture} {reply.picture.told}")))
    choices = tuple(
        Choice("tap", f"{reply.turn}|{button.code}", button.label, number)
        for number, button in enumerate(reply.buttons, 1)
    )
    return View(
        reply.lang,
        tuple(blocks),
        choices,
        title=reply.heading,
        step=reply.step,
        steps=reply.steps,
        export=reply.export,
        secret=reply.secret,
        ways=reply.turn % PART > 0,
        listens=reply.listens,
        slow=reply.slow,
        reads=reply.reads,
    )


def text_block(text: str) -> Block:
    """Return a text as a part of a message."""
    return Block("text", _lines(text))


def _lines(text: str) -> tuple[Line, ...]:
    return tuple(_pieces(text))


def _pieces(text: str) -> Iterator[Line]:
    line: list[Span] = []
    for piece, bold in spans(text):
        first, *rest = piece.split("\n")
        line.append((first, bold))
        for part in rest:
            yield from _kept(line)
            line = [(part, bold)]
    yield from _kept(line)


def _kept(line: list[Span]) -> Iterator[Line]:
    pieces = tuple((piece, bold) for piece, bold in line if piece)
    if any(piece.strip() for piece, _ in pieces):
        yield pieces


_pages: Final = Environment(
    loader=PackageLoader("bot.channels.web", "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_page = _pages.get_template("page.html")
_problem = _pages.get_template("problem.html")
_preview = _pages.get_template("preview.html")


def draw(  # noqa: PLR0913  all but four have defaults
    view: View, csrf: str, form_id: str, danger: str, speak: str = "", *, voiced: bool = False
) -> str:
    """Return the whole page as HTML.

    `danger` is what someone in danger hears when there is no connection; `speak` says how to speak
    to the page, where it can hear.
    """
    return _page.render(
        view=view,
        lang=view.lang,
        texts=texts_of(view.lang),
        files=ADDRESSES,
        csrf=csrf,
        form_id=form_id,
        danger=_lines(danger),
        speak=_lines(speak),
        voiced=voiced,
    )


def draw_preview(shown: "Shown", lang: str, said: PreviewTexts) -> str:
    """Return a page of the preview as HTML."""
    return _preview.render(shown=shown, lang=lang, texts=texts_of(lang), files=ADDRESSES, words=said)


def sorry(status: int, problem: Problem, lang: str = FIRST, headers: Mapping[str, str] | None = None) -> Response:
    """Return a page that says what didn't work, with the way back."""
    page = _problem.render(problem=problem, lang=lang, texts=texts_of(lang), files=ADDRESSES)
    return HTMLResponse(page, status, headers)
