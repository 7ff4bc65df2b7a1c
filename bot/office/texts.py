"""The office's own words. Figures have theirs in `figure_texts`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LANGS: Final = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Problem:
    """A page that says what didn't work, and what to do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """All words of the frame and of signing in, in one language."""

    name: str
    skip: str
    ways: str
    overview: str
    lessons: str
    editor: str
    voices: str
    people: str
    group_people: str
    audit: str
    account: str
    language: str  # of the other language, in that language
    signed_in_as: str  # {name}, {role}, {area}
    roles: Mapping[str, str]
    channels: Mapping[str, str]
    group: str  # {number}, of one that has no name
    sign_in: str
    sign_in_how: str
    sign_in_lost: str
    sign_in_by_key: str
    key_failed: str
    key_waiting: str
    link_title: str
    link_how: str
    link_button: str
    sign_out: str
    sign_out_everywhere: str
    sign_out_everywhere_how: str
    signed_out: str
    your_access: str
    keys: str
    keys_how: str
    keys_caption: str
    keys_unable: str
    keys_local: str
    keys_none: str
    key_name: str
    key_name_how: str
    key_add: str
    key_remove: str
    key_removed: str
    key_made: str
    key_since: str
    key_seen: str
    key_unseen: str
    key_action: str
    until_idle: str
    back: str
    refused: Problem
    only_https: Problem
    uncounted: Problem
    down: Problem
    broken: Problem
    strange: Problem
    stale: Problem
    spent: Problem
    locked: Problem  # {minutes}
    key_unmade: Problem
    key_refused: Problem


