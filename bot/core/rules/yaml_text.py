"""A file as text: whether it can be read, and whether it is YAML as we take it."""

from bot.core.rules.rule import Rule, error

_QUOTES = (
    "put the text in quotes, or begin it with '|' and write it on the next line",
    "hãy đặt cả đoạn chữ trong dấu nháy, hoặc gõ '|' rồi viết đoạn chữ ở dòng dưới",
)

RULES: tuple[Rule, ...] = (
    error(
        "cannot-read",
        en=("the file can't be read ({why})", "see that it is there and readable"),
        vi=("không đọc được tệp này ({why})", "hãy xem tệp còn ở đó và có quyền đọc không"),
    ),
    error(
        "not-utf8",
        en=("this is not UTF-8 text", "save the file as UTF-8"),
        vi=("chữ trong tệp không phải kiểu UTF-8", "hãy lưu lại tệp với kiểu mã UTF-8"),
    ),
    error(
        "too-big",
        en=("the file is over {limit} kB", "split it into several lessons"),
        vi=("tệp lớn hơn {limit} kB", "hãy tách thành nhiều bài"),
    ),
    error(
        "empty-file",
        en=("the file is empty", "see docs/lessons.md for what belongs in it"),
        vi=("tệp không có gì", "hãy xem docs/bai-hoc.md để biết cần viết gì"),
    ),
    error(
        "invisible-character",
        en=("an invisible or broken character, {name}", "delete it; type the words anew"),
        vi=("có một ký tự hỏng hoặc không nhìn thấy, {name}", "hãy xóa nó đi và gõ lại mấy chữ đó"),
    ),
    error(
        "unreadable",
        en=("this can't be read: {said}", "save it as UTF-8 text"),
        vi=("không đọc được nội dung: {said}", "hãy lưu lại tệp dạng văn bản, kiểu mã UTF-8"),
    ),
    error(
        "too-many-parts",
        en=("the file has more than {limit} keys and values", "split it into several files"),
        vi=("tệp có hơn {limit} mục và giá trị", "hãy tách thành nhiều tệp"),
    ),
    error(
        "nested-too-deep",
        en=("nested deeper than {limit} levels", "see docs/lessons.md"),
        vi=("các mục lồng nhau quá {limit} tầng", "hãy xem mẫu trong docs/bai-hoc.md"),
    ),
    error(
        "anchor-or-tag",
        en=(
            "words that begin with {sign!r} have a meaning of their own in YAML",
            "put the text in quotes; a part used twice is written twice",
        ),
        vi=(
            "chữ bắt đầu bằng {sign!r} bị hiểu theo nghĩa khác",
            "hãy đặt đoạn chữ trong dấu nháy; phần nào dùng hai lần thì viết hai lần",
        ),
    ),
    error(
        "key-no-word",
        en=("a key that is not a word", "write 'key: text'; put a text with braces in quotes"),
        vi=("tên mục không phải là một từ", "hãy viết 'tên mục: chữ'; đoạn chữ có ngoặc nhọn thì đặt trong dấu nháy"),
    ),
    error(
        "duplicate-key",
        en=("key {key!r} stands twice, first in line {first}", "keep one of them"),
        vi=("mục {key!r} viết hai lần, lần đầu ở dòng {first}", "hãy giữ lại một"),
    ),
    error(
        "no-date",
        en=("{shown} is no date", "give a day that exists, like 2026-11-22"),
        vi=("{shown} không phải một ngày", "hãy ghi một ngày có thật, như 2026-11-22 (năm-tháng-ngày)"),
    ),
    error(
        "unreadable-value",
        en=("{shown} can't be read as {kind}", "put it in quotes"),
        vi=("không đọc được {shown} (hiểu là {kind})", "hãy đặt nó trong dấu nháy"),
    ),
    error(
        "list-behind-key",
        en=("a '- ' stands behind a key", "begin the list on the next line"),
        vi=("dấu '- ' đứng ngay sau tên mục", "hãy bắt đầu danh sách ở dòng dưới"),
    ),
    error(
        "second-document",
        en=("'---' begins another file inside this one", "delete that line"),
        vi=("dòng '---' mở thêm một tệp khác ở trong tệp này", "hãy xóa dòng đó"),
    ),
    error(
        "document-end",
        en=("'...' ends the file here", "delete that line"),
        vi=("dòng '...' kết thúc tệp ở đây", "hãy xóa dòng đó"),
    ),
    error(
        "text-behind-bar",
        en=("text stands right behind '|' or '>'", "begin the text on the next line, indented"),
        vi=("có chữ ngay sau dấu '|' hoặc '>'", "hãy viết đoạn chữ từ dòng dưới, thụt vào hai dấu cách"),
    ),
    error(
        "open-brace",
        en=(
            "what begins with this '{{' can't be read",
            "close it with '}}', and put texts with ':' or braces in quotes",
        ),
        vi=(
            "không đọc được phần bắt đầu bằng dấu '{{' này",
            "hãy đóng lại bằng dấu '}}', và đặt chữ có ':' hoặc ngoặc nhọn trong dấu nháy",
        ),
    ),
    error(
        "open-bracket",
        en=(
            "what begins with this '[' can't be read",
            "close it with ']', and put texts with ':' or brackets in quotes",
        ),
        vi=(
            "không đọc được phần bắt đầu bằng dấu '[' này",
            "hãy đóng lại bằng dấu ']', và đặt chữ có ':' hoặc ngoặc vuông trong dấu nháy",
        ),
    ),
    error(
        "open-quote",
        en=("a quotation mark that isn't closed", "close the text with the same mark"),
        vi=("dấu nháy mở mà chưa đóng", "hãy đóng đoạn chữ bằng đúng dấu nháy đó"),
    ),
    error(
        "backslash",
        en=("a '\\' in double quotes", "put the text in single quotes"),
        vi=("có dấu '\\' trong dấu nháy kép", "hãy dùng dấu nháy đơn cho đoạn chữ này"),
    ),
    error(
        "tab",
        en=("a tab", "use spaces, not tabs, to indent"),
        vi=("có dấu tab", "hãy thụt đầu dòng bằng dấu cách, không dùng phím Tab"),
    ),
    error(
        "needs-quotes",
        en=("a text can't begin with {sign!r}", _QUOTES[0]),
        vi=("đoạn chữ không thể bắt đầu bằng {sign!r}", _QUOTES[1]),
    ),
    error(
        "text-behind-close",
        en=("the text begins with {sign!r} and goes on after that is closed", _QUOTES[0]),
        vi=("đoạn chữ bắt đầu bằng {sign!r} mà đóng lại rồi vẫn còn chữ phía sau", _QUOTES[1]),
    ),
    error(
        "no-space-behind-colon",
        en=("no space behind '{key}:'", "write '{key}: …'"),
        vi=("thiếu dấu cách sau '{key}:'", "hãy viết '{key}: …'"),
    ),
    error(
        "line-without-key",
        en=(
            "a line without 'key: '",
            "write 'key: text'; indent the further lines of a text deeper than its key",
        ),
        vi=(
            "dòng này không có 'tên mục: '",
            "hãy viết 'tên mục: chữ'; các dòng sau của một đoạn chữ phải thụt sâu hơn tên mục",
        ),
    ),
    error(
        "second-colon",
        en=("a second ': ' in one line", _QUOTES[0]),
        vi=("có dấu ': ' thứ hai trong cùng một dòng", _QUOTES[1]),
    ),
    error(
        "indentation",
        en=(
            "this line isn't indented as it should be",
            "begin it in the same column as the keys, or the '- ', that it belongs to",
        ),
        vi=(
            "dòng này thụt đầu dòng chưa đúng",
            "hãy cho nó thẳng cột với các mục, hoặc với dấu '- ', mà nó thuộc về",
        ),
    ),
    error(
        "not-yaml",
        en=("this is not YAML: {said}", "check the indentation and the quotes here and in the line above"),
        vi=(
            "không đọc được chỗ này ({said})",
            "hãy xem lại thụt đầu dòng và dấu nháy ở dòng này và dòng trên",
        ),
    ),
)
