"""What a lesson begins with: an id of its own, and a file that can be taught at once and changed bit by bit."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.core.fold import fold
from bot.core.key_notes import note_of
from bot.core.lesson import MAX_ID, key_of
from bot.core.lesson_yaml import yaml_of

VALID = dt.timedelta(days=90)  # until the facts of a new lesson must be checked again

_STEPS: Sequence[Mapping[str, object]] = [
    {
        "id": "muc-tieu",
        "kind": "tell",
        "text": "{Bạn} và {mình} cùng tập bài này. {Bạn} cứ thong thả.",
    },
    {
        "id": "hoi-lai",
        "kind": "ask",
        "text": "Chưa hiểu một bước thì {bạn} làm gì?",
        "choices": [
            {"text": "Bỏ qua, làm tiếp cho nhanh", "because": "Ai cũng muốn xong sớm. Nghe lại thì chắc hơn."},
            {"text": "Nghe lại bước ấy lần nữa", "right": True, "because": "Nghe lại bao nhiêu lần cũng được."},
        ],
        "decides": True,
    },
    {
        "id": "lam-thu",
        "kind": "do",
        "text": "Giờ {bạn} cầm điện thoại lên, mở màn hình.",
        "differs": "Màn hình chưa sáng thì {bạn} bấm nút ở cạnh máy.",
        "help": "{Bạn} nhờ người nhà mở màn hình giúp.",
    },
]
_STEP_NOTES = {
    "tell": {
        "vi": "tell: kể. {bạn} là người học, {mình} là trợ giảng, **Tiếp** là tên nút.",
        "en": "tell: to read or hear. {bạn} is the learner, {mình} the tutor, **Tiếp** a button's name.",
    },
    "ask": {
        "vi": "ask: hỏi. Có 2 đến 4 câu trả lời; câu đúng ghi 'right: true'; câu nào cũng giải thích tử tế.",
        "en": "ask: a question with 2 to 4 answers; the right one has 'right: true'; each gets a kind reason.",
    },
    "do": {
        "vi": "do: làm trên máy. 'differs' nói khi màn hình khác, 'help' nói khi cần giúp.",
        "en": "do: on the phone. 'differs' is said when the screen looks different, 'help' when help is needed.",
    },
}


def proposed_id(course: str, title: str, in_course: Iterable[str], everywhere: Iterable[str]) -> str:
    """Return an id that is free: the course's usual prefix, the number behind the highest, words of the title.

    `in_course` and `everywhere` are the ids of the lessons of that course and of all courses.
    """
    prefixes = Counter(prefix for name in in_course if (prefix := _numbered(name)[0]))
    prefix = prefixes.most_common(1)[0][0] if prefixes else "".join(word[0] for word in course.split("-"))
    number = 1 + max((number for each, number in map(_numbered, everywhere) if each == prefix), default=0)
    made = f"{prefix}-{number:02}"
    for word in fold(title).letters:
        if len(made) + 1 + len(word) > MAX_ID:
            break
        made += f"-{word}"
    return made


def _numbered(name: str) -> tuple[str, int]:
    """Cut a lesson's id: what stands before its first number, and the number; 0 if it has none."""
    prefix, _, number = key_of(name).rpartition("-")
    return (prefix, int(number)) if number.isdecimal() else (name, 0)


def new_lesson(begun: Mapping[str, object], today: dt.date, lang: str) -> str:
    """Return the text of a lesson's file: the keys that were `begun` with, days and example steps, with notes."""
    days = {"checked": today, "recheck_by": today + VALID}
    parts = [_noted(key, {key: value}, lang) for key, value in {"format": 1, **begun, **days}.items()]
    steps = [f"  # {_STEP_NOTES[str(step['kind'])][lang]}\n{_item(step)}" for step in _STEPS]
    return "".join((*parts, _noted("steps", "steps:\n", lang), *steps))


def _noted(key: str, written: Mapping[str, object] | str, lang: str) -> str:
    note = note_of("LessonFile", key)
    return f"# {note.vi if lang == 'vi' else note.en}\n{written if isinstance(written, str) else yaml_of(written)}"


def _item(step: Mapping[str, object]) -> str:
    return yaml_of({"steps": [step]}).partition("\n")[2]
