"""`hocso check`: what is checked, how it is told and mended, and what it ends with."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bad_tables import FOLDER, write
from lesson_texts import changed
from small import REPO
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.core.problem import Problem
from bot.core.rules import ALL, config, gathered
from bot.core.rules.rule import Rule, error, warning
from bot.lesson_commands.telling import MANUAL
from bot.library import read_folder

LESSON = "lessons/an-toan/an-02-giu-ma.yaml"
SHORT = "lessons/an-toan/an-01-dau-hieu.yaml"
MISSPELT = f"{LESSON}:4:1: error unknown-key: không có mục nào tên 'minuts'; có phải ý là 'minutes' không?"
NO_PICTURE = "an-toan/an-02-giu-ma.yaml:14:15: warning no-picture-file:"

Check = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Run the command in a folder that has settings and good lessons."""
    write(tmp_path / "lessons", FOLDER)
    (tmp_path / "config.yaml").write_text("lessons: lessons\n")
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(app, ["check", *args])


def change(path: str, old: str, new: str) -> None:
    there = Path(path)
    there.write_text(changed(there.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def misspell() -> None:
    change(LESSON, "minutes: 3", "minuts: 3")


def test_good_lessons_end_with_0(check: Check) -> None:
    ended = check()
    assert (ended.exit_code, ended.stdout) == (0, "Đã xem 9 tệp, tất cả đều tốt.\n")
    assert check("--lang", "en", LESSON).stdout == "Looked at 1 file: all is good.\n"


def test_everything_wrong_in_all_files_is_told_at_once_in_the_language_of_the_settings(check: Check) -> None:
    misspell()
    change(SHORT, "title: Dấu hiệu", "title: Dấu hiệu {Ban}")
    ended = check()
    assert ended.exit_code == 1
    assert ended.stdout.splitlines() == [
        (
            f"{SHORT}:2:17: error unknown-placeholder: {{Ban}} không phải từ xưng hô thay được;"
            " có phải ý là '{Bạn}' không?"
        ),
        MISSPELT,
        "Có 2 lỗi phải sửa.",
    ]
    Path("config.yaml").write_text("language: en\n")
    assert check().stdout.splitlines()[1:] == [
        f"{LESSON}:4:1: error unknown-key: unknown key 'minuts'; did you mean 'minutes'?",
        "Found 2 errors.",
    ]


def test_only_what_was_named_is_told(check: Check) -> None:
    misspell()
    assert check(SHORT).exit_code == 0
    assert check("lessons/phrases").exit_code == 0
    for named in (
        LESSON,
        "lessons/an-toan",
        "lessons",
        str(Path("lessons").resolve()),
        f"lessons/phrases/../../{LESSON}",
    ):
        assert check(named).stdout.splitlines()[0] == MISSPELT
    assert check(SHORT, LESSON).exit_code == 1


def test_a_file_is_judged_with_its_whole_library_around_it(check: Check) -> None:
    change(SHORT, "skills", "needs: [an-02-giu-ma]\nskills")
    assert check(LESSON).stdout.startswith(f"{LESSON}:7:1: error needs-itself:")
    os.chdir("lessons/an-toan")
    ended = check("an-02-giu-ma.yaml", "--config", "../../config.yaml")
    assert ended.stdout.startswith(f"{Path.cwd()}/an-02-giu-ma.yaml:7:1: error needs-itself:")


def test_lessons_of_several_folders_are_checked_at_once(check: Check) -> None:
    misspell()
    shutil.copytree("lessons", "others")
    lines = check("others", "lessons").stdout.splitlines()
    assert lines == [MISSPELT, MISSPELT.replace("lessons/", "others/"), "Có 2 lỗi phải sửa."]


def test_a_warning_is_told_and_ends_with_1_only_if_one_is_strict(check: Check) -> None:
    Path("lessons/an-toan/nut.png").unlink()
    ended = check("--lang", "en")
    assert ended.exit_code == 0
    assert ended.stdout.splitlines() == [
        f"lessons/{NO_PICTURE} there is no picture 'nut.png' beside the lesson; put it there, or take 'picture' out",
        "Found 1 warning.",
    ]
    assert check("--strict").exit_code == 1
    assert check("--strict").stdout.endswith("Có 1 chỗ nên xem lại.\n")
    misspell()
    assert check().stdout.endswith("Có 1 lỗi phải sửa.\n")  # a lesson that can't be read isn't looked at more closely


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nowhere"], "Không có tệp hay thư mục 'nowhere'. (There is no such file or folder.)\n"),
        (["notes.txt"], "'notes.txt' không phải tệp .yaml. (It is no .yaml file.)\n"),
        (
            ["config.yaml"],
            (
                "'config.yaml' không nằm trong thư mục bài học nào."
                " (It is in no lesson folder: that has a folder 'phrases'.)\n"
            ),
        ),
        (["--json", "--sarif"], "Chỉ chọn một trong hai: --json, --sarif. (Choose one of them.)\n"),
    ],
)
def test_what_cannot_be_checked_ends_with_2(check: Check, args: list[str], said: str) -> None:
    Path("notes.txt").write_text("x")
    ended = check(*args)
    assert (ended.exit_code, ended.stdout, ended.stderr) == (2, "", said)


