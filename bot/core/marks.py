"""Marks: what is stored of a secret that opens something."""

from base64 import urlsafe_b64encode
from hashlib import sha256


def mark_of(secret: str) -> str:
    """Return what is stored of a link, a visit or a code: whoever reads it can't make the secret of it."""
    return urlsafe_b64encode(sha256(secret.encode("utf-8", "replace")).digest()).decode().rstrip("=")
