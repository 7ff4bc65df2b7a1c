"""The page on which a text is written and checked."""

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from bot.core.access import Refused
from bot.office.door import Asked, Way
from bot.office.editor.desk import Desk, Text, address_of
from bot.office.editor.folder import MOST, CantOpen, cleaned
from bot.office.editor.rows import Report, report
from bot.office.editor.texts import EditorTexts, editor_texts_of
from bot.office.page import draw, sorry
from bot.office.sheet import minute_text
from bot.stores.drafts import Draft

FORM = 3 * MOST  # bytes of a form: each byte of a text may become three
SPARE = 40  # line numbers below the last line, for what is written without a script
_number = re.compile(r"[0-9]{1,9}")


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
            Way("/office/editor/{file}", "editor text", get=self.one, post=self.saved, most=FORM),
            Way("/office/editor/{file}/check", "editor checked", post=self.checked, most=FORM),
            Way("/office/editor/{file}/throw", "editor thrown away", post=self.thrown),
        ]

    async def one(self, asked: Asked) -> Response:
        """Show a text to work on: this person's draft, or else the file."""
        said, number = editor_texts_of(asked.lang), number_of(asked.request.query_params.get("draft", ""))
        try:
            text = await self._desk.text(asked, number)
        except Refused:  # perhaps the draft alone is gone
            if not number:
                raise
            return RedirectResponse(address_of(asked), 303)
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
            mine=[each for each in text.drafts if is_mine(each, asked) and each.id != (text.draft and text.draft.id)],
            others=[each for each in text.drafts if not is_mine(each, asked)],
            time=minute_text,
        )

    async def saved(self, asked: Asked) -> Response:
        """Keep a text as a draft; nothing else is overwritten, whatever happened meanwhile."""
        fields, address = asked.fields, address_of(asked)
        content, course = cleaned(fields.get("text", "")), fields.get("course", "")
        draft, edition, base = (number_of(fields.get(each, "")) for each in ("draft", "edition", "base"))
        name, path, _ = await self._desk.place(asked, course)
        unchanged: str | None = None
        with suppress(CantOpen):  # then the text is kept all the same, and the next page tells of the file
            unchanged = (await self._desk.text(asked, course=course)).content_without_draft
        number = draft
        if draft or content != unchanged:  # to save the file as it is makes no draft
            number = await self._desk.drafts.save(
                name,
                path.parent.name,
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
            return RedirectResponse(f"{address}/{way}?{urlencode(query)}", 303)
        return RedirectResponse(f"{address}?{urlencode({'saved': '', **query})}", 303)

    async def checked(self, asked: Asked) -> Response:
        """Tell what is wrong with a text while it is written; nothing is kept."""
        said = editor_texts_of(asked.lang)
        try:
            text = await self._desk.text(asked, course=asked.fields.get("course", ""))
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


def is_mine(draft: Draft, asked: Asked) -> bool:
    """Whether a draft is that of whoever asks."""
    return draft.person == asked.person.number


def _how(text: Text, said: EditorTexts) -> str:
    if text.draft:
        return said.draft_is.format(minute=minute_text(text.draft.minute))
    return said.file_is if text.held is not None else said.new_file
