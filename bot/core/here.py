"""Where a learner is: what every view of the talk gets, and what it gives back."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Protocol

import msgspec

from bot.core.crew import Member
from bot.core.lesson import Lesson, Picture
from bot.core.library import Library
from bot.core.paths import LearningPath
from bot.core.phrases import Says
from bot.core.progress import Progress
from bot.core.turn import NOTHING_INSTEAD, Button, Moment, Record, Wish
from bot.core.understand import Offer, offer
from bot.core.wording import words


class Here(msgspec.Struct, frozen=True):
    """One learner at one moment, with all that can be taught."""

    library: Library
    progress: Progress
    now: Moment

    @property
    def says(self) -> Says:
        """The bot's sentences in the learner's language."""
        return self.library.says(self.progress.lang)

    @property
    def lesson(self) -> Lesson | None:
        """The lesson the learner is in, in their language."""
        return self.library.lesson(self.progress.lesson, self.progress.lang)

    @property
    def path(self) -> LearningPath | None:
        """The learning path the learner follows, in their language."""
        return self.library.path(self.progress.path, self.progress.lang)

    @property
    def member(self) -> Member | None:
        """Whom of the office the learner is, if they are."""
        badge = self.progress.badge
        return self.now.crew.get(badge) if badge else None

    def following(self, after: str = "") -> str | None:
        """Return the key of the lesson that comes next for this learner."""
        return self.library.following(self.progress.done, after, self.progress.path)

    def say(self, text: str, /, **slots: object) -> str:
        """Return the text as this learner is addressed, with the placeholders filled."""
        if "{" not in text:
            return text
        if not slots:
            return self.library.addressed(text, self.progress.lang, self.progress.address)
        return text.format_map({**words(self.progress.lang, self.progress.address), **slots})

    def wordings(self, *codes: str) -> dict[str, tuple[str, ...]]:
        """Return further wordings of the bot's own buttons, in all languages, as `Screen.also` takes them."""
        return {code: self.library.wordings(code) for code in codes}

    def with_(self, **changes: Any) -> Progress:  # noqa: ANN401  fields of Progress, of several types
        """Return the progress with some fields changed; what the last answer came to is no longer said."""
        return msgspec.structs.replace(self.progress, **{"note": (), **changes})


class Screen(msgspec.Struct, frozen=True, dict=True):
    """What a view shows, and what may be meant there."""

    text: str
    buttons: tuple[Button, ...]
    heading: str = ""
    step: int = 0
    steps: int = 0
    picture: Picture | None = None
    careful: bool = False  # no near miss is taken for an answer
    forward: str = ""  # code of the button that `tiếp` means
    backward: str = ""  # code of the button that `quay lại` means
    also: Mapping[str, tuple[str, ...]] = {}  # further wordings, by code
    titles: bool = False  # any lesson may be asked for by its title
    export: str = ""
    said: str = ""  # what a voice says in place of the text, where that holds names; empty: the text
    reads: bool = False  # a voice note is asked for that is to be kept (`Reply.reads`)
    takes: bool = False  # what is typed here goes to the view first (`Taking`)

    def named(self, codes: Iterable[str]) -> list[str]:
        """Return the number and label of each of these buttons that is here."""
        names = {button.code: f"{number}. {button.label}" for number, button in enumerate(self.buttons, 1)}
        return [names[code] for code in codes if code in names]

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The buttons, under all their wordings."""
        return tuple(offer(each.code, (each.label, *self.also.get(each.code, ()))) for each in self.buttons)


class Picked(msgspec.Struct, frozen=True):
    """What picking a button comes to. `notes` are said once; what must be said again rides in the progress."""

    progress: Progress
    records: tuple[Record, ...] = ()
    notes: tuple[str, ...] = ()
    forget: bool = False
    aloud: bool = False  # the learner wants to hear it this once
    wish: Wish | None = None
    instead: Mapping[str, str] = NOTHING_INSTEAD  # notes that no voice may say, and what it says for them


class View(Protocol):
    """A place of the talk. `of` is what stands behind the colon of its name: `course:an-toan`."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        """Return what is shown; None when that place is gone."""

    def pick(self, here: Here, of: str, code: str, /) -> Picked:
        """Return what picking this button of `show` comes to."""


class Taking(Protocol):
    """A view that asks for words of the learner's own: a code, a name."""

    def take(self, here: Here, of: str, text: str, /) -> Picked | None:
        """Return what the words come to; None where they are none of those that were asked for."""
