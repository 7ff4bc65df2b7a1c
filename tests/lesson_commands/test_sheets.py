"""Lessons in sheets: nothing is lost on the way there and back, and every mistake is told with its cell."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_tables import FOLDER, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from small import SHIPPED
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.core.lesson import Ask, Lesson
from bot.core.lesson_file import read_lesson
from bot.core.lesson_yaml import lesson_data, lesson_yaml, yaml_of
from bot.core.library import FIRST
from bot.core.sheet import COLUMNS, KINDS, rows_of
from bot.core.sheet_reading import Cell, Formula, lesson_in, read_rows
from bot.lesson_commands import sheet_file
from bot.lesson_commands.sheet_file import Unreadable, as_file, read_sheet

LESSONS = [languages[FIRST] for languages in SHIPPED.lessons.values()]
LESSON = Path("lessons/an-toan/an-02-giu-ma.yaml")
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `hocso lesson` in a folder that has settings and good lessons."""
    write(tmp_path / "lessons", FOLDER)
    (tmp_path / "config.yaml").write_text("lessons: lessons\n")
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(app, ["lesson", *args])


def back(rows: list[list[str]]) -> Lesson:
    sheet = read_rows(rows)
    assert not isinstance(sheet, list), sheet
    found = lesson_in(sheet, sheet.lesson_id, sheet.course)
    assert isinstance(found, Lesson), found
    return found


def reread(lesson: Lesson) -> Lesson | list[object]:
    found = read_lesson(lesson_yaml(lesson), "", lesson.id, lesson.course)
    return found if isinstance(found, Lesson) else list(found)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_shipped_lesson_loses_anything_in_a_sheet_or_in_yaml(lang: str) -> None:
    for lesson in LESSONS:
        assert back(rows_of(lesson, lang)) == lesson
        assert reread(lesson) == lesson


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_no_lesson_loses_anything_in_a_file(tmp_path: Path, ending: str) -> None:
    for lesson in LESSONS[::10]:
        path = tmp_path / f"bai{ending}"
        path.write_bytes(as_file(rows_of(lesson, "vi"), ending))
        assert back([[str(cell or "") for cell in row] for row in read_sheet(path)]) == lesson


SIGNS = list("aăđêợ =+-@'\"#:|>%&!?,;[]0123456789xX🌾\u1ec7")
BEGINNINGS = ["", "=", "+", "-", "@", "'", '"', "#", "5"]  # what a text may begin with that sheets or YAML take amiss


def written(signs: list[str], longest: int) -> st.SearchStrategy[str]:
    """Texts with at least one letter, made so: filtering would throw most of them away."""
    return st.tuples(st.sampled_from(BEGINNINGS), st.text(st.sampled_from(signs), max_size=longest)).map("ắ".join)


lines_of_screens = written(SIGNS, 40)
texts = written([*SIGNS, "\n", "\t", "\r"], 60)
letters = written([*SIGNS, "\n", "\t", "\r", "\xa0"], 60)
names = st.integers(0, 10**6).map(lambda number: f"n-{number:x}")
screens = st.lists(lines_of_screens, min_size=1, max_size=4).map(
    lambda rows: {"title": "M", "rows": rows, "tap": rows[0].strip()}
)
pictures = st.one_of(
    st.fixed_dictionaries({"file": letters, "alt": texts}), st.fixed_dictionaries({"screen": screens, "alt": texts})
)


def choices(**more: st.SearchStrategy[object]) -> st.SearchStrategy[list[dict[str, object]]]:
    """Two choices that can be told apart."""
    return st.tuples(*[st.fixed_dictionaries({"because": texts, **more})] * 2).map(
        lambda both: [{**each, "text": text} for each, text in zip(both, ("một", "=hai"), strict=True)]
    )


