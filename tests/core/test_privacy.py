"""Secrets that people type by mistake: what is recognised, and what is left alone."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import SHIPPED

from bot.core.fold import even, fold
from bot.core.lesson import Ask, Scene
from bot.core.privacy import MAX_READ, Secret, find_secret, luhn

CARD = "4111 1111 1111 1111"  # the card networks' own number for tests


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # citizen numbers have 12 digits, the old ones 9
        ("038123456789", "citizen"),
        ("038 123 456 789", "citizen"),
        ("038.123.456.789", "citizen"),
        ("038-123-456-789", "citizen"),
        ("0381 2345 6789", "citizen"),
        ("03 81 23 45 67 89", "citizen"),
        ("038123 456789", "citizen"),
        ("12.10.56.78.90.12", "citizen"),
        ("0 3 8 1 2 3 4 5 6 7 8 9", "citizen"),
        ("căn cước 038123456789 ạ", "citizen"),
        ("cccd:038123456789", "citizen"),
        ("số của bác là 038123456789, cấp năm 2021", "citizen"),
        ("a038123456789b", "citizen"),
        ("038\n123\n456\n789", "citizen"),
        ("０３８１２３４５６７８９", "citizen"),
        ("038\u200b123\u200b456\u200b789", "citizen"),
        ("038123456789 đồng", "citizen"),
        ("038 123456789 đồng", "citizen"),
        ("171234567", "citizen"),
        ("cmnd 171 234 567", "citizen"),
        # cards have 13 to 19 digits and Luhn's check digit; without it, it is an account's number
        (CARD, "card"),
        (CARD.replace(" ", ""), "card"),
        (CARD.replace(" ", "-"), "card"),
        ("thẻ 4111.1111.1111.1111 nhé", "card"),
        ("4222222222222", "card"),  # 13
        ("378282246310005", "card"),  # 15
        ("6304000000000000000", "card"),  # 19
        ("9704 0000 0000 0018", "card"),  # NAPAS
        ("4111 1111 1111 1112", "citizen"),
        ("19034567890123", "citizen"),
        ("stk 0123456789012", "citizen"),
        ("12345678901234567890", "citizen"),
        # codes have 4 to 8 digits
        ("1234", "code"),
        ("12345", "code"),
        ("482913", "code"),
        ("4829137", "code"),
        ("48291375", "code"),
        ("482 913", "code"),
        ("482-913", "code"),
        ("4 8 2 9 1 3", "code"),
        ("4, 8, 2, 9, 1, 3", "code"),
        ("mã là 482913", "code"),
        ("mã482913", "code"),
        ("Mã OTP của bác là 482913 đấy cháu", "code"),
        ("G-482913", "code"),
        ("482913 đồng ý", "code"),
        ("mã 482913 k biết của ai", "code"),
        ("pin 1954", "code"),
        ("mật khẩu hoa1954", "code"),
        ("2026", "code"),
        ("１２３４", "code"),
        ("1️⃣2️⃣3️⃣4️⃣", "code"),
        ("①②③④", "code"),
        ("٤٨٢٩", "code"),
        ("4\u20608\u20602\u20609", "code"),
        ("113 482913", "citizen"),  # nine digits
        # as someone reads them aloud
        ("một hai ba bốn", "code"),
        ("mot hai ba bon", "code"),
        ("Bốn tám hai chín một ba", "code"),
        ("bon tam hai chin mot ba", "code"),
        ("mã là bốn, tám, hai, chín ạ", "code"),
        ("không năm sáu bẩy", "code"),
        ("4 tám 2 chín", "code"),
        (unicodedata.normalize("NFD", "bốn tám hai chín"), "code"),
        ("four eight two nine", "code"),
        ("the code is oh seven one two", "code"),
        # telephone numbers
        ("0912345678", "phone"),
        ("0912 345 678", "phone"),
        ("0912.345.678", "phone"),
        ("0912-345-678", "phone"),
        ("09 12 34 56 78", "phone"),
        ("+84912345678", "phone"),
        ("+84 912 345 678", "phone"),
        ("84912345678", "phone"),
        ("+84 (0)912 345 678", "phone"),
        ("0084912345678", "phone"),
        ("gọi bác số 0356789012", "phone"),
        ("(0237) 3852 112", "phone"),
        ("0237 3852112", "phone"),
        ("024 3825 1234", "phone"),
        ("+84 237 385 2112", "phone"),
        # the gravest of several
        (f"038123456789 {'x' * 3} {CARD}", "card"),
        ("gọi 0912345678, mã 482913", "code"),
        ("0912345678 và 038123456789", "citizen"),
    ],
)
def test_a_secret_is_recognised(text: str, kind: Secret) -> None:
    assert find_secret(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "2",
        "12",
        "999",
        "số 2",
        "câu 3 ạ",
        "1 2 3",
        "1, 2",
        "một",
        "hai ba",
        "câu một hai ba",
        "không",
        "không biết",
        "ba không làm",
        "bà không làm tư",  # `bà` isn't three, `làm` isn't five
        "113",
        "114",
        "115",
        "156",
        "5656",
        "1022",
        "18001096",
        "1800 1096",
        "1800-1096",
        "19000368",
        "1900 0368",
        "gọi 113",
        "gọi 113 hoặc 156",
        "113, 156",
        "113. 156",
        "113 156 5656",
        "tổng đài 18001096 ạ",
        "22/11/2026",
        "1/2/2026",
        "22-11-2026",
        "22.11.2026",
        "22/11/26",
        "22/11",
        "11/2026",
        "2026-11-22",
        "ngày 22/11/2026 lúc 15:30",
        "ngày 22 tháng 11 năm 2026",
        "năm 1954",
        "nam 1954",
        "sinh năm 1954",
        "bác sinh 1954",
        "năm 1954-1975",
        "72 tuổi",
        "500.000 đồng",
        "500.000",
        "500.000đ",
        "500000đ",
        "500000 đồng",
        "2.500.000 VNĐ",
        "200k",
        "50 nghìn",
        "50000 dong",
        "5 triệu",
        "5tr",
        "1500 tỷ",
        "từ 500.000 - 700.000 đồng",
        "mức 1 và mức 2",
        "7h30",
        "8h30 - 9h30",
        "80%",
        "3,5 triệu",
        "dichvucong.gov.vn",
        "xin chào",
        "👍",
    ],
)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert find_secret(text) is None


def test_nothing_that_is_taught_to_be_typed_is_taken_for_a_secret() -> None:
    texts = [
        wording
        for phrases in SHIPPED.phrases.values()
        for words in phrases.words.model_dump().values()
        for wording in words
    ]
    texts += [
        wording
        for phrases in SHIPPED.phrases.values()
        for words in phrases.answers.model_dump().values()
        for wording in words
    ]
    for languages in SHIPPED.lessons.values():
        for lesson in languages.values():
            texts.append(lesson.title)
            for step in lesson.steps:
                if isinstance(step, Ask):
                    texts += [choice.text for choice in step.choices]
                if isinstance(step, Scene):
                    texts += [choice.text for line in step.lines for choice in line.choices]
    assert [text for text in texts if find_secret(text) or find_secret(fold(text).bare)] == []


@pytest.mark.parametrize(
    ("digits", "fits"),
    [
        ("4111111111111111", True),
        ("4111111111111112", False),
        ("0", True),
        ("18", True),
        ("19", False),
        ("79927398713", True),
    ],
)
def test_the_check_digit(digits: str, fits: bool) -> None:
    assert luhn(digits) is fits


AROUND = st.text(max_size=40).filter(lambda text: not any(char.isdecimal() for char in even(text)))
TWELVE = st.text(st.sampled_from("0123456789"), min_size=12, max_size=12)


@settings(max_examples=300, deadline=None)
@given(before=AROUND, digits=TWELVE, after=AROUND)
def test_twelve_digits_are_found_in_any_text(before: str, digits: str, after: str) -> None:
    kind = find_secret(f"{before}{digits}{after}")
    assert kind in {"citizen", "phone", "card"}


@settings(max_examples=200, deadline=None)
@given(
    before=AROUND,
    digits=TWELVE,
    after=AROUND,
    sizes=st.lists(st.integers(1, 6), max_size=6),
    gap=st.sampled_from(" .-"),
)
def test_twelve_digits_are_found_in_any_groups(
    before: str, digits: str, after: str, sizes: list[int], gap: str
) -> None:
    groups, rest = [], digits
    for size in sizes:
        groups.append(rest[:size])
        rest = rest[size:]
    grouped = gap.join(filter(None, [*groups, rest]))
    assert find_secret(f"{before} {grouped} {after}") is not None


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_only_the_kind_leaves_the_module(text: str) -> None:
    assert find_secret(text) in {None, "card", "citizen", "code", "phone"}


@settings(max_examples=100, deadline=None)
@given(digits=st.text(st.sampled_from("0123456789"), min_size=4, max_size=8), before=AROUND)
def test_a_code_is_found_behind_any_words(digits: str, before: str) -> None:
    kind = find_secret(f"{before} mã {digits}")
    public = digits in {"5656", "1022", "1414"} or digits[:4] in {"1800", "1900"}
    assert kind == "code" or public


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 5000,
        "9" * 10_000,
        "a " * 5000,
        "1.2." * 2500,
        "22/11/" * 1600,
        "năm " * 2500,
        "ba không " * 1100,
        "1(((" * 2500,
    ],
    ids=lambda text: text[:6],
)
def test_ten_thousand_characters_take_no_time(text: str) -> None:
    started = time.perf_counter()
    find_secret(text)
    find_secret(text * 100)  # what stands beyond is not read
    assert time.perf_counter() - started < 2  # about a tenth of it here


def test_what_is_read_has_an_end() -> None:
    assert find_secret("x" * MAX_READ + "038123456789") is None
