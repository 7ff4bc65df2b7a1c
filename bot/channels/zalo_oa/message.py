"""A reply -> the messages an Official Account is to send: plain text, up to five buttons, within Zalo's limits.

A pressed button comes back as a message of the learner's with the button's payload as its text, which
stays to be seen in the chat. So the payload reads like an answer and ends with the turn and the code.
"""

import unicodedata
from typing import Any, Literal

import msgspec

from bot.core.fit import cut, units
from bot.core.turn import Button, Reply
from bot.core.wording import plain

# Limits of Zalo's, in its own units as far as they are told.
MAX_TEXT = 1900  # UTF-16 code units; Zalo says 2,000 characters, not of which kind
MAX_BUTTONS = 5
MAX_TITLE = 100  # characters of a button's title
WHOLE_TITLE = 22  # characters of it that phones show; where one is longer the text names the choices too
MAX_PAYLOAD = 1000  # characters

AGAIN = "=again"  # code of a global word: a sign that no button's code begins with, and its name

Shape = Literal["plain", "template", "numbers"]  # of buttons: sources disagree; `numbers` uses none
Taps = Literal["both", "show"]  # which presses are to be seen in the chat: those that answer, or all


class SendText(msgspec.Struct, frozen=True):
    """One message. `buttons` are title, payload, and whether a press is to be seen."""

    text: str
    buttons: tuple[tuple[str, str, bool], ...] = ()
    numbered: str = ""  # the text to send where buttons are refused

    def body(self, person: str, shape: Shape = "plain") -> dict[str, Any]:
        """Return the JSON of one call of /v3.0/oa/message/cs."""
        message: dict[str, Any] = {"text": self.text}
        if self.buttons:
            payload: dict[str, Any] = {"buttons": [_button(*each) for each in self.buttons]}
            if shape == "template":
                payload = {"template_type": "button", **payload}
            message["attachment"] = {"type": "template", "payload": payload}
        return {"recipient": {"user_id": person}, "message": message}

    def without_buttons(self) -> "SendText":
        """Return it with its choices in the text."""
        return SendText(self.numbered or self.text)


class Extras(msgspec.Struct, frozen=True):
    """What the channel adds to a reply; each may be empty."""

    hear: str = ""  # label of a button that has it said aloud
    link: str = ""  # a line with the address of its clip
    after: str = ""  # a note of the channel's own, after the core's


NOTHING_MORE = Extras()


def messages(
    reply: Reply, extras: Extras = NOTHING_MORE, shape: Shape = "plain", taps: Taps = "both"
) -> list[SendText]:
    """Return what to send, in order: one message, more only where the text is too long."""
    notes = (*reply.notes, extras.after)
    picture = reply.picture.told if reply.picture else ""
    listed = "\n".join(f"{number}. {button.label}" for number, button in enumerate(reply.buttons, 1))
    named = reply.listens or any(units(_title(n, each)) > WHOLE_TITLE for n, each in enumerate(reply.buttons, 1))
    buttons = _buttons(reply, extras.hear, taps) if shape != "numbers" else ()

    def told(choices: str) -> list[str]:
        parts = (*notes, reply.heading, reply.text, picture, choices, extras.link)
        whole = unicodedata.normalize("NFC", plain("\n\n".join(part for part in parts if part)))
        return list(cut(whole, MAX_TEXT))

    numbered = told(listed)
    texts = told(listed if named or not buttons else "") if buttons else numbered
    exported = list(cut(unicodedata.normalize("NFC", reply.export), MAX_TEXT)) if reply.export else []
    sent = [SendText(text) for text in (*exported, *texts)]
    # Where buttons are refused only the last message is sent again: it alone must name the choices.
    last = numbered[-1] if len(numbered) == len(texts) else f"{texts[-1]}\n\n{plain(listed)}"
    if units(last) > MAX_TEXT:
        last = plain(listed)
    sent[-1] = SendText(sent[-1].text, buttons, unicodedata.normalize("NFC", last) if buttons else "")
    return sent


def _buttons(reply: Reply, hear: str, taps: Taps) -> tuple[tuple[str, str, bool], ...]:
    if not reply.buttons or len(reply.buttons) > MAX_BUTTONS:
        return ()
    titles = [_title(number, button) for number, button in enumerate(reply.buttons, 1)]
    codes = [f"#{reply.turn}|{button.code}" for button in reply.buttons]
    made = [
        (title[:MAX_TITLE], f"{title[: MAX_PAYLOAD - len(code) - 1]} {code}", True)
        for title, code in zip(titles, codes, strict=True)
    ]
    if hear and len(made) < MAX_BUTTONS:
        hear = unicodedata.normalize("NFC", plain(hear))
        made.append((hear[:MAX_TITLE], f"{hear[:MAX_TITLE]} #{reply.turn}|{AGAIN}", taps == "show"))
    return tuple(made)


def _title(number: int, button: Button) -> str:
    return unicodedata.normalize("NFC", f"{number}. {plain(button.label)}")


def _button(title: str, payload: str, shown: bool) -> dict[str, str]:
    return {"title": title, "type": "oa.query.show" if shown else "oa.query.hide", "payload": payload}
