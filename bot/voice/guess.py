"""How long and how large a clip will be, before it is made: from its letters, at the pace of espeak, which is usual.

For a reply of a lesson that is within a quarter (`python bench/voice.py` compares them).
"""

from bot.core.length import EDGES, LETTERS_A_SECOND

SLOWER = 1.22  # how much longer slow speech is
BYTES_A_SECOND = 125  # for each kbit/s
STEP = 10  # kB: nobody wants to be told more exactly


def seconds_of(text: str, *, slow: bool) -> float:
    """Return for how many seconds a spelled-out text is likely to be heard."""
    return EDGES + len(text) / LETTERS_A_SECOND * (SLOWER if slow else 1.0)


def bytes_of(text: str, kbit: int, *, slow: bool) -> int:
    """Return how many bytes its clip is likely to have; clips joined have as many as all of them."""
    return round(seconds_of(text, slow=slow) * kbit * BYTES_A_SECOND)


def rounded(size: int) -> int:
    """Return a size in bytes as people are told it: whole tens of kB, ten at least."""
    return max(STEP, round(size / 1000 / STEP) * STEP)
