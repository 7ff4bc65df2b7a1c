"""The list of teams where all server processes see it: in Redis, put there by whoever writes the records."""

from collections.abc import Sequence

import msgspec

from bot.core.teams import Kept
from bot.stores.asking import Asking

KEY = "teams"

_rows = msgspec.msgpack.Decoder(list[Kept])


class TeamBoard(Asking):
    """The list as it hangs there. Every call ends within 4 seconds, and raises StoreDown."""

    async def edition(self) -> int:
        """Return the number of the list that hangs there (`TeamBook.edition`); 0 where there is none."""
        [edition] = await self._ask([("HGET", KEY, "edition")])
        return int(edition or 0)

    async def read(self) -> tuple[int, list[Kept]]:
        """Return the list with its number. Raises msgspec.DecodeError for one of another program's making."""
        [(edition, rows)] = await self._ask([("HMGET", KEY, "edition", "teams")])
        return int(edition or 0), _rows.decode(rows) if rows else []

    async def hang(self, edition: int, teams: Sequence[Kept]) -> None:
        """Put the list there whole, in place of the one before."""
        await self._ask([("HSET", KEY, "edition", edition, "teams", msgspec.msgpack.encode(list(teams)))])
