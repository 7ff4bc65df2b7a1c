"""The lesson itself: showing a step, taking an answer, going on, finishing."""

import datetime as dt
from typing import assert_never

import msgspec

from bot.core.here import Here, Picked, Screen
from bot.core.lesson import CHOICE_CODES, DEBRIEF, Ask, Choice, Do, Lesson, Picture, Scene, Step, Tell
from bot.core.library import FIRST
from bot.core.progress import OPEN, Done, Progress, Spot
from bot.core.turn import Button, Record

AGED = 60  # days for which a lesson may be overdue before its learners are told
_EPOCH = dt.date(1970, 1, 1)
_CHANGES = {"moved", "led", "altered", "gone"}  # notes that tell of a change in the library


def begin(here: Here, key: str) -> Picked:
    """Start a lesson, or go on where the learner left it."""
    lesson = here.library.lessons[key][FIRST]
    spot = here.progress.spots.get(key)
    if spot is not None:
        spots = {**{k: v for k, v in here.progress.spots.items() if k != key}, key: spot}
        progress = here.with_(place="lesson", aside="", lesson=key, spots=spots, note=("resumed",))
        return Picked(progress, (Record("resumed", key, spot.step),))
    first = lesson.steps[0].id
    spots = {**here.progress.spots, key: Spot(first)}
    for oldest in list(spots)[: max(0, len(spots) - OPEN)]:
        del spots[oldest]
    progress = here.with_(place="lesson", aside="", lesson=key, spots=spots, note=("began",))
    return Picked(progress, (Record("began", key, first),))


class InLesson:
    """The step at which the learner stands."""

    def show(self, here: Here, _of: str, /) -> Screen | None:
        lesson, spot = here.lesson, here.progress.spot
        if lesson is None or spot is None:
            return None
        progress, screens = here.progress, here.library.screens
        seen = (progress.lesson, spot.step, spot.line, spot.tries > 0, progress.lang, progress.address)
        screen = screens.get(seen)
        if screen is None:
            number, steps = lesson.index[spot.step], len(lesson.steps)
            heading = here.say(here.says.step, step=number + 1, steps=steps)
            screen = _step_screen(here, lesson.steps[number], spot)
            screen = msgspec.structs.replace(screen, heading=heading, step=number + 1, steps=steps)
            screens[seen] = screen
        return screen

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        lesson, spot = _standing(here)
        step = lesson.steps[lesson.index[spot.step]]
        match step:
            case Tell():
                return _advance(here, spot)
            case Ask():
                return _answer(here, step, spot, code)
            case Do():
                return _report(here, spot, code)
            case Scene():
                return _react(here, step, spot, code)
            case _:
                assert_never(step)


def _standing(here: Here) -> tuple[Lesson, Spot]:
    lesson, spot = here.lesson, here.progress.spot
    if lesson is None or spot is None:
        raise AssertionError("a button of a lesson was picked outside one; the talk shows none there")
    return lesson, spot


def _step_screen(here: Here, step: Step, spot: Spot) -> Screen:
    says = here.says
    text = here.say(step.text)
    onward = (Button("next", says.next_label),)
    match step:
        case Tell():
            return Screen(text, onward, picture=_picture(here, step), forward="next")
        case Ask():
            return Screen(text, _choice_buttons(here, [choice.text for choice in step.choices]), careful=True)
        case Do():
            return _do_screen(here, text, step, spot)
        case Scene():
            if not spot.line:
                return Screen(text, (Button("next", says.rehearse_label),), forward="next")
            if spot.line == DEBRIEF:
                return Screen(here.say(step.debrief), onward, forward="next")
            line = step.by_id[spot.line]
            spoken = here.say(says.speaks, who=here.say(line.who), says=here.say(line.says))
            buttons = _choice_buttons(here, [choice.text for choice in line.choices])
            return Screen(f"{spoken}\n\n{here.say(says.react)}", buttons, careful=True)
        case _:
            assert_never(step)


def _picture(here: Here, step: Tell | Do) -> Picture | None:
    return step.picture and step.picture.model_copy(update={"alt": here.say(step.picture.alt)})


