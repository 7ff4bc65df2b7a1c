"""What is disputed or unknown of Zalo's Bot Platform, each as a switch, and faults that may be ordered."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class Switches:
    """How the emulator behaves where reports differ; the defaults are what most of them say."""

    idle_http_status: Literal[200, 408] = 200  # of a getUpdates that found nothing
    error_http_status: Literal["mirror", "200"] = "mirror"  # mirror: the error's code is the status too
    queue: Literal["consume", "replay"] = "consume"  # whether a read update is gone, or comes with every poll
    webhook_body: Literal["flat", "wrapped", "wrapped-code"] = "flat"
    photo_key: Literal["photo_url", "photo"] = "photo_url"
    webhook_info_empty: Literal["404", "empty-url"] = "404"
    error_key: Literal["error_code", "errorCode"] = "error_code"
    code_as_text: bool = False  # "401" for 401
    unknown_method: Literal[400, 404] = 404
    http_on_loopback: bool = True  # whether setWebhook takes http://127.0.0.1
    verifies: bool = True  # whether setWebhook posts once to the address
    empty_probe: bool = False  # whether an empty body without a type comes first
    retries: tuple[float, ...] = ()  # seconds after which a delivery that got no 2xx comes again
    deliveries: int = 1  # of each update; 2: all come twice
    redirects: bool = False  # never followed; kept to say so
    unsupported_without_message: bool = False
    test_webhook_cap: int = 5  # calls of testWebhook a day
    monthly_messages: int = 0  # sends in a month before 429; 0: none
    webhook_seconds: float = 5.0  # that an endpoint may take
    gone_code: int = 400  # of a send to someone who is gone


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of a method ("": of any).

    `what` is a status and error code, or: `lost` (done, but the answer never comes), `silent` (not done, no answer),
    `html` (a proxy's page with 502), `cut` (the line is cut before anything is read).
    """

    what: Literal["lost", "silent", "html", "cut"] | int
    method: str = ""
    times: int = 1
    words: str = "Injected"
    seen: int = field(default=0, init=False)
