"""Signing in and out: by a link that works once, and out of one visit or of all.

Opening a link spends nothing, because messengers open links to show what is behind them; its button does.
"""

from urllib.parse import unquote

from starlette.responses import RedirectResponse, Response

from bot.channels.web.guard import new_token
from bot.core.marks import mark_of
from bot.office.door import SIGN_IN, Asked, Door, Way, host_of, is_number, place_of
from bot.office.page import draw, sorry
from bot.office.texts import Problem
from bot.stores.office import TRIES, Office

HOME = "/office/"


class SignIn:
    """The ways in and out."""

    def __init__(self, office: Office, door: Door) -> None:
        self._office = office
        self._door = door

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [
            Way(SIGN_IN, "sign in", get=self.page),
            Way("/office/link/{token}", "link", get=self.link, post=self.enter),
            Way("/office/sign-out", "sign out", post=self.leave),
            Way("/office/sign-out-everywhere", "sign out everywhere", post=self.leave_everywhere),
        ]

    async def page(self, asked: Asked) -> Response:
        """Say how one signs in."""
        if asked.signed_in:
            return RedirectResponse(way_on(asked), 303)
        out = "out" in asked.request.query_params
        return draw(asked.frame, "sign_in", to=way_on(asked), signed_out=out, local=is_number(host_of(asked.request)))

    async def link(self, asked: Asked) -> Response:
        """Show the button that spends the link."""
        if locked := await self.locked(asked):
            return locked
        if not await self._office.opens(_mark(asked), asked.minute):
            return await self._spent(asked)
        return draw(asked.frame, "link")

    async def enter(self, asked: Asked) -> Response:
        """Spend the link and begin a visit, under a new token: nobody can have given the browser this one before."""
        if locked := await self.locked(asked):
            return locked
        token = new_token()
        person = await self._office.enter_by_link(_mark(asked), mark_of(token), asked.minute)
        if person is None:
            return await self._spent(asked)
        return self._door.keep(RedirectResponse("/office/account?new", 303), token, long=True)

    async def leave(self, asked: Asked) -> Response:
        """End this visit."""
        await self._office.leave(asked.person, asked.minute, asked.visit)
        return self._door.keep(RedirectResponse(f"{SIGN_IN}?out", 303), new_token(), long=False)

    async def leave_everywhere(self, asked: Asked) -> Response:
        """End all visits of this person."""
        await self._office.leave(asked.person, asked.minute)
        return self._door.keep(RedirectResponse(f"{SIGN_IN}?out", 303), new_token(), long=False)

    async def locked(self, asked: Asked, *others: str, most: int = TRIES) -> Response | None:
        """Return the page that asks to wait, where too many tries of this place, or of `others`, have failed."""
        minutes = await self._office.wait([place_of(asked.request), *others], asked.minute, most)
        if not minutes:
            return None
        said = asked.said.locked
        response = sorry(asked.frame, Problem(said.title, said.text.format(minutes=minutes)), 429)
        response.headers["Retry-After"] = str(minutes * 60)
        return response

    async def _spent(self, asked: Asked) -> Response:
        await self._office.failed([place_of(asked.request)], asked.minute)
        return sorry(asked.frame, asked.said.spent, 410)


def way_on(asked: Asked) -> str:
    """Return where someone wanted to go before they had to sign in: a page of the office, nothing else."""
    to = unquote(asked.fields.get("to") or asked.request.query_params.get("to", ""))
    plain = to.startswith(HOME) and not to.startswith(SIGN_IN) and "\\" not in to and to.isprintable()
    return to if plain else HOME


def _mark(asked: Asked) -> str:
    return mark_of(asked.request.path_params["token"])
