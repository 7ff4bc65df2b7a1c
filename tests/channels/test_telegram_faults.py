"""Telegram when things go wrong: at the end every answer counts once, and everyone is shown where they are."""

import asyncio
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from small import FIRST_LESSON, small_library
from telegram_emulator import Emulator, Person
from telegram_emulator.refused import Json
from telegram_emulator.texts import utf16
from telegram_helpers import (
    FINISHED,
    LESSON,
    PATIENCE,
    TO_QUESTION,
    Bot,
    HurriedLoop,
    Program,
    learn,
    learner,
    make_home,
    path_of_records,
    quiet,
    real_store,
    records,
    started,
    walk,
)

from bot.core.turn import Record
from bot.stores.progress import RedisProgress

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    """Run on an event loop that can hurry."""
    return "asyncio", {"loop_factory": HurriedLoop}


WAYS = pytest.mark.parametrize("way", ["webhook", "polling"])


async def passes(bot: Bot, seconds: float) -> None:
    """Let much time pass for Telegram, and some for the bot."""
    bot.telegram.later(seconds)
    await asyncio.sleep(5)


async def people(bot: Bot, count: int) -> list[Person]:
    """Bring so many learners to the question."""
    found = [bot.telegram.person(f"Người {number}") for number in range(count)]
    await asyncio.gather(*map(walk, found))
    return found


def said(person: Person, text: str, number: int, **more: Any) -> Json:
    """Return an update for posting by hand: someone writes."""
    chat = {**person.chat.json, "type": "private"}
    date = person.bot.clock.date()
    message = {"message_id": 700 + number, "date": date, "chat": chat, "from": person.json, "text": text}
    return {"update_id": number, "message": {**message, **more}}


def tapped(person: Person, data: str, number: int, **more: Any) -> Json:
    """Return an update for posting by hand: someone taps."""
    drawn = {"message_id": 3, "date": 1_795_000_000, "chat": {**person.chat.json, "type": "private"}, "text": "…"}
    query = {"id": f"4{number}", "from": person.json, "message": drawn, "chat_instance": "x", "data": data}
    return {"update_id": number, "callback_query": {**query, **more}}


# Delivered again


@WAYS
@pytest.mark.parametrize("by", ["tap", "word"])
async def test_the_same_update_three_times_counts_once_and_is_answered_thrice(way: str, by: str) -> None:
    async with started(way) as bot:
        an = bot.telegram.person("An")
        await walk(an)
        update = await (an.taps("2. Không đưa cho ai") if by == "tap" else an.types("2"))
        answers = await an.hears(1)
        for _ in range(2):
            await quiet(bot.telegram)
            bot.telegram.redeliver(update)
            answers += await an.hears(1)
        assert {(each.text, each.buttons) for each in answers} == {(answers[0].text, answers[0].buttons)}
        assert "Bước 3 trên 6" in answers[0].text
        await quiet(bot.telegram)
        assert len(an.sees) == 6 + 3
        assert await bot.answers(an) == [("hoi", "b")]


# Late


@WAYS
async def test_a_word_that_comes_again_a_day_late_answers_no_later_step(way: str) -> None:
    async with started(way) as bot:
        an = bot.telegram.person("An")
        await walk(an)
        late = await an.types("2")
        await an.hears(1)
        await passes(bot, 43_000)
        for word in ("1", "cham", "nhanh", "cham", "nhanh"):  # they go on; so many turns later its mark is forgotten
            await an.types(word)
            await an.hears(1)
        await passes(bot, 43_000)  # Telegram gives a message up after 86,400
        bot.telegram.redeliver(late)
        (seen,) = await an.hears(1)
        assert "Ai giữ mật khẩu?" in seen.text
        assert (await bot.kept(an)).spots["bai-01"].step == "hoi-hai"
        assert await bot.answers(an) == [("hoi", "b")]


