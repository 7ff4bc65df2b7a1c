"""aiogram-dialog: the lesson as one dialog whose window is filled by a getter, kept in Redis.

As its documentation has it: `Select` over the choices, `MessageInput` for what is typed, places in
`dialog_data`. It shows windows by calls of its own, never in the webhook's response; its default
edits the message at a tap, and after a typed answer takes away the old buttons and sends a new one.
"""

import os
from typing import Any

import course
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import DefaultKeyBuilder
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, ContentType, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Column, Select
from aiogram_dialog.widgets.text import Format
from serving import serve


class Learning(StatesGroup):
    """The windows."""

    lesson = State()


async def getter(dialog_manager: DialogManager, **_: object) -> dict[str, Any]:
    """Fill the window."""
    at = dialog_manager.dialog_data
    step = at.get("step", 0)
    text = course.text(step, at.get("note", course.LESSON["first"]))
    return {"text": text, "choices": list(enumerate(course.labels(step)))}


def take(manager: DialogManager, number: int) -> None:
    """Take a choice; the window is shown anew after it."""
    at = manager.dialog_data
    try:
        step, tries, note = course.pick(at.get("step", 0), at.get("tries", 0), number)
    except IndexError:
        at["note"] = "?"
        return
    at.update(step=step, tries=tries, note=note)


async def tapped(_query: CallbackQuery, _select: object, manager: DialogManager, number: int) -> None:
    """Take a button that was tapped."""
    take(manager, number)


async def typed(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """Take a number that was typed."""
    if message.text and message.text.isdigit():
        take(manager, int(message.text) - 1)


async def start(_message: Message, dialog_manager: DialogManager) -> None:
    """Begin the lesson."""
    await dialog_manager.start(Learning.lesson, mode=StartMode.RESET_STACK)


def number_of(choice: tuple[int, str]) -> int:
    """Return what a button carries."""
    return choice[0]


LESSON = Dialog(
    Window(
        Format("{text}"),
        Column(
            Select(
                Format("{item[1]}"),
                id="choice",
                item_id_getter=number_of,
                items="choices",
                type_factory=int,
                on_click=tapped,
            )
        ),
        MessageInput(typed, content_types=[ContentType.TEXT]),
        state=Learning.lesson,
        getter=getter,
    )
)


def main() -> None:
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"])
    bot = Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=AiohttpSession(api=server))
    storage = RedisStorage.from_url(os.environ["REDIS_URL"], key_builder=DefaultKeyBuilder(with_destiny=True))
    dispatcher = Dispatcher(storage=storage)
    dispatcher.message.register(start, CommandStart())
    dispatcher.include_router(LESSON)
    setup_dialogs(dispatcher)
    serve(dispatcher, bot)


if __name__ == "__main__":
    main()
