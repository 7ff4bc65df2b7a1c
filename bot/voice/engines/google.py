"""gTTS: the voice of Google Translate, online and without a key. An unofficial endpoint: no promise, no volume.

The library says what to ask and where. The asking is done here: its own never looks at the server's
certificate, waits for ever, and takes an HTML page for a sound of no length. Blocking, so for a thread.
"""

import base64
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from gtts import gTTS  # type: ignore[import-untyped]  # it ships no types
from gtts.lang import tts_langs  # type: ignore[import-untyped]
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SlowRead

from bot.voice.clip import Quality
from bot.voice.engine import SLOW, AskedToWait, CantSay, EngineSettings, language_of
from bot.voice.fault import fault
from bot.voice.level import trimmed
from bot.voice.pacing import Pacing
from bot.voice.parts import parts
from bot.voice.sound import BadSound, Sound, joined, read_sound

MOST = 100  # characters of one request; more is refused by the server
CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0  # until connected; until the next byte
WHOLE_SECONDS = 20.0  # for one answer
MOST_BYTES = 1_000_000  # of one answer; ten seconds of speech are 110,000
AGAIN = 60.0  # seconds after which a server that failed may be well
BUSY = (10.0, 600.0, 86_400.0)  # seconds to wait when asked to: at least, unless it says how long, at most

_answer = re.compile(rb'"jQ1olc","((?:[^"\\]|\\.)*)"')


class Google:
    """Asks for one part of a text after the other, when `pacing` allows it."""

    name = "gtts"
    quality = Quality.GOOD
    online = True

    def __init__(self, pacing: Pacing | None = None, sleep: Callable[[float], None] = time.sleep) -> None:
        self._pacing = pacing or Pacing(1.0)
        self._sleep = sleep

    def voice(self, lang: str, text: str = "") -> str:  # noqa: ARG002  it has one voice a language
        language = language_of(lang)
        return language if language in tts_langs() else ""

    def say(self, text: str, lang: str, *, slow: bool) -> Sound:
        language = self.voice(lang)
        if not language:
            raise CantSay(f"Google's voice doesn't speak {lang!r}.")
        pieces = parts(text, MOST)
        if not pieces:
            raise CantSay("There is nothing to say in the text.")
        with requests.Session() as session:
            sounds = [self._said(session, piece.text, language, slow=slow) for piece in pieces]
        speed = SLOW if slow else 1.0
        return joined(sounds, [piece.pause / speed for piece in pieces[:-1]])

    def _said(self, session: requests.Session, text: str, language: str, *, slow: bool) -> Sound:
        """Ask for one part."""
        asked = gTTS(text, lang=language, slow=slow, lang_check=False, pre_processor_funcs=[])
        [request] = asked._prepare_requests()  # noqa: SLF001  the only way to its address and form without its sending
        self._wait()
        try:
            sound = read_sound(_audio(self._ask(session, request)), seconds=60)
        except BadSound as error:
            raise CantSay(f"Google's voice sent no MP3: {error}", AGAIN) from error
        if wrong := fault(sound, text):
            raise CantSay(f"Google's voice sent a bad sound: {wrong}", AGAIN)
        return trimmed(sound)

    def _wait(self) -> None:
        """Take the next free moment for a request, and wait for it."""
        if rest := self._pacing.rests():
            raise AskedToWait("Google's voice asked to be left alone.", rest)
        if seconds := self._pacing.book():
            self._sleep(seconds)

    def _ask(self, session: requests.Session, request: requests.PreparedRequest) -> bytes:
        """Send it and return the answer's body; certificates are checked, proxies taken from the environment."""
        settings = session.merge_environment_settings(str(request.url), {}, stream=True, verify=None, cert=None)
        seconds = (CONNECT_SECONDS, READ_SECONDS)
        try:
            with session.send(request, timeout=seconds, allow_redirects=False, **settings) as response:
                self._check(response)
                return self._body(response)
        except requests.exceptions.SSLError as error:
            raise CantSay("Google's voice has a certificate that isn't trusted here.", AGAIN) from error
        except (requests.exceptions.Timeout, SlowRead) as error:
            raise CantSay("Google's voice gave no answer in time.", AGAIN) from error
        except (requests.exceptions.RequestException, HTTPError) as error:
            raise CantSay("Google's voice can't be reached.", AGAIN) from error

    def _check(self, response: requests.Response) -> None:
        if response.status_code == requests.codes.too_many_requests:
            least, usual, most = BUSY
            seconds = min(max(_retry_after(response.headers.get("Retry-After", ""), usual), least), most)
            self._pacing.rest(seconds)
            raise AskedToWait(f"Google's voice wants to be left alone for {seconds:.0f} seconds.", seconds)
        if response.status_code != requests.codes.ok:
            raise CantSay(f"Google's voice answered {response.status_code}.", AGAIN)

    def _body(self, response: requests.Response) -> bytes:
        """Read what comes, as it comes: a server that sends a byte now and then would never time out."""
        latest = time.monotonic() + WHOLE_SECONDS
        body = bytearray()
        while chunk := response.raw.read1(65_536, decode_content=True):
            body += chunk
            if len(body) > MOST_BYTES:
                raise CantSay(f"Google's voice sent more than {MOST_BYTES:,} bytes.", AGAIN)
            if time.monotonic() > latest:
                raise CantSay("Google's voice gave no answer in time.", AGAIN)
        return bytes(body)


def _audio(body: bytes) -> bytes:
    """Take the MP3 out of the answer; raises BadSound."""
    found = _answer.search(body)
    if not found:
        page = body.lstrip()[:1] == b"<"
        raise BadSound(f"The answer is {'a web page' if page else 'without sound'}.")
    try:
        [audio] = json.loads(json.loads(b'"%b"' % found[1]))
        mp3 = base64.b64decode(audio, validate=True)
    except (ValueError, TypeError) as error:
        raise BadSound("The answer is garbled.") from error
    # Something else that libsndfile could read would be no voice of Google's.
    if not (mp3.startswith(b"ID3") or (mp3[:1] == b"\xff" and mp3[1:2] >= b"\xe0")):
        raise BadSound("The answer holds something else.")
    return mp3


def _retry_after(header: str, usual: float) -> float:
    """Read `120` or a date; seconds from now."""
    if header.isdecimal():
        return float(header)
    try:
        return (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return usual


def make(settings: EngineSettings) -> Google:
    """Make the engine as config.yaml wants it."""
    return Google(Pacing(settings.pace, settings.shared / "gtts.pace" if settings.shared else None))
