"""The page on which editors listen to what volunteers have read, and decide what learners hear."""

import asyncio
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from starlette.responses import RedirectResponse, Response

from bot.channels.web.ranges import piece
from bot.core.access import Refused
from bot.office.door import Asked, Way
from bot.office.page import draw
from bot.office.sheet import minute_text
from bot.office.voice_texts import VoiceTexts, voice_texts_of
from bot.stores.office import Office
from bot.stores.readings import Reading
from bot.studio import Studio
from bot.voice import mp3, opus

AT_ONCE: Final = 20  # recordings on the page, of each kind
LONGEST_REASON: Final = 300  # characters
VOICES: Final = "/office/voices"
_KINDS: Final = {"ogg": "audio/ogg; codecs=opus", "mp3": "audio/mpeg"}
_number = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Row:
    """A recording on the page."""

    id: int
    minute: int  # of the note that is heard: a later one is another
    written: str
    spoken: str  # empty where it is the same
    by: str
    stands: str
    said: bool  # whether the lesson still says it


class VoicePages:
    """The answers."""

    def __init__(self, office: Office, studio: Studio) -> None:
        self._office = office
        self._studio = studio

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [
            Way(VOICES, "voices", get=self.voices),
            Way("/office/voices/{number}.{form}", "voice heard", get=self.sound),
            Way("/office/voices/{number}", "voice", post=self.decide),
        ]

    async def voices(self, asked: Asked) -> Response:
        """Show what waits, and what is heard; that someone looked is written down: names stand there."""
        words = voice_texts_of(asked.lang)
        await self._office.note(asked.person, "looked", "voices", asked.minute)
        skip = int((_number.fullmatch(asked.request.query_params.get("from", "")) or "0")[0])
        waiting, number = await self._studio.readings.waiting(AT_ONCE)
        heard = await self._studio.readings.approved(AT_ONCE + 1, skip)
        said = await self._studio.still_said([*waiting, *heard])
        told = next((words.told[each] for each in asked.request.query_params if each in words.told), "")
        return draw(
            asked.frame,
            "voices",
            words=words,
            told=told,
            number=number,
            more=number - len(waiting),
            waiting=[_row(each, words, said) for each in waiting],
            heard=[_row(each, words, said) for each in heard[:AT_ONCE]],
            older=f"{VOICES}?from={skip + AT_ONCE}" if len(heard) > AT_ONCE else "",
            newest=VOICES if skip else "",
            longest=LONGEST_REASON,
        )

    async def sound(self, asked: Asked) -> Response:
        """Answer with a recording, whole or a piece of it, in a form that the browser plays."""
        kind = _KINDS.get(asked.request.path_params["form"])
        one = await self._one(asked)
        found = await self._studio.sound(one)
        if kind is None or found is None:
            raise Refused
        # iPhones older than iOS 18.4 play nothing but MP3.
        data = found if kind == _KINDS["ogg"] else await asyncio.to_thread(lambda: mp3.encode(opus.decode(found)))
        return piece(asked.request, data, f'"{one.id}-{one.minute}"', kind, cache="private, no-cache")

    async def decide(self, asked: Asked) -> Response:
        """Let it be heard, have it read again, or take it back."""
        one, editor, minute = await self._one(asked), asked.person.number, asked.minute
        reason = " ".join(asked.fields.get("reason", "").split())[:LONGEST_REASON]
        seen = asked.fields.get("minute") == str(one.minute)
        match asked.fields.get("do"), one.state:
            case ("approve" | "refuse", "waiting") | ("take-back", "approved") if not seen:
                told = "late"
            case "approve", "waiting":
                told = await self._studio.approve(one, editor, minute)
                told = "approved" if told == "done" else told
            case "refuse", "waiting" if not reason:
                told = "reason"
            case "refuse", "waiting":
                told = await self._studio.refuse(one, editor, minute, reason)
                told = "refused" if told == "done" else told
            case "take-back", "approved":
                told = await self._studio.refuse(one, editor, minute, reason)
                told = "taken-back" if told == "done" else told
            case _:
                told = "late"
        return RedirectResponse(f"{VOICES}?{told}", 303)

    async def _one(self, asked: Asked) -> Reading:
        number = asked.request.path_params["number"]
        one = await self._studio.readings.one(int(number)) if _number.fullmatch(number) else None
        if one is None:
            raise Refused
        return one


def _row(one: Reading, words: VoiceTexts, said: Collection[int]) -> Row:
    same = one.written.rstrip(".").casefold() == one.said.rstrip(".").casefold()
    seconds = f"{one.milliseconds / 1000:.1f}"
    return Row(
        one.id,
        one.minute,
        one.written,
        "" if same else one.said,
        words.read_by.format(who=one.volunteer, seconds=seconds, when=minute_text(one.minute)),
        words.stands.format(place=one.part.name, lang=one.lang),
        one.id in said,
    )
