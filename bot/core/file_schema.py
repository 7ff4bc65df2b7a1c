"""JSON Schemas of the files that editors write, from the models that read them.

A text editor that knows them completes keys, explains them and marks mistakes while one types. They say
less than reading does: what parts must be to one another only `hocso check` finds.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.core.contacts import Contacts
from bot.core.key_notes import PARTS, note_of
from bot.core.lesson import CourseFile, LessonFile
from bot.core.paths import PathsFile, PathsTranslation
from bot.core.phrases import Phrases
from bot.core.pronunciation import Pronunciation
from bot.core.talk_example import TalkFile
from bot.core.translation import CourseTranslation, LessonTranslation
from bot.core.yaml_file import FileModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# The name of a schema -> what such a file holds.
MODELS: Mapping[str, type[FileModel]] = MappingProxyType(
    {
        "lesson": LessonFile,
        "translation": LessonTranslation,
        "talk": TalkFile,
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
    made = model.model_json_schema(schema_generator=_ForEditors)
    for part, body in [(model.__name__, made), *made.get("$defs", {}).items()]:
        _explain(part, body)
    return {"$schema": DIALECT, **made}


class _ForEditors(GenerateJsonSchema):
    """Leaves out what makes text editors write or offer the wrong thing."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave out what stands for nothing: whoever completes a key would get `null` or `[]` to delete first."""
        made = super().default_schema(schema)
        if not isinstance(made.get("default"), bool | int | str):
            made.pop("default", None)
        return made

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Accept any of the kinds: with `oneOf`, editors offer the keys of only one of them."""
        return {"anyOf": super().tagged_union_schema(schema)["oneOf"]}


def _explain(model: str, body: dict[str, Any]) -> None:
    """Give a part its title and each key its note; what pydantic makes of names and docstrings is for programmers."""
    body.pop("description", None)
    body["title"] = PARTS[model]
    keys = body["properties"]
    for key, value in keys.items():
        note = note_of(model, key)
        value.pop("title", None)
        value["description"] = f"{note.vi}\n\n{note.en}"
        if note.examples:
            value["examples"] = list(note.examples)
    # Editors write a part's keys in this order.
    body["properties"] = {key: keys[key] for key in sorted(keys, key=lambda key: (key != "id", key != "kind"))}