@st.composite
def lessons(draw: st.DrawFn) -> Lesson:
    """Any lesson that can be written, with every key there is."""
    ids = iter(draw(st.lists(names, min_size=9, max_size=9, unique=True)))
    ask = draw(choices())
    ask[draw(st.integers(0, 1))]["right"] = True
    lines = [
        {"id": next(ids), "who": draw(texts), "says": draw(texts), "choices": draw(choices(next=st.just("debrief")))}
    ]
    steps = [
        {
            "id": next(ids),
            "kind": "tell",
            "text": draw(texts),
            "was": [next(ids), next(ids)],
            "picture": draw(pictures),
        },
        {"id": next(ids), "kind": "ask", "text": draw(texts), "choices": ask, "hint": draw(texts), "tries": 3},
        {"id": next(ids), "kind": "do", "text": draw(texts), "differs": draw(texts), "help": draw(texts)},
        {"id": next(ids), "kind": "scene", "text": draw(texts), "lines": lines, "debrief": draw(texts)},
    ]
    section = st.one_of(st.integers(-99, 99), st.integers(0, 99).map(str), letters)
    data = {
        "format": 1,
        "title": draw(texts),
        "summary": draw(texts),
        "minutes": draw(st.integers(1, 10)),
        "audience": draw(st.lists(st.sampled_from(["nct", "nm", "tat-ca"]), min_size=1)),
        "skills": draw(st.lists(letters, min_size=1, max_size=3)),
        "needs": draw(st.lists(names | st.lists(names, min_size=2, max_size=3).map(lambda x: {"any": x}), max_size=3)),
        "facts": draw(
            st.lists(
                st.fixed_dictionaries({"file": letters, "sections": st.lists(section, min_size=1, max_size=3)}),
                max_size=2,
            )
        ),
        "checked": draw(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))),
        "recheck_by": dt.date(2027, 2, 22),
        "sources": draw(st.lists(letters, max_size=3)),
        "allow": draw(st.lists(st.fixed_dictionaries({"rule": letters, "step": names, "reason": texts}), max_size=2)),
        "steps": steps,
        "learnt": draw(texts),
        "help": draw(st.none() | texts),
    }
    found = read_lesson(yaml_of(data), "", "at-01-thu", "an-toan")
    assert isinstance(found, Lesson), found
    return found


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(lesson=lessons(), lang=st.sampled_from(["vi", "en"]))
def test_no_lesson_whatever_loses_anything(lesson: Lesson, lang: str) -> None:
    rows = rows_of(lesson, lang)
    assert back(rows) == lesson
    assert reread(lesson) == lesson
    for ending in (".xlsx", ".csv"):
        path = Path(f"bai{ending}")
        data = as_file(rows, ending)
        read = sheet_file._xlsx(path, data) if ending == ".xlsx" else sheet_file._csv(path, data)  # noqa: SLF001  without a disk
        assert back([[str(cell or "") for cell in row] for row in read]) == lesson


def test_every_heading_and_row_has_a_name_of_its_own_in_each_language() -> None:
    for table in (COLUMNS, KINDS):
        for lang in ("vi", "en"):
            said = [name.said(lang) for key, name in table.items() if key != "help"]
            assert len(set(said)) == len(said)


# --- mistakes

HEAD: list[Cell] = ["Dòng", "Mã", "Lời", "Đúng", "Vì sao", "Số lần thử"]


def good() -> list[list[Cell]]:
    return [
        list(HEAD),
        ["Tên bài", "", "Giữ mã"],
        ["Tóm tắt", "", "Biết giữ mã."],
        ["Số phút", "", 2],
        ["Dành cho", "", "nct, moi"],
        ["Kỹ năng", "", 0.2],
        ["Ngày kiểm tra", "", dt.datetime(2026, 11, 22)],  # noqa: DTZ001  sheets know no zones
        ["Kiểm tra lại trước", "", "22/2/2027"],
        ["Hỏi", "hoi", "Mã đưa ai?"],
        ["Lựa chọn", "", "Không ai", "x", "Mã là chìa khóa."],
        ["Lựa chọn", "", 113, "", "Công an không hỏi mã."],
    ]


