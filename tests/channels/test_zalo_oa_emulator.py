"""The emulator keeps to what is known of Zalo's platform: what a test learns from it must be true there."""

import asyncio
import hashlib
import json
import shutil
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from needs import missing
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from zalo_oa_emulator import LADDER, Emulator, Person, Switches
from zalo_oa_emulator.clock import until

pytestmark = pytest.mark.anyio

HOUR, DAY = 3600.0, 86_400.0
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


class Caller:
    """Somebody who knows nothing of the project's client."""

    def __init__(self, zalo: Emulator, http: httpx.AsyncClient) -> None:
        self.zalo, self.http = zalo, http
        self.access = zalo.authority.give()["access_token"]

    async def post(self, path: str, body: Any, **more: Any) -> dict[str, Any]:
        answer = await self.http.post(path, json=body, headers={"access_token": self.access}, **more)
        assert answer.status_code == 200, "errors come with 200"
        self.headers = answer.headers
        return dict(answer.json())

    async def get(self, path: str, **data: Any) -> dict[str, Any]:
        answer = await self.http.get(path, params={"data": json.dumps(data)}, headers={"access_token": self.access})
        return dict(answer.json())

    async def says(self, person: Person, **message: Any) -> dict[str, Any]:
        return await self.post("/v3.0/oa/message/cs", {"recipient": {"user_id": person.id}, "message": message})

    async def token(self, secret: str = "", **form: str) -> dict[str, Any]:
        headers = {"secret_key": secret or self.zalo.app.secret}
        data = {"app_id": self.zalo.app.id, **form}
        return dict((await self.http.post("/v4/oa/access_token", data=data, headers=headers)).json())

    async def upload(self, kind: str, data: bytes) -> dict[str, Any]:
        files, headers = {"file": ("a.png", data)}, {"access_token": self.access}
        return dict((await self.http.post(f"/v2.0/oa/upload/{kind}", files=files, headers=headers)).json())


@asynccontextmanager
async def called(switches: Switches | None = None) -> AsyncIterator[Caller]:
    async with Emulator(switches=switches) as zalo, httpx.AsyncClient(base_url=zalo.url) as http:
        yield Caller(zalo, http)


def friend(caller: Caller) -> Person:
    person = caller.zalo.person("Lan")
    person.last = caller.zalo.clock.now()
    return person


# --- Tokens


async def test_a_refresh_token_works_once_and_takes_the_old_pair_with_it() -> None:
    async with called() as caller:
        refresh, old = caller.zalo.authority.pairs[-1].refresh, caller.access
        issued = await caller.token(grant_type="refresh_token", refresh_token=refresh)
        assert issued["expires_in"] == "90000"
        assert (await caller.get("/v2.0/oa/getoa"))["error"] == -220
        caller.access = issued["access_token"]
        assert (await caller.get("/v2.0/oa/getoa"))["data"]["oaid"] == caller.zalo.oa_id
        assert (await caller.token(grant_type="refresh_token", refresh_token=refresh))["error"] == -14014
        caller.zalo.switches.used_refresh = -118
        assert (await caller.token(grant_type="refresh_token", refresh_token=refresh))["error"] == -118
        caller.access = f"{old}x"
        assert (await caller.get("/v2.0/oa/getoa"))["error"] == -216


async def test_an_access_token_lives_25_hours_and_a_refresh_token_three_months() -> None:
    async with called() as caller:
        caller.zalo.clock.skip(25 * HOUR - 1)
        assert (await caller.get("/v2.0/oa/getoa"))["error"] == 0
        caller.zalo.clock.skip(1)
        assert (await caller.get("/v2.0/oa/getoa"))["error"] == -220
        caller.zalo.clock.skip(90 * DAY)
        refresh = caller.zalo.authority.pairs[-1].refresh
        assert (await caller.token(grant_type="refresh_token", refresh_token=refresh))["error"] == -14014


