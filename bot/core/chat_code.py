"""Codes that make somebody of the office known in a chat: `vp-bago-tiku-remo-lasu`.

One text for all channels: it stands in a link, and can be typed. Eight syllables of 70 are 49 bits; letters alone,
because digits would be taken for a secret, and syllables, because they can be read out.
"""

from bot.core.fold import fold

LINK = "vp_"  # how a link's text begins
_LEAD = "vp"
_CONSONANTS, _VOWELS = "bdghklmnprstvx", "aeiou"
SYLLABLES = len(_CONSONANTS) * len(_VOWELS)
LENGTH = 8  # syllables
_GROUP = 4  # letters that stand together
_LONGEST = 60  # characters of what may be one


def code_of(drawn: bytes) -> str:
    """Return the code of bytes that chance has drawn, `LENGTH` or more: `bago-tiku-remo-lasu`."""
    letters = "".join(_syllable(each) for each in _digits(int.from_bytes(drawn)))
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def as_typed(code: str) -> str:
    """Return a code as it is told: with the letters by which it is known."""
    return f"{_LEAD}-{code}"


def as_linked(code: str) -> str:
    """Return a code as it stands in a link."""
    return f"{LINK}{code}"


def is_link(text: str) -> bool:
    """Whether a link's text leads to an invitation; web addresses write it with a hyphen."""
    return text.startswith((LINK, f"{_LEAD}-"))


def may_be_code(text: str) -> bool:
    """Whether `read_code` is worth asking: it looks at no more than the beginning."""
    return text.lstrip()[:2] in {"vp", "Vp", "VP", "vP"} and len(text) <= _LONGEST


def is_meant(text: str) -> bool:
    """Whether somebody tried to type a code, right or wrong: a keyboard may have made tone marks of its letters."""
    parted = text.lstrip()[2:3] == "-" and text.count("-") >= LENGTH * 2 // _GROUP
    return may_be_code(text) and (read_code(text) != "" or (parted and not any(map(str.isdigit, text))))


def read_code(text: str) -> str:
    """Return the code that a text is, typed or linked, with hyphens or without; the empty text if it is none."""
    if not may_be_code(text):
        return ""
    bare = fold(text.replace("_", " ")).bare.replace(" ", "").removeprefix(_LEAD)
    pairs = [bare[at : at + 2] for at in range(0, len(bare), 2)]
    fits = len(pairs) == LENGTH and all(len(each) == 2 and _is_syllable(each) for each in pairs)  # noqa: PLR2004  a pair
    return "-".join(bare[at : at + _GROUP] for at in range(0, len(bare), _GROUP)) if fits else ""


def _digits(number: int) -> list[int]:
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, SYLLABLES)
        digits.append(digit)
    return digits


def _syllable(number: int) -> str:
    consonant, vowel = divmod(number, len(_VOWELS))
    return _CONSONANTS[consonant] + _VOWELS[vowel]


def _is_syllable(pair: str) -> bool:
    return pair[0] in _CONSONANTS and pair[1] in _VOWELS
