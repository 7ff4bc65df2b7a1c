"""Voice: a clip that follows its text as an address Zalo fetches, and a learner's voice note fetched and heard.

Zalo takes no uploads, so clips stand under PUBLIC_URL. Their names can't be guessed: each is sealed with a
key that only the bot's processes have. Nothing is stored for it but the words, as for the web page.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import httpx
import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.zalo_bot.client import failed
from bot.core.turn import Event, Unheard
from bot.voice import aac
from bot.voice.hearing import Hearing
from bot.voice.voice import Speech, Voice
from bot.webhooks import ZALO_BOT_CLIPS

log = structlog.get_logger()

LATE = 60.0  # seconds after which a clip isn't sent any more
MOST_BYTES = 2_000_000  # of a voice note
FETCH_SECONDS = 20.0  # for one, all in all
SEAL = 32  # hexadecimal digits
HEADERS: Final = {"Cache-Control": "public, max-age=86400", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}

# Sends into a chat, when it is its turn, the clip at an address; just before that it calls what comes third.
Send = Callable[[str, str, Callable[[], object]], Awaitable[None]]


class Clips:
    """Names clips, and hands them to Zalo. `public` is our own address."""

    def __init__(self, voice: Voice, public: str, secret: str) -> None:
        self._voice = voice
        self._public = public
        self._key = hashlib.blake2b(secret.encode(), person=b"zalo-bot clips", digest_size=32).digest()

    async def name(self, speech: Speech) -> str:
        """Return the public address of a clip that is there; empty where there is none."""
        clip = await self._voice.clip(speech, "aac")
        if clip is None:
            return ""
        address = await self._voice.keep(speech)
        return f"{self._public}{ZALO_BOT_CLIPS}{address}{self._seal(address)}.aac"

    async def size(self, speech: Speech) -> int:
        """Return about how many kB a clip will have; AAC takes twice what Opus does."""
        return max(1, round(await self._voice.size(speech) * aac.KBIT / self._voice.kbit / 1000))

    async def page(self, request: Request) -> Response:
        """Answer with a clip: 200, 404, and 503 where no engine can say it now."""
        name = request.path_params["name"]
        address, seal = name[:-SEAL], name[-SEAL:]
        if not hmac.compare_digest(seal.encode(), self._seal(address).encode()):
            return Response(status_code=404)
        try:
            speech = await self._voice.kept(address)
        except ValueError:
            speech = None
        if speech is None:
            return Response(status_code=404)
        clip = await self._voice.clip(speech, "aac")
        if clip is None:
            return Response(status_code=503, headers={"Retry-After": "60"})
        return Response(clip.data, headers=HEADERS, media_type="audio/aac")

    def _seal(self, address: str) -> str:
        return hmac.new(self._key, address.encode(), "sha256").hexdigest()[:SEAL]


class Speaking:
    """Has clips follow their texts, unless the learner has gone on meanwhile."""

    def __init__(self, clips: Clips, send: Send) -> None:
        self.clips = clips
        self._send = send
        self._late: dict[str, asyncio.Task[None]] = {}  # by chat
        self._sending: set[asyncio.Task[None]] = set()

    def gone_on(self, chat: str) -> None:
        """Send no clip of what was answered before."""
        if late := self._late.pop(chat, None):
            late.cancel()

    def follow(self, chat: str, speech: Speech) -> None:
        """Send a clip once it is made."""

        async def later() -> None:
            try:
                url = await asyncio.wait_for(self.clips.name(speech), LATE)
                if url:  # once it is its turn it comes to its end; until then the learner may go on
                    await self._send(chat, url, lambda: self._late.pop(chat, None))
                else:
                    failed("not spoken")
            except TimeoutError:
                failed("clip late")
            except Exception:  # whatever it is, the learner has the text
                log.exception("a clip can't be sent")
                failed("not spoken")
            finally:
                if self._late.get(chat) is task:
                    del self._late[chat]

        self.gone_on(chat)
        self._late[chat] = task = asyncio.create_task(later())
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Send no more."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)


class Listening:
    """Fetches voice notes from `hosts` (each with all below it) and hears them; they are never stored.

    A host with a scheme and port (http://127.0.0.1:8081) is one of a test: taken as it stands.
    """

    def __init__(
        self, ear: Hearing | None, hosts: tuple[str, ...], lang: str, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._ear, self._hosts, self._lang = ear, hosts, lang
        self._http = httpx.AsyncClient(transport=transport, timeout=FETCH_SECONDS, follow_redirects=False)

    async def heard(self, url: str) -> Event:
        """Return what was said there, or why nothing was heard."""
        if self._ear is None or self._ear.lacks:
            return Unheard("no ear")
        raw = await self.fetched(url)
        return raw if isinstance(raw, Unheard) else await self._ear.hear(raw, self._lang)

    async def fetched(self, url: str) -> bytes | Unheard:
        """Return the bytes of a voice note, or why there are none."""
        if not self.allowed(url):
            log.warning("a voice note lies on a host that isn't known; its name may be added to voice_hosts")
            failed("strange host")
            return Unheard("not audio")
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                raw = await self._fetched(url)
        except (httpx.HTTPError, httpx.InvalidURL, OSError):  # TimeoutError is such
            failed("sound not fetched")
            return Unheard("busy")
        if raw is None:
            return Unheard("too long")
        return raw or Unheard("not audio")

    def allowed(self, url: str) -> bool:
        """Whether something may be fetched from there."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return False
        if f"{parts.scheme}://{parts.netloc}" in self._hosts:
            return True
        near = any(host == each or host.endswith(f".{each}") for each in self._hosts)
        return near and parts.scheme == "https" and port in {None, 443} and "@" not in parts.netloc

    async def _fetched(self, url: str) -> bytes | None:
        """Return the bytes; None where there are too many, b"" where there is nothing any more."""
        async with self._http.stream("GET", url) as answer:
            if answer.status_code != HTTPStatus.OK:
                failed("sound not fetched")
                return b""
            raw = b""
            async for piece in answer.aiter_bytes():
                raw += piece
                if len(raw) > MOST_BYTES:
                    return None
            return raw

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()