async def test_a_word_overtaken_by_a_tap_answers_no_later_step() -> None:
    async with started("webhook", speed=1.0) as bot:
        an = bot.telegram.person("An")
        await walk(an)
        assert bot.memory
        bot.memory.down = True
        word = await an.types("2")
        await bot.telegram.bell.until(lambda: word.failures == 1, lambda: "not refused")
        bot.memory.down = False
        await an.taps("2. Không đưa cho ai")  # taps and messages of one person wait in different queues
        (seen,) = await an.hears(1)
        assert "Bước 3 trên 6" in seen.text
        bot.telegram.later(5)  # now Telegram brings the word again
        (seen,) = await an.hears(1)
        assert "Bước 3 trên 6" in seen.text
        assert [record.kind for record in await bot.records(an)][-2:] == ["answered", "reached"]
        assert (await bot.kept(an)).spots["bai-01"].tries == 0


async def test_a_tap_that_comes_again_long_after_is_told() -> None:
    async with started("webhook") as bot:
        an = bot.telegram.person("An")
        await walk(an)
        tap = await an.taps("2. Không đưa cho ai")
        await an.hears(1)
        for word in ("cham", "nhanh", "cham", "nhanh"):
            await an.types(word)
            await an.hears(1)
        status, text = await bot.post(tap.json)
        assert status == 200
        assert "là của bước trước" in text
        assert "Bước 3 trên 6" in text
        assert await bot.answers(an) == [("hoi", "b")]


# At the same moment


async def both(folder: Path, *pairs: tuple[str, str]) -> list[tuple[list[str], list[Record], bool]]:
    """Let two server processes on one store get two updates of a learner at once; a tap's text is its data.

    Returns for each pair what was answered, what the journal has from the question on, and whether speech is slow.
    """
    async with real_store(folder) as (server, store), started("webhook", store=store, speed=1.0) as bot:
        second = RedisProgress.connect(server.url)
        other = Bot(bot.telegram, "webhook", second)
        known = await people(bot, len(pairs))
        before = [len(await bot.records(each)) for each in known]
        posts = []
        for number, (person, pair) in enumerate(zip(known, pairs, strict=True)):
            for each, words, place in zip((bot, other), pair, (0, 1), strict=True):
                name = 2 * number + (place if len(set(pair)) > 1 else 0)  # the same words: the same update
                posts.append(each.post(tapped(person, words, name) if "|" in words else said(person, words, name)))
        answers = await asyncio.gather(*posts)
        assert {status for status, _ in answers} == {200}
        texts = [[text for _, text in answers[2 * at : 2 * at + 2]] for at in range(len(pairs))]
        found = []
        for person, first, told in zip(known, before, texts, strict=True):
            found.append((told, (await bot.records(person))[first:], (await bot.kept(person)).slow))
        await other.end()
        await second.close()
        return found


async def test_one_update_at_two_processes_at_once_counts_once_and_is_answered_by_both(tmp_path: Path) -> None:
    for texts, counted, _ in await both(tmp_path, *[("5|b", "5|b"), ("2", "2")] * 5):
        assert [record.kind for record in counted] == ["answered", "reached"]
        assert all("Đúng rồi." in text and "Bước 3 trên 6" in text for text in texts)


async def test_two_taps_at_two_processes_at_once_count_once_and_one_is_told(tmp_path: Path) -> None:
    for texts, counted, _ in await both(tmp_path, *[("5|a", "5|b")] * 8):
        assert [record.kind for record in counted if record.kind == "answered"] == ["answered"]
        assert sum("là của bước trước" in text for text in texts) == 1


async def test_two_words_at_two_processes_at_once_both_count(tmp_path: Path) -> None:
    for texts, counted, slow in await both(tmp_path, *[("cham", "2")] * 8):
        assert sorted(record.kind for record in counted) == ["answered", "reached", "slow"]
        assert slow
        assert all("Bước" in text for text in texts)


# Updates of any shape


