"""The errors of the OpenAPI. They come with status 200; texts are as Zalo returns them, misspellings too."""

from typing import Any

Json = dict[str, Any]

MESSAGES = {
    -32: "Your application reached limit call api",
    -100: "attachment_id was expired",
    -200: "Send message failed",
    -201: "{what} is invalid!",
    -209: "Not supported this api",
    -210: "over parameter limit",
    -211: "Out of quota",
    -213: "User has not followed OA",
    -216: "Access token is invalid",
    -220: "access_token is expired or removed",
    -221: "OA needs verification",
    -223: "OA has not authorized this API",
    -224: "OA needs to upgrade to a higher tier",
    -227: "User is banned or inactive for more than 45 days",
    -230: "User has not interacted with the OA in the past 7 days",
    -232: "User interaction has expired",
    -233: "message type is invalid or not support",
    -240: "MessageV2 API has been shut down",
}


class Refused(Exception):
    """The OpenAPI says no."""

    def __init__(self, code: int, what: str = "") -> None:
        self.code = code
        super().__init__(MESSAGES.get(code, what or "error").format(what=what))

    def json(self) -> Json:
        return {"error": self.code, "message": str(self)}


def units(text: str) -> int:
    """UTF-16 code units, counted without the project's help."""
    return sum(2 if ord(letter) > 0xFFFF else 1 for letter in text)
