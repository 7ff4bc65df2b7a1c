"""Passkeys over HTTP: what a device is asked, and answers that none gave (real ones: test_browser_office.py)."""

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from office_house import House, Visitor, house

from bot.core.marks import mark_of
from bot.office.keys import MOST_BEGUN
from bot.office.texts import TEXTS
from bot.stores.office import TRIES, Key

pytestmark = pytest.mark.anyio

VI = TEXTS["vi"]


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


def answer(challenge: str, name: str = "a2V5", **more: object) -> str:
    """What a browser would send, but that nothing in it is signed."""
    said = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": "https://hocso.test"})
    response = {"clientDataJSON": urlsafe_b64encode(said.encode()).decode().rstrip("="), **more}
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


JUNK = [
    "",
    "x",
    "[]",
    "{}",
    "null",
    '{"response": {}}',
    '{"response": []}',
    '{"id": 1, "response": {"clientDataJSON": 1}}',
]
JUNK += [answer(""), answer("x" * 1000), answer("a2V5", authenticatorData="AA", signature="!", userHandle=7)]


@pytest.mark.parametrize("junk", JUNK)
async def test_what_no_device_gave_is_refused_kindly(open_house: House, junk: str) -> None:
    stranger = open_house.visitor()
    await stranger.open("/office/sign-in")
    await stranger.post("/office/key/use", {"key": junk})
    assert (stranger.seen.status_code, VI.key_refused.text in stranger.text) == (403, True)
    lan = await open_house.signed_in("Lan", "operator")
    await lan.post("/office/key/add", {"key": junk, "name": "máy"})
    assert (lan.seen.status_code, VI.key_unmade.text in lan.text) == (400, True)


async def test_a_passkey_is_asked_for_this_host_and_its_owner_checked(open_house: House) -> None:
    lan = await open_house.signed_in("Lan", "operator")
    asked = (await lan.post("/office/key/wanted")).json()
    assert asked["rp"]["id"] == "hocso.test"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["user"]["name"] == "Lan"
    stranger = open_house.visitor()
    await stranger.open("/office/sign-in")
    wanted = (await stranger.post("/office/key/begin")).json()
    assert (wanted["rpId"], wanted["userVerification"]) == ("hocso.test", "required")
    assert wanted.get("allowCredentials", []) == []  # nobody learns who has passkeys


async def challenged(visitor: Visitor) -> str:
    await visitor.open("/office/sign-in")
    return str((await visitor.post("/office/key/begin")).json()["challenge"])


async def test_a_challenge_is_spent_by_its_browser_once_and_in_time(open_house: House) -> None:
    key, lan = Key("a2V5", 1, "hocso.test", b"no key", 0, "máy", 20_000, None), open_house.visitor()
    await open_house.link("Lan", "operator")
    await open_house.office.add_key(key, open_house.minute)
    challenge = await challenged(lan)
    mark = mark_of(challenge)
    thief = open_house.visitor()
    await thief.open("/office/sign-in")
    await thief.post("/office/key/use", {"key": answer(challenge)})
    assert await open_house.office.answered(mark, "another browser", open_house.minute) is False
    await lan.open("/office/sign-in")
    await lan.post("/office/key/use", {"key": answer(challenge)})
    assert lan.seen.status_code == 403  # nothing was signed
    async with open_house.database.reading() as connection:
        left = (await connection.exec_driver_sql("SELECT mark FROM office_challenges")).all()
    assert left == []


async def test_wrong_answers_lock_that_passkey_wherever_they_come_from(open_house: House) -> None:
    await open_house.link("Lan", "operator")
    await open_house.office.add_key(Key("a2V5", 1, "hocso.test", b"no key", 0, "máy", 20_000, None), open_house.minute)
    for number in range(TRIES):
        stranger = open_house.visitor(place=f"198.51.100.{number}")
        await stranger.open("/office/sign-in")
        assert (await stranger.post("/office/key/use", {"key": answer("x")})).status_code == 403
    fresh = open_house.visitor(place="198.51.100.99")
    await fresh.open("/office/sign-in")
    assert (await fresh.post("/office/key/use", {"key": answer("x")})).status_code == 429
    await fresh.open("/office/sign-in")
    assert (await fresh.post("/office/key/use", {"key": answer("x", "b3RoZXI")})).status_code == 403


async def test_one_place_cannot_have_challenges_without_end(open_house: House) -> None:
    stranger = open_house.visitor()
    for _ in range(MOST_BEGUN):
        await challenged(stranger)
    await stranger.open("/office/sign-in")
    assert (await stranger.post("/office/key/begin")).status_code == 429


async def test_nobody_removes_anothers_passkey(open_house: House) -> None:
    lan, minh = await open_house.signed_in("Lan", "operator"), await open_house.signed_in("Minh", "operator")
    number = (await open_house.office.everybody(open_house.minute))[0].person.number
    await open_house.office.add_key(Key("a2V5", number, "hocso.test", b"", 0, "máy", 20_000, None), open_house.minute)
    await minh.open("/office/account")
    assert (await minh.post("/office/key/remove", {"id": "a2V5"})).status_code == 404
    await lan.open("/office/account")
    assert "máy" in lan.text
    assert (await lan.post("/office/key/remove", {"id": "a2V5"})).status_code == 303
    await lan.follow()
    assert VI.key_removed in lan.text
