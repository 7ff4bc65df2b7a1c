"""From the script to the recordings: what is to be read, what comes back, what has to be read again."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from made_sounds import FLAC, MP3, OPUS, WAV, file_of, silence, speech, tone
from small import REAL, small_library

from bot.core.library import Library
from bot.core.readable import Named, text_hash
from bot.core.sayable import sayable
from bot.voice import importing, opus, script
from bot.voice.engines.recorded import Recorded
from bot.voice.importing import How, Outcome
from bot.voice.level import LOUDNESS, loudness
from bot.voice.names import file_of as name_of
from bot.voice.names import named
from bot.voice.recording_files import BadIndex
from bot.voice.recordings import INDEX, recordings
from bot.voice.sound import Sound, read_sound

LIBRARY = small_library()
PARTS = list(named(LIBRARY, "vi"))
FOR_BAN = list(named(LIBRARY, "vi", ["ban"]))
DAY = dt.date(2026, 11, 22)


def part(text: str) -> Named:
    return next(each for each in PARTS if each.text == text)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "voice" / "vi-thanhhoa"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "new").mkdir()
    return tmp_path / "new"


def put(folder: Path, named_: Named, data: bytes, ending: str = "wav") -> Path:
    path = folder / f"{name_of(named_.name)}.{ending}"
    path.write_bytes(data)
    return path


def take(folder: Path, home: Path, how: How | None = None, **more: object) -> list[Outcome]:
    taken = importing.take(importing.sounds_in(folder), PARTS, home, how or How(), **more)  # type: ignore[arg-type]
    return list(taken)


@pytest.mark.parametrize("library", [LIBRARY, REAL], ids=["small", "real"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_part_has_one_name_and_one_file(library: Library, lang: str) -> None:
    parts = list(named(library, lang))
    assert [each.text for each in parts] == [each.text for each in sayable(library, lang)]
    assert len({each.name for each in parts}) == len(parts)
    assert len({name_of(each.name) for each in parts}) == len(parts)


def test_a_name_hangs_neither_on_the_course_nor_on_who_is_addressed() -> None:
    whole = {each.text: each.name for each in named(REAL, "vi")}
    for each in named(REAL, "vi", ["ban", "chu"], ["an-toan"]):
        assert whole[each.text] == each.name


def test_names_tell_where_a_text_stands() -> None:
    assert part("Một điều.").name.startswith("bai-02/ke/")
    assert part("Bác bấm Tiếp.").name.endswith("-bac")
    assert part("Bạn bấm Tiếp.").name == part("Bác bấm Tiếp.").name.replace("-bac", "-ban")
    assert part("Bạn bấm Tiếp.").written == "Bạn bấm Tiếp."


def test_the_script_shows_what_is_written_beside_what_is_said() -> None:
    rows = {row.part.written: row.part.text for row in script.tasks(named(REAL, "vi", ["ban"]), ())}
    assert any("VNeID" in written and "vi en i ai đi" in said for written, said in rows.items())
    assert not any("**" in written for written in rows)


def test_the_script_comes_back_as_spreadsheets_save_it() -> None:
    data = script.written(script.tasks(FOR_BAN, ()))
    assert data.startswith(b"\xef\xbb\xbfid,")
    known = {each.name: text_hash(each.text) for each in FOR_BAN}
    assert script.read(data, "a.csv") == known
    plain = "\r\n".join(f"{name};x;{mark}" for name, mark in known.items())
    assert script.read(f"id;file;hash\r\n{plain}\r\n;;\r\n".encode(), "a.csv") == known


def test_the_script_comes_back_from_excel_too() -> None:
    tasks = script.tasks(FOR_BAN, ())
    data = script.written(tasks, ".xlsx")
    assert script.read(data, "a.xlsx") == {each.name: text_hash(each.text) for each in FOR_BAN}
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    assert rows[0] == script.HEADS
    assert [row[4:] for row in rows[1:]] == [(task.part.written, task.part.text) for task in tasks]


def test_a_text_that_begins_like_a_formula_is_none_in_excel() -> None:
    [task] = script.tasks([FOR_BAN[0]._replace(written="=1+1")], ())
    page = openpyxl.load_workbook(io.BytesIO(script.written([task], ".xlsx"))).worksheets[0]
    assert (page["E2"].value, page["E2"].data_type) == ("=1+1", "s")


def packed_zeros() -> bytes:
    """A small file that unpacks to more than anybody has room for."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(script.MAX_UNPACKED + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a,b\n1,2\n", "a.csv has no columns 'id' and 'hash' in its first line; take one that 'voice script' wrote."),
        (b"", "a.csv has no columns 'id' and 'hash' in its first line; take one that 'voice script' wrote."),
        (b"id,hash\nbai-01\n", "a.csv:2: this line is cut off; it should have 2 cells."),
        (b"\xff\xfeid", "a.csv is not UTF-8 text; save it as 'CSV UTF-8'."),
        (b"PK\x03\x04\xff\xfe", "a.csv is no Excel file that can be read; open it and save it as .xlsx."),
        (packed_zeros(), "a.csv is far too large for a script."),
    ],
)
def test_what_is_no_script_is_said(data: bytes, says: str) -> None:
    with pytest.raises(script.BadScript) as error:
        script.read(data, "a.csv")
    assert str(error.value) == says