def told(rows: list[list[Cell]], lang: str = "vi") -> list[str]:
    sheet = read_rows(rows)
    found = sheet if isinstance(sheet, list) else lesson_in(sheet, "at-01", "an-toan")
    assert isinstance(found, list)
    return [f"{each.row},{each.column}: {each.told.said(lang)}" for each in found]


def test_numbers_dates_spaces_and_letters_of_two_parts_are_understood() -> None:
    rows = good()
    rows[1] = [" Te\u0302n ba\u0300i\xa0", "", " Giu\u031b\u0303 ma\u0303 \xa0"]
    sheet = read_rows(rows)
    assert not isinstance(sheet, list)
    lesson = lesson_in(sheet, "at-01", "an-toan")
    assert isinstance(lesson, Lesson)
    assert (lesson.title, lesson.minutes, lesson.skills, lesson.audience) == ("Giữ mã", 2, ("0.2",), ("nct", "moi"))
    assert (lesson.checked, lesson.recheck_by) == (dt.date(2026, 11, 22), dt.date(2027, 2, 22))
    assert isinstance(lesson.steps[0], Ask)
    assert lesson.steps[0].choices[1].text == "113"


@pytest.mark.parametrize(
    ("row", "column", "value", "vi"),
    [
        (1, 6, "Lời", "1,6: có hai cột 'Lời'; hãy xóa bớt một cột"),
        (1, 6, "Gợi í", "1,6: không có cột nào tên 'Gợi í'; có phải ý là 'Gợi ý' không?"),
        (1, 2, "", "1,1: hàng đầu thiếu tên cột 'Mã'; hãy thêm vào"),
        (2, 1, "", "2,1: chưa ghi đây là dòng gì; hãy ghi 'Kể', 'Hỏi', 'Lựa chọn' hay tên khác"),
        (2, 1, "Ten bay", "2,1: không có loại dòng 'Ten bay'; có phải ý là 'Tên bài' không?"),
        (2, 3, Formula("=1+1"), "2,3: '=1+1' là công thức; hãy gõ thẳng chữ vào ô"),
        (2, 3, "Giữ\u200b mã", "2,3: có ký tự ẩn ZERO WIDTH SPACE (U+200B); hãy gõ lại chữ trong ô"),
        (2, 7, "gì đó", "2,7: 'gì đó' nằm ở cột chưa có tên; hãy đặt tên cột ở hàng đầu, hoặc xóa ô này"),
        (2, 4, "x", "2,4: dòng 'Tên bài' không có ô 'Đúng'; hãy xóa ô này"),
        (2, 3, "", "2,3: dòng này thiếu ô 'Lời'; hãy điền vào"),
        (3, 1, "Tên bài", "3,1: đã có dòng 'Tên bài' ở hàng 2; hãy xóa bớt một dòng"),
        (9, 1, "Nguồn", "9,2: dòng 'Nguồn' không có ô 'Mã'; hãy xóa ô này"),
        (10, 4, "✓", "10,4: '✓' không rõ đúng hay sai; lựa chọn đúng thì ghi x, không thì để trống"),
        (11, 5, "", "11,1: dòng này thiếu ô 'Vì sao'; hãy điền vào"),
        (9, 2, "", "9,1: dòng này thiếu ô 'Mã'; hãy điền vào"),
    ],
)
def test_every_mistake_is_told_with_its_cell(row: int, column: int, value: Cell, vi: str) -> None:
    rows = good()
    rows[row - 1] += [""] * (column - len(rows[row - 1]))
    rows[row - 1][column - 1] = value
    assert told(rows)[0] == vi


def test_mistakes_are_told_in_english_too() -> None:
    rows = good()
    rows[2][0] = "Title"
    assert told(rows, "en") == ["3,1: there is a row 'Title' already, row 2; delete one"]


