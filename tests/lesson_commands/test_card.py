"""`hocso lesson card`: what it writes, and what it says when it can't."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_tables import FOLDER, write
from PIL import Image
from pypdf import PdfReader
from small import SHIPPED
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.app import voice_of
from bot.config import Config, read_config
from bot.core.library import FIRST
from bot.lesson_commands.card import link_to
from bot.library import read_folder
from bot.voice import album, mp3, opus

Run = Callable[..., Result]
PICTURE = "an-toan/nut.png"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `hocso lesson card` in a folder that has settings and good lessons."""
    write(tmp_path / "lessons", FOLDER)
    path = tmp_path / "lessons/an-toan/an-02-giu-ma.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("\nsummary: ", "\nsummary: Mời {bạn} nghe. ", 1), encoding="utf-8"
    )
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "PNG")
    (tmp_path / "lessons" / PICTURE).write_bytes(out.getvalue())
    (tmp_path / "config.yaml").write_text("lessons: lessons\nvoice:\n  engines: [espeak]\n")
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(app, ["lesson", "card", *args])


def text_of(path: Path) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_it_writes_a_page(run: Run) -> None:
    done = run("an-02", "--out", "card.pdf", "--link", "https://hocso.example.vn/")
    assert (done.exit_code, done.output) == (0, "Đã ghi card.pdf. (Written.)\n")
    text = text_of(Path("card.pdf"))
    assert "https://hocso.example.vn/?bai=an-02" in text
    assert "Mời bác nghe." in text
    assert len(PdfReader("card.pdf").pages[0].images) >= 1


def test_without_a_link_there_is_no_square(run: Run) -> None:
    assert run("an-01", "--out", "card.pdf").exit_code == 0
    assert sum(len(page.images) for page in PdfReader("card.pdf").pages) == 0
    assert "Học bài này cùng" not in text_of(Path("card.pdf"))


