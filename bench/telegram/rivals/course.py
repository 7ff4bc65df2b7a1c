"""The lesson's few rules, for the bots in Python: where one is after a choice, and what is shown there."""

import json
import os
from pathlib import Path
from typing import Any

LESSON: dict[str, Any] = json.loads(Path(os.environ["LESSON"]).read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = LESSON["steps"]


def pick(step: int, tries: int, number: int) -> tuple[int, int, str]:
    """Take the choice with this number, from 0; returns the step, the tries used up there, and what to say above it.

    Raises IndexError where there is no such choice.
    """
    here = STEPS[step]
    choice = here["choices"][number]
    following = (step + 1) % len(STEPS)
    if choice["goes_on"]:
        return following, 0, choice["note"]
    if here["tries"] and tries + 1 >= here["tries"]:
        return following, 0, choice["last"]
    return step, tries + 1, choice["note"]


def text(step: int, note: str) -> str:
    """Return what is shown at a step."""
    return f"{note}\n\n{STEPS[step]['text']}" if note else STEPS[step]["text"]


def labels(step: int) -> list[str]:
    """Return what stands on the buttons."""
    return [choice["text"] for choice in STEPS[step]["choices"]]
