"""All pages of the lesson editor."""

from dataclasses import replace

from starlette.responses import Response

from bot.office.door import Answer, Asked, Way
from bot.office.editor.beginning import Beginning
from bot.office.editor.desk import Desk
from bot.office.editor.folder import CantOpen
from bot.office.editor.history import History
from bot.office.editor.listing import Listing
from bot.office.editor.merging import Merging
from bot.office.editor.pages import EditorPages
from bot.office.editor.previewing import Previewing
from bot.office.editor.publishing import Publishing
from bot.office.editor.texts import editor_texts_of
from bot.office.editor.workshop import Workshop
from bot.office.page import sorry
from bot.stores.database import Database


class Editor:
    """The lesson editor."""

    def __init__(self, database: Database, workshop: Workshop) -> None:
        desk = Desk(database, workshop)
        self._pages = (
            Listing(desk),
            EditorPages(desk),
            Beginning(desk),
            Previewing(desk),
            Publishing(desk),
            History(desk),
            Merging(desk),
        )

    def ways(self) -> list[Way]:
        """Return their addresses. Each says so where a file can't be opened."""
        ways = (way for pages in self._pages for way in pages.ways())
        return [replace(way, get=way.get and _opening(way.get), post=way.post and _opening(way.post)) for way in ways]


def _opening(answer: Answer) -> Answer:
    async def answered(asked: Asked) -> Response:
        try:
            return await answer(asked)
        except CantOpen as error:
            return sorry(asked.frame, editor_texts_of(asked.lang).cant_open[str(error)], 200)

    return answered
