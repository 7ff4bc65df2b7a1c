"""The keys of a file and what stands behind them."""

from bot.core.rules.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "unknown-key",
        en=("unknown key {key}", "{near}"),
        vi=("không có mục nào tên {key}", "{near}"),
    ),
    error(
        "missing-key",
        en=("key {key!r} is missing", "add '{key}: …'"),
        vi=("thiếu mục {key!r}", "hãy thêm '{key}: …'"),
    ),
    error(
        "wrong-type",
        en=("{name} is {found}", "it should be {wanted}{quotes}"),
        vi=("{name} đang là {found}", "chỗ này phải là {wanted}{quotes}"),
    ),
    error(
        "not-allowed",
        en=("{name} is {shown}", "it should be {expected}"),
        vi=("{name} đang là {shown}", "chỗ này phải là {expected}"),
    ),
    error(
        "missing-kind",
        en=("a step without 'kind'", "add 'kind: tell', 'ask', 'do' or 'scene'"),
        vi=("bước này chưa có mục 'kind'", "hãy thêm 'kind: tell', 'ask', 'do' hoặc 'scene'"),
    ),
    error(
        "wrong-count",
        en=("{name} has {size} {unit}", "{bound} would be right"),
        vi=("{name} có {size} {unit}", "cần {bound}"),
    ),
    error(
        "out-of-range",
        en=("{name} is {shown}", "{bound} would be right"),
        vi=("{name} đang là {shown}", "cần {bound}"),
    ),
    error(
        "not-valid",
        en=("{name}: {said}", "see docs/lessons.md for the format"),
        vi=("{name} chưa đúng ({said})", "hãy xem cách viết trong docs/bai-hoc.md"),
    ),
)
