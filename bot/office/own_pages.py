"""The pages about the office itself: one's own account, who is let in, and who did what."""

import re
from dataclasses import dataclass

from starlette.responses import Response

from bot.office.areas import Areas, capital
from bot.office.door import Asked, Way, host_of, is_number
from bot.office.own_texts import OwnTexts, own_texts_of
from bot.office.page import draw
from bot.office.sheet import day_text, minute_text, sheet_of
from bot.office.texts import Texts
from bot.stores.office import Deed, Office

AT_ONCE = 100  # lines of the audit on a page
_number = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A passkey on the page of its owner. `seen` is empty for one not used yet."""

    id: str
    name: str
    since: str
    seen: str


class OwnPages:
    """The answers."""

    def __init__(self, office: Office, areas: Areas) -> None:
        self._office = office
        self._areas = areas

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [
            Way("/office/account", "account", get=self.account),
            Way("/office/people", "people", get=self.people),
            Way("/office/audit", "audit", get=self.audit),
        ]

    async def account(self, asked: Asked) -> Response:
        """Show who one is, one's passkeys, and the ways out."""
        person, said = asked.person, asked.said
        keys = [
            KeyRow(each.id, each.name, day_text(each.since_day), day_text(each.seen_day) if each.seen_day else "")
            for each in await self._office.keys_of(person.number)
        ]
        area = await self._areas.name(person.area, asked.lang)
        who = said.signed_in_as.format(name=person.name, role=said.roles[person.role], area=area)
        notes = {"removed": said.key_removed, "made": said.key_made}
        note = next((notes[each] for each in asked.request.query_params if each in notes), "")
        return draw(asked.frame, "account", who=who, keys=keys, note=note, local=is_number(host_of(asked.request)))

    async def people(self, asked: Asked) -> Response:
        """Show who is let in; that someone looked is written down."""
        said, words = asked.said, own_texts_of(asked.lang)
        await self._office.note(asked.person, "looked", "people", asked.minute)
        everybody = await self._office.everybody(asked.minute)
        names = await self._areas.names((each.person.area for each in everybody), asked.lang)
        rows = [
            (
                each.person.name,
                said.roles[each.person.role],
                capital(names[each.person.area]),
                day_text(each.since_day),
                minute_text(each.seen) if each.seen else words.not_in,
                str(each.keys),
            )
            for each in everybody
        ]
        columns = (words.person, words.role, words.area, words.since, words.last_page, said.keys)
        sheet = sheet_of("people", words.people_caption, columns, rows)
        return draw(
            asked.frame, "list", title=said.people, how=words.people_how, sheet=sheet, nothing=words.audit_none, ways=()
        )

    async def audit(self, asked: Asked) -> Response:
        """Show what was done, the newest first; that someone looked is written down too."""
        said, words = asked.said, own_texts_of(asked.lang)
        before = int((_number.fullmatch(asked.request.query_params.get("before", "")) or "0")[0])
        await self._office.note(asked.person, "looked", "audit", asked.minute)
        found = await self._office.deeds(AT_ONCE, before)
        rows = [_told(deed, words, said) for _, deed in found]
        sheet = sheet_of("audit", words.audit_caption, (words.when, words.who, words.did, words.what), rows)
        ways = [("/office/audit", words.audit_newest)] if before else []
        if len(found) == AT_ONCE:
            ways.append((f"/office/audit?before={found[-1][0]}", words.audit_older))
        return draw(
            asked.frame, "list", title=said.audit, how=words.audit_how, sheet=sheet, nothing=words.audit_none, ways=ways
        )


def _told(deed: Deed, words: OwnTexts, said: Texts) -> tuple[str, ...]:
    who = f"{deed.who} ({said.roles[deed.role]})" if deed.who else words.nobody
    if deed.did == "locked":
        who = "–"
    return (
        minute_text(deed.minute),
        who,
        words.deeds.get(deed.did, deed.did),
        words.deed_things.get(deed.to_what, deed.to_what) or "–",
    )
