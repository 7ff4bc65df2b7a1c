"""The page on which a new lesson is begun, with the questions of `hocso new lesson`."""

import datetime as dt
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.core.library import FIRST
from bot.core.new_lesson import new_lesson, proposed_id
from bot.core.new_lesson_questions import QUESTIONS, USUAL, no_course, taken, value_of, wrong_answer
from bot.core.text_name import TextName
from bot.office.door import Asked, Way
from bot.office.editor.desk import Desk
from bot.office.editor.texts import editor_texts_of
from bot.office.page import draw
from bot.office.sheet import VIETNAM

LONGEST = 300  # characters of an answer


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the form: what is asked, what was answered, and what is wrong with that."""

    key: str
    asked: str
    said: str
    wrong: str
    courses: tuple[tuple[str, str], ...] = ()  # to choose from: ids and titles


class Beginning:
    """The answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [Way("/office/new-lesson", "editor new", get=self.ask, post=self.begin)]

    async def ask(self, asked: Asked) -> Response:
        """Show the form."""
        return await self._form(asked, dict(USUAL), {})

    async def begin(self, asked: Asked) -> Response:
        """Make a draft that can be taught at once, or tell what is wrong with each answer."""
        said = {key: " ".join(asked.fields.get(key, "").split())[:LONGEST] for key in QUESTIONS}
        drafts = await self._desk.drafts.heads()
        courses = await run_in_threadpool(self._desk.folder.courses)
        texts = await run_in_threadpool(lambda: list(self._desk.folder.texts()))
        texts += [(each.course, each.name) for each in drafts]
        there = {(course, name.lesson) for course, name in texts if not name.course}
        names = sorted({name for _, name in there})
        wrong = {key: wrong_answer(key, said[key], asked.lang) for key in QUESTIONS if key not in {"course", "id"}}
        wrong["course"] = no_course(said["course"], courses, asked.lang)
        in_course = [name for course, name in there if course == said["course"]]
        wrong["id"] = taken(said["id"], names, asked.lang) if said["id"] else ""
        if any(wrong.values()):
            return await self._form(asked, said, wrong)
        name = said["id"] or proposed_id(said["course"], said["title"], in_course, names)
        today = dt.datetime.fromtimestamp(asked.minute * 60, VIETNAM).date()
        begun = {key: value_of(key, said[key]) for key in QUESTIONS if key not in {"course", "id"}}
        text = new_lesson(begun, today, asked.lang)
        number = await self._desk.drafts.save(TextName(name), said["course"], asked.person, text, minute=asked.minute)
        return RedirectResponse(f"/office/editor/{name}?begun&draft={number}", 303)

    async def _form(self, asked: Asked, said: dict[str, str], wrong: dict[str, str]) -> Response:
        words, library = editor_texts_of(asked.lang), self._desk.workshop.library()
        ids = await run_in_threadpool(self._desk.folder.courses)
        titles = {each[FIRST].id: each[FIRST].title for each in library.courses}
        courses = tuple((each, titles.get(each, each)) for each in ids)
        questions = [
            Question(
                key,
                words.new_id if key == "id" else question.said(asked.lang),
                said.get(key, ""),
                wrong.get(key, ""),
                courses if key == "course" else (),
            )
            for key, question in QUESTIONS.items()
        ]
        return draw(asked.frame, "editor_new", words=words, questions=questions, wrong=any(wrong.values()))
