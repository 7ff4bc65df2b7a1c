"""Where people talk with the tutor.

A channel turns what arrives into an event, and a reply into what it shows; it holds no rules.
"""


class Unreachable(Exception):
    """The learner can't be sent anything: they shut the bot out, or are gone."""


class TryLater(Exception):
    """It may work after `seconds`; nothing was sent, as far as is known."""

    def __init__(self, seconds: float, words: str) -> None:
        super().__init__(words)
        self.seconds = seconds


class Refused(Exception):
    """The platform will never take this; `code` is its own."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code