TEXTS: Final[Mapping[str, Texts]] = {
    "vi": Texts(
        name="Học Số · Văn phòng",
        skip="Đến thẳng nội dung",
        ways="Các trang",
        overview="Tổng quan",
        lessons="Bài học",
        editor="Soạn bài",
        voices="Giọng đọc",
        people="Người của văn phòng",
        group_people="Người học của tổ",
        audit="Sổ theo dõi",
        account="Tài khoản",
        language="English",
        signed_in_as="{name} · {role} · {area}",
        roles={
            "helper": "Người hỗ trợ",
            "editor": "Biên tập viên",
            "official": "Cán bộ xem số liệu",
            "operator": "Người vận hành",
            "volunteer": "Người đọc tình nguyện",
        },
        channels={"telegram": "Telegram", "zalo": "Zalo", "web": "Trang web", "terminal": "Dòng lệnh"},
        group="Tổ {number}",
        sign_in="Đăng nhập",
        sign_in_how="Mở đường liên kết mà người vận hành đã gửi. Trang này không dùng mật khẩu.",
        sign_in_lost="Chưa có liên kết, hoặc liên kết không còn dùng được? Nhờ người vận hành gửi liên kết mới.",
        sign_in_by_key="Đăng nhập bằng khóa trên máy này",
        key_failed="Chưa đăng nhập được bằng khóa. Hãy thử lại, hoặc nhờ người vận hành gửi liên kết mới.",
        key_waiting="Đang chờ máy xác nhận…",
        link_title="Đăng nhập lần này",
        link_how="Liên kết này dùng được một lần. Nhấn nút dưới đây để đăng nhập trên máy này.",
        link_button="Đăng nhập",
        sign_out="Đăng xuất",
        sign_out_everywhere="Đăng xuất khỏi mọi máy",
        sign_out_everywhere_how="Dùng khi mất máy, hoặc khi đã đăng nhập ở một máy chung.",
        signed_out="Đã đăng xuất.",
        your_access="Quyền xem",
        keys="Khóa đăng nhập",
        keys_how="Khóa nằm trong điện thoại hay máy tính, mở bằng vân tay, khuôn mặt hoặc mã PIN của máy. "
        "Có khóa thì lần sau không cần liên kết nữa. Nên tạo khóa trên hai máy.",
        keys_caption="Khóa của anh/chị",
        keys_unable="Máy hoặc trình duyệt này không tạo được khóa. "
        "Lần sau, hãy nhờ người vận hành gửi liên kết mới để đăng nhập.",
        keys_local="Địa chỉ bằng số không dùng được khóa. Hãy mở trang này bằng tên, chẳng hạn localhost.",
        keys_none="Chưa có khóa nào.",
        key_name="Tên của khóa",
        key_name_how="Để nhận ra sau này, chẳng hạn: điện thoại của tôi.",
        key_add="Tạo khóa trên máy này",
        key_remove="Bỏ khóa {name}",
        key_removed="Đã bỏ khóa.",
        key_made="Đã tạo khóa. Lần sau có thể đăng nhập bằng khóa này.",
        key_since="Tạo ngày",
        key_seen="Dùng lần cuối",
        key_unseen="Chưa dùng",
        key_action="Việc có thể làm",
        until_idle="Tự đăng xuất sau 12 giờ không mở trang nào, và sau 14 ngày.",
        back="Về trang đầu",
        refused=Problem(
            "Không mở được trang này",
            "Trang này không có, hoặc không thuộc quyền xem của anh/chị. Cần xem thêm thì hỏi người vận hành.",
        ),
        only_https=Problem(
            "Chưa mở được từ máy khác",
            "Văn phòng chỉ mở từ máy khác qua địa chỉ https://. "
            "Người vận hành cần đặt web.https: true sau một máy chủ có TLS.",
        ),
        uncounted=Problem("Chưa có số liệu", "Chưa có số liệu nào được đếm. Hãy mở lại trang này sau."),
        down=Problem(
            "Chưa đọc được số liệu",
            "Máy chủ chưa đọc được cơ sở dữ liệu. Không có gì bị mất. Vài phút nữa, hãy mở lại trang này.",
        ),
        broken=Problem(
            "Máy chủ gặp lỗi",
            "Máy chủ gặp lỗi nên việc vừa rồi chưa được thực hiện. Chờ một lát rồi thử lại; "
            "nếu vẫn lỗi, báo cho người vận hành.",
        ),
        strange=Problem("Chưa hiểu nội dung đã gửi", "Hãy quay lại trang trước, mở lại trang rồi gửi lần nữa."),
        stale=Problem(
            "Cần mở lại trang",
            "Trang đã mở lâu, hoặc trình duyệt chặn cookie, nên việc vừa rồi chưa được thực hiện. "
            "Hãy mở lại trang rồi làm lại.",
        ),
        spent=Problem(
            "Liên kết không còn dùng được",
            "Mỗi liên kết chỉ dùng một lần và có hạn. Hãy nhờ người vận hành gửi liên kết mới.",
        ),
        locked=Problem(
            "Tạm khóa đăng nhập",
            "Có quá nhiều lần đăng nhập không thành. Hãy thử lại sau {minutes} phút.",
        ),
        key_unmade=Problem(
            "Chưa tạo được khóa",
            "Máy chưa tạo được khóa, hoặc khóa chưa có tên. Hãy mở lại trang Tài khoản rồi thử lần nữa.",
        ),
        key_refused=Problem(
            "Chưa đăng nhập được bằng khóa",
            "Khóa không hợp lệ, đã bị bỏ, hoặc đã chờ quá 5 phút. "
            "Hãy thử lại, hoặc nhờ người vận hành gửi liên kết mới.",
        ),
    ),
    "en": Texts(
        name="Học Số · Office",
        skip="Go straight to the content",
        ways="Pages",
        overview="Overview",
        lessons="Lessons",
        editor="Write lessons",
        voices="Voices",
        people="People of the office",
        group_people="Learners of the group",
        audit="Audit",
        account="Account",
        language="Tiếng Việt",
        signed_in_as="{name} · {role} · {area}",
        roles={
            "helper": "Helper",
            "editor": "Editor",
            "official": "Official",
            "operator": "Operator",
            "volunteer": "Volunteer reader",
        },
        channels={"telegram": "Telegram", "zalo": "Zalo", "web": "Web page", "terminal": "Terminal"},
        group="Group {number}",
        sign_in="Sign in",
        sign_in_how="Open the link that the operator sent you. There are no passwords here.",
        sign_in_lost="No link, or it no longer works? Ask the operator for a new one.",
        sign_in_by_key="Sign in with a passkey of this device",
        key_failed="The passkey didn't work. Try again, or ask the operator for a new link.",
        key_waiting="Waiting for the device…",
        link_title="Sign in",
        link_how="This link works once. Press the button below to sign in on this device.",
        link_button="Sign in",
        sign_out="Sign out",
        sign_out_everywhere="Sign out everywhere",
        sign_out_everywhere_how="For a lost device, or one that others use too.",
        signed_out="You have signed out.",
        your_access="What you may see",
        keys="Passkeys",
        keys_how="A passkey stays in a phone or computer and is unlocked by fingerprint, face or the device's PIN. "
        "With one you need no link next time. Better make one on two devices.",
        keys_caption="Your passkeys",
        keys_unable="This device or browser can't make a passkey. Next time, ask the operator for a new link.",
        keys_local="Passkeys don't work on an address of numbers. Open this page by a name, such as localhost.",
        keys_none="There are none yet.",
        key_name="Name of the passkey",
        key_name_how="To recognise it later, such as: my phone.",
        key_add="Make a passkey on this device",
        key_remove="Remove the passkey {name}",
        key_removed="The passkey has been removed.",
        key_made="The passkey is made. Next time you can sign in with it.",
        key_since="Made on",
        key_seen="Last used",
        key_unseen="Not yet",
        key_action="What can be done",
        until_idle="You are signed out after 12 hours without a page, and after 14 days.",
        back="To the first page",
        refused=Problem(
            "This page can't be opened",
            "There is no such page, or it isn't among those you may see. If you need more, ask the operator.",
        ),
        only_https=Problem(
            "Not to be opened from another machine yet",
            "From other machines the office opens by https:// only. "
            "The operator must set web.https: true behind a server that does TLS.",
        ),
        uncounted=Problem("No figures yet", "Nothing has been counted yet. Open this page again later."),
        down=Problem(
            "The figures can't be read now",
            "The server can't read its database. Nothing is lost. Open this page again in a few minutes.",
        ),
        broken=Problem(
            "Something broke on the server",
            "Something broke on the server, so that was not done. Try again in a moment; "
            "if it stays so, tell the operator.",
        ),
        strange=Problem("That was not understood", "Go back, open the page again, and send it once more."),
        stale=Problem(
            "Please open the page again",
            "The page was open for long, or the browser blocks cookies, so that was not done. "
            "Open the page again and do it once more.",
        ),
        spent=Problem(
            "This link no longer works",
            "Each link works once, and for some time only. Ask the operator for a new one.",
        ),
        locked=Problem(
            "Signing in is locked for now",
            "Too many tries to sign in have failed. Try again in {minutes} minutes.",
        ),
        key_unmade=Problem(
            "The passkey was not made",
            "The device made none, or it has no name. Open the page Account again and try once more.",
        ),
        key_refused=Problem(
            "The passkey didn't work",
            "It isn't valid, has been removed, or took more than 5 minutes. "
            "Try again, or ask the operator for a new link.",
        ),
    ),
}


def texts_of(lang: str) -> Texts:
    """Return the words in this language, or in Vietnamese where there are none."""
    return TEXTS.get(lang, TEXTS["vi"])
