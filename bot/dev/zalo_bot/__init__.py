"""Zalo's Bot Platform played on this machine, from public descriptions of it; every disputed point is a switch."""

from bot.dev.zalo_bot.emulator import Chat, Emulator
from bot.dev.zalo_bot.refused import Json, Refused
from bot.dev.zalo_bot.server import emulated
from bot.dev.zalo_bot.switches import Fault, Switches

__all__ = ["Chat", "Emulator", "Fault", "Json", "Refused", "Switches", "emulated"]
