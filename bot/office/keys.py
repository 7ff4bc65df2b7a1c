"""Passkeys: made by whoever has signed in, on as many devices as they like; later they sign in by them alone.

A passkey belongs to the host it was made on, and its device must see by finger, face or PIN who it is: there is
nothing else to know. Challenges work once, within minutes, for the browser that asked.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

import webauthn
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from bot.channels.web.guard import new_token
from bot.core.access import Refused
from bot.core.marks import mark_of
from bot.office.door import Asked, Door, Way, host_of, place_of
from bot.office.page import sorry
from bot.office.sign_in import SignIn, way_on
from bot.stores.office import Key, Office, day_of

CHALLENGE_MINUTES: Final = 5
MOST_BEGUN: Final = 60  # challenges of one place within `TRY_MINUTES`
MOST_KEYS: Final = 20
LONGEST_NAME: Final = 60
_ACCOUNT: Final = "/office/account"
_VERIFIED: Final = UserVerificationRequirement.REQUIRED


class Keys:
    """The ways of passkeys."""

    def __init__(self, office: Office, door: Door, sign_in: SignIn) -> None:
        self._office = office
        self._door = door
        self._sign_in = sign_in

    def ways(self) -> list[Way]:
        """Return their addresses."""
        return [
            Way("/office/key/wanted", "key wanted", post=self.wanted),
            Way("/office/key/add", "key made", post=self.add),
            Way("/office/key/remove", "key removed", post=self.remove),
            Way("/office/key/begin", "key begun", post=self.begin),
            Way("/office/key/use", "key used", post=self.use),
        ]

    async def wanted(self, asked: Asked) -> Response:
        """Say what to ask the device for, to make a passkey."""
        person = asked.person
        challenge = await self._challenge(asked)
        options = webauthn.generate_registration_options(
            rp_id=host_of(asked.request),
            rp_name="Học Số",
            user_name=person.name,
            user_id=_handle(person.number),
            challenge=challenge,
            timeout=CHALLENGE_MINUTES * 60_000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(base64url_to_bytes(each.id))
                for each in await self._office.keys_of(person.number)
            ],
        )
        return Response(webauthn.options_to_json(options), media_type="application/json")

    async def add(self, asked: Asked) -> Response:
        """Keep the passkey that the device has made."""
        person, name = asked.person, " ".join(asked.fields.get("name", "").split())[:LONGEST_NAME]
        given = _read(asked.fields.get("key", ""))
        made = await self._made(asked, given) if name and name.isprintable() else None
        if made is None or len(await self._office.keys_of(person.number)) >= MOST_KEYS:
            return sorry(asked.frame, asked.said.key_unmade, 400)
        key = Key(
            bytes_to_base64url(made.credential_id),
            person.number,
            host_of(asked.request),
            made.credential_public_key,
            made.sign_count,
            name,
            day_of(asked.minute),
            None,
        )
        if not await self._office.add_key(key, asked.minute):
            return sorry(asked.frame, asked.said.key_unmade, 400)
        return RedirectResponse(f"{_ACCOUNT}?made", 303)

    async def remove(self, asked: Asked) -> Response:
        """Take a passkey away."""
        if not await self._office.remove_key(asked.person, asked.fields.get("id", ""), asked.minute):
            raise Refused
        return RedirectResponse(f"{_ACCOUNT}?removed", 303)

    async def begin(self, asked: Asked) -> Response:
        """Say what to ask the device for, to sign in."""
        if locked := await self._sign_in.locked(asked):
            return locked
        begun = f"begun:{place_of(asked.request)}"
        if locked := await self._sign_in.locked(asked, begun, most=MOST_BEGUN):
            return locked
        await self._office.failed([begun], asked.minute, most=MOST_BEGUN)
        options = webauthn.generate_authentication_options(
            rp_id=host_of(asked.request),
            challenge=await self._challenge(asked),
            timeout=CHALLENGE_MINUTES * 60_000,
            user_verification=_VERIFIED,
        )
        return Response(webauthn.options_to_json(options), media_type="application/json")

    async def use(self, asked: Asked) -> Response:
        """Begin a visit of the passkey's owner, under a new token."""
        given = _read(asked.fields.get("key", ""))
        name = given.get("id")
        key = await self._office.key(name) if isinstance(name, str) else None
        whose = f"key:{key.id}" if key else f"key:{mark_of(str(name))}"
        if locked := await self._sign_in.locked(asked, whose):
            return locked
        used = await self._used(asked, given, key)
        token, entered = new_token(), None
        if used and key:
            entered = await self._office.enter_by_key(key, used.new_sign_count, mark_of(token), asked.minute)
        if entered is None:
            await self._office.failed([place_of(asked.request), whose], asked.minute)
            return sorry(asked.frame, asked.said.key_refused, 403)
        return self._door.keep(RedirectResponse(way_on(asked), 303), token, long=True)

    async def _challenge(self, asked: Asked) -> bytes:
        challenge = secrets.token_bytes(32)
        until = asked.minute + CHALLENGE_MINUTES
        await self._office.ask(mark_of(bytes_to_base64url(challenge)), asked.visit, asked.minute, until)
        return challenge

    async def _answers(self, asked: Asked, given: Mapping[str, Any]) -> bytes | None:
        """Return the challenge that was answered, where this browser was asked it and may still answer."""
        try:
            said = json.loads(base64url_to_bytes(given["response"]["clientDataJSON"]))
            challenge = base64url_to_bytes(said["challenge"])
        except Exception:  # noqa: BLE001  it comes from outside and may be anything
            return None
        mark = mark_of(bytes_to_base64url(challenge))
        return challenge if await self._office.answered(mark, asked.visit, asked.minute) else None

    async def _made(self, asked: Asked, given: Mapping[str, Any]) -> VerifiedRegistration | None:
        challenge = await self._answers(asked, given)
        if challenge is None:
            return None
        try:
            return await run_in_threadpool(
                webauthn.verify_registration_response,
                credential=dict(given),
                expected_challenge=challenge,
                expected_rp_id=host_of(asked.request),
                expected_origin=self._origin(asked),
                require_user_verification=True,
            )
        except Exception:  # noqa: BLE001  the library's readers raise whatever they meet in what came from outside
            return None

    async def _used(self, asked: Asked, given: Mapping[str, Any], key: Key | None) -> VerifiedAuthentication | None:
        challenge = await self._answers(asked, given)
        if challenge is None or key is None or key.host != host_of(asked.request):
            return None
        handle = given["response"].get("userHandle")
        if handle and handle != bytes_to_base64url(_handle(key.person)):
            return None
        try:
            return await run_in_threadpool(
                webauthn.verify_authentication_response,
                credential=dict(given),
                expected_challenge=challenge,
                expected_rp_id=key.host,
                expected_origin=self._origin(asked),
                credential_public_key=key.public_key,
                credential_current_sign_count=key.uses,
                require_user_verification=True,
            )
        except Exception:  # noqa: BLE001  see above
            return None

    def _origin(self, asked: Asked) -> str:
        return f"{'https' if self._door.https else 'http'}://{asked.request.headers.get('host', '')}"


def _handle(person: int) -> bytes:
    """Return what a device knows someone by; it says nothing of them."""
    return b"hocso-office-%d" % person


def _read(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError:
        return {}
    return given if isinstance(given, dict) and isinstance(given.get("response"), dict) else {}
