"""Reading the journal: an entry as a value, or the sentence why there is none to be read."""

import msgspec

from bot.core.turn import Entry

VERSION = 1
MOST = 2**31  # turns, minutes, days: what a database's whole number holds
LONGEST = 500  # characters of a key, a step or a choice; lessons allow far less

# What may be recorded of someone who hasn't agreed: it is not kept.
UNAGREED = frozenset({"urgent"})

_decoder = msgspec.msgpack.Decoder(Entry)


def read_entry(raw: bytes) -> Entry | str:
    """Read one entry; a sentence says why that can't be, without a word of what stands in it."""
    try:
        entry = _decoder.decode(raw)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        return f"No entry of the journal: {error}."
    if entry.version > VERSION:
        return f"An entry of format {entry.version}; this program knows {VERSION}. A newer one wrote it."
    if not all(0 <= number < MOST for number in (entry.turn, entry.minute, entry.day)):
        return "An entry whose turn, minute or day is out of bounds."
    texts = (text for each in entry.records for text in (each.kind, each.lesson, each.step, each.choice))
    if any(len(text) > LONGEST or "\0" in text for text in texts):
        return f"An entry with a text that is no key: over {LONGEST} characters, or with a zero in it."
    return entry


def before_consent(entry: Entry) -> bool:
    """Whether all of it may stem from someone who hasn't agreed."""
    return all(record.kind in UNAGREED for record in entry.records)
