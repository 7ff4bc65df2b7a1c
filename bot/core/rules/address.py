"""Forms of address: a text must suit everybody, whatever they asked to be called."""

import re
from collections.abc import Iterator

from bot.core.lesson_texts import LessonText
from bot.core.rules.finding import UPPER, Finding, quoting
from bot.core.rules.rule import Rule, warning

RULES: tuple[Rule, ...] = (
    warning(
        "fixed-address",
        en=(
            "{words!r} addresses only some learners",
            "write {{bạn}}, or {{Bạn}} where a sentence begins: each learner chooses what to be called",
        ),
        vi=(
            "{words!r} chỉ hợp với một số người học",
            "hãy viết {{bạn}}, đầu câu thì {{Bạn}}: mỗi người tự chọn cách được gọi",
        ),
    ),
)

_WORD = "ông|bà|bác|cô|chú|anh|chị|em|bạn|cháu"
_ACTS = (
    "hãy|cứ|bấm|nhấn|chạm|chọn|mở|gõ|nhập|vuốt|tìm|nghe|xem|nhớ|thử|đừng|nên|cần|có thể|muốn|không nên|không cần|phải"
    "|được mời|vào|đã biết|sẽ|vui lòng|tự|giữ|gọi|hỏi|chờ|làm"
)
_quoted = re.compile(r"[“\"][^”\"]*[”\"]|\*\*[^*]+\*\*")
_named = re.compile(rf"\b((?i:{_WORD})) [{UPPER}]")  # Anh Nam: a story
_fixed = re.compile(
    rf"\b(?:{_WORD}) ?/ ?(?:{_WORD})\b"
    rf"|(?:(?<=^)|(?<=[.!?:…] ))(?:{_WORD}|quý vị)(?= (?:{_ACTS})\b)"
    r"|\b(?:mời|chúc|cảm ơn|xin chào|giúp) (?:bác|bạn|quý vị)\b"
    r"|\bcủa bạn(?! bè| mình| học| thân| con| vợ| chồng| \w+ ấy)\b",
    re.IGNORECASE | re.MULTILINE,
)


def fixed_address(text: LessonText, lang: str) -> Iterator[Finding]:
    """Find forms of address that aren't placeholders. Others may use them: callers, and what a screen says."""
    if lang != "vi" or text.role not in {"said", "title"}:
        return
    told = _quoted.sub(lambda quoted: " " * len(quoted[0]), text.text)
    known = {found[1].lower() for found in _named.finditer(told)}
    yield from (quoting("fixed-address", found[0]) for found in _fixed.finditer(told) if found[0].lower() not in known)
