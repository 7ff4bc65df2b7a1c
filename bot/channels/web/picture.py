"""A drawn phone screen beside a step, and its picture, whose address never means anything else."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.page import Drawn, View, sorry
from bot.channels.web.texts import texts_of
from bot.core.library import FIRST
from bot.core.turn import Reply
from bot.core.wording import plain
from bot.pictures.drawing import layout
from bot.pictures.gallery import Gallery, address_of


class Pictures:
    """Has steps seen where there is a gallery."""

    def __init__(self, gallery: Gallery | None) -> None:
        self._gallery = gallery

    def seen(self, view: View, reply: Reply) -> View:
        """Return the view with the picture of its step, if it has one. Nothing is drawn before a browser asks."""
        picture = reply.picture
        if self._gallery is None or picture is None or picture.screen is None:
            return view
        width, height = layout(picture.screen).size
        return replace(view, picture=Drawn(address_of(picture.screen), plain(picture.alt), width, height))

    async def png(self, request: Request) -> Response:
        """Answer with a picture: 200, or 404 where no lesson shows it."""
        data = await self._gallery.png(request.path_params["address"]) if self._gallery else None
        if data is None:
            return sorry(404, texts_of(FIRST).nowhere)
        lasting = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(data, headers=lasting, media_type="image/png")
