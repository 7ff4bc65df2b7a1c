"""The voice that is always there: it speaks, slower when asked, and never takes the program down."""

import subprocess
import sys
from pathlib import Path
from threading import Thread

import espeakng_loader  # type: ignore[import-untyped]  # it ships no types
import numpy as np
import pytest
from made_sounds import rms

from bot.voice.engine import CantSay
from bot.voice.engines import espeak
from bot.voice.engines.espeak import Espeak
from bot.voice.fault import fault
from bot.voice.sound import Sound

TEXT = "Công an xã không bao giờ gọi điện yêu cầu bà con bấm vào đường dẫn. Một: đúng. Hai: sai."
ENGLISH = "Never give your code to anyone who calls you. One: right. Two: wrong."


def say(text: str = TEXT, lang: str = "vi", *, slow: bool = False) -> Sound:
    return Espeak().say(text, lang, slow=slow)


@pytest.mark.parametrize(("text", "lang"), [(TEXT, "vi"), (ENGLISH, "en"), ("Một.", "vi"), ("Yes.", "en")])
def test_speaks_and_slower_when_asked(text: str, lang: str) -> None:
    normal, slow = say(text, lang), say(text, lang, slow=True)
    for sound in (normal, slow):
        assert fault(sound, text) == ""
        assert sound.rate == 22_050
        assert -25 < rms(sound) < -15
        assert np.abs(sound.samples).max() <= 1
    assert slow.seconds / normal.seconds == pytest.approx(1.25, abs=0.07)


def test_voices() -> None:
    engine = Espeak({"vi-thanhhoa": "vi-vn-x-central"})
    voices = [engine.voice(lang) for lang in ("vi", "vi-thanhhoa", "vi-hue", "en", "xx", "")]
    assert voices == ["vi", "vi-vn-x-central", "vi", "en", "", ""]
    north, central = (engine.say(TEXT, lang, slow=False) for lang in ("vi", "vi-thanhhoa"))
    assert central.seconds != north.seconds


@pytest.mark.parametrize("text", ["", "…", "?!"])
def test_only_signs_are_nothing_to_say(text: str) -> None:
    with pytest.raises(CantSay, match=r"^There is nothing to say in the text\.$"):
        say(text)


def test_what_it_has_no_voice_for() -> None:
    with pytest.raises(CantSay, match=r"^espeak has no voice for 'xx'\.$"):
        say(lang="xx")
    with pytest.raises(CantSay, match=r"^espeak has no voice 'nobody'\.$"):
        Espeak({"vi": "nobody"}).say(TEXT, "vi", slow=False)
    assert say().seconds > 3  # and is well afterwards


@pytest.mark.parametrize(
    "text", ["a\0b", "<speak><break time='9s'/>chào</speak>", "[[h@l'oU]] chào", "\ud800 chào", "👋 chào"]
)
def test_signs_mean_nothing_to_it(text: str) -> None:
    assert 0.2 < say(text).seconds < 9


def test_nothing_is_lost_after_a_nul() -> None:
    assert say("một\0 hai ba bốn").seconds == pytest.approx(say("một hai ba bốn").seconds, abs=0.1)


def test_3000_characters_are_said_whole_and_more_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    long = ("Bác bấm vào nút màu xanh ở cuối trang, chờ một chút. " * 60)[:3_000].strip()
    assert fault(say(long), long) == ""
    monkeypatch.setattr(espeak, "MOST_SECONDS", 5.0)
    with pytest.raises(CantSay, match=r"^espeak would speak this text for over 5 seconds\.$"):
        say(long)
    assert espeak._library()._left > -100_000  # bytes: it was stopped, not just left unheard  # noqa: SLF001
    assert fault(say("Một."), "Một.") == ""


def test_threads_take_turns() -> None:
    """Voice and speed are the library's global variables: mixed up, lengths would differ by more than its 0.02."""
    wanted = {(lang, slow): say(text, lang, slow=slow).seconds for lang, text in _BOTH for slow in (False, True)}
    heard: list[tuple[float, float]] = []

    def speak(lang: str, text: str, *, slow: bool) -> None:
        heard.extend((say(text, lang, slow=slow).seconds, wanted[lang, slow]) for _ in range(5))

    threads = [Thread(target=speak, args=both, kwargs={"slow": slow}) for both in _BOTH for slow in (False, True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 20
    assert all(got == pytest.approx(right, abs=0.06) for got, right in heard)


_BOTH = (("vi", TEXT), ("en", ENGLISH))

PROGRAM = """
import sys
from bot.voice.engine import CantSay
from bot.voice.engines.espeak import _Library
try:
    _Library(*sys.argv[1:])
except CantSay as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("path", "data", "why"),
    [
        ("", "/nowhere", "espeak can't read its data in /nowhere."),
        ("", "/" + "x" * 200, f"espeak can't read its data: the path /{'x' * 200} is longer than 159 bytes."),
        ("/nowhere.so", "/", "espeak's library can't be loaded: /nowhere.so: cannot open shared object file"),
    ],
)
def test_a_library_that_is_not_whole_is_told_not_fatal(path: str, data: str, why: str) -> None:
    library = path or espeakng_loader.get_library_path()
    command = [sys.executable, "-c", PROGRAM, library, data]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])  # noqa: S603
    assert told.stdout.startswith(why)


def test_vietnamese_names_in_english_are_said_and_not_spelled_out() -> None:
    engine = Espeak()
    name, plain = "Thẻ căn cước, đổi ở đâu.", "The can cuoc, doi o dau."
    told = engine.say(plain, "en", slow=True).seconds
    assert engine.say(name, "en", slow=True).seconds == pytest.approx(told, abs=0.05)
    assert fault(engine.say(name, "en", slow=True), name) == ""
    assert engine.say(name, "vi", slow=False).seconds != engine.say(plain, "vi", slow=False).seconds
