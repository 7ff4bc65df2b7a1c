"""A text on an editor's desk: their draft or the file, with what is wrong with it and what else there is of it."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from bot.core.access import Refused
from bot.core.lesson import key_of
from bot.core.library import FIRST
from bot.core.new_translation import new_translation
from bot.core.text_name import TextName
from bot.office.door import Asked
from bot.office.editor.folder import Folder, read
from bot.office.editor.workshop import Workshop
from bot.office.sheet import VIETNAM
from bot.stores.database import Database
from bot.stores.drafts import Draft, Drafts
from bot.stores.revisions import Revisions
from bot.trial import Trial, try_text


@dataclass(frozen=True, slots=True)
class Text:
    """What is shown: `draft` or else what the file holds. `base` is the revision that the file holds now."""

    name: TextName
    path: Path
    held: str | None  # by the file; None: there is none
    base: int
    draft: Draft | None
    drafts: tuple[Draft, ...]  # all of this file, without contents
    begun: str = ""  # what a new translation begins with

    @property
    def content(self) -> str:
        """The text to work on."""
        return self.draft.content if self.draft else self.content_without_draft

    @property
    def content_without_draft(self) -> str:
        """What whoever has no draft begins with."""
        return self.begun if self.held is None else self.held

    @property
    def outdated(self) -> bool:
        """Whether the file has changed since the draft began."""
        return self.draft is not None and self.draft.base != self.base

    @property
    def file(self) -> str:
        """Its file as editors know it: in the folder of its course."""
        return f"{self.path.parent.name}/{self.path.name}"

    @property
    def address(self) -> str:
        """Where it is worked on."""
        return f"/office/editor/{self.name}"


def address_of(asked: Asked) -> str:
    """Return where the text is worked on that the address names."""
    return f"/office/editor/{asked.request.path_params['file']}"


class Desk:
    """Finds texts. Raises Refused for what isn't there, CantOpen for a file that can't be shown, StoreDown."""

    def __init__(self, database: Database, workshop: Workshop) -> None:
        self.workshop = workshop
        self.folder = Folder(workshop.folder)
        self.drafts = Drafts(database)
        self.revisions = Revisions(database)

    async def text(self, asked: Asked, number: int = 0, course: str = "") -> Text:
        """Return the text that the address names, with this person's draft: the one with a number, or their newest.

        A text that is nowhere else is there all the same if its `course` is named: it was written on a page whose
        draft is gone since.
        """
        name, path, drafts = await self.place(asked, course)
        held = await run_in_threadpool(read, path)
        begun = self._begun(name) if held is None else ""
        if held is None and not (drafts or begun or course):
            raise Refused
        base = await self.revisions.seen(name, held, asked.minute)
        drafts = await self.drafts.of(name)  # seeing the file may have completed a publication
        mine = [each for each in drafts if each.person == asked.person.number and number in {0, each.id}]
        draft = await self.drafts.one(name, mine[0].id) if mine else None
        if number and draft is None:
            raise Refused
        return Text(name, path, held, base, draft, tuple(drafts), begun)

    async def place(self, asked: Asked, course: str = "") -> tuple[TextName, Path, list[Draft]]:
        """Return which text the address names, where its file stands or would stand, and everybody's drafts of it."""
        name = TextName.read(asked.request.path_params["file"])
        if name is None or name.lang not in self.workshop.library().phrases:
            raise Refused
        drafts = await self.drafts.of(name)
        path = await run_in_threadpool(self.folder.find, name, drafts[0].course if drafts else course)
        if path is None:
            raise Refused
        return name, path, drafts

    async def trial(self, path: Path, content: str, asked: Asked) -> Trial:
        """Look at a text as `hocso check` does."""
        today = dt.datetime.fromtimestamp(asked.minute * 60, VIETNAM).date()
        library = self.workshop.library()
        return await run_in_threadpool(try_text, self.workshop.folder, library, path, content, today)

    def _begun(self, name: TextName) -> str:
        """Return what a translation begins with; nothing where there is nothing such."""
        library = self.workshop.library()
        if name.lang == FIRST:
            return ""
        part = library.course(name.course, FIRST) if name.course else library.lesson(key_of(name.lesson), FIRST)
        return new_translation(part) if part and part.id in {name.lesson, name.course} else ""
