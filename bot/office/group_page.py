"""The page of a group, for its helpers alone: who learns there, where they are, and who is stuck."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from bot.core.group import Member, place
from bot.core.library import FIRST, Library
from bot.office.areas import Areas
from bot.office.door import Asked, Way
from bot.office.figure_sheets import title_of
from bot.office.group_texts import GroupTexts, group_texts_of
from bot.office.page import draw
from bot.office.sheet import day_text
from bot.stores.group import Group
from bot.stores.office import Office, day_of

HOME: Final = "/office/group"
AT_ONCE: Final = 25  # people on a page
LONG_AGO: Final = 60  # days; then the date is told
_number = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Card:
    """One person as the page shows them. Nothing in it leads to their records or accounts."""

    name: str
    lines: tuple[str, ...]
    stuck: str  # why, or empty


class GroupPage:
    """The answer. `library` has the lessons that are taught now."""

    def __init__(self, office: Office, group: Group, areas: Areas, library: Callable[[], Library]) -> None:
        self._office = office
        self._group = group
        self._areas = areas
        self._library = library

    def ways(self) -> list[Way]:
        """Return its address."""
        return [Way(HOME, "group", get=self.people)]

    async def people(self, asked: Asked) -> Response:
        """Show a helper their own group; that they looked is written down first."""
        words = group_texts_of(asked.lang)
        area = await self._areas.name(asked.area, "vi")
        looked_at = group_texts_of("vi").audited.format(area=area)
        await self._office.note(asked.person, "looked", looked_at, asked.minute)
        team = await self._areas.team(asked.area)
        members = [] if team is None else await self._group.members(team)
        pages = max(1, -(-len(members) // AT_ONCE))
        page = min(max(int((_number.fullmatch(asked.request.query_params.get("page", "")) or "1")[0]), 1), pages)
        cards = _cards(members, words, self._library(), day_of(asked.minute))[(page - 1) * AT_ONCE : page * AT_ONCE]
        waiting = sum(each.stuck for each in members)
        others = words.others if waiting else words.everybody
        parts = [
            (title, [card for card in cards if bool(card.stuck) is stuck])
            for title, stuck in ((words.waiting, True), (others, False))
        ]
        ways = [(page - 1, words.earlier)] if page > 1 else []
        ways += [(page + 1, words.later)] if page < pages else []
        return draw(
            asked.frame,
            "group",
            words=words,
            area=await self._areas.name(asked.area, asked.lang),
            parts=[(title, some) for title, some in parts if some],
            many=(words.many if waiting else words.calm).format(people=len(members), waiting=waiting),
            here=words.page.format(page=page, pages=pages) if pages > 1 else "",
            ways=[(f"{HOME}?page={number}", label) for number, label in ways],
        )


def _cards(members: Sequence[Member], words: GroupTexts, library: Library, today: int) -> list[Card]:
    names = Counter(each.called for each in members)

    def name(each: Member) -> str:
        if not each.called:
            return words.unnamed.format(number=each.number)
        return words.twice.format(name=each.called, number=each.number) if names[each.called] > 1 else each.called

    return [
        Card(
            name(each),
            (_place(each, words, library), words.seen.format(when=_when(today - each.seen_day, each.seen_day, words))),
            words.why.format(whys=", ".join(words.whys[why] for why in each.standing.why)) if each.stuck else "",
        )
        for each in members
    ]


def _place(each: Member, words: GroupTexts, library: Library) -> str:
    languages = library.lessons.get(each.standing.lesson)
    if languages is None:
        return words.none_open
    lesson, at = title_of(languages[FIRST]), place(library, each.standing)
    return words.at.format(lesson=lesson, step=at[0], steps=at[1]) if at else words.lost.format(lesson=lesson)


def _when(days: int, day: int, words: GroupTexts) -> str:
    if days > LONG_AGO:
        return day_text(day)
    return {0: words.today, 1: words.yesterday}.get(max(days, 0), words.ago.format(days=days))
