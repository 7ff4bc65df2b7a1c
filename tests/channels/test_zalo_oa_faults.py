"""What goes wrong with an Official Account, and what a learner has of it then."""

import asyncio
import hashlib
import hmac
import json
from typing import Any, Literal

import httpx
import pytest
from structlog.testing import capture_logs
from zalo_oa_emulator import LADDER, Emulator, Switches
from zalo_oa_emulator.clock import until
from zalo_oa_helpers import LESSON, Bot, account, counted, started, walk

from bot.channels.zalo_oa import MAX_BODY, OLDEST_MINUTES, Manners
from bot.channels.zalo_oa.faults import CLASSES
from bot.channels.zalo_oa.signature import Signatures
from bot.config import ZaloOASettings
from bot.core.talk import FAR_BEHIND

pytestmark = pytest.mark.anyio

CS = "/v3.0/oa/message/cs"
HOUR = 3600.0


async def still(bot: Bot) -> None:
    """Wait until nothing is under way, so that a message too many would have come."""
    await bot.zalo.quiet()
    await bot.channel.settled()
    await bot.zalo.quiet()


async def recorded(bot: Bot, text: str) -> tuple[bytes, dict[str, str]]:
    """Return a signed delivery that is brought by hand."""
    bot.zalo.delivery.held = []
    await next(iter(bot.zalo.people.values())).types(text)
    [raw] = bot.zalo.delivery.held
    bot.zalo.delivery.held = None
    return raw, bot.zalo.delivery.headers(raw)


# --- Who may deliver


def test_the_signature_is_that_of_another_program() -> None:
    # printf '%s' '44...1{"a":1, "timestamp":"1790000200000"}1790000200000webhook-secret-1' | sha256sum
    mac = b"mac=1e7acd934086ae6599b85174dd0a50aafb0066096419f0cb3abd45ae296f3afa"
    body = b'{"a":1, "timestamp":"1790000200000"}'
    signatures = Signatures("4400000000000000001", "webhook-secret-1", "app-secret-1")
    assert signatures.fits({b"x-zevent-signature": mac}, body, "1790000200000")
    assert signatures.fits({b"x-zevent-signature": mac.upper()}, body, "1790000200000")
    assert not signatures.fits({b"x-zevent-signature": mac}, body + b" ", "1790000200000")
    assert not signatures.fits({b"x-zevent-signature": mac}, body, "1790000200001")
    assert not signatures.fits({b"x-zevent-signature": mac.removeprefix(b"mac=")}, body, "1790000200000")
    assert not signatures.fits({}, body, "1790000200000")
    assert not Signatures("4400000000000000002", "webhook-secret-1", "").fits(
        {b"x-zevent-signature": mac}, body, "1790000200000"
    )
    assert "secret-1" not in repr(signatures)


@pytest.mark.parametrize("wrong", ["nothing", "other secret", "hmac", "other body", "serialised anew", "empty mac"])
async def test_a_wrong_signature_is_refused_and_counted(wrong: str) -> None:
    async with started() as bot:
        bot.zalo.person("Lan")
        raw, headers = await recorded(bot, "chào")
        app, stamp = bot.zalo.app, json.loads(raw)["timestamp"]
        signed = app.id.encode() + raw + stamp.encode()
        macs = {
            "other secret": hashlib.sha256(signed + b"guessed").hexdigest(),
            "hmac": hmac.new(app.webhook_secret.encode(), signed, "sha256").hexdigest(),
            "empty mac": "",
        }
        if wrong in macs:
            headers["X-ZEvent-Signature"] = f"mac={macs[wrong]}"
        if wrong == "nothing":
            del headers["X-ZEvent-Signature"]
        raw = {"other body": raw + b" ", "serialised anew": json.dumps(json.loads(raw)).encode()}.get(wrong, raw)
        before = counted("wrong signature")
        assert await bot.zalo.delivery.post(raw, headers) == 401
        assert counted("wrong signature") == before + 1
        await still(bot)
        assert await bot.store.load([account(next(iter(bot.zalo.people.values())))]) == [b""]


@pytest.mark.parametrize(
    ("switches", "says"),
    [
        (Switches(), "ZALO_OA_WEBHOOK_SECRET"),
        (Switches(signing="app"), "ZALO_OA_APP_SECRET"),
        (Switches(timestamp="header"), "ZALO_OA_WEBHOOK_SECRET and the timestamp of the header"),
    ],
    ids=["webhook", "app", "header"],
)
async def test_either_secret_and_either_timestamp_will_do_and_the_log_says_which(switches: Switches, says: str) -> None:
    async with started(switches) as bot:
        with capture_logs() as log:
            await walk(bot.zalo.person("Lan"), ("1. Đồng ý",))
            await still(bot)
        assert [each["secret"] for each in log if "secret" in each] == [says]


