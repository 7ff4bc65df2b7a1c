"""Delivery to a webhook: the secret's header, the sender's name, retries, doubles, and its verification."""

import asyncio
from typing import TYPE_CHECKING

import httpx

from bot.dev.zalo_bot.refused import Json

if TYPE_CHECKING:
    from bot.dev.zalo_bot.emulator import Emulator

SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105  a header's name
AGENT = "Java/1.8.0_192"
_OUTCOMES = {403: "webhook.http.403", 404: "webhook.http.404"}
_HINTS = {
    "webhook.ok": "",
    "webhook.http.403": "Something before your server refuses us; let User-Agent Java through",
    "webhook.http.404": "Nothing answers at this path",
    "webhook.err.tls": "The certificate can't be trusted",
    "webhook.err.unreachable": "Your server can't be reached, or answers too slowly",
}


class Hook:
    """Where updates are delivered to. What was answered is kept in `answers`: (status, body sent)."""

    def __init__(self, emulator: "Emulator") -> None:
        self._emulator = emulator
        self._client = httpx.AsyncClient(follow_redirects=False, trust_env=False)
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""
        self.secret = ""
        self.updated_at = 0
        self.answers: list[int] = []

    async def set(self, url: str, secret: str) -> Json:
        """Keep the address, then verify it."""
        self.url, self.secret, self.updated_at = url, secret, self._emulator.now_ms()
        made: Json = {"url": url, "updated_at": self.updated_at}
        if self._emulator.switches.verifies:
            made["verification"] = {"url": url, **await self.verify()}
        return made

    def forget(self) -> Json:
        """Forget the address."""
        self.url = self.secret = ""
        self.updated_at = self._emulator.now_ms()
        return {"url": "", "updated_at": self.updated_at}

    async def verify(self) -> Json:
        """Post once; tell what came of it."""
        status = await self.post(b"")
        outcome = "webhook.ok"
        if status < 100:  # noqa: PLR2004  no status at all
            outcome = "webhook.err.unreachable" if status == 0 else "webhook.err.tls"
        elif not 200 <= status < 300:  # noqa: PLR2004  all that is well
            outcome = _OUTCOMES.get(status, "webhook.http.5xx" if status >= 500 else "webhook.http.other")  # noqa: PLR2004
        return {"ok": outcome == "webhook.ok", "outcome": outcome, "hint": _HINTS.get(outcome, "Answer with 200")}

    def deliver(self, update: Json) -> None:
        """Bring an update, now and again as the switches say."""
        for _ in range(self._emulator.switches.deliveries):
            task = asyncio.create_task(self._bring(self.body(update)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def body(self, update: Json) -> bytes:
        """Write an update as a webhook gets it."""
        shape = self._emulator.switches.webhook_body
        if shape == "flat":
            return self._emulator.encode(update)
        more: Json = {"error_code": 0} if shape == "wrapped-code" else {}
        return self._emulator.encode({"ok": True, **more, "result": update})

    async def _bring(self, body: bytes) -> None:
        if self._emulator.switches.empty_probe:
            await self.post(b"")
        for pause in (*self._emulator.switches.retries, None):
            status = await self.post(body)
            self.answers.append(status)
            if 200 <= status < 300 or pause is None:  # noqa: PLR2004  all that is well
                return
            await self._emulator.pause(pause)

    async def post(self, body: bytes, secret: str | None = None) -> int:
        """Post once; the status, or 0 where nothing answers, 1 where TLS fails."""
        headers = {"User-Agent": AGENT, SECRET_HEADER: self.secret if secret is None else secret}
        if body:
            headers["Content-Type"] = "application/json"
        try:
            answer = await self._client.post(
                self.url, content=body, headers=headers, timeout=self._emulator.switches.webhook_seconds
            )
        except httpx.ConnectError as error:
            return int("CERTIFICATE" in str(error).upper())
        except httpx.HTTPError:
            return 0
        return answer.status_code

    async def close(self) -> None:
        """Deliver no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()
