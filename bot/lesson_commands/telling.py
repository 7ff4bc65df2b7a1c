"""What `hocso check` found, for people, for programs and for code hosts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from bot.core.mend import fixable
from bot.core.problem import Problem
from bot.core.rules import ALL
from bot.core.rules.rule import Rule
from bot.lesson_commands.looking import Found

LANGS = ("vi", "en")
MANUAL = "docs/lessons.md"  # has a heading for each rule
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def counted(problems: Sequence[Problem]) -> Mapping[str, int]:
    """Return how many there are of each severity."""
    return {name: sum(each.severity == name for each in problems) for name in ("error", "warning")}


def as_json(found: Found, fixed: Sequence[Problem]) -> dict[str, object]:
    """Return the document of `--json`; `fixed` are problems that were mended before."""
    count = counted(found.problems)
    return {
        "format": 1,
        "files": found.files,
        "errors": count["error"],
        "warnings": count["warning"],
        "problems": [_as_data(each) for each in found.problems],
        "fixed": [_as_data(each) for each in fixed],
    }


def _as_data(problem: Problem) -> dict[str, object]:
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "code": problem.code,
        "what": {lang: problem.what(lang) for lang in LANGS},
        "cure": {lang: problem.cure(lang) for lang in LANGS},
        "fixable": fixable(problem),
    }


def as_sarif(problems: Sequence[Problem], lang: str) -> dict[str, object]:
    """Return the log of `--sarif`, SARIF 2.1.0; its messages are in this language, their properties have both."""
    rules = sorted({each.code for each in problems})
    results = [
        {
            "ruleId": each.code,
            "ruleIndex": rules.index(each.code),
            "level": each.severity,
            "message": {"text": each.sentence(lang)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(each.path)},
                        "region": {"startLine": each.line, "startColumn": each.column},
                    }
                }
            ],
            "properties": {name: each.sentence(name) for name in LANGS},
        }
        for each in problems
    ]
    driver = {"name": "hocso check", "rules": [_rule(ALL[code], lang) for code in rules]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, lang: str) -> dict[str, object]:
    blank: dict[str, str] = defaultdict(lambda: "…")
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.what[lang].format_map(blank)},
        "help": {"text": rule.cure[lang].format_map(blank)},
        "defaultConfiguration": {"level": rule.severity},
        "helpUri": f"{MANUAL}#{rule.code}",
    }


def _uri(path: str) -> str:
    return Path(path).as_uri() if Path(path).is_absolute() else quote(Path(path).as_posix())


def summary(found: Found, lang: str) -> str:
    """Return the last line for people."""
    count = counted(found.problems)
    errors, warnings = count["error"], count["warning"]
    if lang == "vi":
        parts = [f"{errors} lỗi phải sửa"] * bool(errors) + [f"{warnings} chỗ nên xem lại"] * bool(warnings)
        return f"Có {' và '.join(parts)}." if parts else f"Đã xem {found.files} tệp, tất cả đều tốt."
    parts = [_many(errors, "error")] * bool(errors) + [_many(warnings, "warning")] * bool(warnings)
    return f"Found {' and '.join(parts)}." if parts else f"Looked at {_many(found.files, 'file')}: all is good."


def _many(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
