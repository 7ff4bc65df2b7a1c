"""What the voice's commands have in common: their options, what they check first, how they write a file."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.app import voice_of
from bot.config import Config
from bot.console import fail, settings
from bot.core.library import FIRST, Library
from bot.core.problem import nearest
from bot.core.wording import FORMS
from bot.library import NothingToTeach, read_folder
from bot.voice import aac, files, forms
from bot.voice.clip import Format
from bot.voice.engine import language_of
from bot.voice.voice import Voice

CoursesOption = Annotated[list[str] | None, typer.Option("--course", help="Only this course; may be given again.")]
LangsOption = Annotated[list[str] | None, typer.Option("--lang", help="vi, en, or a dialect such as vi-thanhhoa.")]
EngineOption = Annotated[str, typer.Option("--engine", help="Only this voice of config.yaml.")]
AddressesOption = Annotated[
    list[str] | None, typer.Option("--address", help=f"Only this form of address: {', '.join(FORMS)}.")
]
AddressOption = Annotated[str, typer.Option("--address", help=f"How listeners are addressed: {', '.join(FORMS)}.")]
SlowOption = Annotated[bool | None, typer.Option("--slow/--no-slow", help="Only slow, or only normal; else both.")]
PackedOption = Annotated[
    Literal["ogg", "mp3", "aac", "all"],
    typer.Option("--format", help="ogg is heard nearly everywhere; mp3 by older iPhones, aac by Zalo."),
]
LangOption = Annotated[str, typer.Option("--lang", help="vi, en, or a dialect such as vi-thanhhoa.")]


def ready(config: Path | None, courses: Sequence[str] | None) -> tuple[Config, Library]:
    """Read settings and lessons; what can't be taught is named and left out."""
    chosen = settings(config)
    try:
        library, problems = read_folder(chosen.lessons)
    except NothingToTeach as error:
        fail(error)
    for problem in problems:
        typer.echo(f"Bài này chưa dạy được (left out): {problem}", err=True)
    known = [course[FIRST].id for course in library.courses]
    for course in courses or ():
        if course not in known:
            fail(f"There is no course {course!r}; {nearest(course, known)}")
    return chosen, library


@contextmanager
def speaking(config: Config, only: str) -> Iterator[Voice]:
    """Set up the voice of these settings; `only` one of its engines, if that is named."""
    names = config.voice.engines
    if only and only not in names:
        fail(f"Voice engine {only!r} isn't set up in config.yaml; {nearest(only, names)}")
    if not names:
        fail("There is no voice engine in config.yaml; put 'espeak' into voice: engines.")
    voice = voice_of(config.voice, config.lessons)
    try:
        yield voice
    finally:
        asyncio.run(voice.close())


def langs(given: Sequence[str] | None, library: Library) -> list[str]:
    """Return the languages asked for, else all; each may have a dialect."""
    for lang in given or ():
        if language_of(lang) not in library.phrases:
            fail(f"There is no language {lang!r}; {nearest(lang, library.phrases)}")
    return list(dict.fromkeys(given or sorted(library.phrases, key=lambda lang: lang != FIRST)))


def addresses(given: Sequence[str] | None) -> list[str]:
    """Return the forms of address asked for, else all."""
    for address in given or ():
        if address not in FORMS:
            fail(f"There is no form of address {address!r}; {nearest(address, FORMS)}")
    return list(dict.fromkeys(given or FORMS))


def speeds(slow: bool | None) -> tuple[bool, ...]:
    """Return whether slow, for each speed asked for."""
    return (False, True) if slow is None else (slow,)


def packed(given: str) -> tuple[Format, ...]:
    """Return the forms that `--format` asks for: one, or all that can be made here."""
    lacking = aac.lacking()
    if given == "aac" and lacking:
        fail(lacking)
    if given != "all":
        return tuple(form for form in forms.ALL if form == given)
    if lacking:
        typer.echo(f"Không làm AAC. (No AAC.) {lacking}", err=True)
    return tuple(form for form in forms.ALL if form != "aac" or not lacking)


def form_of(out: Path) -> Format:
    """Return which form a file's name asks for."""
    forms: dict[str, Format] = {".ogg": "ogg", ".mp3": "mp3"}
    if out.suffix.lower() not in forms:
        fail(f"{str(out)!r} should end in .ogg or .mp3.")
    return forms[out.suffix.lower()]


def write(path: Path, data: bytes) -> None:
    """Write a file, and the folder it is in."""
    try:
        files.put(path, data)
    except OSError as error:
        fail(f"{path}: không ghi được. (It can't be written: {error.strerror}.)")
