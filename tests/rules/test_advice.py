"""What `hocso check` advises on good lessons: one fault each, in both languages (tests/bad_lessons/advice.txt)."""

import datetime as dt
from collections.abc import Mapping

import pytest
from bad_tables import faults
from lesson_texts import LESSON, TRANSLATION
from small import SHIPPED

from bot.core.contacts import Contacts, read_contacts
from bot.core.lesson import Lesson
from bot.core.lesson_file import lesson_of, translation_of
from bot.core.library import FIRST, Library
from bot.core.problem import Problem
from bot.core.rules import ALL, silence
from bot.core.rules.advice import ADVICE, MOST, advise
from bot.core.rules.rule import LessonSource
from bot.core.yaml_text import Source, parse

TODAY = dt.date(2026, 11, 22)
FILES = {"an-02-giu-ma.yaml": LESSON, "an-02-giu-ma.en.yaml": TRANSLATION}
FAULTS = faults("advice", FILES)
CONTACTS = """
format: 1
contacts:
  - {id: ca, name: Công an, numbers: ["113"], purpose: Báo tin., source: x, checked: 2026-11-22, confidence: high}
  - {id: rac, name: Rác, numbers: ["156", "5656"], purpose: Báo., source: x, checked: 2026-11-22, confidence: medium}
  - {id: vneid, name: VNeID, numbers: [1900 0368], purpose: Hỏi., source: x, checked: 2026-11-22, confidence: medium}
  - {id: cu, name: Số cũ, numbers: [0692 348 560], purpose: Bỏ., source: x, checked: 2026-11-22, confidence: low}
links:
  - {host: dichvucong.gov.vn, name: Cổng, source: x, checked: 2026-11-22, confidence: high}
  - {host: cu.dichvucong.gov.vn, name: Cổng cũ, source: x, checked: 2026-11-22, confidence: low}
"""


def contacts() -> Contacts:
    found = read_contacts(CONTACTS, "contacts.yaml")
    assert isinstance(found, Contacts), found
    return found


LIBRARY = Library(SHIPPED.phrases, (), pronunciation=SHIPPED.pronunciation, contacts=contacts())


def source(text: str, path: str) -> Source:
    found = parse(text, path)
    assert isinstance(found, Source), found
    return found


def advised(files: Mapping[str, str], today: dt.date = TODAY) -> list[Problem]:
    """Return the advice on a lesson and its translation, both of which must be good."""
    (path, text), (english_path, english_text) = files.items()
    first, other = source(text, path), source(english_text, english_path)
    lesson = lesson_of(first, "an-02-giu-ma", "an-toan")
    assert isinstance(lesson, Lesson), lesson
    english = translation_of(other, lesson, "en")
    assert isinstance(english, Lesson), english
    sources = [LessonSource(first, lesson, FIRST), LessonSource(other, english, "en")]
    return sorted(advise(LIBRARY, sources, today))


def on(text: str, lang: str = FIRST) -> list[str]:
    """Return the codes of the advice on this text, told by a lesson's first step."""
    old = {FIRST: "Nghe xong thì bấm **Tiếp**.", "en": "Listen, then press **Tiếp** (Next)."}[lang]
    path = {FIRST: "an-02-giu-ma.yaml", "en": "an-02-giu-ma.en.yaml"}[lang]
    changed = FILES[path].replace(f"text: {old}\n", f"text: |\n      {text}\n")
    assert changed != FILES[path]
    return [problem.code for problem in advised({**FILES, path: changed})]


def test_a_good_lesson_needs_no_advice() -> None:
    assert advised(FILES) == []


@pytest.mark.parametrize("name", FAULTS)
def test_what_could_be_better_is_told_with_place_and_cure(name: str) -> None:
    fault = FAULTS[name]
    problems = advised(fault.files)
    assert list(map(str, problems)) == fault.told
    assert [each.sentence("vi") for each in problems] == fault.told_in_vietnamese


