"""A team's poster: what stands on it, as texts. `**` is around what is bold."""

from dataclasses import dataclass

from bot.core.join_code import as_said
from bot.core.teams import Team
from bot.core.ways import Way, Ways

HEAD = "Cùng tổ học dùng điện thoại"
BY_HAND = "Không quét được? Gõ mã của tổ"
ABOUT_CODE = (
    "Gõ có dấu hay không dấu đều được. Mã này không phải mã OTP hay mật khẩu: ai biết cũng không sao. "
    "Cần giúp, xin hỏi người trong tổ."
)
PROMISE = "Học Số không bao giờ hỏi mã OTP, mật khẩu hay tiền. Vào tổ hay không đều học được, lúc nào cũng rời được."


@dataclass(frozen=True, slots=True)
class Poster:
    """One page."""

    team: str
    commune: str
    steps: tuple[str, ...]
    ways: tuple[Way, ...]  # each a square
    code: str
    by_hand: tuple[str, ...]  # what to do with the code


def poster(team: Team, ways: Ways) -> Poster:
    """Return what stands on a team's poster. There must be a way."""
    found = tuple(ways.to(team.code))
    commune = team.commune.said()
    return Poster(
        team.name,
        commune[0].upper() + commune[1:],
        _steps(found),
        found,
        as_said(team.code),
        (*map(_opened, found), "Rồi gõ:"),
    )


def note(way: Way) -> str:
    """Return what stands below a square: what the link doesn't do by itself."""
    return "quét xong là tới tổ" if way.joins else "quét xong, gõ mã của tổ"


def _steps(ways: tuple[Way, ...]) -> tuple[str, ...]:
    names = {each.name for each in ways}
    one = "**một** ô vuông" if ways[1:] else "ô vuông"
    by_zalo = ", hoặc nút quét mã của **Zalo**" if "Zalo" in names else ""
    start = " Ở\N{NO-BREAK SPACE}Telegram, bấm **Bắt đầu** (Start)." if "Telegram" in names else ""
    typed = " Ở\N{NO-BREAK SPACE}Zalo, gõ mã của tổ thì mới được hỏi." if "Zalo" in names else ""
    return (
        f"Mở máy ảnh của điện thoại{by_zalo}. Đưa vào {one} dưới đây.",
        f"Bấm dòng chữ hiện ra. Học Số chào và chỉ từng bước.{start}",
        f"Khi Học Số hỏi có vào tổ không, bấm **Có, vào tổ này**.{typed}",
    )


def _opened(way: Way) -> str:
    match way.name:
        case "Telegram":
            return f"Telegram: tìm **{way.shown}**, bấm Bắt đầu"
        case "Zalo":
            return f"Zalo: mở **{way.shown}**"
        case _:
            return f"Trang web: mở **{way.shown}**"
