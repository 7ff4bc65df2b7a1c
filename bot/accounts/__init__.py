"""Accounts whose learner isn't theirs alone: one learner on several accounts, several learners on one.

`bot/tutor.py` takes the turns of everybody else, and asks here only where an account's value turns out to be a
signpost, or where a learner wants what changes accounts.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

import msgspec
import structlog

from bot.accounts.desk import OFFICE_WISHES, Desk
from bot.accounts.locks import lock_of, opens
from bot.accounts.places import Found, Places, fresh_id
from bot.accounts.values import DAY, change
from bot.core.here import Here
from bot.core.library import FIRST, Library
from bot.core.merge import Far
from bot.core.people import MOST, name_of, numbered
from bot.core.progress import SEEN, Progress, decode
from bot.core.saving import Save, StoreDown
from bot.core.sharing import MINUTES
from bot.core.signpost import Seat, Signpost, encode_value
from bot.core.talk import show, take_turn
from bot.core.turn import PART, Around, Entry, Event, Moment, Person, Record, Reply, Tapped, Turn, Wish

TRIES = 20  # of one turn, when others of the same learner keep winning the race
log = structlog.get_logger()

EPOCHS = 999  # of a signpost, each PART turns long: together nine digits, as channels take them
SECONDS = MINUTES * 60
CODES, GUESSES = 5, 5  # that are given, and tried, in ten minutes by one account,
ALL_GUESSES = 500  # and tried and wrong by all of them
MOST_ACCOUNTS = 8  # of one learner
_NEVER = datetime.fromtimestamp(0, UTC)  # for sentences that tell of no time


class Store(Protocol):
    """What is needed of a store."""

    async def load(self, learners: Sequence[str]) -> list[bytes]: ...
    async def save(self, saves: Sequence[Save]) -> list[bool]: ...
    async def offer(self, code: str, value: bytes, seconds: int) -> bool: ...
    async def take(self, code: str, taker: str) -> bytes: ...
    async def count(self, what: str, seconds: int, by: int = 1) -> int: ...


class Heard(NamedTuple):
    """One update, as the tutor hears it."""

    account: str
    event: Event
    mark: int
    lang: str
    order: int


class _Given(msgspec.Struct, frozen=True, array_like=True):
    """What a code stands for. Without a learner it is the account's only one."""

    account: str
    learner: str = ""