def test_options_and_settings_that_are_none_end_with_2(check: Check) -> None:
    assert check("--lang", "fr").exit_code == 2
    assert check("--bogus").exit_code == 2
    Path("config.yaml").write_text("language: fr\n")
    ended = check()
    assert (ended.exit_code, ended.stderr) == (
        2,
        "config.yaml:1:1: error not-allowed: 'language' is 'fr'; it should be 'vi' or 'en'\n",
    )
    assert check("--lang", "en", "lessons").exit_code == 0  # they aren't needed


def test_a_lesson_folder_that_is_gone_ends_with_2_and_an_empty_one_with_1(check: Check) -> None:
    shutil.rmtree("lessons")
    ended = check()
    assert ended.exit_code == 2
    assert "There is no such file or folder." in ended.stderr
    Path("lessons").mkdir()
    ended = check("--lang", "en")
    assert ended.exit_code == 1
    assert ended.stdout.startswith("lessons/phrases/vi.yaml:1:1: error no-phrases: the bot's Vietnamese phrases")


def test_programs_get_one_object_with_both_languages(check: Check) -> None:
    misspell()
    Path("lessons/an-toan/an-01-dau-hieu.en.yaml").write_text("format: 1\n\ttitle: x\n")
    ended = check("--json")
    assert ended.exit_code == 1
    found = json.loads(ended.stdout)
    assert {name: value for name, value in found.items() if name != "problems"} == {
        "format": 1,
        "files": 9,
        "errors": 2,
        "warnings": 0,
        "fixed": [],
    }
    tab, key = found["problems"]
    assert (tab["code"], tab["fixable"]) == ("tab", True)
    assert key == {
        "path": LESSON,
        "line": 4,
        "column": 1,
        "severity": "error",
        "code": "unknown-key",
        "what": {"vi": "không có mục nào tên 'minuts'", "en": "unknown key 'minuts'"},
        "cure": {"vi": "có phải ý là 'minutes' không?", "en": "did you mean 'minutes'?"},
        "fixable": True,
    }


def sarif(ended: Result) -> dict[str, Any]:
    log = json.loads(ended.stdout)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_code_hosts_get_a_sarif_log(check: Check) -> None:
    misspell()
    Path("lessons/an-toan/Bài 3.yaml").write_text("format: 1\n")
    run = sarif(check("--sarif", "--lang", "en"))
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["name"] == "hocso check"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["bad-file-name", "unknown-key"]
    assert rules[1] == {
        "id": "unknown-key",
        "shortDescription": {"text": "unknown key …"},
        "help": {"text": "…"},
        "defaultConfiguration": {"level": "error"},
        "helpUri": "docs/lessons.md#unknown-key",
    }
    name, key = run["results"]
    assert name["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "lessons/an-toan/B%C3%A0i%203.yaml"
    assert key == {
        "ruleId": "unknown-key",
        "ruleIndex": 1,
        "level": "error",
        "message": {"text": "unknown key 'minuts'; did you mean 'minutes'?"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": LESSON},
                    "region": {"startLine": 4, "startColumn": 1},
                }
            }
        ],
        "properties": {
            "vi": "không có mục nào tên 'minuts'; có phải ý là 'minutes' không?",
            "en": "unknown key 'minuts'; did you mean 'minutes'?",
        },
    }


def test_a_sarif_log_of_good_lessons_has_no_results(check: Check) -> None:
    assert sarif(check("--sarif"))["results"] == []


def test_misspelt_keys_a_missing_format_and_tabs_are_mended(check: Check) -> None:
    misspell()
    change(LESSON, "    hint: Mã", "    hnit: Mã")
    change(SHORT, "format: 1\n", "# Bài đầu\n")
    english = Path("lessons/an-toan/an-02-giu-ma.en.yaml")
    english.write_text(re.sub("(?m)^    ", "\t\t", english.read_text(encoding="utf-8")), encoding="utf-8")
    ended = check("--fix", "--lang", "en")
    assert ended.exit_code == 0, ended.stdout
    assert ended.stdout.splitlines() == [
        f"{SHORT}:2:1: mended missing-key: key 'format' is missing; add 'format: …'",
        "lessons/an-toan/an-02-giu-ma.en.yaml:6:1: mended tab: a tab; use spaces, not tabs, to indent",
        f"{LESSON}:4:1: mended unknown-key: unknown key 'minuts'; did you mean 'minutes'?",
        f"{LESSON}:19:5: mended unknown-key: unknown key 'hnit'; did you mean 'hint'?",
        "Looked at 9 files: all is good.",
    ]
    assert Path(LESSON).read_text(encoding="utf-8") == FOLDER["an-toan/an-02-giu-ma.yaml"]
    assert Path(SHORT).read_text(encoding="utf-8").startswith("# Bài đầu\nformat: 1\ntitle:")


