"""`/preview/`: editors walk through lessons in a browser on this machine. The whole walk stands in the address.

Nothing is kept, so any way through a lesson can be gone back, bookmarked and sent to someone. The
page shows what is taught now and what is wrong with the files now; its script loads it anew when that changes.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web.guard import Guarded
from bot.channels.web.lesson_now import Found, lesson_files, problems_now
from bot.channels.web.page import View, draw_preview, sorry, text_block, view_of
from bot.channels.web.picture import Pictures
from bot.channels.web.texts import PREVIEW, PreviewTexts, texts_of
from bot.channels.web.voice import Aloud
from bot.channels.web.walk import Walk, Walked, walked
from bot.core.diagram import Diagram, diagram, ways_of
from bot.core.lesson import Lesson, Scene, key_of
from bot.core.library import FIRST, Library
from bot.core.spoken import spoken
from bot.core.talk_example import ENDING, KINDS
from bot.core.wording import plain, words
from bot.metrics import from_here
from bot.pictures.gallery import Gallery
from bot.voice.voice import Voice

_VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_here = re.compile(r"(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page; `here` if one stands there. `more` is what is told below it."""

    address: str
    label: str
    here: bool = False
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Links under a heading."""

    heading: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a lesson, or a line of a rehearsal; both are empty outside."""

    step: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the preview, ready to draw."""

    lang: str
    title: str
    notes: tuple[str, ...] = ()  # about the lesson as a whole
    view: View | None = None  # what the learner gets
    choices: tuple[Link, ...] = ()
    problems: tuple[str, ...] = ()  # of the step that is shown
    elsewhere: tuple[str, ...] = ()  # further problems of the lesson's files
    drawing: Diagram | None = None
    place: Place = Place()
    steps: tuple[Link, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def mark(self) -> str:
        """Tells it from what it will be when something has changed."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def preview_routes(
    library: Callable[[], Library], folder: Path, voice: Voice | None = None, gallery: Gallery | None = None
) -> list[BaseRoute]:
    """Return the routes of the preview of what is taught now; `folder` has the lessons' files.

    They answer this machine alone; from elsewhere there is nothing at these addresses. Clips and
    pictures come from the addresses of the learners' page.
    """
    preview = _Preview(library, folder, Aloud(voice), Pictures(gallery))
    return [
        Route("/preview/", Guarded(_nowhere, get=preview.all), name="previews"),
        Route("/preview/{lesson}", Guarded(_nowhere, get=preview.one), name="preview"),
    ]


class _Preview:
    def __init__(self, library: Callable[[], Library], folder: Path, aloud: Aloud, pictures: Pictures) -> None:
        self._library = library
        self._folder = folder
        self._aloud = aloud
        self._pictures = pictures

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
        return _drawn(Shown(FIRST, texts.all, groups=tuple(groups)))

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
            return _drawn(_untaught(path.stem, found))
        there = walked(Walk.asked(request.query_params, library, lesson), library, lesson, at)
        view = self._pictures.seen(view_of(there.reply), there.reply)
        view = await self._aloud.heard(view, msgspec.structs.replace(there.reply, aloud=True), library)
        if there.walk.kind == "listening":
            view = replace(view, blocks=tuple(map(text_block, spoken(there.reply, library))))
        return _drawn(_shown(library, lesson, there, view, found))

    def _file(self, lesson: Lesson | None, key: str) -> Path | None:
        if lesson:
            return self._folder / lesson.course / f"{lesson.id}.yaml"
        return next((path for path in lesson_files(self._folder) if key_of(path.stem) == key), None)


