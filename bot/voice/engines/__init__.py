"""Voice engines, one file each. A new one is a file with `make(settings)`, and its name here."""

from collections.abc import Sequence
from importlib import import_module
from typing import cast

from bot.core.problem import nearest
from bot.voice.engine import Engine, EngineSettings

# Imported when wanted: together their libraries take half a second.
_MODULES = {"recorded": "recorded", "gtts": "google", "piper": "piper", "espeak": "espeak"}

NAMES = tuple(_MODULES)  # the best first


class NoSuchEngine(ValueError):
    """A name in a list of engines that is none, or stands there twice; the sentence says which would be right."""


def engines(names: Sequence[str], settings: EngineSettings) -> list[Engine]:
    """Make the engines of these names, in their order. Nothing is loaded or asked yet.

    Raises NoSuchEngine.
    """
    for at, name in enumerate(names):
        if name not in _MODULES:
            raise NoSuchEngine(f"There is no voice engine {name!r}; {nearest(name, _MODULES)}")
        if name in names[:at]:
            raise NoSuchEngine(f"The voice engine {name!r} is named twice; once is enough.")
    made = (import_module(f"{__name__}.{_MODULES[name]}").make(settings) for name in names)
    return [cast("Engine", each) for each in made]
