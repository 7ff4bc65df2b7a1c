"""Drawn pictures: they say only what their lesson says, are small, and are kept under what they show."""

import asyncio
import dataclasses
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from PIL import Image
from small import REPO, SECOND_LESSON, SHIPPED
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.lesson import Lesson, PhoneScreen
from bot.core.lesson_file import read_lesson
from bot.core.library import FIRST, Library
from bot.pictures import drawing
from bot.pictures.drawing import draw, layout
from bot.pictures.gallery import Gallery, address_of, screens, wanted

DRAWN = [
    pytest.param(languages[FIRST], step, screen, id=f"{key}-{step}")
    for key, languages in SHIPPED.lessons.items()
    for step, screen in screens(languages[FIRST])
]
ONE = PhoneScreen(title="VNeID", rows=("Ví giấy tờ", "An sinh xã hội"), tap="Ví giấy tờ")
MOST_BYTES = 25_000


@pytest.fixture(autouse=True)
def no_log_is_kept() -> Iterator[None]:
    """Let no log of later tests go to what a command's output was."""
    yield
    structlog.reset_defaults()


def without(library: Library) -> Library:
    """Return the library without lessons, so that nothing is to be drawn."""
    return dataclasses.replace(library, lessons={})


# What they show


def test_at_least_40_steps_have_a_picture() -> None:
    assert len(DRAWN) >= 40


@pytest.mark.parametrize(("lesson", "step", "screen"), DRAWN)
def test_a_picture_has_only_words_of_its_lesson(lesson: Lesson, step: str, screen: PhoneScreen) -> None:
    said = lesson.model_copy(
        update={"steps": tuple(each.model_copy(update={"picture": None}) for each in lesson.steps)}
    )
    spoken = words(said.model_dump_json())
    for text in (screen.title, *screen.rows):
        for part in text.split(": "):
            assert f" {words(part).strip()} " in spoken, (step, part)


@pytest.mark.parametrize(("lesson", "step", "screen"), DRAWN)
def test_what_is_to_be_tapped_is_named_by_the_step(lesson: Lesson, step: str, screen: PhoneScreen) -> None:
    text = words(lesson.steps[lesson.index[step]].text)
    for part in screen.tap.split(": "):
        assert words(part) in text


def words(text: str) -> str:
    """Return the words alone, between spaces."""
    return " ".join(["", *re.findall(r"[^\W_]+", text.casefold()), ""])


@pytest.mark.parametrize(("lesson", "step", "screen"), DRAWN)
def test_the_description_names_what_is_to_be_tapped(lesson: Lesson, step: str, screen: PhoneScreen) -> None:
    for language in SHIPPED.lessons[lesson.key].values():
        picture = getattr(language.steps[language.index[step]], "picture")  # noqa: B009  only two kinds of steps have it
        assert words(screen.tap.rpartition(": ")[2]) in words(picture.alt), picture.alt
        assert len(picture.alt) <= 150


def test_lessons_for_ears_have_no_picture() -> None:
    for languages in SHIPPED.lessons.values():
        assert languages[FIRST].audience != ("nm",) or not list(screens(languages[FIRST]))


@pytest.mark.parametrize(
    ("picture", "en", "vi"),
    [
        (
            "{alt: Nút.}",
            "a picture needs either 'file' or 'screen'; give one of the two",
            "hình cần có 'file' hoặc 'screen'; hãy ghi đúng một trong hai",
        ),
        (
            "{alt: Nút., file: a.png, screen: {title: A, rows: [B], tap: B}}",
            "a picture needs either 'file' or 'screen'; give one of the two",
            "hình cần có 'file' hoặc 'screen'; hãy ghi đúng một trong hai",
        ),
        (
            "{alt: Nút., screen: {title: A, rows: [Tiếp tục, Thôi], tap: Tiep tuc}}",
            "'tap' is 'Tiep tuc', which is none of the rows; did you mean 'Tiếp tục'?",
            "mục 'tap' đang là 'Tiep tuc', không có trong các dòng 'rows'; có phải ý là 'Tiếp tục' không?",
        ),
        (
            "{alt: Nút., screen: {title: A, rows: ['**Tiếp**'], tap: '**Tiếp**'}}",
            "'**Tiếp**' is drawn as it stands; write it without '**'",
            "'**Tiếp**' được vẽ nguyên như vậy; hãy viết không có '**'",
        ),
        (
            "{alt: Nút., screen: {title: '{bạn}', rows: [B], tap: B}}",
            "'{bạn}' is drawn as it stands; write it without '{'",
            "'{bạn}' được vẽ nguyên như vậy; hãy viết không có '{'",
        ),
        (
            f"{{alt: Nút., screen: {{title: {'a' * 61}, rows: [B], tap: B}}}}",
            "a text of 61 characters is to be drawn; at most 60 fit",
            "đoạn chữ để vẽ dài 61 ký tự; nhiều nhất 60 ký tự mới vừa",
        ),
    ],
    ids=["neither", "both", "no such row", "bold", "an address", "too long"],
)
def test_what_is_wrong_with_a_picture_is_told_with_its_line(picture: str, en: str, vi: str) -> None:
    text = SECOND_LESSON.strip().replace("text: Một điều.}", f"text: Một điều., picture: {picture}}}")
    found = read_lesson(text, "bai.yaml", "bai-02-hai", "khoa")
    assert isinstance(found, list)
    assert [(each.line, each.sentence("en"), each.sentence("vi")) for each in found] == [(11, en, vi)]


