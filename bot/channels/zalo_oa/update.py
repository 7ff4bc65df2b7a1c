"""What Zalo delivers for an Official Account: only the fields we read, and the event they come to.

Zalo writes ids and timestamps as strings; numbers are taken too. All else is skipped unread.
"""

import json
import re

import msgspec

from bot.channels.zalo_oa.message import AGAIN
from bot.core.turn import Asked, Blocked, Event, Opened, Sent, Tapped, Typed

Text = str | int

# What a person may send that is no words. Their files are looked at only for a recording.
_SENT = {
    "user_send_image",
    "user_send_audio",
    "user_send_video",
    "user_send_file",
    "user_send_sticker",
    "user_send_gif",
    "user_send_link",
    "user_send_location",
    "user_send_business_card",
}
_RECORDING = re.compile(r"(?i)\.(aac|m4a|mp3|ogg|opus|wav|amr)\Z|\Aaudio/")
_tap = re.compile(r"#(\d{1,9})\|(\S{1,100})\s*\Z")


class Payload(msgspec.Struct):
    """What hangs on a message."""

    url: str = ""
    name: str = ""
    type: str = ""
    size: Text = 0


class Attachment(msgspec.Struct):
    """One of the things that hang on it."""

    type: str = ""
    payload: Payload = msgspec.field(default_factory=Payload)


class Message(msgspec.Struct):
    """What a person sent."""

    msg_id: Text = ""
    text: str = ""
    attachments: tuple[Attachment, ...] = ()


class Person(msgspec.Struct):
    """Who sent it, as this Official Account knows them."""

    id: Text = ""


class Update(msgspec.Struct):
    """One delivery."""

    event_name: str
    timestamp: Text = ""
    oa_id: Text = ""
    sender: Person = msgspec.field(default_factory=Person)
    recipient: Person = msgspec.field(default_factory=Person)
    follower: Person = msgspec.field(default_factory=Person)
    message: Message = msgspec.field(default_factory=Message)


class Heard(msgspec.Struct, frozen=True):
    """Somebody did something."""

    person: str
    update: str  # names it, however often it is delivered
    event: Event
    sound: str = ""  # address of what they said; until it is heard, `event` is only that something came
    size: int = 0  # bytes of it, where Zalo tells them


class Delivery(msgspec.Struct, frozen=True):
    """One delivery: what kind of event, when (ms since 1970), and what is needed to check its signature."""

    kind: str
    timestamp: str
    oa_id: str = ""
    heard: Heard | None = None  # None: there is nothing to answer
    understood: bool = True

    @property
    def at(self) -> int:
        """When it happened, in ms since 1970; 0 where that isn't told."""
        return int(self.timestamp) if self.timestamp.isdecimal() and len(self.timestamp) < 16 else 0  # noqa: PLR2004  digits of 2^53


_decoder = msgspec.json.Decoder(Update)


def read(raw: bytes, stamped: str = "") -> Delivery | None:
    """Return what was delivered; None where it is no delivery at all.

    `stamped` is the timestamp of the header, which counts where the body has none.
    """
    try:
        update = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _of_the_future(raw)
    oa_id = str(update.oa_id or update.recipient.id)
    return Delivery(update.event_name, str(update.timestamp or stamped), oa_id, _heard(update))


def _of_the_future(raw: bytes) -> Delivery | None:
    """Return what can be told of a delivery whose shape isn't known, or that holds half a pair of surrogates."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("event_name"), str):
        return None
    return Delivery(found["event_name"], str(found.get("timestamp", "")), understood=False)


def _heard(update: Update) -> Heard | None:
    kind = update.event_name
    if kind in {"follow", "unfollow"}:
        person = str(update.follower.id or update.sender.id)
        event: Event = Opened() if kind == "follow" else Blocked(away=True)
        return Heard(person, f"zalo-oa {kind} {person} {update.timestamp}", event) if person else None
    person, message = str(update.sender.id), update.message
    if not person or (kind != "user_send_text" and kind not in _SENT):
        return None
    name = f"zalo-oa {kind} {message.msg_id or f'{person} {update.timestamp}'}"
    if message.text:  # words may come with a picture too
        return Heard(person, name, _said(message.text))
    for attachment in message.attachments:
        held = attachment.payload
        recorded = attachment.type == "audio" or _RECORDING.search(held.name) or _RECORDING.search(held.type)
        if held.url and recorded:
            size = str(held.size)
            return Heard(person, name, Sent(), held.url, int(size) if size.isdecimal() else 0)
    return Heard(person, name, Sent())


def _said(text: str) -> Event:
    """Return what a text means: that of a pressed button ends with the button's turn and code."""
    found = _tap.search(text)
    if not found:
        return Typed(text)
    turn, code = int(found[1]), found[2]
    return Asked("again") if code == AGAIN else Tapped(turn, code)
