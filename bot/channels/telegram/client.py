"""Calls to the Bot API by aiogram; every way they fail is one of three (`bot.channels`)."""

import io
import json
from typing import Any, TypeVar

import msgspec
from aiogram import Bot, methods
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiohttp import ClientError

from bot import metrics
from bot.channels import Refused, TryLater, Unreachable
from bot.channels.telegram.aside import Asides
from bot.channels.telegram.message import SendMessage

T = TypeVar("T")

ANSWER_SECONDS = 15.0  # for one call
POLL_SECONDS = 25  # that Telegram holds a call for updates open
PAUSE = 2.0  # seconds after a network fault or a fault of Telegram's


def failed(kind: str) -> None:
    """Count a failure."""
    metrics.FAILURES.labels("telegram", kind).inc()


# Answers are taken as they are: a field or a kind from the future in one would make aiogram refuse all of it,
# though the message was sent, and all updates though one was strange.
class _SendMessage(methods.SendMessage):
    __returning__ = dict[str, Any]


class _GetUpdates(methods.GetUpdates):
    __returning__ = list[dict[str, Any]]


class SendVoice(methods.SendVoice):
    """One call of sendVoice."""

    __returning__ = dict[str, Any]


class SendPhoto(methods.SendPhoto):
    """One call of sendPhoto."""

    __returning__ = dict[str, Any]


class Client:
    """One bot at one Bot API server. `base` is the server's address, without a slash at its end."""

    def __init__(self, token: str, base: str) -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(base), timeout=ANSWER_SECONDS)
        self._bot = Bot(token, session=session)
        self._asides = Asides(token, base, failed)

    @property
    def bot_id(self) -> int:
        """The bot's own id: file ids are good for it alone."""
        return self._bot.id

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
        except ClientDecodeError as error:  # a proxy's page, most often
            raise TryLater(PAUSE, "something else than Telegram answered") from error
        except (TelegramNetworkError, TimeoutError, OSError) as error:
            raise TryLater(PAUSE, "Telegram can't be reached") from error
        except TelegramAPIError as error:
            raise Refused(400, error.message) from error

    async def send(self, message: SendMessage) -> None:
        """Send one message."""
        await self.call(_SendMessage.model_validate(msgspec.to_builtins(message)))

    def answer_tap(self, tap: str) -> None:
        """Stop the spinner of a button, without words: nobody would hear them. It may be too late for it."""
        self._asides.post(b"answerCallbackQuery", msgspec.json.encode({"callback_query_id": tap}))

    async def delete(self, chat: int, message: int) -> None:
        """Delete a learner's message, such as one that holds a secret."""
        await self.call(methods.DeleteMessage(chat_id=chat, message_id=message))

    async def download(self, file_id: str, most: int) -> bytes:
        """Return a file's bytes; empty when it has more than `most`, or is gone. Raises as `call` does."""
        file = await self.call(methods.GetFile(file_id=file_id))
        if not file.file_path or (file.file_size or 0) > most:
            return b""
        kept = io.BytesIO()
        try:
            await self._bot.download_file(file.file_path, kept, timeout=int(ANSWER_SECONDS))
        except (ClientError, TimeoutError, OSError) as error:
            raise TryLater(PAUSE, "Telegram's files can't be reached") from error
        return kept.getvalue() if kept.tell() <= most else b""

    async def updates(self, offset: int, allowed: tuple[str, ...]) -> list[bytes]:
        """Wait for updates from `offset` on; each as JSON, as a webhook gets it."""
        asked = _GetUpdates(offset=offset, timeout=POLL_SECONDS, allowed_updates=list(allowed))
        found = await self.call(asked, POLL_SECONDS + ANSWER_SECONDS)
        return [json.dumps(update).encode() for update in found]

    async def close(self, seconds: float) -> None:
        """Close the connections; taps that are being answered have so long."""
        await self._asides.close(seconds)
        await self._bot.session.close()
