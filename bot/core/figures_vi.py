"""Figures in a Vietnamese text -> words: dates, times, documents, and what a number counts."""

import re

from bot.core.figures import DAYS, HOURS, MONTHS, Rule, Tongue, before, coded, common, ranges, value
from bot.core.numerals import by_digit, cardinal, roman
from bot.core.pronunciation import Pronunciation

_COUNTED = (
    "người|hộ|xã|phường|tỉnh|thôn|bản|huyện|bài|câu|bước|lần|ngày|tháng|năm|tuần|giờ|phút|giây|tuổi|đồng|nghìn|ngàn|"
    "triệu|tỷ|tỉ|phần|mét|cây|ki lô|hồ sơ|thủ tục|dịch vụ|sản phẩm|tài khoản|thuê bao|điểm|trang|chữ|ký tự|cuộc|tin|"
    "vụ|trường hợp|thành viên|học viên|cán bộ|tổ|lớp|khóa|đơn|trạm|cái|chiếc|con|loại|nhóm|nhiệm vụ|đô la|đại biểu"
)
_DOCUMENT = "nghị định|thông tư|quyết định|nghị quyết|chỉ thị|công văn|công điện|kế hoạch|luật|thông báo|hướng dẫn"
_DAY = "ngày|mùng|mồng|từ|đến|trước|sau|hôm|sáng|trưa|chiều|tối|lễ|dịp|quà|đợt|hạn|hết|vào"
_EARLY, _TENTHS = range(1, 11), range(2, 11)  # days that are called `mùng`; parts that have a name
_HOLIDAYS = {"1/1", "8/3", "30/4", "1/5", "1/6", "27/7", "2/9", "20/10", "20/11"}

TONGUE = Tongue(
    lang="vi",
    thousands=".",
    decimal=",",
    point="phẩy",
    dot="chấm",
    to="đến",
    minus="âm",
    plus="cộng",
    over="trên",
    either="hoặc",
    signs={"%": "phần trăm", "‰": "phần nghìn", "°C": "độ xê", "°": "độ", "$": "đô la", "€": "ơ rô", "₫": "đồng"},
    calling=re.compile(
        r"(?i)(?<!\w)(?:gọi|nhắn|bấm|quay|tổng đài|đầu số|đường dây nóng|điện thoại|số máy)"
        r"(?: (?:điện|tin|số|tới|đến|gửi|vào|theo|ngay|cho|là|hiện nay|miễn phí|công an)){0,4}:? $"
    ),
    secret=re.compile(r"(?i)(?<!\w)(?:mã|mật khẩu|tài khoản|thẻ|định danh|căn cước)(?: [^\W\d_]+){0,4}:? $"),
    counted=re.compile(rf"(?i)\s?(?:{_COUNTED})(?!\w)"),
    named=re.compile(rf"(?i)(?<!\w)(?:năm|điều|khoản|trang|(?:{_DOCUMENT})(?: số)?) $"),
)

_tail = re.compile(
    r"(?<![\w/.,-])(?P<number>\d{1,5})(?:/(?P<year>\d{4}))?[/-]"
    r"(?P<tail>[A-ZĐƯ][\w&]*(?:[/&-][A-ZĐƯ][\w&]*)*)"
)
_iso = re.compile(r"(?<![\d/.,-])(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?![\d/-])")
_hyphened = re.compile(r"(?<![\d/.,-])(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})(?![\d/-])")
_date = re.compile(r"(?<![\d/.,-])(?P<day>\d{1,2})(?P<mark>[/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?![\d/])")
_month = re.compile(r"(?<![\d/.,-])(?P<month>\d{1,3})/(?P<year>\d{4})(?!\d|/\d)")
_short = re.compile(r"(?<![\d/.,-])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/]|[.,]\d)")
_time = re.compile(
    r"(?<![\d/.,:-])(?P<hour>\d{1,2})(?:\s?h\s?|g|:|\s?giờ\s)(?P<minute>[0-5]\d)(?P<unit>\s?phút|')?(?![\d:/]|[.,]\d)"
)
_hour = re.compile(r"(?<![\d/.,:-])(?P<hour>\d{1,2})\s?h(?![^\W_])")
_day_month = re.compile(r"(?i)(?<=ngày )(?P<day>[1-9]|10)(?= tháng)")
_fourth = re.compile(r"(?i)(?<!\w)(?P<of>thứ|tháng) (?P<number>[14])(?![\d/]|[.,]\d)")
_roman = re.compile(
    r"(?i:(?<!\w)(?P<of>quý|chương|phần|mục|phụ lục|thế kỷ|khóa|khoá|kỳ|đợt|loại|lần thứ|thứ|đại hội)) "
    r"(?P<number>[IVXL]{1,8})(?!\w)(?:/(?P<year>\d{4})(?!\d))?"
)


