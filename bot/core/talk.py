"""The talk: one event of a learner -> their new progress, what to show, what to record.

Total: whatever a learner does is answered, and the reply always shows where they are. The screen
is a function of the progress alone, so it may be shown again at any time. Only notes that tell of
nothing saved (a late button, words not understood) belong to one reply.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from bot.core import (
    asides,
    beside,
    called,
    hearing,
    invited,
    joining,
    menu,
    people,
    reading,
    settings,
    sharing,
    teach,
    tending,
    welcome,
)
from bot.core.chat_code import is_meant, may_be_code
from bot.core.fold import fold
from bot.core.here import Here, Picked, Screen, Taking, View
from bot.core.library import Library
from bot.core.privacy import Secret, find_secret
from bot.core.progress import SEEN, Progress
from bot.core.replying import reply_of
from bot.core.settle import Settled, arrive, settle
from bot.core.shown import mark
from bot.core.turn import (
    Asked,
    Blocked,
    Event,
    Moment,
    Opened,
    Read,
    Record,
    Reply,
    Sent,
    Spoke,
    Tapped,
    Turn,
    Typed,
    Unheard,
)
from bot.core.understand import MAX_READ, NOTHING_HIDDEN, Chosen, Empty, Meaning, TooLong, Unclear, Word, understand
from bot.core.words import Pick, followed, greeting, say_word

_PLACES: dict[str, View] = {
    "welcome": welcome.Welcome(),
    "address": welcome.Address(),
    "manner": welcome.Manner(),
    "paths": welcome.ChoosePath(),
    "menu": menu.Menu(),
    "courses": menu.Courses(),
    "course": menu.InCourse(),
    "path": menu.InPath(),
    "lesson": teach.InLesson(),
    "finish": teach.Finish(),
    "gone": settings.Gone(),
}
_ASIDES: dict[str, View] = {
    "urgent": asides.Urgent(),
    "help": asides.Help(),
    "paused": asides.Paused(),
    "back": asides.LookBack(),
    "settings": settings.Settings(),
    "call": settings.Call(),
    "paths": settings.Paths(),
    "data": settings.Data(),
    "delete": settings.Delete(),
    "elsewhere": sharing.Elsewhere(),
    "code": sharing.Code(),
    "enter": sharing.Enter(),
    "leave": sharing.Leave(),
    "people": people.People(),
    "mine": people.Mine(),
    "name": people.Name(),
    "lock": people.Lock(),
    "pin": people.Lock(),
    "remove": people.Remove(),
    "join": joining.Join(),
    "team": joining.Team(),
    "called": called.Called(),
    reading.AGREE: reading.Agree(),
    reading.READ: reading.Reading(),
    reading.ERASE: reading.Erase(),
    invited.NOTE: invited.Invited(),
    "group": tending.Tending(),
}
_TAKES: dict[str, Taking] = {
    "enter": sharing.Enter(),
    "name": people.Name(),
    "lock": people.Lock(),
    "pin": people.Lock(),
    "called": called.Called(),
}

FAR_BEHIND = 10_000_000  # updates; a province sends fewer in a day
LONGEST_WAY = 2 * 24 * 60  # minutes; a channel gives an update up after a day
AWAY = 30  # minutes after which an opened page greets
# Global words that are obeyed even if they may not have been said: they answer, set and leave nothing.
_HARMLESS = {"urgent", "again", "help", "stop", "back", "hello", "thanks"}


def take_turn(library: Library, progress: Progress, event: Event, now: Moment, seen: int | None = None) -> Turn:
    """Move one learner on by one event. Total: nothing a learner does raises.

    `seen` marks the update (`progress.mark_of`); when an update with a mark that the progress
    knows comes again, call `show` instead. What is saved has a turn number higher by one.
    """
    settled = settle(library, beside.ended(progress, now) if progress.also else progress)
    stands = _standing(Here(library, settled.progress, now))
    here = stands.here
    if isinstance(event, Tapped) and event.turn != progress.turns:
        late = here.say(here.says.late)
        return Turn(progress, reply_of(stands.here, stands.screen, (late, *teach.notes_of(here))))
    reads = reading.asked(here, event.text) if progress.badge and isinstance(event, Typed) else None
    secret = find_secret(event.text) if isinstance(event, Typed | Spoke) else None
    passed = _overtaken(progress, now)
    asked_for = secret or stands.screen.takes or (isinstance(event, Typed) and may_be_code(event.text))
    picked = reads or (_taken(stands, event) if asked_for and not passed else None)
    if picked:
        secret = None
    else:
        picked = _warned(here, secret, event) if secret else _picked(stands, event, settled, late=passed)
    if picked.progress.away and not isinstance(event, Blocked):  # whoever speaks can be reached again
        picked = msgspec.structs.replace(picked, progress=msgspec.structs.replace(picked.progress, away=False))
    stays = here.progress.place == settled.progress.place  # else what they were shown is there no longer
    if picked.progress == here.progress and stays and not settled.why:
        notes = picked.notes or teach.notes_of(here)
        reply = reply_of(
            stands.here, stands.screen, notes, secret=bool(secret), aloud=picked.aloud, instead=picked.instead
        )
        return Turn(progress, reply, wish=picked.wish)
    marks = picked.progress.seen if seen is None else (*picked.progress.seen, seen)[-SEEN:]
    order = progress.order if passed else now.order or progress.order
    picked = _settled(here, settled, picked)
    records = beside.marked(picked.records) if here.progress.beside else picked.records
    changed = msgspec.structs.replace(
        picked.progress,
        turns=progress.turns + 1,
        minute=now.minute,
        seen=marks,
        order=order,
        shown=mark(library, picked.progress),
    )
    after = _standing(Here(library, changed, now))
    again = teach.notes_of(after.here)
    notes = (*(note for note in picked.notes if note not in again), *again)
    reply = reply_of(after.here, after.screen, notes, secret=bool(secret), aloud=picked.aloud, instead=picked.instead)
    if progress.listens and not changed.listens:
        reply = msgspec.structs.replace(reply, turned_to_reading=True)
    return Turn(changed, reply, records, picked.forget, picked.wish)


def show(library: Library, progress: Progress, now: Moment, *, greet: bool = False) -> Reply:
    """Show where a learner is, with what their last answer came to. Changes nothing."""
    there = beside.ended(progress, now) if progress.also else progress
    stands = _standing(Here(library, settle(library, there).progress, now))
    away = now.minute - progress.minute > AWAY
    notes = greeting(stands.here) if greet and progress.agreed and away else ()
    return reply_of(stands.here, stands.screen, (*notes, *teach.notes_of(stands.here)))


def trouble(library: Library, progress: Progress | None, lang: str) -> Reply:
    """Say that nothing could be saved, and that it should be sent again."""
    here = Here(library, progress or Progress(lang=lang), Moment(datetime.fromtimestamp(0, UTC)))
    return Reply(here.progress.turns, here.progress.lang, here.say(here.says.trouble), failed=True)


class _Stands(msgspec.Struct, frozen=True):
    """A learner in front of a view, with what it shows them."""

    here: Here
    screen: Screen
    view: View
    of: str

    def pick(self, code: str) -> Picked:
        return self.view.pick(self.here, self.of, code)


def _standing(here: Here) -> _Stands:
    """Find the view the learner sees; a place the library no longer has gives way to the menu."""
    progress = here.progress
    if progress.aside:
        if found := _shown(here, _ASIDES, progress.aside):
            return found
        here = Here(here.library, msgspec.structs.replace(progress, aside=""), here.now)
    if found := _shown(here, _PLACES, progress.place):
        return found
    lost = msgspec.structs.replace(progress, place="menu", aside="", lesson="", note=("gone",))
    found = _shown(Here(here.library, lost, here.now), _PLACES, lost.place)
    assert found, "the menu shows always"  # noqa: S101
    return found


def _shown(here: Here, views: Mapping[str, View], place: str) -> _Stands | None:
    name, _, of = place.partition(":")
    view = views.get(name)
    screen = view.show(here, of) if view else None
    return _Stands(here, screen, view, of) if view and screen else None


def _overtaken(progress: Progress, now: Moment) -> bool:
    """Whether the update was sent before one that was already counted, so it answers no step shown since.

    Numbers that lie far apart are of another count: Telegram begins anew after a quiet week.
    """
    behind = progress.order - now.order
    return bool(now.order) and 0 < behind < FAR_BEHIND and now.minute - progress.minute < LONGEST_WAY


def _settled(here: Here, settled: Settled, picked: Picked) -> Picked:
    """Add to what was picked what becomes of someone inside a lesson that changed, and the word about it."""
    progress, records = picked.progress, picked.records
    if picked.forget:
        return picked
    if settled.why:
        records = (_record(settled), *records)
        here_still = (progress.place, progress.lesson) == (here.progress.place, here.progress.lesson)
        if here_still and progress.note in {(), ("resumed",)}:
            progress = msgspec.structs.replace(progress, note=(settled.why,))
    if progress.place == "lesson" and (progress.place, progress.lesson) != (here.progress.place, here.progress.lesson):
        arrived = arrive(here.library, progress)
        progress = arrived.progress
        records = (*records, _record(arrived)) if arrived.why else records
    return msgspec.structs.replace(picked, progress=progress, records=records)


def _record(settled: Settled) -> Record:
    key = settled.progress.lesson
    return Record(settled.why, key, settled.progress.spots[key].step)


def _picked(  # noqa: PLR0911  one for each kind of event
    stands: _Stands, event: Event, settled: Settled, *, late: bool
) -> Picked:
    here = stands.here
    # Where the lesson moved, an answer was to something that is no longer there.
    lost = bool(settled.why) and not here.progress.aside
    match event:
        case Tapped(_, code):
            known = not lost and any(code == button.code for button in stands.screen.buttons)
            told = () if settled.why == "altered" else (here.say(here.says.late),)
            return stands.pick(code) if known else Picked(here.progress, notes=told)
        case Typed() | Spoke():
            asked = joining.typed(here, event.text)
            if asked and late:
                asked = Picked(here.progress, notes=(here.say(here.says.late_words),))
            return asked or _said(stands, event, lost=lost, late=late)
        case Asked(word):
            return say_word(here, stands.screen, word, _pick(stands, lost=lost))
        case Opened(lesson):
            return followed(here, lesson)
        case Sent() | Unheard():
            said = hearing.unheard(here, event.why) if isinstance(event, Unheard) else (here.say(here.says.no_words),)
            return Picked(here.progress, notes=said)
        case Read():
            return reading.read(here, event)
        case Blocked(away):
            return Picked(msgspec.structs.replace(here.progress, away=away))


def _taken(stands: _Stands, event: Event) -> Picked | None:
    """Take words of the learner's own where they are asked for, and a code anywhere."""
    if not isinstance(event, Typed) and not (isinstance(event, Spoke) and event.certain):
        return None
    if isinstance(event, Typed) and is_meant(event.text):
        return invited.take_up(stands.here, event.text)
    if asked := joining.typed(stands.here, event.text):
        return asked  # nobody is called `sen vàng 27`
    view = _TAKES.get(stands.here.progress.aside.partition(":")[0]) if stands.screen.takes else None
    taken = view.take(stands.here, stands.of, event.text) if view else None
    return taken or sharing.joining(stands.here, event.text)


