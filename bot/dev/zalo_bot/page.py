"""The page of `hocso dev zalo`: a learner's side of the chat, as plain as Zalo's: text, a picture, a sound."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.dev.zalo_bot.refused import Json

if TYPE_CHECKING:
    from bot.dev.zalo_bot.emulator import Chat, Emulator

PREFIX = "/chat/"
MOST_SOUND = 2_000_000  # bytes

PAGE = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Zalo giả: trò chuyện thử</title>
<style>
body{font:18px/1.5 sans-serif;max-width:40rem;margin:1rem auto;padding:0 1rem}
#chat{list-style:none;padding:0}#chat li{white-space:pre-wrap;padding:.5rem .8rem;margin:.4rem 0;border-radius:.5rem}
.bot{background:#eef}.me{background:#dfd;margin-left:20%}
form,div{display:flex;flex-wrap:wrap;gap:.5rem;margin:.5rem 0}
input[type=text]{flex:1}input,button{font:inherit;padding:.4rem}
</style>
<h1>Zalo giả: trò chuyện thử</h1>
<p>Đây không phải Zalo. Bot nhắn lại khi chương trình đang chạy với địa chỉ của trang này.</p>
<ul id="chat" aria-live="polite"></ul>
<form id="say"><label for="text">Tin nhắn</label>
<input type="text" id="text" autocomplete="off"><button>Gửi</button></form>
<div><button data-do="photo">Gửi ảnh</button><button data-do="sticker">Gửi nhãn dán</button>
<button data-do="hidden">Gửi tin Zalo giữ lại</button><label>Gửi tiếng nói <input type="file" id="sound"></label></div>
<script>
const at = location.pathname, list = document.getElementById("chat"), text = document.getElementById("text")
let shown = 0
const post = (what, body) => fetch(at + "/" + what, {method: "POST", body}).then(look)
async function look() {
  const lines = await (await fetch(at + "/lines?from=" + shown)).json()
  for (const line of lines) {
    const item = document.createElement("li")
    item.className = line.by
    item.textContent = line.text
    if (line.voice) {
      const sound = document.createElement("audio")
      sound.controls = true; sound.src = line.voice; item.append(sound)
    }
    list.append(item); item.scrollIntoView(); shown++
  }
}
document.getElementById("say").onsubmit = event => {
  event.preventDefault(); post("say", text.value); text.value = ""
}
for (const button of document.querySelectorAll("[data-do]")) button.onclick = () => post(button.dataset.do, "")
document.getElementById("sound").onchange = event => post("voice", event.target.files[0])
setInterval(look, 700)
</script>
</html>
"""


async def page(emulator: "Emulator", request: Request) -> Response:
    """Answer for the page: `/` makes somebody new, `/chat/<id>` shows their chat."""
    if request.url.path == "/":
        return RedirectResponse(PREFIX + emulator.person("Người thử").id, HTTPStatus.SEE_OTHER)
    name, _, what = request.url.path.removeprefix(PREFIX).partition("/")
    chat = emulator.chats.get(name)
    if chat is None:
        return Response(status_code=404)
    if request.method == "POST":
        return Response(status_code=204 if await _done(emulator, chat, what, request) else 404)
    if what == "lines":
        start = request.query_params.get("from", "0")
        return JSONResponse([_line(each) for each in chat.shown[int(start) if start.isdecimal() else 0 :]])
    return HTMLResponse(PAGE)


async def _done(emulator: "Emulator", chat: "Chat", what: str, request: Request) -> bool:
    body = await request.body()
    if what == "say" and body.strip():
        text = body.decode(errors="replace")
        chat.shown.append({"method": "", "text": text})
        emulator.says(chat, text)
    elif what == "voice" and 0 < len(body) <= MOST_SOUND:
        chat.shown.append({"method": "", "text": "(tiếng nói)"})
        emulator.speaks(chat, body)
    elif what in _OTHERS:
        told, act = _OTHERS[what]
        chat.shown.append({"method": "", "text": told})
        act(emulator, chat)
    else:
        return False
    return True


def _photo(emulator: "Emulator", chat: "Chat") -> None:
    emulator.shows(chat, "https://photo-stal-9.zdn.vn/no/jpg/a.jpg")


def _sticker(emulator: "Emulator", chat: "Chat") -> None:
    emulator.sticks(chat)


def _hidden(emulator: "Emulator", chat: "Chat") -> None:
    emulator.unsupported(chat)


_OTHERS = {
    "photo": ("(ảnh)", _photo),
    "sticker": ("(nhãn dán)", _sticker),
    "hidden": ("(tin mà Zalo giữ lại)", _hidden),
}


def _line(sent: Json) -> Json:
    by = "bot" if sent["method"] else "me"
    text = sent.get("text") or sent.get("caption") or {"sendSticker": "(nhãn dán)"}.get(sent["method"], "")
    return {"by": by, "text": text, "voice": sent.get("voice_url", "")}
