"""Files: what Telegram takes for a voice, a photo, a document; their ids."""

import base64
import hashlib
import itertools
import struct
from dataclasses import dataclass

from telegram_emulator.refused import Json, Refused, bad, unlucky
from telegram_emulator.schema import Upload

LARGEST = {"photo": 10 << 20}
LARGEST_ELSE = 50 << 20
DOWNLOAD = 20 << 20
VALID = 3600  # seconds that a download address lives at least
OPUS_RATE = 48_000
KINDS = {"voice": "VoiceNote", "photo": "Photo", "audio": "Audio", "document": "Document"}  # tdlib's names
SUFFIX = {"voice": "oga", "photo": "jpg", "audio": "mp3", "document": "bin", "video": "mp4", "sticker": "webp"}
MIME = {b"OggS": "audio/ogg", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"ID3": "audio/mpeg"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on the server, as one bot knows it."""

    id: str
    kind: str
    data: bytes
    name: str
    size: int

    @property
    def unique_id(self) -> str:
        """The same for all bots and for every upload of the same bytes."""
        return _letters(hashlib.sha256(self.data + self.kind.encode()).digest()[:12])

    @property
    def path(self) -> str:
        return f"{self.kind}/{self.id[-8:]}.{SUFFIX.get(self.kind, 'bin')}"

    def json(self, **more: object) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size, **more}


class Shelf:
    """One bot's files by id; another bot's ids mean nothing here."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._files: dict[str, Stored] = {}
        self._offered: dict[str, tuple[Stored, float]] = {}  # download path -> file, valid until
        self._numbers = itertools.count(1)

    def add(self, kind: str, upload: Upload, size: int = 0) -> Stored:
        """Keep a file; `size` may pretend that it is larger than it is."""
        number = next(self._numbers)
        secret = hashlib.sha256(f"{self._token} {number}".encode()).digest()
        stored = Stored(_letters(b"\2" + secret), kind, upload.data, upload.name, size or len(upload.data))
        self._files[stored.id] = stored
        return stored

    def sent(self, kind: str, value: str | Upload) -> Stored:
        """Return the file that a call sends: uploaded now, or known by its id."""
        if isinstance(value, Upload):
            if len(value.data) > LARGEST.get(kind, LARGEST_ELSE):
                raise Refused(413, fault=True)
            if not value.data:
                raise bad("file must be non-empty")
            fits(kind, value.data)
            return self.add(kind, value)
        if value.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")  # the emulator reaches no network
        stored = self._files.get(value)
        if stored is None:
            raise unlucky("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad(f"can't use file of type {KINDS.get(stored.kind, stored.kind)} as {KINDS[kind]}")
        return stored

    def forget(self, file_id: str) -> None:
        """Let the server not know the id any more, as happens after years."""
        del self._files[file_id]

    def offer(self, file_id: str, now: float) -> Json:
        """Answer getFile."""
        stored = self._files.get(file_id)
        if stored is None:
            raise unlucky("invalid file_id")
        if stored.size > DOWNLOAD:
            raise unlucky("file is too big")
        self._offered[stored.path] = (stored, now + VALID)
        return stored.json(file_path=stored.path)

    def download(self, path: str, now: float) -> bytes:
        stored, until = self._offered.get(path, (None, 0.0))
        if stored is None or until < now:
            raise Refused(404)
        return stored.data


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def fits(kind: str, data: bytes) -> None:
    """Refuse a file that Telegram would not show as what it is sent as."""
    if kind == "voice":
        opus = data.startswith(b"OggS") and b"OpusHead" in data[:128]
        mp3 = data.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"))
        if not (opus or mp3 or data[4:8] == b"ftyp"):
            raise bad(
                "a voice must be OGG with Opus, MP3 or M4A"
            )  # stricter: Telegram shows another file as a document
    if kind == "photo" and picture_size(data) is None:
        raise bad("IMAGE_PROCESS_FAILED")


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return the width and height of a PNG or JPEG."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    place = 2
    while data.startswith(b"\xff\xd8") and place + 9 <= len(data) and data[place] == 0xFF:
        if data[place + 1] in {0xC0, 0xC1, 0xC2}:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return None


def seconds(data: bytes) -> int:
    """Return how long an OGG/Opus lasts, by the place its last page names."""
    last = data.rfind(b"OggS")
    if last < 0 or len(data) < last + 14:
        return 0
    return max(0, round(int.from_bytes(data[last + 6 : last + 14], "little", signed=True) / OPUS_RATE))


def mime(data: bytes, default: str = "application/octet-stream") -> str:
    return next((kind for start, kind in MIME.items() if data.startswith(start)), default)


def described(stored: Stored, asked: Json) -> Json | list[Json]:
    """Return the file as a message shows it."""
    match stored.kind:
        case "photo":
            width, height = picture_size(stored.data) or (1, 1)
            return [stored.json(width=width, height=height)]
        case "voice":
            duration = asked.get("duration") or seconds(stored.data)
            return stored.json(duration=duration, mime_type=mime(stored.data, "audio/ogg"))
        case "audio":
            named = {key: asked[key] for key in ("title", "performer") if key in asked}
            duration = asked.get("duration", 0)
            return stored.json(
                duration=duration, mime_type=mime(stored.data, "audio/mpeg"), file_name=stored.name, **named
            )
        case _:
            return stored.json(file_name=stored.name, mime_type=mime(stored.data))
