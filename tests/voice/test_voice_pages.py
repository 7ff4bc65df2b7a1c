"""Editors listen to what volunteers have read: what they approve is heard, what they refuse is read again."""

import asyncio
from collections.abc import AsyncIterator
from functools import lru_cache
from pathlib import Path

import pytest
from made_sounds import speech
from office_house import START, House, Visitor, house
from small import small_library

from bot.core.access import ALL
from bot.core.readable import Named, Readable, text_hash
from bot.office.voice_texts import VOICE_TEXTS
from bot.stores.readings import Reading, Readings
from bot.studio import Offer, Studio, name_of
from bot.voice import opus
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
from bot.voice.recording_files import writing
from bot.voice.shelf import Shelf
from bot.voice.speaker import Speaker
from bot.voice.voice import Speech, Voice

pytestmark = pytest.mark.anyio

LIBRARY = small_library()
ADDRESS, PART = next(iter(Readable(LIBRARY).every("vi")))
TOLD = VOICE_TEXTS["vi"].told
VOICES = "/office/voices"


@lru_cache
def sound(pitch: float = 140.0) -> bytes:
    return opus.encode(speech(PART.text, pitch=pitch), 24)


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        one.library = LIBRARY
        yield one


async def waiting(home: House, name: str = "Hoa", part: Named = PART, data: bytes = b"") -> int:
    """Have something wait for an editor; returns its number."""
    await home.link(name, "volunteer", ALL)
    person = next(each.person.number for each in await home.office.everybody(home.minute) if each.person.name == name)
    book = Readings(home.database)
    assert await book.add(person, "vi", ADDRESS, part, data or sound(), milliseconds=2_300, minute=home.minute)
    return max(each.id for each in (await book.waiting(100))[0])


async def decide(editor: Visitor, number: int, do: str, minute: int = START, reason: str = "") -> str:
    """Press a button of the page; returns what it told."""
    await editor.open(VOICES)
    await editor.post(f"{VOICES}/{number}", {"do": do, "minute": str(minute), "reason": reason})
    assert editor.seen.status_code == 303
    told = editor.seen.headers["location"].partition("?")[2]
    await editor.follow()
    assert TOLD[told] in editor.text
    return told


def voice_of(folder: Path) -> Voice:
    settings = EngineSettings(folder / "lessons" / "voice")
    return Voice(Speaker(engines(["recorded", "espeak"], settings)), Shelf(folder / "clips"))


async def test_what_an_editor_approves_is_heard_until_the_text_changes(open_house: House, tmp_path: Path) -> None:
    number = await waiting(open_house)
    editor = await open_house.signed_in("Minh", "editor")
    await editor.open(VOICES)
    assert PART.written in editor.text
    assert "Hoa đọc, dài 2.3 giây" in editor.text
    assert await decide(editor, number, "approve") == "approved"
    voice = voice_of(tmp_path)
    clip = await voice.clip(Speech((PART.text,), "vi"))
    other = await voice.clip(Speech(("Câu khác.",), "vi"))
    await voice.close()
    assert clip
    assert other
    assert (clip.engine, other.engine) == ("recorded", "espeak")
    index = (tmp_path / "lessons" / "voice" / "vi" / PART.lesson / "index.yaml").read_text("utf-8")
    assert f'text: "{text_hash(PART.text)}"' in index
    assert "Hoa" not in index  # the files are given on: a number is enough
    assert (await editor.open(f"{VOICES}/{number}.ogg")).content == sound()


async def test_it_is_played_whole_and_in_pieces_and_as_mp3(open_house: House) -> None:
    number = await waiting(open_house)
    editor = await open_house.signed_in("Minh", "editor")
    whole = await editor.open(f"{VOICES}/{number}.ogg")
    assert (whole.content, whole.headers["content-type"]) == (sound(), "audio/ogg; codecs=opus")
    part = await editor.http.get(f"{VOICES}/{number}.ogg", headers={"Range": "bytes=4-9"})
    assert (part.status_code, part.content) == (206, sound()[4:10])
    mp3 = await editor.open(f"{VOICES}/{number}.mp3")
    assert (mp3.headers["content-type"], mp3.content[:2]) == ("audio/mpeg", b"\xff\xf3")
    for address in (f"{VOICES}/{number}.wav", f"{VOICES}/{number + 1}.ogg", f"{VOICES}/x.ogg"):
        assert (await editor.open(address)).status_code == 404


