"""Reading a database's URL, without any database library. No sentence and no `repr()` from here shows a password."""

from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

SQLITE = "sqlite"
FILE = "records.sqlite"
FORMS = (
    "A database's URL is postgresql://name:password@host:port/database (postgres:// is the same; name, password, "
    "port and database may be left out; /, @, :, # and % in a password are percent-encoded), or `sqlite`."
)
_SCHEMES = {"postgres", "postgresql"}
_MOST_PORT = 65535


class DatabaseUrl(msgspec.Struct, frozen=True):
    """Where records are kept: a file, or a PostgreSQL server."""

    kind: Literal["sqlite", "postgresql"]
    place: str  # for people: the file, or host, port and database
    path: Path | None = None
    dsn: str = ""  # for PostgreSQL's library; may hold a password
    secrets: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.place

    def __repr__(self) -> str:
        return f"<DatabaseUrl {self.kind} {self.place}>"

    def strike(self, text: str) -> str:
        """Take the password out of a text."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def read_database_url(url: str, folder: Path) -> DatabaseUrl:
    """Read it; `sqlite` is a file in `folder`. Raises ValueError with a sentence."""
    url = url.strip()
    if url == SQLITE:
        path = folder / FILE
        return DatabaseUrl("sqlite", str(path), path)
    if "#" in url:
        raise ValueError(f"The database's URL has a # in it. {FORMS}")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its words quote pieces of the URL, and so of a password
        raise ValueError(f"The database's URL names a host or a port that can't be. {FORMS}") from None
    if parts.scheme not in _SCHEMES:
        raise ValueError(f"The database's URL begins with no scheme known here. {FORMS}")
    if port is not None and not 0 < port <= _MOST_PORT:
        raise ValueError(f"The database's URL names a host or a port that can't be. {FORMS}")
    database = unquote(parts.path.strip("/"))
    place = f"{parts.netloc.rpartition('@')[2] or 'this machine'}{f'/{database}' if database else ''}"
    password = parts.password or ""
    secrets = tuple(dict.fromkeys(each for each in (password, unquote(password)) if each))
    return DatabaseUrl("postgresql", place, None, url, secrets)
