"""Chats and their messages, as the people in them see them."""

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from telegram_emulator import markup, texts
from telegram_emulator.refused import Json, Refused, unlucky

if TYPE_CHECKING:
    from telegram_emulator.people import Person

MEDIA = ("photo", "voice", "audio", "document", "video", "video_note", "animation", "sticker", "location", "contact")


class Reach(Enum):
    """Whether the bot may write into a chat: nothing, or why not."""

    OPEN = ""
    UNKNOWN = "chat not found"  # 400: nobody there ever wrote to the bot
    BLOCKED = "bot was blocked by the user"
    KICKED = "bot was kicked from the group chat"
    DEACTIVATED = "user is deactivated"


@dataclass(eq=False)
class Message:
    """A message in a chat; `json` is what the Bot API shows of it, `asked` the fields of the call that sent it."""

    json: Json
    by_bot: bool
    asked: Json = field(default_factory=dict)
    data: bytes = b""
    deleted: bool = False
    versions: list[Json] = field(default_factory=list)

    @property
    def id(self) -> int:
        return int(self.json["message_id"])

    @property
    def kind(self) -> str:
        """What it is: text, photo, voice, ..."""
        return next((kind for kind in MEDIA if kind in self.json), "text")

    @property
    def text(self) -> str:
        """Its text or caption."""
        return str(self.json.get("text", self.json.get("caption", "")))

    @property
    def rendered(self) -> str:
        """Its text or caption with the entities as marks: **bold**, _italic_, [words](address)."""
        entities: list[Json] = self.json.get("entities") or self.json.get("caption_entities") or []
        return texts.rendered(self.text, entities)

    @property
    def buttons(self) -> tuple[tuple[str, ...], ...]:
        """The labels of its inline buttons, by row."""
        return markup.labels(self.json.get("reply_markup"))

    @property
    def edited(self) -> bool:
        return bool(self.versions)

    def button(self, label: str) -> Json | None:
        rows = self.json.get("reply_markup", {}).get("inline_keyboard", [])
        found: list[Json] = [button for row in rows for button in row if button["text"] == label]
        return found[0] if found else None

    def becomes(self, json: Json) -> None:
        """Change what is shown, and remember what was."""
        self.versions.append(self.json)
        self.json = json


@dataclass(eq=False)
class Chat:
    """A private chat or a group of one bot."""

    json: Json
    reach: Reach = Reach.UNKNOWN
    messages: list[Message] = field(default_factory=list)
    members: "list[Person]" = field(default_factory=list)
    keyboard: Json | None = None  # the reply keyboard that is up
    actions: list[str] = field(default_factory=list)  # sendChatAction

    @property
    def id(self) -> int:
        return int(self.json["id"])

    @property
    def private(self) -> bool:
        return bool(self.json["type"] == "private")

    @property
    def sees(self) -> list[Message]:
        """The bot's messages that stand in the chat."""
        return [message for message in self.messages if message.by_bot and not message.deleted]

    def open_for_bot(self) -> None:
        """Refuse if the bot may not write here."""
        match self.reach:
            case Reach.OPEN:
                return
            case Reach.UNKNOWN:
                raise unlucky(self.reach.value)
            case _:
                raise Refused(403, self.reach.value)

    def add(self, message: Message) -> Message:
        """Take a message in; a bot's reply keyboard changes the one that is up."""
        self.messages.append(message)
        shown = message.asked.get("reply_markup", {})
        if "keyboard" in shown:
            self.keyboard = shown
        elif "remove_keyboard" in shown:
            self.keyboard = None
        return message

    def next_id(self) -> int:
        return len(self.messages) + 1  # messages are never forgotten, only marked as deleted

    def find(self, message_id: int, purpose: str) -> Message:
        """Return a message that stands in the chat; `purpose` is Telegram's word for why it is sought."""
        for message in self.messages:
            if message.id == message_id and not message.deleted:
                return message
        raise unlucky(f"message to {purpose} not found")
