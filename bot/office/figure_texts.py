"""The words of the pages of figures: names, and what each figure means in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FigureTexts:
    """All of them in one language."""

    hidden: str
    hidden_note: str
    until: str
    area: str
    demo: str
    demo_note: str
    made: str
    summary: str
    figure: str
    number: str
    came: str
    came_means: str
    active: str
    active_means: str
    finished: str
    finished_means: str
    alone: str
    alone_means: str
    by_commune: str
    by_group: str
    commune: str
    group: str
    by_week: str
    week: str
    week_came: str
    week_active: str
    week_finished: str
    week_stuck: str
    week_assisted: str
    week_chart: str
    by_skill: str
    skill: str
    by_path: str
    path: str
    by_channel: str
    channel: str
    people: str
    none: str
    other: str
    download: str
    as_xlsx: str
    as_csv: str
    lessons_of: str  # {area}
    lesson: str
    began: str
    began_means: str
    lesson_finished_means: str
    lesson_alone_means: str
    checked: str
    recheck: str
    overdue: str  # {day}
    fresh: str  # {day}
    of_lesson: str  # {title}
    steps: str
    step: str
    step_came: str
    step_came_means: str
    right: str
    wrong: str
    answers_mean: str
    stuck: str
    stuck_means: str
    differed: str
    differed_means: str
    uncounted_group: str
    uncounted_step: str
    steps_chart: str
    to_area: str
    to_lessons: str
    gone: str


FIGURE_TEXTS: Final[Mapping[str, FigureTexts]] = {
    "vi": FigureTexts(
        hidden="ẩn",
        hidden_note="ít hơn 5 hoặc được ẩn, để không ai tính ra được chỗ có ít hơn 5 người.",
        until="Tính đến hết ngày",
        area="Phạm vi",
        demo="SỐ LIỆU MẪU",
        demo_note="Đây là số liệu mẫu do máy tạo ra, không phải của người thật.",
        made="Xuất lúc",
        summary="Tóm tắt",
        figure="Chỉ số",
        number="Số người",
        came="Đến học",
        came_means="Số người đã đồng ý học ở đây, mỗi người tính một lần, theo tổ hiện nay của họ.",
        active="Học trong tuần",
        active_means="Số người có làm gì trong một bài học ở tuần cuối cùng, mỗi người tính một lần.",
        finished="Học xong",
        finished_means="Số người đã đi hết ít nhất một bài, mỗi người tính một lần.",
        alone="Tự làm được",
        alone_means="Số người học xong một bài, và lần trả lời đầu gần nhất cho một câu hỏi của bài đó là đúng, "
        "không có người ngồi cạnh giúp.",
        by_commune="Theo xã, phường",
        by_group="Theo tổ",
        commune="Xã, phường",
        group="Tổ",
        by_week="Theo tuần",
        week="Tuần",
        week_came="Mới đến học",
        week_active="Có học",
        week_finished="Học xong bài đầu tiên",
        week_stuck="Báo bị kẹt",
        week_assisted="Học cùng người hỗ trợ",
        week_chart="Số người có học, mỗi tuần",
        by_skill="Tự làm được, theo kỹ năng",
        skill="Kỹ năng",
        by_path="Theo nhóm đối tượng",
        path="Nhóm",
        by_channel="Theo kênh nhắn đến lần đầu",
        channel="Kênh",
        people="Số người",
        none="Chưa có ai.",
        other="Chưa chọn",
        download="Tải số liệu của trang này",
        as_xlsx="Tệp Excel (.xlsx)",
        as_csv="Tệp CSV (.csv)",
        lessons_of="Bài học: {area}",
        lesson="Bài",
        began="Đã mở",
        began_means="Đã mở: số người đã bắt đầu bài.",
        lesson_finished_means="Học xong: số người đã đi hết bài, mỗi người tính một lần.",
        lesson_alone_means="Tự làm được: số người học xong bài, và lần trả lời đầu gần nhất cho một câu hỏi của bài "
        "là đúng, không có người ngồi cạnh giúp.",
        checked="Nội dung đã kiểm tra",
        recheck="Cần kiểm tra lại",
        overdue="{day} (quá hạn)",
        fresh="{day}",
        of_lesson="Bài: {title}",
        steps="Từng bước",
        step="Bước",
        step_came="Đã đến bước",
        step_came_means="Đã đến bước: số người đã đến bước này hoặc đi xa hơn.",
        right="Đúng ngay",
        wrong="Sai lần đầu",
        answers_mean="Đúng ngay, sai lần đầu: theo câu trả lời đầu tiên của mỗi người.",
        stuck="Báo bị kẹt",
        stuck_means="Báo bị kẹt: số người đã báo ở bước này là không làm tiếp được.",
        differed="Màn hình khác",
        differed_means="Màn hình khác: số người đã báo ở bước này là màn hình của họ không giống trong bài.",
        uncounted_group="–: không tính riêng cho tổ, chỉ tính cho xã, phường và toàn tỉnh. Một tổ ít người; chia theo "
        "tuần, theo bước, theo kỹ năng, nhóm đối tượng hay kênh thì mỗi chỗ chỉ còn vài người, và ai cũng đoán ra được "
        "là ai.",
        uncounted_step="–: bước này không hỏi gì.",
        steps_chart="Số người đã đến từng bước",
        to_area="Số liệu của {area}",
        to_lessons="Tất cả các bài",
        gone="không còn trong bài",
    ),
    "en": FigureTexts(
        hidden="hidden",
        hidden_note="fewer than 5, or hidden so that nobody can work out where there are fewer than 5 people.",
        until="Until the end of",
        area="Area",
        demo="SAMPLE DATA",
        demo_note="These are made-up sample data, not of real people.",
        made="Exported at",
        summary="Summary",
        figure="Figure",
        number="People",
        came="Joined",
        came_means="People who agreed to learn, from the beginning until that day.",
        active="Learning this week",
        active_means="People who did at least one step of a lesson in the last week.",
        finished="Finished",
        finished_means="People who finished at least one lesson.",
        alone="Can do it alone",
        alone_means="People who finished at least one lesson, and at its latest question answered rightly at the first "
        "try, with no helper beside them.",
        by_commune="By commune",
        by_group="By group",
        commune="Commune",
        group="Group",
        by_week="By week",
        week="Week",
        week_came="Newly joined",
        week_active="Learning",
        week_finished="Finished a first lesson",
        week_stuck="Stuck",
        week_assisted="Learnt with a helper",
        week_chart="People learning, week by week",
        by_skill="Can do it alone, by skill",
        skill="Skill",
        by_path="By target group",
        path="Target group",
        by_channel="By the channel of their first message",
        channel="Channel",
        people="People",
        none="Nobody yet.",
        other="Not chosen",
        download="Download the figures of this page",
        as_xlsx="Excel file (.xlsx)",
        as_csv="CSV file (.csv)",
        lessons_of="Lessons: {area}",
        lesson="Lesson",
        began="Began",
        began_means="Began: people who opened the lesson.",
        lesson_finished_means="Finished: people who went through to its end.",
        lesson_alone_means="Can do it alone: people who finished it, and at its latest question answered rightly at "
        "the first try, with no helper beside them.",
        checked="Content checked",
        recheck="To be checked again",
        overdue="{day} (overdue)",
        fresh="{day}",
        of_lesson="Lesson: {title}",
        steps="Step by step",
        step="Step",
        step_came="Came to it",
        step_came_means="Came to it: people who came to this step or further.",
        right="Right at once",
        wrong="Wrong at first",
        answers_mean="Right at once, wrong at first: by each person's first answer.",
        stuck="Stuck",
        stuck_means="Stuck: people who said at this step that they couldn't go on.",
        differed="Screen differs",
        differed_means="Screen differs: people who said that their screen looks different from the lesson's.",
        uncounted_group="–: not counted for groups, only for communes and the province. A group is small: by weeks, "
        "steps, skills, target groups or channels only a few people would be left in each place, and everybody could "
        "tell who they are.",
        uncounted_step="–: nothing is asked at this step.",
        steps_chart="People who came to each step",
        to_area="Figures of {area}",
        to_lessons="All lessons",
        gone="no longer in the lesson",
    ),
}


def figure_texts_of(lang: str) -> FigureTexts:
    """Return the words in this language, or in Vietnamese where there are none."""
    return FIGURE_TEXTS.get(lang, FIGURE_TEXTS["vi"])
