"""Voice messages: a reply spoken, with the text as its caption, and a learner's voice note heard.

A clip that isn't there within READY seconds goes after the text, never instead of it.
"""

import asyncio
from typing import Any

import msgspec
import structlog
from aiogram.types import BufferedInputFile

from bot.channels import Refused, TryLater, Unreachable
from bot.channels.telegram.client import Client, SendVoice, failed
from bot.channels.telegram.message import MAX_CAPTION, SendMessage, units
from bot.channels.telegram.update import VoiceNote
from bot.core.turn import Event, Unheard
from bot.voice.clip import Clip
from bot.voice.hearing import Hearing
from bot.voice.voice import Speech, Voice

log = structlog.get_logger()

READY = 1.0  # seconds of a turn that a clip may take
LATE = 60.0  # seconds after which one isn't sent any more: the learner has gone on
AFTER = 0.3  # seconds that a text in a webhook's response is given to be there first
MOST_BYTES = 2_000_000  # of a learner's voice note
MOST_SECONDS = 60  # of one


class Speaking:
    """Sends clips of one bot, and remembers under which id Telegram keeps each."""

    def __init__(self, client: Client, voice: Voice) -> None:
        self._client = client
        self._voice = voice
        self._late: set[asyncio.Task[None]] = set()

    async def send(self, sent: list[SendMessage], speech: Speech) -> list[SendMessage]:
        """Send the messages spoken; returns those that are left for the caller to send, as text.

        Raises as `Client.call` does; then nothing was sent.
        """
        making = asyncio.create_task(self._voice.clip(speech))
        try:
            clip = await asyncio.wait_for(asyncio.shield(making), READY)
        except TimeoutError:
            self._after(sent[-1].chat_id, making)
            return sent
        if clip is None:
            failed("not spoken")
            return sent
        if len(sent) > 1 or units(sent[0].text) > MAX_CAPTION:
            self._after(sent[-1].chat_id, making)
            return sent
        try:
            await self._clip(sent[0], clip)
        except Refused as error:  # a learner may refuse voice messages
            log.warning("telegram refuses a voice message", why=str(error))
            failed("voice refused")
            return sent
        return []

    def _after(self, chat: int, making: "asyncio.Task[Clip | None]") -> None:
        """Send the clip once it is made and the text is out."""

        async def later() -> None:
            try:
                clip = await asyncio.wait_for(making, LATE)
                await asyncio.sleep(AFTER)
                if clip:
                    await self._clip(SendMessage(chat, ""), clip)
            except (TimeoutError, TryLater, Refused, Unreachable) as error:
                log.warning("a clip was not sent", why=str(error) or "it took too long")
                failed("clip late")

        task = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _clip(self, message: SendMessage, clip: Clip) -> None:
        """Send it by the id that Telegram has for it; by its bytes where it has none, or no longer."""
        key = f"telegram {self._client.bot_id}"
        if known := await self._voice.noted(clip.address, key):
            try:
                await self._client.call(_call(message, known, clip))
            except Refused:
                await self._voice.note(clip.address, key, "")
            else:
                return
        sent: Any = await self._client.call(_call(message, BufferedInputFile(clip.data, "hoc-so.ogg"), clip))
        if file_id := sent.get("voice", {}).get("file_id"):
            await self._voice.note(clip.address, key, file_id)

    async def close(self) -> None:
        """Send no more."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)


def _call(message: SendMessage, voice: str | BufferedInputFile, clip: Clip) -> SendVoice:
    fields = msgspec.to_builtins(message)
    return SendVoice.model_validate(
        {
            "chat_id": message.chat_id,
            "voice": voice,
            "caption": message.text or None,
            "caption_entities": fields.get("entities"),
            "duration": round(clip.seconds),
            "reply_markup": fields.get("reply_markup"),
        }
    )


async def heard(note: VoiceNote, lang: str, client: Client, hearing: Hearing | None) -> Event:
    """Return what a learner said. The sound is never stored. Raises as `Client.call` does."""
    if hearing is None or hearing.lacks:
        return Unheard("no ear")
    if note.duration > MOST_SECONDS or note.file_size > MOST_BYTES:
        return Unheard("too long")
    raw = await client.download(note.file_id, MOST_BYTES)
    return await hearing.hear(raw, lang) if raw else Unheard("not audio")
