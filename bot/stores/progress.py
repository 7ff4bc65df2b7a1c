"""Learners' progress and the journal in Redis 7.0 or newer, Valkey, behind Sentinels or on a cluster.

A learner's shard is the hash tag of its key, `{07}:p:<learner>`, beside the stream
`{07}:journal`: so one script changes both, on one server as on a cluster.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar
from zlib import crc32

from redis.exceptions import NoScriptError

from bot.core.saving import Save
from bot.stores.asking import ANSWER_SECONDS, TROUBLES, Asking
from bot.stores.line import Command

_Item = TypeVar("_Item")

SHARDS = 16  # never change it where learners are kept: it decides where each one lies
TAGS = tuple(f"{number:02}" for number in range(SHARDS))
READY_SECONDS = 1.0
PIECE = 1000  # journal entries, or learners, read at once

# KEYS: for each save its journal and its key; ARGV: six for each save. Each save is judged and
# carried out whole, the record before the value: XADD is what could still be refused. A purge also
# leaves the learner in `{07}:gone`, until whoever writes the records has deleted them there too
# (`stores/journal.py`), with the stream's last position: what comes later is a new learner's.
_SAVE = """
local won = {}
local function purge(journal, learner)
  local from = '-'
  repeat
    local entries, his = redis.call('XRANGE', journal, from, '+', 'COUNT', 500), {}
    for _, entry in ipairs(entries) do
      if entry[2][2] == learner then his[#his + 1] = entry[1] end
      from = '(' .. entry[1]
    end
    if #his > 0 then redis.call('XDEL', journal, unpack(his)) end
  until #entries < 500
  local last, about = '0-0', redis.pcall('XINFO', 'STREAM', journal)
  for n = 1, #about do if about[n] == 'last-generated-id' then last = about[n + 1] end end
  redis.call('HSET', (string.gsub(journal, 'journal$', 'gone')), learner, last)
end
for n = 1, #KEYS / 2 do
  local journal, key, at = KEYS[n * 2 - 1], KEYS[n * 2], n * 6 - 5
  local learner, before, value, record, expires = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  won[n] = 0
  if (redis.call('GET', key) or '') == before then
    if ARGV[at + 5] == '1' then purge(journal, learner) end
    if record ~= '' then redis.call('XADD', journal, '*', 'l', learner, 'r', record) end
    if expires == '' then redis.call('SET', key, value) else redis.call('SET', key, value, 'EX', expires) end
    won[n] = 1
  end
end
return won
"""
_SAVE_SHA = hashlib.sha1(_SAVE.encode(), usedforsecurity=False).hexdigest()

# KEYS: a code. ARGV: who takes it. Gives what it stands for; it is good for the first who takes it, again and again.
_TAKE = """
local value, taker = redis.call('HGET', KEYS[1], 'v'), redis.call('HGET', KEYS[1], 't')
if not value or (taker and taker ~= ARGV[1]) then return '' end
redis.call('HSET', KEYS[1], 't', ARGV[1])
return value
"""
# KEYS: a code. ARGV: what it stands for, seconds.
_OFFER = """
if redis.call('HSETNX', KEYS[1], 'v', ARGV[1]) == 0 then return 0 end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
# KEYS: a counter. ARGV: seconds, and how many more.
_COUNT = """
local count = redis.call('INCRBY', KEYS[1], ARGV[2])
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""

# A write that changes nothing, yet is refused whenever a real one would be.
_PROBE = "return redis.call('SETRANGE', KEYS[1], 0, '')"


def shard(learner: str) -> str:
    """Tell a learner's shard: two digits, the hash tag of all its keys."""
    return TAGS[crc32(learner.encode()) % SHARDS]


def check(saves: Sequence[Save]) -> None:
    """Raise ValueError for a save that no store can carry out."""
    if any(save.expires is not None and save.expires < 1 for save in saves):
        raise ValueError("Save.expires counts whole seconds from 1 up; None keeps the value for good.")


class RedisProgress(Asking):
    """Progress and journal on a Redis server, Sentinel group or cluster.

    Every call ends within 4 seconds (`ready`: 1) and raises StoreDown with a sentence for people
    when the server is away, refuses, or leaves any part of the call unanswered. Nothing is tried
    twice; the next call finds a server that came back. Bound to the event loop that first uses it.
    """

    def __repr__(self) -> str:
        return f"<RedisProgress at {self._address}>"

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        """Load the learners' values, in order; b"" for a learner who has none."""
        if not learners:
            return []
        if not self._line.spread:
            [values] = await self._ask([("MGET", *map(_key, learners))])
            return [value or b"" for value in values]
        groups = _by_shard(learners)
        replies = await self._ask([("MGET", *(_key(learners[n]) for n in places)) for places in groups.values()])
        return _in_order(groups, [[value or b"" for value in reply] for reply in replies])

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        """Write what still fits, each save whole or not at all; False where something had moved since `before`.

        Several saves of one learner are judged in order. After StoreDown some may be written all
        the same: load again before judging. Raises ValueError when `expires` is below 1. With
        `purge` the whole journal of the learner's shard is read, while the server waits.
        """
        if not saves:
            return []
        check(saves)
        # A cluster wants one call for each shard; one server takes them all in one.
        groups = _by_shard([save.learner for save in saves]) if self._line.spread else {"": range(len(saves))}
        calls = [_arguments([saves[n] for n in places]) for places in groups.values()]
        replies = await self._ask([("EVALSHA", _SAVE_SHA, *call) for call in calls])
        unknown = [n for n, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if unknown:  # a server that was started again; what it doesn't know it hasn't done
            again = await self._ask([("EVAL", _SAVE, *calls[n]) for n in unknown])
            for n, reply in zip(unknown, again, strict=True):
                replies[n] = reply
        return _in_order(groups, [[won == 1 for won in reply] for reply in replies])

    async def everyone(self, at_once: int = PIECE) -> AsyncIterator[list[bytes]]:
        """Read all learners' values, about so many at once, while others go on. Raises StoreDown.

        Whoever comes or goes meanwhile may be among them or not.
        """
        seen: set[bytes] = set()  # SCAN may tell a key twice
        keys = self._line.keys("{??}:p:*", at_once)
        while True:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    found = await anext(keys, None)
            except TROUBLES as error:
                raise self._down(error, ANSWER_SECONDS) from error
            if found is None:
                return
            fresh = [key for key in found if key not in seen]
            seen.update(fresh)
            yield [value for value in await self.load([_learner(key) for key in fresh]) if value]

    async def journal(self) -> list[tuple[str, bytes]]:
        """Read every (learner, record), oldest first within a shard: for rebuilding and for tests."""
        entries: list[tuple[str, bytes]] = []
        for tag in TAGS:
            first = "-"
            while True:
                [piece] = await self._ask([("XRANGE", _JOURNALS[tag], first, "+", "COUNT", PIECE)])
                entries += [(learner.decode(), record) for _, (_, learner, _, record) in piece]
                if len(piece) < PIECE:
                    break
                first = f"({piece[-1][0].decode()}"
        return entries

    async def offer(self, code: str, value: bytes, seconds: int) -> bool:
        """Have a code stand for a value, for so long; False where it stands for another already."""
        return (await self._ask([("EVAL", _OFFER, 1, f"{{{shard(code)}}}:c:{code}", value, seconds)])) == [1]

    async def take(self, code: str, taker: str) -> bytes:
        """Return what a code stands for, to the first who takes it, however often; b"" to anybody else."""
        [value] = await self._ask([("EVAL", _TAKE, 1, f"{{{shard(code)}}}:c:{code}", taker)])
        return bytes(value)

    async def count(self, what: str, seconds: int, by: int = 1) -> int:
        """Count what somebody does; how often they did it in a period of so many seconds that began with the first."""
        [count] = await self._ask([("EVAL", _COUNT, 1, f"{{{shard(what)}}}:n:{what}", seconds, by)])
        return int(count)

    async def ready(self) -> None:
        """Raise StoreDown if a save would fail now: no answer within 1 second, or writes refused. Writes nothing."""
        tags = TAGS if self._line.spread else TAGS[:1]
        await self._ask([("EVAL", _PROBE, 1, f"{{{tag}}}:ready") for tag in tags], READY_SECONDS)


def _key(learner: str) -> str:
    return f"{{{shard(learner)}}}:p:{learner}"


def _learner(key: bytes) -> str:
    return key.partition(b":p:")[2].decode()


_JOURNALS = {tag: f"{{{tag}}}:journal" for tag in TAGS}


def _by_shard(learners: Sequence[str]) -> dict[str, list[int]]:
    """Sort the learners' places in the list by shard."""
    groups: dict[str, list[int]] = {}
    for place, learner in enumerate(learners):
        groups.setdefault(shard(learner), []).append(place)
    return groups


def _in_order(groups: Mapping[str, Sequence[int]], replies: list[list[_Item]]) -> list[_Item]:
    """Undo `_by_shard`."""
    places = chain.from_iterable(groups.values())
    found = dict(zip(places, chain.from_iterable(replies), strict=True))
    return [found[n] for n in range(len(found))]


def _arguments(saves: Sequence[Save]) -> Command:
    arguments: list[str | bytes | int] = [2 * len(saves)]
    for save in saves:
        tag = shard(save.learner)
        arguments += [_JOURNALS[tag], f"{{{tag}}}:p:{save.learner}"]
    for save in saves:
        expires = "" if save.expires is None else save.expires
        arguments += [save.learner, save.before, save.value, save.record, expires, int(save.purge)]
    return tuple(arguments)
