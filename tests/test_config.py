from pathlib import Path

import pytest
from small import REPO

from bot.config import (
    Config,
    ConfigFile,
    HearingSettings,
    RecordsConfig,
    RecordsSettings,
    StoreSettings,
    TeamsSettings,
    TelegramConfig,
    TelegramSettings,
    VoiceSettings,
    WebSettings,
    ZaloBotConfig,
    ZaloBotSettings,
    ZaloOAConfig,
    ZaloOASettings,
    read_config,
)
from bot.logs import secrets_of

TOKEN = {"TELEGRAM_BOT_TOKEN": "1:abc"}
WEBHOOK = "telegram: {mode: webhook}\n"


def problems(tmp_path: Path, text: str, **environment: str) -> list[str]:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    found = read_config(file, environment)
    assert isinstance(found, list)
    return [str(problem).replace(f"{tmp_path}/", "") for problem in found]


def test_three_mistakes_are_all_named_with_file_and_key(tmp_path: Path) -> None:
    text = "lesons: lessons\nlanguage: fr\nweb:\n  port: eighty\n"
    assert problems(tmp_path, text) == [
        "config.yaml:1:1: error unknown-key: unknown key 'lesons'; did you mean 'lessons'?",
        "config.yaml:2:1: error not-allowed: 'language' is 'fr'; it should be 'vi' or 'en'",
        "config.yaml:4:3: error wrong-type: 'port' is the text 'eighty'; it should be a whole number",
    ]


def test_a_bad_variable_is_named_beside_the_file_s_mistakes(tmp_path: Path) -> None:
    assert problems(tmp_path, "web: {port: 99999}\n", PORT="80a") == [
        "config.yaml:1:7: error out-of-range: 'port' is 99999; at most 65535 would be right",
        "environment:1:1: error bad-port: variable 'PORT' is '80a'; it should be a number from 1 to 65535",
    ]


def test_a_way_that_posters_cannot_show_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "teams:\n  telegram: t.me/hoc_so_bot\n  zalo: zalo.me/1\n") == [
        (
            "config.yaml:2:3: error bad-bot-name: 't.me/hoc_so_bot' is no name of a Telegram bot; "
            "write it as in its link, such as hoc_so_bot"
        ),
        (
            "config.yaml:3:3: error bad-zalo-link: 'zalo.me/1' can't be printed; "
            "write an address like https://zalo.me/1234567890, 60 signs at most"
        ),
    ]


def test_what_is_no_yaml_is_said(tmp_path: Path) -> None:
    assert problems(tmp_path, "web: [1\n")[0].startswith(
        "config.yaml:1:6: error open-bracket: what begins with this '[' can't be read;"
    )


def test_the_environment_goes_first_and_paths_are_seen_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("data: kept\nweb: {port: 9000, https: true}\n", encoding="utf-8")
    environment = {"PORT": "9001", "HOST": "0.0.0.0", "REDIS_URL": "redis://r:1/0"}  # noqa: S104  a test value
    found = read_config(file, environment)
    assert isinstance(found, Config)
    assert found == Config(
        lessons=tmp_path / "lessons",
        data=tmp_path / "kept",
        language="vi",
        log="text",
        host="0.0.0.0",  # noqa: S104
        port=9001,
        https=True,
        metrics_everywhere=False,
        store="redis://r:1/0",
        records=RecordsConfig("sqlite", beside=True, months=24),
        voice=found.voice,
    )


def test_records_are_kept_where_the_settings_or_the_environment_say(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("records: {url: 'postgresql://db/hocso', written: apart, months: 13}\n", encoding="utf-8")
    found = read_config(file, {})
    assert isinstance(found, Config)
    assert found.records == RecordsConfig("postgresql://db/hocso", beside=False, months=13)
    found = read_config(file, {"DATABASE_URL": "postgres://an:secret@db/hocso"})
    assert isinstance(found, Config)
    assert found.records.url == "postgres://an:secret@db/hocso"
    assert problems(tmp_path, "records: {written: never}\n")[0].startswith("config.yaml:1:")


@pytest.mark.parametrize(("setting", "everywhere"), [("", False), ("metrics: local", False), ("metrics: open", True)])
def test_who_may_read_the_figures(tmp_path: Path, setting: str, everywhere: bool) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"web: {{{setting}}}\n", encoding="utf-8")
    found = read_config(file, {})
    assert isinstance(found, Config)
    assert found.metrics_everywhere is everywhere


