"""The words of the page on which editors listen to volunteers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class VoiceTexts:
    """All of them in one language."""

    how: str
    waiting: str  # {number}
    nothing: str
    more: str  # {number}
    read_by: str  # {who}, {seconds}, {when}
    stands: str  # {place}, {lang}
    spoken: str
    listen: str  # {text}
    changed: str
    put_away: str
    older: str
    newest: str
    approve: str
    refuse: str
    reason: str
    reason_how: str
    heard: str
    heard_how: str
    heard_none: str
    take_back: str
    told: Mapping[str, str]


VOICE_TEXTS: Final[Mapping[str, VoiceTexts]] = {
    "vi": VoiceTexts(
        how="Nghe từng bản thu, so với câu chữ. Đúng lời, rõ tiếng, đúng giọng thì nhấn Cho nghe: từ đó người học nghe "
        "bản này thay giọng máy, đến khi câu chữ đổi. Chưa được thì nhờ đọc lại và nói lý do; người đọc sẽ thấy "
        "đúng lời ấy.",
        waiting="Đang chờ nghe: {number}",
        nothing="Không có bản thu nào đang chờ.",
        more="Còn {number} bản nữa; xong những bản này thì chúng hiện ra.",
        read_by="{who} đọc, dài {seconds} giây, gửi lúc {when}",
        stands="Ở {place}, giọng {lang}",
        spoken="Đọc là: ",
        listen="Nghe: {text}",
        changed="Câu chữ đã đổi từ khi thu, nên bản này không dùng được nữa.",
        put_away="Bỏ bản này",
        older="Cũ hơn",
        newest="Mới nhất",
        approve="Cho nghe",
        refuse="Nhờ đọc lại",
        reason="Vì sao cần đọc lại?",
        reason_how="Ví dụ: Có tiếng xe ở giữa câu. Hoặc: Đọc thiếu chữ “không”.",
        heard="Người học đang nghe",
        heard_how="Mới nhất ở trên. Gỡ xuống thì người học nghe lại giọng máy, và câu ấy được nhờ đọc lại.",
        heard_none="Chưa có bản thu nào được duyệt.",
        take_back="Gỡ xuống",
        told={
            "approved": "Đã duyệt. Trong vài giây nữa người học sẽ nghe bản này.",
            "refused": "Đã nhờ đọc lại.",
            "taken-back": "Đã gỡ xuống. Người học không nghe bản này nữa.",
            "gone": "Câu chữ đã đổi từ khi bản này được thu, nên không dùng được nữa. Đã bỏ bản ấy.",
            "late": "Bản này vừa được người khác xử lý, hoặc người đọc vừa gửi bản mới. Xem lại danh sách dưới đây.",
            "busy": "Chưa ghi được vào thư mục bản thu; chưa có gì thay đổi. Thử lại sau một lát, nếu vẫn không được "
            "thì báo người vận hành.",
            "reason": "Viết lý do trước đã, để người đọc biết cần sửa gì.",
        },
    ),
    "en": VoiceTexts(
        how="Listen to each recording and compare it with the text. If the words, the sound and the voice are right, "
        "press Let it be heard: from then on learners hear it instead of the made voice, until the text changes. If "
        "not, ask for it to be read again and say why; whoever read it sees those very words.",
        waiting="Waiting: {number}",
        nothing="No recording is waiting.",
        more="{number} more appear once these are done.",
        read_by="Read by {who}, {seconds} seconds, sent {when}",
        stands="At {place}, voice {lang}",
        spoken="Said as: ",
        listen="Listen: {text}",
        changed="The text has changed since, so this can't be used any more.",
        put_away="Put away",
        older="Older",
        newest="Newest",
        approve="Let it be heard",
        refuse="Ask to read again",
        reason="Why should it be read again?",
        reason_how="For example: A car is heard in the middle. Or: The word “không” is missing.",
        heard="What learners hear",
        heard_how="The newest first. Taken back, learners hear the made voice again, and the text is to be read again.",
        heard_none="No recording has been approved yet.",
        take_back="Take back",
        told={
            "approved": "Approved. Learners hear it within seconds.",
            "refused": "It is to be read again.",
            "taken-back": "Taken back. Learners don't hear it any more.",
            "gone": "The text has changed since this was recorded, so it can't be used. It was put away.",
            "late": "Somebody else has just dealt with it, or a newer one was sent. Look at the list below.",
            "busy": "The folder of recordings can't be written to; nothing has changed. Try again in a while; if it "
            "still fails tell the operator.",
            "reason": "Write the reason first, so that the reader knows what to do better.",
        },
    ),
}


def voice_texts_of(lang: str) -> VoiceTexts:
    """Return the words in this language, or in Vietnamese where there are none."""
    return VOICE_TEXTS.get(lang, VOICE_TEXTS["vi"])
