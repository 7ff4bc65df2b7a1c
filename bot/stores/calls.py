"""Learners' calls for helpers on their way: held in the store by who writes the records, told by who has the channels.

Each call has a name, so that holding it twice holds it once. Whom it was told to is noted beside it.
"""

from collections.abc import Collection
from typing import Final

import msgspec

from bot.core import calls
from bot.core.calls import Call
from bot.stores.asking import Asking

KEY: Final = "calls"


class Calls(Asking):
    """The calls. Its methods raise StoreDown."""

    async def hold(self, name: str, call: Call) -> None:
        """Hold a call, unless it is held already."""
        await self._ask([("HSETNX", KEY, name, calls.encode(call))])

    async def all(self) -> dict[str, Call]:
        """Return all calls that are held; what can't be read is dropped."""
        [found] = await self._ask([("HGETALL", KEY)])
        pairs = found.items() if isinstance(found, dict) else zip(found[::2], found[1::2], strict=True)
        held: dict[str, Call] = {}
        for name, value in pairs:
            try:
                held[name.decode()] = calls.decode(value)
            except (msgspec.DecodeError, UnicodeDecodeError):
                await self._ask([("HDEL", KEY, name)])
        return held

    async def drop(self, names: Collection[str]) -> None:
        """Hold these no more."""
        if names:
            await self._ask([("HDEL", KEY, *names)])
