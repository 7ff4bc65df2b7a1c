"""What Telegram itself shows of the bot, in each language: commands, description. Limits: 256, 512, 120 characters."""

from dataclasses import dataclass

# What the key says that has a reply said aloud, for those who save data; size in kB.
HEAR_SIZE = {"vi": "{label} (khoảng {size} kB)", "en": "{label} (about {size} kB)"}


@dataclass(frozen=True, slots=True)
class Shown:
    """The bot's own page, as someone reads or hears it before the first word."""

    commands: dict[str, str]
    description: str
    short: str


SHOWN = {
    "vi": Shown(
        commands={
            "start": "Bắt đầu, hoặc về chỗ đang học",
            "hoc": "Học tiếp",
            "menu": "Mục lục các bài",
            "nghe": "Nghe lại, đọc lại",
            "cham": "Nói chậm hơn",
            "giup": "Giúp đỡ",
            "caidat": "Cài đặt",
            "noi": "Học trên máy khác",
            "doi": "Đổi người học",
            "dulieu": "Dữ liệu của tôi",
            "xoa": "Xóa dữ liệu của tôi",
        },
        description=(
            "Học Số chỉ từng bước nhỏ: căn cước điện tử, trả tiền qua điện thoại, làm giấy tờ trên mạng, tránh bị lừa. "
            "Đây là chương trình tự động, không bao giờ hỏi mã, mật khẩu hay tiền. Bấm Bắt đầu để học."
        ),
        short="Học dùng điện thoại từng bước nhỏ. Không bao giờ hỏi mã, mật khẩu hay tiền.",
    ),
    "en": Shown(
        commands={
            "start": "Start, or go to where you are",
            "learn": "Go on learning",
            "menu": "All lessons",
            "listen": "Say it again",
            "slow": "Speak more slowly",
            "help": "Help",
            "settings": "Settings",
            "join": "Learn on another device",
            "switch": "Switch person",
            "data": "My data",
            "delete": "Delete my data",
        },
        description=(
            "Học Số teaches in small steps: e-ID, paying by phone, paperwork online, and keeping clear of scams. "
            "It is an automatic tutor and never asks for codes, passwords or money. Press Start to learn."
        ),
        short="Learn to use a phone in small steps. Never asks for codes, passwords or money.",
    ),
}
