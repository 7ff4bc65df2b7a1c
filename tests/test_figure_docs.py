"""docs/figures.md defines each figure that pages may show, in the same words."""

import pytest
from small import REPO

from bot.core.report_names import FIGURES, HIDDEN, Figure

PAGE = (REPO / "docs/figures.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_defined_in_one_sentence(figure: Figure) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| **{figure.name.vi}** ({figure.name.en}) |")]
    for words in (figure.counts.vi, figure.counts.en):
        assert f"{words[0].upper()}{words[1:]}." in row
        assert "." not in words
    assert row.split("|")[3].strip().startswith("Not ")


def test_the_page_says_what_stands_for_a_hidden_count() -> None:
    assert HIDDEN.vi in PAGE
    assert HIDDEN.en in PAGE
