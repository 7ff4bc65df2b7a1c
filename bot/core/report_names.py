"""What officials read about each figure: its name, and in one sentence what it counts. docs/figures.md has the same."""

from typing import Final, NamedTuple

from bot.core.problem import Phrase

HIDDEN: Final = Phrase("fewer than 5, or hidden", "ít hơn 5 hoặc được ẩn")


class Figure(NamedTuple):
    """A figure for people."""

    name: Phrase
    counts: Phrase


FIGURES: Final = {
    "came": Figure(
        Phrase("Reach", "Số người đến học"),
        Phrase(
            "people who agreed to learn here, each once, by the group they are in now",
            "số người đã đồng ý học ở đây, mỗi người tính một lần, theo tổ hiện nay của họ",
        ),
    ),
    "active": Figure(
        Phrase("Active", "Số người học trong tuần"),
        Phrase(
            "people who did something in a lesson in that week, each once",
            "số người có làm gì trong một bài học ở tuần ấy, mỗi người tính một lần",
        ),
    ),
    "finished": Figure(
        Phrase("Lessons finished", "Số người học xong"),
        Phrase(
            "people who came to the end of the lesson, or of at least one lesson, each once",
            "số người đã đi hết bài ấy, hoặc hết ít nhất một bài, mỗi người tính một lần",
        ),
    ),
    "alone": Figure(
        Phrase("Can do it alone", "Số người tự làm được"),
        Phrase(
            "people who finished the lesson, and whose latest first try at its deciding question, with no helper "
            "beside them, was right",
            "số người học xong bài ấy, và lần trả lời đầu gần nhất cho câu hỏi quyết định của bài, khi không có ai "
            "ngồi cạnh giúp, là đúng",
        ),
    ),
    "skill": Figure(
        Phrase("By skill", "Theo kỹ năng"),
        Phrase(
            "people who can do at least one lesson of that skill alone, each once",
            "số người tự làm được ít nhất một bài của kỹ năng ấy, mỗi người tính một lần",
        ),
    ),
    "path": Figure(
        Phrase("By target group", "Theo nhóm đối tượng"),
        Phrase(
            "people by the learning path that they follow now",
            "số người theo lộ trình học mà họ đang chọn",
        ),
    ),
    "channel": Figure(
        Phrase("By channel", "Theo kênh"),
        Phrase("people by the channel on which they first wrote", "số người theo kênh mà họ nhắn đến lần đầu"),
    ),
    "listens": Figure(
        Phrase("By voice", "Theo cách học"),
        Phrase(
            "people who now would rather listen, and those who would rather read",
            "số người hiện chọn nghe, và số người hiện chọn đọc",
        ),
    ),
    "funnel": Figure(
        Phrase("Where people stop", "Dừng ở bước nào"),
        Phrase(
            "of all who began a lesson, how many finished it, and for the others at which step of today's lesson they "
            "came furthest",
            "trong số người đã bắt đầu bài, bao nhiêu người học xong, còn lại đi xa nhất đến bước nào của bài hiện nay",
        ),
    ),
    "trouble": Figure(
        Phrase("Stuck, and my screen differs", "Bị kẹt, và màn hình khác"),
        Phrase(
            "people who said at that step in the last 52 weeks that they were stuck, or that their screen looks "
            "different, each once",
            "số người trong 52 tuần gần đây đã báo ở bước ấy là bị kẹt, hoặc là màn hình của họ khác, mỗi người tính "
            "một lần",
        ),
    ),
    "difficult": Figure(
        Phrase("Difficult questions", "Câu hỏi khó"),
        Phrase(
            "the share of people whose first answer to the question in the last 52 weeks was wrong, with the wrong "
            "choice that most took",
            "tỷ lệ người trả lời sai ngay lần đầu tiên trong 52 tuần gần đây, kèm lựa chọn sai được chọn nhiều nhất",
        ),
    ),
    "hours": Figure(
        Phrase("Time of day", "Giờ học trong ngày"),
        Phrase(
            "how often in the last 52 weeks somebody learnt in that hour, or on that day of the week, in Vietnam's "
            "time: each person once for each hour of each date",
            "số lượt có người học vào giờ ấy, hoặc thứ ấy, trong 52 tuần gần đây, theo giờ Việt Nam: mỗi người, mỗi "
            "giờ của mỗi ngày tính một lượt",
        ),
    ),
    "load": Figure(
        Phrase("Helpers' load", "Việc của người giúp"),
        Phrase(
            "people of a group who learnt in that week, for each helper of the group",
            "số người của tổ có học trong tuần ấy, chia cho số người giúp của tổ",
        ),
    ),
    "assisted": Figure(
        Phrase("Learnt with a helper", "Học có người giúp"),
        Phrase(
            "people of whose turns in that week at least one was made with a helper beside them",
            "số người trong tuần ấy có ít nhất một lượt học cùng người ngồi cạnh giúp",
        ),
    ),
    "weeks": Figure(
        Phrase("Change over weeks", "Thay đổi theo tuần"),
        Phrase(
            "people who came in that week, and people who finished their first lesson in it",
            "số người đến trong tuần ấy, và số người học xong bài đầu tiên trong tuần ấy",
        ),
    ),
}