async def test_a_code_works_once_for_ten_minutes_with_its_verifier() -> None:
    async with called() as caller:
        app = caller.zalo.app
        verifier = "v" * 43
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {"app_id": app.id, "redirect_uri": app.callback, "code_challenge": challenge, "state": "s"}

        async def code() -> str:
            landed = (await caller.http.get("/v4/oa/permission", params=query)).headers["location"]
            found = httpx.URL(landed).params
            assert (found["oa_id"], found["state"]) == (caller.zalo.oa_id, "s")
            return str(found["code"])

        async def exchanged(code: str, verifier: str = verifier, **more: str) -> int:
            form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
            return int((await caller.token(**form, **more)).get("error", 0))

        first = await code()
        assert await exchanged(first) == 0
        assert await exchanged(first) == -14007
        assert await exchanged(await code(), "w" * 43) == -14008
        late = await code()
        caller.zalo.clock.skip(601)
        assert await exchanged(late) == -14007
        assert await exchanged(await code(), secret="wrong") == -14005  # noqa: S106  of a test
        for change, says in (({"redirect_uri": "https://else"}, "-14003"), ({"app_id": "1"}, "-14001")):
            assert says in (await caller.http.get("/v4/oa/permission", params={**query, **change})).text
        app.active = False
        assert "-14002" in (await caller.http.get("/v4/oa/permission", params=query)).text


# --- Messages


async def test_the_windows_are_48_hours_and_seven_days() -> None:
    async with called() as caller:
        lan = friend(caller)
        for hours, quota in ((0.0, "reply"), (48.0, "reply"), (0.1, "purchase_quota"), (119.8, "purchase_quota")):
            caller.zalo.clock.skip(hours * HOUR)
            caller.access = caller.zalo.authority.give()["access_token"]
            sent = await caller.says(lan, text="Chào")
            assert sent["data"]["quota"] == {"quota_type": quota}
            assert sent["data"]["sent_time"].isdecimal()
        caller.zalo.clock.skip(0.2 * HOUR)
        assert (await caller.says(lan, text="Chào"))["error"] == -230
        caller.zalo.switches.closed_code = -232
        assert (await caller.says(lan, text="Chào"))["error"] == -232
        stranger = caller.zalo.person("Minh")
        assert (await caller.says(stranger, text="Chào"))["error"] == -232
        await lan.types("tôi đây")
        assert (await caller.says(lan, text="Chào"))["error"] == 0
        assert len(lan.sees) == 5


def buttons(number: int = 1, **change: Any) -> dict[str, Any]:
    made = [{"title": f"Nút {n}", "type": "oa.query.show", "payload": f"#{n}", **change} for n in range(number)]
    return {"type": "template", "payload": {"buttons": made}}


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": "a" * 2000}, 0),
        ({"text": "a" * 2001}, -201),
        ({"text": "😀" * 1000}, 0),
        ({"text": "😀" * 1001}, -201),
        ({"text": ""}, -201),
        ({"text": 5}, -201),
        ({}, -201),
        ({"text": "a", "attachment": buttons(5)}, 0),
        ({"text": "a", "attachment": buttons(6)}, -201),
        ({"text": "a", "attachment": buttons(0)}, -201),
        ({"attachment": buttons(1)}, -201),
        ({"text": "a", "attachment": buttons(title="t" * 100)}, 0),
        ({"text": "a", "attachment": buttons(title="t" * 101)}, -201),
        ({"text": "a", "attachment": buttons(payload="p" * 1000)}, 0),
        ({"text": "a", "attachment": buttons(payload="p" * 1001)}, -201),
        ({"text": "a", "attachment": buttons(payload={"content": "p"})}, -201),
        ({"text": "a", "attachment": buttons(type="oa.query.shout")}, -201),
        ({"text": "a", "attachment": buttons(type="oa.open.url", payload={"url": "https://a"})}, 0),
        ({"text": "a", "attachment": buttons(type="oa.open.url", payload="https://a")}, -201),
        ({"text": "a", "attachment": buttons(type="oa.open.phone", payload={"phone_code": "113"})}, 0),
        (
            {"text": "a", "attachment": buttons(type="oa.open.sms", payload={"content": "x" * 161, "phone_code": "1"})},
            -201,
        ),
        ({"text": "a", "attachment": {"type": "audio", "payload": {"url": "https://a"}}}, -233),
        ({"text": "a", "attachment": {"type": "template", "payload": {"template_type": "other"}}}, -233),
        ({"attachment": {"type": "file", "payload": {"token": "never-uploaded"}}}, -100),
    ],
)
async def test_what_a_message_may_be(message: dict[str, Any], error: int) -> None:
    async with called() as caller:
        assert (await caller.says(friend(caller), **message))["error"] == error


