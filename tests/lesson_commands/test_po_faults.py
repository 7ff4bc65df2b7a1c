"""What can be wrong with a .po: every mistake is told at once with its line, and then nothing is written."""

from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from bad_tables import FOLDER, write
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.lesson_commands import po_file

ENGLISH = Path("lessons/an-toan/an-02-giu-ma.en.yaml")
PO = Path("a.po")
Run = Callable[..., Result]

HEAD = """\
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

"""
TITLE = """\
msgctxt "an-02-giu-ma/title"
msgid "Giữ mã"
msgstr "Keep your codes"

"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `hocso lesson` in a folder that has settings and good lessons."""
    write(tmp_path / "lessons", FOLDER)
    (tmp_path / "config.yaml").write_text("lessons: lessons\n")
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(app, ["lesson", *args])


def lessons() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in Path("lessons").rglob("*") if path.is_file()}


def refused(run: Run, lang: str) -> str:
    """Import, find that it ends with 1 and changes nothing, and return what it says."""
    before = lessons()
    ended = run("import", str(PO), "--lang", lang)
    assert (ended.exit_code, ended.stdout, lessons()) == (1, "", before)
    return ended.stderr


ENTRIES = [
    (
        'msgid "Giữ mã"\nmsgstr "Keep"\n',
        "a.po:6: the entry has no msgctxt, so nobody knows where it belongs; export again and translate that file",
        "a.po:6: mục này không có msgctxt nên không biết thuộc chỗ nào; hãy xuất lại rồi dịch trong tệp mới",
    ),
    (
        'msgctxt "an-02-giu-mx/title"\nmsgid "Giữ mã"\nmsgstr "Keep"\n',
        "a.po:6: there is no lesson or course 'an-02-giu-mx'; did you mean 'an-02-giu-ma'?",
        "a.po:6: không có bài hay khóa nào tên 'an-02-giu-mx'; có phải ý là 'an-02-giu-ma' không?",
    ),
    (
        'msgctxt "an-02-giu-ma/hoi/choices.3.text"\nmsgid "Không"\nmsgstr "No"\n',
        (
            "a.po:6: 'an-02-giu-ma' says nothing at 'hoi/choices.3.text' today; export again with --update: your work"
            " is kept, this left out"
        ),
        (
            "a.po:6: 'an-02-giu-ma' nay không có lời nào ở 'hoi/choices.3.text'; hãy xuất lại với --update: phần đã"
            " dịch được giữ, mục này được bỏ"
        ),
    ),
    (
        TITLE + TITLE,
        "a.po:10: 'an-02-giu-ma/title' is there already, in line 6; delete one",
        "a.po:10: đã có 'an-02-giu-ma/title' ở dòng 6; hãy xóa bớt một mục",
    ),
    (
        '# Of course\nmsgctxt "course/an-toan/title"\nmsgid "An toàn"\nmsgid_plural "Các"\nmsgstr[0] "Safe"\n',
        "a.po:7: the entry has plural forms, which lessons don't; write one msgstr only",
        "a.po:7: mục này có dạng số nhiều, bài học không dùng; chỉ ghi một msgstr",
    ),
    (
        TITLE.replace("Giữ mã", "Giữ thẻ"),
        "a.po:6: the Vietnamese is now 'Giữ mã'; export again with --update: your work is kept, what changed is marked",
        (
            "a.po:6: lời tiếng Việt nay là 'Giữ mã'; hãy xuất lại với --update: phần đã dịch được giữ, chỗ đã đổi được"
            " đánh dấu"
        ),
    ),
    (
        TITLE.replace("your codes", "{ban}'s codes"),
        "a.po:6: {ban} is no placeholder; did you mean '{bạn}'?",
        "a.po:6: {ban} không phải từ xưng hô thay được; có phải ý là '{bạn}' không?",
    ),
    (
        TITLE.replace("your codes", "**your codes"),
        "a.po:6: a '*' stands alone; write **name** around the name of a button, or no '*'",
        "a.po:6: dấu '*' đứng một mình; hãy viết **tên nút** quanh tên một nút, hoặc bỏ dấu '*'",
    ),
    (
        TITLE.replace("your codes", "{bạn"),
        "a.po:6: a '{' stands alone; write a placeholder such as {bạn}, or no brace",
        "a.po:6: dấu '{' đứng một mình; hãy viết đủ như {bạn}, hoặc bỏ dấu ngoặc",
    ),
    (
        TITLE.replace("your codes", "<b>codes</b>"),
        "a.po:6: the text holds HTML or a Markdown link; write plain words; only **bold** is marked",
        (
            "a.po:6: đoạn chữ có mã HTML hoặc đường liên kết kiểu Markdown; hãy viết chữ thường; "
            "chỉ **in đậm** mới được đánh dấu"
        ),
    ),
    (
        TITLE.replace("your codes", "your\u200b codes"),
        "a.po:6: an invisible or broken character, ZERO WIDTH SPACE (U+200B); delete it; type the words anew",
        "a.po:6: có một ký tự hỏng hoặc không nhìn thấy, ZERO WIDTH SPACE (U+200B); hãy xóa nó đi và gõ lại mấy chữ đó",
    ),
    (
        (
            'msgctxt "an-02-giu-ma/hoi/choices.1.text"\nmsgid "Không đưa"\nmsgstr "Yes"\n\n'
            'msgctxt "an-02-giu-ma/hoi/choices.2.text"\nmsgid "Đưa mã"\nmsgstr "yes"\n'
        ),
        "a.po:10: the choice 'yes' stands twice; change one",
        "a.po:10: lựa chọn 'yes' có hai lần; hãy đổi một trong hai",
    ),
]


