"""The Telegram emulator: what it refuses, how it delivers, and two foreign clients that run against it unchanged."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiogram
import httpx
import pytest
import telegram
import telegram.ext
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.types import CallbackQuery as AiogramTap
from aiogram.types import Message as AiogramMessage
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send
from telegram_emulator import Cut, Emulator, Person, Refused
from telegram_emulator.schema import published

pytestmark = pytest.mark.anyio

FAST = 200.0  # Telegram's seconds in one of ours
SECRET = "s3cret_-"  # noqa: S105  what setWebhook is told
PLACE = "https://bot.example"


def ogg(seconds: int = 3) -> bytes:
    """The least that is an OGG with Opus: a first page with its head, a last page with its place."""
    head = b"OggS\0\2" + bytes(20) + b"\1\x13OpusHead\1\1" + bytes(9)
    return head + b"OggS\0\4" + (seconds * 48_000).to_bytes(8, "little") + bytes(14)


def png(width: int = 2, height: int = 1) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes(13)


def buttons(*labels: str, data: str = "x") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": data}] for label in labels]}


@pytest.fixture
async def server() -> AsyncIterator[Emulator]:
    async with Emulator(speed=FAST) as emulator:
        yield emulator


@pytest.fixture
async def an(server: Emulator) -> Person:
    person = server.person("An", id=100)
    await person.start()
    server.main.updates.clear()
    return person


@pytest.fixture
async def raw(server: Emulator) -> AsyncIterator[Callable[..., Any]]:
    """Call a method with JSON; return the whole answer."""
    async with httpx.AsyncClient(trust_env=False) as http:

        async def call(method: str, **fields: object) -> Any:
            response = await http.post(f"{server.url}/bot{server.token}/{method}", json=fields)
            assert response.json().get("error_code", 200) == response.status_code
            return response.json()

        yield call


# ---------------------------------------------------------------------------------------------------- what is refused

TEXT = {"chat_id": 100, "text": "chào"}
# Words marked * are Telegram's (its server's source); the others are ours, or as we know them.
REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "no such method*": ("sendMesage", {}, "Not Found: method not found"),
    "unknown field": ("sendMessage", {**TEXT, "txt": 1}, 'Bad Request: unexpected parameter "txt"'),
    "no chat*": ("sendMessage", {"text": "chào"}, "Bad Request: chat_id is empty"),
    "no text*": ("sendMessage", {"chat_id": 100}, "Bad Request: message text is empty"),
    "spaces only": ("sendMessage", {**TEXT, "text": " \n"}, "Bad Request: text must be non-empty"),
    "a number for a text": ("sendMessage", {**TEXT, "text": 5}, 'Bad Request: field "text" must be of type String'),
    "a yes that is none": (
        "sendMessage",
        {**TEXT, "protect_content": "yes"},
        "Bad Request: can't parse protect_content JSON object",
    ),
    "4097 characters": ("sendMessage", {**TEXT, "text": "ạ" * 4097}, "Bad Request: message is too long"),
    "over 32768 bytes*": ("sendMessage", {**TEXT, "text": "ạ" * 11_000}, "Bad Request: text is too long"),
    "entity outside": (
        "sendMessage",
        {**TEXT, "entities": [{"type": "bold", "offset": 0, "length": 5}]},
        "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 5",
    ),
    "entity inside a character": (
        "sendMessage",
        {**TEXT, "text": "👍", "entities": [{"type": "bold", "offset": 0, "length": 1}]},
        "Bad Request: entity begins or ends in a middle of a UTF-16 symbol",
    ),
    "entity of no kind*": (
        "sendMessage",
        {**TEXT, "entities": [{"type": "fat", "offset": 0, "length": 1}]},
        "Bad Request: can't parse MessageEntity: unsupported type specified",
    ),
    "entity without length*": (
        "sendMessage",
        {**TEXT, "entities": [{"type": "bold", "offset": 0}]},
        "Bad Request: can't parse MessageEntity: can't find field \"length\"",
    ),
    "HTML that is none*": (
        "sendMessage",
        {**TEXT, "text": "ạ <p>b", "parse_mode": "HTML"},
        'Bad Request: can\'t parse entities: Unsupported start tag "p" at byte offset 4',
    ),
    "HTML left open*": (
        "sendMessage",
        {**TEXT, "text": "<b>a", "parse_mode": "HTML"},
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "Markdown": ("sendMessage", {**TEXT, "parse_mode": "Markdown"}, "Bad Request: unsupported parse_mode"),
    "65 bytes of data*": (
        "sendMessage",
        {**TEXT, "reply_markup": buttons("A", data="ạ" * 21 + "ab")},
        "BUTTON_DATA_INVALID",
    ),
    "button that does nothing*": (
        "sendMessage",
        {**TEXT, "reply_markup": {"inline_keyboard": [[{"text": "A"}]]}},
        "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
    ),
    "button without text*": (
        "sendMessage",
        {**TEXT, "reply_markup": {"inline_keyboard": [[{"callback_data": "a"}]]}},
        "can't parse inline keyboard button: can't find field \"text\"",
    ),
    "button with a field of its own": (
        "sendMessage",
        {**TEXT, "reply_markup": {"keyboard": [[{"text": "A", "colour": "red"}]]}},
        'can\'t parse keyboard button: unexpected field "colour" in keyboard',
    ),
    "style of its own*": (
        "sendMessage",
        {**TEXT, "reply_markup": {"keyboard": [[{"text": "A", "style": "red"}]]}},
        "can't parse keyboard button: invalid button style specified",
    ),
    "9 in a row": (
        "sendMessage",
        {**TEXT, "reply_markup": {"keyboard": [[{"text": str(number)} for number in range(9)]]}},
        "reply markup is too long",
    ),
    "101 buttons": (
        "sendMessage",
        {**TEXT, "reply_markup": buttons(*map(str, range(101)))},
        "reply markup is too long",
    ),
    "placeholder of 65": (
        "sendMessage",
        {**TEXT, "reply_markup": {"keyboard": [[{"text": "A"}]], "input_field_placeholder": "x" * 65}},
        "input_field_placeholder must be 1 to 64 characters long",
    ),
    "copy of 257": (
        "sendMessage",
        {**TEXT, "reply_markup": {"inline_keyboard": [[{"text": "A", "copy_text": {"text": "x" * 257}}]]}},
        "can't parse inline keyboard button: text must be 1 to 256 characters long",
    ),
    "caption of 1025": (
        "sendVoice",
        {"chat_id": 100, "voice": "id", "caption": "x" * 1025},
        "Bad Request: message caption is too long",
    ),
    "no voice*": ("sendVoice", {"chat_id": 100}, "Bad Request: there is no voice in the request"),
    "voice from the net*": (
        "sendVoice",
        {"chat_id": 100, "voice": "https://hocso.test/a.ogg"},
        "Bad Request: failed to get HTTP URL content",
    ),
    "201 in a toast": (
        "answerCallbackQuery",
        {"callback_query_id": "1", "text": "x" * 201},
        "Bad Request: MESSAGE_TOO_LONG",
    ),
    "no such action*": (
        "sendChatAction",
        {"chat_id": 100, "action": "think"},
        "Bad Request: wrong parameter action in request",
    ),
    "nothing to edit*": ("editMessageText", {"text": "a"}, "Bad Request: message identifier is not specified"),
    "command with a capital": (
        "setMyCommands",
        {"commands": [{"command": "Menu", "description": "a"}]},
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    "command described at length": (
        "setMyCommands",
        {"commands": [{"command": "menu", "description": "x" * 257}]},
        "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    "command not described*": (
        "setMyCommands",
        {"commands": [{"command": "menu"}]},
        "Bad Request: can't parse BotCommand: can't find field \"description\"",
    ),
    "101 commands": (
        "setMyCommands",
        {"commands": [{"command": f"c{number}", "description": "a"} for number in range(101)]},
        "Bad Request: BOT_COMMANDS_TOO_MUCH",
    ),
    "scope of no kind*": (
        "setMyCommands",
        {"commands": [], "scope": {"type": "world"}},
        "Bad Request: can't parse BotCommandScope: unsupported type specified in scope",
    ),
    "description of 513": ("setMyDescription", {"description": "x" * 513}, "Bad Request: description is too long"),
    "short description of 121": (
        "setMyShortDescription",
        {"short_description": "x" * 121},
        "Bad Request: short description is too long",
    ),
    "webhook without TLS*": (
        "setWebhook",
        {"url": "http://bot.example"},
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    "webhook at a port of its own*": (
        "setWebhook",
        {"url": "https://bot.example:8080"},
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    "webhook nowhere*": (
        "setWebhook",
        {"url": "https://nowhere.example"},
        "Bad Request: bad webhook: Failed to resolve host: Name or service not known",
    ),
    "secret with a dot*": (
        "setWebhook",
        {"url": "http://127.0.0.1:1", "secret_token": "a.b"},
        "Bad Request: secret token contains unallowed characters",
    ),
    "secret of 257*": (
        "setWebhook",
        {"url": "http://127.0.0.1:1", "secret_token": "a" * 257},
        "Bad Request: secret token is too long",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.usefixtures("an")
async def test_what_a_correct_bot_never_sends_is_refused_and_complained_of(
    name: str, server: Emulator, raw: Callable[..., Any]
) -> None:
    method, fields, words = REFUSED[name]
    answer = await raw(method, **fields)
    assert not answer["ok"]
    assert answer["description"].removeprefix("Bad Request: ") == words.removeprefix("Bad Request: ")
    assert answer["error_code"] == (404 if words.startswith("Not Found") else 400)
    assert server.complaints == [f"{method}: {answer['description']}"]
    assert [message.text for message in server.main.chats[100].sees] == []


async def test_what_just_fits_is_taken(server: Emulator, an: Person, raw: Callable[..., Any]) -> None:
    assert (await raw("sendMessage", chat_id=100, text="ạ" * 4096))["ok"]
    assert (await raw("sendMessage", chat_id="100", text="a", reply_markup=buttons("A", data="ạ" * 21 + "x")))["ok"]
    bold = {"type": "bold", "offset": 4, "length": 2}
    assert (await raw("sendMessage", chat_id=100, text="  👍👍\n", entities=[bold]))["ok"]
    html = "<b>a <i>&lt;b&gt;</i></b> &amp; <a href='no' href=\"https://x.vn\">c</a>"
    assert (await raw("sendMessage", chat_id=100, text=html, parse_mode="html"))["ok"]
    assert (await raw("setMyCommands", commands=[{"command": "/menu", "description": "x" * 256}]))["ok"]
    assert (await raw("getMyCommands"))["result"] == [{"command": "menu", "description": "x" * 256}]
    assert server.complaints == []
    assert [message.rendered for message in an.sees[2:]] == ["👍**👍**", "**a _<b>_** & [c](https://x.vn)"]


async def test_what_people_did_meanwhile_is_refused_without_complaint(
    server: Emulator, an: Person, raw: Callable[..., Any]
) -> None:
    async def words(method: str, **fields: object) -> str:
        answer = await raw(method, **fields)
        return f"{answer['error_code']} {answer['description']}"

    stranger = server.person("Bình")
    assert await words("sendMessage", chat_id=stranger.chat.id, text="a") == "400 Bad Request: chat not found"
    assert await words("sendMessage", chat_id="@nobody", text="a") == "400 Bad Request: chat not found"
    await raw("sendMessage", **TEXT, reply_markup=buttons("A"))
    edit: dict[str, Any] = {"chat_id": 100, "message_id": an.sees[0].id}
    assert (await words("editMessageText", **edit, text="chào", reply_markup=buttons("A"))).startswith(
        "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    )
    assert (await raw("editMessageText", **edit, text="chào"))["result"].keys() >= {"edit_date"}
    assert (an.sees[0].buttons, an.sees[0].edited) == ((), True)
    assert (await words("editMessageReplyMarkup", **edit)).startswith("400 Bad Request: message is not modified")
    assert await words("editMessageText", **{**edit, "message_id": 1}, text="a") == (
        "400 Bad Request: message can't be edited"  # it is An's own
    )
    assert server.complaints.pop() == "editMessageText: Bad Request: message can't be edited"
    assert (await raw("deleteMessage", **edit))["ok"]
    assert an.sees == []
    assert await words("editMessageText", **edit, text="a") == "400 Bad Request: message to edit not found"
    assert await words("deleteMessage", **edit) == "400 Bad Request: message to delete not found"
    reply = {"message_id": 99}
    assert await words("sendMessage", **TEXT, reply_parameters=reply) == (
        "400 Bad Request: message to be replied not found"
    )
    assert (await raw("sendMessage", **TEXT, reply_parameters={**reply, "allow_sending_without_reply": True}))["ok"]
    assert await words("getFile", file_id="x") == "400 Bad Request: invalid file_id"
    assert await words("sendVoice", chat_id=100, voice="x") == (
        "400 Bad Request: wrong file identifier/HTTP URL specified"
    )
    too_big = await an.sends("document", size=21 << 20)
    assert await words("getFile", file_id=too_big.body["document"]["file_id"]) == "400 Bad Request: file is too big"
    await an.blocks()
    assert await words("sendMessage", **TEXT) == "403 Forbidden: bot was blocked by the user"
    await an.unblocks()
    assert (await raw("sendMessage", **TEXT))["ok"]
    an.leaves_telegram()
    assert await words("sendMessage", **TEXT) == "403 Forbidden: user is deactivated"
    assert server.complaints == []


async def test_a_call_may_come_in_every_form(server: Emulator, an: Person) -> None:
    form = {"chat_id": "100", "text": "chào", "reply_markup": json.dumps(buttons("A")), "disable_notification": "True"}
    async with httpx.AsyncClient(trust_env=False) as http:
        address = f"{server.url}/bot{server.token}/SENDMESSAGE"
        await http.get(address, params=form)
        await http.post(address, data=form)
        await http.post(address, json={**form, "chat_id": 100, "disable_notification": True})
        await http.post(address, files={key: (None, value) for key, value in form.items()})
        assert [message.buttons for message in an.sees] == [(("A",),)] * 4
        assert [message.asked["disable_notification"] for message in an.sees] == [True] * 4
        assert (await http.get(f"{server.url}/bot1:x/getMe")).json()["error_code"] == 401
        assert (await http.get(f"{server.url}/getMe")).json()["error_code"] == 404
        assert server.complaints == []
        await http.post(address, data={"chat_id": "100", "text": "a", "reply_markup": "{"})
        await http.post(address, content=b"x", headers={"Content-Type": "text/plain"})
    assert [each.partition(": Bad Request: ")[2] for each in server.complaints] == [
        "can't parse reply keyboard markup JSON object",
        "unsupported content type text/plain",
    ]


async def test_files_are_what_they_are_sent_as_and_keep_their_ids(server: Emulator, an: Person) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:

        async def send(kind: str, data: bytes | str, **more: str) -> dict[str, Any]:
            address = f"{server.url}/bot{server.token}/send{kind.capitalize()}"
            fields = {"chat_id": "100", **more} if isinstance(data, bytes) else {"chat_id": "100", kind: data}
            files = {kind: ("a.bin", data)} if isinstance(data, bytes) else None
            return (await http.post(address, data=fields, files=files)).json()  # type: ignore[no-any-return]

        voice = (await send("voice", ogg(7), caption="nghe"))["result"]
        assert (voice["voice"]["duration"], voice["voice"]["mime_type"], voice["caption"]) == (7, "audio/ogg", "nghe")
        again = (await send("voice", voice["voice"]["file_id"]))["result"]
        assert again["voice"] == voice["voice"]
        twice = (await send("voice", ogg(7)))["result"]["voice"]
        assert twice["file_id"] != voice["voice"]["file_id"]
        assert twice["file_unique_id"] == voice["voice"]["file_unique_id"]
        photo = (await send("photo", png(30, 20)))["result"]["photo"]
        assert (photo[0]["width"], photo[0]["height"]) == (30, 20)
        assert (await send("document", b"x"))["result"]["document"]["file_name"] == "a.bin"
        assert server.complaints == []
        assert [message.kind for message in an.sees] == ["voice", "voice", "voice", "photo", "document"]
        assert an.sees[1].data == ogg(7)

        other = server.bot("other_bot")
        foreign = await http.get(f"{server.url}/bot{other.token}/getFile", params={"file_id": twice["file_id"]})
        assert foreign.json()["description"] == "Bad Request: invalid file_id"
        file = (await http.get(f"{server.url}/bot{server.token}/getFile", params={"file_id": twice["file_id"]})).json()
        download = f"{server.url}/file/bot{server.token}/{file['result']['file_path']}"
        assert (await http.get(download)).content == ogg(7)
        server.later(3601)
        assert (await http.get(download)).status_code == 404
        server.main.files.forget(twice["file_id"])
        wrong = [
            await send("voice", twice["file_id"]),
            await send("voice", b"RIFF" + bytes(60)),
            await send("voice", b"OggS" + bytes(24) + b"\1vorbis"),
            await send("photo", b"GIF89a"),
            await send("photo", voice["voice"]["file_id"]),
            await send("voice", ogg(), extra="1"),
        ]
    assert [each["description"] for each in wrong] == [
        "Bad Request: wrong file identifier/HTTP URL specified",
        "Bad Request: a voice must be OGG with Opus, MP3 or M4A",
        "Bad Request: a voice must be OGG with Opus, MP3 or M4A",
        "Bad Request: IMAGE_PROCESS_FAILED",
        "Bad Request: can't use file of type VoiceNote as Photo",
        'Bad Request: unexpected parameter "extra"',
    ]
    assert len(server.complaints) == 5


def test_the_emulator_notices_its_own_mistakes() -> None:
    with pytest.raises(AssertionError, match="does not know"):
        published().shown(["User"], {"id": 1, "is_bot": True, "first_name": "A", "nickname": "B"})


# --------------------------------------------------------------------------------------------------- how it delivers


@dataclass
class Webhook:
    """A bot's webhook that answers as a test wants it to."""

    answers: list[Response] = field(default_factory=list)  # then 200
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    holds: dict[str, asyncio.Event] = field(default_factory=dict)  # texts that wait for their event

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        update = await request.json()
        self.got.append(update)
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        answer = self.answers.pop(0) if self.answers else Response()
        if hold := self.holds.get(update.get("message", {}).get("text", "")):
            await hold.wait()
        await answer(scope, receive, send)

    @property
    def texts(self) -> list[str]:
        return [each["message"]["text"] for each in self.got if "message" in each]


