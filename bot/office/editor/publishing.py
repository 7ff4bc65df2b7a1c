"""The page before a text is published, and publishing it."""

from starlette.responses import RedirectResponse, Response

from bot.core.access import Refused
from bot.core.lesson import key_of
from bot.core.lines import compared, unmerged
from bot.core.saving import StoreDown
from bot.office.door import Asked, Way
from bot.office.editor.desk import Desk, Text, address_of
from bot.office.editor.folder import CantOpen, read, write
from bot.office.editor.pages import number_of
from bot.office.editor.rows import inside, report
from bot.office.editor.texts import editor_texts_of
from bot.office.page import draw, sorry
from bot.office.texts import Problem
from bot.stores.revisions import NotWritten, Outdated
from bot.trial import Trial, impact_on


class Publishing:
    """The answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [Way("/office/editor/{file}/publish", "editor publishing", get=self.look, post=self.publish)]

    async def look(self, asked: Asked) -> Response:
        """Show what changes, what is wrong and who is inside, before anything is done."""
        number = number_of(asked.request.query_params.get("draft", ""))
        try:
            text = await self._desk.text(asked, number)
        except Refused:  # perhaps the draft alone is gone: published already
            if not number:
                raise
            return RedirectResponse(address_of(asked), 303)
        if text.draft is None:
            return RedirectResponse(text.address, 303)
        trial = await self._desk.trial(text.path, text.content, asked)
        return await self._page(asked, text, trial)

    async def publish(self, asked: Asked) -> Response:
        """Publish a draft as it was looked at, or say why not."""
        said, fields = editor_texts_of(asked.lang), asked.fields
        try:
            text = await self._desk.text(asked, number_of(fields.get("draft", "")))
        except Refused:
            return await self._again(asked)
        if text.draft is None or text.draft.edition != number_of(fields.get("edition", "")):
            return sorry(asked.frame, said.too_late, 200)
        trial = await self._desk.trial(text.path, text.content, asked)
        if not trial.good or text.outdated:
            return await self._page(asked, text, trial)
        try:
            await self._desk.revisions.publish(
                text.draft, asked.minute, lambda: read(text.path), lambda content: write(text.path, content)
            )
        except (Outdated, CantOpen):
            return sorry(asked.frame, said.too_late, 200)
        except NotWritten as error:
            told = said.not_written
            shown = text.path.relative_to(self._desk.workshop.folder.parent)
            return sorry(asked.frame, Problem(told.title, told.text.format(file=shown, why=error)), 200)
        return RedirectResponse(f"{text.address}?published", 303)

    async def _again(self, asked: Asked) -> Response:
        """Answer whoever publishes a draft that is gone: as a rule they pressed the button twice."""
        text = await self._desk.text(asked)
        newest = await self._desk.revisions.history(text.name, 1)
        theirs = bool(newest) and newest[0].author == asked.person.name
        return RedirectResponse(f"{text.address}?published" if theirs else text.address, 303)

    async def _page(self, asked: Asked, text: Text, trial: Trial) -> Response:
        said = editor_texts_of(asked.lang)
        found = report(trial, text.content, asked.lang, said)
        able = trial.good and not text.outdated and text.content != text.held
        people: tuple[str, ...] = ()
        if able and trial.library and not text.name.course:
            try:
                impact = await impact_on(trial.library, self._desk.workshop.everyone(), key_of(text.name.lesson))
                people = tuple(inside(impact, said))
            except StoreDown:
                people = (said.down.text,)
        return draw(
            asked.frame,
            "editor_publish",
            words=said,
            text=text,
            report=found,
            able=able,
            both=unmerged(text.content),
            same=text.content == text.held,
            people=people,
            rows=compared(text.held or "", text.content),
        )
