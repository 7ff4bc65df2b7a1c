"""Choosing what to learn: what comes next, the learning path, all courses, one course."""

from collections.abc import Collection

from bot.core import teach, tending
from bot.core.here import Here, Picked, Screen
from bot.core.lesson import Course, key_of
from bot.core.library import FIRST
from bot.core.turn import Button

AT_ONCE = 8  # lessons of a path that are listed at once; a longer one is listed course by course


class Menu:
    """What comes next, with what is done. Where there are learning paths the courses have a list of their own."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says, progress, library = here.says, here.progress, here.library
        started = next((key for key in reversed(progress.spots) if key in library.lessons), "")
        following = here.following()
        buttons = [_lesson_button(here, says.continue_label, started)] if started else []
        if following and (not started or (here.path and following != started)):
            buttons.append(_lesson_button(here, says.start_label, following))
        if library.paths:
            path = _path_button(here) or Button("paths", says.choose_path_label)
            buttons += [path, Button("courses", says.courses_label)]
        else:
            buttons += _course_buttons(here)
        buttons += [Button("group", says.group_label)] if tending.helps(here) else []
        buttons += [Button("settings", says.settings_label), Button("help", says.help_label)]
        text = " ".join([*_done(here, following), here.say(says.menu)])
        return Screen(text, tuple(buttons), forward=buttons[0].code, titles=True)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        if code in {"settings", "help", "paths"}:
            return Picked(here.with_(aside=code))
        return tending.tend(here) if code == "group" else go(here, code)


class Courses:
    """All courses."""

    def show(self, here: Here, _of: str, /) -> Screen:
        buttons = (*_course_buttons(here), Button("menu", here.says.menu_label))
        return Screen(here.say(here.says.courses), buttons, backward="menu", titles=True)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return go(here, code)


class InCourse:
    """The lessons of one course."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        course = here.library.course(of, here.progress.lang)
        if course is None:
            return None
        title, summary = here.say(course.title), here.say(course.summary)
        others = (Button("courses", here.says.courses_label),) if here.library.paths else ()
        return _lessons(here, title, summary, [key_of(name) for name in course.lessons], others)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return go(here, code)


class InPath:
    """The lessons of the learning path: all, or where they are many those of one course; else the courses."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        path = here.path
        if path is None:
            return Menu().show(here, of)
        title, summary = here.say(path.title), here.say(path.summary)
        courses = [(here.library.course(name, here.progress.lang), keys) for name, keys in _parts(here).items()]
        for course, keys in courses:
            if course and course.id == of:
                whole = Button("path", here.say(here.says.this_path_label, title=title))
                return _lessons(here, here.say(course.title), here.say(course.summary), keys, (whole,))
        along = here.library.along(path.id)
        if len(along) <= AT_ONCE:
            return _lessons(here, title, summary, along, ())
        buttons = [_course_button(here, course, keys, "p") for course, keys in courses if course]
        text = here.say(here.says.path_parts, title=title, summary=summary)
        menu = Button("menu", here.says.menu_label)
        return Screen(text, (*buttons, menu), backward="menu", titles=True)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return Menu().pick(here, "", code)


def go(here: Here, code: str) -> Picked:
    """Go to a lesson (`l:<key>`), a course (`c:<id>`), its part of the path (`p:<id>`), `path`, `courses`, `menu`."""
    kind, _, name = code.partition(":")
    if kind == "l":
        return teach.begin(here, name)
    places = {"c": f"course:{name}", "p": f"path:{name}", "path": "path", "courses": "courses"}
    return Picked(here.with_(place=places.get(kind, "menu"), aside=""))


def _done(here: Here, following: str | None) -> list[str]:
    """Tell what is done: that the learning path is, or how many of all lessons; its button counts those of a path."""
    says, done = here.says, here.progress.done
    if path := here.path:
        finished = done.keys() >= set(here.library.along(path.id))
        return [here.say(says.path_finished, title=here.say(path.title))] if finished else []
    count = sum(key in here.library.lessons for key in done)
    parts = [here.say(says.menu_done, done=count, all=len(here.library.lessons))] if count else []
    return parts if following else [*parts, here.say(says.all_done)]


def _parts(here: Here) -> dict[str, tuple[str, ...]]:
    """Return the keys of the path's lessons by their courses, in the order in which the path comes to these."""
    parts: dict[str, tuple[str, ...]] = {}
    for key in here.library.along(here.progress.path):
        course = here.library.lessons[key][FIRST].course
        parts[course] = (*parts.get(course, ()), key)
    return parts


def _lessons(here: Here, title: str, summary: str, keys: Collection[str], others: tuple[Button, ...]) -> Screen:
    """Show a list of lessons, with the ways `others` and back to the menu."""
    buttons = (
        *(_lesson_button(here, _label(here, key), key) for key in keys),
        *others,
        Button("menu", here.says.menu_label),
    )
    text = here.say(here.says.course, title=title, summary=summary)
    following = next((f"l:{key}" for key in keys if key not in here.progress.done), "menu")
    backward = others[0].code if others else "menu"
    return Screen(text, buttons, forward=following, backward=backward, titles=True)


def _label(here: Here, key: str) -> str:
    if key in here.progress.spots:
        return here.says.open_label
    return here.says.done_label if key in here.progress.done else "{title}"


def _lesson_button(here: Here, label: str, key: str) -> Button:
    lesson = here.library.lesson(key, here.progress.lang)
    return Button(f"l:{key}", here.say(label, title=here.say(lesson.title if lesson else key)))


def _path_button(here: Here) -> Button | None:
    if not here.path:
        return None
    title = here.say(here.says.this_path_label, title=here.say(here.path.title))
    return Button("path", _counted(here, title, here.library.along(here.path.id)))


def _course_buttons(here: Here) -> list[Button]:
    courses = [languages.get(here.progress.lang, languages[FIRST]) for languages in here.library.courses]
    return [_course_button(here, course, [key_of(name) for name in course.lessons], "c") for course in courses]


def _course_button(here: Here, course: Course, keys: Collection[str], kind: str) -> Button:
    """Return a button that leads to these lessons of the course; `kind` as in `go`."""
    return Button(f"{kind}:{course.id}", _counted(here, here.say(course.title), keys))


def _counted(here: Here, title: str, keys: Collection[str]) -> str:
    """Return a label that says how many of these lessons there are and are done."""
    done = sum(key in here.progress.done for key in keys)
    label = here.say(here.says.course_label, title=title, done=done, all=len(keys))
    return label if done else here.say(here.says.new_course_label, title=title, all=len(keys))
