"""Joining a team by its code, on a link or typed; seeing which one it is, and leaving it.

A code never does more than put the question: nobody is in a team who hasn't said yes to its name.
"""

from bot.core.asides import back
from bot.core.fold import fold
from bot.core.here import Here, Picked, Screen
from bot.core.join_code import as_said, code_of
from bot.core.progress import Progress, set_to, with_also
from bot.core.sharing import digits_of
from bot.core.teams import looks_like_code, typed_code
from bot.core.turn import Button, Record

LONGEST, SHORTEST = 60, 8  # characters of what is looked at for a code


class Join:
    """Asks whether to join the team of a code, and says what that means."""

    def show(self, here: Here, code: str, /) -> Screen | None:
        team, says = here.library.teams.open(code), here.says
        if team is None or here.progress.team == team.number:
            return None
        named = team.said(here.progress.lang)
        old = team_of(here)
        ask = here.say(says.ask_change_team, old=old, team=named) if old else here.say(says.ask_join, team=named)
        buttons = (Button("join", says.join_label), Button("pass", says.pass_label))
        also = {"join": here.library.wordings("agree"), "pass": here.library.wordings("decline")}
        # A paragraph of its own, so that it is one clip for all teams.
        return Screen(f"{ask}\n\n{here.say(says.join_means)}", buttons, careful=True, backward="pass", also=also)

    def pick(self, here: Here, code: str, picked: str, /) -> Picked:
        if picked == "pass":
            old = team_of(here)
            note = here.say(here.says.in_team, team=old) if old else here.say(here.says.team_passed)
            return Picked(here.with_(aside=""), notes=(note,))
        return _moved(here, code, here.says.team_joined, here.library.teams.by_code[code].said(here.progress.lang))


class Team:
    """The learner's team, and the way out of it; or how to come into one."""

    def show(self, here: Here, _of: str, /) -> Screen | None:
        says, team = here.says, team_of(here)
        if not has_teams(here):
            return None
        home = Button("return", says.leave_label)
        if not team:
            return Screen(here.say(says.in_no_team), (home,), forward="return", backward="return")
        found = here.library.teams.by_number.get(here.progress.team)
        over = (here.say(says.own_team_ended),) if found and found.ended else ()
        text = "\n\n".join((here.say(says.in_team, team=team), *over, here.say(says.leave_means)))
        called = Button("called", says.rename_called_label if here.progress.called else says.called_label)
        buttons = (home, called, Button("quit", says.leave_team_label))
        also = {"quit": here.library.wordings("leave_team"), "return": here.library.wordings("keep")}
        return Screen(text, buttons, careful=True, forward="return", backward="return", also=also)

    def pick(self, here: Here, _of: str, picked: str, /) -> Picked:
        if picked == "called":
            return Picked(here.with_(aside="called"))
        return back(here) if picked == "return" else _moved(here, "", here.says.team_left, team_of(here))


def came(here: Here, code: str) -> Picked:
    """Put the question to somebody who has a team's code (empty: what they have is none)."""
    progress, says, teams = here.progress, here.says, here.library.teams
    team = teams.by_code.get(code)
    if team is None:
        note = here.say(says.team_unknown, code=as_said(code)) if code else here.say(says.code_wrong)
    elif team.ended:
        note = here.say(says.team_ended, team=team.said(progress.lang))
    elif not progress.agreed:
        # Nothing can be joined yet: it is only kept for what they came, as a lesson's key is.
        note = here.say(says.welcome_team, team=team.said(progress.lang))
        return Picked(set_to(progress, "team", code), notes=(note,))
    elif progress.team == team.number:
        note = here.say(says.team_already, team=team.said(progress.lang))
    else:
        return Picked(here.with_(aside=f"join:{code}"))
    return Picked(progress, notes=(note,))


def typed(here: Here, text: str) -> Picked | None:
    """Put the question to somebody who typed or said a code; None: it is none, or there are no teams here."""
    if not here.library.teams.all or not SHORTEST <= len(text) <= LONGEST:
        return None
    code = typed_code(text) or _said_code(here, text)
    return came(here, code) if code else None


def mistyped(here: Here, text: str) -> str:
    """Return what to say to somebody who seems to have tried to type a code; else the empty text."""
    return here.say(here.says.code_wrong) if here.library.teams.all and looks_like_code(text) else ""


def agreed(here: Here) -> Progress:
    """Return the progress of somebody who has just agreed: whoever came by a team's code is asked about it now."""
    code = code_of(here.progress.team)
    return here.with_(team=0, aside=f"join:{code}" if here.library.teams.open(code) else "")


def has_teams(here: Here) -> bool:
    """Whether there is anything to say about teams to this learner."""
    return bool(here.library.teams.all or here.progress.team)


def team_of(here: Here) -> str:
    """Return the name of the learner's team, or its code where nothing else is known; empty: they have none."""
    team = here.library.teams.by_number.get(here.progress.team)
    if team:
        return team.said(here.progress.lang)
    code = code_of(here.progress.team)
    return here.say(here.says.team_by_code, code=as_said(code)) if code else ""


def _said_code(here: Here, text: str) -> str:
    """Return the code whose digits are said as words: `sen vàng hai bảy`."""
    words = fold(text).words
    digits = digits_of(here, words[-2:])
    return typed_code(f"{' '.join(word.bare for word in words[:-2])} {digits}") if digits else ""


def _moved(here: Here, code: str, said: str, name: str) -> Picked:
    """Put the learner into the team of a code, or out of theirs."""
    note = here.say(said, team=name)
    records = (Record("team", choice=code), *((Record("named"),) if here.progress.called else ()))
    moved = with_also(set_to(here.with_(aside="called" if code else ""), "team", code), called="")
    return Picked(moved, records, (note,))
