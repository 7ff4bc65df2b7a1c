"""A lesson on paper and as one sound: nothing of it is lost or cut, and no wrong answer stands there."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from small import SHIPPED, small_library

from bot.core.card import Card, Piece, card
from bot.core.lesson import Ask, Do, Lesson, Scene
from bot.core.library import FIRST
from bot.core.wording import plain, words
from bot.paper.card_html import card_html
from bot.paper.card_page import SHEET, card_page
from bot.paper.page import BODY, MARGIN, SMALL, WIDTH, Paper, lacking
from bot.paper.square import square
from bot.pictures.drawing import draw

A4 = (595.28, 841.89)  # points
POINTS = 72 / 25.4  # of a millimetre
LIBRARY = small_library()
LINK = "https://hocso.example.vn/?bai=at-02"


def small_card(lang: str = FIRST, address: str = "bac") -> Card:
    key = "bai-01" if lang == FIRST else "bai-02"
    return card(LIBRARY, LIBRARY.lessons[key][lang], address)


@cache
def pictures_of(key: str) -> dict[int, bytes]:
    parts = card(SHIPPED, SHIPPED.lessons[key][FIRST], "bac").parts
    return {each.number: draw(each.picture.screen) for each in parts if each.picture and each.picture.screen}


def squeezed(text: str) -> str:
    """Return a text as it is whatever its lines and its marks for bold."""
    return re.sub(r"\s+", "", plain(text))


def read(data: bytes) -> tuple[list[Any], str]:
    """Return what an independent reader finds in a PDF: its pages, and their text squeezed."""
    pages = list(PdfReader(io.BytesIO(data)).pages)
    return pages, squeezed("".join(page.extract_text() for page in pages))


def pieces(page: Any) -> list[tuple[float, float, float, str]]:
    """Return where each piece of a page's text begins, from the left and from below, its size in points, and it."""
    found: list[tuple[float, float, float, str]] = []

    def look(text: str, _cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append((tm[4], tm[5], size, text))

    page.extract_text(visitor_text=look)
    return found


def own_texts(lesson: Lesson, address: str) -> list[str]:
    """Return all that somebody is to read of a lesson, found without the card."""
    texts = [lesson.title, lesson.summary, lesson.learnt, lesson.help]
    for step in lesson.steps:
        texts.append(step.text)
        if isinstance(step, Ask):
            texts += [text for each in step.choices if each.right for text in (each.text, each.because)]
        if isinstance(step, Do):
            texts += [step.differs, step.help]
        if isinstance(step, Scene):
            texts += [text for each in step.lines for text in (each.who, each.says)]
            texts.append(step.debrief)
    return [text.format_map(words(lesson.lang, address)) for text in texts if text]


@pytest.mark.parametrize("key", SHIPPED.order)
def test_every_lesson_is_whole_on_one_sheet(key: str) -> None:
    for lesson in SHIPPED.lessons[key].values():
        made = card(SHIPPED, lesson, "ba")
        pages, text = read(card_page(made, pictures_of(key), LINK))
        assert 1 <= len(pages) <= SHEET
        for page in pages:
            assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=0.01)
        assert [each for each in own_texts(lesson, "ba") if squeezed(each) not in text] == []
        assert squeezed(LINK) in text
        assert "{" not in text
        assert lacking("".join(made.texts)) == ""
        drawn = {image.name for page in pages for image in page.images}  # the same one is there only once
        assert len(drawn) == len(set(pictures_of(key).values())) + 1


@pytest.mark.parametrize("key", ["at-02", "vneid-09", "tk-05"])
def test_nothing_runs_out_of_the_page_or_is_too_small(key: str) -> None:
    made = card(SHIPPED, SHIPPED.lessons[key][FIRST], "bac")
    margin, right = MARGIN * POINTS, (MARGIN + WIDTH) * POINTS
    for page in read(card_page(made, pictures_of(key), LINK))[0]:
        found = pieces(page)
        for left, below, size, text in found:
            assert margin - 0.1 <= left < right
            assert margin - 1 < below < A4[1] - margin
            assert size >= BODY or (size == SMALL and below < margin + 20), text
        assert sum(size == SMALL for _, _, size, _ in found) >= 1
        heights = sorted({round(below, 1) for _, below, size, _ in found if size == BODY})
        assert min(above - below for below, above in pairwise(heights)) > BODY * 1.1  # no line on another


