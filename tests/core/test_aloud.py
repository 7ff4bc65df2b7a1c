"""Texts as they are said: every case that is known to trip a voice, and what holds for any text."""

import re
import time
import unicodedata
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from small import REPO, SHIPPED

from bot.core.aloud import MOST, Reader
from bot.core.pronunciation import NOTHING, Pronunciation

READER = SHIPPED.reader


def cases(lang: str) -> list[tuple[str, str]]:
    """Read a table of `written => said`."""
    found: list[tuple[str, str]] = []
    for line in (REPO / "tests" / "aloud" / f"{lang}.txt").read_text(encoding="utf-8").splitlines():
        written, arrow, said = line.rpartition(" => ")
        if arrow and not line.startswith("# What"):
            found.append((written.replace("\\n", "\n"), said))
    return found


VI, EN = cases("vi"), cases("en")


@pytest.mark.parametrize(("written", "said"), VI)
def test_what_is_said_in_vietnamese(written: str, said: str) -> None:
    assert READER.aloud(written, "vi") == said


@pytest.mark.parametrize(("written", "said"), EN)
def test_what_is_said_in_english(written: str, said: str) -> None:
    assert READER.aloud(written, "en") == said


def test_the_tables_are_long_and_say_nothing_twice() -> None:
    assert len(VI) >= 300
    assert len(EN) >= 90
    assert len(set(VI)) == len(VI)
    assert len(set(EN)) == len(EN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("VNeID", "VNeID"),
        ("OTP 15", "O T P mười lăm"),
        ("Nhắn 113 tin, dùng 4G.", "Nhắn một trăm mười ba tin, dùng bốn G."),
        ("dichvucong.gov.vn", "dichvucong chấm gov chấm vn"),
        ("10 km", "mười km"),
    ],
)
def test_without_the_file_a_text_is_said_as_well_as_can_be(text: str, said: str) -> None:
    assert Reader(NOTHING).aloud(text, "vi") == said


def test_a_word_in_small_letters_is_meant_however_it_is_written() -> None:
    reader = Reader(
        Pronunciation.model_validate(
            {"format": 1, "vi": {"words": {"zalo": "da lô", "ID": "ai đi", "MB": "em bi", "MB Bank": "em bi banh"}}}
        )
    )
    assert reader.aloud("Zalo, ZALO, zalo; zaloo", "vi") == "da lô, da lô, da lô; zaloo"
    assert reader.aloud("ID, id, IDs", "vi") == "ai đi, id, IDs"
    assert reader.aloud("MB Bank hay MB", "vi") == "em bi banh hay em bi"


def test_an_unknown_language_is_read_like_english() -> None:
    assert READER.aloud("15", "fr") == "fifteen"


# Pieces that meet in odd ways, and letters of any script.
PIECES = (
    *("113", "0912", "345 678", "1.500.000", "22/11/2026", "/2024/", "8h30", "24/7", "1900xxxx", "NĐ-CP", "4G", "II"),
    *("OTP", "VNeID", "ABC", "app", "Zalo", "km", "MB", "đ", "TP.", "v.v.", "d.", "é", "ngày", "tháng", "quý", "gọi"),
    *("số", "mã", "http://", "www.", "a@b.vn", "²", "½", "①", "٣", "😀", "...", "…", "→", "\n", " ", "*", "**", "_"),
    *("#", "&", "+", "%", ",", ".", ":", "/", "-", "–", "(", ")", "'", "’", "“", "”"),
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["vi", "en"]))
@example("HTTP://$.", "vi")
@example("1\u20e3 ①②③ ٣ ㊀ Ⅳ", "vi")
def test_any_text_becomes_words_and_pauses(text: str, lang: str) -> None:
    said = READER.aloud(text, lang)
    for char in said:
        assert char.isalpha() or unicodedata.combining(char) or char in " ,.;:!?'-", (char, said)
        assert not unicodedata.category(char).startswith("N")
    assert said == " ".join(said.split())
    assert not re.search(r" [,.;:!?]|[,.;:!?]{2}|[,.;:!?](?=[^ ])", said)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["vi", "en"]))
