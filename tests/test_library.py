"""The lesson folder: what is wrong with it as a whole, and what stays when a file turns bad."""

import dataclasses
from pathlib import Path

import pytest
from lesson_texts import COURSE, COURSE_TRANSLATION, LESSON, SHORT, SHORT_TRANSLATION, TRANSLATION, changed
from small import REPO

from bot.core.library import FIRST, Library
from bot.core.problem import Problem
from bot.library import NothingToTeach, read_folder

PHRASES = {lang: (REPO / "lessons" / "phrases" / f"{lang}.yaml").read_text(encoding="utf-8") for lang in ("vi", "en")}
GOOD = {
    "phrases/vi.yaml": PHRASES["vi"],
    "phrases/en.yaml": PHRASES["en"],
    "an-toan/course.yaml": COURSE,
    "an-toan/course.en.yaml": COURSE_TRANSLATION,
    "an-toan/an-01-dau-hieu.yaml": SHORT,
    "an-toan/an-01-dau-hieu.en.yaml": SHORT_TRANSLATION,
    "an-toan/an-02-giu-ma.yaml": LESSON,
    "an-toan/an-02-giu-ma.en.yaml": TRANSLATION,
}
SAYS = PHRASES["en"].splitlines().index("says:") + 1
OTHER_COURSE = changed(changed(COURSE, "id: an-toan", "id: vneid"), "order: 10", "order: 5")


@dataclasses.dataclass
class Folder:
    """A lesson folder that a test changes; reading it keeps what was good before."""

    path: Path
    library: Library | None = None

    def write(self, name: str, text: str | bytes | None) -> None:
        there = self.path / name
        there.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            there.unlink()
        elif isinstance(text, bytes):
            there.write_bytes(text)
        else:
            there.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        self.write(name, changed((self.path / name).read_text(encoding="utf-8"), old, new))

    def read(self) -> list[str]:
        """Read the folder again; return its problems as `path in the folder:line:column: what; cure`."""
        self.library, problems = read_folder(self.path, self.library)
        return [
            f"{Path(each.path).relative_to(self.path)}:{each.line}:{each.column}: {each.sentence('en')}"
            for each in problems
        ]

    def lessons(self) -> dict[str, list[str]]:
        """Return which lessons can be taught, and in which languages."""
        assert self.library
        return {key: sorted(languages) for key, languages in self.library.lessons.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "lessons")
    for name, text in GOOD.items():
        made.write(name, text)
    return made


BOTH = {"an-01": ["en", "vi"], "an-02": ["en", "vi"]}


def test_a_good_folder(folder: Folder) -> None:
    assert folder.read() == []
    assert folder.lessons() == BOTH
    assert folder.library
    (course,) = folder.library.courses
    assert {lang: each.title for lang, each in course.items()} == {"vi": "An toàn", "en": "Safety"}
    assert course["en"].lessons == course[FIRST].lessons == ("an-01-dau-hieu", "an-02-giu-ma")
    assert sorted(folder.library.phrases) == ["en", "vi"]


def test_courses_stand_in_their_order(folder: Folder) -> None:
    folder.write("vneid/course.yaml", OTHER_COURSE)
    folder.write("vneid/vneid-01-a.yaml", SHORT)
    assert folder.read() == []
    assert folder.library
    assert folder.library.order == ("vneid-01", "an-01", "an-02")