def _choice_buttons(here: Here, texts: list[str]) -> tuple[Button, ...]:
    return tuple(Button(code, here.say(text)) for code, text in zip(CHOICE_CODES, texts, strict=False))


def _do_screen(here: Here, text: str, step: Do, spot: Spot) -> Screen:
    says = here.says
    buttons = [
        Button("done", says.done_label_do),
        Button("differs", says.differs_label),
        Button("stuck", says.stuck_label),
    ]
    if spot.tries:  # nobody is held up by what they can't do now
        buttons.append(Button("later", says.later_label))
    also = here.wordings(*(button.code for button in buttons))
    return Screen(text, tuple(buttons), picture=_picture(here, step), careful=True, also=also)


def _moved(here: Here, spot: Spot, *note: str) -> Progress:
    spots = {**here.progress.spots, here.progress.lesson: spot}
    return here.with_(spots=spots, note=note)


def _advance(here: Here, spot: Spot, *records: Record, note: tuple[str, ...] = ()) -> Picked:
    """Go on to the next step, or finish."""
    lesson, _ = _standing(here)
    key = here.progress.lesson
    number = lesson.index[spot.step] + 1
    if number < len(lesson.steps):
        following = msgspec.structs.replace(spot, step=lesson.steps[number].id, line="", tries=0)
        return Picked(_moved(here, following, *note), (*records, Record("reached", key, following.step)))
    before = here.progress.done.get(key)
    best = Done(here.now.day, spot.right, spot.asked)
    if before and before.right > best.right:
        best = Done(here.now.day, before.right, before.asked)
    spots = {name: each for name, each in here.progress.spots.items() if name != key}
    done = {**here.progress.done, key: best}
    progress = here.with_(place=f"finish:{key}", lesson="", spots=spots, done=done, note=note)
    return Picked(progress, (*records, Record("finished", key)))


def _answer(here: Here, step: Ask, spot: Spot, code: str) -> Picked:
    key = here.progress.lesson
    choice = step.choices[CHOICE_CODES.index(code)]
    first = spot.tries == 0
    record = Record("answered", key, step.id, code, choice.right, first)
    if choice.right:
        counted = msgspec.structs.replace(spot, right=spot.right + first, asked=spot.asked + 1)
        return _advance(here, counted, record, note=("right", step.id, code))
    if spot.tries + 1 < step.tries:
        again = msgspec.structs.replace(spot, tries=spot.tries + 1)
        return Picked(_moved(here, again, "wrong", step.id, code), (record,))
    counted = msgspec.structs.replace(spot, asked=spot.asked + 1)
    return _advance(here, counted, record, note=("told", step.id, code))


def _report(here: Here, spot: Spot, code: str) -> Picked:
    key = here.progress.lesson
    kinds = {"done": "did", "differs": "differed", "stuck": "stuck", "later": "postponed"}
    record = Record(kinds[code], key, spot.step)
    note = (code, spot.step)
    if code in {"done", "later"}:
        return _advance(here, spot, record, note=note)
    stays = msgspec.structs.replace(spot, tries=spot.tries + 1)
    return Picked(_moved(here, stays, *note), (record,))


def _react(here: Here, scene: Scene, spot: Spot, code: str) -> Picked:
    key = here.progress.lesson
    if spot.line == DEBRIEF:
        return _advance(here, spot)
    if not spot.line:
        first = msgspec.structs.replace(spot, line=scene.lines[0].id)
        return Picked(_moved(here, first), (Record("rehearsed", key, scene.id, first.line),))
    choice = scene.by_id[spot.line].choices[CHOICE_CODES.index(code)]
    record = Record("reacted", key, f"{scene.id}/{spot.line}", code)
    there = msgspec.structs.replace(spot, line=choice.next)
    note = ("reacted", scene.id, spot.line, code)
    return Picked(_moved(here, there, *note), (record, Record("rehearsed", key, scene.id, choice.next)))


