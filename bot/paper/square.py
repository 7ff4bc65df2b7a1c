"""QR codes: the square that a phone's camera opens."""

import io
from functools import lru_cache

import segno


@lru_cache(16)
def square(link: str) -> bytes:
    """Return the QR code of an address as PNG, with the four white modules around it that scanners need.

    A quarter of it may be dirty or torn.
    """
    out = io.BytesIO()
    segno.make(link, error="q", micro=False, boost_error=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()
