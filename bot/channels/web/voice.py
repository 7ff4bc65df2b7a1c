"""The page heard and spoken to: clips of what a reply says, and what the recorder sends.

A page names a clip by the address under which its words are kept; the clip is made when a browser
asks for it, so a page nobody listens to costs none.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Literal

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.form import Strange, TooBig, body_of, update_id, update_of
from bot.channels.web.guard import from_elsewhere, own_form
from bot.channels.web.page import View, sorry
from bot.channels.web.ranges import piece
from bot.channels.web.texts import TEXTS, texts_of
from bot.core.library import FIRST, Library
from bot.core.turn import Reply
from bot.voice.guess import rounded
from bot.voice.voice import Speech, Voice, speech_of

log = structlog.get_logger()

MAX_SOUND = 600_000  # bytes; the recorder sends 16,000 a second, for 20 seconds at most, for 36 to volunteers

_TYPES: Final[dict[str, Literal["ogg", "mp3"]]] = {"ogg": "ogg", "mp3": "mp3"}
_MEDIA: Final = {"ogg": "audio/ogg; codecs=opus", "mp3": "audio/mpeg"}


class Aloud:
    """Has replies spoken where there is a voice."""

    def __init__(self, voice: Voice | None) -> None:
        self._voice = voice

    async def heard(self, view: View, reply: Reply, library: Library) -> View:
        """Return the view with what is heard of the reply, or with the button that has it said."""
        # What is kept about a learner is theirs: it is on no shelf.
        if self._voice is None or reply.export or reply.failed:
            return view
        try:
            return await self._heard(self._voice, view, reply, library)
        except Exception:  # whatever it is, the learner must get the text
            log.exception("a page can't be heard")
            return view

    async def _heard(self, voice: Voice, view: View, reply: Reply, library: Library) -> View:
        texts = texts_of(reply.lang)
        if reply.aloud:
            return replace(view, clip=await voice.keep(speech_of(reply, library)), hear=texts.hear_again)
        if not reply.saver:
            return replace(view, hear=reply.hear_label)
        size = rounded(await voice.size(speech_of(reply, library)))
        return replace(view, hear=texts.hear_size.format(label=reply.hear_label, size=size))

    async def clip(self, request: Request) -> Response:
        """Answer with a clip, whole or a piece of it: 200, 206, 304, 404, 416, and 503 where no engine can."""
        form = _TYPES.get(request.path_params["form"])
        speech = await self._kept(request.path_params["address"]) if form else None
        if self._voice is None or form is None or speech is None:
            return sorry(404, texts_of(FIRST).nowhere)
        clip = await self._voice.clip(speech, form)
        if clip is None:
            lang = speech.lang if speech.lang in TEXTS else FIRST
            return sorry(503, TEXTS[lang].mute, lang, {"Retry-After": "60"})
        return piece(request, clip.data, f'"{clip.address}"', _MEDIA[form])

    async def _kept(self, address: str) -> Speech | None:
        try:
            return await self._voice.kept(address) if self._voice else None
        except ValueError:  # it is no address
            return None


@dataclass(frozen=True, slots=True)
class Sound:
    """What the recorder sent. It is heard and forgotten."""

    id: str
    lang: str
    raw: bytes

    @property
    def update(self) -> str:
        """Name it as forms are named: sent again, it counts once."""
        return update_of(self.id, "voice", sha256(self.raw).digest())


async def read_sound(request: Request, token: str) -> Sound | Response:
    """Read what was said, or return the page that refuses it. Nobody else's sound is even read."""
    headers = request.headers
    lang = headers.get("x-lang", "")
    lang = lang if lang in TEXTS else FIRST
    if from_elsewhere(request) or not own_form(token, headers.get("x-csrf", "")):
        return sorry(403, TEXTS[lang].stale if token else TEXTS[lang].no_cookie, lang)
    form_id = headers.get("x-id", "")
    try:
        raw = await body_of(request, MAX_SOUND)
    except TooBig:
        return sorry(413, TEXTS[lang].too_big, lang)
    except Strange:
        return sorry(400, TEXTS[lang].strange, lang)
    if not update_id.fullmatch(form_id):
        return sorry(400, TEXTS[lang].strange, lang)
    return Sound(form_id, lang, raw)