def test_every_advice_has_a_bad_lesson() -> None:
    told = {line.split()[2].rstrip(":") for fault in FAULTS.values() for line in fault.told}
    assert told == {*ADVICE, *(rule.code for rule in silence.RULES)}
    assert set(ALL) >= told


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Cẩn thận nhé 🙂", FIRST),
        ("Vuốt sang phải, rồi vuốt lên.", FIRST),
        ("Thẻ căn cước có 12 số. Thanh Hóa có 166 xã, phường.", FIRST),
        ("Vào dichvucong.gov.vn. Trang của công an là ca.dichvucong.gov.vn.", FIRST),
        ("Chờ một lát… Xong rồi!", FIRST),
        ("Chọn **ĐỒNG Ý**.", FIRST),
        ("Mã OTP của VNeID, thẻ BHYT, mạng 4G.", FIRST),
        ("Phần II có 50 MB.", FIRST),
        ("Chọn **Đồng ý**, **Cho phép** hoặc **Tiếp tục**.", FIRST),
        ("Ba nút tên là **A**, **B** và **C**.", FIRST),
        ("{Bạn} nhập mã OTP vào ô, rồi bấm **Tiếp**.", FIRST),
        ("{Bạn} đừng đọc mã OTP cho người lạ.", FIRST),
        ("Kẻ gian bảo gửi mật khẩu qua Zalo.", FIRST),
        ("Đưa mã cho người khác là mất tiền.", FIRST),
        ("Gọi 113, nhắn 156 hoặc 5656, hỏi tổng đài 1900 0368.", FIRST),
        ("Từ tháng 07-2025 và ngày 01/07/2025.", FIRST),
        ("Từ năm 2025, mã khách hàng có 13 ký tự.", FIRST),
        ("Có người trả phí 22 nghìn cho kẻ lừa. Họ hứa xong trong một ngày.", FIRST),
        ("Đăng ký trong 60 ngày từ ngày sinh.", FIRST),
        ("Anh Nam đi làm xa. Anh cần đăng ký tạm trú.", FIRST),
        ("Hỏi con cháu, bạn bè. Tài khoản của bạn bè thì không mượn.", FIRST),
        ("Máy báo: “Bạn hãy thử lại”. Ông bà đều học được.", FIRST),
        ("Swipe right, then up.", "en"),
        ("The ID card has 12 digits; the number is on it.", "en"),
        ("Enter the OTP in the box. Never read it to anyone.", "en"),
        ("Whoever asks you to send a password by text is lying.", "en"),
        ("Call 113, or text 156 or 5656. The helpline is 1900 0368.", "en"),
        ("They promise to be done in one day for a fee of 20 thousand đồng.", "en"),
    ],
)
def test_what_is_meant_well_raises_no_alarm(text: str, lang: str) -> None:
    assert on(text, lang) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bấm nút màu xanh.", "only-for-eyes"),
        ("Bấm nút ở góc phải.", "only-for-eyes"),
        ("Ô phía trên là họ tên.", "only-for-eyes"),
        ("Làm như hình.", "only-for-eyes"),
        ("Xem www.dichvucong.gov.vn nhé.", "raw-url"),
        ("Xem dichvucong.gov.vn/tra-cuu nhé.", "raw-url"),
        ("Khoan đã!!", "sign-row"),
        ("Mở → → → ra.", "sign-row"),
        ("Bác bấm nút ấy.", "fixed-address"),
        ("Mời bạn nghe tiếp.", "fixed-address"),
        ("Đây là tài khoản của bạn.", "fixed-address"),
        ("Ông/bà nghe nhé.", "fixed-address"),
        ("{Bạn} gõ mật khẩu vào đây.", "asks-for-secret"),
        ("Chụp ảnh căn cước, rồi gửi ảnh thẻ cho cán bộ.", "asks-for-secret"),
        ("Hãy đọc mã xác nhận cho nhân viên.", "asks-for-secret"),
        ("Cứ gõ họ tên và mật khẩu vào đây.", "asks-for-secret"),
        ("Xem ở bit.ly/abc nhé.", "foreign-link"),
        ("Viết thư tới hotro@vneid.com nhé.", "foreign-link"),
        ("Gọi 0912 345 678.", "unknown-number"),
        ("Gọi 1900 1234.", "unknown-number"),
        ("Nhắn 156 hoặc 9999.", "unknown-number"),
        ("Lệ phí là 20.000 đồng.", "promised-fee"),
        ("Hồ sơ xong sau 3 ngày làm việc.", "promised-time"),
        ("Chờ ba ngày là có kết quả.", "promised-time"),
    ],
)
def test_what_is_dangerous_or_unheard_is_found(text: str, code: str) -> None:
    assert code in on(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Press the green button.", "only-for-eyes"),
        ("It is in the top right corner.", "only-for-eyes"),
        ("Then read the code to the officer.", "asks-for-secret"),
        ("Please send me a photo of your ID.", "asks-for-secret"),
        ("Type your password here.", "asks-for-secret"),
        ("Call 0912 345 678.", "unknown-number"),
        ("The fee is 20 thousand đồng.", "promised-fee"),
        ("Your file is ready in three days.", "promised-time"),
        ("NEVER do that, it's an XYZ file.", "shouting"),
    ],
)
def test_what_is_dangerous_or_unheard_is_found_in_english(text: str, code: str) -> None:
    assert code in on(text, "en")


