"""Write docs/tra-cuu.md: every key of every file and every rule of `hocso check`, in Vietnamese.

The keys come from the models and bot/core/key_notes.py, the rules' sentences from bot/core/rules, and what else
is told of a rule from docs/quy-tac.yaml. `make reference` runs this; a test fails when the page is stale.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from types import ModuleType

import yaml
from pydantic import BaseModel

from bot.core import rules
from bot.core.file_schema import MODELS
from bot.core.key_notes import PARTS, note_of
from bot.core.rules import config
from bot.core.rules.rule import Rule

DOCS = Path(__file__).parent
PAGE = DOCS / "tra-cuu.md"

HEAD = """# Tra cứu

Trang này do `make reference` viết, từ chính chương trình; xin đừng sửa ở đây. Mới bắt đầu thì đọc docs/bai-hoc.md
trước, mười phút là đủ. Ở đây chỉ tra khi cần: gõ tên mục hay mã lỗi vào ô tìm của trình duyệt là tới nơi.

- [Các mục trong tệp](#các-mục-trong-tệp): mỗi mục để làm gì, mục nào bắt buộc.
- [Các quy tắc](#các-quy-tắc): mỗi mã mà `hocso check` ghi nghĩa là gì, khi nào gặp, sửa thế nào.
"""

# The kinds of files: how each is called, and where it stands.
FILES: Mapping[str, tuple[str, str]] = {
    "course": ("Khóa học", "lessons/<khóa>/course.yaml"),
    "lesson": ("Bài học", "lessons/<khóa>/<bài>.yaml"),
    "translation": ("Bản dịch của bài học", "lessons/<khóa>/<bài>.en.yaml"),
    "course-translation": ("Bản dịch của khóa học", "lessons/<khóa>/course.en.yaml"),
    "talk": ("Mẩu trò chuyện", "lessons/<khóa>/<bài>.talk.yaml"),
    "paths": ("Lộ trình", "lessons/paths.yaml"),
    "paths-translation": ("Bản dịch của lộ trình", "lessons/paths.en.yaml"),
    "contacts": ("Danh bạ", "lessons/contacts.yaml"),
    "pronunciation": ("Cách đọc", "lessons/pronunciation.yaml"),
    "phrases": ("Lời của chương trình", "lessons/phrases/vi.yaml, lessons/phrases/en.yaml"),
}

# What the rules of a module are about.
GROUPS: Mapping[str, str] = {
    "yaml_text": "Đọc tệp",
    "yaml_file": "Mục và giá trị",
    "wording": "Lời",
    "lesson": "Trong một bài",
    "translation": "Bản dịch",
    "changed": "Bản dịch đã cũ",
    "library": "Tên tệp và thư mục",
    "paths": "Lộ trình học",
    "phrases": "Lời chung của chương trình",
    "pronunciation": "Cách đọc tên và số",
    "recordings": "Lời thu",
    "contacts": "Số điện thoại và trang web",
    "talk_example": "Trò chuyện mẫu",
    "ears": "Cho người nghe",
    "safety": "Cho an toàn",
    "address": "Xưng hô",
    "teaching": "Cách dạy",
    "budget": "Độ dài và dung lượng",
    "fresh": "Ngày kiểm tra",
    "silence": "Cho phép",
}
SEVERITIES = {"error": "Lỗi: phải sửa.", "warning": "Lời khuyên: vẫn dạy được, nhưng nên sửa."}
_NEAR = "có phải ý là '…' không?"  # what stands in most sentences that advise on a word


def notes() -> Mapping[str, Mapping[str, str]]:
    """Return what else is told of each rule."""
    found: dict[str, dict[str, str]] = yaml.safe_load((DOCS / "quy-tac.yaml").read_text(encoding="utf-8"))
    return found


def rules_of_files() -> Iterator[tuple[ModuleType, tuple[Rule, ...]]]:
    """Find the modules of rules with what files are held to; settings have manuals of their own."""
    for module in sorted(rules.MODULES, key=lambda each: list(GROUPS).index(_name(each)) if each is not config else -1):
        if module is not config:
            yield module, module.RULES


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def reference() -> str:
    """Return the page."""
    return "\n".join([HEAD, "## Các mục trong tệp\n", *_files(), "## Các quy tắc\n", *_rules()])


def _files() -> Iterator[str]:
    for name, (title, path) in FILES.items():
        yield f"### {title}\n"
        yield f"Tệp `{path}`.\n"
        for model in parts_of(MODELS[name]):
            yield f"#### {PARTS[model.__name__] if model is not MODELS[name] else f'Tệp {title.lower()}'}\n"
            for key, field in model.model_fields.items():
                yield f"##### {key}\n"
                note = note_of(model.__name__, key)
                needed = "Bắt buộc. " if field.is_required() else ""
                shown = ", ".join(f"`{_shown(each)}`" for each in note.examples) if len(note.examples) == 1 else ""
                yield f"{needed}{_plain(note.vi)}{f' Ví dụ: {shown}.' if shown else ''}\n"


def parts_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Find a model and those within it, each once, in the order in which a file has them."""
    found = [model]
    for each in found:  # which grows
        for field in each.model_fields.values():
            found += [inner for inner in dict.fromkeys(_models_in(field.annotation)) if inner not in found]
    yield from found


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in getattr(annotation, "__args__", ()):
        yield from _models_in(each)


def _shown(value: object) -> str:
    """Return a value as it is written in a file."""
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True).strip().removesuffix("\n...")


def _plain(text: str) -> str:
    """Return a note as Markdown: what is quoted there as a word of a file becomes code, and nothing becomes a tag."""
    return re.sub(r"'([^' ]+)'", r"`\1`", re.sub(r"(\*\*\S+\*\*|\{\S+\})", r"`\1`", text))


def _rules() -> Iterator[str]:
    told = notes()
    for module, own in rules_of_files():
        yield f"### {GROUPS[_name(module)]}\n"
        for rule in own:
            note = told[rule.code]
            yield f"#### {rule.code}\n"
            yield f"{SEVERITIES[rule.severity]} Máy ghi:\n"
            yield f"> {sentence(rule)}\n"
            yield f"**Khi nào.** {note['when']}\n"
            yield f"**Sửa thế nào.** {note['mend']}\n"
            if "bad" in note:
                yield f"Chưa được:\n```yaml\n{note['bad']}```\n"
                yield f"Được:\n```yaml\n{note['good']}```\n"


def sentence(rule: Rule) -> str:
    """Return what is said when the rule is broken, with dots for what differs each time."""
    said = f"{_dotted(rule.what['vi'])}; {_dotted(rule.cure['vi'])}"
    return said.replace("*", "\\*").replace("<", "\\<")


def _dotted(text: str) -> str:
    pieces = []
    for before, name, _, conversion in Formatter().parse(text):
        pieces.append(before)
        if name == "near":
            pieces.append(_NEAR)
        elif name is not None and name not in {"example", "former", "quotes"}:  # which are empty or a whole clause
            pieces.append("'…'" if conversion == "r" else "…")
    return "".join(pieces)


def main() -> None:
    """Write the page, or say whether it is what the program gives."""
    page = reference()
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page:
        sys.exit(f"{PAGE} isn't what the program gives; run make reference")


if __name__ == "__main__":
    main()
