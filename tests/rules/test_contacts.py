"""Hotlines, offices and links: the file's faults, its place in the library, and what stands in ours."""

import datetime as dt
from pathlib import Path
from shutil import copytree

import pytest
from small import REPO, SHIPPED
from test_advice import CONTACTS, contacts

from bot.core.contacts import NO_CONTACTS, Contacts, digits_of, read_contacts
from bot.lesson_commands.looking import look_at
from bot.library import read_folder

DIGITS = "write 3 to 12 digits in quotes, such as '113' or '1900 0368'"
HOST = "write its name alone, in small letters, such as dichvucong.gov.vn"
HOST_VI = "hãy chỉ ghi tên trang, chữ thường, như dichvucong.gov.vn"
FACTS_CHECKED = dt.date(2026, 11, 22)


def changed(old: str, new: str) -> str:
    assert CONTACTS.count(old) == 1
    return CONTACTS.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "english", "vietnamese"),
    [
        (
            '["113"]',
            '["công an"]',
            f"contacts.yaml:4:39: error no-phone-number: 'công an' is no phone number; {DIGITS}",
            "'công an' không phải số điện thoại; hãy ghi 3 đến 12 chữ số trong dấu nháy, như '113' hay '1900 0368'",
        ),
        (
            '["113"]',
            '["12"]',
            f"contacts.yaml:4:39: error no-phone-number: '12' is no phone number; {DIGITS}",
            "'12' không phải số điện thoại; hãy ghi 3 đến 12 chữ số trong dấu nháy, như '113' hay '1900 0368'",
        ),
        (
            "host: cu.dichvucong.gov.vn",
            "host: https://cu.dichvucong.gov.vn/",
            f"contacts.yaml:10:6: error no-host: 'https://cu.dichvucong.gov.vn/' is no web address; {HOST}",
            f"'https://cu.dichvucong.gov.vn/' không phải địa chỉ trang web; {HOST_VI}",
        ),
        (
            "[1900 0368]",
            '["1900 0368", "19000368"]',
            "contacts.yaml:6:53: error contact-twice: '19000368' already stands in line 6; keep one of them",
            "'19000368' đã có ở dòng 6; hãy giữ lại một",
        ),
        (
            "id: cu,",
            "id: ca,",
            "contacts.yaml:7:6: error contact-twice: 'ca' already stands in line 4; keep one of them",
            "'ca' đã có ở dòng 4; hãy giữ lại một",
        ),
        (
            "confidence: low}\nlinks",
            "confidence: sure}\nlinks",
            "contacts.yaml:7:98: error not-allowed: 'confidence' is 'sure'; it should be 'high', 'medium' or 'low'",
            "mục 'confidence' đang là 'sure'; chỗ này phải là 'high', 'medium' hoặc 'low'",
        ),
    ],
    ids=["letters", "too short", "a whole address", "a number twice", "an id twice", "no confidence"],
)
def test_bad_contacts_are_told(old: str, new: str, english: str, vietnamese: str) -> None:
    problems = read_contacts(changed(old, new), "contacts.yaml")
    assert isinstance(problems, list)
    assert ([str(each) for each in problems], [each.sentence("vi") for each in problems]) == ([english], [vietnamese])


def test_contacts_are_found_by_what_is_dialled_and_by_their_address() -> None:
    found = contacts()
    assert found.by_number[digits_of("1900.0368")].id == "vneid"
    below, other = found.link("ca.dichvucong.gov.vn"), found.link("xdichvucong.gov.vn")
    assert below
    assert (below.host, other) == ("dichvucong.gov.vn", None)
    nearest = found.link("a.cu.dichvucong.gov.vn")
    assert nearest
    assert nearest.confidence == "low"


def test_contacts_stand_in_the_library_and_stay_while_the_file_is_broken(tmp_path: Path) -> None:
    folder = Path(copytree(REPO / "tests/lessons", tmp_path / "lessons"))
    library, problems = read_folder(folder)
    assert (library.contacts, problems) == (NO_CONTACTS, ())
    (folder / "contacts.yaml").write_text(CONTACTS, encoding="utf-8")
    library, problems = read_folder(folder, library)
    assert (library.contacts, problems) == (contacts(), ())
    (folder / "contacts.yaml").write_text("format: 2\n", encoding="utf-8")
    after, (problem,) = read_folder(folder, library)
    assert (after.contacts, problem.code) == (contacts(), "not-allowed")


def test_a_number_in_the_phrases_must_be_among_the_contacts(tmp_path: Path) -> None:
    folder = Path(copytree(REPO / "tests/lessons", tmp_path / "lessons"))
    (folder / "contacts.yaml").write_text(changed('"113"', '"114"'), encoding="utf-8")
    found = [each for each in look_at([folder], FACTS_CHECKED).problems if "/phrases/" in each.path]
    assert [(Path(each.path).name, each.code, dict(each.fields)["words"]) for each in found] == [
        ("en.yaml", "unknown-number", "113"),
        ("vi.yaml", "unknown-number", "113"),
    ]


def test_our_contacts_have_source_and_date_and_none_but_the_doubtful_is_low() -> None:
    ours = SHIPPED.contacts
    assert isinstance(ours, Contacts)
    for entries in (ours.contacts, ours.links):
        assert {each.checked for each in entries} == {FACTS_CHECKED}
        assert all(each.source for each in entries)
    assert {number: each.confidence for number, each in ours.by_number.items()} == {
        "113": "high",
        "156": "medium",
        "5656": "medium",
        "18001096": "medium",
        "19000368": "medium",
        "0692348560": "low",
    }
    sure = {each.host for each in ours.links if each.confidence != "low"}
    assert sure == {"dichvucong.gov.vn", "vneid.gov.vn", "binhdanhocvuso.gov.vn"}
