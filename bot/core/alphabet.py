"""The order in which Vietnamese people read names in a list: by their alphabet, and `Tổ 10` behind `Tổ 9`."""

import re
import unicodedata
from typing import Final

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES: Final = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng; before them none
_words = re.compile(r"\d+|[^\W\d_]+")

Key = list[tuple[int, tuple[int, ...], int]]


def in_order(name: str) -> Key:
    """Return what sorts names: word by word by letters, then tones; numbers by what they count, behind words."""
    return [_key(each) for each in _words.findall(unicodedata.normalize("NFC", name).casefold())]


def _key(word: str) -> tuple[int, tuple[int, ...], int]:
    if word.isdecimal():
        return int(word), (), 0
    toneless = unicodedata.normalize("NFD", word)
    tone = next((1 + _TONES.index(each) for each in toneless if each in _TONES), 0)
    letters = unicodedata.normalize("NFC", "".join(each for each in toneless if each not in _TONES))
    return -1, tuple(at if (at := _ALPHABET.find(each)) >= 0 else 100 + ord(each) for each in letters), tone
