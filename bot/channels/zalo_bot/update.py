"""What Zalo's Bot Platform delivers: only the fields we read, and what they come to.

A webhook brings the event bare or in an envelope, as reports differ; a poll brings it in an envelope.
"""

from typing import Literal

import msgspec

from bot.core.turn import Event, Sent, Typed

HIDDEN, OTHER = "hidden", "other"  # why there is nothing to answer
LONGEST_ID = 128  # characters
LARGEST = 1 << 53  # a date in milliseconds beyond it is none

Kind = Literal["words", "voice", "other", "hidden"]  # hidden: Zalo keeps from us what it was


class Person(msgspec.Struct):
    """Who sent it."""

    is_bot: bool = False


class Chat(msgspec.Struct):
    """Where it was sent."""

    id: str
    chat_type: str = "PRIVATE"


class Message(msgspec.Struct):
    """A message. `text` is there for words, `voice_url` for a voice note."""

    chat: Chat
    message_id: str = ""
    date: int = 0  # milliseconds since 1970
    from_: Person | None = msgspec.field(default=None, name="from")
    text: str = ""
    voice_url: str = ""


_NONE = msgspec.Raw(b"")


class Delivered(msgspec.Struct):
    """An event, bare (`event_name`) or in its envelope (`result`)."""

    event_name: str = ""
    message: msgspec.Raw = _NONE
    result: msgspec.Raw = _NONE


class Heard(msgspec.Struct, frozen=True):
    """Somebody did something in a chat; in a group `event` is None."""

    chat: str
    id: str  # names it, however often it is delivered; empty where Zalo gave none
    kind: Kind
    event: Event | None
    order: int = 0  # seconds since 1970 by Zalo's clock
    voice_url: str = ""

    @property
    def update(self) -> str:
        """The name under which the tutor knows it."""
        return f"zalo-bot {self.id}" if self.id else ""


_delivered = msgspec.json.Decoder(Delivered)
_message = msgspec.json.Decoder(Message)


def read(raw: bytes) -> Heard | str:
    """Return what was delivered, or why there is nothing to answer: HIDDEN or OTHER.

    Raises msgspec.DecodeError: it is no JSON, or no event.
    """
    delivered = _delivered.decode(raw)
    if bytes(delivered.result) and not delivered.event_name:
        delivered = _delivered.decode(delivered.result)
    name = delivered.event_name
    if not name:
        raise msgspec.DecodeError("it has no event_name")
    if not bytes(delivered.message):
        return HIDDEN if name == "message.unsupported.received" else OTHER
    if name not in _KINDS:
        return OTHER
    message = _message.decode(delivered.message)
    if message.from_ and message.from_.is_bot:
        return OTHER
    if not message.chat.id or len(message.chat.id) > LONGEST_ID or len(message.message_id) > LONGEST_ID:
        raise msgspec.DecodeError("it has no chat, or a strange one")
    return _heard(_KINDS[name], message)


_KINDS: dict[str, Kind] = {
    "message.text.received": "words",
    "message.voice.received": "voice",
    "message.image.received": "other",
    "message.sticker.received": "other",
    "message.link.received": "other",  # in no documentation, but handled by others
    "message.unsupported.received": "hidden",
}


def _heard(kind: Kind, message: Message) -> Heard:
    order = message.date // 1000 if 0 < message.date < LARGEST else 0
    event: Event | None = Typed(message.text) if kind == "words" else Sent()
    if message.chat.chat_type == "GROUP":
        event = None
    return Heard(message.chat.id, message.message_id, kind, event, order, message.voice_url if kind == "voice" else "")
