"""Files that are there whole or not at all, and that know whether they are unhurt."""

import errno
import os
import secrets
import struct
import zlib
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

UNFINISHED = ".part"  # how the name of a file ends while it is written

_SEAL = struct.Struct(">8sII")  # magic, length, CRC-32 of what follows
SEAL_BYTES = _SEAL.size
_MAGIC = b"HocSo c1"
_NO_FSYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}  # what some shares answer, which keep files in their own way


class Damaged(ValueError):
    """A sealed file isn't what was written."""


def sealed(data: bytes) -> bytes:
    """Return the data with a head of 16 bytes that tells their length and CRC-32."""
    return _SEAL.pack(_MAGIC, len(data), zlib.crc32(data)) + data


def unsealed(raw: bytes) -> bytes:
    """Return the data; raises Damaged, saying how, unless they are what was sealed, to the last byte."""
    if len(raw) < _SEAL.size:
        raise Damaged(f"it has only {len(raw)} bytes")
    magic, length, told = _SEAL.unpack_from(raw)
    data = raw[_SEAL.size :]
    if magic != _MAGIC:
        raise Damaged("it doesn't begin as a clip")
    if length != len(data):
        raise Damaged(f"{len(data)} of {length} bytes are there")
    if zlib.crc32(data) != told:
        raise Damaged("its checksum differs")
    return data


def put(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file so that readers see all of it or none, also after a kill or a power cut.

    It is written beside its place, brought to the disk and renamed; its folder is made if need be.
    Of two writers the last wins. With a `mode`, such as 0o644, the file has it; else what is usual here.
    Raises OSError, and nothing is left behind but by a kill: a file whose name ends in UNFINISHED.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}{UNFINISHED}")
    try:
        with _opened(part) as file:
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            _to_disk(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _opened(part: Path) -> BufferedWriter:
    try:
        return part.open("xb")
    except FileNotFoundError:
        part.parent.mkdir(parents=True, exist_ok=True)
        return part.open("xb")


def _to_disk(file: int) -> None:
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in _NO_FSYNC:
            raise
