"""PINs of learners who share an account: kept only salted and hashed, slowly on purpose, and not on the event loop."""

import asyncio
import hashlib
import hmac
import secrets

SALT = 16  # bytes
_COST = {"n": 2**14, "r": 8, "p": 1, "dklen": 16}  # about 50 ms and 16 MB: ten thousand PINs then take minutes


async def lock_of(pin: str) -> bytes:
    """Return what is kept of a PIN."""
    salt = secrets.token_bytes(SALT)
    return salt + await _hashed(pin, salt)


async def opens(pin: str, lock: bytes) -> bool:
    """Whether this is the PIN of which that was kept."""
    return hmac.compare_digest(await _hashed(pin, lock[:SALT]), lock[SALT:])


async def _hashed(pin: str, salt: bytes) -> bytes:
    return await asyncio.to_thread(lambda: hashlib.scrypt(pin.encode(), salt=salt, **_COST))
