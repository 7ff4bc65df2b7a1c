"""A text as it is said: no marks, no figures, no abbreviations, only words and the pauses between them.

What is left is letters, spaces and `, . ; : ! ?`, hyphens and apostrophes within words. It costs a
time that grows with the text, and never raises: what nobody foresaw is left out.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.core import figures_en, figures_vi
from bot.core.figures import apply
from bot.core.numerals import by_digit, cardinal, roman
from bot.core.pronunciation import Pronunciation, Sayings
from bot.core.wording import plain

MOST = 20_000  # characters of a text that are read; ten times the longest
SPELLED = {"vi": 5, "en": 3}  # capital letters that are spelled at most, when they may be a word
REMEMBERED, LONG = 4096, 2000  # texts, since the same ones are said to everybody; characters of the longest of them

_SIGNS = {
    "vi": {
        "&": " và ",
        "+": " và ",
        "=": " bằng ",
        "@": " a còng ",
        "~": " khoảng ",
        "≈": " khoảng ",
        "×": " nhân ",
        "%": " phần trăm ",
        "°": " độ ",
        "$": " đô la ",
        "€": " ơ rô ",
        "₫": " đồng ",
        "№": " số ",
        "≥": " từ ",
        "≤": " đến ",
    },
    "en": {
        "&": " and ",
        "+": " and ",
        "=": " equals ",
        "@": " at ",
        "~": " about ",
        "≈": " about ",
        "×": " times ",
        "%": " percent ",
        "°": " degrees ",
        "$": " dollars ",
        "€": " euros ",
        "₫": " dong ",
        "№": " number ",
        "≥": " at least ",
        "≤": " at most ",
    },
}
_THEN = {"vi": ", rồi ", "en": ", then "}
_OR = {"vi": "hoặc", "en": "or"}
_PER = {
    "vi": ("một", re.compile(r"/(?=(?:tháng|ngày|năm|giờ|phút|giây|tuần|quý|lần|người|hộ|bài|máy|số)(?![^\W_]))")),
    "en": ("per", re.compile(r"/(?=(?:month|day|year|hour|minute|second|week|person|household)(?![^\W_]))")),
}
_priced = re.compile(r"(?<=[đ₫kDĐg])/([^\W_]{1,3})(?![^\W_])")  # behind đ, ₫, 5k, VND, VNĐ, đồng, dong
_ADDRESS = {
    "vi": {".": "chấm", "@": "a còng", "/": "gạch chéo", "-": "gạch ngang", "_": "gạch dưới", "+": "cộng"},
    "en": {".": "dot", "@": "at", "/": "slash", "-": "dash", "_": "underscore", "+": "plus"},
}

_TOP = (
    "vn|com|net|org|gov|edu|info|io|me|app|asia|eu|uk|us|jp|kr|cn|sg|tv|today|md|test|example"
    "|ly|gl|cc|xyz|top|vip|site|online|link|click"  # where short and passing addresses live
)
_address = re.compile(
    r"(?i)(?<![\w.@+/-])(?P<address>"
    r"[a-z0-9][a-z0-9._+-]*@(?:[a-z0-9-]+\.)*[a-z0-9-]+"
    rf"|(?:[a-z0-9-]+\.)+(?:{_TOP})(?![\w-])(?:/[\w./?=&#%+~-]*)?)"
)
_link = re.compile(r"(?i)(?<!\w)https?://(?P<address>[\w./?=&#%+~@:-]*)")
_joined = re.compile(r"[.@]\w")
_ending = re.compile(r"(?<!\w)\.(?=[a-z0-9]{2,4}(?!\w))")  # .apk
_in_address = re.compile(r"[a-z]+|\d+|[.@/_+-]", re.IGNORECASE)
_gone = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff™®©]")
_bullet = re.compile(r"(?m)^[ \t]*(?:[-–—•*+·‣▪●○◦]+[ \t]+)+")
_row = re.compile(r"([^\w\s.,!?])\1{2,}")
_spaces = re.compile(r"[^\S\n]+")
_line = re.compile(r" ?([.!?:;,…]?) ?(?:\n ?)+")
_runs = re.compile(r"\d+|[^\W\d_]+")
_figure = re.compile(r"\d")
_arrow = re.compile(r" ?[→⇒➜➔▶›] ?| (?:->|=>|>) ")
_slash = re.compile(r"(?<=[^\W_])\s?/\s?(?=[^\W_])")
_dots = re.compile(r"(?:\.{2,}|…)")
_pause = re.compile(r"[()\[\]{}|/\\–—]+| -+ ")
_hyphen = re.compile(r"(?<![^\W_])-+|-+(?![^\W_])")
_apostrophe = re.compile(r"(?<![^\W_])['’]|['’](?![^\W_])")
_marks = re.compile(r" ?[,;:.!?](?: ?[,;:.!?])* ?")
_STRENGTH = "?!.:;,"
_numeral = re.compile("[IVX]+")
_vowel = re.compile("[AEIOUY]")
_syllable = re.compile(r"(?:NGH|NG|GH|GI|KH|NH|PH|QU|TH|TR|CH|[BCDĐGHKLMNPQRSTVX])?[AEIOUY]{1,3}(?:NG|NH|CH|[CMNPT])?")


def addresses(text: str) -> Iterator[str]:
    """Find the web and e-mail addresses in a text, as they stand there."""
    if _joined.search(text):
        for pattern in (_link, _address):
            yield from (match[0].rstrip(".?&=") for match in pattern.finditer(text))


class Reader:
    """Reads texts aloud, as words for a voice. What it read it remembers."""

    def __init__(self, pronunciation: Pronunciation) -> None:
        self._pronunciation = pronunciation
        self._rules = {"vi": figures_vi.rules(pronunciation), "en": figures_en.rules(pronunciation)}
        self._remembered = lru_cache(REMEMBERED)(self._aloud)

    def aloud(self, text: str, lang: str) -> str:
        """Return the text as it is said, on one line; it may be empty. Of one over MOST characters, the beginning."""
        say = self._remembered if len(text) <= LONG else self._aloud
        return say(text, "vi" if lang == "vi" else "en")

    def capitals(self, text: str, lang: str) -> tuple[tuple[str, bool], ...]:
        """Return the words in capitals that the pronunciation doesn't have, and whether each is spelled."""
        lang = "vi" if lang == "vi" else "en"
        runs = (run[0] for run in _runs.finditer(self._in_words(text, lang)))
        words = dict.fromkeys(run for run in runs if len(run) > 1 and run.isupper() and not _counts(run))
        return tuple((word, not _readable(word, lang)) for word in words)

    def _aloud(self, text: str, lang: str) -> str:
        return _paused(_signs(_spelled(self._in_words(text, lang), lang, self._pronunciation.of(lang)), lang))

    def _in_words(self, text: str, lang: str) -> str:
        """Return the text with names and figures as they are said; abbreviations nobody knows and signs are left."""
        sayings = self._pronunciation.of(lang)
        ahead, figures = self._rules[lang]
        said = _lines(_even(plain(text[:MOST])), lang)
        said = _rates(_addresses(said, lang, sayings), lang, sayings)
        if _figure.search(said):
            said = apply(ahead, said)
        said = _named(said, sayings)
        return apply(figures, said) if _figure.search(said) else said