class Accounts:
    """Takes turns through signposts, and grants what changes them. Raises StoreDown."""

    def __init__(  # noqa: PLR0913  what a tutor has
        self,
        store: Store,
        load: Callable[[str], Awaitable[bytes]],
        save: Callable[[Save], Awaitable[bool]],
        library: Callable[[], Library],
        clock: Callable[[], datetime],
        *,
        receipt: Callable[[], str],
        news: Callable[[Library, Turn], Awaitable[bool]],
        desk: Callable[[], Desk],
    ) -> None:
        self._store = store
        self._save = save
        self._library = library
        self._clock = clock
        self._receipt = receipt
        self._news = news
        self._desk = desk
        self._places = Places(load, save, lambda: _far(library()))

    async def hear(self, heard: Heard) -> Reply | None:
        """Answer one event; None where the account is its own learner, perhaps by now."""
        for _ in range(TRIES):
            library, at = self._library(), self._clock()
            found = await self._places.find(heard.account, Moment(at))
            if found is None:
                return None
            progress = _standing(found, heard.lang)
            now = Moment(at, order=heard.order, around=_around(found), crew=self._desk().crew)
            if heard.mark in progress.seen or heard.mark in found.sign.seen:
                return _dressed(library, found, show(library, progress, now))
            event = _meant(heard.event, found.sign)
            turn = take_turn(library, progress, event, now, heard.mark)
            if turn.forget:
                now = change(now, chance=self._receipt())
                turn = take_turn(library, progress, event, now, heard.mark)
                if await self._places.delete(found, turn.progress, now):
                    log.info("all of a learner is deleted", receipt=now.chance)  # as in the tutor
                    return await self._after_deleting(heard, now.chance)
                continue
            if turn.wish:
                granted = await self.grant(heard, turn.wish, now, found)
                if isinstance(granted, Reply):
                    return granted
                turn = take_turn(library, progress, event, change(now, chance=granted), heard.mark)
            if turn.progress is progress:
                return _dressed(library, found, turn.reply)
            if not await self._news(library, turn) and await self._save(_saved(found, turn, now)):
                return _dressed(library, found, turn.reply)
        raise StoreDown(f"{TRIES} saves in a row were overtaken by others")

    async def look(self, account: str, lang: str, *said: str, greet: bool = False) -> Reply | None:
        """Show where the learner is whose turn it is; None where the account is its own learner.

        `said` are the names of phrases that are said before.
        """
        library, at = self._library(), self._clock()
        found = await self._places.find(account, Moment(at))
        if found is None:
            return None
        progress, now = _standing(found, lang), Moment(at, around=_around(found), crew=self._desk().crew)
        reply = show(library, progress, now, greet=greet)
        return _dressed(library, found, change(reply, notes=(*_says(library, progress, said), *reply.notes)))

    async def standing(self, account: str) -> Progress | None:
        """Return the progress of the learner whose turn it is; None where the account is its own learner."""
        found = await self._places.find(account, Moment(self._clock()))
        return _standing(found, "") if found else None

    async def grant(self, heard: Heard, wish: Wish, now: Moment, found: Found | None = None) -> Reply | str:
        """Grant a wish: returns the reply, or what is taken for chance. `found` is None where there is no signpost."""
        if wish.kind in OFFICE_WISHES:
            return await self._desk().answer(wish, heard.account, now.minute)
        match wish.kind:
            case "code":
                return await self._give(heard, found) or await self._told(heard, "code_later")
            case "join":
                said, done = await self._join(heard, wish.text, now)
                reply = await self._told(heard, said)
                return reply if done else change(reply, secret=True)  # whatever those digits were
            case "leave" if found:
                return await self._left(heard, found, now)
            case "remove" if found:
                return await self._removed(heard, found, now)
            case _:
                return await self._among(heard, wish, now)

    async def _left(self, heard: Heard, found: Found, now: Moment) -> Reply:
        """Take the account off its learner, who learns on others too."""
        left = len(found.own.accounts) > 1 and await self._places.leave(found, now)
        return await self._told(heard, *(("left",) if left else ()))

    async def _removed(self, heard: Heard, found: Found, now: Moment) -> Reply:
        """Take whose turn it is off the account; who learns nowhere else is deleted."""
        if len(found.sign.seats) == 1 or len(found.own.accounts) > 1:
            return await self._left(heard, found, now)
        receipt = self._receipt()
        old = found.own.progress
        blank = Progress(turns=old.turns + 1, lang=old.lang, place="gone", note=(receipt,))
        if not await self._places.delete(found, blank, now):
            return await self._told(heard)
        log.info("all of a learner is deleted", receipt=receipt)
        return await self._after_deleting(heard, receipt)

    async def _among(self, heard: Heard, wish: Wish, now: Moment) -> Reply:
        """Add somebody, name them, lock their place, or give the turn to another."""
        for _ in range(TRIES):
            await self._places.move_out(heard.account, now, heard.lang)
            found = await self._places.find(heard.account, now)
            if found is None:
                continue
            changed = await self._changed(found, wish)
            if isinstance(changed, str):
                reply = await self._told(heard, changed)
            else:
                said, sign, records = changed
                sign = change(sign, seen=(*sign.seen, heard.mark)[-SEEN:])
                if not await self._places.change_sign(found, sign, now, *records):
                    continue
                await self._places.close_view(found)
                reply = await self._told(heard, *said)
            return change(reply, secret=wish.kind in {"lock", "turn"} and bool(wish.text))
        raise StoreDown(f"{TRIES} changes of an account in a row were overtaken by others")

    async def _changed(  # noqa: PLR0911  one for each wish
        self, found: Found, wish: Wish
    ) -> "str | tuple[tuple[str, ...], Signpost, tuple[Record, ...]]":
        """Return what to say, the new signpost and what it records; or only why not."""
        sign, here = found.sign, found.sign.current
        seats = list(sign.seats)
        match wish.kind:
            case "add" if len(seats) >= MOST:
                return "people_full"
            case "add":
                fresh = Seat(fresh_id(), wish.text, team=found.own.progress.team)
                after = change(sign, seats=(*seats, fresh), current=len(seats), epoch=sign.epoch + 1)
                return (), after, (Record("seated", choice=fresh.id),)
            case "turn" if wish.number < len(seats):
                seat = seats[wish.number]
                if seat.lock and (refused := await self._refused(seat, wish.text)):
                    return refused
                return (), change(sign, current=wish.number, epoch=sign.epoch + 1), ()
            case "name":
                seats[here] = change(seats[here], name=wish.text)
                return ("named",), change(sign, seats=tuple(seats)), ()
            case "lock":
                seats[here] = change(seats[here], lock=await lock_of(wish.text) if wish.text else b"")
                return ("locked" if wish.text else "unlocked",), change(sign, seats=tuple(seats)), ()
            case _:
                return "late"

    async def _refused(self, seat: Seat, pin: str) -> str:
        """Return why a PIN doesn't open a place; empty where it does."""
        if await self._store.count(f"pin:{seat.id}", SECONDS) > GUESSES:
            return "pin_later"
        return "" if await opens(pin, seat.lock) else "pin_wrong"

    async def _told(self, heard: Heard, *said: str) -> Reply:
        """Show where they are, with these phrases before."""
        reply = await self.look(heard.account, heard.lang, *said)
        if reply is None:
            library = self._library()
            [value] = await self._store.load([heard.account])
            progress = decode(value) if value else Progress(lang=heard.lang)
            reply = show(library, progress, Moment(self._clock(), crew=self._desk().crew))
            reply = change(reply, notes=(*_says(library, progress, said), *reply.notes))
        return reply

    async def _after_deleting(self, heard: Heard, receipt: str) -> Reply:
        """Show the receipt; where others learn on the account, their place with it."""
        reply = await self.look(heard.account, heard.lang)
        if reply is None:
            return await self._told(heard)
        library = self._library()
        text = _here(library, Progress(lang=reply.lang)).say(library.says(reply.lang).deleted, receipt=receipt)
        return change(reply, notes=(*reply.notes, text))

    async def _give(self, heard: Heard, found: Found | None) -> str:
        """Return a code that is good from now on; empty where they had many."""
        if await self._store.count(f"give:{heard.account}", SECONDS) > CODES:
            return ""
        given = msgspec.msgpack.encode(_Given(heard.account, found.learner if found else ""))
        while not await self._store.offer(code := f"{secrets.randbelow(10**6):06}", given, SECONDS):
            pass  # it is in force for somebody else
        return code

    async def _join(self, heard: Heard, code: str, now: Moment) -> tuple[str, bool]:
        """Join the account with the one where the code was given; returns what to say, and whether it was a code."""
        account = heard.account
        tries, wrong = await self._store.count(f"try:{account}", SECONDS), await self._store.count("try", SECONDS, by=0)
        if tries > GUESSES or wrong > ALL_GUESSES:
            return "join_later", False
        raw = await self._store.take(code, account)
        if not raw:
            await self._store.count("try", SECONDS)
            return "join_unknown", False
        given = msgspec.msgpack.decode(raw, type=_Given)
        if given.account == account:
            return "join_same", True
        said = "joined_already"
        for _ in range(TRIES):
            await self._places.move_out(given.account, now, heard.lang)
            await self._places.move_out(account, now, heard.lang)
            there = await self._places.find(given.account, now)
            here = await self._places.begun(account, now, heard.lang)
            if there is None or here is None:
                continue
            theirs = await self._places.present(given.learner or there.sign.first)
            if not theirs or theirs not in [await self._places.present(seat.id) for seat in there.sign.seats]:
                return "join_unknown", True
            if theirs == here.learner:
                return said, True
            if len(here.own.accounts) + (len(there.own.accounts) if theirs == there.learner else 1) > MOST_ACCOUNTS:
                return "join_full", True
            kept, gone = sorted((theirs, here.learner))  # always so: two who join one another do the same
            if await self._places.absorb(gone, kept, now, heard.mark):
                said = "joined"  # unless one of the two came to be a third learner meanwhile: look again
        raise StoreDown(f"{TRIES} tries to join accounts were overtaken by others")


