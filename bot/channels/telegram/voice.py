"""Voice messages: a reply spoken, with the text as its caption, and a learner's voice note heard.

A clip that isn't there within READY seconds goes after the text, never instead of it, and not at all
once something newer was answered: it would speak of a step that is past.
"""

import asyncio
import re
from typing import Any

import msgspec
import structlog
from aiogram.types import BufferedInputFile

from bot.channels import Refused, TryLater, Unreachable
from bot.channels.chats import Chats
from bot.channels.telegram.client import Client, SendVoice, failed
from bot.channels.telegram.message import MAX_CAPTION, SendMessage
from bot.channels.telegram.texts import HEAR_SIZE
from bot.channels.telegram.update import VoiceNote
from bot.core.fit import units
from bot.core.library import FIRST, Library
from bot.core.reading import ToRead
from bot.core.turn import Asked, Event, Read, Reply, Typed, Unheard
from bot.tutor import Tutor
from bot.voice.clip import Clip
from bot.voice.guess import rounded
from bot.voice.hearing import Hearing
from bot.voice.voice import Speech, Voice, speech_of

log = structlog.get_logger()

READY = 1.0  # seconds of a turn that a clip may take
LATE = 60.0  # seconds after which one isn't sent any more: the learner has gone on
MOST_BYTES = 2_000_000  # of a learner's voice note
MOST_SECONDS = 60  # of one

_sized = re.compile(r".+ \d+ kB\)")


class Speaking:
    """Sends clips of one bot, and remembers under which id Telegram keeps each."""

    def __init__(self, client: Client, voice: Voice, chats: Chats[int]) -> None:
        self._client = client
        self._voice = voice
        self._chats = chats
        self._late: dict[int, asyncio.Task[None]] = {}  # by chat: the clip that is to follow what was answered last
        self._sending: set[asyncio.Task[None]] = set()

    async def send(self, sent: list[SendMessage], speech: Speech) -> list[SendMessage]:
        """Send the messages spoken; returns those that are left for the caller to send, as text.

        Raises as `Client.call` does; then nothing was sent.
        """
        alone = len(sent) == 1 and units(sent[0].text) <= MAX_CAPTION
        if alone and await self._by_id(sent[0], speech):
            return []
        making = asyncio.create_task(self._voice.clip(speech))
        try:
            clip = await asyncio.wait_for(asyncio.shield(making), READY)
        except TimeoutError:
            self._after(sent[-1].chat_id, making)
            return sent
        if clip is None:
            failed("not spoken")
            return sent
        if not alone:
            self._after(sent[-1].chat_id, making)
            return sent
        try:
            await self._clip(sent[0], clip)
        except Refused as error:  # a learner may refuse voice messages
            log.warning("telegram refuses a voice message", why=str(error))
            failed("voice refused")
            return sent
        return []

    async def key(self, reply: Reply, library: Library) -> str:
        """Return the label of the key that has the reply said; whoever saves data is told how much it will be."""
        if not (reply.saver and reply.hear_label):
            return reply.hear_label
        try:
            size = rounded(await self._voice.size(speech_of(reply, library)))
        except Exception:  # whatever it is, the learner must get the text
            log.exception("a reply's size can't be told")
            return reply.hear_label
        return HEAR_SIZE.get(reply.lang, HEAR_SIZE[FIRST]).format(label=reply.hear_label, size=size)

    def follows(self, chat: int) -> bool:
        """Whether a clip is to follow the text: the text must be out before."""
        return chat in self._late

    def gone_on(self, chat: int) -> None:
        """Send no clip of what was answered before; one that is on its way arrives first."""
        if late := self._late.pop(chat, None):
            late.cancel()

    def _after(self, chat: int, making: "asyncio.Task[Clip | None]") -> None:
        """Send the clip once it is made and the text is out, unless the learner has gone on meanwhile."""

        async def later() -> None:
            try:
                clip = await asyncio.wait_for(asyncio.shield(making), LATE)
                async with self._chats.line(chat) as there:
                    self._late.pop(chat)  # from here on it comes to its end
                    if clip:
                        await there.call(lambda: self._clip(SendMessage(chat, ""), clip))
            except (TimeoutError, TryLater, Refused, Unreachable) as error:
                log.warning("a clip was not sent", why=str(error) or "it took too long")
                failed("clip late")
            finally:
                if self._late.get(chat) is task:
                    del self._late[chat]

        self.gone_on(chat)
        self._late[chat] = task = asyncio.create_task(later())
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    @property
    def _key(self) -> str:
        return f"telegram {self._client.bot_id}"

    async def _by_id(self, message: SendMessage, speech: Speech) -> bool:
        """Send a clip that Telegram has, by its id, without even reading it; False where it has none, or no longer."""
        known = await self._voice.known(speech, self._key)
        return known is not None and await self._sent_by_id(message, *known)

    async def _sent_by_id(self, message: SendMessage, address: str, file_id: str) -> bool:
        try:
            await self._client.call(_call(message, file_id))
        except Refused:
            await self._voice.note(address, self._key, "")
            return False
        return True

    async def _clip(self, message: SendMessage, clip: Clip) -> None:
        """Send it by the id that Telegram has for it; by its bytes where it has none, or no longer."""
        known = await self._voice.noted(clip.address, self._key)
        if known and await self._sent_by_id(message, clip.address, known):
            return
        sent: Any = await self._client.call(_call(message, BufferedInputFile(clip.data, "hoc-so.ogg"), clip.seconds))
        if file_id := sent.get("voice", {}).get("file_id"):
            await self._voice.note(clip.address, self._key, file_id)

    async def close(self) -> None:
        """Send no more."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)


def _call(message: SendMessage, voice: str | BufferedInputFile, seconds: float | None = None) -> SendVoice:
    fields = msgspec.to_builtins(message)
    return SendVoice.model_validate(
        {
            "chat_id": message.chat_id,
            "voice": voice,
            "caption": message.text or None,
            "caption_entities": fields.get("entities"),
            "duration": seconds and round(seconds),
            "reply_markup": fields.get("reply_markup"),
        }
    )


def asked(event: Event) -> Event:
    """Take the label of a key with a size on it, which a listener's phone sends as text, for what it means."""
    return Asked("again") if isinstance(event, Typed) and _sized.fullmatch(event.text) else event


async def read(note: VoiceNote, wanted: ToRead, client: Client, tutor: Tutor) -> Event:
    """Return what came of a volunteer's voice note. Raises as `Client.call` does."""
    if note.duration > MOST_SECONDS or note.file_size > MOST_BYTES:
        return Read(wanted.mark, "endless")
    raw = await client.download(note.file_id, MOST_BYTES)
    return await tutor.read(wanted, raw) if raw else Read(wanted.mark, "no sound")


async def heard(note: VoiceNote, lang: str, client: Client, hearing: Hearing | None) -> Event:
    """Return what a learner said. The sound is never stored. Raises as `Client.call` does."""
    if hearing is None or hearing.lacks:
        return Unheard("no ear")
    if note.duration > MOST_SECONDS or note.file_size > MOST_BYTES:
        return Unheard("too long")
    raw = await client.download(note.file_id, MOST_BYTES)
    return await hearing.hear(raw, lang) if raw else Unheard("not audio")
