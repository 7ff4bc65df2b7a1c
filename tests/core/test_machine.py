"""The talk under any row of events. Each check names a line of docs/properties.md."""

import datetime as dt
import os
from dataclasses import dataclass, field
from typing import get_args

import msgspec
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from needs import ALL
from small import FIRST_LESSON, small_library, with_teams

from bot.core.fold import fold
from bot.core.join_code import code_of
from bot.core.lesson import Ask
from bot.core.privacy import find_secret
from bot.core.progress import SEEN, Progress, Spot, decode, encode
from bot.core.rebuild import rebuild
from bot.core.settle import settle
from bot.core.talk import show, take_turn
from bot.core.turn import (
    ALONE,
    Around,
    Asked,
    Entry,
    Event,
    Moment,
    Opened,
    Person,
    Record,
    Reply,
    Spoke,
    Tapped,
    Turn,
    Typed,
    Unheard,
    Why,
    Wish,
)

LIBRARY = with_teams(small_library())
RENAMED = with_teams(small_library(FIRST_LESSON.replace("id: hoi\n", "id: hoi-moi\n    was: [hoi]\n")))
SHORTER = with_teams(small_library(FIRST_LESSON.replace("  - {id: het, kind: tell, text: Hết bài.}\n", "")))
LIBRARIES = (LIBRARY, RENAMED, SHORTER)

START = dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC)
MADE_UP = "xyzzyx"  # what nobody would type by chance: must not be found anywhere after
WORDS = [
    "menu",
    "again",
    "slow",
    "normal",
    "back",
    "help",
    "stop",
    "settings",
    "data",
    "delete",
    "urgent",
    "vi",
    "en",
    "hello",
    "elsewhere",
    "people",
    "team",
]
TYPED_WORDS = [
    "máy khác",
    "doi nguoi hoc",
    "rời tổ",
    "menu",
    "nghe lại",
    "nghe lai",
    "chậm",
    "quay lai",
    "giúp",
    "dừng",
    "có người hỏi mã",
    "co nguoi hoi ma",
    "help",
]
SIX = "một hai ba bốn năm sáu"  # a secret, but where a code is asked for
SECRETS = ["038123456789", "4111 1111 1111 1111", "mã là 482913", "0912345678", SIX]
CODES = [  # one may join, or is in already; one has ended; one is nobody's
    *(Opened(f"to_{code}") for code in ("sen-vang-27", "mai-tim-11", "hoa-tim-11", "song-vui-99", "x")),
    Typed("tổ sen vàng 27"),
    Typed("mai tim 11"),
    Spoke("mã tổ mai tím một một", certain=True),
    Spoke("sen vàng hai bảy", certain=False),
]
SHARED = Around((Person("ông Tư"), Person("bà Hoa", locked=True), Person()), current=0, accounts=2)
NUMBERS = [wordings[0] for wordings in LIBRARY.phrases["vi"].numbers]
EVENTS_TO_FINISH = 60


@dataclass
class Learner:
    """What a store would keep of one learner, and what was shown to them."""

    progress: Progress = field(default_factory=Progress)
    drawn: list[tuple[int, str]] = field(default_factory=list)  # every button ever shown
    journal: list[Entry] = field(default_factory=list)
    answers: int = 0  # events that were an answer to a question


