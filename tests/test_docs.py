"""The manuals tell what the program does: each key has its row, each example is read, each sentence is true.

To hold another page to its model, add rows to KEYS.
"""

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from prometheus_client.metrics import MetricWrapperBase
from pydantic import BaseModel
from small import REAL, REPO, SHIPPED

from bot import metrics
from bot.core import lesson as models
from bot.core import talk_example
from bot.core import translation as said
from bot.core.contacts import Contact, Contacts, Link
from bot.core.lesson import Lesson
from bot.core.lesson_file import read_course, read_lesson, read_translation
from bot.core.library import FIRST
from bot.core.paths import LearningPath, PathsFile, PathsTranslation, SaidPath, read_paths
from bot.core.phrases import Answers, Phrases, Words
from bot.core.pronunciation import Pronunciation, Sayings
from bot.core.wording import FORMS, PLACEHOLDERS
from bot.core.yaml_file import read

LESSONS = "docs/lessons.md"
STEP_KEYS = {"id", "kind", "was", "text"}  # every step has them; they have a table of their own

# Under which heading of which page stands a table with a row for each key of which model, but for some.
KEYS: list[tuple[str, str, type[BaseModel], set[str]]] = [
    (LESSONS, "course.yaml", models.CourseFile, set()),
    (LESSONS, "A lesson", models.LessonFile, set()),
    (LESSONS, "Needs", models.AnyOf, set()),
    (LESSONS, "Facts", models.Fact, set()),
    (LESSONS, "tell", models.Tell, STEP_KEYS),
    (LESSONS, "A picture", models.Picture, set()),
    (LESSONS, "A drawn screen", models.PhoneScreen, set()),
    (LESSONS, "ask", models.Ask, STEP_KEYS),
    (LESSONS, "A choice", models.Choice, set()),
    (LESSONS, "do", models.Do, STEP_KEYS),
    (LESSONS, "scene", models.Scene, STEP_KEYS),
    (LESSONS, "A line", models.Line, set()),
    (LESSONS, "A reaction", models.Reaction, set()),
    (LESSONS, "Learning paths", LearningPath, set()),
    (LESSONS, "Phrases", Phrases, set()),
    (LESSONS, "Pronunciation", Pronunciation, set()),
    (LESSONS, "One language", Sayings, set()),
    (LESSONS, "Contacts", Contacts, set()),
    (LESSONS, "A contact", Contact, set()),
    (LESSONS, "A link", Link, set()),
    (LESSONS, "A talk", talk_example.Talk, set()),
    (LESSONS, "A turn", talk_example.Exchange, set()),
    (LESSONS, "Silencing", models.Allowed, set()),
]
# Under which heading the keys of which models are at least named.
NAMED: list[tuple[str, str, type[BaseModel]]] = [
    (LESSONS, "Translations", said.LessonTranslation),
    (LESSONS, "Translations", said.CourseTranslation),
    (LESSONS, "Translations", said.SaidStep),
    (LESSONS, "Translations", said.SaidChoice),
    (LESSONS, "Translations", said.SaidLine),
    (LESSONS, "Translations", said.SaidPicture),
    (LESSONS, "Learning paths", PathsFile),
    (LESSONS, "Learning paths", SaidPath),
    (LESSONS, "Learning paths", PathsTranslation),
    (LESSONS, "Phrases", Words),
    (LESSONS, "Phrases", Answers),
]


