"""The engines in their order: the first that can speaks, and one that fails is left alone for a while."""

from collections.abc import Callable
from threading import Thread

import numpy as np
import pytest
from made_engines import Clock, MadeEngine, raises
from made_sounds import row, silence, speech

from bot.voice.clip import Quality
from bot.voice.engine import AskedToWait, CantSay
from bot.voice.level import loudness
from bot.voice.sound import Sound
from bot.voice.speaker import Speaker

TEXT = "Xin chào bác."
ROBOT = Quality.ROBOT


def why(speaker: Speaker, text: str = TEXT, only: str = "") -> tuple[str, float | None]:
    with pytest.raises(CantSay) as refused:
        speaker.say(text, "vi", only=only)
    return str(refused.value), refused.value.again_in


def test_the_first_that_can_speaks() -> None:
    engines = [
        MadeEngine("english", langs=("en",)),
        MadeEngine("picky", raises(CantSay("Not this one."))),
        MadeEngine("first"),
        MadeEngine("second"),
    ]
    speaker = Speaker(engines)
    said = speaker.say(TEXT, "vi")
    assert (said.engine, said.voice, said.quality) == ("first", "vi-hum", ROBOT)
    assert [each.asked for each in engines] == [0, 1, 1, 0]
    assert speaker.counts() == {("english", "unable"): 1, ("picky", "unable"): 1, ("first", "said"): 1}


def test_what_comes_back_is_trimmed_and_levelled() -> None:
    speaker = Speaker([MadeEngine("one", lambda text: row(silence(1.5), speech(text, loud=0.05), silence(1.5)))])
    sound = speaker.say(TEXT, "vi").sound
    assert sound.seconds == pytest.approx(speech(TEXT).seconds + 0.2, abs=0.15)
    assert loudness(sound) == pytest.approx(-18, abs=0.5)


def _times(factor: float) -> Callable[[str], Sound]:
    return lambda text: Sound(speech(text).samples * np.float32(factor), 24_000)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (_times(np.nan), "The sound has samples that aren't numbers, or far out of all bounds."),
        (_times(1e30), "The sound has samples that aren't numbers, or far out of all bounds."),
        (lambda _: silence(1), "The sound is silent."),
        (lambda _: silence(0), "The sound is empty."),
        (lambda _: speech("a " * 60), "The sound is too long: 15.0 seconds for 3 syllables."),
        (lambda _: Sound(speech("a").samples[:4_000], 24_000), "The sound is too short: 0.2 seconds for 3 syllables."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("online", [True, False])
def test_a_bad_sound_is_not_used(does: Callable[[str], Sound], told: str, online: bool) -> None:
    speaker = Speaker([MadeEngine("bad", does, online=online), MadeEngine("good")], Clock())
    assert speaker.say(TEXT, "vi").engine == "good"
    assert why(speaker, only="bad") == (f"bad: {told}", 60.0 if online else None)


def test_an_engine_that_fails_is_left_alone_and_tried_again() -> None:
    clock = Clock()
    weak, strong = MadeEngine("weak", raises(CantSay("No server.", 60)), online=True), MadeEngine("strong")
    speaker = Speaker([weak, strong], clock)
    for _ in range(5):
        assert speaker.say(TEXT, "vi").engine == "strong"
    assert weak.asked == 3
    assert why(speaker, only="weak") == ("weak: It failed before and is left alone for 30 seconds more.", 30)
    assert speaker.counts() == {("weak", "failed"): 3, ("weak", "resting"): 3, ("strong", "said"): 5}
    clock.now += 30
    weak.does = speech
    assert [speaker.say(TEXT, "vi").engine for _ in range(2)] == ["weak", "weak"]


def test_asked_to_wait_it_waits_at_once() -> None:
    clock = Clock()
    busy = MadeEngine("busy", raises(AskedToWait("Too many.", 120)), online=True)
    speaker = Speaker([busy], clock)
    assert why(speaker) == ("busy: Too many.", 120)
    clock.now += 100
    assert why(speaker) == ("busy: It failed before and is left alone for 20 seconds more.", 20)
    assert busy.asked == 1


def test_texts_it_cannot_say_are_no_faults() -> None:
    picky = MadeEngine("picky", raises(CantSay("Not this one.")))
    local = MadeEngine("local", lambda _: silence(1))
    speaker = Speaker([picky, local])
    for _ in range(5):
        assert why(speaker) == ("picky: Not this one. local: The sound is silent.", None)
    assert (picky.asked, local.asked) == (5, 5)


def test_an_engine_that_breaks_down_is_told_and_passed_by() -> None:
    speaker = Speaker([MadeEngine("broken", raises(KeyError("x"))), MadeEngine("good")])
    assert speaker.say(TEXT, "vi").engine == "good"
    assert why(speaker, only="broken") == ("broken: It broke down (KeyError).", 60)


def test_all_reasons_are_told_with_the_soonest_time() -> None:
    engines = [
        MadeEngine("none", langs=()),
        MadeEngine("down", raises(CantSay("No server.", 60)), online=True),
        MadeEngine("busy", raises(AskedToWait("Too many.", 20)), online=True),
    ]
    told = "none: It has no voice for this. down: No server. busy: Too many."
    assert why(Speaker(engines)) == (told, 20)
    assert why(Speaker([])) == ("There is no voice engine in config.yaml.", None)


@pytest.mark.parametrize("text", ["", " …?!"])
def test_nothing_to_say(text: str) -> None:
    assert why(Speaker([MadeEngine("one")]), text) == ("There is nothing to say in the text.", None)


def test_a_text_has_3000_characters_at_most() -> None:
    engine = MadeEngine("one")
    assert Speaker([engine]).say(("chào bác. " * 300)[:3_000], "vi").sound.seconds > 60
    assert why(Speaker([engine]), "a " * 1_600) == ("The text has 3,200 characters; at most 3,000 are spoken.", None)


def test_only_one_engine_if_wanted() -> None:
    speaker = Speaker([MadeEngine("first"), MadeEngine("second")])
    assert speaker.say(TEXT, "vi", only="second").engine == "second"
    with pytest.raises(ValueError, match=r"^Voice engine 'secnod' isn't set up; did you mean 'second'\?$"):
        speaker.say(TEXT, "vi", only="secnod")


def test_many_threads_at_once() -> None:
    clock = Clock()
    weak, strong = MadeEngine("weak", raises(CantSay("No server.", 60)), online=True), MadeEngine("strong")
    speaker = Speaker([weak, strong], clock)
    said: list[str] = []
    threads = [Thread(target=lambda: said.extend(speaker.say(TEXT, "vi").engine for _ in range(10))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["strong"] * 40
    counts = speaker.counts()
    assert counts["weak", "failed"] == weak.asked <= 3 + 3  # three threads may be on their way when it opens
    assert counts["weak", "failed"] + counts["weak", "resting"] == 40
