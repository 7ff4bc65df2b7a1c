"""Zalo's Official Account platform for tests, from scratch on what is known of it; no other network is ever reached.

    async with Emulator() as zalo:          # zalo.url serves the OpenAPI, the tokens and the files
        zalo.resolves(channel.webhook)
        lan = zalo.person("Lan")
        await lan.follows()
        [welcome] = await lan.hears(1)
        await lan.taps("1. Đồng ý")
        assert zalo.complaints == []

Time stands still until a test moves it on (`zalo.clock.skip`). What sources disagree on is a switch
(`switches.Switches`). Stricter than Zalo: whatever a correct program never sends is a complaint.
"""

from zalo_oa_emulator.clock import Clock
from zalo_oa_emulator.delivery import LADDER
from zalo_oa_emulator.emulator import Emulator
from zalo_oa_emulator.people import Message, Person
from zalo_oa_emulator.switches import Switches

__all__ = ["LADDER", "Clock", "Emulator", "Message", "Person", "Switches"]
