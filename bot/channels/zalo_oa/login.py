"""The first pair of tokens: the address where an Official Account lets the app in, and what comes back.

Zalo's console keeps one code challenge (PKCE, S256) for an app. Its verifier is made from the app's
secret, so that nothing has to be kept for it; who has a pair of the console's own sets its verifier.
"""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.types import Receive, Scope, Send

from bot.channels.zalo_oa.client import Issued

PERMISSION = "/v4/oa/permission"
SHORTEST = 8  # letters of a code; a real one has far more

_LANDING = (
    "Xin chép toàn bộ địa chỉ của trang này vào cửa sổ đang chạy `hocso zalo login`.\n\n"
    "Copy the whole address of this page into the window where `hocso zalo login` waits.\n"
).encode()


def verifier_of(app_secret: str) -> str:
    """Return the code verifier: 43 letters, the same for the same secret, from which nobody can tell the secret."""
    return _unpadded(hashlib.sha256(b"hocso zalo-oa code verifier\n" + app_secret.encode()).digest())


def challenge_of(verifier: str) -> str:
    """Return the code challenge that the console keeps."""
    return _unpadded(hashlib.sha256(verifier.encode()).digest())


def permission(oauth: str, app_id: str, redirect: str, challenge: str) -> str:
    """Return the address where the owner of the Official Account lets the app in."""
    query = urlencode({"app_id": app_id, "redirect_uri": redirect, "code_challenge": challenge})
    return f"{oauth}{PERMISSION}?{query}"


def code_of(pasted: str) -> str:
    """Return the code of what an operator pasted: the code itself, or the whole address it came in.

    Raises ValueError with a sentence on what is there and what would be right.
    """
    text = pasted.strip()
    if not text:
        raise ValueError("Nothing was pasted; the code, or the whole address that the browser shows, would be right.")
    if "://" not in text and "code=" not in text:
        if len(text) < SHORTEST or len(text.split()) > 1:
            raise ValueError(f"{text[:20]!r} is no code; paste the whole address that the browser shows.")
        return text
    query = parse_qs(urlsplit(text).query or text.rpartition("?")[2])
    if code := query.get("code", [""])[0]:
        return code
    if error := (query.get("error_description") or query.get("error") or [""])[0]:
        raise ValueError(f"Zalo did not let the app in ({error[:100]}); open the address and agree.")
    raise ValueError("This address holds no `code=`; paste the one that the browser shows after agreeing.")


def granted(code: str, verifier: str) -> dict[str, str]:
    """Return what to ask for with a code (`Client.issue`)."""
    return {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}


def told(issued: Issued) -> str:
    """Return how long the pair lives, for people."""
    seconds = int(issued.expires_in) if str(issued.expires_in).isdecimal() else 0
    return f"{seconds / 3600:g}"


async def landing(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Tell an operator what to do with the address to which Zalo has just sent them (ASGI)."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(_LANDING))]
    headers += [(b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _LANDING})


def _unpadded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
