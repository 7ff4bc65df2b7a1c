"""The people of a test: what they do on their phones, and what they see there."""

import asyncio
import itertools
from dataclasses import dataclass

from telegram_emulator import markup, texts
from telegram_emulator.bots import Bot
from telegram_emulator.chats import Chat, Message, Reach
from telegram_emulator.clock import PATIENCE
from telegram_emulator.files import described
from telegram_emulator.refused import Json
from telegram_emulator.schema import Upload
from telegram_emulator.updates import Update

FILES = ("photo", "voice", "audio", "document")
PIXELS = {"width": 512, "height": 512}
# What a person may send besides files of their own making; each is shown as Telegram shows it.
SHOWN: dict[str, Json] = {
    "sticker": {"type": "regular", "is_animated": False, "is_video": False, "emoji": "👍", **PIXELS},
    "video": {"duration": 3, "mime_type": "video/mp4", **PIXELS},
    "video_note": {"duration": 3, "length": 240},
    "animation": {"duration": 3, **PIXELS},
    "location": {"latitude": 21.0285, "longitude": 105.8542},
    "contact": {"phone_number": "84900000000", "first_name": "An"},
}
MEMBER, KICKED, LEFT = "member", "kicked", "left"
_QUERIES = itertools.count(4_000_000_000_000_000_000)


def _entities(text: str) -> list[Json]:
    """Telegram marks a command at the start."""
    word = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    return [{"type": "bot_command", "offset": 0, "length": texts.utf16(word)}] if len(word) > 1 else []


def _membership(bot: Bot, chat: Chat, person: "Person", was: str, now: str) -> Update:
    """Tell the bot what became of it in a chat."""
    sides: list[Json] = [{"user": bot.me, "status": status} for status in (was, now)]
    for side in sides:
        side.update({"until_date": 0} if side["status"] == KICKED else {})
    body = {"chat": chat.json, "from": person.json, "date": bot.clock.date()}
    return bot.new_update(
        "my_chat_member", {**body, "old_chat_member": sides[0], "new_chat_member": sides[1]}, chat, person.json["id"]
    )


@dataclass(eq=False)
class Group:
    """A group chat."""

    bot: Bot
    chat: Chat

    @property
    def sees(self) -> list[Message]:
        return self.chat.sees

    def adds_bot(self, by: "Person") -> Update:
        self.chat.reach = Reach.OPEN
        return _membership(self.bot, self.chat, by, LEFT, MEMBER)

    def removes_bot(self, by: "Person") -> Update:
        self.chat.reach = Reach.KICKED
        return _membership(self.bot, self.chat, by, MEMBER, KICKED)


