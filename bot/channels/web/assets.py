"""The page's own files: read once, compressed once, with an address that changes when they do."""

import gzip
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

_TYPES: Final[Mapping[str, str]] = {
    "editor.css": "text/css; charset=utf-8",
    "editor.js": "text/javascript; charset=utf-8",
    "keys.js": "text/javascript; charset=utf-8",
    "office.css": "text/css; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "preview.css": "text/css; charset=utf-8",
    "preview.js": "text/javascript; charset=utf-8",
    "talk.js": "text/javascript; charset=utf-8",
    "voice.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


class Asset(msgspec.Struct, frozen=True):
    """One static file."""

    body: bytes
    packed: bytes  # gzip
    kind: str
    mark: str  # of what it holds

    def answer(self, request: Request, *, lasting: bool) -> Response:
        """Return it to the browser; `lasting` where the address will never mean anything else."""
        packs = "gzip" in request.headers.get("accept-encoding", "")
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if lasting else "public, max-age=300",
            "Vary": "Accept-Encoding",
            **({"Content-Encoding": "gzip"} if packs else {}),
        }
        return Response(self.packed if packs else self.body, headers=headers, media_type=self.kind)


def _read(name: str, kind: str) -> Asset:
    body = files(__package__).joinpath("static", name).read_bytes()
    return Asset(body, gzip.compress(body, mtime=0), kind, sha256(body).hexdigest()[:12])


ASSETS: Final[Mapping[str, Asset]] = {name: _read(name, kind) for name, kind in _TYPES.items()}
ADDRESSES: Final[Mapping[str, str]] = {name: f"/static/{each.mark}/{name}" for name, each in ASSETS.items()}