class Talk(RuleBasedStateMachine):
    """One learner who does anything, at any time, while lessons are edited."""

    def __init__(self) -> None:
        super().__init__()
        self.learner = Learner()
        self.library = LIBRARY
        self.at = START
        self.updates = 0
        self.around = ALONE
        self.reply: Reply = show(LIBRARY, self.learner.progress, self.now)

    @property
    def now(self) -> Moment:
        return Moment(self.at, "1234-5678", around=self.around)

    @property
    def moved(self) -> bool:
        """Whether the lesson changed under the learner since the last turn."""
        return bool(settle(self.library, self.learner.progress).why)

    def spots(self, progress: Progress) -> dict[str, Spot]:
        """The places as the library has them now: a renamed step is the same place."""
        return settle(self.library, progress)[0].spots

    @property
    def questioned(self) -> bool:
        progress, moved = settle(self.library, self.learner.progress)
        lesson = self.library.lesson(progress.lesson, "vi")
        if moved or progress.aside or progress.place != "lesson" or not lesson or not progress.spot:
            return False
        return isinstance(lesson.steps[lesson.index[progress.spot.step]], Ask)

    def do(self, event: Event) -> Turn:
        """Take one turn and check what holds for every one."""
        learner, before = self.learner, self.learner.progress
        self.updates += 1
        turn = take_turn(self.library, before, event, self.now, self.updates)
        after = turn.progress
        # answered: every event is answered, with something to do next
        assert turn.reply.text
        assert turn.reply.buttons
        # shown: the reply shows where the learner is now
        shown = show(self.library, after, self.now)
        assert (turn.reply.text, turn.reply.buttons, turn.reply.heading) == (shown.text, shown.buttons, shown.heading)
        assert turn.reply.turn == after.turns
        # counted: a change raises the turn number by one, and nothing else does
        assert after is before or after.turns == before.turns + 1
        # remembered: the update is known when it comes again
        assert after is before or (after.seen[-1] == self.updates and len(after.seen) <= SEEN)
        # kept: what is saved reads back the same
        assert decode(encode(after)) == after
        # silent: without a change there is nothing to record
        assert turn.records == () or after is not before
        # no trace: nothing that was typed is kept, but a name where one is asked for
        nameless = msgspec.structs.replace(after, also=None)
        told = [record for record in turn.records if record.kind != "named"]
        assert MADE_UP.encode() not in encode(nameless) + msgspec.msgpack.encode(told)
        assert after.called in {before.called, ""} or before.aside == "called"
        # deleted: nothing is left but the number of turns, the language and the receipt
        if turn.forget:
            blank = Progress(turns=after.turns, seen=(self.updates,), minute=self.now.minute, lang=after.lang)
            assert after == msgspec.structs.replace(blank, place="gone", note=("1234-5678",))
        # willing: nobody comes into a team, or out of theirs, but from the question that names it
        if after.team != before.team and before.agreed and not turn.forget:
            view, _, code = before.aside.partition(":")
            assert code_of(after.team) == {"join": code, "team": ""}[view]
            assert Record("team", choice=code) in turn.records
        learner.answers += sum(record.kind == "answered" for record in turn.records)
        if turn.forget:
            learner.journal.clear()
            learner.answers = 0
        learner.drawn += [(turn.reply.turn, button.code) for button in turn.reply.buttons]
        if turn.records:
            learner.journal.append(Entry(after.turns, self.now.minute, self.now.day, turn.records))
        learner.progress = after
        self.reply = turn.reply
        return turn

    @initialize(
        steps=st.sampled_from([0, 4, 5, 5, 6, 8]),
        version=st.integers(0, len(LIBRARIES) - 1),
        around=st.sampled_from([ALONE, SHARED]),
    )
    def arrives(self, steps: int, version: int, around: Around) -> None:
        self.around = around
        self.do(Opened())
        for code in ("agree", "bac", "read", "l:bai-01", "next", "b", "done", "a")[:steps]:
            self.do(Tapped(self.learner.progress.turns, code))
        self.edits_lessons(version)

    @rule(data=st.data())
    def taps_a_live_button(self, data: st.DataObject) -> None:
        questioned, before, step = self.questioned, self.learner.progress, self.reply.step
        button = data.draw(st.sampled_from(self.reply.buttons))
        turn = self.do(Tapped(self.learner.progress.turns, button.code))
        # in order: no step is passed over
        if (before.place, before.aside) == (turn.progress.place, turn.progress.aside) == ("lesson", ""):
            moved = settle(self.library, before)[1] or before.lesson != turn.progress.lesson
            assert moved or turn.reply.step in {step, step + 1}
        # once: an answer is recorded exactly once
        assert sum(record.kind == "answered" for record in turn.records) == questioned

    @rule(
        data=st.data(),
        code=st.sampled_from(["agree", "next", "a", "b", "c", "done", "stuck", "menu", "erase", "l:bai-01"]),
    )
    def taps_an_old_button(self, data: st.DataObject, code: str) -> None:
        before = self.learner.progress
        turn = data.draw(st.sampled_from([number for number, _ in self.learner.drawn] or [0]))
        if turn == before.turns:
            return
        # old: a button of an earlier turn changes nothing, and is told kindly
        taken = self.do(Tapped(turn, code))
        assert taken.progress is before
        assert taken.reply.notes

    @rule(data=st.data())
    def types_a_number(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, len(self.reply.buttons)))
        before, code = self.learner.progress, self.reply.buttons[number - 1].code
        tapped = take_turn(self.library, before, Tapped(before.turns, code), self.now, self.updates + 1)
        moved = self.moved
        # equal: a number is as good as a tap
        assert self.do(Typed(str(number))).progress == tapped.progress or moved

    @rule(data=st.data())
    def types_a_choice_without_marks(self, data: st.DataObject) -> None:
        button = data.draw(st.sampled_from(self.reply.buttons))
        before = self.learner.progress
        tapped = take_turn(self.library, before, Tapped(before.turns, button.code), self.now, self.updates + 1)
        if find_secret(button.label) is None and not self.moved:
            typed = self.do(Typed(button.label.lower()))
            # understood: a whole choice means that choice, or is asked back, never another
            assert typed.progress in (tapped.progress, before)

    @rule(text=st.text(max_size=30), around=st.booleans())
    def types_anything(self, text: str, around: bool) -> None:
        questioned, before = self.questioned, self.learner.progress
        turn = self.do(Typed(f"{text} {MADE_UP}" if around else text))
        # unguessed: on a question, words that are no choice answer nothing
        if questioned and around:
            assert not any(record.kind == "answered" for record in turn.records)
            assert self.spots(turn.progress) == self.spots(before)

    @rule(data=st.data())
    def types_part_of_a_choice(self, data: st.DataObject) -> None:
        words = data.draw(st.sampled_from(self.reply.buttons)).label.split()
        count = data.draw(st.integers(1, max(1, len(words) - 1)))
        part = " ".join(words[:count])
        whole = {fold(button.label).bare for button in self.reply.buttons}
        questioned = self.questioned and fold(part).bare not in whole
        turn = self.do(Typed(part))
        # unguessed: half a choice is asked back
        assert not questioned or not any(record.kind == "answered" for record in turn.records)

    @rule(word=st.sampled_from(WORDS), typed=st.sampled_from(TYPED_WORDS), by_command=st.booleans())
    def uses_a_global_word(self, word: str, typed: str, by_command: bool) -> None:
        before = self.learner.progress
        in_lesson = before.place == "lesson" and not before.aside
        for each in WORDS if in_lesson and before.agreed else ():
            asked = take_turn(self.library, before, Asked(each), self.now).progress
            assert (self.spots(asked), asked.done) == (self.spots(before), before.done)
        turn = self.do(Asked(word) if by_command else Typed(typed))
        # unmoved: a global word loses nobody's place
        if in_lesson:
            stuck = any(record.kind in {"stuck", "differed"} for record in turn.records)
            assert self.spots(turn.progress) == self.spots(before) or stuck
        assert turn.progress.done == before.done

    @rule(data=st.data(), certain=st.booleans())
    def says_a_number_or_a_choice(self, data: st.DataObject, certain: bool) -> None:
        number = data.draw(st.integers(1, min(9, len(self.reply.buttons))))
        words = (f"số {NUMBERS[number - 1]}", self.reply.buttons[number - 1].label.lower())
        said = data.draw(st.sampled_from(words))
        before = self.learner.progress
        typed = take_turn(self.library, before, Typed(said), self.now, self.updates + 1)
        # spoken: what was certainly heard is as good as typed
        if certain:
            assert self.do(Spoke(said, certain)).progress == typed.progress
        else:
            self.mumbles(said)

    @rule(
        said=st.one_of(st.text(max_size=30), st.sampled_from([*TYPED_WORDS, MADE_UP, "tiếp", "đồng ý", "có xóa hết"]))
    )
    def mumbles(self, said: str) -> None:
        before, moved = self.learner.progress, self.moved
        turn = self.do(Spoke(said, certain=False))
        # doubtful: words that may not have been said answer nothing, set nothing, and leave no lesson
        assert not any(record.kind not in {"urgent", "moved"} for record in turn.records)
        assert (turn.progress.agreed, turn.progress.done) == (before.agreed, before.done)
        assert self.spots(turn.progress) == self.spots(before)
        assert moved or not before.spot or turn.progress.place == before.place

    @rule(why=st.sampled_from(get_args(Why)))
    def is_not_heard(self, why: Why) -> None:
        before = self.learner.progress
        turn = self.do(Unheard(why))
        assert turn.reply.notes
        assert turn.progress is before or turn.records[0].kind == "moved"

    @rule(secret=st.sampled_from(SECRETS), spoken=st.booleans(), certain=st.booleans())
    def gives_a_secret(self, secret: str, spoken: bool, certain: bool) -> None:
        before, moved = self.learner.progress, self.moved
        turn = self.do(Spoke(secret, certain) if spoken else Typed(secret))
        # asked: where a code of six digits is asked for, six digits are one, and change nothing by themselves
        if secret == SIX and before.aside == "enter" and (certain or not spoken):
            assert turn.wish == Wish("join", "123456")
            assert turn.progress is before or moved
            return
        assert turn.wish is None
        # secret: it is warned of, and neither kept nor taken for an answer
        assert turn.reply.secret
        assert "không ghi lại" in turn.reply.notes[0] or "did not keep it" in turn.reply.notes[0]
        assert turn.progress is before or moved

    @rule(said=st.sampled_from(["nối 482913", "noi may 482 913", "join 482913"]))
    def joins(self, said: str) -> None:
        before, moved = self.learner.progress, self.moved
        turn = self.do(Typed(said))
        # joined: behind the word for it six digits are a code anywhere; the core itself changes nothing by it
        assert turn.wish == Wish("join", "482913")
        assert not turn.reply.secret
        assert turn.progress is before or moved
        assert b"482913" not in encode(turn.progress)

    @rule(event=st.sampled_from(CODES), answer=st.sampled_from(["join", "pass"]))
    def has_the_code_of_a_team(self, event: Event, answer: str) -> None:
        before = self.learner.progress
        turn = self.do(event)
        after = turn.progress
        # willing: a code only puts the question, over whatever lies open
        assert after.aside.startswith("join:") or turn.reply.notes
        assert (self.spots(after), after.done) == (self.spots(before), before.done)
        # once: coming again by the same link or code changes nothing
        again = take_turn(self.library, after, event, self.now, self.updates + 1)
        assert again.progress is after
        if after.aside.startswith("join:"):
            left = self.do(Tapped(after.turns, answer)).progress
            # unmoved: whether they join or not, they go on where they were
            assert (left.place, left.lesson, self.spots(left)) == (before.place, before.lesson, self.spots(before))

    @precondition(lambda self: self.learner.progress.agreed and self.learner.progress.team)
    @rule()
    def leaves_the_team(self) -> None:
        self.do(Asked("team"))
        assert self.do(Tapped(self.learner.progress.turns, "quit")).progress.team == 0

    @rule(name=st.sampled_from(["bà Sáu", "Út"]))
    def adds_somebody(self, name: str) -> None:
        self.do(Asked("people"))
        if not self.learner.progress.agreed:
            return
        self.do(Tapped(self.learner.progress.turns, "add"))
        before, moved = self.learner.progress, self.moved
        turn = self.do(Typed(name))
        # no trace: a name is wished for, and is no part of anybody's progress
        assert turn.wish == Wish("add", name)
        assert turn.progress is before or moved
        assert name.encode() not in encode(turn.progress)

    @rule(days=st.sampled_from([1, 8, 400]), lesson=st.sampled_from(["", "", "bai-02-hai", "bai-99-khong"]))
    def comes_back(self, days: int, lesson: str) -> None:
        self.at += dt.timedelta(days=days)
        before = self.learner.progress
        after = self.do(Opened(lesson)).progress
        # never expires: the place is there after any time
        assert all(key in after.spots for key in before.spots)

    @rule(text=st.sampled_from(["1", "tiếp", "menu"]))
    def is_delivered_twice(self, text: str) -> None:
        first = self.do(Typed(text))
        again = show(self.library, first.progress, self.now)
        # again: a redelivered update changes nothing and shows the same step
        assert (again.text, again.buttons, again.turn) == (first.reply.text, first.reply.buttons, first.reply.turn)

    @precondition(lambda self: self.learner.progress.done)
    @rule()
    def deletes_everything(self) -> None:
        self.do(Asked("delete"))
        assert self.do(Typed("2")).forget

    @rule(version=st.integers(0, len(LIBRARIES) - 1))
    def lessons_are_edited(self, version: int) -> None:
        self.edits_lessons(version)

    def edits_lessons(self, version: int) -> None:
        before = self.reply
        renamed_only = self.library is LIBRARY and LIBRARIES[version] is RENAMED and not self.moved
        self.library = LIBRARIES[version]
        self.reply = show(self.library, self.learner.progress, self.now)
        # edited: a renamed step is the same step to whoever stands in it
        if renamed_only and before.turn == self.reply.turn:
            assert (self.reply.text, self.reply.heading) == (before.text, before.heading)

    @precondition(lambda self: self.learner.progress.agreed and not self.learner.progress.place.startswith("gone"))
    @rule()
    def finishes(self) -> None:
        self.do(Asked("menu"))
        turn = self.do(Typed("bài một"))
        assert turn.progress.lesson == "bai-01"
        for _ in range(EVENTS_TO_FINISH):
            if self.learner.progress.place.startswith("finish:"):
                break
            codes = [button.code for button in self.reply.buttons]
            spot = self.learner.progress.spot
            wrong = "c" in codes and spot is not None and not spot.tries  # the first question: wrong, then right
            code = "a" if wrong else "b" if "b" in codes else codes[0]
            self.do(Tapped(self.learner.progress.turns, code))
        # finishable: from anywhere a lesson can be finished
        assert self.learner.progress.place == "finish:bai-01"
        assert self.learner.progress.done["bai-01"].asked <= 2

    @invariant()
    def scores_stay_in_bounds(self) -> None:
        settled, _ = settle(self.library, self.learner.progress)
        for key, spot in settled.spots.items():
            questions = self.library.lessons[key]["vi"].questions
            assert 0 <= spot.right <= spot.asked <= questions
            assert spot.tries >= 0
        for done in settled.done.values():
            assert 0 <= done.right <= done.asked

    @invariant()
    def nothing_is_kept_without_consent(self) -> None:
        progress = self.learner.progress
        if not progress.agreed:
            assert not progress.spots
            assert not progress.done
            assert progress.place in {"welcome", "gone"}
            assert not any(record.kind != "urgent" for entry in self.learner.journal for record in entry.records)

    @invariant()
    def the_journal_tells_it_again(self) -> None:
        progress = self.learner.progress
        told = rebuild([*self.learner.journal, *self.learner.journal[::-1]])
        wanted = (progress.agreed, progress.address, progress.listens, progress.slow, progress.saver, progress.done)
        assert told.team == (progress.team if progress.agreed else 0)
        assert (told.agreed, told.address, told.listens, told.slow, told.saver, told.done) == wanted
        assert {k: (s.right, s.asked) for k, s in told.spots.items()} == {
            k: (s.right, s.asked) for k, s in progress.spots.items()
        }
        if self.library is LIBRARY and not any(s.step == "hoi-moi" for s in progress.spots.values()):
            assert set(told.spots) == set(progress.spots)
        recorded = sum(r.kind == "answered" for e in self.learner.journal for r in e.records)
        assert recorded == self.learner.answers


