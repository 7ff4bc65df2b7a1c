"""Lessons for translators: out to a .po and back, what changed since, and what isn't taken."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import polib
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po as babel_reads
from babel.messages.pofile import write_po as babel_writes
from bad_tables import FOLDER, write
from hypothesis import given, settings
from hypothesis import strategies as st
from lesson_texts import changed
from small import REPO, SHIPPED
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.core.lesson import Course
from bot.core.lesson_file import read_course_translation, read_translation
from bot.core.lesson_yaml import yaml_of
from bot.core.library import FIRST
from bot.core.po import Message, messages, updated
from bot.core.po_reading import Taken, take
from bot.core.spots import MARKS
from bot.lesson_commands.originals import Translatable, translatable
from bot.lesson_commands.po_file import NoPo, as_po, po_of
from bot.library import read_folder

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
GIU_MA = Path("lessons/an-toan/an-02-giu-ma.yaml")
ENGLISH = Path("lessons/an-toan/an-02-giu-ma.en.yaml")
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `hocso lesson` in a folder that has settings and good lessons."""
    write(tmp_path / "lessons", FOLDER)
    (tmp_path / "config.yaml").write_text("lessons: lessons\nlanguage: en\n")
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(app, ["lesson", *args])


@pytest.fixture(scope="module")
def shipped() -> Translatable:
    return translatable(REPO / "lessons", "en")


def entries_of(found: Translatable) -> list[Message]:
    return [entry for each in found.originals.values() for entry in messages(each)]


def edit(po: str, change: Callable[[polib.POEntry], None], only: str = "") -> None:
    """Do what a translator does: change entries, and save the file with another program's habits."""
    file = polib.pofile(po, wrapwidth=60)
    for entry in file:
        if entry.msgctxt.startswith(only):
            change(entry)
    file.save(po)


def check(*options: str) -> Result:
    return CliRunner().invoke(app, ["check", "--lang", "en", "--strict", *options])


def rewrite(path: Path, old: str, new: str) -> None:
    path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def shout(entry: polib.POEntry) -> None:
    entry.msgstr = f"{entry.msgstr or 'New'} indeed"
    entry.flags = []


# --- nothing is lost


def test_all_shipped_translations_come_back_equal(shipped: Translatable) -> None:
    made = take(po_of(as_po(entries_of(shipped), "en", NOW)).entries, shipped.originals, "en")
    courses = {course[FIRST].id: course for course in SHIPPED.courses}
    lessons = {languages[FIRST].id: languages for languages in SHIPPED.lessons.values()}
    compared = 0
    for each in made:
        assert isinstance(each, Taken), each
        assert each.fresh == each.fuzzy == 0
        if not each.taken:
            assert "en" not in lessons[each.original.part.id]
            continue
        assert not each.lacking
        text = yaml_of(each.data)
        if isinstance(each.original.part, Course):
            was = courses[each.original.part.id]
            assert read_course_translation(text, "", was[FIRST], "en") == was["en"]
        else:
            both = lessons[each.original.part.id]
            assert read_translation(text, "", both[FIRST], "en") == both["en"]
        assert each.data[MARKS] == {spot: said.text for spot, said in each.original.texts.items()}
        compared += 1
    assert compared == len(list((REPO / "lessons").glob("*/*.en.yaml")))


def test_another_program_reads_all_that_is_written(shipped: Translatable) -> None:
    entries = entries_of(shipped)
    entries[1] = updated(entries[1], Message("", "Lời cũ.\nHai “dòng”.", 'An "old" one.', remark="Xem lại"))
    written = as_po(entries, "en", NOW)
    assert written.decode().count('#, fuzzy\n#| msgid ""\n#| "Lời cũ.\\n"\n#| "Hai “dòng”."\nmsgctxt ') == 1
    catalogue = babel_reads(io.BytesIO(written), abort_invalid=True)
    assert (str(catalogue.locale), catalogue.charset, catalogue.project) == ("en", "utf-8", "hocso-lessons")
    read = {message.context: message for message in catalogue if message.id}
    assert len(read) == len(entries)
    for entry in entries:
        message = read[entry.context]
        assert (message.id, message.string, message.fuzzy) == (entry.source, entry.said, entry.fuzzy)
        assert message.locations == [entry.place]
        assert " ".join(message.auto_comments) == " ".join(entry.notes)
        own = [each for each in message.user_comments if not each.startswith(("|", '"'))]  # babel knows no '#|'
        assert own == ([entry.remark] if entry.remark else [])


