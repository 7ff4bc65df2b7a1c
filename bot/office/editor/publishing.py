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
        said, number = editor_texts_of(asked.lang), number_of(asked.request.query_params.get("draft", ""))
        try:
            text = await self._desk.text(asked, number)
        except CantOpen as error:
            return sorry(asked.frame, said.cant_open[str(error)], 200)
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
        except (CantOpen, Refused) as error:
            return await self._not_there(asked, error)
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

    async def _not_there(self, asked: Asked, error: CantOpen | Refused) -> Response:
        """Say that a file can't be read; or that a draft is gone: as a rule the button was pressed twice."""
        if isinstance(error, CantOpen):
            return sorry(asked.frame, editor_texts_of(asked.lang).cant_open[str(error)], 200)
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
