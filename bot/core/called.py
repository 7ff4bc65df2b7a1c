"""What a learner wants the helpers of their team to call them: a first name or a nickname, or none."""

from bot.core.asides import back
from bot.core.fold import fold
from bot.core.here import Here, Picked, Screen
from bot.core.people import a_name
from bot.core.progress import with_also
from bot.core.teams import looks_like_code
from bot.core.turn import Button, Record
from bot.core.wording import FORMS


class Called:
    """Asks for the name, once after joining a team and whenever the learner wants to."""

    def show(self, here: Here, _of: str, /) -> Screen | None:
        says, progress = here.says, here.progress
        if not progress.team:
            return None
        buttons = [Button("return", says.leave_label if progress.called else says.no_name_label)]
        text = aloud = here.say(says.ask_called)
        if progress.called:
            buttons.append(Button("unname", says.unname_label))
            text = f"{here.say(says.called_now, name=progress.called)}\n{text}"
        also = {"return": _none(here)}
        return Screen(text, tuple(buttons), forward="return", backward="return", also=also, takes=True, said=aloud)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        if code == "return":
            return back(here)
        return Picked(named(here, "").progress, (Record("named"),), (here.say(here.says.called_no_more),))

    def take(self, here: Here, of: str, text: str, /) -> Picked | None:
        name = None if looks_like_code(text) else a_name(here, text)
        if name is None or self._means_another(here, of, text):
            return None
        if not name:
            return Picked(here.progress, notes=(here.say(here.says.name_refused),))
        after = named(here, name)
        note = after.say(after.says.called_so, name=name)
        return Picked(
            after.progress, (Record("named", choice=name),), (note,), instead={note: after.say(after.says.named)}
        )

    def _means_another(self, here: Here, of: str, text: str) -> bool:
        """Whether a text is one of the buttons here, or how one is addressed: that answers another question."""
        typed, screen = fold(text[:100]), self.show(here, of)
        offered = [wording for each in (screen.offers if screen else ()) for wording in each.wordings]
        return any(map(typed.may_mean, (*offered, *(fold(form.learner) for form in FORMS.values()))))


def _none(here: Here) -> tuple[str, ...]:
    return (*here.library.wordings("decline"), *here.library.wordings("later"))


def named(here: Here, name: str) -> Here:
    """Return where the learner is once they are called so."""
    return Here(here.library, with_also(here.with_(aside=""), called=name), here.now)
