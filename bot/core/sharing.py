"""One learner on several accounts: a code is given on one of them and typed on the other."""

from collections.abc import Iterable

from bot.core.asides import back
from bot.core.fold import Typed, fold
from bot.core.here import Here, Picked, Screen
from bot.core.turn import Button, Wish

DIGITS = 6  # of a code
MINUTES = 10  # for which it is good
_JOIN = tuple(map(fold, ("nối máy", "nối mã", "mã nối", "nối", "join code", "join", "connect")))
_ZERO = tuple(map(fold, ("không", "zero", "oh")))


class Elsewhere:
    """Learning on another device: give a code, type one, or leave."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says, accounts = here.says, here.now.around.accounts
        buttons = [Button("code", says.give_code_label), Button("enter", says.enter_code_label)]
        text = here.say(says.elsewhere)
        if accounts > 1:
            buttons.append(Button("leave", says.leave_account_label))
            text = f"{here.say(says.accounts, count=accounts)}\n\n{text}"
        buttons.append(Button("return", says.leave_label))
        return Screen(text, tuple(buttons), careful=True, backward="return")

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return give(here) if code == "code" else Picked(here.with_(aside="" if code == "return" else code))


class Code:
    """The code that was given, as long as it is good."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says, progress = here.says, here.progress
        good = progress.note and here.now.minute - progress.minute < MINUTES
        # Digit by digit: so it is read out, and each is a clip of its own that tells nothing.
        text = here.say(says.code, code=" ".join(progress.note[0])) if good else here.say(says.code_over)
        buttons = (Button("return", says.leave_label), Button("code", says.new_code_label))
        return Screen(text, buttons, forward="return", backward="return")

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return give(here) if code == "code" else back(here)


class Enter:
    """A code from the other device is asked for. Here six digits are no secret."""

    def show(self, here: Here, _of: str, /) -> Screen:
        buttons = (Button("return", here.says.leave_label),)
        return Screen(here.say(here.says.enter_code), buttons, forward="return", backward="return", takes=True)

    def pick(self, here: Here, _of: str, _code: str, /) -> Picked:
        return back(here)

    def take(self, here: Here, _of: str, text: str, /) -> Picked | None:
        return joining(here, text, asked=True)


class Leave:
    """Asked once more, with what becomes of what was learnt."""

    def show(self, here: Here, _of: str, /) -> Screen | None:
        if here.now.around.accounts < 2:  # noqa: PLR2004  there is nobody to leave
            return None
        says = here.says
        buttons = (Button("stay", says.stay_label), Button("go", says.do_leave_label))
        return Screen(here.say(says.ask_leave), buttons, careful=True, backward="stay")

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return back(here) if code == "stay" else Picked(here.progress, wish=Wish("leave"))


def give(here: Here) -> Picked:
    """Show a code, which chance makes."""
    return Picked(here.with_(aside="code", note=(here.now.chance,)), wish=Wish("code"))


def joining(here: Here, text: str, *, asked: bool = False) -> Picked | None:
    """Join by the code in the text: `nối 482913`, or where it was `asked` for, `482913`. None: there is none."""
    code = code_in(here, fold(text[:100]), asked=asked)
    return Picked(here.progress, wish=Wish("join", code)) if code else None


def code_in(here: Here, typed: Typed, *, asked: bool) -> str:
    """Return the six digits that a text consists of, behind a word that asks to join; empty where it doesn't."""
    words = typed.words
    for wording in _JOIN:
        size = len(wording.letters)
        first = typed.part(0, size)
        if first == wording or (first.letters == wording.letters and not first.marked):
            words, asked = words[size:], True
            break
    digits = digits_of(here, words) if asked else ""
    return digits if len(digits) == DIGITS else ""


def digits_of(here: Here, words: Iterable[Typed]) -> str:
    """Return the digits that words consist of, as digits or as their names; empty where there is anything else."""
    digits = "".join(_digits(here, word) for word in words)
    return digits if digits.isdecimal() else ""


def _digits(here: Here, word: Typed) -> str:
    if word.bare.isdecimal():
        return word.bare
    if any(map(word.may_mean, _ZERO)):
        return "0"
    counts = here.library.vocabulary.counts(word)
    return str(counts[0][1]) if counts else "?"