# How they are drawn


@pytest.mark.parametrize("screen", wanted(SHIPPED).values(), ids=lambda screen: screen.tap)
def test_a_picture_is_small_and_as_large_as_it_is_said_to_be(screen: PhoneScreen) -> None:
    data = draw(screen)
    assert len(data) <= MOST_BYTES
    width, height = layout(screen).size
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "PNG"
        assert image.width == 2 * width
        assert abs(image.height - 2 * height) <= 1


def test_the_fullest_picture_is_small_too() -> None:
    row = "Đăng ký thường trú, tạm trú, khai báo tạm vắng, lưu trú ở xã"
    screen = PhoneScreen(title=row, rows=(row, f"{row[:-1]}b", f"{row[:-1]}c", f"{row[:-1]}d"), tap=row)
    assert len(row) == 60
    assert len(draw(screen)) <= MOST_BYTES


def test_no_word_is_lost_and_none_leaves_its_box() -> None:
    long = "Đăng ký khai sinh, đăng ký thường trú, cấp thẻ BHYT"
    for text in (long, "a" * 60):
        (box,) = layout(PhoneScreen(title="VNeID", rows=(text,), tap=text)).boxes
        assert len(box.lines) > 1
        assert "".join(box.lines).replace(" ", "") == text.replace(" ", "")
        wide = drawing.WIDTH - 2 * drawing.INNER - drawing.PAD - drawing.HAND
        assert all(drawing._font(bold=True).getlength(line) <= wide for line in box.lines)  # noqa: SLF001  what it is drawn with


def test_what_is_to_be_tapped_looks_otherwise_without_colours_too() -> None:
    tapped, other = (draw(ONE.model_copy(update={"tap": row})) for row in ONE.rows)
    grey = [Image.open(io.BytesIO(data)).convert("L").convert("1") for data in (tapped, other)]
    assert grey[0].tobytes() != grey[1].tobytes()


# Where they are kept


def test_the_address_tells_all_that_is_seen() -> None:
    others = [
        ONE.model_copy(update={"title": "VssID"}),
        ONE.model_copy(update={"rows": tuple(reversed(ONE.rows))}),
        ONE.model_copy(update={"tap": "An sinh xã hội"}),
    ]
    assert len({address_of(each) for each in (ONE, *others)}) == 4
    assert re.fullmatch("[0-9a-f]{24}", address_of(ONE))


def test_a_picture_is_drawn_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[PhoneScreen] = []

    def count(screen: PhoneScreen) -> bytes:
        drawn.append(screen)
        return draw(screen)

    monkeypatch.setattr("bot.pictures.gallery.draw", count)
    gallery = Gallery(tmp_path, lambda: SHIPPED)
    address = next(iter(wanted(SHIPPED)))
    first, second = (asyncio.run(gallery.png(address)) for _ in range(2))
    assert first == second == (tmp_path / f"{address}.png").read_bytes()
    assert len(drawn) == 1


def test_a_picture_of_a_lesson_that_has_changed_is_still_there(tmp_path: Path) -> None:
    now = [SHIPPED]
    gallery = Gallery(tmp_path, lambda: now[0])
    address, other = list(wanted(SHIPPED))[:2]
    kept = asyncio.run(gallery.png(address))
    now[0] = without(SHIPPED)
    assert asyncio.run(gallery.png(address)) == kept
    assert asyncio.run(gallery.png(other)) is None


@pytest.mark.parametrize("address", ["", "0" * 24, "../../config", "A" * 24])
def test_what_no_lesson_shows_is_no_picture(address: str, tmp_path: Path) -> None:
    assert asyncio.run(Gallery(tmp_path, lambda: SHIPPED).png(address)) is None
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_kept_pictures_are_still_drawn(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    address, screen = next(iter(wanted(SHIPPED).items()))
    assert asyncio.run(Gallery(tmp_path / "file", lambda: SHIPPED).png(address)) == draw(screen)


# The command


def command(folder: Path, *options: str) -> tuple[int, str]:
    settings = f"lessons: {REPO / 'lessons'}\ndata: {folder / 'var'}\n"
    (folder / "config.yaml").write_text(settings, encoding="utf-8")
    done = CliRunner().invoke(app, ["pictures", "--config", str(folder / "config.yaml"), *options])
    return done.exit_code, done.output


def test_the_command_draws_what_is_missing(tmp_path: Path) -> None:
    count = len(wanted(SHIPPED))
    assert command(tmp_path, "--dry-run") == (
        0,
        f"{count} hình, 0 hình có sẵn, còn {count} hình cần vẽ. ({count} pictures, 0 are there, {count} to draw.)\n",
    )
    code, said = command(tmp_path)
    assert code == 0
    assert said.startswith(f"Đã vẽ {count} hình, 0 hình có sẵn, ")
    assert {path.stem for path in (tmp_path / "var/pictures").iterdir()} == set(wanted(SHIPPED))
    assert command(tmp_path, "--dry-run")[1].startswith(f"{count} hình, {count} hình có sẵn, còn 0 hình cần vẽ.")


def test_the_command_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")
    code, said = command(tmp_path)
    assert code == 1
    where, count = tmp_path / "var/pictures", len(wanted(SHIPPED))
    assert said.endswith(f"Không ghi được {count} hình vào {where}. ({count} pictures can't be written there.)\n")
