"""Learning in a terminal: coloured in a real one, plain lines when piped, so that it can be scripted."""

import asyncio
import os
import secrets
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.core.turn import Event, Opened, Reply, Typed
from bot.core.wording import plain, spans
from bot.tutor import Tutor

PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds before the same line is sent again when the store is down
BAR = 20  # characters of the progress bar
MASK = "••••"

Hear = Callable[[Event], Awaitable[Reply]]
Show = Callable[[Reply], None]


async def chat(  # noqa: PLR0913  all but three have defaults
    tutor: Tutor,
    name: str,
    lang: str,
    source: TextIO = sys.stdin,
    out: TextIO = sys.stdout,
    *,
    lesson: str = "",
    show: Show | None = None,
) -> None:
    """Teach the learner `name` line by line until the input ends; the key of a `lesson` leads straight into it.

    A line that could not be saved is sent again a few times under the same name, so it counts once.
    """
    learner = f"terminal:{name}"
    show = show or showing_on(out)

    async def hear(event: Event) -> Reply:
        update = secrets.token_hex(8)
        reply = await tutor.hear(learner, event, update, lang=lang)
        for pause in PAUSES:
            if not reply.failed:
                break
            await asyncio.sleep(pause)
            reply = await tutor.hear(learner, event, update, lang=lang)
        return reply

    lines = _lines(source)
    show(await hear(Opened(lesson)))
    while True:
        if source.isatty():
            print("\n> ", end="", file=out, flush=True)
        text = await lines.get()
        if text is None:
            return
        reply = await hear(Typed(text))
        if not source.isatty():
            print(f"\n> {MASK if reply.secret else text}", file=out)
        show(reply)


def _lines(source: TextIO) -> asyncio.Queue[str | None]:
    """Read lines in a thread that nobody has to wait for; None after the last one.

    It reads the file descriptor, not `source`: a thread that sits in there would hold a lock which
    the interpreter wants when Ctrl+C ends it.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def put(line: bytes | None) -> None:
        text = None if line is None else line.decode(errors="replace").rstrip("\r")
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(lines.put_nowait, text)

    def read() -> None:
        rest = b""
        while chunk := os.read(source.fileno(), 65_536):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                put(line)
        if rest:
            put(rest)
        put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def showing_on(out: TextIO) -> Show:
    """Return what shows replies there: in colours in a terminal, else as plain lines."""
    return _coloured(Console(file=out, highlight=False)) if out.isatty() else _plain(out)


def _plain(out: TextIO) -> Show:
    def show(reply: Reply) -> None:
        parts = [*reply.notes, *([reply.heading] if reply.heading else []), reply.text]
        for part in parts:
            print(plain(part), file=out)
        for number, button in enumerate(reply.buttons, 1):
            print(f"  {number}. {plain(button.label)}", file=out)
        if reply.export:
            print(reply.export, file=out)
        out.flush()

    return show


def _coloured(console: Console) -> Show:
    def show(reply: Reply) -> None:
        console.print()
        for note in reply.notes:
            console.print(_styled(note, "cyan"))
            console.print()
        if reply.steps:
            filled = round(BAR * reply.step / reply.steps)
            console.print(Text(f"{'█' * filled}{'░' * (BAR - filled)}  {reply.heading}", style="green"))
        elif reply.heading:
            console.print(Text(reply.heading, style="green"))
        console.print(_styled(reply.text, ""))
        for number, button in enumerate(reply.buttons, 1):
            console.print(Text.assemble((f"  {number}. ", "bold yellow"), _styled(button.label, "")))
        if reply.export:
            console.print(Text(reply.export, style="dim"))

    return show


def _styled(text: str, style: str) -> Text:
    return Text.assemble(*((piece, f"{style} bold".strip() if bold else style) for piece, bold in spans(text)))
