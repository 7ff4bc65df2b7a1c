"""The platform's HTTP side: `/bot<token>/<method>` by GET and POST, arguments as query, form or JSON, and media."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Any, cast

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.dev.zalo_bot.calls import METHODS
from bot.dev.zalo_bot.emulator import Emulator
from bot.dev.zalo_bot.page import PREFIX, page
from bot.dev.zalo_bot.refused import Json, Refused
from bot.dev.zalo_bot.switches import Fault

FOREVER = 3600.0  # seconds that a silent call lasts


class _Cut(Exception):
    """The line is to be cut."""


class _Server(uvicorn.Server):
    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]  # both are context managers
        return nullcontext()


@asynccontextmanager
async def emulated(token: str = "", port: int = 0) -> AsyncIterator[Emulator]:
    """Run an emulator on a port of this machine; its `base` is what goes into ZALO_BOT_API_BASE."""
    emulator = Emulator(token)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        emulator.base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            endpoint(emulator), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            while not server.started and not serving.done():  # noqa: ASYNC110  uvicorn has no event for it
                await asyncio.sleep(0.01)
            yield emulator
        finally:
            await emulator.close()
            server.should_exit = True
            with suppress(asyncio.CancelledError):
                await serving


class endpoint:  # noqa: N801  used like a function
    """The ASGI application of one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except _Cut:
            _transport(send).abort()
            return
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        emulator = self._emulator
        _, _, rest = request.url.path.rpartition("/bot")
        token, slash, method = rest.partition("/")
        if request.url.path == "/" or request.url.path.startswith(PREFIX):
            return await page(emulator, request)
        if request.url.path.startswith("/media/"):
            kind, data = emulator.media.get(request.url.path.removeprefix("/media/"), ("", b""))
            return Response(data, media_type=kind) if kind else Response(status_code=404)
        if not slash:
            return self._refusal(Refused(404, "Not Found"))
        if token != emulator.token:
            return self._refusal(Refused(401, "Unauthorized"))
        fault = self._fault(method)
        if fault and fault.what == "cut":
            raise _Cut
        try:
            given = await _arguments(request)
            emulator.calls.append((method, given))
            return await _while_asked(request, self._called(method, given, fault))
        except Refused as refused:
            return self._refusal(refused)

    async def _called(self, method: str, given: Json, fault: Fault | None) -> Response:
        what = fault.what if fault else None
        if what == "html":
            return Response("<html><h1>502 Bad Gateway</h1></html>", 502, media_type="text/html")
        if what == "silent":
            await asyncio.sleep(FOREVER)
        if isinstance(what, int) and fault:
            raise Refused(what, fault.words)
        call = METHODS.get(method)
        if call is None:
            raise Refused(self._emulator.switches.unknown_method, "Not Found")
        result = await call(self._emulator, given)
        if what == "lost":
            await asyncio.sleep(FOREVER)
        return JSONResponse({"ok": True} if result is None else {"ok": True, "result": result})

    def _fault(self, method: str) -> Fault | None:
        for fault in self._emulator.faults:
            if fault.method in {"", method} and fault.seen < fault.times:
                fault.seen += 1
                return fault
        return None

    def _refusal(self, refused: Refused) -> Response:
        switches = self._emulator.switches
        code: Any = str(refused.code) if switches.code_as_text else refused.code
        status = refused.code if switches.error_http_status == "mirror" else 200
        if refused.code == 408:  # noqa: PLR2004  the normal end of a poll has a switch of its own
            status = switches.idle_http_status
        return JSONResponse({"ok": False, switches.error_key: code, "description": refused.words}, status)


async def _while_asked(request: Request, work: Coroutine[Any, Any, Response]) -> Response:
    """Do it unless the caller hangs up meanwhile: a poll that nobody waits for must not swallow an update."""

    async def hung_up() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    doing, waiting = asyncio.ensure_future(work), asyncio.ensure_future(hung_up())
    await asyncio.wait((doing, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if doing.done():
        return doing.result()
    doing.cancel()
    raise _Cut


async def _arguments(request: Request) -> Json:
    """Read what was given, from wherever it stands."""
    given: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method not in {"GET", "POST"}:
        raise Refused(400, "Use GET or POST")
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form() as form:
            return given | {name: value for name, value in form.items() if isinstance(value, str)}
    body = await request.body()
    if not body:
        return given
    try:
        found = json.loads(body)
    except ValueError:
        raise Refused(400, "The body is no JSON") from None
    if not isinstance(found, dict):
        raise Refused(400, "The body is no object")
    return given | found


def _transport(send: Send) -> asyncio.Transport:
    """Return the line of a request: uvicorn's `send` is a method of what holds it."""
    return cast("asyncio.Transport", send.__self__.transport)  # type: ignore[attr-defined]
