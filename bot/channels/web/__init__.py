"""The web page: the whole talk in plain forms, and the same without a reload where there is JavaScript.

The page is drawn on the server from the reply alone. Its script sends the same forms and puts the
answer in place; it knows no rule of the talk either.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import HTTPExceptionHandler

from bot import metrics
from bot.accounts.desk import NO_DESK
from bot.channels.web.assets import ASSETS
from bot.channels.web.form import Sent, Strange, TooBig, read_form
from bot.channels.web.guard import (
    HEADERS,
    MAY_RECORD,
    Guarded,
    csrf_of,
    from_elsewhere,
    keep_token,
    learner_of,
    new_token,
    own_form,
    token_of,
)
from bot.channels.web.page import Block, Choice, View, draw, sorry, text_block, view_of
from bot.channels.web.picture import Pictures
from bot.channels.web.texts import TEXTS, Problem, texts_of
from bot.channels.web.voice import Aloud, read_sound
from bot.core import chat_code
from bot.core.join_code import read_code
from bot.core.lesson import key_of
from bot.core.library import FIRST
from bot.core.privacy import find_secret
from bot.core.teams import LINK
from bot.core.turn import PART, Event, Reply, Unheard
from bot.core.wording import plain, words
from bot.pictures.gallery import Gallery
from bot.tutor import Tutor
from bot.voice.hearing import LANGS, Hearing
from bot.voice.voice import Voice

__all__ = ["PROBLEMS", "routes"]

_UPDATES = metrics.UPDATES.labels("web")
SCRIPT = "hocso"  # what our script calls itself in X-Requested-With


def routes(  # noqa: PLR0913  what the page is made of
    tutor: Tutor,
    ready: Callable[[], Awaitable[str]],
    *,
    secure_cookie: bool,
    lang: str = FIRST,
    voice: Voice | None = None,
    ear: Hearing | None = None,
    gallery: Gallery | None = None,
) -> list[BaseRoute]:
    """Return the routes of the page, of its files and of the two health checks.

    `ready` says why the program can't serve now, or "". `secure_cookie` is for a site served by
    HTTPS. `lang` is the language for someone new. Without a `voice` nothing is heard on the page, and
    without an `ear` that can hear nobody is asked to speak; without a `gallery` nothing is drawn.
    A proxy in front must pass the Host header on.
    """
    aloud, pictures = Aloud(voice), Pictures(gallery)
    web = _Web(tutor, secure_cookie, lang, aloud, ear if ear and not ear.lacks else None, pictures)

    async def health(_request: Request) -> Response:
        why = await ready()
        return JSONResponse({"ready": not why, "why": why}, 503 if why else 200)

    return [
        Route("/", Guarded(_no_way, get=web.page), name="page"),
        Route("/talk", Guarded(_no_way, get=_home, post=web.talk), name="talk"),
        Route("/talk/voice", Guarded(_no_way, get=_home, post=web.spoke), name="talk by voice"),
        Route("/voice/{address}.{form}", Guarded(_no_way, packs=False, get=aloud.clip), name="voice"),
        Route("/picture/{address}.png", Guarded(_no_way, packs=False, get=pictures.png), name="picture"),
        Route("/static/{mark}/{name}", Guarded(_no_way, get=_static), name="static"),
        Route("/favicon.ico", Guarded(_no_way, get=_icon), name="icon"),
        Route("/health/live", Guarded(_no_way, get=_live), name="live"),
        Route("/health/ready", Guarded(_no_way, get=health), name="ready"),
    ]


class _Web:
    """The answers that need the tutor."""

    def __init__(  # noqa: PLR0913, PLR0917  what the page is made of
        self,
        tutor: Tutor,
        secure_cookie: bool,
        lang: str,
        aloud: Aloud,
        ear: Hearing | None,
        pictures: Pictures,
    ) -> None:
        self._tutor = tutor
        self._secure = secure_cookie
        self._first = lang
        self._aloud = aloud
        self._ear = ear
        self._pictures = pictures

    async def page(self, request: Request) -> Response:
        """Show where the learner is. Changes nothing, whatever the address asks for."""
        token = token_of(request) or new_token()
        reply = await self._tutor.look(learner_of(token), lang=self._lang(request.query_params.get("lang", "")))
        wanted, team = (request.query_params.get(name, "") for name in ("bai", "to"))
        if reply.failed:
            view = replace(view_of(reply), write=False, back=texts_of(reply.lang).reload)
        elif wanted:
            view = self._linked(wanted, reply)
        elif team and self._tutor.library.teams.all:
            view = self._linked_to_team(team, reply)
        else:
            view = await self._view(reply)
        response = self._drawn(view, token, 503 if reply.failed else 200)
        keep_token(response, token, secure=self._secure)
        return response

    async def talk(self, request: Request) -> Response:
        """Take one form. What it asks for counts once, however often it comes."""
        token = token_of(request)
        sent = await _received(request, token)
        if isinstance(sent, Response):
            return sent
        lang = self._lang(sent.lang)
        _UPDATES.inc()
        reply = await self._tutor.hear(learner_of(token), sent.event, sent.update, lang=lang)
        if reply.failed:
            return self._drawn(_unsaved(reply, sent), token, 503, sent.id)
        if request.headers.get("x-requested-with") == SCRIPT:
            return self._drawn(await self._view(reply), token)
        # A redirect, so that going back or reloading never asks to send again; but not where
        # something was said only this once.
        if reply == await self._tutor.look(learner_of(token), lang=lang):
            return RedirectResponse("/", 303)
        return self._drawn(await self._view(reply), token)

    async def spoke(self, request: Request) -> Response:
        """Take what the learner said by the page's recorder. The sound is heard and forgotten."""
        token = token_of(request)
        said = await read_sound(request, token)
        if isinstance(said, Response):
            return said
        lang = self._lang(said.lang)
        _UPDATES.inc()
        learner = learner_of(token)
        if wanted := await self._tutor.to_read(learner, said.update):
            event: Event = await self._tutor.read(wanted, said.raw)
        else:
            event = await self._ear.hear(said.raw, lang) if self._ear else Unheard("no ear")
        reply = await self._tutor.hear(learner, event, said.update, lang=lang)
        # Not saved, the script sends it again: the same sound under the same id.
        return self._drawn(await self._view(reply), token, 503 if reply.failed else 200)

    async def _view(self, reply: Reply) -> View:
        view = self._pictures.seen(view_of(reply), reply)
        return await self._aloud.heard(view, reply, self._tutor.library)

    def _drawn(self, view: View, token: str, status: int = 200, form_id: str = "") -> Response:
        headers = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
        says = self._tutor.library.says(view.lang)
        danger, speak = says.urgent.format_map(words(view.lang, "ban")), ""
        if view.write and (view.reads or (self._ear and view.lang in LANGS)):
            how = self._tutor.library.phrases[view.lang].reading.record if view.reads else says.how_to_speak
            speak = how.format_map(words(view.lang, "ban"))
        # A page stays while its parts change: whoever may become a volunteer on it must be able to record then.
        later = self._tutor.desk is not NO_DESK
        headers = {**headers, **MAY_RECORD} if speak or later else headers
        drawn = draw(view, csrf_of(token), form_id or new_token(), danger, speak, voiced=later)
        return HTMLResponse(drawn, status, headers)

    def _lang(self, asked: str) -> str:
        return asked if asked in self._tutor.library.phrases else self._first

    def _linked(self, wanted: str, reply: Reply) -> View:
        """Offer the lesson, or the invitation, that a link or a poster leads to. Only a form may move the learner."""
        texts = texts_of(reply.lang)
        if code := chat_code.read_code(wanted):
            choice = Choice("open", chat_code.as_typed(code), texts.open_invitation)
            return _offer(text_block(texts.invitation), choice, "", reply)
        lesson = self._tutor.library.lesson(key_of(wanted[:80]), reply.lang)
        if lesson is None:
            return view_of(reply, notes=(texts.no_lesson,))
        title = plain(lesson.title.format_map(words(reply.lang, "ban")))
        block = text_block(texts.link.format(title=title))
        return _offer(block, Choice("open", lesson.id, texts.open), title, reply)

    def _linked_to_team(self, wanted: str, reply: Reply) -> View:
        """The same for a team."""
        texts = texts_of(reply.lang)
        team = self._tutor.library.teams.open(read_code(wanted[:80]))
        if team is None:
            return view_of(reply, notes=(texts.no_team,))
        title = team.said(reply.lang)
        block = text_block(texts.team.format(team=title))
        return _offer(block, Choice("open", f"{LINK}{team.code}", texts.open_team), title, reply)


