"""The JSON Schemas that text editors complete and check by: an independent validator agrees with our own reading."""

import copy
import datetime as dt
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, cast

import jsonschema
import pytest
import yaml
from bad_tables import faults
from lesson_texts import LESSON, TRANSLATION
from pydantic import ValidationError
from small import REPO
from test_docs import LESSONS, fences, section
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.file_schema import DIALECT, MODELS, schema_of
from bot.core.key_notes import NOTES, PARTS, note_of
from bot.core.lesson import LessonFile
from bot.lesson_commands.schema import FOLDER, text_of

HOME = REPO / "lessons"
SHIPPED = sorted(HOME.rglob("*.yaml"))
SETTINGS = json.loads((REPO / ".vscode/settings.json").read_text(encoding="utf-8"))
PLACES: dict[str, list[str]] = SETTINGS["yaml.schemas"]


def as_editors_see(data: Any) -> Any:
    """YAML's data as a validator of JSON takes it: dates are text, and so are keys."""
    if isinstance(data, dict):
        return {str(key): as_editors_see(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_editors_see(each) for each in data]
    return data.isoformat() if isinstance(data, dt.date) else data


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, format_checker=formats)


def marked(name: str, text: str) -> list[str]:
    """What an editor marks in this text."""
    return [error.message for error in validator(name).iter_errors(as_editors_see(yaml.safe_load(text)))]


def kinds_of(path: Path) -> list[str]:
    """Which schemas VS Code takes for a file: of the patterns that fit it the last decides, and ! says no."""
    relative = PurePosixPath(path.relative_to(REPO))

    def fits(patterns: list[str]) -> bool:
        met = [not pattern.startswith("!") for pattern in patterns if relative.match(pattern.removeprefix("!"))]
        return bool(met) and met[-1]

    return [Path(place).stem for place, patterns in PLACES.items() if fits(patterns)]


def test_every_shipped_file_is_of_one_kind_and_good() -> None:
    used = set()
    for path in SHIPPED:
        kinds = kinds_of(path)
        assert len(kinds) == 1, (path, kinds)
        assert marked(kinds[0], path.read_text(encoding="utf-8")) == [], path
        used.add(kinds[0])
    assert used == set(MODELS)


@pytest.mark.parametrize("name", ["lessons/voice/vi/index.yaml", "config.yaml", "tests/transcripts/a.yaml"])
def test_other_files_are_of_no_kind(name: str) -> None:
    assert kinds_of(REPO / name) == []


def test_text_editors_find_each_schema() -> None:
    assert {Path(place).stem for place in PLACES} == set(MODELS)
    for place in PLACES:
        assert (REPO / place).is_file()


def test_vs_code_reads_yaml_as_the_program_does() -> None:
    assert SETTINGS["yaml.yamlVersion"] == "1.1"
    assert yaml.safe_load("yes") is True  # a text only in quotes, as in YAML 1.1


@pytest.mark.parametrize("name", MODELS)
def test_what_is_written_is_what_the_models_say(name: str) -> None:
    written = (HOME / FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert written == text_of(name), "write them anew: hocso schema --write"
    assert json.loads(written)["$schema"] == DIALECT


# What only the parts themselves must be, so that a schema can tell.
STRUCTURE = {"unknown-key", "missing-key", "wrong-type", "not-allowed", "missing-kind", "wrong-count", "out-of-range"}
IDS = {"bad-id", "long-id"}
# In JSON a date is a text like others, so no schema can tell one from the other.
ONLY_IN_YAML = {"a date for a text"}


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param(name, fault.files[table], id=f"{table}: {title}")
        for name, table, good in (("lesson", "lesson", LESSON), ("translation", "translation", TRANSLATION))
        for title, fault in faults(table, {table: good}).items()
        if {line.split()[2].rstrip(":") for line in fault.told} & (STRUCTURE | IDS) and title not in ONLY_IN_YAML
    ],
)
def test_what_reading_refuses_in_one_part_an_editor_marks_too(name: str, fault: str) -> None:
    assert marked(name, fault)


