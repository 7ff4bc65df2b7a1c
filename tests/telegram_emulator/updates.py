"""What waits for a bot: the queue of its updates, and long polling."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from telegram_emulator.chats import Message
from telegram_emulator.clock import Bell, Clock
from telegram_emulator.refused import Json, Refused

MESSAGE_LIVES = 86_400  # seconds
CALLBACK_LIVES = 150
LONGEST_POLL = 50
MOST = 100  # updates in one answer
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
KINDS = {
    *("message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query"),
    *("chosen_inline_result", "poll", "poll_answer", "my_chat_member", "chat_join_request", "chat_boost"),
    *("removed_chat_boost", "pre_checkout_query", "shipping_query", "business_connection", "business_message"),
    *("edited_business_message", "deleted_business_messages", "purchased_paid_media", "managed_bot", "guest_message"),
    *NOT_BY_DEFAULT,
}
# Order is kept within a queue (Client.cpp): messages of a chat, taps of a person, ...
QUEUES = {"callback_query": "taps", "my_chat_member": "member"}


@dataclass(eq=False)
class Update:
    """Something that happened, on its way to the bot."""

    id: int
    kind: str
    body: Json
    queue: tuple[str, int]
    expires: float
    message: Message | None = None  # what was sent or tapped
    again: bool = False  # redelivered on purpose
    answers: list[Json] = field(default_factory=list)  # answerCallbackQuery
    tries: int = 0
    failures: int = 0
    whole: Json | None = None  # all of it but its id, where it is of no kind that is known here

    @property
    def json(self) -> Json:
        return {**({self.kind: self.body} if self.whole is None else self.whole), "update_id": self.id}


class Updates:
    """One bot's pending updates, in order."""

    def __init__(self, clock: Clock, bell: Bell) -> None:
        self._clock = clock
        self._bell = bell
        self._next = random.randrange(10**8, 9 * 10**8)  # noqa: S311  Telegram starts anywhere
        self._polls = 0
        self._ended = 0  # the last poll that a webhook ended
        self._waiting = 0
        self.pending: list[Update] = []
        self.all: list[Update] = []
        self.allowed: tuple[str, ...] = ()  # nothing set: the default
        self.odd = False  # whether something was brought that no schema knows

    def allow(self, names: Iterable[str] | None) -> None:
        """Remember which kinds the bot wants; without a list the former one stays."""
        if names is not None:
            self.allowed = tuple(name for name in names if name in KINDS)

    def wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def add(self, kind: str, body: Json, who: int, message: Message | None = None) -> Update:
        """Queue an update if the bot wants its kind; return it in any case."""
        lives = CALLBACK_LIVES if kind == "callback_query" else MESSAGE_LIVES
        queue = (QUEUES.get(kind, "messages"), who)
        update = Update(self._next, kind, body, queue, self._clock.now() + lives, message)
        if self.wanted(kind):
            self._next += 1
            self.pending.append(update)
            self.all.append(update)
        self._bell.ring()
        return update

    def bring(self, whole: Json, who: int, update_id: int = 0) -> Update:
        """Queue whatever it is."""
        self.odd = True
        expires = self._clock.now() + MESSAGE_LIVES
        update = Update(update_id or self._next, "", {}, ("messages", who), expires, whole=whole)
        self._next += not update_id
        self.pending.append(update)
        self.all.append(update)
        self._bell.ring()
        return update

    def restart_ids(self, update_id: int | None = None) -> None:
        """Go on at another id, as Telegram does after a quiet week."""
        self._next = update_id or random.randrange(10**8, 9 * 10**8)  # noqa: S311

    def put_again(self, update: Update) -> None:
        """Deliver it once more under its old id."""
        update.again = True
        if update not in self.pending:
            self.pending.insert(0, update)
        self._bell.ring()

    def done(self, update: Update) -> None:
        if update in self.pending:
            self.pending.remove(update)
        update.again = False
        self._bell.ring()

    @property
    def polling(self) -> bool:
        """Whether the bot waits in a long poll."""
        return self._waiting > 0

    def clear(self) -> None:
        self.pending.clear()
        self._bell.ring()

    def expire(self) -> None:
        """Drop what waited too long."""
        now = self._clock.now()
        left = [update for update in self.pending if update.expires >= now]
        if len(left) < len(self.pending):
            self.pending = left
            self._bell.ring()

    def _take(self, offset: int, limit: int) -> list[Update]:
        self.expire()
        if offset < 0:
            self.pending = self.pending[offset:]
        if offset > 0:
            # What was read and comes again is confirmed only by being read again.
            self.pending = [each for each in self.pending if each.id >= offset or each.again]
        taken = self.pending[:limit]
        for update in taken:
            update.tries += 1
            update.again = False
        return taken

    async def poll(self, offset: int, limit: int, timeout: int) -> list[Json]:  # noqa: ASYNC109  Telegram's own field
        """Answer getUpdates: at once if something waits, else when something comes or time is up."""
        limit = min(max(limit, 1), MOST)
        self._polls += 1
        poll = self._polls
        self._bell.ring()
        until = self._clock.now() + min(max(timeout, 0), LONGEST_POLL)
        while not (taken := self._take(offset, limit)) and self._clock.now() < until:
            await self._wait(until)
            if poll <= self._ended:
                raise Refused(409, "terminated by setWebhook request")
            if self._polls != poll:
                words = "terminated by other getUpdates request; make sure that only one bot instance is running"
                raise Refused(409, words)
        if taken:
            self._bell.ring()
        return [update.json for update in taken]

    async def _wait(self, until: float) -> None:
        self._waiting += 1
        try:
            await self._clock.reach(until, sooner=self._bell.next())
        finally:
            self._waiting -= 1

    def end_polls(self) -> None:
        """Let polls under way end, because a webhook is set."""
        self._ended = self._polls
        self._bell.ring()
