"""The process that looks one voice note through: `python -m bot.voice.reading.worker`.

A job comes by its standard input, the answer leaves by its standard output. It writes nothing else.
"""

import faulthandler
import sys

import msgspec

from bot.voice.hearing.worker import bounded, own_output
from bot.voice.reading.note import Checked, Job, check

MEGABYTES = 1_000  # of address space; a minute of sound takes 150
SECONDS = 60.0  # after which it ends by itself, should nobody end it


def main() -> None:
    """Answer one job."""
    answers = own_output()
    bounded(MEGABYTES)
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    try:
        answer = check(job)
    except Exception as error:  # noqa: BLE001  whatever it is, somebody waits for an answer
        answer = Checked("busy", f"The check has a fault: {type(error).__name__}")
    answers.write(msgspec.msgpack.encode(answer))
    answers.flush()


if __name__ == "__main__":
    main()
