"""Texts compared and merged line by line: nothing is lost, and nobody's words win by chance."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.lines import MARKS, Merged, Row, compared, merged, unmerged

TEXTS = st.lists(st.sampled_from("abcde"), max_size=12).map(lambda lines: "".join(f"{line}\n" for line in lines))


def test_a_comparison_says_what_went_and_what_came() -> None:
    old = "".join(f"{number}\n" for number in range(1, 21))
    rows = compared(old, old.replace("10\n", "mười\n", 1))
    assert rows == [
        Row("left out", 6, ""),
        Row("same", 7, "7"),
        Row("same", 8, "8"),
        Row("same", 9, "9"),
        Row("removed", 10, "10"),
        Row("added", 10, "mười"),
        Row("same", 11, "11"),
        Row("same", 12, "12"),
        Row("same", 13, "13"),
        Row("left out", 7, ""),
    ]


@given(TEXTS, TEXTS)
def test_both_texts_stand_in_their_comparison(old: str, new: str) -> None:
    rows = compared(old, new)
    shown = [row.text for row in rows if row.kind == "added"]
    assert all(line in new.splitlines() for line in shown)
    if all(row.kind != "left out" for row in rows):
        assert [row.text for row in rows if row.kind in {"same", "removed"}] == old.splitlines()
        assert [row.text for row in rows if row.kind in {"same", "added"}] == new.splitlines()
    changed = any(row.kind in {"added", "removed"} for row in rows)
    assert changed == (old != new)


def test_what_only_one_changed_is_taken() -> None:
    base = "a\nb\nc\nd\ne\n"
    assert merged(base, "a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE\nf\n", "x", "y") == Merged("a\nB\nc\nd\nE\nf\n", 0)
    assert merged(base, base, "a\ne\n", "x", "y") == Merged("a\ne\n", 0)
    assert merged(base, "a\nb\nD\ne\n", "a\nb\nD\ne\n", "x", "y") == Merged("a\nb\nD\ne\n", 0)


def test_where_both_changed_the_same_lines_both_stay() -> None:
    found = merged("a\nb\nc\n", "a\nmine\nc\n", "a\nyours\nc\n", "tôi", "tệp")
    assert found == Merged("a\n<<<<<<< tôi\nmine\n=======\nyours\n>>>>>>> tệp\nc\n", 1)
    assert unmerged(found.text) == 1


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_that_somebody_wrote_is_lost(base: str, ours: str, theirs: str) -> None:
    assert merged(base, ours, base, "x", "y").text == ours
    assert merged(base, base, theirs, "x", "y").text == theirs
    assert merged(base, ours, ours, "x", "y").text == ours
    found = merged(base, ours, theirs, "x", "y")
    lines = [line for line in found.text.splitlines() if not line.startswith(MARKS)]
    known = set(base.splitlines())
    assert {*ours.splitlines(), *theirs.splitlines()} - known <= set(lines)
    assert found.clashes == unmerged(found.text)