def test_the_lessons_of_this_repository_are_good() -> None:
    assert read_folder(REPO / "lessons")[1] == ()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"moi/moi-01-a.yaml": SHORT},
            ["moi/moi-01-a.yaml:1:1: folder 'moi' has no course.yaml; add one; docs/lessons.md shows it"],
        ),
        (
            {"vneid/course.yaml": changed(OTHER_COURSE, "id: vneid", "id: vneidd"), "vneid/vneid-01-a.yaml": SHORT},
            ["vneid/course.yaml:2:1: the id is 'vneidd'; it should be the folder's name, 'vneid'"],
        ),
        (
            {"an-toan/an-03-them.yml": SHORT},
            ["an-toan/an-03-them.yml:1:1: the name ends in .yml; end it in .yaml"],
        ),
        (
            {"phrases/fr.yml": PHRASES["en"]},
            ["phrases/fr.yml:1:1: the name ends in .yml; end it in .yaml"],
        ),
        (
            {"an-toan/an-03-them.en.yaml": SHORT_TRANSLATION},
            [
                (
                    "an-toan/an-03-them.en.yaml:1:1: it translates an-03-them.yaml, which isn't there;"
                    " name it after a lesson of this folder"
                )
            ],
        ),
        (
            {"an-toan/an-01-dau-hieu.em.yaml": SHORT_TRANSLATION},
            ["an-toan/an-01-dau-hieu.em.yaml:1:1: there are no phrases for language 'em'; known here: en"],
        ),
        (
            {"an-toan/an-01-dau-hieu.vi.yaml": SHORT_TRANSLATION},
            ["an-toan/an-01-dau-hieu.vi.yaml:1:1: Vietnamese stands in an-01-dau-hieu.yaml itself; delete this file"],
        ),
        (
            {"an-toan/Bài 3.yaml": SHORT},
            [
                (
                    "an-toan/Bài 3.yaml:1:1: a lesson's file can't be called 'Bài 3.yaml';"
                    " small letters a to z, digits and single hyphens, then .yaml or .en.yaml"
                )
            ],
        ),
        (
            {"an-toan/an-01-dau-hieu.en.old.yaml": SHORT_TRANSLATION},
            [
                (
                    "an-toan/an-01-dau-hieu.en.old.yaml:1:1:"
                    " a lesson's file can't be called 'an-01-dau-hieu.en.old.yaml';"
                    " small letters a to z, digits and single hyphens, then .yaml or .en.yaml"
                )
            ],
        ),
        (
            {"an-toan/an-01-them.yaml": SHORT},
            [
                (
                    "an-toan/an-01-them.yaml:1:1: progress can't tell 'an-01-them' from 'an-01-dau-hieu'"
                    " of course 'an-toan'; give it another number"
                )
            ],
        ),
        (
            {"vneid/course.yaml": OTHER_COURSE, "vneid/an-01-khac.yaml": SHORT, "vneid/vneid-01-a.yaml": SHORT},
            [
                (
                    "vneid/an-01-khac.yaml:1:1: progress can't tell 'an-01-khac' from 'an-01-dau-hieu'"
                    " of course 'an-toan'; give it another number"
                )
            ],
        ),
        (
            {"an-toan/an-02-giu-ma.yaml": changed(LESSON, "an-01-dau-hieu", "an-01-dau-heu")},
            [
                (
                    "an-toan/an-02-giu-ma.yaml:7:9: it needs 'an-01-dau-heu', which is no lesson;"
                    " did you mean 'an-01-dau-hieu'?"
                )
            ],
        ),
        (
            {"an-toan/an-02-giu-ma.yaml": changed(LESSON, "an-01-dau-hieu", "{any: [an-01-dau-hieu, vi]}")},
            [
                (
                    "an-toan/an-02-giu-ma.yaml:7:9: it needs 'vi', which is no lesson;"
                    " known here: an-01-dau-hieu, an-02-giu-ma"
                )
            ],
        ),
        (
            {"an-toan/an-02-giu-ma.yaml": changed(LESSON, "an-01-dau-hieu", "an-02-giu-ma")},
            ["an-toan/an-02-giu-ma.yaml:7:1: by way of its needs, the lesson needs itself; take one need out"],
        ),
        (
            {"an-toan/an-01-dau-hieu.yaml": changed(SHORT, "checked", "needs: [an-02-giu-ma]\nchecked")},
            [
                "an-toan/an-01-dau-hieu.yaml:7:1: by way of its needs, the lesson needs itself; take one need out",
                "an-toan/an-02-giu-ma.yaml:7:1: by way of its needs, the lesson needs itself; take one need out",
            ],
        ),
        (
            {
                "an-toan/an-01-dau-hieu.yaml": changed(SHORT, "minutes: 1", "minutes: 0"),
                "an-toan/an-02-giu-ma.yaml": changed(LESSON, "minutes: 3", "minuts: 3"),
                "phrases/en.yaml": changed(PHRASES["en"], "  next_label: Next\n", ""),
            },
            [
                "an-toan/an-01-dau-hieu.yaml:4:1: 'minutes' is 0; at least 1 would be right",
                "an-toan/an-02-giu-ma.yaml:4:1: unknown key 'minuts'; did you mean 'minutes'?",
                f"phrases/en.yaml:{SAYS}:1: key 'next_label' is missing; add 'next_label: …'",
            ],
        ),
    ],
)
def test_what_is_wrong_with_the_folder_is_told(folder: Folder, files: dict[str, str], expected: list[str]) -> None:
    folder.read()  # so that something can be taught in any case
    for name, text in files.items():
        folder.write(name, text)
    assert folder.read() == expected
    assert folder.lessons()["an-01"]


