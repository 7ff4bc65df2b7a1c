"""Where learners live when an account and its learner aren't one and the same: finding them, and moving them.

An account's value and its learner's may lie on different servers, so nothing here is done in one piece: each
step is a compare-and-set after which everything is somewhere, nothing counts twice, and whoever comes next
can see what is left to do and does it (docs/decisions/0013).
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec

from bot.accounts.values import DAY, change, entry_of, merged, own_of
from bot.core.merge import Far, brought, given_up
from bot.core.progress import Progress, decode
from bot.core.saving import Save, StoreDown
from bot.core.signpost import Own, Seat, Signpost, decode_value, encode_value
from bot.core.turn import Moment, Record

TRIES = 20  # of one change, when others keep winning the race
GUESSES = 20_000  # accounts whose learner is known well enough to be loaded with them
EPOCHS = 900  # from which the first of a signpost is drawn, so that no button of an earlier one fits


class Found(NamedTuple):
    """Whose turn it is on an account."""

    account: str
    slot: bytes  # the account's value, and what it is
    sign: Signpost
    learner: str  # id
    value: bytes  # the learner's value, empty where there is none yet, and what it is
    own: Own


class Places:
    """Reads and changes signposts and what they lead to. Its methods raise StoreDown."""

    def __init__(
        self,
        load: Callable[[str], Awaitable[bytes]],
        save: Callable[[Save], Awaitable[bool]],
        far: Callable[[], Far],
    ) -> None:
        self._load = load
        self._save = save
        self._far = far
        self._guesses: dict[str, str] = {}

    async def find(self, account: str, now: Moment) -> Found | None:
        """Find whose turn it is; None where the account is its own learner. Finishes what somebody left half done."""
        for _ in range(TRIES):
            guess = self._guesses.get(account, "")
            if guess:  # one question for both
                slot, value = await asyncio.gather(self._load(account), self._load(guess))
            else:
                slot, value = await self._load(account), b""
            sign = decode_value(slot) if slot else None
            if not isinstance(sign, Signpost):
                self._guesses.pop(account, None)
                return None
            if sign.own:
                await self._settle(account, slot, sign, now)
                continue
            learner = sign.seat.id
            if learner != guess:
                value = await self._load(learner)
                self._guess(account, learner)
            own = own_of(value) or Own(accounts={account: 0})
            if own.into:
                await self.absorb(learner, own.into, now)
            elif own.deleted:
                await self._clear(account, {learner, *own.origins}, own.progress, now)
            elif account not in own.accounts:
                await self._unseat(account, learner, now)
            else:
                return Found(account, slot, sign, learner, value, own)
        raise StoreDown(f"{TRIES} looks in a row found accounts that others were changing")

    async def move_out(self, account: str, now: Moment, lang: str) -> None:
        """Give an account's only learner an id and a value of their own."""
        for _ in range(TRIES):
            slot = await self._load(account)
            value = decode_value(slot) if slot else Progress(lang=lang)
            if isinstance(value, Signpost):
                if value.own:
                    await self._settle(account, slot, value, now)
                return
            if isinstance(value, Own):
                raise msgspec.DecodeError("under an account's name lies a learner's own value")
            seat = Seat(fresh_id())
            sign = Signpost(
                turns=value.turns + 1,
                seats=(seat,),
                epoch=1 + secrets.randbelow(EPOCHS),
                first=seat.id,
                own=encode_value(value),
            )
            records = (Record("seated", choice=seat.id),) if value.agreed else ()
            if await self._save(Save(account, slot, encode_value(sign), entry_of(sign.turns, now, records))):
                await self._settle(account, encode_value(sign), sign, now)
                return
        raise _overtaken()

    async def absorb(self, gone: str, kept: str, now: Moment, mark: int | None = None) -> bool:
        """Make the learner `gone` one with `kept`; False where one of them is deleted.

        `gone` is closed first, so that nothing is added to it any more; then what it has is added to `kept`,
        then the accounts are led there.
        """
        for _ in range(TRIES):
            closed, value = await asyncio.gather(self._load(gone), self._load(kept))
            his, own = own_of(closed), own_of(value)
            if his is None or his.deleted:
                return False
            if his.into and his.into != kept:
                kept = his.into  # somebody else has begun
            elif own is None or own.deleted:
                if his.into:
                    deleted = own is not None and gone in own.origins
                    open_, told = given_up(change(his, deleted=deleted), "")
                    record = b"" if deleted else entry_of(open_.progress.turns, now, told)
                    await self._save(Save(gone, closed, encode_value(open_), record, DAY if deleted else None))
                return False
            elif own.into or not his.into:
                kept = own.into or kept
                shut, told = given_up(his, kept)
                await self._save(Save(gone, closed, encode_value(shut), entry_of(shut.progress.turns, now, told)))
            elif gone in own.origins:
                await self._lead(gone, his, kept, own, now)
                await self._save(Save(gone, closed, closed, expires=DAY))
                return True
            else:
                await self._save(merged(gone, his, Save(kept, value, b""), own, self._far(), now, mark))
        raise _overtaken()

    async def present(self, learner: str) -> str:
        """Return the id of the learner that this one has come to be; empty where there is none any more."""
        for _ in range(TRIES):
            own = own_of(await self._load(learner))
            if own is None or own.deleted:
                return ""
            if not own.into:
                break
            learner = own.into
        return learner

    async def begun(self, account: str, now: Moment, lang: str) -> Found | None:
        """Find whose turn it is; for somebody who did nothing yet write a value, and return None: look again."""
        found = await self.find(account, now)
        if found is None or found.value:
            return found
        value = change(found.own, progress=Progress(lang=lang, team=found.sign.seat.team))
        await self._save(Save(found.learner, b"", encode_value(value), expires=DAY))
        return None

    async def leave(self, found: Found, now: Moment) -> bool:
        """Take an account off its learner, who keeps all; whoever comes there begins anew. False: try again."""
        own = found.own
        progress = change(own.progress, turns=own.progress.turns + 1, aside="", note=())
        others = {name: order for name, order in own.accounts.items() if name != found.account}
        record = entry_of(progress.turns, now, (Record("left"),)) if progress.agreed else b""
        after = change(own, accounts=others, progress=progress)
        if not await self._save(Save(found.learner, found.value, encode_value(after), record)):
            return False
        await self._unseat(found.account, found.learner, now)
        return True

    async def delete(self, found: Found, blank: Progress, now: Moment) -> bool:
        """Delete a learner on all accounts, `blank` is left for a day. False: somebody was faster, try again."""
        ids = {found.learner, *found.own.origins}
        for name in found.own.origins:
            await self._strike(name, ids, blank, now)
        gone = change(found.own, progress=blank, deleted=True)
        save = Save(found.learner, found.value, encode_value(gone), expires=DAY, purge=True)
        if not await self._save(save):
            return False
        for account in found.own.accounts:
            await self._clear(account, ids, blank, now)
        return True

    async def change_sign(self, found: Found, sign: Signpost, now: Moment, *records: Record) -> bool:
        """Write another signpost in place of the one that was found; False: it has changed meanwhile."""
        sign = change(sign, turns=found.sign.turns + 1)
        return await self._save(Save(found.account, found.slot, encode_value(sign), entry_of(sign.turns, now, records)))

    async def close_view(self, found: Found) -> None:
        """Bring a learner whose turn is over back to their lesson; should that fail, they will see who learns here."""
        if found.value and found.own.progress.aside:
            turns = found.own.progress.turns + 1
            progress = change(found.own.progress, turns=turns, aside="", note=())
            expires = None if progress.agreed else DAY
            after = encode_value(change(found.own, progress=progress))
            await self._save(Save(found.learner, found.value, after, expires=expires))

    def _guess(self, account: str, learner: str) -> None:
        self._guesses[account] = learner
        if len(self._guesses) > GUESSES:
            del self._guesses[next(iter(self._guesses))]

    async def _settle(self, account: str, slot: bytes, sign: Signpost, now: Moment) -> None:
        """Bring what a signpost still carries to its own place. Whoever comes second changes nothing."""
        progress = decode(sign.own)
        turns = progress.turns + 1
        own = Own(
            accounts={account: progress.order}, origins=(account,), progress=change(progress, turns=turns, order=0)
        )
        expires = None if progress.agreed else DAY
        await self._save(Save(sign.first, b"", encode_value(own), entry_of(turns, now, brought(progress)), expires))
        await self._save(Save(account, slot, encode_value(change(sign, own=b""))))

    async def _lead(self, gone: str, his: Own, kept: str, own: Own, now: Moment) -> None:
        """Lead all accounts of a learner to the one they came to be."""
        others = own.accounts.keys() - his.accounts.keys() if own.progress.agreed else ()
        for account in others:
            await self._tell(account, kept, now)
        for account in his.accounts:
            await self._reseat(account, gone, kept, now)

    async def _reseat(self, account: str, gone: str, kept: str, now: Moment) -> None:
        """Lead an account from the learner `gone` to `kept`."""
        records = (Record("became", step=gone, choice=kept),)

        def led(sign: Signpost) -> tuple[Seat, ...]:
            there = any(seat.id == kept for seat in sign.seats)
            moved = (
                change(seat, id=kept) if seat.id == gone else seat
                for seat in sign.seats
                if seat.id != gone or not there
            )
            return tuple(moved)

        await self._change_seats(account, {gone}, led, kept, now, records)

    async def _tell(self, account: str, learner: str, now: Moment) -> None:
        """Record who learns on an account: of a newcomer it wasn't, before they came to be somebody who has agreed."""
        records = (Record("seated", choice=learner),)
        await self._change_seats(account, {learner}, lambda sign: sign.seats, learner, now, records)

    async def _unseat(self, account: str, learner: str, now: Moment) -> None:
        """Take a learner off an account; where nobody else learns there, somebody new may."""
        fresh = Seat(fresh_id())

        def left(sign: Signpost) -> tuple[Seat, ...]:
            return _somebody(tuple(seat for seat in sign.seats if seat.id != learner), fresh)

        records = (Record("left", choice=learner), Record("seated", choice=fresh.id))
        await self._change_seats(account, {learner}, left, "", now, records)

    async def _change_seats(  # noqa: PLR0913, PLR0917  what a change of seats is
        self,
        account: str,
        ids: set[str],
        changed: Callable[[Signpost], tuple[Seat, ...]],
        current: str,
        now: Moment,
        records: tuple[Record, ...],
    ) -> None:
        """Change the seats of an account as long as one of these learners sits there."""
        for _ in range(TRIES):
            slot = await self._load(account)
            sign = decode_value(slot) if slot else None
            if not isinstance(sign, Signpost) or ids.isdisjoint(seat.id for seat in sign.seats):
                return
            if sign.own:
                await self._settle(account, slot, sign, now)
                continue
            wanted = current if sign.seat.id in ids else sign.seat.id
            seats = changed(sign)
            place = _place(seats, wanted)
            epoch = sign.epoch + (seats != sign.seats)
            after = change(sign, turns=sign.turns + 1, seats=seats, current=place, epoch=epoch)
            if await self._save(Save(account, slot, encode_value(after), entry_of(after.turns, now, records))):
                return
        raise _overtaken()

    async def _strike(self, name: str, ids: set[str], blank: Progress, now: Moment) -> None:
        """Strike from the journal what is there of a learner under another name, of an account or an earlier id.

        Who else learns on that account is told anew.
        """
        for _ in range(TRIES):
            value = await self._load(name)
            found = decode_value(value) if value else None
            if name in ids and (found is None or isinstance(found, Own)):
                save = Save(name, value, encode_value(Own(progress=blank, deleted=True)), expires=DAY, purge=True)
            elif isinstance(found, Signpost) and found.first in ids:
                after = change(found, turns=found.turns + 1)
                others = [Record("seated", choice=seat.id) for seat in found.seats if seat.id not in ids]
                save = Save(name, value, encode_value(after), entry_of(after.turns, now, others), purge=True)
            else:
                return  # the account began anew, and what was there before was struck then
            if await self._save(save):
                return
        raise _overtaken()

    async def _clear(self, account: str, ids: set[str], blank: Progress, now: Moment) -> None:
        """Take a deleted learner off an account; where nobody else learns there, only `blank` is left, for a day."""
        for _ in range(TRIES):
            slot = await self._load(account)
            sign = decode_value(slot) if slot else None
            if not isinstance(sign, Signpost) or ids.isdisjoint(seat.id for seat in sign.seats):
                return
            seats = tuple(seat for seat in sign.seats if seat.id not in ids)
            if seats:
                seats = _somebody(seats, Seat(fresh_id()))
                current = _place(seats, sign.seat.id)
                after = change(sign, turns=sign.turns + 1, seats=seats, current=current, epoch=sign.epoch + 1, own=b"")
                records = tuple(Record("left", choice=seat.id) for seat in sign.seats if seat.id in ids)
                save = Save(account, slot, encode_value(after), entry_of(after.turns, now, records))
            else:
                left = change(blank, turns=sign.turns + 1)
                save = Save(account, slot, encode_value(left), expires=DAY, purge=True)
            if await self._save(save):
                return
        raise _overtaken()


def fresh_id() -> str:
    """Draw a learner's id: nobody ever gets one that was given away."""
    return f"l:{secrets.token_hex(16)}"


def _somebody(seats: tuple[Seat, ...], fresh: Seat) -> tuple[Seat, ...]:
    """Return the seats with one that nobody needs a PIN for: a turn never passes into a locked place by itself."""
    return seats if any(not seat.lock for seat in seats) else (*seats, fresh)


def _place(seats: tuple[Seat, ...], wanted: str) -> int:
    """Return where a learner sits, or the first who has no PIN."""
    places = {seat.id: number for number, seat in enumerate(seats)}
    return places.get(wanted, next((number for number, seat in enumerate(seats) if not seat.lock), 0))


def _overtaken() -> StoreDown:
    return StoreDown(f"{TRIES} changes of an account in a row were overtaken by others")