def _far(library: Library) -> Far:
    """Tell how far into a lesson a step is."""

    def far(key: str, step: str) -> int:
        lesson = library.lesson(key, FIRST)
        return -1 if lesson is None else lesson.index.get(lesson.renamed.get(step, step), -1)

    return far


def _standing(found: Found, lang: str) -> Progress:
    """Return the learner's progress as it is on this account, which counts its updates by itself."""
    if not found.value:
        return Progress(lang=lang, team=found.sign.seat.team)
    return change(found.own.progress, order=found.own.accounts[found.account])


def _around(found: Found) -> Around:
    people = tuple(Person(seat.name, bool(seat.lock)) for seat in found.sign.seats)
    return Around(people, found.sign.current, len(found.own.accounts))


def _saved(found: Found, turn: Turn, now: Moment) -> Save:
    progress = turn.progress
    accounts = {**found.own.accounts, found.account: progress.order}
    own = change(found.own, accounts=accounts, progress=change(progress, order=0))
    record = msgspec.msgpack.encode(Entry(progress.turns, now.minute, now.day, turn.records)) if turn.records else b""
    return Save(found.learner, found.value, encode_value(own), record, expires=None if progress.agreed else DAY)


def _base(sign: Signpost) -> int:
    """Return what is added to the turn in a button, so that none fits that was drawn before the turn changed."""
    return (sign.epoch % EPOCHS + 1) * PART


def _meant(event: Event, sign: Signpost) -> Event:
    if not isinstance(event, Tapped):
        return event
    turn = event.turn - _base(sign)
    return Tapped(turn if 0 <= turn < PART else -1, event.code)


def _dressed(library: Library, found: Found, reply: Reply) -> Reply:
    """Return a reply as this account gets it."""
    reply = change(reply, turn=reply.turn % PART + _base(found.sign))
    if len(found.sign.seats) == 1:
        return reply
    here = change(_here(library, _standing(found, reply.lang)), now=Moment(_NEVER, around=_around(found)))
    whose = here.say(here.says.turn_of, name=name_of(here))
    return change(reply, notes=(whose, *reply.notes), whose=f"{numbered(here, found.sign.current)}.")


def _here(library: Library, progress: Progress) -> Here:
    return Here(library, progress, Moment(_NEVER))


def _says(library: Library, progress: Progress, said: Sequence[str]) -> tuple[str, ...]:
    here = _here(library, progress)
    return tuple(here.say(getattr(here.says, name)) for name in said)
