"""Lesson and translation files: one fault each, and the exact sentence an editor reads."""

import datetime as dt
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lesson_texts import COURSE, COURSE_TRANSLATION, LESSON, TRANSLATION, changed, told

from bot.core.lesson import Ask, Course, Do, Lesson, LessonFile, Scene, Tell, key_of
from bot.core.lesson_file import read_course, read_course_translation, read_lesson, read_translation
from bot.core.phrases import Phrases
from bot.core.translation import LessonTranslation
from bot.core.yaml_file import read
from bot.core.yaml_text import MAX_BYTES, parse

PATH = "an-02-giu-ma.yaml"
STEPS = LESSON[LESSON.index("steps:") : LESSON.index("learnt")]
SAID_NGHE = TRANSLATION[TRANSLATION.index("  - id: nghe") : TRANSLATION.index("  - id: hoi")]
SAID_LAM = TRANSLATION[TRANSLATION.index("  - id: lam") : TRANSLATION.index("  - id: goi")]


def read_it(text: str) -> Lesson | list[str]:
    found = read_lesson(text, PATH, "an-02-giu-ma", "an-toan")
    return told(found) if isinstance(found, list) else found


def good(text: str = LESSON) -> Lesson:
    found = read_it(text)
    assert isinstance(found, Lesson), found
    return found


def said(text: str, lesson: Lesson | None = None) -> Lesson | list[str]:
    found = read_translation(text, "an-02-giu-ma.en.yaml", lesson or good(), "en")
    return told(found) if isinstance(found, list) else found


UNSEEN = "an invisible or broken character,"
ANEW = "delete it; type the words anew"


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        ("", "1:1: the file is empty; see docs/lessons.md for what belongs in it"),
        ("# sau này\n", "1:1: the file is empty; see docs/lessons.md for what belongs in it"),
        ("- một\n", "1:1: the file is a list; it should be a mapping: 'key: value' lines"),
        ("xin chào\n", "1:1: the file is the text 'xin chào'; it should be a mapping: 'key: value' lines"),
        (f"# {'x' * MAX_BYTES}", "1:1: the file is over 256 kB; split it into several lessons"),
        (changed(LESSON, STEPS, ""), "1:1: key 'steps' is missing; add 'steps: …'"),
        (changed(LESSON, STEPS, "steps: []\n"), "10:1: 'steps' has 0 items; at least 1 would be right"),
        (changed(LESSON, "    kind: do", "\tkind: do"), "27:1: a tab; use spaces, not tabs, to indent"),
        (changed(LESSON, "Diễn tập.", "Diễn\u200b tập."), f"33:15: {UNSEEN} ZERO WIDTH SPACE (U+200B); {ANEW}"),
        (
            changed(LESSON, "text: Diễn tập.", 'text: "Diễn \\u200btập."'),
            f"33:5: {UNSEEN} ZERO WIDTH SPACE (U+200B); {ANEW}",
        ),
        (
            changed(LESSON, "    kind: do", "\u00a0\u00a0\u00a0\u00a0kind: do"),
            f"27:4: {UNSEEN} NO-BREAK SPACE (U+00A0); {ANEW}",
        ),
        (changed(LESSON, "Diễn tập.", "Di\ufffdn tập."), f"33:13: {UNSEEN} REPLACEMENT CHARACTER (U+FFFD); {ANEW}"),
        (changed(LESSON, "Diễn tập.", "Diễn \x07tập."), f"33:16: {UNSEEN} CONTROL CHARACTER (U+0007); {ANEW}"),
        (changed(LESSON, "Diễn tập.", "Di\ud800n tập."), f"33:13: {UNSEEN} CONTROL CHARACTER (U+D800); {ANEW}"),
        (
            changed(LESSON, "minutes: 3", f"minutes: 0x{'F' * 5000}"),
            f"4:1: 'minutes' is 0x{'f' * 38}…; at most 10 would be right",
        ),
    ],
)
def test_a_fault_that_needs_more_than_a_line_to_show(bad: str, expected: str) -> None:
    assert read_it(bad) == [expected]


def test_a_problem_begins_with_its_path() -> None:
    found = read_lesson("x", "lessons/an-toan/an-02.yaml", "an-02", "an-toan")
    assert isinstance(found, list)
    assert str(found[0]).startswith("lessons/an-toan/an-02.yaml:1:1: error wrong-type: the file is the text 'x'; ")