def test_nobody_else_may_read_the_figures_by_mistake(tmp_path: Path) -> None:
    assert problems(tmp_path, "web:\n  metrics: all\n") == [
        "config.yaml:2:3: error not-allowed: 'metrics' is 'all'; it should be 'local' or 'open'"
    ]


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    found = read_config(tmp_path / "config.yaml", {})
    assert isinstance(found, Config)
    assert (found.port, found.host, found.store, found.language) == (8080, "127.0.0.1", "embedded", "vi")


def test_the_shipped_file_holds_every_setting_with_its_default_and_a_comment(tmp_path: Path) -> None:
    shipped = (REPO / "config.yaml").read_text(encoding="utf-8")
    copy = tmp_path / "config.yaml"
    copy.write_text(shipped, encoding="utf-8")
    assert read_config(copy, {}) == read_config(tmp_path / "none.yaml", {})
    lines = [line.strip() for line in shipped.splitlines()]
    models = (
        *(ConfigFile, WebSettings, TelegramSettings, ZaloBotSettings, ZaloOASettings, VoiceSettings),
        *(HearingSettings, StoreSettings, RecordsSettings, TeamsSettings),
    )
    for model in models:
        for name in model.model_fields:
            keys = (f"{name}:", f"# {name}:")
            at = next(number for number, line in enumerate(lines) if line.startswith(keys))
            if name not in {"web", "telegram", "zalo_bot", "zalo_oa", "voice", "hearing", "store", "records", "teams"}:
                assert lines[at - 1].startswith("# "), f"{name} has no comment"


def test_telegram_is_on_with_a_token(tmp_path: Path) -> None:
    found = read_config(tmp_path / "config.yaml", TOKEN)
    assert isinstance(found, Config)
    assert found.telegram == TelegramConfig("1:abc", "https://api.telegram.org", "", "")


def test_a_webhook_wants_an_address_and_a_secret(tmp_path: Path) -> None:
    bad = {"TELEGRAM_BOT_TOKEN": "abc", "PUBLIC_URL": "hocso.vn"}
    assert [told.partition(": variable ")[2] for told in problems(tmp_path, WEBHOOK, **bad)] == [
        "'TELEGRAM_BOT_TOKEN' is no bot token; copy it from @BotFather: digits, a colon, letters",
        "'PUBLIC_URL' is 'hocso.vn'; a webhook needs an address like https://hocso.example.vn",
        "'TELEGRAM_WEBHOOK_SECRET' is missing or has other signs; 1 to 256 letters, digits, _ or -",
    ]
    good = {"TELEGRAM_BOT_TOKEN": "1:abc", "PUBLIC_URL": "https://hocso.vn/", "TELEGRAM_WEBHOOK_SECRET": "s-1"}
    found = read_config(tmp_path / "config.yaml", good)
    assert isinstance(found, Config)
    url = "https://hocso.vn/telegram/webhook"
    assert found.telegram == TelegramConfig("1:abc", "https://api.telegram.org", url, "s-1")


OA = {"ZALO_OA_APP_ID": "44", "ZALO_OA_APP_SECRET": "s-1"}


def test_an_official_account_is_on_with_an_app(tmp_path: Path) -> None:
    found = read_config(tmp_path / "config.yaml", {**OA, "PUBLIC_URL": "https://hocso.vn/"})
    assert isinstance(found, Config)
    assert found.zalo_oa == ZaloOAConfig("44", "s-1", "", ZaloOASettings(), public="https://hocso.vn")
    assert (found.zalo_oa.api, found.zalo_oa.oauth) == ("https://openapi.zalo.me", "https://oauth.zaloapp.com")
    assert "s-1" not in repr(found)


