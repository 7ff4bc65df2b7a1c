"""What is sent into one chat: one after the other, and not before the platform lets us."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from bot.channels import TryLater

T = TypeVar("T")
Name = TypeVar("Name", int, str)  # of a chat, as its platform gives it

WAIT = 5.0  # seconds that we wait ourselves when the platform asks for it; longer waits are left to redelivery
REMEMBERED = 10_000  # chats that must wait


class Chat:
    """One chat in which something goes on; `failed` counts its waits."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        self._failed = failed
        self.line = asyncio.Lock()
        self.in_line = 0  # those who send, or wait for it
        self._not_before = 0.0  # of the event loop's time

    def wait(self) -> float:
        """Return for how many seconds nothing may be sent."""
        return self._not_before - asyncio.get_running_loop().time()

    def must_wait(self, seconds: float) -> None:
        """Send nothing for so long."""
        self._not_before = asyncio.get_running_loop().time() + seconds

    def free(self) -> bool:
        """Whether nothing goes on any more."""
        return not self.in_line and self.wait() <= 0

    async def call(self, make: Callable[[], Awaitable[T]]) -> T:
        """Make a call; raises TryLater when that would take long."""
        latest = asyncio.get_running_loop().time() + WAIT
        while True:
            if (wait := self.wait()) > 0:
                if asyncio.get_running_loop().time() + wait > latest:
                    raise TryLater(wait, "the platform asks to wait")
                self._failed("waited")
                await asyncio.sleep(wait)
                continue  # meanwhile it may have become longer
            try:
                return await make()
            except TryLater as error:
                self.must_wait(error.seconds)


class Chats(Generic[Name]):
    """All chats in which something goes on; of the others nothing is kept."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        self._failed = failed
        self._chats: dict[Name, Chat] = {}

    def __contains__(self, chat: Name) -> bool:
        return chat in self._chats

    def __getitem__(self, chat: Name) -> Chat:
        return self._chats.setdefault(chat, Chat(self._failed))

    @asynccontextmanager
    async def line(self, name: Name) -> AsyncIterator[Chat]:
        """Be the only one who sends into a chat, when it is one's turn."""
        chat = self[name]
        chat.in_line += 1
        try:
            async with chat.line:
                yield chat
        finally:
            chat.in_line -= 1
            if chat.free():
                self._chats.pop(name, None)
            elif len(self._chats) > REMEMBERED:
                self._chats = {each: chat for each, chat in self._chats.items() if not chat.free()}
