"""The desk: where a turn asks the office. What it says becomes the turn's chance (`core/invited.py` reads it)."""

from typing import Final, Protocol, get_args

from bot.core.crew import NOBODY, Crew
from bot.core.turn import OfficeWish, Wish

OFFICE_WISHES: Final = frozenset(get_args(OfficeWish))
AWAY: Final = "down"  # its answer while it can't be asked


class Desk(Protocol):
    """Who of the office is known in chats, and what only the office can answer."""

    @property
    def crew(self) -> Crew:
        """The crew as it was seconds ago; looking costs nothing."""

    async def answer(self, wish: Wish, account: str, minute: int) -> str:
        """Answer a wish of `OFFICE_WISHES` of an account; AWAY where that can't be done now. Raises StoreDown."""


class _NoDesk:
    """Where there is no office."""

    crew = NOBODY

    async def answer(self, _wish: Wish, _account: str, _minute: int) -> str:
        return AWAY


NO_DESK: Final = _NoDesk()