def test_what_is_said_is_said_the_same_again(text: str, lang: str) -> None:
    said = READER.aloud(text, lang)
    assert READER.aloud(said, lang) == said


@pytest.mark.parametrize(
    "piece", ["a", "1", "1.", "a.", "a/", "- ", " ", "a@", "A ", "(", "1/", "-", "0912 ", ".", "+1"]
)
def test_the_time_grows_with_the_text(piece: str) -> None:
    """Where a pattern looked again and again through what it had seen, four times the text would cost sixteen."""
    reader = Reader(SHIPPED.pronunciation)

    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        best = 9.0
        for number in range(3):
            began = time.process_time()
            reader.aloud(f"{text}{number}"[-size:], "vi")
            best = min(best, time.process_time() - began)
        return best

    assert seconds(8000) < 10 * max(seconds(2000), 0.002)


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    assert len(READER.aloud("a" * 10 * MOST, "vi")) == MOST
    assert READER.aloud("\ufdfa" * MOST, "vi")


def texts_of(part: object) -> Iterator[str]:
    """Find the texts that learners read in a lesson or course; not its ids, facts and sources."""
    unsaid = {"id", "was", "kind", "next", "file", "audience", "skills", "needs", "facts", "sources", "course", "lang"}
    unsaid |= {"allow"}  # for editors
    if isinstance(part, str):
        yield part
    elif isinstance(part, BaseModel):
        named = [name for name in type(part).model_fields if name not in unsaid and name != "lessons"]
        yield from chain.from_iterable(texts_of(getattr(part, name)) for name in named)
    elif isinstance(part, tuple):
        yield from chain.from_iterable(map(texts_of, part))


def taught(lang: str) -> Iterator[str]:
    for languages in (*SHIPPED.courses, *SHIPPED.lessons.values()):
        yield from texts_of(languages.get(lang))
    yield from SHIPPED.phrases[lang].says.model_dump().values()


def unknown(text: str, lang: str) -> str:
    """Return the text without placeholders, and without the words that the file knows."""
    words = sorted(SHIPPED.pronunciation.of(lang).words, key=len, reverse=True)
    small = "|".join(re.escape(word) for word in words if word == word.lower())
    exact = "|".join(re.escape(word) for word in words if word != word.lower())
    return re.sub(rf"\{{\w+\}}|(?<![^\W_])(?:{exact}|(?i:{small}))(?![^\W_])", " ", text)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_abbreviation_that_is_taught_has_its_pronunciation(lang: str) -> None:
    for text in taught(lang):
        found = [run for run in re.findall(r"[^\W\d_]{2,}", unknown(text, lang)) if run.isupper()]
        assert found == [], f"add {found} to lessons/pronunciation.yaml: {text!r}"


def test_every_foreign_word_that_is_taught_has_its_pronunciation() -> None:
    """Vietnamese has no f, j, w or z: words with these a voice can't guess."""
    for text in taught("vi"):
        found = re.findall(r"(?i)(?<![^\W_])[a-z]*[fjwz][a-z]*(?![^\W_])", unknown(text, "vi"))
        assert found == [], f"add {found} to lessons/pronunciation.yaml: {text!r}"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_word_of_the_file_is_said_as_it_stands_there(lang: str) -> None:
    sayings = SHIPPED.pronunciation.of(lang)
    for written, said in sayings.words.items():
        if written.endswith(".") or "." not in written:  # parts of web addresses apart
            assert READER.aloud(written, lang) == said, written
        assert READER.aloud(said, lang) == said, written
    for written, said in sayings.units.items():
        assert READER.aloud(f"5 {written}", lang).endswith(f" {said}"), written


def test_the_tables_lie_where_editors_find_them() -> None:
    assert sorted(path.name for path in Path(REPO / "tests" / "aloud").iterdir()) == ["en.txt", "vi.txt"]