def test_either_of_two_needs_may_lead_out_of_a_circle(folder: Folder) -> None:
    folder.change("an-toan/an-01-dau-hieu.yaml", "checked", "needs: [{any: [an-02-giu-ma, an-03-them]}]\nchecked")
    folder.write("an-toan/an-03-them.yaml", SHORT)
    assert folder.read() == []


def test_who_waits_for_a_circle_is_not_in_it(folder: Folder) -> None:
    folder.change("an-toan/an-01-dau-hieu.yaml", "checked", "needs: [an-01-dau-hieu]\nchecked")
    assert folder.read() == [
        "an-toan/an-01-dau-hieu.yaml:7:1: by way of its needs, the lesson needs itself; take one need out"
    ]


def test_files_that_text_editors_hide_are_no_lessons(folder: Folder) -> None:
    folder.write("an-toan/.#an-01-dau-hieu.yaml", "not: a lesson")
    folder.write("an-toan/._an-01-dau-hieu.yaml", b"\x00\x05\x16\x07")
    folder.write(".trash/course.yaml", COURSE)
    folder.write("an-toan/an-01-dau-hieu.yaml~", SHORT)
    assert folder.read() == []
    assert folder.lessons() == BOTH


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  next_label: Tiếp\n", "", ["key 'next_label' is missing; add 'next_label: …'"]),
        ("  next_label: Tiếp\n", "  nxt_label: Tiếp\n", ["unknown key 'nxt_label'; did you mean 'next_label'?"]),
        ("Bước {step} trên {steps}", "Bước {step}", ["the text lacks {steps}; put it where that word belongs"]),
        (
            "Gợi ý: {hint}",
            "Gợi ý: {hnit}",
            ["the text lacks {hint}", "{hnit} is no placeholder; did you mean '{hint}'?"],
        ),
        (
            "next_label: Tiếp",
            "next_label: Tiếp {title}",
            ["{title} is no placeholder; known here: {Bạn}, {Mình}, {bạn}"],
        ),
        ("  - [chín]\n", "", ["'numbers' has 8 items; at least 9 would be right"]),
        ("tiếng việt]", 'tiếng việt, "..."]', ["'...' has no letter or digit; write words that a learner may type"]),
        ("tiếng việt]", "tiếng việt, yes]", ["'vi' no. 2 is yes/no; it should be text; put it in quotes"]),
        ("  vi: [tiếng việt]\n", "  vi: []\n", ["'vi' has 0 items; at least 1 would be right"]),
        ("language: Tiếng Việt\n", "", ["key 'language' is missing; add 'language: …'"]),
    ],
)
def test_bad_phrases_are_told_and_the_last_good_ones_stay(
    folder: Folder, old: str, new: str, expected: list[str]
) -> None:
    folder.read()
    assert folder.library
    before = folder.library.phrases["vi"]
    folder.change("phrases/vi.yaml", old, new)
    found = folder.read()
    assert len(found) == len(expected)
    for problem in found:
        assert problem.startswith("phrases/vi.yaml:")
        assert any(each in problem for each in expected)
    assert folder.library.phrases["vi"] == before
    with pytest.raises(NothingToTeach):
        read_folder(folder.path)


