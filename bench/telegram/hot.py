"""Where a bot's time goes: py-spy looks at it from outside; without py-spy cProfile counts inside, which slows it."""

import asyncio
import pstats
import re
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from bots import APART
from load import Failed

LOOKS = 250  # a second
LINES = 40
ALWAYS = 0.98
_frame = re.compile(r"(.+) \((.+)\)")


def spy() -> str:
    """Return py-spy's path; empty where there is none."""
    for folder in (APART / "bin", Path(sys.prefix) / "bin"):
        if (folder / "py-spy").exists():
            return str(folder / "py-spy")
    return shutil.which("py-spy") or ""


def under_cprofile(command: Sequence[str], folder: Path) -> list[str]:
    """Return the command that starts `python -m …` under cProfile."""
    python, *rest = command
    return [python, "-m", "cProfile", "-o", str(folder / "profile"), *rest]


async def watch(pid: int, seconds: float, folder: Path) -> None:
    """Look at a process for so long. Raises Failed when that can't be."""
    record = [spy(), "record", "--pid", str(pid), "--duration", str(max(1, round(seconds))), "--rate", str(LOOKS)]
    to = ["--format", "raw", "--function", "--output", str(folder / "stacks")]
    process = await asyncio.create_subprocess_exec(*record, *to, stdout=DEVNULL, stderr=PIPE)
    _, said = await process.communicate()
    if process.returncode:
        raise Failed(f"py-spy can't look: {said.decode().strip()}")


def seen(folder: Path) -> str:
    """Make the tables of what was seen in the thread that works."""
    lines = (folder / "stacks").read_text(encoding="utf-8").splitlines()
    return stacks([line for line in lines if not line.startswith("Thread.")])


def stacks(lines: Sequence[str]) -> str:
    """Make tables of collapsed stacks: a function's own part of the time, and with all that it called."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for line in lines:
        stack, _, times = line.rpartition(" ")
        frames = [_short(frame) for frame in stack.split(";")]
        own[frames[-1]] += int(times)
        whole.update(dict.fromkeys(frames, int(times)))
    everything = sum(own.values()) or 1
    for name in [name for name, times in whole.items() if times > everything * ALWAYS]:
        del whole[name]  # what only starts the rest

    def part(times: int) -> str:
        return f"{times / everything:.1%}"

    made = ["| own | with what it calls | function |", "|--:|--:|---|"]
    made += [f"| {part(times)} | {part(whole[name])} | `{name}` |" for name, times in own.most_common(LINES)]
    made += ["", "| with what it calls | own | function |", "|--:|--:|---|"]
    made += [f"| {part(times)} | {part(own[name])} | `{name}` |" for name, times in whole.most_common(LINES)]
    return "\n".join(made)


def _short(frame: str) -> str:
    """Leave of a file's path what tells it apart."""
    match = _frame.fullmatch(frame)
    if not match:
        return frame
    path = match[2].split("site-packages/")[-1]
    return f"{match[1]} {'/'.join(Path(path).parts[-3:])}"


def counted(folder: Path) -> str:
    """Make the tables of cProfile's counts."""
    out = StringIO()
    stats = pstats.Stats(str(folder / "profile"), stream=out).strip_dirs()
    stats.sort_stats("tottime").print_stats(LINES).sort_stats("cumulative").print_stats(LINES)
    return out.getvalue()