def test_the_good_lesson_reads_as_it_is_written() -> None:
    lesson = good()
    assert (lesson.id, lesson.course, lesson.lang, lesson.key) == ("an-02-giu-ma", "an-toan", "vi", "an-02")
    assert [step.id for step in lesson.steps] == ["nghe", "hoi", "lam", "goi"]
    assert (lesson.checked, lesson.recheck_by) == (dt.date(2026, 11, 22), dt.date(2027, 2, 22))
    assert lesson.renamed == {"hoi-cu": "hoi"}
    assert lesson.questions == 1
    assert lesson.learnt == "{Bạn} biết giữ mã.\nAi hỏi cũng không đưa."
    ask = lesson.steps[1]
    assert isinstance(ask, Ask)
    assert ask.tries == 2
    assert [choice.right for choice in ask.choices] == [True, False]


def test_many_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = LESSON
    for old, new in (
        ("minutes: 3", "minutes: 0"),
        ("recheck_by: 2027", "recheck_by: 2025"),
        ("**Tiếp**.", "**Tiếp* {ban}."),
        ("    hint: Mã", "    hnit: Mã"),
        ("id: lam", "id: nghe"),
        ("next: doa", "next: dao"),
        ("text: Cúp máy luôn", "text: Đọc mã"),
    ):
        text = changed(text, old, new)
    assert read_it(text) == [
        "4:1: 'minutes' is 0; at least 1 would be right",
        "9:1: 'recheck_by' 2025-02-22 is before 'checked'; give a later date",
        "13:29: a '*' stands alone; write **name** around the name of a button, or no '*'",
        "13:37: {ban} is no placeholder; did you mean '{bạn}'?",
        "19:5: unknown key 'hnit'; did you mean 'hint'?",
        "26:5: id 'nghe' is already used in line 11; give each its own",
        "39:31: line 'chao' goes to 'dao', which is not in this scene; did you mean 'doa'?",
        "46:14: the choice 'Đọc mã' stands twice; change one",
    ]


def test_numbers_too_long_to_write_are_told_wherever_they_stand() -> None:
    huge = f"0x{'F' * 5000}"
    for old in (
        "2026-11-22",
        "3\n",
        "Giữ mã",
        "hoi\n",
        "Không đưa\n",
        "true",
        "doa\n",
        "nct",
        "an-01-dau-hieu",
        "nut.png",
    ):
        found = read_it(changed(LESSON, old, huge if "\n" not in old else f"{huge}\n"))
        assert isinstance(found, list)
        assert found
        assert all(len(each) < 200 for each in found)


def test_a_placeholder_is_found_in_the_line_where_it_stands() -> None:
    text = changed(LESSON, "Ai hỏi cũng", "Ai hỏi {bam} cũng {Ban}")
    assert read_it(text) == [
        "50:10: {bam} is no placeholder; did you mean '{bạn}'?",
        "50:21: {Ban} is no placeholder; did you mean '{Bạn}'?",
    ]


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    windows = "\ufeff" + LESSON.replace("\n", "\r\n")
    assert good(windows) == good()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_are_right_with_any_line_ends(end: str) -> None:
    text = changed(LESSON, "Ai hỏi cũng", "Ai *hỏi cũng").replace("\n", end)
    assert read_it(text) == ["50:6: a '*' stands alone; write **name** around the name of a button, or no '*'"]


def test_decomposed_letters_become_composed() -> None:
    decomposed = unicodedata.normalize("NFD", LESSON)
    assert decomposed != LESSON
    assert good(decomposed) == good()


def test_a_time_of_the_day_is_a_text() -> None:
    assert good(changed(LESSON, "title: Giữ mã", "title: 12:30")).title == "12:30"


def test_yes_and_no_may_be_written_for_true_and_false() -> None:
    assert good(changed(LESSON, "right: true", "right: yes")) == good()


def test_what_may_be_left_out_may_be_left_out() -> None:
    text = LESSON
    for old in (
        "needs: [an-01-dau-hieu]\n",
        "    picture: {file: nut.png, alt: Nút màu xanh.}\n",
        "    was: [hoi-cu]\n",
        "    hint: Mã là chìa khóa.\n",
        "    differs: Tìm chữ gần giống.\n",
        "    help: Nhờ người nhà.\n",
        LESSON[LESSON.index("learnt") :],
    ):
        text = changed(text, old, "")
    lesson = good(text)
    assert (lesson.needs, lesson.learnt, lesson.help, lesson.facts, lesson.sources) == ((), None, None, (), ())


