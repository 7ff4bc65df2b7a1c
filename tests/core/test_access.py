"""Who may see what, rule by rule."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.access import (
    ALL,
    BOUND,
    OPEN,
    ROLES,
    RULES,
    Person,
    Refused,
    Role,
    SignInFirst,
    fits,
    may,
    seen_by,
    within,
)

NUMBERS = (1, 2, 11, 12)  # of groups: some begin alike
COMMUNES = st.integers(10_000, 10_002).map(str)
AREAS = st.one_of(
    st.just(ALL), COMMUNES, st.builds(lambda commune, group: f"{commune}.{group}", COMMUNES, st.sampled_from(NUMBERS))
)
PEOPLE = st.builds(Person, st.just(1), st.just("Lan"), st.sampled_from(ROLES), AREAS)
PAGES = st.sampled_from([*RULES, "no such page"])


def communes_of(area: str) -> set[str]:
    """All places in an area, told by another way than the one that is tested."""
    places = {f"1000{commune}.{group}" for commune in range(3) for group in NUMBERS} | {
        "10000",
        "10001",
        "10002",
        ALL,
    }
    if area == ALL:
        return places
    return {each for each in places if each == area or each.split(".")[0] == area}


@given(PEOPLE, PAGES, AREAS)
def test_nobody_bound_to_an_area_sees_more_than_lies_in_it(person: Person, page: str, area: str) -> None:
    try:
        seen = seen_by(person, page, area)
    except Refused:
        return
    assert seen == area
    assert person.role not in BOUND or area in communes_of(person.area)


@given(AREAS, AREAS)
@example("10000.11", "10000.1")  # they begin alike
def test_an_area_lies_in_another_when_its_places_do(area: str, other: str) -> None:
    assert within(area, other) == (communes_of(area) <= communes_of(other))


@given(PEOPLE, PAGES)
def test_who_asks_for_no_area_sees_all_they_may(person: Person, page: str) -> None:
    if may(person, page):
        assert seen_by(person, page) == (person.area if person.role in BOUND else ALL)


@given(PEOPLE)
def test_a_page_without_a_rule_is_refused_to_everybody(person: Person) -> None:
    with pytest.raises(Refused):
        seen_by(person, "no such page")


@given(st.sampled_from([*RULES, "no such page"]))
def test_nobody_sees_nothing_but_the_ways_in(page: str) -> None:
    with pytest.raises(SignInFirst):
        seen_by(None, page)


def test_the_ways_in_are_open_to_everybody() -> None:
    assert {seen_by(None, page) for page in OPEN} == {""}


@pytest.mark.parametrize(
    "area", ["", "1484", "148455", "14845.0", "14845.x", "14845.3.1", "ALL", "14845\n", "１４８４５"]
)
def test_someone_whose_area_is_none_sees_nothing(area: str) -> None:
    with pytest.raises(Refused):
        seen_by(Person(1, "Lan", "official", area), "home")
    with pytest.raises(Refused):
        seen_by(Person(1, "Lan", "operator"), "home", area or "?")


@pytest.mark.parametrize(
    ("role", "page", "sees"),
    [
        ("operator", "audit", True),
        ("editor", "audit", False),
        ("official", "audit", False),
        ("helper", "audit", False),
        ("operator", "people", True),
        ("editor", "people", False),
        ("official", "people", False),
        ("helper", "people", False),
        ("helper", "home", True),
    ],
)
def test_each_role_has_its_pages(role: Role, page: str, sees: bool) -> None:
    area = {"helper": "14845.3", "official": "14845"}.get(role, ALL)
    assert may(Person(1, "Lan", role, area), page) is sees


@pytest.mark.parametrize(
    ("role", "area", "sentence"),
    [
        ("official", "14845", ""),
        ("official", "14845.3", ""),
        ("official", "all", ""),
        ("helper", "14845.3", ""),
        ("editor", "all", ""),
        ("operator", "all", ""),
        ("editor", "14845", "editor: this role sees everything, so it takes no --area."),
        (
            "helper",
            "14845",
            (
                "--area 14845: a helper's area is a group: its code for joining such as sen-vang-27, its name, or its "
                "number such as 14845.3 (commune, dot, group)."
            ),
        ),
        (
            "official",
            "",
            (
                "--area (none): an official's area is a commune's name or code of five digits such as 14845, "
                "a group such as sen-vang-27 or 14845.3, or all for the whole province."
            ),
        ),
    ],
)
def test_each_role_takes_areas_of_its_kind(role: Role, area: str, sentence: str) -> None:
    assert fits(role, area) == sentence