async def test_the_timestamp_of_the_header_will_do_where_the_body_has_none() -> None:
    async with started(Switches(timestamp="header")) as bot:
        delivery, lan = bot.zalo.delivery, bot.zalo.person("Lan")
        event = {"event_name": "follow", "oa_id": bot.zalo.oa_id, "follower": {"id": lan.id}}
        raw = delivery.raw(event)
        lan.last = bot.zalo.clock.now()
        assert await delivery.post(raw, delivery.headers(raw)) == 200
        await lan.hears(1)


async def test_the_id_of_the_account_in_a_signature_is_told_but_refused() -> None:
    async with started(Switches(oa_id_first=True)) as bot:
        bot.zalo.person("Lan")
        raw, headers = await recorded(bot, "chào")
        with capture_logs() as log:
            assert await bot.zalo.delivery.post(raw, headers) == 401
        assert [each["event"] for each in log] == [
            "a delivery is signed with the Official Account's id instead of the app's; it is refused"
        ]


async def test_the_console_s_probe_is_answered() -> None:
    async with started() as bot:
        assert await bot.zalo.delivery.probe() == 200
        assert await bot.zalo.delivery.post(b"", {}) == 200
        assert await bot.zalo.delivery.post(b'{"event_name":"follow"}', {}) == 401
        async with httpx.AsyncClient(transport=httpx.ASGITransport(bot.channel.webhook)) as http:
            assert (await http.get("https://hocso.test/zalo/oa/webhook")).status_code == 405


async def test_ten_megabytes_are_not_even_read() -> None:
    async with started() as bot:
        given = 0

        async def receive() -> dict[str, Any]:
            nonlocal given
            given += 65_536
            return {"type": "http.request", "body": b"x" * 65_536, "more_body": given < 10_000_000}

        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        before = counted("too large")
        scope = {"type": "http", "method": "POST", "headers": []}
        await bot.channel.webhook(scope, receive, send)
        assert sent[0]["status"] == 413
        assert given < 2 * MAX_BODY
        assert (await bot.channel.hook({}, b"x" * (MAX_BODY + 1))).status == 413
        assert counted("too large") == before + 2


@pytest.mark.parametrize(
    "strange",
    [
        {"event_name": "user_send_text", "message": {"msg_id": "1", "text": 5}},
        {"event_name": "user_send_text", "message": {"msg_id": "1", "text": "\ud83d"}, "sender": {"id": "5"}},
        {"event_name": "user_send_text", "message": [], "sender": {"id": "5"}},
        {"event_name": "user_send_text", "message": {"msg_id": "1", "text": "a"}},
        {"event_name": "follow", "follower": {}},
        {"event_name": "from_the_future", "sender": 7},
    ],
    ids=["text", "surrogate", "message", "nobody", "no follower", "future"],
)
async def test_what_is_signed_but_strange_is_acknowledged(strange: dict[str, Any]) -> None:
    async with started() as bot:
        delivery = bot.zalo.delivery
        raw = delivery.raw({**strange, "timestamp": str(bot.zalo.clock.ms())})
        if b"\xed" in raw:
            raw = json.dumps({**strange, "timestamp": str(bot.zalo.clock.ms())}).encode()
        assert await delivery.post(raw, delivery.headers(raw)) == 200
        await still(bot)
        assert bot.zalo.called == []


# --- Old, doubled, out of order


async def test_a_recorded_delivery_is_worth_nothing_hours_later() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        raw, headers = await recorded(bot, "2")
        before, old = await bot.kept(lan), counted("too old")
        bot.zalo.clock.skip(OLDEST_MINUTES * 60 + 1)
        assert await bot.zalo.delivery.post(raw, headers) == 200
        await still(bot)
        await lan.hears(0)
        assert await bot.kept(lan) == before
        assert counted("too old") == old + 1


