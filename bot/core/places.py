"""A province and its communes, by the country's own codes."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.core.fold import Typed, fold
from bot.core.problem import closest

HEADINGS = ["code", "kind", "name"]
_ENGLISH = {"xã": "commune", "phường": "ward", "đặc khu": "special zone", "tỉnh": "province", "thành phố": "city"}
_KINDS = {fold(kind).letters: kind for kind in _ENGLISH} | {("x",): "xã", ("p",): "phường"}


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, a ward or a special zone; or the province itself."""

    code: str  # two digits for a province, five for a commune
    kind: str
    name: str

    def said(self, lang: str = "vi") -> str:
        """Return it as it is said: `xã Nga Sơn`."""
        return f"{self.kind} {self.name}" if lang == "vi" else f"{self.name} {_ENGLISH[self.kind]}"


@dataclass(frozen=True)
class Province:
    """A province with its communes in the order of their codes."""

    itself: Commune
    communes: tuple[Commune, ...]

    @cached_property
    def by_code(self) -> dict[str, Commune]:
        """The communes by their codes."""
        return {each.code: each for each in self.communes}

    def said(self, code: str, lang: str = "vi") -> str:
        """Return a commune as it is said; of one that isn't in the table its code."""
        found = self.by_code.get(code)
        return found.said(lang) if found else f"xã, phường {code}" if lang == "vi" else f"commune {code}"

    @cached_property
    def _by_letters(self) -> dict[tuple[str, ...], list[tuple[Typed, Commune]]]:
        found: dict[tuple[str, ...], list[tuple[Typed, Commune]]] = {}
        for each in self.communes:
            name = fold(each.name)
            found.setdefault(name.letters, []).append((name, each))
        return found

    def find(self, text: str) -> tuple[Commune, ...]:
        """Return the communes that a text may mean: a code, or a name with or without kind and marks.

        None: nobody is called so. Several: it must be told which.
        """
        if text.isascii() and text.isdecimal():
            return tuple(each for each in self.communes if int(each.code) == int(text))  # sheets drop zeros
        typed = fold(text)
        found = tuple(self._named(typed, ""))
        for letters, kind in _KINDS.items():
            size = len(letters)
            if not found and typed.letters[:size] == letters and len(typed.letters) > size:
                found = tuple(self._named(typed.part(size, len(typed.letters)), kind))
        return found

    def _named(self, typed: Typed, kind: str) -> Iterator[Commune]:
        fits = [
            (name, each)
            for name, each in self._by_letters.get(typed.letters, ())
            if typed.may_mean(name) and kind in {"", each.kind}
        ]
        exact = [each for name, each in fits if name.marks == typed.marks]
        yield from exact or (each for _, each in fits)

    def nearest(self, text: str) -> Commune | None:
        """Return the commune that was probably meant by a name that nobody has."""
        bare = {fold(each.said()).bare: each for each in self.communes}
        bare |= {fold(each.name).bare: each for each in self.communes}
        found = closest(fold(text).bare, bare)
        return bare[found] if found else None


def table_of(province: Province) -> str:
    """Return the table that `read_province` reads."""
    rows = [HEADINGS, *([each.code, each.kind, each.name] for each in (province.itself, *province.communes))]
    return "".join(f"{','.join(row)}\n" for row in rows)


def read_province(text: str, path: str) -> Province:
    """Read a table `code,kind,name`: the province first, then its communes.

    Raises ValueError with a sentence that names the line.
    """
    rows = list(csv.reader(text.splitlines()))
    if not rows or rows[0] != HEADINGS:
        raise ValueError(f"{path}:1: the first line should be {','.join(HEADINGS)}")
    read: list[Commune] = []
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        digits = 5 if read else 2
        fits = len(row) == len(HEADINGS) and len(row[0]) == digits and row[0].isascii() and row[0].isdecimal()
        if not fits or row[1] not in _ENGLISH or not row[2].strip():
            raise ValueError(
                f"{path}:{number}: {','.join(row)!r} should be a code of {digits} digits, a kind "
                f"({', '.join(_ENGLISH)}) and a name"
            )
        if any(row[0] == each.code for each in read):
            raise ValueError(f"{path}:{number}: the code {row[0]!r} is there twice")
        read.append(Commune(row[0], row[1], row[2].strip()))
    if len(read) < 2:  # noqa: PLR2004  a province and a commune
        raise ValueError(f"{path}: there should be a province and its communes")
    return Province(read[0], tuple(sorted(read[1:], key=lambda each: each.code)))