def page(name: str) -> str:
    return (REPO / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one."""
    kept: list[str] = []
    under = fenced = False
    for line in page(name).splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("#") and not fenced:
            under = line.lstrip("#").strip() == heading
        elif under:
            kept.append(line)
    assert kept, f"{name} has nothing under {heading!r}"
    return "\n".join(kept)


def tables(text: str) -> list[list[list[str]]]:
    """Return the tables in a text as rows of cells, without their heads and the marks for code."""
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
        elif found[-1]:
            found.append([])
    return [table[2:] for table in found if table]


def fences(text: str) -> list[str]:
    """Return the examples of files in a text."""
    return re.findall(r"^```yaml\n(.*?)^```", text + "\n", re.MULTILINE | re.DOTALL)


def told(text: str) -> list[str]:
    """Read a file that stands in a page, as what its first line says it is; return its problems."""
    path = text.splitlines()[0].removeprefix("# ")
    *_, course, name = path.split("/")
    found = read_course(text, path, course) if name == "course.yaml" else read_lesson(text, path, name[:-5], course)
    return list(map(str, found)) if isinstance(found, list) else []


@pytest.mark.parametrize(
    ("name", "heading", "model", "but"), KEYS, ids=[f"{name}-{model.__name__}" for name, _, model, _ in KEYS]
)
def test_every_key_has_its_row(name: str, heading: str, model: type[BaseModel], but: set[str]) -> None:
    keys = [row[0] for row in tables(section(name, heading))[0]]
    assert sorted(keys) == sorted(model.model_fields.keys() - but)


@pytest.mark.parametrize(
    ("name", "heading", "model"), NAMED, ids=[f"{name}-{model.__name__}" for name, _, model in NAMED]
)
def test_every_key_is_named(name: str, heading: str, model: type[BaseModel]) -> None:
    text = section(name, heading)
    assert [key for key in model.model_fields if f"`{key}`" not in text] == []


def test_what_every_step_has_has_its_rows() -> None:
    (table,) = tables(section(LESSONS, "Steps"))
    assert {row[0] for row in table} == STEP_KEYS
    assert all(set(step.model_fields) >= STEP_KEYS for step in get_args(models.Step))


def test_every_audience_is_named() -> None:
    text = section(LESSONS, "A lesson")
    assert [code for code in get_args(models.Audience) if f"`{code}`" not in text] == []


def test_the_forms_of_address_are_those_of_the_program() -> None:
    placeholders, forms = tables(section(LESSONS, "Texts"))
    assert {f"{{{name}}}" for name in PLACEHOLDERS} <= {row[0] for row in placeholders}
    assert forms == [[code, form.learner, form.tutor] for code, form in FORMS.items()]


def test_every_placeholder_of_the_phrases_has_its_row() -> None:
    _, table = tables(section(LESSONS, "Phrases"))
    sentences = REAL.phrases["vi"].says.model_dump().values()
    slots = {slot for text in sentences for slot in re.findall(r"\{([^}]+)\}", text)} - PLACEHOLDERS
    assert {row[0] for row in table} == {f"{{{slot}}}" for slot in slots}


def used(part: object) -> Iterator[tuple[type[object], str]]:
    """Find which keys of which models an example uses."""
    if isinstance(part, BaseModel):
        for key in part.model_fields_set:
            yield type(part), key
            yield from used(getattr(part, key))
    if isinstance(part, tuple):
        for each in part:
            yield from used(each)


def test_the_complete_example_is_good_and_complete() -> None:
    text, english = fences(section(LESSONS, "A complete example"))
    lesson = read_lesson(text, "example.yaml", "an-07-nguoi-than-vay-tien", "an-toan")
    assert isinstance(lesson, Lesson), lesson
    translated = read_translation(english, "example.en.yaml", lesson, "en")
    assert isinstance(translated, Lesson), translated
    found = set(used(lesson))
    steps = get_args(models.Step)
    assert any(key == "was" for _, key in found)
    for model in (*steps, models.Line, models.Choice, models.Reaction, models.Picture, models.AnyOf, models.Fact):
        assert [key for key in model.model_fields if key != "was" and (model, key) not in found] == []
    assert [key for key in models.LessonFile.model_fields if not re.search(rf"^{key}:", text, re.MULTILINE)] == []


def test_the_short_examples_are_good() -> None:
    (shortest,) = fences(section(LESSONS, "Ten minutes"))
    (course,) = fences(section(LESSONS, "course.yaml"))
    assert told(shortest) == []
    assert told(course) == []


def test_the_example_of_a_path_is_good() -> None:
    (text,) = fences(section(LESSONS, "Learning paths"))
    ids = {lesson[FIRST].id for lesson in SHIPPED.lessons.values()}
    assert isinstance(read_paths(text, "paths.yaml", ids, {}), tuple)


def test_the_example_of_a_pronunciation_is_good() -> None:
    (text,) = fences(section(LESSONS, "Pronunciation"))
    assert isinstance(read(Pronunciation, text, "pronunciation.yaml"), Pronunciation)


def test_the_examples_of_problems_are_what_the_program_says() -> None:
    pairs = re.findall(
        r"```yaml\n(.*?)^```\n```text\n(.*?)^```", section(LESSONS, "Checking"), re.MULTILINE | re.DOTALL
    )
    assert len(pairs) == 3
    for text, problems in pairs:
        assert told(text) == problems.splitlines()


def test_the_commands_of_the_page_are_there() -> None:
    targets = re.findall(r"`make ([a-z]+)`", page(LESSONS))
    assert targets
    assert [target for target in targets if not re.search(rf"^{target}:", page("Makefile"), re.MULTILINE)] == []


def test_every_figure_and_every_kind_of_failure_has_its_row() -> None:
    figures, kinds = tables(section("docs/telegram.md", "Figures"))
    (others,) = tables(section("docs/zalo-oa.md", "What fails"))
    (bots,) = tables(section("docs/zalo.md", "What fails"))
    ours = [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
    described = [(metric, each._labelnames) for each in ours for metric in each.describe()]  # noqa: SLF001  they are told nowhere else
    names = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name: labels for metric, labels in described
    }
    assert {name: tuple(re.findall(r"\w+", labels)) for name, labels, _ in figures} == names
    sources = "".join(path.read_text(encoding="utf-8") for path in (REPO / "bot/channels").rglob("*.py"))
    counted = set(re.findall(r"(?:failed|_refused)\(\"([^\"]+)\"", sources))
    assert len(counted) > 8
    assert {kind for row in [*kinds, *others, *bots] for kind in re.split("`?, `?", row[0])} == counted
