"""How long `hocso check` takes over the shipped lessons: the parts of it, and the command as people start it.

Medians of several rounds, seconds of CPU; of the command, of waiting.
"""

import datetime as dt
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.lesson_commands.looking import look_at
from bot.library import read_folder

ROUNDS = 9
LESSONS = Path(__file__).parent.parent / "lessons"


def median(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    rounds = []
    for _ in range(ROUNDS):
        start = clock()
        work()
        rounds.append(clock() - start)
    return statistics.median(rounds)


def command() -> None:
    subprocess.run([sys.executable, "-m", "bot", "check", LESSONS], check=False, stdout=subprocess.DEVNULL)  # noqa: S603  our own program


def main() -> None:
    library, _ = read_folder(LESSONS)
    lessons = len(library.lessons)
    files = sum(len(languages) for languages in library.lessons.values())
    reading = median(lambda: read_folder(LESSONS))
    checking = median(lambda: look_at([LESSONS], dt.date(2026, 11, 22)))
    whole = median(command, time.perf_counter)
    print(f"{lessons} lessons, {files} files with their translations")
    print(f"reading them for teaching      {reading:5.2f} s")
    print(f"with all rules                 {checking:5.2f} s   ({checking / lessons * 100:.2f} s for 100 lessons)")
    print(f"the command, with its start    {whole:5.2f} s")


if __name__ == "__main__":
    main()
