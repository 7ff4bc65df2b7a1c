"""A lesson's card as one HTML page that needs nothing else: to be read, sent, enlarged or printed from a browser."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.core.card import Card
from bot.core.wording import spans
from bot.paper.square import square

_page: Final = Environment(
    loader=PackageLoader("bot.paper", "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("card.html")


def card_html(card: Card, pictures: Mapping[int, bytes], link: str = "") -> str:
    """Return the card as HTML. `pictures` are PNG by the number of their step; `link` is where the lesson is learnt."""
    inside = {number: _inside(png) for number, png in pictures.items()}
    return _page.render(
        card=card, pictures=inside, link=link, square=_inside(square(link)) if link else "", spans=spans
    )


def _inside(png: bytes) -> str:
    """Return an address that holds the picture itself."""
    return f"data:image/png;base64,{b64encode(png).decode()}"
