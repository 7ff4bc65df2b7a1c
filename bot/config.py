"""config.yaml and the environment -> one frozen Config, or every problem with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.core.lesson import Items
from bot.core.problem import Problem
from bot.core.ways import Address, BotName, Ways
from bot.core.yaml_file import FileModel, check, parse
from bot.stores.database_url import SQLITE
from bot.webhooks import TELEGRAM, ZALO_BOT

EMBEDDED = "embedded"
TELEGRAM_API = "https://api.telegram.org"
ZALO_BOT_API = "https://bot-api.zaloplatforms.com"
ZALO_OA_API, ZALO_OA_OAUTH = "https://openapi.zalo.me", "https://oauth.zaloapp.com"
ENVIRONMENT = "environment"  # stands for the path in problems with a variable
MAX_PORT = 65535
THANH_HOA = "thanh-hoa"  # the table of communes that comes with the program


class WebSettings(FileModel):
    """The web page."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=MAX_PORT)] = 8080
    https: bool = False
    metrics: Literal["local", "open"] = "local"


class TelegramSettings(FileModel):
    """Telegram; it is on when the environment has a token."""

    mode: Literal["polling", "webhook"] = "polling"


class ZaloOASettings(FileModel):
    """Zalo's Official Account, and what its documentation leaves open; it is on when the environment has an app."""

    buttons: Literal["plain", "template", "numbers"] = "plain"
    taps: Literal["both", "show"] = "both"
    store_away: Literal["hold", "refuse"] = "hold"
    oldest_minutes: Annotated[int, Field(ge=5, le=160)] = 150
    billed: bool = False
    sound_hosts: Items[Annotated[str, Field(min_length=1)]] = ("zdn.vn", "zadn.vn", "dlfl.vn")


class ZaloBotSettings(FileModel):
    """A bot on Zalo, and what Zalo's documentation leaves open; it is on when the environment has a token."""

    mode: Literal["polling", "webhook"] = "polling"
    messages: Annotated[int, Field(ge=0)] = 3000
    users: Annotated[int, Field(ge=0)] = 50
    counts: Literal["sent", "both"] = "sent"
    rests: Items[Annotated[float, Field(gt=0, le=44_640, strict=False)]] = (1, 60, 360)
    text_limit: Annotated[int, Field(ge=400, le=2000)] = 1800
    pace: Annotated[float, Field(ge=0, le=1000, strict=False)] = 5.0
    store_away: Literal["hold", "refuse"] = "hold"
    gone_codes: Items[int] = ()
    voice: bool = True
    voice_hosts: Items[Annotated[str, Field(min_length=1)]] = ("zdn.vn", "zadn.vn", "dlfl.vn")
    other_way: str = ""


class VoiceSettings(FileModel):
    """How replies are spoken."""

    engines: Items[Literal["recorded", "gtts", "piper", "espeak"]] = ("recorded", "gtts", "espeak")
    clips: Annotated[str, Field(min_length=1)] | None = None
    megabytes: Annotated[int, Field(ge=10, le=1_000_000)] = 1000
    kbit: Literal[12, 16, 24] = 12
    pace: Annotated[float, Field(ge=0, le=60, strict=False)] = 1.0
    dialects: Mapping[str, str] = Field(default_factory=dict)
    piper: Mapping[str, str] = Field(default_factory=dict)
    espeak: Mapping[str, str] = Field(default_factory=dict)


class HearingSettings(FileModel):
    """How voice notes are heard."""

    ear: Literal["viet-asr", "sherpa", "none"] = "viet-asr"
    model: str = ""


class StoreSettings(FileModel):
    """Where progress is kept."""

    url: Annotated[str, Field(min_length=1)] = EMBEDDED


class RecordsSettings(FileModel):
    """Where records are kept, and who writes them."""

    url: Annotated[str, Field(min_length=1)] = SQLITE
    written: Literal["beside", "apart"] = "beside"
    months: Annotated[int, Field(ge=12, le=1200)] = 24


class TeamsSettings(FileModel):
    """Where teams may be, and how their posters lead to the bot."""

    places: Annotated[str, Field(min_length=1)] = THANH_HOA
    telegram: BotName = ""
    zalo: Address = ""


