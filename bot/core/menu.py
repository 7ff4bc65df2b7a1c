"""Choosing what to learn: all courses, one course, and what comes next."""

from bot.core import teach
from bot.core.here import Here, Picked, Screen
from bot.core.lesson import Course, key_of
from bot.core.library import FIRST
from bot.core.turn import Button


class Menu:
    """All courses, with what is done and what comes next."""

    def show(self, here: Here, _of: str, /) -> Screen:
        says, progress, library = here.says, here.progress, here.library
        buttons = [_lesson_button(here, says.continue_label, key) for key in reversed(progress.spots)][:1]
        following = library.following(progress.done)
        if following and not buttons:
            buttons.append(_lesson_button(here, says.start_label, following))
        buttons += [
            _course_button(here, languages.get(progress.lang, languages[FIRST])) for languages in library.courses
        ]
        buttons += [Button("settings", says.settings_label), Button("help", says.help_label)]
        parts = [here.say(says.menu)]
        if done := sum(key in library.lessons for key in progress.done):
            parts.insert(0, here.say(says.menu_done, done=done, all=len(library.lessons)))
        if not following:
            parts.insert(1, here.say(says.all_done))
        return Screen(" ".join(parts), tuple(buttons), forward=buttons[0].code, titles=True)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        if code in {"settings", "help"}:
            return Picked(here.with_(aside=code))
        return go(here, code)


class InCourse:
    """The lessons of one course."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        course = here.library.course(of, here.progress.lang)
        if course is None:
            return None
        keys = [key_of(name) for name in course.lessons]
        buttons = (
            *(_lesson_button(here, _label(here, key), key) for key in keys),
            Button("menu", here.says.menu_label),
        )
        text = here.say(here.says.course, title=here.say(course.title), summary=here.say(course.summary))
        following = next((f"l:{key}" for key in keys if key not in here.progress.done), "menu")
        return Screen(text, buttons, forward=following, backward="menu", titles=True)

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        return go(here, code)


def go(here: Here, code: str) -> Picked:
    """Go to the menu (`menu`), a course (`c:<id>`) or a lesson (`l:<key>`)."""
    kind, _, name = code.partition(":")
    if kind == "l":
        return teach.begin(here, name)
    place = f"course:{name}" if kind == "c" else "menu"
    return Picked(here.with_(place=place, aside=""))


def _label(here: Here, key: str) -> str:
    if key in here.progress.spots:
        return here.says.open_label
    return here.says.done_label if key in here.progress.done else "{title}"


def _lesson_button(here: Here, label: str, key: str) -> Button:
    lesson = here.library.lesson(key, here.progress.lang)
    return Button(f"l:{key}", here.say(label, title=here.say(lesson.title if lesson else key)))


def _course_button(here: Here, course: Course) -> Button:
    done = sum(key_of(name) in here.progress.done for name in course.lessons)
    title, lessons = here.say(course.title), len(course.lessons)
    label = here.say(here.says.course_label, title=title, done=done, all=lessons)
    fresh = here.say(here.says.new_course_label, title=title, all=lessons)
    return Button(f"c:{course.id}", label if done else fresh)
