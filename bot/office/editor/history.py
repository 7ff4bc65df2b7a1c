"""The pages of what a file held: its history, any two texts compared, an old one brought back."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from bot.core.access import Refused
from bot.core.lines import compared
from bot.office.door import Asked, Way
from bot.office.editor.desk import Desk, Text
from bot.office.editor.history_texts import HistoryTexts, history_texts_of
from bot.office.editor.pages import number_of
from bot.office.editor.texts import editor_texts_of
from bot.office.page import draw
from bot.office.sheet import minute_text
from bot.stores.revisions import Revision

AT_ONCE = 50  # versions on a page
FILE = "file"
_mark = re.compile(r"([rd])([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Version:
    """A text that may be compared: its mark (`file`, `r` or `d` with a number), what it is called, what it says."""

    mark: str
    label: str
    content: str = ""


class History:
    """The answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [
            Way("/office/editor/{file}/history", "editor history", get=self.all),
            Way("/office/editor/{file}/compare", "editor compared", get=self.compare),
            Way("/office/editor/{file}/restore", "editor restored", post=self.restore),
        ]

    async def all(self, asked: Asked) -> Response:
        """List what the file held, the newest first."""
        said, text = history_texts_of(asked.lang), await self._desk.text(asked)
        before = number_of(asked.request.query_params.get("before", ""))
        found = await self._desk.revisions.history(text.name, AT_ONCE + 1, before)
        return draw(
            asked.frame,
            "editor_history",
            words=editor_texts_of(asked.lang),
            told=said,
            text=text,
            versions=[
                (each, _author(each, said), minute_text(each.minute), earlier.id if earlier else 0)
                for each, earlier in zip(found[:AT_ONCE], [*found[1:], None], strict=False)
            ],
            pick=[*_others(text, said), *(_version(each, said) for each in found[:AT_ONCE])],
            older=found[AT_ONCE - 1].id if len(found) > AT_ONCE else 0,
            before=before,
        )

    async def compare(self, asked: Asked) -> Response:
        """Show what was removed and added between two texts."""
        said, text = history_texts_of(asked.lang), await self._desk.text(asked)
        one, other = [await self._find(text, asked.request.query_params.get(each, ""), said) for each in ("a", "b")]
        return draw(
            asked.frame,
            "editor_compare",
            words=editor_texts_of(asked.lang),
            told=said,
            text=text,
            pair=(one, other),
            rows=compared(one.content, other.content),
        )

    async def restore(self, asked: Asked) -> Response:
        """Make a draft of an old text, or of a colleague's draft; one's other drafts stay as they are."""
        text = await self._desk.text(asked)
        version = await self._find(text, asked.fields.get("from", ""), history_texts_of(asked.lang))
        number = await self._desk.drafts.save(
            text.name, text.path.parent.name, asked.person, version.content, minute=asked.minute, base=text.base
        )
        return RedirectResponse(f"{text.address}?{urlencode({'restored': '', 'draft': number})}", 303)

    async def _find(self, text: Text, mark: str, said: HistoryTexts) -> Version:
        if mark == FILE and text.held is not None:
            return Version(FILE, said.file, text.held)
        named = _mark.fullmatch(mark)
        number = int(named[2]) if named else 0
        if named and named[1] == "r" and (revision := await self._desk.revisions.one(text.name, number)):
            return _version(revision, said)
        if named and named[1] == "d" and (draft := await self._desk.drafts.one(text.name, number)):
            label = said.draft.format(author=draft.author, minute=minute_text(draft.minute))
            return Version(mark, label, draft.content)
        raise Refused


def _others(text: Text, said: HistoryTexts) -> list[Version]:
    """Return what may be compared besides the revisions."""
    file = [Version(FILE, said.file)] if text.held is not None else []
    drafts = (
        Version(f"d{each.id}", said.draft.format(author=each.author, minute=minute_text(each.minute)))
        for each in text.drafts
    )
    return [*file, *drafts]


def _version(revision: Revision, said: HistoryTexts) -> Version:
    label = said.revision.format(minute=minute_text(revision.minute), author=_author(revision, said))
    return Version(f"r{revision.id}", label, revision.content)


def _author(revision: Revision, said: HistoryTexts) -> str:
    return revision.author or said.outside
