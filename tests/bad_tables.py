"""A small folder of lessons, and the tables of bad ones: tests/bad_lessons/README.md says how they are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lesson_texts import COURSE, COURSE_TRANSLATION, LESSON, SHORT, SHORT_TRANSLATION, TRANSLATION
from small import REPO

TABLES = Path(__file__).parent / "bad_lessons"

FOLDER = {
    "phrases/vi.yaml": (REPO / "lessons/phrases/vi.yaml").read_text(encoding="utf-8"),
    "phrases/en.yaml": (REPO / "lessons/phrases/en.yaml").read_text(encoding="utf-8"),
    "contacts.yaml": (REPO / "lessons/contacts.yaml").read_text(encoding="utf-8"),
    "an-toan/course.yaml": COURSE,
    "an-toan/course.en.yaml": COURSE_TRANSLATION,
    "an-toan/an-01-dau-hieu.yaml": SHORT,
    "an-toan/an-01-dau-hieu.en.yaml": SHORT_TRANSLATION,
    "an-toan/an-02-giu-ma.yaml": LESSON.replace("Nút màu xanh.", "Nút có chữ Tiếp."),
    "an-toan/an-02-giu-ma.en.yaml": TRANSLATION.replace("A green button.", "A button named Tiếp."),
    "an-toan/nut.png": "ảnh",
}


@dataclass
class Fault:
    """What is wrong: the changed files, and what is told in English and in Vietnamese."""

    files: dict[str, str]
    told: list[str] = field(default_factory=list)
    told_in_vietnamese: list[str] = field(default_factory=list)


def faults(name: str, good: Mapping[str, str]) -> dict[str, Fault]:
    """Read a table: fault -> all files with that fault in them. Where no file is named, it is the first."""
    table = (TABLES / f"{name}.txt").read_text(encoding="utf-8")
    found: dict[str, Fault] = {}
    for entry in table.split("\n# ")[1:]:
        title, *rows = entry.splitlines()
        assert title not in found, title
        found[title] = _read(rows, good)
    return found


def _read(rows: list[str], good: Mapping[str, str]) -> Fault:
    fault = Fault(dict(good))
    path = next(iter(good))
    old: list[str] = []
    new: list[str] = []
    for row in [*rows, "@ "]:
        sign, text = row[:2], row[2:]
        if sign in {"@ ", "! "}:
            if old or new:
                fault.files[path] = _changed(fault.files.get(path, ""), old, new)
            path, _, copied = text.partition(" < ")
            old, new = [], []
            if copied:
                fault.files[path] = good[copied]
            if sign == "! ":
                del fault.files[path]
        lines = {"- ": old, "+ ": new, "= ": fault.told, "~ ": fault.told_in_vietnamese}.get(sign)
        if lines is not None:
            lines.append(text)
    return fault


def _changed(text: str, old: list[str], new: list[str]) -> str:
    lines = text.splitlines()
    at = len(lines)
    if old:
        at = next(at for at in range(len(lines)) if lines[at : at + len(old)] == old)
    return "\n".join([*lines[:at], *new, *lines[at + len(old) :], ""])


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        there = folder / name
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(text, encoding="utf-8")