@pytest.mark.parametrize(
    ("element", "error"),
    [
        ({"media_type": "image", "url": "https://a/b.png"}, 0),
        ({"media_type": "image"}, -201),
        ({"media_type": "image", "url": "https://a", "attachment_id": "b"}, -201),
        ({"media_type": "gif", "url": "https://a"}, -201),
        ({"media_type": "gif", "url": "https://a", "width": 5, "height": 5}, 0),
        ({"media_type": "audio", "url": "https://a"}, -233),
    ],
)
async def test_what_media_may_be(element: dict[str, Any], error: int) -> None:
    async with called() as caller:
        attachment = {"type": "template", "payload": {"template_type": "media", "elements": [element]}}
        assert (await caller.says(friend(caller), text="a", attachment=attachment))["error"] == error


@pytest.mark.parametrize(
    ("switches", "template", "error"),
    [
        (Switches(), False, 0),
        (Switches(), True, -201),
        (Switches(buttons="template"), True, 0),
        (Switches(buttons="template"), False, -201),
        (Switches(buttons="refused"), False, -201),
        (Switches(buttons="unsupported"), False, -233),
        (Switches(needs_tier=True), False, -224),
        (Switches(verified=False), False, -221),
        (Switches(linked=False), False, -223),
    ],
)
async def test_the_disputed_points_are_switches(switches: Switches, template: bool, error: int) -> None:
    async with called(switches) as caller:
        attachment = buttons()
        attachment["payload"] |= {"template_type": "button"} if template else {}
        assert (await caller.says(friend(caller), text="a", attachment=attachment))["error"] == error


async def test_it_complains_of_what_a_careful_program_never_sends() -> None:
    async with called() as caller:
        lan = friend(caller)
        await caller.says(lan, text="Ca\u0302\u0301p")
        await caller.says(lan, text="**mã**")
        await caller.says(lan, text="a", parse_mode="markdown")
        await caller.says(lan, text="a", attachment=buttons(2, title="Nút"))
        await caller.http.get("/v9/none", headers={"access_token": caller.access, "Authorization": "Bearer x"})
        assert [words.split(":")[0] for words in caller.zalo.complaints] == [
            "a text is not in NFC",
            "a text has marks that nobody takes out",
            "unknown fields of a message",
            "two buttons of a message have one title",
            "a token travels in the Authorization header",
            "no such call",
        ]


async def test_uploads_are_checked_and_kept_for_seven_days() -> None:
    async with called(Switches(uploads_a_month=3)) as caller:
        lan = friend(caller)
        kept = (await caller.upload("image", PNG))["data"]["attachment_id"]
        assert (await caller.upload("image", PNG + b"0" * 1_048_576))["error"] == -210
        assert (await caller.upload("image", b"GIF89a"))["error"] == -201
        assert (await caller.upload("audio", PNG))["error"] == -209
        assert "token" in (await caller.upload("file", b"%PDF-1.7"))["data"]
        assert "attachment_id" in (await caller.upload("gif", b"GIF89a" + b"0" * 2_000_000))["data"]
        assert (await caller.upload("image", PNG))["error"] == -211
        element = {"media_type": "image", "attachment_id": kept}
        attachment = {"type": "template", "payload": {"template_type": "media", "elements": [element]}}
        assert (await caller.says(lan, text="a", attachment=attachment))["error"] == 0
        caller.zalo.clock.skip(7 * DAY + 1)
        caller.access = caller.zalo.authority.give()["access_token"]
        lan.last = caller.zalo.clock.now()
        assert (await caller.says(lan, text="a", attachment=attachment))["error"] == -100


