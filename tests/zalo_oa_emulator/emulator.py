"""The whole of it: one Official Account, one app, its people, on a port of its own."""

import asyncio
import datetime as dt
import json
import secrets
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from telegram_emulator.wire import Wire

from zalo_oa_emulator.calls import Calls
from zalo_oa_emulator.clock import Clock, until
from zalo_oa_emulator.delivery import Delivery
from zalo_oa_emulator.oauth import App, Authority
from zalo_oa_emulator.people import Message, Person
from zalo_oa_emulator.refused import Json, Refused
from zalo_oa_emulator.switches import Switches

Kind = Literal["cut before", "cut after", "page", "code"]


@dataclass
class Fault:
    """What goes wrong with the next calls of a path: the connection breaks before or after it is done, ..."""

    kind: Kind
    code: int = 0  # an error's, with `code`
    times: int = 1
    path: str = ""  # empty: whichever
    met: asyncio.Event = field(default_factory=asyncio.Event)


class Emulator:
    """`url` serves all of it; `complaints` is what no correct program does."""

    def __init__(self, *, runs: bool = False, switches: Switches | None = None) -> None:
        self.clock = Clock(runs=runs)
        self.switches = switches or Switches()
        self.app = App()
        self.oa_id, self.oa_name = "3880000000000000001", "Học Số Thanh Hóa"
        self.authority = Authority(self.app, self.clock, self.switches, self.oa_id)
        self.delivery = Delivery(self.app, self.clock, self.switches, self.oa_id)
        self.people: dict[str, Person] = {}
        self.complaints: list[str] = []
        self.called: list[tuple[str, Json]] = []  # path and body of each call
        self.files: dict[str, bytes] = {}
        self.files_down = False
        self._calls = Calls(self)
        self._faults: list[Fault] = []
        self._wire = Wire(self._answer)

    async def __aenter__(self) -> Self:
        await self._wire.open()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        await self.delivery.close()
        await self._wire.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._wire.port}"

    async def go_away(self) -> None:
        """Be down: nobody answers any more."""
        await self._wire.close()

    async def come_back(self) -> None:
        await self._wire.open()

    def resolves(self, endpoint: ASGIApp) -> None:
        """Deliver to an endpoint of this process."""
        self.delivery.to(endpoint)

    def person(self, name: str) -> Person:
        person = Person(self, len(self.people) + 1, name)
        self.people[person.id] = person
        return person

    def keeps(self, name: str, data: bytes) -> str:
        """Put a file on the media host; returns its address."""
        self.files[name] = data
        return f"{self.url}/media/{name}"

    def fails(self, kind: Kind, *, code: int = 0, times: int = 1, path: str = "") -> Fault:
        """Let the next calls fail."""
        fault = Fault(kind, code, times, path)
        self._faults.append(fault)
        return fault

    def complain(self, words: str) -> None:
        self.complaints.append(words)

    def new_id(self) -> str:
        return secrets.token_hex(10)

    def day(self, at: float) -> str:
        return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%d/%m/%Y")

    async def happened(self, name: str, fields: Json, person: Person | None = None) -> Json:
        """Deliver an event."""
        by_app = {"user_id_by_app": person.id_by_app} if person else {}
        event = {"app_id": self.app.id, **by_app, "event_name": name, **fields, "timestamp": str(self.clock.ms())}
        self.clock.skip(0.001)  # no two events of a person have the same moment
        self.delivery.send(event)
        return event

    def sent(self, person: Person, message: Message) -> None:
        """Tell the webhook of what we sent, as Zalo does."""
        parties = {"sender": {"id": self.oa_id}, "recipient": {"id": person.id}}
        told: list[tuple[str, Json]] = []
        if self.switches.echoes:
            told.append(("oa_send_text", {**parties, "message": {"msg_id": message.id, "text": message.text}}))
        if self.switches.receipts:
            back = {"sender": {"id": person.id}, "recipient": {"id": self.oa_id}}
            told.append(("user_received_message", {**back, "message": {"msg_id": message.id}}))
            told.append(("user_seen_message", {**back, "message": {"msg_ids": [message.id]}}))
        for name, fields in told if self.delivery.url else ():
            event = {"app_id": self.app.id, "event_name": name, **fields, "timestamp": str(self.clock.ms())}
            self.delivery.send(event)

    async def quiet(self) -> None:
        """Wait until every delivery is over."""
        await until(lambda: not self.delivery.busy, lambda: f"{self.delivery.busy} deliveries")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = request.url.path
        fault = next((each for each in self._faults if each.path in {"", path}), None)
        if fault:
            fault.times -= 1
            if not fault.times:
                self._faults.remove(fault)
            fault.met.set()
        if fault and fault.kind == "cut before":
            await self._wire.cut(scope, receive)
            return
        if fault and fault.kind == "page":
            response: Response = HTMLResponse("<h1>502 Bad Gateway</h1>", 502)
        elif fault and fault.kind == "code":
            response = JSONResponse({"error": fault.code, "message": "fault of a test"})
        else:
            response = await self._routed(request, path)
        if fault and fault.kind == "cut after":
            await self._wire.cut(scope, receive)
            return
        await response(scope, receive, send)

    async def _routed(self, request: Request, path: str) -> Response:
        if path.startswith("/media/"):
            data = self.files.get(path.removeprefix("/media/"))
            if data is None or self.files_down:
                return PlainTextResponse("gone", 404 if data is None else 503)
            return Response(data, media_type="audio/aac")
        if path == "/v4/oa/permission":
            try:
                return RedirectResponse(self.authority.permit(dict(request.query_params)), 302)
            except ValueError as error:
                return PlainTextResponse(str(error), 200)
        if path == "/v4/oa/access_token":
            if request.method != "POST" or "urlencoded" not in request.headers.get("content-type", ""):
                self.complain(f"tokens are asked for by a {request.method} that is no form")
            form = {key: str(value) for key, value in (await request.form()).items()}
            return JSONResponse(self.authority.token(request.headers, form))
        return await self._api(request, path)

    async def _api(self, request: Request, path: str) -> Response:
        headers: dict[str, str] = {}
        try:
            if "authorization" in request.headers:
                self.complain("a token travels in the Authorization header")
            self.authority.check(request.headers.get("access_token", ""))
            headers = self._calls.counted()
            data = await self._called(request, path)
        except Refused as error:
            return JSONResponse(error.json(), headers=headers)
        return JSONResponse({"data": data, "error": 0, "message": "Success"}, headers=headers)

    async def _called(self, request: Request, path: str) -> Any:
        calls = self._calls
        posts = {"/v3.0/oa/message/cs": calls.message_cs, "/v2.0/oa/message": calls.message_v2}
        posts["/v3.0/oa/quota/message"] = calls.quota
        gets = {"/v2.0/oa/getoa": calls.getoa, "/v3.0/oa/user/detail": calls.user_detail}
        if request.method == "POST" and path.startswith("/v2.0/oa/upload/"):
            kind = path.rpartition("/")[2]
            if kind not in {"image", "gif", "file"}:
                raise Refused(-209)
            async with request.form() as form:
                return await calls.upload(kind, form.get("file"))
        if request.method == "POST" and path in posts:
            try:
                body = json.loads(await request.body())
            except ValueError:
                raise Refused(-201, "body") from None
            self.called.append((path, body))
            return posts[path](body)
        if request.method == "GET" and (path in gets or path == "/v2.0/oa/conversation"):
            query = json.loads(request.query_params.get("data") or "{}")
            self.called.append((path, query))
            return calls.conversation(query) if path == "/v2.0/oa/conversation" else gets[path](query)
        self.complain(f"no such call: {request.method} {path}")
        raise Refused(-209)