async def test_a_recorded_delivery_is_worth_nothing_after_many_others() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        raw, headers = await recorded(bot, "2")
        assert await bot.zalo.delivery.post(raw, headers) == 200
        await lan.hears(1)
        for label in LESSON[6:10]:
            await lan.taps(label)
            await lan.hears(1)
        before, again = await bot.kept(lan), counted("came again")
        for _ in range(3):
            assert await bot.zalo.delivery.post(raw, headers) == 200
        await still(bot)
        await lan.hears(0)
        assert await bot.kept(lan) == before
        assert counted("came again") == again + 3
        # A process that was started anew knows them too.
        other = Bot(bot.zalo, bot.store, bot.notes, bot.tutor.library)
        wire = {name.lower().encode(): value.encode() for name, value in headers.items()}
        assert (await other.channel.hook(wire, raw)).status == 200
        await other.channel.close()
        assert await bot.kept(lan) == before


def test_what_is_taken_is_never_so_old_that_its_order_counts_for_another() -> None:
    assert ZaloOASettings().oldest_minutes == OLDEST_MINUTES
    most = next(each for each in ZaloOASettings.model_fields["oldest_minutes"].metadata if hasattr(each, "le"))
    assert sum(LADDER) / 60 < OLDEST_MINUTES <= most.le
    assert most.le * 60_000 < FAR_BEHIND


async def test_every_delivery_doubled_counts_once() -> None:
    async with started() as bot:
        bot.zalo.delivery.doubled = True
        lan = bot.zalo.person("Lan")
        last = await walk(lan, LESSON)
        await still(bot)
        await lan.hears(0)
        assert "Bác đã học xong bài Bài một." in last.text
        done = (await bot.kept(lan)).done["bai-01"]
        assert (done.right, done.asked) == (2, 2)


async def test_words_that_come_out_of_order_answer_nothing() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        bot.zalo.delivery.held = []
        await lan.types("1")  # wrong
        await lan.types("2")  # right, and written later
        bot.zalo.delivery.release(backwards=True)
        first, second = await lan.hears(2)
        assert "Đúng rồi. Mã là chìa khóa." in first.text
        assert second.text.startswith("Tin này của bác đến chậm, lúc cháu đã sang bước khác, nên cháu không tính.")
        [answer] = await bot.records(lan, "answered")
        assert (answer.step, answer.right) == ("hoi", True)


async def test_a_clock_of_ours_that_is_behind_makes_nobody_late() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        now = bot.channel._clock  # noqa: SLF001  this machine's clock is wrong
        bot.channel._clock = lambda: now() - 1800  # noqa: SLF001
        await walk(lan)
        bot.channel._clock = now  # noqa: SLF001  and is set right
        await lan.types("2")
        (seen,) = await lan.hears(1)
        assert "Đúng rồi." in seen.text


# --- The store


async def test_while_the_store_is_away_zalo_gets_200_and_nothing_is_lost_or_doubled() -> None:
    async with started(ack_seconds=0.05) as bot:
        lan, minh = bot.zalo.person("Lan"), bot.zalo.person("Minh")
        await walk(lan)
        bot.store.down = True
        held = counted("held")
        await lan.types("2")
        await minh.follows()
        await until(lambda: len([each for each in bot.zalo.delivery.tried if each.name == "follow"]) == 2)
        for _ in range(8):
            bot.zalo.clock.skip(2.5)  # 20 seconds
            await asyncio.sleep(0.01)
        assert {each.status for each in bot.zalo.delivery.tried} == {200}
        assert counted("held") == held + 2
        await lan.hears(0)
        bot.store.down = False
        while not (lan.sees[-1].text.startswith("Đúng") and minh.sees):
            bot.zalo.clock.skip(5)
            await asyncio.sleep(0.01)
        await still(bot)
        await lan.hears(1)
        await minh.hears(1)
        assert len(await bot.records(lan, "answered")) == 1


async def test_a_store_that_hangs_keeps_nobody_waiting_for_two_seconds() -> None:
    async with started(ack_seconds=0.05) as bot:
        lan = bot.zalo.person("Lan")
        gate, load = asyncio.Event(), bot.store.load

        async def hanging(learners: Any) -> list[bytes]:
            await gate.wait()
            return await load(learners)

        bot.tutor._load._call = hanging  # noqa: SLF001  a store that answers nobody
        await lan.follows()
        await bot.zalo.quiet()
        assert [each.status for each in bot.zalo.delivery.tried] == [200]
        gate.set()
        await lan.hears(1)


async def test_where_an_operator_wants_it_zalo_is_asked_to_come_again() -> None:
    async with started(manners=Manners(store_away="refuse")) as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        bot.store.down = True
        await lan.types("2")
        await until(lambda: bot.zalo.delivery.tried[-1].status == 503)
        bot.store.down = False
        await lan.hears(0)
        bot.zalo.clock.skip(30)
        (seen,) = await lan.hears(1)
        assert "Đúng rồi." in seen.text
        assert bot.zalo.delivery.tried[-1].retry in {"1", ""}
        assert len(await bot.records(lan, "answered")) == 1


