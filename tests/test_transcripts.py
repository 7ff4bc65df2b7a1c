from pathlib import Path

import pytest
from account_transcripts import replay_accounts
from small import PROBLEMS, REAL
from transcripts import replay

FILES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_chat_reads_as_it_was_accepted(file: Path, accept: bool) -> None:
    text = file.read_text(encoding="utf-8")
    now = (replay_accounts if "# accounts" in text else replay)(text, REAL)
    if accept:
        file.write_text(now, encoding="utf-8")
    assert now == file.read_text(encoding="utf-8"), "read the difference; if it is meant: make accept"


def test_there_is_a_chat_for_every_kind_of_learner() -> None:
    names = {
        "tap",
        "number",
        "typed",
        "spoken",
        "no-tone-marks",
        "english",
        "danger",
        "weeks-later",
        "joining",
        "leaving",
    }
    assert names <= {f.stem for f in FILES}


def test_the_real_lessons_have_no_problem() -> None:
    assert PROBLEMS == ()
