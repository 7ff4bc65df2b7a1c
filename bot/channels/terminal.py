"""Learning in a terminal: coloured in a real one, plain lines when piped, so that it can be scripted."""

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable
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


async def chat(tutor: Tutor, name: str, lang: str, source: TextIO = sys.stdin, out: TextIO = sys.stdout) -> None:
    """Teach the learner `name` line by line until the input ends.

    A line that could not be saved is sent again a few times under the same name, so it counts once.
    """
    learner = f"terminal:{name}"
    show = _coloured(Console(file=out, highlight=False)) if out.isatty() else _plain(out)

    async def hear(event: Event) -> Reply:
        update = secrets.token_hex(8)
        reply = await tutor.hear(learner, event, update, lang=lang)
        for pause in PAUSES:
            if not reply.failed:
                break
            await asyncio.sleep(pause)
            reply = await tutor.hear(learner, event, update, lang=lang)
        return reply

    show(await hear(Opened()))
    while True:
        if source.isatty():
            print("\n> ", end="", file=out, flush=True)
        line = await asyncio.to_thread(source.readline)
        if not line:
            return
        text = line.rstrip("\n")
        reply = await hear(Typed(text))
        if not source.isatty():
            print(f"\n> {MASK if reply.secret else text}", file=out)
        show(reply)


def _plain(out: TextIO) -> Callable[[Reply], None]:
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


def _coloured(console: Console) -> Callable[[Reply], None]:
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