# --- The way here


async def test_an_address_that_can_t_be_reached_is_tried_by_the_ladder_and_then_answered_once() -> None:
    async with started() as bot:
        zalo, lan = bot.zalo, bot.zalo.person("Lan")
        reached = False

        async def front(scope: Any, receive: Any, send: Any) -> None:
            if not reached:
                raise httpx.ConnectError("nobody is there")
            await bot.channel.webhook(scope, receive, send)

        zalo.resolves(front)
        await lan.follows()
        await until(lambda: len(zalo.delivery.tried) == 1)
        for number, wait in enumerate(LADDER[:3], 2):
            zalo.clock.skip(wait - 1)
            await asyncio.sleep(0.01)
            assert len(zalo.delivery.tried) == number - 1
            reached = number == 4
            zalo.clock.skip(1)
            await until(lambda number=number: len(zalo.delivery.tried) >= number)  # type: ignore[misc]
        await lan.hears(1)
        await still(bot)
        assert [(each.status, each.retry) for each in zalo.delivery.tried if each.name == "follow"] == [
            *((0, ""), (0, "1"), (0, "2"), (200, "3"))
        ]
        assert zalo.delivery.enabled


async def test_after_the_whole_ladder_zalo_switches_the_webhook_off() -> None:
    async with started() as bot:
        zalo, lan = bot.zalo, bot.zalo.person("Lan")

        async def nobody(_scope: Any, _receive: Any, _send: Any) -> None:
            raise httpx.ConnectError("nobody is there")

        zalo.resolves(nobody)
        await lan.follows()
        for number, wait in enumerate((*LADDER, 1.0), 1):
            await until(lambda number=number: len(zalo.delivery.tried) == number)  # type: ignore[misc]
            zalo.clock.skip(wait)
        await zalo.quiet()
        assert not zalo.delivery.enabled


# --- Zalo


async def test_a_zalo_that_is_away_is_tried_on_in_order() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        await bot.zalo.go_away()
        await lan.types("2")
        await bot.zalo.quiet()
        assert len(await bot.records(lan, "answered")) == 1, "it was saved"
        for _ in range(4):
            bot.zalo.clock.skip(4)
            await asyncio.sleep(0.05)
        await bot.zalo.come_back()
        while bot.channel._tasks:  # noqa: SLF001  until all is answered
            bot.zalo.clock.skip(30)
            await asyncio.sleep(0.02)
        (seen,) = await lan.hears(1)
        assert "Đúng rồi." in seen.text


async def test_an_answer_that_has_waited_long_gives_way_to_newer_ones() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        await bot.zalo.go_away()
        for text in ("2", "1", "menu"):
            await lan.types(text)
            await bot.zalo.quiet()
        bot.zalo.clock.skip(60)
        await asyncio.sleep(0.1)
        await bot.zalo.come_back()
        while bot.channel._tasks:  # noqa: SLF001  until all is answered
            bot.zalo.clock.skip(30)
            await asyncio.sleep(0.02)
        _, menu = await lan.hears(2)
        assert "Bác muốn học gì hôm nay?" in menu.text


@pytest.mark.parametrize(("kind", "comes"), [("cut after", 2), ("cut before", 1), ("page", 1)])
async def test_an_answer_that_got_no_reply_is_sent_once_more(
    kind: Literal["cut after", "cut before", "page"], comes: int
) -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        fault = bot.zalo.fails(kind, path=CS)
        await lan.types("2")
        await fault.met.wait()
        while bot.channel._tasks:  # noqa: SLF001  until all is answered
            bot.zalo.clock.skip(3)
            await asyncio.sleep(0.02)
        seen = await lan.hears(comes)
        assert len({each.text for each in seen}) == 1, "twice the same step harms nobody"


async def test_one_to_whom_no_answer_comes_twice_is_given_up() -> None:
    async with started() as bot:
        lan, lost = bot.zalo.person("Lan"), counted("not sent")
        await walk(lan)
        bot.zalo.fails("cut before", path=CS, times=2)
        await lan.types("2")
        while bot.channel._tasks or bot.zalo.delivery.busy:  # noqa: SLF001  until all is over
            bot.zalo.clock.skip(3)
            await asyncio.sleep(0.02)
        await lan.hears(0)
        assert counted("not sent") == lost + 1