def _shown(library: Library, lesson: Lesson, there: Walked, view: View, found: Sequence[Found]) -> Shown:
    walk = there.walk
    texts = PREVIEW.get(walk.lang, PREVIEW[FIRST])
    place = Place(there.spot.step, there.spot.line) if there.spot else Place()
    bad = any(each.problem.severity == "error" and not each.problem.path.endswith(ENDING) for each in found)
    return Shown(
        lang=walk.lang,
        title=_title(library, lesson, walk.lang),
        notes=(*((texts.broken,) if bad else ()), *((texts.lost,) if there.lost else ())),
        view=view,
        choices=tuple(_choices(there)),
        problems=_told([each for each in found if each.step and each.step == place.step], walk.lang),
        elsewhere=_told([each for each in found if not each.step or each.step != place.step], walk.lang),
        drawing=diagram(lesson),
        place=place,
        steps=tuple(_steps(lesson, there, found, texts)),
        groups=(_learners(library, walk, texts), _others(walk.address, texts)),
    )


def _untaught(lesson_id: str, found: Sequence[Found]) -> Shown:
    texts = PREVIEW[FIRST]
    others = _others(f"/preview/{lesson_id}", texts)
    return Shown(FIRST, lesson_id, (texts.untaught,), elsewhere=_told(found, FIRST), groups=(others,))


def _told(found: Sequence[Found], lang: str) -> tuple[str, ...]:
    return tuple(each.problem.told("vi" if lang == "vi" else "en") for each in found)


def _choices(there: Walked) -> Iterator[Link]:
    """Find a link for each button."""
    for number, button in enumerate(() if there.walk.ends else there.reply.buttons, 1):
        label = plain(button.label)
        yield Link(
            there.walk.tapping(button.code).address, f"{number}. {label}" if there.walk.kind == "numbers" else label
        )


def _steps(lesson: Lesson, there: Walked, found: Sequence[Found], texts: PreviewTexts) -> Iterator[Link]:
    """Find the way to every step, with the ways through a rehearsal and how much is wrong there."""
    for number, step in enumerate(lesson.steps, 1):
        more = tuple(_lines(step)) if isinstance(step, Scene) else ()
        if wrong := sum(each.step == step.id for each in found):
            more = (texts.wrong.format(number=wrong), *more)
        address = replace(there.walk, step=step.id, taps=()).address
        here = there.spot is not None and there.spot.step == step.id
        yield Link(address, f"{number}. {step.id} ({step.kind})", here, more)


def _lines(scene: Scene) -> Iterator[str]:
    for line, there in ways_of(scene).items():
        yield f"{line}: " + "; ".join(f"{', '.join(map(str, numbers))} → {end}" for end, numbers in there.items())


def _learners(library: Library, walk: Walk, texts: PreviewTexts) -> Group:
    """Return the same walk as others take it."""
    kinds = (Link(replace(walk, kind=kind).address, texts.kinds[kind], kind == walk.kind) for kind in KINDS)
    languages = (
        Link(replace(walk, lang=code).address, phrases.language, code == walk.lang)
        for code, phrases in library.phrases.items()
    )
    return Group(texts.learner, (*kinds, *languages))


def _others(address: str, texts: PreviewTexts) -> Group:
    return Group(texts.others, (Link(address, texts.reload), Link("/preview/", texts.all)))


def _to_lesson(library: Library, lesson_id: str) -> Link:
    lesson = library.lessons[key_of(lesson_id)][FIRST]
    return Link(f"/preview/{lesson_id}", f"{lesson.key}: {_title(library, lesson, FIRST)}")


def _title(library: Library, lesson: Lesson, lang: str) -> str:
    said = library.lesson(lesson.key, lang) or lesson
    return plain(said.title.format_map(words(said.lang, "ban")))


def _drawn(shown: Shown) -> Response:
    page = draw_preview(shown, shown.lang, PREVIEW.get(shown.lang, PREVIEW[FIRST]))
    return HTMLResponse(page, headers={"ETag": f'"{shown.mark}"'})


def _from_here(request: Request) -> bool:
    """Whether it comes from this machine and is meant for it: not all proxies tell that they are one."""
    return from_here(request.scope) and _here.fullmatch(request.headers.get("host", "")) is not None


_NOWHERE: Final = texts_of(FIRST).nowhere


async def _nowhere(_request: Request) -> Response:
    return sorry(404, _NOWHERE)