def _warned(here: Here, secret: Secret, event: Event) -> Picked:
    """Warn of a secret; whoever types one while being asked for it right now hears the three actions too."""
    says = here.says
    notes = {
        "card": says.secret_card,
        "citizen": says.secret_citizen,
        "phone": says.secret_phone,
        "code": says.secret_code,
    }
    warning = (here.say(notes[secret]),)
    if isinstance(event, Typed | Spoke) and here.library.vocabulary.alarms(fold(event.text[:MAX_READ])):
        danger = asides.urgent(here)
        return Picked(danger.progress, danger.records, warning)
    return Picked(here.progress, notes=warning)


def _said(stands: _Stands, event: Typed | Spoke, *, lost: bool, late: bool) -> Picked:
    """Do what the words mean, or ask back. Words that may not have been said pick nothing, whatever they mean."""
    here, screen = stands.here, stands.screen
    certain = isinstance(event, Typed) or event.certain
    match _understood(stands, event.text):
        case Chosen() | Word() as meant if late and not (isinstance(meant, Word) and meant.name in _HARMLESS):
            return Picked(here.progress, notes=(here.say(here.says.late_words),))
        case Chosen(code) if certain:
            return _pick(stands, lost=lost)(code)
        case Word(name) if certain or name in _HARMLESS:
            return say_word(here, screen, name, _pick(stands, lost=lost))
        case meaning:
            said = _unclear if isinstance(event, Typed) else hearing.asked_back
            note = joining.mistyped(here, event.text) or said(here, screen, meaning)
            return Picked(here.progress, notes=(note,))


def _pick(stands: _Stands, *, lost: bool) -> Pick:
    """Return what picks a button of the screen; nothing is picked on one that the learner hasn't seen."""
    return (lambda _code: Picked(stands.here.progress)) if lost else stands.pick


def _understood(stands: _Stands, text: str) -> Meaning:
    screen, library = stands.screen, stands.here.library
    hidden = library.titles if screen.titles else NOTHING_HIDDEN
    return understand(text, screen.offers, library.vocabulary, hidden=hidden, careful=screen.careful)


def _unclear(here: Here, screen: Screen, meaning: Meaning) -> str:
    """Say what is wrong with what was typed: name what it may mean, two things at most."""
    says = here.says
    match meaning:
        case Empty():
            return here.say(says.empty)
        case TooLong():
            return here.say(says.too_long)
        case Unclear(codes):
            near = screen.named(codes)
        case _:
            near = []
    if not near:
        return here.say(says.unclear)
    if len(near) == 1:
        return here.say(says.mean_one, first=near[0])
    return here.say(says.mean_two, first=near[0], second=near[1])
