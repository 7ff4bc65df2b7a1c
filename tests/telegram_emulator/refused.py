"""How the server says no."""

from typing import Any

Json = dict[str, Any]
REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Refused(Exception):
    """A call the server refuses, in Telegram's words. A `fault` is one that a correct bot never makes."""

    def __init__(self, code: int, words: str = "", *, retry_after: int = 0, fault: bool = False) -> None:
        reason = REASONS.get(code, "")
        self.code = code
        self.retry_after = retry_after
        self.fault = fault
        self.description = f"{reason}: {words}" if words else reason
        if code == 429:
            self.description = f"Too Many Requests: retry after {retry_after}"
        super().__init__(self.description)

    def json(self) -> Json:
        """Return the answer's body."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad(words: str) -> Refused:
    """Return the refusal of what a correct bot never sends: too long, ill-formed, unknown."""
    return Refused(400, words, fault=True)


def unlucky(words: str) -> Refused:
    """Return the refusal of what was right when the bot set out: a message deleted meanwhile, a late answer."""
    return Refused(400, words)
