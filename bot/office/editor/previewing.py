"""A draft walked through as each kind of learner would, on the pages of the preview."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from starlette.responses import Response

from bot.channels.web.lesson_now import Found, placed
from bot.channels.web.previewed import Link, Stage
from bot.channels.web.walk import Where
from bot.core.access import Refused
from bot.core.lesson import key_of
from bot.core.library import FIRST
from bot.office.door import Asked, Way
from bot.office.editor.desk import Desk, Text
from bot.office.editor.pages import number_of
from bot.office.editor.texts import editor_texts_of
from bot.office.page import sorry
from bot.trial import Trial


class Previewing:
    """The answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stage = Stage(desk.workshop.voice, desk.workshop.gallery)

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [Way("/office/editor/{file}/preview", "editor preview", get=self.walk)]

    async def walk(self, asked: Asked) -> Response:
        """Show where a walk through this person's draft leads, or through the file where they have none."""
        said, query = editor_texts_of(asked.lang), asked.request.query_params
        text = await self._desk.text(asked, number_of(query.get("draft", "")))
        trial = await self._desk.trial(text.path, text.content, asked)
        languages = trial.library.lessons.get(key_of(text.name.lesson)) if trial.library else None
        if text.name.course:
            raise Refused
        if trial.library is None or languages is None:
            return sorry(asked.frame, said.no_preview, 200)
        # The office's own language stands under `lang` in its addresses.
        more = (("draft", str(text.draft.id)),) if text.draft else ()
        where = Where(f"{text.address}/preview", "tongue", more)
        if "tongue" not in query and text.name.lang in trial.library.phrases:
            query = type(query)([*query.multi_items(), ("tongue", text.name.lang)])
        return await self._stage.walk(
            trial.library,
            languages[FIRST],
            query,
            dt.datetime.fromtimestamp(asked.minute * 60, dt.UTC),
            _found(trial, text),
            where,
            (Link(f"{text.address}?{more[0][0]}={more[0][1]}" if more else text.address, said.to_text),),
            draft=said.previewed_draft if text.draft else said.previewed_file,
        )


def _found(trial: Trial, text: Text) -> list[Found]:
    """Return the draft's own problems with their steps, then those of other files; paths as editors know them."""
    own = placed(trial.problems, lambda _: text.content)
    found = (*own, *(Found(each, "") for each in trial.elsewhere))
    return [Found(replace(each.problem, path=Path(each.problem.path).name), each.step) for each in found]
