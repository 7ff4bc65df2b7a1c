"""What the bot says when it didn't hear, or isn't certain of what it heard."""

from bot.core.here import Here, Screen
from bot.core.turn import Why
from bot.core.understand import Chosen, Meaning, TooLong, Unclear, Word


def asked_back(here: Here, screen: Screen, meaning: Meaning) -> str:
    """Name what seems to be meant, two things at most.

    Asks no question that *yes* or *right* would answer: those may be choices themselves.
    """
    says, named = here.says, list[str]()
    match meaning:
        case TooLong():
            return here.say(says.heard_long)
        case Word(name):
            return here.say(says.heard_word, first=_wording(here, name))
        case Chosen(code):
            named = screen.named((code,))
            if not named:
                return here.say(says.heard_word, first=_title(here, code))
        case Unclear(codes):
            named = screen.named(codes)
    if not named:
        return here.say(says.heard_unclear)
    if len(named) == 1:
        return here.say(says.heard_one, first=named[0])
    return here.say(says.heard_two, first=named[0], second=named[1])


def unheard(here: Here, why: Why) -> tuple[str, ...]:
    """Say why nothing was heard, and how to speak where that helps."""
    says = here.says
    notes: dict[Why, tuple[str, ...]] = {
        "too long": (says.heard_long,),
        "too short": (says.heard_short, says.how_to_speak),
        "silent": (says.heard_silent, says.how_to_speak),
        "not audio": (says.heard_broken,),
        "busy": (says.heard_busy,),
        "no ear": (says.cant_hear,),
    }
    return tuple(map(here.say, notes[why]))


def _wording(here: Here, word: str) -> str:
    """Return how a global word is said in the learner's language."""
    phrases = here.library.phrases[here.progress.lang]
    return str(getattr(phrases.words, word)[0])


def _title(here: Here, code: str) -> str:
    """Return the title of a lesson that was meant although no button leads to it."""
    lesson = here.library.lesson(code.removeprefix("l:"), here.progress.lang)
    return here.say(lesson.title) if lesson else ""
