"""People who have Zalo: what they do, and what they see."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zalo_oa_emulator.clock import until
from zalo_oa_emulator.refused import Json

if TYPE_CHECKING:
    from zalo_oa_emulator.emulator import Emulator

WINDOW_SECONDS = 7 * 86_400
FREE_SECONDS = 48 * 3600


@dataclass
class Message:
    """What somebody got from the Official Account."""

    id: str
    text: str
    buttons: list[Json] = field(default_factory=list)
    attachment: Json | None = None
    billed: bool = False

    def button(self, title: str) -> Json:
        """Return the button whose title begins so."""
        found = [button for button in self.buttons if button["title"].startswith(title)]
        assert found, f"no button begins with {title!r}; there are {[each['title'] for each in self.buttons]}"
        return found[0]


class Person:
    """One of them. `sees` is what came from the Official Account, oldest first."""

    def __init__(self, zalo: "Emulator", number: int, name: str) -> None:
        self._zalo = zalo
        self.name = name
        self.id = str(5_120_000_000_000_000_000 + number)
        self.id_by_app = str(7_300_000_000_000_000_000 + number)
        self.follows_it = False
        self.banned = self.refuses = False
        self.last: float | None = None  # when they last did something that opens the window
        self.sees: list[Message] = []
        self.said: list[str] = []  # what is to be seen of theirs in the chat
        self.reactions: list[str] = []
        self._read = 0

    async def hears(self, number: int) -> list[Message]:
        """Wait for so many more messages, and return them; fails where more have come."""
        wanted = self._read + number
        await until(lambda: len(self.sees) >= wanted, lambda: f"message {wanted} to {self.name}: {self._texts()}")
        assert len(self.sees) == wanted, self._texts()
        self._read = wanted
        return self.sees[-number:] if number else []

    def _texts(self) -> list[str]:
        return [message.text for message in self.sees[self._read :]]

    async def types(self, text: str) -> Json:
        self.said.append(text)
        return await self._sends("user_send_text", {"text": text})

    async def taps(self, title: str, message: Message | None = None) -> Json | None:
        """Press a button of the newest message that has some, or of this one."""
        message = message or next(each for each in reversed(self.sees) if each.buttons)
        button = message.button(title)
        if button["type"] == "oa.query.hide":
            return await self._sends("user_send_text", {"text": button["payload"]}) if self._hidden() else None
        assert button["type"] == "oa.query.show"
        return await self.types(button["payload"])

    def _hidden(self) -> bool:
        return self._zalo.switches.hidden_taps

    async def follows(self) -> Json:
        self.follows_it, self.last = True, self._zalo.clock.now()
        return await self._changes("follow", source="oa_profile")

    async def unfollows(self) -> Json:
        self.follows_it = False
        return await self._changes("unfollow", source="zalo")

    async def records(self, url: str, *, as_file: bool = False) -> Json:
        if as_file:
            payload = {"url": url, "name": "ghi-am.m4a", "size": "30000", "type": "audio/x-m4a", "checksum": "ab"}
            return await self._attaches("user_send_file", "file", payload)
        return await self._attaches("user_send_audio", "audio", {"url": url})

    async def sends(self, kind: str, **payload: Any) -> Json:
        """Send a picture (`image`), a `sticker`, a `file`, a `location`, a `video`, a `gif`, a `link`."""
        return await self._attaches(f"user_send_{kind}", kind, payload)

    async def _attaches(self, name: str, kind: str, payload: Json) -> Json:
        return await self._sends(name, {"attachments": [{"type": kind, "payload": payload}]})

    async def _sends(self, name: str, message: Json) -> Json:
        self.last = self._zalo.clock.now()
        outer = {"sender": {"id": self.id}, "recipient": {"id": self._zalo.oa_id}}
        message = {"msg_id": self._zalo.new_id(), **message}
        return await self._zalo.happened(name, {**outer, "message": message}, self)

    async def _changes(self, name: str, **more: str) -> Json:
        return await self._zalo.happened(name, {"oa_id": self._zalo.oa_id, "follower": {"id": self.id}, **more}, self)