# Shrinking a failure takes minutes; whoever only wants to know whether there is one does without.
# There, and in CI, the same examples are tried each time; elsewhere new ones.
QUICK, CI = bool(os.environ.get("HOCSO_TEST_QUICK")), bool(os.environ.get(ALL))
TestTalk = Talk.TestCase
TestTalk.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    derandomize=QUICK or CI,
    phases=(Phase.explicit, Phase.generate) if QUICK else tuple(Phase),
)


def test_a_tap_in_an_edited_lesson_lands_on_no_other_question() -> None:
    progress = Progress(agreed=1, place="menu")
    begun = take_turn(LIBRARY, progress, Typed("bài một"), Moment(START)).progress
    at_question = take_turn(LIBRARY, begun, Typed("tiếp"), Moment(START)).progress
    edited = small_library(FIRST_LESSON.replace("id: hoi\n", "id: hoi-khac\n"))
    turn = take_turn(edited, at_question, Tapped(at_question.turns, "b"), Moment(START))
    assert turn.records == (Record("moved", "bai-01", "ke"),)
    assert turn.reply.notes[0].startswith("Nút bạn vừa bấm là của bước trước")
    assert turn.reply.notes[1].startswith("Bài này vừa được sửa cho đúng hơn")
    assert turn.reply.heading == "Bước 1 trên 6"
    onward = take_turn(edited, turn.progress, Tapped(turn.reply.turn, "next"), Moment(START))
    assert onward.reply.heading == "Bước 2 trên 6"


def test_records_have_no_words() -> None:
    fields = set(Record.__struct_fields__)
    assert fields == {"kind", "lesson", "step", "choice", "right", "first", "assisted"}
