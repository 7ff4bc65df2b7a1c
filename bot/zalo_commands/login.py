"""`hocso zalo login`: from an app's id and secret to the first pair of tokens, kept in the store."""

import asyncio
import getpass
import sys
import time

import typer

from bot.app import stored
from bot.channels import Refused, TryLater, Unreachable
from bot.channels.zalo_oa.client import Client, Unsure
from bot.channels.zalo_oa.login import challenge_of, code_of, granted, permission, told, verifier_of
from bot.channels.zalo_oa.tokens import install, pair_of
from bot.config import Config, ZaloOAConfig
from bot.console import fail
from bot.core.saving import StoreDown
from bot.official_account import client_of
from bot.stores.notes import RedisNotes
from bot.webhooks import ZALO_OA_LOGIN

_SAID = {
    "vi": {
        "off": "Chưa có ứng dụng Zalo: đặt biến ZALO_OA_APP_ID và ZALO_OA_APP_SECRET trước (docs/zalo-oa.md).",
        "no address": "Chưa biết trang gọi lại: đặt biến PUBLIC_URL, hoặc thêm --redirect https://...",
        "console": "1. Trên developers.zalo.me, mở ứng dụng {app}, phần Official Account, lưu hai dòng này:\n"
        "   Callback URL:   {redirect}\n   Code challenge: {challenge}",
        "open": "2. Mở địa chỉ này bằng trình duyệt, chọn Official Account rồi bấm cho phép:\n   {address}",
        "paste": "3. Dán cả địa chỉ mà trình duyệt hiện sau đó (có code=...)",
        "refresh": "Dán refresh token lấy từ API Explorer (không hiện ra màn hình)",
        "kept": "Đã lưu. Mã truy cập dùng được {hours} giờ, chương trình tự đổi mã mới.",
        "who": "Official Account: {name}.",
        "unsure": "Zalo không trả lời ({why}). Mã vừa dán có thể đã dùng mất rồi: chạy lại lệnh này và lấy mã mới.",
        "later": "Chưa hỏi được Zalo ({why}). Mã vừa dán vẫn còn dùng được trong 10 phút: chạy lại lệnh này.",
        "refused": "Zalo không nhận mã này ({why}). Chạy lại lệnh để lấy mã mới: mã chỉ dùng một lần, trong 10 phút.",
        "store": "Chưa lưu được ({why}). Chạy lại lệnh này khi kho lưu đã chạy, và lấy mã mới.",
        "not yet": "Mã đã lưu, nhưng Official Account chưa dùng được: {why}.",
    },
    "en": {
        "off": "There is no app of Zalo's yet: set ZALO_OA_APP_ID and ZALO_OA_APP_SECRET first (docs/zalo-oa.md).",
        "no address": "The callback is not known: set PUBLIC_URL, or add --redirect https://...",
        "console": "1. At developers.zalo.me open the app {app}, Official Account, and save these two:\n"
        "   Callback URL:   {redirect}\n   Code challenge: {challenge}",
        "open": "2. Open this address in a browser, choose the Official Account and agree:\n   {address}",
        "paste": "3. Paste the whole address that the browser then shows (it has code=...)",
        "refresh": "Paste the refresh token of the API Explorer (it is not shown)",
        "kept": "Kept. The access token lives {hours} hours; the program renews it by itself.",
        "who": "Official Account: {name}.",
        "unsure": "Zalo gave no answer ({why}). The code may be used up: run this command again and get a new one.",
        "later": "Zalo could not be asked ({why}). The code is still good for 10 minutes: run this command again.",
        "refused": "Zalo doesn't take it ({why}). Run this command again for a new one; it works once, for 10 minutes.",
        "store": "It could not be kept ({why}). Run this command again when the store is up, and get a new code.",
        "not yet": "The tokens are kept, but the Official Account can't be used yet: {why}.",
    },
}


def log_in(chosen: Config, redirect: str, lang: str, *, refresh_token: bool) -> None:
    """Ask for a code (or a refresh token), exchange it, keep the pair, and say who the Official Account is.

    Ends with 1 and one sentence where that can't be done.
    """
    says = _SAID[lang]
    oa = chosen.zalo_oa
    if oa is None:
        fail(says["off"])
    if refresh_token:
        form = {"grant_type": "refresh_token", "refresh_token": _hidden(says["refresh"])}
    else:
        redirect = redirect or (oa.public and oa.public + ZALO_OA_LOGIN)
        if not redirect:
            fail(says["no address"])
        form = _asked(oa, redirect, says)
    asyncio.run(_exchange(chosen, oa, form, says))


def _asked(oa: ZaloOAConfig, redirect: str, says: dict[str, str]) -> dict[str, str]:
    """Lead an operator to the code; returns what to ask for with it."""
    verifier = oa.verifier or verifier_of(oa.app_secret)
    challenge = challenge_of(verifier)
    typer.echo(says["console"].format(app=oa.app_id, redirect=redirect, challenge=challenge))
    typer.echo(says["open"].format(address=permission(oa.oauth, oa.app_id, redirect, challenge)))
    pasted = typer.prompt(says["paste"], default="", show_default=False)
    try:
        return granted(code_of(pasted), verifier)
    except ValueError as error:
        fail(error)


def _hidden(words: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"{words}: ").strip()
    return sys.stdin.readline().strip()


async def _exchange(config: Config, oa: ZaloOAConfig, form: dict[str, str], says: dict[str, str]) -> None:
    client = client_of(oa)
    try:
        async with stored(config) as store:  # before the code is used: what comes for it must be kept
            try:
                issued = await client.issue(**form)
            except Unsure as error:
                fail(says["unsure"].format(why=error))
            except TryLater as error:
                fail(says["later"].format(why=error))
            except (Refused, Unreachable) as error:
                fail(says["refused"].format(why=error))
            await install(RedisNotes.beside(store), oa.app_id, pair_of(issued, time.time()))
            typer.echo(says["kept"].format(hours=told(issued)))
            await _greet(client, issued.access_token, says)
    except StoreDown as error:
        fail(says["store"].format(why=error))
    finally:
        await client.close()


async def _greet(client: Client, access: str, says: dict[str, str]) -> None:
    try:
        typer.echo(says["who"].format(name=await client.who(access)))
    except (Refused, Unreachable, TryLater) as error:
        fail(says["not yet"].format(why=error))
