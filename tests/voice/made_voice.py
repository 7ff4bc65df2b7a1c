"""A voice that costs next to nothing, and the small library as files, for tests of what is made ahead and recorded."""

from collections import Counter
from pathlib import Path
from shutil import copytree

from made_sounds import speech
from small import COURSE, FIRST_LESSON, IN_ENGLISH, REPO, SECOND_LESSON

from bot.voice.clip import Quality
from bot.voice.engine import CantSay
from bot.voice.shelf import Shelf
from bot.voice.sound import Sound
from bot.voice.speaker import Speaker
from bot.voice.voice import Voice


class Counted:
    """An engine that remembers what it was asked, and fails on what it is told to."""

    def __init__(self, name: str = "robot", quality: Quality = Quality.ROBOT, *, online: bool = False) -> None:
        self.name, self.quality, self.online = name, quality, online
        self.asked: Counter[str] = Counter()
        self.fails: set[str] = set()

    def voice(self, lang: str, _text: str = "") -> str:
        return lang

    def say(self, text: str, _lang: str, *, slow: bool) -> Sound:
        self.asked[text] += 1
        if text in self.fails or "*" in self.fails:
            raise CantSay("It is away.", 1.0)
        return speech(text if not slow else f"{text} {text}", rate=8_000)


def voice_of(folder: Path, *engines: Counted) -> Voice:
    return Voice(Speaker(engines), Shelf(folder / "clips"))


def small_home(folder: Path, engines: str = "[espeak]") -> Path:
    """Write the small library and settings into a folder."""
    lessons = folder / "lessons" / "khoa"
    lessons.mkdir(parents=True)
    copytree(REPO / "tests/lessons" / "phrases", folder / "lessons" / "phrases")
    files = {
        "course": COURSE,
        "bai-01-mot": FIRST_LESSON,
        "bai-02-hai": SECOND_LESSON,
        "bai-02-hai.en": IN_ENGLISH,
    }
    for name, text in files.items():
        (lessons / f"{name}.yaml").write_text(text, encoding="utf-8")
    settings = f"lessons: lessons\ndata: var\nvoice:\n  engines: {engines}\n"
    (folder / "config.yaml").write_text(settings, encoding="utf-8")
    return folder
