"""Hanging the list of teams where server processes see it, whenever it is another there than in the database."""

import asyncio

import structlog

from bot.core.saving import StoreDown
from bot.stores.team_board import TeamBoard
from bot.stores.teams import TeamBook

LOOK_SECONDS = 3.0  # between two looks at both

log = structlog.get_logger()


async def hang_teams(book: TeamBook, board: TeamBoard) -> bool:
    """Hang the list if it isn't there as it is; say whether that was needed. Raises StoreDown."""
    edition = await book.edition()
    if await board.edition() == edition:
        return False
    # Should it change in between, then the number is the older one, and the next look finds the newer.
    await board.hang(edition, await book.all())
    return True


async def keep_teams_hung(book: TeamBook, board: TeamBoard) -> None:
    """See to it again and again, until cancelled; what is away is waited for, and others say so."""
    while True:
        try:
            if await hang_teams(book, board):
                log.info("server processes are told of the teams")
        except StoreDown:
            pass
        await asyncio.sleep(LOOK_SECONDS)