def shapes(an: Person) -> dict[str, tuple[Json, int]]:
    """Return updates that may come, and how many messages answer each."""
    big = 2**52 - 1
    query = tapped(an, "1|a", 0)["callback_query"]
    channel = {"message_id": 1, "date": 1_795_000_000, "chat": {"id": -100, "type": "channel", "title": "K"}}
    change = {"chat": {**an.chat.json}, "from": an.json, "date": 1_795_000_000}
    owner = {"user": an.json, "status": "a status from the future", "until_date": 0}

    def message(**changes: Any) -> Json:
        whole = {**said(an, "alo", 0)["message"], **changes}
        return {"message": {key: value for key, value in whole.items() if value is not None}}

    def query_with(**changes: Any) -> Json:
        return {"callback_query": {key: value for key, value in {**query, **changes}.items() if value is not None}}

    gone = {"message_id": 3, "date": 0, "chat": an.chat.json}
    entity = {"type": "a kind from the future", "offset": 0, "length": 2, "x": {}}
    return {
        "a kind from the future": ({"a_kind_from_the_future": {"chat": an.chat.json}}, 0),
        "nothing in it": ({}, 0),
        "unknown fields": (message(new_thing={"a": [1, None]}, entities=[entity]) | {"another": 1.5}, 1),
        "from nobody": (message(**{"from": None}), 1),
        "an enormous message id": (message(message_id=big), 1),
        "an empty text": (message(text=""), 1),
        "spaces only": (message(text="   \n\t "), 1),
        "as long as a text may be": (message(text="ế " * 2048), 1),
        "many signs of two units": (message(text="😀👨‍👩‍👧🇻🇳" * 300), 1),
        "control signs": (message(text="\x00\x07\x1b[31m\u202e2"), 1),
        "a slash alone": (message(text="/"), 1),
        "a link to nowhere": (message(text="/start ../../" + "x" * 500), 1),
        "no text": (message(text=None), 1),
        "a text that is none": (message(text={"rich": ["alo"]}), 0),
        "no message id": (message(message_id=None), 0),
        "no chat": (message(chat=None), 0),
        "another bot's button": (query_with(data="buy:42:confirm"), 1),
        "digits that are none of ours": (query_with(data="٣|a"), 1),
        "an enormous turn": (query_with(data="9" * 60 + "|a"), 1),
        "a button without data": (query_with(data=None, game_short_name="x"), 1),
        "a message long gone": (query_with(message=gone), 1),
        "an inline message": (query_with(message=None, inline_message_id="AAA"), 0),
        "a tap by nobody": (query_with(**{"from": None}), 0),
        "an edited message": ({"edited_message": message()["message"] | {"edit_date": 1_795_000_001}}, 0),
        "a channel": ({"channel_post": channel | {"text": "/hoc"}}, 0),
        "a changed channel": ({"edited_channel_post": channel | {"text": "/hoc"}}, 0),
        "a status from the future": (
            {"my_chat_member": change | {"old_chat_member": owner, "new_chat_member": owner}},
            0,
        ),
        "a status that is missing": ({"my_chat_member": change}, 0),
    }


@WAYS
async def test_no_update_of_whatever_shape_holds_up_those_after_it(way: str) -> None:
    async with started(way) as bot:
        an = bot.telegram.person("An", id=2**52 - 1)
        await walk(an)
        kept = (await bot.kept(an)).spots
        for name, (body, answers) in shapes(an).items():
            before = len(an.sees)
            update = await bot.telegram.brings(body, queue=an.chat.id)
            try:
                await bot.telegram.delivered(patience=3)
            except AssertionError:
                pytest.fail(f"{name} is not taken")
            await quiet(bot.telegram)
            assert (name, update.failures, len(an.sees) - before) == (name, 0, answers)
        await an.hears(len(an.sees) - 6)
        await an.types("2")
        assert (await an.hears(1))[0].text.startswith("Đúng rồi.")
        assert kept["bai-01"].step == "hoi"
        assert await bot.answers(an) == [("hoi", "b")]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (
            b'{"update_id": 1, "message": {"message_id": 1, "chat": {"id": 7, "type": "private"}, "text": "\\ud83d"}}',
            200,
        ),
        (b'{"update_id": 99999999999999999999999999}', 200),
        (b'{"update_id": 1, "message": 7}', 200),
        (b'{"update_id": 1, "message": null, "callback_query": []}', 200),
        (b'{"update_id": 1' + b"}" * 9, 400),
        (b'{"message": {}}', 400),
        (b"[" * 100_000, 400),
    ],
    ids=["half a sign", "an enormous id", "a number", "a list", "no JSON", "no id", "deep"],
)
async def test_what_can_be_no_update_is_refused_and_what_can_be_one_is_taken(raw: bytes, status: int) -> None:
    async with started("webhook") as bot:
        assert (await bot.post_raw(raw))[0] == status


# The store is away


