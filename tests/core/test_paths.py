"""Learning paths: the file, the question at the welcome, what comes next, and the way back out."""

import dataclasses
import datetime as dt
import random
from collections.abc import Mapping

import msgspec
import pytest
from small import SHIPPED, small_library
from test_progress_value import LEARNT

from bot.core.lesson import Lesson
from bot.core.library import FIRST, Library
from bot.core.paths import LearningPath, read_paths, read_paths_translation
from bot.core.progress import Done, Progress, Spot, decode, encode
from bot.core.rebuild import rebuild
from bot.core.sayable import sayable
from bot.core.settings import export
from bot.core.spoken import spoken
from bot.core.talk import show, take_turn
from bot.core.turn import Entry, Event, Moment, Opened, Tapped, Turn, Typed

NOW = Moment(dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC))
PATHS = """
format: 1
paths:
  - id: ng
    title: Học ngược
    summary: Bài hai rồi bài một.
    audience: [nct]
    lessons: [bai-02-hai, bai-01-mot]
  - id: mot
    title: Chỉ một bài
    summary: Bài một thôi.
    audience: [nct]
    offered: false
    lessons: [bai-01-mot]
"""
ENGLISH = """
format: 1
paths:
  - {id: mot, title: One lesson, summary: Lesson one.}
  - {id: ng, title: Backwards, summary: Two then one.}
"""
KNOWN = ["bai-01-mot", "bai-02-hai"]


def with_paths() -> Library:
    """Return the small library with two paths; the order of the first is another than the library's."""
    paths = good(read_paths(PATHS, "paths.yaml", KNOWN, {}))
    english = read_paths_translation(ENGLISH, "paths.en.yaml", paths)
    assert isinstance(english, dict), english
    return dataclasses.replace(small_library(), paths=tuple({FIRST: each, "en": english[each.id]} for each in paths))


def good(found: object) -> tuple[LearningPath, ...]:
    assert isinstance(found, tuple), found
    return found


LIBRARY = with_paths()
PLAIN = small_library()


def turn(event: Event, progress: Progress, library: Library = LIBRARY) -> Turn:
    taken = take_turn(library, progress, event, NOW)
    return msgspec.structs.replace(taken, progress=decode(encode(taken.progress)))


def walk(*codes: str, library: Library = LIBRARY, begun: Progress | None = None) -> Turn:
    """Tap these buttons one after the other."""
    taken = turn(Opened(), begun or Progress(), library)
    for code in codes:
        taken = turn(Tapped(taken.progress.turns, code), taken.progress, library)
    return taken


def codes(taken: Turn) -> list[str]:
    return [button.code for button in taken.reply.buttons]


MENU = Progress(agreed=1, address="bac", place="menu")


def test_the_welcome_asks_once_which_path() -> None:
    asked = walk("agree", "bac", "read")
    assert asked.progress.place == "paths"
    assert [button.label for button in asked.reply.buttons] == ["Học ngược", "Để sau"]
    chosen = turn(Typed("1"), asked.progress)
    assert chosen.progress.path == "ng"
    assert chosen.progress.place == "menu"
    assert chosen.reply.notes == ("Cháu đi cùng bác theo lộ trình **Học ngược**, có 2 bài. Bài hai rồi bài một.",)
    assert codes(chosen) == ["l:bai-02", "path", "courses", "settings", "help"]


@pytest.mark.parametrize("said", ["2", "để sau", "de sau", "bỏ qua"])
def test_the_choice_may_be_put_off(said: str) -> None:
    later = turn(Typed(said), walk("agree", "bac", "read").progress)
    assert (later.progress.path, later.progress.place) == ("", "menu")
    assert codes(later) == ["l:bai-01", "paths", "courses", "settings", "help"]


def test_without_paths_nothing_is_asked_and_the_menu_has_the_courses() -> None:
    arrived = walk("agree", "bac", "read", library=PLAIN)
    assert arrived.progress.place == "menu"
    assert codes(arrived) == ["l:bai-01", "c:khoa", "settings", "help"]
    assert "paths" not in codes(walk("settings", library=PLAIN, begun=MENU))


