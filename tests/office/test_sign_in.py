"""Signing in and out: links that work once, visits that end, forms that come from elsewhere, locks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from databases import KINDS, database_url, everything
from office_house import HOME, House, house
from sqlalchemy import text

from bot.core.access import Person
from bot.core.marks import mark_of
from bot.office.door import HOME_COOKIE, SAFE_COOKIE
from bot.office.own_texts import OWN_TEXTS
from bot.office.texts import TEXTS
from bot.stores.office import IDLE, LONGEST, TRIES, TRY_MINUTES, Taken

pytestmark = pytest.mark.anyio

VI = TEXTS["vi"]
DEEDS = OWN_TEXTS["vi"].deeds


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


async def test_a_link_signs_in_by_its_button_and_only_once(open_house: House) -> None:
    link = await open_house.link("Lan", "operator")
    preview, lan = open_house.visitor(), open_house.visitor()
    for _ in range(3):  # messengers look at what is behind a link
        assert (await preview.open(link)).status_code == 200
    await lan.open(link)
    await lan.post(link)
    assert (lan.seen.status_code, lan.seen.headers["location"]) == (303, "/office/account?new")
    await lan.follow()
    assert "Lan · Người vận hành · tỉnh Thanh Hóa" in lan.text
    for answer in (await preview.open(link), await preview.post(link)):
        assert answer.status_code in {403, 410}
    await preview.open("/office/sign-in")
    await preview.post(link)
    assert (preview.seen.status_code, VI.spent.text in preview.text) == (410, True)
    assert (await preview.open("/office/account")).headers["location"] == "/office/sign-in?to=/office/account"


async def test_of_two_who_press_at_once_one_comes_in(open_house: House) -> None:
    link = await open_house.link("Lan", "operator")
    both = [open_house.visitor(), open_house.visitor()]
    for each in both:
        await each.open(link)
    answers = await asyncio.gather(*(each.post(link) for each in both))
    assert sorted(each.status_code for each in answers) == [303, 410]


async def test_a_link_ends_and_a_new_one_ends_the_old(open_house: House) -> None:
    late = await open_house.link("Lan", "editor", minutes=60)
    open_house.minute += 60
    assert (await open_house.visitor().open(late)).status_code == 410
    first = await open_house.link("Lan", "editor")
    second = await open_house.link("Lan", "editor")
    assert (await open_house.visitor().open(first)).status_code == 410
    assert (await open_house.visitor().open(second)).status_code == 200


async def test_a_name_has_one_role(open_house: House) -> None:
    await open_house.link("Lan", "official", "14845")
    with pytest.raises(Taken, match="Lan is in the office already, as official of 14845; revoke that first"):
        await open_house.link("Lan", "operator")


async def test_the_cookie_is_new_after_signing_in_and_for_this_host_alone(open_house: House) -> None:
    link = await open_house.link("Lan", "operator")
    lan = open_house.visitor()
    before = (await lan.open(link)).headers["set-cookie"]
    after = (await lan.post(link)).headers["set-cookie"]
    assert before.split(";")[0] != after.split(";")[0]
    assert after.startswith(f"{SAFE_COOKIE}=")
    parts = {part.strip().lower() for part in after.split(";")[1:]}
    assert parts == {"httponly", "secure", "samesite=lax", "path=/", f"max-age={LONGEST * 60}"}


async def test_a_token_that_the_browser_was_given_by_somebody_is_not_signed_in(open_house: House) -> None:
    mine = "A" * 22
    link = await open_house.link("Lan", "operator")
    lan = open_house.visitor()
    lan.http.cookies.set(SAFE_COOKIE, mine, domain="hocso.test")
    await lan.open(link)
    await lan.post(link)
    thief = open_house.visitor()
    thief.http.cookies.set(SAFE_COOKIE, mine, domain="hocso.test")
    assert (await thief.open("/office/account")).status_code == 303


async def test_what_is_stored_lets_nobody_in(open_house: House) -> None:
    link = await open_house.link("Lan", "operator")
    unused = await open_house.link("Minh", "operator")
    lan = open_house.visitor()
    await lan.open(link)
    await lan.post(link)
    stored = await everything(open_house.database)
    token = lan.http.cookies[SAFE_COOKIE]
    assert mark_of(token) in stored
    assert [each for each in (token, link[-22:], unused[-22:]) if each in stored] == []


async def test_a_visit_ends_when_nothing_is_opened_for_long(open_house: House) -> None:
    lan = await open_house.signed_in("Lan", "operator")
    open_house.minute += IDLE - 1
    assert (await lan.open("/office/account")).status_code == 200
    open_house.minute += IDLE - 1
    assert (await lan.open("/office/account")).status_code == 200
    open_house.minute += IDLE
    assert (await lan.open("/office/account")).status_code == 303


async def test_a_visit_ends_at_last(open_house: House) -> None:
    lan = await open_house.signed_in("Lan", "operator")
    for _ in range(LONGEST // 480 - 1):
        open_house.minute += 480
        assert (await lan.open("/office/account")).status_code == 200
    open_house.minute += 480
    assert (await lan.open("/office/account")).status_code == 303


async def test_signing_out_ends_one_visit_or_all(open_house: House) -> None:
    phone = await open_house.signed_in("Lan", "operator")
    desk = await open_house.signed_in("Lan", "operator")
    await phone.post("/office/sign-out")
    await phone.follow()
    assert VI.signed_out in phone.text
    assert (await phone.open("/office/account")).status_code == 303
    assert (await desk.open("/office/account")).status_code == 200
    third = await open_house.signed_in("Lan", "operator")
    await third.post("/office/sign-out-everywhere")
    assert [(await each.open("/office/account")).status_code for each in (desk, third)] == [303, 303]


async def test_the_cookie_of_a_visit_that_was_left_is_worth_nothing(open_house: House) -> None:
    lan = await open_house.signed_in("Lan", "operator")
    copied = lan.http.cookies[SAFE_COOKIE]
    await lan.post("/office/sign-out")
    thief = open_house.visitor()
    thief.http.cookies.set(SAFE_COOKIE, copied, domain="hocso.test")
    assert (await thief.open("/office/account")).status_code == 303


async def test_revoked_is_out_at_once(open_house: House) -> None:
    lan = await open_house.signed_in("Lan", "operator")
    link = await open_house.link("Lan", "operator")
    assert await open_house.office.revoke("Lan", open_house.minute)
    assert (await lan.open("/office/account")).status_code == 303
    assert (await lan.open(link)).status_code == 410
    assert not await open_house.office.revoke("Lan", open_house.minute)


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.test"}])
async def test_forms_of_other_sites_do_nothing(open_house: House, headers: dict[str, str]) -> None:
    lan = await open_house.signed_in("Lan", "operator")
    await lan.post("/office/sign-out-everywhere", headers=headers)
    assert (lan.seen.status_code, VI.stale.text in lan.text) == (403, True)
    assert (await lan.open("/office/account")).status_code == 200


async def test_a_form_without_its_mark_or_with_anothers_does_nothing(open_house: House) -> None:
    lan, minh = await open_house.signed_in("Lan", "operator"), await open_house.signed_in("Minh", "operator")
    for csrf in ("", "nonsense", minh.csrf()):
        await lan.post("/office/sign-out-everywhere", {"csrf": csrf})
        assert lan.seen.status_code == 403
    assert (await lan.open("/office/account")).status_code == 200


async def test_too_many_wrong_tries_lock_that_place_for_a_while(open_house: House) -> None:
    link = await open_house.link("Lan", "operator")
    guessing, lan = open_house.visitor(place="198.51.100.7"), open_house.visitor(place="198.51.100.8")
    for number in range(TRIES):
        assert (await guessing.open(f"/office/link/{number:022}")).status_code == 410
    assert (await guessing.open(link)).status_code == 429
    assert guessing.seen.headers["retry-after"] == str(TRY_MINUTES * 60)
    assert f"Hãy thử lại sau {TRY_MINUTES} phút." in guessing.text
    assert (await lan.open(link)).status_code == 200
    open_house.minute += TRY_MINUTES
    assert (await guessing.open(link)).status_code == 200
    told = [deed.did for _, deed in await open_house.office.deeds(10)]
    assert told == ["locked", "invited"]


async def test_behind_a_proxy_one_guesser_does_not_lock_out_all(open_house: House) -> None:
    link, guessing, lan = await open_house.link("Lan", "operator"), open_house.visitor(), open_house.visitor()
    guessing.http.headers["x-forwarded-for"] = "192.0.2.1, 198.51.100.7"  # the last is what the proxy saw
    lan.http.headers["x-forwarded-for"] = "198.51.100.8"
    for number in range(TRIES):
        guessing.http.headers["x-forwarded-for"] = f"192.0.2.{number}, 198.51.100.7"
        await guessing.open(f"/office/link/{number:022}")
    assert (await guessing.open(link)).status_code == 429
    assert (await lan.open(link)).status_code == 200


async def test_by_plain_http_this_machine_alone_is_answered(tmp_path: Path) -> None:
    async with house(tmp_path, https=False) as one:
        lan = await one.signed_in("Lan", "operator")
        assert lan.http.cookies[HOME_COOKIE]
        assert (await lan.open("/office/account")).status_code == 200
        strangers = [one.visitor(place="192.168.1.9"), one.visitor("http://hocso.test"), one.visitor(HOME)]
        strangers[2].http.headers["x-forwarded-for"] = "198.51.100.7"
        for each in strangers:
            await each.open("/office/sign-in")
            assert (each.seen.status_code, VI.only_https.text in each.text) == (403, True)


@pytest.mark.parametrize(
    ("to", "way"),
    [
        ("/office/audit", "/office/audit"),
        ("//evil.test", "/office/"),
        ("https://evil.test/office/", "/office/"),
        ("/office/\\evil.test", "/office/"),
        ("/office/sign-in", "/office/"),
    ],
)
async def test_after_signing_in_nobody_is_led_elsewhere(open_house: House, to: str, way: str) -> None:
    lan = await open_house.signed_in("Lan", "operator")
    assert (await lan.open(f"/office/sign-in?to={to}")).headers["location"] == way


async def test_english_is_kept_once_chosen(open_house: House) -> None:
    lan = open_house.visitor()
    await lan.open("/office/sign-in")
    assert VI.sign_in_how in lan.text
    await lan.open("/office/sign-in?lang=en")
    await lan.open("/office/sign-in")
    assert TEXTS["en"].sign_in_how in lan.text


async def test_what_was_done_is_written_down(open_house: House) -> None:
    lan = await open_house.signed_in("Lan", "operator")
    await lan.open("/office/people")
    await lan.open("/office/audit")
    for sentence in (
        f"Lan (Người vận hành) {DEEDS['looked']} sổ theo dõi",
        f"Lan (Người vận hành) {DEEDS['looked']} người của văn phòng",
        f"Lan (Người vận hành) {DEEDS['signed-in']} bằng liên kết",
        f"Người vận hành (trên máy chủ) {DEEDS['invited']} Lan",
    ):
        assert sentence in lan.text


async def test_without_its_database_each_page_says_so(open_house: House) -> None:
    lan = await open_house.signed_in("Lan", "operator")
    async with open_house.database.changing() as connection:
        await connection.execute(text("DROP TABLE office_visits"))
    await lan.open("/office/account")
    assert (lan.seen.status_code, VI.down.text in lan.text) == (503, True)


@pytest.mark.parametrize("kind", KINDS)
def test_both_databases_keep_the_office_alike(kind: str, tmp_path: Path) -> None:
    async def live() -> None:
        async with house(tmp_path, url) as one:
            lan = await one.signed_in("Lan", "official", "14845")
            helper = await one.signed_in("Tổ 3", "helper", "14845.3")
            people = await one.office.everybody(one.minute)
            assert [(each.person.name, each.person.role, each.person.area, each.seen) for each in people] == [
                ("Lan", "official", "14845", one.minute),
                ("Tổ 3", "helper", "14845.3", one.minute),
            ]
            for number in range(TRIES):
                await helper.open(f"/office/link/{number:022}")
            assert helper.seen.status_code == 410
            assert (await helper.open("/office/link/x")).status_code == 429
            await lan.post("/office/sign-out-everywhere")
            assert (await lan.open("/office/account")).status_code == 303
            assert await one.office.visitor("none", one.minute) is None
            assert await one.office.enter_by_link("none", "v", one.minute) is None
            assert isinstance((await one.office.everybody(one.minute))[0].person, Person)

    with database_url(kind) as url:
        asyncio.run(live())
