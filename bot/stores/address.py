"""Reading a store's URL. No sentence and no `repr()` from here shows a password."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import msgspec

FORMS = (
    "A store's URL is one of: redis://name:password@host:port/number, rediss:// the same over TLS, "
    "unix:///path/to/socket, redis+sentinel://host:port,host:port/service, redis+cluster://host:port,host:port "
    "(name, password, port and number may be left out; /, @, :, # and % in a password are percent-encoded)."
)

Kind = Literal["one", "socket", "sentinel", "cluster"]

_SCHEMES: Mapping[str, tuple[Kind, bool]] = MappingProxyType(
    {
        "redis": ("one", False),
        "rediss": ("one", True),
        "unix": ("socket", False),
        "redis+sentinel": ("sentinel", False),
        "rediss+sentinel": ("sentinel", True),
        "redis+cluster": ("cluster", False),
        "rediss+cluster": ("cluster", True),
    }
)
_PORTS = MappingProxyType({"one": 6379, "sentinel": 26379, "cluster": 6379})
_TLS_OPTIONS = frozenset({"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:\s]*)(:(?P<port>[0-9]{1,5}))?")
_MOST_PORT = 65535


class Address(msgspec.Struct, frozen=True, repr_omit_defaults=True):
    """Where a store's server is and how to log in there."""

    kind: Kind
    hosts: tuple[tuple[str, int], ...] = ()  # Sentinels for "sentinel", some of the nodes for "cluster"
    path: str = ""  # of the unix socket
    service: str = ""  # the name that Sentinels know the server by
    database: int = 0
    name: str = ""
    password: str = ""
    sentinel_password: str = ""
    tls: Mapping[str, str] | None = None  # options of redis-py, such as ssl_ca_certs; None: no TLS

    def __str__(self) -> str:
        """Name the place for people, without name or password."""
        if self.kind == "socket":
            return self.path
        places = ", ".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.hosts)
        return f"{self.service} (Sentinel {places})" if self.service else places

    def __repr__(self) -> str:
        return f"<Address {self.kind} {self}>"

    def strike(self, text: str) -> str:
        """Take this address's passwords out of a text."""
        for secret in (self.password, self.sentinel_password):
            text = text.replace(secret, "***") if secret else text
        return text


def read_url(url: str) -> Address:
    """Read a store's URL; raises ValueError with a sentence on what is wrong and what would be right."""
    try:
        return _read(url)
    except _WrongError as wrong:
        # `from None`, and no words of urllib's: those quote pieces of the URL, and so of a password.
        raise ValueError(f"{wrong} {FORMS}") from None


class _WrongError(Exception):
    """What is wrong with the URL."""


def _read(url: str) -> Address:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise _WrongError("The store's URL can't be read.") from None
    if parts.scheme not in _SCHEMES:
        raise _WrongError("The store's URL begins with no scheme known here.")
    if parts.fragment:
        raise _WrongError("The store's URL has a # in it.")
    kind, over_tls = _SCHEMES[parts.scheme]
    login, _, places = parts.netloc.rpartition("@")
    name, _, password = login.partition(":")
    options = _options(parts, kind, over_tls=over_tls)
    hosts: tuple[tuple[str, int], ...] = ()
    if kind == "socket":
        if places or not parts.path.strip("/"):
            raise _WrongError("A socket's URL has three slashes and the whole path: unix:///path/to/socket.")
    else:
        hosts = tuple(_host(place, _PORTS[kind]) for place in places.split(","))
    if kind == "one" and len(hosts) > 1:
        raise _WrongError("The store's URL names several servers, but is for one.")
    service, database = _service_and_database(parts.path, kind, options.pop("db", ""))
    return Address(
        kind=kind,
        hosts=hosts,
        path=unquote(parts.path) if kind == "socket" else "",
        service=service,
        database=database,
        name=unquote(name),
        password=unquote(password),
        sentinel_password=options.pop("sentinel_password", ""),
        tls=options if over_tls else None,
    )


def _options(parts: SplitResult, kind: Kind, *, over_tls: bool) -> dict[str, str]:
    known = set(_TLS_OPTIONS if over_tls else ())
    known |= {"socket": {"db"}, "sentinel": {"sentinel_password"}}.get(kind, set())
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not options.keys() <= known:
        may = f"only {', '.join(sorted(known))}" if known else "none"
        raise _WrongError(f"The store's URL has an option after ? that isn't known; this kind of URL takes {may}.")
    return options


def _host(place: str, default: int) -> tuple[str, int]:
    found = _HOST.fullmatch(place)
    port = int(found["port"] or default) if found else 0
    if not found or not 0 < port <= _MOST_PORT:
        raise _WrongError("The store's URL names a host or a port that can't be.")
    return unquote(found["host"]).strip("[]") or "localhost", port


def _service_and_database(path: str, kind: Kind, option: str) -> tuple[str, int]:
    pieces = [unquote(piece) for piece in path.strip("/").split("/") if piece]
    service = ""
    if kind == "socket":
        pieces = [option] if option else []
    elif kind == "sentinel":
        if not pieces:
            raise _WrongError("A Sentinel's URL ends with the name of the service: redis+sentinel://host:port/service.")
        service = pieces.pop(0)
    elif kind == "cluster" and pieces:
        raise _WrongError("A cluster's URL ends after its hosts: a cluster has no numbered databases.")
    if len(pieces) > 1 or (pieces and not re.fullmatch("[0-9]{1,4}", pieces[0])):
        raise _WrongError("The store's URL ends with something that isn't a database's number.")
    return service, int(pieces[0]) if pieces else 0
