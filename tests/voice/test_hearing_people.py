"""viet-asr on human speech, through the whole of hearing. Never on espeak's: no recogniser takes that for speech.

The speech lies in the package `vieneu`, which `make extras` downloads for this test and doesn't install.
"""

import io
import re
import sys
import zipfile
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from made_notes import RATE, packed, tone
from needs import missing
from rapidfuzz.distance import Levenshtein

from bot.core.turn import Spoke, Unheard
from bot.voice import opus
from bot.voice.hearing import Hearing
from bot.voice.sound import Samples, Sound, resampled

pytestmark = pytest.mark.anyio

SPEECH = Path(sys.prefix) / "speech-samples"
WRONG = 0.15  # share of words at most; 0.08 was measured


@pytest.fixture
def speech() -> dict[str, tuple[Sound, str]]:
    """Six people, each with a sentence."""
    wheels = sorted(SPEECH.glob("vieneu-*.whl"))
    if not wheels:
        missing("human speech; get it by: make extras")
    found = {}
    with zipfile.ZipFile(wheels[0]) as wheel:
        for name in wheel.namelist():
            if re.fullmatch(r"vieneu/assets/samples/.*\.wav", name):
                samples, rate = soundfile.read(io.BytesIO(wheel.read(name)), dtype="float32")
                text = wheel.read(name.removesuffix("wav") + "txt").decode().replace("19", "mười chín")
                found[Path(name).stem] = (Sound(samples, rate), text)
    assert len(found) == 6
    return found


@pytest.fixture
async def hearing() -> AsyncIterator[Hearing]:
    if find_spec("vietasr") is None:
        missing("viet-asr; get it by: make extras")
    hearing = Hearing("viet-asr")
    yield hearing
    await hearing.close()


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@pytest.mark.parametrize("form", ["telegram", "web"])
async def test_people_are_understood(form: str, speech: dict[str, tuple[Sound, str]], hearing: Hearing) -> None:
    wrong = total = 0
    for sound, text in speech.values():
        u_law = packed(resampled(sound, 8_000).samples, 8_000, subtype="ULAW")
        heard = await hearing.heard(opus.encode(sound, 16) if form == "telegram" else u_law)
        wrong += Levenshtein.distance(words(heard.text), words(text))
        total += len(words(text))
    assert total == 89
    assert wrong / total <= WRONG, f"{wrong} of {total} words"


async def test_what_was_heard_wrong_is_less_certain(speech: dict[str, tuple[Sound, str]], hearing: Hearing) -> None:
    certain: dict[bool, list[float]] = {True: [], False: []}
    for sound, text in speech.values():
        heard = await hearing.heard(packed(sound.samples, sound.rate))
        certain[words(heard.text) == words(text)].append(heard.certainty)
    assert certain[True]
    assert certain[False]
    assert np.mean(certain[True]) > np.mean(certain[False]) + 0.05


def music() -> Samples:
    """Return four chords, with a beat."""
    chords = [(220, 277, 330), (196, 247, 294), (175, 220, 262), (220, 277, 330)]
    beat = np.exp(-np.arange(RATE) / RATE * 4).astype(np.float32)
    played = [
        sum((tone(1, pitch=pitch * each, loud=0.1) for pitch in chord for each in (1, 2, 3)), 0 * beat) * beat
        for chord in chords
    ]
    return np.concatenate(played)


@pytest.mark.parametrize(
    "samples",
    [
        np.random.default_rng(1).normal(0, 0.1, 3 * RATE).astype(np.float32),
        tone(3, pitch=440),
        music(),
        np.sign(tone(3, pitch=50)) * np.float32(0.3),
    ],
    ids=["noise", "tone", "music", "hum"],
)
async def test_what_is_no_speech_answers_nothing(samples: Samples, hearing: Hearing) -> None:
    event = await hearing.hear(packed(samples))
    assert event == Unheard("silent") or (isinstance(event, Spoke) and not event.certain)
