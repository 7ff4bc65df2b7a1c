"""The state machines find faults: each of these, planted in a copy of the program, makes its machine fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small import REPO

# Name of the property it breaks -> file, what stands there, what is planted instead.
FAULTS = {
    "old: late buttons are taken": ("talk.py", "event.turn != progress.turns:", "event.turn < 0:"),
    "counted: turns jump": ("talk.py", "turns=progress.turns + 1", "turns=progress.turns + 2"),
    "remembered: the newest update is forgotten": ("talk.py", "seen)[-SEEN:]", "seen)[:SEEN]"),
    "secret: nobody looks for secrets": (
        "talk.py",
        "_warned(here, secret, event) if secret else",
        "_warned(here, secret, event) if False else",
    ),
    "doubtful: what may not have been said is an answer": (
        "talk.py",
        "case Chosen(code) if certain:",
        "case Chosen(code):",
    ),
    "doubtful: words that may not have been said are obeyed": (
        "talk.py",
        "case Word(name) if certain or name in _HARMLESS:",
        "case Word(name):",
    ),
    "spoken: what is certain is asked back": (
        "talk.py",
        "isinstance(event, Typed) or event.certain",
        "isinstance(event, Typed)",
    ),
    "secret: only typed ones are looked for": (
        "talk.py",
        "isinstance(event, Typed | Spoke) else None",
        "isinstance(event, Typed) else None",
    ),
    "shown: the reply shows the place before": (
        "talk.py",
        "reply_of(after.here, after.screen,",
        "reply_of(stands.here, stands.screen,",
    ),
    "score: every right answer counts as a first try": ("teach.py", "right=spot.right + first", "right=spot.right + 1"),
    "score: a told answer counts twice": (
        "teach.py",
        "counted = msgspec.structs.replace(spot, asked=spot.asked + 1)",
        "counted = msgspec.structs.replace(spot, asked=spot.asked + 2)",
    ),
    "in order: a step is passed over": (
        "teach.py",
        "number = lesson.index[spot.step] + 1\n    if",
        "number = lesson.index[spot.step] + 2\n    if",
    ),
    "never expires: another lesson takes the place": (
        "teach.py",
        "spots = {**here.progress.spots, key: Spot(first)}",
        "spots = {key: Spot(first)}",
    ),
    "once: an answer leaves no record": (
        "teach.py",
        '_advance(here, counted, record, note=("right"',
        '_advance(here, counted, note=("right"',
    ),
    "unguessed: near misses are taken on questions": ("understand.py", "if not careful and ", "if "),
    "equal: numbers are off by one": (
        "understand.py",
        "return Chosen(shown[number - 1].code)  # most",
        "return Chosen(shown[number - 2].code)  # most",
    ),
    "consent: agreeing isn't noted": ("welcome.py", "agreed=here.now.day, ", ""),
    "deleted: what was finished stays": (
        "settings.py",
        'place="gone", note',
        'place="gone", done=here.progress.done, note',
    ),
    "unmoved: stopping loses the place": (
        "words.py",
        'here.with_(aside="paused")',
        'here.with_(place="menu", spots={})',
    ),
    "edited: renamed steps are not followed": ("settle.py", "lesson.renamed.get(step_id)", "None"),
    "no trace: what was typed is kept": (
        "talk.py",
        "    if picked.progress == here.progress and stays and not settled.why:",
        """    if isinstance(event, Typed):
        typed = msgspec.structs.replace(picked.progress, note=(event.text,))
        picked = Picked(typed, picked.records, picked.notes, picked.forget)
    if picked.progress == here.progress and stays and not settled.why:""",
    ),
    "asked: six digits are a code anywhere": (
        "sharing.py",
        'digits = digits_of(here, words) if asked else ""',
        "digits = digits_of(here, words)",
    ),
    "joined: no word asks to join": ("sharing.py", "words, asked = words[size:], True", "words = words[size:]"),
    "no trace: a name becomes a part of the progress": (
        "people.py",
        'Picked(here.progress, wish=Wish("add" if',
        'Picked(here.with_(note=(name,)), wish=Wish("add" if',
    ),
    "willing: a code is enough to join": (
        "joining.py",
        'return Picked(here.with_(aside=f"join:{code}"))',
        'return _moved(here, code, says.team_joined, "")',
    ),
    "willing: leaving isn't recorded": (
        "joining.py",
        "Picked(moved, records, (note,))",
        "Picked(moved, records if code else (), (note,))",
    ),
    "again: the journal doesn't tell settings": ("rebuild.py", "if kind in SETTINGS:", 'if kind == "address":'),
}

# The same for people inside a lesson that is edited.
FAULTS_OF_EDITS = {
    "altered: answers to other questions count": ("settle.py", "progress.shown == mark(library, progress)", "True"),
    "altered: what was shown isn't remembered": ("talk.py", "shown=mark(library, picked.progress)", "shown=0"),
    "altered: the order of choices doesn't matter": ("shown.py", "*(choice.text for choice in step.choices)", ""),
    "led: the score is lost": (
        "settle.py",
        'msgspec.structs.replace(spot, step=led, line="", tries=0), "led"',
        'Spot(led), "led"',
    ),
    "led: the journal doesn't tell it": ("rebuild.py", 'case "reached" | "led" |', 'case "reached" |'),
    "led: nobody is told": ("talk.py", "note=(settled.why,)", "note=()"),
    "gone: the menu offers a lesson that isn't there": ("menu.py", "if key in library.lessons), ", "), "),
}

# The same for who may see what.
FAULTS_OF_ACCESS = {
    "own area: codes that only begin alike are within": (
        "access.py",
        'area.startswith(f"{other}.")',
        "area.startswith(other)",
    ),
    "own area: a group sees its commune": (
        "access.py",
        "within(wanted, own))",
        "(within(wanted, own) or within(own, wanted)))",
    ),
    "own area: a page without a rule is everybody's": (
        "access.py",
        "RULES.get(page, {})",
        "RULES.get(page, _EVERYBODY)",
    ),
}

# The same for accounts: file, what stands there, what is planted, and the tests that find it.
FAULTS_OF_HELPERS = {
    "helped: a forgotten helper stays for the day": (
        "beside.py",
        "now.minute - progress.minute < MINUTES",
        "now.minute >= progress.minute",
        "core/test_beside.py",
    ),
    "badge: a code works twice": (
        "../stores/crew.py",
        "if row is None or row.taken not in {None, taker}:",
        "if row is None:",
        "test_crew.py",
    ),
    "called: it is sent before it is claimed": (
        "../calling_helpers.py",
        'if not await self._notes.swap(key, before, f"{self._clock():.0f}".encode(), KEPT):',
        'if before and not await self._notes.swap(key, before, f"{self._clock():.0f}".encode(), KEPT):',
        "test_calling.py",
    ),
}
FAULTS_OF_ACCOUNTS = {
    "joined: what one had done is lost": (
        "../accounts/values.py",
        "progress = merge(own.progress, his.progress, far)",
        "progress = own.progress",
        "test_accounts.py",
    ),
    "joined: what is given up isn't closed first": (
        "../accounts/places.py",
        "elif own.into or not his.into:",
        "elif own.into:",
        "test_accounts.py",
    ),
    "read: anybody of the office may read": (
        "reading.py",
        'here.member is not None and here.member.role == "volunteer"',
        "here.member is not None",
        "core/test_volunteers.py",
    ),
    "read: a note reads whatever text is there now": (
        "reading.py",
        "wanted.mark != event.mark or ",
        "",
        "core/test_volunteers.py",
    ),
    "joined: the earlier place stays": ("merge.py", "later = max(", "later = min(", "core/test_merge.py"),
    "left: the learner still lists the account": (
        "../accounts/places.py",
        "in own.accounts.items() if name != found.account}",
        "in own.accounts.items()}",
        "test_accounts.py",
    ),
    "deleted: other accounts' entries stay": (
        "../accounts/places.py",
        "        for name in found.own.origins:\n",
        "        for name in ():\n",
        "test_accounts.py",
    ),
    "unmixed: buttons don't tell whose turn it was": (
        "../accounts/__init__.py",
        "return (sign.epoch % EPOCHS + 1) * PART",
        "return PART",
        "test_people.py",
    ),
    "locked: any PIN opens": (
        "../accounts/__init__.py",
        'return "" if await opens(pin, seat.lock) else "pin_wrong"',
        'return ""',
        "test_people.py",
    ),
    "locked: a turn passes into a locked place": (
        "../accounts/places.py",
        "return seats if any(not seat.lock for seat in seats) else (*seats, fresh)",
        "return seats or (fresh,)",
        "test_people.py",
    ),
}

RUN = """
import sys
import pytest
sys.path.insert(0, {copy!r})
import bot
assert bot.__file__.startswith({copy!r}), bot.__file__
sys.exit(pytest.main(["-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", {machine!r}]))
"""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, tmp_path: Path) -> None:
    assert_found(*FAULTS[fault], "tests/core/test_machine.py::TestTalk", tmp_path)


@pytest.mark.parametrize("fault", FAULTS_OF_EDITS)
def test_a_planted_fault_is_found_by_edits(fault: str, tmp_path: Path) -> None:
    assert_found(*FAULTS_OF_EDITS[fault], "tests/core/test_settle_edits.py::TestPeopleInside", tmp_path)


@pytest.mark.parametrize("fault", FAULTS_OF_ACCESS)
def test_a_planted_fault_is_found_by_who_sees_what(fault: str, tmp_path: Path) -> None:
    assert_found(*FAULTS_OF_ACCESS[fault], "tests/core/test_access.py", tmp_path)


@pytest.mark.parametrize("fault", FAULTS_OF_HELPERS)
def test_a_planted_fault_is_found_by_helpers(fault: str, tmp_path: Path) -> None:
    file, there, planted, tests = FAULTS_OF_HELPERS[fault]
    assert_found(file, there, planted, f"tests/{tests}", tmp_path)


@pytest.mark.parametrize("fault", FAULTS_OF_ACCOUNTS)
def test_a_planted_fault_is_found_by_accounts(fault: str, tmp_path: Path) -> None:
    file, there, planted, tests = FAULTS_OF_ACCOUNTS[fault]
    assert_found(file, there, planted, f"tests/{tests}", tmp_path)


def assert_found(file: str, there: str, planted: str, machine: str, tmp_path: Path) -> None:
    shutil.copytree(REPO / "bot", tmp_path / "bot")  # with what is compiled: only the planted file is anew
    target = tmp_path / "bot" / "core" / file
    text = target.read_text(encoding="utf-8")
    assert text.count(there) == 1, "the program changed: plant this fault anew"
    target.write_text(text.replace(there, planted), encoding="utf-8")
    ran = subprocess.run(  # noqa: S603  our own code
        [sys.executable, "-c", RUN.format(copy=str(tmp_path), machine=machine)],
        cwd=REPO,
        env={**os.environ, "HOCSO_TEST_QUICK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stdout[-2000:] + ran.stderr[-2000:]
