"""Piper: neural voices on this machine, each a model file. Wants the extra `hocso[piper]`.

Its noise is switched off, so that a text always gives the same sound.
"""

import hashlib
import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from bot.voice.clip import Quality
from bot.voice.engine import CantSay, EngineSettings, language_of
from bot.voice.parts import parts
from bot.voice.sound import Sound, joined

MOST = 250  # characters spoken at once: memory grows with the square of a sentence (3,000 characters: 3 GB)
SLOWER = 1.33  # length_scale of slow speech; Piper rounds, so that 1.33 makes a text 1.25 times as long (measured)
AGAIN = 300.0  # seconds after which a model that failed is tried again
PAUSE = 0.2  # seconds between sentences


class Piper:
    """Speaks the languages and dialects that have a model; each is loaded at its first use, and stays."""

    name = "piper"
    quality = Quality.GOOD
    online = False

    def __init__(self, models: Mapping[str, Path]) -> None:
        self._models = dict(models)
        self._lock = Lock()
        self._loaded: dict[Path, Any] = {}
        self._marks: dict[Path, tuple[tuple[int, int], str]] = {}

    def voice(self, lang: str, text: str = "") -> str:  # noqa: ARG002  it has one voice a language
        """Name the language and the model: clips are made anew when another model takes its place."""
        model = self._model(lang)
        return f"{lang if lang in self._models else language_of(lang)}+{self._mark(model)}" if model else ""

    def say(self, text: str, lang: str, *, slow: bool) -> Sound:
        model = self._model(lang)
        if not model:
            raise CantSay(f"Piper has no model for {lang!r}.")
        pieces = parts(text.replace("[[", " "), MOST)  # it would take what is within for phonemes
        if not pieces:
            raise CantSay("There is nothing to say in the text.")
        voice = self._voice(model, lang)
        factor = SLOWER if slow else 1.0
        sounds: list[Sound] = []
        pauses: list[float] = []
        try:
            how = import_module("piper").SynthesisConfig(
                length_scale=voice.config.length_scale * factor, noise_scale=0.0, noise_w_scale=0.0
            )
            for piece in pieces:
                for chunk in voice.synthesize(piece.text, how):
                    sounds.append(Sound(np.asarray(chunk.audio_float_array, np.float32), chunk.sample_rate))
                    pauses.append(PAUSE * factor)
                pauses[-1:] = [piece.pause * factor]
        except Exception as error:  # it and onnxruntime raise whatever they like
            raise CantSay(f"Piper failed ({type(error).__name__}: {error}).", AGAIN) from error
        if not sounds:
            raise CantSay("Piper finds nothing to say in the text.")
        return joined(sounds, pauses[:-1])

    def _model(self, lang: str) -> Path | None:
        return self._models.get(lang) or self._models.get(language_of(lang))

    def _voice(self, model: Path, lang: str) -> Any:  # noqa: ANN401  the package isn't always there
        with self._lock:
            if model not in self._loaded:
                if not model.is_file():
                    raise CantSay(f"Piper's model for {lang!r} isn't there: {model}.")
                try:
                    package = import_module("piper")
                except ImportError as error:
                    raise CantSay("Piper isn't installed; pip install 'hocso[piper]' does it.") from error
                try:
                    self._loaded[model] = package.PiperVoice.load(model)
                except Exception as error:  # it and onnxruntime raise whatever they like
                    why = f"Piper can't load {model} and its .json ({type(error).__name__})."
                    raise CantSay(why, AGAIN) from error
            return self._loaded[model]

    def _mark(self, model: Path) -> str:
        """Return 8 hexadecimal digits that change with the file; reads 1 MB of it, once."""
        try:
            with model.open("rb") as file:
                stat = os.fstat(file.fileno())
                seen = (stat.st_size, stat.st_mtime_ns)
                known = self._marks.get(model)
                if known and known[0] == seen:
                    return known[1]
                mark = hashlib.sha256(str(stat.st_size).encode())
                for sixteenth in range(16):
                    file.seek(stat.st_size * sixteenth // 16)
                    mark.update(file.read(65_536))
        except OSError:
            return "missing"
        self._marks[model] = (seen, mark.hexdigest()[:8])
        return self._marks[model][1]


def make(settings: EngineSettings) -> Piper:
    """Make the engine as config.yaml wants it."""
    return Piper(settings.piper)
