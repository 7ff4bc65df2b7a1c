"""Keyboards: what Telegram takes."""

from itertools import chain

from telegram_emulator.refused import Json, bad

A_ROW = 8  # python-telegram-bot's constants; not in the official text
A_MESSAGE = 100
DATA = 64  # bytes
STYLES = {"primary", "danger", "success"}
ACTIONS = ("callback_data", "url", "copy_text", "web_app")


def check(markup: Json | None) -> None:
    """Refuse a keyboard that Telegram would refuse or cut."""
    if markup is None:
        return
    inline = "inline_keyboard" in markup
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    if any(len(row) > A_ROW for row in rows) or sum(map(len, rows)) > A_MESSAGE:
        raise bad("reply markup is too long")
    if "keyboard" in markup and not any(rows):
        raise bad("reply keyboard without buttons")  # stricter: Telegram takes it for no keyboard at all
    for button in chain.from_iterable(rows):
        reading = "can't parse inline keyboard button: " if inline else "can't parse keyboard button: "
        if not button["text"].strip():
            raise bad(reading + "text must be non-empty")  # our words
        if button.get("style", "primary") not in STYLES:
            raise bad(reading + "invalid button style specified")
        if inline:
            _button(button, reading)


def _button(button: Json, reading: str) -> None:
    actions = [name for name in ACTIONS if button.get(name)]
    if not actions:
        raise bad(reading + "text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad(reading + "exactly one of the optional fields must be used")  # stricter
    if len(button.get("callback_data", "").encode()) > DATA:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid")


def labels(markup: Json | None) -> tuple[tuple[str, ...], ...]:
    """Return a keyboard's labels by row."""
    rows = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    return tuple(tuple(button["text"] for button in row) for row in rows)
