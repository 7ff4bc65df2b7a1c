"""The pages on which lessons are listed, written and checked."""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.core.access import Refused
from bot.core.lesson import key_of
from bot.core.library import FIRST, Library
from bot.core.text_name import TextName
from bot.core.wording import plain, words
from bot.library import NothingToTeach, look_through
from bot.office.door import Asked, Way
from bot.office.editor.desk import Desk, Text
from bot.office.editor.folder import MOST, CantOpen, Folder, cleaned
from bot.office.editor.rows import Report, report
from bot.office.editor.texts import EditorTexts, editor_texts_of
from bot.office.page import draw, sorry
from bot.office.sheet import VIETNAM, minute_text
from bot.stores.drafts import Draft

FORM = 3 * MOST  # bytes of a form: each byte of a text may become three
SPARE = 40  # line numbers below the last line, for what is written without a script
_number = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A text in the list: its address, what the link says, and how it stands."""

    address: str
    label: str
    states: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Paper:
    """A text as the field has it, with its line numbers; `bad` has the lines with problems: whether it is an error."""

    content: str
    lang: str
    lines: int
    numbers: range
    bad: dict[int, bool]


class EditorPages:
    """The answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [
            Way("/office/editor", "editor", get=self.all),
            Way("/office/editor/{file}", "editor text", get=self.one, post=self.saved, most=FORM),
            Way("/office/editor/{file}/check", "editor checked", post=self.checked, most=FORM),
            Way("/office/editor/{file}/throw", "editor thrown away", post=self.thrown),
        ]

    async def all(self, asked: Asked) -> Response:
        """List all lessons by their courses, with their translations and what is under way."""
        said, library = editor_texts_of(asked.lang), self._desk.workshop.library()
        drafts = await self._desk.drafts.heads()
        courses = await run_in_threadpool(_listed, self._desk.folder, library, drafts, asked, said)
        return draw(asked.frame, "editor_list", words=said, courses=courses)

    async def one(self, asked: Asked) -> Response:
        """Show a text to work on: this person's draft, or else the file."""
        said = editor_texts_of(asked.lang)
        try:
            text = await self._desk.text(asked, number_of(asked.request.query_params.get("draft", "")))
        except CantOpen as error:
            return sorry(asked.frame, said.cant_open[str(error)], 200)
        found = await self._report(text, text.content, asked, said)
        notes = {"saved": said.saved, "published": said.published_now, "restored": said.restored}
        notes |= {"begun": said.begun, "merged": said.merged_now, "thrown": said.thrown}
        note = next((notes[each] for each in asked.request.query_params if each in notes), "")
        return draw(
            asked.frame,
            "editor",
            words=said,
            text=text,
            report=found,
            note=note,
            how=_how(text, said),
            paper=paper(text.content, text.name.lang, found),
            mine=[each for each in text.drafts if _is_mine(each, asked) and each.id != (text.draft and text.draft.id)],
            others=[each for each in text.drafts if not _is_mine(each, asked)],
            time=minute_text,
        )

    async def saved(self, asked: Asked) -> Response:
        """Keep a text as a draft; nothing else is overwritten, whatever happened meanwhile."""
        fields, said = asked.fields, editor_texts_of(asked.lang)
        try:
            text = await self._desk.text(asked)
        except CantOpen as error:
            return sorry(asked.frame, said.cant_open[str(error)], 200)
        content = cleaned(fields.get("text", ""))
        draft, edition, base = (number_of(fields.get(each, "")) for each in ("draft", "edition", "base"))
        number = draft
        if draft or content != text.content_without_draft:  # to save the file as it is makes no draft
            number = await self._desk.drafts.save(
                text.name,
                text.path.parent.name,
                asked.person,
                content,
                minute=asked.minute,
                draft=draft,
                edition=edition,
                base=base,
            )
        query = {"draft": number} if number else {}
        way = fields.get("do", "")
        if way == "preview" or (way == "publish" and number):
            return RedirectResponse(f"{text.address}/{way}?{urlencode(query)}", 303)
        return RedirectResponse(f"{text.address}?{urlencode({'saved': '', **query})}", 303)

    async def checked(self, asked: Asked) -> Response:
        """Tell what is wrong with a text while it is written; nothing is kept."""
        said = editor_texts_of(asked.lang)
        try:
            text = await self._desk.text(asked)
        except CantOpen:
            raise Refused from None
        found = await self._report(text, cleaned(asked.fields.get("text", "")), asked, said)
        return draw(asked.frame, "editor_problems", words=said, report=found)

    async def thrown(self, asked: Asked) -> Response:
        """Throw a draft away, unless it was saved meanwhile."""
        text = await self._desk.text(asked, number_of(asked.fields.get("draft", "")))
        if text.draft is None or text.draft.edition != number_of(asked.fields.get("edition", "")):
            return sorry(asked.frame, editor_texts_of(asked.lang).too_late, 200)
        await self._desk.drafts.drop(text.draft)
        there = text.address if text.held is not None else "/office/editor"
        return RedirectResponse(f"{there}?thrown", 303)

    async def _report(self, text: Text, content: str, asked: Asked, said: EditorTexts) -> Report:
        trial = await self._desk.trial(text.path, content, asked)
        return report(trial, content, asked.lang, said)


def paper(content: str, lang: str, found: Report) -> Paper:
    """Return what the field is drawn from."""
    lines = content.count("\n") + 1
    bad = {each.line: each.error for each in reversed(found.problems)}
    return Paper(content, lang, lines, range(1, lines + SPARE), bad)


def number_of(text: str) -> int:
    """Return the number that a form or an address has, 0 for anything else."""
    return int((_number.fullmatch(text) or "0")[0])


def _is_mine(draft: Draft, asked: Asked) -> bool:
    return draft.person == asked.person.number


def _how(text: Text, said: EditorTexts) -> str:
    if text.draft:
        return said.draft_is.format(minute=minute_text(text.draft.minute))
    return said.file_is if text.held is not None else said.new_file


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
        state = said.draft_mine if _is_mine(draft, asked) else said.draft_of
        states.append(state.format(author=draft.author, minute=minute_text(draft.minute)))
    return [
        Course(course, said.all_caption.format(course=_course_title(library, course)), _lessons(library, lessons, said))
        for course, lessons in texts.items()
    ]


def _lessons(library: Library, lessons: dict[str, dict[TextName, list[str]]], said: EditorTexts) -> tuple[Lesson, ...]:
    found = []
    for name, texts in lessons.items():
        lesson = library.lessons.get(key_of(name), {}).get(FIRST)
        for lang in library.phrases if lesson else ():
            texts.setdefault(TextName(name, lang), [said.not_translated])
        title = plain(lesson.title.format_map(words(FIRST, "ban"))) if lesson else ""
        listed = [
            Listed(f"/office/editor/{each}", _label(library, each), tuple(states)) for each, states in texts.items()
        ]
        found.append(Lesson(listed[0], title, tuple(listed[1:])))
    return tuple(found)


def _label(library: Library, name: TextName) -> str:
    phrases = library.phrases.get(name.lang)
    return name.lesson if name.lang == FIRST else phrases.language if phrases else name.lang


def _course_title(library: Library, course: str) -> str:
    found = library.course(course, FIRST)
    return plain(found.title.format_map(words(FIRST, "ban"))) if found else course
