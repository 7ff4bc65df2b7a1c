"""`/preview/`: editors walk through lessons in a browser on this machine. The whole walk stands in the address.

Nothing is kept, so any way through a lesson can be gone back, bookmarked and sent to someone. The
page shows what is taught now and what is wrong with the files now; its script loads it anew when that changes.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.web.guard import Guarded
from bot.channels.web.lesson_now import Found, lesson_files, problems_now
from bot.channels.web.page import sorry
from bot.channels.web.previewed import Group, Link, Shown, Stage, answer, title_of, told
from bot.channels.web.texts import PREVIEW, texts_of
from bot.channels.web.walk import Where
from bot.core.lesson import Lesson, key_of
from bot.core.library import FIRST, Library
from bot.metrics import from_here
from bot.pictures.gallery import Gallery
from bot.voice.voice import Voice

_VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_here = re.compile(r"(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]+)?")


def preview_routes(
    library: Callable[[], Library], folder: Path, voice: Voice | None = None, gallery: Gallery | None = None
) -> list[BaseRoute]:
    """Return the routes of the preview of what is taught now; `folder` has the lessons' files.

    They answer this machine alone; from elsewhere there is nothing at these addresses. Clips and
    pictures come from the addresses of the learners' page.
    """
    preview = _Preview(library, folder, Stage(voice, gallery))
    return [
        Route("/preview/", Guarded(_nowhere, get=preview.all), name="previews"),
        Route("/preview/{lesson}", Guarded(_nowhere, get=preview.one), name="preview"),
    ]


class _Preview:
    def __init__(self, library: Callable[[], Library], folder: Path, stage: Stage) -> None:
        self._library = library
        self._folder = folder
        self._stage = stage

    async def all(self, request: Request) -> Response:
        """Show all lessons by their courses, and those that can't be taught."""
        if not _from_here(request):
            return await _nowhere(request)
        library, texts = self._library(), PREVIEW[FIRST]
        groups = [
            Group(course[FIRST].title, tuple(_to_lesson(library, lesson_id) for lesson_id in course[FIRST].lessons))
            for course in library.courses
        ]
        files = await run_in_threadpool(lambda: tuple(lesson_files(self._folder)))
        if left_out := [path.stem for path in files if key_of(path.stem) not in library.lessons]:
            links = tuple(Link(f"/preview/{name}", name) for name in left_out)
            groups.insert(0, Group(texts.left_out, links))
        return answer(Shown(FIRST, texts.all, groups=tuple(groups)))

    async def one(self, request: Request) -> Response:
        """Show where a walk through a lesson leads, or why it can't be taught."""
        if not _from_here(request):
            return await _nowhere(request)
        library, at = self._library(), dt.datetime.now(dt.UTC)
        key = key_of(request.path_params["lesson"])
        languages = library.lessons.get(key)
        lesson = languages[FIRST] if languages else None
        path = await run_in_threadpool(self._file, lesson, key)
        if path is None:
            return await _nowhere(request)
        found = await run_in_threadpool(problems_now, path, library, at.astimezone(_VIETNAM).date())
        if lesson is None:
            return answer(_untaught(path.stem, found))
        others = (Link("/preview/", PREVIEW[FIRST].all),)
        where = Where(f"/preview/{lesson.id}")
        return await self._stage.walk(library, lesson, request.query_params, at, found, where, others)

    def _file(self, lesson: Lesson | None, key: str) -> Path | None:
        if lesson:
            return self._folder / lesson.course / f"{lesson.id}.yaml"
        return next((path for path in lesson_files(self._folder) if key_of(path.stem) == key), None)


def _untaught(lesson_id: str, found: Sequence[Found]) -> Shown:
    texts = PREVIEW[FIRST]
    others = Group(texts.others, (Link(f"/preview/{lesson_id}", texts.reload), Link("/preview/", texts.all)))
    return Shown(FIRST, lesson_id, (texts.untaught,), elsewhere=told(found, FIRST), groups=(others,))


def _to_lesson(library: Library, lesson_id: str) -> Link:
    lesson = library.lessons[key_of(lesson_id)][FIRST]
    return Link(f"/preview/{lesson_id}", f"{lesson.key}: {title_of(library, lesson, FIRST)}")


def _from_here(request: Request) -> bool:
    """Whether it comes from this machine and is meant for it: not all proxies tell that they are one."""
    return from_here(request.scope) and _here.fullmatch(request.headers.get("host", "")) is not None


_NOWHERE: Final = texts_of(FIRST).nowhere


async def _nowhere(_request: Request) -> Response:
    return sorry(404, _NOWHERE)