def test_what_another_program_writes_is_read(shipped: Translatable) -> None:
    entries = entries_of(shipped)[:300]
    catalogue = Catalog(locale="en")
    for entry in entries:
        catalogue.add(entry.source, entry.said, context=entry.context, flags={"fuzzy"} if entry.fuzzy else ())
    written = io.BytesIO()
    babel_writes(written, catalogue, width=40, sort_output=True)
    file = po_of(written.getvalue().replace(b"\n", b"\r\n"))
    assert file.lang == "en"
    assert {(each.context, each.source, each.said) for each in file.entries} == {
        (each.context, each.source, each.said) for each in entries
    }


texts = st.text(st.sampled_from(list("aăộ \"\\'#|:{}*%n\n\t\r🌾“”")), min_size=1, max_size=40)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(source=texts, said=texts, before=texts, fuzzy=st.booleans())
def test_no_text_whatever_is_lost_in_the_file(source: str, said: str, before: str, fuzzy: bool) -> None:
    entry = Message("x/y/text", source, said, fuzzy, before=before if fuzzy else "", notes=("A note.",))
    (read,) = po_of(as_po([entry], "en", NOW)).entries
    assert (read.context, read.source, read.said, read.fuzzy) == (entry.context, source, said, fuzzy)
    assert read.before == entry.before


lines = st.sampled_from(
    [
        'msgid "a"',
        'msgstr "b"',
        'msgctxt "c"',
        'msgstr[0] "d"',
        "#| msgid",
        "#, fuzzy",
        '"e"',
        "#~ msgid",
        "",
        'msgid "',
    ]
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.one_of(st.binary(max_size=60), st.lists(lines, max_size=8).map(lambda rows: "\n".join(rows).encode())))
def test_no_file_whatever_makes_it_stumble(data: bytes) -> None:
    try:
        found = po_of(data).entries
    except NoPo as error:
        found = ()
        line = error.line
    else:
        line = found[-1].line
    assert 1 <= line <= data.count(b"\n") + data.count(b"\r") + 1


def test_every_text_is_explained_to_its_translator(shipped: Translatable) -> None:
    for entry in entries_of(shipped):
        assert entry.notes
        assert all(note.endswith((".", "are.")) and note.isprintable() for note in entry.notes)
        assert any("{bạn}" in note for note in entry.notes) == ("{" in entry.source)
        assert any("name of a button" in note for note in entry.notes) == ("**" in entry.source)
    assert {
        note for entry in entries_of(shipped) if entry.context.endswith("choices.1.text") for note in entry.notes
    } >= {
        "A right answer, a button: at most 40 characters, beginning with a word.",
        "A wrong answer, a button: at most 40 characters, beginning with a word.",
        "What the learner may reply in the rehearsal, a button: at most 40 characters, beginning with a word.",
    }


# --- a translator's days


def test_a_course_goes_out_and_comes_back(run: Run) -> None:
    done = run("export", "an-toan", "--out", "an-toan.po", "--to", "en")
    assert done.stdout == "Written: an-toan.po. 30 texts: 0 to look at again (fuzzy), 0 not translated.\n", done.stderr
    edit("an-toan.po", shout, "an-02-giu-ma/hoi/hint")
    back = run("import", "an-toan.po")
    assert back.stdout.splitlines() == [
        "Written: lessons/an-toan/course.en.yaml: 2 texts, 0 new or changed.",
        "Written: lessons/an-toan/an-01-dau-hieu.en.yaml: 3 texts, 0 new or changed.",
        "Written: lessons/an-toan/an-02-giu-ma.en.yaml: 25 texts, 1 new or changed.",
        "Lessons and courses in the .po: 3; unchanged: 0, not translated at all: 0.",
    ], back.stderr
    assert "hint: A code is a key. indeed" in ENGLISH.read_text(encoding="utf-8")
    assert check().exit_code == 0
    again = run("import", "an-toan.po")
    assert again.stdout == "Lessons and courses in the .po: 3; unchanged: 3, not translated at all: 0.\n"


