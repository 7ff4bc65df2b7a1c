"""A page of the preview: where a walk through a lesson leads, with what is wrong there and the ways on."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, Response

from bot.channels.web.lesson_now import Found
from bot.channels.web.page import View, draw_preview, text_block, view_of
from bot.channels.web.picture import Pictures
from bot.channels.web.texts import PREVIEW, PreviewTexts
from bot.channels.web.voice import Aloud
from bot.channels.web.walk import Walk, Walked, Where, walked
from bot.core.diagram import Diagram, diagram, ways_of
from bot.core.lesson import Lesson, Scene
from bot.core.library import FIRST, Library
from bot.core.spoken import spoken
from bot.core.talk_example import ENDING, KINDS
from bot.core.wording import plain, words
from bot.pictures.gallery import Gallery
from bot.voice.voice import Voice


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
    live: bool = True  # whether the page asks if it would be another by now

    @property
    def mark(self) -> str:
        """Tells it from what it will be when something has changed."""
        return sha256(repr(self).encode()).hexdigest()[:16]


class Stage:
    """Walks are heard and seen on it, where there is a voice and a gallery."""

    def __init__(self, voice: Voice | None, gallery: Gallery | None) -> None:
        self._aloud = Aloud(voice)
        self._pictures = Pictures(gallery)
        self._gallery = gallery

    async def walk(  # noqa: PLR0913, PLR0917  what a page is made of
        self,
        library: Library,
        lesson: Lesson,
        query: QueryParams,
        at: dt.datetime,
        found: Sequence[Found],
        where: Where,
        others: Sequence[Link],
        *,
        draft: str = "",
    ) -> Response:
        """Answer with the page of the walk that an address asks for.

        `found` is what is wrong with the lesson's files, `others` where one may go from here. `draft` says of one what
        it is; its pictures are drawn though no lesson shows them yet, and the page doesn't ask whether it changed.
        """
        there = walked(Walk.asked(query, library, lesson, where), library, lesson, at)
        picture = there.reply.picture
        if draft and self._gallery and picture and picture.screen:
            await run_in_threadpool(self._gallery.ready, picture.screen)
        view = self._pictures.seen(view_of(there.reply), there.reply)
        view = await self._aloud.heard(view, msgspec.structs.replace(there.reply, aloud=True), library)
        if there.walk.kind == "listening":
            view = replace(view, blocks=tuple(map(text_block, spoken(there.reply, library))))
        shown = _shown(library, lesson, there, view, found, others)
        return answer(replace(shown, notes=(draft, *shown.notes), live=False) if draft else shown)


def _shown(  # noqa: PLR0913, PLR0917  what a page is made of
    library: Library, lesson: Lesson, there: Walked, view: View, found: Sequence[Found], others: Sequence[Link]
) -> Shown:
    walk = there.walk
    texts = PREVIEW.get(walk.lang, PREVIEW[FIRST])
    place = Place(there.spot.step, there.spot.line) if there.spot else Place()
    bad = any(each.problem.severity == "error" and not each.problem.path.endswith(ENDING) for each in found)
    return Shown(
        lang=walk.lang,
        title=title_of(library, lesson, walk.lang),
        notes=(*((texts.broken,) if bad else ()), *((texts.lost,) if there.lost else ())),
        view=view,
        choices=tuple(_choices(there)),
        problems=told([each for each in found if each.step and each.step == place.step], walk.lang),
        elsewhere=told([each for each in found if not each.step or each.step != place.step], walk.lang),
        drawing=diagram(lesson),
        place=place,
        steps=tuple(_steps(lesson, there, found, texts)),
        groups=(_learners(library, walk, texts), Group(texts.others, (Link(walk.address, texts.reload), *others))),
    )


def told(found: Sequence[Found], lang: str) -> tuple[str, ...]:
    """Return the sentences of problems."""
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


def title_of(library: Library, lesson: Lesson, lang: str) -> str:
    """Return what the lesson is called."""
    said = library.lesson(lesson.key, lang) or lesson
    return plain(said.title.format_map(words(said.lang, "ban")))


def answer(shown: Shown) -> Response:
    """Return a page, with what tells it from what it will be."""
    page = draw_preview(shown, shown.lang, PREVIEW.get(shown.lang, PREVIEW[FIRST]))
    return HTMLResponse(page, headers={"ETag": f'"{shown.mark}"'})