def test_the_public_address_is_the_link(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://hocso.example.vn")
    assert run("an-01-dau-hieu", "--out", "card.HTML").exit_code == 0
    assert '<a href="https://hocso.example.vn/?bai=an-01">' in Path("card.HTML").read_text(encoding="utf-8")


def test_readers_are_addressed_as_is_asked_for_and_in_their_language(run: Run) -> None:
    assert run("an-02", "--out", "co.html", "--address", "co").exit_code == 0
    assert "{" not in Path("co.html").read_text(encoding="utf-8").partition("<body>")[2]
    assert "Mời cô nghe." in Path("co.html").read_text(encoding="utf-8")
    assert run("an-02", "--out", "en.html", "--lang", "en").exit_code == 0
    assert "Right answer" in Path("en.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "form"), [("card.ogg", "ogg"), ("card.mp3", "mp3")])
def test_it_writes_one_sound_file(run: Run, name: str, form: str) -> None:
    done = run("an-01", "--audio", name)
    data = Path(name).read_bytes()
    assert (mp3.check(data) if form == "mp3" else opus.check(data)) == ""
    minutes = (mp3.seconds_of(data) if form == "mp3" else opus.seconds_of(data)) / 60
    assert minutes > 0.1
    assert done.output == f"Đã ghi {name}: {minutes:.1f} phút. (Written: {minutes:.1f} minutes.)\n"
    assert done.exit_code == 0


def test_unasked_it_writes_both_here(run: Run) -> None:
    done = run("an-01-dau-hieu")
    assert done.exit_code == 0
    assert done.output.startswith("Đã ghi an-01.pdf. (Written.)\nĐã ghi an-01.ogg: ")
    assert "Học xong thì biết làm gì:" in text_of(Path("an-01.pdf"))
    assert opus.check(Path("an-01.ogg").read_bytes()) == ""


def test_the_sound_is_as_long_as_what_is_told(run: Run) -> None:
    assert run("an-02", "--audio", "card.ogg", "--address", "ba").exit_code == 0
    library, _ = read_folder(Path("lessons"))
    told = album.track(library, library.lessons["an-02"][FIRST], "ba")
    settings = read_config(Path("config.yaml"), {})
    assert isinstance(settings, Config)
    voice = voice_of(settings.voice, settings.lessons)
    alone = [opus.seconds_of(voice.part(part, FIRST).data) for part in told.parts]
    asyncio.run(voice.close())
    expected = sum(alone) + sum(told.pauses)
    assert opus.seconds_of(Path("card.ogg").read_bytes()) == pytest.approx(expected, rel=0.01)


def test_slow_is_longer(run: Run) -> None:
    assert run("an-01", "--audio", "a.ogg").exit_code == 0
    assert run("an-01", "--audio", "b.ogg", "--slow").exit_code == 0
    assert opus.seconds_of(Path("b.ogg").read_bytes()) > opus.seconds_of(Path("a.ogg").read_bytes()) * 1.1


THERE = "; thêm --force để thay. (It is there already; --force replaces it.)"
LONG = f"https://a.vn/{'x' * 190}"
LINK = (
    " không in được; hãy ghi như https://hocso.example.vn, nhiều nhất 200 ký tự."
    " (That address can't be printed; write one like https://hocso.example.vn, 200 characters at most.)"
)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ("an-0", "--out", "a.pdf"),
            "Không có bài 'an-0'; có phải ý là 'an-01' không? (There is no such lesson; did you mean 'an-01'?)",
        ),
        (("an-01", "--out", "a.docx"), "'a.docx' phải có đuôi .pdf hoặc .html. (It should end in .pdf or .html.)"),
        (("an-01", "--audio", "a.wav"), "'a.wav' phải có đuôi .ogg hoặc .mp3. (It should end in .ogg or .mp3.)"),
        (
            ("an-01", "--out", "config.yaml/a.pdf"),
            "config.yaml/a.pdf: không ghi được. (It can't be written: Not a directory.)",
        ),
        (
            ("an-01", "--out", "there.pdf"),
            f"Đã có there.pdf{THERE}",
        ),
        (
            ("an-01", "--out", "new.pdf", "--audio", "there.ogg"),
            f"Đã có there.ogg{THERE}",
        ),
        (
            ("an-01", "--out", "a.pdf", "--address", "bax"),
            "Không có cách gọi 'bax'; có phải ý là 'ba' không? (There is no such form of address; did you mean 'ba'?)",
        ),
        (
            ("an-01", "--out", "a.pdf", "--lang", "fr"),
            (
                "Bài 'an-01' chưa có tiếng 'fr'; ở đây dùng được: en, vi"
                " (It isn't there in that language; known here: en, vi)"
            ),
        ),
        (("an-01", "--out", "a.pdf", "--link", "hocso.vn"), f"Địa chỉ 'hocso.vn'{LINK}"),
        (
            ("an-01", "--out", "a.pdf", "--link", LONG),
            f"Địa chỉ {LONG!r}{LINK}",
        ),
        (
            ("an-01", "--audio", "a.ogg", "--engine", "gtts"),
            (
                "Trong config.yaml không có giọng 'gtts'; ở đây dùng được: espeak"
                " (There is no such voice; known here: espeak)"
            ),
        ),
    ],
)
def test_what_is_wrong_is_one_sentence_and_writes_nothing(run: Run, args: tuple[str, ...], said: str) -> None:
    Path("there.pdf").write_bytes(b"mine")
    Path("there.ogg").write_bytes(b"mine")
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    done = run(*args)
    assert (done.exit_code, done.output) == (1, said + "\n")
    assert {path: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


def test_force_replaces(run: Run) -> None:
    Path("card.pdf").write_bytes(b"old")
    assert run("an-01", "--out", "card.pdf", "--force").exit_code == 0
    assert Path("card.pdf").read_bytes().startswith(b"%PDF")


def test_what_cannot_be_said_leaves_no_page_behind(run: Run) -> None:
    Path("config.yaml").write_text("lessons: lessons\nvoice:\n  engines: [recorded]\n")
    done = run("an-01")
    assert done.exit_code == 1
    assert done.output.startswith("an-01-dau-hieu: chưa đọc được. (It can't be said.) ")
    assert len(done.output.splitlines()) == 1
    assert not list(Path().glob("an-01.*"))


def test_a_picture_that_cannot_be_opened_is_described(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lessons" / PICTURE
    path.write_bytes(b"no picture")
    done = run("an-02", "--out", "card.html")
    assert done.output == (
        f"{path}: không mở được hình, tờ in chỉ có lời tả."
        " (That picture can't be opened; only its description is printed.)\nĐã ghi card.html. (Written.)\n"
    )
    assert "<strong>Hình:</strong> Nút có chữ Tiếp." in Path("card.html").read_text(encoding="utf-8")


def test_signs_that_the_font_lacks_are_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lessons/an-toan/an-01-dau-hieu.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nsummary: ", "\nsummary: Vui ☺. ", 1), encoding="utf-8")
    done = run("an-01", "--out", "card.pdf")
    assert done.output == (
        "Phông chữ không có ☺, tờ in bỏ qua. (The font doesn't have these signs; they are left out.)\n"
        "Đã ghi card.pdf. (Written.)\n"
    )
    assert "Vui ." in text_of(Path("card.pdf"))


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("", ""),
        ("https://hocso.vn", "https://hocso.vn/?bai=at-02"),
        ("https://hocso.vn/hoc/", "https://hocso.vn/hoc/?bai=at-02"),
        ("https://t.me/hocsobot?start=at-02-gia-cong-an", "https://t.me/hocsobot?start=at-02-gia-cong-an"),
    ],
)
def test_the_link_leads_into_the_lesson(link: str, expected: str) -> None:
    assert link_to(link, SHIPPED.lessons["at-02"][FIRST]) == expected
