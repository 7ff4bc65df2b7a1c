"""Zalo's Bot Platform on this machine: one bot, the people who chat with it, and what they are sent."""

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from bot.dev.zalo_bot.hook import Hook
from bot.dev.zalo_bot.refused import Json, Refused
from bot.dev.zalo_bot.switches import Fault, Switches

VIETNAM = timedelta(hours=7)
PATIENCE = 30.0  # seconds until something that must come has come


@dataclass(slots=True)
class Chat:
    """Somebody's chat with the bot, or a group. `shown` is what came there, the oldest first."""

    id: str
    name: str = "Lan"
    group: bool = False
    gone: bool = False
    shown: list[Json] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What was written there by the bot."""
        return [sent["text"] for sent in self.shown if sent["method"] == "sendMessage"]

    @property
    def voices(self) -> list[str]:
        """The addresses of the clips that came."""
        return [sent["voice_url"] for sent in self.shown if sent["method"] == "sendVoice"]


class Emulator:
    """One bot at one emulated platform. `leftovers` are parameters of Telegram's that are overlooked."""

    def __init__(self, token: str = "", clock: Callable[[], float] = time.time) -> None:
        self.token = token or f"{secrets.randbelow(10**16)}:{secrets.token_urlsafe(24)}"
        self.bot_id = str(10**18 + secrets.randbelow(10**17))
        self.base = ""  # where it listens; set by its server
        self.switches = Switches()
        self.leftovers: frozenset[str] = frozenset()
        self.faults: list[Fault] = []
        self.calls: list[tuple[str, Json]] = []  # all that were made, the refused ones too
        self.polls: list[float] = []  # when getUpdates was called, by time.monotonic
        self.chats: dict[str, Chat] = {}
        self.media: dict[str, tuple[str, bytes]] = {}  # by name: type and bytes
        self.fetched: list[tuple[str, int, str, bytes]] = []  # clips: address, status, type, bytes
        self.tests: dict[int, int] = {}
        self.hook = Hook(self)
        self._clock, self._ahead = clock, 0.0
        self._unread: deque[Json] = deque()
        self._read: deque[Json] = deque(maxlen=100)
        self._sends: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._fetching: set[asyncio.Task[None]] = set()
        self._fetcher = httpx.AsyncClient(trust_env=False)

    def now(self) -> float:
        """Return seconds since 1970, as the platform has them."""
        return self._clock() + self._ahead

    def now_ms(self) -> int:
        """Return milliseconds since 1970."""
        return int(self.now() * 1000)

    def advance(self, seconds: float) -> None:
        """Let the platform's time go on."""
        self._ahead += seconds

    async def pause(self, seconds: float) -> None:
        """Wait so many of the platform's seconds: until its time was advanced, or they are over."""
        until = self.now() + seconds
        while self.now() < until:  # noqa: ASYNC110  time may be advanced meanwhile
            await asyncio.sleep(min(0.02, until - self.now()))

    @staticmethod
    def encode(body: Json) -> bytes:
        """Write JSON."""
        return json.dumps(body, ensure_ascii=False).encode()

    # people

    def person(self, name: str = "Lan", *, group: bool = False) -> Chat:
        """Return somebody new, or a new group."""
        chat = Chat(secrets.token_hex(10), name, group)
        self.chats[chat.id] = chat
        return chat

    def chat(self, name: str) -> Chat:
        """Find a chat; refuse what is none."""
        found = self.chats.get(name)
        if found is None:
            raise Refused(400, "The chat_id is invalid")
        if found.gone:
            raise Refused(self.switches.gone_code, "The user can't be sent messages")
        return found

    def says(self, chat: Chat, text: str) -> Json:
        """Let somebody write."""
        return self.happens("message.text.received", chat, text=text)

    def shows(self, chat: Chat, photo: str, caption: str = "") -> Json:
        """Let somebody send a picture."""
        more = {"caption": caption} if caption else {}
        return self.happens(
            "message.image.received", chat, message_type="CHAT_PHOTO", **{self.switches.photo_key: photo}, **more
        )

    def speaks(self, chat: Chat, sound: bytes) -> Json:
        """Let somebody send a voice note, which can be fetched from here."""
        return self.happens(
            "message.voice.received", chat, message_type="CHAT_VOICE", voice_url=self.hosted(sound, "audio/aac", "aac")
        )

    def sticks(self, chat: Chat) -> Json:
        """Let somebody send a sticker."""
        url = "https://zalo-api.zadn.vn/api/emoticon/oasticker?eid=7&size=130"
        return self.happens(
            "message.sticker.received", chat, message_type="CHAT_STICKER", sticker="0c1d2e3f405162738495", url=url
        )

    def unsupported(self, chat: Chat) -> Json:
        """Let somebody send what the platform doesn't pass on."""
        if self.switches.unsupported_without_message:
            return self.bring({"event_name": "message.unsupported.received"})
        return self.happens("message.unsupported.received", chat)

    def happens(self, event: str, chat: Chat, **fields: object) -> Json:
        """Let an event happen, as it is delivered."""
        sender = secrets.token_hex(10) if chat.group else chat.id
        message = {
            "message_id": secrets.token_hex(10),
            "date": self.now_ms(),
            "from": {"id": sender, "display_name": chat.name, "is_bot": False},
            "chat": {"id": chat.id, "chat_type": "GROUP" if chat.group else "PRIVATE"},
        }
        return self.bring({"event_name": event, "message": {**message, **fields}})

    def bring(self, update: Json) -> Json:
        """Deliver an update, by the webhook or when it is asked for."""
        if self.hook.url:
            self.hook.deliver(update)
        else:
            self._unread.append(update)
            self._ring()
        return update

    def hosted(self, data: bytes, kind: str, ending: str) -> str:
        """Put a file where it can be fetched; return its address."""
        name = f"{secrets.token_hex(8)}.{ending}"
        self.media[name] = kind, data
        return f"{self.base}/media/{name}"

    # what is sent

    def receipt(self) -> Json:
        """Return what every send returns."""
        return {"message_id": secrets.token_hex(10), "date": self.now_ms()}

    def sent(self, method: str, given: Json) -> Json:
        """Show something in a chat; refuse it where the month's number is used up."""
        chat = self.chat(given["chat_id"])
        month = f"{datetime.fromtimestamp(self.now(), UTC) + VIETNAM:%Y-%m}"
        used = self._sends.get(month, 0)
        if self.switches.monthly_messages and used >= self.switches.monthly_messages:
            raise Refused(429, "Quota exceeded")
        self._sends[month] = used + 1
        made = self.receipt()
        chat.shown.append({"method": method, **given, **made})
        self._ring()
        return made

    def fetch_voice(self, url: str) -> None:
        """Fetch a clip as the platform does, aside."""

        async def fetch() -> None:
            try:
                found = await self._fetcher.get(url)
                self.fetched.append((url, found.status_code, found.headers.get("content-type", ""), found.content))
            except httpx.HTTPError:
                self.fetched.append((url, 0, "", b""))
            self._ring()

        task = asyncio.create_task(fetch())
        self._fetching.add(task)
        task.add_done_callback(self._fetching.discard)

    async def next_update(self, seconds: float) -> Json | None:
        """Wait for an update that wasn't read; one that was comes again where the queue replays."""
        self.polls.append(time.monotonic())
        until = asyncio.get_running_loop().time() + seconds
        while not self._unread:
            if self.switches.queue == "replay" and self._read:
                self._read.rotate(-1)
                return self._read[-1]
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                return None
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                return None
        update = self._unread.popleft()
        self._read.append(update)
        return update

    # looking on

    async def until(self, is_so: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait until something is so. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not is_so():
                self._changed.clear()
                try:
                    await asyncio.wait_for(self._changed.wait(), 0.05)
                except TimeoutError:
                    continue

    async def answer(self, chat: Chat, text: str, number: int = 1) -> str:
        """Let somebody write; return what came then, as soon as so many messages came."""
        before = len(chat.texts)
        self.says(chat, text)
        await self.until(lambda: len(chat.texts) >= before + number)
        return "\n\n".join(chat.texts[before:])

    def _ring(self) -> None:
        self._changed.set()

    async def close(self) -> None:
        """Deliver no more."""
        await self.hook.close()
        for task in self._fetching:
            task.cancel()
        await asyncio.gather(*self._fetching, return_exceptions=True)
        await self._fetcher.aclose()
