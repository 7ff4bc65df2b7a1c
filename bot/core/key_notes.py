"""What each part and each key of the editors' files is for, as text editors show it.

A key that means the same everywhere stands by its name, another by its model and name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.core.phrase_notes import ANSWERS, READING, SAYS, WORDS
from bot.core.rules.advice import ADVICE


@dataclass(frozen=True, slots=True)
class Note:
    """What a key is for. Text editors offer the examples as values."""

    vi: str
    en: str
    examples: tuple[object, ...] = ()


# What an editor calls a part of a file, by its model.
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "LessonFile": "Một bài",
        "LessonTranslation": "Bản dịch của một bài",
        "SaidStep": "Lời dịch của một bước",
        "SaidChoice": "Lời dịch của một lựa chọn",
        "SaidLine": "Lời dịch của một lời thoại",
        "SaidPicture": "Lời dịch của một hình",
        "Tell": "Bước kể (tell)",
        "Ask": "Bước hỏi (ask)",
        "Do": "Bước làm trên máy (do)",
        "Scene": "Bước diễn tập (scene)",
        "Choice": "Một lựa chọn",
        "Line": "Một lời thoại",
        "Reaction": "Một cách đáp",
        "Picture": "Hình",
        "PhoneScreen": "Màn hình được vẽ",
        "AnyOf": "Một trong các bài",
        "Fact": "Hồ sơ dữ kiện",
        "Allowed": "Cho phép",
        "CourseFile": "Một khóa",
        "CourseTranslation": "Bản dịch của một khóa",
        "PathsFile": "Các lộ trình",
        "LearningPath": "Một lộ trình",
        "PathsTranslation": "Bản dịch của các lộ trình",
        "SaidPath": "Lời dịch của một lộ trình",
        "Phrases": "Lời của chương trình",
        "Words": "Từ dùng được ở mọi chỗ",
        "Answers": "Cách nói khác của các nút",
        "Says": "Các câu của chương trình",
        "ForVolunteers": "Lời với người đọc tình nguyện",
        "Pronunciation": "Cách đọc",
        "Sayings": "Cách đọc trong một ngôn ngữ",
        "Contacts": "Nơi để gọi và trang để xem",
        "Contact": "Một nơi để gọi",
        "Link": "Một trang để xem",
        "TalkFile": "Các mẩu trò chuyện",
        "Talk": "Một mẩu trò chuyện",
        "Exchange": "Một lượt",
    }
)

_KEYS: Mapping[str, Note] = {
    "format": Note("Luôn là 1.", "Always 1."),
    "id": Note(
        "Tên gọi: chữ thường không dấu, chữ số và gạch nối. Đừng dùng lại cho việc khác.",
        "Its name: small letters a to z, digits, hyphens. Never use one again for something else.",
    ),
    "CourseFile.id": Note("Đúng tên thư mục của khóa.", "The folder's name."),
    "LearningPath.id": Note(
        "Tên gọi của lộ trình, nhiều nhất 3 ký tự. Đừng dùng lại cho lộ trình khác.",
        "Its name, at most 3 characters. Never use one again for another path.",
    ),
    "SaidStep.id": Note("Đúng 'id' của bước trong bài.", "The same as the step's in the lesson."),
    "SaidLine.id": Note("Đúng 'id' của lời thoại trong bài.", "The same as the line's in the lesson."),
    "SaidPath.id": Note("Đúng 'id' của lộ trình.", "The same as the path's."),
    "Line.id": Note(
        "Tên gọi trong phần diễn tập này. Đừng đặt là 'debrief'.", "Its name in this scene; not 'debrief'."
    ),
    "title": Note("Tên ngắn, như ghi trên nút.", "A short name, as its button says it."),
    "PhoneScreen.title": Note("Chữ trên cùng của màn hình, như tên ứng dụng.", "What stands at the top of the screen."),
    "LearningPath.title": Note("Dành cho ai, nói trong vài chữ; ghi trên nút.", "For whom it is; its button says so."),
    "summary": Note("Một câu: học xong thì biết làm gì.", "One sentence: what one can do afterwards."),
    "LearningPath.summary": Note("Một câu nói với người chọn lộ trình này.", "Said to whoever chooses it."),
    "order": Note("Một số: khóa có số nhỏ đứng trước.", "A whole number: courses with lower ones come first.", (10,)),
    "minutes": Note("Học mất khoảng mấy phút, từ 1 đến 10.", "About how many minutes it takes, 1 to 10.", (3,)),
    "audience": Note(
        "Dành cho ai: 'nct' người cao tuổi, 'nd' nông dân, 'nm' người mù, 'dtts' người dân tộc thiểu số, "
        "'moi' người mới dùng điện thoại, 'ph' phụ huynh, 'hkd' hộ kinh doanh, 'cb' người trong tổ công nghệ số, "
        "'tat-ca' tất cả mọi người.",
        "For whom: nct elderly, nd farmers, nm blind, dtts ethnic minorities, moi first smartphone, ph parents, "
        "hkd traders, cb members of a community group, tat-ca everyone.",
    ),
    "skills": Note(
        'Mã kỹ năng trong khung kỹ năng số. Mã như "0.2" phải có dấu nháy.',
        'Codes of the digital-skills framework; "0.2" needs its quotes.',
        (["KN3"],),
    ),
    "needs": Note("Những bài nên học trước.", "Lessons that had better come first."),
    "any": Note("Từ hai bài trở lên; học một trong các bài ấy là đủ.", "Two lessons or more, of which one is enough."),
    "facts": Note("Bài dựa vào mục nào của hồ sơ dữ kiện.", "Where in the facts dossier its facts stand."),
    "Fact.file": Note("Tên tệp trong hồ sơ.", "The file of the dossier.", ("an-toan.md",)),
    "sections": Note("Các mục trong tệp ấy: số hoặc tên.", "Its sections, numbers or names."),
    "checked": Note(
        "Ngày đối chiếu với nguồn lần gần nhất: năm, tháng, ngày, không có dấu nháy.",
        "The day it was last compared with its sources: year, month, day, without quotes.",
    ),
    "recheck_by": Note("Phải đối chiếu lại trước ngày này.", "By this day it must be checked again."),
    "sources": Note("Lấy từ đâu, cho người duyệt; người học không thấy.", "Where the facts come from; not shown."),
    "allow": Note("Lời khuyên mà tệp này không theo, và vì sao.", "Advice that this file doesn't follow, and why."),
    "rule": Note("Mã của lời khuyên, như 'hocso check' ghi.", "The code that 'hocso check' tells.", tuple(ADVICE)),
    "Allowed.step": Note("'id' của bước; không ghi thì là cả tệp.", "The id of the step; else anywhere in the file."),
    "reason": Note("Vì sao, cho người sửa bài sau này.", "Why, for whoever edits this next."),
    "of": Note(
        "Lời tiếng Việt mà bản dịch này dựa vào, để biết chỗ nào đã đổi từ đó. 'hocso lesson import' tự ghi.",
        "The Vietnamese that was translated, to know what changed since. 'hocso lesson import' writes it.",
    ),
    "steps": Note("Các bước, từ 1 đến 60, theo thứ tự học.", "The steps, 1 to 60, in their order."),
    "LessonTranslation.steps": Note("Đúng các bước của bài, đúng thứ tự.", "The lesson's steps, in the same order."),
    "learnt": Note(
        "Nói lúc học xong: giờ làm được gì. Không ghi thì nói 'summary'.",
        "Said at the finish: what they can do now; else the summary is.",
    ),
    "help": Note(
        "Nói lúc học xong: việc này cần giúp thì hỏi ai. Không ghi thì chương trình nêu những nơi quen thuộc.",
        "Said at the finish: where to get help with this; else the bot names the usual places.",
    ),
    "Do.help": Note(
        "Nói khi người học bấm là cần giúp. Không ghi thì chương trình nói một câu chung.",
        "Said when the learner needs help; else the bot says something general.",
    ),
    "SaidStep.help": Note("Lời dịch của 'help', nếu bước có.", "The step's 'help', where it has one."),
    "kind": Note(
        "Loại bước: 'tell' kể, 'ask' hỏi, 'do' làm trên máy, 'scene' diễn tập.",
        "tell, ask, do (on the phone) or scene (a rehearsal).",
    ),
    "was": Note(
        "Các tên gọi cũ của bước này, để ai đang học ở đó tìm lại được chỗ. Giữ mãi.",
        "Ids it had before, so that people inside find their place. Keep them for good.",
    ),
    "text": Note(
        "Lời nói với người học. {bạn} là người học, {mình} là trợ giảng, **Tiếp** là tên một nút.",
        "What is said. {bạn} is the learner, {mình} the tutor, **Tiếp** the name of a button.",
    ),
    "Choice.text": Note("Chữ trên nút. Mỗi lựa chọn một khác.", "What the button says. No two may say the same."),
    "Reaction.text": Note("Chữ trên nút.", "What the button says."),
    "SaidChoice.text": Note("Chữ trên nút.", "What the button says."),
    "picture": Note("Hình đặt cạnh lời nói.", "An image beside the text."),
    "Picture.file": Note(
        "Tên tệp ảnh ở cạnh bài. Đã có 'screen' thì thôi.", "An image file beside the lesson; or 'screen'."
    ),
    "screen": Note("Màn hình do chương trình vẽ. Đã có 'file' thì thôi.", "A phone's screen to be drawn; or 'file'."),
    "rows": Note("Các nút hay ô bên dưới, từ 1 đến 4.", "Buttons or fields below it, 1 to 4."),
    "tap": Note(
        "Dòng mà bàn tay chỉ vào, đúng từng chữ như trong 'rows'.", "The row that the hand points at, word for word."
    ),
    "alt": Note("Tả hình bằng lời, cho người không nhìn thấy.", "What can be seen in it, in words."),
    "choices": Note(
        "Các lựa chọn, từ 2 đến 4; có câu đúng, có câu chưa đúng.", "2 to 4 choices; right ones and wrong ones."
    ),
    "Line.choices": Note("Các cách đáp, từ 2 đến 4.", "2 to 4 reactions."),
    "SaidStep.choices": Note("Đúng các lựa chọn của bước, đúng thứ tự.", "The step's choices, in the same order."),
    "SaidLine.choices": Note("Đúng các cách đáp, đúng thứ tự.", "The line's reactions, in the same order."),
    "right": Note(
        "'true' ở lựa chọn đúng. Lựa chọn khác thì bỏ dòng này.", "true on a right choice; left out on the others."
    ),
    "because": Note("Vì sao đúng, hay vì sao chưa; nói nhẹ nhàng.", "Why it is right, or why not; said kindly."),
    "Reaction.because": Note("Nói với người chọn cách ấy.", "Said to whoever picks it."),
    "hint": Note("Gợi ý, nói sau khi trả lời chưa đúng.", "Said after a wrong answer."),
    "tries": Note(
        "Được trả lời mấy lần, từ 1 đến 4. Không ghi thì 2.", "How often it may be answered, 1 to 4; else 2."
    ),
    "decides": Note(
        "'true' ở câu cho thấy rõ nhất là người học tự làm được; một bài một câu. Không ghi thì câu cuối.",
        "true on the question that best shows they can do it alone, one in a lesson; else the last one.",
    ),
    "differs": Note(
        "Nói khi màn hình của người học khác. Không ghi thì chương trình nói một câu chung.",
        "Said when the screen looks different; else the bot says something general.",
    ),
    "lines": Note("Các lời thoại; lời đầu tiên mở màn.", "The lines; the first is the beginning."),
    "who": Note("Ai nói.", "Who speaks."),
    "Line.says": Note("Người ấy nói gì.", "What they say."),
    "SaidLine.says": Note("Người ấy nói gì.", "What they say."),
    "next": Note(
        "'id' của lời thoại kế tiếp, hoặc 'debrief' là hết.",
        "The id of the line that follows, or 'debrief'.",
        ("debrief",),
    ),
    "debrief": Note(
        "Lời kết: vừa rồi là trò gì, làm sao mới đúng.", "Said at the end: what it was, and what would be right."
    ),
    "paths": Note("Các lộ trình.", "The learning paths."),
    "offered": Note(
        "'false' thì không hỏi lúc chào; vẫn chọn được trong cài đặt.", "false: not offered at the welcome."
    ),
    "lessons": Note("Tên các bài, theo thứ tự học.", "The ids of its lessons in their order."),
    "contacts": Note("Đường dây nóng và nơi giúp đỡ.", "Hotlines and offices."),
    "links": Note("Các trang được phép nhắc tới.", "Web addresses that may be told."),
    "name": Note("Tên người ta vẫn gọi.", "What people call it."),
    "Talk.name": Note("Mẩu này cho thấy điều gì.", "What it shows."),
    "Contact.numbers": Note("Số điện thoại, đặt trong dấu nháy.", "Its phone numbers, in quotes.", (["113"],)),
    "purpose": Note("Gọi khi nào.", "What it is good for."),
    "source": Note("Lấy từ đâu.", "Where this stands."),
    "confidence": Note(
        "Chắc tới đâu: 'high' nói thẳng được, 'medium' nói dè dặt, 'low' không bao giờ nói.",
        "high: may be told plainly; medium: softly; low: never.",
    ),
    "host": Note("Tên trang, không có https://.", "The name of the site, without https://.", ("dichvucong.gov.vn",)),
    "Phrases.words": Note("Những từ gõ ở đâu cũng hiểu; mỗi từ vài cách nói.", "The words that work anywhere."),
    "answers": Note("Những cách nói khác của các nút.", "Further wordings of the bot's own buttons."),
    "Phrases.reading": Note(
        "Lời với người tình nguyện đọc giúp bài học, và những chữ họ nhắn. Người học không gặp.",
        "What is said to volunteers who read for the lessons, and the words they write; learners don't meet it.",
    ),
    "Phrases.says": Note(
        "Mọi câu của chương trình, và chữ trên các nút.", "The bot's sentences, and its buttons' labels."
    ),
    "language": Note("Tên của ngôn ngữ, như ghi trên nút.", "The language's own name, as its button says it."),
    "Phrases.numbers": Note("Chín danh sách: các cách nói số 1 đến 9.", "Nine lists: the words for 1 to 9."),
    "fillers": Note(
        "Từ đệm quanh câu trả lời, như 'chọn', 'số', 'ạ'.", "Words around an answer that mean nothing alone."
    ),
    "Sayings.words": Note("Tên hay chữ viết tắt, và đọc thành gì.", "A name or abbreviation, and how it is heard."),
    "units": Note("Chữ đứng sau số, và đọc thành gì.", "What may stand behind a number, and how it is heard."),
    "letters": Note("Từng chữ cái đọc thế nào, để đánh vần.", "The names of the letters, for spelling."),
    "Pronunciation.vi": Note("Trong lời tiếng Việt.", "How things are said in Vietnamese."),
    "Pronunciation.en": Note("Trong lời tiếng Anh.", "How they are said in English."),
    "dialled": Note(
        "Số ngắn để gọi hay nhắn tin, đặt trong dấu nháy; đọc từng chữ số.",
        "Short numbers that people call or text, in quotes; said digit by digit.",
        (["113"],),
    ),
    "talks": Note("Các mẩu trò chuyện.", "The talks."),
    "learner": Note(
        "Người học: 'reading' đọc chữ, 'listening' nghe đọc, 'numbers' trả lời bằng số. Không ghi thì đọc chữ.",
        "reading, listening or numbers (answers by them); else reading.",
    ),
    "lang": Note("Ngôn ngữ của người học. Không ghi thì 'vi'.", "Their language; else vi."),
    "Talk.step": Note("Vào từ bước nào; không ghi thì từ đầu bài.", "Where they come in; else at the first step."),
    "Talk.hears": Note("Những gì phải nghe thấy khi vào.", "What they hear when they come."),
    "turns": Note("Người học lần lượt làm gì, từ 1 đến 100 lượt.", "What they do, one after the other; 1 to 100."),
    "types": Note("Người học gõ gì.", "What they type."),
    "taps": Note("Hoặc bấm nút nào: chữ trên nút, hay số của nút.", "Or the button they tap: its label or number."),
    "Exchange.hears": Note("Những gì phải nghe thấy sau đó, đúng từng chữ.", "Pieces of what they hear then, exactly."),
}

NOTES: Mapping[str, Note] = MappingProxyType(
    {
        **_KEYS,
        **{
            f"{model}.{key}": Note(*said)
            for model, notes in (
                ("Words", WORDS),
                ("Answers", ANSWERS),
                ("Says", SAYS),
                ("ForVolunteers", READING),
            )
            for key, said in notes.items()
        },
    }
)


def note_of(model: str, key: str) -> Note:
    """Return what a key of a model is for. Raises KeyError where nobody has said it."""
    return NOTES.get(f"{model}.{key}") or NOTES[key]
