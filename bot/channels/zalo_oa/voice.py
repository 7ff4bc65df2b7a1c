"""The voice on an Official Account: a link to a clip for those who listen, and recordings that are heard.

Zalo takes no sound from an Official Account, so the clip stays on our own address, where it is made
when somebody opens it. What people send is fetched from Zalo's own hosts only, and never kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog

from bot.channels import TryLater
from bot.channels.zalo_oa.client import Client, failed
from bot.channels.zalo_oa.texts import HEAR, HEAR_SIZE
from bot.channels.zalo_oa.update import Heard
from bot.core.library import FIRST, Library
from bot.core.turn import Event, Reply, Unheard
from bot.voice.guess import rounded
from bot.voice.hearing import Hearing
from bot.voice.voice import Voice, speech_of

log = structlog.get_logger()

MOST_BYTES = 2_000_000  # of a recording
ZALO_HOSTS = ("zdn.vn", "zadn.vn", "dlfl.vn")  # with all below them


@dataclass(frozen=True, slots=True)
class Speaking:
    """Tells where a reply can be heard: `public` is the address of our own pages, without a slash at its end."""

    voice: Voice
    public: str

    async def link(self, reply: Reply, library: Library) -> str:
        """Return a line with the address of the clip; empty where it isn't to be heard, or can't be."""
        if not reply.aloud or reply.export or reply.failed:
            return ""
        try:
            address = await self.voice.keep(speech_of(reply, library))
        except Exception:  # whatever it is, the learner must get the text
            log.exception("a reply can't be heard on zalo")
            failed("not spoken")
            return ""
        return HEAR.get(reply.lang, HEAR[FIRST]).format(url=f"{self.public}/voice/{address}.mp3")

    async def label(self, reply: Reply, library: Library) -> str:
        """Return the label of the button that has the reply said; whoever saves data is told how much it will be."""
        if not (reply.saver and reply.hear_label):
            return reply.hear_label
        try:
            size = rounded(await self.voice.size(speech_of(reply, library)))
        except Exception:  # likewise
            log.exception("a reply's size can't be told")
            return reply.hear_label
        return HEAR_SIZE.get(reply.lang, HEAR_SIZE[FIRST]).format(label=reply.hear_label, size=size)


@dataclass(frozen=True, slots=True)
class Listening:
    """Hears recordings that Zalo keeps on these hosts, and below them."""

    client: Client
    ear: Hearing | None
    hosts: tuple[str, ...] = field(default=ZALO_HOSTS)

    async def hear(self, heard: Heard, lang: str) -> Event:
        """Return what was said. Never raises for what a learner sends."""
        if self.ear is None or self.ear.lacks:
            return Unheard("no ear")
        raw = await self.fetched(heard)
        return raw if isinstance(raw, Unheard) else await self.ear.hear(raw, lang)

    async def fetched(self, heard: Heard) -> bytes | Unheard:
        """Return the bytes of a recording, or why there are none."""
        if heard.size > MOST_BYTES:
            return Unheard("too long")
        if not allowed(heard.sound, self.hosts):
            failed("strange host")
            log.warning("a recording lies on a host that isn't Zalo's; it is not fetched", host=_host(heard.sound))
            return Unheard("not audio")
        try:
            raw = await self.client.download(heard.sound, MOST_BYTES)
        except TryLater as error:
            failed("sound away")
            log.warning("a recording can't be fetched", why=str(error))
            return Unheard("busy")
        return raw or Unheard("not audio")


def allowed(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address is one of these hosts', or below them, over https; this machine's own needs none."""
    host = _host(url)
    try:
        parts = urlsplit(url)
        named = bool(parts.username or parts.password) or (parts.port not in {None, 443} and host != "127.0.0.1")
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and host == "127.0.0.1")
    return safe and not named and any(host == each or host.endswith(f".{each}") for each in hosts)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
