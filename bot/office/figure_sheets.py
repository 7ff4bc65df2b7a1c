"""Figures -> the tables of a page, with their charts. The screen and the files are made of these same tables."""

from collections.abc import Callable, Mapping, Sequence

from bot.core.lesson import Lesson
from bot.core.released import AreaFigures, LessonFigures, Number, Reach, Share, StepFigures
from bot.core.wording import plain, words
from bot.office.charts import Bar, bars, columns
from bot.office.figure_texts import FigureTexts
from bot.office.sheet import Cell, Sheet, count, day_text
from bot.office.sheet import words as said_words

DASH = "–"  # stands where nothing is counted; a note says why
_WEEK = 6  # days from a Monday to its Sunday
_LONGEST = 70  # characters of a step's text that name it


def number(value: Number, said: FigureTexts) -> Cell:
    """Return the cell of a figure: a hidden one looks the same wherever it stands."""
    if isinstance(value, int):
        return count(value)
    text = said.hidden if value is None else DASH
    return Cell(text, text, numeric=True)


def area_sheets(figures: AreaFigures, said: FigureTexts, names: Mapping[str, str], group: bool) -> list[Sheet]:
    """Return the tables of an area. `group`: whether its parts are groups, and not communes."""
    found = [_summary(figures.whole, said)]
    if figures.parts:
        found.append(_parts(figures, said, group=group))
    found.append(_weeks(figures, said))
    for key, caption, name, shares in (
        ("ky-nang", said.by_skill, said.skill, figures.skills),
        ("nhom", said.by_path, said.path, figures.paths),
        ("kenh", said.by_channel, said.channel, figures.channels),
    ):
        if shares:
            found.append(_shares(key, caption, name, shares, said, names))
    return found


def _summary(whole: Reach, said: FigureTexts) -> Sheet:
    told = (
        (said.came, whole.came, said.came_means),
        (said.active, whole.active, said.active_means),
        (said.finished, whole.finished, said.finished_means),
        (said.alone, whole.alone, said.alone_means),
    )
    rows = tuple((said_words(name), number(value, said)) for name, value, _ in told)
    notes = tuple(f"{name}: {meaning}" for name, _, meaning in told)
    chart = bars(said.summary, [Bar(name, number(value, said).text, _size(value)) for name, value, _ in told])
    return Sheet("tom-tat", said.summary, (said.figure, said.number), rows, notes, chart)


def part_name(part: Reach, whole: Reach) -> str:
    """Return what a part is called beside the name of its whole: of a group without its commune."""
    return part.name.removesuffix(f", {whole.name[:1].lower()}{whole.name[1:]}")


def _parts(figures: AreaFigures, said: FigureTexts, *, group: bool) -> Sheet:
    rows = tuple(
        (
            said_words(part_name(each, figures.whole), f"/office/area/{each.area}" if each.area else ""),
            *(number(value, said) for value in (each.came, each.active, each.finished, each.alone)),
        )
        for each in figures.parts
    )
    heads = (said.group if group else said.commune, said.came, said.active, said.finished, said.alone)
    caption = said.by_group if group else said.by_commune
    return Sheet("to" if group else "xa-phuong", caption, heads, rows)


def _weeks(figures: AreaFigures, said: FigureTexts) -> Sheet:
    rows = tuple(
        (
            said_words(f"{day_text(each.monday)[:5]} – {day_text(each.monday + _WEEK)}"),
            *(number(value, said) for value in (each.came, each.active, each.finished, each.stuck, each.assisted)),
        )
        for each in figures.weeks
    )
    heads = (said.week, said.week_came, said.week_active, said.week_finished, said.week_stuck, said.week_assisted)
    points = [
        Bar(day_text(each.monday)[:5], number(each.active, said).text, _size(each.active)) for each in figures.weeks
    ]
    return Sheet(
        "tuan",
        said.by_week,
        heads,
        rows,
        _uncounted(rows, said.uncounted_group),
        columns(said.week_chart, points),
        said.week_chart,
    )


def _shares(  # noqa: PLR0913, PLR0917  a table's words and its rows
    key: str, caption: str, name: str, shares: Sequence[Share], said: FigureTexts, names: Mapping[str, str]
) -> Sheet:
    told = [(names.get(each.name, each.name) if each.name else said.other, each.number) for each in shares]
    rows = tuple((said_words(label), number(value, said)) for label, value in told)
    chart = bars(caption, [Bar(label, number(value, said).text, _size(value)) for label, value in told])
    return Sheet(key, caption, (name, said.people), rows, (), chart)


