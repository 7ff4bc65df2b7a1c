"""The emulator of Zalo's Bot Platform: what it refuses, and each switch for what sources disagree on."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.dev.zalo_bot import Emulator, emulated

pytestmark = pytest.mark.anyio


@pytest.fixture
async def zalo() -> AsyncIterator[Emulator]:
    async with emulated() as emulator:
        yield emulator


async def call(zalo: Emulator, method: str, fields: dict[str, Any] | None = None) -> tuple[int, Any]:
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{zalo.base}/bot{zalo.token}/{method}", json=fields or {})
    return answer.status_code, answer.json()


async def words(zalo: Emulator, method: str, fields: dict[str, Any]) -> str:
    _, answer = await call(zalo, method, fields)
    return str(answer.get("description", "ok"))


async def test_arguments_come_as_query_form_or_json(zalo: Emulator) -> None:
    lan, fields = zalo.person(), {"text": "Chào"}
    fields["chat_id"] = lan.id
    url = f"{zalo.base}/any/prefix/bot{zalo.token}/sendMessage"
    async with httpx.AsyncClient() as http:
        answers = [
            await http.get(url, params=fields),
            await http.post(url, data=fields),
            await http.post(url, files={name: (None, value) for name, value in fields.items()}),
            await http.post(url, json=fields),
        ]
        other = await http.put(url, json=fields)
    assert [answer.json()["ok"] for answer in answers] == [True] * 4
    assert lan.texts == ["Chào"] * 4
    assert other.json()["ok"] is False


async def test_tokens_and_methods_that_are_none(zalo: Emulator) -> None:
    assert (await call(zalo, "getme"))[0] == 404
    zalo.switches.unknown_method = 400
    assert (await call(zalo, "getme"))[0] == 400
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{zalo.base}/bot1:x/getMe")
    assert (answer.status_code, answer.json()["error_code"]) == (401, 401)


async def test_errors_as_the_switches_say(zalo: Emulator) -> None:
    assert await call(zalo, "getUpdates", {"timeout": "0"}) == (
        200,
        {"ok": False, "error_code": 408, "description": "Request timeout"},
    )
    zalo.switches.idle_http_status = 408
    assert (await call(zalo, "getUpdates", {"timeout": 0}))[0] == 408
    zalo.switches.error_http_status, zalo.switches.error_key, zalo.switches.code_as_text = "200", "errorCode", True
    status, answer = await call(zalo, "sendMessage", {"chat_id": "nobody", "text": "x"})
    assert (status, answer["errorCode"]) == (200, "400")


async def test_a_webhook_is_checked_kept_and_verified(zalo: Emulator) -> None:
    assert (await call(zalo, "getWebhookInfo"))[0] == 404
    zalo.switches.webhook_info_empty = "empty-url"
    assert (await call(zalo, "getWebhookInfo"))[1]["result"]["url"] == ""
    secret = "s" * 8
    for url in ("http://a.vn", "https://10.0.0.1", "https://192.168.1.2", "ftp://a.vn", "https://"):
        assert await words(zalo, "setWebhook", {"url": url, "secret_token": secret}) == (
            "The url must be a public https address"
        )
    near = "http://127.0.0.1:1/hook"
    for wrong in ("s" * 7, "s" * 257):
        assert "8 to 256" in await words(zalo, "setWebhook", {"url": near, "secret_token": wrong})
    _, made = await call(zalo, "setWebhook", {"url": near, "secret_token": secret})
    assert made["result"]["verification"]["outcome"] == "webhook.err.unreachable"
    assert zalo.hook.url == near
    assert "while a webhook is set" in await words(zalo, "getUpdates", {"timeout": 1})
    zalo.switches.test_webhook_cap = 1
    assert (await call(zalo, "testWebhook"))[1]["result"]["ok"] is False
    assert (await call(zalo, "testWebhook"))[0] == 426
    zalo.advance(86_400)
    assert (await call(zalo, "testWebhook"))[0] == 200
    assert (await call(zalo, "deleteWebhook"))[1]["result"]["url"] == ""
    assert (await call(zalo, "deleteWebhook"))[1]["ok"]
    zalo.switches.http_on_loopback = False
    assert "public https" in await words(zalo, "setWebhook", {"url": near, "secret_token": secret})


async def test_what_is_sent_is_checked(zalo: Emulator) -> None:
    lan, group = zalo.person(), zalo.person(group=True)
    to = {"chat_id": lan.id}
    for text, said in (("", "must not be empty"), ("😀" * 1001, "1 to 2000"), ("😀" * 1000, "ok"), ("x" * 2000, "ok")):
        assert said in await words(zalo, "sendMessage", {**to, "text": text})
    assert "Unknown parameter reply_to" in await words(zalo, "sendMessage", {**to, "text": "x", "reply_to": 1})
    assert "must be a str" in await words(zalo, "sendMessage", {"chat_id": 5, "text": "x"})
    for run, said in (
        ({"start": 0, "len": 2, "st": ["b", "f_18"]}, "ok"),
        ({"start": 1, "len": 2, "st": ["b"]}, "outside the text"),
        ({"start": 0, "len": 1, "st": ["z"]}, "unknown style"),
        ({"start": 0}, "has start, len and st"),
    ):
        assert said in await words(zalo, "sendMessage", {**to, "text": "😀", "text_styles": [run]})
    assert "parse_mode" in await words(zalo, "sendMessage", {**to, "text": "x", "parse_mode": "tex"})
    assert await words(zalo, "sendPhoto", to) == "The photo must not be empty"
    assert await words(zalo, "sendPhoto", {**to, "photo": "data:x"}) == "The photo must start with http:// or https://"
    assert await words(zalo, "sendPhoto", {**to, "photo": "https://"}) == "The photo URL is invalid"
    assert ".aac" in await words(zalo, "sendVoice", {**to, "voice_url": "https://a.vn/a.mp3"})
    assert await words(zalo, "sendVoice", {"chat_id": group.id, "voice_url": "https://a.vn/a.aac"}) == "ok"
    assert group.shown == []
    assert await call(zalo, "sendChatAction", {**to, "action": "typing"}) == (200, {"ok": True})
    assert "invalid" in await words(zalo, "sendChatAction", {**to, "action": "upload_photo"})
    lan.gone, zalo.switches.gone_code = True, 403
    assert (await call(zalo, "sendMessage", {**to, "text": "x"}))[0] == 403


async def test_a_month_has_its_number_of_messages(zalo: Emulator) -> None:
    zalo.switches.monthly_messages = 1
    said = {"chat_id": zalo.person().id, "text": "x"}
    assert [(await call(zalo, "sendMessage", said))[0] for _ in range(2)] == [200, 429]
    zalo.advance(32 * 86_400)
    assert (await call(zalo, "sendMessage", said))[0] == 200


async def test_the_events_are_shaped_as_they_were_seen(zalo: Emulator) -> None:
    lan = zalo.person("Lan")
    assert zalo.shows(lan, "https://a.vn/a.jpg", "bài")["message"]["photo_url"] == "https://a.vn/a.jpg"
    zalo.switches.photo_key = "photo"
    assert "photo_url" not in zalo.shows(lan, "https://a.vn/a.jpg")["message"]
    heard = zalo.speaks(lan, b"sound")["message"]
    async with httpx.AsyncClient() as http:
        assert (await http.get(heard["voice_url"])).content == b"sound"
        assert (await http.get(f"{zalo.base}/media/none.aac")).status_code == 404
    assert len(heard["message_id"]) == len(lan.id) == 20
    assert zalo.unsupported(lan)["message"]["chat"] == {"id": lan.id, "chat_type": "PRIVATE"}
    zalo.switches.unsupported_without_message = True
    assert zalo.unsupported(lan) == {"event_name": "message.unsupported.received"}
