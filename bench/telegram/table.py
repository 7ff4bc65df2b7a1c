"""What was found, as Markdown."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from bots import Side

IDLE = 0.8  # of a core: a bot that used less was waiting for something
BUDGETS = (("hocso", "grammy", 1.0), ("hocso", "aiogram", 1 / 12))  # CPU of the first : of the second, at most


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one bot in one scenario and round."""

    cpu: float  # µs per update
    rate: float  # updates a second
    median: float  # ms that a learner waits
    slowest: float  # ms, one of a hundred waits longer
    memory: float  # MB
    busy: float  # part of a core


def table(scenario: str, found: Mapping[Side, Sequence[Figures]]) -> str:
    """Return the table of a scenario, each figure the median of all rounds, and whether the budgets are kept."""
    lines = [
        f"| {scenario} | CPU µs per update | updates/s | p50 ms | p99 ms | memory MB | core busy |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    idle = []
    for side, rounds in found.items():
        each = Figures(*(statistics.median(values) for values in zip(*map(astuple, rounds), strict=True)))
        waits = f"{each.median:.1f} | {each.slowest:.1f}"
        lines.append(
            f"| {side.title} | {each.cpu:,.0f} | {each.rate:,.0f} | {waits} | {each.memory:.0f} | {each.busy:.0%} |"
        )
        idle += [side.name] if each.busy < IDLE else []
    cpu = {side.name: [each.cpu for each in rounds] for side, rounds in found.items()}
    if idle:
        lines += ["", f"Not kept busy: {', '.join(idle)}. The load, the disk or another program was in the way."]
    return "\n".join([*lines, "", *_budgets(scenario, cpu), ""])


def _budgets(scenario: str, cpu: Mapping[str, Sequence[float]]) -> Iterator[str]:
    for ours, theirs, most in BUDGETS:
        if ours in cpu and theirs in cpu:
            # Both of one round: what else the machine did then, it did to both.
            ratios = sorted(one / other for one, other in zip(cpu[ours], cpu[theirs], strict=True))
            ratio = statistics.median(ratios)
            seen = f"{_part(ratio)} (rounds: {', '.join(map(_part, ratios))})" if len(ratios) > 1 else _part(ratio)
            kept = "kept" if ratio <= most else "NOT KEPT"
            yield f"- {scenario}: the CPU of {ours} is {seen} of {theirs}'s; the budget {_part(most)} is {kept}"


def _part(ratio: float) -> str:
    """Write a ratio as people say it."""
    return f"{ratio:.2f}" if ratio > 1 / 2 else f"1/{1 / ratio:.1f}".removesuffix(".0")
