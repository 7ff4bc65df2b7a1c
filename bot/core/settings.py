"""What the learner may change, see and delete: address, language, manner, their data."""

import datetime as dt

from bot.core.here import Here, Picked, Screen
from bot.core.invited import role_said
from bot.core.join_code import code_of
from bot.core.joining import team_of
from bot.core.progress import Progress, set_to
from bot.core.reading import before_deleting, kept_of_volunteer
from bot.core.turn import ALONE, Around, Button, Record, to_json
from bot.core.welcome import address_buttons, follow_path, path_buttons
from bot.core.wording import FORMS

_EPOCH = dt.date(1970, 1, 1)
_SHOW_PATH = {"menu", "path"}  # places that show which learning path is followed


class Settings:
    """All settings, each as a button that says how it stands."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says, progress = here.says, here.progress
        buttons = (
            Button("address", here.say(says.address_label, word=FORMS[progress.address].learner)),
            *self._path(here),
            *self._team(here),
            Button("language", says.language_label),
            Button("manner", says.to_read_label if progress.listens else says.to_listen_label),
            Button("slow", says.unslow_label if progress.slow else says.slow_label),
            Button("saver", says.unsave_label if progress.saver else says.save_label),
            Button("elsewhere", says.elsewhere_label),
            Button("people", says.people_label),
            Button("data", says.data_label),
            Button("delete", says.delete_label),
            Button("return", says.leave_label),
        )
        return Screen(here.say(says.settings), buttons, forward="return", backward="return")

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        progress = here.progress
        match code:
            case "address" | "paths" | "team" | "elsewhere" | "people" | "data" | "delete":
                return Picked(here.with_(aside="call" if code == "address" else code))
            case "language":
                return change(here, "language", "en" if progress.lang == "vi" else "vi")
            case "manner":
                return change(here, "manner", "read" if progress.listens else "listen")
            case "slow":
                return change(here, "slow", "no" if progress.slow else "yes")
            case "saver":
                return change(here, "saver", "no" if progress.saver else "yes")
            case _:
                return Picked(here.with_(aside=""))

    @staticmethod
    def _path(here: Here) -> tuple[Button, ...]:
        if not here.library.paths:
            return ()
        path = here.path
        label = here.say(here.says.this_path_label, title=here.say(path.title)) if path else ""
        return (Button("paths", label or here.says.choose_path_label),)

    @staticmethod
    def _team(here: Here) -> tuple[Button, ...]:
        if team := team_of(here):
            return (Button("team", here.say(here.says.team_label, team=team)),)
        return (Button("team", here.says.no_team_label),) if here.library.teams.all else ()


class Paths:
    """All learning paths, and none. Whoever comes from the menu goes back to it: there the path shows."""

    def show(self, here: Here, _of: str, /) -> Screen | None:
        if not here.library.paths:
            return None
        says = here.says
        none = (Button("none", says.no_path_label),) if here.path else ()
        buttons = (*path_buttons(here, offered=False), *none, Button("return", says.leave_label))
        return Screen(here.say(says.ask_other_path), buttons, careful=True, backward="return")

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        aside = "" if here.progress.place in _SHOW_PATH else "settings"
        there = Here(here.library, here.with_(aside=aside), here.now)
        return Picked(there.progress) if code == "return" else follow_path(there, "" if code == "none" else code)


class Call:
    """The form of address, asked again."""

    def show(self, here: Here, _of: str, /) -> Screen:
        return Screen(here.say(here.says.ask_address), address_buttons(), careful=True)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return change(here, "address", code)


class Data:
    """All that is kept, in words and as JSON."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says = here.says
        buttons = (Button("return", says.leave_label), Button("delete", says.delete_label))
        text = here.say(says.data, kept="\n".join((*_names(here), *_kept(here))))
        aloud = here.say(says.data, kept="\n".join(_kept(here)))
        told = export(here.progress, here.now.around)
        return Screen(text, buttons, forward="return", backward="return", export=told, said=aloud)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return Picked(here.with_(aside="delete" if code == "delete" else ""))


