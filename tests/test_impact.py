"""`hocso check --impact`: who is touched by an edit, told before it hurts and without a name."""

import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lesson_texts import COURSE, LESSON, SHORT, SHORT_TRANSLATION, TRANSLATION, changed
from programs import hocso
from small import FIRST_LESSON, REPO, small_library

from bot.core.library import Library
from bot.core.progress import Progress, Spot, encode
from bot.core.settle import carry
from bot.core.shown import mark
from bot.core.standing import Impact, Stand, as_data, told
from bot.trial import impact_on

pytestmark = pytest.mark.anyio

BEFORE = small_library()


def at(step: str, *, looking: bool = True) -> Progress:
    """Someone at a step of the first lesson, who looks at it or is in the menu."""
    there = Progress(agreed=1, place="lesson", lesson="bai-01", spots={"bai-01": Spot(step)})
    if looking:
        return Progress(agreed=1, place="lesson", lesson="bai-01", spots=there.spots, shown=mark(BEFORE, there))
    return Progress(agreed=1, place="menu", spots=there.spots)


async def everyone(*people: Progress) -> AsyncIterator[list[bytes]]:
    for one in people:
        yield [encode(one)]


def edited(*changes: tuple[str, str]) -> Library:
    text = FIRST_LESSON
    for old, new in changes:
        text = changed(text, old, new)
    fresh = small_library(text)
    return Library(fresh.phrases, fresh.courses, fresh.lessons, places=carry(BEFORE, fresh.lessons))


async def test_without_an_edit_nobody_is_touched() -> None:
    impact = await impact_on(BEFORE, everyone(at("ke"), at("hoi"), at("goi", looking=False), Progress()))
    assert impact == Impact({}, 3)


async def test_each_way_to_be_touched_is_told() -> None:
    library = edited(
        ("  - id: hoi\n", "  - id: hoi-moi\n    was: [hoi]\n"),
        ("  - id: lam\n", "  - id: lam-khac\n"),
        ("text: Ai giữ mật khẩu?", "text: Ai biết mật khẩu?"),
    )
    people = (at("hoi"), at("hoi", looking=False), at("lam"), at("lam"), at("hoi-hai"), at("hoi-hai", looking=False))
    impact = await impact_on(library, everyone(*people, at("mat-tieu"), at("het")))
    assert impact.touched == {
        Stand("bai-01", "hoi", "renamed", "hoi-moi"): 2,
        Stand("bai-01", "hoi-hai", "altered"): 1,
        Stand("bai-01", "lam", "led", "lam-khac"): 2,
        Stand("bai-01", "mat-tieu", "moved"): 1,
    }
    assert impact.untouched == 2
    assert told(impact, "en") == [
        "bai-01#hoi: 2 inside; goes on there, it is called 'hoi-moi' now",
        "bai-01#hoi-hai: 1 inside; it asks something else; is asked again, told so",
        "bai-01#lam: 2 inside; it is gone; goes on at 'lam-khac', told so",
        "bai-01#mat-tieu: 1 inside; it is gone; begins the lesson anew, told so",
        "Touched: 6. As they were: 2.",
    ]
    assert told(impact, "vi") == [
        "bai-01#hoi: 2 người; học tiếp đúng chỗ, nay gọi là 'hoi-moi'",
        "bai-01#hoi-hai: 1 người; câu hỏi đã đổi; được hỏi lại, có lời báo",
        "bai-01#lam: 2 người; bước không còn; học tiếp ở 'lam-khac', có lời báo",
        "bai-01#mat-tieu: 1 người; bước không còn; học lại từ đầu bài, có lời báo",
        "Bị ảnh hưởng: 6. Giữ nguyên chỗ: 2.",
    ]


async def test_a_lesson_that_is_gone_is_told() -> None:
    lessons = {key: languages for key, languages in BEFORE.lessons.items() if key != "bai-01"}
    impact = await impact_on(Library(BEFORE.phrases, BEFORE.courses, lessons), everyone(at("hoi")))
    assert told(impact, "vi")[0] == "bai-01#hoi: 1 người; bài không còn; được đưa về menu"
    assert told(impact, "en")[0] == "bai-01#hoi: 1 inside; the lesson is gone; is led to the menu"
    assert as_data(impact) == {
        "touched": [{"lesson": "bai-01", "step": "hoi", "becomes": "gone", "to": "", "people": 1}],
        "untouched": 0,
    }


