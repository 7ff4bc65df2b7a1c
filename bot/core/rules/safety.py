"""What would put a learner in danger: asking for secrets, strange links and numbers, promises nobody can keep."""

import re
from collections.abc import Iterator

from bot.core.aloud import addresses
from bot.core.contacts import Contacts, digits_of
from bot.core.lesson_texts import LessonText
from bot.core.rules.finding import Finding, quoting
from bot.core.rules.rule import Rule, error, warning
from bot.core.wording import plain

CLAUSE = 200  # characters on either side that tell how something is meant

RULES: tuple[Rule, ...] = (
    error(
        "asks-for-secret",
        en=(
            "{words!r} asks the learner to give a secret away",
            "codes, passwords and photos of papers go to nobody: say where to type them oneself, or leave it out",
        ),
        vi=(
            "{words!r} là bảo người học đưa điều bí mật cho người khác",
            "mã, mật khẩu, ảnh giấy tờ thì không đưa cho ai: hãy nói tự nhập ở đâu, hoặc bỏ câu này",
        ),
    ),
    warning(
        "foreign-link",
        en=(
            "{words!r} is none of the links in contacts.yaml",
            "name an official one, or add this one there with its source",
        ),
        vi=(
            "{words!r} không có trong các trang của contacts.yaml",
            "hãy ghi một trang chính thức, hoặc thêm trang này vào đó kèm nguồn",
        ),
    ),
    warning(
        "unknown-number",
        en=(
            "{words!r} is none of the numbers in contacts.yaml",
            "add it there with its source, or say where the learner finds it",
        ),
        vi=(
            "{words!r} không có trong các số của contacts.yaml",
            "hãy thêm số này vào đó kèm nguồn, hoặc nói người học tìm số ở đâu",
        ),
    ),
    error(
        "doubtful-contact",
        en=("{words!r} has low confidence in contacts.yaml", "leave it out, and say whom to ask instead"),
        vi=("{words!r} ghi trong contacts.yaml là chưa chắc (low)", "hãy bỏ đi, và nói nên hỏi ai"),
    ),
    warning(
        "promised-fee",
        en=("{words!r} tells a fee, and fees change", "say where the fee is shown; or allow it here with its source"),
        vi=("{words!r} nêu mức phí, mà phí hay đổi", "hãy nói xem mức phí ở đâu; hoặc cho phép ở đây kèm nguồn"),
    ),
    warning(
        "promised-time",
        en=(
            "{words!r} promises when it is done",
            "say where that is shown, or that a message comes; or allow it here with its source",
        ),
        vi=(
            "{words!r} hứa bao giờ xong",
            "hãy nói xem hẹn ở đâu, hoặc chờ tin báo; hoặc cho phép ở đây kèm nguồn",
        ),
    ),
)

