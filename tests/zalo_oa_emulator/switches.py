"""What sources disagree on, or nobody knows, of Zalo's side."""

from dataclasses import dataclass
from typing import Literal


@dataclass
class Switches:
    """Set before or during a test."""

    used_refresh: int = -14014  # code for a refresh token that was used before: unknown
    signing: Literal["webhook", "app"] = "webhook"  # which secret signs deliveries
    timestamp: Literal["body", "header"] = "body"  # of which timestamp the signature is made
    oa_id_first: bool = False  # the Official Account's id is signed instead of the app's
    buttons: Literal["plain", "template", "refused", "unsupported"] = "plain"  # the envelope that is taken
    retries_on_status: bool = True  # an answer other than 200 is tried again, as no answer is
    numbers_as_numbers: bool = False  # ids and timestamps of deliveries aren't strings
    hidden_taps: bool = True  # a press of oa.query.hide is delivered
    echoes: bool = True  # what we send comes back as oa_send_*
    receipts: bool = True  # user_received_message and user_seen_message
    calls_a_minute: int = 4000
    uploads_a_month: int = 5000
    needs_tier: bool = False  # the Official Account's tier is too low for messages
    verified: bool = True
    linked: bool = True  # the app has the Official Account's permission
    closed_code: int = -230  # or -232