@pytest.mark.parametrize(("entry", "en", "vi"), ENTRIES, ids=[str(each) for each in range(len(ENTRIES))])
def test_what_is_wrong_with_an_entry_is_told_in_both_languages(run: Run, entry: str, en: str, vi: str) -> None:
    PO.write_text(HEAD + entry, encoding="utf-8")
    assert refused(run, "en") == f"{en}\n"
    assert refused(run, "vi") == f"{vi}\n"


def test_everything_wrong_is_told_at_once_by_line(run: Run) -> None:
    broken = TITLE.replace("your codes", "{ban} and *codes* <b>")
    lost = 'msgctxt "course/an-toam/title"\nmsgid "An toàn"\nmsgstr "Safe"\n\n'
    nowhere = 'msgid "An toàn"\nmsgstr "Safe"\n\n'
    PO.write_text(HEAD + lost + broken + TITLE + lost.replace("title", "summary") + nowhere + nowhere, encoding="utf-8")
    assert [line.split(";")[0] for line in refused(run, "en").splitlines()] == [
        "a.po:6: there is no lesson or course 'course/an-toam'",
        "a.po:10: {ban} is no placeholder",
        "a.po:10: a '*' stands alone",
        "a.po:10: the text holds HTML or a Markdown link",
        "a.po:14: 'an-02-giu-ma/title' is there already, in line 10",
        "a.po:22: the entry has no msgctxt, so nobody knows where it belongs",
        "a.po:25: the entry has no msgctxt, so nobody knows where it belongs",
    ]


def test_what_is_not_taken_may_be_as_it_likes(run: Run) -> None:
    fuzzy = TITLE.replace("Giữ mã", "Giữ thẻ").replace("your codes", "{ban}")
    PO.write_text(f"{HEAD}#, fuzzy\n{fuzzy}", encoding="utf-8")
    ended = run("import", str(PO), "--lang", "vi")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout == (
        f"Giữ nguyên {ENGLISH}; không lấy: 1 lời còn phải xem lại (fuzzy).\n"
        "Trong tệp có 1 bài và khóa; giữ nguyên: 0, chưa có lời dịch nào: 0.\n"
    )


def test_a_source_that_changed_is_shown_from_where_it_did(run: Run) -> None:
    path = Path("lessons/an-toan/an-02-giu-ma.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Nghe xong thì bấm **Tiếp**.", "Nghe xong thì hãy bấm **Tiếp**."), encoding="utf-8")
    entry = 'msgctxt "an-02-giu-ma/nghe/text"\nmsgid "Nghe xong thì bấm **Tiếp**."\nmsgstr "Press **Tiếp**."\n'
    PO.write_text(HEAD + entry, encoding="utf-8")
    assert refused(run, "en").startswith("a.po:6: the Vietnamese is now '… xong thì hãy bấm **Tiếp**.'; export again")


FILES = [
    (b"", "a.po:1: there is no entry in it; export again", "a.po:1: tệp không có mục nào; hãy xuất lại"),
    (
        HEAD.encode() + b"Hello\n",
        (
            "a.po:6: this isn't how a .po is written: msgctxt, msgid and msgstr, in this order, each with a text in"
            " closed quotes; save it again with the program that wrote it"
        ),
        (
            "a.po:6: không đúng cách viết của tệp .po: msgctxt, msgid rồi msgstr, chữ nằm giữa hai dấu nháy kép; hãy"
            " lưu lại bằng chương trình đã viết ra nó"
        ),
    ),
    (HEAD.encode() + TITLE.encode()[:-5], "a.po:8: this isn't how a .po is written", "a.po:8: không đúng cách viết"),
    (b'msgid "a"\nmsgid "b"\n', "a.po:2: this isn't how", "a.po:2: không đúng cách viết"),
    (
        HEAD.replace("UTF-8", "windows-1258").encode() + TITLE.encode(),
        "a.po:4: its letters are said to be 'windows-1258'; save it as UTF-8\n",
        "a.po:4: tệp ghi là dùng bảng mã 'windows-1258'; hãy lưu lại theo UTF-8\n",
    ),
    (
        HEAD.encode() + TITLE.encode("utf-16"),
        "a.po:6: its letters aren't UTF-8; save it as UTF-8\n",
        "a.po:6: chữ không theo UTF-8; hãy lưu lại theo UTF-8\n",
    ),
    (
        TITLE.encode(),
        (
            "a.po:1: Chưa ghi dịch sang tiếng nào; ở đây dùng được: en."
            " (It isn't told which language to translate into; known here: en.)\n"
        ),
        "a.po:1: Chưa ghi dịch sang tiếng nào",
    ),
    (
        HEAD.replace(": en", ": fr").encode() + TITLE.encode(),
        (
            "a.po:3: Không dịch sang 'fr' được, vì chưa có phrases/fr.yaml; ở đây dùng được: en."
            " (It can't be translated into 'fr': there is no phrases/fr.yaml; known here: en.)\n"
        ),
        "a.po:3: Không dịch sang 'fr' được",
    ),
]