def _offer(block: Block, choice: Choice, title: str, reply: Reply) -> View:
    ways, stay = reply.turn % PART > 0, texts_of(reply.lang).stay
    return View(reply.lang, (block,), (choice,), title, ways=ways, write=False, back=stay)


async def _received(request: Request, token: str) -> Sent | Response:
    """Return the form, or the page that refuses it."""
    try:
        sent = await read_form(request)
    except TooBig:
        return sorry(413, texts_of(FIRST).too_big)
    except Strange:
        return sorry(400, texts_of(FIRST).strange)
    if from_elsewhere(request) or not own_form(token, sent.csrf):
        lang = sent.lang if sent.lang in TEXTS else FIRST
        return sorry(403, TEXTS[lang].stale if token else TEXTS[lang].no_cookie, lang)
    return sent


def _unsaved(reply: Reply, sent: Sent) -> View:
    """Offer to send the same thing again. A typed secret is not shown again, so it must be typed again."""
    texts, view = texts_of(reply.lang), view_of(reply)
    if sent.field == "text" and find_secret(sent.value):
        return replace(view, blocks=(*view.blocks, text_block(texts.retype)))
    return replace(view, choices=(Choice(sent.field, sent.value, texts.again),), write=False, back=texts.stay)


async def _no_way(_request: Request) -> Response:
    return sorry(405, texts_of(FIRST).strange)


async def _home(_request: Request) -> Response:
    """Someone opened the address of the form, perhaps from the list of recent pages."""
    return RedirectResponse("/", 303)


async def _static(request: Request) -> Response:
    # A page drawn by an older version asks with an older mark: it gets what there is.
    asset = ASSETS.get(request.path_params["name"])
    if asset is None:
        return sorry(404, texts_of(FIRST).nowhere)
    return asset.answer(request, lasting=request.path_params["mark"] == asset.mark)


async def _icon(request: Request) -> Response:
    return ASSETS["icon.svg"].answer(request, lasting=False)


async def _live(_request: Request) -> Response:
    return PlainTextResponse("ok")


def _always(status: int, problem: Problem) -> HTTPExceptionHandler:
    async def answer(_request: Request, _error: Exception) -> Response:
        return sorry(status, problem, headers=HEADERS)

    return answer


# For `Starlette(exception_handlers=...)`: an address that nobody serves, and a mistake of ours.
PROBLEMS: Final[Mapping[int | type[Exception], HTTPExceptionHandler]] = {
    404: _always(404, texts_of(FIRST).nowhere),
    500: _always(500, texts_of(FIRST).broken),
}