def test_what_is_refused_for_other_reasons_only_reading_tells() -> None:
    assert marked("lesson", LESSON) == marked("translation", TRANSLATION) == []
    assert marked("lesson", LESSON.replace("next: doa", "next: dao")) == []


def example(name: str) -> Any:
    """A good file of this kind, with all keys that lessons may have."""
    lesson, translation = fences(section(LESSONS, "A complete example"))
    shown = {"lesson": lesson, "translation": translation}
    if name in shown:
        return yaml.safe_load(shown[name])
    first = next(path for path in SHIPPED if kinds_of(path) == [name])
    return yaml.safe_load(first.read_text(encoding="utf-8"))


Parts = dict[Any, Any] | list[Any]


def places(data: Any) -> Iterator[tuple[list[Any], Any]]:
    """Walk the places of the data, twenty of each part: the way to the part around, and the key there."""
    keys = list(data)[:20] if isinstance(data, dict) else range(min(len(data), 20)) if isinstance(data, list) else ()
    for key in keys:
        yield [], key
        for way, below in places(data[key]):
            yield [key, *way], below


def part_at(data: Any, way: list[Any]) -> Parts:
    for key in way:
        data = data[key]
    return cast("Parts", data)


def changed(data: Any) -> Iterator[tuple[str, Any]]:
    """Change one thing in the data in every way that a slip of the hand or of memory would."""
    for way, key in places(data):
        for said, value in {"text": "chữ", "number": 7, "fraction": 1.5, "yes": True, "list": [], "part": {}}.items():
            other = copy.deepcopy(data)
            part_at(other, way)[key] = value
            yield f"{[*way, key]} is a {said}", other
        other = copy.deepcopy(data)
        part_at(other, way)[key] = None
        yield f"{[*way, key]} is empty", other
        if isinstance(key, str):
            other = copy.deepcopy(data)
            around = cast("dict[str, Any]", part_at(other, way))
            value = around.pop(key)
            yield f"{[*way, key]} is missing", copy.deepcopy(other)
            around[f"{key}x"] = value
            yield f"{[*way, key]} is misspelt", other


# What pydantic says of a text, or of parts that must fit one another, where a schema has nothing to say.
BEYOND = {"hocso"}
SAME = {"['format'] is a yes"}  # to Python, yes is 1: reading takes it, and nothing comes of it


@pytest.mark.parametrize("name", MODELS)
def test_a_schema_and_reading_agree_on_every_slip(name: str) -> None:
    """Nothing is marked that reading takes; what reading refuses for its shape is marked."""
    told = validator(name)
    both = {True: 0, False: 0}
    for slip, data in changed(example(name)):
        if slip in SAME:
            continue
        try:
            MODELS[name].model_validate(data)
        except ValidationError as error:
            if {each["type"] for each in error.errors(include_url=False)} <= BEYOND:
                continue
            good = False
        else:
            good = True
        assert told.is_valid(as_editors_see(data)) is good, slip
        both[good] += 1
    assert min(both.values()) > 0


def parts() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, model in MODELS.items():
        schema = schema_of(name)
        for part, body in [(model.__name__, schema), *schema.get("$defs", {}).items()]:
            for key, value in body["properties"].items():
                yield part, key, value


def test_each_key_is_explained_in_both_languages() -> None:
    for part, key, value in parts():
        vietnamese, _, english = value["description"].partition("\n\n")
        assert vietnamese.endswith("."), (part, key)
        assert english.endswith("."), (part, key)
        assert vietnamese != english


def test_nothing_is_explained_that_is_no_key_or_part() -> None:
    keys = {name for part, key, _ in parts() for name in (key, f"{part}.{key}")}
    assert NOTES.keys() <= keys
    assert {part for part, _, _ in parts()} == PARTS.keys()


