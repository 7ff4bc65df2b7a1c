"""JSON Schemas of the files that editors write, from the models that read them.

A text editor that knows them completes keys, explains them and marks mistakes while one types. They say
less than reading does: what parts must be to one another only `hocso check` finds.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.core.contacts import Contacts
from bot.core.key_notes import NOTES
from bot.core.lesson import CourseFile, LessonFile
from bot.core.paths import PathsFile, PathsTranslation
from bot.core.phrases import Phrases
from bot.core.pronunciation import Pronunciation
from bot.core.translation import CourseTranslation, LessonTranslation
from bot.core.yaml_file import FileModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# The name of a schema -> what such a file holds.
MODELS: Mapping[str, type[FileModel]] = MappingProxyType(
    {
        "lesson": LessonFile,
        "lesson-translation": LessonTranslation,
        "course": CourseFile,
        "course-translation": CourseTranslation,
        "paths": PathsFile,
        "paths-translation": PathsTranslation,
        "phrases": Phrases,
        "pronunciation": Pronunciation,
        "contacts": Contacts,
    }
)


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) for one kind of file. Raises KeyError for a name not in MODELS."""
    model = MODELS[name]
    made = model.model_json_schema()
    parts = made.get("$defs", {})
    for part, body in [(model.__name__, made), *parts.items()]:
        _explain(part, body)
    return {"$schema": DIALECT, **made, "title": f"Học Số: {name}"}


def note_of(model: str, key: str) -> str:
    """Return what a key is for, in Vietnamese and English. Raises KeyError where nobody has said it."""
    return NOTES.get(f"{model}.{key}") or NOTES[key]


def _explain(model: str, body: dict[str, Any]) -> None:
    """Give each key of a part its note; the names that pydantic makes up help nobody."""
    body.pop("title", None)
    body.pop("description", None)  # written for programmers
    for key, value in body.get("properties", {}).items():
        value.pop("title", None)
        value["description"] = note_of(model, key)
