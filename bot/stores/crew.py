"""The crew in the database: codes by which people of the office come to be known in a chat, and their badges."""

import secrets
from typing import Final, NamedTuple

from sqlalchemy import Text, cast, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core import group
from bot.core.access import Person
from bot.core.crew import Crew, Member
from bot.core.join_code import number_of
from bot.stores.database import Database
from bot.stores.group import Group
from bot.stores.office import note_deed
from bot.stores.tables import accounts, helpers, learners, office_chats, office_links, office_people, teams
from bot.stores.teams import TeamBook

_OA_MINUTES: Final = 48 * 60
_CHANCE: Final = 16  # bits of a badge behind its minute


class Invitation(NamedTuple):
    """A code that can be taken up now. `team` is the commune's code and the name of a helper's group."""

    person: Person
    team: tuple[str, str] | None


def fresh_badge(minute: int) -> int:
    """Draw a badge: it is greater than all of earlier minutes, and nobody gets one that was given away."""
    return minute << _CHANCE | secrets.randbits(_CHANCE)


class CrewBook:
    """Who of the office is known in a chat. Its methods raise StoreDown; times are minutes since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def invite(self, person: Person, mark: str, minute: int, until: int) -> None:
        """Let a code with this mark make someone known in a chat, once; earlier codes of theirs stop working."""
        async with self._database.changing() as connection:
            await connection.execute(delete(office_chats).where(office_chats.c.person == person.number))
            row = {"mark": mark, "person": person.number, "badge": fresh_badge(minute), "until": until}
            await connection.execute(insert(office_chats).values(row))

    async def find(self, mark: str, minute: int) -> Invitation | None:
        """Return whom a code invites; None where it is none, or was taken up. Spends nothing."""
        async with self._database.reading() as connection:
            row = await _invited(connection, mark, minute)
            if row is None or row.taken is not None:
                return None
            person = Person(row.person, row.name, row.role, row.area)
            _, _, number = row.area.partition(".")
        team = int(number or 0)
        return Invitation(person, (await TeamBook(self._database).named([team])).get(team))

    async def accept(self, mark: str, taker: str, minute: int) -> tuple[int, Member] | None:
        """Have the first `taker` of a code be that person; return their badge, again whenever they ask again.

        `taker` is what nobody else has, drawn by chance. None where somebody else has taken it, or it is too old.
        """
        async with self._database.changing() as connection:
            row = await _invited(connection, mark, minute)
            if row is None or row.taken not in {None, taker}:
                return None
            free = office_chats.c.taken.is_(None)
            taken = update(office_chats).where(office_chats.c.mark == mark, free).values(taken=taker)
            if (await connection.execute(taken)).rowcount:
                was = select(office_people.c.learner).where(office_people.c.id == row.person).scalar_subquery()
                await connection.execute(delete(helpers).where(helpers.c.learner == was))
                known = update(office_people).where(office_people.c.id == row.person)
                await connection.execute(known.values(badge=row.badge, learner=None))
                await note_deed(connection, minute, row.person, "chat-joined")
            elif row.taken is None:  # somebody else was faster
                return None
            return row.badge, Member(row.person, row.name, row.role, row.area)

    async def link(self, badge: int, mark: str, minute: int, until: int) -> bool:
        """Let a link with this mark sign in whoever has the badge; False where nobody has it any more."""
        async with self._database.changing() as connection:
            theirs = office_people.c.badge == badge, office_people.c.ended_day.is_(None)
            person = await connection.scalar(select(office_people.c.id).where(*theirs))
            if person is None:
                return False
            await connection.execute(insert(office_links).values(mark=mark, person=person, until=until))
            await note_deed(connection, minute, person, "link-asked", "chat")
            return True

    async def group(self, badge: int, minute: int) -> tuple[tuple[str, str], list[group.Member]] | None:
        """Return the team (its commune's code, its name) and the people of the helper who has the badge.

        That they looked is written down first. None where nobody has it any more, or they are no helper.
        """
        theirs = office_people.c.badge == badge, office_people.c.ended_day.is_(None), office_people.c.role == "helper"
        async with self._database.reading() as connection:
            row = (await connection.execute(select(office_people).where(*theirs))).first()
        commune, _, group_number = row.area.partition(".") if row else ("", "", "")
        number = int(group_number or 0)
        team = (await TeamBook(self._database).named([number])).get(number)
        if row is None or team is None or team[0] != commune:  # as on the office's page of the group
            return None
        async with self._database.changing() as connection:
            await note_deed(connection, minute, row.id, "looked", f"{team[1]} ({row.area})")
        return team, await Group(self._database).members(number)

    async def all(self, minute: int) -> Crew:
        """Return everybody who is known in a chat, by their badges."""
        wanted = (
            select(office_people, accounts.c.name.label("account"), learners.c.minute, teams.c.code)
            .outerjoin(learners, learners.c.id == office_people.c.learner)
            .outerjoin(accounts, accounts.c.learner == learners.c.id)
            .outerjoin(teams, office_people.c.area == teams.c.commune + "." + cast(teams.c.id, Text))
            .where(office_people.c.badge.is_not(None), office_people.c.ended_day.is_(None))
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted.order_by(office_people.c.badge))).all()
        return {
            row.badge: Member(
                row.id,
                row.name,
                row.role,
                row.area,
                number_of(row.code or ""),
                bool(row.account) and reaches(row.account, minute - row.minute),
            )
            for row in rows
        }


def reaches(account: str, minutes: int) -> bool:
    """Whether somebody can be sent what they didn't ask for, so many minutes after they did something.

    Nobody is reached on a web page or in a terminal; a Zalo Official Account may write for two days. Behind a
    learner's id may be any account: then it turns out when it is tried.
    """
    channel, _, _ = account.partition(":")
    return channel in {"telegram", "zalo-bot", "l"} or (channel == "zalo-oa" and minutes < _OA_MINUTES)


async def _invited(connection: AsyncConnection, mark: str, minute: int):  # type: ignore[no-untyped-def]  # noqa: ANN202  a row of both tables
    wanted = (
        select(office_chats, office_people.c.name, office_people.c.role, office_people.c.area)
        .join_from(office_chats, office_people, office_people.c.id == office_chats.c.person)
        .where(office_chats.c.mark == mark, office_chats.c.until > minute, office_people.c.ended_day.is_(None))
    )
    return (await connection.execute(wanted)).first()
