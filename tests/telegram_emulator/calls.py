"""What the server does when a bot calls: messages. `CALLS` names a function for each method."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram_emulator import files, markup, texts
from telegram_emulator.bots import Bot
from telegram_emulator.chats import Chat, Message
from telegram_emulator.refused import Json, bad, unlucky

Call = Callable[[Bot, Json], object]
CALLBACK_TEXT = 200
ACTIONS = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
    *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
MOST_DELETED = 100


def get_me(bot: Bot, _: Json) -> Json:
    return bot.me


def _post(bot: Bot, asked: Json, shown: Json, data: bytes = b"") -> Json:
    """Put a bot's message into a chat."""
    keyboard = asked.get("reply_markup")
    markup.check(keyboard)
    chat = bot.chat(asked["chat_id"])
    message = {"message_id": chat.next_id(), "from": bot.json, "chat": chat.json, "date": bot.clock.date(), **shown}
    if replied := _replied(chat, asked):
        message["reply_to_message"] = {key: item for key, item in replied.json.items() if key != "reply_to_message"}
    if keyboard and "inline_keyboard" in keyboard:
        message["reply_markup"] = keyboard
    if asked.get("protect_content"):
        message["has_protected_content"] = True
    chat.add(Message(message, by_bot=True, asked=asked, data=data))
    return message


def _replied(chat: Chat, asked: Json) -> Message | None:
    reply = asked.get("reply_parameters")
    if not reply:
        return None
    if reply.get("chat_id", chat.id) != chat.id:
        raise bad("replies into other chats are not emulated")
    found = [each for each in chat.messages if each.id == reply["message_id"] and not each.deleted]
    if not found and not reply.get("allow_sending_without_reply"):
        raise unlucky("message to be replied not found")
    return found[0] if found else None


def _text(asked: Json) -> Json:
    parse_mode = asked.get("parse_mode", "")
    text, entities = texts.accepted(asked.get("text", ""), asked.get("entities", []), parse_mode, most=texts.TEXT)
    return {"text": text, **({"entities": entities} if entities else {})}


def _caption(asked: Json) -> Json:
    given, parse_mode = asked.get("caption", ""), asked.get("parse_mode", "")
    text, entities = texts.accepted(given, asked.get("caption_entities", []), parse_mode, most=texts.CAPTION)
    shown = {"caption": text, **({"caption_entities": entities} if entities else {})}
    return shown if text else {}


def send_message(bot: Bot, asked: Json) -> Json:
    return _post(bot, asked, _text(asked))


def _send_file(kind: str) -> Call:
    def send(bot: Bot, asked: Json) -> Json:
        caption = _caption(asked)
        bot.chat(asked["chat_id"])
        stored = bot.files.sent(kind, asked[kind])
        return _post(bot, asked, {kind: files.described(stored, asked), **caption}, stored.data)

    return send


def _own(bot: Bot, asked: Json) -> tuple[Chat, Message]:
    """Return the message to edit."""
    if "inline_message_id" in asked:
        raise bad("inline messages are not emulated")
    if "chat_id" not in asked:
        raise bad("chat_id is empty" if "message_id" in asked else "message identifier is not specified")
    chat = bot.chat(asked["chat_id"])
    message = chat.find(asked.get("message_id", 0), "edit")
    if not message.by_bot:
        raise bad("message can't be edited")
    return chat, message


def _edit(bot: Bot, asked: Json, fields: Json, gone: tuple[str, ...]) -> Json:
    """Show the message with other fields; a keyboard that is not named goes."""
    markup.check(asked.get("reply_markup"))
    _, message = _own(bot, asked)
    kept = {key: item for key, item in message.json.items() if key not in {*gone, "reply_markup", "edit_date"}}
    now = {**kept, **fields}
    if asked.get("reply_markup", {}).get("inline_keyboard"):
        now["reply_markup"] = asked["reply_markup"]
    if now == {key: item for key, item in message.json.items() if key != "edit_date"}:
        raise unlucky(NOT_MODIFIED)
    message.becomes({**now, "edit_date": bot.clock.date()})
    return message.json


def edit_message_text(bot: Bot, asked: Json) -> Json:
    if "text" not in asked:
        raise bad("message text is empty")
    shown = _text(asked)
    if "text" not in _own(bot, asked)[1].json:
        raise bad("there is no text in the message to edit")
    return _edit(bot, asked, shown, ("text", "entities"))


def edit_message_caption(bot: Bot, asked: Json) -> Json:
    shown = _caption(asked)
    if _own(bot, asked)[1].kind == "text":
        raise bad("there is no caption in the message to edit")
    return _edit(bot, asked, shown, ("caption", "caption_entities"))


def edit_message_reply_markup(bot: Bot, asked: Json) -> Json:
    return _edit(bot, asked, {}, ())


def delete_message(bot: Bot, asked: Json) -> bool:
    chat = bot.chat(asked["chat_id"])
    message = chat.find(asked["message_id"], "delete")
    if not (message.by_bot or chat.private) or bot.clock.now() - message.json["date"] > 48 * 3600:
        raise unlucky("message can't be deleted")
    message.deleted = True
    return True


def delete_messages(bot: Bot, asked: Json) -> bool:
    if not 1 <= len(asked["message_ids"]) <= MOST_DELETED:
        raise bad("too many message identifiers specified")
    chat = bot.chat(asked["chat_id"])
    for message in chat.messages:
        message.deleted |= message.id in asked["message_ids"]  # those not found are skipped
    return True


def answer_callback_query(bot: Bot, asked: Json) -> bool:
    if len(asked.get("text", "")) > CALLBACK_TEXT:
        raise bad("MESSAGE_TOO_LONG")  # as we know it
    tap = bot.taps.pop(asked["callback_query_id"], None)
    if tap is None or tap.expires < bot.clock.now():
        # How long an answer is taken is nowhere documented: as long as the update lives.
        raise unlucky("query is too old and response timeout expired or query ID is invalid")
    tap.answers.append(asked)
    return True


def send_chat_action(bot: Bot, asked: Json) -> bool:
    if asked["action"] not in ACTIONS:
        raise bad("wrong parameter action in request")
    bot.chat(asked["chat_id"]).actions.append(asked["action"])
    return True


def get_file(bot: Bot, asked: Json) -> Json:
    return bot.files.offer(asked["file_id"], bot.clock.now())


def get_chat(bot: Bot, asked: Json) -> Json:
    chat = bot.chat(asked["chat_id"], write=False)
    limits: Json = {"accent_color_id": 0, "max_reaction_count": 11}
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    return {**chat.json, **limits, "accepted_gift_types": gifts}


CALLS: dict[str, Callable[[Bot, Json], Awaitable[Any] | Any]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    **{f"send{kind.capitalize()}": _send_file(kind) for kind in ("photo", "voice", "audio", "document")},
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "getFile": get_file,
    "getChat": get_chat,
}