_SECRETS_VI = (
    r"(?:mã (?:otp|pin|xác (?:thực|nhận)|bí mật|gửi (?:về|qua))|otp|passcode|pát cốt|mật khẩu|cvv|cvc|mã pin|số thẻ"
    r"|(?:ảnh|hình)(?: chụp)?(?: hai mặt)?(?: của)? (?:thẻ|căn cước|giấy tờ|cccd|sổ)"
    r"|mã(?= (?:cho|với|vào đây|ở đây|qua)))"
)
_SECRETS_EN = (
    r"(?:otp|pin|passcode|password|cvv|cvc|code|card number"
    r"|(?:photo|picture)s? of (?:your |the )?(?:card|id|papers|passport))"
)
_GIVE = {  # told to the learner, so at the beginning of a clause or behind words that tell to do something
    "vi": re.compile(
        r"(?:^|[.!?;:,] |\{bạn\} |\b(?:hãy|cứ|rồi|thì|cần|nên|phải|giờ|việc) )\s*"
        rf"((?:gửi|nhắn|gõ|đọc|đưa|nói|báo|cho|chụp)\b[^.!?;:,]{{0,30}}?\b{_SECRETS_VI}\b[^.!?;:,]{{0,25}}?"
        r"(?:\b(?:cho|với|tới|đến) (?:\{mình\}|tôi|cán bộ|công an|người|ngân hàng|nhân viên|tổng đài|bot|nhóm)"
        r"|\bvào đây|\bở đây|\bqua (?:zalo|tin nhắn|điện thoại|telegram)|\blên (?:nhóm|zalo|facebook)))",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:^|[.!?;:,] |\b(?:you|please|then|and|now|should|must|to|can) )\s*"
        rf"((?:send|text|type|read|give|tell|show)\b[^.!?;:,]{{0,30}}?\b{_SECRETS_EN}\b[^.!?;:,]{{0,25}}?"
        r"(?:\bto (?:me|us|them|him|her|the (?:officer|police|bank|caller|bot|group)|anyone|someone)"
        r"|\b(?:in )?here\b|\bby (?:zalo|text|phone))"
        rf"|(?:send|text|give|tell|show) me\b[^.!?;:,]{{0,20}}?\b{_SECRETS_EN}\b)",
        re.IGNORECASE,
    ),
}
_WARNED = {  # of a danger, or of what others do and want
    "vi": re.compile(
        r"\b(?:không|đừng|chớ|chẳng|cấm|nếu|lỡ|đòi|bảo(?! hiểm| mật)|bắt|hỏi|xin|giục|dọa|hứa|họ(?! tên)|ai|kẻ|là)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"n't\b|\b(?:not|never|no|nobody|none|cannot|if|whoever|asks?|asked|asking|wants?|they|scammers?|means|is)\b",
        re.IGNORECASE,
    ),
}
_CLAIMED = {  # by scammers, or of them
    "vi": re.compile(r"\b(?:giục|dọa|hứa|họ(?! tên)|kẻ|lừa|đòi|bảo(?! hiểm| mật)|có người)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:they|scammers?|promises?|demands?|asks?|someone|paid)\b", re.IGNORECASE),
}
_mark = re.compile(r"[.!?;:]")
_host = re.compile(r"(?i)^(?:https?://)?(?:[^@/]*@)?(?:www\.)?([^/?#:]+)")
_LONG = r"(?:\+84(?:[ .-]?\d){8,10}|0(?:[ .-]?\d){9,10}|(?:1800|1900)(?:[ .-]?\d){4,6})"
_SHORT = r"\d{3,5}(?!\w|[ .,-]\d\d)"
_OR = r"(?:/|,? (?:hoặc|hay|và|or|and) )"
_CALL = {
    "vi": (
        r"(?:gọi|nhắn|tổng đài|đường dây nóng|hotline|số điện thoại|đầu số)(?: (?:tin|cho|tới|đến|vào|ngay|số|là))*"
    ),
    "en": r"(?:call|dial|text|phone|hotline|helpline|number)(?: (?:to|at|is|now))*",
}
_NUMBER = {
    lang: re.compile(rf"(?<![\w.,-])({_LONG})(?!\d)|\b{call} ({_SHORT}(?:{_OR}{_SHORT})*)", re.IGNORECASE)
    for lang, call in _CALL.items()
}
_figure = re.compile(r"\d")
_short = re.compile(_SHORT)
_AMOUNT = r"(?<![\d.,])\d[\d.,]{0,14}\s?(?:(?:nghìn|ngàn|triệu|tỷ)(?: đồng)?|đồng|đ\b|k\b|vnd\b)"
_FEE = {
    "vi": re.compile(
        rf"\b(?:lệ phí|phí|cước|giá)\b[^.!?;]{{0,30}}?{_AMOUNT}|{_AMOUNT}[^.!?;]{{0,15}}?\b(?:lệ phí|tiền phí|cước)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:fee|charge|costs?|price)\b[^.!?;]{0,30}?\d[\d.,]{0,14}\s?(?:thousand|million|đồng|dong|vnd)"
        r"|(?<![\d.,])\d[\d.,]{0,14}\s?(?:thousand|million|đồng|dong|vnd)\b[^.!?;]{0,15}?\bfee\b",
        re.IGNORECASE,
    ),
}
_SPAN = r"(?:\d+|một|hai|ba|bốn|năm|bảy|mười|vài)(?: (?:đến|tới) \d+)? (?:giờ|ngày|tuần|tháng)(?: làm việc)?"
_TIME = {
    "vi": re.compile(
        rf"\b(?:xong|cấp|duyệt|giải quyết|trả kết quả|có kết quả|nhận kết quả|nhận được)\b[^.!?;,]{{0,25}}?{_SPAN}"
        rf"|\b(?:sau|trong|chờ|khoảng) {_SPAN}[^.!?;]{{0,15}}?\b(?:là (?:có|xong|được)|sẽ (?:có|xong|được))",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:ready|done|issued|approved|settled|finished)\b[^.!?;,]{0,20}?"
        r"\b(?:\d+|one|two|three|five|seven|a few) (?:working )?(?:hours?|days?|weeks?|months?)\b",
        re.IGNORECASE,
    ),
}
_FACTUAL = {"tell", "do", ""}  # steps, and what stands outside steps, in which facts are told


def dangers(text: LessonText, lang: str, contacts: Contacts) -> Iterator[Finding]:
    """Find what is dangerous to say; what a rehearsal's caller says may be."""
    yield from _contacts(text.text, lang, contacts)
    if text.role != "said":
        return
    yield from _asked(text.text, lang)
    if text.kind in _FACTUAL:
        for code, pattern in (("promised-fee", _FEE[lang]), ("promised-time", _TIME[lang])):
            for promised in pattern.finditer(text.text):
                if not _CLAIMED[lang].search(_clause_of(promised)):
                    yield quoting(code, promised[0])


def _asked(text: str, lang: str) -> Iterator[Finding]:
    for asked in _GIVE[lang].finditer(text):
        if not _WARNED[lang].search(_clause_of(asked)):
            yield quoting("asks-for-secret", asked[1])


def _clause_of(match: re.Match[str]) -> str:
    """Return the words around what was found, from one mark to the next."""
    before = _mark.split(match.string[max(0, match.start() - CLAUSE) : match.start()])[-1]
    behind = _mark.split(match.string[match.end() : match.end() + CLAUSE])[0]
    return f"{before}{match[0]}{behind}"


def _contacts(text: str, lang: str, contacts: Contacts) -> Iterator[Finding]:
    for address in addresses(text):
        found = _host.match(address)
        link = contacts.link(found[1].lower()) if found else None
        if link is None or link.confidence == "low":
            yield quoting("doubtful-contact" if link else "foreign-link", address)
    yield from numbers_unfit(text, lang, contacts)


def numbers_unfit(text: str, lang: str, contacts: Contacts) -> Iterator[Finding]:
    """Find phone numbers that learners shouldn't be told."""
    for number in numbers_in(text, lang):
        known = contacts.by_number.get(digits_of(number))
        if known is None or known.confidence == "low":
            yield quoting("doubtful-contact" if known else "unknown-number", number)


def numbers_in(text: str, lang: str) -> Iterator[str]:
    """Find the phone numbers that a text tells, as they stand there."""
    for found in _NUMBER[lang].finditer(plain(text)) if _figure.search(text) else ():
        yield from [found[1]] if found[1] else _short.findall(found[2])
