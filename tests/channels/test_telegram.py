"""The Telegram channel without Telegram: what updates come to, what is sent, and what refuses them."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from figures import Figures
from small import small_library
from starlette.types import Message

from bot.channels import Refused, TryLater, Unreachable
from bot.channels.chats import WAIT
from bot.channels.telegram import MAX_BODY, Telegram
from bot.channels.telegram.client import Client
from bot.channels.telegram.message import MAX_DATA, SendMessage, messages
from bot.channels.telegram.texts import SHOWN
from bot.channels.telegram.update import heard
from bot.core.fit import cut, units
from bot.core.lesson import key_of
from bot.core.progress import decode
from bot.core.saving import Save, StoreDown
from bot.core.turn import Asked, Blocked, Button, Opened, Reply, Sent, Tapped, Typed
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor

pytestmark = pytest.mark.anyio

AN = 77
SECRET = "hook-1"  # noqa: S105  of the webhook, in tests


def message(
    text: str | None = None, number: int = 1, chat: str = "private", lang: str = "vi", **more: Any
) -> dict[str, Any]:
    """An update as Telegram sends it, with fields that we don't read."""
    said = {"message_id": number + 500, "date": 1_795_000_000, "chat": {"id": AN, "type": chat, "first_name": "An"}}
    said |= {"from": {"id": AN, "is_bot": False, "first_name": "An", "language_code": lang}, **more}
    return {"update_id": number, "message": said | ({} if text is None else {"text": text})}


def tap(data: str, number: int = 1) -> dict[str, Any]:
    drawn = {"message_id": 9, "date": 0, "chat": {"id": AN, "type": "private"}, "text": "…"}
    person = {"id": AN, "is_bot": False, "first_name": "An"}
    return {
        "update_id": number,
        "callback_query": {"id": "q1", "from": person, "message": drawn, "chat_instance": "x", "data": data},
    }


def told(update: dict[str, Any]) -> object:
    found = heard(json.dumps(update).encode())
    return found and found.event


@pytest.mark.parametrize(
    ("update", "event"),
    [
        (message("xin chào"), Typed("xin chào")),
        (message("/start"), Opened()),
        (message("/start at-02-gia-cong-an"), Opened("at-02-gia-cong-an")),
        (message("/start to_sen-vang-27"), Opened("to_sen-vang-27")),
        (message("/hoc@hocso_bot"), Opened()),
        (message("/NGHE"), Asked("again")),
        (message("/cham"), Asked("slow")),
        (message("/giup"), Asked("help")),
        (message("/caidat"), Asked("settings")),
        (message("/dulieu"), Asked("data")),
        (message("/xoa"), Asked("delete")),
        (message("/doi"), Asked("people")),
        (message("/switch"), Asked("people")),
        (message("/noi"), Asked("elsewhere")),
        (message("/join"), Asked("elsewhere")),
        (message("/delete"), Asked("delete")),
        (message("/tiep"), Typed("tiep")),
        (
            message(photo=[{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], caption="mã 482913"),
            Sent(),
        ),
        (message(sticker={"file_id": "f"}), Sent()),
        (message(contact={"phone_number": "0912345678"}), Sent()),
        (message(voice={"file_id": "f", "duration": 3}), Sent()),
        (tap("7|b"), Tapped(7, "b")),
        (tap("12|l:vneid-01"), Tapped(12, "l:vneid-01")),
        (tap("of another bot"), Tapped(-1, "")),
        (tap("99999999999999|b"), Tapped(-1, "b")),
        (message("/start", chat="group"), None),
    ],
)
def test_what_an_update_comes_to(update: dict[str, Any], event: object) -> None:
    assert told(update) == event


@pytest.mark.parametrize("status", ["kicked", "member"])
def test_someone_shuts_the_bot_out_or_lets_it_in(status: str) -> None:
    person = {"id": AN, "is_bot": False, "first_name": "An"}
    change = {
        "chat": {"id": AN, "type": "private"},
        "from": person,
        "date": 0,
        "new_chat_member": {"status": status, "user": person},
    }
    assert told({"update_id": 1, "my_chat_member": change}) == Blocked(status == "kicked")


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {"update_id": 1, "a_kind_from_the_future": {"x": 1}},
        message("chuyện trong nhóm", chat="supergroup"),
    ],
)
def test_what_needs_no_answer(update: dict[str, Any]) -> None:
    assert heard(json.dumps(update).encode()) is None


