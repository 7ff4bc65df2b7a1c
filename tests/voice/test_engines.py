"""What every engine promises, and how they are chosen by name."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import gtts.tts  # type: ignore[import-untyped]  # it ships no types
import numpy as np
import pytest
import test_piper
from fake_google import fake_google
from made_sounds import file_of, speech
from test_recorded import record

from bot.voice.engine import CantSay, Engine, EngineSettings
from bot.voice.engines import NAMES, NoSuchEngine, engines
from bot.voice.fault import fault
from bot.voice.level import loudness
from bot.voice.sound import Sound
from bot.voice.speaker import Speaker

TEXTS = {
    "vi": "Bác hãy tắt máy, rồi hỏi người nhà. Một: đúng. Hai: sai.",
    "en": "Hang up, then ask your family. One: right. Two: wrong.",
}
LANG = {"recorded": "vi", "gtts": "vi", "piper": "en", "espeak": "vi"}


@pytest.fixture(params=NAMES)
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    name: str = request.param
    models = {"en": test_piper.model()} if name == "piper" else {}
    record(tmp_path / "vi", TEXTS["vi"], "a.wav", file_of(speech(TEXTS["vi"], pitch=200)))
    with fake_google() as fake:
        monkeypatch.setattr(gtts.tts, "_translate_url", lambda **_: fake.url)
        [made] = engines([name], EngineSettings(recordings=tmp_path, piper=models, pace=0))
        yield made


def test_it_says_what_it_is(engine: Engine) -> None:
    known = {
        "recorded": ("recorded", False),
        "gtts": ("good", True),
        "piper": ("good", False),
        "espeak": ("robot", False),
    }
    assert (engine.quality, engine.online) == known[engine.name]
    lang = LANG[engine.name]
    assert engine.voice(lang) == engine.voice(lang)
    assert engine.voice(lang, TEXTS[lang]).startswith(engine.voice(lang))
    assert engine.voice(f"{lang}-xyz") == engine.voice(lang)
    assert engine.voice("xx") == engine.voice("xx", "text") == engine.voice("") == ""


@pytest.mark.parametrize("slow", [False, True])
def test_what_it_says_becomes_a_clip(engine: Engine, slow: bool) -> None:
    lang = LANG[engine.name]
    speech = Speaker([engine]).say(TEXTS[lang], lang, slow=slow)
    assert (speech.engine, speech.quality) == (engine.name, engine.quality)
    assert speech.voice == engine.voice(lang, TEXTS[lang])
    sound = speech.sound
    assert fault(sound, TEXTS[lang]) == ""
    assert loudness(sound) == pytest.approx(-18, abs=0.5)
    assert np.abs(sound.samples).max() <= 10 ** (-1 / 20) + 1e-6
    assert _silence(sound) <= _silence(Sound(sound.samples[::-1].copy(), sound.rate)) + 0.12 <= 0.24


def _silence(sound: Sound) -> float:
    """Seconds before the first sample above -45 dBFS."""
    return float(np.argmax(np.abs(sound.samples) > 10 ** (-45 / 20))) / sound.rate


def test_what_it_cannot_say_never_changes(engine: Engine) -> None:
    for text, lang in ((TEXTS["vi"], "xx"), ("…", LANG[engine.name])):
        with pytest.raises(CantSay) as refused:
            engine.say(text, lang, slow=False)
        assert refused.value.again_in is None
        assert str(refused.value).endswith(".")


def test_two_threads_at_once(engine: Engine) -> None:
    lang = LANG[engine.name]
    heard: list[Sound] = []
    threads = [Thread(target=lambda: heard.append(engine.say(TEXTS[lang], lang, slow=False))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [fault(sound, TEXTS[lang]) for sound in heard] == ["", ""]


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["gtss"], "There is no voice engine 'gtss'; did you mean 'gtts'?"),
        (["google"], "There is no voice engine 'google'; known here: espeak, gtts, piper, recorded"),
        (["espeak", "espeak"], "The voice engine 'espeak' is named twice; once is enough."),
    ],
)
def test_wrong_names_are_told(names: list[str], why: str) -> None:
    with pytest.raises(NoSuchEngine) as refused:
        engines(names, EngineSettings())
    assert str(refused.value) == why


def test_they_come_in_the_order_of_their_names() -> None:
    assert [each.name for each in engines(["espeak", "recorded"], EngineSettings())] == ["espeak", "recorded"]
    assert engines([], EngineSettings()) == []


def test_an_engines_library_is_loaded_only_when_the_engine_is_wanted() -> None:
    program = """
import sys
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
for names in ([], ["recorded"], ["piper"], ["espeak"], ["gtts"]):
    engines(names, EngineSettings())
    print(*sorted({"requests", "gtts", "piper", "espeakng_loader"} & sys.modules.keys()))
"""
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])  # noqa: S603
    assert told.stdout.split("\n") == ["", "", "", "espeakng_loader", "espeakng_loader gtts requests", ""]
