"""The settings: config.yaml and the environment. Operators read these; docs/lessons.md doesn't explain them."""

from bot.core.rules.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "config-unread",
        en=("it can't be read ({why})", "save it as readable UTF-8 text"),
        vi=("không đọc được tệp này ({why})", "hãy lưu lại dạng văn bản UTF-8, có quyền đọc"),
    ),
    error(
        "bad-port",
        en=("variable 'PORT' is {value!r}", "it should be a number from 1 to {limit}"),
        vi=("biến 'PORT' đang là {value!r}", "phải là một số từ 1 đến {limit}"),
    ),
    error(
        "bad-bot-token",
        en=(
            "variable 'TELEGRAM_BOT_TOKEN' is no bot token",
            "copy it from @BotFather: digits, a colon, letters",
        ),
        vi=(
            "biến 'TELEGRAM_BOT_TOKEN' không phải mã của bot",
            "hãy chép lại từ @BotFather: chữ số, dấu hai chấm, chữ cái",
        ),
    ),
    error(
        "bad-api-address",
        en=("variable 'TELEGRAM_API_BASE' is {value!r}", "it should be an address like {example}"),
        vi=("biến 'TELEGRAM_API_BASE' đang là {value!r}", "phải là một địa chỉ như {example}"),
    ),
    error(
        "bad-public-address",
        en=("variable 'PUBLIC_URL' is {value!r}", "a webhook needs an address like https://hocso.example.vn"),
        vi=("biến 'PUBLIC_URL' đang là {value!r}", "webhook cần một địa chỉ như https://hocso.example.vn"),
    ),
    error(
        "bad-webhook-secret",
        en=(
            "variable 'TELEGRAM_WEBHOOK_SECRET' is missing or has other signs",
            "1 to 256 letters, digits, _ or -",
        ),
        vi=(
            "biến 'TELEGRAM_WEBHOOK_SECRET' còn thiếu hoặc có ký tự khác",
            "hãy dùng 1 đến 256 chữ cái, chữ số, _ hoặc -",
        ),
    ),
    error(
        "bad-bot-name",
        en=("{value!r} is no name of a Telegram bot", "write it as in its link, such as hoc_so_bot"),
        vi=("{value!r} không phải tên bot Telegram", "hãy ghi như trong đường dẫn của bot, ví dụ hoc_so_bot"),
    ),
    error(
        "bad-zalo-link",
        en=("{value!r} can't be printed", "write an address like https://zalo.me/1234567890, {limit} signs at most"),
        vi=("{value!r} không in được", "hãy ghi một địa chỉ như https://zalo.me/1234567890, nhiều nhất {limit} ký tự"),
    ),
    error(
        "oa-bad-app",
        en=("variable 'ZALO_OA_APP_ID' is {value!r}", "copy the app's id from developers.zalo.me: digits only"),
        vi=("biến 'ZALO_OA_APP_ID' đang là {value!r}", "hãy chép mã ứng dụng từ developers.zalo.me: chỉ có chữ số"),
    ),
    error(
        "oa-no-secret",
        en=("variable 'ZALO_OA_APP_SECRET' is missing", "copy the app's secret key from developers.zalo.me"),
        vi=("còn thiếu biến 'ZALO_OA_APP_SECRET'", "hãy chép khóa bí mật của ứng dụng từ developers.zalo.me"),
    ),
    error(
        "oa-bad-verifier",
        en=("variable 'ZALO_OA_CODE_VERIFIER' is no code verifier", "43 to 128 letters, digits, -, ., _ or ~"),
        vi=(
            "biến 'ZALO_OA_CODE_VERIFIER' không phải code verifier",
            "hãy dùng 43 đến 128 chữ cái, chữ số, -, ., _ hoặc ~",
        ),
    ),
    error(
        "oa-bad-address",
        en=("variable {name!r} is {value!r}", "it should be an address like {example}"),
        vi=("biến {name!r} đang là {value!r}", "phải là một địa chỉ như {example}"),
    ),
    error(
        "zalo-bad-bot-token",
        en=("variable 'ZALO_BOT_TOKEN' is no bot token", "copy it from Zalo Bot Creator: digits, a colon, letters"),
        vi=(
            "biến 'ZALO_BOT_TOKEN' không phải mã của bot",
            "hãy chép lại từ Zalo Bot Creator: chữ số, dấu hai chấm, chữ cái",
        ),
    ),
    error(
        "zalo-bad-bot-address",
        en=("variable 'ZALO_BOT_API_BASE' is {value!r}", "it should be an address like {example}"),
        vi=("biến 'ZALO_BOT_API_BASE' đang là {value!r}", "phải là một địa chỉ như {example}"),
    ),
    error(
        "zalo-bad-bot-secret",
        en=(
            "variable 'ZALO_BOT_WEBHOOK_SECRET' is missing or has other signs",
            "8 to 256 letters, digits, _ or -",
        ),
        vi=(
            "biến 'ZALO_BOT_WEBHOOK_SECRET' còn thiếu hoặc có ký tự khác",
            "hãy dùng 8 đến 256 chữ cái, chữ số, _ hoặc -",
        ),
    ),
)