def test_one_lesson_or_all_of_them(run: Run) -> None:
    assert run("export", "an-01", "--out", "mot.po").exit_code == 0
    assert {entry.msgctxt.split("/")[0] for entry in polib.pofile("mot.po")} == {"an-01-dau-hieu"}
    assert run("export", "--out", "tat-ca.po").exit_code == 0
    assert {entry.msgctxt.split("/")[0] for entry in polib.pofile("tat-ca.po")} == {
        "course",
        "an-01-dau-hieu",
        "an-02-giu-ma",
    }


def test_a_lesson_is_translated_for_the_first_time(run: Run) -> None:
    ENGLISH.unlink()
    assert "25 not translated" in run("export", "an-02", "--out", "a.po").stdout
    assert run("import", "a.po").stdout == (
        "Lessons and courses in the .po: 1; unchanged: 0, not translated at all: 1.\n"
    )
    said = {each.context: each.said for each in _english_entries()}

    def translate(entry: polib.POEntry) -> None:
        entry.msgstr = said[entry.msgctxt]

    edit("a.po", translate, "an-02-giu-ma/hoi")
    assert run("import", "a.po").stdout.splitlines()[0] == (
        f"Not written: {ENGLISH}, which still lacks 19 texts; not taken: 19 not translated."
    )
    assert not ENGLISH.exists()
    edit("a.po", translate)
    assert run("import", "a.po").stdout.splitlines()[0] == f"Written: {ENGLISH}: 25 texts, 25 new or changed."
    library, problems = read_folder(Path("lessons"))
    assert problems == ()
    first = library.lessons["an-02"][FIRST]
    assert library.lessons["an-02"]["en"] == read_translation(FOLDER["an-toan/an-02-giu-ma.en.yaml"], "", first, "en")


def _english_entries() -> Iterator[Message]:
    ENGLISH.write_text(FOLDER["an-toan/an-02-giu-ma.en.yaml"], encoding="utf-8")
    yield from messages(translatable(Path("lessons"), "en").originals["an-02-giu-ma"])
    ENGLISH.unlink()


def test_what_changed_since_is_marked_until_it_is_translated_again(run: Run) -> None:
    run("export", "an-02", "--out", "a.po")
    run("import", "a.po")
    rewrite(GIU_MA, "Mã là chìa khóa.", "Mã là chìa khóa nhà.")
    assert "changed-since: the Vietnamese at 'hoi/hint' changed" in check().stdout
    assert "1 to look at again (fuzzy)" in run("export", "an-02", "--out", "b.po").stdout
    (entry,) = [each for each in polib.pofile("b.po") if each.fuzzy]
    assert (entry.msgctxt, entry.msgid, entry.msgstr, entry.previous_msgid) == (
        "an-02-giu-ma/hoi/hint",
        "Mã là chìa khóa nhà.",
        "A code is a key.",
        "Mã là chìa khóa.",
    )
    kept = ENGLISH.read_text(encoding="utf-8")
    assert run("import", "b.po").stdout.splitlines()[0] == f"As it was: {ENGLISH}; not taken: 1 fuzzy."
    assert ENGLISH.read_text(encoding="utf-8") == kept
    edit("b.po", shout, "an-02-giu-ma/hoi/hint")
    assert run("import", "b.po").stdout.splitlines()[0] == f"Written: {ENGLISH}: 25 texts, 1 new or changed."
    assert check().exit_code == 0


