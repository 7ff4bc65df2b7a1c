"""The journal's other end: reading what learners did, in order, and forgetting what is kept elsewhere.

Beside each shard's stream lies `{07}:gone`, a hash of those who had all their data deleted, each with
the stream's last position at that moment: what was read of them before is to be dropped, and what is
kept of them deleted. A consumer group remembers how far one reader of the journal has come.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from redis.exceptions import NoScriptError

from bot.stores.asking import Asking
from bot.stores.line import Command
from bot.stores.progress import TAGS, shard

GROUP = "records"
READER = "writer"  # one at a time reads for the group (`writing.Writer`), so it needs one name
COUNT = 200  # entries of a shard that are read at once
KEEP = 1000  # entries of a shard that stay though they are committed: a margin for a database restored from last night

# KEYS: a journal. ARGV: group, reader, how many, and from where to take up what was read and never done with
# ('' for new ones). Gives where to go on with that, and entries. A group that is gone begins anew, at the first entry.
_READ = """
local function ask()
  if ARGV[4] ~= '' then return redis.pcall('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[4], 'COUNT', ARGV[3]) end
  return redis.pcall('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', ARGV[3], 'STREAMS', KEYS[1], '>')
end
local found = ask()
if found and found.err and string.find(found.err, 'NOGROUP') then
  redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
  found = ask()
end
if found and found.err then return found end
if ARGV[4] ~= '' then return {found[1], found[2]} end
return {'0-0', found and found[1][2] or {}}
"""

_GONE = "return redis.call('HGETALL', KEYS[1])"

# KEYS: a journal, its `gone`. ARGV: group, margin, how many names, each with its position, then the entries done with.
# Trims what all groups are done with, but for the margin, as much at once as was read, and some more.
_DONE = """
local function less(a, b)
  local a1, a2 = string.match(a, '(%d+)-(%d+)')
  local b1, b2 = string.match(b, '(%d+)-(%d+)')
  a1, a2, b1, b2 = tonumber(a1), tonumber(a2), tonumber(b1), tonumber(b2)
  return a1 < b1 or (a1 == b1 and a2 < b2)
end
local names = tonumber(ARGV[3])
for n = 4, 2 + names * 2, 2 do
  if redis.call('HGET', KEYS[2], ARGV[n]) == ARGV[n + 1] then redis.call('HDEL', KEYS[2], ARGV[n]) end
end
for n = 4 + names * 2, #ARGV, 1000 do
  redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, n, math.min(n + 999, #ARGV)))
end
local spare = redis.call('XLEN', KEYS[1]) - tonumber(ARGV[2])
if spare <= 0 then return 0 end
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', math.min(spare, 1000) + 1)
local keep = oldest[#oldest][1]
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local about = {}
  for n = 1, #group, 2 do about[group[n]] = group[n + 1] end
  local waits = redis.call('XPENDING', KEYS[1], about['name'])
  local safe = waits[1] > 0 and waits[2] or about['last-delivered-id']
  if less(safe, keep) then keep = safe end
end
return redis.call('XTRIM', KEYS[1], 'MINID', keep)
"""

# KEYS: a journal. ARGV: group, how many to count at most. Gives how many entries wait, and when the oldest came (ms).
_BEHIND = """
local last, claimed = '0-0', {0}
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
for _, group in ipairs(groups.err and {} or groups) do
  local about = {}
  for n = 1, #group, 2 do about[group[n]] = group[n + 1] end
  if about['name'] == ARGV[1] then
    last, claimed = about['last-delivered-id'], redis.call('XPENDING', KEYS[1], ARGV[1])
  end
end
local waits = redis.call('XRANGE', KEYS[1], '(' .. last, '+', 'COUNT', ARGV[2])
local first = claimed[1] > 0 and claimed[2] or (waits[1] and waits[1][1]) or ''
return {#waits + claimed[1], string.match(first, '%d+') or ''}
"""
_ASIDE = f"{{{TAGS[0]}}}:aside"
COUNTED = 1000  # entries of a shard that `behind` counts at most


class Waiting(NamedTuple):
    """An entry of the journal that is to be kept."""

    shard: str
    position: str  # in its shard's stream: milliseconds-number
    learner: str | None  # the account; None where that can't be read
    entry: bytes


Gone = Mapping[str, str]  # of everybody who is deleted, the stream's last position then


class Behind(NamedTuple):
    """How far the records are behind the journal: entries (at least), and when the oldest came."""

    entries: int
    since: float  # seconds since 1970-01-01; 0 where none waits
    aside: int  # entries that could not be read


class Journal(Asking):
    """The journal of a store, for the one that writes the records. Raises StoreDown as RedisProgress does."""

    def __repr__(self) -> str:
        return f"<Journal at {self._address}>"

    async def read(self, count: int = COUNT) -> list[Waiting]:
        """Read new entries, so many of each shard at most, oldest first."""
        return (await self._read(dict.fromkeys(TAGS, ""), count))[1]

    async def take_up(self, since: Mapping[str, str], count: int = COUNT) -> tuple[dict[str, str], list[Waiting]]:
        """Read entries that were read before and never done with, by whomever.

        `since` is empty at first, then what was returned last; an empty one says that there are no more.
        """
        return await self._read(since or dict.fromkeys(TAGS, "0-0"), count)

    async def gone(self) -> dict[str, str]:
        """Tell who is deleted. Ask after reading, before anything read is kept."""
        replies = await self._scripts(_GONE, [(f"{{{tag}}}:gone",) for tag in TAGS], [()] * len(TAGS))
        found: dict[str, str] = {}
        for reply in replies:
            found |= {name.decode(): position.decode() for name, position in zip(reply[::2], reply[1::2], strict=True)}
        return found

    async def done(self, waiting: Sequence[Waiting], gone: Gone, keep: int = KEEP) -> int:
        """Say that these are kept, and these deleted, and trim the journal; how many entries that took off.

        Whoever was deleted once more meanwhile stays among the gone.
        """
        positions: dict[str, list[str]] = {tag: [] for tag in TAGS}
        names: dict[str, list[str]] = {tag: [] for tag in TAGS}
        for each in waiting:
            positions[each.shard].append(each.position)
        for name, position in gone.items():
            names[shard(name)] += [name, position]
        arguments: list[Command] = [(GROUP, keep, len(names[tag]) // 2, *names[tag], *positions[tag]) for tag in TAGS]
        keys = [(f"{{{tag}}}:journal", f"{{{tag}}}:gone") for tag in TAGS]
        return sum(await self._scripts(_DONE, keys, arguments))

    async def behind(self) -> Behind:
        """Tell how far the records are behind."""
        keys = [(f"{{{tag}}}:journal",) for tag in TAGS]
        replies = await self._scripts(_BEHIND, keys, [(GROUP, COUNTED)] * len(TAGS))
        times = [int(first) / 1000 for _, first in replies if first]
        [aside] = await self._ask([("GET", _ASIDE)])
        return Behind(sum(count for count, _ in replies), min(times, default=0), int(aside or 0))

    async def tell_aside(self, count: int) -> None:
        """Note how many entries were set aside, for whoever asks `behind`."""
        await self._ask([("SET", _ASIDE, count)])

    async def _read(self, since: Mapping[str, str], count: int) -> tuple[dict[str, str], list[Waiting]]:
        keys = [(f"{{{tag}}}:journal",) for tag in since]
        replies = await self._scripts(_READ, keys, [(GROUP, READER, count, begin) for begin in since.values()])
        onward: dict[str, str] = {}
        found: list[Waiting] = []
        for tag, (following, entries) in zip(since, replies, strict=True):
            found += [_waiting(tag, position, fields) for position, fields in entries]
            if following != b"0-0":
                onward[tag] = following.decode()
        return onward, found

    async def _scripts(self, script: str, keys: Sequence[Command], arguments: Sequence[Command]) -> list[Any]:
        """Run a script for each shard."""
        sha = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
        calls = [(len(key), *key, *more) for key, more in zip(keys, arguments, strict=True)]
        replies = await self._ask([("EVALSHA", sha, *call) for call in calls])
        for n, reply in enumerate(replies):
            if isinstance(reply, NoScriptError):
                [replies[n]] = await self._ask([("EVAL", script, *calls[n])])
        return replies


def _waiting(tag: str, position: bytes, fields: Sequence[bytes]) -> Waiting:
    named = dict(zip(fields[::2], fields[1::2], strict=False))
    try:
        learner = named[b"l"].decode()
    except (KeyError, UnicodeDecodeError):
        return Waiting(tag, position.decode(), None, named.get(b"r", b""))
    return Waiting(tag, position.decode(), learner, named.get(b"r", b""))