async def test_a_refusal_needs_a_reason_and_deletes_the_sound(open_house: House) -> None:
    number = await waiting(open_house)
    editor = await open_house.signed_in("Minh", "editor")
    assert await decide(editor, number, "refuse", reason="  ") == "reason"
    assert await decide(editor, number, "refuse", reason="Có tiếng xe.") == "refused"
    book = Readings(open_house.database)
    assert await book.sound(number) is None
    assert (await book.room(1, "vi")).refused == {text_hash(PART.text): "Có tiếng xe."}
    assert (await editor.open(f"{VOICES}/{number}.ogg")).status_code == 404


async def test_taken_back_it_is_heard_no_more_not_even_from_the_shelf(open_house: House, tmp_path: Path) -> None:
    number = await waiting(open_house)
    editor = await open_house.signed_in("Minh", "editor")
    await decide(editor, number, "approve")
    voice = voice_of(tmp_path)
    studio = Studio(open_house.database, tmp_path / "lessons", lambda: LIBRARY, voice)
    assert (await voice.clip(Speech((PART.text,), "vi"))) is not None
    assert list((tmp_path / "clips").rglob("*.kept"))
    one = await studio.readings.one(number)
    assert one
    assert await studio.refuse(one, 2, START, "") == "done"
    assert list((tmp_path / "clips").rglob("*.kept")) == []
    assert list((tmp_path / "lessons").rglob("*.ogg")) == []
    later = voice_of(tmp_path)
    clip = await later.clip(Speech((PART.text,), "vi"))
    assert clip
    assert clip.engine == "espeak"
    for each in (voice, later):
        await each.close()
    assert await decide(editor, number, "take-back") == "late"


async def test_what_was_read_of_a_text_that_changed_is_put_away(open_house: House, tmp_path: Path) -> None:
    number = await waiting(open_house, part=PART._replace(text="Câu cũ.", written="Câu cũ."))
    editor = await open_house.signed_in("Minh", "editor")
    await editor.open(VOICES)
    assert VOICE_TEXTS["vi"].changed in editor.text
    assert await decide(editor, number, "approve") == "gone"
    assert list((tmp_path / "lessons").rglob("*.ogg")) == []
    assert (await Readings(open_house.database).waiting(10))[1] == 0


async def test_who_heard_an_earlier_note_decides_nothing(open_house: House) -> None:
    number = await waiting(open_house)
    editor = await open_house.signed_in("Minh", "editor")
    assert await decide(editor, number, "approve", minute=START - 1) == "late"
    assert (await Readings(open_house.database).waiting(10))[1] == 1


async def test_two_editors_at_once_decide_once(open_house: House, tmp_path: Path) -> None:
    number = await waiting(open_house)
    studio = Studio(open_house.database, tmp_path / "lessons", lambda: LIBRARY)
    one = await studio.readings.one(number)
    assert one
    outcomes = await asyncio.gather(
        studio.approve(one, 1, START), studio.refuse(one, 1, START, "Ồn."), studio.approve(one, 1, START)
    )
    assert outcomes.count("done") == 1
    there = bool(list((tmp_path / "lessons").rglob("*.ogg")))
    after = await studio.readings.one(number)
    assert after
    assert (after.state == "approved") == there


async def test_killed_after_the_file_was_written_an_approval_is_given_again(open_house: House, tmp_path: Path) -> None:
    number = await waiting(open_house)
    home = tmp_path / "lessons" / "voice" / "vi"
    with writing(home) as there:
        there.put(sound(), "ogg", PART, who=name_of(1))
    editor = await open_house.signed_in("Minh", "editor")
    assert await decide(editor, number, "approve") == "approved"
    assert len(list(home.rglob("*.ogg"))) == 1


async def test_a_volunteer_takes_everything_back(open_house: House, tmp_path: Path) -> None:
    number = await waiting(open_house)
    editor = await open_house.signed_in("Minh", "editor")
    await decide(editor, number, "approve")
    other = next(part for _, part in Readable(LIBRARY).every("vi") if part != PART)
    await waiting(open_house, part=other)
    await waiting(open_house, "Mai", part=other)
    studio = Studio(open_house.database, tmp_path / "lessons", lambda: LIBRARY)
    assert await studio.withdraw(1, START, by=1) == 2
    assert list((tmp_path / "lessons").rglob("*.ogg")) == []
    assert await studio.readings.of(1) == []
    assert (await studio.readings.waiting(10))[1] == 1  # Mai's
    assert await studio.withdraw(1, START, by=1) == 0