PRONUNCIATION = """\
format: 1
vi:
  words: {OTP: ô tê pê}
"""


def test_the_pronunciation_is_read_with_the_lessons(folder: Folder) -> None:
    folder.read()
    assert folder.library
    assert folder.library.reader.aloud("Mã OTP", "vi") == "Mã O T P"
    folder.write("pronunciation.yaml", PRONUNCIATION)
    assert folder.read() == []
    assert folder.library.reader.aloud("Mã OTP", "vi") == "Mã ô tê pê"


def test_a_bad_pronunciation_is_told_and_the_last_good_one_stays(folder: Folder) -> None:
    folder.write("pronunciation.yaml", changed(PRONUNCIATION, "ô tê pê", '"0TP"'))
    told = ["pronunciation.yaml:3:11: '0' in '0TP' is no word; write it all in words, as it is heard"]
    assert folder.read() == told
    assert folder.lessons() == BOTH
    folder.write("pronunciation.yaml", PRONUNCIATION)
    assert folder.read() == []
    folder.change("pronunciation.yaml", "words", "wrods")
    assert folder.read() == ["pronunciation.yaml:3:3: unknown key 'wrods'; did you mean 'words'?"]
    assert folder.library
    assert folder.library.reader.aloud("Mã OTP", "vi") == "Mã ô tê pê"
    folder.write("pronunciation.yaml", None)
    assert folder.read() == []
    assert folder.library.reader.aloud("Mã OTP", "vi") == "Mã O T P"


def test_a_sentence_for_everybody_addresses_nobody(folder: Folder) -> None:
    folder.read()
    folder.change("phrases/vi.yaml", "Xin trả lời bằng số.", "{Bạn} trả lời bằng số.")
    (problem,) = folder.read()
    assert problem.endswith("{Bạn} can't be filled in this sentence; say it without: it is the same for everybody")


def test_a_bad_lesson_stays_as_it_was_with_its_translation(folder: Folder) -> None:
    folder.read()
    assert folder.library
    before = folder.library.lessons["an-02"]
    folder.change("an-toan/an-02-giu-ma.yaml", "    kind: do\n", "")
    assert folder.read() == [
        "an-toan/an-02-giu-ma.yaml:26:5: a step without 'kind'; add 'kind: tell', 'ask', 'do' or 'scene'"
    ]
    assert folder.library.lessons["an-02"] == before
    folder.change("an-toan/an-02-giu-ma.yaml", "  - id: lam\n", "  - id: lam\n    kind: do\n")
    folder.change("an-toan/an-02-giu-ma.yaml", "title: Giữ mã", "title: Giữ mã cho kỹ")
    assert folder.read() == []
    assert folder.library.lessons["an-02"][FIRST].title == "Giữ mã cho kỹ"


def test_both_files_of_a_lesson_tell_their_faults_at_once(folder: Folder) -> None:
    folder.read()
    folder.change("an-toan/an-01-dau-hieu.yaml", "minutes: 1", "minutes: 0")
    folder.change("an-toan/an-01-dau-hieu.en.yaml", "summary:", "sumary:")
    assert folder.read() == [
        "an-toan/an-01-dau-hieu.en.yaml:3:1: unknown key 'sumary'; did you mean 'summary'?",
        "an-toan/an-01-dau-hieu.yaml:4:1: 'minutes' is 0; at least 1 would be right",
    ]
    assert folder.lessons() == BOTH


