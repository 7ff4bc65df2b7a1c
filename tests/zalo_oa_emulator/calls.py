"""The calls of the OpenAPI, each with its checks."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile

from zalo_oa_emulator.checks import check_message
from zalo_oa_emulator.people import FREE_SECONDS, WINDOW_SECONDS, Message, Person
from zalo_oa_emulator.refused import Json, Refused

if TYPE_CHECKING:
    from zalo_oa_emulator.emulator import Emulator

MEGABYTE = 1_048_576
KEPT_SECONDS = 7 * 86_400
_SIGNS = {
    "image": (b"\xff\xd8\xff", b"\x89PNG"),
    "gif": (b"GIF8",),
    "file": (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"),
}
_MOST = {"image": MEGABYTE, "gif": 5 * MEGABYTE, "file": 5 * MEGABYTE}


@dataclass
class Calls:
    """What answers. Every method takes the JSON (or the upload) of a call and returns its data."""

    zalo: "Emulator"
    minutes: Counter[int] = field(default_factory=Counter)
    uploads: dict[str, tuple[str, float]] = field(default_factory=dict)  # id -> kind, when

    def counted(self) -> dict[str, str]:
        """Count a call; returns the headers that tell how many are left. Raises Refused."""
        minute = int(self.zalo.clock.now() // 60)
        self.minutes[minute] += 1
        limit = self.zalo.switches.calls_a_minute
        if self.minutes[minute] > limit:
            self.zalo.complain("a call after the limit of its minute")
            raise Refused(-32)
        left = limit - self.minutes[minute]
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remain": str(left)}

    def permitted(self) -> None:
        """Raise Refused where nothing may be sent for whom the Official Account is."""
        switches = self.zalo.switches
        for bad, code in ((not switches.linked, -223), (not switches.verified, -221), (switches.needs_tier, -224)):
            if bad:
                raise Refused(code)

    def person(self, body: Json) -> Person:
        recipient = body.get("recipient")
        who = recipient.get("user_id") if isinstance(recipient, dict) else None
        found = self.zalo.people.get(who) if isinstance(who, str) else None
        if found is None:
            raise Refused(-201, "user_id")
        return found

    def message_cs(self, body: Json) -> Json:
        self.permitted()
        person, message = self.person(body), body.get("message")
        if body.keys() - {"recipient", "message"}:
            self.zalo.complain(f"unknown fields of a call: {sorted(body)}")
        check_message(message, self.zalo.switches, self.zalo.complain)
        assert isinstance(message, dict)
        attachment = message.get("attachment")
        self._check_kept(attachment)
        if person.banned:
            raise Refused(-227)
        if person.refuses:
            raise Refused(-244)
        age = float("inf") if person.last is None else self.zalo.clock.now() - person.last
        if age > WINDOW_SECONDS:
            raise Refused(self.zalo.switches.closed_code)
        buttons = attachment["payload"].get("buttons", []) if attachment else []
        billed = age > FREE_SECONDS
        sent = Message(self.zalo.new_id(), message.get("text", ""), buttons, attachment, billed)
        person.sees.append(sent)
        self.zalo.sent(person, sent)
        quota = {"quota_type": "purchase_quota" if billed else "reply"}
        return {"message_id": sent.id, "user_id": person.id, "sent_time": str(self.zalo.clock.ms()), "quota": quota}

    def _check_kept(self, attachment: Json | None) -> None:
        payload = attachment["payload"] if attachment else {}
        ids = [each["attachment_id"] for each in payload.get("elements", ()) if "attachment_id" in each]
        ids += [payload["token"]] if "token" in payload else []
        for each in ids:
            _, at = self.uploads.get(each, ("", float("-inf")))
            if self.zalo.clock.now() - at > KEPT_SECONDS:
                raise Refused(-100)

    def message_v2(self, body: Json) -> Json:
        """Only reactions are left of it."""
        if "sender_action" not in body:
            raise Refused(-240)
        person, action = self.person(body), body["sender_action"]
        if not action.get("react_icon") or action.get("react_message_id") is None:
            raise Refused(-201, "sender_action")
        person.reactions.append(action["react_icon"])
        return {"message_id": action["react_message_id"]}

    async def upload(self, kind: str, file: Any) -> Json:
        if not isinstance(file, UploadFile):
            raise Refused(-201, "file")
        data = await file.read()
        if len(data) > _MOST[kind]:
            raise Refused(-210)
        if not data.startswith(_SIGNS[kind]) and not (file.filename or "").endswith(".csv"):
            raise Refused(-201, "file")
        month = int(self.zalo.clock.now() // (30 * 86_400))
        if (
            sum(int(at // (30 * 86_400)) == month for _, at in self.uploads.values())
            >= self.zalo.switches.uploads_a_month
        ):
            raise Refused(-211)
        name = self.zalo.new_id()
        self.uploads[name] = (kind, self.zalo.clock.now())
        return {"token" if kind == "file" else "attachment_id": name}

    def getoa(self, _query: Json) -> Json:
        verified = self.zalo.switches.verified
        package = "Cơ bản" if self.zalo.switches.needs_tier else "Nâng cao"
        return {"oaid": self.zalo.oa_id, "name": self.zalo.oa_name, "is_verified": verified, "package_name": package}

    def user_detail(self, query: Json) -> Json:
        person = self._named(query)
        last = "" if person.last is None else self.zalo.day(person.last)
        return {
            "user_id": person.id,
            "display_name": person.name,
            "user_is_follower": person.follows_it,
            "user_id_by_app": person.id_by_app,
            "user_last_interaction_date": last,
        }

    def conversation(self, query: Json) -> list[Json]:
        person, count = self._named(query), query.get("count", 5)
        if not 0 < count <= 10:
            raise Refused(-210)
        ours = [{"src": 0, "message_id": each.id, "message": each.text, "type": "text"} for each in person.sees]
        return ours[::-1][query.get("offset", 0) :][:count]

    def quota(self, body: Json) -> Json:
        person = self._named(body)
        last = "" if person.last is None else str(round(person.last * 1000))
        return {"last_interaction": last, "cs_reply": {}, "promotion": {}}

    def _named(self, query: Json) -> Person:
        found = self.zalo.people.get(str(query.get("user_id")))
        if found is None:
            raise Refused(-201, "user_id")
        return found


Call = Callable[[Json], Any]
