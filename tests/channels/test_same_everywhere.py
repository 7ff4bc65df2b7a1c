"""The accepted transcripts on every channel: what a learner must be told is the same, in the same order, on each."""

import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from small import REAL
from transcripts import played

from bot.channels.telegram.message import messages as on_telegram
from bot.channels.terminal import showing_on
from bot.channels.web.page import draw, view_of
from bot.channels.zalo_bot.message import messages as on_zalo_bot
from bot.channels.zalo_oa.message import messages as on_zalo_oa
from bot.core.turn import Reply
from bot.core.wording import plain

FOLDER = Path(__file__).parent.parent / "transcripts"
FILES = [file for file in sorted(FOLDER.glob("*.txt")) if "# accounts" not in file.read_text(encoding="utf-8")]


class Read(HTMLParser):
    """The words of a page, without its head and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._passed = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._passed += tag in {"head", "script", "style", "svg"}

    def handle_endtag(self, tag: str) -> None:
        self._passed -= tag in {"head", "script", "style", "svg"}

    def handle_data(self, data: str) -> None:
        if not self._passed:
            self.words.append(data)


def telegram(reply: Reply) -> list[str]:
    shown: list[str] = []
    for message in on_telegram(1, reply):
        shown.append(message.text)
        markup = message.reply_markup or {}
        rows = markup.get("keyboard") or markup.get("inline_keyboard") or []
        shown += [key["text"] for row in rows for key in row]
    return shown


def zalo_bot(reply: Reply) -> list[str]:
    return on_zalo_bot(reply)


def zalo_oa(reply: Reply) -> list[str]:
    return [part for sent in on_zalo_oa(reply) for part in (sent.text, *(title for title, _, _ in sent.buttons))]


def zalo_oa_without_buttons(reply: Reply) -> list[str]:
    return [sent.text for sent in on_zalo_oa(reply, shape="numbers")]


def terminal(reply: Reply) -> list[str]:
    out = io.StringIO()
    showing_on(out)(reply)
    return [out.getvalue()]


def web(reply: Reply) -> list[str]:
    page = Read()
    page.feed(draw(view_of(reply), "csrf", "form", ""))
    return ["".join(page.words)]


CHANNELS: Sequence[Callable[[Reply], list[str]]] = (
    telegram,
    zalo_bot,
    zalo_oa,
    zalo_oa_without_buttons,
    terminal,
    web,
)


def even(text: str) -> str:
    """Return a text as the eye compares it: one kind of space, composed letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def told(reply: Reply) -> Iterator[str]:
    """What must be told, in its order: notes, heading, each line of the text, then each choice."""
    for part in (*reply.notes, reply.heading, reply.text):
        yield from (line for line in map(even, plain(part).splitlines()) if line)
    yield from (even(plain(button.label)) for button in reply.buttons)


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.__name__)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_all_that_must_be_told_is_told_in_its_order(file: Path, channel: Callable[[Reply], list[str]]) -> None:
    replies = 0
    for line, reply in played(file.read_text(encoding="utf-8"), REAL):
        if reply is None:
            continue
        replies += 1
        shown, at = even(" ".join(channel(reply))), 0
        for piece in told(reply):
            found = shown.find(piece, at)
            assert found >= 0, f"{line}: {piece!r} is missing, or out of order, in {shown!r}"
            at = found + len(piece)
        assert even(reply.export) in shown
    assert replies > 5
