"""The online voice over its real code: what is good is heard, and each thing that can go wrong is told in time."""

import gzip
import io
import json
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Thread

import gtts.tts  # type: ignore[import-untyped]  # it ships no types
import pytest
from fake_google import (
    PATH,
    Fake,
    Handler,
    audio,
    audio_of,
    cut,
    dripping,
    endless,
    envelope,
    fake_google,
    hung_up,
    self_signed,
    sends,
    silent,
    stalling,
    well,
)
from made_engines import Clock
from made_sounds import MP3, WAV, file_of, silence, speech
from needs import missing

from bot.voice.engine import AskedToWait, CantSay
from bot.voice.engines import google
from bot.voice.engines.google import MOST, Google
from bot.voice.pacing import Pacing
from bot.voice.sound import Sound

TEXT = "Xin chào bác."
LONG = (
    "Công an xã không bao giờ gọi điện yêu cầu bà con bấm vào đường dẫn. Bác hãy tắt máy, rồi hỏi người nhà. "
    "Một: đúng. Hai: sai. Bác trả lời bằng số, hoặc nói nghe lại nếu bác muốn nghe thêm một lần nữa."
)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """The server that gTTS asks, in place of Google's."""
    with fake_google() as server:
        monkeypatch.setattr(gtts.tts, "_translate_url", lambda **_: server.url)
        yield server


def say(text: str = TEXT, *, slow: bool = False, engine: Google | None = None) -> Sound:
    return (engine or Google(Pacing(0))).say(text, "vi", slow=slow)


def why(text: str = TEXT, engine: Google | None = None) -> tuple[str, float | None]:
    with pytest.raises(CantSay) as refused:
        say(text, engine=engine)
    return str(refused.value), refused.value.again_in


def test_a_good_answer_is_heard(fake: Fake) -> None:
    sound = say()
    assert sound.seconds == pytest.approx(speech(TEXT).seconds, abs=0.2)
    assert sound.rate == 24_000
    [asked] = fake.asked
    assert (asked["text"], asked["lang"], asked["slow"]) == (TEXT, "vi", None)


def test_slow_is_googles_own(fake: Fake) -> None:
    say(slow=True)
    assert fake.asked[0]["slow"] is True


def test_the_library_reads_the_same_out_of_an_answer(fake: Fake) -> None:
    theirs = io.BytesIO()
    gtts.tts.gTTS(TEXT, lang="vi").write_to_fp(theirs)
    assert theirs.getvalue() == file_of(speech(TEXT), MP3)
    escaped = envelope("x").replace(b"x", audio_of_text().replace("=", "\\\\u003d").encode())
    fake.answers = [sends(escaped)]  # a form that JSON allows too
    assert say().seconds == pytest.approx(speech(TEXT).seconds, abs=0.2)


def audio_of_text() -> str:
    import base64  # noqa: PLC0415  for this alone

    return base64.b64encode(file_of(speech(TEXT), MP3) + b"\0").decode()


def test_the_library_still_prepares_what_google_expects() -> None:
    [request] = gtts.tts.gTTS("chào", lang="vi", lang_check=False)._prepare_requests()  # noqa: SLF001
    assert request.url == f"https://translate.google.com/{PATH}"
    assert request.headers["Referer"] == "http://translate.google.com/"


def test_a_long_text_takes_few_requests_over_one_connection(fake: Fake) -> None:
    sound = say(LONG)
    assert len(fake.texts) == 3  # the library alone would make 9
    assert all(len(text) <= MOST for text in fake.texts)
    assert " ".join(fake.texts) == LONG
    assert len({each["from"] for each in fake.asked}) == 1
    assert sound.seconds == pytest.approx(speech(LONG).seconds + 0.5, abs=1.0)


def test_3000_characters_are_said_whole(fake: Fake) -> None:
    text = ("Bác bấm vào nút màu xanh ở cuối trang, chờ một chút. " * 60)[:3_000].strip()
    say(text)
    assert " ".join(fake.texts) == text
    assert len(fake.texts) <= 60


