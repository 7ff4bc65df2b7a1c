"""config.yaml and the environment -> one frozen Config, or every problem with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.core.problem import Problem
from bot.core.yaml_file import FileModel, check, parse

EMBEDDED = "embedded"
ENVIRONMENT = "environment"  # stands for the path in problems with a variable
MAX_PORT = 65535


class WebSettings(FileModel):
    """The web page."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=MAX_PORT)] = 8080
    https: bool = False


class StoreSettings(FileModel):
    """Where progress is kept."""

    url: Annotated[str, Field(min_length=1)] = EMBEDDED


class ConfigFile(FileModel):
    """What config.yaml may hold."""

    lessons: Annotated[str, Field(min_length=1)] = "lessons"
    data: Annotated[str, Field(min_length=1)] = "var"
    language: Literal["vi", "en"] = "vi"
    web: WebSettings = WebSettings()
    store: StoreSettings = StoreSettings()


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, with paths made absolute."""

    lessons: Path
    data: Path
    language: str
    host: str
    port: int
    https: bool
    store: str  # a URL, or `embedded`


def read_config(path: Path, environment: Mapping[str, str]) -> Config | list[Problem]:
    """Read the settings; a file that isn't there means the defaults, seen from its folder."""
    file: ConfigFile | list[Problem] = ConfigFile()
    if path.exists():
        try:
            source = parse(path.read_text(encoding="utf-8-sig"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            return [Problem(str(path), 1, 1, f"it can't be read ({error})", "save it as readable UTF-8 text")]
        file = source if isinstance(source, list) else check(ConfigFile, source)
    problems = list(file) if isinstance(file, list) else []
    port = environment.get("PORT", "")
    if port and not (port.isdecimal() and 1 <= int(port) <= MAX_PORT):
        what = f"variable 'PORT' is {port!r}"
        problems.append(Problem(ENVIRONMENT, 1, 1, what, f"it should be a number from 1 to {MAX_PORT}"))
    if problems or isinstance(file, list):
        return problems
    home = path.resolve().parent
    return Config(
        lessons=home / file.lessons,
        data=home / file.data,
        language=file.language,
        host=environment.get("HOST") or file.web.host,
        port=int(port) if port else file.web.port,
        https=file.web.https,
        store=environment.get("REDIS_URL") or file.store.url,
    )


def find_config(given: Path | None) -> Path:
    """Return the config file to read: the given one, else the one in this folder, else the program's own."""
    here = Path("config.yaml")
    return given or (here if here.exists() else Path(__file__).parent.parent / "config.yaml")
