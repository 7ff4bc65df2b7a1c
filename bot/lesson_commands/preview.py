"""`hocso preview`: walk through a lesson in the terminal as one kind of learner gets it. Nothing of it is kept."""

import asyncio
import datetime as dt
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TextIO

import msgspec
import typer
import yaml

from bot.channels.terminal import Show, chat, showing_on
from bot.console import ConfigOption, settings
from bot.core.lesson import Lesson, key_of
from bot.core.library import FIRST, Library
from bot.core.problem import Problem, near
from bot.core.progress import encode
from bot.core.saving import Save
from bot.core.spoken import spoken, text_of
from bot.core.talk_example import ENDING, MAX_TURNS, Kind, Talk, arriving, moment_of, written
from bot.core.turn import Event, Moment, Reply, Typed
from bot.core.wording import plain, words
from bot.lesson_commands.looking import NotThere, lessons_around
from bot.library import NothingToTeach, read_folder
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor
from bot.voice.files import put

CANT = 2  # what it ends with when there is nothing to walk through
NAME = "preview"
BESIDE = "default"  # named instead of a file: the talk is written beside its lesson
WIDE = 10_000  # characters of a line: a text is never broken

LessonArgument = Annotated[str, typer.Argument(metavar="LESSON", help="A lesson's id, key (vneid-03) or file.")]
KindOption = Annotated[Kind, typer.Option("--as", help="Which kind of learner: 'listening' shows what is said aloud.")]
LangOption = Annotated[str, typer.Option(help="The learner's language.")]
FromOption = Annotated[str | None, typer.Option("--from", metavar="STEP", help="Begin at this step.")]
RecordOption = Annotated[
    Path | None,
    typer.Option(
        metavar=f"FILE|{BESIDE}", help=f"Write what you do and hear as a talk: LESSON{ENDING}, or beside the lesson."
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


def preview(  # noqa: PLR0913, PLR0917  each is an option
    lesson: LessonArgument,
    kind: KindOption = "reading",
    lang: LangOption = FIRST,
    step: FromOption = None,
    record: RecordOption = None,
    force: ForceOption = False,
    config: ConfigOption = None,
) -> None:
    """Walk through a lesson as a learner gets it. Lines may be piped in. Ends with 2 if there is no such lesson."""
    folder, library, found = _found(lesson, config)
    if lang not in library.phrases:
        known = near(lang, library.phrases)
        raise _cant(f"chương trình chưa nói tiếng {lang!r}; {known.vi}", f"there is no language {lang!r}; {known.en}")
    if step is not None and step not in found.index:
        known = near(step, found.index)
        raise _cant(f"bài không có bước {step!r}; {known.vi}", f"the lesson has no step {step!r}; {known.en}")
    if record:
        record = folder / found.course / f"{found.id}{ENDING}" if str(record) == BESIDE else record
        _check_writable(record, found, force=force)
    title = plain(found.title.format_map(words(FIRST, "ban")))
    typer.echo(
        f"Xem thử bài {title!r}: gõ như người học, Ctrl+D để dừng. (Type as a learner would; Ctrl+D ends it.)",
        err=True,
    )
    talk = Talk.model_construct(name=NAME, learner=kind, lang=lang, step=step, turns=())
    clock = (lambda: moment_of(found).at) if record else (lambda: dt.datetime.now(dt.UTC))
    deeds = _walked(library, found, talk, clock)
    if record:
        _write(record, deeds, library, talk)


def _found(name: str, config: Path | None) -> tuple[Path, Library, Lesson]:
    """Return the lesson that has this id, key or file, with the folder and the library around it."""
    path = Path(name)
    is_file = path.is_file()
    try:
        folder = lessons_around(path if is_file else settings(config).lessons)
        library, problems = read_folder(folder)
    except (NotThere, NothingToTeach) as error:
        typer.echo(error, err=True)
        raise typer.Exit(CANT) from None
    except typer.Exit:  # bad settings, told already
        raise typer.Exit(CANT) from None
    wanted = path.name.partition(".")[0] if is_file else name
    languages = library.lessons.get(key_of(wanted))
    if languages and wanted in {languages[FIRST].id, languages[FIRST].key}:
        return folder, library, languages[FIRST]
    if told := [each for each in problems if wanted in _names(each)]:
        raise _cant_teach(told)
    known = near(name, _alike(path, folder, library))
    raise _cant(f"không có bài {name!r}; {known.vi}", f"there is no lesson {name!r}; {known.en}")


def _alike(path: Path, folder: Path, library: Library) -> list[str]:
    """Return how lessons are named in the way this one was meant: by their files, keys or ids."""
    lessons = [each[FIRST] for each in library.lessons.values()]
    if path.suffix or path.parent != Path():
        return [str(folder / each.course / f"{each.id}.yaml") for each in lessons]
    ids = [each.id for each in lessons]
    return [*ids, *library.lessons] if key_of(path.name) == path.name else ids


def _names(problem: Problem) -> tuple[str, str]:
    """Return the id and the key of the lesson whose file has the problem."""
    lesson_id = Path(problem.path).name.partition(".")[0]
    return lesson_id, key_of(lesson_id)


def _cant_teach(problems: list[Problem]) -> typer.Exit:
    for each in problems:
        typer.echo(each.told("vi"), err=True)
    return _cant(
        "bài này chưa dạy được; hãy sửa các lỗi trên", "the lesson can't be taught yet; mend what is told above"
    )


def _check_writable(path: Path, lesson: Lesson, *, force: bool) -> None:
    right = f"{lesson.id}{ENDING}"
    if path.name != right:
        raise _cant(
            f"tệp {path.name!r} không theo tên bài; hãy đặt là {right!r}", f"name it {right!r}, after its lesson"
        )
    if path.exists() and not force:
        raise _cant(
            f"đã có tệp {str(path)!r}; thêm --force để ghi đè", "the file is there; add --force to write over it"
        )


class _NotingTutor(Tutor):
    """Remembers what was typed and what was answered."""

    deeds: tuple[tuple[Event, Reply], ...] = ()

    async def hear(self, learner: str, event: Event, update: str, *, lang: str = FIRST, order: int = 0) -> Reply:
        reply = await super().hear(learner, event, update, lang=lang, order=order)
        self.deeds += ((event, reply),)
        return reply


def _walked(
    library: Library, lesson: Lesson, talk: Talk, clock: Callable[[], dt.datetime]
) -> tuple[tuple[Event, Reply], ...]:
    """Let the learner walk until the input ends; return all that they did and heard."""
    store = MemoryProgress()
    tutor = _NotingTutor(library, store, clock)
    progress = arriving(lesson, talk.learner, talk.lang, talk.step, Moment(clock()))
    show = _shown(talk.learner, library, sys.stdout)

    async def walk() -> None:
        await store.save([Save(f"terminal:{NAME}", b"", encode(progress))])
        await chat(tutor, NAME, talk.lang, sys.stdin, sys.stdout, lesson=lesson.key, show=show)

    with suppress(KeyboardInterrupt):
        asyncio.run(walk())
    return tutor.deeds


def _shown(kind: Kind, library: Library, out: TextIO) -> Show:
    """Return what shows a reply: as it is said aloud, with buttons to tap, or with numbers to type."""
    show_there = showing_on(out)

    def aloud(reply: Reply) -> None:
        print(text_of(spoken(reply, library)), file=out, flush=True)

    def with_buttons(reply: Reply) -> None:
        show_there(msgspec.structs.replace(reply, buttons=()))
        if reply.picture:
            print(f"  ({plain(reply.picture.alt)})", file=out)
        for button in reply.buttons:
            print(f"  [{plain(button.label)}]", file=out, flush=True)

    def to_read(reply: Reply) -> None:
        (with_buttons if kind == "reading" else show_there)(reply)
        if reply.aloud:  # asked for just now
            aloud(reply)

    return aloud if kind == "listening" else to_read


def _write(path: Path, deeds: tuple[tuple[Event, Reply], ...], library: Library, talk: Talk) -> None:
    """Write the talk, up to the first line that tells a secret; empty lines do nothing and are left out."""
    kept: list[tuple[str, Reply]] = []
    for event, reply in deeds[: MAX_TURNS + 1]:
        if reply.secret:
            typer.echo("Có thông tin riêng: chỉ ghi đến trước đó. (A secret: what comes before it is kept.)", err=True)
            break
        text = event.text.strip() if isinstance(event, Typed) else ""
        if text or not kept:
            kept.append((text, reply))
    if len(kept) < 2:  # noqa: PLR2004  the coming, and one turn
        raise _cant(f"chưa làm gì nên chưa ghi {str(path)!r}", "nothing was done, so nothing is written")
    data = yaml.safe_dump(written(kept, library, talk), allow_unicode=True, sort_keys=False, width=WIDE)
    try:
        put(path, data.encode())
    except OSError as error:
        raise _cant(f"không ghi được {str(path)!r}", f"it can't be written: {error.strerror}") from None
    typer.echo(f"Đã ghi {path}: hãy bớt những câu không cần giữ. (It is written; strike what need not stay.)", err=True)


def _cant(vi: str, en: str) -> typer.Exit:
    """Say why it can't be done; return what ends it."""
    typer.echo(f"{_sentence(vi)} ({_sentence(en)})", err=True)
    return typer.Exit(CANT)


def _sentence(said: str) -> str:
    return f"{said[0].upper()}{said[1:]}{'' if said.endswith('?') else '.'}"
