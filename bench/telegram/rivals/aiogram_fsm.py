"""aiogram 3: the lesson with its finite state machine in Redis, and the reply in the webhook's response.

As its documentation has it: a router with filters, `CallbackData` on the buttons, `RedisStorage`.
"""

import os

import course
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from serving import serve

router = Router()


class Learning(StatesGroup):
    """Where a learner may be."""

    lesson = State()


class Choice(CallbackData, prefix="choice"):
    """A button of a step."""

    step: int
    number: int


def shown(chat: int, step: int, note: str) -> SendMessage:
    """Return the message of a step."""
    keys = [
        [InlineKeyboardButton(text=label, callback_data=Choice(step=step, number=number).pack())]
        for number, label in enumerate(course.labels(step))
    ]
    return SendMessage(
        chat_id=chat, text=course.text(step, note), reply_markup=InlineKeyboardMarkup(inline_keyboard=keys)
    )


async def taken(chat: int, state: FSMContext, number: int) -> SendMessage:
    """Take a choice, keep the new place, show it."""
    at = await state.get_data()
    try:
        step, tries, note = course.pick(at["step"], at["tries"], number)
    except IndexError:
        return shown(chat, at["step"], "?")
    await state.set_data({"step": step, "tries": tries})
    return shown(chat, step, note)


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> SendMessage:
    """Begin the lesson."""
    await state.set_state(Learning.lesson)
    await state.set_data({"step": 0, "tries": 0})
    return shown(message.chat.id, 0, course.LESSON["first"])


@router.message(Learning.lesson, F.text.isdigit())
async def typed(message: Message, state: FSMContext) -> SendMessage:
    """Take a number that was typed."""
    return await taken(message.chat.id, state, int(message.text or 0) - 1)


@router.callback_query(Learning.lesson, Choice.filter())
async def tapped(query: CallbackQuery, callback_data: Choice, state: FSMContext) -> SendMessage:
    """Take a button that was tapped."""
    await query.answer()
    return await taken(query.from_user.id, state, callback_data.number)


def main() -> None:
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"])
    bot = Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=AiohttpSession(api=server))
    dispatcher = Dispatcher(storage=RedisStorage.from_url(os.environ["REDIS_URL"]))
    dispatcher.include_router(router)
    serve(dispatcher, bot)


if __name__ == "__main__":
    main()
