"""How names and abbreviations are said aloud: `lessons/pronunciation.yaml`."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.core.lesson import Items
from bot.core.yaml_file import FileModel, fault

LONGEST = 80  # characters

_runs = re.compile(r"\d+|[^\W\d_]+")


def check_written(text: str) -> str:
    """Return what stands in a text; raise what tells the editor that it can't be found there."""
    if not text[:1].isalnum() or len(text) > LONGEST or "**" in text or "\n" in text or text != text.strip():
        raise fault("not-findable", text=text[:LONGEST], limit=LONGEST)
    return text


def check_said(text: str) -> str:
    """Return what is said; raise what tells the editor that a voice would have to guess."""
    wrong = next((char for char in text if not (char.isalpha() or char in " ,'-" or unicodedata.combining(char))), "")
    if wrong:
        raise fault("not-sayable", sign=wrong, text=text)
    if not any(map(str.isalpha, text)):
        raise fault("says-nothing")
    return text


def check_letter(text: str) -> str:
    """Return the letter; raise what tells the editor that it is none."""
    if len(text) != 1 or text.lower() != text or not text.isalpha():
        raise fault("no-small-letter", text=text)
    return text


def check_dialled(text: str) -> str:
    """Return the number; raise what tells the editor that nobody dials it."""
    if not re.fullmatch(r"[0-9]{3,8}", text):
        raise fault("no-short-number", text=text)
    return text


Written = Annotated[str, AfterValidator(check_written)]
Said = Annotated[str, Field(max_length=200), AfterValidator(check_said)]
Letter = Annotated[str, AfterValidator(check_letter)]


class Sayings(FileModel):
    """How things are said in one language."""

    words: dict[Written, Said] = Field(default_factory=dict)  # names and abbreviations
    units: dict[Written, Said] = Field(default_factory=dict)  # what may stand behind a number
    letters: dict[Letter, Said] = Field(default_factory=dict)  # for abbreviations that aren't among the words

    def word(self, written: str) -> str | None:
        """Return how a word is said: one in small letters is meant however its letters are written."""
        return self.words.get(written) or self.words.get(written.lower())

    @cached_property
    def beginnings(self) -> Mapping[str, re.Pattern[str]]:
        """By their first run of letters or digits, in small letters: what finds the words, the longest first."""
        found: dict[str, list[str]] = {}
        for written in sorted(self.words, key=len, reverse=True):
            found.setdefault(_runs.findall(written)[0].lower(), []).append(written)
        return {first: re.compile("|".join(map(_whole, each))) for first, each in found.items()}

    @cached_property
    def unit(self) -> str:
        """The pattern that finds a unit, the longest first."""
        return "|".join(map(re.escape, sorted(self.units, key=len, reverse=True))) or "(?!)"


class Pronunciation(FileModel):
    """The whole file."""

    format: Literal[1]
    vi: Sayings = Sayings()
    en: Sayings = Sayings()
    dialled: Items[Annotated[str, AfterValidator(check_dialled)]] = ()  # short numbers that people call or text

    def of(self, lang: str) -> Sayings:
        """Return how things are said in this language."""
        return self.vi if lang == "vi" else self.en


NOTHING = Pronunciation(format=1)  # numbers are said in words even so


def _whole(written: str) -> str:
    """Return the pattern of a word that doesn't go on behind what is written."""
    text = re.escape(written) if written != written.lower() else f"(?i:{re.escape(written)})"
    last = written[-1]
    return text + (r"(?!\d)" if last.isdecimal() else r"(?![^\W\d_])" if last.isalpha() else "")
