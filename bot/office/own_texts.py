"""The words of the pages about the office itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """All of them in one language."""

    audit_caption: str
    audit_how: str
    audit_older: str
    audit_newest: str
    audit_none: str
    when: str
    who: str
    did: str
    what: str
    nobody: str  # of the office: whoever sits at the server
    deeds: Mapping[str, str]
    deed_things: Mapping[str, str]
    people_caption: str
    people_how: str
    person: str
    role: str
    area: str
    since: str
    last_page: str
    not_in: str


OWN_TEXTS: Final[Mapping[str, OwnTexts]] = {
    "vi": OwnTexts(
        audit_caption="Ai đã đăng nhập, xem thông tin về người, xuất số liệu, lúc nào",
        audit_how="Giờ Việt Nam, mới nhất ở trên. Sổ không ghi lời của người học.",
        audit_older="Cũ hơn",
        audit_newest="Mới nhất",
        audit_none="Sổ còn trống.",
        when="Lúc",
        who="Ai",
        did="Đã làm",
        what="Với",
        nobody="Người vận hành (trên máy chủ)",
        deeds={
            "invited": "Mời vào văn phòng",
            "revoked": "Thu lại quyền",
            "signed-in": "Đăng nhập",
            "chat-joined": "Nhận lời mời trong cuộc trò chuyện",
            "link-asked": "Lấy liên kết đăng nhập",
            "signed-out": "Đăng xuất",
            "signed-out-everywhere": "Đăng xuất khỏi mọi máy",
            "key-added": "Tạo khóa",
            "key-removed": "Bỏ khóa",
            "locked": "Đăng nhập sai nhiều lần, tạm khóa",
            "looked": "Xem",
            "exported": "Xuất số liệu",
            "published": "Công bố",
            "voice-approved": "Duyệt giọng đọc",
            "voice-refused": "Nhờ đọc lại",
            "voice-gone": "Bỏ bản thu của câu đã đổi",
            "voice-taken-back": "Gỡ giọng đọc xuống",
            "voice-withdrawn": "Rút giọng của mình (số bản thu đã xóa)",
        },
        deed_things={
            "link": "bằng liên kết",
            "passkey": "bằng khóa",
            "place": "một địa chỉ mạng",
            "begun": "một địa chỉ mạng",
            "key": "một khóa",
            "people": "người của văn phòng",
            "audit": "sổ theo dõi",
            "voices": "giọng đọc",
        },
        people_caption="Những người đang có quyền vào văn phòng",
        people_how="Mời thêm bằng lệnh hocso office invite, thu lại quyền bằng hocso office revoke trên máy chủ.",
        person="Tên",
        role="Vai trò",
        area="Phạm vi",
        since="Từ ngày",
        last_page="Mở trang lần cuối",
        not_in="Không đăng nhập",
    ),
    "en": OwnTexts(
        audit_caption="Who signed in, looked at people, exported figures, and when",
        audit_how="Times of Vietnam, the newest first. Learners' words are never here.",
        audit_older="Older",
        audit_newest="Newest",
        audit_none="Nothing yet.",
        when="When",
        who="Who",
        did="Did",
        what="With",
        nobody="Operator (at the server)",
        deeds={
            "invited": "Invited",
            "revoked": "Revoked",
            "signed-in": "Signed in",
            "chat-joined": "Took up the invitation in the chat",
            "link-asked": "Asked for a link to sign in",
            "signed-out": "Signed out",
            "signed-out-everywhere": "Signed out everywhere",
            "key-added": "Made a passkey",
            "key-removed": "Removed a passkey",
            "locked": "Too many failed tries, locked for now",
            "looked": "Looked at",
            "exported": "Exported",
            "published": "Published",
            "voice-approved": "Approved a voice",
            "voice-refused": "Asked to read again",
            "voice-gone": "Put away a recording of a changed text",
            "voice-taken-back": "Took back a voice",
            "voice-withdrawn": "Withdrew their voice (recordings deleted)",
        },
        deed_things={
            "link": "by link",
            "passkey": "by passkey",
            "place": "an address of the network",
            "begun": "an address of the network",
            "key": "a passkey",
            "people": "people of the office",
            "audit": "the audit",
            "voices": "voices",
        },
        people_caption="People who may come into the office",
        people_how="Invite with hocso office invite and revoke with hocso office revoke, at the server.",
        person="Name",
        role="Role",
        area="Area",
        since="Since",
        last_page="Last page",
        not_in="Not signed in",
    ),
}


def own_texts_of(lang: str) -> OwnTexts:
    """Return the words in this language, or in Vietnamese where there are none."""
    return OWN_TEXTS.get(lang, OWN_TEXTS["vi"])
