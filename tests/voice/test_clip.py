"""A clip's address: another for all that sounds different, the same for what only looks different."""

import unicodedata

import pytest

from bot.voice.clip import Format, address_of, is_address, joined_address

SAID = "Bấm nút một không không hai."
ADDRESS = "0688b27ff651c3ecb011699f24ffa434"
JOINED = "2360ec89e4ea2ceb758c7ed26367b49a"


def address(
    text: str = SAID,
    lang: str = "vi",
    engine: str = "gtts",
    voice: str = "",
    speed: float = 1.0,
    form: Format = "ogg",
    kbit: int = 12,
) -> str:
    return address_of(text, lang=lang, engine=engine, voice=voice, speed=speed, form=form, kbit=kbit)


def test_all_that_is_heard_makes_another_address() -> None:
    others = [
        address(SAID[:-1]),
        address(lang="vi-thanhhoa"),
        address(engine="espeak"),
        address(voice="south"),
        address(speed=0.8),
        address(form="mp3"),
        address(kbit=16),
        address(lang="", engine="vigtts"),  # not run together
    ]
    assert len({address(), *others}) == len(others) + 1
    assert all(map(is_address, others))


def test_how_a_text_is_written_does_not() -> None:
    assert address(unicodedata.normalize("NFD", SAID)) == address()
    assert address(speed=0.8) == address(speed=0.8000001)


def test_addresses_stay_what_they_were() -> None:
    """When this changes, every clip is made anew: raise WAY on purpose, or don't change it."""
    assert address() == ADDRESS
    assert joined_address([ADDRESS, ADDRESS], 0.4) == JOINED


def test_joined_clips_have_an_address_by_parts_order_and_pauses() -> None:
    one, two = address("Một."), address("Hai.")
    found = {
        joined_address([one, two], 0.4),
        joined_address([two, one], 0.4),
        joined_address([one, two], 0.5),
        joined_address([one, two, two], 0.4),
        joined_address([one], 0.4),
        one,
    }
    assert len(found) == 6
    assert joined_address([one, two], 0.4) == joined_address([one, two], [0.4])
    with pytest.raises(ValueError, match=r"^2 clips need 1 pauses, not 2\.$"):
        joined_address([one, two], [1, 1])


@pytest.mark.parametrize("text", ["", "../../../etc/passwd", "A" * 32, "a" * 31, "a" * 33, "a" * 31 + "\n", "１" * 32])
def test_nothing_else_is_an_address(text: str) -> None:
    assert not is_address(text)
