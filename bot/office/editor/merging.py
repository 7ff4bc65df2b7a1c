"""Two texts that began alike become one, by an editor's hand: a draft and the file, or two drafts of one editor."""

from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from bot.core.access import Refused
from bot.core.lines import compared, merged
from bot.office.door import Asked, Way
from bot.office.editor.desk import Desk, Text, address_of
from bot.office.editor.folder import cleaned
from bot.office.editor.history_texts import history_texts_of
from bot.office.editor.pages import FORM, number_of, paper
from bot.office.editor.rows import report
from bot.office.editor.texts import editor_texts_of
from bot.office.page import draw
from bot.office.sheet import minute_text
from bot.stores.drafts import Draft


class Both(NamedTuple):
    """A draft, and what it is merged with: the file, or `other`, a second draft of the same person."""

    text: Text
    draft: Draft
    other: Draft | None

    @property
    def theirs(self) -> str:
        """What the other one says."""
        return self.other.content if self.other else self.text.held or ""

    @property
    def base(self) -> int:
        """The revision that the merged text begins from."""
        return self.draft.base if self.other else self.text.base

    @property
    def mark(self) -> str:
        """What the other one is now: if it is another when the form comes back, it was changed meanwhile."""
        return f"{self.other.edition}" if self.other else f"{self.text.base}"


class Merging:
    """The answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ways(self) -> list[Way]:
        """Return their addresses."""
        way = "/office/editor/{file}/merge"
        return [Way(way, "editor merging", get=self.look, post=self.merge, most=FORM)]

    async def look(self, asked: Asked) -> Response:
        """Show how the two differ, and what they make together."""
        query = asked.request.query_params
        both = await self._both(asked, query.get("draft", ""), query.get("with", ""))
        said, words, text = history_texts_of(asked.lang), editor_texts_of(asked.lang), both.text
        origin = await self._desk.revisions.one(text.name, both.draft.base)
        name = said.other_name if both.other else said.file_name
        found = merged(origin.content if origin else "", both.draft.content, both.theirs, said.mine_name, name)
        trial = await self._desk.trial(text.path, found.text, asked)
        how = said.merge_draft.format(minute=minute_text(both.other.minute)) if both.other else said.merge_file
        told = report(trial, found.text, asked.lang, words)
        return draw(
            asked.frame,
            "editor_merge",
            words=words,
            told=said,
            both=both,
            text=text,
            how=how,
            clashes=found.clashes,
            late="late" in query,
            rows=compared(both.draft.content, both.theirs),
            report=told,
            paper=paper(found.text, text.name.lang, told),
        )

    async def merge(self, asked: Asked) -> Response:
        """Keep what became of the two. Where one was changed meanwhile, it becomes a draft beside them."""
        fields = asked.fields
        how, typed = fields.get("do", ""), cleaned(fields.get("text", ""))
        try:
            both = await self._both(asked, fields.get("draft", ""), fields.get("with", ""))
        except Refused:  # one of them is gone
            return await self._kept(asked, typed, 0) if how == "save" else RedirectResponse(address_of(asked), 303)
        text, draft = both.text, both.draft
        content = {"mine": draft.content, "theirs": both.theirs}.get(how, typed)
        if draft.edition == number_of(fields.get("edition", "")) and both.mark == fields.get("mark"):
            if how == "theirs" and both.other is None:
                if await self._desk.drafts.drop(draft):
                    return RedirectResponse(f"{text.address}?thrown", 303)
            elif await self._desk.drafts.merge(draft, content, both.base, asked.minute, both.other):
                return RedirectResponse(f"{text.address}?{urlencode({'merged': '', 'draft': draft.id})}", 303)
        if how == "save":
            return await self._kept(asked, typed, draft.id)
        return RedirectResponse(f"{text.address}?draft={draft.id}", 303)

    async def _kept(self, asked: Asked, typed: str, other: int) -> Response:
        """Keep what was merged as a draft of its own, and go on to merging it with the `other`, if there is one."""
        text = await self._desk.text(asked, course=asked.fields.get("course", ""))
        number = await self._desk.drafts.save(
            text.name,
            text.path.parent.name,
            asked.person,
            typed,
            minute=asked.minute,
            base=number_of(asked.fields.get("base", "")),
        )
        if other in {0, number}:
            return RedirectResponse(f"{text.address}?{urlencode({'saved': '', 'draft': number})}", 303)
        return RedirectResponse(f"{text.address}/merge?{urlencode({'draft': number, 'with': other, 'late': ''})}", 303)

    async def _both(self, asked: Asked, draft: str, other: str) -> Both:
        text = await self._desk.text(asked, number_of(draft))
        if text.draft is None or not number_of(draft):
            raise Refused
        number = number_of(other)
        if not number:
            return Both(text, text.draft, None)
        found = await self._desk.drafts.one(text.name, number)
        if found is None or found.person != asked.person.number or number == text.draft.id:
            raise Refused
        return Both(text, text.draft, found)
