"""Hotlines, offices and web addresses that learners may be told: `lessons/contacts.yaml`."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator

from bot.core.lesson import Id, Items
from bot.core.problem import Problem
from bot.core.wording import Text
from bot.core.yaml_file import FileModel, Loc, Source, check, fault, parse

Confidence = Literal["high", "medium", "low"]

_digits = re.compile(r"\D+")
_number = re.compile(r"\+?\d[\d .-]{0,18}\d")
_host = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def digits_of(number: str) -> str:
    """Return what is dialled: `1900 0368` -> `19000368`."""
    return _digits.sub("", number)


def check_number(text: str) -> str:
    """Return the number as people write it; raise what tells the editor that nobody dials it."""
    if not _number.fullmatch(text) or not 3 <= len(digits_of(text)) <= 12:  # noqa: PLR2004  113 to +84 and nine digits
        raise fault("no-phone-number", text=text)
    return text


def check_host(text: str) -> str:
    """Return the address; raise what tells the editor how to write one."""
    if not _host.fullmatch(text):
        raise fault("no-host", text=text)
    return text


class Contact(FileModel):
    """A hotline or an office. Those of low confidence are never told to learners."""

    id: Id
    name: Text
    numbers: Items[Annotated[str, AfterValidator(check_number)]] = ()  # an office may be without
    purpose: Text
    source: str
    checked: dt.date
    confidence: Confidence


class Link(FileModel):
    """A web address, with all that stands below it. Those of low confidence are never told to learners."""

    host: Annotated[str, AfterValidator(check_host)]
    name: Text
    source: str
    checked: dt.date
    confidence: Confidence


class Contacts(FileModel):
    """The whole file."""

    format: Literal[1]
    contacts: Items[Contact] = ()
    links: Items[Link] = ()

    @cached_property
    def by_number(self) -> Mapping[str, Contact]:
        """The contacts by what is dialled."""
        return {digits_of(number): each for each in self.contacts for number in each.numbers}

    def link(self, host: str) -> Link | None:
        """Return the link that a web address belongs to: its own, or the one it stands below."""
        found = [each for each in self.links if host == each.host or host.endswith(f".{each.host}")]
        return max(found, key=lambda each: len(each.host), default=None)


NO_CONTACTS = Contacts(format=1)


def read_contacts(text: str, path: str) -> Contacts | list[Problem]:
    """YAML text -> the contacts, or all that is wrong with them."""
    source = parse(text, path)
    if isinstance(source, list):
        return source
    file = check(Contacts, source)
    if isinstance(file, list):
        return file
    return sorted(set(_twice(file, source))) or file


def _twice(file: Contacts, source: Source) -> Iterator[Problem]:
    """Find ids, numbers and hosts that two entries have."""
    met: dict[str, int] = {}
    named: list[tuple[Loc, str]] = [(("contacts", place, "id"), each.id) for place, each in enumerate(file.contacts)]
    for place, each in enumerate(file.contacts):
        named += [(("contacts", place, "numbers", at), digits_of(text)) for at, text in enumerate(each.numbers)]
    named += [(("links", place, "host"), each.host) for place, each in enumerate(file.links)]
    for loc, name in named:
        line = source.place(loc)[0]
        if name in met:
            yield source.problem(loc, "contact-twice", name=name, first=met[name])
        met.setdefault(name, line)
