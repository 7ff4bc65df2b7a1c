"""The talk: one event of a learner -> their new progress, what to show, what to record.

Total: whatever a learner does is answered, and the reply always shows where they are. The screen
is a function of the progress alone, so it may be shown again at any time. Only notes that tell of
nothing saved (a late button, words not understood) belong to one reply.
"""

from datetime import UTC, datetime

import msgspec

from bot.core import asides, menu, settings, teach, welcome
from bot.core.fold import fold
from bot.core.here import Here, Picked, Screen, View
from bot.core.lesson import key_of
from bot.core.library import Library
from bot.core.privacy import Secret, find_secret
from bot.core.progress import SEEN, Progress
from bot.core.settle import settle
from bot.core.turn import Asked, Blocked, Event, Moment, Opened, Record, Reply, Sent, Tapped, Turn, Typed
from bot.core.understand import MAX_READ, Chosen, Empty, Meaning, TooLong, Unclear, Word, offer, understand
from bot.core.words import greeting, opened, say_word

_PLACES: dict[str, View] = {
    "welcome": welcome.Welcome(),
    "address": welcome.Address(),
    "manner": welcome.Manner(),
    "menu": menu.Menu(),
    "course": menu.InCourse(),
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
    "data": settings.Data(),
    "delete": settings.Delete(),
}

AWAY = 30  # minutes after which an opened page greets


def take_turn(library: Library, progress: Progress, event: Event, now: Moment, seen: int | None = None) -> Turn:
    """Move one learner on by one event. Total: nothing a learner does raises.

    `seen` marks the update (`progress.mark_of`); when an update with a mark that the progress
    knows comes again, call `show` instead. What is saved has a turn number higher by one.
    """
    settled, moved = settle(library, progress)
    stands = _standing(Here(library, settled, now))
    here = stands.here
    if isinstance(event, Tapped) and event.turn != progress.turns:
        late = here.say(here.says.late)
        return Turn(progress, _reply(stands, (late, *teach.notes_of(here))))
    secret = find_secret(event.text) if isinstance(event, Typed) else None
    picked = _warned(here, secret, event) if secret else _picked(stands, event, moved=moved)
    if picked.progress.away and not isinstance(event, Blocked):  # whoever speaks can be reached again
        picked = msgspec.structs.replace(picked, progress=msgspec.structs.replace(picked.progress, away=False))
    if picked.progress == here.progress and not moved:
        notes = picked.notes or teach.notes_of(here)
        return Turn(progress, _reply(stands, notes, secret=bool(secret)))
    marks = picked.progress.seen if seen is None else (*picked.progress.seen, seen)[-SEEN:]
    changed = msgspec.structs.replace(picked.progress, turns=progress.turns + 1, minute=now.minute, seen=marks)
    after = _standing(Here(library, changed, now))
    reply = _reply(after, (*picked.notes, *teach.notes_of(after.here)), secret=bool(secret))
    if progress.listens and not changed.listens:
        reply = msgspec.structs.replace(reply, turned_to_reading=True)
    records = (Record("moved", settled.lesson, settled.spots[settled.lesson].step),) if moved else ()
    return Turn(changed, reply, (*records, *picked.records), picked.forget)


def show(library: Library, progress: Progress, now: Moment, *, greet: bool = False) -> Reply:
    """Show where a learner is, with what their last answer came to. Changes nothing."""
    stands = _standing(Here(library, settle(library, progress)[0], now))
    away = now.minute - progress.minute > AWAY
    notes = greeting(stands.here) if greet and progress.agreed and away else ()
    return _reply(stands, (*notes, *teach.notes_of(stands.here)))


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
    fallback = msgspec.structs.replace(progress, place="menu", aside="", lesson="", note=("gone",))
    for kept, views, place in (
        (progress, _ASIDES, progress.aside),
        (msgspec.structs.replace(progress, aside="") if progress.aside else progress, _PLACES, progress.place),
        (fallback, _PLACES, fallback.place),
    ):
        name, _, of = place.partition(":")
        there = here if kept is progress else Here(here.library, kept, here.now)
        view = views.get(name)
        if view and (screen := view.show(there, of)):
            return _Stands(there, screen, view, of)
    raise AssertionError("the menu shows always")


def _picked(stands: _Stands, event: Event, *, moved: bool) -> Picked:
    here = stands.here
    match event:
        case Tapped(_, code):
            known = not moved and code in {button.code for button in stands.screen.buttons}
            return stands.pick(code) if known else Picked(here.progress, notes=(here.say(here.says.late),))
        case Typed(text):
            return _typed(stands, text, moved=moved)
        case Asked(word):
            return say_word(here, stands.screen, word, stands.pick)
        case Opened(lesson):
            return opened(here, key_of(lesson))
        case Sent():
            return Picked(here.progress, notes=(here.say(here.says.no_words),))
        case Blocked(away):
            return Picked(msgspec.structs.replace(here.progress, away=away))


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
    if isinstance(event, Typed) and here.library.vocabulary.alarms(fold(event.text[:MAX_READ])):
        danger = asides.urgent(here)
        return Picked(danger.progress, danger.records, warning)
    return Picked(here.progress, notes=warning)


def _typed(stands: _Stands, text: str, *, moved: bool) -> Picked:
    here, says = stands.here, stands.here.says
    match _understood(stands, text):
        case Chosen() if moved:
            return Picked(here.progress)  # it was an answer to something that is no longer there
        case Chosen(code):
            return stands.pick(code)
        case Word(name):
            return say_word(here, stands.screen, name, stands.pick)
        case Empty():
            return Picked(here.progress, notes=(here.say(says.empty),))
        case TooLong():
            return Picked(here.progress, notes=(here.say(says.too_long),))
        case Unclear(codes):
            return Picked(here.progress, notes=(_asked_back(here, stands.screen, codes),))


def _understood(stands: _Stands, text: str) -> Meaning:
    screen, library = stands.screen, stands.here.library
    shown = [offer(button.code, (button.label, *screen.also.get(button.code, ()))) for button in screen.buttons]
    hidden = library.titles if screen.titles else ()
    return understand(text, shown, library.vocabulary, hidden=hidden, careful=screen.careful)


def _asked_back(here: Here, screen: Screen, codes: tuple[str, ...]) -> str:
    named = {button.code: f"{number}. {button.label}" for number, button in enumerate(screen.buttons, 1)}
    near = [named[code] for code in codes if code in named]
    if not near:
        return here.say(here.says.unclear)
    if len(near) == 1:
        return here.say(here.says.mean_one, first=near[0])
    return here.say(here.says.mean_two, first=near[0], second=near[1])


def _reply(stands: _Stands, notes: tuple[str, ...], *, secret: bool = False) -> Reply:
    progress, screen = stands.here.progress, stands.screen
    return Reply(
        turn=progress.turns,
        lang=progress.lang,
        text=screen.text,
        buttons=screen.buttons,
        notes=notes,
        heading=screen.heading,
        step=screen.step,
        steps=screen.steps,
        picture=screen.picture,
        export=screen.export,
        listens=progress.listens,
        secret=secret,
    )