@pytest.mark.parametrize(
    ("kind", "vi"),
    [
        ("Lựa chọn", "2,1: dòng 'Lựa chọn' phải nằm dưới dòng 'Hỏi'; hãy chuyển xuống đó"),
        ("Câu thoại", "2,1: dòng 'Câu thoại' phải nằm dưới dòng 'Diễn tập'; hãy chuyển xuống đó"),
        ("Mục hồ sơ", "2,1: dòng 'Mục hồ sơ' phải nằm dưới dòng 'Hồ sơ dữ kiện'; hãy chuyển xuống đó"),
    ],
)
def test_a_row_in_a_wrong_place_is_told(kind: str, vi: str) -> None:
    assert told([list(HEAD), [kind, "", "chữ"]]) == [vi]


def test_what_any_lesson_may_have_wrong_is_told_with_its_cell() -> None:
    rows = good()
    rows[3][2] = "nhanh"
    rows[9][3] = ""
    rows[10][2] = "Không {Ai}"
    found = told(rows)
    assert {each.partition(":")[0] for each in found} == {"4,3", "10,3", "11,3"}
    assert "'nhanh'" in found[0]


def test_rows_that_lack_are_told() -> None:
    assert told([list(HEAD), *good()[2:8]]) == [
        "1,1: chưa có bước nào; hãy thêm một dòng 'Kể'",
        "1,1: thiếu dòng 'Tên bài'; hãy thêm vào",
    ]


# --- files


