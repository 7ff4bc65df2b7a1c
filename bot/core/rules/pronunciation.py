"""How names and abbreviations are said aloud."""

from bot.core.rules.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "not-findable",
        en=(
            "{text!r} can't be found in a text",
            "begin with a letter or digit; at most {limit} characters in one line, none of them '**'",
        ),
        vi=(
            "không tìm được {text!r} trong đoạn chữ nào",
            "hãy bắt đầu bằng chữ hoặc số; nhiều nhất {limit} ký tự trên một dòng, không có '**'",
        ),
    ),
    error(
        "not-sayable",
        en=("{sign!r} in {text!r} is no word", "write it all in words, as it is heard"),
        vi=("{sign!r} trong {text!r} không đọc thành tiếng được", "hãy viết hết bằng chữ, đúng như khi đọc lên"),
    ),
    error(
        "says-nothing",
        en=("nothing is said", "write the words, as they are heard"),
        vi=("chưa có chữ nào để đọc", "hãy viết các chữ, đúng như khi đọc lên"),
    ),
    error(
        "no-small-letter",
        en=("{text!r} is no small letter", "give one letter, such as 'q'"),
        vi=("{text!r} không phải một chữ cái thường", "hãy ghi một chữ cái, như 'q'"),
    ),
    error(
        "no-short-number",
        en=("{text!r} is no number to dial", "write 3 to 8 digits in quotes, such as '113'"),
        vi=("{text!r} không phải số để gọi", "hãy ghi 3 đến 8 chữ số trong dấu nháy, như '113'"),
    ),
)
