"""Zalo's error codes, and what each asks of us. HTTP 200 says nothing: only `error` in the body does.

Texts are our own; what Zalo says goes to the log beside them, since -32 and -223 have two meanings each.
"""

from typing import Literal

Class = Literal[
    "later",  # nothing was done, as it seems; again after the next minute has begun
    "again",  # once more, then never
    "token",  # refresh it once, then once more
    "shape",  # the message is of a form that isn't taken: without buttons it may be
    "gone",  # this person can't be sent anything
    "closed",  # they did nothing for too long: not before they write again
    "operator",  # somebody must do something at Zalo's console; until then nothing works
    "refused",  # never
]

CLASSES: dict[int, tuple[Class, str]] = {
    -32: ("later", "the limit of calls is reached"),
    -100: ("refused", "the uploaded file is no longer kept"),
    -200: ("again", "sending failed"),
    -201: ("shape", "a field is not valid"),
    -204: ("operator", "the Official Account is disabled"),
    -205: ("operator", "there is no such Official Account"),
    -209: ("operator", "the app is not activated"),
    -210: ("refused", "a parameter is over its limit"),
    -211: ("refused", "the quota of messages is used up"),
    -212: ("operator", "the app has not registered this call"),
    -213: ("gone", "the person does not follow the Official Account"),
    -216: ("token", "the access token is not valid"),
    -218: ("refused", "the person's quota of messages is used up"),
    -219: ("operator", "the app was removed"),
    -220: ("token", "the access token has expired or was taken back"),
    -221: ("operator", "the Official Account must be verified"),
    -223: ("operator", "the Official Account has not authorised this app for the call"),
    -224: ("operator", "the Official Account needs a higher tier"),
    -227: ("gone", "the person is banned, or was away for over 45 days"),
    -230: ("closed", "the person did nothing here for 7 days"),
    -232: ("closed", "the person did nothing here for too long"),
    -233: ("shape", "this kind of message is not supported"),
    -234: ("refused", "this kind of message is not sent at night"),  # consultation messages are sent at any hour
    -240: ("refused", "the call is shut down: this program is too old"),
    -244: ("gone", "the person takes no messages of this kind"),
    -248: ("refused", "the message is against Zalo's standards"),
    -320: ("operator", "a Zalo Cloud account must be linked"),
    -321: ("operator", "the Zalo Cloud account has no money left"),
}


def class_of(code: int) -> Class:
    """Return what an error asks of us; of one that isn't known, that it is never tried again."""
    return CLASSES.get(code, ("refused", ""))[0]


def told(code: int, words: str) -> str:
    """Return a sentence's worth on an error, with Zalo's own words."""
    ours = CLASSES.get(code, ("refused", "an error that is not known here"))[1]
    return f"{ours} ({code}: {words[:200]})"
