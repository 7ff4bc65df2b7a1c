"""The words of monthly reports: those of the page, which are Vietnamese alone, and those of the office about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.office.texts import Problem

TITLE: Final = "Báo cáo tháng {month}"
WEEKS: Final = "Gồm {number} tuần đã đếm: từ thứ Hai {first} đến hết Chủ nhật {last}."
MISSING: Final = "Tuần cuối của tháng, đến {sunday}, không được đếm, nên không có ở đây."
MADE: Final = "Lập ngày {day}, từ các con số mà văn phòng Học Số đã công bố sau mỗi tuần."
END: Final = "Đến nay"
FIGURE: Final = "Số người"
NOW: Final = "Đến {day}"
CHANGE: Final = "Thay đổi"
NOTHING_BEFORE: Final = "Tháng trước chưa có báo cáo để so."
UNKNOWN: Final = "–"
BY_WEEK: Final = "Trong tháng, theo tuần"
WHOLE: Final = "Cả tháng"
CHART: Final = "Số người có học, mỗi tuần"
PARTS: Final = "Số liệu từng tổ, từng xã có ở trang của nơi này trong văn phòng Học Số."
LEARNT: Final = (
    "Có học, học trong tuần: số người có làm gì trong một bài học ở tuần ấy; theo tổ, theo xã là tuần cuối cùng."
)
FIRST_ONES: Final = "Học xong bài đầu tiên: số người lần đầu đi hết một bài là ở tuần ấy."
DASH: Final = (
    "–: không cộng được (có tuần bị ẩn, hoặc một người có thể tính ở nhiều tuần), hoặc không có đủ hai số để so."
)
PLACE: Final = "…………………, ngày …… tháng …… năm ………"
SIGNATURES: Final = (("Người lập báo cáo", "(ký, ghi rõ họ tên)"), ("Xác nhận của lãnh đạo", "(ký, ghi rõ họ tên)"))
FILE: Final = "bao-cao-{month}-{area}.pdf"


@dataclass(frozen=True, slots=True)
class MonthTexts:
    """What the office says about reports, in one language."""

    title: str
    link: str  # {month}
    wrong: Problem  # {month}
    unfinished: Problem  # {month}, {sunday}
    uncounted: Problem  # {month}


MONTH_TEXTS: Final[Mapping[str, MonthTexts]] = {
    "vi": MonthTexts(
        title="Báo cáo tháng (PDF, một trang A4)",
        link="Tháng {month}",
        wrong=Problem("Không có tháng này", "{month!r} không phải là một tháng; viết năm trước, như 2026-10."),
        unfinished=Problem(
            "Tháng {month} chưa hết",
            "Báo cáo tháng {month} gồm các tuần đến hết Chủ nhật {sunday}; tuần ấy được đếm vào thứ Hai sau đó.",
        ),
        uncounted=Problem(
            "Tháng {month} không có số liệu", "Trong tháng {month} không có tuần nào được đếm cho nơi này."
        ),
    ),
    "en": MonthTexts(
        title="Monthly report (PDF, one A4 page, in Vietnamese)",
        link="Month {month}",
        wrong=Problem("There is no such month", "{month!r} is no month; write the year first, such as 2026-10."),
        unfinished=Problem(
            "The month {month} isn't over",
            "The report of {month} has the weeks until Sunday {sunday}; that week is counted on the Monday after it.",
        ),
        uncounted=Problem("Nothing was counted in {month}", "No week of {month} was counted for this place."),
    ),
}


def month_texts_of(lang: str) -> MonthTexts:
    """Return the words in this language, or in Vietnamese where there are none."""
    return MONTH_TEXTS.get(lang, MONTH_TEXTS["vi"])