async def test_the_other_calls() -> None:
    async with called() as caller:
        lan = friend(caller)
        for text in "abcdefghijkl":
            sent = await caller.says(lan, text=text)
        who = {"recipient": {"user_id": lan.id}}
        icon = {"react_icon": "/-heart", "react_message_id": sent["data"]["message_id"]}
        assert (await caller.post("/v2.0/oa/message", {**who, "sender_action": icon}))["error"] == 0
        assert lan.reactions == ["/-heart"]
        assert (await caller.post("/v2.0/oa/message", {**who, "message": {"text": "a"}}))["error"] == -240
        detail = (await caller.get("/v3.0/oa/user/detail", user_id=lan.id))["data"]
        assert (detail["display_name"], detail["user_is_follower"]) == ("Lan", False)
        assert detail["user_last_interaction_date"] == "21/09/2026"
        talk = await caller.get("/v2.0/oa/conversation", user_id=lan.id, offset=0, count=10)
        assert ([each["message"] for each in talk["data"]], talk["data"][0]["src"]) == ([*"lkjihgfedc"], 0)
        assert (await caller.get("/v2.0/oa/conversation", user_id=lan.id, count=11))["error"] == -210
        quota = (await caller.post("/v3.0/oa/quota/message", {"user_id": lan.id}))["data"]
        assert quota["last_interaction"] == str(round((lan.last or 0) * 1000))
        assert (await caller.get("/v3.0/oa/user/detail", user_id="5"))["error"] == -201


async def test_calls_are_counted_by_the_minute() -> None:
    async with called(Switches(calls_a_minute=2)) as caller:
        lan = friend(caller)
        caller.zalo.clock.skip(60 - caller.zalo.clock.now() % 60)
        for left in ("1", "0"):
            await caller.says(lan, text="a")
            assert (caller.headers["x-ratelimit-limit"], caller.headers["x-ratelimit-remain"]) == ("2", left)
        assert (await caller.says(lan, text="a"))["error"] == -32
        caller.zalo.clock.skip(60)
        assert (await caller.says(lan, text="a"))["error"] == 0


# --- Deliveries


