"""Libraries that don't change when editors change lessons, and the one they change.

`small_library()` has every kind of step. REAL is six real lessons as they once were, in tests/lessons,
with the present phrases. SHIPPED is what learners get.
"""

from dataclasses import replace
from pathlib import Path

from bot import places
from bot.core.lesson import Course, Lesson
from bot.core.lesson_file import read_course, read_lesson, read_translation
from bot.core.library import FIRST, Library
from bot.core.teams import Kept, teams_of
from bot.library import read_folder

REPO = Path(__file__).parent.parent
TEAMS = teams_of(
    [
        Kept("sen-vang-27", "16093", "Tổ thôn 3"),
        Kept("mai-tim-11", "16093", "Tổ thôn 4"),
        Kept("hoa-tim-11", "14797", "Tổ phố 2", ended=True),
    ],
    places.read("thanh-hoa"),
)
REAL, _ = read_folder(REPO / "tests/lessons")
SHIPPED, PROBLEMS = read_folder(REPO / "lessons")

COURSE = """
format: 1
id: khoa
title: Khóa thử
summary: Để thử.
order: 1
"""

FIRST_LESSON = """
format: 1
title: Bài một
summary: Học thử mọi loại bước.
minutes: 2
audience: [tat-ca]
skills: [KN4]
checked: 2026-11-22
recheck_by: 2027-01-22
steps:
  - {id: ke, kind: tell, text: "{Bạn} bấm **Tiếp**."}
  - id: hoi
    kind: ask
    text: Mã OTP đưa cho ai?
    hint: Mã là của riêng mình.
    choices:
      - {text: Đưa cho công an, because: Công an không hỏi mã.}
      - {text: Không đưa cho ai, right: true, because: Mã là chìa khóa.}
      - {text: Đưa cho ngân hàng, because: Ngân hàng không hỏi mã.}
  - id: lam
    kind: do
    text: "{Bạn} mở tin nhắn."
    differs: Tìm chữ gần giống.
  - id: hoi-hai
    kind: ask
    tries: 1
    text: Ai giữ mật khẩu?
    choices:
      - {text: Chỉ một mình tôi, right: true, because: Mật khẩu là của riêng.}
      - {text: Con cháu giữ hộ, because: Giữ hộ cũng không nên.}
  - id: goi
    kind: scene
    text: Diễn tập.
    lines:
      - id: chao
        who: Người lạ
        says: Tôi là công an.
        choices:
          - {text: Nghe tiếp, next: doa}
          - {text: Cúp máy, next: debrief, because: Tốt lắm.}
      - id: doa
        who: Người lạ
        says: Đọc mã cho tôi.
        choices:
          - {text: Đọc mã, next: chao, because: Khoan đã.}
          - {text: Cúp máy thôi, next: debrief}
    debrief: Đó là kẻ lừa.
  - {id: het, kind: tell, text: Hết bài.}
learnt: "{Bạn} biết giữ mã."
"""

SECOND_LESSON = """
format: 1
title: Bài hai
summary: Ngắn thôi.
minutes: 1
audience: [tat-ca]
skills: [KN4]
needs: [bai-01-mot]
checked: 2026-11-22
recheck_by: 2027-01-22
steps:
  - {id: ke, kind: tell, text: Một điều.}
"""

IN_ENGLISH = """
format: 1
title: Lesson two
summary: Short.
steps:
  - {id: ke, text: One thing.}
"""


def with_teams(library: Library) -> Library:
    """Return a library of an installation that has teams: two that can be joined, and one that has ended."""
    return replace(library, teams=TEAMS)


def lesson(text: str, name: str = "bai-01-mot") -> Lesson:
    """Read a lesson that must be good."""
    found = read_lesson(text, f"{name}.yaml", name, "khoa")
    assert not isinstance(found, list), found
    return found


def course(names: tuple[str, ...]) -> Course:
    """Read the small course with these lessons."""
    found = read_course(COURSE, "course.yaml", "khoa")
    assert not isinstance(found, list), found
    return found.model_copy(update={"lessons": names})


def small_library(first: str = FIRST_LESSON) -> Library:
    """Return two lessons in one course; the second has English beside it."""
    second = lesson(SECOND_LESSON, "bai-02-hai")
    english = read_translation(IN_ENGLISH, "bai-02-hai.en.yaml", second, "en")
    assert not isinstance(english, list), english
    lessons = {"bai-01": {FIRST: lesson(first)}, "bai-02": {FIRST: second, "en": english}}
    return Library(REAL.phrases, ({FIRST: course(("bai-01-mot", "bai-02-hai"))},), lessons)