def test_no_line_is_wider_than_the_page() -> None:
    paper = Paper("A", "vi", dt.date(2026, 11, 22))
    wide = "Nghiêng " * 60
    paper.text(wide)
    paper.text("h" * 300)
    data = paper.done()
    (page,), text = read(data)
    assert text == squeezed(wide + "h" * 300)
    from_below = {round(below) for _, below, _, _ in pieces(page)}
    assert len(from_below) >= 8


def test_its_fonts_are_inside() -> None:
    pages, _ = read(card_page(small_card(), {}))
    found = {}
    for page in pages:
        for each in page["/Resources"]["/Font"].values():
            inner = each["/DescendantFonts"][0].get_object()
            found[inner["/BaseFont"]] = inner["/FontDescriptor"].get_object()
    assert {name.partition("+")[2] for name in found} == {"BeVietnamPro", "BeVietnamProBold"}
    assert all(len(each["/FontFile2"].get_object().get_data()) > 1000 for each in found.values())


def test_it_says_its_title_and_language_and_is_the_same_each_time() -> None:
    data = card_page(small_card(), {}, LINK)
    reader = PdfReader(io.BytesIO(data))
    assert reader.metadata is not None
    assert reader.metadata.title == "Bài một"
    assert str(reader.root_object["/Lang"]) == "vi"
    assert data == card_page(small_card(), {}, LINK)


def test_what_is_on_a_card_in_its_order() -> None:
    assert [plain(each) for each in small_card().texts] == [
        "Bài một",
        "Học xong thì biết làm gì: Học thử mọi loại bước.",
        "Bác bấm Tiếp.",
        "Hỏi: Mã OTP đưa cho ai?",
        "Trả lời đúng: Không đưa cho ai\nMã là chìa khóa.",
        "Làm trên máy: Bác mở tin nhắn.",
        "Nếu thấy khác: Tìm chữ gần giống.",
        "Hỏi: Ai giữ mật khẩu?",
        "Trả lời đúng: Chỉ một mình tôi\nMật khẩu là của riêng.",
        "Tập với nhau: Diễn tập.",
        "Người lạ: “Tôi là công an.”",
        "Người lạ: “Đọc mã cho tôi.”",
        "Nói lại cho rõ: Đó là kẻ lừa.",
        "Hết bài.",
        "Tóm lại: Bác biết giữ mã.",
        f"Cần giúp thì hỏi ai: {LIBRARY.says('vi').help_people}",
        "Đã kiểm tra ngày 22/11/2026. Sau ngày 22/01/2027 thì in tờ mới.",
    ]


def test_it_may_be_in_english() -> None:
    _, text = read(card_page(small_card("en"), {}, LINK))
    assert squeezed("After this lesson:") in text
    assert squeezed(f"Take this lesson with Học Số: scan the square, or open {LINK}") in text
    assert squeezed("Print it anew after 22/01/2027. page 1/1") in text


@pytest.mark.parametrize("key", SHIPPED.order)
def test_no_wrong_answer_is_on_it(key: str) -> None:
    for lesson in SHIPPED.lessons[key].values():
        made = card(SHIPPED, lesson, "ban")
        written = {line for text in made.texts for line in plain(text).split("\n")}
        for step in lesson.steps:
            if isinstance(step, Ask):
                wrong = [each for each in step.choices if not each.right]
                for text in (text for each in wrong for text in (each.text, each.because)):
                    assert plain(text.format_map(words(lesson.lang, "ban"))) not in written


def test_every_lesson_warns_once_in_a_frame() -> None:
    counted = {
        key: [part.kind for part in card(SHIPPED, lesson, "bac").parts].count("danger")
        for key, languages in SHIPPED.lessons.items()
        for lesson in languages.values()
    }
    assert set(counted.values()) == {1}


def test_numbers_to_call_are_those_of_the_lesson() -> None:
    at_02 = card(SHIPPED, SHIPPED.lessons["at-02"][FIRST], "bac").numbers
    assert [each.label for each in at_02] == ["113", "156"]
    assert at_02[0].text == "Công an. Báo tin khi bị lừa, bị đe dọa, cần công an đến ngay."
    assert card(SHIPPED, SHIPPED.lessons["tk-05"][FIRST], "bac").numbers == ()