async def test_what_is_approved_while_a_volunteer_takes_it_back_is_heard_by_nobody(
    open_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await waiting(open_house)
    studio = Studio(open_house.database, tmp_path / "lessons", lambda: LIBRARY)
    one = await studio.readings.one(number)
    assert one
    forget = studio.readings.forget

    async def approved_before(person: int, minute: int, some: list[Reading], by: int | None) -> int:
        monkeypatch.undo()  # once
        assert await studio.approve(one, 1, START) == "done"
        return await forget(person, minute, some, by)

    monkeypatch.setattr(studio.readings, "forget", approved_before)
    assert await studio.withdraw(1, START, by=1) == 1
    assert list((tmp_path / "lessons").rglob("*.ogg")) == []
    assert await studio.readings.of(1) == []


async def test_an_index_with_mistakes_is_not_written_over(open_house: House, tmp_path: Path) -> None:
    number = await waiting(open_house)
    index = tmp_path / "lessons" / "voice" / "vi" / "index.yaml"
    index.parent.mkdir(parents=True)
    index.write_text("format: 1\nrecordings: [", "utf-8")
    editor = await open_house.signed_in("Minh", "editor")
    assert await decide(editor, number, "approve") == "busy"
    assert index.read_text("utf-8") == "format: 1\nrecordings: ["
    assert (await Readings(open_house.database).waiting(10))[1] == 1


def test_a_sound_goes_with_its_entry_when_the_place_says_something_else(tmp_path: Path) -> None:
    other = PART._replace(text="Câu khác.", written="Câu khác.")
    for part, who in ((PART, name_of(1)), (other, name_of(2)), (other, name_of(3))):
        with writing(tmp_path) as there:
            there.put(who.encode(), "ogg", part, who=who, said=lambda mark: mark == text_hash(other.text))
    [file] = tmp_path.rglob("*.ogg")
    assert file.read_bytes() == name_of(3).encode()


async def test_whoever_looks_is_written_down(open_house: House) -> None:
    await open_house.signed_in("Minh", "editor")
    editor = await open_house.signed_in("Minh", "editor")
    await editor.open(VOICES)
    assert VOICE_TEXTS["vi"].nothing in editor.text
    deed = (await open_house.office.deeds(1))[0][1]
    assert (deed.who, deed.did, deed.to_what) == ("Minh", "looked", "voices")


async def test_each_dialect_has_its_own_readings(open_house: House, tmp_path: Path) -> None:
    """What is recorded in the language alone is still to be read in the dialect, where the readings then lie."""
    lessons = tmp_path / "lessons"
    with writing(lessons / "voice" / "vi") as there:
        there.put(sound(), "ogg", PART)
    await open_house.link("Hoa", "volunteer", ALL)
    plain = Studio(open_house.database, lessons, lambda: LIBRARY)
    ours = Studio(open_house.database, lessons, lambda: LIBRARY, None, {"vi": "vi-thanhhoa"})
    second = [part for _, part in Readable(LIBRARY).every("vi")][1]
    assert (await plain.next(1, "vi"))[0] == Offer(ADDRESS, second)
    assert (await ours.next(1, "vi"))[0] == Offer(ADDRESS, PART)
    await ours.readings.add(1, "vi-thanhhoa", ADDRESS, PART, sound(), milliseconds=2_300, minute=START)
    assert (await ours.next(1, "vi"))[0] == Offer(ADDRESS, second)  # it waits for an editor
    [one], _ = await ours.readings.waiting(1)
    assert await ours.approve(one, 1, START) == "done"
    assert len(list((lessons / "voice" / "vi-thanhhoa").rglob("*.ogg"))) == 1
    assert (await ours.next(1, "en"))[0] is not None


async def test_texts_are_given_in_their_order_and_from_the_beginning_again(open_house: House, tmp_path: Path) -> None:
    parts = [part for _, part in Readable(LIBRARY).every("vi")]
    studio = Studio(open_house.database, tmp_path / "lessons", lambda: LIBRARY)
    await open_house.link("Hoa", "volunteer", ALL)
    given, after = [], ""
    for _ in parts:
        offer, _room = await studio.next(1, "vi", after)
        assert offer
        given.append(offer.part.text)
        after = offer.mark
    assert given == [part.text for part in parts]
    for last in (after, "0" * 16):  # nothing comes behind it; it is said no longer
        offer, _room = await studio.next(1, "vi", last)
        assert offer
        assert offer.part == parts[0]
    with writing(tmp_path / "lessons" / "voice" / "vi") as there:
        for part in parts:
            there.put(b"OggS", "ogg", part)
    assert (await Studio(open_house.database, tmp_path / "lessons", lambda: LIBRARY).next(1, "vi"))[0] is None
