"""A volunteer of the office reads texts of the lessons aloud, in the chat: consent, a text, a voice note, the next.

What has to be asked (the next text, deleting) is a wish, whose answer comes back as the turn's chance: words behind
tabs, the first of which tells what they are. The screen hangs on the progress alone: `read:bac:vneid-01:HASH:SINCE`,
the last in hexadecimal seconds.
"""

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.core.asides import back
from bot.core.fold import fold
from bot.core.here import Here, Picked, Screen
from bot.core.library import FIRST
from bot.core.reading_phrases import ForVolunteers
from bot.core.turn import Button, Read, Unheard, Wish

if TYPE_CHECKING:
    from bot.core.readable import Named

_PARTS: Final = 4  # of a text's place: form of address, lesson, hash, since when
AGREE, READ, ERASE = "read-agree", "read", "read-erase"  # views
_FAULTS: Final = {"no sound": "no_sound", "broken": "no_sound", "empty": "silent"}  # others are named as their phrase


class ToRead(NamedTuple):
    """A text that a volunteer was given. `person` is their number in the office."""

    person: int
    lang: str
    address: str
    part: "Named"
    mark: str  # the text's hash
    since: int  # second since 1970 in which it was given: what was recorded before reads something else


class Agree:
    """Says what becomes of their voice, before the first text."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        if not _to_read(here, of):
            return None
        says = _says(here)
        buttons = (Button("agree", says.consent_label), Button("decline", says.decline_label))
        also = here.wordings("agree", "decline")
        return Screen(here.say(says.consent), buttons, careful=True, backward="decline", also=also)

    def pick(self, here: Here, of: str, code: str, /) -> Picked:
        if code == "decline":
            return Picked(here.with_(aside=""), notes=(here.say(_says(here).declined),))
        address, lesson, mark, _ = of.split(":")
        return Picked(here.with_(aside=_place(here, READ, address, lesson, mark)))


class Reading:
    """A text to be read."""

    def show(self, here: Here, of: str, /) -> Screen | None:
        wanted = _to_read(here, of)
        if wanted is None:
            return None
        says, part = _says(here), wanted.part
        text = here.say(says.text, text=part.written)
        if fold(part.written).bare != fold(part.text).bare:
            text = f"{text}\n{here.say(says.spoken, text=part.text)}"
        buttons = (Button("skip", says.skip_label), Button("end", says.end_label))
        also = {"skip": says.skip, "end": says.end}
        return Screen(text, buttons, also=also, backward="end", reads=True)

    def pick(self, here: Here, of: str, code: str, /) -> Picked:
        if code == "end":
            return Picked(here.with_(aside=""), notes=(here.say(_says(here).ended),))
        return _next(here, of.split(":")[2])


class Erase:
    """Asks once more before all that they have read is deleted."""

    def show(self, here: Here, _of: str, /) -> Screen | None:
        if not is_volunteer(here):
            return None
        says = _says(here)
        buttons = (Button("erase", says.erase_label), Button("keep", says.keep_label))
        return Screen(here.say(says.erase), buttons, careful=True, backward="keep", also=here.wordings("erase", "keep"))

    def pick(self, here: Here, _of: str, code: str, /) -> Picked:
        if code == "keep":
            return back(here)
        kind, *told = here.now.chance.split("\t")
        wish = Wish("unread", number=here.progress.badge)
        if kind == "gone":
            return Picked(here.with_(aside=""), notes=(here.say(_says(here).erased, number=told[0]),), wish=wish)
        return Picked(here.progress, notes=(here.say(_says(here).away),), wish=wish)


def is_volunteer(here: Here) -> bool:
    """Whether the learner is one of the office's volunteers."""
    return here.member is not None and here.member.role == "volunteer"


def kept_of_volunteer(here: Here) -> str:
    """Return what is told of what a volunteer says, among all that is kept; empty for everybody else."""
    return _says(here).kept_voice if is_volunteer(here) else ""


