"""Deliveries to the webhook: signed over the raw bytes, two seconds to answer, then tried again by a ladder."""

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import ASGIApp

from zalo_oa_emulator.clock import Clock
from zalo_oa_emulator.oauth import App
from zalo_oa_emulator.refused import Json
from zalo_oa_emulator.switches import Switches

LADDER = (30.0, 300.0, 900.0, 1800.0, 3600.0)  # seconds after which a delivery is tried again
DEADLINE = 2.0  # seconds of ours for an answer


@dataclass
class Tried:
    """One try of a delivery; status 0: nobody answered in time."""

    name: str
    raw: bytes
    status: int
    retry: str


@dataclass
class Delivery:
    """The way to one webhook."""

    app: App
    clock: Clock
    switches: Switches
    oa_id: str
    url: str = ""
    transport: httpx.AsyncBaseTransport | None = None
    enabled: bool = True
    doubled: bool = False  # each delivery comes twice
    held: list[bytes] | None = None  # while a list: deliveries wait in it
    tried: list[Tried] = field(default_factory=list)
    deadline: float = DEADLINE
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _http: httpx.AsyncClient | None = None

    def to(self, endpoint: ASGIApp) -> None:
        """Deliver to an endpoint of this process."""
        self.url, self.transport = "https://hocso.test/zalo/oa/webhook", httpx.ASGITransport(endpoint)

    def send(self, event: Json) -> None:
        """Deliver an event, now or when `release` is called."""
        raw = self.raw(event)
        if self.held is not None:
            self.held.append(raw)
            return
        for _ in range(2 if self.doubled else 1):
            self._begin(raw)

    def release(self, *, backwards: bool = False) -> None:
        """Deliver what was held, perhaps the last first."""
        held, self.held = self.held or [], None
        for raw in reversed(held) if backwards else held:
            self._begin(raw)

    def raw(self, event: Json) -> bytes:
        """Write the body as Zalo does: not as any JSON library of ours would."""
        if self.switches.numbers_as_numbers:
            event = _numbers(event)
        return json.dumps(event, ensure_ascii=False, separators=(",", " : ")).encode("utf-8", "surrogatepass")

    def headers(self, raw: bytes) -> dict[str, str]:
        """Return the headers of a body, with its signature."""
        secret = self.app.webhook_secret if self.switches.signing == "webhook" else self.app.secret
        stamp, more = str(json.loads(raw).get("timestamp", self.clock.ms())), {}
        if self.switches.timestamp == "header":
            stamp = str(int(stamp) + 7)
            more = {"X-ZEvent-Timestamp": stamp}
        digest = hashlib.sha256()
        for piece in (self.oa_id if self.switches.oa_id_first else self.app.id, raw, stamp, secret):
            digest.update(piece if isinstance(piece, bytes) else piece.encode())
        signed = {"X-ZEvent-Signature": f"mac={digest.hexdigest()}", **more}
        return {"Content-Type": "application/json", **signed}

    async def probe(self) -> int:
        """Save the webhook in the console: an unsigned `{}` must get 200."""
        return await self.post(b"{}", {"Content-Type": "application/json"})

    async def post(self, raw: bytes, headers: dict[str, str]) -> int:
        """Bring a body once; returns the status, 0 where nobody answered in time."""
        if self._http is None:
            self._http = httpx.AsyncClient(transport=self.transport, timeout=None)  # noqa: S113  the deadline is below
        try:
            async with asyncio.timeout(self.deadline):
                return (await self._http.post(self.url, content=raw, headers=headers)).status_code
        except (httpx.HTTPError, OSError):
            return 0

    def _begin(self, raw: bytes) -> None:
        task = asyncio.create_task(self._deliver(raw))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, raw: bytes) -> None:
        name = json.loads(raw)["event_name"]
        for number, wait in enumerate((0.0, *LADDER)):
            if wait:
                await self.clock.sleep(wait)
            if not self.enabled:
                return
            more = {"num_retry": str(number)} if number else {}
            status = await self.post(raw, {**self.headers(raw), **more})
            self.tried.append(Tried(name, raw, status, more.get("num_retry", "")))
            if status == httpx.codes.OK or (status and not self.switches.retries_on_status):
                return
        self.enabled = False  # until somebody switches it on again in the console

    @property
    def busy(self) -> int:
        """Deliveries that aren't over, those that wait for their next try too."""
        return len(self._tasks)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http:
            await self._http.aclose()


def _numbers(value: Any) -> Any:
    """Write ids and timestamps without quotes, as no source shows them."""
    if isinstance(value, dict):
        named = {"id", "timestamp", "app_id", "oa_id", "user_id_by_app"}
        return {
            key: int(each) if key in named and isinstance(each, str) else _numbers(each) for key, each in value.items()
        }
    return value
