"""Texts as Telegram takes and shows them: limits, entities counted in UTF-16, HTML."""

import re
from html import unescape

from telegram_emulator.refused import Json, bad

TEXT = 4096  # characters once entities are parsed
CAPTION = 1024
RAW = 1 << 15  # bytes of what is sent; Client.cpp
ENTITIES = 100  # python-telegram-bot's constants; not in the official text
MADE_BY_TELEGRAM = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
MARKS = {"bold": "**", "italic": "_", "underline": "__", "strikethrough": "~", "spoiler": "||", "code": "`"}
STYLES = {
    *MARKS,
    "pre",
    "blockquote",
    "expandable_blockquote",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
}
TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
PIECE = re.compile(r"<(/?)([a-zA-Z0-9-]*)([^>]*)>?|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);|[^<&]+|&")


def utf16(text: str) -> int:
    """Return the text's length as Telegram counts offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def accepted(text: str, entities: list[Json], parse_mode: str, *, most: int) -> tuple[str, list[Json]]:
    """Return a text and its entities as the server keeps them."""
    if len(text.encode()) > RAW:
        raise bad("text is too long")
    if parse_mode:
        if parse_mode.lower() != "html":
            # Markdown is not emulated: its rules differ from client to client, and entities say it better.
            raise bad("unsupported parse_mode")
        text, entities = from_html(text)
    if len(entities) > ENTITIES:
        raise bad(f"more than {ENTITIES} entities")  # our words: Telegram drops the rest in silence
    _inside(text, entities)
    text, entities = _trimmed(text, [each for each in entities if each["type"] not in MADE_BY_TELEGRAM])
    if len(text) > most:
        raise bad("message is too long" if most == TEXT else "message caption is too long")
    if not text and most == TEXT:
        raise bad("text must be non-empty")
    return text, entities


def _inside(text: str, entities: list[Json]) -> None:
    """Entities begin and end inside the text, at whole characters."""
    edges = {0}
    place = 0
    for letter in text:
        place += utf16(letter)
        edges.add(place)
    for each in entities:
        begin, end = each["offset"], each["offset"] + each["length"]
        if each["type"] not in STYLES | MADE_BY_TELEGRAM:
            raise bad("can't parse MessageEntity: unsupported type specified")
        # The words of the next ones as we know them, from tdlib's MessageEntity.cpp.
        if begin < 0 or each["length"] <= 0:
            raise bad(f"entity at UTF-16 offset {begin} has length {each['length']}")
        if end > place:
            raise bad(
                f"entity beginning at UTF-16 offset {begin} ends after the end of the text at UTF-16 offset {end}"
            )
        if begin not in edges or end not in edges:
            raise bad("entity begins or ends in a middle of a UTF-16 symbol")
        for field, kind in (("url", "text_link"), ("user", "text_mention"), ("custom_emoji_id", "custom_emoji")):
            if each["type"] == kind and field not in each:
                raise bad(f"can't parse MessageEntity: can't find field \"{field}\"")


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Telegram takes the space around a text away, and entities with it."""
    before = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    kept = []
    for each in entities:
        begin = max(each["offset"] - before, 0)
        end = min(each["offset"] + each["length"] - before, utf16(text))
        if end > begin:
            kept.append({**each, "offset": begin, "length": end - begin})
    return text, sorted(kept, key=lambda each: (each["offset"], -each["length"]))


def from_html(source: str) -> tuple[str, list[Json]]:
    """Return the text and its entities; refuse what Telegram's parser refuses."""
    text = ""
    opened: list[tuple[str, int, str]] = []
    entities: list[Json] = []
    for piece in PIECE.finditer(source):
        if not piece[0].startswith("<"):
            text += unescape(piece[0])
            continue
        tag, place = piece[2].lower(), len(source[: piece.start()].encode())
        if not piece[1]:
            if tag not in TAGS or not piece[0].endswith(">"):
                raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {place}')
            opened.append((tag, utf16(text), piece[3]))
            continue
        if not opened:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {place}")
        begun, begin, rest = opened.pop()
        if tag not in {"", begun}:
            words = f'Unmatched end tag at byte offset {place}, expected "</{begun}>", found "</{tag}>"'
            raise bad(f"can't parse entities: {words}")
        if length := utf16(text) - begin:
            entity: Json = {"type": TAGS[begun], "offset": begin, "length": length}
            if begun == "a":
                address = re.search(r'href="([^"]*)"', rest)
                entity["url"] = unescape(address[1]) if address else ""
            entities.append(entity)
    if opened:
        tag = opened[-1][0]
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")
    return text, entities


def rendered(text: str, entities: list[Json]) -> str:
    """Return the text with its entities as marks that can be read in a test."""
    units = text.encode("utf-16-le")
    marks: list[tuple[int, int, str]] = []
    for order, each in enumerate(entities):
        begin, end = each["offset"], each["offset"] + each["length"]
        match each["type"]:
            case "text_link":
                marks += [(begin, order, "["), (end, -order, f"]({each['url']})")]
            case "blockquote" | "expandable_blockquote":
                marks.append((begin, order, "> "))
            case "pre":
                marks += [(begin, order, "```\n"), (end, -order, "\n```")]
            case kind if kind in MARKS:
                marks += [(begin, order, MARKS[kind]), (end, -order, MARKS[kind])]
    out, last = "", 0
    for place, _, mark in sorted(marks, key=lambda each: each[:2]):
        out += units[2 * last : 2 * place].decode("utf-16-le") + mark
        last = place
    return out + units[2 * last :].decode("utf-16-le")
