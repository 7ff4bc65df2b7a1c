"""The ways by which people come to the bot from paper: an address on Telegram, on Zalo, on the web."""

import re
from typing import Annotated, NamedTuple

from pydantic import AfterValidator

from bot.core.teams import LINK
from bot.core.yaml_file import fault

LONGEST = 60  # characters of an address: a poster has no room for more, and old cameras see no finer square
_bot = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{4,31})")
_address = re.compile(r"https?://[^\s/*\"<>?#]+(/[^\s*\"<>?#]*)?")
_at_home = re.compile(r"https?://(localhost|127\.|\[::1\]|0\.0\.0\.0)")


def check_bot(text: str) -> str:
    """Return a Telegram bot's name without its @; raise what tells that it is none."""
    found = _bot.fullmatch(text)
    if text and not found:
        raise fault("bad-bot-name", value=text)
    return found[1] if found else ""


def check_address(text: str) -> str:
    """Return the address of a page; raise what tells that it can't be printed."""
    if text and (not _address.fullmatch(text) or len(text) > LONGEST):
        raise fault("bad-zalo-link", value=text, limit=LONGEST)
    return text


BotName = Annotated[str, AfterValidator(check_bot)]
Address = Annotated[str, AfterValidator(check_address)]


class Way(NamedTuple):
    """One way to the bot, for one team."""

    name: str  # of the square, for people
    link: str  # what the square holds
    shown: str  # what is typed or looked for by those who don't scan
    joins: bool  # whether the link tells the team; else its code must be typed


class Ways(NamedTuple):
    """All ways there are; empty where there is none."""

    telegram: str = ""  # the bot's name
    zalo: str = ""  # an address
    web: str = ""  # the address of the page

    def to(self, code: str) -> list[Way]:
        """Return the ways that lead to a team, those most people have first."""
        found = []
        if self.zalo:
            found.append(Way("Zalo", self.zalo, _bare(self.zalo), joins=False))
        if self.web:
            found.append(Way("Trang web", f"{self.web.rstrip('/')}/?to={code}", _bare(self.web), joins=True))
        if self.telegram:
            link = f"https://t.me/{self.telegram}?start={LINK}{code}"
            found.append(Way("Telegram", link, f"@{self.telegram}", joins=True))
        return found


def reachable(address: str) -> bool:
    """Whether a phone that scans this address can come there."""
    return bool(_address.fullmatch(address)) and len(address) <= LONGEST and not _at_home.match(address)


def _bare(address: str) -> str:
    return address.partition("://")[2].rstrip("/")
