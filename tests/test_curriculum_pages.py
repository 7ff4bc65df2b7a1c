"""The pages for whoever checks the lessons: they are what the lessons give, and say where each claim comes from."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from small import REPO, SHIPPED, lesson
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.lesson import Fact, Lesson
from bot.core.library import FIRST
from bot.lesson_commands import curriculum as command
from bot.lesson_commands.claims import BadTable, Claim, read_claims
from bot.lesson_commands.curriculum import pages
from bot.lesson_commands.curriculum_page import figures
from bot.lesson_commands.ledger import ledger

ONE = lesson(
    """
format: 1
title: Giữ mã
summary: Học giữ mã.
minutes: 2
audience: [tat-ca]
skills: [KN3]
facts:
  - {file: thanh-toan.md, sections: [6]}
checked: 2026-11-22
recheck_by: 2027-02-22
steps:
  - {id: muc-tieu, kind: tell, text: "Bài này giúp {bạn} giữ mã. {Bạn} cần nghe thôi, một hai ba bốn."}
  - {id: giu-ma, kind: tell, text: "Mã **OTP** không đưa cho ai."}
  - id: hoi
    kind: ask
    text: Mã đưa cho ai?
    choices:
      - {text: Không ai, right: true, because: Đúng.}
      - {text: Công an, because: Không.}
help: Hỏi Công an xã.
""",
    "tk-01-bi-mat",
)
PAGE = """# Review log

In the tables `§n bm` is section n, bullet m of thanh-toan.md where no file is named.

## tk-01-bi-mat (mended)
Found and mended: nothing.

| step | claim | fact | confidence |
|---|---|---|---|
| giu-ma, hoi | codes for nobody | §6 b1; at §1.4, LD2; LD3 | cao · ít |
| giu-ma | not even once | KC 1; vneid §4 b1 | vừa |
| help | whom to ask | advice | - |
"""


@pytest.fixture(autouse=True)
def no_log_is_kept() -> Iterator[None]:
    """Let no log of later tests go to what a command's output was."""
    yield
    structlog.reset_defaults()


def claims(folder: Path, text: str = PAGE, lessons: tuple[Lesson, ...] = (ONE,)) -> dict[str, list[Claim]]:
    (folder / "tien.md").write_text(text, encoding="utf-8")
    return read_claims(folder, {each.id: each for each in lessons})


# What is written is what the lessons give


def test_the_written_pages_are_what_the_lessons_give() -> None:
    stale = [name for name, text in pages(SHIPPED, REPO / "docs").items() if read(name) != text]
    assert not stale, "run: hocso curriculum --write"


def read(name: str) -> str:
    return (REPO / "docs" / name).read_text(encoding="utf-8")


def test_every_lesson_and_every_step_stands_in_the_ledger() -> None:
    text = read("facts-ledger.md")
    for languages in SHIPPED.lessons.values():
        first = languages[FIRST]
        part = text.partition(f"## {first.id}: ")[2].partition("\n## ")[0]
        assert [step.id for step in first.steps if step.id not in part] == [], first.id
        assert f"Checked {first.checked}, to be checked again by {first.recheck_by}." in part


def test_every_lesson_stands_in_the_curriculum_and_among_the_dates() -> None:
    text = read("curriculum.md")
    lists, due = text.split("## Due for recheck")
    for key, languages in SHIPPED.lessons.items():
        assert f"\n| {key} | {languages[FIRST].title} |" in lists
        assert f"{key}" in due.partition(f"| {languages[FIRST].recheck_by} |")[2].partition("\n")[0]


def test_the_pages_stay_readable() -> None:
    assert len(read("curriculum.md")) < 40_000
    assert len(read("facts-ledger.md")) < 200_000


# Figures


def test_a_lesson_is_counted() -> None:
    counted = figures(ONE)
    assert (counted.steps, counted.questions, counted.scenes, counted.pictures) == (3, 1, 0, 0)
    assert counted.longest == len("Bài này giúp {bạn} giữ mã. {Bạn} cần nghe thôi, một hai ba bốn.")
    assert counted.sentences == (6, 8, 6, 4)
    both = counted + figures(ONE.model_copy(update={"minutes": 5}))
    assert (both.lessons, both.minutes, both.steps, both.longest) == (2, 7, 6, counted.longest)
    assert both.cells[:2] == ("7", f"{2 * counted.told:.1f}")
    assert both.cells[-2] == "6.0, 8"


# Claims


def test_a_claim_names_its_files_in_full(tmp_path: Path) -> None:
    first, second, third = claims(tmp_path)["tk-01-bi-mat"]
    assert first == Claim(
        ("giu-ma", "hoi"),
        "codes for nobody",
        "thanh-toan §6 b1; an-toan §1.4, LD2; an-toan LD3",
        "cao · ít",
    )
    assert first.files == {"thanh-toan.md", "an-toan.md"}
    assert second.fact == "thanh-toan KC 1; vneid §4 b1"
    assert (third.steps, third.fact, third.files) == (("help",), "advice", set())