def test_a_course_title_that_changed_is_marked_too(run: Run) -> None:
    run("export", "an-toan", "--out", "a.po")
    run("import", "a.po")
    rewrite(Path("lessons/an-toan/course.yaml"), "title: An toàn", "title: An toàn trên mạng")
    run("export", "an-toan", "--out", "b.po")
    assert [(each.msgctxt, each.previous_msgid) for each in polib.pofile("b.po") if each.fuzzy] == [
        ("course/an-toan/title", "An toàn")
    ]


def test_a_step_that_came_in_leaves_the_rest_translated(run: Run) -> None:
    rewrite(GIU_MA, "  - id: lam\n", "  - {id: moi, kind: tell, text: Bước mới.}\n  - id: lam\n")
    assert "step-not-translated" in check().stdout
    assert "26 texts: 0 to look at again (fuzzy), 1 not translated" in run("export", "an-02", "--out", "a.po").stdout
    assert "which still lacks 1 text" in run("import", "a.po").stdout
    edit("a.po", shout, "an-02-giu-ma/moi/")
    assert run("import", "a.po").stdout.startswith(f"Written: {ENGLISH}: 26 texts, 1 new or changed.")
    assert check().exit_code == 0


def test_where_a_choice_came_in_unmarked_ones_are_looked_at_again(run: Run) -> None:
    first = "      - text: Không đưa\n"
    rewrite(GIU_MA, first, "      - {text: Để mai, because: Đừng để mai.}\n" + first)
    run("export", "an-02", "--out", "a.po")
    entries = {each.msgctxt.removeprefix("an-02-giu-ma/hoi/"): each for each in polib.pofile("a.po")}
    assert [
        (entries[f"choices.{number}.text"].fuzzy, entries[f"choices.{number}.text"].msgstr) for number in (1, 2, 3)
    ] == [
        (True, "No"),
        (True, "Yes"),
        (False, ""),
    ]
    edit("a.po", shout, "an-02-giu-ma/hoi/choices.3")  # the others are no translation of what stands there now
    assert "which still lacks 4 texts; not taken: 4 fuzzy." in run("import", "a.po").stdout
    edit("a.po", shout, "an-02-giu-ma/hoi/choices.1")
    edit("a.po", shout, "an-02-giu-ma/hoi/choices.2")
    assert run("import", "a.po").stdout.startswith("Written")
    assert check().exit_code == 0


def test_a_renamed_step_keeps_its_translation(run: Run) -> None:
    run("export", "an-02", "--out", "a.po")
    run("import", "a.po")
    rewrite(GIU_MA, "  - id: lam\n", "  - id: mo-tin\n    was: [lam]\n")
    assert "25 texts: 0 to look at again (fuzzy), 0 not" in run("export", "an-02", "--out", "b.po").stdout
    assert all(each.msgstr and not each.fuzzy for each in polib.pofile("b.po"))
    assert run("import", "b.po").stdout.startswith(f"Written: {ENGLISH}: 25 texts, 0 new or changed.")
    assert check().exit_code == 0


def test_what_else_the_file_says_stays(run: Run) -> None:
    allow = "allow:\n  - {rule: unknown-abbreviation, step: goi, reason: As they say it.}\n"
    own = f"# English, by Mai.\n# Second line.\nformat: 1\n{allow}"
    text = (
        ENGLISH.read_text(encoding="utf-8").removeprefix("format: 1\n").replace("A rehearsal.", "A rehearsal of QXZ.")
    )
    ENGLISH.write_text(own + text, encoding="utf-8")
    assert check().exit_code == 0
    run("export", "an-02", "--out", "a.po")
    assert run("import", "a.po").exit_code == 0
    assert ENGLISH.read_text(encoding="utf-8").startswith("# English, by Mai.\n# Second line.\nformat: 1\n")
    assert check().exit_code == 0


