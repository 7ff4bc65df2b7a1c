"""Drawing the office's pages."""

from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.channels.web.assets import ADDRESSES
from bot.core.access import Person, may
from bot.office.texts import LANGS, Problem, texts_of

_pages: Final = Environment(
    loader=PackageLoader("bot.office", "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page has around it. `here` is its own address, `asked` what stood behind it but for the language."""

    lang: str
    person: Person | None = None
    csrf: str = ""
    here: str = ""
    asked: str = ""

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """The addresses and labels of the pages that this person may see."""
        if self.person is None:
            return ()
        said = texts_of(self.lang)
        all_ways = (
            ("figures", "/office/", said.overview),
            ("lessons", "/office/lessons", said.lessons),
            ("editor", "/office/editor", said.editor),
            ("group", "/office/group", said.group_people),
            ("voices", "/office/voices", said.voices),
            ("people", "/office/people", said.people),
            ("audit", "/office/audit", said.audit),
            ("account", "/office/account", said.account),
        )
        return tuple((address, label) for name, address, label in all_ways if may(self.person, name))


def draw(frame: Frame, name: str, status: int = 200, /, **parts: Any) -> Response:  # noqa: ANN401  a template's
    """Return a page."""
    page = _pages.get_template(f"{name}.html")
    other = next(lang for lang in LANGS if lang != frame.lang)
    html = page.render(frame=frame, said=texts_of(frame.lang), files=ADDRESSES, other=other, **parts)
    return HTMLResponse(html, status)


def sorry(frame: Frame, problem: Problem, status: int) -> Response:
    """Return a page that says what didn't work, and what to do."""
    return draw(frame, "sorry", status, problem=problem)