def test_a_bad_translation_stays_as_it_was_while_it_fits(folder: Folder) -> None:
    folder.read()
    folder.change("an-toan/an-01-dau-hieu.en.yaml", "Listen.", "Listen *now.")
    told = (
        "an-toan/an-01-dau-hieu.en.yaml:5:29: a '*' stands alone; write **name** around the name of a button, or no '*'"
    )
    assert folder.read() == [told]
    assert folder.lessons() == BOTH
    assert folder.library
    assert folder.library.lessons["an-01"]["en"].steps[0].text == "Listen."
    # When the lesson itself changes, nobody knows whether the old words still say the same.
    folder.change("an-toan/an-01-dau-hieu.yaml", "Nghe nhé.", "Đọc nhé.")
    assert folder.read() == [told]
    assert folder.lessons()["an-01"] == ["vi"]


def test_a_lesson_that_outgrows_its_translation_is_taught_in_vietnamese(folder: Folder) -> None:
    folder.read()
    folder.write("an-toan/an-01-dau-hieu.yaml", f"{SHORT}  - {{id: het, kind: tell, text: Hết rồi.}}\n")
    assert folder.read() == ["an-toan/an-01-dau-hieu.en.yaml:4:1: step 'het' is not translated; add it after 'nghe'"]
    assert folder.lessons()["an-01"] == ["vi"]


def test_a_bad_course_stays_as_it_was_and_its_lessons_go_on(folder: Folder) -> None:
    folder.read()
    folder.change("an-toan/course.yaml", "order: 10", "order: mười")
    folder.change("an-toan/course.en.yaml", "title: Safety", "titel: Safety")
    folder.change("an-toan/an-01-dau-hieu.yaml", "Dấu hiệu", "Năm dấu hiệu")
    assert folder.read() == [
        "an-toan/course.en.yaml:2:1: unknown key 'titel'; did you mean 'title'?",
        "an-toan/course.yaml:5:1: 'order' is the text 'mười'; it should be a whole number",
    ]
    assert folder.library
    (course,) = folder.library.courses
    assert (course[FIRST].order, course["en"].title) == (10, "Safety")
    assert folder.library.lessons["an-01"][FIRST].title == "Năm dấu hiệu"


def test_the_lessons_of_a_bad_course_are_checked_though_not_taught(folder: Folder) -> None:
    folder.write("vneid/course.yaml", "format: 2\n")
    folder.write("vneid/course.en.yaml", "x: 1\n")
    folder.write("vneid/vneid-01-a.yaml", changed(SHORT, "minutes: 1", "minutes: 0"))
    found = folder.read()
    assert "vneid/vneid-01-a.yaml:4:1: 'minutes' is 0; at least 1 would be right" in found
    assert "vneid/course.yaml:1:1: 'format' is 2; it should be 1" in found
    assert "vneid/course.en.yaml:1:1: unknown key 'x'; known here: format, of, summary, title" in found
    assert folder.lessons() == BOTH


def test_a_file_that_is_deleted_goes(folder: Folder) -> None:
    folder.read()
    folder.write("an-toan/an-02-giu-ma.en.yaml", None)
    assert folder.read() == []
    assert folder.lessons() == {"an-01": ["en", "vi"], "an-02": ["vi"]}
    folder.write("an-toan/an-02-giu-ma.yaml", None)
    assert folder.read() == []
    assert folder.lessons() == {"an-01": ["en", "vi"]}
    folder.write("phrases/en.yaml", None)
    assert folder.read() == [
        "an-toan/an-01-dau-hieu.en.yaml:1:1: there are no phrases for language 'en'; there is none to name",
        "an-toan/course.en.yaml:1:1: there are no phrases for language 'en'; there is none to name",
    ]


def test_a_lesson_that_moves_to_another_course_and_turns_bad_goes(folder: Folder) -> None:
    folder.read()
    for name in ("an-01-dau-hieu.yaml", "an-01-dau-hieu.en.yaml"):
        folder.write(f"an-toan/{name}", None)
    folder.write("vneid/course.yaml", OTHER_COURSE)
    folder.write("vneid/an-01-dau-hieu.yaml", changed(SHORT, "minutes: 1", "minutes: 0"))
    assert folder.read() == ["vneid/an-01-dau-hieu.yaml:4:1: 'minutes' is 0; at least 1 would be right"]
    assert folder.lessons() == {"an-02": ["en", "vi"]}


