"""How large a clip will be: guessed within a quarter for what is really said, and never a smaller number than ten."""

import pytest
from small import small_library

from bot.core.sayable import sayable
from bot.voice import opus
from bot.voice.engines.espeak import Espeak
from bot.voice.guess import bytes_of, rounded, seconds_of
from bot.voice.speaker import Speaker

PARTS = [part.text for part in sayable(small_library(), "vi", ("bac",)) if part.lesson == "bai-01"]


@pytest.mark.parametrize(("kbit", "slow"), [(12, False), (12, True), (24, False)])
def test_replies_are_guessed_within_a_quarter(kbit: int, *, slow: bool) -> None:
    speaker = Speaker([Espeak()])
    replies = [PARTS[at : at + 4] for at in range(0, 12, 4)]
    for reply in replies:
        sounds = [speaker.say(text, "vi", slow=slow).sound for text in reply]
        made = sum(len(opus.encode(sound, kbit)) for sound in sounds)
        assert sum(bytes_of(text, kbit, slow=slow) for text in reply) == pytest.approx(made, rel=0.25)
        heard = sum(sound.seconds for sound in sounds)
        assert sum(seconds_of(text, slow=slow) for text in reply) == pytest.approx(heard, rel=0.25)


@pytest.mark.parametrize(("size", "told"), [(0, 10), (14_999, 10), (15_001, 20), (83_000, 80), (300_000, 300)])
def test_a_size_is_told_in_whole_tens(size: int, told: int) -> None:
    assert rounded(size) == told
