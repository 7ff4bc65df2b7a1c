"""Telegram's Bot API server for tests, from scratch on the published schema; no other network is ever reached.

    async with Emulator() as telegram:      # telegram.url, telegram.token
        an = telegram.person("An")
        await an.start()
        [welcome] = await an.hears(1)
        await an.taps("Bắt đầu")
        assert telegram.complaints == []

Stricter than Telegram: fields it does not know, a voice that is none, more buttons than fit are refused, and all
that a correct bot never sends is a complaint. The rest follows the server's source (tdlib/telegram-bot-api, 10.0).
"""

from telegram_emulator.chats import Chat, Message, Reach
from telegram_emulator.emulator import Emulator
from telegram_emulator.faults import Cut, Fault
from telegram_emulator.people import Group, Person
from telegram_emulator.refused import Refused
from telegram_emulator.server import Called
from telegram_emulator.updates import Update

__all__ = ["Called", "Chat", "Cut", "Emulator", "Fault", "Group", "Message", "Person", "Reach", "Refused", "Update"]
