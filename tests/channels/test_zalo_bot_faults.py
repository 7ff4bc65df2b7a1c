"""What goes wrong on Zalo: strangers, replays, a store or a platform that is away, a revoked token, a plan used up."""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from figures import Figures
from zalo_bot_helpers import SECRET, TO_QUESTION, Bot, say, served, until

from bot.channels import Refused, TryLater, Unreachable
from bot.channels.zalo_bot import DRAIN_SECONDS, MAX_BODY, Manners, client, sending
from bot.channels.zalo_bot.client import BadToken, Client, Unknown, UsedUp
from bot.channels.zalo_bot.kept import Kept
from bot.channels.zalo_bot.plan import Limits, Plan
from bot.channels.zalo_bot.update import HIDDEN, OTHER, Heard, read
from bot.dev.zalo_bot import Emulator, Fault, emulated
from bot.webhooks import ZALO_BOT

pytestmark = pytest.mark.anyio

HEADER = "X-Bot-Api-Secret-Token"


@pytest.fixture
async def zalo() -> AsyncIterator[Emulator]:
    async with emulated() as emulator:
        yield emulator


@pytest.fixture
async def bot(zalo: Emulator, tmp_path: Path) -> AsyncIterator[Bot]:
    async with served(Bot(zalo, tmp_path)) as bot:
        yield bot


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tries follow one another at once."""
    monkeypatch.setattr(client, "PAUSE", 0.02)
    monkeypatch.setattr(sending, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(sending, "FIRST_PAUSE", 0.02)


async def post(bot: Bot, body: bytes, secret: str = SECRET, **more: str) -> int:
    async with httpx.AsyncClient() as http:
        answer = await http.post(bot.public + ZALO_BOT, content=body, headers={HEADER: secret, **more})
    return answer.status_code


async def test_strangers_giants_and_what_is_no_event(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    event = {"event_name": "message.text.received", "message": {"chat": {"id": lan.id}, "message_id": "m", "text": "1"}}
    figures = Figures()
    assert await post(bot, json.dumps(event).encode(), "another") == 401
    assert await post(bot, json.dumps(event).encode(), "") == 401
    assert await post(bot, b"x" * 10_000_000, "another") == 401
    assert await post(bot, b"x" * (MAX_BODY + 1)) == 413
    assert [await post(bot, body) for body in (b"", b"{}", b"no", b"[1]", b'{"event_name":5}', b"\xff\xfe")] == [
        200
    ] * 6
    assert await post(bot, json.dumps(event | {"message": {"chat": {"id": ""}}}).encode()) == 200
    async with httpx.AsyncClient() as http:
        assert (await http.get(bot.public + ZALO_BOT)).status_code == 405
    assert figures.since("failures") == {
        "failures zalo-bot wrong secret": 3,
        "failures zalo-bot too large": 1,
        "failures zalo-bot probe": 1,
        "failures zalo-bot not understood": 6,
    }
    assert lan.texts == []


async def test_a_giant_in_pieces_is_refused_before_it_is_all_there(bot: Bot) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    async with httpx.AsyncClient() as http:
        answer = await http.post(bot.public + ZALO_BOT, content=pieces(), headers={HEADER: SECRET})
    assert answer.status_code == 413


async def test_a_recorded_delivery_is_answered_once_also_after_a_restart(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    recorded = [zalo.hook.body(zalo.says(lan, "chào"))]
    await until(lambda: len(lan.texts) == 1)
    for text in TO_QUESTION[1:]:
        await zalo.answer(lan, text)
    recorded.append(zalo.hook.body(zalo.says(lan, "2")))
    await until(lambda: len(lan.texts) == 7)
    await until(lambda: not bot.channel._tasks)  # noqa: SLF001  else it would be answered again, to be sure
    await bot.restart()
    figures = Figures()
    assert [await post(bot, body) for body in recorded * 2] == [200] * 4
    assert figures.since("duplicates", "updates") == {"duplicates": 4}
    assert len(lan.texts) == 7
    assert [record.choice for record in await bot.records(lan, "answered")] == ["b"]


async def test_a_word_delivered_out_of_order_answers_nothing(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await say(zalo, lan, TO_QUESTION)
    old = {
        "event_name": "message.text.received",
        "message": {"message_id": "late", "date": zalo.now_ms() - 5000, "chat": {"id": lan.id}, "text": "2"},
    }
    assert await post(bot, json.dumps(old).encode()) == 200
    await until(lambda: len(lan.texts) == 7)
    assert await bot.records(lan, "answered") == []


async def test_the_store_is_away_and_comes_back(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await say(zalo, lan, TO_QUESTION)
    bot.store.down = True
    figures = Figures()
    zalo.says(lan, "2")
    await until(lambda: zalo.hook.answers == [200] * 7)
    bot.store.down = False
    await until(lambda: len(lan.texts) == 7)
    assert [record.choice for record in await bot.records(lan, "answered")] == ["b"]
    assert figures.since("failures zalo-bot held")


async def test_where_zalo_is_to_bring_it_again_it_is_asked_to(zalo: Emulator, tmp_path: Path) -> None:
    bot = Bot(zalo, tmp_path)
    bot.manners = Manners(store_away="refuse")
    zalo.switches.retries = (0.1, 0.1, 0.1, 0.1)
    async with served(bot):
        lan = zalo.person()
        await say(zalo, lan, TO_QUESTION)
        bot.store.down = True
        zalo.says(lan, "2")
        await until(lambda: 503 in zalo.hook.answers)
        bot.store.down = False
        await until(lambda: len(lan.texts) == 7)
        assert [record.choice for record in await bot.records(lan, "answered")] == ["b"]


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("fault", "times"),
    [(Fault("cut", "sendMessage"), 1), (Fault("html", "sendMessage"), 1), (Fault(403, "sendMessage", 3), 1)],
    ids=["cut", "html", "403"],
)
async def test_zalo_stumbles_and_the_answer_comes_all_the_same(
    zalo: Emulator, bot: Bot, fault: Fault, times: int
) -> None:
    lan = zalo.person()
    zalo.faults.append(fault)
    assert "Xin chào" in await zalo.answer(lan, "chào")
    assert len(lan.texts) == times
    assert bot.channel.plan.used().people == 1


@pytest.mark.usefixtures("hurried")
async def test_an_answer_that_is_lost_is_sent_once_more_and_no_more(zalo: Emulator, tmp_path: Path) -> None:
    bot = Bot(zalo, tmp_path)
    bot.seconds = 0.3
    async with served(bot):
        lan = zalo.person()
        zalo.faults.append(Fault("lost", "sendMessage", 2))
        figures = Figures()
        zalo.says(lan, "chào")
        await until(lambda: figures.since("failures zalo-bot unsent"))
        assert len(lan.texts) == 2
        assert lan.texts[0] == lan.texts[1]
        await zalo.answer(lan, "1")


async def test_a_slow_zalo_holds_up_nobody_s_acknowledgement(zalo: Emulator, bot: Bot) -> None:
    assert bot
    lan, an = zalo.person(), zalo.person()
    zalo.faults.append(Fault("silent", "sendMessage"))
    zalo.says(lan, "chào")
    await until(lambda: zalo.hook.answers == [200])
    await zalo.answer(an, "chào")
    assert lan.texts == []


async def test_a_revoked_token_is_said_once_and_the_rest_goes_on(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await zalo.answer(lan, "chào")
    zalo.token = "1:another"  # noqa: S105  nobody's
    with structlog.testing.capture_logs() as logs:
        for number in (2, 3):
            zalo.says(lan, "1")
            await until(lambda number=number: zalo.hook.answers == [200] * number)  # type: ignore[misc]  # a default
        await until(lambda: bot.channel.sending.revoked)
        await bot.end()
    (line,) = [line for line in logs if line["log_level"] == "error"]
    assert line["event"].startswith("Zalo doesn't know this bot's token any more: nobody is answered there until")
    assert [record.kind for record in await bot.records(lan)][:2] == ["agreed", "address"]


async def test_a_revoked_token_ends_polling(zalo: Emulator, tmp_path: Path) -> None:
    bot = Bot(zalo, tmp_path, "polling")
    async with served(bot):
        zalo.token = "1:another"  # noqa: S105  nobody's
        zalo.says(zalo.person(), "chào")
        await until(lambda: bot._task and bot._task.done())  # noqa: SLF001  that it ended


async def test_a_token_that_was_never_right_starts_no_polling(zalo: Emulator, tmp_path: Path) -> None:
    bot = Bot(zalo, tmp_path, "polling")
    zalo.faults.append(Fault(401, times=99))
    async with served(bot):
        assert bot.channel.sending.revoked
        assert zalo.polls == []


async def test_a_webhook_that_cannot_be_reached_is_warned_of_with_zalo_s_hint(zalo: Emulator, tmp_path: Path) -> None:
    bot = Bot(zalo, tmp_path)

    async def away(_headers: Any, _body: bytes) -> Any:
        raise ValueError

    bot.hook = away  # type: ignore[method-assign, assignment]
    with structlog.testing.capture_logs() as logs:
        async with served(bot):
            assert zalo.hook.url == bot.public + ZALO_BOT
    told = [line for line in logs if line["event"].startswith("Zalo kept the webhook's address but could not reach it")]
    assert told[0]["outcome"] == "webhook.http.5xx"
    assert told[0]["hint"] == "Answer with 200"


async def test_a_poll_finds_a_webhook_and_takes_it_away(zalo: Emulator, tmp_path: Path, hurried: None) -> None:
    assert hurried is None
    async with served(Bot(zalo, tmp_path, "polling")):
        lan = zalo.person()
        await zalo.answer(lan, "chào")
        zalo.hook.url = "https://other.example.vn"
        await until(lambda: not zalo.hook.url)
        await zalo.answer(lan, "1")


async def test_who_was_left_unanswered_by_a_kill_is_shown_their_step(zalo: Emulator, bot: Bot) -> None:
    lan = zalo.person()
    await say(zalo, lan, TO_QUESTION)
    zalo.faults.append(Fault("silent", "sendMessage"))
    zalo.says(lan, "2")
    await until(lambda: zalo.hook.answers == [200] * 7)
    await bot.restart()
    await until(lambda: len(lan.texts) == 7)
    assert "Bác mở tin nhắn." in lan.texts[6]
    await bot.restart()
    await zalo.answer(lan, "xong rồi")
    assert len(lan.texts) == 8


async def test_what_was_taken_is_answered_before_the_end(zalo: Emulator, tmp_path: Path) -> None:
    people = [zalo.person() for _ in range(5)]
    async with served(Bot(zalo, tmp_path)):
        for each in people:
            zalo.says(each, "chào")
        await until(lambda: len(zalo.hook.answers) == 5)
    assert [len(each.texts) for each in people] == [1] * 5
    assert DRAIN_SECONDS >= 5


async def test_a_used_up_plan_is_met_with_silence(zalo: Emulator, bot: Bot) -> None:
    zalo.switches.monthly_messages = 2
    lan = zalo.person()
    await say(zalo, lan, TO_QUESTION[:2])
    figures = Figures()
    for _ in range(4):
        zalo.says(lan, "1")
    await until(lambda: figures.since("failures zalo-bot silent", "failures zalo-bot used up"))
    await until(lambda: sum(figures.since("failures").values()) == 4)
    sends = [method for method, _ in zalo.calls if method == "sendMessage"]
    assert len(sends) == 3
    assert 0 < bot.channel.plan.resting <= 60
    assert len(lan.texts) == 2


async def test_learners_are_told_before_the_month_s_messages_are_used_up(zalo: Emulator, tmp_path: Path) -> None:
    bot = Bot(zalo, tmp_path)
    bot.manners = Manners(limits=Limits(messages=4, users=2), other_way="https://hoc.example.vn")
    async with served(bot):
        lan = zalo.person()
        with structlog.testing.capture_logs() as logs:
            bot.channel.plan._flushed = 0  # noqa: SLF001  so that it looks at each
            answers = [await zalo.answer(lan, "1") for _ in range(4)]
        zalo.says(lan, "1")
        await until(lambda: zalo.hook.answers == [200] * 5)
        figures = Figures()
        zalo.says(lan, "1")
        await until(lambda: figures.since("failures zalo-bot silent"))
    assert answers[3].startswith("Tháng này Học Số sắp gửi hết số tin")
    assert "https://hoc.example.vn" in answers[3]
    assert len(lan.texts) == 4
    assert logs is not None


def test_a_plan_warns_at_four_fifths_rests_longer_each_time_and_begins_anew_each_month(tmp_path: Path) -> None:
    now = [1_795_000_000.0]
    kept = Kept(tmp_path / "k.db", "t", lambda: now[0])
    plan = Plan(Limits(messages=100, users=10), kept, lambda: now[0])
    with structlog.testing.capture_logs() as logs:
        for _ in range(85):
            now[0] += 2
            plan.sent()
    assert [(line["what"], line["used"], line["of"]) for line in logs] == [("messages", 80, 100)]
    assert plan.verdict("a") == "send"
    plan.received("a")
    for _ in range(13):
        plan.sent()
    assert (plan.verdict("a"), plan.verdict("a")) == ("farewell", "silent")
    now[0] += 31 * 86_400
    assert plan.verdict("a") == "send"
    rests = []
    for _ in range(4):
        plan.refused()
        rests.append(plan.resting)
        assert plan.verdict("a") == "silent"
    assert rests == [60, 3600, 21_600, 21_600]
    now[0] += 21_601
    plan.sent()
    plan.refused()
    assert plan.resting == 60
    kept.close()
    assert Kept(tmp_path / "k.db", "t", lambda: now[0]).used("2026-11").sent == 98


def test_ids_are_kept_for_eight_days_and_chats_only_until_they_are_answered(tmp_path: Path) -> None:
    now = [1_795_000_000.0]
    path = tmp_path / "k.db"
    kept = Kept(path, "t", lambda: now[0])
    assert [kept.take("m1", "lan"), kept.take("m1", "lan"), kept.take("m2", "an")] == [True, False, True]
    kept.done("m1")
    kept.close()
    now[0] += 7 * 86_400
    again = Kept(path, "t", lambda: now[0])
    other = Kept(path, "t", lambda: now[0])
    assert [again.take("m1", "lan"), other.take("m2", "an")] == [False, False]
    assert again.left() == ["an"]
    assert again.left() == []
    again.close()
    other.close()
    assert b"lan" not in path.read_bytes()
    now[0] += 2 * 86_400
    later = Kept(path, "t", lambda: now[0])
    later.flush()
    assert later.take("m1", "lan")
    later.close()


def test_notes_that_cannot_be_kept_stop_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with structlog.testing.capture_logs() as logs:
        kept = Kept(tmp_path / "file" / "k.db", "t")
    assert logs[0]["event"].startswith("the Zalo bot's notes can't be kept")
    assert [kept.take("m1", "lan"), kept.take("m1", "lan")] == [True, False]


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (httpx.Response(401, json={"ok": False, "error_code": 401, "description": "Unauthorized"}), BadToken),
        (httpx.Response(200, json={"ok": False, "errorCode": "401"}), BadToken),
        (httpx.Response(401, text="<html>"), BadToken),
        (httpx.Response(429, json={"ok": False, "error_code": 429}), UsedUp),
        (httpx.Response(200, json={"ok": False, "error_code": 403}), TryLater),
        (httpx.Response(502, text="<html>"), Unknown),
        (httpx.Response(200, json={"ok": False, "error_code": 400}), Refused),
        (httpx.Response(410, json={"ok": False, "error_code": 410}), Unreachable),
        (httpx.Response(500, json={"ok": False}), TryLater),
    ],
)
async def test_each_refusal_has_its_meaning_and_none_shows_the_token(answer: httpx.Response, raised: type) -> None:
    token = "12345:very-secret"  # noqa: S105  nobody's
    logging.getLogger().setLevel(logging.DEBUG)
    seen: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: seen.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    calls = Client(token, "https://zalo.test", frozenset({410}), httpx.MockTransport(lambda _: answer))
    try:
        with pytest.raises(raised) as caught:
            await calls.send("c", "text")
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)
        await calls.close()
    assert token not in f"{caught.value!r} {caught.value.__context__!r} {caught.value.__cause__!r} {calls!r} {seen}"


async def test_a_host_that_is_away_is_no_unknown_outcome() -> None:
    token = "12345:very-secret"  # noqa: S105  nobody's
    for method in ("sendMessage", "getMe"):
        calls = Client(token, "http://127.0.0.1:1")
        with pytest.raises(TryLater, match="can't be reached") as caught:
            await calls.call(method, {})
        assert not isinstance(caught.value, Unknown)
        assert token not in f"{caught.value.__context__!r}{caught.value.__cause__!r}"
        await calls.close()


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({"event_name": "x"}, OTHER),
        ({"event_name": "message.unsupported.received"}, HIDDEN),
        ({"event_name": "message.text.received", "message": {"chat": {"id": "c"}, "text": "1"}}, "words"),
        ({"event_name": "message.link.received", "message": {"chat": {"id": "c"}, "text": "http"}}, "other"),
        ({"ok": True, "result": {"event_name": "message.voice.received", "message": {"chat": {"id": "c"}}}}, "voice"),
    ],
)
def test_what_was_delivered(event: dict[str, Any], found: str) -> None:
    heard = read(json.dumps(event).encode())
    assert (heard.kind if isinstance(heard, Heard) else heard) == found


async def test_zalo_is_away_at_the_start_and_is_tried_on(zalo: Emulator, tmp_path: Path, hurried: None) -> None:
    assert hurried is None
    zalo.faults.append(Fault("html", "deleteWebhook", 2))
    async with served(Bot(zalo, tmp_path, "polling")):
        await zalo.answer(zalo.person(), "chào")
    assert len([1 for method, _ in zalo.calls if method == "deleteWebhook"]) == 3
