"""The web page over HTTP, without a browser: every route, and what may go wrong."""

import gzip
import re
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from html import unescape
from typing import Any

import httpx
import pytest
import structlog
from small import TEAMS, small_library
from starlette.applications import Starlette

from bot.channels.web import PROBLEMS, routes
from bot.channels.web.assets import ASSETS
from bot.channels.web.texts import TEXTS, Problem
from bot.core.join_code import number_of
from bot.core.progress import Progress, decode
from bot.core.saving import Save, StoreDown
from bot.core.teams import NO_TEAMS, Teams
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor

pytestmark = pytest.mark.anyio

VI, EN = TEXTS["vi"], TEXTS["en"]
HOME = "http://hocso.test"
SCRIPT = {"X-Requested-With": "hocso"}
SECRET = "482913"  # noqa: S105  a code as learners type one by mistake


class Store(MemoryProgress):
    """Memory that can be down, before it saves or just after."""

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.down_after_saving = False

    async def load(self, learners: Sequence[str]) -> list[bytes]:
        if self.down:
            raise StoreDown("the test pulled the plug")
        return await super().load(learners)

    async def save(self, saves: Sequence[Save]) -> list[bool]:
        if self.down:
            raise StoreDown("the test pulled the plug")
        saved = await super().save(saves)
        if self.down_after_saving:
            raise StoreDown("the test cut the wire")
        return saved

    def kept(self) -> dict[str, Progress]:
        return {learner: decode(value) for learner, (value, _) in self._values.items()}


