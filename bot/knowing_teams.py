"""Every server process knows the teams: it looks at their list in Redis, and touches no database."""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from bot import places
from bot.core.saving import StoreDown
from bot.core.teams import NO_TEAMS, Teams, teams_of
from bot.stores.team_board import TeamBoard

LOOK_SECONDS = 3.0  # between two looks at whether the list is another

log = structlog.get_logger()


class KnowingTeams:
    """Looks whether the list has changed. `table` names the communes (`places.read`), `tell` hears of each new list."""

    def __init__(self, board: TeamBoard, table: str, tell: Callable[[Teams], None]) -> None:
        self._board = board
        self._table = table
        self._tell = tell
        self._edition = 0

    async def look(self) -> None:
        """Look once, and tell of a list that is another than the last. Never raises for a store that is away."""
        try:
            if await self._board.edition() in {0, self._edition}:
                return  # a store that lost all has no list, until it is hung there again
            edition, kept = await self._board.read()
        except StoreDown:
            return  # learners' turns say so already
        except msgspec.DecodeError as error:
            log.error("the list of teams can't be read, the one before stays", why=str(error))  # noqa: TRY400  said whole
            return
        self._edition = edition
        try:
            teams = await asyncio.to_thread(lambda: teams_of(kept, places.read(self._table))) if kept else NO_TEAMS
        except ValueError as error:
            log.error("the communes can't be read, teams stay as they were", why=str(error))  # noqa: TRY400  said whole
            return
        self._tell(teams)

    async def keep_looking(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()
