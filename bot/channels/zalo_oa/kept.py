"""What the channel keeps in the store beside the progress: what was delivered, and when someone wrote last.

The window is Zalo's: for 48 hours after a person did something an Official Account may answer free of
charge, for 7 days it may at all.
"""

from collections.abc import Mapping
from typing import Literal, Protocol

FREE_HOURS = 48
DAYS = 7
SEEN_SECONDS = 4 * 3600  # for which a delivery is known; the last of Zalo's tries comes within two hours

Window = Literal["free", "billed", "closed"]


class Notes(Protocol):
    """What the channel needs of a store (`stores.notes`). Everything raises StoreDown."""

    async def get(self, key: str) -> bytes:
        """Return the value; b"" where there is none."""

    async def put(self, values: Mapping[str, bytes], seconds: int) -> None:
        """Write these, whatever was there; they vanish after so many seconds."""

    async def swap(self, key: str, before: bytes, value: bytes, seconds: int | None = None) -> bool:
        """Write the value if what is there is still `before` (empty: nothing); say whether it was."""

    async def drop(self, key: str) -> None:
        """Take it away."""


class Kept:
    """What is known of the people of one Official Account. Nothing here lives longer than seven days."""

    def __init__(self, notes: Notes, app_id: str) -> None:
        self._notes = notes
        self._prefix = f"zalo-oa:{app_id}"

    async def taken(self, update: str) -> bool:
        """Whether this delivery was taken before."""
        return bool(await self._notes.get(f"{self._prefix}:seen:{update}"))

    async def take(self, update: str, person: str, at: float) -> None:
        """Note a delivery as taken; where `person` is named, that they did something `at` (seconds since 1970)."""
        await self._notes.put({f"{self._prefix}:seen:{update}": b"1"}, SEEN_SECONDS)
        if person:
            await self._notes.put({f"{self._prefix}:wrote:{person}": b"%d" % int(at)}, DAYS * 24 * 3600)

    async def close(self, person: str) -> None:
        """Note that Zalo takes nothing for this person any more, until they write again."""
        await self._notes.drop(f"{self._prefix}:wrote:{person}")

    async def window(self, person: str, at: float) -> Window:
        """Tell what sending to them at this time would be."""
        raw = await self._notes.get(f"{self._prefix}:wrote:{person}")
        if not raw or at - int(raw) > DAYS * 24 * 3600:
            return "closed"
        return "free" if at - int(raw) <= FREE_HOURS * 3600 else "billed"