def test_what_is_wrong_with_its_variables_is_said_at_once(tmp_path: Path) -> None:
    bad = {"ZALO_OA_APP_ID": "app", "ZALO_OA_API_BASE": "zalo", "ZALO_OA_CODE_VERIFIER": "short", "PUBLIC_URL": "x"}
    assert [told.partition(": variable ")[2] for told in problems(tmp_path, "language: vi\n", **bad)] == [
        "'ZALO_OA_APP_ID' is 'app'; copy the app's id from developers.zalo.me: digits only",
        "'ZALO_OA_APP_SECRET' is missing; copy the app's secret key from developers.zalo.me",
        "'ZALO_OA_CODE_VERIFIER' is no code verifier; 43 to 128 letters, digits, -, ., _ or ~",
        "'ZALO_OA_API_BASE' is 'zalo'; it should be an address like https://openapi.zalo.me",
        "'PUBLIC_URL' is 'x'; a webhook needs an address like https://hocso.example.vn",
    ]


def test_a_setting_of_it_that_is_none_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "zalo_oa: {buttons: many}\n") == [
        "config.yaml:1:11: error not-allowed: 'buttons' is 'many'; it should be 'plain', 'template' or 'numbers'"
    ]


def test_passwords_are_known_to_the_log() -> None:
    assert secrets_of("redis://me:p%40ss@h:1/0", "redis://h", "embedded") == ("p%40ss", "p@ss")


def test_voices_and_their_shelf_are_seen_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    voices = "engines: [espeak], kbit: 16, megabytes: 50, pace: 2, piper: {en: m/joe.onnx}"
    text = f"data: kept\nvoice: {{{voices}}}\nhearing: {{ear: none}}\n"
    file.write_text(text, encoding="utf-8")
    found = read_config(file, {})
    assert isinstance(found, Config)
    voice = found.voice
    assert (voice.engines, voice.kbit, voice.size, voice.pace, voice.ear) == (("espeak",), 16, 50_000_000, 2.0, "none")
    assert (voice.clips, dict(voice.piper)) == (tmp_path / "kept/clips", {"en": tmp_path / "m/joe.onnx"})


def test_a_wrong_voice_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "voice: {kbit: 13}\n") == [
        "config.yaml:1:9: error not-allowed: 'kbit' is 13; it should be 12, 16 or 24"
    ]


def test_a_bot_on_zalo_wants_a_token_an_address_and_a_secret(tmp_path: Path) -> None:
    bad = {"ZALO_BOT_TOKEN": "abc", "ZALO_BOT_API_BASE": "zalo", "ZALO_BOT_WEBHOOK_SECRET": "short"}
    assert [told.partition(": variable ")[2] for told in problems(tmp_path, "zalo_bot: {mode: webhook}\n", **bad)] == [
        "'ZALO_BOT_TOKEN' is no bot token; copy it from Zalo Bot Creator: digits, a colon, letters",
        "'ZALO_BOT_API_BASE' is 'zalo'; it should be an address like https://bot-api.zaloplatforms.com",
        "'PUBLIC_URL' is ''; a webhook needs an address like https://hocso.example.vn",
        "'ZALO_BOT_WEBHOOK_SECRET' is missing or has other signs; 8 to 256 letters, digits, _ or -",
    ]
    good = {"ZALO_BOT_TOKEN": "1:abc", "PUBLIC_URL": "https://hocso.vn/", "ZALO_BOT_WEBHOOK_SECRET": "secret-1"}
    found = read_config(tmp_path / "config.yaml", good)
    assert isinstance(found, Config)
    settings = ZaloBotSettings(mode="webhook")
    url, base = "https://hocso.vn/zalo/bot/webhook", "https://bot-api.zaloplatforms.com"
    assert found.zalo_bot == ZaloBotConfig("1:abc", base, url, "secret-1", "https://hocso.vn", settings)
    assert "1:abc" not in repr(found)
    assert "secret-1" not in repr(found)


def test_a_bot_on_zalo_is_polled_for_without_an_address(tmp_path: Path) -> None:
    found = read_config(tmp_path / "config.yaml", {"ZALO_BOT_TOKEN": "1:abc"})
    assert isinstance(found, Config)
    assert found.zalo_bot
    assert (found.zalo_bot.url, found.zalo_bot.public) == ("", "")