def test_who_came_for_a_lesson_gets_it_without_the_question() -> None:
    asked = turn(Opened("bai-02"), Progress())
    arrived = walk("agree", "bac", "read", begun=asked.progress)
    assert (arrived.progress.place, arrived.progress.lesson) == ("lesson", "bai-02")


def test_who_learnt_before_there_were_paths_is_not_asked() -> None:
    inside = msgspec.structs.replace(MENU, place="lesson", lesson="bai-01", spots={"bai-01": Spot("hoi")})
    assert turn(Opened(), inside).progress.place == "lesson"
    old = msgspec.msgpack.encode(msgspec.msgpack.decode(encode(inside))[:-1])  # without the last field, the path
    assert decode(old) == inside


def test_what_comes_next_goes_along_the_path() -> None:
    on_path = msgspec.structs.replace(MENU, path="ng")
    begun = walk("l:bai-02", begun=on_path)
    assert "* Bài này sẽ dễ hơn" not in begun.reply.text
    finished = turn(Tapped(begun.progress.turns, "next"), begun.progress)
    assert finished.progress.place == "finish:bai-02"
    assert codes(finished)[0] == "l:bai-01"
    menu = turn(Tapped(finished.progress.turns, "menu"), finished.progress)
    assert menu.reply.text == "Bác muốn học gì hôm nay?"
    assert [button.label for button in menu.reply.buttons][1] == "Lộ trình: Học ngược (xong 1 trong 2 bài)"


def test_an_open_lesson_and_the_next_of_the_path_are_both_offered() -> None:
    progress = msgspec.structs.replace(MENU, path="ng", spots={"bai-01": Spot("hoi")})
    labels = [button.label for button in show(LIBRARY, progress, NOW).buttons]
    assert labels[:2] == ["Học tiếp: Bài một", "Bài nên học: Bài hai"]
    assert len(labels) == 6


def test_a_path_that_is_done_is_praised_and_other_lessons_come_next() -> None:
    progress = msgspec.structs.replace(MENU, path="mot", done={"bai-01": Done(1, 2, 2)})
    shown = show(LIBRARY, progress, NOW)
    assert "đã học xong cả lộ trình **Chỉ một bài**" in shown.text
    assert shown.buttons[0].code == "l:bai-02"


def test_the_path_is_listed_and_left_again() -> None:
    listed = walk("path", begun=msgspec.structs.replace(MENU, path="ng"))
    assert codes(listed) == ["l:bai-02", "l:bai-01", "menu"]
    assert turn(Typed("quay lại"), listed.progress).progress.place == "menu"


def test_a_long_path_is_listed_course_by_course() -> None:
    begun = msgspec.structs.replace(MENU, path="moi")
    parts = walk("path", library=SHIPPED, begun=begun)
    assert codes(parts)[:2] == ["p:lam-quen-dien-thoai", "p:sim-zalo-email"]
    assert parts.reply.buttons[1].label == "SIM, Zalo, email (1 bài)"
    part = walk("path", "p:sim-zalo-email", library=SHIPPED, begun=begun)
    assert codes(part) == ["l:sim-01", "path", "menu"]
    back = turn(Typed("quay lại"), part.progress, SHIPPED)
    assert back.reply.text == parts.reply.text


def test_all_courses_are_two_taps_away() -> None:
    assert codes(walk("courses", begun=MENU)) == ["c:khoa", "menu"]
    assert codes(walk("courses", "c:khoa", begun=MENU)) == ["l:bai-01", "l:bai-02", "courses", "menu"]


