"""Answering with all bytes of a file, or with those that were asked for."""

import re

from starlette.requests import Request
from starlette.responses import Response

_range = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def piece(request: Request, data: bytes, etag: str, kind: str, *, cache: str = "private, max-age=86400") -> Response:
    """Return all bytes, or those that were asked for: Safari plays nothing that it can't ask for in pieces."""
    headers = {"Accept-Ranges": "bytes", "Cache-Control": cache, "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    asked = _range.fullmatch(request.headers.get("range", "").strip())
    if not asked or not any(asked.groups()) or request.headers.get("if-range", etag) != etag:
        return Response(data, headers=headers, media_type=kind)
    size = len(data)
    first, last = asked.groups()
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if begin >= end:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    found = {**headers, "Content-Range": f"bytes {begin}-{end - 1}/{size}"}
    return Response(data[begin:end], 206, found, kind)
