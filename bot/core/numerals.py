"""Numbers in words, for a voice: in Vietnamese as the North and Thanh Hóa say them, and in English."""

from vn_numberwords import number_to_words  # type: ignore[import-untyped]  # it ships no types

MOST_DIGITS = 12  # beyond, the library rounds, and nobody could follow: such a row is said digit by digit

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def cardinal(number: int, lang: str) -> str:
    """Return the number in words: 24 is *hai mươi tư*, 105 *một trăm linh năm*. Not negative."""
    if len(digits := str(number)) > MOST_DIGITS:
        return by_digit(digits, lang)
    return _vietnamese(number) if lang == "vi" else _english(number)


def by_digit(digits: str, lang: str) -> str:
    """Return the digits one by one: 113 is *một một ba*."""
    return " ".join(_DIGITS["vi" if lang == "vi" else "en"][int(digit)] for digit in digits)


def in_row(digits: str, lang: str) -> str:
    """Return a long row of digits as people read it out: one by one, with a pause after three or four."""
    size = 4 if len(digits) % 4 == 0 else 3
    first = len(digits) % size or size
    if len(digits) % size == 1 and len(digits) > size:  # not one alone: 0912, 345, 678
        first += size
    groups = [digits[:first], *(digits[at : at + size] for at in range(first, len(digits), size))]
    return ", ".join(by_digit(group, lang) for group in groups)


def ordinal(number: int) -> str:
    """Return the English ordinal: 22 is *twenty-second*."""
    *before, last = _english(number).replace("-", "- ").split(" ")
    last = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return " ".join([*before, last]).replace("- ", "-")


def year(number: int) -> str:
    """Return an English year: 2026 is *twenty twenty-six*, 2005 *two thousand and five*."""
    century, rest = divmod(number, 100)
    if century % 10 == 0 and rest < 10:  # noqa: PLR2004  the years that aren't said in two halves
        return _english(number)
    return f"{_english(century)} {_english(rest) if rest > 9 else f'oh {_english(rest)}' if rest else 'hundred'}"  # noqa: PLR2004


def roman(text: str) -> int:
    """Return what a Roman numeral counts, or 0 where it is none: IV is 4, IIV is 0."""
    values = [_ROMAN.get(letter, 0) for letter in text]
    total = sum(
        -value if any(later > value for later in values[at + 1 : at + 2]) else value for at, value in enumerate(values)
    )
    return total if 0 < total < 90 and _to_roman(total) == text else 0  # noqa: PLR2004


def _to_roman(number: int) -> str:
    signs = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    out = ""
    for value, sign in signs:
        times, number = divmod(number, value)
        out += sign * times
    return out


def _vietnamese(number: int) -> str:
    words: str = number_to_words(number)
    # The library says `sáu mươi năm` (sixty years) for 65, and `hai mươi bốn` where the North says `tư`.
    return words.replace("mươi năm", "mươi lăm").replace("mươi bốn", "mươi tư")


def _english(number: int) -> str:
    for scale, name in _SCALES:
        if number >= scale:
            count, rest = divmod(number, scale)
            between = " and " if 0 < rest < 100 else " "  # noqa: PLR2004
            return f"{_english(count)} {name}{between}{_english(rest) if rest else ''}".strip()
    if number >= 100:  # noqa: PLR2004
        count, rest = divmod(number, 100)
        return f"{_ONES[count]} hundred{f' and {_english(rest)}' if rest else ''}"
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{_ONES[ones]}" if ones else _TENS[tens]


_DIGITS = {lang: [cardinal(digit, lang) for digit in range(10)] for lang in ("vi", "en")}