@pytest.mark.parametrize("text", ["", " ", "…", "?!", "--- ..."])
def test_only_signs_are_nothing_to_say(fake: Fake, text: str) -> None:
    assert why(text) == ("There is nothing to say in the text.", None)
    assert not fake.asked


def test_languages() -> None:
    engine = Google()
    assert [engine.voice(lang) for lang in ("vi", "vi-thanhhoa", "en", "xx", "")] == ["vi", "vi", "en", "", ""]
    with pytest.raises(CantSay, match=r"^Google's voice doesn't speak 'xx'\.$"):
        engine.say(TEXT, "xx", slow=False)


NOT_MP3 = "Google's voice sent no MP3: "
BAD_SOUND = "Google's voice sent a bad sound: "
BOMB = gzip.compress(b"\0" * 10**8)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (sends(b"oops", 500), "Google's voice answered 500."),
        (sends(b"no", 403), "Google's voice answered 403."),
        (sends(b"", 302, Location="http://127.0.0.1:1/consent"), "Google's voice answered 302."),
        (sends(b"\n<html>Unusual traffic</html>", kind="text/html"), f"{NOT_MP3}The answer is a web page."),
        (sends(b""), f"{NOT_MP3}The answer is without sound."),
        (sends(b'[["wrb.fr","jQ1olc",null,null]]'), f"{NOT_MP3}The answer is without sound."),
        (sends(envelope("")), f"{NOT_MP3}The answer holds something else."),
        (sends(envelope("//NExA*broken*")), f"{NOT_MP3}The answer is garbled."),
        (sends(envelope("ế")), f"{NOT_MP3}The answer is garbled."),
        (sends(b'[["wrb.fr","jQ1olc","[1,2]"]]'), f"{NOT_MP3}The answer is garbled."),
        (sends(b'[["wrb.fr","jQ1olc","[12]"]]'), f"{NOT_MP3}The answer is garbled."),
        (sends(b'[["wrb.fr","jQ1olc","\\q"]]'), f"{NOT_MP3}The answer is garbled."),
        (audio(b"<html>" * 99), f"{NOT_MP3}The answer holds something else."),
        (audio(file_of(speech(TEXT), WAV)), f"{NOT_MP3}The answer holds something else."),
        (audio(b"\xff\xfb" + b"\0" * 5_000), f"{NOT_MP3}This is no sound that can be read, or it is broken."),
        (audio(file_of(silence(2), MP3)), f"{BAD_SOUND}The sound is silent."),
        (audio(file_of(speech("a " * 40), MP3)), f"{BAD_SOUND}The sound is too long: 10.0 seconds for 3 syllables."),
        (hung_up, "Google's voice can't be reached."),
        (cut, "Google's voice can't be reached."),
        (endless, "Google's voice sent more than 1,000,000 bytes."),
        (sends(BOMB, Content_Encoding="gzip"), "Google's voice sent more than 1,000,000 bytes."),
        (sends(b"\x1f\x8bnot gzip", Content_Encoding="gzip"), "Google's voice can't be reached."),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told(fake: Fake, answer: Callable[[Handler], None], told: str) -> None:
    fake.answers = [answer]
    assert why() == (told, 60.0)
    assert say().seconds > 0.3  # the next is well again


def test_a_part_that_fails_fails_the_whole(fake: Fake) -> None:
    fake.answers = [well, audio(file_of(silence(2), MP3))]
    assert why(LONG) == ("Google's voice sent a bad sound: The sound is silent.", 60.0)
    assert len(fake.asked) == 2


