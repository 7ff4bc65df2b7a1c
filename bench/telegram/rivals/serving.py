"""Serving aiogram's webhook by aiohttp, as its documentation has it."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web


def serve(dispatcher: Dispatcher, bot: Bot) -> None:
    """Serve until told to stop.

    `handle_in_background=False`, so that the method that a handler returns goes out in the
    response; by default it would be a call of its own, which costs more.
    """
    secret = os.environ["TELEGRAM_WEBHOOK_SECRET"]
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=secret).register(
        app, path="/telegram/webhook"
    )
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=None, print=None, loop=_loop())


def _loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's event loop where it is installed, as Học Số has it."""
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
