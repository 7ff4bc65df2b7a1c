"""What stands on a report's page, before it is drawn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the first column holds names, the others numbers. `shares` are the columns' parts of its width."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart: a label, the number as it is told, and the number itself, None where there is none to draw."""

    title: str
    points: tuple[tuple[str, str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that stands on the page. `warning` is in a frame of its own, where there is one."""

    title: str
    area: str
    lines: tuple[str, ...]
    warning: tuple[str, str] | None
    first: Grid
    chart: Columns
    second: Grid
    third: Grid | None  # where there is room
    instead: str  # what is said where there is none
    notes: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]
    place: str
