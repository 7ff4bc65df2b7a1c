"""pronunciation.yaml: one fault each, and the exact sentence an editor reads."""

import pytest
from lesson_texts import changed, told

from bot.core.pronunciation import NOTHING, Pronunciation
from bot.core.yaml_file import read

GOOD = """\
format: 1
vi:
  words:
    zalo: da lô
    CH Play: xê hát pờ lây
  units:
    km: ki lô mét
  letters:
    q: quy
en:
  words:
    OTP: O T P
dialled:
  - "113"
"""
WORDS = "write it all in words, as it is heard"
BEGIN = "begin with a letter or digit; at most 80 characters in one line, none of them '**'"


def test_a_good_file_is_read() -> None:
    found = read(Pronunciation, GOOD, "pronunciation.yaml")
    assert isinstance(found, Pronunciation), found
    assert found.of("vi").words == {"zalo": "da lô", "CH Play": "xê hát pờ lây"}
    assert found.of("en").word("OTP") == "O T P"
    assert found.of("vi").word("ZALO") == "da lô"
    assert found.of("vi").word("ch play") is None
    assert found.dialled == ("113",)


def test_all_but_the_format_may_be_left_out() -> None:
    assert read(Pronunciation, "format: 1\n", "pronunciation.yaml") == NOTHING


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("format: 1\n", "", ["1:1: key 'format' is missing; add 'format: …'"]),
        ("format: 1", "format: 2", ["1:1: 'format' is 2; it should be 1"]),
        ("dialled:", "dialed:", ["13:1: unknown key 'dialed'; did you mean 'dialled'?"]),
        ("\nen:", "\nfr:", ["10:1: unknown key 'fr'; known here: dialled, en, format, vi"]),
        ("  units:", "  unit:", ["6:3: unknown key 'unit'; did you mean 'units'?"]),
        (
            "    zalo: da lô\n",
            "    zalo: da lô\n    zalo: gia lô\n",
            ["5:5: key 'zalo' stands twice, first in line 4; keep one of them"],
        ),
        ("da lô", "5", ["4:5: 'zalo' is the number 5; it should be text; put it in quotes"]),
        ("da lô", "no", ["4:5: 'zalo' is yes/no; it should be text; put it in quotes"]),
        ("zalo: da lô", "zalo:", ["4:5: 'zalo' is empty; it should be text"]),
        ("da lô", '"5 lô"', [f"4:5: '5' in '5 lô' is no word; {WORDS}"]),
        ("da lô", '"**da** lô"', [f"4:5: '*' in '**da** lô' is no word; {WORDS}"]),
        ("da lô", "da/lô", [f"4:5: '/' in 'da/lô' is no word; {WORDS}"]),
        ("da lô", "da.", [f"4:5: '.' in 'da.' is no word; {WORDS}"]),
        ("da lô", '""', ["4:5: nothing is said; write the words, as they are heard"]),
        ("da lô", '" , "', ["4:5: nothing is said; write the words, as they are heard"]),
        ("zalo: da lô", '"": da lô', [f"4:5: '' can't be found in a text; {BEGIN}"]),
        ("zalo: da lô", '" zalo": da lô', [f"4:5: ' zalo' can't be found in a text; {BEGIN}"]),
        ("zalo: da lô", '"zalo ": da lô', [f"4:5: 'zalo ' can't be found in a text; {BEGIN}"]),
        ("zalo: da lô", '"**Tiếp**": tiếp', [f"4:5: '**Tiếp**' can't be found in a text; {BEGIN}"]),
        ("km: ki", '"/km": ki', [f"7:5: '/km' can't be found in a text; {BEGIN}"]),
        ("q: quy", "qu: quy", ["9:5: 'qu' is no small letter; give one letter, such as 'q'"]),
        ("q: quy", "Q: quy", ["9:5: 'Q' is no small letter; give one letter, such as 'q'"]),
        ("q: quy", "y: dài", []),
        ('- "113"', "- 113", ["14:5: 'dialled' no. 1 is the number 113; it should be text; put it in quotes"]),
        (
            '- "113"',
            '- "11"',
            ["14:5: '11' is no number to dial; write 3 to 8 digits in quotes, such as '113'"],
        ),
        (
            '- "113"',
            '- "113a"',
            ["14:5: '113a' is no number to dial; write 3 to 8 digits in quotes, such as '113'"],
        ),
        (
            'dialled:\n  - "113"',
            'dialled: "113"',
            ["13:1: 'dialled' is the text '113'; it should be a list: one '- ' a line"],
        ),
        (
            "  letters:\n    q: quy\n",
            "  letters: [q]\n",
            ["8:3: 'letters' is a list; it should be a mapping: 'key: value' lines"],
        ),
        (
            "da lô",
            "da\u200b lô",
            [
                "4:13: an invisible or broken character, ZERO WIDTH SPACE (U+200B); delete it; type the words anew",
            ],
        ),
    ],
)
def test_a_fault_is_told_with_place_and_cure(old: str, new: str, expected: list[str]) -> None:
    assert told(read(Pronunciation, changed(GOOD, old, new), "pronunciation.yaml")) == expected


def test_all_faults_are_told_at_once() -> None:
    bad = changed(changed(changed(GOOD, "da lô", "da 1"), "q: quy", "qq: quy"), '"113"', '"x"')
    assert [each.partition(":")[0] for each in told(read(Pronunciation, bad, "pronunciation.yaml"))] == ["4", "9", "14"]
