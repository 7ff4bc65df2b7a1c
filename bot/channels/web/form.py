"""A posted form -> what the learner did. The plain forms and the script send the same fields."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, get_args

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from bot.core.phrases import Words
from bot.core.turn import Asked, Event, Opened, Tapped, Typed

MAX_BODY = 64 * 1024  # bytes
MAX_TEXT = 10_000  # characters that reach the tutor
_READ_ON = 16 * MAX_BODY  # bytes read to the end all the same, or the browser shows no answer

Field = Literal["tap", "word", "open", "text"]
FIELDS: tuple[Field, ...] = get_args(Field)

update_id = re.compile(r"[A-Za-z0-9_-]{8,64}")
_link = re.compile(r"(to_)?[A-Za-z0-9-]{1,80}")  # to a lesson, or a team
_tap = re.compile(r"([0-9]{1,9})\|([!-~]{1,80})")


class TooBig(Exception):
    """The body is over MAX_BODY."""


class Strange(Exception):
    """It is none of our forms."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One form as it was posted; `event` is what it means."""

    csrf: str
    id: str  # made anew with each form that is drawn
    lang: str
    field: Field
    value: str
    event: Event

    @property
    def update(self) -> str:
        """Name what was sent: the same form with the same answer, however often it comes, is one update."""
        return update_of(self.id, self.field, self.value.encode("utf-8", "surrogatepass"))


def update_of(form_id: str, field: str, value: bytes) -> str:
    """Return the name of an update."""
    return "web:" + sha256(f"{form_id}\n{field}\n".encode("utf-8", "surrogatepass") + value).hexdigest()


async def read_form(request: Request) -> Sent:
    """Read a posted form.

    Raises:
        TooBig: the body is over MAX_BODY.
        Strange: it isn't one of our forms, or was cut off on the way.
    """
    fields = await fields_of(request)
    given = [name for name in FIELDS if name in fields]
    if len(given) != 1 or not update_id.fullmatch(fields.get("id", "")):
        raise Strange
    field = given[0]
    value = fields[field][:MAX_TEXT]
    return Sent(fields.get("csrf", ""), fields["id"], fields.get("lang", ""), field, value, _event(field, value))


async def fields_of(request: Request, most: int = MAX_BODY) -> dict[str, str]:
    """Return the fields of a posted form of at most so many bytes; of a name that comes twice the last.

    Raises TooBig, Strange.
    """
    body = await body_of(request, most)

    async def again() -> Message:
        return {"type": "http.request", "body": body}

    try:
        form = await Request(request.scope, again).form(max_files=0, max_fields=10, max_part_size=most)
    except (HTTPException, MultiPartException) as error:
        raise Strange from error
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


async def body_of(request: Request, most: int = MAX_BODY) -> bytes:
    """Return the body. Raises TooBig if it has more than `most` bytes, Strange if it was cut off on the way."""
    body = bytearray()
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= most:
                body += chunk
            elif size > _READ_ON:
                break
    except ClientDisconnect as error:
        raise Strange from error
    if size > most:
        raise TooBig
    return bytes(body)


def _event(field: Field, value: str) -> Event:
    match field:
        case "text":
            return Typed(value)
        case "open":
            if _link.fullmatch(value):
                return Opened(value)
        case "word":
            if value in Words.model_fields:
                return Asked(value)
        case "tap":
            if found := _tap.fullmatch(value):
                return Tapped(int(found[1]), found[2])
    raise Strange
