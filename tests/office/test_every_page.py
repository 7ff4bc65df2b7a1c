"""Every address of the office, as every role and as nobody: made from the table of ways, so that none is left out."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from made_figures import PLACES, Made
from office_house import House, Visitor, house, workshop
from small import REAL

from bot.core.access import ALL, OPEN, ROLES, RULES, Role
from bot.office.door import Way
from bot.office.site import Site
from bot.office.texts import TEXTS
from bot.stores.database import Database
from bot.studio import Studio

pytestmark = pytest.mark.anyio

VI = TEXTS["vi"]
OWN, OTHER = "14845.3", "14848.4"
AREAS: dict[Role, str] = {"helper": OWN, "editor": ALL, "official": "14845", "operator": ALL, "volunteer": ALL}


def all_ways() -> list[Way]:
    database = Database.at("sqlite", Path("/nowhere"))
    studio = Studio(database, Path("/nowhere"), lambda: REAL)
    return Site(database, Made(), workshop(), PLACES, studio, https=True).ways


WAYS = all_ways()
NAMES = [way.path for way in WAYS]


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as one:
        yield one


def filled(path: str, area: str = OWN) -> str:
    """An address with something in each of its places."""
    places = {"{area}": area, "{form}": "csv", "{lesson}": next(iter(REAL.lessons))}
    for place, value in places.items():
        path = path.replace(place, value)
    return re.sub(r"\{[a-z:]+\}", "x", path)


async def ask(visitor: Visitor, way: Way, method: str) -> int:
    """Ask for an address; a form is sent with the mark that this browser would have."""
    address = filled(way.path)
    if method == "GET":
        return (await visitor.open(address)).status_code
    await visitor.open("/office/account")
    return (await visitor.post(address)).status_code


def test_every_address_has_a_rule() -> None:
    named = {way.name for way in WAYS} - {"elsewhere"}
    assert named <= RULES.keys() | OPEN
    assert RULES.keys() | OPEN <= named  # and no rule is left over
    assert not RULES.keys() & OPEN


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
async def test_nobody_is_led_to_the_door(open_house: House, way: Way) -> None:
    for method in ("GET", "POST"):
        visitor = open_house.visitor()
        status = await ask(visitor, way, method)
        if way.name in OPEN:
            assert status in {200, 400, 403, 405, 410}
        else:
            assert (status, visitor.seen.headers["location"].split("?")[0]) == (303, "/office/sign-in")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("way", WAYS, ids=NAMES)
async def test_each_role_gets_what_its_rule_says(open_house: House, way: Way, role: Role) -> None:
    if way.name in OPEN:
        return
    allowed = role in RULES.get(way.name, {})
    for method, answer in (("GET", way.get), ("POST", way.post)):
        visitor = await open_house.signed_in(role, role, AREAS[role])
        status = await ask(visitor, way, method)
        if not allowed:
            assert (status, VI.refused.text in visitor.text) == (404, True)
        elif answer is None:
            assert status == 405
        else:
            assert status in {200, 303, 400, 404, 410}, visitor.text


@pytest.mark.parametrize("role", ["official", "helper"])
@pytest.mark.parametrize("way", [way for way in WAYS if way.get and way.name not in OPEN], ids=lambda way: way.path)
async def test_another_area_is_refused_however_it_is_asked_for(open_house: House, way: Way, role: Role) -> None:
    visitor = await open_house.signed_in(role, role, AREAS[role])
    for area in (OTHER, "14848", ALL, "14845.x", "no"):
        address = filled(way.path, area)
        await visitor.open(address if "{area}" in way.path else f"{address}?area={area}")
        assert (visitor.seen.status_code, VI.refused.text in visitor.text) == (404, True)
        if "{area}" in way.path:  # the address counts, whatever stands behind it
            behind = await visitor.open(f"{filled(way.path)}?area={area}")
            plain = await visitor.open(filled(way.path))
            assert unsigned(behind.text) == unsigned(plain.text)


def unsigned(page: str) -> str:
    """A page without what differs each time."""
    return re.sub(r'value="[^"]*"', "", page)


async def test_a_refusal_is_the_same_whether_there_is_such_a_thing_or_not(open_house: House) -> None:
    official = await open_house.signed_in("Lan", "official", "14845")
    pages = {(await official.open(address)).text for address in ("/office/audit", "/office/nothing/here")}
    assert len(set(map(unsigned, pages))) == 1
