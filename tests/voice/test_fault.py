"""What can't be a reading of the text is found without listening to it."""

import numpy as np
import pytest
from made_sounds import row, silence, speech, tone

from bot.voice.fault import fault, syllables
from bot.voice.sound import Sound

TEXT = "Bác hãy trả lời bằng số."  # 6 syllables


def _broken(value: float) -> Sound:
    samples = speech(TEXT).samples.copy()
    samples[100] = value
    return Sound(samples, 24_000)


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (speech(TEXT), ""),
        (silence(0), "The sound is empty."),
        (_broken(np.nan), "The sound has samples that aren't numbers, or far out of all bounds."),
        (_broken(np.inf), "The sound has samples that aren't numbers, or far out of all bounds."),
        (_broken(1e30), "The sound has samples that aren't numbers, or far out of all bounds."),
        (silence(2), "The sound is silent."),
        (speech(TEXT, loud=0.002), "The sound is too quiet: -65 LUFS, where -45 is the least."),
        (speech("một"), "The sound is too short: 0.2 seconds for 6 syllables."),
        (row(speech(TEXT), silence(10)), "The sound is too long: 11.5 seconds for 6 syllables."),
    ],
)
def test_each_fault_has_its_sentence(sound: Sound, why: str) -> None:
    assert fault(sound, TEXT) == why


def test_a_sound_cut_off_at_the_top() -> None:
    said = speech(TEXT, loud=1.0)
    cut = Sound(np.clip(4 * said.samples, -1, 1), said.rate)
    found = fault(cut, TEXT)
    assert found.startswith("The sound is cut off at the top, ")
    assert found.endswith("% of it, as if recorded too loud.")
    assert fault(Sound(0.5 * cut.samples, said.rate), TEXT) == found  # turned down afterwards
    assert not fault(tone(200, 1.5, loud=1.0), TEXT)  # a wave's own top is no plateau


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("... !", 0),
        ("nghiêng khuya quý giờ", 4),
        ("một trăm mười ba", 4),
        ("OTP", 1),
        ("QR", 2),
        ("113", 3),
        ("people and phones", 5),
    ],
)
def test_syllables_are_runs_of_vowels(text: str, count: int) -> None:
    assert syllables(text) == count
