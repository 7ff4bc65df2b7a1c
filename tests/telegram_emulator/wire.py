"""The emulator's own HTTP server on loopback: it can be away, and cut a connection where it hurts."""

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

KEEP_ALIVE = 75  # seconds


class Wire:
    """Serves an ASGI app in this event loop, without signals or threads, on one port all its life."""

    def __init__(self, app: ASGIApp) -> None:
        self._settings = uvicorn.Config(
            app,
            interface="asgi3",
            http="h11",
            ws="none",
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE,
        )
        self._settings.load()
        self._open: dict[object, asyncio.Transport] = {}
        self._server: asyncio.Server | None = None
        self._tasks = ServerState()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    async def open(self) -> None:
        """Listen."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port)

    async def close(self) -> None:
        """Stop listening, and cut every connection."""
        if self._server is None:
            return
        self._server.close()
        for transport in list(self._open.values()):
            transport.abort()
        tasks = [task for task in self._tasks.tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def cut(self, scope: Scope, receive: Receive) -> None:
        """Break the connection of this request, and see it broken."""
        transport = self._open.get(tuple(scope["client"]))
        if transport is not None:
            transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass

    def _protocol(self) -> asyncio.Protocol:
        opened = self._open

        class Connection(H11Protocol):
            """Remembers its transport by the other side's address."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                self._place = transport.get_extra_info("peername")
                opened[self._place] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                opened.pop(self._place, None)
                super().connection_lost(exc)

        empty: dict[str, Any] = {}
        return Connection(config=self._settings, server_state=self._tasks, app_state=empty)
