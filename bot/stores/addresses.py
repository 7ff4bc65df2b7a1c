"""The one place where an account's address meets a learner's number.

`hocso rebuild` needs it to find whose progress is whose; whoever writes the records needs it to know whom an
entry of the journal is about. Nothing else reads the table `accounts`. The number is drawn at random, so no
other table tells anything of an address.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.stores.tables import accounts

AT_ONCE = 1000  # names in one question
LONGEST = 500  # characters of an address; any channel's are far shorter


def fresh_number() -> int:
    """Draw a learner's number: 63 bits, so that nobody ever gets one that was given away."""
    return secrets.randbits(63)


def channel_of(name: str) -> str:
    """Return the channel of an account, such as `telegram`; empty where the name tells none."""
    channel, colon, _ = name.partition(":")
    return channel if colon else ""


async def numbers_of(connection: AsyncConnection, names: Collection[str]) -> dict[str, int]:
    """Return the learners of those accounts that are known."""
    found: dict[str, int] = {}
    asked = list(names)
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        rows = await connection.execute(select(accounts.c.name, accounts.c.learner).where(accounts.c.name.in_(some)))
        found |= {row.name: row.learner for row in rows}
    return found


async def remember(connection: AsyncConnection, numbers: Mapping[str, int]) -> None:
    """Keep whose accounts these are; the learners must be there."""
    await connection.execute(accounts.insert(), [{"name": name, "learner": number} for name, number in numbers.items()])


async def forget(connection: AsyncConnection, numbers: Iterable[int]) -> None:
    """Strike all accounts of these learners."""
    await connection.execute(delete(accounts).where(accounts.c.learner.in_(list(numbers))))


async def page(connection: AsyncConnection, after: str, most: int) -> list[tuple[str, int]]:
    """Read the next accounts behind `after`, in the order of their names."""
    rows = await connection.execute(
        select(accounts.c.name, accounts.c.learner).where(accounts.c.name > after).order_by(accounts.c.name).limit(most)
    )
    return [(name, number) for name, number in rows]
