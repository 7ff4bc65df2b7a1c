"""The global words: they work anywhere and lose nobody's place. And hello, with its greeting."""

from collections.abc import Callable

from bot.core import asides, beside, calling, invited, joining, menu, settings, teach, tending
from bot.core.chat_code import is_link
from bot.core.here import Here, Picked, Screen
from bot.core.lesson import Tell, key_of
from bot.core.teams import linked

LONG_AWAY = 7  # days after which the greeting gets longer
# Words that lay a view over the learner's place.
_OVER = {"help", "settings", "data", "delete", "elsewhere", "people", "team"}
_NOT_YET = {"welcome", "address", "manner"}  # places before the first lesson
_LEFT_ON_RETURN = {
    "help",
    "paused",
    "back",
    "code",
    "enter",
    "people",
    "name",
    "pin",
    "team",
    "called",
    "group",
    invited.NOTE,
}  # asides that someone who comes anew has done with


Pick = Callable[[str], Picked]  # picks a button of the screen by its code


def say_word(here: Here, screen: Screen, word: str, pick: Pick) -> Picked:
    """Do what a global word asks (names: `phrases.Words`)."""
    progress = here.progress
    if word == "urgent":
        return asides.urgent(here)
    if word == "hello" and progress.place != "gone":
        return opened(here, "")
    if word in {"vi", "en"}:
        return _speak(here, word)
    if not progress.agreed:
        return _before_consent(here, screen, word, pick)
    if word in _OVER:
        return _over(here, word)
    act = _ACTS.get(word)
    # What is left is `again`, and any word that a newer channel knows: the same once more.
    return act(here, screen, pick) if act else Picked(progress, aloud=word == "again")


def followed(here: Here, link: str) -> Picked:
    """Do as somebody comes by a link (`Opened.lesson`): to a lesson, to a team, or to nothing in particular."""
    if is_link(link):
        return invited.take_up(here, link)
    team = linked(link)
    if team is None:
        return opened(here, key_of(link))
    return joining.came(here, team) if here.library.teams.all else opened(here, "")


def opened(here: Here, key: str) -> Picked:
    """Greet someone who comes; a key of a lesson leads straight into it."""
    progress = here.progress
    if key and key not in here.library.lessons:
        return Picked(progress, notes=(here.say(here.says.no_such_lesson),))
    if key and progress.place in _NOT_YET:
        return Picked(here.with_(lesson=key))  # begun once they are through the welcome
    if not progress.agreed:
        return Picked(progress)
    if key:
        return teach.begin(here, key)
    notes = greeting(here)
    if progress.aside.partition(":")[0] in _LEFT_ON_RETURN:
        return Picked(here.with_(aside=""), notes=notes)
    return Picked(progress, notes=(*notes, *teach.notes_of(here)))


def greeting(here: Here) -> tuple[str, ...]:
    """Return the greeting: after a long time with what was said last."""
    progress, says = here.progress, here.says
    days = (here.now.minute - progress.minute) // (24 * 60)
    if days < LONG_AWAY:
        return (here.say(says.hello),)
    notes = [here.say(says.hello_again, days=days)]
    lesson, spot = here.lesson, progress.spot
    if lesson and spot and progress.place == "lesson":
        before = [step for step in lesson.steps[: lesson.index[spot.step]] if isinstance(step, Tell)]
        notes += [here.say(says.recap, text=here.say(before[-1].text))] if before else []
    return tuple(notes)


def _over(here: Here, word: str) -> Picked:
    if word == "team" and not joining.has_teams(here):
        return Picked(here.progress, notes=(here.say(here.says.unclear),))
    return Picked(here.progress) if here.progress.aside == word else Picked(here.with_(aside=word))


def _speak(here: Here, lang: str) -> Picked:
    if lang == here.progress.lang or lang not in here.library.phrases:
        return Picked(here.progress)
    return settings.change(here, "language", lang) if here.progress.agreed else Picked(here.with_(lang=lang))


def _before_consent(here: Here, screen: Screen, word: str, pick: Pick) -> Picked:
    """Nothing is kept yet, so there is little to ask for: help, and the way on."""
    if word == "help":
        return Picked(here.progress) if here.progress.aside == "help" else Picked(here.with_(aside="help"))
    if word == "elsewhere":
        return Picked(here.progress) if here.progress.aside == "enter" else Picked(here.with_(aside="enter"))
    if word == "people" and len(here.now.around.people) > 1:
        return Picked(here.progress) if here.progress.aside == "people" else Picked(here.with_(aside="people"))
    if screen.forward and word in {"next", "back", "hello", "menu"}:
        return pick(screen.forward)
    if word == "again":
        return Picked(here.progress, aloud=True)  # the first greeting can be heard before anything is chosen
    return Picked(here.progress, notes=(here.say(here.says.choose),))


def _onward(here: Here, screen: Screen, pick: Pick) -> Picked:
    return pick(screen.forward) if screen.forward else Picked(here.progress, notes=(here.say(here.says.choose),))


def _backward(here: Here, screen: Screen, pick: Pick) -> Picked:
    lesson, spot = here.lesson, here.progress.spot
    if here.progress.place == "lesson" and not here.progress.aside and lesson and spot:
        number = lesson.index[spot.step]
        if number:
            return Picked(here.with_(aside=f"back:{lesson.steps[number - 1].id}"))
    elif screen.backward:
        return pick(screen.backward)
    return Picked(here.progress, notes=(here.say(here.says.nothing_before),))


def _stop(here: Here, _screen: Screen, _pick: Pick) -> Picked:
    if here.progress.place != "lesson":
        return Picked(here.progress, notes=(here.say(here.says.goodbye),))
    return Picked(here.progress) if here.progress.aside == "paused" else Picked(here.with_(aside="paused"))


def _pace(here: Here, *, slow: bool) -> Picked:
    changed = settings.change(here, "slow", "yes" if slow else "no")
    note = here.say(here.says.slowed if slow else here.says.unslowed)
    return Picked(changed.progress, changed.records, (note,), aloud=True)


_ACTS: dict[str, Callable[[Here, Screen, Pick], Picked]] = {
    "thanks": lambda here, _screen, _pick: Picked(here.progress, notes=(here.say(here.says.thanks),)),
    "menu": lambda here, _screen, _pick: menu.go(here, "menu"),
    "call": lambda here, _screen, _pick: calling.call(here),
    "beside": lambda here, _screen, _pick: beside.sit(here),
    "alone": lambda here, _screen, _pick: beside.leave(here),
    "group": lambda here, _screen, _pick: tending.tend(here) if tending.helps(here) else _over(here, "team"),
    "office": lambda here, _screen, _pick: invited.way_in(here),
    "next": _onward,
    "back": _backward,
    "stop": _stop,
    "slow": lambda here, _screen, _pick: _pace(here, slow=True),
    "normal": lambda here, _screen, _pick: _pace(here, slow=False),
}
