"""What areas are called: the province and its communes by their table, groups by the list of teams."""

from collections.abc import Iterable

from bot.core.access import ALL
from bot.core.places import Province
from bot.office.texts import texts_of
from bot.stores.teams import TeamBook


class Areas:
    """Their names, as they are said within a sentence: `tỉnh Thanh Hóa`, `xã Nga Sơn`, `Tổ thôn 3, xã Nga Sơn`."""

    def __init__(self, book: TeamBook, province: Province) -> None:
        self._book = book
        self._province = province

    def wide(self, area: str, lang: str) -> str:
        """Return the name of the province or a commune."""
        return self._province.itself.said(lang) if area == ALL else self._province.said(area, lang)

    async def names(self, areas: Iterable[str], lang: str) -> dict[str, str]:
        """Return the names of areas. Raises StoreDown."""
        wanted = set(areas)
        numbers = {int(number) for _, _, number in (area.partition(".") for area in wanted) if number}
        teams = await self._book.named(numbers)
        found = {}
        for area in wanted:
            commune, _, number = area.partition(".")
            its_commune, name = teams.get(int(number or 0), ("", ""))
            if its_commune != commune:  # there is none, or it lies elsewhere
                name = texts_of(lang).group.format(number=number)
            found[area] = f"{name}, {self.wide(commune, lang)}" if number else self.wide(area, lang)
        return found

    async def team(self, area: str) -> int | None:
        """Return the number of the team that an area is; None where it is none. Raises StoreDown."""
        commune, _, number = area.partition(".")
        found = await self._book.named([int(number)]) if number else {}
        return int(number) if found and found[int(number)][0] == commune else None

    async def name(self, area: str, lang: str) -> str:
        """Return the name of one. Raises StoreDown."""
        return (await self.names([area], lang))[area]


def capital(name: str) -> str:
    """Return a name as it stands by itself: `Xã Nga Sơn`."""
    return name[:1].upper() + name[1:]