def test_the_path_is_changed_and_dropped_in_the_settings() -> None:
    inside = msgspec.structs.replace(MENU, place="lesson", lesson="bai-01", spots={"bai-01": Spot("hoi")})
    asked = turn(Typed("cài đặt"), inside)
    asked = turn(Tapped(asked.progress.turns, "paths"), asked.progress)
    assert codes(asked) == ["ng", "mot", "return"]
    chosen = turn(Tapped(asked.progress.turns, "mot"), asked.progress)
    assert (chosen.progress.path, chosen.progress.aside, chosen.progress.place) == ("mot", "settings", "lesson")
    assert "Lộ trình: Chỉ một bài" in [button.label for button in chosen.reply.buttons]
    asked = turn(Tapped(chosen.progress.turns, "paths"), chosen.progress)
    assert codes(asked) == ["ng", "mot", "none", "return"]
    dropped = turn(Tapped(asked.progress.turns, "none"), asked.progress)
    assert (dropped.progress.path, dropped.reply.notes) == ("", ("Cháu đã đổi rồi.",))


def test_a_path_chosen_from_the_menu_leads_back_to_it() -> None:
    chosen = walk("paths", "mot", begun=MENU)
    assert (chosen.progress.place, chosen.progress.aside, chosen.progress.path) == ("menu", "", "mot")


def test_a_path_that_is_gone_is_no_path() -> None:
    progress = msgspec.structs.replace(MENU, path="xa", place="path")
    shown = show(LIBRARY, progress, NOW)
    assert shown.text == "Bác muốn học gì hôm nay?"
    assert turn(Tapped(0, "courses"), progress).progress.place == "courses"
    assert codes(walk("settings", library=PLAIN, begun=progress))  # where there are no paths any more


def test_every_button_on_the_way_to_a_lesson_is_answered() -> None:
    """From the menu of a learner with and without a path, through all that isn't a lesson."""
    ahead = [turn(Opened(), msgspec.structs.replace(MENU, path=path), SHIPPED) for path in ("", "moi", "nct")]
    met: set[tuple[str, str, str]] = set()
    while ahead:
        here = ahead.pop()
        for button in here.reply.buttons:
            taken = turn(Tapped(here.progress.turns, button.code), here.progress, SHIPPED)
            there = (taken.progress.place, taken.progress.aside, taken.progress.path)
            assert taken.reply.buttons
            assert "không tính" not in "".join(taken.reply.notes), (there, button)
            if there not in met and taken.progress.place != "lesson" and taken.progress.agreed:
                met.add(there)
                ahead.append(taken)
    assert {("path:an-toan", "", "moi"), ("path", "", "nct"), ("courses", "", ""), ("menu", "paths", "moi")} <= met


@pytest.mark.parametrize(("path", "lang", "address"), [("moi", "vi", "bac"), ("nct", "vi", "chi"), ("nd", "en", "ban")])
def test_who_learns_along_a_path_hears_nothing_that_was_not_known_ahead(path: str, lang: str, address: str) -> None:
    known = {each.text for each in sayable(SHIPPED, lang, [address])}
    progress = Progress(lang=lang, address=address, listens=True, agreed=1, place="menu", aside="paths")
    taken = turn(Tapped(0, path), progress, SHIPPED)
    done: dict[str, Done] = {}
    for key in SHIPPED.along(path):
        for place in ("menu", "path", f"path:{SHIPPED.lessons[key][FIRST].course}", "courses"):
            here = msgspec.structs.replace(taken.progress, place=place, done=dict(done))
            assert set(spoken(show(SHIPPED, here, NOW), SHIPPED)) <= known, place
        done[key] = Done(0, 0, 0)
        here = msgspec.structs.replace(taken.progress, place=f"finish:{key}", done=dict(done))
        following = [part for part in spoken(show(SHIPPED, here, NOW), SHIPPED) if part.startswith(("Một: ", "One: "))]
        assert set(following) <= known or lang not in SHIPPED.lessons[key]
    assert set(spoken(taken.reply, SHIPPED)) <= known


def test_the_path_is_kept_shown_and_restored() -> None:
    chosen = walk("agree", "bac", "read", "ng")
    assert '"path": "ng"' in export(chosen.progress)
    assert "Lộ trình học: Học ngược." in walk("settings", "data", begun=chosen.progress).reply.text
    entries = [Entry(chosen.progress.turns, 1, 1, chosen.records)]
    assert rebuild(entries).path == "ng"


