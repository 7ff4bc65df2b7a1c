"""Texts for ears: what a voice or a screen reader would stumble over, and what only eyes can follow."""

import re
from collections.abc import Iterator

from bot.core.aloud import Reader, addresses
from bot.core.lesson_texts import LessonText
from bot.core.rules.finding import UPPER, Finding, quoting
from bot.core.rules.rule import Rule, warning
from bot.core.wording import plain

LONGEST_TEXT = 350  # characters as shown: about 25 seconds
LONGEST_LABEL = 40
MOST_BUTTONS = 2  # named in one sentence that says to press them

RULES: tuple[Rule, ...] = (
    warning(
        "emoji-first",
        en=("the sign {sign} comes before any word", "begin with a word; put the sign behind it, or leave it out"),
        vi=("hình {sign} đứng trước chữ", "hãy bắt đầu bằng chữ; để hình ở sau, hoặc bỏ đi"),
    ),
    warning(
        "only-for-eyes",
        en=("{words!r} can only be seen", "say the button's name, or the words that stand there"),
        vi=("{words!r} thì phải nhìn mới biết", "hãy nói tên nút, hoặc chữ ghi ở chỗ đó"),
    ),
    warning(
        "raw-url",
        en=(
            "{words!r} is an address that nobody can follow by ear",
            "say what it is, or only its name, such as dichvucong.gov.vn",
        ),
        vi=(
            "địa chỉ {words!r} nghe đọc thì không ai theo được",
            "hãy nói đó là trang gì, hoặc chỉ ghi tên trang, như dichvucong.gov.vn",
        ),
    ),
    warning(
        "underscore",
        en=("an underscore, which is read out as a word", "say in words what belongs there"),
        vi=("có dấu gạch dưới, máy sẽ đọc thành tiếng", "hãy nói bằng chữ chỗ ấy cần điền gì"),
    ),
    warning(
        "sign-row",
        en=("a row of signs, {words!r}", "write one of them, or say it in words"),
        vi=("có một dãy dấu, {words!r}", "hãy chỉ ghi một dấu, hoặc nói bằng chữ"),
    ),
    warning(
        "shouting",
        en=("{words!r} is in capitals, which nobody hears", "write it in small letters; say why it matters"),
        vi=(
            "{words!r} viết toàn chữ hoa, nghe đọc thì không ai biết",
            "hãy viết chữ thường; hệ trọng thì nói rõ vì sao",
        ),
    ),
    warning(
        "unknown-abbreviation",
        en=("the voice spells {words!r} letter by letter", "write it out, or add it to pronunciation.yaml"),
        vi=("giọng đọc sẽ đánh vần {words!r} từng chữ", "hãy viết đầy đủ, hoặc thêm vào pronunciation.yaml"),
    ),
    warning(
        "long-label",
        en=("the choice has {size} characters", "{limit} at most; the rest may stand in the question or in 'because'"),
        vi=("lựa chọn dài {size} ký tự", "nhiều nhất {limit}; phần còn lại để ở câu hỏi hoặc ở 'because'"),
    ),
    warning(
        "label-without-word",
        en=("the choice begins with {sign!r}", "begin it with a letter or a digit"),
        vi=("lựa chọn bắt đầu bằng {sign!r}", "hãy bắt đầu bằng một chữ hoặc một số"),
    ),
    warning(
        "long-text",
        en=("the text has {size} characters", "{limit} at most: say less, or make two steps of it"),
        vi=("đoạn chữ dài {size} ký tự", "nhiều nhất {limit}: hãy nói gọn lại, hoặc tách thành hai bước"),
    ),
    warning(
        "many-actions",
        en=("one sentence names {count} buttons to press", "tell one thing to do in a sentence"),
        vi=("một câu có tới {count} nút phải bấm", "hãy để mỗi câu một việc"),
    ),
)

