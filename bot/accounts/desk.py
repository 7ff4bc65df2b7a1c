"""The desk: where a turn asks the office. What it says becomes the turn's chance (`core/invited.py` reads it)."""

from typing import Final, Protocol, get_args

from bot.core.crew import NOBODY, Crew
from bot.core.reading import ToRead
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

    async def read(self, wanted: ToRead, raw: bytes, at: int) -> str:
        """Have a volunteer's voice note wait for an editor; returns why not, as `Read.why`, or "".

        `at` is the second since 1970 in which it came. Never raises.
        """


class _NoDesk:
    """Where there is no office."""

    crew = NOBODY

    async def answer(self, _wish: Wish, _account: str, _minute: int) -> str:
        return AWAY

    async def read(self, _wanted: ToRead, _raw: bytes, _at: int) -> str:
        return "busy"


NO_DESK: Final = _NoDesk()
