"""Learning paths and their translations."""

from bot.core.rules.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "long-path-id",
        en=("{name!r} has {size} characters", "a path's id has at most {limit}: every learner's progress keeps it"),
        vi=(
            "{name!r} dài {size} ký tự",
            "tên gọi (id) của lộ trình nhiều nhất {limit} ký tự, vì phải ghi cho từng người học",
        ),
    ),
    error(
        "path-taken",
        en=("id {name!r} is already used in line {first}", "give each path its own"),
        vi=("tên gọi (id) {name!r} đã dùng ở dòng {first}", "hãy đặt cho mỗi lộ trình một tên riêng"),
    ),
    error(
        "too-many-offered",
        en=("{count} paths are offered at the welcome", "at most {limit}; write 'offered: false' at the others"),
        vi=("có {count} lộ trình được hỏi lúc chào", "nhiều nhất {limit}; các lộ trình khác ghi 'offered: false'"),
    ),
    error(
        "unknown-path-lesson",
        en=("path {path!r} has {name!r}, which is no lesson", "{near}"),
        vi=("lộ trình {path!r} có {name!r}, mà không có bài đó", "{near}"),
    ),
    error(
        "path-lesson-twice",
        en=("{name!r} stands twice in path {path!r}", "take one out"),
        vi=("bài {name!r} có hai lần trong lộ trình {path!r}", "hãy bỏ một trong hai"),
    ),
    error(
        "path-before-need",
        en=("{name!r} stands before {need!r}, which it needs", "put {need!r} first"),
        vi=("bài {name!r} đứng trước bài {need!r} cần học trước nó", "hãy đưa {need!r} lên trước"),
    ),
    error(
        "path-not-translated",
        en=("path {name!r} is not translated", "add its 'id', 'title' and 'summary'"),
        vi=("lộ trình {name!r} chưa được dịch", "hãy thêm 'id', 'title' và 'summary' của nó"),
    ),
    error(
        "unknown-path",
        en=("there is no path {name!r}", "{near}"),
        vi=("không có lộ trình nào tên {name!r}", "{near}"),
    ),
)