class Finish:
    """What was learnt, what comes next, where to get help."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        lesson = here.library.lesson(of, here.progress.lang)
        done = here.progress.done.get(of)
        if lesson is None or done is None:
            return None
        says = here.says
        learnt = here.say(lesson.learnt or lesson.summary)
        parts = [here.say(says.finished, title=here.say(lesson.title), learnt=learnt)]
        if done.asked:
            parts.append(here.say(says.score, right=done.right, asked=done.asked))
        parts.append(here.say(says.where_help, help=here.say(lesson.help or says.help_people)))
        following = here.following(after=of)
        buttons = [Button("menu", says.menu_label), Button(f"l:{of}", says.redo_label)]
        if following and (coming := here.library.lesson(following, here.progress.lang)):
            buttons.insert(0, Button(f"l:{following}", here.say(says.start_label, title=here.say(coming.title))))
        else:
            parts.append(here.say(says.all_done))
        return Screen("\n\n".join(parts), tuple(buttons), forward=buttons[0].code, backward="menu", titles=True)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        if code == "menu":
            return Picked(here.with_(place="menu"))
        return begin(here, code.removeprefix("l:"))


def notes_of(here: Here) -> tuple[str, ...]:
    """Say again what the last answer came to. What a lesson no longer has is left out."""
    if not here.progress.note:
        return ()
    kind, *of = here.progress.note
    says = here.says
    if kind in _CHANGES:
        return (here.say(getattr(says, kind)),)
    place, _, finished = here.progress.place.partition(":")
    lesson = here.library.lesson(finished, here.progress.lang) if place == "finish" else here.lesson
    if lesson is None:
        return ()
    if kind == "began":
        return _opening(here, lesson)
    if kind == "resumed":
        return (here.say(says.resumed, title=here.say(lesson.title)), *_aged(here, lesson))
    number = lesson.index.get(lesson.renamed.get(of[0], of[0])) if of else None
    return () if number is None else _feedback(here, kind, lesson.steps[number], of[1:])


def _opening(here: Here, lesson: Lesson) -> tuple[str, ...]:
    title, summary = here.say(lesson.title), here.say(lesson.summary)
    steps = len(lesson.steps)
    notes = [here.say(here.says.began, title=title, summary=summary, minutes=lesson.minutes, steps=steps)]
    lacking = here.library.lacking(lesson.key, here.progress.done)
    if lacking and (other := here.library.lesson(lacking, here.progress.lang)):
        notes.append(here.say(here.says.first_learn, title=here.say(other.title)))
    return (*notes, *_aged(here, lesson))


def _aged(here: Here, lesson: Lesson) -> tuple[str, ...]:
    """Say of a lesson whose facts nobody checked for long that something may have changed."""
    if here.now.day - (lesson.recheck_by - _EPOCH).days <= AGED:
        return ()
    return (here.say(here.says.may_have_changed, date=lesson.checked.strftime("%d/%m/%Y")),)


def _feedback(here: Here, kind: str, step: Step, of: list[str]) -> tuple[str, ...]:
    says = here.says
    match step:
        case Ask() if len(of) == 1:
            return _explained(here, kind, step, of[0])
        case Do() if not of:
            texts = {"done": says.did, "later": says.later, "differs": step.differs or says.differs}
            return (here.say(texts.get(kind) or step.help or says.stuck),)
        case Scene() if len(of) == 2:  # noqa: PLR2004  the line and the choice
            line = step.by_id.get(of[0])
            number = CHOICE_CODES.index(of[1])
            because = line.choices[number].because if line and number < len(line.choices) else None
            return (here.say(because),) if because else ()
        case _:  # it was a step of another kind then
            return ()


def _explained(here: Here, kind: str, step: Ask, code: str) -> tuple[str, ...]:
    number = CHOICE_CODES.index(code)
    if number >= len(step.choices):
        return ()
    says = here.says
    because = here.say(step.choices[number].because)
    if kind == "right":
        return (here.say(says.right, because=because),)
    wrong = here.say(says.wrong, because=because)
    if kind == "told":
        return wrong, _told(here, next(choice for choice in step.choices if choice.right))
    notes = [wrong]
    if step.hint:
        notes.append(here.say(says.hint, hint=here.say(step.hint)))
    return (*notes, here.say(says.again))


def _told(here: Here, choice: Choice) -> str:
    return here.say(here.says.answer, choice=here.say(choice.text), because=here.say(choice.because))
