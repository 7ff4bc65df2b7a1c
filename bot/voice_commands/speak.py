"""`hocso speak`, `hocso voice status`, `hocso voice sample`."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.console import ConfigOption, fail
from bot.core.library import FIRST
from bot.voice import ahead, mp3, opus
from bot.voice.engine import CantSay, language_of
from bot.voice.report import report
from bot.voice.shelf import NotKept
from bot.voice_commands.common import (
    AddressesOption,
    CoursesOption,
    EngineOption,
    LangOption,
    LangsOption,
    PackedOption,
    SlowOption,
    addresses,
    form_of,
    langs,
    packed,
    ready,
    speaking,
    speeds,
    write,
)
from bot.voice_commands.telling import progress, tell_estimate, tell_report, tell_room


def speak(  # noqa: PLR0913, PLR0917  each is an option
    course: CoursesOption = None,
    lang: LangsOption = None,
    engine: EngineOption = "",
    address: AddressesOption = None,
    slow: SlowOption = None,
    packed_as: PackedOption = "ogg",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much it would be.")] = False,
    config: ConfigOption = None,
) -> None:
    """Make all clips of the lessons ahead. What is there is left; ends with 1 when clips are missing."""
    chosen, library = ready(config, course)
    with speaking(chosen, engine) as voice:
        forms = addresses(address)
        kinds = packed(packed_as)
        parts = list(ahead.wanted(library, langs(lang, library), speeds(slow), forms, course or None, kinds))
        threads = os.cpu_count() or 1
        guess = ahead.estimate(voice, parts, chosen.voice.pace, threads, engine)
        if dry_run:
            tell_estimate(guess)
        tell_room(guess, voice.shelf)
        if dry_run:
            return
        try:
            with progress(len(parts)) as done:
                made = ahead.make(voice, parts, threads, done, engine)
        except NotKept as error:
            fail(f"Không lưu được tiếng đọc, đã dừng lại. {error}")
        except KeyboardInterrupt:
            fail("\nĐã dừng. Chạy lại lệnh này là làm tiếp từ đây. (Stopped; the same command goes on from here.)")
        typer.echo(f"Đã làm {made.made} đoạn, {made.there} đoạn có sẵn. ({made.made} made, {made.there} were there.)")
        for name, why in made.failed.items():
            typer.echo(f"{name}: {why} Chạy lại sau để thử tiếp. (Run it again later to try again.)", err=True)
        for part, why in made.unsaid[:3]:
            typer.echo(f"Chưa đọc được (not said): {part.text!r}: {why}", err=True)
        found = report(voice, parts, chosen.lessons / "voice", forms, engine)
    tell_report(found)
    if found.total.missing:
        raise typer.Exit(1)


def status(  # noqa: PLR0913, PLR0917  each is an option
    course: CoursesOption = None,
    lang: LangsOption = None,
    engine: EngineOption = "",
    address: AddressesOption = None,
    slow: SlowOption = None,
    packed_as: PackedOption = "ogg",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config: ConfigOption = None,
) -> None:
    """Say for each lesson which clips are there, and how good. Makes nothing."""
    chosen, library = ready(config, course)
    with speaking(chosen, engine) as voice:
        forms = addresses(address)
        kinds = packed(packed_as)
        parts = ahead.wanted(library, langs(lang, library), speeds(slow), forms, course or None, kinds)
        found = report(voice, parts, chosen.lessons / "voice", forms, engine)
    if not as_json:
        tell_report(found)
        return
    rows = [{**asdict(row), "seconds": round(row.seconds, 1)} for row in found.rows]
    stale = [{"step": each.step, "file": each.file.name, "who": each.who} for each in found.stale]
    typer.echo(json.dumps({"lessons": rows, "stale": stale, "problems": list(found.problems)}, ensure_ascii=False))


def sample(  # noqa: PLR0913, PLR0917  each is an option
    text: Annotated[str, typer.Argument(help="What is to be said.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write: .ogg or .mp3.")],
    engine: EngineOption = "",
    lang: LangOption = FIRST,
    slow: Annotated[bool, typer.Option("--slow", help="Slowly.")] = False,
    config: ConfigOption = None,
) -> None:
    """Say a text as the lessons would be said, into a file."""
    form = form_of(out)
    chosen, library = ready(config, None)
    [wanted] = langs([lang], library)
    said = library.reader.aloud(text, language_of(wanted))
    with speaking(chosen, engine) as voice:
        try:
            speech = voice.speaker.say(said, wanted, slow=slow, only=engine)
        except CantSay as error:
            fail(f"Không đọc được câu này. (It can't be said.) {error}")
        data = opus.encode(speech.sound, voice.kbit) if form == "ogg" else mp3.encode(speech.sound)
    write(out, data)
    typer.echo(f"{out}: {speech.engine}, {speech.sound.seconds:.1f} s, {len(data):,} bytes: {said}")