@WAYS
@pytest.mark.parametrize("fault", ["stopped", "killed"])
async def test_a_real_store_away_for_20_seconds_loses_and_doubles_nothing(way: str, fault: str, tmp_path: Path) -> None:
    async with real_store(tmp_path) as (server, store), started(way, store=store, speed=10.0) as bot:
        known = await people(bot, 8)
        if fault == "stopped":
            server.stop()
        else:
            await server.kill()
        for number, person in enumerate(known):
            await (person.types("2") if number % 2 else person.taps("2. Không đưa cho ai"))
        await bot.telegram.clock.sleep(20)
        if fault == "stopped":
            server.go_on()
        else:
            await server.start()
        for person in known:
            (seen,) = await person.hears(1)
            assert seen.text.startswith("Đúng rồi.")
        await quiet(bot.telegram)
        assert [len(person.sees) for person in known] == [6 + 1] * 8
        assert [await bot.answers(person) for person in known] == [[("hoi", "b")]] * 8


# Telegram asks to wait


@pytest.mark.parametrize("limits", ["refuses every message", "limits rates"])
async def test_in_a_storm_of_429_everyone_is_answered_once_and_in_order(limits: str) -> None:
    async with started("polling") as bot:
        known = await people(bot, 12)
        storm = []
        if limits == "limits rates":
            bot.telegram.limits_rates()
        else:
            storm = [
                bot.telegram.fails_with(429, retry_after=1 + at % 3, chat_id=person.chat.id, times=None)
                for at, person in enumerate(known)
            ]
        for person in known:
            for word in ("2", "1", "1"):
                await person.types(word)
        if storm:
            await bot.telegram.clock.sleep(10)
            await bot.telegram.bell.until(
                lambda: all(fault.happened > 1 for fault in storm), lambda: "no second try", PATIENCE
            )
            for fault in storm:
                fault.end()
        for person in known:
            told = [each.text.partition("\n")[0] for each in await person.hears(3)]
            assert told == ["Đúng rồi. Mã là chìa khóa.", "Bác làm tốt lắm.", "Đúng rồi. Mật khẩu là của riêng."]
        await quiet(bot.telegram)
        assert [len(person.sees) for person in known] == [6 + 3] * 12
        assert [await bot.answers(person) for person in known] == [[("hoi", "b"), ("hoi-hai", "a")]] * 12


async def test_someone_who_must_wait_keeps_nobody_else_waiting() -> None:
    async with started("polling") as bot:
        an, binh = await people(bot, 2)
        bot.telegram.fails_with(429, retry_after=20, chat_id=an.chat.id)
        await an.types("2")
        await bot.telegram.called("sendMessage", 12 + 1)
        await binh.types("2")
        assert (await binh.hears(1))[0].text.startswith("Đúng rồi.")
        assert len(an.sees) == 6  # 20 seconds are not over
        assert (await an.hears(1))[0].text.startswith("Đúng rồi.")
        await quiet(bot.telegram)
        assert (len(an.sees), len(binh.sees)) == (7, 7)


async def test_whoever_was_answered_is_not_answered_again_because_another_could_not_be() -> None:
    async with started("polling") as bot:
        an, binh = await people(bot, 2)
        await bot.pause()
        bot.telegram.fails_with(429, retry_after=10, chat_id=an.chat.id)
        await an.types("2")
        for word in ("2", "1", "1", "1", "1", "2"):  # more than the last few updates that the progress remembers
            await binh.types(word)
        await bot.go_on()
        await an.hears(1)
        assert "Đó là kẻ lừa." in (await binh.hears(6))[-1].text
        await quiet(bot.telegram)
        assert (len(an.sees), len(binh.sees)) == (6 + 1, 6 + 6)
        assert await bot.answers(binh) == [("hoi", "b"), ("hoi-hai", "a")]


async def test_while_a_chat_must_wait_nothing_else_is_sent_into_it() -> None:
    async with started("webhook") as bot:
        (an,) = await people(bot, 1)
        bot.telegram.fails_with(429, retry_after=3, chat_id=an.chat.id)
        await an.types("/dulieu")  # is answered by two messages; the first goes by a call, which is refused
        await bot.telegram.bell.until(lambda: bot.telegram.calls[-1].refused, lambda: "nothing was refused")
        await an.taps("2. Không đưa cho ai")
        texts = [each.text for each in await an.hears(4)]  # of which two tell the late tap what is shown now
        assert [text.startswith("{") for text in texts] == [True, False, True, False]
        assert ["là của bước trước" in text for text in texts] == [False, False, False, True]
        await quiet(bot.telegram)
        assert len(an.sees) == 6 + 4
        assert await bot.answers(an) == []


