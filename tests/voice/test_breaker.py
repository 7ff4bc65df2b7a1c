"""An engine that fails is left alone, for longer each time, and found again when it is well."""

from threading import Thread

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from made_engines import Clock

from bot.voice.breaker import TRIAL, Breaker

# What happens, and what `ask` says after it. Numbers are seconds that pass.
STORIES: dict[str, list[tuple[str | float, float]]] = {
    "closed at first": [("", 0)],
    "two faults are borne": [("failed", 0), ("failed", 0)],
    "a third opens it": [("failed", 0), ("failed", 0), ("failed", 30), (10, 20), (19.5, 0.5)],
    "what works between starts the count anew": [("failed", 0), ("failed", 0), ("worked", 0), ("failed", 0)],
    "one is let through, the others wait": [("open", 30), (30, 0), (0, TRIAL), (100, 20)],
    "a trial that nobody told about is forgotten": [("open", 30), (30, 0), (TRIAL, 0), (0, TRIAL)],
    "a trial that goes well closes it": [("open", 30), (30, 0), ("worked", 0), ("failed", 0), ("failed", 0)],
    "a trial that fails opens it for longer": [("open", 30), (30, 0), ("failed", 60), (60, 0), ("failed", 120)],
    "at most the longest": [("open", 30), (30, 0), ("failed", 60), (60, 0), ("failed", 120), (120, 0), ("failed", 150)],
    "after it worked the pauses are short again": [
        ("open", 30),
        (30, 0),
        ("failed", 60),
        (60, 0),
        ("worked", 0),
        ("open", 30),
    ],
    "a trial about one text lets the next one try": [("open", 30), (30, 0), ("undecided", 0), (0, TRIAL)],
    "one text tells nothing while it is closed": [
        ("undecided", 0),
        ("undecided", 0),
        ("undecided", 0),
        ("undecided", 0),
    ],
    "asked to wait, it waits at once": [("wait 300", 300), (299, 1), (1, 0), ("wait 300", 300)],
    "asked to wait when open, it waits for the longer": [
        ("open", 30),
        ("wait 300", 300),
        ("wait 10", 300),
        ("failed", 300),
    ],
    "a late answer from before the pause changes nothing": [
        ("open", 30),
        ("worked", 30),
        ("failed", 30),
        ("undecided", 30),
    ],
}


def _happens(breaker: Breaker, clock: Clock, what: str | float) -> None:
    if not isinstance(what, str):
        clock.now += what
    elif what == "open":
        for _ in range(3):
            breaker.failed()
    elif what.startswith("wait "):
        breaker.failed(float(what.removeprefix("wait ")))
    elif what:
        getattr(breaker, what)()


@pytest.mark.parametrize("story", STORIES)
def test_stories(story: str) -> None:
    clock = Clock()
    breaker = Breaker(clock, faults=3, first=30, longest=150)
    for number, (what, wait) in enumerate(STORIES[story]):
        _happens(breaker, clock, what)
        assert breaker.ask() == pytest.approx(wait), (number, what)


def test_only_one_of_many_threads_tries_again() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    _happens(breaker, clock, "open")
    clock.now += 30
    waits: list[float] = []
    threads = [Thread(target=lambda: waits.append(breaker.ask())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == [0.0, *[TRIAL] * 7]


class Asking(RuleBasedStateMachine):
    """Whatever happens: a pause is kept, it ends, and grows to the longest only."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.breaker = Breaker(self.clock, faults=2, first=10, longest=40)
        self.in_row = 0
        self.not_before = 0.0  # nobody may be let through before
        self.trying = False

    @rule(seconds=st.sampled_from([0, 1, 5, 10, 20, 40]))
    def passes(self, seconds: int) -> None:
        self.clock.now += seconds

    @rule()
    def asks(self) -> None:
        wait = self.breaker.ask()
        assert wait >= 0
        if wait == 0:
            assert self.clock.now >= self.not_before
            self.trying = True
        else:
            assert wait <= max(TRIAL, 100)

    @precondition(lambda self: self.trying)
    @rule()
    def works(self) -> None:
        self.trying = False
        self.breaker.worked()
        if self.clock.now >= self.not_before:
            self.in_row = 0
            assert self.breaker.ask() == 0

    @precondition(lambda self: self.trying)
    @rule(wait=st.sampled_from([None, 100]))
    def fails(self, wait: int | None) -> None:
        self.trying = False
        self.in_row += 1
        self.breaker.failed(wait)
        if wait:
            self.not_before = max(self.not_before, self.clock.now + wait)
        elif self.in_row >= 2:
            self.not_before = max(self.not_before, self.clock.now + 10)

    @precondition(lambda self: self.trying)
    @rule()
    def is_about_one_text(self) -> None:
        self.trying = False
        self.breaker.undecided()

    @invariant()
    def comes_back(self) -> None:
        assert self.breaker._until <= self.clock.now + max(TRIAL, 100)  # noqa: SLF001


TestAsking = Asking.TestCase
TestAsking.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
