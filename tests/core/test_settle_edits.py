"""People inside a lesson while editors do anything to it."""

import datetime as dt
import os
from copy import deepcopy
from dataclasses import replace
from typing import Any

import yaml
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from needs import ALL
from small import FIRST_LESSON, lesson, small_library

from bot.core.lesson import Ask, Scene
from bot.core.library import FIRST, Library
from bot.core.progress import Progress, decode, encode
from bot.core.rebuild import rebuild
from bot.core.settle import carry, settle
from bot.core.talk import show, take_turn
from bot.core.turn import Asked, Entry, Event, Moment, Opened, Reply, Tapped, Turn, Typed

KEY, NAME = "bai-01", "bai-01-mot"
NOW = Moment(dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC))
HEAD = {**yaml.safe_load(FIRST_LESSON), "learnt": "Xong."}
STEPS_TO_FINISH = 80
Step = dict[str, Any]


class Editor:
    """Writes steps; every text and every id is new, so that what was shown can be told from what is there."""

    def __init__(self) -> None:
        self.written = 0
        self.steps = [self.step(kind) for kind in ("tell", "ask", "do", "ask", "scene", "tell")]
        self.before = deepcopy(self.steps)

    def new(self, word: str) -> str:
        self.written += 1
        return f"{word} {self.written}"

    def step(self, kind: str) -> Step:
        return {"id": self.new("buoc").replace(" ", "-"), **self.body(kind)}

    def body(self, kind: str) -> Step:
        step: Step = {"kind": kind, "text": self.new("Điều")}
        if kind == "ask":
            step["choices"] = [self.choice(right=right) for right in (True, False, False)]
        if kind == "scene":
            ends = [{"text": self.new("Cúp"), "next": "debrief"}, {"text": self.new("Thôi"), "next": "debrief"}]
            on = {"text": self.new("Nghe"), "next": "hai"}
            lines = {"mot": [on, deepcopy(ends[0])], "hai": ends}
            step["lines"] = [
                {"id": name, "who": "Ai đó", "says": self.new("Alô"), "choices": each} for name, each in lines.items()
            ]
            step["debrief"] = self.new("Nhớ")
        return step

    def choice(self, *, right: bool) -> Step:
        return {"text": self.new("Ý"), "because": self.new("Vì"), "right": right}

    def edit(self, data: st.DataObject, stands: str) -> None:
        """Do one thing to a step: mostly the one the learner stands in, or one beside it."""
        self.before = deepcopy(self.steps)
        here = next((place for place, step in enumerate(self.steps) if step["id"] == stands), 0)
        near = data.draw(st.sampled_from([here, here, here, here, here - 1, here + 1]))
        place = max(0, min(near, len(self.steps) - 1))
        step = self.steps[place]
        edits: dict[str, Any] = {
            "rename": lambda: step.update(was=[*step.get("was", []), step["id"]], id=self.step("tell")["id"]),
            "rename and not say so": lambda: step.update(was=[], id=self.step("tell")["id"]),
            "remove": lambda: len(self.steps) > 1 and self.steps.pop(place),
            "insert": lambda: self.steps.insert(place, self.step(data.draw(st.sampled_from(["tell", "ask", "do"])))),
            "move": lambda: self.steps.insert(data.draw(st.integers(0, len(self.steps))), self.steps.pop(place)),
            "write anew": lambda: step.update(text=self.new("Điều")),
            "reorder": lambda: step.get("choices", []).reverse(),
            "correct": lambda: [each.update(right=not each["right"]) for each in step.get("choices", [])],
            "make another kind": lambda: self.another(step, data.draw(st.sampled_from(["tell", "ask", "do", "scene"]))),
            "reorder what a scene answers": lambda: [each["choices"].reverse() for each in step.get("lines", [])],
        }
        edits[data.draw(st.sampled_from(sorted(edits)))]()

    def another(self, step: Step, kind: str) -> None:
        kept = {name: value for name, value in step.items() if name in {"id", "was"}}
        step.clear()
        step.update(**kept, **self.body(kind))

    def library(self) -> Library:
        return small_library(yaml.safe_dump({**HEAD, "steps": self.steps}, allow_unicode=True))


def stands(library: Library, progress: Progress, key: str) -> str:
    """The step this progress leads to."""
    there = Progress(place="lesson", lesson=key, spots=progress.spots)
    return settle(library, there).progress.spots[key].step