@pytest.fixture
async def webhook(server: Emulator, raw: Callable[..., Any]) -> Webhook:
    webhook = Webhook()
    server.resolves(PLACE, webhook)
    assert (await raw("setWebhook", url=f"{PLACE}/hook", secret_token=SECRET, max_connections=3))["ok"]
    return webhook


async def test_polling_confirms_by_offset_and_remembers_what_is_wanted(
    server: Emulator, an: Person, raw: Callable[..., Any]
) -> None:
    first, second = await an.types("một"), await an.types("hai")
    got = (await raw("getUpdates", limit=1))["result"]
    assert got == [first.json]
    assert (await raw("getUpdates"))["result"] == [first.json, second.json]
    assert (await raw("getUpdates", offset=-1))["result"] == [second.json]
    assert (await raw("getUpdates", offset=second.id + 1, allowed_updates=["callback_query"]))["result"] == []
    await an.types("ba")
    assert (await raw("getUpdates", timeout=1))["result"] == []
    waiting = asyncio.create_task(raw("getUpdates", timeout=50, allowed_updates=[]))
    await server.bell.until(lambda: not server.main.updates.allowed, lambda: "no poll")
    third = await an.types("bốn")
    assert (await waiting)["result"] == [third.json]
    server.redeliver(second)
    assert (await raw("getUpdates", offset=third.id + 1))["result"] == [second.json]
    assert (await raw("getUpdates", offset=second.id + 1))["result"] == []


