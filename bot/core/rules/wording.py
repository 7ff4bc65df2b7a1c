"""Texts that people read."""

from bot.core.rules.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "empty-text",
        en=("the text is empty", "write what the learner is to read"),
        vi=("đoạn chữ này trống", "hãy viết điều người học sẽ đọc"),
    ),
    error(
        "unknown-placeholder",
        en=("{slot} is no placeholder", "{near}"),
        vi=("{slot} không phải từ xưng hô thay được", "{near}"),
    ),
    error(
        "lone-brace",
        en=("a {sign!r} stands alone", "write a placeholder such as {{bạn}}, or no brace"),
        vi=("dấu {sign!r} đứng một mình", "hãy viết đủ như {{bạn}}, hoặc bỏ dấu ngoặc"),
    ),
    error(
        "missing-placeholder",
        en=("the text lacks {slot}", "put it where that word belongs"),
        vi=("đoạn chữ thiếu {slot}", "hãy đặt nó vào đúng chỗ của từ ấy"),
    ),
    error(
        "lone-asterisk",
        en=("a '*' stands alone", "write **name** around the name of a button, or no '*'"),
        vi=("dấu '*' đứng một mình", "hãy viết **tên nút** quanh tên một nút, hoặc bỏ dấu '*'"),
    ),
    error(
        "markup",
        en=("the text holds HTML or a Markdown link", "write plain words; only **bold** is marked"),
        vi=(
            "đoạn chữ có mã HTML hoặc đường liên kết kiểu Markdown",
            "hãy viết chữ thường; chỉ **in đậm** mới được đánh dấu",
        ),
    ),
)