async def test_a_value_that_cannot_be_read_is_passed_over() -> None:
    async def odd() -> AsyncIterator[list[bytes]]:
        yield [b"\xc1", encode(at("hoi"))]

    assert await impact_on(BEFORE, odd()) == Impact({}, 1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with committed lessons and somebody called Đào in the second one."""
    files = {
        "config.yaml": "lessons: lessons\ndata: var\n",
        "lessons/an-toan/course.yaml": COURSE,
        "lessons/an-toan/an-01-dau-hieu.yaml": SHORT,
        "lessons/an-toan/an-01-dau-hieu.en.yaml": SHORT_TRANSLATION,
        "lessons/an-toan/an-02-giu-ma.yaml": LESSON,
        "lessons/an-toan/an-02-giu-ma.en.yaml": TRANSLATION,
    }
    for lang in ("vi", "en"):
        text = (REPO / "lessons/phrases" / f"{lang}.yaml").read_text(encoding="utf-8")
        files[f"lessons/phrases/{lang}.yaml"] = text
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git = ("git", "-c", "user.name=Thử", "-c", "user.email=thu@example.org")
    for words in (("init", "-q"), ("add", "lessons"), ("commit", "-qm", "lessons")):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)  # noqa: S603  our own words
    said = hocso(tmp_path, "chat", "--learner", "Đào", lines="đồng ý\nbạn\nđọc\nbỏ qua\nGiữ mã\ntiếp\n")
    assert "Có đưa mã không?" in said.stdout, said.stdout + said.stderr
    return tmp_path


def test_the_command_counts_who_is_in_a_step_that_goes_and_names_nobody(home: Path) -> None:
    lesson = home / "lessons/an-toan/an-02-giu-ma.yaml"
    before, after = LESSON.index("  - id: hoi\n"), LESSON.index("  - id: lam\n")
    lesson.write_text(LESSON[:before] + LESSON[after:], encoding="utf-8")
    (home / "lessons/an-toan/an-02-giu-ma.en.yaml").unlink()
    ran = hocso(home, "check", "--impact", "--lang", "en")
    assert ran.stdout.splitlines()[-2:] == [
        "an-02#hoi: 1 inside; it is gone; goes on at 'lam', told so",
        "Touched: 1. As they were: 0.",
    ]
    assert "Đào" not in ran.stdout + ran.stderr
    ran = hocso(home, "check", "--impact", "--json", "--lang", "en")
    assert json.loads(ran.stdout)["impact"] == {
        "touched": [{"lesson": "an-02", "step": "hoi", "becomes": "led", "to": "lam", "people": 1}],
        "untouched": 0,
    }


def test_without_git_whoever_is_in_a_step_that_goes_begins_anew(home: Path) -> None:
    (home / ".git").rename(home / "git")
    lesson = home / "lessons/an-toan/an-02-giu-ma.yaml"
    lesson.write_text(changed(LESSON, "id: hoi\n    was: [hoi-cu]", "id: khac"), encoding="utf-8")
    ran = hocso(home, "check", "--impact", "--lang", "en")
    assert "an-02#hoi: 1 inside; it is gone; begins the lesson anew, told so" in ran.stdout


def test_a_store_that_is_away_is_one_sentence(home: Path) -> None:
    ran = hocso(home, "check", "--impact", "--lang", "en", REDIS_URL="redis://127.0.0.1:1")
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("The store at 127.0.0.1:1 can't be reached (")
    assert len(ran.stderr.splitlines()) == 1


def test_it_does_not_go_with_sarif(home: Path) -> None:
    ran = hocso(home, "check", "--impact", "--sarif", "--lang", "en")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "Chỉ chọn một trong hai: --impact, --sarif. (Choose one of them.)\n"