@pytest.mark.parametrize("kind", ["flac", "ogg"])
def test_recordings_of_any_kind_are_heard_in_the_end(folder: Path, home: Path, kind: str) -> None:
    read = [(part("Một điều."), WAV, "wav"), (part("Hết bài."), MP3, "mp3"), (part("Diễn tập."), FLAC, "flac")]
    read.append((part("Đó là kẻ lừa."), OPUS, "ogg"))
    for each, form, ending in read:
        quiet = speech(each.text, loud=0.1)
        edges = np.concatenate([silence(1.5).samples, quiet.samples, silence(2.0).samples])
        put(folder, each, file_of(Sound(edges, quiet.rate), form), ending)
    outcomes = take(folder, home, How(kind, who="bà Hoa", when=DAY))  # type: ignore[arg-type]
    assert [each.why for each in outcomes] == [""] * 4
    found, problems = recordings(home)
    assert problems == ()
    assert {each.text for each in found} == {text_hash(each.text) for each, *_ in read}
    assert {(each.who, each.when) for each in found} == {("bà Hoa", DAY)}
    for one in found:
        data = one.file.read_bytes()
        sound = opus.decode(data) if kind == "ogg" else read_sound(data)
        assert sound.seconds < 2.5  # the silence is gone
        assert loudness(sound) == pytest.approx(LOUDNESS, abs=1.5)
    engine = Recorded(home.parent)
    assert engine.say("Một điều.", "vi-thanhhoa", slow=False).seconds > 0.3
    assert engine.voice("vi", "Một điều.") == ""
    statuses = {row.part.text: row.status for row in script.tasks(PARTS, found)}
    assert statuses["Một điều."] == script.RECORDED
    assert statuses["Bạn bấm Tiếp."] == script.NEW


def test_what_is_bad_is_named_with_its_reason(folder: Path, home: Path) -> None:
    long = part("Bác bấm Tiếp.")
    put(folder, part("Một điều."), file_of(silence(2)))
    put(folder, part("Hết bài."), b"no sound at all", "m4a")
    put(folder, part("Diễn tập."), file_of(Sound(np.clip(tone(200, 1.0).samples * 40, -1, 1), 24_000)))
    put(folder, part("Đó là kẻ lừa."), file_of(speech("dài " * 60)))
    put(folder, long, file_of(speech(long.text)))
    (folder / "bai-02_ke_77.wav").write_bytes(file_of(speech("gì")))
    (folder / "notes.txt").write_text("không phải tiếng")
    whys = {each.file.stem: each.why for each in take(folder, home)}
    assert whys.pop(name_of(long.name)) == ""
    assert whys[name_of(part("Một điều.").name)] == "The sound is silent."
    unread = "This is no sound that can be read, or it is broken. Save it as WAV, FLAC, MP3 or OGG."
    assert whys[name_of(part("Hết bài.").name)] == unread
    assert "cut off at the top" in whys[name_of(part("Diễn tập.").name)]
    assert whys[name_of(part("Đó là kẻ lừa.").name)].startswith("The sound is too long: ")
    assert whys["bai-02_ke_77"].startswith("No text has this name; did you mean 'bai-02_ke_")
    assert len(whys) == 5
    assert len(recordings(home)[0]) == 1


