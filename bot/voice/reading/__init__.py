"""A text read aloud by a volunteer: checked by a process of its own, and packed as a recording.

`checked` never raises for what somebody sends. What comes from outside is decoded in that process only.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress

import msgspec
import structlog

from bot.voice.hearing import for_workers
from bot.voice.hearing.decoding import MOST_BYTES
from bot.voice.reading.note import Checked, Job

__all__ = ["Checked", "checked"]

log = structlog.get_logger()

SECONDS = 20.0  # for one voice note, from the start of the process to its answer
WAIT_SECONDS = 30.0  # that one waits for others
AT_ONCE = 2  # voice notes that are looked at in the same moment

_places = asyncio.Semaphore(AT_ONCE)


async def checked(raw: bytes, text: str) -> Checked:
    """Return a voice note as a recording of `text`, or why it is to be read again."""
    if len(raw) > MOST_BYTES:
        return Checked("endless")
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await _places.acquire()
    except TimeoutError:
        return Checked("busy")
    try:
        return await _by_worker(msgspec.msgpack.encode(Job(raw, text)))
    finally:
        _places.release()


async def _by_worker(job: bytes) -> Checked:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.voice.reading.worker"),
        stdin=PIPE,
        stdout=PIPE,
        env=for_workers(),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(SECONDS):
            answer, _ = await process.communicate(job)
        return msgspec.msgpack.decode(answer, type=Checked)
    except (TimeoutError, OSError, msgspec.DecodeError) as error:
        log.warning("a voice note can't be checked", why=type(error).__name__, code=process.returncode)
        return Checked("busy")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
