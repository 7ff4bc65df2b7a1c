"""Whatever goes wrong on an Official Account, in whatever order: each answer counts once, the last shows the step."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from zalo_oa_emulator import Person
from zalo_oa_helpers import Bot, account, started, walk

from bot.core.wording import plain

pytestmark = pytest.mark.anyio

CS = "/v3.0/oa/message/cs"

said = st.one_of(
    st.tuples(
        st.just("types"), st.integers(0, 1), st.sampled_from(["1", "2", "3", "menu", "giúp", "abc", "mã là 482913"])
    ),
    st.tuples(st.just("taps"), st.integers(0, 1), st.integers(0, 4)),
)
faults = st.sampled_from(["page", "cut before", "cut after", -32, -200, -201, -216, -230, -227])
deeds = st.one_of(
    said,
    st.tuples(st.just("sends"), st.integers(0, 1), st.sampled_from(["image", "sticker"])),
    st.tuples(st.just("store"), st.booleans(), st.none()),
    st.tuples(st.just("doubled"), st.booleans(), st.none()),
    st.tuples(st.just("held"), st.booleans(), st.none()),
    st.tuples(st.just("fails"), faults, st.none()),
    st.tuples(st.just("pass"), st.sampled_from([1, 10, 70, 4000]), st.none()),
)


async def do(bot: Bot, deed: tuple[str, Any, Any], sent: list[int]) -> None:
    """Carry out one of them; `sent` counts what each person said."""
    zalo, (kind, first, second) = bot.zalo, deed
    person = list(zalo.people.values())[int(first)] if kind in {"types", "taps", "sends"} else None
    if person:
        sent[first] += await _does(person, kind, second)
    elif kind == "store":
        bot.store.down = bot.notes.down = first
    elif kind == "doubled":
        zalo.delivery.doubled = first
    elif kind == "pass":
        zalo.clock.skip(first)
    elif kind == "fails":
        zalo.fails("code" if isinstance(first, int) else first, code=first if isinstance(first, int) else 0, path=CS)
    elif first:
        zalo.delivery.held = zalo.delivery.held or []
    elif zalo.delivery.held is not None:
        zalo.delivery.release(backwards=True)
    await asyncio.sleep(0.002)


async def _does(person: Person, kind: str, what: Any) -> bool:
    """Return whether it may count."""
    drawn = [message for message in person.sees if message.buttons]
    if kind == "types":
        await person.types(what)
    elif kind == "taps" and drawn:  # of old messages too
        message = drawn[-1 - what % len(drawn)]
        await person.taps(message.buttons[what % len(message.buttons)]["title"], message)
    elif kind == "sends":
        await person.sends(what, url="https://p.zdn.vn/a")
        return False
    return kind == "types" or bool(drawn)


async def come_to_rest(bot: Bot) -> None:
    """Let everything work again, and all that is under way come to its end."""
    bot.store.down = bot.notes.down = bot.zalo.delivery.doubled = False
    bot.zalo._faults.clear()  # noqa: SLF001  those nobody met
    if bot.zalo.delivery.held is not None:
        bot.zalo.delivery.release()
    while bot.channel._tasks or bot.zalo.delivery.busy:  # noqa: SLF001  until all is answered
        bot.zalo.clock.skip(5)
        await asyncio.sleep(0.002)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=st.lists(deeds, max_size=25))
async def test_every_answer_counts_once_and_the_last_reply_shows_where_they_are(
    plan: list[tuple[str, Any, Any]],
) -> None:
    async with started(ack_seconds=0.02) as bot:
        people = [bot.zalo.person("Lan"), bot.zalo.person("Minh")]
        for person in people:
            await walk(person)
        before = [(await bot.kept(person)).turns for person in people]
        sent = [0, 0]
        with capture_logs() as log:
            for deed in plan:
                await do(bot, deed, sent)
            await come_to_rest(bot)
            for person in people:
                seen = len(person.sees)
                await person.types("nghe lại")
                await come_to_rest(bot)
                assert len(person.sees) > seen
        assert [each["event"] for each in log if "exc_info" in each] == []
        assert {each.status for each in bot.zalo.delivery.tried} == {200}
        for person, first, number in zip(people, before, sent, strict=True):
            kept = await bot.kept(person)
            # Marking someone as away, and taking that back, are turns too: two for each that Zalo refused for good.
            refused = sum(deed[0] == "fails" and deed[1] == -227 for deed in plan)
            assert kept.turns - first <= number + 1 + refused
            shown = await bot.tutor.look(account(person))
            assert plain(shown.text).splitlines()[0] in person.sees[-1].text


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=st.lists(said, min_size=3, max_size=12))
async def test_a_zalo_that_brings_everything_twice_changes_nothing(plan: list[tuple[str, Any, Any]]) -> None:
    ends = []
    for doubled in (False, True):
        async with started() as bot:
            people = [bot.zalo.person("Lan"), bot.zalo.person("Minh")]
            for person in people:
                await walk(person)
            bot.zalo.delivery.doubled = doubled
            for deed in plan:
                await do(bot, deed, [0, 0])
                await come_to_rest(bot)
                bot.zalo.delivery.doubled = doubled
            kept = [await bot.kept(person) for person in people]
            told = [[message.text for message in person.sees] for person in people]
            ends.append(([(each.turns, each.place, each.spots, each.done) for each in kept], told))
    assert ends[0] == ends[1]
