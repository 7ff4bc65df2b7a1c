"""What comes in bursts is answered once: pictures of an album, and what Zalo keeps from us."""

from collections.abc import Callable

BURST_SECONDS = 20.0
HIDDEN_SECONDS = 86_400.0  # within which things that Zalo keeps from us count together
HINT_SECONDS = 3600.0  # between two hints in a group
REMEMBERED = 5000  # chats


class Bursts:
    """Remembers when something was last answered in a chat. `clock` tells seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last: dict[tuple[str, str], float] = {}
        self._hidden: dict[str, tuple[int, float]] = {}

    def first(self, chat: str, kind: str = "other", seconds: float = BURST_SECONDS) -> bool:
        """Whether this is the first of its kind for so long. Others meanwhile don't make it longer."""
        now, key = self._clock(), (chat, kind)
        last = self._last.get(key)
        if last is not None and 0 <= now - last < seconds:
            return False
        self._last.pop(key, None)
        self._last[key] = now
        if len(self._last) > REMEMBERED:
            del self._last[next(iter(self._last))]
        return True

    def hint(self, chat: str) -> bool:
        """Whether a group is to be told that one learns alone."""
        return self.first(chat, "hint", HINT_SECONDS)

    def hidden(self, chat: str) -> int:
        """Tell how many bursts of hidden messages came without a readable one between; 0: this one was answered."""
        if not self.first(chat, "hidden"):
            return 0
        number, last = self._hidden.pop(chat, (0, 0.0))
        number = number + 1 if self._clock() - last < HIDDEN_SECONDS else 1
        self._hidden[chat] = number, self._clock()
        if len(self._hidden) > REMEMBERED:
            del self._hidden[next(iter(self._hidden))]
        return number

    def readable(self, chat: str) -> None:
        """Note that Zalo does pass on what this learner writes."""
        self._hidden.pop(chat, None)