async def test_a_message_refused_in_the_webhook_s_response_is_shown_by_the_next() -> None:
    async with started("webhook") as bot:
        (an,) = await people(bot, 1)
        bot.telegram.fails_with(429, retry_after=1, method="sendMessage", unseen=True)  # the bot never hears of it
        await an.types("2")
        await bot.telegram.delivered()
        await quiet(bot.telegram)
        assert len(an.sees) == 6
        bot.telegram.later(1)
        await an.types("alo")
        assert "Bước 3 trên 6" in (await an.hears(1))[0].text
        assert await bot.answers(an) == [("hoi", "b")]


async def test_a_secret_is_deleted_even_when_telegram_asks_to_wait() -> None:
    async with started("webhook") as bot:
        (an,) = await people(bot, 1)
        bot.telegram.fails_with(429, retry_after=2, method="deleteMessage")
        update = await an.types("mã của tôi là 482913")
        assert "một mã bí mật" in (await an.hears(1))[0].text
        secret = update.message
        assert secret is not None
        await bot.telegram.bell.until(lambda: secret.deleted, lambda: "the secret stands in the chat")


# Something else than Telegram answers


@pytest.mark.parametrize("method", ["getUpdates", "sendMessage"])
async def test_a_web_page_in_place_of_an_answer_is_waited_out(method: str) -> None:
    async with started("polling") as bot:
        (an,) = await people(bot, 1)
        page = bot.telegram.shows_page(502, method=method, times=2)
        await an.types("2")
        assert (await an.hears(1))[0].text.startswith("Đúng rồi.")
        await quiet(bot.telegram)
        await an.types("1")
        assert (await an.hears(1))[0].text.startswith("Bác làm tốt lắm.")
        assert page.happened == 2
        assert await bot.answers(an) == [("hoi", "b")]


async def test_polling_goes_on_when_telegram_counts_anew_after_a_quiet_week() -> None:
    async with started("polling") as bot:
        (an,) = await people(bot, 1)
        await quiet(bot.telegram)
        await passes(bot, 8 * 86_400)
        bot.telegram.main.updates.restart_ids(1_000)
        await an.types("2")
        assert "Đúng rồi." in (await an.hears(1))[0].text
        assert await bot.answers(an) == [("hoi", "b")]


# Those who can't be reached


@WAYS
async def test_whoever_is_gone_is_marked_left_alone_and_kept(way: str) -> None:
    async with started(way) as bot:
        an, binh = await people(bot, 2)
        for person in (an, binh):
            person.leaves_telegram()  # no update tells of it; the next call is refused with 403
            await bot.telegram.brings(said(person, "/dulieu", 0), queue=person.chat.id)
        await quiet(bot.telegram)
        await bot.telegram.bell.until(
            lambda: sum(call.refused is not None for call in bot.telegram.calls) == 2, lambda: "two calls refused"
        )
        await quiet(bot.telegram)
        refused = [call.fields["chat_id"] for call in bot.telegram.calls if call.refused]
        assert sorted(refused) == sorted([an.chat.id, binh.chat.id])  # the second message was not tried
        for person in (an, binh):
            assert (await bot.kept(person)).away
            assert (await bot.kept(person)).spots["bai-01"].step == "hoi"
        await an.types("menu")
        assert "Học tiếp: Bài một" in str((await an.hears(1))[0].buttons)
        assert not (await bot.kept(an)).away
        assert (await bot.kept(binh)).away


@WAYS
async def test_whoever_blocks_is_marked_and_finds_the_place_again(way: str) -> None:
    async with started(way) as bot:
        (an,) = await people(bot, 1)
        await an.blocks()
        await quiet(bot.telegram)
        assert (await bot.kept(an)).away
        await bot.telegram.bell.until(lambda: not bot.telegram.main.updates.pending, lambda: "pending")
        assert not [call for call in bot.telegram.calls if call.refused]  # nothing was sent to them
        await an.unblocks()
        await quiet(bot.telegram)
        assert len(an.sees) == 6
        assert not (await bot.kept(an)).away
        await an.types("2")
        assert (await an.hears(1))[0].text.startswith("Đúng rồi.")
        assert await bot.answers(an) == [("hoi", "b")]


