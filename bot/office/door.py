"""The way into every page of the office: who is it, may they see this, was the form really theirs.

A page is a `Way`: its address, its name in `bot.core.access.RULES`, and who answers. No answer is asked for
before `seen_by` has said what may be seen, so a page without a rule is seen by nobody.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web.form import MAX_BODY, Strange, TooBig, fields_of
from bot.channels.web.guard import Guarded, csrf_of, from_elsewhere, new_token, own_form
from bot.core.access import Person, Refused, SignInFirst, seen_by
from bot.core.marks import mark_of
from bot.core.saving import StoreDown
from bot.metrics import from_here
from bot.office.figures import NotCounted
from bot.office.page import Frame, sorry
from bot.office.texts import LANGS, Texts, texts_of
from bot.stores.office import LONGEST, Office

# The prefix has browsers refuse a cookie that doesn't come by https, from this very host.
SAFE_COOKIE: Final = "__Host-hocso-office"
# By plain http no browser takes that one; then nobody but this machine is answered (`_from_afar`).
HOME_COOKIE: Final = "hocso-office"
LANG_COOKIE: Final = "hocso-office-lang"
SIGN_IN: Final = "/office/sign-in"
_token = re.compile(r"[A-Za-z0-9_-]{22}")
_home = re.compile(r"(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be answered. `fields` are those of a posted form."""

    request: Request
    token: str  # of the browser, whether it has signed in or not
    lang: str
    minute: int
    area: str  # of which the page is to be seen; empty where nobody has signed in
    signed_in: Person | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        """Who it is, on a page for people who have signed in."""
        if self.signed_in is None:
            raise SignInFirst
        return self.signed_in

    @property
    def visit(self) -> str:
        """The mark of the browser's visit."""
        return mark_of(self.token)

    @property
    def said(self) -> Texts:
        """The words of the pages."""
        return texts_of(self.lang)

    @property
    def frame(self) -> Frame:
        """What every page has around it."""
        return _frame(self.request, self.lang, self.signed_in, self.token)


Answer = Callable[[Asked], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Way:
    """One address of the office. What it needs stands in `access.RULES` under its name.

    A form that is posted to it has at most so many bytes.
    """

    path: str
    name: str
    get: Answer | None = None
    post: Answer | None = None
    most: int = MAX_BODY


class Door:
    """Opens ways to those who may go them."""

    def __init__(self, office: Office, minute: Callable[[], int], *, https: bool) -> None:
        self._office = office
        self._minute = minute
        self.https = https
        self._cookie = SAFE_COOKIE if https else HOME_COOKIE

    def route(self, way: Way) -> BaseRoute:
        """Return the route of a way."""

        async def answer(request: Request) -> Response:
            return await self._answer(way, request)

        if way.get and way.post:
            guarded = Guarded(answer, get=answer, post=answer)
        else:
            guarded = Guarded(answer, get=answer) if way.get else Guarded(answer, post=answer)
        return Route(way.path, guarded, name=way.name)

    def keep(self, response: Response, token: str, *, long: bool) -> Response:
        """Have the browser keep a token: until it is closed, or as `long` as a visit may last."""
        response.set_cookie(
            self._cookie,
            token,
            LONGEST * 60 if long else None,
            path="/",
            secure=self.https,
            httponly=True,
            samesite="lax",
        )
        return response

    async def _answer(self, way: Way, request: Request) -> Response:
        lang = _lang(request)
        if not self.https and not _near(request):
            return sorry(Frame(lang), texts_of(lang).only_https, 403)
        had = request.cookies.get(self._cookie, "")
        token = had if _token.fullmatch(had) else new_token()
        try:
            response = await self._guarded(way, request, token, lang)
        except StoreDown:
            response = sorry(Frame(lang), texts_of(lang).down, 503)
            response.headers["Retry-After"] = "30"
        if token != had and self._cookie not in response.headers.get("set-cookie", ""):
            self.keep(response, token, long=False)
        if lang != request.cookies.get(LANG_COOKIE) and request.query_params.get("lang") == lang:
            response.set_cookie(
                LANG_COOKIE, lang, LONGEST * 60, path="/office", secure=self.https, httponly=True, samesite="lax"
            )
        return response

    async def _guarded(self, way: Way, request: Request, token: str, lang: str) -> Response:
        minute, said = self._minute(), texts_of(lang)
        person = await self._office.visitor(mark_of(token), minute)
        frame = _frame(request, lang, person, token)
        try:
            asked_area = request.path_params.get("area") or request.query_params.get("area", "")
            area = seen_by(person, way.name, asked_area)
        except SignInFirst:
            return RedirectResponse(f"{SIGN_IN}?to={quote(_way_back(request))}", 303)
        except Refused:
            return sorry(frame, said.refused, 404)
        asked = Asked(request, token, lang, minute, area, person)
        try:
            return await _answered(way, asked)
        except Refused:  # there is no such thing
            return sorry(frame, said.refused, 404)
        except NotCounted:
            return sorry(frame, said.uncounted, 200)


async def _answered(way: Way, asked: Asked) -> Response:
    """Answer by method; a form only where it was made for this browser."""
    request, said = asked.request, asked.said
    if request.method in {"GET", "HEAD"} and way.get:
        return await way.get(asked)
    if request.method != "POST" or way.post is None:
        return sorry(asked.frame, said.refused, 405)
    try:
        fields = await fields_of(request, way.most)
    except (TooBig, Strange):
        return sorry(asked.frame, said.strange, 400)
    if from_elsewhere(request) or not own_form(asked.token, fields.get("csrf", "")):
        return sorry(asked.frame, said.stale, 403)
    return await way.post(replace(asked, fields=fields))


def place_of(request: Request) -> str:
    """Return the place a request comes from, hashed: of a proxy on this machine the address that it names last.

    Of an IPv6 address the first half: that is what one household has.
    """
    peer = request.client.host if request.client else ""
    named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        if named and ip_address(peer).is_private:
            peer = named
        address = ip_address(peer)
        if isinstance(address, IPv6Address):
            peer = address.exploded[:19]
    except ValueError:
        pass
    return f"place:{mark_of(peer)}"


def is_number(host: str) -> bool:
    """Whether a host is an address of numbers, to which passkeys can't belong."""
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def host_of(request: Request) -> str:
    """Return the host that the browser asked, without its port."""
    return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""


def _frame(request: Request, lang: str, person: Person | None, token: str) -> Frame:
    known = {"lang", *request.path_params}  # of what stands twice the path counts
    asked = [(name, value) for name, value in request.query_params.multi_items() if name not in known]
    return Frame(lang, person, csrf_of(token), request.url.path, urlencode(asked))


def _way_back(request: Request) -> str:
    return request.url.path if request.method in {"GET", "HEAD"} else "/office/"


def _lang(request: Request) -> str:
    for lang in (request.query_params.get("lang"), request.cookies.get(LANG_COOKIE)):
        if lang in LANGS:
            return lang
    return LANGS[0]


def _near(request: Request) -> bool:
    return from_here(request.scope) and _home.fullmatch(request.headers.get("host", "")) is not None