@pytest.mark.parametrize(("data", "en", "vi"), FILES, ids=[str(each) for each in range(len(FILES))])
def test_a_file_that_is_no_po_for_us_is_told_in_one_sentence(run: Run, data: bytes, en: str, vi: str) -> None:
    PO.write_bytes(data)
    assert refused(run, "en").startswith(en)
    assert refused(run, "vi").startswith(vi)


def test_a_file_that_is_not_there_or_too_large(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(run, "en") == "a.po:1: it can't be read: No such file or directory\n"
    monkeypatch.setattr(po_file, "MAX_BYTES", 10)
    PO.write_text(HEAD + TITLE, encoding="utf-8")
    assert refused(run, "vi").startswith("a.po:1: tệp quá lớn, hơn 20 MB; hãy xuất từng khóa một")


def test_a_mark_at_its_beginning_and_line_ends_of_windows_are_fine(run: Run) -> None:
    PO.write_bytes(b"\xef\xbb\xbf" + (HEAD + TITLE.replace("Keep", "Hold")).replace("\n", "\r\n").encode())
    ended = run("import", str(PO), "--lang", "en")
    assert ended.stdout.startswith(f"Written: {ENGLISH}: 1 text, 1 new or changed."), ended.stderr
    assert "title: Hold your codes" in ENGLISH.read_text(encoding="utf-8")


def test_a_translation_that_cannot_be_read_is_not_written_over(run: Run) -> None:
    ENGLISH.write_text(ENGLISH.read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
    ended = run("export", "an-toan", "--out", "b.po", "--lang", "en")
    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"{ENGLISH}:2:1: error unknown-key: unknown key 'titel'; did you mean 'title'?")
    assert not Path("b.po").exists()
    PO.write_text(HEAD + TITLE, encoding="utf-8")
    assert refused(run, "vi").startswith(f"{ENGLISH}:2:1: error unknown-key: không có mục nào tên 'titel'")


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["an-99"], "Không có bài hay khóa 'an-99' dịch được; "),
        (["an-01", "--to", "fr"], "Không dịch sang 'fr' được, vì chưa có phrases/fr.yaml; ở đây dùng được: en."),
        (["an-01", "--to", "vi"], "Chưa ghi dịch sang tiếng nào; ở đây dùng được: en."),
        (["an-01", "--to", "../x"], "Không dịch sang '../x' được"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_sentence(run: Run, args: list[str], why: str) -> None:
    ended = run("export", *args, "--out", "b.po")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith(why)
    assert not Path("b.po").exists()


def test_a_lesson_with_an_error_says_so_itself(run: Run) -> None:
    path = Path("lessons/an-toan/an-02-giu-ma.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("minutes: 3", "minutes: 30"), encoding="utf-8")
    for name in ("an-02", "an-02-giu-ma"):
        ended = run("export", name, "--out", "b.po", "--lang", "en")
        assert ended.exit_code == 1
        assert ended.stderr.startswith(f"{path}:4:1: error out-of-range: ")
    PO.write_text(HEAD + TITLE, encoding="utf-8")
    assert len(refused(run, "en").splitlines()) == 1
    assert refused(run, "en").startswith(f"{path}:4:1: error out-of-range: ")


def test_a_sheet_holds_one_lesson(run: Run) -> None:
    assert run("export", "--out", "b.csv").stderr == (
        "Một bảng tính chứa một bài; hãy ghi mã bài. (A sheet holds one lesson; name it.)\n"
    )


def test_a_po_of_ours_that_a_translator_has_not_touched_changes_no_text(run: Run) -> None:
    run("export", "--out", "b.po")
    assert all(entry.msgstr for entry in polib.pofile("b.po"))
    said = ENGLISH.read_text(encoding="utf-8").count("Hang up")
    assert run("import", "b.po").exit_code == 0
    assert ENGLISH.read_text(encoding="utf-8").count("Hang up") == said
