"""A call's fields out of JSON, a form, a form with files, or the query string."""

import json
from collections.abc import AsyncIterator, Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartParser

from telegram_emulator.refused import bad
from telegram_emulator.schema import Upload

LARGEST_PART = 4 << 20  # a text part; files may be larger

Fields = dict[str, object]


def _pairs(text: str) -> Fields:
    return dict(parse_qsl(text, keep_blank_values=True))


async def read(headers: Mapping[str, str], query: str, body: bytes) -> tuple[Fields, dict[str, Upload]]:
    """Return a call's fields and files."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    fields, uploads = _pairs(query), dict[str, Upload]()
    if kind == "multipart/form-data":
        more, uploads = await _multipart(headers, body)
        fields |= more
    elif kind == "application/json" and body:
        try:
            given = json.loads(body)
        except ValueError:
            raise bad("can't parse JSON object") from None  # as we know it
        if not isinstance(given, dict):
            raise bad("object expected")  # as we know it
        fields |= given
    elif kind == "application/x-www-form-urlencoded":
        fields |= _pairs(body.decode())
    elif body:
        raise bad(f"unsupported content type {kind}")  # stricter: Telegram takes such a call for one without fields
    return fields, uploads


async def _multipart(headers: Mapping[str, str], body: bytes) -> tuple[Fields, dict[str, Upload]]:
    async def stream() -> AsyncIterator[bytes]:
        yield body

    parser = MultiPartParser(Headers(headers), stream(), max_part_size=LARGEST_PART)  # type: ignore[arg-type]
    form = await parser.parse()
    try:
        fields: Fields = {}
        uploads = {}
        for name, value in form.items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(value.filename or "file", await value.read())
            else:
                fields[name] = value
        return fields, uploads
    finally:
        await form.close()