def test_what_was_mended_is_in_the_object_for_programs(check: Check) -> None:
    misspell()
    found = json.loads(check("--fix", "--json").stdout)
    assert (found["problems"], [each["code"] for each in found["fixed"]]) == ([], ["unknown-key"])


def test_mending_shows_what_was_hidden_and_leaves_what_needs_a_person(check: Check) -> None:
    change(LESSON, "minutes: 3", "minuts: ba")
    ended = check("--fix", "--lang", "en")
    assert ended.exit_code == 1
    assert ended.stdout.splitlines() == [
        f"{LESSON}:4:1: mended unknown-key: unknown key 'minuts'; did you mean 'minutes'?",
        f"{LESSON}:4:1: error wrong-type: 'minutes' is the text 'ba'; it should be a whole number",
        "Found 1 error.",
    ]


def test_mending_keeps_windows_line_ends_and_the_byte_order_mark(check: Check) -> None:
    windows = "\ufeff" + changed(FOLDER["an-toan/an-02-giu-ma.yaml"], "format: 1", "fromat: 1").replace("\n", "\r\n")
    Path(LESSON).write_bytes(windows.encode())
    assert check("--fix").exit_code == 0
    assert Path(LESSON).read_bytes() == windows.replace("fromat", "format").encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("minutes: 3\n", "minutes: 3\nminuts: 3\n"),  # the right key is there as well
        ("minutes: 3\n", "minutes: 3\nzzz: 3\n"),  # nothing is near
        ("    help: Nhờ", "    helping: Nhờ"),  # something is, but not very
        ("    kind: do\n", "\tkind: do\n    \thelp: x\n"),  # how wide a tab was meant can't be said
    ],
)
def test_what_is_not_certain_is_left_alone(check: Check, old: str, new: str) -> None:
    change(LESSON, old, new)
    before = Path(LESSON).read_bytes()
    ended = check("--fix")
    assert ended.exit_code == 1
    assert "đã sửa" not in ended.stdout
    assert Path(LESSON).read_bytes() == before


def test_a_file_that_cannot_be_written_is_said(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    misspell()
    before = Path(LESSON).read_bytes()

    def full(path: Path, _: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("bot.voice.files.put", full)
    ended = check("--fix")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.endswith("an-02-giu-ma.yaml: không sửa được. (It can't be mended: No space left on device.)\n")
    assert Path(LESSON).read_bytes() == before


def test_what_only_check_tells_keeps_nothing_from_being_taught(check: Check) -> None:
    Path("lessons/an-toan/nut.png").unlink()
    assert "warning no-picture-file" in check().stdout
    library, problems = read_folder(Path("lessons"))
    assert (sorted(library.lessons), problems) == (["an-01", "an-02"], ())


def test_two_rules_with_the_same_code_are_refused() -> None:
    one = error("x", en=("a", "b"), vi=("c", "d"))
    with pytest.raises(ValueError, match="two rules have the code 'x'"):
        gathered([one, warning("x", en=("a", "b"), vi=("c", "d"))])


@pytest.mark.parametrize("rule", ALL.values(), ids=ALL.keys())
def test_every_rule_has_a_slug_and_tells_the_same_in_both_languages(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.code)
    places = [set(re.findall(r"(?<!\{)\{(\w+)(?:!r)?\}", rule.what[lang] + rule.cure[lang])) for lang in ("vi", "en")]
    assert places[0] == places[1]
    assert rule.what["vi"] != rule.what["en"]


def test_problems_stand_in_the_order_of_their_places() -> None:
    later = Problem.of("b.yaml", 2, 1, "tab")
    places = [
        later,
        Problem.of("b.yaml", 1, 9, "tab"),
        Problem.of("b.yaml", 1, 2, "tab"),
        Problem.of("a.yaml", 3, 1, "tab"),
    ]
    assert [(each.path, each.line, each.column) for each in sorted(places)] == [
        ("a.yaml", 3, 1),
        ("b.yaml", 1, 2),
        ("b.yaml", 1, 9),
        ("b.yaml", 2, 1),
    ]
    assert len({later, Problem.of("b.yaml", 2, 1, "tab")}) == 1


def test_every_rule_has_its_heading_in_the_manual() -> None:
    manual = (REPO / MANUAL).read_text(encoding="utf-8")
    told_elsewhere = {rule.code for rule in config.RULES}
    headings = re.findall(r"^### (\S+)\n\n(\S.*)$", manual, re.MULTILINE)
    explained = [code for code, _ in headings if code in ALL]
    assert sorted(explained) == sorted(ALL.keys() - told_elsewhere)