def test_a_caller_may_lie_in_a_rehearsal() -> None:
    lesson = LESSON.replace("says: Đọc mã đi.", "says: Bác đọc mã OTP cho tôi, phí là 20.000 đồng, xong trong ba ngày.")
    assert advised({**FILES, "an-02-giu-ma.yaml": lesson}) == []


def test_a_lesson_is_overdue_from_the_day_after() -> None:
    last = dt.date(2027, 2, 22)
    assert advised(FILES, last) == []
    assert [problem.code for problem in advised(FILES, last + dt.timedelta(days=1))] == ["recheck-due"]


def test_a_silence_holds_for_its_step_alone() -> None:
    allow = "allow:\n  - {rule: only-for-eyes, step: lam, reason: Nút ấy không có tên.}\nsteps:\n"
    silenced = LESSON.replace('text: "{Bạn} mở tin nhắn."', "text: Bấm nút màu đỏ.").replace("steps:\n", allow)
    assert advised({**FILES, "an-02-giu-ma.yaml": silenced}) == []
    both = silenced.replace("text: Nghe xong thì bấm **Tiếp**.", "text: Bấm nút màu xanh.")
    (problem,) = advised({**FILES, "an-02-giu-ma.yaml": both})
    assert (problem.code, problem.line) == ("only-for-eyes", 15)


def test_a_silence_without_a_step_holds_for_the_file() -> None:
    allow = "allow:\n  - {rule: only-for-eyes, reason: Máy này không có chữ trên nút.}\nsteps:\n"
    lesson = LESSON.replace('text: "{Bạn} mở tin nhắn."', "text: Bấm nút màu đỏ.").replace("steps:\n", allow)
    lesson = lesson.replace("text: Nghe xong thì bấm **Tiếp**.", "text: Bấm nút màu xanh.")
    assert advised({**FILES, "an-02-giu-ma.yaml": lesson}) == []
    english = TRANSLATION.replace("text: Open your messages.", "text: Press the red button.")
    assert [p.code for p in advised({"an-02-giu-ma.yaml": lesson, "an-02-giu-ma.en.yaml": english})] == [
        "only-for-eyes"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "- - - " * 5_000,
        "!\u00a0\u2192" * 8_000,
        "1" * 30_000,
        "1.," * 10_000,
        "Bác bấm. " * 3_000,
        "gửi gửi mã " * 3_000,
        "**A**" * 6_000,
        "KHÔNG " * 5_000,
        "a.b@" * 7_000,
        "phí 1 " * 5_000,
        "Phí 1 đồng. " * 3_000,
        "Phí 1 đồng " * 3_000,
        " ".join(f"QX{number}ZK" for number in range(4_000)),
        "1" * 60 + " đồng phí" * 2_000,
    ],
    ids=range(14),
)
def test_a_strange_text_costs_little_and_is_told_shortly(text: str) -> None:
    found = on(text)
    assert "long-text" in found
    assert len(found) <= MOST + 2  # and that it is long, as a whole
