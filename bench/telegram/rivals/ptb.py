"""python-telegram-bot: the lesson with the learner's place in Redis.

As its documentation has it: handlers with filters, and the webhook of its example for a server of
one's own (Starlette on uvicorn, `updater(None)`): lighter than `run_webhook`, which needs Tornado.
It has no reply in the webhook's response, so messages go out by calls. Its persistence comes for
files only; a get and a set of the place are the plainest that does the same with Redis.
"""

import asyncio
import hmac
import json
import os

import course
import uvicorn
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ExtBot,
    MessageHandler,
    filters,
)

store = Redis.from_url(os.environ["REDIS_URL"])
SECRET = os.environ["TELEGRAM_WEBHOOK_SECRET"]


async def show(bot: ExtBot[None], chat: int, step: int, note: str) -> None:
    """Send the message of a step."""
    keys = [
        [InlineKeyboardButton(label, callback_data=f"{step}:{number}")]
        for number, label in enumerate(course.labels(step))
    ]
    await bot.send_message(chat, course.text(step, note), reply_markup=InlineKeyboardMarkup(keys))


async def take(bot: ExtBot[None], chat: int, number: int) -> None:
    """Take a choice, keep the new place, show it."""
    step, tries = json.loads(await store.get(f"place:{chat}") or "[0, 0]")
    try:
        step, tries, note = course.pick(step, tries, number)
    except IndexError:
        await show(bot, chat, step, "?")
        return
    await store.set(f"place:{chat}", json.dumps([step, tries]))
    await show(bot, chat, step, note)


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Begin the lesson."""
    assert update.effective_chat
    await store.set(f"place:{update.effective_chat.id}", "[0, 0]")
    await show(context.bot, update.effective_chat.id, 0, course.LESSON["first"])


async def typed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Take a number that was typed."""
    assert update.effective_chat
    assert update.message
    await take(context.bot, update.effective_chat.id, int(update.message.text or 0) - 1)


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Take a button that was tapped."""
    query = update.callback_query
    assert query
    assert query.data
    await query.answer()
    await take(context.bot, query.from_user.id, int(query.data.partition(":")[2]))


async def main() -> None:
    base = f"{os.environ['TELEGRAM_API_BASE']}/bot"
    builder = Application.builder().token(os.environ["TELEGRAM_BOT_TOKEN"]).base_url(base)
    application = builder.updater(None).concurrent_updates(True).build()  # else learners wait for one another
    application.add_handler(CommandHandler("start", start))
    application.add_handler(MessageHandler(filters.Regex(r"^\d+$"), typed))
    application.add_handler(CallbackQueryHandler(tapped))

    async def webhook(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), SECRET):
            return Response(status_code=401)
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return Response()

    app = Starlette(routes=[Route("/telegram/webhook", webhook, methods=["POST"])])
    config = uvicorn.Config(app, port=int(os.environ["PORT"]), access_log=False, log_level="warning")
    async with application:
        await application.start()
        await uvicorn.Server(config).serve()
        await application.stop()


if __name__ == "__main__":
    try:
        import uvloop
    except ImportError:
        asyncio.run(main())
    else:
        uvloop.run(main())
