"""Whole conversations on Zalo's Official Account, as the emulator plays it."""

import pytest
from zalo_oa_emulator import Switches
from zalo_oa_helpers import LESSON, TO_QUESTION, account, counted, started, walk

from bot.channels.zalo_oa import Manners

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "switches",
    [Switches(), Switches(echoes=False, receipts=False), Switches(numbers_as_numbers=True)],
    ids=["all", "silent", "numbers"],
)
async def test_a_learner_goes_from_following_to_a_finished_lesson_by_buttons(switches: Switches) -> None:
    async with started(switches) as bot:
        lan = bot.zalo.person("Lan")
        last = await walk(lan, LESSON)
        assert "Bác đã học xong bài Bài một. Bác biết giữ mã." in last.text
        done = (await bot.kept(lan)).done["bai-01"]
        assert (done.right, done.asked) == (2, 2)


async def test_numbers_do_the_same_as_buttons() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        last = await walk(lan, LESSON, by_number=True)
        assert "Bác đã học xong bài Bài một." in last.text
        done = (await bot.kept(lan)).done["bai-01"]
        assert (done.right, done.asked) == (2, 2)


@pytest.mark.parametrize("buttons", ["refused", "unsupported"])
async def test_where_buttons_are_refused_choices_stand_in_the_text(buttons: str) -> None:
    async with started(Switches(buttons=buttons)) as bot:  # type: ignore[arg-type]  # one of them
        lan = bot.zalo.person("Lan")
        question = await walk(lan, TO_QUESTION, by_number=True)
        assert "1. Đưa cho công an\n2. Không đưa cho ai\n3. Đưa cho ngân hàng" in question.text
        assert not question.buttons
        tried = [body for path, body in bot.zalo.called if path.endswith("cs") and "attachment" in body["message"]]
        assert len(tried) == 1, "once they are refused, they are left out for a while"
        bot.zalo.switches.buttons = "plain"
        bot.zalo.clock.skip(3601)
        await lan.types("2")
        (seen,) = await lan.hears(1)
        assert [button["title"] for button in seen.buttons][:1] == ["1. Xong rồi"]


@pytest.mark.parametrize(("shape", "switch"), [("template", "template"), ("numbers", "refused")])
async def test_the_form_of_buttons_is_a_setting(shape: str, switch: str) -> None:
    async with started(Switches(buttons=switch), manners=Manners(shape=shape)) as bot:  # type: ignore[arg-type]  # one of them
        lan = bot.zalo.person("Lan")
        question = await walk(lan, TO_QUESTION, by_number=True)
        assert bool(question.buttons) is (shape == "template")
        assert not any(button["payload"] == "" for button in question.buttons)


async def test_a_late_tap_is_told_kindly_and_changes_nothing() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        question = await walk(lan)
        await lan.taps("2. Không đưa cho ai")
        await lan.hears(1)
        before = await bot.kept(lan)
        await lan.taps("1. Đưa cho công an", question)
        (seen,) = await lan.hears(1)
        assert seen.text.startswith("Nút bác vừa bấm là của bước trước, nên cháu không tính.")
        assert await bot.kept(lan) == before


async def test_unfollowing_marks_them_as_away_and_says_nothing() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        await lan.unfollows()
        await bot.zalo.quiet()
        await bot.channel.settled()
        assert (await bot.kept(lan)).away
        await lan.hears(0)
        await lan.follows()
        await lan.hears(1)
        assert not (await bot.kept(lan)).away


@pytest.mark.parametrize("kind", ["image", "sticker", "file", "location", "video", "gif", "link"])
async def test_what_is_no_words_is_kindly_answered(kind: str) -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        before = await bot.kept(lan)
        await lan.sends(kind, url="https://photo.zdn.vn/a.jpg", thumbnail="https://photo.zdn.vn/b.jpg")
        (seen,) = await lan.hears(1)
        assert "Bác bấm nút, hoặc gõ chữ giúp" in seen.text
        await lan.sends(kind, url="https://photo.zdn.vn/c.jpg")  # of the same album
        await bot.zalo.quiet()
        await bot.channel.settled()
        await lan.hears(0)
        assert (await bot.kept(lan)).place == before.place


async def test_a_typed_secret_is_warned_of_and_they_are_asked_to_delete_it() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        await lan.types("mã otp là 482913")
        (seen,) = await lan.hears(1)
        assert "một mã bí mật" in seen.text
        assert (
            "Trên Zalo, Học Số không xóa được tin đó. Xin chạm giữ vào tin ấy, rồi chọn Thu hồi hoặc Xóa." in seen.text
        )


async def test_echoes_and_unknown_events_are_counted_and_answered_by_nobody() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        echoes, others = counted("echo"), counted("other event")
        await walk(lan, ())
        await bot.zalo.happened("user_submit_info", {"sender": {"id": lan.id}, "info": {"name": "Lan"}})
        await bot.zalo.happened("user_click_something_new", {"sender": {"id": lan.id}})
        await bot.zalo.happened("anonymous_send_text", {"anonymous_id": "1", "message": {"msg_id": "2", "text": "a"}})
        await bot.zalo.quiet()
        assert counted("echo") == echoes + 1
        assert counted("other event") == others + 2 + 3
        assert {each.status for each in bot.zalo.delivery.tried} == {200}
        await lan.hears(0)


async def test_the_window_is_kept_for_each_learner() -> None:
    async with started() as bot:
        lan, minh = bot.zalo.person("Lan"), bot.zalo.person("Minh")
        await walk(lan, ())
        now = bot.zalo.clock.now()
        hour = 3600.0
        assert [await bot.channel.window(account(lan), now + hours * hour) for hours in (1, 47, 49, 167, 169)] == [
            *("free", "free", "billed", "billed", "closed")
        ]
        assert await bot.channel.window(account(minh), now) == "closed"
        billed, closed = counted("window billed"), counted("window closed")
        assert await bot.channel.may_send(account(lan), now + hour)
        assert not await bot.channel.may_send(account(lan), now + 50 * hour)
        assert not await bot.channel.may_send(account(lan), now + 200 * hour)
        assert (counted("window billed"), counted("window closed")) == (billed + 1, closed + 1)
        bot.zalo.clock.skip(8 * 24 * hour)
        assert not await bot.channel.may_send(account(lan), bot.zalo.clock.now())


async def test_what_nobody_asked_for_is_sent_within_the_window() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan, ())
        assert await bot.channel.tell(account(lan), "Bà Tư cần giúp.")
        (seen,) = await lan.hears(1)
        assert seen.text == "Bà Tư cần giúp."
        bot.zalo.clock.skip(49 * 3600)
        assert not await bot.channel.tell(account(lan), "Bà Tư cần giúp.")


async def test_an_operator_may_allow_what_is_billed() -> None:
    async with started(manners=Manners(billed=True)) as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan, ())
        assert await bot.channel.may_send(account(lan), bot.zalo.clock.now() + 50 * 3600)


async def test_the_tap_of_a_hidden_button_says_it_again() -> None:
    async with started() as bot:
        lan = bot.zalo.person("Lan")
        await walk(lan)
        button = {"type": "oa.query.hide", "payload": "Nghe #5|=again", "title": "Nghe"}
        lan.sees[-1].buttons.append(button)
        await lan.taps("Nghe")
        (seen,) = await lan.hears(1)
        assert "Mã OTP đưa cho ai?" in seen.text
        assert lan.said[-1].startswith("1. Tiếp"), "the press itself is not to be seen"