def test_a_learner_on_a_path_with_20_lessons_done_takes_at_most_400_bytes() -> None:
    longest = max((path[FIRST].id for path in SHIPPED.paths), key=len)
    assert longest
    kept = msgspec.structs.replace(LEARNT, path=longest, order=987_654_321)
    assert len(kept.done) == 20
    assert len(encode(kept)) <= 400


def test_in_english_the_path_is_english() -> None:
    shown = show(LIBRARY, msgspec.structs.replace(MENU, lang="en", path="ng"), NOW)
    assert shown.buttons[1].label == "Path: Backwards (lessons: 2)"


# The file

FORWARD = PATHS.strip().replace("[bai-02-hai, bai-01-mot]", "[bai-01-mot, bai-02-hai]")
GOOD = {"bai-01": PLAIN.lessons["bai-01"][FIRST], "bai-02": PLAIN.lessons["bai-02"][FIRST]}


def told(text: str, lessons: Mapping[str, Lesson], lang: str = "en") -> list[str]:
    found = read_paths(text, "paths.yaml", KNOWN, lessons)
    assert isinstance(found, list), found
    return [f"{each.line}:{each.column}: {each.sentence(lang)}" for each in found]


@pytest.mark.parametrize(
    ("old", "new", "en", "vi"),
    [
        (
            "[bai-01-mot, bai-02-hai]",
            "[bai-01-mot, bai-02-hal]",
            "7:27: path 'ng' has 'bai-02-hal', which is no lesson; did you mean 'bai-02-hai'?",
            "7:27: lộ trình 'ng' có 'bai-02-hal', mà không có bài đó; có phải ý là 'bai-02-hai' không?",
        ),
        (
            "[bai-01-mot, bai-02-hai]",
            "[bai-01-mot, bai-01-mot]",
            "7:27: 'bai-01-mot' stands twice in path 'ng'; take one out",
            "7:27: bài 'bai-01-mot' có hai lần trong lộ trình 'ng'; hãy bỏ một trong hai",
        ),
        (
            "[bai-01-mot, bai-02-hai]",
            "[bai-02-hai, bai-01-mot]",
            "7:15: 'bai-02-hai' stands before 'bai-01-mot', which it needs; put 'bai-01-mot' first",
            "7:15: bài 'bai-02-hai' đứng trước bài 'bai-01-mot' cần học trước nó; hãy đưa 'bai-01-mot' lên trước",
        ),
        (
            "id: mot",
            "id: ng",
            "8:5: id 'ng' is already used in line 3; give each path its own",
            "8:5: tên gọi (id) 'ng' đã dùng ở dòng 3; hãy đặt cho mỗi lộ trình một tên riêng",
        ),
        (
            "id: mot",
            "id: chi-mot-bai-thoi",
            "8:5: 'chi-mot-bai-thoi' has 16 characters; a path's id has at most 3: every learner's progress keeps it",
            (
                "8:5: 'chi-mot-bai-thoi' dài 16 ký tự; "
                "tên gọi (id) của lộ trình nhiều nhất 3 ký tự, vì phải ghi cho từng người học"
            ),
        ),
    ],
    ids=["unknown", "twice", "before its need", "same id", "long id"],
)
def test_what_is_wrong_with_a_path_is_told_with_its_place(old: str, new: str, en: str, vi: str) -> None:
    text = FORWARD.replace(old, new, 1)
    assert told(text, GOOD) == [en]
    assert told(text, GOOD, "vi") == [vi]


def test_at_most_five_paths_are_offered_at_the_welcome() -> None:
    one = "  - {{id: p{0}, title: Bài {0}, summary: Bài., audience: [nct], lessons: [bai-01-mot]}}\n"
    text = "format: 1\npaths:\n" + "".join(map(one.format, range(6)))
    assert told(text, GOOD) == [
        "8:6: 6 paths are offered at the welcome; at most 5; write 'offered: false' at the others",
    ]
    assert told(text, GOOD, "vi") == [
        "8:6: có 6 lộ trình được hỏi lúc chào; nhiều nhất 5; các lộ trình khác ghi 'offered: false'",
    ]


