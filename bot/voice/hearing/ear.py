"""What an ear is: it takes sound and gives the words in it, and how certain they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from bot.core.turn import Why
from bot.voice.sound import Samples

RATE = 16_000  # Hz of the sound that ears are given
FLOOR = 0.9  # certainty from which words may count as an answer; what two decodings of a few words agree on has 1

NONE = "none"  # the name of having no ear


@dataclass(frozen=True, slots=True)
class Kind:
    """How to come by an ear."""

    place: str  # `module:maker`; the maker takes the path of a model, or "", and raises CantHear
    needs: str  # the package that does the work, as it is imported
    get: str  # how to install that

    def lacks(self) -> str:
        """Return what is missing on this machine, in one sentence, or ""."""
        if find_spec(self.needs):
            return ""
        return f"The package {self.needs} is not installed; get it by: {self.get}"


# Name in the configuration -> the ear. Nothing of it is imported but where it hears, so that nobody else pays for it.
EARS: Mapping[str, Kind] = {
    "viet-asr": Kind("bot.voice.hearing.viet_asr:VietAsr", "vietasr", "pip install 'hocso[hear]'"),
    "sherpa": Kind("bot.voice.hearing.sherpa:Sherpa", "sherpa_onnx", "pip install sherpa-onnx"),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """Words in small letters, without punctuation; "" for sound without words. `certainty` is 0 to 1."""

    text: str
    certainty: float


class CantHear(Exception):
    """No words came of a sound; `why` is for the learner, `str()` is one sentence for the operator."""

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why: Why = why


class Ear(Protocol):
    """A recogniser. It may block, crash or hang: it lives in a process of its own."""

    @property
    def name(self) -> str:
        """Its name in the configuration."""

    def hear(self, samples: Samples) -> Heard:
        """Return the words in mono sound of 16 kHz, -1 to 1, up to a minute. Raises CantHear."""


def kind_of(name: str) -> Kind:
    """Return the ear of this name; raises CantHear, naming those there are."""
    if name not in EARS:
        known = ", ".join(sorted((*EARS, NONE)))
        raise CantHear("no ear", f"There is no ear {name!r}; there are {known}.")
    return EARS[name]


def made(place: str, model: str) -> Ear:
    """Make an ear; raises CantHear."""
    module, _, maker = place.partition(":")
    try:
        ear: Ear = getattr(import_module(module), maker)(model)
    except (ImportError, OSError) as error:  # OSError: a library in the package doesn't fit this machine
        raise CantHear("no ear", f"The ear can't be loaded: {error}") from error
    return ear
