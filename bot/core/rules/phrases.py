"""What the bot itself says, and the words it knows."""

from bot.core.rules.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "nothing-to-type",
        en=("{text!r} has no letter or digit", "write words that a learner may type"),
        vi=("{text!r} không có chữ hay số nào", "hãy viết những từ người học có thể gõ"),
    ),
    error(
        "not-for-everybody",
        en=("{slot} can't be filled in this sentence", "say it without: it is the same for everybody"),
        vi=("câu này không thay {slot} được", "hãy nói không cần từ ấy: câu này dùng chung cho mọi người"),
    ),
)