def before_deleting(here: Here) -> str:
    """Return what a volunteer is told before everything else of theirs goes; empty for everybody else."""
    return f"\n{here.say(_says(here).delete_first)}" if is_volunteer(here) else ""


def asked(here: Here, text: str) -> Picked | None:
    """Do what a volunteer's own words ask for; None for all other words, and for everybody else.

    Who was of the office once, and isn't now, is told who can still delete their voice.
    """
    if not is_volunteer(here):
        once = here.member is None and here.progress.badge and _means_withdraw(here, text)
        return Picked(here.progress, notes=(here.say(_says(here).not_erased),)) if once else None
    typed = fold(text[:100])
    if _means_withdraw(here, text):
        return Picked(here.with_(aside=ERASE))
    for phrases in here.library.phrases.values():
        if any(typed.may_mean(fold(each)) for each in phrases.reading.start):
            return _next(here, "")
    return None


def _means_withdraw(here: Here, text: str) -> bool:
    typed, all_phrases = fold(text[:100]), here.library.phrases.values()
    return any(typed.may_mean(fold(each)) for phrases in all_phrases for each in phrases.reading.withdraw)


def read(here: Here, event: Read) -> Picked:
    """Go on after a voice note was looked at: it waits for an editor, or the same text is to be read again."""
    says, progress = _says(here), here.progress
    wanted = to_read(here)
    if wanted is None or wanted.mark != event.mark or event.why == "moved on":
        return Picked(progress, notes=(here.say(says.moved_on),))
    if event.why:
        return Picked(progress, notes=(here.say(getattr(says, _FAULTS.get(event.why, event.why))),))
    return _next(here, event.mark, kept=True)


def not_read(wanted: ToRead, why: Unheard) -> Read:
    """Return what comes of a voice note that could not be fetched."""
    kinds = {"too long": "endless", "busy": "busy"}
    return Read(wanted.mark, kinds.get(why.why, "no sound"))


def to_read(here: Here) -> ToRead | None:
    """Return the text that a volunteer's next voice note reads; None where a voice note is words of a learner."""
    name, _, of = here.progress.aside.partition(":")
    return _to_read(here, of) if name == READ else None


def _next(here: Here, after: str, *, kept: bool = False) -> Picked:
    """Give the next text behind the one with this hash; `kept` where that one has just been read."""
    says, progress = _says(here), here.progress
    wish = Wish("read", f"{progress.lang} {after}", progress.badge)
    kind, *told = here.now.chance.split("\t")
    if kind not in {"text", "none"}:
        return Picked(progress, notes=(here.say(says.away),), wish=wish)
    waiting, approved, *found = told
    counted = {"waiting": waiting, "approved": approved}
    if kind == "none":
        return Picked(here.with_(aside=""), notes=(here.say(says.nothing, **counted),), wish=wish)
    address, lesson, mark, new, reason = found
    view = AGREE if new and not kept and progress.aside.partition(":")[0] != READ else READ
    notes = [here.say(says.kept, **counted)] if kept else []
    notes += [here.say(says.reason, reason=reason)] if reason else []
    return Picked(here.with_(aside=_place(here, view, address, lesson, mark)), notes=tuple(notes), wish=wish)


def _to_read(here: Here, of: str) -> ToRead | None:
    from bot.core.readable import readable_of  # noqa: PLC0415  it walks the talk, of which this is a part

    parts = of.split(":")
    if not is_volunteer(here) or here.member is None or len(parts) != _PARTS:
        return None
    address, lesson, mark, since = parts
    lang = here.progress.lang
    part = readable_of(here.library).find(lang, address, lesson, mark)
    return ToRead(here.member.person, lang, address, part, mark, int(since, 16)) if part else None


def _place(here: Here, view: str, address: str, lesson: str, mark: str) -> str:
    return f"{view}:{address}:{lesson}:{mark}:{int(here.now.at.timestamp()):x}"


def _says(here: Here) -> ForVolunteers:
    return here.library.phrases.get(here.progress.lang, here.library.phrases[FIRST]).reading