@pytest.mark.parametrize("text", ["=1+1", "+84", "- một", "@ai", "'=x", "''-y"])
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_no_text_becomes_a_formula(tmp_path: Path, text: str, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(as_file([["Lời"], [text]], ending))
    assert read_sheet(path) == [["Lời"], [text]]
    if ending == ".csv":
        assert not path.read_text(encoding="utf-8-sig").splitlines()[1].startswith(("=", "+", "-", "@"))
    else:
        cell = load_workbook(path).worksheets[0]["A2"]
        assert (cell.data_type, cell.quotePrefix) == ("s", not text.startswith("'"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_as_programs_write_it(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"Dòng{delimiter}Lời\nKể{delimiter}Một\n\n", encoding=encoding)
    assert read_sheet(path) == [["Dòng", "Lời"], ["Kể", "Một"]]


def test_formulas_and_faulty_cells_of_a_sheet_are_known(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["=1+1", "#REF!"])
    book.save(tmp_path / "a.xlsx")
    assert [type(cell) for cell in read_sheet(tmp_path / "a.xlsx")[0]] == [Formula, Formula]


def packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return made.getvalue()


TOO_LARGE = (
    "{}: quá lớn đối với một bài học; nhiều nhất 2000 hàng, 60 cột."
    " (It is too large for a lesson; at most 2000 rows and 60 columns.)"
)
NOT_UTF8 = (
    "{}: chữ không theo UTF-8; hãy lưu lại thành 'CSV UTF-8'. (Its letters aren't UTF-8; save it as 'CSV UTF-8'.)"
)
NO_CSV = (
    "{}: không đọc được như một tệp .csv; hãy lưu lại thành 'CSV UTF-8'."
    " (It can't be read as a .csv file; save it as 'CSV UTF-8'.)"
)
NO_SHEET = (
    "{}: không phải tệp Excel đọc được; hãy mở nó rồi lưu lại thành .xlsx."
    " (It is no Excel file that can be read; open it and save it as .xlsx.)"
)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.xlsx", packed(bomb=bytes(sheet_file.MAX_UNPACKED + 1)), TOO_LARGE),
        ("a.csv", b"x" * (sheet_file.MAX_BYTES + 1), TOO_LARGE),
        ("a.csv", b"a\n" * 2001, TOO_LARGE),
        ("a.csv", b"," * 60 + b"x", TOO_LARGE),
        ("a.xlsx", b"no zip", NO_SHEET),
        ("a.xlsx", packed(other=b"text"), NO_SHEET),
        ("a.xlsx", packed(page=b"<!DOCTYPE a [<!ENTITY b 'c'>]>"), NO_SHEET),
        (
            "a.csv",
            "Lời".encode() + b"\xff",
            NOT_UTF8,
        ),
        (
            "a.csv",
            b"a\n" + b"x" * 140_000,
            NO_CSV,
        ),
    ],
)
def test_what_is_no_sheet_or_too_large_is_refused(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Unreadable) as refused:
        read_sheet(path)
    assert str(refused.value) == why.format(path)


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    with pytest.raises(Unreadable, match="Có lời dài hơn 32767 ký tự"):
        as_file([["x" * 32_768]], ".xlsx")


# --- the commands


@pytest.mark.parametrize("name", ["bai.xlsx", "bai.csv"])
def test_a_lesson_goes_out_and_comes_back_the_same(run: Run, name: str) -> None:
    before = read_lesson(LESSON.read_text(encoding="utf-8"), "", LESSON.stem, "an-toan")
    assert run("export", "an-02", "--out", name).stdout == f"Đã ghi {name}. (Written.)\n"
    ended = run("import", name, "--force")
    assert ended.exit_code == 0, ended.output
    assert read_lesson(LESSON.read_text(encoding="utf-8"), "", LESSON.stem, "an-toan") == before


def test_nothing_is_overwritten_without_being_told_to(run: Run) -> None:
    before = LESSON.read_bytes()
    assert run("export", LESSON.stem, "--out", "bai.csv").exit_code == 0
    ended = run("import", "bai.csv")
    assert ended.exit_code == 1
    assert "an-02-giu-ma.yaml; thêm --force để thay. (It is there already; --force replaces it.)\n" in ended.stderr
    assert LESSON.read_bytes() == before
    assert run("export", LESSON.stem, "--out", "bai.csv").exit_code == 1


def test_mistakes_of_a_sheet_are_told_by_file_and_cell_and_nothing_is_written(run: Run) -> None:
    Path("at-09.csv").write_text("Dòng;Mã;Lời;Đúng\nTên bài;;Giữ mã;x\n", encoding="utf-8")
    before = set(Path("lessons").rglob("*"))
    ended = run("import", "at-09.csv", "--course", "an-toan")
    assert (ended.exit_code, ended.stderr) == (1, "at-09.csv: ô D2: dòng 'Tên bài' không có ô 'Đúng'; hãy xóa ô này\n")
    ended = run("import", "at-09.csv", "--lang", "en")
    assert ended.stderr == "at-09.csv: cell D2: a row 'Title' has no 'Right'; empty the cell\n"
    assert set(Path("lessons").rglob("*")) == before


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["export", "an-99", "--out", "a.csv"], "Không có bài 'an-99'; "),
        (
            ["export", "an-02", "--out", "a.ods"],
            "'a.ods' phải có đuôi .xlsx, .csv hoặc .po. (It should end in .xlsx, .csv or .po.)",
        ),
        (["import", "lost.csv"], "lost.csv: không đọc được. (It can't be read: No such file or directory.)"),
        (["import", "bai.csv", "--course", "an-toam"], "Không có khóa 'an-toam'; có phải ý là 'an-toan' không?"),
        (
            ["import", "khac.csv"],
            "Số của 'an-02-khac' đã thuộc về lessons/an-toan/an-02-giu-ma.yaml; hãy chọn số khác.",
        ),
        (["import", "Bai Moi.csv"], "Bai Moi.csv: 'Bai Moi' không làm mã bài được; hãy ghi dòng 'Mã bài', như"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(run: Run, args: list[str], why: str) -> None:
    run("export", "an-02", "--out", "bai.csv")
    there = Path("bai.csv").read_text(encoding="utf-8")
    Path("khac.csv").write_text(there.replace(LESSON.stem, "an-02-khac"), encoding="utf-8")
    Path("Bai Moi.csv").write_text("\n".join(x for x in there.splitlines() if "Mã bài" not in x), encoding="utf-8")
    ended = run(*args)
    assert ended.exit_code == 1
    assert ended.stderr.startswith(why)


def test_a_long_text_stands_behind_a_bar_and_short_lists_on_one_line() -> None:
    written = lesson_yaml(LESSONS[0])
    assert "\n    text: |\n      " in written
    assert "\naudience: [" in written
    assert list(lesson_data(LESSONS[0]))[:3] == ["format", "title", "summary"]
