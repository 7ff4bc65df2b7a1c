"""Cut the published schema down to what the emulator speaks: `python trim_schema.py telegram-bot-api-10.1.json`."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

METHODS = """
answerCallbackQuery close deleteMessage deleteMessages deleteMyCommands deleteWebhook editMessageCaption
editMessageReplyMarkup editMessageText getChat getFile getMe getMyCommands getMyDescription getMyName
getMyShortDescription getUpdates getWebhookInfo logOut sendAudio sendChatAction sendDocument sendMessage sendPhoto
sendVoice setMyCommands setMyDescription setMyName setMyShortDescription setWebhook
"""

SENT = ["Update", "Message", "ChatMemberMember", "ChatMemberLeft", "ChatMemberBanned"]
# What no test of ours sends or shows; fields of these types go too.
CUT = """
Background BusinessBot BusinessConnection BusinessMessages ChatBackground ChatBoost ChatInviteLink ChatJoinRequest
Checklist ChosenInline Dice DirectMessage Encrypted ExternalReply Forum Game General Gift Giveaway InlineQuery
InputRich Invoice LivePhoto LoginUrl ManagedBot MessageAuto MessageOrigin MessageReaction Order Paid Passport Poll
PreCheckout Proximity Reaction Refunded Rich Shipping Star Story Successful Suggested SwitchInline UniqueGift
VideoChat WriteAccess KeyboardButtonPollType KeyboardButtonRequestManagedBot ChatOwner
ChatShared WebAppData BusinessIntro BusinessLocation BusinessOpening UserRating CallbackGame
ChatAdministratorRights KeyboardButtonRequestChat
"""

KEPT = {"AcceptedGiftTypes"}
Parts = dict[str, dict[str, Any]]


def _cut(name: str) -> bool:
    return name.startswith(tuple(CUT.split())) and name not in KEPT


def _left(part: dict[str, Any]) -> dict[str, Any]:
    """Return the method or type without the fields whose every type is cut."""
    fields = {}
    for name, field in part["fields"].items():
        types = [each for each in field["types"] if not _cut(each.split()[-1])]
        if types:
            fields[name] = {**field, "types": types}
    return {**part, "fields": fields}


def trimmed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with our methods and all types they lead to."""
    methods: Parts = {name: _left(schema["methods"][name]) for name in METHODS.split()}
    types: Parts = {}

    def take(names: Iterable[str]) -> None:
        for name in (each.split()[-1] for each in names):
            if name in schema["types"] and name not in types and not _cut(name):
                types[name] = _left(schema["types"][name])
                take(types[name].get("subtypes", []))
                for field in types[name]["fields"].values():
                    take(field["types"])

    take(SENT)
    for method in methods.values():
        take(method["returns"])
        for field in method["fields"].values():
            take(field["types"])
    return {"version": schema["version"], "released": schema["released"], "methods": methods, "types": types}


def written(schema: dict[str, Any]) -> str:
    """Return the schema as text, one field a line, so that a newer version can be compared."""
    lines = [f'{{"version": {json.dumps(schema["version"])}, "released": {json.dumps(schema["released"])}']
    for kind in ("methods", "types"):
        parts = []
        for name, part in sorted(schema[kind].items()):
            fields = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in part["fields"].items())
            rest = "".join(f', "{key}": {json.dumps(part[key])}' for key in ("returns", "subtypes") if key in part)
            parts.append(f'"{name}": {{"fields": {{\n{fields}}}{rest}}}')
        lines.append(f'"{kind}": {{\n' + ",\n".join(parts) + "}")
    return ",\n".join(lines) + "}\n"


if __name__ == "__main__":
    source = Path(sys.argv[1])
    here = Path(__file__).with_name(source.name.removeprefix("telegram-"))
    here.write_text(written(trimmed(json.loads(source.read_text(encoding="utf-8")))), encoding="utf-8")
