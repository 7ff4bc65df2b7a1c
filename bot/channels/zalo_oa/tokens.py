"""The pair of tokens of one Official Account, in the store: refreshed by one process of all that share it.

A refresh token works once, and the old access token dies with it. So a refresh begins with a claim
written by compare-and-set, which only one process can win; the new pair is committed before it is used.
What came of a refresh that got no answer, or whose process died, nobody knows: it is never tried again,
but told (log, figures, `hocso status`). Then the old access token is used for as long as it is taken.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

import msgspec
import structlog

from bot import metrics
from bot.channels import Refused, TryLater
from bot.channels.zalo_oa.client import Issued, NeedsOperator, Unsure, failed
from bot.channels.zalo_oa.kept import Notes
from bot.core.saving import StoreDown

log = structlog.get_logger()

RENEW_SECONDS = 20 * 3600.0  # of a pair's age when it is refreshed; an access token lives 25 hours
CLAIM_SECONDS = 60.0  # after which a process that began to refresh is dead
YOUNG_SECONDS = 300.0  # a pair that is younger isn't refreshed again: the fault lies elsewhere
LOOK_SECONDS = 30.0  # between two looks at the store
WAIT_SECONDS = 0.2  # between two looks for what another process is refreshing
CURE = "run `hocso zalo login`"


class Pair(msgspec.Struct, frozen=True):
    """What is kept. Times are seconds since 1970."""

    access: str
    refresh: str
    made: float
    expires: float
    claim: str = ""  # of the process that refreshes it
    claimed: float = 0.0
    lost: str = ""  # why it can't be refreshed any more; empty: it can

    def __repr__(self) -> str:
        return f"<Pair made {self.made:.0f}{' lost' if self.lost else ''}>"


_decode = msgspec.json.Decoder(Pair).decode
_encode = msgspec.json.Encoder().encode


def key(app_id: str) -> str:
    """Return where an app's pair is kept."""
    return f"zalo-oa:{app_id}:tokens"


class Issuer(Protocol):
    """Who gives new pairs (`client.Client`)."""

    app_id: str

    async def issue(self, **form: str) -> Issued:
        """Ask for one."""


