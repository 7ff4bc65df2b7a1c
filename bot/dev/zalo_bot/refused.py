"""How a call is refused, and JSON of a platform."""

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """A call gets an error: the platform's code and words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
