"""Calls to Zalo's Bot Platform; every way they fail is one of a few (`bot.channels`, and two of our own).

The token stands in each address, so no error from here is raised from httpx's, which name the address.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from bot import metrics
from bot.channels import Refused, TryLater, Unreachable
from bot.channels.zalo_bot.wires import ANSWER_SECONDS, Answered, Lost, Wires

PAUSE = 2.0  # seconds after a network fault or a fault of Zalo's
POLL_SECONDS = 30  # that Zalo holds a call for updates open
POLL_PATIENCE = 10.0  # seconds more until it is given up
MOST_SHOWN = 200  # characters of what Zalo says in an error


def failed(kind: str) -> None:
    """Count a failure."""
    metrics.FAILURES.labels("zalo-bot", kind).inc()


class BadToken(Exception):
    """Zalo doesn't know the token, or no longer."""


class UsedUp(Exception):
    """Zalo takes no more for now (429): most likely, the month's messages."""


class Unknown(TryLater):
    """No answer came to what was sent: it may have been carried out or not."""


_NONE = msgspec.Raw(b"")


class _Envelope(msgspec.Struct):
    """What comes back. A code may stand under either name, as a number or as text."""

    ok: bool = False
    result: msgspec.Raw = _NONE
    error_code: int | str = 0
    errorCode: int | str = 0  # noqa: N815  Zalo's
    description: str = ""

    @property
    def code(self) -> int:
        """The error's code; 0 where it is none."""
        said = str(self.error_code or self.errorCode)
        return int(said) if said.isdecimal() else 0


class Verification(msgspec.Struct):
    """What Zalo found when it tried a webhook."""

    ok: bool = True
    outcome: str = ""
    hint: str = ""


class HookSet(msgspec.Struct):
    """What setWebhook returns: the address is kept whatever its verification came to."""

    url: str = ""
    verification: Verification | None = None


class Me(msgspec.Struct):
    """The bot."""

    id: str = ""
    account_name: str = ""


class Client:
    """One bot at one server; `base` is the server's address. `gone` are the codes that mean a learner is gone."""

    def __init__(
        self,
        token: str,
        base: str,
        gone: frozenset[int] = frozenset(),
        transport: httpx.AsyncBaseTransport | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        for name in ("httpx", "httpcore"):  # their log lines name the address
            logging.getLogger(name).setLevel(logging.WARNING)
        self._gone = gone
        self._token = token
        self._base = f"{base}/bot{token}/"
        self._http = httpx.AsyncClient(transport=transport, timeout=seconds, follow_redirects=False)
        self._raw = Wires(base, seconds) if transport is None else None
        self._path = f"{urlsplit(base).path}/bot{token}/".encode()

    def __repr__(self) -> str:
        return "<Client of a Zalo bot>"

    async def send(self, chat: str, text: str) -> None:
        """Send a text. Raises as `call` does."""
        await self.call("sendMessage", {"chat_id": chat, "text": text})

    async def send_voice(self, chat: str, url: str) -> None:
        """Send a clip by its public address, which ends with .aac. Raises as `call` does."""
        await self.call("sendVoice", {"chat_id": chat, "voice_url": url})

    async def call(self, method: str, fields: dict[str, Any]) -> bytes:
        """Make one call; returns its result as JSON, empty where it has none.

        Raises BadToken, UsedUp, Unreachable, Refused, TryLater (nothing was done) and Unknown (it may have been).
        """
        return self._result(await self._posted(method, msgspec.json.encode(fields)))

    async def updates(self) -> bytes | None:
        """Wait for one update, as JSON; None where none came. Raises as `call` does."""
        try:
            answered = await self._by_httpx(
                "getUpdates", msgspec.json.encode({"timeout": POLL_SECONDS}), POLL_SECONDS + POLL_PATIENCE
            )
            result = self._result(answered)
        except TryLater as error:
            if isinstance(error, _Idle):
                return None
            raise
        return result or None

    async def set_webhook(self, url: str, secret: str) -> HookSet:
        """Have updates brought there. Raises as `call` does."""
        return _as(HookSet, await self.call("setWebhook", {"url": url, "secret_token": secret})) or HookSet()

    async def me(self) -> Me:
        """Tell who the bot is. Raises as `call` does."""
        return _as(Me, await self.call("getMe", {})) or Me()

    async def webhook(self) -> str:
        """Return where updates are brought to; empty where nowhere. Raises as `call` does."""
        try:
            found = _as(HookSet, await self.call("getWebhookInfo", {}))
        except Refused as error:
            if error.code == httpx.codes.NOT_FOUND:
                return ""
            raise
        return found.url if found else ""

    async def _posted(self, method: str, body: bytes) -> Answered:
        if self._raw is None or method != "sendMessage":
            return await self._by_httpx(method, body, None)
        try:
            return await self._raw.post(self._path + method.encode(), body)
        except Lost as lost:
            sent = lost.sent
        if sent:
            raise Unknown(PAUSE, "Zalo gave no answer")
        raise TryLater(PAUSE, "Zalo can't be reached")

    async def _by_httpx(self, method: str, body: bytes, seconds: float | None) -> Answered:
        more: dict[str, Any] = {} if seconds is None else {"timeout": httpx.Timeout(ANSWER_SECONDS, read=seconds)}
        headers = {"content-type": "application/json"}
        sure = False
        try:
            found = await self._http.post(self._base + method, content=body, headers=headers, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            sure = True
        except (httpx.HTTPError, OSError):
            pass
        else:
            return Answered(found.status_code, found.content)
        if sure:
            raise TryLater(PAUSE, "Zalo can't be reached")
        raise Unknown(PAUSE, "Zalo gave no answer")

    def _result(self, answered: Answered) -> bytes:
        try:
            envelope = _envelope.decode(answered.body)
        except msgspec.DecodeError:  # a proxy's page, most often
            if answered.status == httpx.codes.UNAUTHORIZED:
                raise BadToken("Zalo doesn't know the bot's token") from None
            raise Unknown(PAUSE, f"something else than Zalo answered, with {answered.status}") from None
        if envelope.ok:
            return bytes(envelope.result)
        raise self._refused(
            envelope.code or answered.status, envelope.description[:MOST_SHOWN].replace(self._token, "***")
        )

    def _refused(self, code: int, words: str) -> Exception:
        """Return what a refusal is raised as."""
        match code:
            case 401:
                return BadToken("Zalo doesn't know the bot's token")
            case 429:
                return UsedUp(words)
            case 408:
                return _Idle(PAUSE, words)
            case _ if code in self._gone:
                return Unreachable(words)
            case 403 | 500 | 502 | 503 | 504:  # 403 is documented as an internal error
                return TryLater(PAUSE, f"Zalo has a fault: {code} {words}")
            case _:
                return Refused(code, words)

    async def close(self) -> None:
        """Close the connections."""
        if self._raw:
            self._raw.close()
        await self._http.aclose()


class _Idle(TryLater):
    """A request timed out at Zalo: the normal end of a poll that found nothing."""


_envelope = msgspec.json.Decoder(_Envelope)


def _as(kind: Any, raw: bytes) -> Any:  # noqa: ANN401  a struct of that kind
    """Read a result; None where it has none, or has become something else."""
    try:
        return msgspec.json.decode(raw, type=kind) if raw else None
    except msgspec.DecodeError:
        return None
