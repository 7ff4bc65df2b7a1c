"""Chats as readable files: the learner's lines are played, and what the bot says is written under them.

`> 2` types, `> "hai"` says, `> "hai"?` says so that it isn't certain, `> -silent` says and isn't
heard, `> [Tiếp]` taps the button with that label, `> /menu` uses a command, `> +9` lets nine days
pass, `> ...` delivers the last update again. Progress goes through its saved form each time.
With the line `# as heard` the parts that a voice says are written, one a line; with `# teams` there are teams.
"""

import datetime as dt
from collections.abc import Iterator

import msgspec
from small import with_teams

from bot.core.library import Library
from bot.core.progress import Progress, decode, encode
from bot.core.spoken import spoken
from bot.core.talk import show, take_turn
from bot.core.turn import Asked, Event, Moment, Opened, Reply, Spoke, Tapped, Typed, Unheard
from bot.core.wording import plain

START = dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC)


def played(text: str, library: Library) -> Iterator[tuple[str, Reply | None]]:
    """Play the learner's lines of a transcript: each with the reply to it, None where only time passes."""
    at = START
    library = with_teams(library) if "# teams" in text else library
    progress = Progress(lang="en" if "# lang: en" in text else "vi")
    reply: Reply | None = None
    for line in text.splitlines():
        if not line.startswith("> "):
            continue
        said = line.removeprefix("> ")
        now = Moment(at, "1234-5678")
        if said.startswith("+"):
            at += dt.timedelta(days=int(said))
            yield line, None
            continue
        if said == "...":
            reply = show(library, progress, now)
        else:
            turn = take_turn(library, progress, event_of(said, reply), now)
            progress, reply = decode(encode(turn.progress)), turn.reply
        yield line, reply


def replay(text: str, library: Library) -> str:
    """Play the learner's lines of a transcript; return the whole as it reads now."""
    out: list[str] = []
    turns = played(text, library)
    for line in text.splitlines():
        if line.startswith("#"):
            out.append(line)
        if not line.startswith("> "):
            continue
        _, reply = next(turns)
        out += ["", line]
        if reply:
            lines = spoken(reply, library) if "# as heard" in text else lines_of(reply)
            out += [f"  {each}".rstrip() for each in lines]
    return "\n".join(out) + "\n"


def event_of(said: str, reply: Reply | None) -> Event:
    """Return what a line says that the learner did, who has this reply before them."""
    if said.startswith("["):
        label = said.strip("[]")
        buttons = reply.buttons if reply else ()
        found = [button.code for button in buttons if plain(button.label).startswith(label)]
        assert found, f"no button begins with {label!r}; there are {[button.label for button in buttons]}"
        return Tapped(reply.turn if reply else 0, found[0])
    if said.startswith('"'):
        return Spoke(said.strip('"?'), certain=said.endswith('"'))
    if said.startswith("-"):
        return msgspec.convert({"why": said.removeprefix("-")}, Unheard)
    if said.startswith("@"):  # a button of an earlier turn: @3 b
        turn, code = said.removeprefix("@").split()
        return Tapped(int(turn), code)
    if said.startswith("/"):
        word, _, lesson = said.removeprefix("/").partition(" ")
        return Opened(lesson) if word == "start" else Asked(word)
    return Typed(said)


def lines_of(reply: Reply) -> list[str]:
    """Return a reply as a transcript has it."""
    parts = [*(f"* {note}" for note in reply.notes), *([f"~ {reply.heading}"] if reply.heading else []), reply.text]
    lines = [line for part in parts for line in part.splitlines()]
    buttons = [f"[{number}. {button.label}]" for number, button in enumerate(reply.buttons, 1)]
    return [*lines, *buttons, *reply.export.splitlines()]
