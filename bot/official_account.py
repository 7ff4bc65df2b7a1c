"""Zalo's Official Account, built from Config: the channel with its store, its client, what it speaks and hears by."""

from bot.channels.zalo_oa import Manners, ZaloOA
from bot.channels.zalo_oa.client import Client
from bot.channels.zalo_oa.login import landing
from bot.channels.zalo_oa.signature import Signatures
from bot.channels.zalo_oa.voice import Listening, Speaking
from bot.config import ZaloOAConfig
from bot.stores.notes import RedisNotes
from bot.stores.progress import RedisProgress
from bot.tutor import Tutor
from bot.voice.hearing import Hearing
from bot.voice.voice import Voice

__all__ = ["client_of", "landing", "official_account"]


def client_of(config: ZaloOAConfig) -> Client:
    """Return what calls Zalo."""
    return Client(config.app_id, config.app_secret, config.api, config.oauth)


def official_account(  # noqa: PLR0913, PLR0917  what it is made of
    config: ZaloOAConfig, tutor: Tutor, store: RedisProgress, voice: Voice | None, ear: Hearing | None, lang: str
) -> ZaloOA:
    """Return the channel. It looks after its tokens once it is started."""
    client, set_to = client_of(config), config.settings
    return ZaloOA(
        tutor,
        client,
        RedisNotes.beside(store),
        Signatures(config.app_id, config.webhook_secret, config.app_secret),
        speaking=Speaking(voice, config.public) if voice and config.public else None,
        listening=Listening(client, ear, tuple(set_to.sound_hosts)),
        lang=lang,
        manners=Manners(set_to.buttons, set_to.taps, set_to.oldest_minutes, set_to.store_away, set_to.billed),
    )