async def test_two_pollers_or_a_poller_beside_a_webhook_get_409(server: Emulator, raw: Callable[..., Any]) -> None:
    one = asyncio.create_task(raw("getUpdates", timeout=50))
    await server.bell.until(lambda: server.main.updates.polling, lambda: "no poll")
    two = asyncio.create_task(raw("getUpdates", timeout=50))
    assert (await one)["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    server.resolves(PLACE, Webhook())
    await server.bell.until(lambda: server.main.updates.polling, lambda: "no poll")
    await raw("setWebhook", url=PLACE)
    assert (await two)["description"] == "Conflict: terminated by setWebhook request"
    assert (await raw("getUpdates"))["error_code"] == 409
    assert (await raw("deleteWebhook"))["ok"]
    assert (await raw("getUpdates"))["ok"]
    assert server.complaints == []


async def test_an_update_is_tried_again_at_once_then_ever_more_seldom(
    server: Emulator, an: Person, webhook: Webhook, raw: Callable[..., Any]
) -> None:
    webhook.answers = [Response(status_code=500)] * 7 + [Response(status_code=503, headers={"Retry-After": "7"})]
    sent = await an.types("một")
    await server.bell.until(lambda: sent.tries > 1, lambda: "no second try")
    info = (await raw("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert (info["pending_update_count"], info["max_connections"], info["url"]) == (1, 3, f"{PLACE}/hook")
    await server.delivered()
    assert [each["update_id"] for each in webhook.got] == [sent.id] * 9
    assert webhook.secrets == {SECRET}
    assert server.main.hook
    *doubling, cap, asked = server.main.hook.delays
    assert doubling == [0, 2, 4, 8, 16, 32]
    assert 60 <= cap <= 120
    assert asked == 7
    assert sent.tries == 9


async def test_a_failing_update_holds_up_its_own_chat_only(server: Emulator, an: Person, webhook: Webhook) -> None:
    binh = server.person("Bình")
    webhook.holds["một"] = asyncio.Event()
    await an.types("một")
    await an.types("hai")
    await binh.types("ba")
    await server.bell.until(lambda: "ba" in webhook.texts, lambda: "Bình had to wait")
    assert webhook.texts == ["một", "ba"]
    webhook.answers = [Response(status_code=500)]
    webhook.holds["một"].set()
    await server.delivered()
    assert [text for text in webhook.texts if text != "ba"] == ["một", "hai", "hai"]


async def test_a_tap_does_not_wait_for_the_persons_message(
    server: Emulator, an: Person, webhook: Webhook, raw: Callable[..., Any]
) -> None:
    await raw("sendMessage", **TEXT, reply_markup=buttons("A"))
    webhook.holds["một"] = asyncio.Event()
    await an.types("một")
    tap = await an.taps("A")
    await server.bell.until(lambda: tap not in server.main.updates.pending, lambda: "the tap had to wait")
    assert webhook.got[-1] == tap.json
    webhook.holds["một"].set()
    await server.delivered()


async def test_no_more_connections_than_asked_for(server: Emulator, webhook: Webhook) -> None:
    webhook.holds["chào"] = asyncio.Event()
    people = [server.person(f"P{number}") for number in range(8)]
    for person in people:
        await person.types("chào")
    await server.bell.until(lambda: len(webhook.got) == 3, lambda: f"{len(webhook.got)}")
    assert server.main.hook
    webhook.holds["chào"].set()
    await server.delivered()
    assert (len(webhook.got), server.main.hook.most_at_once) == (8, 3)


async def test_taps_expire_in_minutes_and_messages_in_a_day(
    server: Emulator, an: Person, webhook: Webhook, raw: Callable[..., Any]
) -> None:
    await raw("sendMessage", **TEXT, reply_markup=buttons("A"))
    webhook.answers = [Response(status_code=500, headers={"Retry-After": "3600"})] * 2
    message, tap = await an.types("một"), await an.taps("A")
    await server.bell.until(lambda: tap not in server.main.updates.pending, lambda: "the tap did not expire")
    late = await raw("answerCallbackQuery", callback_query_id=tap.body["id"])
    assert late["ok"]  # it was dropped because its next try would come too late
    tap = await an.taps("A")
    await server.bell.until(lambda: tap not in server.main.updates.pending, lambda: "the tap is not delivered")
    server.later(151)
    late = await raw("answerCallbackQuery", callback_query_id=tap.body["id"])
    assert late["description"] == ("Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert message in server.main.updates.pending
    server.later(86_400)
    await server.delivered()
    assert webhook.texts == ["một"]


async def test_no_answer_is_a_failure() -> None:
    async with Emulator(speed=FAST, webhook_timeout=0.05) as server:
        webhook = Webhook(holds={"một": asyncio.Event()})
        server.resolves(PLACE, webhook)
        async with httpx.AsyncClient(trust_env=False) as http:
            await http.get(f"{server.url}/bot{server.token}/setWebhook", params={"url": PLACE})
        sent = await server.person("An").types("một")
        await server.bell.until(lambda: sent.tries == 2, lambda: "no second try")
        assert server.main.hook_error
        assert server.main.hook_error[1] == "Read timeout expired"
        webhook.holds["một"].set()
        await server.delivered()


async def test_a_call_in_the_webhooks_answer_is_carried_out_unseen(
    server: Emulator, an: Person, webhook: Webhook
) -> None:
    webhook.answers = [
        JSONResponse({"method": "sendMessage", **TEXT}),
        JSONResponse({"method": "sendMessage", **TEXT, "txt": ""}),
        JSONResponse({"method": "getMe"}),
    ]
    await an.types("một")
    assert (await an.hears())[0].text == "chào"
    await an.types("hai")
    await an.types("ba")
    await server.delivered()
    assert [(call.method, call.by_hook, bool(call.refused)) for call in server.calls[1:]] == [
        ("sendMessage", True, False),
        ("sendMessage", True, True),
    ]
    assert server.complaints == ['sendMessage: Bad Request: unexpected parameter "txt"']


async def test_an_update_comes_again_and_a_tap_under_another_id(
    server: Emulator, an: Person, webhook: Webhook, raw: Callable[..., Any]
) -> None:
    await raw("sendMessage", **TEXT, reply_markup=buttons("A"))
    tap = await an.taps("A")
    await server.delivered()
    server.redeliver(tap)
    await server.delivered()
    other = await an.taps_again(tap)
    await server.delivered()
    assert [each["update_id"] for each in webhook.got] == [tap.id, tap.id, other.id]
    assert other.body["data"] == tap.body["data"]
    server.main.updates.restart_ids(5)
    await an.types("một")
    await server.delivered()
    assert webhook.got[-1]["update_id"] == 5


async def test_pending_updates_can_be_dropped_and_a_gone_webhook_ends(
    server: Emulator, an: Person, raw: Callable[..., Any]
) -> None:
    await an.types("một")
    webhook = Webhook()
    server.resolves(PLACE, webhook)
    await raw("setWebhook", url=PLACE, drop_pending_updates=True)
    await server.delivered()
    assert webhook.got == []
    webhook.answers = [Response(status_code=410)] * 3
    sent = await an.types("hai")
    await server.bell.until(lambda: sent.failures == 2, lambda: "no second try")
    assert server.main.hook
    server.later(23 * 3600 + 1)
    await server.bell.until(lambda: server.main.hook is None, lambda: "it goes on")
    assert (await raw("getWebhookInfo"))["result"]["url"] == ""
    assert server.main.updates.pending == [sent]


async def test_in_a_group_the_bot_hears_what_is_meant_for_it(
    server: Emulator, an: Person, raw: Callable[..., Any]
) -> None:
    group = server.group("Tổ công nghệ số", an)
    group.adds_bot(an)
    await an.types("chào cả nhà", to=group)
    await an.types("/start", to=group)
    await raw("sendMessage", chat_id=group.chat.id, text="chào", reply_markup=buttons("A"))
    tap = await an.taps("A", to=group)
    await an.types("vâng", to=group, reply_to=group.sees[0])
    got = (await raw("getUpdates"))["result"]
    assert [next(key for key in each if key != "update_id") for each in got] == [
        "my_chat_member",
        "message",
        "callback_query",
        "message",
    ]
    assert tap.body["message"]["chat"]["type"] == "group"
    group.removes_bot(an)
    refused = await raw("sendMessage", chat_id=group.chat.id, text="chào")
    assert refused["description"] == "Forbidden: bot was kicked from the group chat"


async def test_whoever_does_not_wait_is_complained_of(server: Emulator, raw: Callable[..., Any], an: Person) -> None:
    server.fails_with(429, retry_after=30)
    answer = await raw("sendMessage", **TEXT)
    assert (answer["description"], answer["parameters"]) == (
        "Too Many Requests: retry after 30",
        {"retry_after": 30},
    )
    assert server.complaints == []
    assert (await raw("sendMessage", **TEXT))["error_code"] == 429
    assert len(server.complaints) == 1
    assert "before retry_after had passed" in server.complaints[0]
    server.later(30)
    assert (await raw("sendMessage", **TEXT))["ok"]
    assert len(an.sees) == 1


async def test_messages_a_second_are_limited_where_wanted() -> None:
    async with Emulator(speed=0.001) as server, httpx.AsyncClient(trust_env=False) as http:  # time all but stands
        server.limits_rates()
        people = [server.person(f"P{number}") for number in range(40)]
        for person in people:
            await person.start()

        async def send(person: Person) -> int:
            fields = {"chat_id": person.chat.id, "text": "chào"}
            return (await http.post(f"{server.url}/bot{server.token}/sendMessage", json=fields)).status_code

        assert [await send(people[0]) for _ in range(6)] == [200] * 5 + [429]
        server.later(10)
        assert 429 in [await send(person) for person in people]
        assert server.complaints == []


async def test_the_keyboard_under_the_input_field_stays_until_it_is_taken_away(
    an: Person, raw: Callable[..., Any]
) -> None:
    await raw("sendMessage", **TEXT, reply_markup={"keyboard": [[{"text": "Nghe"}], [{"text": "Menu"}]]})
    await raw("sendMessage", **TEXT)
    assert list(an.keyboard) == [("Nghe",), ("Menu",)]
    assert (await an.taps("Menu")).body["text"] == "Menu"
    await raw("sendMessage", **TEXT, reply_markup={"remove_keyboard": True})
    assert list(an.keyboard) == []
    with pytest.raises(AssertionError, match="no button"):
        await an.taps("Menu")
    with pytest.raises(AssertionError, match="An waited for 4 messages"):
        await an.hears(4, patience=0.01)


# ------------------------------------------------------------------------------------------- aiogram runs against it


@pytest.fixture
async def aio(server: Emulator) -> AsyncIterator[aiogram.Bot]:
    bot = aiogram.Bot(server.token, session=AiohttpSession(api=TelegramAPIServer.from_base(server.url), timeout=5))
    yield bot
    await bot.session.close()


def greeting() -> aiogram.Dispatcher:
    """A small aiogram bot: greets, and edits its greeting when its button is tapped."""
    dispatcher = aiogram.Dispatcher()
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Học", callback_data="learn")]])

    @dispatcher.message()
    async def greet(message: AiogramMessage) -> None:
        await message.answer(f"Chào {message.text}", reply_markup=keyboard)

    @dispatcher.callback_query()
    async def learn(tap: AiogramTap) -> TelegramMethod[Any]:
        assert isinstance(tap.message, AiogramMessage)
        await tap.message.edit_text("Học thôi")
        return tap.answer()

    return dispatcher


async def test_aiogram_polls(server: Emulator, aio: aiogram.Bot) -> None:
    dispatcher = greeting()
    polling = asyncio.create_task(dispatcher.start_polling(aio, handle_signals=False, polling_timeout=50))
    an = server.person("An")
    await an.start("quynh")
    assert [message.text for message in await an.hears()] == ["Chào /start quynh"]
    tap = await an.taps("Học")
    await server.called("answerCallbackQuery")
    assert [message.text for message in an.sees] == ["Học thôi"]
    assert len(tap.answers) == 1
    await dispatcher.stop_polling()
    await polling
    assert server.complaints == []


async def test_aiograms_own_webhook_server_receives(server: Emulator, aio: aiogram.Bot) -> None:
    dispatcher = greeting()
    app = web.Application()
    SimpleRequestHandler(dispatcher, aio, handle_in_background=False, secret_token=SECRET).register(app, path="/hook")
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.resolves(PLACE, f"http://{host}:{port}")
    assert await aio.set_webhook(f"{PLACE}/hook", secret_token=SECRET, allowed_updates=["message", "callback_query"])
    an = server.person("An")
    await an.types("An")
    await an.hears()
    tap = await an.taps("Học")
    await server.delivered()
    await server.called("answerCallbackQuery")
    assert server.calls[-1].by_hook  # aiogram answers in the webhook's response, as a form
    assert ([message.text for message in an.sees], len(tap.answers)) == (["Học thôi"], 1)
    await an.blocks()  # not among the wanted
    info = await aio.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (0, None)
    assert await aio.delete_webhook()
    await runner.cleanup()
    assert server.complaints == []


async def test_aiogram_sends_files_and_sets_itself_up(server: Emulator, aio: aiogram.Bot, an: Person) -> None:
    me = await aio.get_me()
    assert (me.id, me.username) == (server.main.id, "hocso_bot")
    sent = await aio.send_voice(100, BufferedInputFile(ogg(5), "clip.ogg"), caption="Nghe bài", duration=5)
    assert sent.voice
    assert (await aio.send_voice(100, sent.voice.file_id)).voice == sent.voice
    got = await aio.download(sent.voice.file_id)
    assert got
    assert got.read() == ogg(5)
    said = await an.sends("voice", ogg(2), duration=2)
    heard = await aio.download(said.body["voice"]["file_id"])
    assert heard
    assert heard.read() == ogg(2)
    await aio.send_message(100, "<b>Đậm</b>", parse_mode="HTML")
    assert an.sees[-1].rendered == "**Đậm**"
    assert await aio.send_chat_action(100, "record_voice")
    commands = [BotCommand(command="menu", description="Mở danh sách bài")]
    assert await aio.set_my_commands(commands, language_code="vi")
    [told] = await aio.get_my_commands(language_code="vi")
    assert (told.command, told.description) == ("menu", "Mở danh sách bài")
    assert await aio.get_my_commands() == []
    assert await aio.set_my_description("Học từng bước nhỏ")
    assert await aio.set_my_short_description("Học số", language_code="vi")
    assert (await aio.get_my_description(language_code="en")).description == "Học từng bước nhỏ"
    assert (await aio.get_my_short_description()).short_description == ""
    assert await aio.set_my_name("Học Số thử")
    assert (await aio.get_me()).first_name == "Học Số thử"
    assert (await aio.get_chat(100)).first_name == "An"
    assert server.complaints == []


async def test_aiogram_names_what_went_wrong(server: Emulator, aio: aiogram.Bot, an: Person) -> None:
    server.fails_with(429, retry_after=3)
    with pytest.raises(TelegramRetryAfter) as told:
        await aio.send_message(100, "a")
    assert told.value.retry_after == 3
    server.later(3)
    server.fails_with(502)
    with pytest.raises(TelegramServerError):
        await aio.send_message(100, "b")
    server.cuts(Cut.BEFORE)
    with pytest.raises(TelegramNetworkError):
        await aio.send_message(100, "c")
    server.cuts(Cut.AFTER)
    with pytest.raises(TelegramNetworkError):
        await aio.send_message(100, "d")
    server.answers_late(120)
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await aio(SendMessage(chat_id=100, text="e"), request_timeout=0.1)  # type: ignore[arg-type]
    await server.goes_down()
    with pytest.raises(TelegramNetworkError):
        await aio.send_message(100, "f")
    await server.comes_up()
    with pytest.raises(TelegramBadRequest, match="text must be non-empty"):
        await aio.send_message(100, " ")
    assert [message.text for message in an.sees] == ["d", "e"]
    await an.blocks()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await aio.send_message(100, "g")
    assert server.complaints == ["sendMessage: Bad Request: text must be non-empty"]


# ------------------------------------------------------------------------------- python-telegram-bot runs against it


@pytest.fixture
async def ptb(
    server: Emulator, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[telegram.ext.Application[Any, Any, Any, Any, Any, Any]]:
    """A small python-telegram-bot: greets, and edits its greeting when its button is tapped."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else it warns of a change to come
    builder = telegram.ext.Application.builder().token(server.token)
    app = builder.base_url(f"{server.url}/bot").base_file_url(f"{server.url}/file/bot").build()
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Học", callback_data="learn")]])

    async def greet(update: telegram.Update, _: object) -> None:
        assert update.effective_message
        await update.effective_message.reply_text(f"Chào {update.effective_message.text}", reply_markup=keyboard)

    async def learn(update: telegram.Update, _: object) -> None:
        assert update.callback_query
        await update.callback_query.edit_message_text("Học thôi")
        await update.callback_query.answer()

    app.add_handlers(
        [
            telegram.ext.MessageHandler(telegram.ext.filters.TEXT, greet),
            telegram.ext.CallbackQueryHandler(learn),
        ]
    )
    async with app:
        yield app


async def test_python_telegram_bot_polls(
    server: Emulator, ptb: telegram.ext.Application[Any, Any, Any, Any, Any, Any]
) -> None:
    assert ptb.updater
    await ptb.start()
    await ptb.updater.start_polling(timeout=50)
    an = server.person("An")
    await an.start("quynh")
    assert [message.text for message in await an.hears()] == ["Chào /start quynh"]
    tap = await an.taps("Học")
    await server.called("answerCallbackQuery")
    assert ([message.text for message in an.sees], len(tap.answers)) == (["Học thôi"], 1)
    await ptb.updater.stop()
    await ptb.stop()
    assert server.complaints == []


async def test_python_telegram_bot_is_fed_by_webhook(
    server: Emulator, ptb: telegram.ext.Application[Any, Any, Any, Any, Any, Any]
) -> None:
    async def receives(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
        await ptb.process_update(telegram.Update.de_json(await request.json(), ptb.bot))
        await Response()(scope, receive, send)

    server.resolves(PLACE, receives)
    assert await ptb.bot.set_webhook(PLACE, secret_token=SECRET, max_connections=5)
    an = server.person("An")
    await an.types("An")
    await an.hears()
    await an.taps("Học")
    await server.delivered()
    assert [message.text for message in an.sees] == ["Học thôi"]
    info = await ptb.bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (PLACE, 5, 0)
    assert await ptb.bot.delete_webhook()
    assert server.complaints == []


async def test_python_telegram_bot_sends_files_and_sees_all_that_people_send(
    server: Emulator, ptb: telegram.ext.Application[Any, Any, Any, Any, Any, Any], an: Person
) -> None:
    bot = ptb.bot
    sent = await bot.send_voice(100, ogg(5), caption="Nghe bài")
    assert sent.voice
    assert (await bot.send_voice(100, sent.voice)).voice == sent.voice
    assert bytes(await (await bot.get_file(sent.voice)).download_as_bytearray()) == ogg(5)
    bold = telegram.MessageEntity("bold", 3, 2)
    options = telegram.LinkPreviewOptions(is_disabled=True)
    await bot.send_message(100, "👍 👍", entities=[bold], link_preview_options=options, protect_content=True)
    assert an.sees[-1].rendered == "👍 **👍**"
    assert await bot.set_my_commands([("menu", "Mở danh sách bài")], telegram.BotCommandScopeAllPrivateChats())
    assert await bot.get_my_commands() == ()
    for kind in ("photo", "voice", "audio", "document", "sticker", "video", "video_note", "animation"):
        await an.sends(kind)
    await an.sends("location")
    await an.sends("contact", phone_number="84912345678")
    await an.edits((await an.types("mọt")).message or an.sees[0], "một")
    await an.blocks()
    seen = await bot.get_updates(allowed_updates=telegram.Update.ALL_TYPES)
    kinds = [telegram.helpers.effective_message_type(each) for each in seen if each.effective_message]
    assert [str(kind) for kind in kinds if kind] == [
        *("photo", "voice", "audio", "document", "sticker", "video", "video_note", "animation"),
        *("location", "contact", "text", "text"),
    ]
    assert seen[-1].my_chat_member
    assert seen[-1].my_chat_member.new_chat_member.status == "kicked"
    assert server.complaints == []


async def test_python_telegram_bot_names_what_went_wrong(
    server: Emulator, ptb: telegram.ext.Application[Any, Any, Any, Any, Any, Any], an: Person
) -> None:
    server.fails_with(429, retry_after=3)
    with pytest.raises(telegram.error.RetryAfter) as told:
        await ptb.bot.send_message(100, "a")
    assert told.value.retry_after == dt.timedelta(seconds=3)
    server.later(3)
    server.cuts(Cut.AFTER)
    with pytest.raises(telegram.error.NetworkError):
        await ptb.bot.send_message(100, "b")
    server.answers_late(120)
    with pytest.raises(telegram.error.TimedOut):
        await ptb.bot.send_message(100, "c", read_timeout=0.1)
    await server.goes_down()
    with pytest.raises(telegram.error.NetworkError):
        await ptb.bot.send_message(100, "d")
    await server.comes_up()
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await ptb.bot.send_message(101, "e")
    with pytest.raises(telegram.error.BadRequest, match="Message to edit not found"):
        await ptb.bot.edit_message_text("f", 100, 99)
    assert [message.text for message in an.sees] == ["b", "c"]
    await an.blocks()
    with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
        await ptb.bot.send_message(100, "g")
    assert server.complaints == []


async def test_a_refusal_reads_as_what_it_says() -> None:
    assert str(Refused(403, "bot was blocked by the user")) == "Forbidden: bot was blocked by the user"