def _even(text: str) -> str:
    """Return the text with one spelling for each letter and digit, and nothing invisible."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", _gone.sub("", text))[:MOST].replace("⁄", "/")
    return "".join(map(_digit, text)) if any(char.isdecimal() and not char.isascii() for char in text) else text


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _lines(text: str, lang: str) -> str:
    """Return the lines of a text as sentences, without their bullets; arrows lead on."""
    text = _spaces.sub(" ", _row.sub(" ", _bullet.sub("", text)))
    if "\n" in text:
        text = _line.sub(lambda match: f"{match[1] or '.'} ", text.strip())
    return _arrow.sub(_THEN[lang], text)


def _addresses(text: str, lang: str, sayings: Sayings) -> str:
    """Say web and e-mail addresses, part by part."""
    if "." in text or "@" in text:
        for pattern in (_link, _address):
            text = pattern.sub(lambda match: f" {_part_by_part(match['address'], lang, sayings)} ", text)
        text = _ending.sub(f" {_ADDRESS[lang]['.']} ", text)
    return text


def _rates(text: str, lang: str, sayings: Sayings) -> str:
    """Say what stands for *each*: đồng/tháng, 20.000đ/kg."""
    if "/" not in text:
        return text
    word, timed = _PER[lang]
    text = timed.sub(f" {word} ", text)
    return _priced.sub(lambda match: f" {word} {said} " if (said := sayings.units.get(match[1])) else match[0], text)


def _part_by_part(address: str, lang: str, sayings: Sayings) -> str:
    ends = address[len(address.rstrip(".?&=")) :]  # of the sentence
    if whole := sayings.word(address.removesuffix(ends)):
        return whole + ends
    said = []
    for part in _in_address.findall(address.removesuffix(ends)):
        if part.isdecimal():
            said.append(by_digit(part, lang))
        else:
            said.append(_ADDRESS[lang].get(part) or sayings.word(part) or part)
    return " ".join(said) + ends


def _named(text: str, sayings: Sayings) -> str:
    """Say what the pronunciation has a word for, the longest first."""
    out: list[str] = []
    end = 0
    for run in _runs.finditer(text):
        start = run.start()
        known = sayings.beginnings.get(run[0].lower()) if start >= end else None
        counted = run[0] in sayings.units and text[max(0, start - 2) : start].rstrip(" ")[-1:].isdecimal()  # 50 MB
        if known and not counted and (found := known.match(text, start)) and (said := sayings.word(found[0])):
            out += text[end:start], f" {said} "
            end = found.end()
    return "".join([*out, text[end:]])


def _spelled(text: str, lang: str, sayings: Sayings) -> str:
    """Spell abbreviations that nobody knows; words that only shout are said like others."""
    return _runs.sub(lambda run: _capitals(run[0], lang, sayings) if run[0].isupper() else run[0], text)


def _capitals(word: str, lang: str, sayings: Sayings) -> str:
    if len(word) == 1:
        return word
    if number := _counts(word):
        return f" {cardinal(number, lang)} "
    if _readable(word, lang):
        return word.lower()
    return f" {' '.join(sayings.letters.get(letter.lower(), letter) for letter in word)} "


def _counts(word: str) -> int:
    """Return the number that a word in capitals is in Roman figures, or 0."""
    return (_numeral.fullmatch(word) and roman(word)) or 0


def _readable(word: str, lang: str) -> bool:
    """Whether a word in capitals is one that only shouts."""
    bare = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    long = len(word) > SPELLED[lang] and _vowel.search(bare) is not None
    return long or word != bare or (lang == "vi" and _syllable.fullmatch(bare) is not None)


def _signs(text: str, lang: str) -> str:
    """Say the signs that stand between words."""
    if "/" in text:
        text = _slash.sub(lambda match: f" {_either(match, lang)} ", text)
    for sign, said in _SIGNS[lang].items():
        if sign in text:
            text = text.replace(sign, said)
    return text


def _either(match: re.Match[str], lang: str) -> str:
    before = match.string[max(0, match.start() - 8) : match.start()]
    behind = match.string[match.end() : match.end() + 8]
    return "" if before.endswith(_OR[lang]) or behind.startswith(_OR[lang]) else _OR[lang]


def _paused(text: str) -> str:
    """Return the text with letters and pauses alone, each pause as strong as the strongest mark that stood there."""
    text = _hyphen.sub(" ", _pause.sub(", ", _dots.sub(_said_dots, text)))
    text = _apostrophe.sub(" ", text).replace("’", "'")
    kept: list[str] = []
    for char in text:
        mark = unicodedata.combining(char) and kept and (kept[-1].isalpha() or unicodedata.combining(kept[-1]))
        kept.append(char if char.isalpha() or mark or char in ",;:.!?'-" else " ")
    text = " ".join("".join(kept).split())
    text = _marks.sub(lambda match: f"{min(match[0], key=_strength)} ", text)
    return text.lstrip(",;:.!? ").rstrip(",; ")


def _said_dots(match: re.Match[str]) -> str:
    """Return a pause where the sentence goes on, and its end where it doesn't."""
    behind = match.string[match.end() : match.end() + 2].strip()
    return ", " if behind[:1].islower() else ". "


def _strength(char: str) -> int:
    place = _STRENGTH.find(char)
    return place if place >= 0 else len(_STRENGTH)
