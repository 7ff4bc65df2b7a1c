"""Whether a delivery comes from Zalo: its signature over the bytes as they came.

`X-ZEvent-Signature: mac=<hex>` is SHA-256, without HMAC, of the app's id, the raw body, the timestamp
and a secret. Sources disagree on the secret (the webhook page's own, or the app's) and on where the
timestamp is read (the body, or a header); all of these are taken, and the log says which one fits.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping

import structlog

log = structlog.get_logger()

HEADER = b"x-zevent-signature"
TIMESTAMP = b"x-zevent-timestamp"
_FORM = b"mac="


class Signatures:
    """Checks signatures for one app. `webhook_secret` may be empty: then the app's alone is tried."""

    def __init__(self, app_id: str, webhook_secret: str, app_secret: str) -> None:
        self._app_id = app_id.encode()
        ours = {"ZALO_OA_WEBHOOK_SECRET": webhook_secret, "ZALO_OA_APP_SECRET": app_secret}
        self._secrets = {name: secret.encode() for name, secret in ours.items() if secret}
        self._told = ""

    def __repr__(self) -> str:
        return f"<Signatures with {', '.join(self._secrets)}>"

    def fits(self, headers: Mapping[bytes, bytes], body: bytes, timestamp: str, oa_id: str = "") -> bool:
        """Whether the body was signed by one of our secrets; takes the same time whichever byte is wrong."""
        given = headers.get(HEADER, b"").strip().lower()
        if not given.startswith(_FORM):
            return False
        mac = given.removeprefix(_FORM)
        found = ""
        for name, expected in self._candidates(headers, body, timestamp):
            if hmac.compare_digest(mac, expected):
                found = name
        if found and found != self._told:
            log.info("zalo signs its deliveries", secret=found)
            self._told = found
        if not found and oa_id and self._with_oa_id(mac, body, timestamp, oa_id):
            log.warning("a delivery is signed with the Official Account's id instead of the app's; it is refused")
        return bool(found)

    def _candidates(self, headers: Mapping[bytes, bytes], body: bytes, timestamp: str) -> Iterator[tuple[str, bytes]]:
        stamps = {"": timestamp.encode()}
        if TIMESTAMP in headers:
            stamps[" and the timestamp of the header"] = headers[TIMESTAMP].strip()
        for name, secret in self._secrets.items():
            for where, stamp in stamps.items():
                yield name + where, _mac(self._app_id, body, stamp, secret)

    def _with_oa_id(self, mac: bytes, body: bytes, timestamp: str, oa_id: str) -> bool:
        made = (_mac(oa_id.encode(), body, timestamp.encode(), secret) for secret in self._secrets.values())
        return any(hmac.compare_digest(mac, each) for each in made)


def _mac(app_id: bytes, body: bytes, timestamp: bytes, secret: bytes) -> bytes:
    return hashlib.sha256(app_id + body + timestamp + secret).hexdigest().encode()
