"""What lies over the learner's place for a moment, and gives it back: help, danger, a pause, a look back."""

from bot.core import beside, calling
from bot.core.here import Here, Picked, Screen
from bot.core.lesson import Lesson
from bot.core.turn import Button, Record


class Urgent:
    """Someone is asking for a code right now: three actions, and nothing else."""

    def show(self, here: Here, _of: str, /) -> Screen:
        return _aside(here, here.says.urgent, here.says.urgent_label)

    def pick(self, here: Here, _of: str, _code: str, /) -> Picked:
        return back(here)


class Help:
    """How to talk with the bot, and where people are; in a team also somebody beside."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says = here.says
        sits = Button("alone", says.alone_label) if here.progress.beside else Button("beside", says.beside_label)
        team = (Button("call", says.call_label), sits) if here.progress.team and here.progress.agreed else ()
        return _aside(here, says.help, says.leave_label, team)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        left = Here(here.library, here.with_(aside=""), here.now)
        match code:
            case "call":
                return calling.call(left)
            case "beside":
                return beside.sit(left)
            case "alone":
                return beside.leave(left)
            case _:
                return back(here)


class Paused:
    """The learner stopped; their place is kept."""

    def show(self, here: Here, _of: str, /) -> Screen | None:
        lesson, spot = here.lesson, here.progress.spot
        if lesson is None or spot is None:
            return None
        step = lesson.index[spot.step] + 1
        text = here.say(here.says.paused, title=here.say(lesson.title), step=step, steps=len(lesson.steps))
        buttons = (Button("resume", here.says.resume_label), Button("menu", here.says.menu_label))
        return Screen(text, buttons, forward="resume", backward="resume")

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return Picked(here.with_(place="menu", aside="")) if code == "menu" else back(here)


class LookBack:
    """An earlier step once more. It is only read: where the learner stands doesn't move."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        lesson = here.lesson
        if lesson is None or (number := _number(lesson, of)) is None:
            return None
        says = here.says
        buttons = [Button("return", says.return_label)]
        if number:
            buttons.append(Button("back", says.back_label))
        heading = here.say(says.looking_back, step=number + 1, steps=len(lesson.steps))
        step = lesson.steps[number]
        return Screen(
            here.say(step.text),
            tuple(buttons),
            heading=heading,
            step=number + 1,
            steps=len(lesson.steps),
            forward="return",
            backward="back" if number else "return",
        )

    def pick(self, here: Here, of: str, code: str, /) -> Picked:
        lesson = here.lesson
        if code == "return" or lesson is None:
            return back(here)
        number = _number(lesson, of)
        return Picked(here.with_(aside=f"back:{lesson.steps[number - 1].id}")) if number else back(here)


def _number(lesson: Lesson, of: str) -> int | None:
    """Return the place of a step that may have been renamed meanwhile; None when it is gone."""
    return lesson.index.get(lesson.renamed.get(of, of))


def back(here: Here) -> Picked:
    """Give the learner's place back."""
    return Picked(here.with_(aside=""))


def urgent(here: Here) -> Picked:
    """Interrupt whatever is going on, unless that is done already."""
    if here.progress.aside == "urgent":
        return Picked(here.progress)
    return Picked(here.with_(aside="urgent"), (Record("urgent", here.progress.lesson),))


def _aside(here: Here, text: str, label: str, others: tuple[Button, ...] = ()) -> Screen:
    also = here.wordings("resume")
    return Screen(here.say(text), (Button("resume", label), *others), forward="resume", backward="resume", also=also)
