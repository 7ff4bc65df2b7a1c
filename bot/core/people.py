"""Several learners on one account: whose turn it is, by name or number; names and PINs."""

from bot.core.asides import back
from bot.core.fold import fold
from bot.core.here import Here, Picked, Screen
from bot.core.privacy import find_secret
from bot.core.sharing import digits_of
from bot.core.turn import Button, Wish

MOST = 8  # learners on one account
LONGEST_NAME = 20  # characters
PIN = 4  # digits
_IN_A_NAME = frozenset(" .'’-")  # besides letters and digits
_MOST_DIGITS = 2  # in a name


class People:
    """Everybody who learns on the account, each a button."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says, around = here.says, here.now.around
        buttons = [Button(f"turn:{number}", _label(here, number)) for number in range(len(around.people))]
        if len(around.people) < MOST:
            buttons.append(Button("add", says.add_person_label))
        if here.progress.agreed:
            buttons.append(Button("mine", says.mine_label))
        buttons.append(Button("return", says.leave_label))
        return Screen(here.say(says.people), tuple(buttons), careful=True, backward="return")

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        kind, _, number = code.partition(":")
        if kind == "turn":
            return _turn(here, int(number))
        return Picked(here.with_(aside={"add": "name:new", "mine": "mine"}.get(code, "")))


class Mine:
    """The name and the PIN of whose turn it is, and the way out."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says, me = here.says, here.now.around.people[here.now.around.current]
        buttons = [Button("name", says.rename_label)]
        if len(here.now.around.people) > 1:
            lock = Button("unlock", says.unlock_label) if me.locked else Button("lock", says.lock_label)
            buttons += [lock, Button("remove", says.remove_label)]
        buttons.append(Button("return", says.leave_label))
        return Screen(here.say(says.mine, name=name_of(here)), tuple(buttons), careful=True, backward="return")

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        if code == "unlock":
            return Picked(here.progress, wish=Wish("lock"))
        return Picked(here.with_(aside={"name": "name:own", "lock": "lock", "remove": "remove"}.get(code, "people")))


class Name:
    """What somebody wants to be called: whoever comes new (`new`), or whose turn it is (`own`)."""

    def show(self, here: Here, of: str, /) -> Screen:
        text = here.says.ask_name if of == "new" else here.says.ask_own_name
        return _asking(here, text)

    def pick(self, here: Here, _of: str, _code: str, /) -> Picked:
        return Picked(here.with_(aside="people"))

    def take(self, here: Here, of: str, text: str, /) -> Picked | None:
        """Take a first name or a nickname and refuse what is more; words that work anywhere are no name."""
        name, typed = a_name(here, text), fold(text[:100])
        if name is None:
            return None
        if not name:
            return Picked(here.progress, notes=(here.say(here.says.name_refused),))
        others = [
            each.name for n, each in enumerate(here.now.around.people) if of == "new" or n != here.now.around.current
        ]
        if typed.letters in {fold(other).letters for other in others}:
            return Picked(here.progress, notes=(here.say(here.says.name_taken),))
        return Picked(here.progress, wish=Wish("add" if of == "new" else "name", name))


class Lock:
    """Four digits are asked for: to be set (`""`), or for the turn of another (their number)."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        if not of:
            return _asking(here, here.say(here.says.ask_lock))
        people, number = here.now.around.people, int(of)
        if number >= len(people) or not people[number].locked:
            return None
        return _asking(here, here.say(here.says.ask_pin, name=name_of(here, number)))

    def pick(self, here: Here, of: str, _code: str, /) -> Picked:
        return Picked(here.with_(aside="people" if of else "mine"))

    def take(self, here: Here, of: str, text: str, /) -> Picked | None:
        digits = digits_of(here, fold(text[:100]).words)
        if len(digits) != PIN:
            return None
        return Picked(here.progress, wish=Wish("turn", digits, int(of)) if of else Wish("lock", digits))


class Remove:
    """Asked once more before somebody is taken off the account."""

    def show(self, here: Here, _of: str, /) -> Screen | None:
        around, says = here.now.around, here.says
        if len(around.people) == 1:
            return None
        text = says.ask_remove_elsewhere if around.accounts > 1 else says.ask_remove
        buttons = (Button("keep", says.keep_label), Button("remove", says.do_remove_label))
        return Screen(here.say(text, name=name_of(here)), buttons, careful=True, backward="keep")

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return back(here) if code == "keep" else Picked(here.progress, wish=Wish("remove"))


def a_name(here: Here, text: str) -> str | None:
    """Return the name that a text is; empty where it is too long or no plain name, None where it is none at all."""
    typed, words = fold(text[:100]), here.library.vocabulary
    known = words.alarms(typed) or next(iter(words.meant(typed)), None)
    if known or find_secret(text) or not any(map(str.isalpha, text)):
        return None
    name = " ".join(text.split())
    plain = all(char.isalnum() or char in _IN_A_NAME for char in name)
    return name if len(name) <= LONGEST_NAME and plain and sum(map(str.isdecimal, name)) <= _MOST_DIGITS else ""


def name_of(here: Here, number: int | None = None) -> str:
    """Return what somebody on the account is called; without a number, whose turn it is."""
    number = here.now.around.current if number is None else number
    return here.now.around.people[number].name or numbered(here, number)


def numbered(here: Here, number: int) -> str:
    """Return what somebody without a name is called, and everybody by a voice that may not say names."""
    return here.say(here.says.person, number=number + 1)


def _label(here: Here, number: int) -> str:
    says, around = here.says, here.now.around
    if number == around.current:
        text = says.current_person_label
    else:
        text = says.locked_person_label if around.people[number].locked else says.person_label
    return here.say(text, name=name_of(here, number))


def _turn(here: Here, number: int) -> Picked:
    around = here.now.around
    if number == around.current:
        return back(here)
    if around.people[number].locked:
        return Picked(here.with_(aside=f"pin:{number}"))
    return Picked(here.progress, wish=Wish("turn", number=number))


def _asking(here: Here, text: str) -> Screen:
    button = Button("return", here.says.leave_label)
    return Screen(here.say(text), (button,), forward="return", backward="return", takes=True)
