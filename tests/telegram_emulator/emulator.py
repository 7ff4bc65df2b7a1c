"""The test's side: makes people and bots, moves time, and lets things go wrong on purpose."""

import asyncio
from types import TracebackType
from typing import Self

from starlette.types import ASGIApp

from telegram_emulator.bots import Bot
from telegram_emulator.chats import Chat, Reach
from telegram_emulator.clock import PATIENCE
from telegram_emulator.faults import Cut, Fault
from telegram_emulator.people import Group, Person
from telegram_emulator.refused import Json, Refused
from telegram_emulator.server import Called, Server
from telegram_emulator.updates import Update


class Emulator(Server):
    """Telegram for one test: `async with Emulator() as telegram`."""

    def __init__(self, *, speed: float = 1.0, webhook_timeout: float = 60.0) -> None:
        """Let Telegram's time run so much faster; `webhook_timeout` is in seconds of ours."""
        super().__init__(speed=speed, webhook_timeout=webhook_timeout)
        self.main = self.bot()

    @property
    def url(self) -> str:
        """Where the Bot API is, instead of https://api.telegram.org."""
        return f"http://127.0.0.1:{self._wire.port}"

    @property
    def token(self) -> str:
        return self.main.token

    def bot(self, username: str = "hocso_bot", first_name: str = "Học Số", *, reads_all: bool = False) -> Bot:
        """Make one more bot."""
        number = next(self._ids)
        token = f"{7_000_000_000 + number}:{'AAE' + str(number).rjust(32, '-')}"
        self._bots[token] = Bot(token, first_name, username, self.clock, self.bell, reads_all)
        return self._bots[token]

    def person(
        self,
        first_name: str = "An",
        *,
        id: int = 0,  # noqa: A002  Telegram's word
        language_code: str = "vi",
        username: str = "",
        last_name: str = "",
        bot: Bot | None = None,
    ) -> Person:
        """Make someone; the bot can't write to them before they write to it."""
        given = {"username": username, "last_name": last_name, "language_code": language_code}
        shown = {key: item for key, item in given.items() if item}
        number = id or 5_200_000_000 + next(self._ids)
        return Person(bot or self.main, {"id": number, "is_bot": False, "first_name": first_name, **shown})

    def group(self, title: str, *members: Person, bot: Bot | None = None) -> Group:
        """Make a group with the bot in it."""
        bot = bot or self.main
        number = -4_100_000_000 - next(self._ids)
        json = {"id": number, "type": "group", "title": title}
        chat = Chat(json, Reach.OPEN, members=list(members))
        bot.chats[chat.id] = chat
        return Group(bot, chat)

    def redeliver(self, update: Update, *, bot: Bot | None = None) -> None:
        """Deliver an update once more under its id."""
        bot = bot or self.main
        bot.updates.put_again(update)
        if bot.hook:
            bot.hook.look()

    def tries_now(self) -> None:
        """Bring at once what failed and waits for its next try, without any time passing."""
        if self.main.hook:
            self.main.hook.try_now()

    async def brings(self, body: Json, *, id: int = 0, queue: int = 0) -> Update:  # noqa: A002  Telegram's word
        """Deliver what no person here can do, such as an update of a kind from the future; nothing of it is checked.

        `queue` is the chat whose updates wait for it.
        """
        update = self.main.updates.bring(body, queue, id)
        if self.main.hook:
            self.main.hook.look()
        await asyncio.sleep(0)
        return update

    def resolves(self, address: str, to: str | ASGIApp) -> None:
        """Let a public address (https://bot.example) be a loopback one, or an ASGI app in this process."""
        self._places[address.rstrip("/")] = to

    async def delivered(self, *, bot: Bot | None = None, patience: float = PATIENCE) -> None:
        """Wait until nothing waits for the bot any more: delivered, confirmed by the next poll, or expired."""
        updates = (bot or self.main).updates
        await self.bell.until(lambda: not updates.pending, lambda: f"still waiting: {updates.pending}", patience)

    async def called(self, method: str, times: int = 1, *, patience: float = PATIENCE) -> list[Called]:
        """Wait until a method was called so many times in all; return the calls."""

        def made() -> list[Called]:
            return [call for call in self.calls if call.method == method]

        await self.bell.until(lambda: len(made()) >= times, lambda: f"{method} came {len(made())} times", patience)
        return made()

    def later(self, seconds: float) -> None:
        """Let so much time have passed for Telegram."""
        self.clock.skip(seconds)

    def fails_with(
        self,
        code: int,
        words: str = "",
        *,
        retry_after: int = 0,
        method: str = "",
        chat_id: int = 0,
        times: int | None = 1,
        after: int = 0,
        unseen: bool = False,
    ) -> Fault:
        """Refuse the next calls (any but getUpdates, or those named); `times=None` until the fault's end().

        `after` so many went well; `unseen`: calls in the answers to webhooks too, of which the bot never hears.
        """
        no = Refused(code, words, retry_after=retry_after)
        return self.faults.add(Fault(no, method=method, chat_id=chat_id, times=times, after=after, unseen=unseen))

    def shows_page(self, code: int = 502, *, method: str = "", times: int | None = 1) -> Fault:
        """Answer the next calls with a web page, as what stands in front of Telegram does when Telegram is away."""
        return self.faults.add(Fault(page=code, method=method, times=times))

    def cuts(self, when: Cut, *, method: str = "", chat_id: int = 0, times: int | None = 1) -> Fault:
        """Break the connection before or after the next calls are carried out."""
        return self.faults.add(Fault(cut=when, method=method, chat_id=chat_id, times=times))

    def answers_late(self, seconds: float, *, method: str = "", chat_id: int = 0, times: int | None = 1) -> Fault:
        """Carry out the next calls at once, but answer so many of Telegram's seconds later."""
        return self.faults.add(Fault(seconds=seconds, method=method, chat_id=chat_id, times=times))

    def limits_rates(self) -> None:
        """Answer 429 from now on: past 1 message a second and chat (after 5), 20 a minute and group, 30 a second."""
        self.faults.limits_rates = True

    async def goes_down(self) -> None:
        await self._wire.close()

    async def comes_up(self) -> None:
        await self._wire.open()

    async def __aenter__(self) -> Self:
        await self._wire.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for bot in self._bots.values():
            if bot.hook:
                hook, bot.hook = bot.hook, None
                await hook.close()
        await self._wire.close()
        await self.hang_up()
