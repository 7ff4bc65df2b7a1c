"""A volunteer's voice note: what is wrong with it is found by a process of its own, and what is good is a recording."""

from functools import lru_cache

import numpy as np
import pytest
from made_sounds import FLAC, OPUS, file_of, row, silence, tone

from bot.voice import opus
from bot.voice.engine import EngineSettings
from bot.voice.engines.espeak import make
from bot.voice.level import LOUDNESS, loudness
from bot.voice.reading import checked
from bot.voice.reading.note import Checked, Job, check
from bot.voice.sound import Sound, resampled

TEXT = "Mã này chỉ dùng một lần. Bác không đọc cho ai."


@lru_cache
def spoken(text: str = TEXT) -> Sound:
    """The text by a voice of this machine, as loud as people record."""
    said = resampled(make(EngineSettings()).say(text, "vi", slow=False), 24_000)
    return louder(said, 0.3)


def louder(sound: Sound, peak: float) -> Sound:
    return Sound(np.float32(peak / np.abs(sound.samples).max()) * sound.samples, sound.rate)


def noised(sound: Sound, decibels: float) -> Sound:
    """Put noise under a sound, so many decibels below it."""
    chance = np.random.default_rng(1).standard_normal(len(sound.samples))
    power = np.sqrt(np.square(sound.samples).mean()) * 10 ** (-decibels / 20)
    return Sound((sound.samples + power * chance).astype(np.float32), sound.rate)


GOOD = row(silence(1.0), spoken(), silence(2.0))


def note(sound: Sound, text: str = TEXT) -> Checked:
    return check(Job(file_of(sound, OPUS), text))


def test_a_good_one_becomes_a_recording() -> None:
    found = note(noised(GOOD, 30))
    assert found.why is None, found.sentence
    sound = opus.decode(found.sound)
    assert sound.seconds == pytest.approx(found.seconds, abs=0.1)
    assert sound.seconds < spoken().seconds + 0.5  # the silence is gone
    assert loudness(sound) == pytest.approx(LOUDNESS, abs=1.5)


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (silence(3.0), "silent"),
        (louder(GOOD, 0.003), "quiet"),
        (Sound(np.clip(louder(spoken(), 5.0).samples, -1, 1), 24_000), "clipped"),
        (spoken("Mã."), "short"),
        (row(*[spoken("Mã này dùng một lần.")] * 12), "long"),
        (row(spoken("Mã này chỉ dùng một lần."), silence(3.5), spoken("Bác không đọc cho ai.")), "gap"),
        (noised(GOOD, 3), "noisy"),
        (tone(300, 61.0), "endless"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_is_found(sound: Sound, why: str) -> None:
    assert note(sound).why == why


def test_a_pause_between_sentences_is_no_fault() -> None:
    said = row(spoken("Mã này chỉ dùng một lần."), silence(1.2), spoken("Bác không đọc cho ai."))
    assert note(said).why is None


def test_what_is_no_sound() -> None:
    assert check(Job(b"\x89PNG no sound", TEXT)).why == "no sound"


@pytest.mark.anyio
async def test_the_process_answers_and_survives_anything() -> None:
    good = await checked(file_of(GOOD, FLAC), TEXT)
    assert (good.why, bool(good.sound)) == (None, True)
    assert (await checked(b"", TEXT)).why == "no sound"
    assert (await checked(bytes(3_000_000), TEXT)).why == "endless"
