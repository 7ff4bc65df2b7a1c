"""The lesson editor: texts listed, opened, checked, kept as drafts and published, with a lesson folder of its own."""

import re
import stat
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest
from office_room import ADDRESS, LESSON, Room, field, publish, room_at, save, shown

from bot.channels.web.texts import PREVIEW
from bot.office.editor.folder import MOST
from bot.office.editor.texts import EDITOR_TEXTS
from bot.office.texts import TEXTS

pytestmark = pytest.mark.anyio

VI = EDITOR_TEXTS["vi"]


@pytest.fixture(name="room")
async def a_room(tmp_path: Path) -> AsyncIterator[Room]:
    async with room_at(tmp_path) as room:
        yield room


async def test_a_lesson_is_found_changed_and_published(room: Room) -> None:
    lan = await room.editor()
    await lan.open("/office/editor")
    assert f'href="{ADDRESS}"' in lan.seen.text
    assert VI.in_use in lan.text
    before = room.text
    room.path.chmod(0o640)
    await lan.open(ADDRESS)
    assert shown(lan) == before
    assert VI.file_is in lan.text
    await save(lan, before.replace("\nminutes: ", "\n# thong thả\nminutes: "), "publish")
    assert "# thong thả" in lan.text
    assert VI.kinds["added"] in lan.text
    assert room.text == before  # nothing yet
    assert VI.published_now in await publish(lan)
    assert room.text == before.replace("\nminutes: ", "\n# thong thả\nminutes: ")  # each line ends as it did
    assert stat.S_IMODE(room.path.stat().st_mode) == 0o640
    assert VI.file_is in lan.text  # the draft is done with
    assert [path.name for path in room.path.parent.iterdir() if path.name.startswith(".")] == []


async def test_a_button_pressed_twice_publishes_once(room: Room) -> None:
    lan = await room.editor()
    await lan.open(ADDRESS)
    await save(lan, room.text + "# thêm\n", "publish")
    page = lan.seen
    await publish(lan)
    lan.seen = page
    assert VI.published_now in await publish(lan)
    deeds = [deed.did for _, deed in await room.house.office.deeds(9)]
    assert deeds.count("published") == 1


async def test_the_audit_and_the_history_know_who_published(room: Room) -> None:
    lan = await room.editor()
    await lan.open(ADDRESS)
    await save(lan, room.text + "# cuối\n", "publish")
    await publish(lan)
    deeds = await room.house.office.deeds(9)
    assert ("Lan", "published", LESSON) in [(deed.who, deed.did, deed.to_what) for _, deed in deeds]


async def test_an_error_is_told_with_its_line_and_blocks_publishing(room: Room) -> None:
    lan = await room.editor()
    before = room.text
    await lan.open(ADDRESS)
    told = await save(lan, before.replace("minutes: ", "minuts: "))
    line = next(number for number, each in enumerate(before.split("\n"), 1) if each.startswith("minutes: "))
    assert f"{VI.error} · {VI.line.format(line=line, column=1)} · unknown-key" in told
    assert f'<a href="#L{line}">' in lan.seen.text
    assert f'<span id="L{line}" class="bad">' in lan.seen.text
    assert VI.errors_block in told
    await lan.open(f"{ADDRESS}/publish?draft={field(lan, 'draft')}")
    assert VI.cant_publish in lan.text
    assert VI.publish_button not in re.findall(r"<button[^>]*>([^<]*)", lan.seen.text)
    await lan.post(f"{ADDRESS}/publish", {"draft": "1", "edition": "1"})  # whoever sends it all the same
    assert room.text == before


async def test_the_same_is_told_while_one_writes_and_nothing_is_kept(room: Room) -> None:
    lan = await room.editor()
    await lan.open(ADDRESS)
    await lan.post(f"{ADDRESS}/check", {"text": room.text.replace("minutes: ", "minuts: ")})
    assert "unknown-key" in lan.text
    assert "<html" not in lan.seen.text
    await lan.open(ADDRESS)
    assert VI.file_is in lan.text


async def test_who_is_inside_is_told_before_publishing(room: Room) -> None:
    lan = await room.editor()
    await lan.open(ADDRESS)
    step = room.library.lessons["at-02"]["vi"].steps[1].id
    told = await save(lan, room.text.replace(f"- id: {step}\n", f"- id: moi-hon\n    was: [{step}]\n"), "publish")
    assert (
        VI.inside_line.format(step=step, people="7 người", becomes=VI.becomes["renamed"].format(to="moi-hon")) in told
    )
    assert VI.inside_rest.format(people=VI.few) in told  # two are too few for a number


