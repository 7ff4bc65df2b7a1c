"""Calls to the Bot API by aiogram; every way they fail is one of three (`bot.channels`)."""

from typing import TypeVar

import msgspec
from aiogram import Bot, methods
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod

from bot.channels import Refused, TryLater, Unreachable
from bot.channels.telegram.message import SendMessage

T = TypeVar("T")

ANSWER_SECONDS = 15.0  # for one call
POLL_SECONDS = 25  # that Telegram holds a call for updates open
PAUSE = 2.0  # seconds after a network fault or a fault of Telegram's


class Client:
    """One bot at one Bot API server. `base` is the server's address, without a slash at its end."""

    def __init__(self, token: str, base: str) -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(base), timeout=ANSWER_SECONDS)
        self._bot = Bot(token, session=session)

    async def call(self, method: TelegramMethod[T], seconds: float = ANSWER_SECONDS) -> T:
        """Make one call; raises Unreachable, TryLater or Refused."""
        try:
            return await self._bot(method, request_timeout=int(seconds))
        except TelegramRetryAfter as error:
            raise TryLater(error.retry_after, "Telegram asks to wait") from error
        except TelegramForbiddenError as error:
            raise Unreachable(error.message) from error
        except TelegramServerError as error:
            raise TryLater(PAUSE, f"Telegram has a fault: {error.message}") from error
        except (TelegramNetworkError, TimeoutError, OSError) as error:
            raise TryLater(PAUSE, "Telegram can't be reached") from error
        except TelegramAPIError as error:
            raise Refused(400, error.message) from error

    async def send(self, message: SendMessage) -> None:
        """Send one message."""
        await self.call(methods.SendMessage.model_validate(msgspec.to_builtins(message)))

    async def answer_tap(self, tap: str) -> None:
        """Stop the spinner of a button, without words: nobody would hear them. It may be too late for it."""
        await self.call(methods.AnswerCallbackQuery(callback_query_id=tap))

    async def delete(self, chat: int, message: int) -> None:
        """Delete a learner's message, such as one that holds a secret."""
        await self.call(methods.DeleteMessage(chat_id=chat, message_id=message))

    async def updates(self, offset: int, allowed: tuple[str, ...]) -> list[bytes]:
        """Wait for updates from `offset` on; each as JSON, as a webhook gets it."""
        asked = methods.GetUpdates(offset=offset, timeout=POLL_SECONDS, allowed_updates=list(allowed))
        found = await self.call(asked, POLL_SECONDS + ANSWER_SECONDS)
        return [update.model_dump_json(by_alias=True, exclude_unset=True).encode() for update in found]

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.session.close()