class ConfigFile(FileModel):
    """What config.yaml may hold."""

    lessons: Annotated[str, Field(min_length=1)] = "lessons"
    data: Annotated[str, Field(min_length=1)] = "var"
    language: Literal["vi", "en"] = "vi"
    log: Literal["text", "json"] = "text"
    web: WebSettings = WebSettings()
    telegram: TelegramSettings = TelegramSettings()
    zalo_bot: ZaloBotSettings = ZaloBotSettings()
    zalo_oa: ZaloOASettings = ZaloOASettings()
    voice: VoiceSettings = VoiceSettings()
    hearing: HearingSettings = HearingSettings()
    store: StoreSettings = StoreSettings()
    records: RecordsSettings = RecordsSettings()
    teams: TeamsSettings = TeamsSettings()


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """One bot. `url` is where its updates come to; empty for polling."""

    token: str
    base: str
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class ZaloOAConfig:
    """One Official Account. `public` is the address of our own pages; empty: they have none, and clips no links."""

    app_id: str
    app_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    settings: ZaloOASettings
    api: str = ZALO_OA_API
    oauth: str = ZALO_OA_OAUTH
    public: str = ""
    verifier: str = field(default="", repr=False)  # of the console's own PKCE pair; empty: ours


@dataclass(frozen=True, slots=True)
class ZaloBotConfig:
    """One bot on Zalo. `url` is where its updates come to, empty for polling; `public` is our own address."""

    token: str = field(repr=False)
    base: str
    url: str
    secret: str = field(repr=False)
    public: str
    settings: ZaloBotSettings


@dataclass(frozen=True, slots=True)
class VoiceConfig:
    """Voices, the best first, and the shelf of their clips; sizes in bytes, pace in seconds between online requests."""

    engines: tuple[str, ...]
    clips: Path
    size: int
    kbit: int
    pace: float
    dialects: Mapping[str, str]  # language -> language with a dialect
    piper: Mapping[str, Path]  # language or dialect -> model
    espeak: Mapping[str, str]  # language or dialect -> its voice
    ear: str
    ear_model: str