def test_bold_is_an_entity_in_utf_16_units() -> None:
    reply = Reply(3, "vi", "😀 Bấm **Tiếp** rồi **Xong** nhé.", (Button("next", "Tiếp"),))
    (sent,) = messages(AN, reply)
    assert sent.text == "😀 Bấm Tiếp rồi Xong nhé."
    found = [
        sent.text.encode("utf-16-le")[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")
        for e in sent.entities
    ]
    assert found == ["Tiếp", "Xong"]
    assert sent.reply_markup == {"inline_keyboard": [[{"text": "1. Tiếp", "callback_data": "3|next"}]]}


def test_whoever_listens_has_whole_words_in_a_fixed_place() -> None:
    reply = Reply(3, "vi", "Ai?", (Button("a", "Công an"), Button("b", "Không ai")), listens=True)
    (sent,) = messages(AN, reply)
    assert sent.text == "Ai?\n\n1. Công an\n2. Không ai"
    assert sent.reply_markup == {
        "keyboard": [[{"text": "Công an"}], [{"text": "Không ai"}]],
        "resize_keyboard": True,
        "is_persistent": True,
    }


def test_fixed_keys_go_away_when_someone_turns_to_reading() -> None:
    reply = Reply(3, "vi", "Menu", (Button("a", "Một"),), notes=("Đã đổi.",), turned_to_reading=True)
    first, last = messages(AN, reply)
    assert first.reply_markup == {"remove_keyboard": True}
    assert last.reply_markup == {"inline_keyboard": [[{"text": "1. Một", "callback_data": "3|a"}]]}


def test_a_long_text_is_cut_between_sentences_within_the_limit() -> None:
    text = "Ế! **Nút bấm dài** nói điều này. 😀 " * 300
    parts = list(cut(text, 4096))
    assert all(units(part) <= 4096 for part in parts)
    assert all(part.count("**") % 2 == 0 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(units(part) <= 4096 for part in cut("ế" * 9000, 4096))


def test_callback_data_fits_for_every_lesson_and_turn() -> None:
    longest = "l:" + key_of("a" * 40)
    messages(AN, Reply(10**9, "vi", "x", (Button(longest, "Bài"),)))
    with pytest.raises(ValueError, match=f"has 67 bytes; Telegram takes {MAX_DATA}"):
        messages(AN, Reply(1, "vi", "x", (Button("l:" + "ế" * 21, "Bài"),)))


def test_what_telegram_shows_of_the_bot_is_within_its_limits() -> None:
    for shown in SHOWN.values():
        assert len(shown.description) <= 512
        assert len(shown.short) <= 120
        assert all(len(name) <= 32 and len(text) <= 256 for name, text in shown.commands.items())


class Wire(Client):
    """Calls that come to nobody; `fails` are raised in their order instead."""

    def __init__(self) -> None:
        self.sent: list[SendMessage] = []
        self.asides: list[tuple[object, ...]] = []
        self.fails: list[Exception] = []

    async def send(self, message: SendMessage) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(message)

    def answer_tap(self, tap: str) -> None:
        self.asides.append(("answer", tap))

    async def delete(self, chat: int, message: int) -> None:
        self.asides.append(("delete", chat, message))

    async def close(self, seconds: float) -> None:
        self.asides.append(("close", seconds))


class Store(MemoryProgress):
    down = False

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        if self.down:
            raise StoreDown("away")
        return await super().save(saves)


class Bot:
    """The channel over a store in memory, spoken to as Telegram does."""

    def __init__(self) -> None:
        self.wire, self.store = Wire(), Store()
        self.telegram = Telegram(Tutor(small_library(), self.store), self.wire, SECRET)
        self.read = 0  # pieces of bodies, all in all

    async def post(
        self, body: bytes, secret: str = SECRET, method: str = "POST"
    ) -> tuple[int, dict[bytes, bytes], Any]:
        out: list[Message] = []
        pieces = [body[at : at + 100_000] for at in range(0, len(body), 100_000)] or [b""]

        async def receive() -> Message:
            self.read += 1
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

        async def send(message: Message) -> None:
            out.append(message)

        headers = [(b"x-telegram-bot-api-secret-token", secret.encode())]
        await self.telegram.webhook({"type": "http", "method": method, "path": "/", "headers": headers}, receive, send)
        answer = out[1]["body"]
        return out[0]["status"], dict(out[0]["headers"]), json.loads(answer) if answer else None

    async def hear(self, update: dict[str, Any]) -> Any:
        status, _, answer = await self.post(json.dumps(update).encode())
        assert status == 200
        return answer

    async def to_question(self) -> int:
        """Bring An to the question; returns the turn of its buttons."""
        for number, data in enumerate(("0|agree", "1|bac", "2|read", "3|l:bai-01", "4|next"), 100):
            await self.hear(tap(data, number))
        return 5

    async def kept(self) -> Any:
        return decode((await self.store.load([f"telegram:{AN}"]))[0])


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def test_one_plain_message_goes_out_in_the_webhook_s_response(bot: Bot) -> None:
    answer = await bot.hear(message("xin chào"))
    assert answer["method"] == "sendMessage"
    assert answer["chat_id"] == AN
    assert answer["text"].startswith("Xin chào bạn. Mình là Học Số")
    assert answer["link_preview_options"] == {"is_disabled": True}
    assert answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "0|agree"
    assert bot.wire.sent == []


async def test_a_tap_is_answered_without_words_and_feedback_is_a_message(bot: Bot) -> None:
    turn = await bot.to_question()
    answer = await bot.hear(tap(f"{turn}|a"))
    assert answer["text"].startswith("Chưa đúng. Công an không hỏi mã.\n\nGợi ý: ")
    assert ("answer", "q1") in bot.wire.asides


async def test_the_same_update_three_times_counts_once_and_is_answered_each_time(bot: Bot) -> None:
    turn = await bot.to_question()
    answers = [await bot.hear(tap(f"{turn}|a", 7)) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert sum(b"answered" in record for _, record in await bot.store.journal()) == 1


async def test_a_secret_is_deleted_and_then_warned_of(bot: Bot) -> None:
    await bot.to_question()
    answer = await bot.hear(message("mã của tôi là 482913", 40))
    assert ("delete", AN, 540) in bot.wire.asides
    assert "một mã bí mật" in answer["text"]
    assert "482913" not in json.dumps(answer)


async def test_a_picture_is_kindly_answered_and_not_looked_at(bot: Bot) -> None:
    await bot.to_question()
    before = await bot.kept()
    answer = await bot.hear(message(photo=[{"file_id": "f"}], caption="mã 482913"))
    assert answer["text"].startswith("Cháu chỉ đọc được chữ và số")
    assert await bot.kept() == before


async def test_a_group_gets_a_short_hint_and_nothing_more(bot: Bot) -> None:
    answer = await bot.hear(message("/start", chat="group"))
    assert answer["text"].startswith("Học Số dạy riêng từng người")
    assert await bot.store.load([f"telegram:{AN}"]) == [b""]


async def test_someone_who_shuts_the_bot_out_is_left_alone_and_kept(bot: Bot) -> None:
    turn = await bot.to_question()
    person = {"id": AN, "is_bot": False, "first_name": "An"}
    change = {"chat": {"id": AN, "type": "private"}, "from": person, "new_chat_member": {"status": "kicked"}}
    assert await bot.hear({"update_id": 300, "my_chat_member": change}) is None
    assert (await bot.kept()).away
    assert (await bot.kept()).spots["bai-01"].step == "hoi"
    answer = await bot.hear(message("/start", 301))
    assert "Mã OTP đưa cho ai?" in answer["text"]
    assert not (await bot.kept()).away
    assert (await bot.kept()).turns > turn


async def test_the_store_away_means_come_again(bot: Bot) -> None:
    turn = await bot.to_question()
    bot.store.down = True
    body = json.dumps(tap(f"{turn}|b", 8)).encode()
    status, headers, answer = await bot.post(body)
    assert (status, headers[b"retry-after"], answer) == (503, b"2", None)
    bot.store.down = False
    status, _, answer = await bot.post(body)
    assert (status, answer["text"].partition(" Mã")[0]) == (200, "Đúng rồi.")


async def test_several_messages_go_by_calls_in_order_and_the_last_in_the_response(bot: Bot) -> None:
    await bot.to_question()
    answer = await bot.hear(message("/dulieu"))
    assert [json.loads(sent.text)["address"] for sent in bot.wire.sent] == ["bác"]
    assert answer["text"].startswith("Cháu đang giữ")


@pytest.mark.parametrize(
    ("fails", "status", "kinds"),
    [
        ([TryLater(0.01, "wait")], 200, ["waited"]),
        ([TryLater(30, "wait")], 503, ["later"]),
        ([TryLater(0.01, "wait"), TryLater(30, "wait")], 503, ["waited", "later"]),
        ([Unreachable("bot was blocked by the user")], 200, ["unreachable"]),
        ([Refused(400, "Bad Request: chat not found")], 200, ["refused"]),
    ],
)
async def test_every_way_a_call_fails(bot: Bot, fails: list[Exception], status: int, kinds: list[str]) -> None:
    await bot.to_question()
    bot.wire.fails = fails
    figures = Figures()
    assert (await bot.post(json.dumps(message("/dulieu", 9)).encode()))[0] == status
    assert figures.since("failures") == {f"failures telegram {kind}": 1 for kind in kinds}
    assert (await bot.kept()).away == ("unreachable" in kinds)


@pytest.mark.parametrize(
    ("body", "secret", "method", "status", "counted"),
    [
        (b"{}", "wrong", "POST", 401, "wrong secret"),
        (b"{}", "", "POST", 401, "wrong secret"),
        (b" " * (MAX_BODY + 1), SECRET, "POST", 413, "too large"),
        (b"not json", SECRET, "POST", 400, "not an update"),
        (b"[1]", SECRET, "POST", 400, "not an update"),
        (b'{"update_id": "x"}', SECRET, "POST", 400, "not an update"),
        (b"\xff\xfe", SECRET, "POST", 400, "not an update"),
        (b"{}", SECRET, "GET", 405, ""),
    ],
)
async def test_what_is_no_update_is_refused_and_the_bot_goes_on(
    bot: Bot, body: bytes, secret: str, method: str, status: int, counted: str
) -> None:
    figures = Figures()
    assert (await bot.post(body, secret, method))[0] == status
    assert figures.since() == ({f"failures telegram {counted}": 1} if counted else {})
    assert (await bot.hear(message("xin chào")))["method"] == "sendMessage"


@pytest.mark.parametrize("secret", ["wrong", "", SECRET + "1", SECRET[:-1], "ế"])
async def test_whoever_lacks_the_secret_is_refused_before_the_body_is_read(bot: Bot, secret: str) -> None:
    assert await bot.post(b" " * (MAX_BODY + 1), secret) == (401, {b"content-length": b"0"}, None)
    assert bot.read == 0


async def test_both_ways_into_the_webhook_answer_the_same(bot: Bot) -> None:
    """The plain function that takes most updates (bot/webhooks.py), and the ASGI endpoint for all others."""
    headers = {b"x-telegram-bot-api-secret-token": SECRET.encode()}
    bodies = [json.dumps(message("xin chào")).encode(), b"no json", b"{}", b" " * (MAX_BODY + 1)]
    for secret, body in [("wrong", bodies[0]), *((SECRET, body) for body in bodies)]:
        short = await bot.telegram.hook({**headers, b"x-telegram-bot-api-secret-token": secret.encode()}, body)
        status, general, answer = await bot.post(body, secret)
        assert (short.status, dict(short.headers())) == (status, general)
        assert (json.loads(short.body) if short.body else None) == answer
    assert (await bot.telegram.hook({}, bodies[0])).status == 401


async def test_updates_and_messages_are_counted(bot: Bot) -> None:
    figures = Figures()
    await bot.hear(message("xin chào"))
    assert figures.since() == {"updates telegram": 1, "replies telegram response": 1}
    await bot.to_question()
    figures = Figures()
    await bot.hear(message("/dulieu", 8))
    assert figures.since() == {"updates telegram": 1, "replies telegram call": 1, "replies telegram response": 1}
    figures = Figures()
    await bot.hear({"update_id": 9, "a_kind_from_the_future": {}})
    assert figures.since() == {}


async def test_what_is_under_way_has_some_seconds_at_the_end(bot: Bot) -> None:
    await bot.telegram.close()
    assert bot.wire.asides == [("close", WAIT)]


async def test_neither_text_nor_secret_is_logged(bot: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    await bot.to_question()
    bot.wire.fails = [Refused(400, "Bad Request: message is too long")]
    await bot.post(json.dumps(message("/dulieu", 9)).encode())
    await bot.post(b'{"update_id": 1, "message": {"text": "bi mat 482913"}}')
    out = capsys.readouterr()
    assert "telegram refuses a message" in out.out + out.err
    for word in ("482913", "bi mat", SECRET, "address"):
        assert word not in out.out + out.err


def test_a_reply_is_encoded_as_telegram_wants_it() -> None:
    sent = SendMessage(1, "x")
    assert msgspec.json.encode(sent) == b'{"chat_id":1,"text":"x"}'
