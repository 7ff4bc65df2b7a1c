"""What a bot says about itself: commands per scope and language, name and descriptions per language."""

import json
import re

from telegram_emulator.bots import Bot
from telegram_emulator.calls import Call
from telegram_emulator.refused import Json, bad

COMMANDS = 100
COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")  # Telegram takes the slash away
DESCRIPTION = 256
LONGEST = {"name": 64, "description": 512, "short_description": 120}
LANGUAGE = re.compile(r"[a-z]{2}")  # ISO 639-1


def _key(bot: Bot, asked: Json) -> tuple[str, str]:
    scope = asked.get("scope", {"type": "default"})
    if "chat_id" in scope:
        bot.chat(scope["chat_id"], write=False)
    return json.dumps(scope, sort_keys=True), _language(asked)


def _language(asked: Json) -> str:
    language: str = asked.get("language_code", "")
    if language and not LANGUAGE.fullmatch(language):
        raise bad("invalid language_code specified")  # as we know it
    return language


def set_my_commands(bot: Bot, asked: Json) -> bool:
    commands: list[Json] = asked["commands"]
    if len(commands) > COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")  # these three as we know them
    for each in commands:
        if not COMMAND.fullmatch(each["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(each["description"]) <= DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.commands[_key(bot, asked)] = [{**each, "command": each["command"].lstrip("/")} for each in commands]
    return True


def get_my_commands(bot: Bot, asked: Json) -> list[Json]:
    return bot.commands.get(_key(bot, asked), [])


def delete_my_commands(bot: Bot, asked: Json) -> bool:
    bot.commands.pop(_key(bot, asked), None)
    return True


def _setter(name: str) -> Call:
    def set_it(bot: Bot, asked: Json) -> bool:
        text = asked.get(name, "")
        if len(text) > LONGEST[name]:
            raise bad(f"{name.replace('_', ' ')} is too long")  # our words
        key = (name, _language(asked))
        bot.profile[key] = text
        if not text:
            del bot.profile[key]
        return True

    return set_it


def _getter(name: str) -> Call:
    def get_it(bot: Bot, asked: Json) -> Json:
        default = bot.profile.get((name, ""), bot.first_name if name == "name" else "")
        return {name: bot.profile.get((name, _language(asked)), default)}

    return get_it


PROFILE: dict[str, Call] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
}