class Ours:
    """A webhook that notes what comes, and answers what a test wants."""

    def __init__(self, zalo: Emulator) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status, self.slow = 200, 0.0
        zalo.resolves(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        self.got.append(({name.decode(): value.decode() for name, value in scope["headers"]}, body))
        await asyncio.sleep(self.slow)
        await Response(status_code=self.status)(scope, receive, send)

    @property
    def names(self) -> list[str]:
        return [json.loads(body)["event_name"] for _, body in self.got]


async def test_a_delivery_is_signed_as_another_program_would(tmp_path: Path) -> None:
    program = shutil.which("openssl") or missing("openssl")
    async with Emulator() as zalo:
        ours = Ours(zalo)
        await zalo.person("Lan").types("Đáp án là 😀 B")
        await zalo.quiet()
        [(headers, body)] = ours.got
        event = json.loads(body)
        assert all(isinstance(event[name], str) for name in ("app_id", "timestamp", "user_id_by_app"))
        signed = tmp_path / "signed"
        signed.write_bytes(zalo.app.id.encode() + body + event["timestamp"].encode() + zalo.app.webhook_secret.encode())
        ran = subprocess.run([program, "dgst", "-sha256", "-r", signed], capture_output=True, check=True)  # noqa: ASYNC221, S603  it takes milliseconds
        assert headers["x-zevent-signature"] == f"mac={ran.stdout.split()[0].decode()}"
        assert json.dumps(event).encode() != body, "whoever serialises it anew gets other bytes"


@pytest.mark.parametrize("how", ["status", "silence"])
async def test_what_fails_is_tried_again_by_the_ladder(how: str) -> None:
    async with Emulator() as zalo:
        ours = Ours(zalo)
        assert zalo.delivery.deadline == 2.0
        zalo.delivery.deadline = 0.03
        ours.status, ours.slow = (500, 0.0) if how == "status" else (200, 5.0)
        await zalo.person("Lan").types("a")
        for number, wait in enumerate(LADDER, 1):
            await until(lambda number=number: len(zalo.delivery.tried) == number)  # type: ignore[misc]
            zalo.clock.skip(wait - 0.01)
            await asyncio.sleep(0)
            assert len(zalo.delivery.tried) == number
            zalo.clock.skip(0.02)
        await zalo.quiet()
        assert [each.retry for each in zalo.delivery.tried] == ["", "1", "2", "3", "4", "5"]
        assert {each.raw for each in zalo.delivery.tried} == {zalo.delivery.tried[0].raw}
        assert not zalo.delivery.enabled
        await zalo.person("Minh").types("b")
        await zalo.quiet()
        assert len(zalo.delivery.tried) == 6


async def test_a_status_other_than_200_may_be_no_reason_to_try_again() -> None:
    async with Emulator(switches=Switches(retries_on_status=False)) as zalo:
        ours = Ours(zalo)
        ours.status = 503
        await zalo.person("Lan").types("a")
        await zalo.quiet()
        assert (len(zalo.delivery.tried), zalo.delivery.enabled) == (1, True)


async def test_the_probe_is_unsigned_and_empty() -> None:
    async with Emulator() as zalo:
        ours = Ours(zalo)
        assert await zalo.delivery.probe() == 200
        [(headers, body)] = ours.got
        assert body == b"{}"
        assert "x-zevent-signature" not in headers


async def test_deliveries_may_be_doubled_and_out_of_order() -> None:
    async with Emulator() as zalo:
        ours, lan = Ours(zalo), zalo.person("Lan")
        zalo.delivery.doubled = True
        await lan.types("a")
        await zalo.quiet()
        assert len({body for _, body in ours.got}) == 1 < len(ours.got)
        zalo.delivery.doubled, zalo.delivery.held, ours.got[:] = False, [], []
        await lan.types("b")
        await lan.types("c")
        zalo.delivery.release(backwards=True)
        await zalo.quiet()
        assert [json.loads(body)["message"]["text"] for _, body in ours.got] == ["c", "b"]


async def test_what_people_do_comes_as_the_documented_events() -> None:
    async with called() as caller:
        zalo = caller.zalo
        ours, lan = Ours(zalo), zalo.person("Lan")
        await lan.follows()
        await lan.records("https://f2.zdn.vn/a.aac")
        await lan.records("https://f2.zdn.vn/a.m4a", as_file=True)
        await lan.sends("image", url="https://p.zdn.vn/a.jpg", thumbnail="https://p.zdn.vn/b.jpg")
        await lan.unfollows()
        await zalo.quiet()
        assert ours.names == ["follow", "user_send_audio", "user_send_file", "user_send_image", "unfollow"]
        follow, audio = json.loads(ours.got[0][1]), json.loads(ours.got[1][1])
        assert follow.keys() == {
            *("app_id", "user_id_by_app", "event_name", "oa_id", "follower", "source", "timestamp")
        }
        assert audio["message"]["attachments"] == [{"type": "audio", "payload": {"url": "https://f2.zdn.vn/a.aac"}}]
        ours.got.clear()
        hide = {"title": "Gợi ý", "type": "oa.query.hide", "payload": "#hint"}
        show = {"title": "A. 54", "type": "oa.query.show", "payload": "#q4:A"}
        await caller.says(lan, text="7 x 8?", attachment={"type": "template", "payload": {"buttons": [show, hide]}})
        await lan.taps("A. 54")
        await lan.taps("Gợi ý")
        await zalo.quiet()
        assert ours.names == [
            *("oa_send_text", "user_received_message", "user_seen_message", "user_send_text", "user_send_text")
        ]
        assert [json.loads(body)["message"]["text"] for _, body in ours.got[3:]] == ["#q4:A", "#hint"]
        assert lan.said == ["#q4:A"], "what is hidden is not to be seen in the chat"
        zalo.switches.hidden_taps = False
        assert await lan.taps("Gợi ý") is None
