"""All pages of the lesson editor."""

from bot.office.door import Way
from bot.office.editor.beginning import Beginning
from bot.office.editor.desk import Desk
from bot.office.editor.history import History
from bot.office.editor.listing import Listing
from bot.office.editor.merging import Merging
from bot.office.editor.pages import EditorPages
from bot.office.editor.previewing import Previewing
from bot.office.editor.publishing import Publishing
from bot.office.editor.workshop import Workshop
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
        """Return their addresses."""
        return [way for pages in self._pages for way in pages.ways()]
