"""A program that hears, for tests that kill it: prints its worker's process id, then hears a voice note for ever."""

import asyncio
import sys

from fake_ears import FAKE, HANGS, HOLDS_ALL, TELLS
from made_notes import note

from bot.voice.hearing import Bounds, Hearing, ear


async def main(hanging: str) -> None:
    """Hear one voice note well, then one that hangs, or none."""
    ear.EARS = {"fake": FAKE}
    hearing = Hearing("fake", bounds=Bounds(seconds=1.0 if hanging == "holding all" else 600.0))
    hearing._bounds = Bounds(seconds=600.0)  # noqa: SLF001  the worker may have one second and its grace, we wait
    print((await hearing.heard(note(TELLS))).text.split()[0], flush=True)  # noqa: T201
    kinds = {"sleeping": HANGS, "holding all": HOLDS_ALL}
    if hanging in kinds:
        await hearing.heard(note(kinds[hanging]))
    await asyncio.sleep(600)


asyncio.run(main(sys.argv[1]))
