"""The list of all that is taught, with what is under way."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.core.lesson import key_of
from bot.core.library import FIRST, Library
from bot.core.text_name import TextName
from bot.core.wording import plain, words
from bot.library import NothingToTeach, look_through
from bot.office.door import Asked, Way
from bot.office.editor.desk import Desk
from bot.office.editor.folder import Folder
from bot.office.editor.pages import is_mine
from bot.office.editor.texts import EditorTexts, editor_texts_of
from bot.office.page import draw
from bot.office.sheet import VIETNAM, minute_text
from bot.stores.drafts import Draft


@dataclass(frozen=True, slots=True)
class Listed:
    """A text in the list: its address, what the link says, how it stands, and whether somebody should know."""

    address: str
    label: str
    states: tuple[str, ...]
    notable: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson in the list, with its translations."""

    first: Listed
    title: str
    others: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course in the list."""

    key: str
    caption: str
    lessons: tuple[Lesson, ...]


class Listing:
    """The answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [Way("/office/editor", "editor", get=self.all)]

    async def all(self, asked: Asked) -> Response:
        """List all lessons by their courses, with their translations and what is under way."""
        said, library = editor_texts_of(asked.lang), self._desk.workshop.library()
        drafts = await self._desk.drafts.heads()
        courses = await run_in_threadpool(_listed, self._desk.folder, library, drafts, asked, said)
        lessons = [lesson for course in courses for lesson in course.lessons]
        notable = [
            (lesson.title or lesson.first.label, each)
            for lesson in lessons
            for each in (lesson.first, *lesson.others)
            if each.notable
        ]
        return draw(asked.frame, "editor_list", words=said, courses=courses, notable=notable)


def _listed(folder: Folder, library: Library, drafts: list[Draft], asked: Asked, said: EditorTexts) -> list[Course]:
    try:
        problems = look_through(folder.path, library)[1]
    except NothingToTeach as error:
        problems = error.problems
    broken = Counter(each.path for each in problems if each.severity == "error")
    today = dt.datetime.fromtimestamp(asked.minute * 60, VIETNAM).date()
    texts: dict[str, dict[str, dict[TextName, list[str]]]] = {course: {} for course in folder.courses()}
    for course, name in folder.texts():
        states = [said.in_use]
        if wrong := broken[str(folder.path / course / name.file)]:
            states = [said.one_broken if wrong == 1 else said.broken.format(number=wrong)]
        lesson = library.lessons.get(key_of(name.lesson), {}).get(FIRST)
        if name.lang == FIRST and lesson and lesson.recheck_by < today:
            states.append(said.overdue.format(day=f"{lesson.recheck_by:%d/%m/%Y}"))
        texts[course].setdefault(name.lesson, {})[name] = states
    for draft in drafts:
        states = (
            texts.setdefault(draft.course, {})
            .setdefault(draft.name.lesson, {})
            .setdefault(draft.name, [said.not_there])
        )
        state = said.draft_mine if is_mine(draft, asked) else said.draft_of
        states.append(state.format(author=draft.author, minute=minute_text(draft.minute)))
    return [
        Course(course, said.all_caption.format(course=_course_title(library, course)), _lessons(library, lessons, said))
        for course, lessons in texts.items()
    ]


def _lessons(library: Library, lessons: dict[str, dict[TextName, list[str]]], said: EditorTexts) -> tuple[Lesson, ...]:
    found = []
    for name, texts in lessons.items():
        named = TextName(name)
        lesson = library.lessons.get(key_of(name), {}).get(FIRST)
        course = library.course(named.course, FIRST)
        for lang in library.phrases if lesson or course else ():
            texts.setdefault(TextName(name, lang), [said.not_translated])
        title = said.of_course if named.course else ""
        if lesson:
            title = plain(lesson.title.format_map(words(FIRST, "ban")))
        calm = {said.in_use, said.not_translated}
        listed = [
            Listed(f"/office/editor/{each}", _label(library, each), tuple(states), not calm.issuperset(states))
            for each, states in texts.items()
        ]
        found.append(Lesson(listed[0], title, tuple(listed[1:])))
    return tuple(found)


def _label(library: Library, name: TextName) -> str:
    if name.lang == FIRST:
        return name.file.removesuffix(".yaml")
    phrases = library.phrases.get(name.lang)
    return phrases.language if phrases else name.lang


def _course_title(library: Library, course: str) -> str:
    found = library.course(course, FIRST)
    return plain(found.title.format_map(words(FIRST, "ban"))) if found else course
