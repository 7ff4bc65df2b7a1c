"""The one place where an account's address meets a learner's number.

`hocso rebuild` needs it to find whose progress is whose; whoever writes the records needs it to know whom an
entry of the journal is about. Nothing else reads the table `accounts`. The number is drawn at random, so no
other table tells anything of an address.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.stores.tables import accounts, learners

AT_ONCE = 1000  # names in one question
LONGEST = 500  # characters of an address; any channel's are far shorter


def fresh_number() -> int:
    """Draw a learner's number: 63 bits, so that nobody ever gets one that was given away."""
    return secrets.randbits(63)


def channel_of(name: str) -> str:
    """Return the channel of an account, such as `telegram`; empty where the name tells none, or is a learner's id."""
    channel, colon, _ = name.partition(":")
    return channel if colon and channel != "l" else ""


class Known(NamedTuple):
    """A learner that is known: the number, and the first of their turns that is kept."""

    number: int
    first_turn: int


async def known_of(connection: AsyncConnection, names: Collection[str]) -> dict[str, Known]:
    """Return the learners of those accounts that are known."""
    found: dict[str, Known] = {}
    asked = list(names)
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        rows = await connection.execute(
            select(accounts.c.name, learners.c.id, learners.c.first_turn)
            .join_from(accounts, learners)
            .where(accounts.c.name.in_(some))
        )
        found |= {row.name: Known(row.id, row.first_turn) for row in rows}
    return found


async def remember(connection: AsyncConnection, numbers: Mapping[str, Known]) -> None:
    """Keep whose accounts these are; the learners must be there."""
    rows = [{"name": name, "learner": known.number} for name, known in numbers.items()]
    await connection.execute(accounts.insert(), rows)


async def forget(connection: AsyncConnection, numbers: Iterable[int]) -> None:
    """Strike all accounts of these learners."""
    await connection.execute(delete(accounts).where(accounts.c.learner.in_(list(numbers))))


async def numbers_of_ids(connection: AsyncConnection) -> dict[str, int]:
    """Return the numbers of those who have an id of their own, by that id: it is drawn at random, and no address."""
    rows = await connection.execute(select(accounts.c.name, accounts.c.learner).where(accounts.c.name.startswith("l:")))
    return {name: number for name, number in rows}  # noqa: C416  rows aren't pairs to mypy


async def page(connection: AsyncConnection, after: str, most: int) -> list[tuple[str, int]]:
    """Read the next accounts behind `after`, in the order of their names."""
    rows = await connection.execute(
        select(accounts.c.name, accounts.c.learner).where(accounts.c.name > after).order_by(accounts.c.name).limit(most)
    )
    return [(name, number) for name, number in rows]
