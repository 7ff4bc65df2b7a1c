"""What each key of the editors' files is for, as text editors show it: Vietnamese, then English.

A key that means the same everywhere stands by its name, another by its model and name. docs/lessons.md tells more.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.phrases import Answers, Says, Words


def _note(vi: str, en: str) -> str:
    return f"{vi}\n\n{en}"


_KEYS: Mapping[str, str] = {
    "format": _note("Phiên bản cách ghi tệp. Luôn là 1.", "Version of the file format. Always 1."),
    "id": _note(
        "Tên ngắn, không dấu: chữ thường, số và gạch nối. Đặt rồi thì giữ nguyên; đổi thì ghi tên cũ vào 'was'.",
        "Short name: small letters, digits, hyphens. Keep it for good; when it changes, put the old one into 'was'.",
    ),
    "title": _note("Tên ngắn, đọc lên nghe xuôi tai.", "A short name that sounds well when read aloud."),
    "summary": _note("Một câu: học xong thì biết làm gì.", "One sentence: what one can do afterwards."),
    "order": _note("Khóa đứng thứ mấy trong danh mục.", "Where the course stands in the menu."),
    "minutes": _note("Học mất khoảng mấy phút, từ 1 đến 10.", "About how many minutes it takes, 1 to 10."),
    "audience": _note(
        "Dành cho ai: nct người cao tuổi, nd nông dân, nm người mù, dtts dân tộc thiểu số, moi người mới dùng, "
        "ph phụ huynh, hkd hộ kinh doanh, cb cán bộ, tat-ca tất cả.",
        "For whom: nct elderly, nd farmers, nm blind, dtts ethnic minorities, moi newcomers, ph parents, "
        "hkd household businesses, cb officials, tat-ca everybody.",
    ),
    "skills": _note("Kỹ năng trong chương trình, như KN3.", "Skills of the programme, such as KN3."),
    "needs": _note(
        "Bài nên học trước. Bài nào trong nhóm cũng được thì ghi 'any'.",
        "Lessons that had better come first; 'any' where one of several is enough.",
    ),
    "any": _note("Chỉ cần một trong các bài này.", "One of these lessons is enough."),
    "facts": _note("Bài dựa vào mục nào của hồ sơ dữ kiện.", "Which parts of the facts dossier the lesson rests on."),
    "Fact.file": _note("Tên tệp dữ kiện.", "Name of the facts file."),
    "sections": _note("Số mục trong tệp ấy.", "Numbers of sections in that file."),
    "checked": _note("Ngày đối chiếu với nguồn lần gần nhất.", "Day on which it was last compared with the source."),
    "recheck_by": _note("Phải đối chiếu lại trước ngày này.", "By this day it must be compared again."),
    "sources": _note("Nguồn để người duyệt tìm lại.", "Sources, for whoever reviews the lesson."),
    "allow": _note(
        "Quy tắc mà tệp này được phép không theo, kèm lý do.", "Rules that this file may break, each with a reason."
    ),
    "rule": _note("Mã quy tắc như 'hocso check' ghi.", "The rule's code as `hocso check` tells it."),
    "Allowed.step": _note("Chỉ ở bước này; bỏ trống là cả tệp.", "In this step only; else anywhere in the file."),
    "reason": _note("Vì sao, cho người sửa sau này.", "Why, for whoever edits this next."),
    "steps": _note("Các bước, theo thứ tự.", "The steps in their order."),
    "learnt": _note(
        "Câu nói lúc học xong: giờ làm được gì.", "Said at the finish: what they can do now. Else the summary."
    ),
    "help": _note("Cần giúp việc này thì hỏi ai, ở đâu.", "Where to get help with this."),
    "kind": _note(
        "Loại bước: tell kể, ask hỏi, do làm trên máy, scene diễn tập.",
        "Kind of step: tell, ask, do (on the phone), scene (a rehearsal).",
    ),
    "was": _note(
        "Các tên cũ của bước, để người đang học tìm lại chỗ của mình.",
        "Ids it had before, so that people inside find their place.",
    ),
    "text": _note(
        "Lời nói với người học. {bạn} là người học, {mình} là trợ giảng, **Tiếp** là tên nút.",
        "What the learner hears. {bạn} is the learner, {mình} the tutor, **Tiếp** a button's name.",
    ),
    "picture": _note("Hình cho người thích nhìn.", "A picture for those who would rather look."),
    "Picture.file": _note("Tên tệp hình.", "Name of the image file."),
    "screen": _note("Màn hình điện thoại được vẽ ra.", "A phone's screen that is drawn."),
    "PhoneScreen.title": _note("Dòng trên cùng của màn hình.", "The line at the top of the screen."),
    "rows": _note("Các dòng trên màn hình, từ trên xuống.", "The lines on the screen, from the top."),
    "tap": _note("Dòng cần chạm: đúng như trong 'rows'.", "The line to tap, exactly as among 'rows'."),
    "alt": _note("Tả hình cho người không nhìn thấy.", "Tells the picture to those who can't see it."),
    "choices": _note("Các câu trả lời, từ 2 đến 4.", "The answers, 2 to 4."),
    "right": _note("true: đây là câu đúng.", "true: this answer is right."),
    "because": _note("Vì sao đúng hay chưa đúng, nói nhẹ nhàng.", "Why it is right or not, said kindly."),
    "hint": _note("Gợi ý cho lần thử sau.", "A hint for the next try."),
    "tries": _note("Được thử mấy lần, từ 1 đến 4.", "How many tries, 1 to 4."),
    "differs": _note("Nói khi màn hình của người học khác.", "Said when the learner's screen looks different."),
    "lines": _note("Các lượt nói trong diễn tập.", "What is said in the rehearsal."),
    "who": _note("Ai nói.", "Who speaks."),
    "says": _note("Lời người ấy nói.", "What they say."),
    "next": _note("Đi tới lượt nào, hoặc 'debrief' để kết thúc.", "The line it leads to, or 'debrief' for the end."),
    "debrief": _note("Lời kết, gọi tên mánh lừa.", "The end, which names the trick."),
    "paths": _note("Các lộ trình.", "The learning paths."),
    "offered": _note("false: không hỏi lúc chào.", "false: not offered at the welcome."),
    "lessons": _note("Các bài, theo thứ tự học.", "The lessons in the order of learning."),
    "contacts": _note("Đường dây nóng và nơi giúp đỡ.", "Hotlines and offices."),
    "links": _note("Địa chỉ trang được phép nhắc tới.", "Web addresses that may be told."),
    "name": _note("Tên gọi.", "What it is called."),
    "numbers": _note("Số điện thoại, để trong ngoặc kép.", "Phone numbers, in quotes."),
    "purpose": _note("Gọi khi nào.", "When to call."),
    "source": _note("Lấy từ đâu.", "Where it comes from."),
    "confidence": _note(
        "Chắc tới đâu: high, medium, low. Số low không bao giờ đọc cho người học.",
        "How sure it is: high, medium, low. Those that are low are never shown to learners.",
    ),
    "host": _note("Tên miền, như dichvucong.gov.vn.", "The host, such as dichvucong.gov.vn."),
    "Phrases.words": _note("Các từ dùng được ở mọi chỗ.", "Words that work anywhere."),
    "answers": _note("Các cách nói khác cho nút của bot.", "Further wordings of the bot's buttons."),
    "Phrases.says": _note("Mọi câu bot nói.", "All the bot's sentences."),
    "Sayings.words": _note("Tên và chữ viết tắt: cách đọc.", "Names and abbreviations, and how they are said."),
    "units": _note("Đơn vị đứng sau số: cách đọc.", "Units behind a number, and how they are said."),
    "letters": _note("Cách đọc từng chữ cái.", "How single letters are said."),
    "vi": _note("Cách đọc tiếng Việt.", "How it is said in Vietnamese."),
    "en": _note("Cách đọc tiếng Anh.", "How it is said in English."),
    "dialled": _note(
        "Số ngắn người ta gọi hay nhắn tới, đọc từng chữ số.", "Short numbers that people call: said digit by digit."
    ),
    "language": _note("Tên của ngôn ngữ, như trên nút.", "The language's own name, as on a button."),
    "Phrases.numbers": _note("Các cách nói số 1 đến 9.", "The words for 1 to 9."),
    "fillers": _note("Từ đệm quanh câu trả lời.", "Words around an answer that mean nothing by themselves."),
}
_WORD = _note("Các cách gõ từ này.", "How this word may be typed.")
_SAID = _note(
    "Một câu của bot; docs/lessons.md cho biết khi nào nó được nói.",
    "A sentence of the bot's; docs/lessons.md tells when it is said.",
)
NOTES: Mapping[str, str] = MappingProxyType(
    {
        **_KEYS,
        **{f"{model.__name__}.{key}": _WORD for model in (Words, Answers) for key in model.model_fields},
        **{f"Says.{key}": _SAID for key in Says.model_fields},
    }
)
