"""Codes to join a team by: two Vietnamese words and two digits, `sen-vang-27`, said *sen vàng hai bảy*.

Digits alone would be taken for a secret (`privacy`), letters alone are hard to say. Each code is a number
below 65,536 too, which takes three bytes of a learner's progress. The words are written without marks, differ
from one another by two letters or more, and mean nothing that anybody would mind on a wall.
"""

from collections.abc import Container
from hashlib import sha256

from bot.core.fold import fold

# Numbers are made of the words' places: add at the ends alone, up to 32 and 20, and take none out.
FIRST_WORDS = tuple(
    "sen mai cam chanh tre xoan voi hoa lua lan nhan hue cuc phuong bien song nui thong lieu truc quyt mit sao".split()  # noqa: SIM905  so that they can be read
)
SECOND_WORDS = ("xanh", "vang", "tim", "trang", "cao", "vui", "ngon", "moi", "dep", "tuoi", "thom", "hien", "khoe")
_SECONDS = 20  # places for second words
_LEAST, _MOST = 10, 99  # no zero at the head, which some would leave out
HOW_MANY = len(FIRST_WORDS) * len(SECOND_WORDS) * (_MOST - _LEAST + 1)

_firsts = {word: place for place, word in enumerate(FIRST_WORDS)}
_seconds = {word: place for place, word in enumerate(SECOND_WORDS)}


def number_of(code: str) -> int:
    """Return the number of a code; 0 for what is none."""
    first, _, rest = code.partition("-")
    second, _, digits = rest.partition("-")
    if first not in _firsts or second not in _seconds or not (digits.isascii() and digits.isdecimal()):
        return 0
    if len(digits) != 2 or int(digits) < _LEAST:  # noqa: PLR2004  as many as 99 has
        return 0
    return (_firsts[first] * _SECONDS + _seconds[second]) * 100 + int(digits)


def code_of(number: int) -> str:
    """Return the code of a number; the empty text where there is none."""
    words, digits = divmod(number, 100)
    first, second = divmod(words, _SECONDS)
    if not 0 <= first < len(FIRST_WORDS) or second >= len(SECOND_WORDS) or digits < _LEAST:
        return ""
    return f"{FIRST_WORDS[first]}-{SECOND_WORDS[second]}-{digits}"


def read_code(text: str) -> str:
    """Return the code that a text is, with marks or without, in one word or three; the empty text if it is none."""
    bare = fold(text).bare.replace(" ", "")
    letters, digits = bare[:-2], bare[-2:]
    for cut in range(1, len(letters)):
        code = f"{letters[:cut]}-{letters[cut:]}-{digits}"
        if number_of(code):
            return code
    return ""


def as_said(code: str) -> str:
    """Return a code as it is printed and typed: `sen vang 27`."""
    return code.replace("-", " ")


def new_code(commune: str, name: str, taken: Container[str]) -> str:
    """Return a code for a team that isn't taken.

    The same team gets the same one as long as that is free, so posters on walls stay right when a list is
    imported into an empty database. Raises ValueError when all are taken.
    """
    for attempt in range(HOW_MANY * 20):
        drawn = int.from_bytes(sha256(f"{commune} {name} {attempt}".encode()).digest()[:8])
        words, digits = divmod(drawn % HOW_MANY, _MOST - _LEAST + 1)
        first, second = divmod(words, len(SECOND_WORDS))
        code = f"{FIRST_WORDS[first]}-{SECOND_WORDS[second]}-{digits + _LEAST}"
        if code not in taken:
            return code
    raise ValueError(f"all {HOW_MANY} codes for teams are taken")