async def test_a_group_that_sends_the_bot_away_becomes_no_learner() -> None:
    async with started("polling") as bot:
        an = bot.telegram.person("An")
        group = bot.telegram.group("Thôn 3", an)
        await bot.pause()
        await an.types("/hoc", to=group)
        group.removes_bot(an)
        await bot.go_on()
        await bot.telegram.bell.until(lambda: bot.telegram.calls[-1].refused, lambda: "the hint was not refused")
        await quiet(bot.telegram)
        assert await bot.store.load([f"telegram:{group.chat.id}"]) == [b""]


# Long texts

COUNT = 180
LONG = " ".join(f"Câu {number} 😀: {{bạn}} bấm **Nút {number}** rồi xem màn hình thật kỹ." for number in range(COUNT))


@WAYS
@pytest.mark.parametrize("wait", [0, 2, 30])
async def test_a_long_step_comes_in_parts_each_once_and_in_order(way: str, wait: int) -> None:
    library = small_library(FIRST_LESSON.replace('"{Bạn} bấm **Tiếp**."', f'"{LONG}"'))
    async with started(way, library=library) as bot:
        an = bot.telegram.person("An")
        await walk(an, TO_QUESTION[:3])
        if wait:  # the second part is refused
            bot.telegram.fails_with(429, retry_after=wait, method="sendMessage", after=1)
        await an.taps(TO_QUESTION[3])
        parts = await an.hears(3)
        await quiet(bot.telegram)
        assert an.sees[-3:] == parts
        assert len(an.sees) == 4 + 3
        assert all(utf16(each.text) <= 4096 for each in parts)
        assert all(each.text.endswith("kỹ.") for each in parts)
        assert [each.buttons for each in parts] == [(), (), (("1. Tiếp",),)]
        whole = " ".join(each.rendered for each in parts)
        assert [int(number) for number in re.findall(r"Câu (\d+) 😀: bác bấm \*\*Nút \1\*\* rồi", whole)] == [
            *range(COUNT)
        ]


# The program stops


@pytest.mark.parametrize(
    ("command", "way", "ends"),
    [
        (("run",), "webhook", (signal.SIGTERM, signal.SIGKILL)),
        (("run",), "polling", (signal.SIGTERM, signal.SIGKILL)),
        (("serve", "--workers", "2"), "webhook", (signal.SIGTERM,)),
    ],
    ids=["run by webhook", "run by polling", "serve by webhook"],
)
async def test_stopped_and_killed_in_full_flow_the_program_loses_and_doubles_nothing(
    command: tuple[str, ...], way: str, ends: tuple[signal.Signals, ...], tmp_path: Path
) -> None:
    make_home(tmp_path, way)
    (tmp_path / "data").mkdir()
    async with (
        asyncio.timeout(4 * PATIENCE),
        real_store(tmp_path / "data") as (server, store),
        Emulator() as telegram,
        Program(tmp_path, telegram, server, command) as program,
    ):
        known = [telegram.person(f"Người {number}") for number in range(20)]

        async def heard(count: int) -> None:
            def seen() -> int:
                return sum(len(person.sees) for person in known)

            await telegram.bell.until(lambda: seen() >= count, lambda: f"{seen()} messages\n{program.log}", PATIENCE)

        learning = asyncio.gather(*(learn(each, LESSON, types=at % 2 == 1) for at, each in enumerate(known)))
        for number, how in enumerate(ends, 1):
            await program.start()
            telegram.tries_now()
            await heard(80 * number)
            assert await program.end(how) == (0 if how is signal.SIGTERM else -how), program.log
        bot = Bot(telegram, way, store)  # the rest in this process: a program takes seconds to start
        await bot.start()
        telegram.tries_now()
        await learning
        await heard(20 * (len(LESSON) + 1))
        await telegram.delivered(patience=PATIENCE)
        await bot.end()
        expected = await path_of_records()
        for person in known:
            assert FINISHED in person.sees[-1].text
            assert await records(store, person) == expected, learner(person)
        assert telegram.complaints == []
        assert "Traceback" not in program.log
