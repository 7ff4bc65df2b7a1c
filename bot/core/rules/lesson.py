"""A lesson: what its parts must be to one another so that it can be taught."""

from bot.core.rules.rule import Rule, error

_ID = (
    "small letters a to z, digits and single hyphens, at most {limit}{example}",
    "hãy dùng chữ thường a đến z không dấu, chữ số và dấu gạch nối đơn, nhiều nhất {limit} ký tự{example}",
)

RULES: tuple[Rule, ...] = (
    error(
        "bad-id",
        en=("{name!r} can't be an id", _ID[0]),
        vi=("{name!r} không dùng làm tên gọi (id) được", _ID[1]),
    ),
    error(
        "long-id",
        en=("an id of {size} characters", _ID[0]),
        vi=("tên gọi (id) dài {size} ký tự", _ID[1]),
    ),
    error(
        "recheck-before-checked",
        en=("'recheck_by' {day} is before 'checked'", "give a later date"),
        vi=("'recheck_by' {day} sớm hơn 'checked'", "hãy ghi một ngày muộn hơn"),
    ),
    error(
        "id-taken",
        en=("id {name!r} is already used in line {first}", "give each its own{former}"),
        vi=("tên gọi (id) {name!r} đã dùng ở dòng {first}", "hãy đặt cho mỗi chỗ một tên riêng{former}"),
    ),
    error(
        "no-right-choice",
        en=("{question} has no right choice", "mark one 'right: true'"),
        vi=("{question} chưa có câu trả lời đúng", "hãy ghi 'right: true' ở một lựa chọn"),
    ),
    error(
        "only-right-choices",
        en=("{question} has only right choices", "add a wrong one"),
        vi=("{question} chỉ toàn câu trả lời đúng", "hãy thêm một lựa chọn sai"),
    ),
    error(
        "deciding-twice",
        en=("{question} has 'decides: true', and so has the one in line {line}", "leave it at one of the two"),
        vi=("{question} có 'decides: true', mà câu ở dòng {line} cũng có", "hãy để lại ở một câu thôi"),
    ),
    error(
        "choice-twice",
        en=("the choice {text!r} stands twice", "change one"),
        vi=("lựa chọn {text!r} có hai lần", "hãy đổi một trong hai"),
    ),
    error(
        "line-called-debrief",
        en=("a line has the id 'debrief'", "give it another: that word means the scene's end"),
        vi=("một lời thoại có tên gọi (id) 'debrief'", "hãy đặt tên khác: từ ấy nghĩa là hết phần diễn tập"),
    ),
    error(
        "unknown-next",
        en=("line {name!r} goes to {there!r}, which is not in this scene", "{near}"),
        vi=("lời thoại {name!r} dẫn tới {there!r}, mà phần diễn tập này không có", "{near}"),
    ),
    error(
        "unreachable-line",
        en=("no choice leads to line {name!r}", "lead one there or delete the line"),
        vi=("không lựa chọn nào dẫn tới lời thoại {name!r}", "hãy cho một lựa chọn dẫn tới đó, hoặc xóa lời thoại"),
    ),
    error(
        "endless-line",
        en=("from line {name!r} no way leads to the debrief", "let one choice end it"),
        vi=(
            "từ lời thoại {name!r} không có đường nào tới phần kết (debrief)",
            "hãy cho một lựa chọn kết thúc ở debrief",
        ),
    ),
    error(
        "not-one-picture",
        en=("a picture needs either 'file' or 'screen'", "give one of the two"),
        vi=("hình cần có 'file' hoặc 'screen'", "hãy ghi đúng một trong hai"),
    ),
    error(
        "tap-nowhere",
        en=("'tap' is {tap!r}, which is none of the rows", "{near}"),
        vi=("mục 'tap' đang là {tap!r}, không có trong các dòng 'rows'", "{near}"),
    ),
    error(
        "not-drawable",
        en=("{text!r} is drawn as it stands", "write it without {sign!r}"),
        vi=("{text!r} được vẽ nguyên như vậy", "hãy viết không có {sign!r}"),
    ),
    error(
        "too-long-to-draw",
        en=("a text of {size} characters is to be drawn", "at most {limit} fit"),
        vi=("đoạn chữ để vẽ dài {size} ký tự", "nhiều nhất {limit} ký tự mới vừa"),
    ),
)