@dataclass
class Learner:
    """Someone at a browser without JavaScript."""

    http: httpx.AsyncClient
    store: Store
    seen: httpx.Response = field(default_factory=lambda: httpx.Response(200))

    async def open(self, address: str = "/") -> str:
        self.seen = await self.http.get(address)
        return self.seen.text

    def fields(self) -> dict[str, str]:
        """The hidden fields of the last form that was drawn."""
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.seen.text)
        return {name: unescape(value) for name, value in found}

    async def post(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Send the form with these fields; a field set to "-" is left out."""
        whole = {name: value for name, value in {**self.fields(), **fields}.items() if value != "-"}
        parts: Any = [(name, (None, value)) for name, value in whole.items()]
        return await self.http.post("/talk", files=parts, headers=headers)

    async def send(self, **fields: str) -> str:
        """Send the form and look at the page that comes of it."""
        self.seen = await self.post(fields)
        if self.seen.status_code == 303:
            await self.open(self.seen.headers["location"])
        return self.seen.text

    async def tap(self, code: str) -> str:
        return await self.send(tap=self.button(code))

    def button(self, code: str) -> str:
        found = [value for value in self.buttons() if value.partition("|")[2] == code]
        assert found, f"no button {code!r} among {self.buttons()}"
        return found[0]

    def buttons(self) -> list[str]:
        return [unescape(value) for value in re.findall(r'name="tap" value="([^"]*)"', self.seen.text)]

    async def to_question(self) -> str:
        """Go to the question of the first small lesson."""
        await self.open()
        for code in ("agree", "bac", "read", "l:bai-01"):
            await self.tap(code)
        return await self.tap("next")


@pytest.fixture
async def learner() -> AsyncIterator[Learner]:
    store = Store()
    async with browser(store) as http:
        yield Learner(http, store)


@pytest.fixture
async def invited() -> AsyncIterator[Learner]:
    """Someone at an installation with teams."""
    store = Store()
    async with browser(store, teams=TEAMS) as http:
        yield Learner(http, store)


def browser(
    store: Store, *, secure: bool = False, why: str = "", home: str = HOME, teams: Teams = NO_TEAMS
) -> httpx.AsyncClient:
    async def ready() -> str:
        return why

    app = Starlette(
        routes=routes(Tutor(replace(small_library(), teams=teams), store), ready, secure_cookie=secure),
        exception_handlers=PROBLEMS,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=home)


async def test_the_settings_choose_the_language_for_someone_new() -> None:
    async def ready() -> str:
        return ""

    app = Starlette(routes=routes(Tutor(small_library(), Store()), ready, secure_cookie=False, lang="en"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as http:
        assert '<html lang="en">' in (await http.get("/")).text
        assert '<html lang="vi">' in (await http.get("/?lang=vi")).text


async def test_someone_new_sees_the_welcome_and_nothing_is_kept(learner: Learner) -> None:
    page = await learner.open()
    assert learner.seen.status_code == 200
    assert '<html lang="vi">' in page
    assert "<title>Học Số</title>" in page
    assert learner.buttons() == ["0|agree", "0|more", "0|decline", "0|lang:en"]
    assert "<span>1.</span> <span>Đồng ý, bắt đầu học</span>" in page
    assert VI.urgent in page
    assert VI.help in page
    assert VI.settings not in page  # there is nothing yet to choose from or to set
    assert learner.store.kept() == {}


async def test_the_cookie_is_the_only_key_and_the_store_does_not_hold_it(learner: Learner) -> None:
    await learner.open()
    cookie = learner.seen.headers["set-cookie"]
    token = cookie.partition("=")[2].partition(";")[0]
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", token)
    assert cookie.partition("; ")[2] == "HttpOnly; Max-Age=34560000; Path=/; SameSite=lax"
    await learner.tap("agree")
    (kept,) = learner.store.kept()
    assert re.fullmatch(r"web:[A-Za-z0-9_-]{22}", kept)
    assert token not in kept
    learner.http.cookies.set("hocso", kept.removeprefix("web:"), domain="hocso.test")
    assert "0|agree" in await learner.open()


async def test_the_cookie_is_secure_on_a_secure_site() -> None:
    async with browser(Store(), secure=True, home="https://hocso.test") as http:
        answer = await http.get("/")
        assert "; SameSite=lax; Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("strange", ["", "short", "x" * 500, "../../etc/passwd", "=" * 22])
async def test_a_strange_cookie_is_replaced(learner: Learner, strange: str) -> None:
    learner.http.cookies.set("hocso", strange, domain="hocso.test")
    await learner.open()
    assert learner.seen.cookies["hocso"] != strange


async def test_a_lesson_from_the_welcome_to_its_end(learner: Learner) -> None:
    page = await learner.to_question()
    assert "<title>Bước 2 trên 6 · Học Số</title>" in page
    assert '<progress max="6" value="2" aria-label="Bước 2 trên 6"></progress>' in page
    page = await learner.tap("a")
    assert "Chưa đúng. Công an không hỏi mã." in page
    page = await learner.tap("b")
    assert "Đúng rồi. Mã là chìa khóa." in page
    for code in ("done", "a", "next", "b", "next", "next"):
        page = await learner.tap(code)
    assert "Bác biết giữ mã." in page
    (progress,) = learner.store.kept().values()
    assert list(progress.done) == ["bai-01"]


async def test_a_saved_answer_is_a_redirect_and_shows_again(learner: Learner) -> None:
    await learner.to_question()
    answer = await learner.post({"tap": learner.button("b")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Đúng rồi. Mã là chìa khóa." in await learner.open()
    assert "Đúng rồi. Mã là chìa khóa." in await learner.open()


async def test_what_is_said_only_once_is_shown_at_once(learner: Learner) -> None:
    await learner.open()
    page = await learner.tap("more")
    assert learner.seen.status_code == 200
    assert "Mình không bán" in page
    assert "Mình không bán" not in await learner.open()
    await learner.tap("agree")
    await learner.tap("bac")
    assert "Vâng, cháu chào bác." in await learner.tap("read")  # saved, but the note is not


async def test_bold_and_lines_become_markup_and_nothing_else_does(learner: Learner) -> None:
    page = await learner.open()
    assert "Mình là <strong>Học Số</strong>, một" in page
    assert "<p>Mình không bao giờ hỏi mã, mật khẩu hay tiền của bạn.</p>" in page
    assert "**" not in page


@pytest.mark.parametrize("word", ["menu", "help", "settings", "urgent"])
async def test_the_buttons_on_top_are_global_words(learner: Learner, word: str) -> None:
    page = await learner.to_question()
    assert f'form="tap" name="word" value="{word}"' in page
    before = learner.buttons()
    await learner.send(word=word)
    assert learner.buttons() != before


async def test_the_data_are_shown_as_they_are_kept(learner: Learner) -> None:
    await learner.to_question()
    page = await learner.send(word="data")
    shown = re.search(r"<pre>(.*)</pre>", page, re.DOTALL)
    assert shown
    assert '"address": "bác"' in unescape(shown[1])


@pytest.mark.parametrize(
    ("field_", "status", "said"),
    [
        ({"csrf": "-"}, 403, VI.stale),
        ({"csrf": "wrong"}, 403, VI.stale),
        ({"csrf": "đ" * 22}, 403, VI.stale),
        ({"id": "-"}, 400, VI.strange),
        ({"id": "short"}, 400, VI.strange),
        ({"text": "-"}, 400, VI.strange),
        ({"tap": "0|agree"}, 400, VI.strange),  # besides the text
        ({"text": "-", "tap": "agree"}, 400, VI.strange),
        ({"text": "-", "tap": "-1|agree"}, 400, VI.strange),
        ({"text": "-", "tap": "9999999999|agree"}, 400, VI.strange),
        ({"text": "-", "tap": "0|"}, 400, VI.strange),
        ({"text": "-", "word": "rm -rf"}, 400, VI.strange),
        ({"text": "-", "open": "<b>"}, 400, VI.strange),
    ],
)
async def test_forms_that_are_not_ours_are_refused_kindly(
    learner: Learner, field_: dict[str, str], status: int, said: Problem
) -> None:
    await learner.open()
    answer = await learner.post({"text": "1", **field_})
    assert answer.status_code == status
    assert f"<h1>{said.title}</h1>" in answer.text
    assert said.text in answer.text
    assert f'<a class="way" href="/">{VI.home}</a>' in answer.text
    assert learner.store.kept() == {}


async def test_a_form_without_the_cookie_is_told_about_cookies(learner: Learner) -> None:
    await learner.open()
    learner.http.cookies.clear()
    answer = await learner.post({"tap": "0|agree", "lang": "en"})
    assert answer.status_code == 403
    assert unescape(answer.text).find(EN.no_cookie.text) > 0
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {"Origin": "http://hocso.test.evil.test"},
        {"Origin": "null"},
    ],
)
async def test_other_sites_can_send_nothing(learner: Learner, headers: dict[str, str]) -> None:
    await learner.open()
    answer = await learner.post({"tap": "0|agree"}, headers)
    assert answer.status_code == 403
    assert learner.store.kept() == {}


@pytest.mark.parametrize("headers", [{}, {"Origin": HOME}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}])
async def test_our_own_page_can(learner: Learner, headers: dict[str, str]) -> None:
    await learner.open()
    answer = await learner.post({"tap": "0|agree"}, headers)
    assert answer.status_code == 303


async def test_the_same_form_twice_counts_once_and_is_answered_again(learner: Learner) -> None:
    await learner.to_question()
    form = {**learner.fields(), "tap": learner.button("b")}
    records = len(await learner.store.journal())
    first = await learner.post(form, SCRIPT)
    again = await learner.post(form, SCRIPT)
    assert first.status_code == again.status_code == 200
    assert "Đúng rồi. Mã là chìa khóa." in first.text
    assert "Đúng rồi. Mã là chìa khóa." in again.text
    assert len(await learner.store.journal()) == records + 1


async def test_a_typed_answer_twice_counts_once(learner: Learner) -> None:
    await learner.to_question()
    form = {**learner.fields(), "text": "1"}
    await learner.post(form)
    await learner.post(form)
    (progress,) = learner.store.kept().values()
    assert progress.spots["bai-01"].tries == 1


async def test_another_button_of_a_form_already_sent_is_told_that_it_is_late(learner: Learner) -> None:
    await learner.to_question()
    old, other = {**learner.fields(), "tap": learner.button("b")}, learner.button("a")
    await learner.post(old)
    late = await learner.post({**old, "tap": other})  # by the browser's way back
    assert late.status_code == 200
    assert "Nút bác vừa bấm là của bước trước, nên cháu không tính." in late.text
    assert "Bước 3 trên 6" in late.text


@pytest.mark.parametrize("headers", [{}, SCRIPT])
async def test_a_typed_secret_leaves_no_trace(
    learner: Learner,
    headers: dict[str, str],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await learner.to_question()
    with structlog.testing.capture_logs() as lines:
        answer = await learner.post({"text": f"mã là {SECRET}"}, headers)
    assert answer.status_code == 200
    assert "một mã bí mật" in answer.text
    assert "<article data-secret>" in answer.text
    assert SECRET not in answer.text + str(answer.headers) + str(lines) + caplog.text + "".join(capfd.readouterr())
    assert SECRET not in str(learner.store.kept())
    assert SECRET not in str(await learner.store.journal())


async def test_no_secret_no_mark(learner: Learner) -> None:
    assert "data-secret" not in await learner.to_question()


@pytest.mark.parametrize("letter", ["a", "ế", "😀"])
async def test_ten_thousand_characters_are_answered(learner: Learner, letter: str) -> None:
    await learner.to_question()
    answer = await learner.post({"text": letter * 10_000})
    assert answer.status_code == 200
    assert "dài quá" in answer.text
    assert letter * 20 not in answer.text


async def test_what_stands_beyond_ten_thousand_characters_is_not_read(learner: Learner) -> None:
    await learner.to_question()
    answer = await learner.post({"text": "a" * 10_000 + f" mã {SECRET}"})
    assert "data-secret" not in answer.text


async def test_more_than_64_kilobytes_are_refused(learner: Learner) -> None:
    await learner.open()
    for size in (66_000, 2_000_000):
        answer = await learner.post({"text": "a" * size})
        assert answer.status_code == 413
        assert VI.too_big.text in answer.text


async def test_a_body_without_a_length_is_counted(learner: Learner) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"text=" + b"a" * 10_000

    answer = await learner.http.post(
        "/talk", content=endless(), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"text": "1"}'),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="t"; filename="f"\r\n\r\nx'),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(50))),
        ("text/plain", b"\xff\xfe\x00"),
    ],
)
async def test_what_is_no_form_is_refused(learner: Learner, kind: str, body: bytes) -> None:
    await learner.open()
    answer = await learner.http.post("/talk", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert VI.strange.text in answer.text


async def test_a_plain_urlencoded_form_is_fine_too(learner: Learner) -> None:
    await learner.open()
    answer = await learner.http.post("/talk", data={**learner.fields(), "tap": "0|agree"})
    assert answer.status_code == 303


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "\u200b", "?!"])
async def test_texts_without_letters_are_answered(learner: Learner, text: str) -> None:
    await learner.to_question()
    page = await learner.send(text=text)
    assert "Cháu chưa thấy chữ hay số nào trong tin của bác." in page


async def test_bytes_that_are_no_text_are_answered(learner: Learner) -> None:
    await learner.to_question()
    parts = [(name, (None, value)) for name, value in learner.fields().items()]
    answer = await learner.http.post("/talk", files=[*parts, ("text", (None, b"\xff\xfe\x00\xc3"))])
    assert answer.status_code == 200
    assert "Bước 2 trên 6" in answer.text


async def test_markup_that_is_typed_stays_text(learner: Learner) -> None:
    await learner.to_question()
    learner.store.down = True
    answer = await learner.post({"text": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text


@pytest.mark.parametrize("after", [False, True])
async def test_what_could_not_be_saved_is_sent_again_and_counts_once(learner: Learner, after: bool) -> None:
    await learner.to_question()
    form = {**learner.fields(), "tap": learner.button("b")}
    if after:
        learner.store.down_after_saving = True
    else:
        learner.store.down = True
    learner.seen = await learner.post(form)
    assert learner.seen.status_code == 503
    assert learner.seen.headers["retry-after"] == "5"
    assert "máy đang trục trặc nên mình chưa ghi lại được" in learner.seen.text
    assert VI.again in learner.seen.text
    assert learner.fields()["id"] == form["id"]
    assert learner.buttons() == [form["tap"]]
    learner.store.down = learner.store.down_after_saving = False
    page = await learner.send(tap=form["tap"])
    assert "Đúng rồi. Mã là chìa khóa." in page
    (progress,) = learner.store.kept().values()
    assert (progress.spots["bai-01"].right, progress.spots["bai-01"].asked) == (1, 1)


@pytest.mark.parametrize(("name", "value"), [("word", "menu"), ("open", "bai-02-hai"), ("text", "hai")])
async def test_whatever_was_sent_can_be_sent_again(learner: Learner, name: str, value: str) -> None:
    await learner.to_question()
    learner.store.down = True
    answer = await learner.post({name: value})
    assert f'<button name="{name}" value="{value}"><span>{VI.again}</span></button>' in answer.text
    assert 'id="type"' not in answer.text  # one thing to do


async def test_a_secret_that_could_not_be_heard_is_not_shown_again(learner: Learner) -> None:
    await learner.to_question()
    learner.store.down = True
    learner.seen = await learner.post({"text": f"mã là {SECRET}"})
    assert learner.seen.status_code == 503
    assert SECRET not in learner.seen.text
    assert VI.retype in learner.seen.text
    assert 'id="type"' in learner.seen.text


async def test_the_page_itself_says_when_the_store_is_down(learner: Learner) -> None:
    learner.store.down = True
    page = await learner.open()
    assert learner.seen.status_code == 503
    assert "máy đang trục trặc" in page
    assert f'<a class="way" href="/">{VI.reload}</a>' in page


async def test_a_mistake_of_ours_is_told_kindly_too() -> None:
    class Mistaken(Store):
        async def load(self, learners: Sequence[str]) -> list[bytes]:
            raise ZeroDivisionError(len(learners))

    async with browser(Mistaken()) as http:
        answer = await http.get("/")
    assert answer.status_code == 500
    assert VI.broken.text in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "content-security-policy" in answer.headers


async def test_a_link_to_a_lesson_changes_nothing_until_its_button_is_pressed(learner: Learner) -> None:
    await learner.to_question()
    kept = learner.store.kept()
    for name in ("bai-02-hai", "bai-02"):
        page = await learner.open(f"/?bai={name}")
        assert "Đường dẫn này mở bài <strong>Bài hai</strong>." in page
        assert learner.buttons() == []
        assert f'<button name="open" value="bai-02-hai"><span>{VI.open}</span></button>' in page
        assert f'<a class="way" href="/">{VI.stay}</a>' in page
    assert learner.store.kept() == kept
    assert "Một điều." in await learner.send(open="bai-02-hai")


async def test_a_link_to_an_invitation_asks_nothing_until_its_button_is_pressed(learner: Learner) -> None:
    await learner.to_question()
    kept = learner.store.kept()
    page = await learner.open("/?bai=vp_bago-tiku-remo-lasu")
    assert VI.invitation in page
    assert f'<button name="open" value="vp-bago-tiku-remo-lasu"><span>{VI.open_invitation}</span></button>' in page
    assert learner.store.kept() == kept
    assert "chưa hỏi được văn phòng" in await learner.send(open="vp-bago-tiku-remo-lasu")


async def test_someone_new_gets_the_lesson_of_the_link_after_the_welcome(learner: Learner) -> None:
    await learner.open("/?bai=bai-02-hai&lang=en")
    await learner.send(open="bai-02-hai")
    for code in ("agree", "read"):
        page = await learner.tap(code)
    assert "One thing." in page


@pytest.mark.parametrize("name", ["no-such-01", "%3Cscript%3Ealert(1)%3C/script%3E", "x" * 5000])
async def test_a_link_to_nothing_is_told_and_echoed_nowhere(learner: Learner, name: str) -> None:
    page = await learner.open(f"/?bai={name}")
    assert learner.seen.status_code == 200
    assert VI.no_lesson in page
    assert "alert" not in page
    assert "xxx" not in page
    assert "0|agree" in learner.buttons()


async def test_the_address_chooses_the_language_for_someone_new(learner: Learner) -> None:
    page = await learner.open("/?lang=en")
    assert '<html lang="en">' in page
    assert EN.urgent in page
    page = await learner.tap("agree")
    assert '<html lang="en">' in page
    assert '<html lang="en">' in await learner.open("/?lang=vi")  # not for someone known
    learner.http.cookies.clear()
    assert '<html lang="vi">' in await learner.open("/?lang=xx")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("POST", "/", 405),
        ("GET", "/talk", 303),
        ("PUT", "/talk", 405),
        ("POST", "/talk", 400),
        ("GET", "/favicon.ico", 200),
        ("GET", f"/static/{ASSETS['talk.js'].mark}/talk.js", 200),
        ("GET", "/static/x/none.js", 404),
        ("GET", "/static/x/..%2Ftexts.py", 404),
        ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200),
        ("DELETE", "/health/ready", 405),
        ("GET", "/no/such/page", 404),
    ],
)
async def test_every_answer_carries_the_safe_headers(learner: Learner, method: str, path: str, status: int) -> None:
    answer = await learner.http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    lasting = path.endswith(("talk.js", "favicon.ico"))
    assert (answer.headers["cache-control"] == "no-store") is not lasting
    if status == 405:
        assert answer.headers["allow"] in {"GET", "GET, POST"}
    if status == 404:
        assert VI.nowhere.text in answer.text


async def test_files_are_kept_by_browsers_until_they_change(learner: Learner) -> None:
    asset = ASSETS["page.css"]
    right = await learner.http.get(f"/static/{asset.mark}/page.css")
    assert right.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert right.headers["content-encoding"] == "gzip"
    assert right.content == asset.body
    old = await learner.http.get("/static/0123/page.css")
    assert old.headers["cache-control"] == "public, max-age=300"
    plain = await learner.http.get(f"/static/{asset.mark}/page.css", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == asset.body


async def test_the_first_load_is_small_and_comes_from_here_alone(learner: Learner) -> None:
    page = await learner.open()
    links = re.findall(r'(?:src|href|action)="([^"]+)"', page)
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in links)
    assert "://" not in page
    total = len(gzip.compress(learner.seen.content))
    assert learner.seen.headers["content-encoding"] == "gzip"
    for link in {link for link in links if link.startswith("/static/")}:
        answer = await learner.http.get(link)
        assert answer.status_code == 200
        assert "//" not in re.sub(r"//.*|/\*.*?\*/|http://www\.w3\.org/2000/svg", "", answer.text, flags=re.DOTALL)
        total += len(gzip.compress(answer.content))
    assert len(links) > 3
    assert total <= 30_000


async def test_no_script_and_no_style_stands_inside_the_page(learner: Learner) -> None:
    page = await learner.to_question()
    assert re.findall(r"<script(?! src=)", page) == []
    assert re.findall(r"<style|style=| on\w+=|javascript:", page) == []


async def test_health() -> None:
    async with browser(Store()) as http:
        assert (await http.get("/health/live")).text == "ok"
        assert (await http.get("/health/ready")).json() == {"ready": True, "why": ""}
    async with browser(Store(), why="the store is away") as http:
        assert (await http.get("/health/live")).text == "ok"
        answer = await http.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json() == {"ready": False, "why": "the store is away"}


def test_the_words_are_whole_and_composed() -> None:
    for texts in TEXTS.values():
        words = [
            each
            for value in asdict(texts).values()
            for each in (value.values() if isinstance(value, dict) else [value])
        ]
        assert all(word and unicodedata.is_normalized("NFC", word) for word in words)


async def test_a_link_to_a_team_changes_nothing_until_its_button_is_pressed(invited: Learner) -> None:
    learner = invited
    for wanted in ("sen-vang-27", "Sen%20V%C3%A0ng%2027"):
        page = await learner.open(f"/?to={wanted}")
        assert "Đường dẫn này là của <strong>Tổ thôn 3, xã Nga Sơn</strong>." in page
        assert f'<button name="open" value="to_sen-vang-27"><span>{VI.open_team}</span></button>' in page
    assert learner.store.kept() == {}
    assert "giới thiệu đôi lời trước" in await learner.send(open="to_sen-vang-27")
    assert "Bạn có muốn vào <strong>Tổ thôn 3, xã Nga Sơn</strong> không?" in await learner.tap("agree")
    assert "Bạn đã vào <strong>Tổ thôn 3, xã Nga Sơn</strong>." in await learner.tap("join")
    assert [each.team for each in learner.store.kept().values()] == [number_of("sen-vang-27")]


@pytest.mark.parametrize("wanted", ["hoa-tim-11", "song-vui-99", "%3Cscript%3Ealert(1)", "x" * 5000])
async def test_a_link_to_no_team_is_told_and_echoed_nowhere(invited: Learner, learner: Learner, wanted: str) -> None:
    assert VI.no_team not in await learner.open(f"/?to={wanted}")  # there are no teams at all
    learner = invited
    page = await learner.open(f"/?to={wanted}")
    assert VI.no_team in page
    assert "alert" not in page
    assert "xxx" not in page
    assert "0|agree" in learner.buttons()
