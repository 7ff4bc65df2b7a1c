"""Texts that people read: forms of address, bold button names, and nothing else.

A text may hold `**bold**` around the name of a button, and `{bạn}` (the learner) and `{mình}`
(the tutor), written `{Bạn}` and `{Mình}` where a sentence begins.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator

from bot.core.problem import near
from bot.core.yaml_file import faults
from bot.core.yaml_text import invisible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.core.yaml_file import Fault


@dataclass(frozen=True, slots=True)
class Form:
    """How the learner is addressed, and the word the tutor then uses for itself."""

    learner: str
    tutor: str

    @property
    def words(self) -> "Mapping[str, str]":
        """What each placeholder of a text becomes."""
        return {
            "bạn": self.learner,
            "Bạn": self.learner.capitalize(),
            "mình": self.tutor,
            "Mình": self.tutor.capitalize(),
        }


# The order is the order in which they are offered.
FORMS: dict[str, Form] = {
    "bac": Form("bác", "cháu"),
    "co": Form("cô", "cháu"),
    "chu": Form("chú", "cháu"),
    "ong": Form("ông", "cháu"),
    "ba": Form("bà", "cháu"),
    "anh": Form("anh", "em"),
    "chi": Form("chị", "em"),
    "em": Form("em", "mình"),
    "ban": Form("bạn", "mình"),
}
WORDS: dict[str, "Mapping[str, str]"] = {code: form.words for code, form in FORMS.items()}
ENGLISH: "Mapping[str, str]" = {"bạn": "you", "Bạn": "You", "mình": "I", "Mình": "I"}
PLACEHOLDERS = frozenset(ENGLISH)

MAX_TOLD = 10  # of a text's unknown placeholders: after these it has something else than slips

_slot = re.compile(r"\{([^{}]*)\}")
_bold = re.compile(r"\*\*([^*]+)\*\*")
_html = re.compile(r"<[a-zA-Z/!]|\]\(|&[a-z]+;")


def words(lang: str, address: str) -> "Mapping[str, str]":
    """What the placeholders become for a learner of this language and form of address."""
    return WORDS[address] if lang == "vi" else ENGLISH


def spans(text: str) -> "Iterator[tuple[str, bool]]":
    """Cut a text into pieces: (piece, whether it is bold). Empty pieces are left out."""
    end = 0
    for match in _bold.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], False
        yield match[1], True
        end = match.end()
    if end < len(text):
        yield text[end:], False


def plain(text: str) -> str:
    """Return the text without marks for bold."""
    return _bold.sub(r"\1", text) if "**" in text else text


def check_text(text: str, slots: "Iterable[str]" = ()) -> str:
    """Return the text, tidied; raise what `yaml_file` tells the editor when it holds what it mustn't.

    `slots` are further placeholders, all of which must be there (phrases have them, lessons none).
    """
    text = text.strip()
    if found := list(_faults(text, tuple(slots))):
        raise faults(found)
    return text


def _faults(text: str, slots: tuple[str, ...]) -> "Iterator[Fault]":
    if not text:
        yield "empty-text", {}, None
    if hidden := invisible(text):
        at, name = hidden
        yield "invisible-character", {"name": name}, up_to(text, at)
    allowed = [f"{{{name}}}" for name in sorted(PLACEHOLDERS.union(slots))]
    unknown = (slot for slot in _slot.finditer(text) if slot[0] not in allowed)
    for slot in islice(unknown, MAX_TOLD):
        yield "unknown-placeholder", {"slot": slot[0], "near": near(slot[0], allowed)}, up_to(text, slot.start())
    if alone := re.search(r"[{}]", _slot.sub(_blank, text)):
        yield "lone-brace", {"sign": alone[0]}, up_to(text, alone.start())
    for name in slots:
        if f"{{{name}}}" not in text:
            yield "missing-placeholder", {"slot": f"{{{name}}}"}, None
    if (star := _bold.sub(_blank, text).find("*")) >= 0:
        yield "lone-asterisk", {}, up_to(text, star)
    if html := _html.search(text):
        yield "markup", {}, up_to(text, html.start())


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def up_to(text: str, at: int) -> str:
    """Return the line up to and with this character: by it, the place in the file is found."""
    return text[text.rfind("\n", 0, at) + 1 : at + 1]


Text = Annotated[str, AfterValidator(check_text)]


def with_slots(*slots: str) -> Any:  # noqa: ANN401  mypy reads the result as an annotation's argument
    """Return the check that a phrase holds these placeholders and no others of its own."""
    return AfterValidator(lambda text: check_text(text, slots))
