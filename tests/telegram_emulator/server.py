"""The server's side: takes calls over HTTP, has them checked and carried out, and notes every one."""

import inspect
import itertools
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from telegram_emulator import calls, profile, receiving
from telegram_emulator.bots import Bot
from telegram_emulator.clock import Bell, Clock
from telegram_emulator.faults import NOTHING, POLL, Cut, Fault, Faults
from telegram_emulator.reading import Fields, read
from telegram_emulator.refused import Json, Refused
from telegram_emulator.schema import Upload, published
from telegram_emulator.wire import Wire

NOT_IN_ANSWERS = ("get", "setwebhook", "deletewebhook", "close", "logout")  # WebhookActor.cpp
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Called:
    """A call a bot made, and how it was answered."""

    method: str
    fields: Json
    answer: object  # None if refused
    refused: Refused | None
    by_hook: bool  # in the answer to a webhook: the bot never sees the result


class Server:
    """The Bot API on a loopback port."""

    def __init__(self, *, speed: float, webhook_timeout: float) -> None:
        self.clock = Clock(speed)
        self.bell = Bell()
        self.complaints: list[str] = []  # what a correct bot never does; tests assert that it stays empty
        self.calls: list[Called] = []
        self.faults = Faults(self.clock, self.complaints)
        self.webhook_timeout = webhook_timeout
        self._wire = Wire(self._serve)
        self._bots: dict[str, Bot] = {}
        self._places: dict[str, str | ASGIApp] = {}
        self._clients: list[httpx.AsyncClient] = []
        self._ids = itertools.count(1)
        self._methods = {**calls.CALLS, **profile.PROFILE, **receiving.receiving(self)}

    def http_to(self, url: str) -> httpx.AsyncClient | None:
        """Return a client that reaches the webhook's address, or nothing if it is not on this machine."""
        client = self._client(url)
        if client:
            self._clients.append(client)
        return client

    async def hang_up(self) -> None:
        """Close all clients, also those of webhooks that were set or given up while another was being closed."""
        for client in self._clients:
            await client.aclose()

    def _client(self, url: str) -> httpx.AsyncClient | None:
        address = urlsplit(url)
        place = self._places.get(f"{address.scheme}://{address.netloc}")
        if place is None and address.hostname not in LOOPBACK:
            return None
        if isinstance(place, str):

            async def move(request: httpx.Request) -> None:
                there = httpx.URL(place)
                request.url = request.url.copy_with(scheme=there.scheme, host=there.host, port=there.port)

            return httpx.AsyncClient(trust_env=False, timeout=None, event_hooks={"request": [move]})  # noqa: S113  its caller limits it
        transport = httpx.ASGITransport(place, raise_app_exceptions=False) if place else None
        return httpx.AsyncClient(trust_env=False, timeout=None, transport=transport)  # noqa: S113

    async def in_answer(self, bot: Bot, response: httpx.Response) -> None:
        """Carry out the call in the answer to a webhook; nobody sees its result."""
        headers = dict(response.headers)
        if not response.content or "method" not in response.text:
            return
        try:
            fields, uploads = await read(headers, "", response.content)
        except Refused:
            return
        method = str(fields.pop("method", ""))
        if method and not method.lower().startswith(NOT_IN_ANSWERS):
            fault = self.faults.next(method, fields, by_hook=True)
            await self._call(bot, method, fields, uploads, by_hook=True, fault=fault)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        match request.url.path.removeprefix("/").split("/", 2):
            case ["file", token, path] if token.removeprefix("bot") in self._bots:
                response = self._download(self._bots[token.removeprefix("bot")], path)
            case [token, method] if token.startswith("bot"):
                answered = await self._answer(request, token.removeprefix("bot"), method)
                if answered is None:
                    await self._wire.cut(scope, receive)
                    return
                response = answered
            case _:
                response = _refusal(Refused(404))
        await response(scope, receive, send)

    def _download(self, bot: Bot, path: str) -> Response:
        try:
            return Response(bot.files.download(path, self.clock.now()), media_type="application/octet-stream")
        except Refused as refused:
            return _refusal(refused)

    async def _answer(self, request: Request, token: str, method: str) -> Response | None:
        """Answer a call; None is a cut connection."""
        body = await request.body()
        if token not in self._bots:
            return _refusal(Refused(401))
        try:
            fields, uploads = await read(dict(request.headers), request.url.query, body)
        except Refused as refused:
            self._note(Called(method, {}, None, refused, by_hook=False))
            return _refusal(refused)
        fault = self.faults.next(method, fields)
        if fault.cut is Cut.BEFORE:
            return None
        if fault.page:
            return HTMLResponse("<html><body><h1>Bad Gateway</h1></body></html>", fault.page)
        called = await self._call(self._bots[token], method, fields, uploads, fault=fault)
        if fault.seconds:
            await self.clock.sleep(fault.seconds)
        if fault.cut is Cut.AFTER:
            return None
        return _refusal(called.refused) if called.refused else JSONResponse({"ok": True, "result": called.answer})

    async def _call(
        self,
        bot: Bot,
        method: str,
        given: Fields,
        uploads: dict[str, Upload],
        *,
        by_hook: bool = False,
        fault: Fault = NOTHING,
    ) -> Called:
        """Carry a call out, and note it."""
        fields: Json = dict(given)
        answer: object = None
        no: Refused | None = None
        try:
            method = published().method(method)
            fields = published().fields(method, given, uploads)
            self.faults.patience(bot.token, method, fields)
            if fault.refused:
                if fault.refused.retry_after:
                    self.faults.told_to_wait(bot.token, method, fields, fault.refused.retry_after)
                raise fault.refused
            self.faults.rates(bot.token, method, fields)
            answer = self._methods[method](bot, fields)
            if inspect.isawaitable(answer):
                answer = await answer
            if method != POLL or not bot.updates.odd:
                published().shown(published().returns(method), answer)
        except Refused as refused:
            no, answer = refused, None
        except AssertionError as mistake:
            self.complaints.append(str(mistake))  # the emulator's own
            no, answer = Refused(500, str(mistake)), None
        called = Called(method, fields, answer, no, by_hook)
        if method != POLL or no:
            self._note(called)
        return called

    def _note(self, called: Called) -> None:
        self.calls.append(called)
        if called.refused and called.refused.fault:
            self.complaints.append(f"{called.method}: {called.refused.description}")
        self.bell.ring()


def _refusal(refused: Refused) -> Response:
    headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after else {}
    return JSONResponse(refused.json(), refused.code, headers)
