"""What the server keeps for each bot."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telegram_emulator.chats import Chat, Reach
from telegram_emulator.clock import Bell, Clock
from telegram_emulator.files import Shelf
from telegram_emulator.refused import Json, unlucky
from telegram_emulator.schema import published
from telegram_emulator.updates import Update, Updates

if TYPE_CHECKING:
    from telegram_emulator.hook import Hook


@dataclass(eq=False)
class Bot:
    """One bot: its chats, files, updates, webhook and what it says about itself."""

    token: str
    first_name: str
    username: str
    clock: Clock
    bell: Bell
    reads_all: bool = False  # privacy mode off: hears all that is said in groups
    chats: dict[int, Chat] = field(default_factory=dict)
    taps: dict[str, Update] = field(default_factory=dict)  # callback query id -> update, until answered
    profile: dict[tuple[str, str], str] = field(default_factory=dict)  # (name | description | ..., language) -> text
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # (scope, language) -> commands
    hook: "Hook | None" = None
    hook_error: tuple[int, str] | None = None

    def __post_init__(self) -> None:
        self.files = Shelf(self.token)
        self.updates = Updates(self.clock, self.bell)

    @property
    def id(self) -> int:
        return int(self.token.partition(":")[0])

    @property
    def json(self) -> Json:
        name = self.profile.get(("name", ""), self.first_name)
        return {"id": self.id, "is_bot": True, "first_name": name, "username": self.username}

    @property
    def me(self) -> Json:
        """Answer getMe."""
        can = {"can_join_groups": True, "can_read_all_group_messages": self.reads_all}
        return {**self.json, **can, "supports_inline_queries": False, "can_connect_to_business": False}

    def chat(self, chat_id: object, *, write: bool = True) -> Chat:
        """Return the chat a call names; refuse if it is none, or closed to the bot."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or chat.reach is Reach.UNKNOWN:
            raise unlucky("chat not found")
        if write:
            chat.open_for_bot()
        return chat

    def new_update(self, kind: str, body: Json, chat: Chat, person_id: int) -> Update:
        """Queue an update: taps go by person, all else by chat."""
        published().shown(["Update"], {"update_id": 1, kind: body})
        update = self.updates.add(kind, body, person_id if kind == "callback_query" else chat.id)
        if self.hook:
            self.hook.look()
        return update
