"""Clips made ahead: all that can be heard, each once, and on from where it was stopped."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from made_voice import Counted, voice_of
from small import REPO, small_library

from bot.core.readable import text_hash
from bot.core.sayable import sayable
from bot.voice import ahead, files
from bot.voice.ahead import Wanted
from bot.voice.clip import Quality
from bot.voice.recordings import INDEX
from bot.voice.report import report
from bot.voice.shelf import NotKept

TEXTS = ("Một điều.", "Bước một trên một.", "Một: Tiếp.", "Bài này ngắn thôi.")
PARTS = [Wanted("bai-02", "ke", text, "vi", slow=False) for text in TEXTS]


def none(_count: int) -> None:
    pass


def test_all_that_can_be_heard_is_wanted_in_both_speeds() -> None:
    library = small_library()
    parts = list(ahead.wanted(library, ["vi", "en"], (False, True), ("bac",)))
    for lang in ("vi", "en"):
        there = [(part.lesson, part.step, part.text) for part in parts if part.lang == lang and part.slow]
        assert there == [tuple(part) for part in sayable(library, lang, ("bac",))]
    assert len({(part.text, part.lang, part.slow) for part in parts}) == len(parts)


def test_a_dialect_says_what_its_language_says() -> None:
    parts = list(ahead.wanted(small_library(), ["vi-thanhhoa"], (False,), ("bac",)))
    assert {part.lang for part in parts} == {"vi-thanhhoa"}
    assert [part.text for part in parts] == [part.text for part in sayable(small_library(), "vi", ("bac",))]


def test_each_is_made_once_and_found_the_next_time(tmp_path: Path) -> None:
    robot = Counted()
    counted: list[int] = []
    first = ahead.make(voice_of(tmp_path, robot), PARTS, 2, counted.append)
    second = ahead.make(voice_of(tmp_path, robot), PARTS, 2, none)
    assert (first.made, first.there, first.unsaid) == (4, 0, [])
    assert (second.made, second.there) == (0, 4)
    assert dict(robot.asked) == dict.fromkeys(TEXTS, 1)
    assert sum(counted) == 4


def test_what_the_best_voice_cannot_say_now_the_next_says_until_it_can(tmp_path: Path) -> None:
    online, robot = Counted("online", Quality.GOOD, online=True), Counted()
    online.fails = {TEXTS[1]}
    voice = voice_of(tmp_path, online, robot)
    made = ahead.make(voice, PARTS, 2, none)
    assert made.made == 4
    assert made.failed == {"online": "It is away."}
    assert list(robot.asked) == [TEXTS[1]]
    (row,) = report(voice, PARTS, tmp_path, ("bac",)).rows
    assert (row.good, row.robot, row.missing) == (3, 1, 0)
    online.fails = set()
    ahead.make(voice, PARTS, 2, none)
    (row,) = report(voice, PARTS, tmp_path, ("bac",)).rows
    assert (row.good, row.robot) == (4, 0)
    assert robot.asked.total() == 1


def test_what_no_voice_can_say_is_missing_and_named(tmp_path: Path) -> None:
    robot = Counted()
    robot.fails = {TEXTS[0]}
    voice = voice_of(tmp_path, robot)
    made = ahead.make(voice, PARTS, 1, none)
    assert [(part.text, why) for part, why in made.unsaid] == [(TEXTS[0], "robot: It is away.")]
    assert report(voice, PARTS, tmp_path, ("bac",)).total.missing == 1


def test_a_full_disk_ends_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(files, "put", full)
    robot = Counted()
    many = [Wanted("bai-02", "ke", f"Câu số {'a' * number}.", "vi", slow=False) for number in range(1, 60)]
    with pytest.raises(NotKept, match=r"Clips can't be kept in .* \(No space left on device\)"):
        ahead.make(voice_of(tmp_path, robot), many, 2, none)
    assert robot.asked.total() < 20


def test_ctrl_c_leaves_what_is_made(tmp_path: Path) -> None:
    def interrupt(count: int) -> None:
        if count:
            raise KeyboardInterrupt

    robot = Counted()
    with pytest.raises(KeyboardInterrupt):
        ahead.make(voice_of(tmp_path, robot), PARTS, 1, interrupt)
    made = robot.asked.total()
    assert made < 4
    ahead.make(voice_of(tmp_path, robot), PARTS, 1, none)
    assert robot.asked.total() == 4


PROGRAM = """
import sys
import time
from pathlib import Path
from bot.voice import ahead
from made_voice import Counted, voice_of
parts = [ahead.Wanted("l", "s", f"Câu số {'xin ' * n}chào.", "vi", slow=False) for n in range(1, 60)]
class Stuck(Counted):
    def say(self, text, lang, *, slow):
        if self.asked.total() >= int(sys.argv[2]):
            time.sleep(3600)
        return super().say(text, lang, slow=slow)

