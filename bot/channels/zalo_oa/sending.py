"""What goes out: one person's messages after one another, tried on while Zalo is away, with the token kept good."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bot import metrics
from bot.channels import Refused, TryLater, Unreachable
from bot.channels.chats import WAIT, Chat, Chats
from bot.channels.zalo_oa.client import BadToken, Client, Closed, NeedsOperator, Unsure, failed
from bot.channels.zalo_oa.faults import class_of
from bot.channels.zalo_oa.message import SendText, Shape
from bot.channels.zalo_oa.tokens import Tokens
from bot.core.saving import StoreDown

log = structlog.get_logger()

GIVE_UP = 900.0  # seconds for which a message is tried; then the person has long gone
LONGEST_PAUSE = 30.0  # seconds between two tries to reach Zalo
WITHOUT_BUTTONS = 3600.0  # seconds for which buttons are left out once they were refused
SURE_TRIES = 2  # of a message to which no answer came: it may be there twice, which harms nobody
_SENDING_FAILED = -200

_CALLED = metrics.REPLIES.labels("zalo-oa", "call")


class Sending:
    """Sends for one Official Account. `gone` and `closed` hear who can't be sent anything, or not now."""

    def __init__(  # noqa: PLR0913  what sending takes
        self,
        client: Client,
        tokens: Tokens,
        *,
        gone: Callable[[str], Awaitable[None]],
        closed: Callable[[str], Awaitable[None]],
        shape: Shape = "plain",
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client, self._tokens = client, tokens
        self._gone, self._closed = gone, closed
        self._shape = shape
        self._clock, self._sleep = clock, sleep
        self._chats: Chats[str] = Chats(failed)
        self._no_buttons_until = 0.0
        self._told: set[int] = set()  # codes of faults that an operator was told of since all was well

    @property
    def shape(self) -> Shape:
        """In which form buttons go out now."""
        return "numbers" if self._clock() < self._no_buttons_until else self._shape

    async def send(self, person: str, make: Callable[[], Awaitable[list[SendText]]]) -> bool:
        """Send what is made now in order, when what was begun before is out; whether all went out."""
        async with self._chats.line(person) as chat:
            for message in await make():
                if not await self._sent(chat, person, message):
                    return False
        return True

    async def _sent(self, chat: Chat, person: str, message: SendText) -> bool:
        """Send one message; False where it never will be."""
        began, pause, unsure, again = self._clock(), 1.0, 0, True
        shape_fault: Refused | None = None
        while True:
            try:
                await self._with_token(person, message)
            except (TryLater, StoreDown) as error:
                unsure += isinstance(error, Unsure)
                waited = self._clock() - began
                if unsure >= SURE_TRIES or waited > GIVE_UP or (waited > WAIT and chat.in_line > 1):
                    failed("not sent")  # whoever comes next in this chat shows where the learner is
                    log.warning("a message was not sent", why=str(error))
                    return False
                failed("waited")
                await self._sleep(max(pause, error.seconds if isinstance(error, TryLater) else 0.0))
                pause = min(pause * 2, LONGEST_PAUSE)
            except Refused as error:
                if class_of(error.code) == "shape" and message.buttons:
                    shape_fault = error
                    message = message.without_buttons()
                elif error.code == _SENDING_FAILED and again:
                    again = False
                else:
                    await self._refused(person, error)
                    return False
            except Unreachable as error:
                failed("unreachable")
                log.info("a learner can't be sent anything", why=str(error))
                await self._gone(person)
                return False
            else:
                _CALLED.inc()
                self._told.clear()
                if shape_fault:  # it was the buttons indeed
                    self._leave_buttons_out(shape_fault)
                return True

    async def _with_token(self, person: str, message: SendText) -> None:
        access = await self._tokens.access()
        try:
            await self._client.send(access, person, message, self._shape)
        except BadToken:
            access = await self._tokens.after(access)
            await self._client.send(access, person, message, self._shape)

    def _leave_buttons_out(self, error: Refused) -> None:
        failed("buttons refused")
        if self._clock() >= self._no_buttons_until:
            log.warning("zalo refuses buttons; choices go as numbers for an hour", why=str(error))
        self._no_buttons_until = self._clock() + WITHOUT_BUTTONS

    async def _refused(self, person: str, error: Refused) -> None:
        if isinstance(error, Closed):
            failed("window closed")
            await self._closed(person)
        elif isinstance(error, NeedsOperator | BadToken):
            failed("needs operator")
            self.tell(error)
        else:
            failed("refused")
            log.warning("zalo refuses a message", code=error.code, why=str(error))

    def tell(self, error: Refused) -> None:
        """Tell an operator what to do, once until all is well again."""
        if error.code not in self._told:
            self._told.add(error.code)
            log.error("zalo's official account does not work", why=str(error))
