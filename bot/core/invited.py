"""An invitation of the office, taken up in a chat: one question, and who says yes is known there from then on.

What is asked of the office comes back as the turn's chance: words behind tabs, the first of which tells what they are.
"""

from bot.core.asides import back
from bot.core.chat_code import LINK, read_code
from bot.core.here import Here, Picked, Screen
from bot.core.library import FIRST
from bot.core.marks import mark_of
from bot.core.progress import with_also
from bot.core.turn import Button, Record, Wish

NOTE = "invited"  # what the progress's note begins with while the question stands
_PARTS = 5  # of that note: the word, who took it up, role, name, place


class Invited:
    """What the invited may do and see, and whether they take it up. `of` is the mark of the code."""

    def show(self, here: Here, _of: str, /) -> Screen | None:
        note = here.progress.note
        if len(note) != _PARTS or note[0] != NOTE:
            return None
        says = here.says
        _, _, role, name, place = note
        what = says.invited_helper if role == "helper" else says.invited_other
        aloud = here.say(what, role=role_said(here, role))
        whom = here.say(says.invitation, name=", ".join(filter(None, (name, place))))
        buttons = (Button("accept", says.accept_label), Button("refuse", says.refuse_label))
        also = {"accept": here.library.wordings("agree"), "refuse": here.library.wordings("decline")}
        return Screen(f"{whom}\n{aloud}", buttons, careful=True, backward="refuse", also=also, said=aloud)

    def pick(self, here: Here, of: str, code: str, /) -> Picked:
        says = here.says
        if code == "refuse":
            return Picked(here.with_(aside=""), notes=(here.say(says.refused),))
        wish = Wish("accept", f"{of} {here.progress.note[1]}")
        kind, *told = here.now.chance.split("\t")
        if kind == "in":
            after = Here(here.library, with_also(here.with_(aside=""), badge=int(told[0])), here.now)
            phrases = here.library.phrases.get(here.progress.lang, here.library.phrases[FIRST])
            greetings = {"helper": says.accepted_helper, "volunteer": phrases.reading.accepted}
            known = after.say(greetings.get(told[1], says.accepted_other))
            return Picked(after.progress, (Record("badge", choice=told[0]),), (known,), wish=wish)
        if kind == "over":
            return Picked(back(here).progress, notes=(here.say(says.invitation_over),), wish=wish)
        return Picked(here.progress, notes=(here.say(says.office_away),), wish=wish)


def role_said(here: Here, role: str) -> str:
    """Return a role as it is said, in the learner's language."""
    phrases = here.library.phrases.get(here.progress.lang, here.library.phrases[FIRST])
    return phrases.reading.role if role == "volunteer" else here.say(getattr(here.says, f"role_{role}", role))


def take_up(here: Here, text: str) -> Picked:
    """Ask about the invitation whose code a link or a learner's text is; before consent it waits."""
    code = read_code(text)
    if not code:
        return Picked(here.progress, notes=(here.say(here.says.invitation_over),))
    mark = mark_of(code)
    if here.progress.place in {"welcome", "address", "manner"}:
        return Picked(here.with_(lesson=f"{LINK}{mark}"), notes=(here.say(here.says.invitation_waits),))
    return asked(here, mark)


def waiting(here: Here, wanted: str) -> Picked | None:
    """Ask about the invitation that waited for the end of the welcome; None where something else did."""
    return asked(here, wanted.removeprefix(LINK)) if wanted.startswith(LINK) else None


def asked(here: Here, mark: str) -> Picked:
    """Put the question, or say why not."""
    wish = Wish("invited", mark)
    kind, *told = here.now.chance.split("\t")
    if kind == "open":
        return Picked(here.with_(aside=f"{NOTE}:{mark}", note=(NOTE, *told)), wish=wish)
    says = here.says
    why = {"later": says.invitation_later, "down": says.office_away}.get(kind, says.invitation_over)
    return Picked(here.progress, notes=(here.say(why),), wish=wish)


def way_in(here: Here) -> Picked:
    """Give whoever is of the office a link into it. It is shown once and kept nowhere."""
    says = here.says
    if here.member is None or here.member.role == "volunteer":  # whose place is the chat
        return Picked(here.progress, notes=(here.say(says.no_office),))
    kind, *told = here.now.chance.split("\t")
    wish = Wish("office", number=here.progress.badge)
    if kind == "link":
        shown = here.say(says.office_link, link=told[0])
        return Picked(here.progress, notes=(shown,), wish=wish, instead={shown: says.stands_as_text})
    why = {"nowhere": says.office_nowhere, "later": says.office_later, "over": says.no_office}
    return Picked(here.progress, notes=(here.say(why.get(kind, says.office_away)),), wish=wish)
