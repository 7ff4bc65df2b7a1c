"""Who sent this, may it count, and the headers that keep every answer safe."""

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "hocso"
_KEPT_FOR = 400 * 24 * 3600  # seconds; browsers keep no cookie for longer, so each visit renews it
_token = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 bits

_ALLOWED: Final = "camera=(), microphone=({microphone}), geolocation=(), payment=(), usb=()"
MAY_RECORD: Final[Mapping[str, str]] = {"Permissions-Policy": _ALLOWED.format(microphone="self")}

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers would then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": _ALLOWED.format(microphone=""),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Answer = Callable[[Request], Awaitable[Response]]


def token_of(request: Request) -> str:
    """Return the browser's token, empty where it has none that we gave."""
    token = request.cookies.get(COOKIE, "")
    return token if _token.fullmatch(token) else ""


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(16)


def keep_token(response: Response, token: str, *, secure: bool) -> None:
    """Have the browser keep the token, where no script can read it."""
    response.set_cookie(COOKIE, token, _KEPT_FOR, path="/", secure=secure, httponly=True, samesite="lax")


def learner_of(token: str) -> str:
    """Return the learner's id. Whoever reads it in a store can't make the cookie of it."""
    return f"web:{_digest(token)}"


def csrf_of(token: str) -> str:
    """Return what a form of this browser must carry; other sites can't read it."""
    return _digest(f"csrf:{token}")


def own_form(token: str, csrf: str) -> bool:
    """Whether a form with this `csrf` was made for this browser."""
    return bool(token) and compare_digest(csrf_of(token).encode(), csrf.encode("utf-8", "replace"))


def from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site sent this. Old browsers may not say."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")


def _digest(text: str) -> str:
    return urlsafe_b64encode(sha256(text.encode()).digest()).decode()[:22]  # 132 bits


class Guarded:
    """A plain ASGI endpoint: answers by method, compresses, and sets the headers on whatever it answers.

    `other` answers all methods that aren't named; HEAD is answered as GET. What is asked for in
    pieces, or is small already, is not compressed (`packs`).
    """

    def __init__(self, other: Answer, *, packs: bool = True, **by_method: Answer) -> None:
        self._other = other
        self._by_method = {method.upper(): answer for method, answer in by_method.items()}
        self._app: ASGIApp = GZipMiddleware(self._answer, minimum_size=400) if packs else self._answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safe)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        request = Request(scope, receive)
        response = await self._by_method.get(method, self._other)(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = ", ".join(self._by_method)
        await response(scope, receive, send)
