"""A volunteer in the talk: nobody else meets any of it, and each screen hangs on the progress alone."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from small import small_library

from bot.core.access import ROLES, Role
from bot.core.crew import Member
from bot.core.here import Here
from bot.core.progress import Also, Progress
from bot.core.readable import readable_of, text_hash
from bot.core.reading import to_read
from bot.core.talk import show, take_turn
from bot.core.turn import Event, Moment, Read, Tapped, Turn, Typed

LIBRARY = small_library()
PARTS = [part for _, part in readable_of(LIBRARY).every("vi")]
FIRST, SECOND = PARTS[:2]
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
SAYS = LIBRARY.phrases["vi"].reading


def now(role: Role | None = "volunteer", chance: str = "", at: datetime = AT) -> Moment:
    return Moment(at, chance, crew={7: Member(3, "Cô Hoa", role, "all")} if role else {})


def given(part: object = FIRST, new: str = "", reason: str = "") -> str:
    assert isinstance(part, type(FIRST))
    return "\t".join(("text", "4", "2", "bac", part.lesson, text_hash(part.text), new, reason))


def learner(aside: str = "") -> Progress:
    return Progress(agreed=1, place="menu", address="bac", also=Also(badge=7), aside=aside)


def turn(progress: Progress, event: Event, moment: Moment) -> Turn:
    return take_turn(LIBRARY, progress, event, moment)


def reading(part: object = FIRST) -> Progress:
    return turn(learner(), Typed("đọc giúp"), now(chance=given(part))).progress


@pytest.mark.parametrize("role", [None, *(role for role in ROLES if role != "volunteer")])
def test_the_words_mean_nothing_to_anybody_else(role: Role | None) -> None:
    for words in ("đọc giúp", "xóa giọng của tôi"):
        found = turn(learner(), Typed(words), now(role))
        assert (found.progress.aside, found.wish) == ("", None)
    kept = reading()
    assert to_read(Here(LIBRARY, kept, now(role))) is None  # of one who was a volunteer
    assert show(LIBRARY, kept, now(role)).text != show(LIBRARY, kept, now()).text


def test_who_is_a_volunteer_no_more_hears_who_can_delete_their_voice() -> None:
    assert "người đã mời bác" in turn(learner(), Typed("xoa giong cua toi"), now(None)).reply.notes[0]
    never = Progress(agreed=1, place="menu", address="bac")
    assert "người đã mời bác" not in turn(never, Typed("xóa giọng của tôi"), now(None)).reply.notes[0]


def test_a_text_is_given_with_how_it_is_said_and_by_whom_it_is_read() -> None:
    kept = reading(SECOND)
    found = show(LIBRARY, kept, now())
    assert f"**{SECOND.written}**" in found.text
    assert SAYS.spoken.format(text=SECOND.text) in found.text
    assert found.reads
    wanted = to_read(Here(LIBRARY, kept, now()))
    assert wanted
    assert (wanted.person, wanted.part, wanted.since) == (3, SECOND, int(AT.timestamp()))


def test_who_reads_for_the_first_time_is_told_what_becomes_of_their_voice() -> None:
    asked = turn(learner(), Typed("doc giup"), now(chance=given(new="new")))
    assert "xóa giọng của tôi" in asked.reply.text
    assert to_read(Here(LIBRARY, asked.progress, now())) is None
    later = AT + timedelta(minutes=3)
    agreed = turn(asked.progress, Tapped(asked.progress.turns, "agree"), now(at=later))
    wanted = to_read(Here(LIBRARY, agreed.progress, now()))
    assert wanted
    assert wanted.since == int(later.timestamp())
    refused = turn(asked.progress, Typed("không"), now())
    assert refused.progress.aside == ""


def test_a_good_note_leads_on_and_a_bad_one_stays() -> None:
    kept = reading()
    mark = text_hash(FIRST.text)
    bad = turn(kept, Read(mark, "noisy"), now())
    assert bad.progress.aside == kept.aside
    assert "tiếng ồn" in bad.reply.notes[0]
    good = turn(kept, Read(mark), now(chance=given(SECOND)))
    assert good.wish
    assert good.wish.text == f"vi {mark}"
    assert text_hash(SECOND.text) in good.progress.aside
    late = turn(good.progress, Read(mark), now(chance=given(FIRST)))  # the same once more
    assert late.progress.aside == good.progress.aside


def test_each_fault_has_its_sentence() -> None:
    mark = text_hash(FIRST.text)
    whys = ["empty", "broken", "silent", "quiet", "clipped", "short", "long", "gap", "noisy"]
    whys += ["endless", "no sound", "busy", "full", "moved on"]
    said = {turn(reading(), Read(mark, why), now()).reply.notes[0] for why in whys}
    assert len(said) == len(whys) - 2  # two pairs are told alike


def test_a_text_that_is_said_no_longer_leads_back_to_the_lessons() -> None:
    for lost in (f"read:bac:{FIRST.lesson}:{'0' * 16}:1", "read:bac:bai-99:0:1", "read:x", "read"):
        kept = learner(lost)
        assert to_read(Here(LIBRARY, kept, now())) is None
        assert show(LIBRARY, kept, now()).text == show(LIBRARY, learner(), now()).text


def test_a_volunteer_gets_no_way_into_the_office() -> None:
    found = turn(learner(), Typed("văn phòng"), now())
    assert (found.wish, "văn phòng" in found.reply.notes[0].lower()) == (None, True)


def test_the_place_is_small() -> None:
    assert len(msgspec.msgpack.encode(reading().aside)) < 60


def test_what_is_kept_of_a_volunteer_is_told() -> None:
    assert SAYS.kept_voice[:5] in turn(learner(), Typed("dữ liệu"), now()).reply.text
    assert "xóa giọng của tôi" in turn(learner(), Typed("xóa"), now()).reply.text
    assert "xóa giọng của tôi" not in turn(learner(), Typed("xóa"), now("helper")).reply.text
