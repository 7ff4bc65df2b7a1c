"""Calls to the OpenAPI of Official Accounts by httpx; every way they fail is one of three (`bot.channels`).

Tokens and secrets travel in headers and forms only: no address, error or `repr()` shows one.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from bot import metrics
from bot.channels import Refused, TryLater, Unreachable
from bot.channels.zalo_oa.faults import class_of, told
from bot.channels.zalo_oa.message import SendText, Shape

ANSWER_SECONDS = 10.0  # for one call
PAUSE = 2.0  # seconds after a network fault or a fault of Zalo's
MINUTE = 60.0  # seconds over which Zalo counts calls
AT_ONCE = 16  # calls under way
LOW = 0.02  # share of a minute's calls that is left over: other processes have calls under way too

SEND = "/v3.0/oa/message/cs"
OA = "/v2.0/oa/getoa"
TOKEN = "/v4/oa/access_token"  # noqa: S105  a path


def failed(kind: str) -> None:
    """Count a failure."""
    metrics.FAILURES.labels("zalo-oa", kind).inc()


class Closed(Refused):
    """The person did nothing for too long: nothing may be sent before they write again."""


class BadToken(Refused):
    """The access token is not taken, or no longer."""


class NeedsOperator(Refused):
    """Nothing works before somebody has done something, which `str()` says."""


class Unsure(TryLater):
    """It may have been done all the same: no answer came."""


class Answer(msgspec.Struct):
    """What Zalo answers with; which keys are there depends on `error`."""

    error: int = 0
    message: str = ""
    data: Any = None


class Issued(msgspec.Struct):
    """A pair of tokens, or why there is none. Seconds come as text."""

    access_token: str = ""
    refresh_token: str = ""
    expires_in: str | int = 0
    error: int = 0
    error_name: str = ""
    error_description: str = ""
    message: str = ""

    def __repr__(self) -> str:
        return f"<Issued {'a pair' if self.refresh_token else f'nothing: {self.error}'}>"


_answer = msgspec.json.Decoder(Answer, strict=False)
_issued = msgspec.json.Decoder(Issued, strict=False)


class Client:
    """One app at one OpenAPI. The addresses are without a slash at their ends; `clock` tells seconds since 1970."""

    def __init__(  # noqa: PLR0913  what a client is made of
        self,
        app_id: str,
        app_secret: str,
        api: str,
        oauth: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.app_id = app_id
        self._app_secret = app_secret
        self._api = api
        self._oauth = oauth
        self._clock = clock
        self._not_before = 0.0  # on our clock; the calls of this minute are used up
        self._room = asyncio.Semaphore(AT_ONCE)
        self._http = httpx.AsyncClient(timeout=ANSWER_SECONDS, transport=transport)

    def __repr__(self) -> str:
        return f"<Client of the app {self.app_id} at {self._api}>"

    async def send(self, access: str, person: str, message: SendText, shape: Shape) -> None:
        """Send one message."""
        await self._call("POST", SEND, access, json=message.body(person, shape))

    async def who(self, access: str) -> str:
        """Return the name of the Official Account that a token is for."""
        data = await self._call("GET", OA, access)
        return str(data.get("name", "")) if isinstance(data, dict) else ""

    async def issue(self, **form: str) -> Issued:
        """Ask for a pair of tokens: `grant_type` and what it needs.

        Raises TryLater where it was surely not asked, Unsure where nobody knows, Refused where Zalo says no.
        """
        headers = {"secret_key": self._app_secret}
        answer = await self._ask("POST", self._oauth + TOKEN, headers, data={"app_id": self.app_id, **form})
        try:
            issued = _issued.decode(answer.content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Unsure(PAUSE, _stranger(answer)) from None
        if issued.error:
            words = issued.error_description or issued.message or issued.error_name
            if class_of(issued.error) == "later":
                raise TryLater(self._wait_a_minute(), told(issued.error, words))
            raise Refused(issued.error, told(issued.error, words))
        if not (issued.access_token and issued.refresh_token):
            raise Unsure(PAUSE, _stranger(answer))
        return issued

    async def download(self, url: str, most: int) -> bytes:
        """Return a file's bytes; empty when it has more than `most`, or is gone. Follows nobody. Raises TryLater."""
        kept = b""
        try:
            async with self._http.stream("GET", url, follow_redirects=False) as answer:
                if answer.status_code != HTTPStatus.OK:
                    return b""
                async for piece in answer.aiter_bytes():
                    kept += piece
                    if len(kept) > most:
                        return b""
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise TryLater(PAUSE, f"the files at {urlsplit(url).hostname} can't be reached") from None
        return kept

    async def _call(self, method: str, path: str, access: str, **more: Any) -> Any:  # noqa: ANN401  JSON of Zalo's
        """Make one call; returns its data."""
        async with self._room:
            wait = self._not_before - self._clock()
            if wait > 0:
                raise TryLater(wait, "the calls of this minute are used up")
            response = await self._ask(method, self._api + path, {"access_token": access}, **more)
            self._count(response.headers)
        try:
            answer = _answer.decode(response.content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise TryLater(PAUSE, _stranger(response)) from None
        if answer.error:
            raise self._fault(answer)
        return answer.data

    async def _ask(self, method: str, url: str, headers: Mapping[str, str], **more: Any) -> httpx.Response:  # noqa: ANN401  httpx's
        try:
            return await self._http.request(method, url, headers=headers, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise TryLater(PAUSE, f"Zalo can't be reached at {urlsplit(url).netloc}") from None
        except (httpx.HTTPError, OSError) as error:
            raise Unsure(PAUSE, f"Zalo gave no answer ({type(error).__name__})") from None

    def _fault(self, answer: Answer) -> Exception:
        code, words = answer.error, told(answer.error, answer.message)
        match class_of(code):
            case "later":
                return TryLater(self._wait_a_minute(), words)
            case "gone":
                return Unreachable(words)
            case "closed":
                return Closed(code, words)
            case "token":
                return BadToken(code, words)
            case "operator":
                return NeedsOperator(code, words)
            case _:
                return Refused(code, words)

    def _count(self, headers: httpx.Headers) -> None:
        """Wait for the next minute when few calls are left in this one."""
        limit, left = headers.get("x-ratelimit-limit", ""), headers.get("x-ratelimit-remain", "")
        if limit.isdecimal() and left.isdecimal() and int(left) <= max(AT_ONCE, int(limit) * LOW):
            failed("calls low")
            self._wait_a_minute()

    def _wait_a_minute(self) -> float:
        """Make no call before the next minute begins; returns the seconds until then."""
        now = self._clock()
        wait = MINUTE - now % MINUTE
        self._not_before = max(self._not_before, now + wait)
        return wait

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _stranger(answer: httpx.Response) -> str:
    return f"something else than Zalo answered, with status {answer.status_code}"