class Delete:
    """Asked once more before everything goes."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says = here.says
        buttons = (Button("keep", says.keep_label), Button("erase", says.erase_label))
        also = here.wordings("keep", "erase")
        accounts = here.now.around.accounts
        text = here.say(says.ask_delete_all, count=accounts) if accounts > 1 else here.say(says.ask_delete)
        text += before_deleting(here)
        return Screen(text, buttons, careful=True, backward="keep", also=also)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        if code == "keep":
            return Picked(here.with_(aside=""))
        blank = Progress(turns=here.progress.turns, lang=here.progress.lang, place="gone", note=(here.now.chance,))
        return Picked(blank, forget=True)  # no record: it would keep the learner's name in the journal


class Gone:
    """Everything is deleted; here is the receipt."""

    def show(self, here: Here, _of: str, /) -> Screen:
        button = Button("over", here.says.start_over_label)
        receipt = here.progress.note[0] if here.progress.note else ""
        return Screen(here.say(here.says.deleted, receipt=receipt), (button,), forward="over", backward="over")

    def pick(self, here: Here, _of: str, _code: str, /) -> Picked:
        return Picked(here.with_(place="welcome"))


def change(here: Here, what: str, value: str) -> Picked:
    """Set one setting. Settings stay open, so that the learner hears how it now stands."""
    aside = "settings" if here.progress.aside in {"settings", "call"} else here.progress.aside
    changed = set_to(here.with_(aside=aside), what, value)
    after = Here(here.library, changed, here.now)
    return Picked(changed, (Record(what, choice=value),), (after.say(after.says.changed),))


def export(progress: Progress, around: Around = ALONE) -> str:
    """Return all that is kept as JSON with names a person can read."""
    return to_json(
        {
            "name": around.people[around.current].name,
            "pin_is_set": around.people[around.current].locked,
            "accounts": around.accounts,
            "agreed_on": str(_date(progress.agreed)) if progress.agreed else None,
            "language": progress.lang,
            "address": FORMS[progress.address].learner,
            "manner": "listen" if progress.listens else "read",
            "slow_speech": progress.slow,
            "data_saver": progress.saver,
            "path": progress.path,
            **({"team": code_of(progress.team)} if progress.team else {}),
            **({"called_by_helpers": progress.called} if progress.called else {}),
            **({"badge": progress.badge} if progress.badge else {}),
            **({"helper_beside": True} if progress.beside else {}),
            "last_turn": progress.turns,
            "last_seen": dt.datetime.fromtimestamp(progress.minute * 60, dt.UTC).isoformat(),
            "view": progress.aside or progress.place,
            "open_lessons": {
                key: {
                    "step": spot.step,
                    "line": spot.line,
                    "tries": spot.tries,
                    "right": spot.right,
                    "asked": spot.asked,
                }
                for key, spot in progress.spots.items()
            },
            "finished_lessons": {
                key: {"on": str(_date(done.day)), "right_first_try": done.right, "questions": done.asked}
                for key, done in progress.done.items()
            },
            "last_answer": list(progress.note),
            "shut_out": progress.away,
            "last_updates": list(progress.seen),
            "last_shown": progress.shown,
            "format": progress.version,
        }
    )


def _kept(here: Here) -> list[str]:
    says, progress = here.says, here.progress
    lines = [
        here.say(says.kept_consent, date=_date(progress.agreed).strftime("%d/%m/%Y")),
        here.say(says.kept_address, word=FORMS[progress.address].learner),
        here.say(says.kept_manner, manner=(says.listen_label if progress.listens else says.read_label).lower()),
    ]
    me = here.now.around.people[here.now.around.current]
    lines += [here.say(says.kept_pin)] if me.locked else []
    if here.now.around.accounts > 1:
        lines.append(here.say(says.accounts, count=here.now.around.accounts))
    if path := here.path:
        lines.append(here.say(says.kept_path, title=here.say(path.title)))
    if team := team_of(here):
        lines.append(here.say(says.kept_team, team=team))
    if member := here.member:
        lines.append(here.say(says.kept_office, role=role_said(here, member.role)))
    for key, spot in progress.spots.items():
        lesson = here.library.lesson(key, progress.lang)
        if lesson and spot.step in lesson.index:
            step, steps = lesson.index[spot.step] + 1, len(lesson.steps)
            lines.append(here.say(says.kept_lesson, title=here.say(lesson.title), step=step, steps=steps))
    for key, done in progress.done.items():
        lesson = here.library.lesson(key, progress.lang)
        title = here.say(lesson.title) if lesson else key
        lines.append(here.say(says.kept_done, title=title, date=_date(done.day).strftime("%d/%m/%Y")))
    return [*lines, here.say(kept_of_volunteer(here) or says.kept_never)]


def _names(here: Here) -> list[str]:
    """Return the lines that no voice may say."""
    says, called = here.says, here.progress.called
    name = here.now.around.people[here.now.around.current].name
    lines = [here.say(says.kept_name, name=name)] if name else []
    return [*lines, here.say(says.kept_called, name=called)] if called else lines


def _date(day: int) -> dt.date:
    return _EPOCH + dt.timedelta(days=day)