def test_a_page_may_take_the_signs_of_another(tmp_path: Path) -> None:
    (tmp_path / "khac.md").write_text(
        PAGE.split("\n## ", maxsplit=1)[0].replace("thanh-toan", "vneid"), encoding="utf-8"
    )
    text = PAGE.replace("In the tables `§n bm` is section n, bullet m of thanh-toan.md", "Signs as in khac.md;")
    assert claims(tmp_path, text)["tk-01-bi-mat"][1].fact == "vneid KC 1; vneid §4 b1"


@pytest.mark.parametrize("cell", ["giu-ma/help", "giu-ma.differs", "giu-ma (doi-tien)"])
def test_a_row_may_mean_a_part_of_a_step(tmp_path: Path, cell: str) -> None:
    found = claims(tmp_path, PAGE.replace("| giu-ma |", f"| {cell} |"))
    assert found["tk-01-bi-mat"][1].steps == ("giu-ma",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("## tk-01-bi-mat", "## tk-01", "tien.md:10: there is no lesson 'tk-01'; name it by its whole id"),
        (
            "| giu-ma | not",
            "| giu-maa | not",
            "tien.md:11: tk-01-bi-mat has no step 'giu-maa'; it has muc-tieu, giu-ma, hoi",
        ),
        (
            "| vừa |",
            "|",
            "tien.md:11: the row has 3 columns; it needs four: step, claim, fact, confidence",
        ),
        (
            "## tk-01-bi-mat (mended)",
            "",
            "tien.md:10: a row stands before the first lesson; begin with '## <lesson-id>'",
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(BadTable) as caught:
        claims(tmp_path, PAGE.replace(old, new))
    assert str(caught.value) == f"{tmp_path}/{expected}"


def test_the_ledger_tells_step_words_claim_and_fact(tmp_path: Path) -> None:
    text = ledger([ONE], claims(tmp_path))
    assert text.partition("\n\n1 lessons")[2] == (
        ", 3 claims, 3 steps, of which 1 have no row.\n\n"
        "## tk-01-bi-mat: Giữ mã\n\n"
        "Facts: thanh-toan.md 6. Checked 2026-11-22, to be checked again by 2027-02-22.\n\n"
        "**The lesson's `facts` don't name an-toan.md, vneid.md, which claims below rest on.**\n\n"
        "| step | what it says | claim | fact | sure |\n"
        "|---|---|---|---|---|\n"
        "| giu-ma, hoi | Mã OTP không đưa cho ai. | codes for nobody |"
        " thanh-toan §6 b1; an-toan §1.4, LD2; an-toan LD3 | cao · ít |\n"
        "| giu-ma | ″ | not even once | thanh-toan KC 1; vneid §4 b1 | vừa |\n"
        "| help | Hỏi Công an xã. | whom to ask | advice | - |\n\n"
        "No row: muc-tieu.\n"
    )


def test_a_lesson_whose_claims_nobody_wrote_down_says_so() -> None:
    bare = ONE.model_copy(update={"facts": (Fact(file="vneid.md", sections=(1, "LD2")),)})
    text = ledger([bare], {})
    assert "Facts: vneid.md 1, LD2." in text
    assert text.endswith("\n\nNo row: muc-tieu, giu-ma, hoi.\n")


# The command


def run(*options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["curriculum", *options])
    return done.exit_code, done.output


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "docs"
    shutil.copytree(REPO / "docs" / "curriculum", folder / "curriculum")
    (tmp_path / "config.yaml").write_text(f"lessons: {REPO / 'lessons'}\n", encoding="utf-8")
    monkeypatch.setenv("HOCSO_CONFIG", str(tmp_path / "config.yaml"))
    return folder


def test_the_command_writes_what_differs_and_then_finds_it_right(docs: Path) -> None:
    both = f"{docs / 'curriculum.md'}, {docs / 'facts-ledger.md'}"
    wrong = f"{both}: không khớp bài học; chạy lại với --write. (Not what the lessons give; run it with --write.)\n"
    assert run("--docs", str(docs))[0] == 1
    assert run("--docs", str(docs))[1].endswith(wrong)
    code, said = run("--docs", str(docs), "--write")
    assert code == 0
    assert said.endswith(f"{docs / 'facts-ledger.md'}: đã ghi (written)\n")
    assert (docs / "curriculum.md").read_text(encoding="utf-8") == read("curriculum.md")
    code, said = run("--docs", str(docs))
    assert code == 0
    assert said.endswith(f"{docs / 'facts-ledger.md'}: đã khớp bài học (is what the lessons give)\n")


def test_the_command_names_a_bad_table(docs: Path) -> None:
    page = docs / "curriculum" / "an-toan.md"
    page.write_text("## an-99\n| a | b | c | d |\n", encoding="utf-8")
    assert run("--docs", str(docs)) == (1, f"{page}:2: there is no lesson 'an-99'; name it by its whole id\n")


def test_lessons_that_are_due_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    days = {key: languages[FIRST].recheck_by for key, languages in SHIPPED.lessons.items()}
    first = min(days.values())
    command._tell_due(SHIPPED, first - dt.timedelta(days=1))  # noqa: SLF001  the command itself asks the clock
    assert capsys.readouterr().out == ""
    command._tell_due(SHIPPED, first)  # noqa: SLF001
    due = [key for key in SHIPPED.order if days[key] == first]
    said = f"Cần kiểm lại {len(due)} bài (lessons due for recheck): {', '.join(due)}\n"
    assert capsys.readouterr().out == said
