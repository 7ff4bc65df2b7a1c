"""Two editors at once, two windows, a text editor on the server; and what a file held, compared and brought back."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from pathlib import Path

import pytest
from office_house import Visitor
from office_room import ADDRESS, Room, field, publish, room_at, save, shown

from bot.office.editor.history_texts import HISTORY_TEXTS, HistoryTexts
from bot.office.editor.texts import EDITOR_TEXTS, EditorTexts

pytestmark = pytest.mark.anyio

VI, TOLD = EDITOR_TEXTS["vi"], HISTORY_TEXTS["vi"]


@pytest.fixture(name="room")
async def a_room(tmp_path: Path) -> AsyncIterator[Room]:
    async with room_at(tmp_path) as room:
        yield room


async def merge(visitor: Visitor, do: str, text: str = "") -> str:
    """Send the form of the page on which two texts are merged."""
    fields = {name: field(visitor, name) for name in ("draft", "edition", "base", "with", "mark", "course")}
    await visitor.post(f"{ADDRESS}/merge", {"do": do, "text": text, **fields})
    await visitor.follow()
    return visitor.text


async def open_merge(visitor: Visitor) -> str:
    """Follow the link to it."""
    found = re.search(rf'href="({ADDRESS}/merge\?[^"]*)"', visitor.seen.text)
    assert found
    await visitor.open(found[1].replace("&amp;", "&"))
    return visitor.text


async def test_two_editors_at_once_lose_nothing(room: Room) -> None:
    lan, minh = await room.editor(), await room.editor("Minh")
    before = room.text
    await lan.open(ADDRESS)
    await minh.open(ADDRESS)
    await save(lan, before.replace("minutes: ", "# của Lan\nminutes: "), "publish")
    assert VI.others.format(author="Lan", minute="")[:20] in await save(minh, before + "# của Minh\n")
    await publish(lan)
    assert "# của Lan" in room.text
    told = (await minh.open(ADDRESS), minh.text)[1]
    assert VI.outdated in told
    assert shown(minh) == before + "# của Minh\n"
    await minh.open(f"{ADDRESS}/publish?draft={field(minh, 'draft')}")
    assert "</button>" not in minh.seen.text.partition("<main")[2]  # there is nothing to press
    await minh.post(f"{ADDRESS}/publish", {"draft": "2", "edition": "1"})  # pressed all the same
    assert "# của Minh" not in room.text
    await minh.open(ADDRESS)
    told = await open_merge(minh)
    assert TOLD.merge_clean in told
    assert "# của Lan" in shown(minh)
    assert "# của Minh" in shown(minh)
    assert VI.merged_now in await merge(minh, "save", shown(minh))
    await save(minh, shown(minh), "publish")
    assert VI.published_now in await publish(minh)
    assert "# của Lan" in room.text
    assert room.text.endswith("# của Minh\n")


async def test_where_both_changed_the_same_line_a_person_must_choose(room: Room) -> None:
    lan = await room.editor()
    before = room.text
    title = next(line for line in before.split("\n") if line.startswith("title: "))
    await lan.open(ADDRESS)
    await save(lan, before.replace(title, "title: Bản của Lan"))
    room.path.write_text(before.replace(title, "title: Bản trên máy chủ"), encoding="utf-8")
    await lan.open(ADDRESS)
    told = await open_merge(lan)
    assert TOLD.merge_clashes.format(number=1) in told
    assert "title: Bản của Lan" in shown(lan)
    assert "title: Bản trên máy chủ" in shown(lan)
    await merge(lan, "save", shown(lan))
    await lan.open(f"{ADDRESS}/publish?draft={field(lan, 'draft')}")
    assert VI.unmerged.format(number=1) in lan.text
    await lan.open(ADDRESS)
    await save(lan, before.replace(title, "title: Bản gộp"), "publish")
    await publish(lan)
    assert "title: Bản gộp" in room.text


@pytest.mark.parametrize(("do", "left"), [("mine", "# của Lan\n"), ("theirs", "# trên máy chủ\n")])
async def test_either_text_may_be_taken_whole(room: Room, do: str, left: str) -> None:
    lan = await room.editor()
    before = room.text
    await lan.open(ADDRESS)
    await save(lan, before + "# của Lan\n")
    room.path.write_text(before + "# trên máy chủ\n", encoding="utf-8")
    await lan.open(ADDRESS)
    await open_merge(lan)
    await merge(lan, do)
    assert shown(lan) == before + left
    assert VI.outdated not in lan.text


async def test_two_windows_of_one_editor_are_merged(room: Room) -> None:
    here, before = await room.editor(), room.text
    await here.open(ADDRESS)
    page = here.seen
    await save(here, before + "# một\n")
    here.seen = page  # the other window, opened before
    told = await save(here, before.replace("minutes: ", "# hai\nminutes: "))
    assert VI.several[:30] in told
    await open_merge(here)
    text = shown(here)
    assert "# hai" in text
    assert text.endswith("# một\n")
    await merge(here, "save", text)
    assert shown(here) == text
    assert VI.several[:30] not in here.text


async def test_what_was_merged_isnt_lost_when_the_file_changes_again(room: Room) -> None:
    lan, before = await room.editor(), room.text
    await lan.open(ADDRESS)
    await save(lan, before + "# của Lan\n")
    room.path.write_text(before + "# một\n", encoding="utf-8")
    await lan.open(ADDRESS)
    await open_merge(lan)
    room.path.write_text(before + "# hai\n", encoding="utf-8")
    assert TOLD.merge_late in await merge(lan, "save", before + "# gộp bằng tay\n")
    assert "# gộp bằng tay" in shown(lan)
    assert room.text == before + "# hai\n"


async def test_what_was_merged_isnt_lost_when_the_draft_is_gone(room: Room) -> None:
    lan, before = await room.editor(), room.text
    await lan.open(ADDRESS)
    await save(lan, before + "# của Lan\n")
    room.path.write_text(before + "# một\n", encoding="utf-8")
    await lan.open(ADDRESS)
    await open_merge(lan)
    page, number = lan.seen, field(lan, "draft")
    await lan.post(f"{ADDRESS}/throw", {"draft": number, "edition": "1"})
    await lan.open(f"{ADDRESS}?draft={number}")
    assert lan.seen.headers["location"] == ADDRESS  # an old link leads to what there is
    lan.seen = page
    await merge(lan, "save", before + "# gộp bằng tay\n")
    assert shown(lan) == before + "# gộp bằng tay\n"
    assert VI.outdated in lan.text  # it is merged with the file before it may be published


async def test_a_new_text_isnt_lost_when_its_draft_was_thrown_away_elsewhere(room: Room) -> None:
    lan, address = await room.editor(), "/office/editor/at-03-thu"
    answers = {"course": "an-toan", "title": "Thử", "summary": "Biết một điều.", "minutes": "3", "id": "at-03-thu"}
    await lan.open("/office/new-lesson")
    await lan.post("/office/new-lesson", {**answers, "audience": "tat-ca", "skills": "KN3"})
    await lan.follow()
    page = lan.seen
    await lan.post(f"{address}/throw", {"draft": field(lan, "draft"), "edition": "1"})
    assert (await lan.open(address)).status_code == 404
    lan.seen = page
    await save(lan, shown(lan) + "# viết tiếp\n", address=address)
    assert shown(lan).endswith("# viết tiếp\n")


async def test_the_history_tells_who_and_brings_back(room: Room) -> None:
    lan, before = await room.editor(), room.text
    await lan.open(ADDRESS)
    await save(lan, before + "# một\n", "publish")
    room.house.minute += 60
    await publish(lan)
    room.path.write_text(before + "# ngoài\n", encoding="utf-8")
    await lan.open(f"{ADDRESS}/history")
    authors = re.findall(r"<td>(Lan|" + TOLD.outside + ")</td>", lan.seen.text)
    assert authors == [TOLD.outside, "Lan", TOLD.outside]
    await lan.open(f"{ADDRESS}/compare?a=r1&b=file")
    rows = re.findall(
        r'<tr class="(added|removed)"><td class="tight">([^<]*)</td><td[^>]*>\d+</td><td><code>([^<]*)', lan.seen.text
    )
    assert rows == [("added", VI.kinds["added"], "# ngoài")]
    await lan.open(f"{ADDRESS}/history")
    await lan.post(f"{ADDRESS}/restore", {"from": "r2"})
    await lan.follow()
    assert VI.restored in lan.text
    assert shown(lan) == before + "# một\n"
    await save(lan, shown(lan), "publish")
    await publish(lan)
    assert room.text == before + "# một\n"
    await lan.open(f"{ADDRESS}/history")
    assert re.findall(r"<td>(Lan|" + TOLD.outside + ")</td>", lan.seen.text)[0] == "Lan"


async def test_a_colleagues_draft_may_be_looked_at_and_taken_over(room: Room) -> None:
    lan, minh = await room.editor(), await room.editor("Minh")
    await lan.open(ADDRESS)
    await save(lan, room.text + "# của Lan\n")
    number = field(lan, "draft")
    await minh.open(f"{ADDRESS}/compare?a=file&b=d{number}")
    assert "# của Lan" in minh.text
    await minh.post(f"{ADDRESS}/restore", {"from": f"d{number}"})
    await minh.follow()
    assert shown(minh).endswith("# của Lan\n")
    await minh.post(f"{ADDRESS}/throw", {"draft": number, "edition": "1"})
    assert minh.seen.status_code == 404  # nobody throws away what isn't theirs
    await lan.open(ADDRESS)
    assert shown(lan).endswith("# của Lan\n")


async def test_what_cant_be_compared_isnt_there(room: Room) -> None:
    lan = await room.editor()
    await lan.open(ADDRESS)
    await lan.open("/office/editor/dvc-01-mot-cua")  # whose revision r2 is none of this lesson's
    for pair in ("a=r1&b=r999", "a=file&b=d7", "a=file&b=", "a=x&b=file", "", "a=r1&b=r2"):
        assert (await lan.open(f"{ADDRESS}/compare?{pair}")).status_code == 404, pair


@pytest.mark.parametrize("texts", [EDITOR_TEXTS, HISTORY_TEXTS])
def test_both_languages_have_the_same_places_to_fill(texts: Mapping[str, EditorTexts | HistoryTexts]) -> None:
    vi, en = (asdict(texts[lang]) for lang in ("vi", "en"))
    assert {name: sorted(re.findall(r"{\w+}", str(words))) for name, words in vi.items()} == {
        name: sorted(re.findall(r"{\w+}", str(words))) for name, words in en.items()
    }