def test_vietnamese_phrases_that_are_gone_stay_and_are_told(folder: Folder) -> None:
    folder.read()
    folder.write("phrases/vi.yaml", None)
    what = "the bot's Vietnamese phrases are missing; restore the file"
    assert folder.read() == [f"phrases/vi.yaml:1:1: {what}"]
    assert folder.lessons() == BOTH
    with pytest.raises(NothingToTeach) as caught:
        read_folder(folder.path)
    assert str(caught.value) == f"{folder.path}/phrases/vi.yaml:1:1: error no-phrases: {what}"


@pytest.mark.parametrize(
    "name", ["an-toan/an-01-dau-hieu.yaml", "an-toan/an-01-dau-hieu.en.yaml", "phrases/vi.yaml", "an-toan/course.yaml"]
)
def test_a_file_that_is_no_text_stays_as_it_was(folder: Folder, name: str) -> None:
    folder.read()
    text = (folder.path / name).read_bytes()
    folder.write(name, text + b"x: 1\n# caf\xe9\n")
    line = text.count(b"\n") + 2
    assert folder.read() == [f"{name}:{line}:1: this is not UTF-8 text; save the file as UTF-8"]
    assert folder.lessons() == BOTH


def test_a_file_in_another_encoding_is_told(folder: Folder) -> None:
    folder.read()
    folder.write("an-toan/an-01-dau-hieu.yaml", SHORT.encode("utf-16"))
    assert folder.read() == ["an-toan/an-01-dau-hieu.yaml:1:1: this is not UTF-8 text; save the file as UTF-8"]


def test_windows_files_are_fine(folder: Folder) -> None:
    for name, text in GOOD.items():
        folder.write(name, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert folder.read() == []
    assert folder.lessons() == BOTH


def test_a_folder_in_place_of_a_file_is_told(folder: Folder) -> None:
    folder.read()
    folder.write("an-toan/an-02-giu-ma.yaml", None)
    (folder.path / "an-toan/an-02-giu-ma.yaml").mkdir()
    assert folder.read() == [
        "an-toan/an-02-giu-ma.yaml:1:1: the file can't be read (Is a directory); see that it is there and readable"
    ]
    assert folder.lessons() == BOTH


def test_a_link_that_leads_nowhere_is_told(folder: Folder) -> None:
    (folder.path / "an-toan/an-03-them.yaml").symlink_to("nowhere.yaml")
    assert folder.read() == [
        (
            "an-toan/an-03-them.yaml:1:1: the file can't be read (No such file or directory);"
            " see that it is there and readable"
        )
    ]


def test_an_empty_folder_is_nothing_to_teach(tmp_path: Path) -> None:
    with pytest.raises(NothingToTeach) as caught:
        read_folder(tmp_path)
    vi = tmp_path / "phrases" / "vi.yaml"
    assert caught.value.problems == (Problem.of(str(vi), 1, 1, "no-phrases"),)


def test_phrases_alone_are_nothing_to_teach(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("phrases/vi.yaml", PHRASES["vi"])
    with pytest.raises(NothingToTeach) as caught:
        read_folder(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}:1:1: error nothing-to-teach: {tmp_path} has no lesson that can be taught;"
        " name the lessons' folder in config.yaml"
    )


def test_only_bad_lessons_are_nothing_to_teach(folder: Folder) -> None:
    for name in ("an-01-dau-hieu", "an-02-giu-ma"):
        folder.change(f"an-toan/{name}.yaml", "format: 1", "format: 2")
    with pytest.raises(NothingToTeach) as caught:
        read_folder(folder.path)
    assert [each.what("en") for each in caught.value.problems] == ["'format' is 2", "'format' is 2"]