def test_a_translation_without_steps_or_lines_is_told() -> None:
    steps = TRANSLATION[TRANSLATION.index("steps:") : TRANSLATION.index("learnt")]
    assert said(changed(TRANSLATION, steps, "")) == ["1:1: key 'steps' is missing; add 'steps: …'"]
    lines = TRANSLATION[TRANSLATION.index("    lines:") : TRANSLATION.index("    debrief")]
    assert said(changed(TRANSLATION, lines, "")) == [
        "18:5: step 'goi' has other lines; these would be right: chao, doa"
    ]


def test_of_two_lessons_one_may_be_enough() -> None:
    lesson = good(changed(LESSON, "[an-01-dau-hieu]", "[a-1, {any: [b-2, c-3]}]"))
    first, second = lesson.needs
    assert first == "a-1"
    assert not isinstance(second, str)
    assert second.any == ("b-2", "c-3")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("vneid-03-tai-dung", "vneid-03"),
        ("tk-01", "tk-01"),
        ("an-toan-2-x-3", "an-toan-2"),
        ("loi-chao", "loi-chao"),
        ("a1-b2", "a1-b2"),
        ("at-02a-x", "at-02a-x"),
    ],
)
def test_the_key_of_a_lesson(name: str, key: str) -> None:
    assert key_of(name) == key


def test_the_translation_is_the_same_lesson_in_other_words() -> None:
    lesson = good()
    assert lesson.index["lam"] == 2  # what is cached of the first language must not be carried along
    english = said(TRANSLATION, lesson)
    assert isinstance(english, Lesson)
    assert (english.lang, english.id, english.key, english.title) == ("en", lesson.id, "an-02", "Keep your codes")
    assert english.index == lesson.index
    assert english.renamed == lesson.renamed
    assert english.help is None
    tell, ask, do, scene = english.steps
    assert isinstance(tell, Tell)
    assert tell.picture
    assert (tell.picture.file, tell.picture.alt) == ("nut.png", "A green button.")
    assert isinstance(ask, Ask)
    assert [(choice.text, choice.right) for choice in ask.choices] == [("No", True), ("Yes", False)]
    assert ask.hint == "A code is a key."
    assert isinstance(do, Do)
    assert (do.text, do.differs, do.help) == ("Open your messages.", "Look for similar words.", "Ask your family.")
    assert isinstance(scene, Scene)
    assert [choice.next for choice in scene.by_id["chao"].choices] == ["doa", "debrief"]
    assert scene.by_id["doa"].says == "Hurry up."
    assert scene.debrief == "That was a scammer."


def test_steps_in_another_order_are_told() -> None:
    text = changed(changed(TRANSLATION, SAID_LAM, ""), SAID_NGHE, SAID_LAM + SAID_NGHE)
    assert said(text) == ["5:5: the steps stand in another order; this would be right: nghe, hoi, lam, goi"]


def test_a_translation_tells_many_departures_at_once() -> None:
    text = changed(TRANSLATION, SAID_LAM, "")
    text = changed(text, "    hint: A code is a key.\n", "")
    text = changed(text, "debrief: That", "debrif: That")
    assert said(text) == [
        "4:1: step 'lam' is not translated; add it after 'hoi'",
        "8:5: 'hint' is not translated; add 'hint: …'",
        "28:5: unknown key 'debrif'; did you mean 'debrief'?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: an-toan", "id: an", ["2:1: the id is 'an'; it should be the folder's name, 'an-toan'"]),
        (
            "id: an-toan",
            "id: An",
            ["2:1: 'An' can't be an id; small letters a to z, digits and single hyphens, at most 40, such as 'an'"],
        ),
        ("order: 10", "ordre: 10", ["5:1: unknown key 'ordre'; did you mean 'order'?"]),
        ("order: 10", "order: mười", ["5:1: 'order' is the text 'mười'; it should be a whole number"]),
        ("order: 10\n", "", ["1:1: key 'order' is missing; add 'order: …'"]),
        (
            "id: an-toan\ntitle: An toàn",
            "id: an\ntitle: ' '",
            [
                "2:1: the id is 'an'; it should be the folder's name, 'an-toan'",
                "3:1: the text is empty; write what the learner is to read",
            ],
        ),
    ],
)
def test_a_bad_course_is_told(old: str, new: str, expected: list[str]) -> None:
    assert told(read_course(changed(COURSE, old, new), "course.yaml", "an-toan")) == expected


