"""What a voice engine is, and what it says when it can't speak."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.voice.clip import Quality
from bot.voice.sound import Sound

SLOW = 0.8  # speed of slow speech, 1 being normal
MOST_LETTERS = 3_000  # characters of one text: about four minutes


class CantSay(Exception):
    """A text that isn't spoken; `str()` says why, in one sentence.

    `again_in`: seconds after which it may work; None: never, with this text as things stand.
    """

    def __init__(self, why: str, again_in: float | None = None) -> None:
        super().__init__(why)
        self.again_in = again_in


class AskedToWait(CantSay):
    """The engine's server wants no request at all for `again_in` seconds."""

    def __init__(self, why: str, again_in: float) -> None:
        super().__init__(why, again_in)


class Engine(Protocol):
    """Turns text into sound. `say` blocks, so it is called in a thread, and in several at once."""

    @property
    def name(self) -> str:
        """How it is called in config.yaml, in addresses of clips and in reports."""

    @property
    def quality(self) -> Quality:
        """How well it is understood."""

    @property
    def online(self) -> bool:
        """Whether the text leaves this machine; such an engine keeps its own pace."""

    def voice(self, lang: str, text: str = "") -> str:
        """Name the voice in which it would say this, for a clip's address; "" if it can't.

        Without a text: whether it speaks the language at all. Costs a look at the disk at most. `lang`
        is a language, or one with a dialect: `vi`, `vi-thanhhoa`; whoever doesn't know the dialect
        speaks the language.
        """

    def say(self, text: str, lang: str, *, slow: bool) -> Sound:
        """Speak a text that is spelled out already, of 3,000 characters at most.

        Raises CantSay. What comes back is unchecked, untrimmed and of any loudness.
        """


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What engines are made from: plain values of config.yaml."""

    recordings: Path = Path("lessons/voice")  # folder with one folder a language
    piper: Mapping[str, Path] = field(default_factory=dict)  # language or dialect -> model file, *.onnx
    espeak: Mapping[str, str] = field(default_factory=dict)  # language or dialect -> another voice than espeak's first
    pace: float = 1.0  # seconds between two requests to an online voice, at least
    shared: Path | None = None  # folder in which all processes that speak keep that pace together


def language_of(lang: str) -> str:
    """Return the language of a dialect: `vi-thanhhoa` -> `vi`."""
    return lang.partition("-")[0]


_word = re.compile(r"[^\W_]")


def speakable(text: str) -> bool:
    """Whether there is anything to say: a letter or a digit."""
    return _word.search(text) is not None
