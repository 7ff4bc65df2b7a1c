"""One turn: what a learner did, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from bot.core.crew import NOBODY, Crew
from bot.core.lesson import Picture
from bot.core.progress import Progress

PART = 1_000_000  # a reply's turn may lie so much higher, or many times so much: then the rest counts the turns


class Opened(msgspec.Struct, frozen=True):
    """The learner came: opened the page, said hello, followed a link to a lesson (its id or key) or a team (`to_…`)."""

    lesson: str = ""


class Tapped(msgspec.Struct, frozen=True):
    """The learner pressed a button that was drawn on a turn."""

    turn: int
    code: str


class Typed(msgspec.Struct, frozen=True):
    """The learner typed something. It is understood and forgotten."""

    text: str


class Spoke(msgspec.Struct, frozen=True):
    """The learner said something. It is understood like what is typed, and forgotten.

    Where it is not `certain` that these were the words, they pick nothing: they are asked back.
    """

    text: str
    certain: bool


Why = Literal["too long", "too short", "silent", "not audio", "busy", "no ear"]


class Unheard(msgspec.Struct, frozen=True):
    """The learner said something, and no words came of it."""

    why: Why


class Read(msgspec.Struct, frozen=True):
    """A volunteer read the text with this hash aloud; `why` it must be read again, empty where it waits for an editor.

    The sound is kept where it is to wait, and never comes into a turn.
    """

    mark: str
    why: str = ""


class Sent(msgspec.Struct, frozen=True):
    """The learner sent something that is no words: a picture, a sticker. It is not looked at."""


class Blocked(msgspec.Struct, frozen=True):
    """The learner shut the bot out on their channel (`away`), or let it in again."""

    away: bool


class Asked(msgspec.Struct, frozen=True):
    """The learner used a global word by a command or a fixed button (names: `phrases.Words`)."""

    word: str


Event = Opened | Tapped | Typed | Spoke | Unheard | Asked | Sent | Blocked | Read


class Person(msgspec.Struct, frozen=True):
    """Somebody who learns on an account."""

    name: str = ""  # empty: they are called by their number
    locked: bool = False  # by a PIN


class Around(msgspec.Struct, frozen=True):
    """Who else learns on the learner's account, and on how many accounts the learner learns."""

    people: tuple[Person, ...] = (Person(),)
    current: int = 0
    accounts: int = 1


ALONE = Around()


class Moment(msgspec.Struct, frozen=True):
    """When a turn happens, and its chance: the core has neither a clock nor dice. And who is around."""

    at: datetime  # aware, UTC
    chance: str = ""  # letters and digits nobody can foresee; becomes a receipt
    order: int = 0  # of the update among its channel's, where the channel counts them; 0: it doesn't
    around: Around = ALONE
    crew: Crew = NOBODY  # people of the office who are known in the chat

    @property
    def minute(self) -> int:
        """Minutes since 1970-01-01."""
        return int(self.at.timestamp()) // 60

    @property
    def day(self) -> int:
        """Days since 1970-01-01, in Vietnam (UTC+7), where a day ends for the learner."""
        return (int(self.at.timestamp()) + 7 * 3600) // 86400


class Button(msgspec.Struct, frozen=True):
    """Something to pick. Its number is its place in the row, from 1."""

    code: str
    label: str


NOTHING_INSTEAD: Mapping[str, str] = MappingProxyType({})


class Reply(msgspec.Struct, frozen=True):
    """What to show and say, in this order: the notes, the heading, the text, the buttons.

    Texts may hold `**bold**`, nothing else. The reply shows where the learner stands, whatever
    they did, so it may always be sent again.
    """

    turn: int
    lang: str
    text: str
    buttons: tuple[Button, ...] = ()
    notes: tuple[str, ...] = ()
    heading: str = ""  # e.g. "Bước 2 trên 7"
    step: int = 0  # of `steps`, from 1; 0 outside a lesson
    steps: int = 0
    picture: Picture | None = None
    export: str = ""  # JSON of all that is kept, when the learner asked for it
    aloud: bool = False  # it is to be heard too: the learner listens, or asked for it just now
    slow: bool = False  # spoken slowly
    hear_label: str = ""  # of a button that has it said aloud; empty where it is anyway
    saver: bool = False  # the learner saves data: say how large a clip is before it is fetched
    listens: bool = False  # the learner would rather listen: whole words, few keys, in fixed places
    turned_to_reading: bool = False  # by this very turn: keys for listening are to be taken away
    reads: bool = False  # it asks a volunteer for a voice note: a page shows its recorder whatever hears
    secret: bool = False  # what was typed or said held a secret: hide it, delete it where that can be done
    instead: Mapping[str, str] = NOTHING_INSTEAD  # notes, the text: what a voice, perhaps an online one, says for them
    whose: str = ""  # the first note tells whose turn it is, by name: this is what a voice says in its place
    failed: bool = False  # nothing could be saved; the same update should be sent again


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """What may be counted, and with all the others tells the progress again (`rebuild`)."""

    kind: str  # agreed, set, began, reached, answered, did, differed, stuck, postponed, reacted, finished, ...
    lesson: str = ""  # key
    step: str = ""
    choice: str = ""  # code of a choice, or the value of a setting
    right: bool | None = None
    first: bool | None = None  # whether it was the first try
    assisted: bool = False  # a helper sat beside the learner


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One turn's records as the journal keeps them."""

    turn: int
    minute: int
    day: int
    records: tuple[Record, ...]
    version: int = 1


AccountWish = Literal["code", "join", "leave", "add", "name", "turn", "lock", "remove"]
OfficeWish = Literal["invited", "accept", "office", "group", "read", "unread"]


class Wish(msgspec.Struct, frozen=True):
    """What a learner wants that is no affair of theirs alone: it changes accounts, or asks the office."""

    kind: AccountWish | OfficeWish
    text: str = ""  # a code, a name or a PIN; of an invitation its mark
    number: int = 0  # of a person in `Around.people`; of a badge


class Turn(msgspec.Struct, frozen=True):
    """What came of one event. `progress` is the one given when nothing is to be saved."""

    progress: Progress
    reply: Reply
    records: tuple[Record, ...] = ()
    forget: bool = False  # strike all earlier records, and keep this progress only for an hour
    wish: Wish | None = None  # to be granted first; a code for which comes as the chance of a second try


def to_json(value: Any) -> str:  # noqa: ANN401  anything msgspec can write
    """Return readable JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