def test_a_course_in_another_language() -> None:
    course = read_course(COURSE, "course.yaml", "an-toan")
    assert isinstance(course, Course)
    english = read_course_translation(COURSE_TRANSLATION, "course.en.yaml", course, "en")
    assert isinstance(english, Course)
    assert (english.id, english.order, english.title, english.lang) == ("an-toan", 10, "Safety", "en")
    wrong = read_course_translation(f"{COURSE_TRANSLATION}order: 1\n", "course.en.yaml", course, "en")
    assert told(wrong) == ["4:1: unknown key 'order'; known here: format, of, summary, title"]


@pytest.mark.parametrize("deep", ["[" * 200_000, "- " * 100_000, "{a: " * 60_000, "? " * 100_000])
def test_deep_nesting_is_told_and_not_followed(deep: str) -> None:
    started = time.perf_counter()
    found = read_it(deep)
    assert isinstance(found, list)
    assert len(found) == 1
    assert found[0].endswith("nested deeper than 20 levels; see docs/lessons.md")
    assert time.perf_counter() - started < 2  # a whole second would already be a hundred times too long


def test_a_billion_laughs_are_told_and_not_laughed() -> None:
    laughs = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    laughs += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 12)]
    started = time.perf_counter()
    found = read_it("\n".join(laughs))
    assert isinstance(found, list)
    assert found[0] == (
        "1:5: words that begin with '&' have a meaning of their own in YAML;"
        " put the text in quotes; a part used twice is written twice"
    )
    assert time.perf_counter() - started < 2


YAML_LIKE = st.text(st.sampled_from("abc: \n\t-[]{}'\"|>*&!#?,@`%012\\~=<đạế"), max_size=80)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(max_size=10),
    st.sampled_from(["tell", "ask"]),
)
KEYS = st.sampled_from(
    [
        *LessonFile.model_fields,
        "id",
        "kind",
        "text",
        "choices",
        "lines",
        "next",
        "because",
        "was",
        "right",
        "any",
        "tell",
    ]
)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12
)


def flow(data: object) -> str:
    """Write data as one line of YAML, nothing quoted that needn't be."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(flow, data)) + "]"
    return str(data)


def reads_without_raising(text: str) -> None:
    lesson = good()
    for found in (
        read_lesson(text, "x.yaml", "x", "y"),
        read_translation(text, "x.en.yaml", lesson, "en"),
        read_course(text, "course.yaml", "y"),
        read(Phrases, text, "vi.yaml"),
        read(LessonTranslation, text, "x.en.yaml"),
    ):
        if isinstance(found, list):
            assert found
            assert found == sorted(found)
            for problem in found:
                assert problem.line >= 1
                assert problem.column >= 1
                assert "\n" not in problem.told("en") + problem.told("vi")


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(st.text(max_size=200), YAML_LIKE, st.binary(max_size=200).map(lambda raw: raw.decode("latin-1"))))
def test_no_text_makes_reading_raise(text: str) -> None:
    reads_without_raising(text)


@settings(max_examples=150, deadline=None)
@given(data=DATA)
def test_no_data_makes_reading_raise(data: object) -> None:
    reads_without_raising(flow(data))


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(LESSON)), size=st.integers(0, 30), new=YAML_LIKE)
def test_no_change_of_a_good_file_makes_reading_raise(at: int, size: int, new: str) -> None:
    reads_without_raising(LESSON[:at] + new + LESSON[at + size :])
    reads_without_raising(TRANSLATION[:at] + new + TRANSLATION[at + size :])


@settings(max_examples=100, deadline=None)
@given(data=DATA)
def test_every_place_is_in_the_text(data: object) -> None:
    source = parse(flow(data), "x.yaml")
    if not isinstance(source, list):
        lines = source.text.split("\n")
        assert all(line <= len(lines) and column <= len(lines[line - 1]) + 1 for line, column in source.places.values())
