"""The JSON Schemas that text editors complete and check by: an independent validator agrees with our own reading."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import jsonschema
import pytest
import yaml
from small import REPO
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.file_schema import DIALECT, MODELS, note_of, schema_of
from bot.core.yaml_file import FileModel
from bot.lesson_commands.schema import FOLDER, text_of, write_schema

LESSONS = REPO / "lessons"
SHIPPED = sorted(path for path in LESSONS.rglob("*.yaml") if not path.name.endswith(".talk.yaml"))
SETTINGS = json.loads((REPO / ".vscode/settings.json").read_text(encoding="utf-8"))["yaml.schemas"]


def as_editors_see(data: Any) -> Any:
    """YAML's data as a validator of JSON takes it: dates are text, and so are keys."""
    if isinstance(data, dict):
        return {str(key): as_editors_see(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_editors_see(each) for each in data]
    return data.isoformat() if isinstance(data, dt.date) else data


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def told(name: str, text: str) -> list[str]:
    """What an editor marks in this text."""
    return [error.message for error in validator(name).iter_errors(as_editors_see(yaml.safe_load(text)))]


def kinds_of(path: Path) -> list[str]:
    """Which schemas a text editor takes for a file: a pattern with ! takes it out again."""
    relative = PurePosixPath(path.relative_to(REPO))

    def fits(patterns: list[str]) -> bool:
        wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
        left_out = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
        return any(map(relative.match, wanted)) and not any(map(relative.match, left_out))

    return [Path(place).stem for place, patterns in SETTINGS.items() if fits(patterns)]


def test_every_shipped_file_is_of_one_kind_and_good() -> None:
    used = set()
    for path in SHIPPED:
        kinds = kinds_of(path)
        assert len(kinds) == 1, (path, kinds)
        assert told(kinds[0], path.read_text(encoding="utf-8")) == [], path
        used.add(kinds[0])
    assert used >= {"lesson", "lesson-translation", "course", "paths", "phrases", "pronunciation", "contacts"}


def test_text_editors_find_each_schema() -> None:
    assert {Path(place).stem for place in SETTINGS} == set(MODELS)
    for place in SETTINGS:
        assert (REPO / place).is_file()


@pytest.mark.parametrize("name", MODELS)
def test_what_is_written_is_what_the_models_say(name: str) -> None:
    written = (LESSONS / FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert written == text_of(name), "write them anew: hocso schema --write"
    assert json.loads(written)["$schema"] == DIALECT


GOOD = (LESSONS / "an-toan/at-02-gia-cong-an.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("minutes: ", "minuts: ", "'minuts' was unexpected"),
        ("summary: ", "# ", "'summary' is a required property"),
        ("minutes: 3", "minutes: vier", "'vier' is not of type 'integer'"),
        ("minutes: 3", "minutes: 40", "40 is greater than the maximum of 10"),
        ("minutes: 3", 'minutes: "4"', "'4' is not of type 'integer'"),
        ("format: 1", "format: 2", "1 was expected"),
        ("kind: tell", "kind: erzaehlen", "erzaehlen"),
        ("right: true", "right: ja", "ja"),
    ],
)
def test_what_reading_refuses_in_one_part_an_editor_marks_too(old: str, new: str, says: str) -> None:
    assert old in GOOD
    assert told("lesson", GOOD) == []
    assert any(says in each for each in told("lesson", GOOD.replace(old, new, 1))), told(
        "lesson", GOOD.replace(old, new)
    )


def test_an_id_with_marks_is_marked() -> None:
    text = GOOD.replace("  - id: ", "  - id: Bước ", 1)
    assert text != GOOD
    assert told("lesson", text)


def parts() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in MODELS:
        schema = schema_of(name)
        for part, body in [(name, schema), *schema.get("$defs", {}).items()]:
            for key, value in body.get("properties", {}).items():
                yield part, key, value


def test_each_key_is_explained_in_both_languages() -> None:
    for part, key, value in parts():
        vietnamese, _, english = value["description"].partition("\n\n")
        assert vietnamese.strip(), (part, key)
        assert english.strip(), (part, key)
        assert vietnamese != english


def test_a_key_that_nobody_explained_is_noticed() -> None:
    class Strange(FileModel):
        unexplained: str

    with pytest.raises(KeyError, match="unexplained"):
        note_of(Strange.__name__, "unexplained")


def test_it_is_printed_for_other_tools() -> None:
    done = CliRunner().invoke(app, ["schema", "lesson"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == schema_of("lesson")


def test_a_kind_that_there_is_not_names_the_nearest() -> None:
    done = CliRunner().invoke(app, ["schema", "leson"])
    assert done.exit_code == 2
    assert done.stderr == "'leson' is no kind of file; did you mean 'lesson'?\n"


def test_they_are_written_where_editors_look(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("lessons: texts\n", encoding="utf-8")
    (tmp_path / "texts").mkdir()
    done = CliRunner().invoke(app, ["schema", "--write", "--config", str(config)])
    assert done.exit_code == 0, done.stderr
    assert sorted(path.stem for path in (tmp_path / "texts" / FOLDER).iterdir()) == sorted(MODELS)
    write_schema(tmp_path / "texts" / FOLDER, "course")  # over the one that is there
    assert json.loads((tmp_path / "texts" / FOLDER / "course.json").read_text(encoding="utf-8")) == schema_of("course")
