"""The first minute: who the bot is, consent, how to be addressed, reading or listening, which path."""

import msgspec

from bot.core import invited, joining, teach
from bot.core.here import Here, Picked, Screen
from bot.core.library import FIRST
from bot.core.progress import set_to
from bot.core.turn import Button, Record
from bot.core.wording import FORMS


class Welcome:
    """Who speaks, and may it keep what it needs? Nothing is kept until the learner agrees."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says = here.says
        others = [(code, each.language) for code, each in here.library.phrases.items() if code != here.progress.lang]
        buttons = (
            Button("agree", says.agree_label),
            Button("more", says.more_label),
            Button("decline", says.decline_label),
            *(Button(f"lang:{code}", language) for code, language in others),
        )
        also = here.wordings("agree", "more", "decline")
        text = f"{here.say(says.welcome)}\n\n{here.say(says.consent)}"
        return Screen(text, buttons, careful=True, also=also)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        lang = here.progress.lang
        if code == "agree":
            place = "address" if lang == "vi" else "manner"  # only Vietnamese has forms of address to choose
            agreed = Here(here.library, here.with_(agreed=here.now.day, place=place), here.now)
            return Picked(joining.agreed(agreed), (Record("agreed", choice=lang),))
        if code.startswith("lang:"):
            return Picked(here.with_(lang=code.removeprefix("lang:")))
        says = here.says
        return Picked(here.progress, notes=(here.say(says.more if code == "more" else says.declined),))


class Address:
    """How the learner likes to be addressed."""

    def show(self, here: Here, _of: str, /) -> Screen:
        return Screen(here.say(here.says.ask_address), address_buttons(), careful=True)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return Picked(here.with_(address=code, place="manner"), (Record("address", choice=code),))


class Manner:
    """Reading or listening; then the learner may begin, or first chooses a path."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says = here.says
        buttons = (Button("read", says.read_label), Button("listen", says.listen_label))
        return Screen(here.say(says.ask_manner), buttons, also=here.wordings("read", "listen"))

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        listens = code == "listen"
        note = here.say(here.says.listen_note if listens else here.says.nice)
        record = Record("manner", choice=code)
        wanted = here.progress.lesson  # a lesson that they came for by a link
        arrived = Here(here.library, here.with_(listens=listens, place="menu", lesson=""), here.now)
        if wanted in here.library.lessons:
            begun = teach.begin(arrived, wanted)
            return Picked(begun.progress, (record, *begun.records), (note,))
        if path_buttons(arrived, offered=True):
            arrived = Here(here.library, arrived.with_(place="paths"), here.now)
        if asked := invited.waiting(arrived, wanted):
            return msgspec.structs.replace(asked, records=(record,), notes=(note, *asked.notes))
        return Picked(arrived.progress, (record,), (note,))


class ChoosePath:
    """Which learning path to follow. It may be put off: nobody needs one."""

    def show(self, here: Here, _of: str, /) -> Screen:
        buttons = (*path_buttons(here, offered=True), Button("later", here.says.later_path_label))
        return Screen(here.say(here.says.ask_path), buttons, careful=True, also=here.wordings("later"))

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        arrived = Here(here.library, here.with_(place="menu"), here.now)
        return Picked(arrived.progress) if code == "later" else follow_path(arrived, code)


def follow_path(here: Here, path_id: str) -> Picked:
    """Let the learner follow a path, and tell them what it is."""
    chosen = Here(here.library, set_to(here.progress, "path", path_id), here.now)
    path = chosen.path
    record = Record("path", choice=path_id)
    if path is None:
        return Picked(chosen.progress, (record,), (here.say(here.says.changed),))
    title, summary = here.say(path.title), here.say(path.summary)
    lessons = len(here.library.along(path_id))
    note = here.say(here.says.path_chosen, title=title, summary=summary, all=lessons)
    return Picked(chosen.progress, (record,), (note,))


def path_buttons(here: Here, *, offered: bool) -> tuple[Button, ...]:
    """Return a button for each path, or only for those that are offered at the welcome."""
    paths = [each for each in here.library.paths if each[FIRST].offered or not offered]
    said = [path.get(here.progress.lang, path[FIRST]) for path in paths]
    return tuple(Button(path.id, here.say(path.title)) for path in said)


def address_buttons() -> tuple[Button, ...]:
    """Return a button for each form of address."""
    return tuple(Button(code, form.learner.capitalize()) for code, form in FORMS.items())
