"""What Telegram delivers: only the fields we read, and the event they come to.

Field names are the Bot API's (https://core.telegram.org/bots/api); all else is skipped unread.
"""

import json

import msgspec

from bot.channels.telegram.message import AGAIN
from bot.core.turn import Asked, Blocked, Event, Opened, Sent, Tapped, Typed

TURN_DIGITS = 9  # of a turn's number in a button, at most
ALLOWED = ("message", "callback_query", "my_chat_member")  # update types we ask for

# Commands -> global words (`core.phrases.Words`); both languages work whatever is shown.
COMMANDS = {
    "menu": "menu",
    "nghe": "again",
    "listen": "again",
    "cham": "slow",
    "slow": "slow",
    "giup": "help",
    "help": "help",
    "caidat": "settings",
    "settings": "settings",
    "noi": "elsewhere",
    "join": "elsewhere",
    "doi": "people",
    "switch": "people",
    "dulieu": "data",
    "data": "data",
    "xoa": "delete",
    "delete": "delete",
}
COMING = {"start", "hoc", "learn"}  # commands that open a lesson, or the place where one stands


class Person(msgspec.Struct):
    """Who sent it."""

    id: int
    language_code: str = ""


class Chat(msgspec.Struct):
    """Where it was sent."""

    id: int
    type: str


class VoiceNote(msgspec.Struct):
    """What somebody said; seconds, and bytes where Telegram tells them."""

    file_id: str
    duration: int = 0
    file_size: int = 0


class Message(msgspec.Struct):
    """A message; without `text` and `voice` it is a picture, a sticker or the like."""

    message_id: int
    chat: Chat
    from_: Person | None = msgspec.field(default=None, name="from")
    text: str | None = None
    voice: VoiceNote | None = None


class Tap(msgspec.Struct):
    """A press of an inline button."""

    id: str
    from_: Person = msgspec.field(name="from")
    message: Message | None = None
    data: str = ""


class Standing(msgspec.Struct):
    """How the bot now stands in a chat."""

    status: str


class Membership(msgspec.Struct):
    """A change of it."""

    chat: Chat
    from_: Person = msgspec.field(name="from")
    new_chat_member: Standing = msgspec.field()


class Update(msgspec.Struct):
    """One update; of the kinds one at most is there."""

    update_id: int
    message: Message | None = None
    callback_query: Tap | None = None
    my_chat_member: Membership | None = None


class Heard(msgspec.Struct, frozen=True):
    """Somebody did something in a private chat, where `event` is what; in a group it is None."""

    chat: int
    update: str  # names it, however often it is delivered
    event: Event | None
    lang: str
    message: int = 0  # id of their message; 0: there is none
    number: int = 0  # of the update
    voice: VoiceNote | None = None  # to be heard; until then `event` is only that something came
    tap: str = ""  # id of the callback query that must be answered


_decoder = msgspec.json.Decoder(Update)


def heard(raw: bytes) -> Heard | None:
    """Return what an update comes to; None where there is nothing to answer.

    Raises:
        msgspec.DecodeError: it is no JSON, or no update.
    """
    update = _decoder.decode(raw)
    if update.callback_query:
        return _tapped(update.callback_query, update.update_id)
    if update.message:
        return _said(update.message, update.update_id)
    changed = update.my_chat_member
    if changed and changed.chat.type == "private":
        away = changed.new_chat_member.status == "kicked"
        number = update.update_id
        return Heard(changed.chat.id, _name(number), Blocked(away), _lang(changed.from_), number=number)
    return None


def is_update(raw: bytes) -> bool:
    """Whether it is an update all the same, where `heard` can't read it: of a shape from the future, perhaps.

    Refusing one would hold up its chat for a day, because Telegram brings it again and again.
    """
    return number_of(raw) is not None


def number_of(raw: bytes) -> int | None:
    """Return the number of an update of whatever shape; None: it is none."""
    try:
        found = json.loads(raw)  # takes half a pair of surrogates, which msgspec doesn't
    except (ValueError, RecursionError):
        return None
    number = found.get("update_id") if isinstance(found, dict) else None
    return number if type(number) is int else None


def _tapped(tap: Tap, update_id: int) -> Heard | None:
    if tap.message is None or tap.message.chat.type != "private":
        return None
    turn, _, code = tap.data.partition("|")
    # A button of another bot's making, or of none: an old turn's, so that it is told kindly.
    event: Event = Tapped(int(turn) if turn.isdecimal() and len(turn) <= TURN_DIGITS else -1, code)
    if code == AGAIN:
        event = Asked("again")
    return Heard(tap.message.chat.id, _name(update_id), event, _lang(tap.from_), number=update_id, tap=tap.id)


def _said(message: Message, update_id: int) -> Heard | None:
    lang, name = _lang(message.from_), _name(update_id)
    if message.chat.type != "private":
        addressed = message.text is not None and message.text.startswith("/")
        return Heard(message.chat.id, name, None, lang) if addressed else None
    event = Sent() if message.text is None else _event(message.text)
    return Heard(message.chat.id, name, event, lang, message=message.message_id, number=update_id, voice=message.voice)


def _event(text: str) -> Event:
    if not text.startswith("/"):
        return Typed(text)
    command, _, rest = text[1:].partition(" ")
    command = command.partition("@")[0].lower()
    if command in COMING:
        return Opened(rest.strip()[:64])
    return Asked(COMMANDS[command]) if command in COMMANDS else Typed(text[1:])


def _name(update_id: int) -> str:
    return f"telegram {update_id}"


def _lang(person: Person | None) -> str:
    """Vietnamese, unless their Telegram speaks English."""
    return "en" if person and person.language_code.startswith("en") else "vi"
