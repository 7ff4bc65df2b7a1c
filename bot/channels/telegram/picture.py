"""Pictures of steps: a drawn phone screen with the text as its caption, for learners who read."""

from typing import Any, cast

import msgspec
import structlog
from aiogram.types import BufferedInputFile

from bot.channels import Refused
from bot.channels.telegram.client import Client, SendPhoto, failed
from bot.channels.telegram.message import MAX_CAPTION, SendMessage
from bot.core.fit import fits
from bot.core.lesson import PhoneScreen
from bot.core.turn import Reply
from bot.pictures.gallery import Gallery, address_of

log = structlog.get_logger()


class Showing:
    """Sends pictures of one bot, and remembers under which id Telegram keeps each."""

    def __init__(self, client: Client, gallery: Gallery) -> None:
        self._client = client
        self._gallery = gallery

    def screen(self, sending: list[SendMessage], reply: Reply | None) -> PhoneScreen | None:
        """Return what is to be seen with these messages: nothing where the text is too long for a caption."""
        picture = reply.picture if reply else None
        if picture is None or len(sending) > 1 or not fits(sending[0].text, MAX_CAPTION):
            return None
        return picture.screen

    async def send(self, message: SendMessage, screen: PhoneScreen) -> None:
        """Send the message with its picture, or without where it can't be had. Raises as `Client.call` does."""
        if not await self._seen(message, screen):
            await self._client.send(message)

    async def _seen(self, message: SendMessage, screen: PhoneScreen) -> bool:
        address, key = address_of(screen), f"telegram-{self._client.bot_id}"
        known = await self._gallery.noted(address, key)
        if known and await self._sent(message, known) is not None:
            return True
        data = await self._gallery.png(address)
        if data is None:  # the lessons changed just now
            return False
        sent = await self._sent(message, BufferedInputFile(data, "hoc-so.png"))
        if sent is None:
            failed("picture refused")
            return False
        if sizes := sent.get("photo"):
            await self._gallery.note(address, key, sizes[-1]["file_id"])
        return True

    async def _sent(self, message: SendMessage, photo: str | BufferedInputFile) -> dict[str, Any] | None:
        """Return what Telegram made of it; None where it refuses."""
        try:
            sent: Any = await self._client.call(_call(message, photo))
        except Refused as error:  # an id it no longer has, or a learner's own wish
            log.warning("telegram refuses a picture", why=str(error))
            return None
        return cast("dict[str, Any]", sent)


def _call(message: SendMessage, photo: str | BufferedInputFile) -> SendPhoto:
    fields = msgspec.to_builtins(message)
    return SendPhoto.model_validate(
        {
            "chat_id": message.chat_id,
            "photo": photo,
            "caption": message.text,
            "caption_entities": fields.get("entities"),
            "reply_markup": fields.get("reply_markup"),
        }
    )
