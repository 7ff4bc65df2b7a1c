"""`hocso lesson card`: a lesson as a page for the printer, and as one sound file for a loudspeaker."""

import asyncio
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from PIL import Image

from bot.app import voice_of
from bot.config import Config
from bot.console import ConfigOption, fail, settings
from bot.core.card import Card, Part, Piece, card
from bot.core.lesson import Lesson, key_of
from bot.core.library import FIRST, Library
from bot.core.problem import near
from bot.core.wording import FORMS
from bot.library import NothingToTeach, read_folder
from bot.pictures.drawing import draw
from bot.voice import album
from bot.voice.engine import CantSay, language_of
from bot.voice.files import put

PAGES = (".pdf", ".html")
SOUNDS: Mapping[str, Literal["ogg", "mp3"]] = {".ogg": "ogg", ".mp3": "mp3"}
LONGEST_LINK = 200  # characters: more make a square too fine for old cameras
_link = re.compile(r"https?://[^\s/*\"<>]+[^\s*\"<>]*")


def make_card(  # noqa: PLR0913, PLR0917  each is an option
    name: Annotated[str, typer.Argument(metavar="LESSON", help="The lesson's id, or its beginning up to the number.")],
    out: Annotated[Path | None, typer.Option(help="The page to write, .pdf or .html.")] = None,
    audio: Annotated[Path | None, typer.Option(help="The sound file to write, .ogg or .mp3.")] = None,
    address: Annotated[str, typer.Option(help=f"How readers are addressed: {', '.join(FORMS)}.")] = next(iter(FORMS)),
    lang: Annotated[str, typer.Option(help="vi, en, or, for the sound, a dialect such as vi-thanhhoa.")] = FIRST,
    link: Annotated[
        str,
        typer.Option(
            envvar="PUBLIC_URL",
            help="Where the bot is found, such as https://hocso.example.vn: printed, and as a QR code.",
        ),
    ] = "",
    slow: Annotated[bool, typer.Option("--slow", help="Say it slowly.")] = False,
    engine: Annotated[str, typer.Option(help="Only this voice of config.yaml.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write a lesson as an A4 page and as one sound file; without --out and --audio both, as .pdf and .ogg."""
    chosen = settings(config)
    if out is None and audio is None:
        out, audio = Path(f"{key_of(name)}.pdf"), Path(f"{key_of(name)}.ogg")
    _check_files(out, audio, force=force)
    _check_words(address, link, engine, chosen)
    library, lesson = _lesson(chosen.lessons, name, lang)
    # What can fail goes first, so that nothing is half done.
    sound = _sound(chosen, album.track(library, lesson, address), lang, audio, slow=slow, only=engine) if audio else b""
    if out:
        _write(out, _page(card(library, lesson, address), chosen.lessons, link_to(link, lesson), out.suffix.lower()))
        typer.echo(f"Đã ghi {out}. (Written.)")
    if audio:
        _write(audio, sound)
        minutes = album.seconds_of(sound, SOUNDS[audio.suffix.lower()]) / 60
        typer.echo(f"Đã ghi {audio}: {minutes:.1f} phút. (Written: {minutes:.1f} minutes.)")


def link_to(link: str, lesson: Lesson) -> str:
    """Return the address of a lesson where the bot is found at `link`; one with a question mark is the lesson's own."""
    return link if not link or "?" in link else f"{link.rstrip('/')}/?bai={lesson.key}"


def _check_files(out: Path | None, audio: Path | None, *, force: bool) -> None:
    for path, endings in ((out, PAGES), (audio, tuple(SOUNDS))):
        if path and path.suffix.lower() not in endings:
            fail(
                f"{str(path)!r} phải có đuôi {' hoặc '.join(endings)}. (It should end in {' or '.join(endings)}.)",
            )
        if path and path.exists() and not force:
            fail(f"Đã có {path}; thêm --force để thay. (It is there already; --force replaces it.)")


def _check_words(address: str, link: str, engine: str, config: Config) -> None:
    if address not in FORMS:
        advice = near(address, FORMS)
        fail(f"Không có cách gọi {address!r}; {advice.vi} (There is no such form of address; {advice.en})")
    if link and (not _link.fullmatch(link) or len(link) > LONGEST_LINK):
        fail(
            f"Địa chỉ {link!r} không in được; hãy ghi như https://hocso.example.vn, nhiều nhất {LONGEST_LINK} ký tự."
            f" (That address can't be printed; write one like https://hocso.example.vn, {LONGEST_LINK} characters at"
            " most.)"
        )
    if engine and engine not in config.voice.engines:
        advice = near(engine, config.voice.engines)
        fail(f"Trong config.yaml không có giọng {engine!r}; {advice.vi} (There is no such voice; {advice.en})")


def _lesson(folder: Path, name: str, lang: str) -> tuple[Library, Lesson]:
    try:
        library, _ = read_folder(folder)
    except NothingToTeach as error:
        fail(error)
    languages = library.lessons.get(key_of(name), {})
    if not languages or name not in {languages[FIRST].id, languages[FIRST].key}:
        advice = near(name, [*library.lessons, *(each[FIRST].id for each in library.lessons.values())])
        fail(f"Không có bài {name!r}; {advice.vi} (There is no such lesson; {advice.en})")
    if language_of(lang) not in languages:
        advice = near(lang, languages)
        fail(f"Bài {name!r} chưa có tiếng {lang!r}; {advice.vi} (It isn't there in that language; {advice.en})")
    return library, languages[language_of(lang)]


def _page(made: Card, lessons: Path, link: str, ending: str) -> bytes:
    # What draws PDFs takes a second to load, which no other command should wait for.
    from bot.paper.card_html import card_html  # noqa: PLC0415
    from bot.paper.card_page import card_page  # noqa: PLC0415
    from bot.paper.page import lacking  # noqa: PLC0415

    pictures: dict[int, bytes] = {}
    parts = [_illustrated(made, part, lessons, pictures) for part in made.parts]
    made = replace(made, parts=tuple(parts))
    if ending == ".html":
        return card_html(made, pictures, link).encode()
    if lost := lacking("".join(made.texts)):
        typer.echo(
            f"Phông chữ không có {' '.join(lost)}, tờ in bỏ qua."
            " (The font doesn't have these signs; they are left out.)",
            err=True,
        )
    return card_page(made, pictures, link)


def _illustrated(made: Card, part: Part, lessons: Path, pictures: dict[int, bytes]) -> Part:
    """Put a part's picture with the others; where it can't be had, its description becomes part of the text."""
    picture = part.picture
    if picture and picture.screen:
        pictures[part.number] = draw(picture.screen)
    elif picture and picture.file:
        path = lessons / made.lesson.course / picture.file
        try:
            pictures[part.number] = _as_png(path)
        except (OSError, ValueError, Image.DecompressionBombError):
            typer.echo(
                f"{path}: không mở được hình, tờ in chỉ có lời tả."
                " (That picture can't be opened; only its description is printed.)",
                err=True,
            )
            return replace(part, pieces=(*part.pieces, Piece(picture.alt, made.word("picture"))))
    return part


def _as_png(path: Path) -> bytes:
    out = io.BytesIO()
    with Image.open(path) as image:
        image.convert("RGB").save(out, "PNG")
    return out.getvalue()


def _sound(  # noqa: PLR0913  how it is to be said
    config: Config, told: album.Track, lang: str, path: Path, *, slow: bool, only: str
) -> bytes:
    voice = voice_of(config.voice, config.lessons)
    try:
        return album.sound(voice, told, lang, SOUNDS[path.suffix.lower()], slow=slow, only=only)
    except CantSay as error:
        fail(f"{told.lesson}: chưa đọc được. (It can't be said.) {error}")
    finally:
        asyncio.run(voice.close())


def _write(path: Path, data: bytes) -> None:
    try:
        put(path, data)
    except OSError as error:
        fail(f"{path}: không ghi được. (It can't be written: {error.strerror}.)")