@dataclass(frozen=True, slots=True)
class RecordsConfig:
    """The database of the records."""

    url: str  # may hold a password
    beside: bool  # written by a process that the program starts itself
    months: int  # for which `hocso prune` keeps them


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, with paths made absolute."""

    lessons: Path
    data: Path
    language: str
    log: Literal["text", "json"]
    host: str
    port: int
    https: bool
    metrics_everywhere: bool
    store: str  # a URL, or `embedded`
    records: RecordsConfig
    voice: VoiceConfig
    public: str = ""  # our own address, as people reach it; empty: not known
    places: str = THANH_HOA  # a table of communes by its name, or the path of one's own
    ways: Ways = field(default_factory=Ways)  # that posters show
    telegram: TelegramConfig | None = None
    zalo_bot: ZaloBotConfig | None = None
    zalo_oa: ZaloOAConfig | None = None


def read_config(path: Path, environment: Mapping[str, str]) -> Config | list[Problem]:
    """Read the settings; a file that isn't there means the defaults, seen from its folder."""
    file: ConfigFile | list[Problem] = ConfigFile()
    if path.exists():
        try:
            source = parse(path.read_text(encoding="utf-8-sig"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            return [Problem.of(str(path), 1, 1, "config-unread", why=str(error))]
        file = source if isinstance(source, list) else check(ConfigFile, source)
    problems = list(file) if isinstance(file, list) else []
    port = environment.get("PORT", "")
    if port and not (port.isdecimal() and 1 <= int(port) <= MAX_PORT):
        problems.append(Problem.of(ENVIRONMENT, 1, 1, "bad-port", value=port, limit=MAX_PORT))
    if isinstance(file, list):
        return problems
    telegram = _telegram(file.telegram.mode, environment, problems)
    zalo_bot = _zalo_bot(file.zalo_bot, environment, problems)
    zalo_oa = _zalo_oa(file.zalo_oa, environment, problems)
    if problems:
        return problems
    home = path.resolve().parent
    return Config(
        lessons=home / file.lessons,
        data=home / file.data,
        language=file.language,
        log=file.log,
        host=environment.get("HOST") or file.web.host,
        port=int(port) if port else file.web.port,
        https=file.web.https,
        public=environment.get("PUBLIC_URL", "").rstrip("/"),
        metrics_everywhere=file.web.metrics == "open",
        store=environment.get("REDIS_URL") or file.store.url,
        records=RecordsConfig(
            environment.get("DATABASE_URL") or file.records.url, file.records.written == "beside", file.records.months
        ),
        voice=_voice(file.voice, file.hearing, home, home / file.data),
        places=str(home / file.teams.places) if file.teams.places.endswith(".csv") else file.teams.places,
        ways=Ways(file.teams.telegram, file.teams.zalo, environment.get("PUBLIC_URL", "").rstrip("/")),
        telegram=telegram,
        zalo_bot=zalo_bot,
        zalo_oa=zalo_oa,
    )


def _voice(voice: VoiceSettings, hearing: HearingSettings, home: Path, data: Path) -> VoiceConfig:
    return VoiceConfig(
        engines=voice.engines,
        clips=home / voice.clips if voice.clips else data / "clips",
        size=voice.megabytes * 1_000_000,
        kbit=voice.kbit,
        pace=voice.pace,
        dialects=voice.dialects,
        piper={lang: home / model for lang, model in voice.piper.items()},
        espeak=voice.espeak,
        ear=hearing.ear,
        ear_model=hearing.model and str(home / hearing.model),
    )


def _telegram(mode: str, environment: Mapping[str, str], problems: list[Problem]) -> TelegramConfig | None:
    token, secret = environment.get("TELEGRAM_BOT_TOKEN", ""), environment.get("TELEGRAM_WEBHOOK_SECRET", "")
    public = environment.get("PUBLIC_URL", "").rstrip("/")
    if not token:
        return None

    def wrong(code: str, **fields: str) -> None:
        problems.append(Problem.of(ENVIRONMENT, 1, 1, code, **fields))

    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
        wrong("bad-bot-token")
    base = environment.get("TELEGRAM_API_BASE", "").rstrip("/") or TELEGRAM_API
    if not re.match(r"https?://[^/]", base):
        wrong("bad-api-address", value=base, example=TELEGRAM_API)
    if mode == "webhook" and not public.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        wrong("bad-public-address", value=public)
    if mode == "webhook" and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        wrong("bad-webhook-secret")
    return TelegramConfig(token, base, f"{public}{TELEGRAM}" if mode == "webhook" else "", secret)


def _zalo_oa(settings: ZaloOASettings, environment: Mapping[str, str], problems: list[Problem]) -> ZaloOAConfig | None:
    app_id, app_secret, webhook_secret, verifier = (
        environment.get(f"ZALO_OA_{name}", "").strip()
        for name in ("APP_ID", "APP_SECRET", "WEBHOOK_SECRET", "CODE_VERIFIER")
    )
    if not app_id:
        return None

    def wrong(code: str, **fields: str) -> None:
        problems.append(Problem.of(ENVIRONMENT, 1, 1, code, **fields))

    if not app_id.isdecimal():
        wrong("oa-bad-app", value=app_id)
    if not app_secret:
        wrong("oa-no-secret")
    if verifier and not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier):
        wrong("oa-bad-verifier")
    bases = []
    for name, usual in (("ZALO_OA_API_BASE", ZALO_OA_API), ("ZALO_OA_OAUTH_BASE", ZALO_OA_OAUTH)):
        bases.append(environment.get(name, "").rstrip("/") or usual)
        if not re.match(r"https?://[^/]", bases[-1]):
            wrong("oa-bad-address", name=name, value=bases[-1], example=usual)
    public = environment.get("PUBLIC_URL", "").rstrip("/")
    if public and not public.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        wrong("bad-public-address", value=public)
    return ZaloOAConfig(app_id, app_secret, webhook_secret, settings, bases[0], bases[1], public, verifier)


def _zalo_bot(
    settings: ZaloBotSettings, environment: Mapping[str, str], problems: list[Problem]
) -> ZaloBotConfig | None:
    token, secret = environment.get("ZALO_BOT_TOKEN", ""), environment.get("ZALO_BOT_WEBHOOK_SECRET", "")
    public = environment.get("PUBLIC_URL", "").rstrip("/")
    if not token:
        return None

    def wrong(code: str, **fields: str) -> None:
        problems.append(Problem.of(ENVIRONMENT, 1, 1, code, **fields))

    if not re.fullmatch(r"\d+:[A-Za-z0-9_.~-]+", token):
        wrong("zalo-bad-bot-token")
    base = environment.get("ZALO_BOT_API_BASE", "").rstrip("/") or ZALO_BOT_API
    if not re.match(r"https?://[^/]", base):
        wrong("zalo-bad-bot-address", value=base, example=ZALO_BOT_API)
    by_webhook = settings.mode == "webhook"
    if (by_webhook or public) and not public.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        wrong("bad-public-address", value=public)
    if by_webhook and not re.fullmatch(r"[A-Za-z0-9_-]{8,256}", secret):
        wrong("zalo-bad-bot-secret")
    url = f"{public}{ZALO_BOT}" if by_webhook else ""
    return ZaloBotConfig(token, base, url, secret, public, settings)


def find_config(given: Path | None) -> Path:
    """Return the config file to read: the given one, else the one in this folder, else the program's own."""
    here = Path("config.yaml")
    return given or (here if here.exists() else Path(__file__).parent.parent / "config.yaml")