def rules(pronunciation: Pronunciation) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the rules for what stands before names are said, and for all other figures."""
    sayings = pronunciation.vi

    def document(match: re.Match[str]) -> str:
        parts = re.split(r"[/-]", match["tail"])
        whole = sayings.word(match["tail"])
        tail = whole or " ".join(sayings.word(part) or part for part in parts)
        return f"{_named(match['number'])}{_in_year(match['year'])}, {tail}"

    ahead, after = common(TONGUE, sayings, frozenset(pronunciation.dialled))
    own: tuple[Rule, ...] = (
        (_iso, _said_date),
        (_hyphened, _said_date),
        ranges(TONGUE),
        (_date, _said_date),
        (_time, _said_time),
        (_hour, lambda match: f"{match['hour']} giờ"),
        (_month, _said_month),
        (_short, _said_short),
        (_day_month, lambda match: f"mùng {cardinal(int(match['day']), 'vi')}"),
        (_fourth, lambda match: f"{match['of']} {_FOURTH[match['of'].lower(), match['number']]}"),
        (_roman, _said_roman),
    )
    return (coded(TONGUE), (_tail, document)), (*ahead, *own, *after)


_FOURTH = {("thứ", "1"): "nhất", ("thứ", "4"): "tư", ("tháng", "1"): "một", ("tháng", "4"): "tư"}


def _named(number: str) -> str:
    """Return the number of a document: 08 is *không tám*."""
    return by_digit(number, "vi") if number.startswith("0") else cardinal(int(number), "vi")


def _in_year(year: str | None) -> str:
    return f" năm {cardinal(int(year), 'vi')}" if year else ""


def _said_date(match: re.Match[str]) -> str | None:
    day, month = int(match["day"]), int(match["month"])
    return _of_days(match, day, month) + _in_year(match["year"]) if day in DAYS and month in MONTHS else None


def _of_days(match: re.Match[str], day: int, month: int) -> str:
    """Return day and month; the first ten days of a month are *mùng*."""
    said = before(match)
    name = "" if re.search(r"(?i)(?<!\w)(?:ngày|mùng|mồng) $", said) else "ngày "
    early = "mùng " if day in _EARLY and not re.search(r"(?i)m[ùồ]ng $", said) else ""
    return f"{name}{early}{cardinal(day, 'vi')} tháng {_of_month(month)}"


def _of_month(month: int) -> str:
    return _FOURTH.get(("tháng", str(month))) or cardinal(month, "vi")


def _said_month(match: re.Match[str]) -> str | None:
    said, month = before(match), int(match["month"])
    if re.search(rf"(?i)(?<!\w)(?:{_DOCUMENT})(?: số)? $", said) or month not in MONTHS:
        return _named(match["month"]) + _in_year(match["year"])
    name = "" if re.search(r"(?i)(?<!\w)tháng $", said) else "tháng "
    return f"{name}{_of_month(month)}{_in_year(match['year'])}"


def _said_short(match: re.Match[str]) -> str | None:
    day, month = int(match["day"]), int(match["month"])
    said = before(match)
    dated = re.search(rf"(?i)(?<!\w)(?:{_DAY}) $", said)
    if match[0] in {"24/7", "24/24"} and not dated:
        return f"hai mươi tư trên {cardinal(month, 'vi')}"
    if day not in DAYS or month not in MONTHS or re.search(r"(?i)(?<!\w)(?:bước|câu|bài|phần|điểm|đúng) $", said):
        return None
    if dated or "0" in {match[0][0], match["month"][0]} or day > month or match[0] in _HOLIDAYS:
        return _of_days(match, day, month)
    return f"{cardinal(day, 'vi')} phần {_of_month(month)}" if day < month and month in _TENTHS else None


def _said_time(match: re.Match[str]) -> str | None:
    hour, minute = int(match["hour"]), match["minute"]
    if hour not in HOURS:
        return None
    said = f"{cardinal(hour, 'vi')} giờ"
    if minute == "00":
        return said
    return f"{said} {value(TONGUE, minute)}{' phút' if match['unit'] else ''}"


def _said_roman(match: re.Match[str]) -> str | None:
    number = roman(match["number"])
    return f"{match['of']} {cardinal(number, 'vi')}{_in_year(match['year'])}" if number else None
