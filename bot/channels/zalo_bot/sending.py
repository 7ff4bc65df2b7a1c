"""What goes out: one message after the other in each chat, tried on while Zalo is away, silence where it must be."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from bot import metrics
from bot.channels import Refused, TryLater, Unreachable
from bot.channels.chats import Chats
from bot.channels.zalo_bot.client import BadToken, Client, Unknown, UsedUp, failed
from bot.channels.zalo_bot.plan import Plan

log = structlog.get_logger()

GIVE_UP_SECONDS = 600.0  # after which a message is not tried any more: the learner has long asked again
FIRST_PAUSE = 1.0  # seconds before the second try
LONGEST_PAUSE = 30.0  # seconds between two tries
UNKNOWNS = 2  # times that a message is sent to which no answer came: once lost in a hundred is worse than twice read
BURST = 10  # messages that may go out at once before the pace counts

_called = metrics.Tally(metrics.REPLIES.labels("zalo-bot", "call").inc)


class Sending:
    """Sends for one bot, `pace` messages a second at most (0: as they come). `gone` hears of who can't be reached."""

    def __init__(self, client: Client, plan: Plan, gone: Callable[[str], Awaitable[None]], pace: float = 0) -> None:
        self.chats: Chats[str] = Chats(failed)
        self.revoked = False  # the token; nothing is sent any more
        self._client, self._plan, self._gone = client, plan, gone
        self._pace = pace
        self._next = 0.0  # on the event loop's clock

    async def texts(self, chat: str, texts: Sequence[str]) -> bool:
        """Send texts, in the line of their chat. False: the rest of a reply is better left out."""
        for text in texts:
            if not await self._one(chat, partial(self._client.send, chat, text), len(text)):
                return False
        return True

    async def voice(self, chat: str, url: str) -> None:
        """Send a clip, in the line of its chat."""
        await self._one(chat, partial(self._client.send_voice, chat, url), 0)

    async def _one(self, chat: str, send: Callable[[], Awaitable[None]], characters: int) -> bool:
        until = asyncio.get_running_loop().time() + GIVE_UP_SECONDS
        pause, unknowns = FIRST_PAUSE, 0
        while not self.revoked:
            await self._paced()
            try:
                await send()
            except TryLater as error:
                unknowns += isinstance(error, Unknown)
                wait = max(error.seconds, pause * random.uniform(0.7, 1.3))  # noqa: S311  not all at the same moment
                if unknowns >= UNKNOWNS or asyncio.get_running_loop().time() + wait > until:
                    failed("unsent")
                    log.warning("a message was not sent", why=str(error))
                    return False
                failed("waited")
                await asyncio.sleep(wait)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Unreachable:
                failed("unreachable")
                await self._gone(chat)
                return False
            except Refused as error:
                failed("refused")
                log.warning("Zalo refuses a message", code=error.code, why=str(error), characters=characters)
                return True
            except UsedUp:
                failed("used up")
                self._plan.refused()
                return False
            except BadToken:
                self.revoke()
            else:
                _called.number += 1
                self._plan.sent()
                return True
        failed("unsent")
        return False

    def revoke(self) -> None:
        """Send nothing any more; say why, once."""
        if not self.revoked:
            self.revoked = True
            failed("bad token")
            log.error(
                "Zalo doesn't know this bot's token any more: nobody is answered there until ZALO_BOT_TOKEN has "
                "the new one and the program is started again; all else goes on"
            )

    async def _paced(self) -> None:
        if not self._pace:
            return
        now = asyncio.get_running_loop().time()
        self._next = max(self._next, now - BURST / self._pace) + 1 / self._pace
        if self._next > now:
            await asyncio.sleep(self._next - now)