async def test_the_limit_of_calls_is_waited_for_and_never_overrun() -> None:
    async with started(Switches(calls_a_minute=100)) as bot:
        people, low = [bot.zalo.person(f"Người {number}") for number in range(120)], counted("calls low")
        for person in people:
            await person.follows()
        await until(lambda: sum(bool(person.sees) for person in people) >= 90)
        while bot.channel._tasks:  # noqa: SLF001  until all is answered
            bot.zalo.clock.skip(5)
            await asyncio.sleep(0.02)
        assert all(len(person.sees) == 1 for person in people)
        assert counted("calls low") > low


@pytest.mark.parametrize("code", [-230, -232])
async def test_a_window_that_zalo_says_is_closed_is_noted(code: int) -> None:
    async with started(Switches(closed_code=code)) as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan, ())
        closed = counted("window closed")
        lan.last = bot.zalo.clock.now() - 8 * 24 * HOUR
        bot.zalo.delivery.send(_text(bot.zalo, lan.id, "1"))
        await still(bot)
        await lan.hears(0)
        assert counted("window closed") == closed + 1
        assert await bot.channel.window(account(lan), bot.zalo.clock.now()) == "closed"
        await lan.types("nghe lại")
        await lan.hears(1)
        assert await bot.channel.window(account(lan), bot.zalo.clock.now()) == "free"


@pytest.mark.parametrize("how", ["banned", "refuses"])
async def test_who_can_t_be_sent_anything_is_left_alone_until_they_write(how: str) -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        setattr(lan, how, True)
        await lan.types("2")
        await still(bot)
        assert (await bot.kept(lan)).away
        setattr(lan, how, False)
        await lan.types("nghe lại")
        await lan.hears(1)
        assert not (await bot.kept(lan)).away


async def test_sending_that_failed_is_tried_once_more() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        bot.zalo.fails("code", code=-200, path=CS)
        await lan.types("2")
        await lan.hears(1)
        bot.zalo.fails("code", code=-200, path=CS, times=2)
        refused = counted("refused")
        await lan.taps("1. Xong rồi")
        await still(bot)
        await lan.hears(0)
        assert counted("refused") == refused + 1


@pytest.mark.parametrize("code", sorted(CLASSES))
async def test_every_error_leaves_the_program_teaching(code: int) -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        bot.zalo.clock.skip(HOUR)
        bot.zalo.fails("code", code=code, path=CS)
        await lan.types("2")
        while bot.channel._tasks or bot.zalo.delivery.busy:  # noqa: SLF001  until all is over
            bot.zalo.clock.skip(10)
            await asyncio.sleep(0.01)
        seen = len(lan.sees)
        await lan.types("nghe lại")
        await until(lambda: len(lan.sees) > seen)
        assert len(await bot.records(lan, "answered")) == 1


async def test_what_was_taken_is_answered_before_the_end() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        gate, send = asyncio.Event(), bot.client.send

        async def slow(*args: Any) -> None:
            await gate.wait()
            await send(*args)

        bot.client.send = slow  # type: ignore[method-assign,assignment]  # it passes on what it gets
        await lan.types("2")
        await bot.zalo.quiet()
        ending = asyncio.create_task(bot.channel.close())
        await asyncio.sleep(0.02)
        raw, headers = await recorded(bot, "1")
        assert await bot.zalo.delivery.post(raw, headers) == 503, "what comes now is left to Zalo's next try"
        gate.set()
        await ending
        (seen,) = await lan.hears(1)
        assert "Đúng rồi." in seen.text


async def test_a_zalo_that_is_away_at_the_start_is_tried_on() -> None:
    async with started() as bot:
        await bot.zalo.go_away()
        with capture_logs() as log:
            bot.channel.start()
            await until(lambda: any(each["event"] == "zalo is away" for each in log))
            await bot.zalo.come_back()
            while not any(each["event"] == "zalo's official account is ready" for each in log):
                bot.zalo.clock.skip(2)
                await asyncio.sleep(0.01)
        assert [each["name"] for each in log if "ready" in each["event"]] == ["Học Số Thanh Hóa"]


def _text(zalo: Emulator, person: str, text: str) -> dict[str, Any]:
    """Return words of somebody that open no window, since Zalo has counted them already."""
    parties = {"sender": {"id": person}, "recipient": {"id": zalo.oa_id}}
    message = {"msg_id": zalo.new_id(), "text": text}
    event = {"app_id": zalo.app.id, "event_name": "user_send_text", **parties, "message": message}
    return {**event, "timestamp": str(zalo.clock.ms())}
