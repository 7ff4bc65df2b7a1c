"""Every call against the published schema: methods, fields, types, what is required, what is too long."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from telegram_emulator.refused import Json, Refused, bad

FILE = Path(__file__).with_name("bot-api-10.1.json")
ARRAY = "Array of "
ATTACHED = "attach://"
# Telegram says which object it could not read.
READING = {
    "inline_keyboard": "can't parse inline keyboard button: ",
    "keyboard": "can't parse keyboard button: ",
    "entities": "can't parse MessageEntity: ",
    "caption_entities": "can't parse MessageEntity: ",
    "commands": "can't parse BotCommand: ",
    "scope": "can't parse BotCommandScope: ",
}
# Missing fields that have their own words (server source, Client.cpp); the others share one sentence.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "voice": "there is no voice in the request",
    "audio": "there is no audio in the request",
    "document": "there is no document in the request",
    "action": "wrong parameter action in request",
    "file_id": "file_id not specified",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
}
# Their limits are told in other words, by texts.py, markup.py and profile.py.
ELSEWHERE = {
    *(("text", 4096), ("caption", 1024), ("text", 200), ("callback_data", 64), ("secret_token", 256)),
    *(("command", 32), ("description", 256), ("description", 512), ("short_description", 120), ("name", 64)),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file inside a call."""

    name: str
    data: bytes


class Schema:
    """Reads a call's fields by the schema; refuses what does not fit."""

    def __init__(self, parts: Json) -> None:
        self._methods: Json = {name.lower(): {**part, "name": name} for name, part in parts["methods"].items()}
        self._types: Json = parts["types"]

    def method(self, name: str) -> str:
        """Return the method's name as it is written in the documentation; Telegram ignores case."""
        part = self._methods.get(name.lower())
        if part is None:
            raise Refused(404, "method not found", fault=True)
        return str(part["name"])

    def fields(self, method: str, given: Mapping[str, object], uploads: Mapping[str, Upload]) -> Json:
        """Return a call's fields in their types; uploads stand where the call names them."""
        known = self._methods[method.lower()]["fields"]
        used = set()
        taken: Json = {}
        for name, value in {**given, **{key: ATTACHED + key for key in uploads if key in known}}.items():
            if name not in known:
                raise bad(f'unexpected parameter "{name}"')  # stricter: Telegram ignores what it doesn't know
            if value is None or (value == "" and not known[name]["required"]):
                continue
            with _reading(name):
                read = self._value(value, known[name]["types"], name, text=isinstance(value, str))
                _limits(read, known[name], name)
            if isinstance(read, str) and read.startswith(ATTACHED) and "InputFile" in known[name]["types"]:
                key = read.removeprefix(ATTACHED)
                used.add(key)
                read = uploads.get(key) or _no_file(key)
            taken[name] = read
        for name, field in known.items():
            if field["required"] and taken.get(name, "") == "" and not (method == "setWebhook" and name in taken):
                raise bad(MISSING.get(name, f'parameter "{name}" is required'))
        if unused := sorted(set(uploads) - used):
            raise bad(f'unexpected file "{unused[0]}"')  # stricter
        return taken

    def shown(self, types: list[str], value: object) -> None:
        """Check what the emulator itself says: an AssertionError is a mistake of the emulator."""
        try:
            self._value(value, types, "answer", text=False)
        except Refused as refused:
            raise AssertionError(f"the emulator says what the schema does not know: {refused}: {value}") from refused

    def returns(self, method: str) -> list[str]:
        return list(self._methods[method.lower()]["returns"])

    def _value(self, value: object, types: list[str], name: str, *, text: bool) -> object:
        if text and isinstance(value, str) and not {"String", "InputFile"} & set(types):
            value = _from_text(value, types, name)
        for each in types:
            found = _simple(value, each)
            if found is not None:
                return found
        objects = [each for each in types if each in self._types and each != "InputFile"]
        arrays = [each.removeprefix(ARRAY) for each in types if each.startswith(ARRAY)]
        if isinstance(value, list) and arrays:
            return [self._value(each, arrays, name, text=False) for each in value]
        if isinstance(value, dict) and objects:
            return self._object(value, objects, name)
        raise bad(f'field "{name}" must be of type {" or ".join(types)}')

    def _object(self, value: Json, types: list[str], name: str) -> Json:
        names = [sub for each in types for sub in self._types[each].get("subtypes", [each])]
        fitting = [each for each in names if self._fits(each, value)]
        if not fitting and len(names) > 1:
            raise bad(f"unsupported type specified in {name}")
        fields = min(
            (self._types[each]["fields"] for each in fitting or names), key=lambda known: len(set(value) - set(known))
        )
        read: Json = {}
        for key, item in value.items():
            if key not in fields:
                raise bad(f'unexpected field "{key}" in {name}')  # stricter
            if item is None:
                continue
            with _reading(key):
                read[key] = self._value(item, fields[key]["types"], key, text=False)
            _limits(read[key], fields[key], key)
        for key, field in fields.items():
            if field["required"] and key not in read:
                raise bad(f'can\'t find field "{key}"')
        return read

    def _fits(self, name: str, value: Json) -> bool:
        """Whether the object can be of the type: by its `type` or `status`, else by its required fields."""
        fields = self._types[name]["fields"]
        required = {key for key, field in fields.items() if field["required"]}
        for word in ("type", "status"):
            if word in required and name.startswith(("BotCommandScope", "ChatMember")) and name != "ChatMemberUpdated":
                own = re.sub(r"(?<!^)(?=[A-Z])", "_", re.sub("^(BotCommandScope|ChatMember)", "", name)).lower()
                return value.get(word) == {"owner": "creator", "banned": "kicked"}.get(own, own)
        return required <= set(value)


def _no_file(key: str) -> Upload:
    raise bad(f'file "{key}" is not attached')


def _from_text(value: str, types: list[str], name: str) -> object:
    """Forms carry everything as text."""
    with suppress(ValueError):
        read = json.loads(value)
        if types == ["Boolean"] and read in (0, 1):
            return bool(read)
        return read
    if "Boolean" in types and value.lower() in {"true", "false"}:  # Telegram reads True as well
        return value.lower() == "true"
    if name == "reply_markup":
        raise bad("can't parse reply keyboard markup JSON object")
    raise bad(f"can't parse {name} JSON object")


def _simple(value: object, kind: str) -> object:
    """Return the value if it is of the simple type, else None."""
    match kind, value:
        case ("Boolean", bool()) | ("String" | "InputFile", str()):
            return value
        case ("Integer" | "Float", int()) if not isinstance(value, bool):
            return value
        case "Integer", str() if re.fullmatch(r"-?\d{1,18}", value):  # tried before String: a chat's number as text
            return int(value)
        case "Float", float():
            return value
    return None


def _limits(value: object, field: Mapping[str, Any], name: str) -> None:
    if "max" not in field or not isinstance(value, str) or (name, field["max"]) in ELSEWHERE:
        return
    size = len(value.encode()) if field["unit"] == "bytes" else len(value)
    if not field["min"] <= size <= field["max"]:
        raise bad(f"{name} must be {field['min']} to {field['max']} {field['unit']} long")  # our words


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Put before an error which object it was found in."""
    try:
        yield
    except Refused as refused:
        words = refused.description.removeprefix("Bad Request: ")
        if name in READING and not words.startswith("can't parse"):
            raise bad(READING[name] + words) from None
        raise


@cache
def published() -> Schema:
    """Return the schema that lies beside this file."""
    return Schema(json.loads(FILE.read_text(encoding="utf-8")))
