"""The line to a store's server, whatever stands at its other end: send commands, get replies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

from hiredis import pack_command
from redis.asyncio import Redis, RedisCluster, Sentinel
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ReadOnlyError, ResponseError
from redis.maint_notifications import MaintNotificationsConfig

from bot.stores.address import Address
from bot.stores.wire import Wire

CONNECT_SECONDS = 1.0  # to one server; whoever asks also limits the whole
CONNECTIONS = 32  # at most, to one server

Command = tuple[str | bytes | int, ...]


class Line(Protocol):
    """A way to send commands to one server or to a cluster."""

    @property
    def spread(self) -> bool:
        """Whether keys lie on several servers, so that one command may name keys of one shard only."""

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """Send all commands at once and wait for their replies, in order, each as the server gives it.

        A command that the server refuses has a ResponseError as its reply. Raises RedisError,
        RedisClusterException or OSError when any reply is missing: then nobody knows which commands were carried out.
        Nothing is sent twice, save what a cluster's node passed on to another without doing it.
        """

    def keys(self, pattern: str, at_once: int) -> AsyncIterator[list[bytes]]:
        """Find keys, about so many at once, while others go on. One may come twice, or not if it is new."""

    async def close(self) -> None:
        """Hang up."""


def connect(address: Address) -> Line:
    """Make the line; nothing is sent before the first `ask`."""
    options: dict[str, Any] = {
        "username": address.name or None,
        "password": address.password or None,
        # A save that is sent again after it was carried out would look refused.
        "retry": Retry(NoBackoff(), 0),
        "socket_timeout": None,  # redis-py's costs a task for each write; whoever asks sets a limit
        "max_connections": CONNECTIONS,
        "protocol": 2,  # a connection is ready without a greeting
        "driver_info": None,
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }
    if address.kind == "socket":
        return _ServerLine(Redis(unix_socket_path=address.path, db=address.database, **options))
    options["socket_connect_timeout"] = CONNECT_SECONDS
    if address.tls is not None:
        options |= {"ssl": True, **address.tls}
    if address.kind == "cluster":
        nodes = [ClusterNode(host, port) for host, port in address.hosts]
        # By itself redis-py drops all connections, in use or not, at every fifth slot that has moved.
        return _ClusterLine(RedisCluster(startup_nodes=nodes, reinitialize_steps=0, **options))
    if address.kind == "sentinel":
        guard = {**options, "username": None, "password": address.sentinel_password or None}
        guard["socket_timeout"] = CONNECT_SECONDS  # a Sentinel that keeps silent leaves time for the next
        watch = Sentinel(address.hosts, sentinel_kwargs=guard, db=address.database, **options)  # type: ignore[no-untyped-call]
        return _ServerLine(watch.master_for(address.service), watch)
    host, port = address.hosts[0]
    return _ServerLine(Redis(host=host, port=port, db=address.database, **options))


class _ServerLine:
    """One server, named by host, by socket or by Sentinels. Connections that died idle are not taken up again."""

    spread = False

    def __init__(self, client: Redis, watch: Sentinel | None = None) -> None:
        self._client = client
        self._watch = watch
        self._room = asyncio.Semaphore(CONNECTIONS)  # waiting for a connection beats being refused one
        self._idle: list[Wire] = []  # the latest last

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        packed = b"".join([pack_command(command) for command in commands])  # type: ignore[arg-type]  # its stub is wrong
        async with self._room:
            wire = await self._wire()
            try:
                replies = await wire.ask(packed, len(commands))
            except BaseException:  # what comes by it yet would be taken for another's reply
                await wire.hang_up()
                raise
            if any(isinstance(reply, ReadOnlyError) for reply in replies):  # Sentinels may know another by now
                await wire.hang_up()
            else:
                self._idle.append(wire)
            return replies

    async def _wire(self) -> Wire:
        while self._idle:
            wire = self._idle.pop()
            if wire.open:
                return wire
            await wire.hang_up()
        return await Wire.connect(self._client.connection_pool)

    async def keys(self, pattern: str, at_once: int) -> AsyncIterator[list[bytes]]:
        cursor = b"0"
        while True:
            [reply] = await self.ask([("SCAN", cursor, "MATCH", pattern, "COUNT", at_once)])
            if isinstance(reply, ResponseError):
                raise reply
            cursor, found = reply
            yield found
            if cursor == b"0":
                return

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().hang_up()
        await self._client.aclose()
        if self._watch:
            await self._watch.aclose()


def _as_given(response: Any, **_: Any) -> Any:  # noqa: ANN401  likewise
    return response


class _ClusterLine:
    """A cluster: each command finds its node by its first key, and all travel at once."""

    spread = True

    def __init__(self, client: RedisCluster) -> None:
        self._client = client
        self._client.set_response_callback("XRANGE", _as_given)
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        await self._client.initialize()  # else redis-py asks nodes at random, and is sent on from one to another
        replies = await asyncio.gather(*(self._one(command) for command in commands), return_exceptions=True)
        for reply in replies:
            if isinstance(reply, BaseException) and not isinstance(reply, ResponseError):
                raise reply
        return list(replies)

    async def _one(self, command: Command) -> Any:  # noqa: ANN401  a reply's type is the command's affair
        async with self._room:
            return await self._client.execute_command(*command)

    async def keys(self, pattern: str, at_once: int) -> AsyncIterator[list[bytes]]:
        await self._client.initialize()
        for node in self._client.get_primaries():
            cursor = 0
            while True:
                # redis-py reads this reply itself, to a whole number and a list.
                cursor, found = await node.execute_command("SCAN", cursor, "MATCH", pattern, "COUNT", at_once)
                yield found
                if cursor == 0:
                    break

    async def close(self) -> None:
        await self._client.aclose()
        # After an error aclose() believes that all is closed already, and leaves the other nodes open.
        for nodes in ("nodes_cache", "startup_nodes"):
            await self._client.nodes_manager.aclose(nodes)
