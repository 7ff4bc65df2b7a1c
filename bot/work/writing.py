"""Opening both ends for the consumer, and running it until it is told to stop."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.core.saving import StoreDown
from bot.desk import NAME as CREW
from bot.desk import keep_posting, post_crew
from bot.stores.board import Board
from bot.stores.calls import Calls
from bot.stores.crew import CrewBook
from bot.stores.database import Database, NewerDatabase
from bot.stores.journal import COUNT, Journal
from bot.stores.notes import RedisNotes
from bot.stores.passing_on import PassingOn
from bot.stores.team_board import TeamBoard
from bot.stores.teams import TeamBook
from bot.stores.writing import Writer
from bot.work.journal import PAUSES, Consumer
from bot.work.teams import hang_teams, keep_teams_hung

log = structlog.get_logger()


async def write_records(  # noqa: PLR0913  two ends, and how
    store_url: str,
    database_url: str,
    folder: Path,
    *,
    once: bool = False,
    begun: Callable[[Consumer], None] = lambda _: None,
    count: int = COUNT,
) -> None:
    """Write the records until SIGINT or SIGTERM; with `once`, what there is now. `begun` hears of the consumer.

    `count` entries of a shard are read at once.

    Raises NewerDatabase, ValueError; with `once` StoreDown too, which else is waited out.
    """
    database = Database.at(database_url, folder)
    journal = Journal.connect(store_url)
    crew, crew_board = CrewBook(database), Board(RedisNotes.beside(journal), CREW)

    async def post() -> None:
        await post_crew(crew, crew_board, int(time.time()) // 60)

    passing_on = PassingOn(database, Calls.beside(journal))
    consumer = Consumer(
        journal,
        Writer(database),
        count=count,
        pass_on=lambda waiting, gone: passing_on(waiting, gone, int(time.time()) // 60),
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, consumer.stop)
    begun(consumer)
    book, board = TeamBook(database), TeamBoard.beside(journal)
    try:
        if once:
            await database.prepare()
            await hang_teams(book, board)
            await consumer.drain()
            await post()
        elif await _prepared(database, consumer):
            tasks = [asyncio.create_task(keep_teams_hung(book, board)), asyncio.create_task(keep_posting([post]))]
            try:
                await consumer.run()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
    finally:
        await journal.close()
        await database.close()


async def _prepared(database: Database, consumer: Consumer) -> bool:
    """Wait until the database is there and ready; False when it was told to stop before."""
    pause = PAUSES[0]
    while not consumer.stopping:
        try:
            await database.prepare()
        except NewerDatabase:
            raise
        except StoreDown as error:
            log.error("records are not written now, trying again", why=str(error), seconds=pause)  # noqa: TRY400  said whole
            await consumer.rest(pause)
            pause = min(2 * pause, PAUSES[1])
        else:
            return True
    return False
