"""A person's recording is heard for exactly the text it says, and whoever keeps them is told what is wrong."""

import os
from pathlib import Path

import pytest
from made_engines import Clock
from made_sounds import FLAC, MP3, WAV, file_of, pitch_of, speech

from bot.core.readable import text_hash
from bot.voice.engine import CantSay
from bot.voice.engines.recorded import LOOK_SECONDS, Recorded
from bot.voice.recordings import Recording, compared, recordings

HELLO, ASK = "Xin chào bác.", "Bác chọn số mấy?"


def record(folder: Path, text: str, name: str, sound: bytes | None = None, **more: str) -> Path:
    """Put a file and its line into a language's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(file_of(speech(text)) if sound is None else sound)
    index = folder / "index.yaml"
    lines = index.read_text() if index.exists() else "format: 1\nrecordings:\n"
    entry = {"file": name, "text": text_hash(text), **more}
    lines += "  - " + "\n    ".join(f"{key}: {value}" for key, value in entry.items()) + "\n"
    index.write_text(lines)
    return index


def why(engine: Recorded, text: str, lang: str) -> str:
    with pytest.raises(CantSay) as refused:
        engine.say(text, lang, slow=False)
    assert refused.value.again_in is None
    return str(refused.value)


@pytest.mark.parametrize("kind", [WAV, FLAC, MP3])
def test_plays_what_was_recorded(tmp_path: Path, kind: tuple[str, str]) -> None:
    record(tmp_path / "vi", HELLO, "chao", file_of(speech(HELLO, pitch=180), kind))
    sound = Recorded(tmp_path).say(HELLO, "vi", slow=False)
    assert sound.seconds == pytest.approx(speech(HELLO).seconds, abs=0.1)
    assert pitch_of(sound) == pytest.approx(180, abs=4)


def test_slow_is_longer_at_the_same_pitch(tmp_path: Path) -> None:
    record(tmp_path / "vi", HELLO, "chao.wav", file_of(speech(HELLO, pitch=180)))
    engine = Recorded(tmp_path)
    slow, normal = (engine.say(HELLO, "vi", slow=slow) for slow in (True, False))
    assert slow.seconds == pytest.approx(1.25 * normal.seconds, abs=0.01)
    assert pitch_of(slow) == pytest.approx(180, abs=4)


def test_a_changed_text_is_not_read_by_the_old_recording(tmp_path: Path) -> None:
    record(tmp_path / "vi", HELLO, "chao.wav")
    engine = Recorded(tmp_path)
    assert engine.voice("vi", HELLO)
    assert engine.voice("vi", HELLO + " ạ") == ""
    assert why(engine, HELLO + " ạ", "vi") == "Nobody has recorded this text in 'vi'."


def test_a_dialect_comes_first_and_the_language_after(tmp_path: Path) -> None:
    record(tmp_path / "vi", HELLO, "chao.wav", file_of(speech(HELLO, pitch=140)))
    record(tmp_path / "vi", ASK, "hoi.wav", file_of(speech(ASK, pitch=140)))
    record(tmp_path / "vi-thanhhoa", HELLO, "chao.wav", file_of(speech(HELLO, pitch=200)))
    engine = Recorded(tmp_path)
    assert [engine.voice(lang) for lang in ("vi", "vi-thanhhoa", "vi-hue", "en")] == ["vi", "vi-thanhhoa", "vi", ""]
    assert engine.voice("vi-thanhhoa", HELLO).startswith("vi-thanhhoa+")
    assert engine.voice("vi-thanhhoa", ASK).startswith("vi+")
    assert pitch_of(engine.say(HELLO, "vi-thanhhoa", slow=False)) == pytest.approx(200, abs=4)
    assert pitch_of(engine.say(ASK, "vi-thanhhoa", slow=False)) == pytest.approx(140, abs=4)
    assert pitch_of(engine.say(HELLO, "vi", slow=False)) == pytest.approx(140, abs=4)


@pytest.mark.parametrize("lang", ["", "..", "../vi", "/etc", "vi/../../x", "vi\0"])
def test_a_language_is_no_path(tmp_path: Path, lang: str) -> None:
    record(tmp_path / "vi", HELLO, "chao.wav")
    (tmp_path / "deep").mkdir()
    engine = Recorded(tmp_path / "deep")
    assert engine.voice(lang) == engine.voice(lang, HELLO) == ""


def test_the_form_of_letters_makes_no_difference(tmp_path: Path) -> None:
    record(tmp_path / "vi", "Điện thoại", "dt.wav")
    assert Recorded(tmp_path).voice("vi", "Đie\u0323\u0302n thoa\u0323i")


def test_new_recordings_are_noticed(tmp_path: Path) -> None:
    clock = Clock()
    engine = Recorded(tmp_path, clock)
    assert engine.voice("vi") == engine.voice("vi", HELLO) == ""
    index = record(tmp_path / "vi", HELLO, "chao.wav")
    assert engine.voice("vi", HELLO) == ""  # it has just looked
    clock.now += LOOK_SECONDS
    first = engine.voice("vi", HELLO)
    assert first.startswith("vi+")
    (tmp_path / "vi" / "chao.wav").write_bytes(file_of(speech(HELLO, pitch=99)))
    os.utime(tmp_path / "vi" / "chao.wav", ns=(1, 1))
    assert engine.voice("vi", HELLO) not in {first, ""}  # read again, better: another clip
    index.unlink()
    clock.now += LOOK_SECONDS
    assert engine.voice("vi", HELLO) == engine.voice("vi") == ""


def test_indexes_lie_in_the_folder_or_one_below(tmp_path: Path) -> None:
    record(tmp_path / "vi", HELLO, "chao.wav")
    record(tmp_path / "vi" / "an-toan", ASK, "hoi.wav")
    record(tmp_path / "vi" / ".trash", "Bỏ đi", "bo.wav")
    found, problems = recordings(tmp_path / "vi")
    assert {each.file.name for each in found} == {"hoi.wav", "chao.wav"}
    assert not problems
    assert Recorded(tmp_path).say(ASK, "vi", slow=False).seconds > 0


def test_files_that_cannot_be_played(tmp_path: Path) -> None:
    folder = tmp_path / "vi"
    record(folder, HELLO, "html.wav", b"<html>" * 99)
    record(folder, ASK, "gone.wav")
    (folder / "gone.wav").unlink()
    engine = Recorded(tmp_path)
    broken = f"The recording {folder}/html.wav can't be played. This is no sound that can be read, or it is broken."
    assert why(engine, HELLO, "vi") == broken
    assert engine.voice("vi", ASK) == ""
    assert why(engine, ASK, "vi") == f"The recording {folder}/gone.wav can't be read (No such file or directory)."


@pytest.mark.parametrize(
    ("index", "problem"),
    [
        ("recordings: []", "1:1: error missing-key: key 'format' is missing; add 'format: …'"),
        ("format: 2\nrecordings: []", "1:1: error not-allowed: 'format' is 2; it should be 1"),
        (
            "format: 1\nrecordings:\n  - file: ../a.wav\n    text: 0123456789abcdef",
            "3:5: error recording-path: 'file' is '../a.wav'; name a file beside this one, or in a folder below",
        ),
        (
            "format: 1\nrecordings:\n  - file: /etc/passwd\n    text: 0123456789abcdef",
            "3:5: error recording-path: 'file' is '/etc/passwd'; name a file beside this one, or in a folder below",
        ),
        (
            "format: 1\nrecordings:\n  - file: a.wav\n    text: Xin chào",
            (
                "4:5: error recording-mark: 'text' is 'Xin chào';"
                " it should be the 16 digits and letters that the script gives for the text"
            ),
        ),
        (
            "format: 1\nrecordings:\n  - file: a.wav\n    text: 0123456789abcdef\n    step: a\n    whom: b",
            "6:5: error unknown-key: unknown key 'whom'; did you mean 'who'?",
        ),
        (
            "format: 1\nrecordings:" + 2 * "\n  - file: a.wav\n    text: 0123456789abcdef",
            "1:1: error recorded-twice: 'a.wav' says the same as 'a.wav', which is heard; take one of them out",
        ),
    ],
)
def test_a_bad_index_is_told_line_by_line(tmp_path: Path, index: str, problem: str) -> None:
    (tmp_path / "index.yaml").write_text(index)
    _, problems = recordings(tmp_path)
    assert [str(each) for each in problems] == [f"{tmp_path}/index.yaml:{problem}"]


def test_an_index_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "index.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.yaml").mkdir()
    _, problems = recordings(tmp_path)
    assert [str(each) for each in problems] == [
        (
            f"{tmp_path}/a/index.yaml:1:1: error cannot-read: the file can't be read (Is a directory);"
            " see that it is there and readable"
        ),
        f"{tmp_path}/index.yaml:1:1: error not-utf8: this is not UTF-8 text; save the file as UTF-8",
    ]
    assert Recorded(tmp_path.parent).voice(tmp_path.name) == ""


def test_numbers_that_look_like_a_hash_want_quotes(tmp_path: Path) -> None:
    (tmp_path / "index.yaml").write_text("format: 1\nrecordings:\n  - file: a.wav\n    text: 1234567812345678\n")
    _, problems = recordings(tmp_path)
    assert "put it in quotes" in str(problems[0])
    (tmp_path / "index.yaml").write_text("format: 1\nrecordings:\n  - file: a.wav\n    text: '1234567812345678'\n")
    assert recordings(tmp_path)[0] == (Recording(tmp_path / "a.wav", "1234567812345678"),)


def test_what_fits_what_is_stale_missing_and_unused() -> None:
    def one(text: str, step: str) -> Recording:
        return Recording(Path(f"{step}.wav"), text_hash(text), step)

    texts = {"a": "Một.", "b": "Hai, mới.", "c": "Ba.", "d": "Một."}
    found = [one("Một.", "a"), one("Hai, cũ.", "b"), one("Bốn.", "e"), one("Một, cũ.", "a")]
    said = compared(found, texts)
    assert said.fitting == {"a": found[0], "d": found[0]}  # one recording serves a text wherever it stands
    assert said.missing == ("b", "c")
    assert said.stale == (found[1],)
    assert said.unused == (found[2], found[3])