async def test_a_folder_that_cant_be_written_is_told_and_nothing_is_lost(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = await room.editor()
    before = room.text
    await lan.open(ADDRESS)
    await save(lan, before + "# thêm\n", "publish")

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("bot.office.editor.folder.put", refused)
    told = await publish(lan)
    assert f"Không ghi được lessons/{room.path.parent.name}/{LESSON}.yaml: Permission denied." in told
    assert room.text == before
    await lan.open(ADDRESS)
    assert shown(lan) == before + "# thêm\n"


STRANGE = ("..%2f..%2fetc%2fpasswd", "AT-02", "course", f"{LESSON}.xx", f"{LESSON}.talk", "no-such-lesson", "at-02..")


async def test_no_name_leads_elsewhere(room: Room) -> None:
    lan = await room.editor()
    for name in STRANGE:
        answer = await lan.open(f"/office/editor/{name}")
        assert (answer.status_code, TEXTS["vi"].refused.text in lan.text) == (404, True), name


async def test_texts_from_anywhere_do_no_harm(room: Room) -> None:
    lan = await room.editor()
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    await lan.open(ADDRESS)
    assert "anchor-or-tag" in await save(lan, bomb)
    await lan.open(ADDRESS)
    assert "invisible-character" in await save(lan, "title: a\0b\n")
    await lan.open(ADDRESS)
    assert "too-big" in await save(lan, "x" * 300_000)
    await lan.open(ADDRESS)
    page = lan.seen
    fields = {name: field(lan, name) for name in ("draft", "edition", "base")}
    await lan.post(ADDRESS, {"text": "ễ" * MOST, **fields})
    assert (lan.seen.status_code, TEXTS["vi"].strange.text in lan.text) == (400, True)
    assert '<script src="' in page.text
    lan.seen = page
    assert "<script>alert" not in (await save(lan, "title: </textarea><script>alert(1)</script>\n"), lan.seen.text)[1]


async def test_windows_line_ends_stay_in_a_file_that_has_them(room: Room) -> None:
    lan = await room.editor()
    room.path.write_bytes(room.text.replace("\n", "\r\n").encode())
    before = room.path.read_bytes()
    await lan.open(ADDRESS)
    await save(lan, shown(lan) + "# thêm", "publish")
    await publish(lan)
    assert room.path.read_bytes() == before + "# thêm\r\n".encode()


async def test_a_file_that_is_no_text_is_told(room: Room) -> None:
    lan = await room.editor()
    room.path.write_bytes(b"title: \xff\n")
    for page in ("", "/history", "/preview"):
        await lan.open(ADDRESS + page)
        assert VI.cant_open["not_utf8"].text in lan.text


async def test_what_is_saved_while_the_file_cant_be_opened_is_kept(room: Room) -> None:
    lan, before = await room.editor(), room.text
    await lan.open(ADDRESS)
    room.path.write_bytes(b"title: \xff\n")
    assert VI.cant_open["not_utf8"].text in await save(lan, before + "# thêm\n")
    room.path.write_text(before, encoding="utf-8")
    await lan.open(ADDRESS)
    assert shown(lan) == before + "# thêm\n"


async def test_an_official_sees_none_of_it(room: Room) -> None:
    official = await room.house.signed_in("Hoa", "official", "14845")
    for address in ("/office/editor", ADDRESS, f"{ADDRESS}/publish"):
        assert (await official.open(address)).status_code == 404
    assert VI.all not in official.text


async def test_a_draft_is_walked_through_as_learners_would(room: Room) -> None:
    lan, before = await room.editor(), room.text
    first = room.library.lessons["at-02"]["vi"].steps[0].text
    await lan.open(ADDRESS)
    told = await save(lan, before.replace(first.strip().split("\n")[0], "Câu chỉ có trong bản nháp."), "preview")
    assert VI.previewed_draft in told
    assert "Câu chỉ có trong bản nháp." in told
    assert "preview.js" not in lan.seen.text  # nothing to wait for
    walk = {unescape(each) for each in re.findall(r'href="(/office/editor/[^"]*)"', lan.seen.text)}
    tapped = next(each for each in walk if "tap=" in each)
    assert f"{ADDRESS}/preview?draft=1&as=reading&tongue=vi&" in tapped
    await lan.open(tapped)
    assert "Câu chỉ có trong bản nháp." not in lan.text
    await lan.open(next(each for each in walk if "as=listening" in each))
    assert "Bước một trên" in lan.text  # numbers as words
    assert room.text == before
    assert (await room.house.visitor().open(f"{ADDRESS}/preview")).status_code == 303  # behind the door


async def test_a_draft_with_an_error_is_previewed_as_it_last_was(room: Room) -> None:
    lan = await room.editor()
    await lan.open(ADDRESS)
    told = await save(lan, room.text.replace("minutes: ", "minuts: "), "preview")
    assert PREVIEW["vi"].broken in told
    assert f"{LESSON}.yaml:" in told
    assert str(room.folder) not in lan.seen.text  # where it stands on the server is nobody's affair


async def test_a_new_lesson_is_begun_by_questions(room: Room) -> None:
    lan = await room.editor()
    await lan.open("/office/new-lesson")
    answers = {"course": "an-toan", "title": "Vay tiền", "summary": "Biết một điều.", "minutes": "99"}
    await lan.post("/office/new-lesson", {**answers, "audience": "tat-ca", "skills": "KN3"})
    assert '<p class="wrong" id="wrong-minutes">' in lan.seen.text
    assert 'value="Vay tiền"' in lan.seen.text  # nothing has to be typed again
    await lan.post("/office/new-lesson", {**answers, "minutes": "3", "audience": "tat-ca", "skills": "KN3"})
    await lan.follow()
    assert VI.begun in lan.text
    assert VI.fine in lan.text
    address = "/office/editor/at-03-vay-tien"
    await lan.open("/office/editor")
    assert f'href="{address}"' in lan.seen.text
    assert VI.not_there in lan.text
    await lan.open(address)
    await save(lan, shown(lan) + "# xong\n", "publish", address)
    assert VI.published_now in await publish(lan, address)
    assert (room.folder / "an-toan/at-03-vay-tien.yaml").read_text(encoding="utf-8").endswith("# xong\n")


async def test_a_translation_begins_with_what_is_to_be_translated(room: Room) -> None:
    lan, path = await room.editor(), room.path.with_name(f"{LESSON}.en.yaml")
    path.unlink()
    await lan.open("/office/editor")
    assert VI.not_translated in lan.text
    await lan.open(f"{ADDRESS}.en")
    assert VI.new_file in lan.text
    title = room.library.lessons["at-02"]["vi"].title
    assert f'\n# {title}\ntitle: ""\n' in shown(lan)
    assert "empty-text" in lan.text  # so it can't be published yet
    await save(lan, shown(lan), address=f"{ADDRESS}.en")
    assert VI.new_file in lan.text  # to save what was not changed makes no draft


async def test_what_a_change_does_to_a_translation_is_told_and_blocks_nothing(room: Room) -> None:
    lan = await room.editor()
    step = room.library.lessons["at-02"]["vi"].steps[1].id
    await lan.open(ADDRESS)
    told = await save(lan, room.text.replace(f"- id: {step}\n", f"- id: moi-hon\n    was: [{step}]\n"), "publish")
    assert VI.elsewhere in told
    assert f"{LESSON}.en.yaml: " in told
    assert VI.published_now in await publish(lan)


async def test_a_courses_own_page_is_written_too(room: Room) -> None:
    lan, path, address = await room.editor(), room.path.with_name("course.yaml"), "/office/editor/an-toan~course"
    before = path.read_text(encoding="utf-8")
    await lan.open("/office/editor")
    assert f'href="{address}"' in lan.seen.text
    await lan.open(address)
    assert "preview" not in lan.seen.text.partition("<main")[2]  # there is nothing to walk through
    assert "unknown-key" in await save(lan, before.replace("title: ", "titel: "), address=address)
    await lan.open(address)
    await save(lan, before.replace("title: ", "title: Mới: ").replace("Mới: ", "Mới, "), "publish", address)
    assert VI.published_now in await publish(lan, address)
    assert "title: Mới, " in path.read_text(encoding="utf-8")
    assert (await lan.open(f"{address}/preview")).status_code == 404
    for name in ("khong-co~course", "an-toan~course.xx", "..~course", "~course"):
        assert (await lan.open(f"/office/editor/{name}")).status_code == 404


async def test_a_courses_translation_is_checked_for_what_changed_since(room: Room) -> None:
    lan, path = await room.editor(), room.path.with_name("course.en.yaml")
    await lan.open("/office/editor/an-toan~course.en")
    text = path.read_text(encoding="utf-8").partition("of:")[0] + "of:\n  title: Tên cũ\n"
    assert "changed-since" in await save(lan, text, address="/office/editor/an-toan~course.en")