_emoji = "[\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_emoji_first = re.compile(rf"(?m)^[^\w\n]*?({_emoji})")
_row = re.compile(r"([^\w\s.])(?: ?\1){2,}|[!?]{2,}|\.{4,}|[•●►▶★☆◆■▪=~#+-]{3,}")
_capitals = re.compile(f"[{UPPER}]{{2}}")
_sentence = re.compile(r"(?<=[.!?:])\s+")
_bold = re.compile(r"\*\*[^*]+\*\*")
_colours = "đỏ|xanh|vàng|cam|tím|hồng|trắng|đen|xám|lục|lam"
_SEEN = {
    "vi": re.compile(
        rf"\b(?:nút|chữ|ô|mục|dòng|biểu tượng|hình) (?:có )?(?:màu|{_colours})\b(?: (?:{_colours}))?"
        r"|\b(?:bên|phía) (?:trên|dưới|trái|phải)(?! máy| điện thoại)\b"
        r"|\bgóc (?:trên|dưới|trái|phải|màn)\b"
        r"|\bnhư (?:trong |ở )?hình(?! thức)\b|\bnhư (?:trong )?ảnh (?:bên|trên|dưới|sau)\b"
        r"|\b(?:xem|theo|nhìn) (?:hình|ảnh) (?:trên|dưới|sau|bên|minh)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:red|green|blue|yellow|orange|white|black|grey|gray|purple) (?:button|icon|box|sign)\b"
        r"|\b(?:button|icon|menu|box|line) (?:above|below|at the (?:top|bottom)|on the (?:left|right))\b"
        r"|\b(?:top|bottom|upper|lower)[ -](?:left|right)\b|\b(?:left|right|top|bottom) corner\b"
        r"|\b(?:as|see|shown) (?:in )?the picture\b|\bas (?:pictured|shown (?:above|below))\b",
        re.IGNORECASE,
    ),
}
_PRESS = {
    "vi": re.compile(r"\b(?:bấm|nhấn|chọn|chạm|mở|ấn)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:press|tap|choose|select|open|touch|pick)\b", re.IGNORECASE),
}
_EITHER = {"vi": re.compile(r"\b(?:hoặc|hay)\b"), "en": re.compile(r"\bor\b")}


def hard_to_hear(text: LessonText, lang: str, reader: Reader) -> Iterator[Finding]:
    """Find what is hard to follow by ear."""
    raw = text.text
    shown = plain(raw).replace("{", "").replace("}", "")
    if text.role == "label":
        yield from _of_label(shown)
    elif not shown.isascii() and (emoji := _emoji_first.search(shown)):
        yield Finding("emoji-first", emoji[1], (("sign", emoji[1]),))
    if len(shown) > LONGEST_TEXT:
        yield Finding("long-text", "", (("limit", LONGEST_TEXT), ("size", len(shown))))
    if text.role not in {"seen", "quoted"} and (seen := _SEEN[lang].search(raw)):
        yield quoting("only-for-eyes", seen[0])
    yield from _signs(raw, shown)
    if _capitals.search(raw):
        for word, spelled in reader.capitals(_bold.sub(" ", raw), lang):
            yield quoting("unknown-abbreviation" if spelled else "shouting", word)
        for name in _bold.findall(raw):  # a button's name is copied as it is, even if it shouts
            yield from (
                quoting("unknown-abbreviation", word) for word, spelled in reader.capitals(name, lang) if spelled
            )
    if raw.count("**") > 2 * MOST_BUTTONS:
        yield from _pressed(raw, lang)


def _of_label(shown: str) -> Iterator[Finding]:
    if len(shown) > LONGEST_LABEL:
        yield Finding("long-label", "", (("limit", LONGEST_LABEL), ("size", len(shown))))
    if not shown[0].isalnum():
        yield Finding("label-without-word", "", (("sign", shown[0]),))


def _signs(raw: str, shown: str) -> Iterator[Finding]:
    found = list(addresses(raw))
    for address in found:
        if "/" in address or address.startswith("www."):
            yield quoting("raw-url", address)
    if "_" in shown and not any("_" in address for address in found):
        yield Finding("underscore", "_")
    if row := _row.search(shown):
        yield quoting("sign-row", row[0])


def _pressed(raw: str, lang: str) -> Iterator[Finding]:
    for sentence in _sentence.split(raw):
        names = _bold.findall(sentence)
        if len(names) > MOST_BUTTONS and _PRESS[lang].search(sentence) and not _EITHER[lang].search(sentence):
            yield Finding("many-actions", names[MOST_BUTTONS], (("count", len(names)),))