def lessons_sheet(
    figures: LessonFigures, said: FigureTexts, lessons: Mapping[str, Lesson], today: int, link: Callable[[str], str]
) -> Sheet:
    """Return the table of all lessons, in the order in which they are taught."""
    rows = []
    for each in figures.lessons:
        lesson = lessons.get(each.key)
        title = title_of(lesson) if lesson else f"{each.key} ({said.gone})"
        rows.append(
            (
                said_words(title, link(each.key) if lesson else ""),
                *(number(value, said) for value in (each.began, each.finished, each.alone)),
                said_words(_recheck(lesson, said, today) if lesson else DASH),
            )
        )
    heads = (said.lesson, said.began, said.finished, said.alone, said.recheck)
    why = _uncounted([row[:-1] for row in rows], said.uncounted_group)
    notes = (said.began_means, said.lesson_finished_means, said.lesson_alone_means, *why)
    return Sheet("bai-hoc", said.lessons_of.format(area=figures.name), heads, tuple(rows), notes)


def lesson_sheets(figures: LessonFigures, said: FigureTexts, lesson: Lesson, today: int) -> list[Sheet]:
    """Return the tables of one lesson: how far people came, and what happened at each step."""
    (whole,) = figures.lessons
    told = (
        (said.began, number(whole.began, said)),
        (said.finished, number(whole.finished, said)),
        (said.alone, number(whole.alone, said)),
        (said.checked, said_words(f"{lesson.checked:%d/%m/%Y}")),
        (said.recheck, said_words(_recheck(lesson, said, today))),
    )
    rows = tuple((said_words(name), cell) for name, cell in told)
    why = _uncounted(rows, said.uncounted_group)
    notes = (said.began_means, said.lesson_finished_means, said.lesson_alone_means, *why)
    summary = Sheet("tom-tat", said.summary, (said.figure, said.number), rows, notes)
    return [summary, _steps(figures.steps, said, lesson)] if figures.steps else [summary]


def _steps(steps: Sequence[StepFigures], said: FigureTexts, lesson: Lesson) -> Sheet:
    named = [(f"{at}. {_step_name(lesson, each.step, said)}", each) for at, each in enumerate(steps, 1)]
    rows = tuple(
        (
            said_words(name),
            number(each.came, said),
            number(each.right, said),
            number(each.wrong, said),
            number(each.stuck, said),
            number(each.differed, said),
        )
        for name, each in named
    )
    heads = (said.step, said.step_came, said.right, said.wrong, said.stuck, said.differed)
    notes = (
        said.step_came_means,
        said.answers_mean,
        said.stuck_means,
        said.differed_means,
        *_uncounted(rows, said.uncounted_step),
    )
    came = [number(each.came, said).text for each in steps]
    chart = bars(
        said.steps_chart,
        [
            Bar(f"{said.step} {at}", text, _size(each.came))
            for at, (text, each) in enumerate(zip(came, steps, strict=True), 1)
        ],
    )
    return Sheet("buoc", said.steps, heads, rows, notes, chart, said.steps_chart)


def _uncounted(rows: Sequence[Sequence[Cell]], why: str) -> tuple[str, ...]:
    """Return why there is a dash, where there is one."""
    return (why,) if any(each.text == DASH for row in rows for each in row) else ()


def _size(value: Number) -> int | None:
    return value if isinstance(value, int) else None


def title_of(lesson: Lesson) -> str:
    """Return a lesson's title as plain words, in the most usual form of address."""
    return plain(lesson.title.format_map(words(lesson.lang, "ban")))


def _step_name(lesson: Lesson, step: str, said: FigureTexts) -> str:
    at = lesson.index.get(step)
    if at is None:
        return f"{step} ({said.gone})"
    text = getattr(lesson.steps[at], "text", None) or getattr(lesson.steps[at], "intro", None) or step
    line = plain(str(text).format_map(words(lesson.lang, "ban"))).split("\n")[0]
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rsplit(' ', 1)[0]}…"


def _recheck(lesson: Lesson, said: FigureTexts, today: int) -> str:
    day = lesson.recheck_by.toordinal() - _EPOCH
    return (said.overdue if day < today else said.fresh).format(day=f"{lesson.recheck_by:%d/%m/%Y}")


_EPOCH = 719_163  # 1970-01-01 as Python counts days
