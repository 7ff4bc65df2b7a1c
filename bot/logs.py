"""Log lines for the operator: to stderr, with the secrets of this program struck out."""

import sys
from collections.abc import Iterable
from typing import Literal
from urllib.parse import unquote, urlsplit

import structlog

STRUCK = "***"


def secrets_of(*urls: str) -> tuple[str, ...]:
    """Return the passwords in these URLs, as they stand there and as they are meant."""
    found = [password for url in urls if (password := urlsplit(url).password)]
    return tuple(dict.fromkeys(each for password in found for each in (password, unquote(password))))


def set_up(secrets: Iterable[str], form: Literal["text", "json"] = "text") -> None:
    """Write log lines to stderr: as text, coloured on a terminal, or as one JSON object a line."""
    hidden = tuple(secrets)

    def strike(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        for key, value in event.items():
            text = str(value)
            if any(secret in text for secret in hidden):
                for secret in hidden:
                    text = text.replace(secret, STRUCK)
                event[key] = text
        return event

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            strike,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if form == "json"
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
