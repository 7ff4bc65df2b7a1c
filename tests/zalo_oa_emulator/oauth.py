"""The tokens: codes that work once for ten minutes, pairs of which each refresh token works once."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from zalo_oa_emulator.clock import Clock
from zalo_oa_emulator.refused import Json, Refused
from zalo_oa_emulator.switches import Switches

ACCESS_SECONDS = 90_000  # 25 hours
REFRESH_SECONDS = 90 * 86_400
CODE_SECONDS = 600


@dataclass
class App:
    """One app as its developer made it in the console."""

    id: str = "4400000000000000001"
    secret: str = "app-secret-1"  # noqa: S105  of tests
    webhook_secret: str = "webhook-secret-1"  # noqa: S105  of tests
    callback: str = "https://hocso.test/zalo/oa/login"
    challenge: str = ""  # empty: the console has none saved, and takes what the address says
    active: bool = True


@dataclass
class Pair:
    access: str
    refresh: str
    made: float
    used: bool = False  # the refresh token
    gone: bool = False  # the access token


@dataclass
class Authority:
    """Who gives tokens for one app and one Official Account."""

    app: App
    clock: Clock
    switches: Switches
    oa_id: str
    pairs: list[Pair] = field(default_factory=list)
    codes: dict[str, tuple[float, str]] = field(default_factory=dict)  # when given, for which challenge
    asked: list[str] = field(default_factory=list)  # grant types, in order

    def permit(self, query: Mapping[str, str]) -> str:
        """Let the owner of the Official Account agree; returns where their browser is sent, or raises ValueError."""
        if query.get("app_id") != self.app.id:
            raise ValueError("-14001 app_id is invalid")
        if not self.app.active:
            raise ValueError("-14002 app is not active")
        if query.get("redirect_uri") != self.app.callback:
            raise ValueError("-14003 redirect_uri is invalid")
        challenge = query.get("code_challenge", "")
        if self.app.challenge and challenge != self.app.challenge:
            raise ValueError("-14004 code_challenge is invalid")
        code = secrets.token_urlsafe(24)
        self.codes[code] = (self.clock.now(), challenge)
        more = {"state": query["state"]} if "state" in query else {}
        return f"{self.app.callback}?{urlencode({'oa_id': self.oa_id, 'code': code, **more})}"

    def token(self, headers: Mapping[str, str], form: Mapping[str, str]) -> Json:
        """Answer one call of /v4/oa/access_token."""
        grant = form.get("grant_type", "")
        self.asked.append(grant)
        if headers.get("secret_key") != self.app.secret or form.get("app_id") != self.app.id:
            return _no(-14005, "secret_key or app_id is invalid")
        if grant == "authorization_code":
            return self._exchanged(form)
        if grant == "refresh_token":
            return self._refreshed(form.get("refresh_token", ""))
        return _no(-14006, "grant_type is invalid")

    def _exchanged(self, form: Mapping[str, str]) -> Json:
        given, challenge = self.codes.pop(form.get("code", ""), (0.0, ""))
        if self.clock.now() - given > CODE_SECONDS:
            return _no(-14007, "authorization code is expired or used")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
            return _no(-14008, "code_verifier is invalid")
        return self.give()

    def _refreshed(self, refresh: str) -> Json:
        found = next((pair for pair in self.pairs if secrets.compare_digest(pair.refresh, refresh)), None)
        if found is None or found.used or self.clock.now() - found.made > REFRESH_SECONDS:
            return _no(self.switches.used_refresh, "refresh_token is invalid")
        found.used = found.gone = True
        return self.give()

    def give(self) -> Json:
        """Issue a new pair; the access tokens before it die."""
        for each in self.pairs:
            each.gone = True
        pair = Pair(f"access-{secrets.token_hex(12)}", f"refresh-{secrets.token_hex(12)}", self.clock.now())
        self.pairs.append(pair)
        return {
            "access_token": pair.access,
            "refresh_token": pair.refresh,
            "expires_in": str(ACCESS_SECONDS),  # a string, as Zalo has it
        }

    def revoke(self) -> None:
        """Take back everything, as the owner of the Official Account may do in the console."""
        for pair in self.pairs:
            pair.used = pair.gone = True

    def check(self, access: str) -> None:
        """Raise Refused for an access token that isn't taken."""
        found = next((pair for pair in self.pairs if pair.access == access), None)
        if found is None:
            raise Refused(-216)
        if found.gone or self.clock.now() - found.made >= ACCESS_SECONDS:
            raise Refused(-220)


def _no(code: int, words: str) -> Json:
    return {"error": code, "error_name": words, "error_reason": words, "error_description": words}
