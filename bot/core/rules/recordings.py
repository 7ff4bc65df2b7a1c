"""What people have recorded."""

from bot.core.rules.rule import Rule, error, warning

RULES: tuple[Rule, ...] = (
    error(
        "recording-path",
        en=("'file' is {name!r}", "name a file beside this one, or in a folder below"),
        vi=("mục 'file' đang là {name!r}", "hãy ghi tên một tệp ở cạnh tệp này, hoặc trong thư mục con"),
    ),
    error(
        "recording-mark",
        en=("'text' is {text!r}", "it should be the 16 digits and letters that the script gives for the text"),
        vi=("mục 'text' đang là {text!r}", "phải là 16 chữ số và chữ cái mà bảng đọc ghi cho đoạn chữ đó"),
    ),
    error(
        "recorded-twice",
        en=("{name!r} says the same as {other!r}, which is heard", "take one of them out"),
        vi=("{name!r} đọc cùng đoạn chữ với {other!r}, tệp đang được nghe", "hãy bỏ một trong hai"),
    ),
    warning(
        "no-recording-file",
        en=("there is no sound file {name!r}", "put it there, or take the entry out"),
        vi=("không có tệp tiếng {name!r}", "hãy đặt tệp vào đúng chỗ, hoặc bỏ phần ghi này"),
    ),
    warning(
        "recording-unheard",
        en=("nothing says what {name!r} has recorded any more", "record the new text, or take the entry out"),
        vi=("không còn đoạn chữ nào giống lời đã thu trong {name!r}", "hãy thu lại lời mới, hoặc bỏ phần ghi này"),
    ),
)
