"""The process that decodes voice notes and hears: `python -m bot.voice.hearing.worker PLACE MODEL MEGABYTES SECONDS`.

It reads jobs from its standard input and ends when that is closed, however the program ended, even
in the middle of a job. What strangers send, and what a recogniser makes of it, may crash it, hang it
or want all memory: that costs one voice note. It keeps nothing, and prints no words.
"""

import faulthandler
import os
import sys
import threading
from queue import SimpleQueue
from typing import BinaryIO

import msgspec

from bot.voice.hearing.decoding import decoded
from bot.voice.hearing.ear import CantHear, Ear, made
from bot.voice.hearing.frames import Answer, framed, read_frame

GRACE = 5.0  # seconds after which a job ends the worker, beyond those after which the program does
NICE = 5  # answers to other learners go first


def main(place: str, model: str, megabytes: int, seconds: float) -> None:
    """Hear until nobody listens any more. `seconds` are for one job."""
    answers = own_output()
    bounded(megabytes)
    jobs: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
    ear: Ear | None = None
    while True:
        job = jobs.get()
        # Should the program be gone and this hang so that no other thread runs, this ends it all the same.
        faulthandler.dump_traceback_later(seconds + GRACE, exit=True)
        try:
            ear = ear or made(place, model)
            heard = ear.hear(decoded(job))
            answer = Answer(heard.text, heard.certainty)
        except CantHear as error:
            answer = Answer(why=error.why, sentence=str(error))
        except Exception as error:  # noqa: BLE001  whatever it is, somebody waits for an answer
            answer = Answer(why="busy", sentence=f"The ear has a fault: {type(error).__name__}: {error}")
        faulthandler.cancel_dump_traceback_later()
        answers.write(framed(msgspec.msgpack.encode(answer)))
        answers.flush()


def own_output() -> BinaryIO:
    """Keep standard output for answers; what libraries print there goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def bounded(megabytes: int) -> None:
    """Bound the memory that can be asked for, and let others go first, where the system knows how."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))
    os.nice(NICE)


def _read(pipe: BinaryIO, jobs: "SimpleQueue[bytes]") -> None:
    """Pass jobs on as they come. When the other end is gone so are we, whatever is under way."""
    while (job := read_frame(pipe)) is not None:
        jobs.put(job)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
