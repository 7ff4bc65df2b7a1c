"""Delivery by webhook, as the server does it (WebhookActor.cpp): retries, order, expiry, calls in the answer."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from telegram_emulator.bots import Bot
from telegram_emulator.updates import Update

SLOWEST = 60  # seconds between two tries, up to twice that
LONGEST_RETRY_AFTER = 3600
GONE = 23 * 3600  # seconds of 410 after which the webhook is closed
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name


@dataclass(frozen=True)
class Wanted:
    """What setWebhook asked for."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""


@dataclass
class Hook:
    """Brings one bot's updates to its address: one at a time per queue, many queues at once."""

    bot: Bot
    wanted: Wanted
    http: httpx.AsyncClient
    call: Callable[[Bot, httpx.Response], Awaitable[None]]  # carries out what the answer asks
    timeout: float  # of our seconds
    delays: list[float] = field(default_factory=list)  # Telegram's seconds between tries, for tests
    most_at_once: int = 0
    _busy: dict[tuple[str, int], asyncio.Task[None]] = field(default_factory=dict)
    _at_once: int = 0
    _gone_since: float | None = None

    def __post_init__(self) -> None:
        self._connections = asyncio.Semaphore(self.wanted.max_connections)
        self._now = asyncio.Event()

    def look(self) -> None:
        """Set out with what waits in queues where nothing is on its way."""
        for update in self.bot.updates.pending:
            if update.queue not in self._busy:
                self._busy[update.queue] = asyncio.create_task(self._empty(update.queue))

    def try_now(self) -> None:
        """Try again at once what waits for its next try."""
        self._now.set()
        self._now = asyncio.Event()

    async def close(self, *, deliver_also: bool = True) -> None:
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if deliver_also:
            await self.http.aclose()

    async def _empty(self, queue: tuple[str, int]) -> None:
        updates = self.bot.updates
        try:
            while self.bot.hook is self:
                updates.expire()
                update = next((each for each in updates.pending if each.queue == queue), None)
                if update is None:
                    return
                await self._bring(update)
        finally:
            self._busy.pop(queue, None)

    async def _bring(self, update: Update) -> None:
        """Deliver one update; a failure holds up its own queue only."""
        clock = self.bot.clock
        delay = 1
        failures = 0
        while update in self.bot.updates.pending and clock.now() <= update.expires:
            update.tries += 1
            self.bot.bell.ring()
            retry_after = await self._post(update)
            if retry_after is None:
                self.bot.updates.done(update)
                return
            # The server's own arithmetic: the first retry comes at once, then after 2, 4, 8, ... seconds.
            wait = min(retry_after, LONGEST_RETRY_AFTER)
            if not wait and failures:
                delay = min(random.randint(SLOWEST, 2 * SLOWEST), delay * 2)  # noqa: S311
                wait = delay
            failures += 1
            update.failures = failures
            if clock.now() + wait > update.expires:
                self.bot.updates.done(update)
                return
            self.delays.append(wait)
            await clock.reach(clock.now() + wait, sooner=self._now)

    async def _post(self, update: Update) -> int | None:
        """Return nothing if it arrived, else after how many seconds the bot wants it again, or 0."""
        headers = {SECRET: self.wanted.secret_token} if self.wanted.secret_token else {}
        async with self._connections:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            try:
                async with asyncio.timeout(self.timeout):
                    response = await self.http.post(self.wanted.url, json=update.json, headers=headers)
            except (httpx.HTTPError, TimeoutError) as error:
                connected = not isinstance(error, httpx.ConnectError)
                self._failed("Webhook connection closed" if connected else "Can't connect to the webhook")
                if isinstance(error, TimeoutError | httpx.TimeoutException):
                    self._failed("Read timeout expired")
                return 0
            finally:
                self._at_once -= 1
        if response.is_success:
            self._gone_since = None
            await self.call(self.bot, response)
            return None
        self._failed(f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}")
        self._gone(response.status_code)
        after = response.headers.get("Retry-After", "")
        return int(after) if after.isdecimal() else 0

    def _failed(self, words: str) -> None:
        self.bot.hook_error = (self.bot.clock.date(), words)
        self.bot.bell.ring()

    def _gone(self, status: int) -> None:
        """Close a webhook that has been answering 410 for most of a day."""
        now = self.bot.clock.now()
        if status != httpx.codes.GONE:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = now
        elif now > self._gone_since + GONE and self.bot.hook is self:
            self.bot.hook = None