def test_an_answer_may_be_packed_or_come_in_chunks(fake: Fake) -> None:
    def packed(handler: Handler) -> None:
        handler.say(gzip.compress(envelope(audio_of(handler))), Content_Encoding="gzip")

    def chunked(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        body = envelope(audio_of(handler))
        for piece in (body[:10], body[10:5_000], body[5_000:]):
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    fake.answers = [packed, chunked]
    assert say().seconds == say().seconds > 0.3


@pytest.mark.parametrize("answer", [silent, stalling, dripping])
def test_a_slow_server_is_not_waited_for(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, answer: Callable[[Handler], None]
) -> None:
    monkeypatch.setattr(google, "READ_SECONDS", 0.2)
    monkeypatch.setattr(google, "WHOLE_SECONDS", 0.4)
    fake.answers = [answer]
    began = time.monotonic()
    assert why() == ("Google's voice gave no answer in time.", 60.0)
    assert time.monotonic() - began < 9  # less than it is given


def test_it_is_given_time_enough_and_no_more() -> None:
    assert (google.CONNECT_SECONDS, google.READ_SECONDS, google.WHOLE_SECONDS) == (5, 10, 20)


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(gtts.tts, "_translate_url", lambda **_: f"http://127.0.0.1:{port}/{PATH}")
    assert why() == ("Google's voice can't be reached.", 60.0)
    monkeypatch.setattr(gtts.tts, "_translate_url", lambda **_: f"https://no-such-host.invalid/{PATH}")
    assert why() == ("Google's voice can't be reached.", 60.0)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("openssl"):
        missing("openssl")
    certificate = self_signed(tmp_path)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with fake_google(certificate) as fake:
        monkeypatch.setattr(gtts.tts, "_translate_url", lambda **_: fake.url)
        assert why() == ("Google's voice has a certificate that isn't trusted here.", 60.0)
        assert not fake.asked
        gtts.tts.gTTS(TEXT, lang="vi").write_to_fp(io.BytesIO())  # the library itself takes it: hence all this
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))  # how an office's own authority is named
        assert say().seconds > 0.3


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "1"}, 10),
        ({"Retry-After": "9999999"}, 86_400),
        ({}, 600),
        ({"Retry-After": "soon"}, 600),
        ({"Retry-After": "-5"}, 600),
    ],
)
def test_429_silences_it_for_as_long_as_the_server_says(fake: Fake, header: dict[str, str], wait: float) -> None:
    clock = Clock()
    engine = Google(Pacing(0, clock=clock), clock.sleep)
    fake.answers = [
        sends(b"too many", 429, "text/html", **{key.replace("-", "_"): value for key, value in header.items()})
    ]
    with pytest.raises(AskedToWait) as refused:
        say(engine=engine)
    assert str(refused.value) == f"Google's voice wants to be left alone for {wait:.0f} seconds."
    assert refused.value.again_in == wait
    clock.now += wait - 1
    assert why(engine=engine) == ("Google's voice asked to be left alone.", 1)
    assert len(fake.asked) == 1  # nothing was sent
    clock.now += 1
    assert say(engine=engine).seconds > 0.3


def test_429_may_name_a_date(fake: Fake) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    fake.answers = [sends(b"", 429, Retry_After=date)]
    assert why()[1] == pytest.approx(90, abs=5)


def test_requests_keep_their_distance(fake: Fake) -> None:
    clock = Clock()
    engine = Google(Pacing(1.5, clock=clock), clock.sleep)
    say(LONG, engine=engine)
    say(TEXT, engine=engine)
    assert clock.slept == [1.5, 1.5, 1.5]
    clock.now += 10
    say(TEXT, engine=engine)
    assert len(clock.slept) == 3
    assert len(fake.asked) == 5


def test_two_threads_keep_their_distance_together(fake: Fake) -> None:
    engine = Google(Pacing(0.15))
    began = time.monotonic()
    threads = [Thread(target=say, args=(TEXT,), kwargs={"engine": engine}) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.asked) == 4
    assert time.monotonic() - began >= 3 * 0.15


def test_an_answer_is_json_in_json() -> None:
    line = envelope("QUJD").splitlines()[3]
    assert json.loads(json.loads(line)[0][2]) == ["QUJD"]