def test_an_older_po_is_brought_up_to_date(run: Run) -> None:
    run("export", "an-02", "--out", "a.po")
    edit("a.po", shout)

    def remark(entry: polib.POEntry) -> None:
        entry.tcomment = "Hỏi lại cô Lan"

    edit("a.po", remark, "an-02-giu-ma/hoi/hint")
    rewrite(GIU_MA, "Mã là chìa khóa.", "Mã là chìa khóa nhà.")
    rewrite(GIU_MA, "learnt: |\n  {Bạn} biết giữ mã.\n  Ai hỏi cũng không đưa.\n", "")
    rewrite(ENGLISH, "learnt: You keep your codes.\n", "")
    stale = run("import", "a.po")
    assert stale.exit_code == 1
    assert run("export", "an-02", "--out", "a.po").stderr == (
        "Đã có a.po; thêm --update để giữ phần đã dịch trong đó, --force để thay."
        " (It is there already; --update keeps what is translated in it, --force replaces it.)\n"
    )
    assert run("export", "an-02", "--out", "a.po", "--update").stdout == (
        "Written: a.po. 24 texts: 1 to look at again (fuzzy), 0 not translated;"
        " left out, because no lesson has a place for it any more: 1.\n"
    )
    entries = {each.msgctxt: each for each in polib.pofile("a.po")}
    hint = entries["an-02-giu-ma/hoi/hint"]
    assert (hint.fuzzy, hint.msgstr, hint.previous_msgid) == (True, "A code is a key. indeed", "Mã là chìa khóa.")
    assert hint.tcomment == "Hỏi lại cô Lan"
    assert all(each.msgstr.endswith("indeed") for each in entries.values())
    assert run("import", "a.po").stdout.startswith(
        f"Written: {ENGLISH}: 23 texts, 23 new or changed; not taken: 1 fuzzy."
    )


def test_an_entry_that_is_there_twice_is_brought_up_to_date_by_the_translated_one(run: Run) -> None:
    run("export", "an-01", "--out", "a.po")
    file = polib.pofile("a.po")
    file.append(polib.POEntry(msgctxt="an-01-dau-hieu/title", msgid="Dấu hiệu", msgstr=""))
    file[0].msgstr = "Warning signs"
    file.save()
    run("export", "an-01", "--out", "a.po", "--update")
    assert [each.msgstr for each in polib.pofile("a.po") if each.msgctxt == "an-01-dau-hieu/title"] == ["Warning signs"]


def test_a_po_of_another_language_is_not_updated(run: Run) -> None:
    run("export", "an-02", "--out", "a.po")
    Path("a.po").write_text(Path("a.po").read_text().replace("Language: en", "Language: fr"))
    assert run("export", "an-02", "--out", "a.po", "--update").stderr == (
        "a.po:10: tệp này dịch sang 'fr', không phải 'en'; hãy chọn --to hay --out khác."
        " (It translates into 'fr', not 'en'; choose another --to or --out.)\n"
    )


@pytest.mark.parametrize(
    ("said", "old", "fuzzy", "result"),
    [
        ("Fresh", Message("", "Nay", "Mine"), False, ("Mine", False, "")),
        ("", Message("", "Xưa", "Mine"), False, ("Mine", True, "Xưa")),
        ("Stale", Message("", "Xưa", "Mine"), True, ("Mine", True, "Xưa")),
        ("Unmarked", Message("", "Xưa", "Mine"), False, ("Mine", True, "Xưa")),
        ("Marked", Message("", "Xưa", "Mine"), False, ("Marked", False, "")),
        ("Marked", Message("", "Nay", "Mine", fuzzy=True), False, ("Marked", False, "")),
        ("", Message("", "Nay", "Mine", fuzzy=True, before="Cổ"), False, ("Mine", True, "Cổ")),
        ("Fresh", Message("", "Nay", "", fuzzy=False), False, ("Fresh", False, "")),
        ("Unmarked", Message("", "Nay", "Mine", fuzzy=True), False, ("Mine", True, "")),
    ],
)
def test_whose_translation_stands(said: str, old: Message, fuzzy: bool, result: tuple[str, bool, str]) -> None:
    now = updated(Message("", "Nay", said, fuzzy, before="Trước" if fuzzy else "", marked=said == "Marked"), old)
    assert (now.said, now.fuzzy, now.before) == result