class PeopleInside(RuleBasedStateMachine):
    """One learner of one lesson, at several places of the talk, and its editor."""

    def __init__(self) -> None:
        super().__init__()
        self.editor = Editor()
        self.there = True
        self.library = self.editor.library()
        self.progress = Progress(agreed=1, place="menu", turns=1)
        self.journal: list[Entry] = [Entry(1, 0, 1, ())]
        self.reply: Reply = show(self.library, self.progress, NOW)

    def do(self, event: Event) -> Turn:
        before, seen = self.progress, self.reply
        turn = take_turn(self.library, before, event, NOW)
        self.progress, self.reply = decode(encode(turn.progress)), turn.reply
        if turn.forget:  # they had all of theirs deleted
            before, self.journal = Progress(), []
        if turn.records:
            self.journal.append(Entry(turn.progress.turns, NOW.minute, NOW.day, turn.records))
        # answered, with something to do next
        assert turn.reply.text
        assert turn.reply.buttons
        kinds = [record.kind for record in turn.records]
        for record in turn.records:
            if record.kind in {"answered", "reacted"}:
                self.was_seen(record.step, seen)
        # nobody loses what they got right, unless they are told that the lesson begins anew
        for key, spot in before.spots.items():
            now = turn.progress.spots.get(key)
            assert now or key in turn.progress.done
            assert now is None or now.asked >= spot.asked or "moved" in kinds
            assert now is None or 0 <= now.right <= now.asked
        # whoever is led elsewhere is told
        for kind in {"moved", "led", "altered"}.intersection(kinds):
            begins = getattr(self.library.says(turn.progress.lang), kind).partition("{")[0]
            assert turn.progress.place != "lesson" or any(note.startswith(begins) for note in turn.reply.notes)
        self.journal_agrees()
        return turn

    def was_seen(self, step_id: str, seen: Reply) -> None:
        """Nothing is judged but the very question and choices that were shown last."""
        first = self.library.lessons[KEY][FIRST]
        name, _, line = step_id.partition("/")
        step = first.steps[first.index[name]]
        said = step.by_id[line].says if isinstance(step, Scene) else step.text
        choices = step.by_id[line].choices if isinstance(step, Scene) else step.choices if isinstance(step, Ask) else ()
        assert said in seen.text
        assert [button.label for button in seen.buttons] == [choice.text for choice in choices]

    def journal_agrees(self) -> None:
        told = rebuild(self.journal)
        assert told.done.keys() == self.progress.done.keys()
        for key, spot in self.progress.spots.items():
            other = told.spots[key]
            assert (other.right, other.asked) == (spot.right, spot.asked)
            if key in self.library.lessons:
                for library in (self.library, replace(self.library, places={})):
                    assert stands(library, told, key) == stands(library, self.progress, key)

    @initialize(answers=st.sampled_from(["", "n", "na", "nad", "nada", "nba", "nadan", "nadana"]))
    def arrives(self, answers: str) -> None:
        self.do(Opened(NAME))
        for each in answers:
            self.do(Tapped(self.reply.turn, {"n": "next", "d": "done"}.get(each, each)))

    def publish(self, *, carried: bool = True) -> None:
        fresh = self.editor.library()
        lessons = dict(fresh.lessons)
        if not self.there:
            del lessons[KEY]
        places = carry(self.library, lessons) if carried else {}
        course = {FIRST: fresh.courses[0][FIRST].model_copy(update={"lessons": (NAME,) * self.there + ("bai-02-hai",)})}
        self.library = Library(fresh.phrases, (course,), lessons, places=places)

    @rule(data=st.data(), standing_still=st.booleans())
    def is_edited(self, data: st.DataObject, standing_still: bool) -> None:
        """While the program runs, or while it stands still."""
        self.editor.edit(data, self.spot_step)
        self.publish(carried=not standing_still)

    @precondition(lambda self: self.there)
    @rule(data=st.data(), typed=st.booleans())
    def is_edited_before_the_eyes_of_the_learner(self, data: st.DataObject, typed: bool) -> None:
        if self.progress.place != "lesson" or self.progress.aside:
            self.comes_back_to_it()
        self.is_edited(data, standing_still=False)
        if typed:
            self.types_a_number(data)
        else:
            self.taps(data)

    @property
    def spot_step(self) -> str:
        spot = self.progress.spots.get(KEY)
        return spot.step if spot else ""

    @rule()
    def is_put_back(self) -> None:
        self.editor.steps = deepcopy(self.editor.before)
        self.publish()

    @rule(there=st.booleans())
    def is_taken_away_or_comes_back(self, there: bool) -> None:
        self.there = there
        self.publish()

    @precondition(lambda self: self.there)
    @rule()
    def looks(self) -> None:
        self.reply = show(self.library, self.progress, NOW)

    @rule(data=st.data())
    def taps(self, data: st.DataObject) -> None:
        button = data.draw(st.sampled_from(self.reply.buttons))
        if not button.code.startswith("l:bai-02"):
            self.do(Tapped(self.reply.turn, button.code))

    @rule(data=st.data())
    def types_a_number(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, min(4, len(self.reply.buttons))))
        if not self.reply.buttons[number - 1].code.startswith("l:bai-02"):
            self.do(Typed(str(number)))

    @rule(word=st.sampled_from(["next", "next", "next", "back", "help", "menu", "stop"]))
    def uses_a_global_word(self, word: str) -> None:
        self.do(Asked(word))

    @precondition(lambda self: self.there)
    @rule()
    def comes_back_to_it(self) -> None:
        self.do(Opened(NAME))

    @precondition(lambda self: self.there)
    @rule()
    def finishes(self) -> None:
        """Nobody is stuck: whoever picks the right answers gets through."""
        self.do(Opened(NAME))
        for _ in range(STEPS_TO_FINISH):
            if self.progress.place == f"finish:{KEY}":
                self.do(Opened(NAME))
                return
            self.do(Tapped(self.reply.turn, self.right_code()))
        raise AssertionError("stuck")

    def right_code(self) -> str:
        codes = [button.code for button in self.reply.buttons]
        first, spot = self.library.lessons[KEY][FIRST], self.progress.spot
        step = first.steps[first.index[spot.step]] if spot and spot.step in first.index else None
        if isinstance(step, Ask) and not self.progress.aside:
            right = [code for code, choice in zip("abcd", step.choices, strict=False) if choice.right]
            return next(code for code in right if code in codes)
        return codes[-1] if codes[0] == "a" else codes[0]


QUICK, CI = bool(os.environ.get("HOCSO_TEST_QUICK")), bool(os.environ.get(ALL))
TestPeopleInside = PeopleInside.TestCase
TestPeopleInside.settings = settings(
    max_examples=300 if QUICK else 100,
    stateful_step_count=40,
    deadline=None,
    derandomize=QUICK or CI,
    phases=(Phase.explicit, Phase.generate) if QUICK else tuple(Phase),
)


def test_the_first_lesson_of_the_editor_can_be_taught() -> None:
    assert lesson(yaml.safe_dump({**HEAD, "steps": Editor().steps}, allow_unicode=True)).questions == 2