def test_a_note_is_that_of_its_part_before_that_of_all() -> None:
    assert note_of("Do", "help").vi.startswith("Nói khi người học")
    assert note_of("LessonFile", "help").vi.startswith("Nói lúc học xong")
    with pytest.raises(KeyError, match="unexplained"):
        note_of("LessonFile", "unexplained")


def test_what_is_offered_as_a_value_is_good() -> None:
    for name in MODELS:
        schema = schema_of(name)
        for part in (schema, *schema.get("$defs", {}).values()):
            for key, value in part["properties"].items():
                own = jsonschema.Draft202012Validator({"$defs": schema.get("$defs", {}), **value})
                assert all(map(own.is_valid, value.get("examples", []))), key


def test_completing_a_key_writes_nothing_that_has_to_be_deleted() -> None:
    step = schema_of("lesson")["$defs"]["Ask"]["properties"]
    assert "default" not in step["hint"]
    assert "default" not in step["was"]
    assert step["tries"]["default"] == 2
    assert list(step)[:2] == ["id", "kind"]  # as all lessons begin their steps


def test_the_keys_of_every_kind_of_step_are_offered() -> None:
    steps = schema_of("lesson")["properties"]["steps"]["items"]
    assert [each["$ref"].rpartition("/")[2] for each in steps["anyOf"]] == ["Tell", "Ask", "Do", "Scene"]
    assert steps.keys() == {"anyOf"}


def test_a_bad_id_is_told_in_words_not_as_a_pattern() -> None:
    step = schema_of("lesson")["$defs"]["Tell"]["properties"]["id"]
    assert step["patternErrorMessage"].startswith("Chỉ dùng chữ thường không dấu")
    assert schema_of("paths")["$defs"]["LearningPath"]["properties"]["id"]["maxLength"] == 3


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["schema", *words])
    return done.exit_code, done.stdout, done.stderr


def test_it_is_printed_for_other_tools() -> None:
    code, printed, _ = run("lesson")
    assert code == 0
    assert json.loads(printed) == schema_of("lesson")
    assert json.loads(printed)["required"][:2] == list(LessonFile.model_fields)[:2]


def test_a_kind_that_there_is_not_names_the_nearest() -> None:
    assert run("leson") == (2, "", "'leson' is no kind of file; did you mean 'lesson'?\n")


def test_without_a_kind_all_are_named() -> None:
    assert run() == (2, "", f"Which kind of file? There are: {', '.join(MODELS)}\n")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text("lessons: texts\n", encoding="utf-8")
    return file


def test_they_are_written_where_editors_look(config: Path) -> None:
    folder = config.parent / "texts" / FOLDER
    folder.mkdir(parents=True)
    (folder / "course.json").write_text("an older one", encoding="utf-8")
    said = f"Đã ghi 10 lược đồ vào {folder}. (10 schemas are written there.)\n"
    assert run("--write", "--config", str(config)) == (0, said, "")
    assert {path.name for path in folder.iterdir()} == {f"{name}.json" for name in MODELS}
    assert json.loads((folder / "course.json").read_text(encoding="utf-8")) == schema_of("course")


def test_without_a_folder_of_lessons_nothing_is_written(config: Path) -> None:
    folder = config.parent / "texts"
    said = f"{folder} is no folder; name the lessons' folder in config.yaml\n"
    assert run("--write", "--config", str(config)) == (2, "", said)
    assert not folder.exists()


def test_what_keeps_them_from_being_written_is_one_sentence(config: Path) -> None:
    folder = config.parent / "texts" / FOLDER
    folder.parent.mkdir()
    folder.write_text("a file stands in the way", encoding="utf-8")
    code, printed, said = run("--write", "--config", str(config))
    assert (code, printed) == (2, "")
    assert said == f"{folder} can't be written (Not a directory); make room, and let this account write there\n"