def test_a_good_recording_stays_unless_told_otherwise(folder: Path, home: Path) -> None:
    one = part("Một điều.")
    put(folder, one, file_of(speech(one.text, pitch=140)))
    take(folder, home)
    before = recordings(home)[0][0].file.read_bytes()
    put(folder, one, file_of(speech(one.text, pitch=240)))
    (again,) = take(folder, home)
    assert (again.why, again.kept) == ("It is recorded already; --again takes this one instead.", True)
    assert recordings(home)[0][0].file.read_bytes() == before
    (taken,) = take(folder, home, How(again=True))
    assert taken.why == ""
    ((only,), problems) = recordings(home)
    assert problems == ()
    assert only.file.read_bytes() != before


def test_a_recording_that_is_broken_is_replaced_without_asking(folder: Path, home: Path) -> None:
    one = part("Một điều.")
    put(folder, one, file_of(speech(one.text)))
    take(folder, home)
    recordings(home)[0][0].file.write_bytes(b"half")
    assert [each.why for each in take(folder, home)] == [""]
    assert read_sound(recordings(home)[0][0].file.read_bytes()).seconds > 0.3


def test_what_was_indexed_by_hand_stays(folder: Path, home: Path) -> None:
    (home / "bai-02").mkdir(parents=True)
    digits = "1234567890123456"
    entry = f'- {{file: a/cu.wav, text: "{digits}", step: bai-02/ke/9, who: "ông: Ba"}}'
    (home / "bai-02" / INDEX).write_text(f"format: 1\nrecordings:\n{entry}\n", encoding="utf-8")
    one = part("Một điều.")
    put(folder, one, file_of(speech(one.text)))
    take(folder, home)
    found, problems = recordings(home)
    assert problems == ()
    by_text = {each.text: each for each in found}
    assert by_text[digits].who == "ông: Ba"
    assert by_text[digits].file == home / "bai-02" / "a" / "cu.wav"
    assert len(found) == 2


def test_a_broken_index_is_left_alone(folder: Path, home: Path) -> None:
    home.mkdir(parents=True)
    (home / INDEX).write_text("format: 1\nrecording: []\n")
    one = part("Một điều.")
    put(folder, one, file_of(speech(one.text)))
    with pytest.raises(BadIndex, match="did you mean 'recordings'"):
        take(folder, home)
    assert [path.name for path in home.iterdir()] == [INDEX]


def test_by_its_script_a_recording_finds_its_text_under_another_number(folder: Path, home: Path) -> None:
    table = {"bai-02/ke/40": text_hash("Một điều."), "bai-02/ke/41": text_hash("Điều cũ.")}
    for name in table:
        (folder / f"{name_of(name)}.wav").write_bytes(file_of(speech("Một điều.")))
    moved, changed = take(folder, home, script=table)
    assert moved.why == ""
    assert recordings(home)[0][0].text == text_hash("Một điều.")
    assert changed.why == "Its text was changed since the script was written; read the new one."


def test_the_entry_of_a_text_that_is_gone_goes_when_its_place_is_read_anew(folder: Path, home: Path) -> None:
    one = part("Một điều.")
    put(folder, one, file_of(speech(one.text)))
    changed = [each._replace(text="Một điều cũ hơn.") if each is one else each for each in PARTS]
    list(importing.take(importing.sounds_in(folder), changed, home, How()))
    assert [each.status for each in script.tasks([one], recordings(home)[0])] == [script.STALE]
    take(folder, home)
    ((only,), _) = recordings(home)
    assert only.text == text_hash(one.text)