class Tokens:
    """The access token, whoever refreshed it last."""

    def __init__(
        self,
        client: Issuer,
        notes: Notes,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._notes = notes
        self._key = key(client.app_id)
        self._clock = clock
        self._sleep = sleep
        self._pair: Pair | None = None
        self._looked = float("-inf")
        self._told = ""
        self._renewing: asyncio.Task[None] | None = None

    async def access(self) -> str:
        """Return the access token. Raises NeedsOperator where there is none, StoreDown."""
        if self._pair is None or self._clock() - self._looked > LOOK_SECONDS:
            try:
                await self.look()
            except StoreDown:
                if self._pair is None:
                    raise
        if self._pair is None:
            raise NeedsOperator(0, f"Zalo's Official Account has not let this app in yet; {CURE}")
        return self._pair.access

    async def after(self, refused: str) -> str:
        """Return an access token that is newer than the refused one, refreshed now if nobody has.

        Raises NeedsOperator where there is none to be had, TryLater, StoreDown.
        """
        await self.look()
        pair = self._pair
        if pair and pair.access == refused:
            if self._clock() - pair.made < YOUNG_SECONDS:
                raise NeedsOperator(-216, f"Zalo refuses a token that it has just given; {CURE}")
            await self._renew_together()
            pair = self._pair
        if pair is None or pair.access == refused:
            raise NeedsOperator(-216, f"Zalo's Official Account takes no token of ours any more; {CURE}")
        return pair.access

    async def keep(self) -> None:
        """Refresh the pair when it is due, until cancelled."""
        while True:
            try:
                await self.look()
                if self._pair and self._due(self._pair):
                    await self._renew_together()
            except (StoreDown, TryLater) as error:
                log.warning("zalo's tokens can't be looked after", why=str(error))
            except NeedsOperator:
                pass  # told by whoever found it
            except Exception:
                log.exception("zalo's tokens can't be looked after")
            await self._sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Read the pair anew. Raises StoreDown."""
        raw = await self._notes.get(self._key)
        self._pair = _decode(raw) if raw else None
        self._looked = self._clock()
        pair = self._pair
        if pair and pair.claim and not pair.lost and self._clock() - pair.claimed > CLAIM_SECONDS:
            why = "the process that refreshed it ended before it had an answer"
            await self._write(pair, msgspec.structs.replace(pair, claim="", lost=why))
            raw = await self._notes.get(self._key)
            self._pair = pair = _decode(raw) if raw else None
        self._tell(pair.lost if pair else "there is no token yet")

    def _tell(self, lost: str) -> None:
        metrics.ZALO_OA_LOGIN.set(1 if lost else 0)
        if lost and lost != self._told:
            log.error("zalo's tokens can't be refreshed any more", why=lost, cure=CURE)
            failed("tokens lost")
        self._told = lost

    def _due(self, pair: Pair) -> bool:
        """Whether to refresh it: at 20 hours, or earlier where Zalo gave it less time than it says."""
        now = self._clock()
        return not pair.lost and (
            now - pair.made >= RENEW_SECONDS or now >= pair.made + 0.8 * (pair.expires - pair.made)
        )

    async def _renew_together(self) -> None:
        """Refresh once for all in this process who ask now. Whoever gives up waiting doesn't break it off."""
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())
        await asyncio.shield(self._renewing)

    async def _renew(self) -> None:
        before = self._pair
        if before is None or before.lost:
            return
        if before.claim:
            await self._wait_for(before)
            return
        claimed = msgspec.structs.replace(before, claim=secrets.token_hex(8), claimed=self._clock())
        if not await self._write(before, claimed):
            await self.look()
            if self._pair and self._pair.claim:
                await self._wait_for(self._pair)
            return
        try:
            issued = await self._client.issue(grant_type="refresh_token", refresh_token=claimed.refresh)
        except Unsure as error:
            await self._commit(claimed, msgspec.structs.replace(claimed, claim="", lost=f"no answer came: {error}"))
        except TryLater:
            await self._commit(claimed, before)  # it was surely not asked
            raise
        except Refused as error:
            await self._commit(claimed, msgspec.structs.replace(claimed, claim="", lost=f"Zalo says no: {error}"))
        else:
            await self._commit(claimed, pair_of(issued, self._clock()))
            log.info("zalo's tokens are refreshed")

    async def _commit(self, claimed: Pair, pair: Pair) -> None:
        """Write what came of a refresh, however long the store is away: it can't be asked for again."""
        before = claimed
        while True:
            try:
                written = await self._write(before, pair)
                await self.look()
            except StoreDown as error:
                log.warning("zalo's new tokens can't be kept yet", why=str(error))
                await self._sleep(WAIT_SECONDS * 5)
                continue
            if written or self._pair is None or self._pair.refresh != claimed.refresh:
                if not written:
                    log.warning("zalo's tokens were replaced during a refresh; those that came last count")
                return
            before = self._pair  # others took us for dead; what we know is newer

    async def _write(self, before: Pair, pair: Pair) -> bool:
        """Write the pair if nothing moved since `before`; a repeated write of ours counts."""
        value = _encode(pair)
        return await self._notes.swap(self._key, _encode(before), value) or await self._notes.get(self._key) == value

    async def _wait_for(self, claimed: Pair) -> None:
        """Wait until another process has refreshed it, or is given up."""
        while self._pair and self._pair.claim == claimed.claim:
            await self._sleep(WAIT_SECONDS)
            await self.look()

    async def close(self, seconds: float) -> None:
        """Let a refresh that is under way come to its end: its outcome would be lost."""
        if self._renewing and not self._renewing.done():
            with suppress(TimeoutError, TryLater, StoreDown):
                await asyncio.wait_for(asyncio.shield(self._renewing), seconds)


def pair_of(issued: Issued, now: float) -> Pair:
    """Return the pair as it is kept."""
    lives = float(issued.expires_in) if str(issued.expires_in).isdecimal() else 0.0
    return Pair(issued.access_token, issued.refresh_token, now, now + (lives or 25 * 3600))


async def install(notes: Notes, app_id: str, pair: Pair) -> None:
    """Put a pair in place of whatever is there. Raises StoreDown."""
    while not await notes.swap(key(app_id), await notes.get(key(app_id)), _encode(pair)):
        pass  # the program refreshes at this very moment; an operator's pair goes before
