"""What people meant by what they typed, with real words as elderly people type them."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import REAL, SHIPPED

from bot.core.fold import fold
from bot.core.understand import (
    MAX_LETTERS,
    NOTHING_HIDDEN,
    Chosen,
    Empty,
    Hidden,
    Meaning,
    Offer,
    TooLong,
    Unclear,
    Word,
    offer,
    understand,
)
from bot.core.welcome import address_buttons

KNOWN = REAL.vocabulary


def choices(*texts: str) -> list[Offer]:
    return [offer(code, [text]) for code, text in zip("abcd", texts, strict=False)]


PAYING = choices("Trả luôn, chắc là tên người nhà", "Dừng lại, hỏi người bán đã", "Trả thử một ít xem sao")
GIVING = choices("Không đưa mã", "Đưa mã")
RIGHT = choices("Đúng", "Sai")
CALLING = choices("113", "156", "Gọi cho người nhà")
COUNTED = choices("2 lần", "1 lần", "2")
CALLER = choices("Họ đòi mã", "Cúp máy, quay lại hỏi Công an xã", "Nghe tiếp")
HOUSE = choices("Hòa Bình", "Thủy Nguyên", "Khánh Hòa")
ADDRESS = [offer(button.code, [button.label]) for button in address_buttons()]
CONSENT = [
    offer("agree", ["Đồng ý, bắt đầu học", *REAL.phrases["vi"].answers.agree]),
    offer("more", ["Cho tôi biết thêm", *REAL.phrases["vi"].answers.more]),
    offer("decline", ["Không đồng ý", *REAL.phrases["vi"].answers.decline]),
]
DOING = [
    offer("done", ["Xong rồi", *REAL.phrases["vi"].answers.done]),
    offer("differs", ["Màn hình của tôi khác", *REAL.phrases["vi"].answers.differs]),
    offer("stuck", ["Tôi cần giúp", *REAL.phrases["vi"].answers.stuck]),
]
READING = [offer("next", ["Tiếp"])]
MENU = [
    offer("l:vneid-01", ["Bài nên học: VNeID là gì, mức 1 và mức 2"]),
    offer("c:an-toan", ["An toàn trên mạng (xong 0 trong 1 bài)"]),
    offer("c:vneid", ["VNeID cơ bản (xong 0 trong 2 bài)"]),
    offer("settings", ["Cài đặt"]),
    offer("help", ["Giúp đỡ"]),
]
TITLES = Hidden(
    (
        offer("l:tk-05", ["Quét QR VietQR", "Pay with a QR code"]),
        offer("l:vneid-01", ["VNeID là gì, mức 1 và mức 2"]),
    )
)


def mean(text: str, shown: list[Offer], *, careful: bool = True) -> Meaning:
    return understand(text, shown, KNOWN, hidden=TITLES if shown is MENU else NOTHING_HIDDEN, careful=careful)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2", "b"),
        (" 2 ", "b"),
        ("2.", "b"),
        ("(2)", "b"),
        ("2)", "b"),
        ("#2", "b"),
        ("02", "b"),
        ("２", "b"),
        ("②", "b"),
        ("2️⃣", "b"),
        ("2 👍", "b"),
        ("٢", "b"),
        ("số 2", "b"),
        ("so 2", "b"),
        ("số2", "b"),
        ("câu2", "b"),
        ("câu 2", "b"),
        ("nút 2", "b"),
        ("nút số 2", "b"),
        ("chọn 2", "b"),
        ("chọn số 2", "b"),
        ("Chọn 1 nhé", "a"),
        ("chon 1 nhe chau", "a"),
        ("bấm 3 ạ", "c"),
        ("dạ 3", "c"),
        ("đáp án 3", "c"),
        ("ý 3", "c"),
        ("hai", "b"),
        ("Hai", "b"),
        ("HAI", "b"),
        ("hai ạ", "b"),
        ("số hai", "b"),
        ("thứ hai", "b"),
        ("câu ba", "c"),
        ("cau ba", "c"),
        ("ba", "c"),
        ("một", "a"),
        ("mot", "a"),
        ("môt", "a"),
        (unicodedata.normalize("NFD", "số một"), "a"),
        ("bác chọn 2", "b"),
        ("bac chon 2", "b"),
        ("bà chọn câu hai cháu ạ", "b"),
        ("cô bấm số 1 nhé", "a"),
        ("tôi chọn câu 2 ạ", "b"),
        ("em chọn 2 nha", "b"),
        ("cháu ơi số 2", "b"),
        ("2 nhé cháu", "b"),
        ("one", "a"),
        ("two please", "b"),
        ("number 3", "c"),
        ("option two", "b"),
    ],
)
def test_a_number_chooses(text: str, code: str) -> None:
    assert mean(text, PAYING) == Chosen(code)


@pytest.mark.parametrize(
    "text",
    ["0", "4", "9", "04", "10", "100", "số 4", "câu bốn", "tư", "chín", "năm", "1954", "99999", "123456789012", "-1 0"],
)
def test_a_number_out_of_range_chooses_nothing(text: str) -> None:
    assert not isinstance(mean(text, PAYING), Chosen)


@pytest.mark.parametrize(
    ("text", "shown", "code"),
    [
        ("Dừng lại, hỏi người bán đã", PAYING, "b"),
        ("dừng lại hỏi người bán đã", PAYING, "b"),
        ("dung lai hoi nguoi ban da", PAYING, "b"),
        ("DUNG LAI HOI NGUOI BAN DA!!!", PAYING, "b"),
        ("dưng lai, hoi nguoi bán đa", PAYING, "b"),
        (unicodedata.normalize("NFD", "Dừng lại, hỏi người bán đã"), PAYING, "b"),
        ("bác dừng lại hỏi người bán đã ạ", PAYING, "b"),
        ("tra luon chac la ten nguoi nha", PAYING, "a"),
        ("Không đưa mã", GIVING, "a"),
        ("khong dua ma", GIVING, "a"),
        ("không đưa mã ạ", GIVING, "a"),
        ("bác không đưa mã", GIVING, "a"),
        ("ba khong dua ma", GIVING, "a"),
        ("đưa mã", GIVING, "b"),
        ("dua ma", GIVING, "b"),
        ("đúng", RIGHT, "a"),
        ("Đúng!", RIGHT, "a"),
        ("đúng ạ", RIGHT, "a"),
        ("đung", RIGHT, "a"),  # no `dừng` has a đ
        ("sai", RIGHT, "b"),
        ("113", CALLING, "a"),
        ("số 156", CALLING, "b"),
        ("2", CALLING, "b"),
        ("3", CALLING, "c"),
        ("goi cho nguoi nha", CALLING, "c"),
        ("2 lần", COUNTED, "a"),
        ("1 lan", COUNTED, "b"),
        ("1", COUNTED, "a"),
        ("họ đòi mã", CALLER, "a"),  # an urgent word, but the whole choice
        ("ho doi ma", CALLER, "a"),
        ("nghe tiep", CALLER, "c"),
        ("hoà bình", HOUSE, "a"),
        ("Hòa bình", HOUSE, "a"),
        ("hoa binh", HOUSE, "a"),
        ("thuỷ nguyên", HOUSE, "b"),
        ("thuy nguyen", HOUSE, "b"),
        ("bà", ADDRESS, "ba"),
        ("Bà ạ", ADDRESS, "ba"),
        ("bác", ADDRESS, "bac"),
        ("bac nhe", ADDRESS, "bac"),
        ("Em", ADDRESS, "em"),
        ("em ạ", ADDRESS, "em"),
        ("ong", ADDRESS, "ong"),
        ("cô", ADDRESS, "co"),
        ("co", ADDRESS, "co"),
        ("chú", ADDRESS, "chu"),
        ("chi", ADDRESS, "chi"),
        ("bạn", ADDRESS, "ban"),
        ("3", ADDRESS, "chu"),
        ("năm", ADDRESS, "ba"),
        ("tư", ADDRESS, "ong"),
        ("chín", ADDRESS, "ban"),
        ("đồng ý", CONSENT, "agree"),
        ("dong y", CONSENT, "agree"),
        ("Tôi đồng ý", CONSENT, "agree"),
        ("bác đồng ý nhé cháu", CONSENT, "agree"),
        ("có", CONSENT, "agree"),
        ("có ạ", CONSENT, "agree"),
        ("ok", CONSENT, "agree"),
        ("OK 👍", CONSENT, "agree"),
        ("được ạ", CONSENT, "agree"),
        ("không", CONSENT, "decline"),
        ("khong", CONSENT, "decline"),
        ("dạ không", CONSENT, "decline"),
        ("không đồng ý", CONSENT, "decline"),
        ("xong", DOING, "done"),
        ("xong roi", DOING, "done"),
        ("xong rồi cháu ạ", DOING, "done"),
        ("rồi", DOING, "done"),
        ("màn hình của tôi khác", DOING, "differs"),
        ("khac", DOING, "differs"),
        ("giúp", DOING, "stuck"),  # what is on offer goes before the word that works anywhere
        ("giup toi", DOING, "stuck"),
        ("khó quá", DOING, "stuck"),
    ],
)
def test_the_words_of_a_choice_choose(text: str, shown: list[Offer], code: str) -> None:
    assert mean(text, shown) == Chosen(code)


@pytest.mark.parametrize(
    ("text", "shown", "codes"),
    [
        # without marks it may be a number or a name, an answer or a word
        ("ba", ADDRESS, ("ba", "chu")),
        ("ba ạ", ADDRESS, ("ba", "chu")),
        ("dung", RIGHT, ("a",)),
        ("2", COUNTED, ("c", "b")),
        # a part of one choice, or of several
        ("đưa", GIVING, ("a", "b")),
        ("không", GIVING, ("a", "b")),
        ("dừng lại", PAYING, ("b",)),
        ("dung lai", PAYING, ("b",)),
        ("hỏi người bán", PAYING, ("b", "a")),
        ("hoi nguoi ban", PAYING, ("b", "a")),
        ("dừng lại hỏi người bán", PAYING, ("b", "a")),
        ("quay lại hỏi công an xã", CALLER, ("b", "a")),
        ("quay lại", CALLER, ("b",)),
        ("hòa", HOUSE, ("a", "c")),
        ("màn hình", DOING, ("differs", "stuck")),
        # the other word turns it round, or may
        ("ko đưa mã", GIVING, ("b", "a")),
        ("k dua ma", GIVING, ("b", "a")),
        ("chưa đưa mã", GIVING, ("b", "a")),
        ("đừng đưa mã", GIVING, ("b", "a")),
        ("không đưa", GIVING, ("a", "b")),
        ("không nên đưa mã", GIVING, ("a", "b")),
        ("không sai", RIGHT, ("b", "a")),
        ("đúng rồi", RIGHT, ("a", "b")),
        ("dung roi", RIGHT, ("a", "b")),
        ("chưa đồng ý", CONSENT, ("agree", "decline")),
        ("khong dong y dau", CONSENT, ("decline", "agree")),
        ("chưa xong", DOING, ("done", "differs")),
        # a slip on a question
        ("khong dua maa", GIVING, ("a", "b")),
        ("sia", RIGHT, ("b", "a")),
        # a number in a sentence
        ("bác nghĩ là số 2", PAYING, ("b",)),
        ("đáp án là 2", PAYING, ("b",)),
        ("câu 2 đúng", PAYING, ("b",)),
        ("không phải 2", PAYING, ("b",)),
        ("chắc là câu hai", PAYING, ("b",)),
        ("ba chon 2", PAYING, ("b",)),
        ("1 hay 2", PAYING, ("a", "b")),
        ("2 hoặc 3", PAYING, ("b", "c")),
        ("1, 2", PAYING, ("a", "b")),
        ("1 2 3", PAYING, ("a", "b")),
        ("hai ba", PAYING, ()),
        # not a form of address on offer, or two of them
        ("anh hai", ADDRESS, ("anh", "chi")),
        ("gọi bác là bà", ADDRESS, ("bac", "ba")),
        ("gọi tôi là bác", ADDRESS, ("bac", "ba")),
        ("có", ADDRESS, ("co", "bac")),
        # nothing to do with it
        ("xin lỗi", RIGHT, ()),
        ("bác không hiểu", RIGHT, ()),
        ("mệt quá", RIGHT, ()),
        ("tiền", RIGHT, ()),
        ("tôi", RIGHT, ()),
        ("toi", RIGHT, ()),
        ("asdf", PAYING, ()),
        ("dạ thưa 3", PAYING, ("c",)),
    ],
)
def test_what_is_not_clear_is_asked_back(text: str, shown: list[Offer], codes: tuple[str, ...]) -> None:
    assert mean(text, shown) == Unclear(codes)


MANNER = [
    offer("read", ["Đọc chữ", *REAL.phrases["vi"].answers.read]),
    offer("listen", ["Nghe đọc", *REAL.phrases["vi"].answers.listen]),
]


@pytest.mark.parametrize(
    ("text", "shown", "meaning"),
    [
        ("hai", PAYING, Chosen("b")),
        ("số hai", PAYING, Chosen("b")),
        ("chọn số hai", PAYING, Chosen("b")),
        ("à ờ số hai", PAYING, Chosen("b")),
        ("ờ hai ạ", PAYING, Chosen("b")),
        ("ừ số hai", PAYING, Chosen("b")),
        ("ừm ba", PAYING, Chosen("c")),
        ("dạ em chọn câu ba", PAYING, Chosen("c")),
        ("bác chọn đáp án một nhé", PAYING, Chosen("a")),
        ("um number two", PAYING, Chosen("b")),
        ("đồng ý bắt đầu học", CONSENT, Chosen("agree")),
        ("dạ bác đồng ý", CONSENT, Chosen("agree")),
        ("ừ", CONSENT, Chosen("agree")),
        ("cháu muốn nghe đọc", MANNER, Chosen("listen")),
        ("bác muốn đọc chữ", MANNER, Chosen("read")),
        ("bác không đưa mã", GIVING, Chosen("a")),
        ("tôi cần giúp", DOING, Chosen("stuck")),
        ("tiếp theo", READING, Word("next")),
        ("ừ tiếp tục", READING, Word("next")),
        ("vâng ạ", READING, Word("next")),
        ("ừ", READING, Word("next")),
        ("nghe lại", PAYING, Word("again")),
        ("cháu ơi bác muốn nghe lại", PAYING, Word("again")),
        ("quay lại", PAYING, Word("back")),
        # what a recogniser makes of unclear speech
        ("hại", PAYING, Unclear()),
        ("hay", PAYING, Unclear()),
        ("à", PAYING, Unclear()),
        ("không đưa mà", GIVING, Unclear(("a", "b"))),
        ("mốt", PAYING, Unclear(("c", "a"))),
        ("một hai", PAYING, Unclear(("c", "b"))),
    ],
)
def test_speech_comes_without_capitals_and_with_fillers(text: str, shown: list[Offer], meaning: Meaning) -> None:
    assert mean(text, shown, careful=shown not in (READING, MANNER)) == meaning


WORDS = [
    ("menu", "menu"),
    ("Menu", "menu"),
    ("mục lục", "menu"),
    ("muc luc", "menu"),
    ("bài khác", "menu"),
    ("cảm ơn cháu", "thanks"),
    ("cam on", "thanks"),
    ("vâng", "next"),
    ("hieu roi", "next"),
    ("nghe lại", "again"),
    ("nghe lai", "again"),
    ("Nghe lại!", "again"),
    ("nghe", "again"),
    ("lai", "again"),
    ("nghe lại giúp bác", "again"),
    ("nghe lai di chau", "again"),
    ("cháu ơi nghe lại giúp bác", "again"),
    ("bác nghe lại", "again"),
    ("đọc lại cho bà nghe với", "again"),
    ("nghe lia", "again"),
    ("nghelai", "again"),
    ("nghe laij", "again"),  # Telex with the keyboard set to English
    ("again please", "again"),
    ("chậm", "slow"),
    ("cham", "slow"),
    ("chậm thôi cháu", "slow"),
    ("nói chậm thôi cháu ạ", "slow"),
    ("noi cham lai", "slow"),
    ("nhanh", "normal"),
    ("tiếp", "next"),
    ("tiep", "next"),
    ("tiêp", "next"),
    ("TIẾP", "next"),
    ("tiếp ạ", "next"),
    ("tiếp tục", "next"),
    ("tiep tuc", "next"),
    ("tiep tuch", "next"),
    ("học tiếp đi cháu", "next"),
    ("next", "next"),
    ("quay lại", "back"),
    ("quay lai", "back"),
    ("quaylai", "back"),
    ("quay lại bước trước", "back"),
    ("lùi", "back"),
    ("go back", "back"),
    ("giúp", "help"),
    ("giup", "help"),
    ("giúp tôi với", "help"),
    ("trợ giúp", "help"),
    ("help", "help"),
    ("dừng", "stop"),
    ("dung", "stop"),
    ("dùng", "stop"),  # the horn left out
    ("nghỉ nhé", "stop"),
    ("thôi", "stop"),
    ("thôi cháu ạ", "stop"),
    ("bye", "stop"),
    ("xin chào cháu", "hello"),
    ("Xin chào buổi sáng các bạn", "hello"),
    ("a lô", "hello"),
    ("alo", "hello"),
    ("hello", "hello"),
    ("cài đặt", "settings"),
    ("dữ liệu của tôi", "data"),
    ("my data", "data"),
    ("xoá", "delete"),
    ("xóa dữ liệu", "delete"),
    ("tiếng anh", "en"),
    ("tieng viet", "vi"),
    ("English", "en"),
]


@pytest.mark.parametrize(("text", "name"), WORDS)
def test_the_words_that_work_anywhere(text: str, name: str) -> None:
    assert mean(text, GIVING) == Word(name)
    assert mean(text, MENU, careful=False) in {Word(name), Chosen(name), Chosen("settings"), Chosen("help")}


@pytest.mark.parametrize(
    "text",
    [
        "có người hỏi mã",
        "co nguoi hoi ma",
        "Có người hỏi mã!!!",
        "CÓ NGƯỜI HỎI MÃ",
        "cháu ơi có người hỏi mã",
        "có người gọi hỏi mã",
        "co nguoi goi dien hoi ma",
        "đang có người hỏi bác cái mã",
        "có ngừơi hỏi mã",
        "co nguoii hoi ma",
        "có người hỏi mã otp của bác",
        "nó đòi mã",
        "no doi ma",
        "nó đòi bác cái mã",
        "công an gọi xin mã otp",
        "họ bắt đọc mã",
        "nó bắt bác chuyển tiền",
        "bắt chuyển tiền ngay",
        "đòi chuyển tiền",
        "bác bị lừa rồi",
        "hình như bị lừa cháu ạ",
        "cứu tôi với",
        "khẩn cấp",
        "someone is asking me for a code",
        "he is asking for my otp now",
        "I think I am being scammed",
        "có người hỏi mã 482913",
        "dừng lại có người hỏi mã",
        "tiếp có người hỏi mã",
        "ai gọi điện thoại lúc nãy, xưng là công an, " * 9 + "rồi có người hỏi mã của bác",
    ],
)
@pytest.mark.parametrize("shown", [GIVING, PAYING, ADDRESS, CALLER, READING, MENU], ids=lambda shown: shown[0].code)
def test_the_urgent_words_interrupt_anything(text: str, shown: list[Offer]) -> None:
    assert mean(text, shown) == Word("urgent")
    assert mean(text, shown, careful=False) == Word("urgent")


@pytest.mark.parametrize(
    "text",
    ["đổi mã", "đổi mã PIN", "xin má", "người hỏi máy", "mã", "hỏi", "đói", "hỏi người bán", "có người", "chuyển tiền"],
)
def test_what_only_looks_urgent(text: str) -> None:
    assert mean(text, RIGHT) != Word("urgent")


@pytest.mark.parametrize(
    ("text", "shown", "code"),
    [
        ("tiep", READING, "next"),
        ("tieep", READING, "next"),
        ("tiếp nhé", READING, "next"),
        ("tiếp", READING, "next"),
        ("1", READING, "next"),
        ("an toàn", MENU, "c:an-toan"),
        ("an toan tren mang", MENU, "c:an-toan"),
        ("vneid cơ bản", MENU, "c:vneid"),
        ("cai dat", MENU, "settings"),
        ("cài đắt", MENU, "settings"),
        ("cai dait", MENU, "settings"),
        ("quét qr", MENU, "l:tk-05"),
        ("quet qr vietqr", MENU, "l:tk-05"),
        ("Quet QR Viet QR", MENU, "l:tk-05"),
        ("qr code", MENU, "l:tk-05"),
        ("pay with a qr code", MENU, "l:tk-05"),
        ("vneid la gi", MENU, "l:vneid-01"),
        ("VNeID là gì, mức 1 và mức 2", MENU, "l:vneid-01"),
        ("giup do", MENU, "help"),
    ],
)
def test_where_nothing_hangs_on_it_a_near_miss_is_taken(text: str, shown: list[Offer], code: str) -> None:
    assert mean(text, shown, careful=False) == Chosen(code)


@pytest.mark.parametrize(
    ("text", "shown", "codes"),
    [
        ("không", MENU, ()),
        ("vneid", MENU, ("l:vneid-01", "c:vneid")),
        ("bài 2", MENU, ("c:an-toan",)),
        ("không tiếp", READING, ("next",)),
        ("chưa tiếp", READING, ("next",)),
        ("tiền", READING, ("next",)),
        ("tien", READING, ("next",)),
        ("không hiểu", READING, ()),
        ("nhấn", READING, ()),
    ],
)
def test_even_there_not_everything_is_taken(text: str, shown: list[Offer], codes: tuple[str, ...]) -> None:
    assert mean(text, shown, careful=False) == Unclear(codes)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "?", "...", "!!!", "👍", "❤️", "🙏🏽🙏🏽", "—", "\u200b", "\u202e", "\x00"]
)
def test_nothing_to_understand(text: str) -> None:
    assert mean(text, PAYING) == Empty()


def test_a_long_text_is_too_long() -> None:
    assert mean("a" * (MAX_LETTERS + 1), PAYING) == TooLong()
    assert mean("bác kể cháu nghe chuyện này " * 20, PAYING) == TooLong()


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("\u202e2\u202c", Chosen("b")),
        ("\u200f2\u200f", Chosen("b")),
        ("\u200b2\u200b", Chosen("b")),
        ("ti\u200bếp", Word("next")),
        ("ti\u00adếp", Word("next")),
        ("2\x00", Chosen("b")),
        ("\ufeffmenu", Word("menu")),
        ("2\n", Chosen("b")),
        ("nghe\nlại", Word("again")),
        ("ｍｅｎｕ", Word("menu")),
        ("𝐦𝐞𝐧𝐮", Word("menu")),
        ("\ud800", Empty()),
        ("\ud8002", Chosen("b")),
    ],
)
def test_odd_characters(text: str, meaning: Meaning) -> None:
    assert mean(text, PAYING) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "số " * 3_400,
        "đòi " * 2_500,
        "có người " * 1_100,
        "2 " * 5_000,
        "ế" * 10_000,
        "👍" * 10_000,
        "đòi x " * 1_700,
    ],
    ids=lambda text: text[:9],
)
def test_ten_thousand_characters_take_no_time(text: str) -> None:
    started = time.perf_counter()
    for careful in (True, False):
        mean(text, MENU, careful=careful)
        mean(text[:MAX_LETTERS], MENU, careful=careful)
    assert time.perf_counter() - started < 2  # about a tenth of it here


def test_no_two_global_words_have_the_same_letters() -> None:
    names: dict[str, set[str]] = {}
    for wording, name in KNOWN.words:
        names.setdefault(wording.bare, set()).add(name)
    assert {bare: several for bare, several in names.items() if len(several) > 1} == {}


def test_every_choice_of_every_lesson_is_chosen_by_its_words_and_by_its_number() -> None:
    for languages in SHIPPED.lessons.values():
        for lesson in languages.values():
            for step in lesson.steps:
                lines = getattr(step, "lines", ())
                for asked in (step, *lines):
                    texts = [choice.text for choice in getattr(asked, "choices", ())]
                    shown = choices(*texts)
                    for number, (text, each) in enumerate(zip(texts, shown, strict=True), 1):
                        assert mean(text, shown) == Chosen(each.code), text
                        assert mean(fold(text).bare, shown) == Chosen(each.code), text
                        assert mean(f"{text} ạ", shown) == Chosen(each.code), text
                        assert mean(str(number), shown) == Chosen(each.code), text


SAID = "không đưa mã ba bà hai 2 1 số câu dừng dung lại nghe tiếp có người hỏi ạ nhé bác đúng 👍 . \u200b"
PIECES = st.sampled_from(SAID.split(" "))
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map(" ".join))
SHOWN = st.lists(st.lists(PIECES, min_size=1, max_size=4).map(" ".join), min_size=0, max_size=4).map(
    lambda texts: choices(*texts)
)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, shown=SHOWN, careful=st.booleans())
def test_whatever_is_typed_means_something(text: str, shown: list[Offer], careful: bool) -> None:
    found = understand(text, shown, KNOWN, hidden=TITLES, careful=careful)
    codes = {each.code for each in (*shown, *TITLES.offers)}
    match found:
        case Chosen(code):
            assert code in codes
        case Unclear(near):
            assert len(near) <= 2
            assert len(set(near)) == len(near)
            assert set(near) <= {each.code for each in shown}
        case Empty():
            assert not fold(text).letters
        case TooLong():
            assert len(text) > MAX_LETTERS
        case Word(name):
            assert name in {each for _, each in KNOWN.words}


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, shown=SHOWN)
def test_on_a_question_only_a_number_or_a_whole_choice_chooses(text: str, shown: list[Offer]) -> None:
    found = understand(text, shown, KNOWN, careful=True)
    if isinstance(found, Chosen):
        number, chosen = next((at, each) for at, each in enumerate(shown, 1) if each.code == found.code)
        typed = fold(text)
        size = len(typed.letters)
        rows = [typed.part(first, last) for first in range(size) for last in range(first + 1, size + 1)]
        meant = [
            row
            for row in rows
            if row.number == number
            or number in {each for _, each in KNOWN.counts(row)}
            or row.letters in {wording.letters for wording in chosen.wordings}
        ]
        # Of the rest every word is one that means nothing by itself.
        assert any(len(row.letters) + sum(word.bare in KNOWN.fillers for word in typed.words) >= size for row in meant)


def test_a_digit_that_is_also_a_hidden_title_is_asked_back() -> None:
    hidden = Hidden((offer("l:so-2", ["2"]), offer("l:so-3", ["Số ba"])))
    assert understand("1", MENU, KNOWN, hidden=hidden, careful=False) == Chosen(MENU[0].code)
    assert understand("2", MENU, KNOWN, hidden=hidden, careful=False) == Unclear((MENU[1].code,))