robot = Stuck()
made = ahead.make(voice_of(Path(sys.argv[1]), robot), parts, 2, lambda count: None)
print(made.made, made.there, max(robot.asked.values(), default=0))
"""


def test_killed_it_goes_on_from_there(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]  # and how many it makes before it is stuck
    paths = {"PYTHONPATH": f"{REPO}:{REPO / 'tests'}:{REPO / 'tests' / 'voice'}"}
    killed = subprocess.Popen([*command, "10"], env=paths)  # noqa: S603
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("clips/?/?/*.clip"))) < 5:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    there = len(list(tmp_path.glob("clips/?/?/*.clip")))
    again = subprocess.run([*command, "59"], env=paths, capture_output=True, text=True, check=True)  # noqa: S603
    assert again.stdout.split() == [str(59 - there), str(there), "1"]
    assert 5 <= there <= 11  # two threads may both be past the count


def test_the_estimate_is_near_what_comes(tmp_path: Path) -> None:
    voice = voice_of(tmp_path, Counted("online", Quality.GOOD, online=True))
    guess = ahead.estimate(voice, PARTS, 2.0, 2)
    seconds = sum(map(len, TEXTS)) / 15 + 4 * 0.3
    assert (guess.clips, guess.there, guess.work) == (4, 0, 8.0)
    assert guess.seconds == pytest.approx(seconds)
    assert guess.size == pytest.approx(seconds * 1500, abs=4)
    ahead.make(voice, PARTS, 2, none)
    assert ahead.estimate(voice, PARTS, 2.0, 2) == ahead.Estimate(4, 4, 0, 0.0, 0.0)
    total = report(voice, PARTS, tmp_path, ("bac",)).total
    assert 0.3 < total.seconds / guess.seconds < 3


BOTH = [replace(part, form=form) for part in PARTS for form in ("ogg", "mp3")]


def test_a_second_form_is_made_without_asking_the_online_voice_again(tmp_path: Path) -> None:
    online = Counted("online", Quality.GOOD, online=True)
    voice = voice_of(tmp_path, online)
    guess = ahead.estimate(voice, BOTH, 2.0, 2)
    assert (guess.clips, guess.work) == (8, 8.0)
    assert guess.size == pytest.approx(guess.seconds / 2 * (12 + 32) * 125, abs=8)
    first = ahead.make(voice, PARTS, 2, none)
    then = ahead.make(voice, BOTH, 2, none)
    assert (first.made, then.made, then.there) == (4, 4, 4)
    assert dict(online.asked) == dict.fromkeys(TEXTS, 1)


def test_each_form_is_reported_by_itself(tmp_path: Path) -> None:
    voice = voice_of(tmp_path, Counted())
    ahead.make(voice, PARTS, 2, none)
    ogg, mp3 = report(voice, BOTH, tmp_path, ("bac",)).rows
    assert (ogg.form, ogg.robot, ogg.missing) == ("ogg", 4, 0)
    assert (mp3.form, mp3.robot, mp3.missing) == ("mp3", 0, 4)
    ahead.make(voice, BOTH, 2, none)
    _, made = report(voice, BOTH, tmp_path, ("bac",)).rows
    assert (made.robot, made.missing) == (4, 0)
    assert made.size > 2 * ogg.size
    assert made.seconds == pytest.approx(ogg.seconds, abs=0.4)


def test_a_recording_of_a_text_that_changed_is_stale(tmp_path: Path) -> None:
    folder = tmp_path / "voice"
    (folder / "vi").mkdir(parents=True)
    entries = [("bai-02/ke/1", "Một điều cũ."), ("bai-02/ke/2-ban", "Bạn cũ."), ("bai-02/ke/3", TEXTS[2])]
    lines = [
        f'- {{file: "{n}.wav", text: "{text_hash(text)}", step: {step}}}' for n, (step, text) in enumerate(entries)
    ]
    (folder / "vi" / INDEX).write_text("format: 1\nrecordings:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    found = report(voice_of(tmp_path, Counted()), PARTS, folder, ("bac",))
    assert [each.step for each in found.stale] == ["bai-02/ke/1"]  # the second is for others than are looked at
    assert found.total.stale == 1
    assert found.total.missing == 4
