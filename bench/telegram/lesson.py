"""The lesson as plain JSON for the bots it is written for anew: Học Số's own, with all texts made up ahead.

`first`: what is said above the first step. `steps`, of which the last is the end of the lesson:
`text`, `tries` (0: as many as one likes), and `choices`, each with its `text`, whether one `goes_on`
after it, the `note` that is said above the next text, and the one that is said after the last try.
"""

import json
from pathlib import Path
from typing import Any

from bot.core.lesson import Ask, Do, Step, Tell
from bot.core.library import FIRST
from bot.core.wording import FORMS, plain
from bot.library import read_folder

KEY = "vneid-01"
REPO = Path(__file__).resolve().parents[2]
LIBRARY, _ = read_folder(REPO / "lessons")
SAYS = LIBRARY.phrases[FIRST].says


def say(text: str, **slots: object) -> str:
    """Fill in a form of address, and what else stands in braces."""
    return plain(text.format_map({**FORMS["ban"].words, **slots}))


def _choice(text: str, note: str = "", last: str = "", *, goes_on: bool = True) -> dict[str, Any]:
    return {"text": text, "goes_on": goes_on, "note": note, "last": last}


def _choices(step: Step) -> list[dict[str, Any]]:
    match step:
        case Tell():
            return [_choice(say(SAYS.next_label))]
        case Ask():
            right = next(choice for choice in step.choices if choice.right)
            told = say(SAYS.answer, choice=say(right.text), because=say(right.because))
            after = "\n\n".join([*([say(SAYS.hint, hint=say(step.hint))] if step.hint else []), say(SAYS.again)])
            found = []
            for choice in step.choices:
                says = say(SAYS.right if choice.right else SAYS.wrong, because=say(choice.because))
                note = says if choice.right else f"{says}\n\n{after}"
                found.append(_choice(say(choice.text), note, f"{says}\n\n{told}", goes_on=choice.right))
            return found
        case Do():
            return [
                _choice(say(SAYS.done_label_do), say(SAYS.did)),
                _choice(say(SAYS.differs_label), say(step.differs or SAYS.differs), goes_on=False),
                _choice(say(SAYS.stuck_label), say(step.help or SAYS.stuck), goes_on=False),
            ]
        case _:
            raise ValueError(f"{KEY} has a step of a kind that the other bots don't know")


def _step(text: str, choices: list[dict[str, Any]], tries: int = 0) -> dict[str, Any]:
    named = "\n".join(f"{number}. {choice['text']}" for number, choice in enumerate(choices, 1))
    return {"text": f"{text}\n\n{named}", "choices": choices, "tries": tries}


def write(path: Path) -> None:
    """Write the lesson."""
    lesson = LIBRARY.lessons[KEY][FIRST]
    title, all_ = say(lesson.title), len(lesson.steps)
    about = {"title": title, "summary": say(lesson.summary), "minutes": lesson.minutes, "steps": all_}
    first = say(SAYS.began, **about)
    steps = [
        _step(
            f"{say(SAYS.step, step=number, steps=all_)}\n\n{say(step.text)}",
            _choices(step),
            step.tries if isinstance(step, Ask) else 0,
        )
        for number, step in enumerate(lesson.steps, 1)
    ]
    learnt = say(SAYS.finished, title=title, learnt=say(lesson.learnt or lesson.summary))
    end = f"{learnt}\n\n{say(SAYS.where_help, help=say(lesson.help or SAYS.help_people))}"
    whole = {"first": first, "steps": [*steps, _step(end, [_choice(say(SAYS.redo_label), first)])]}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
