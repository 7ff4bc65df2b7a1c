"""A translation beside its lesson."""

from bot.core.rules.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "step-not-translated",
        en=("step {name!r} is not translated", "{where}"),
        vi=("bước {name!r} chưa được dịch", "{where}"),
    ),
    error(
        "unknown-step",
        en=("the lesson has no step {name!r}", "{near}"),
        vi=("bài gốc không có bước {name!r}", "{near}"),
    ),
    error(
        "steps-reordered",
        en=("the steps stand in another order", "this would be right: {right}"),
        vi=("các bước đứng khác thứ tự bài gốc", "thứ tự đúng là: {right}"),
    ),
    error(
        "other-lines",
        en=("step {name!r} has other lines", "{right}"),
        vi=("bước {name!r} có các lời thoại khác bài gốc", "{right}"),
    ),
    error(
        "key-not-translated",
        en=("{key!r} is not translated", "add '{key}: …'"),
        vi=("mục {key!r} chưa được dịch", "hãy thêm '{key}: …'"),
    ),
    error(
        "key-not-in-lesson",
        en=("{key!r} is not in the lesson", "delete it, or add it to the lesson"),
        vi=("bài gốc không có mục {key!r}", "hãy xóa nó ở đây, hoặc thêm vào bài gốc"),
    ),
    error(
        "other-choices",
        en=(
            "the lesson has {wanted} choices here, this file {found}",
            "give the same ones in the same order",
        ),
        vi=(
            "ở chỗ này bài gốc có {wanted} lựa chọn, tệp này có {found}",
            "hãy dịch đủ các lựa chọn, đúng thứ tự",
        ),
    ),
)
