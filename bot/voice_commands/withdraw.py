"""`hocso voice withdraw`: a volunteer's voice is deleted for somebody who can't ask for it in the chat any more."""

import asyncio
import time

import typer

from bot.app import voice_of
from bot.config import Config
from bot.console import ConfigOption, fail
from bot.core.library import Library
from bot.core.saving import StoreDown
from bot.voice_commands.common import ready


def withdraw(name: str, config: ConfigOption = None) -> None:
    """Delete all that a volunteer has read: what waits, what learners hear, and the clips made of it."""
    chosen, library = ready(config, None)
    try:
        number = asyncio.run(_withdrawn(chosen, library, " ".join(name.split())))
    except (StoreDown, ValueError) as error:
        fail(error)
    if number is None:
        fail("The recordings can't be written to now; nothing is half done, try again in a while.")
    if not number:
        fail(f"Nobody called {name!r} has read anything; `hocso office list` shows the names of the office.")
    typer.echo(f"Đã xóa {number} bản thu của {name}. ({number} recordings deleted.)")


async def _withdrawn(config: Config, library: Library, name: str) -> int | None:
    from bot.stores.database import Database  # noqa: PLC0415  it takes a third of a second to import
    from bot.studio import Studio  # noqa: PLC0415  likewise

    database = Database.at(config.records.url, config.data)
    voice = voice_of(config.voice, config.lessons) if config.voice.engines else None
    try:
        await database.prepare()
        studio = Studio(database, config.lessons, lambda: library, voice, config.voice.dialects)
        found = 0
        for person in await studio.readings.people(name):
            number = await studio.withdraw(person, int(time.time()) // 60, by=None)
            if number is None:
                return None
            found += number
        return found
    finally:
        await database.close()
        if voice:
            await voice.close()
