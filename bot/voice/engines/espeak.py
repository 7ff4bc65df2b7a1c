"""espeak-ng: a voice that is always there, offline, from the wheel espeakng-loader. A robot, hard to follow.

The library keeps its voice and speed in global variables: one text at a time in a process.
"""

import ctypes
import os
from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any
from unicodedata import combining, normalize

import espeakng_loader  # type: ignore[import-untyped]  # it ships no types
import numpy as np

from bot.voice.clip import Quality
from bot.voice.engine import SLOW, CantSay, EngineSettings, language_of, speakable
from bot.voice.sound import Sound

VOICES = {"vi": "vi", "en": "en"}  # by language; vi is the Northern voice. There are vi-vn-x-central and -south too
SPEED = 150  # words a minute, as espeak counts; Vietnamese gets about 3 syllables a second
MOST_SECONDS = 900.0

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: Synth returns when all is spoken
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: without its data it would end the whole program
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4  # espeak_PARAMETER
_UTF8 = 1  # espeakCHARS_UTF8; other flags would read <tags> and [[phonemes]] as such
_PLAIN = str.maketrans("đĐ", "dD")
_LONGEST_PATH = 159  # bytes of the data's path; from 160 on espeak looks elsewhere

_Heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_lock = Lock()


class Espeak:
    """Speaks `voices` (language or dialect -> espeak's name) and, for what isn't named there, VOICES."""

    name = "espeak"
    quality = Quality.ROBOT
    online = False

    def __init__(self, voices: Mapping[str, str] | None = None) -> None:
        self._voices = {**VOICES, **(voices or {})}

    def voice(self, lang: str, text: str = "") -> str:  # noqa: ARG002  it has one voice a language
        return self._voices.get(lang) or self._voices.get(language_of(lang), "")

    def say(self, text: str, lang: str, *, slow: bool) -> Sound:
        voice = self.voice(lang)
        if not voice:
            raise CantSay(f"espeak has no voice for {lang!r}.")
        if not speakable(text):
            raise CantSay("There is nothing to say in the text.")
        speed = round(SPEED * SLOW) if slow else SPEED
        if language_of(lang) != "vi":
            text = _without_marks(text)
        with _lock:
            return _library().say(text, voice, speed)


def _without_marks(text: str) -> str:
    """Return Vietnamese names as another language can say them: it would spell out every letter with a mark."""
    return "".join(letter for letter in normalize("NFD", text) if not combining(letter)).translate(_PLAIN)


class _Library:
    """libespeak-ng, loaded and told where its data is. Not for two threads at once."""

    def __init__(self, path: str, data: str) -> None:
        if len(os.fsencode(data)) > _LONGEST_PATH:
            raise CantSay(f"espeak can't read its data: the path {data} is longer than {_LONGEST_PATH} bytes.")
        try:
            self._lib: Any = ctypes.CDLL(path)
        except OSError as error:
            raise CantSay(f"espeak's library can't be loaded: {error}.") from error
        self.rate: int = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), _DONT_EXIT)
        if self.rate <= 0:
            raise CantSay(f"espeak can't read its data in {data}.")
        self._heard = _Heard(self._hear)  # kept, since C calls it
        self._lib.espeak_SetSynthCallback(self._heard)
        self._pieces: list[bytes] = []
        self._left = 0  # bytes that may come yet

    def say(self, text: str, voice: str, speed: int) -> Sound:
        if self._lib.espeak_SetVoiceByName(voice.encode()):
            raise CantSay(f"espeak has no voice {voice!r}.")
        for parameter, value in ((_RATE, speed), (_VOLUME, 100), (_PITCH, 50), (_RANGE, 50)):
            self._lib.espeak_SetParameter(parameter, value, 0)
        self._pieces = []
        self._left = int(MOST_SECONDS * self.rate) * 2
        data = text.replace("\0", " ").encode("utf-8", "replace")
        failed = self._lib.espeak_Synth(data, ctypes.c_size_t(len(data) + 1), 0, 1, 0, _UTF8, None, None)
        samples, self._pieces = np.frombuffer(b"".join(self._pieces), np.int16), []
        if failed:
            raise CantSay(f"espeak failed with its error {failed}.", 60.0)
        if self._left < 0:
            raise CantSay(f"espeak would speak this text for over {MOST_SECONDS:.0f} seconds.")
        return Sound(samples.astype(np.float32) / np.float32(32_768), self.rate)

    def _hear(self, wave: int | None, count: int, _events: int | None) -> int:
        if wave and count > 0:
            self._left -= 2 * count
            self._pieces.append(ctypes.string_at(wave, 2 * count))
        return int(self._left < 0)  # anything but 0 ends it


@cache
def _library() -> _Library:
    """Load it at the first use; raises CantSay, and is tried again at the next."""
    try:
        data = espeakng_loader.get_data_path()
    except RuntimeError as error:
        raise CantSay("espeak's data isn't there; install the package espeakng-loader again.") from error
    return _Library(espeakng_loader.get_library_path(), data)


def make(settings: EngineSettings) -> Espeak:
    """Make the engine as config.yaml wants it."""
    return Espeak(settings.espeak)
