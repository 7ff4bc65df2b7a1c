"""Talks beside a lesson: what a learner does, and what they must hear."""

from bot.core.rules.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "talk-differs",
        en=("{wanted!r} isn't heard", "heard is: {heard}"),
        vi=("không nghe thấy {wanted!r}", "nghe thấy: {heard}"),
    ),
    error(
        "talk-no-button",
        en=("there is no button {label!r} to tap here", "{near}"),
        vi=("ở đây không có nút {label!r} để bấm", "{near}"),
    ),
    error(
        "talk-one-deed",
        en=("a turn needs one thing that the learner does", "write either 'types' or 'taps'"),
        vi=("mỗi lượt cần đúng một việc người học làm", "hãy ghi 'types' (gõ chữ) hoặc 'taps' (bấm nút)"),
    ),
    error(
        "talk-without-lesson",
        en=("there is no lesson {name!r} beside these talks", "name the file after its lesson"),
        vi=("không có bài {name!r} ở cạnh các mẩu trò chuyện này", "hãy đặt tên tệp theo tên bài"),
    ),
)
