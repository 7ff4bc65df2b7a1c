"""Talks that an editor wrote down beside a lesson: what a learner does, and what they must hear then.

A talk is played with the learner's own core, on the day on which the lesson was last checked: its
result depends on nothing but the files.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self, get_args

import msgspec
from pydantic import AfterValidator, Field, model_validator

from bot.core.lesson import Items, Lesson
from bot.core.library import FIRST, Library
from bot.core.problem import Problem, near
from bot.core.progress import Progress, Spot
from bot.core.spoken import spoken
from bot.core.talk import take_turn
from bot.core.turn import Event, Moment, Opened, Reply, Tapped, Typed
from bot.core.wording import plain
from bot.core.yaml_file import FileModel, Loc, Source, check, fault, parse
from bot.core.yaml_text import decoded

ENDING = ".talk.yaml"  # behind the lesson's id
MAX_TALKS = 40
MAX_TURNS = 100
SHOWN = 300  # characters of what was heard that a sentence has room for

Kind = Literal["reading", "listening", "numbers"]  # of learner: how they take in what is said
KINDS: tuple[Kind, ...] = get_args(Kind)


def _check_words(text: str) -> str:
    if not text.strip():
        raise fault("empty-text")
    return text


Words = Annotated[str, AfterValidator(_check_words)]


class Exchange(FileModel):
    """One thing that the learner does, and pieces of what they hear then."""

    types: Words | None = None
    taps: Words | None = None  # a button's label, or its number from 1
    hears: Annotated[Items[Words], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if (self.types is None) == (self.taps is None):
            raise fault("talk-one-deed")
        return self

    @property
    def deed(self) -> str:
        """What the learner typed or tapped."""
        return self.types or self.taps or ""


class Talk(FileModel):
    """A learner comes to the lesson, or to one of its steps, and does one thing after the other."""

    name: Words
    learner: Kind = "reading"
    lang: str = FIRST
    step: str | None = None  # where they come in; else at the first
    hears: Items[Words] = ()  # when they come
    turns: Annotated[Items[Exchange], Field(min_length=1, max_length=MAX_TURNS)]


class TalkFile(FileModel):
    """What a file of talks holds."""

    format: Literal[1]
    talks: Annotated[Items[Talk], Field(min_length=1, max_length=MAX_TALKS)]


def moment_of(lesson: Lesson) -> Moment:
    """Return when talks of this lesson take place: the day on which it was last checked."""
    return Moment(dt.datetime.combine(lesson.checked, dt.time(3), dt.UTC))


def arriving(lesson: Lesson, kind: Kind, lang: str, step: str | None, now: Moment) -> Progress:
    """Return someone who agreed and has done nothing yet; `Opened(lesson.key)` brings them in, at the step if named."""
    spots = {lesson.key: Spot(step)} if step else {}
    listens = kind == "listening"
    return Progress(minute=now.minute, agreed=now.day, lang=lang, listens=listens, place="menu", spots=spots)


def heard(reply: Reply, library: Library, kind: Kind) -> tuple[str, ...]:
    """Return all that such a learner takes in, piece by piece: what is said aloud, or to be read, or both if asked."""
    if kind == "listening":
        return spoken(reply, library)
    picture = (reply.picture.told,) if reply.picture and kind == "reading" else ()
    labels = (
        f"{number}. {button.label}" if kind == "numbers" else button.label
        for number, button in enumerate(reply.buttons, 1)
    )
    parts = (*reply.notes, reply.heading, reply.text, *picture, *labels)
    read = tuple(_in_one_line(plain(part)) for part in parts if part)
    return (*read, *spoken(reply, library)) if reply.aloud else read


def played(data: bytes, path: str, lesson: Lesson | None, library: Library) -> Iterator[Problem]:
    """Read a file of talks and play them with its lesson, unless that can't be taught.

    Tells all that is wrong with the file, or where what is heard differs. A talk ends at its first turn that does.
    """
    text = decoded(data, path)
    source = text if isinstance(text, list) else parse(text, path)
    file = source if isinstance(source, list) else check(TalkFile, source)
    if isinstance(source, list) or isinstance(file, list):
        yield from file if isinstance(file, list) else ()
        return
    for number, talk in enumerate(file.talks):
        if lesson:
            yield from _played(talk, ("talks", number), source, lesson, library)


def _played(talk: Talk, loc: Loc, source: Source, lesson: Lesson, library: Library) -> Iterator[Problem]:
    if talk.lang not in library.phrases:
        known = near(talk.lang, library.phrases)
        yield source.problem((*loc, "lang"), "unknown-language", lang=talk.lang, near=known)
        return
    if talk.step is not None and talk.step not in lesson.index:
        known = near(talk.step, lesson.index)
        yield source.problem((*loc, "step"), "unknown-step", name=talk.step, near=known)
        return
    now = moment_of(lesson)
    progress = arriving(lesson, talk.learner, talk.lang, talk.step, now)
    turn = take_turn(library, progress, Opened(lesson.key), now)
    missed = list(_missed(talk.hears, (*loc, "hears"), source, heard(turn.reply, library, talk.learner)))
    for number, exchange in enumerate(talk.turns):
        if missed:
            break
        place = (*loc, "turns", number)
        event = _event(exchange, turn.reply)
        if event is None:
            labels = [plain(button.label) for button in turn.reply.buttons]
            known = near(exchange.deed, labels)
            missed = [source.problem((*place, "taps"), "talk-no-button", label=exchange.deed, near=known)]
            break
        turn = take_turn(library, turn.progress, event, now)
        missed = list(_missed(exchange.hears, (*place, "hears"), source, heard(turn.reply, library, talk.learner)))
    yield from missed


def _event(exchange: Exchange, reply: Reply) -> Event | None:
    """Return what the learner does; None where there is no such button."""
    if exchange.types is not None:
        return Typed(exchange.types)
    label = _in_one_line(exchange.deed)
    for number, button in enumerate(reply.buttons, 1):
        if label in {str(number), _in_one_line(plain(button.label))}:
            return Tapped(reply.turn, button.code)
    return None


def _missed(wanted: Sequence[str], loc: Loc, source: Source, parts: Sequence[str]) -> Iterator[Problem]:
    whole = _in_one_line(" ".join(parts))
    for number, words in enumerate(wanted):
        if _in_one_line(words) not in whole:
            shown = whole if len(whole) <= SHOWN else f"{whole[:SHOWN]}…"
            yield source.problem((*loc, number), "talk-differs", wanted=_in_one_line(words), heard=shown)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def written(deeds: Sequence[tuple[str, Reply]], library: Library, talk: Talk) -> dict[str, object]:
    """Return a file's plain data: this talk with what was typed, and all that was heard but the buttons.

    The first deed is the coming, and nothing is typed there. Of `talk` all but the turns is kept.
    """

    def words(reply: Reply) -> list[str]:
        return list(heard(msgspec.structs.replace(reply, buttons=()), library, talk.learner))

    (_, first), *rest = deeds
    head = talk.model_dump(include={"name", "learner", "lang", "step"}, exclude_none=True)
    turns = [{"types": deed, "hears": words(reply)} for deed, reply in rest]
    return {"format": 1, "talks": [{**head, "hears": words(first), "turns": turns}]}