def test_a_translation_has_the_same_paths() -> None:
    paths = good(read_paths(PATHS, "paths.yaml", KNOWN, {}))
    found = read_paths_translation(ENGLISH.replace("id: mot", "id: mo"), "paths.en.yaml", paths)
    assert isinstance(found, list)
    assert [each.sentence("en") for each in found] == [
        "path 'mot' is not translated; add its 'id', 'title' and 'summary'",
        "there is no path 'mo'; did you mean 'mot'?",
    ]
    assert [each.sentence("vi") for each in found] == [
        "lộ trình 'mot' chưa được dịch; hãy thêm 'id', 'title' và 'summary' của nó",
        "không có lộ trình nào tên 'mo'; có phải ý là 'mot' không?",
    ]


# What learners get

SHIPPED_PATHS = [pytest.param(path[FIRST], id=path[FIRST].id) for path in SHIPPED.paths]
MOVES_MONEY = {*(f"tk-{number:02}" for number in range(3, 11)), "dvc-06", "la-02"}


@pytest.mark.parametrize("path", SHIPPED_PATHS)
def test_codes_and_scams_come_before_money(path: LearningPath) -> None:
    keys = SHIPPED.along(path.id)
    assert len(keys) == len(path.lessons)
    first = min((keys.index(key) for key in MOVES_MONEY.intersection(keys)), default=len(keys))
    assert {"tk-01", "at-01"} <= set(keys[:first])


def test_blind_learners_get_only_lessons_made_for_ears() -> None:
    for path in SHIPPED.paths:
        if "nm" in path[FIRST].audience:
            for key in SHIPPED.along(path[FIRST].id):
                assert {"nm", "tat-ca"} & set(SHIPPED.lessons[key][FIRST].audience), key


def test_each_target_group_has_a_path_and_all_are_translated() -> None:
    groups = {code for path in SHIPPED.paths for code in path[FIRST].audience}
    assert {"nct", "nd", "nm", "dtts", "moi", "ph", "hkd", "cb"} <= groups
    assert all("en" in path for path in SHIPPED.paths)


def test_no_menu_of_someone_on_a_path_is_long() -> None:
    spots = {"dt-01": Spot(SHIPPED.lessons["dt-01"][FIRST].steps[0].id)}
    for path in SHIPPED.paths:
        progress = msgspec.structs.replace(MENU, path=path[FIRST].id, spots=spots)
        assert len(show(SHIPPED, progress, NOW).buttons) <= 6


def plainly_following(library: Library, done: Mapping[str, object], after: str, path: str) -> str | None:
    """Say what comes next, looking at every lesson."""
    unfinished = [key for key in library.order if key not in done]
    for key in library.along(path):
        if key in unfinished:
            return key
    ready = [key for key in unfinished if library.ready(key, done)] or unfinished
    at = library.order.index(after) + 1 if after else 0
    ahead = [key for key in library.order[at:] + library.order[:at] if key in ready]
    mates = [
        key for key in ahead if after and library.lessons[key][FIRST].course == library.lessons[after][FIRST].course
    ]
    return next(iter([*mates, *ready]), None)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.99, 1.0])
def test_what_comes_next_is_what_looking_at_every_lesson_finds(share: float) -> None:
    chance = random.Random(f"{share}")  # noqa: S311  for a test
    found = set()
    for _ in range(60):
        done = {key: None for key in SHIPPED.order if chance.random() < share}
        after = chance.choice(["", *SHIPPED.order])
        path = chance.choice(["", "xx", *(languages[FIRST].id for languages in SHIPPED.paths)])
        found.add(SHIPPED.following(done, after, path))
        assert SHIPPED.following(done, after, path) == plainly_following(SHIPPED, done, after, path)
    assert found == {None} if share == 1 else len(found) > 1