class Person:
    """Someone with Telegram on their phone, and their chat with the bot."""

    def __init__(self, bot: Bot, json: Json) -> None:
        self.bot = bot
        self.json = json
        shown = {key: item for key, item in json.items() if key in {"id", "first_name", "last_name", "username"}}
        self.chat = Chat({**shown, "type": "private"}, members=[self])
        bot.chats[self.chat.id] = self.chat
        self._heard = 0

    @property
    def sees(self) -> list[Message]:
        """The bot's messages that stand in their chat."""
        return self.chat.sees

    @property
    def keyboard(self) -> tuple[tuple[str, ...], ...]:
        """The labels of the reply keyboard under the input field."""
        return markup.labels(self.chat.keyboard)

    async def start(self, payload: str = "") -> Update:
        """Press Start, or open a link t.me/bot?start=payload."""
        return await self.types(f"/start {payload}".strip())

    async def types(self, text: str, *, to: Group | None = None, reply_to: Message | None = None) -> Update:
        """Send a text."""
        text = text.strip()
        assert 1 <= len(text) <= texts.TEXT, "the app cuts longer texts in pieces, and sends no empty one"
        entities = _entities(text)
        return await self._says({"text": text, **({"entities": entities} if entities else {})}, to, reply_to)

    async def sends(self, kind: str, data: bytes = b"\0", *, size: int = 0, **more: object) -> Update:
        """Send a photo, voice, audio, document, sticker, video, video_note, animation, location or contact.

        `size` pretends a large file; `more` are fields of the message (caption) or of what is sent (duration).
        """
        outside: Json = {key: more.pop(key) for key in ("caption", "caption_entities") if key in more}
        if kind in {"location", "contact"}:
            return await self._says({kind: {**SHOWN[kind], **more}, **outside}, None, None)
        stored = self.bot.files.add(kind, Upload(f"{kind}.bin", data), size)
        shown = described(stored, more)
        if isinstance(shown, dict):
            plain = {key: item for key, item in shown.items() if kind in FILES or key not in {"file_name", "mime_type"}}
            shown = {**plain, **SHOWN.get(kind, {}), **more}
        return await self._says({kind: shown, **outside}, None, None, data)

    async def edits(self, message: Message, text: str) -> Update:
        """Change a text they sent."""
        message.becomes({**message.json, "text": text, "edit_date": self.bot.clock.date()})
        return await self._new("edited_message", message.json, self.chat, message)

    async def taps(self, label: str, *, on: Message | None = None, to: Group | None = None) -> Update:
        """Tap an inline button: on the newest message that has it, or on an older one; or a reply keyboard's."""
        chat = to.chat if to else self.chat
        shown = [on] if on else list(reversed(chat.sees))
        for message in shown:
            button = message.button(label)
            if button is None:
                continue
            assert "callback_data" in button, f"{label} opens something, and tells the bot nothing: {button}"
            return await self._query(chat, message, button["callback_data"])
        if any(label in row for row in markup.labels(chat.keyboard)):
            return await self.types(label, to=to)
        raise AssertionError(f"no button {label!r}: {[each.buttons for each in shown]}, {markup.labels(chat.keyboard)}")

    async def taps_again(self, tap: Update) -> Update:
        """Let the app send a tap once more under a new update id, as on bad lines (tdlib/telegram-bot-api#699)."""
        assert tap.message
        chat = self.bot.chats[tap.message.json["chat"]["id"]]
        return await self._query(chat, tap.message, tap.body["data"])

    async def blocks(self) -> Update:
        """Block the bot: what it sends is refused from now on."""
        self.chat.reach = Reach.BLOCKED
        return _membership(self.bot, self.chat, self, MEMBER, KICKED)

    async def unblocks(self) -> Update:
        self.chat.reach = Reach.OPEN
        return _membership(self.bot, self.chat, self, KICKED, MEMBER)

    def leaves_telegram(self) -> None:
        """Delete their account."""
        self.chat.reach = Reach.DEACTIVATED

    async def hears(self, count: int = 1, *, patience: float = PATIENCE) -> list[Message]:
        """Wait for so many more messages of the bot; return them. Edits are no messages."""

        def more() -> list[Message]:
            return [message for message in self.chat.messages[self._heard :] if message.by_bot]

        await self.bot.bell.until(
            lambda: len(more()) >= count,
            lambda: f"{self.json['first_name']} waited for {count} messages: {[each.text for each in more()]}",
            patience,
        )
        heard = more()[:count]
        if heard:
            self._heard = self.chat.messages.index(heard[-1]) + 1
        return heard

    async def _says(self, shown: Json, to: Group | None, reply_to: Message | None, data: bytes = b"") -> Update:
        chat = to.chat if to else self.chat
        if chat is self.chat:
            chat.reach = Reach.OPEN  # writing to a bot unblocks it
        body = {"message_id": chat.next_id(), "from": self.json, "chat": chat.json, "date": self.bot.clock.date()}
        if reply_to:
            body["reply_to_message"] = {k: item for k, item in reply_to.json.items() if k != "reply_to_message"}
        message = chat.add(Message({**body, **shown}, by_bot=False, data=data))
        if to and not (self.bot.reads_all or self._meant(shown.get("text", ""), reply_to)):
            # Privacy mode: the bot is not told what people in a group say to one another.
            return Update(0, "message", message.json, ("nobody", 0), 0.0, message)
        return await self._new("message", message.json, chat, message)

    def _meant(self, text: str, reply_to: Message | None) -> bool:
        return text.startswith("/") or f"@{self.bot.username}" in text or bool(reply_to and reply_to.by_bot)

    async def _query(self, chat: Chat, message: Message, data: str) -> Update:
        if chat is self.chat and chat.reach is Reach.BLOCKED:
            chat.reach = Reach.OPEN
        body: Json = {"id": str(next(_QUERIES)), "from": self.json, "message": message.json, "data": data}
        body["chat_instance"] = str(-chat.id * 7919)
        update = await self._new("callback_query", body, chat, message)
        self.bot.taps[body["id"]] = update
        return update

    async def _new(self, kind: str, body: Json, chat: Chat, message: Message) -> Update:
        update = self.bot.new_update(kind, body, chat, self.json["id"])
        update.message = message
        await asyncio.sleep(0)
        return update
