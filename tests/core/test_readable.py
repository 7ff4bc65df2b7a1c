"""What volunteers are given to read: the parts that learners hear in lessons, and how they are written."""

from small import REAL, small_library

from bot.core.readable import Readable, text_hash
from bot.core.sayable import sayable

LIBRARY = small_library()


def test_all_that_lessons_say_can_be_read_and_nothing_else() -> None:
    parts = [part for _, part in Readable(LIBRARY).every("vi")]
    heard = {each.text for each in sayable(LIBRARY, "vi")}
    said = {each.text for each in sayable(LIBRARY, "vi") if each.lesson}
    texts = [part.text for part in parts]
    assert len(texts) == len(set(texts))
    assert said <= set(texts) <= heard


def test_the_first_form_of_address_comes_first_lesson_by_lesson() -> None:
    found = list(Readable(LIBRARY).every("vi"))
    forms = [address for address, _ in found]
    assert forms[0] == "bac"
    assert "bac" not in forms[forms.index("co") :]
    lessons = [LIBRARY.order.index(part.lesson) for address, part in found if address == "bac"]
    assert lessons == sorted(lessons)


def test_a_part_is_found_by_its_hash_as_long_as_it_is_said() -> None:
    readable = Readable(LIBRARY)
    address, part = next(iter(readable.every("vi")))
    assert readable.find("vi", address, part.lesson, text_hash(part.text)) == part
    assert readable.find("vi", address, part.lesson, text_hash("Điều khác.")) is None
    assert readable.find("vi", address, "khong-co", text_hash(part.text)) is None
    assert readable.of("xx", address, part.lesson) == ()


def test_a_part_is_shown_as_it_is_written() -> None:
    key = REAL.order[0]
    parts = Readable(REAL).of("vi", "bac", key)
    assert any("Bài có 9 bước" in part.written and "chín bước" in part.text for part in parts)
    assert {part.name for part in parts if part.step} == {f"{key}/{part.step}" for part in parts if part.step}