def test_a_long_lesson_goes_on_on_further_pages() -> None:
    made = small_card()
    scene = replace(made.parts[4], pieces=tuple(Piece(f"Câu {n}. " * 30, "Người lạ", quoted=True) for n in range(40)))
    ask = replace(made.parts[1], pieces=(Piece("Rất dài. " * 1000),))
    pages, text = read(card_page(replace(made, parts=(scene, ask)), {}, LINK))
    assert len(pages) > SHEET
    assert all(squeezed(f"Câu {n}. ") * 20 in text for n in range(40))
    assert re.sub(r"HọcSố·bai-01·.*?trang\d/\d", "", text).count("Rấtdài.") == 1000


def test_a_phone_number_stays_on_one_line() -> None:
    paper = Paper("A", "vi", dt.date(2026, 11, 22))
    for width in range(35, 95):
        paper.text("Gọi tổng đài 1900 0368 nhé", width=width)
    pages = list(PdfReader(io.BytesIO(paper.done())).pages)
    assert "\n".join(page.extract_text() for page in pages).count("1900 0368") == 60


@pytest.mark.parametrize("text", ["__gạch__ và --gạch-- và ~~gạch~~", "a\\b \\**", "[Quét] (QR)"])
def test_only_bold_has_marks(text: str) -> None:
    paper = Paper("A", "vi", dt.date(2026, 11, 22))
    paper.text(text)
    assert read(paper.done())[1].startswith(squeezed(text).removesuffix("**"))


def test_signs_that_cannot_be_printed_are_named() -> None:
    assert lacking("Xin chào 🙂, tải về ⬇ 🙂\nĐẶNG ẵ ữ ợ “” … ·") == "🙂⬇"


def test_pictures_are_described() -> None:
    made = card(SHIPPED, SHIPPED.lessons["tk-05"][FIRST], "bac")
    data = card_page(made, pictures_of("tk-05"), LINK)
    structure: Any = PdfReader(io.BytesIO(data)).root_object["/StructTreeRoot"]
    assert set(alts(structure)) == {
        "Trong ứng dụng ngân hàng, tay chỉ vào nút Quét QR.",
        f"Mã QR mở trang {LINK}",
    }


def alts(node: Any) -> Iterator[str]:
    """Find all descriptions below a node of the structure."""
    if "/Alt" in node:
        yield str(node["/Alt"])
    below = node.get("/K", [])
    for each in below if isinstance(below, list) else [below]:
        if not isinstance(inner := each.get_object(), int):
            yield from alts(inner)


def test_the_square_is_black_on_white_with_room_around() -> None:
    image = Image.open(io.BytesIO(square(LINK))).convert("1")
    quiet = 4 * 8
    black = image.point(lambda each: 255 - each).getbbox()
    assert black == (quiet, quiet, image.width - quiet, image.height - quiet)


class Outline(HTMLParser):
    """The tags of a page, its text, and its pictures."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("key", ["at-02", "vneid-09", "tk-05"])
def test_the_page_for_browsers_has_everything_and_needs_nothing(key: str) -> None:
    lesson = SHIPPED.lessons[key][FIRST]
    made = card(SHIPPED, lesson, "bac")
    page = Outline(card_html(made, pictures_of(key), LINK))
    assert [each for each in own_texts(lesson, "bac") if squeezed(each) not in squeezed(page.text)] == []
    pictures = [each for tag, each in page.tags if tag == "img"]
    assert len(pictures) == len(pictures_of(key)) + 1
    assert all(each["alt"] and (each["src"] or "").startswith("data:image/png;base64,") for each in pictures)
    assert {tag for tag, each in page.tags if "src" in each} == {"img"}
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object"}
    numbers = [each["value"] for tag, each in page.tags if tag == "li"]
    assert numbers == [str(number) for number in range(1, len(lesson.steps) + 1)]
    assert "url(" not in page.text
    assert "size: A4" in page.text


def test_texts_are_no_markup_there() -> None:
    made = replace(small_card(), title='Bấm <b>"Gửi"</b> & chờ')
    assert "<h1>Bấm &lt;b&gt;&#34;Gửi&#34;&lt;/b&gt; &amp; chờ</h1>" in card_html(made, {})
    assert "<img" not in card_html(made, {})
