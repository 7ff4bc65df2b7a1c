"""The words of the page on which helpers see their own group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.group import Why


@dataclass(frozen=True, slots=True)
class GroupTexts:
    """All of them in one language."""

    how: str
    kept: str
    nobody: str
    many: str  # {people}, {waiting}
    calm: str  # {people}
    waiting: str
    others: str
    everybody: str
    unnamed: str  # {number}
    twice: str  # {name}, {number}: of two people who are called the same
    why: str  # {whys}
    whys: Mapping[Why, str]
    at: str  # {lesson}, {step}, {steps}
    lost: str  # {lesson}: in which their step is no more
    none_open: str
    seen: str  # {when}
    today: str
    yesterday: str
    ago: str  # {days}
    page: str  # {page}, {pages}
    earlier: str
    later: str
    audited: str  # {area}; as the audit has it


GROUP_TEXTS: Final[Mapping[str, GroupTexts]] = {
    "vi": GroupTexts(
        how="Ai đang cần giúp thì ở trên, rồi đến người lâu nhất chưa học. Cần giúp là: ở bước đang học đã báo bị kẹt, "
        "báo màn hình khác, hoặc nhờ người giúp; hoặc vừa trả lời sai từ ba lần liền trong bài.",
        kept="Chỉ người hỗ trợ của tổ xem được trang này, và mỗi lần mở được ghi vào sổ theo dõi. "
        "Tên là tên mà người học muốn được gọi; ai chưa cho tên thì mang một con số, không đổi. "
        "Xin đừng chép lại hay gửi trang này cho người khác.",
        nobody="Chưa có ai vào tổ này.",
        many="Tổ có {people} người học, {waiting} người đang cần giúp.",
        calm="Tổ có {people} người học, hiện không ai cần giúp.",
        waiting="Đang cần giúp",
        others="Những người khác",
        everybody="Người học",
        unnamed="Người học {number}",
        twice="{name} ({number})",
        why="Cần giúp: {whys}.",
        whys={
            "called": "nhờ người đến giúp",
            "stuck": "báo bị kẹt",
            "differed": "báo màn hình khác",
            "wrong": "trả lời sai nhiều lần liền",
        },
        at="Đang ở bước {step} trên {steps} của bài “{lesson}”.",
        lost="Đang học dở bài “{lesson}”.",
        none_open="Không có bài nào đang học dở.",
        seen="Học lần cuối: {when}.",
        today="hôm nay",
        yesterday="hôm qua",
        ago="{days} ngày trước",
        page="Trang {page} trên {pages}",
        earlier="Trang trước",
        later="Trang sau",
        audited="người học của {area}",
    ),
    "en": GroupTexts(
        how="Who needs help comes first, then who hasn't learnt for longest. Needing help means: at the step where "
        "they are they said that they are stuck, that their screen differs, or called for a helper; or they have just "
        "answered wrongly three times or more in a row.",
        kept="Only helpers of this group see this page, and each look is written into the audit. "
        "Names are what people want to be called; whoever gave none has a number that stays theirs. "
        "Please don't copy this page or send it to anybody.",
        nobody="Nobody has joined this group yet.",
        many="{people} people learn in this group; {waiting} need help.",
        calm="{people} people learn in this group; nobody needs help now.",
        waiting="Need help now",
        others="The others",
        everybody="Learners",
        unnamed="Learner {number}",
        twice="{name} ({number})",
        why="Needs help: {whys}.",
        whys={
            "called": "called for a helper",
            "stuck": "said they are stuck",
            "differed": "said their screen differs",
            "wrong": "wrong several times in a row",
        },
        at="At step {step} of {steps} of the lesson “{lesson}”.",
        lost="In the middle of the lesson “{lesson}”.",
        none_open="In no lesson now.",
        seen="Last learnt: {when}.",
        today="today",
        yesterday="yesterday",
        ago="{days} days ago",
        page="Page {page} of {pages}",
        earlier="Page before",
        later="Next page",
        audited="learners of {area}",
    ),
}


def group_texts_of(lang: str) -> GroupTexts:
    """Return the words in this language, or in Vietnamese where there are none."""
    return GROUP_TEXTS.get(lang, GROUP_TEXTS["vi"])
