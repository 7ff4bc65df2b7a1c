"""What the editor needs of the program around it."""

from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.core.library import Library
from bot.pictures.gallery import Gallery
from bot.voice.voice import Voice


@dataclass(frozen=True, slots=True)
class Workshop:
    """`folder` has the lessons' files, `library` is what is taught now, `everyone` reads all learners' kept values."""

    folder: Path
    library: Callable[[], Library]
    everyone: Callable[[], AsyncIterable[list[bytes]]]
    voice: Voice | None = None
    gallery: Gallery | None = None
