"""What a learner meant by what they typed: one of the things on offer, a global word, or unclear.

Never a guess where it counts: on a question only a number, the whole choice, or the whole choice
without (some) tone marks is taken; anything nearer or farther is asked back.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from bot.core.fold import Typed, fold
from bot.core.near import PART, follows, leading, ranked, slips

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MAX_LETTERS = 300  # a longer text is no answer to anything we ask
MAX_READ = 2_000  # letters in which the urgent words are looked for all the same
MAX_FILLERS = 4  # at either end: `cháu ơi cho bác ...`
NEAR = 45  # likeness (0-100) from which something is worth asking back,
FAR = 25  # if it isn't so much farther than the nearest
LEADING_WORDS = 2  # a global word of so many words is known at the head of a longer sentence


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be meant: a button by its code, under any of several wordings."""

    code: str
    wordings: tuple[Typed, ...]


@dataclass(frozen=True)
class Hidden:
    """Offers that can be meant too, but have no number."""

    offers: tuple[Offer, ...] = ()

    @cached_property
    def digits(self) -> frozenset[str]:
        """The single digits among their wordings."""
        return frozenset(filter(_digit, (wording.bare for each in self.offers for wording in each.wordings)))


NOTHING_HIDDEN = Hidden()


@dataclass(frozen=True, slots=True)
class Chosen:
    """It means this offer."""

    code: str


@dataclass(frozen=True, slots=True)
class Word:
    """It means this global word."""

    name: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """It could mean these offers, nearest first, two at most; or nothing we know."""

    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Empty:
    """There is no letter or digit in it."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """It is longer than any answer."""


Meaning = Chosen | Word | Unclear | Empty | TooLong


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that work anywhere, in all languages at once."""

    words: tuple[tuple[Typed, str], ...]  # wording, name of the global word
    urgent: tuple[Typed, ...]  # wordings that count wherever they stand in a sentence
    numbers: "Mapping[str, tuple[tuple[Typed, int], ...]]"  # bare letters -> wordings and what they count
    fillers: "Mapping[str, tuple[Typed, ...]]" = field(default_factory=dict)  # bare letters -> single words
    _by_letters: "dict[tuple[str, ...], list[tuple[Typed, str]]]" = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        by_letters: dict[tuple[str, ...], list[tuple[Typed, str]]] = {}
        for wording, name in self.words:
            by_letters.setdefault(wording.letters, []).append((wording, name))
        object.__setattr__(self, "_by_letters", by_letters)

    def meant(self, typed: Typed) -> "Iterator[tuple[Typed, str]]":
        """Find the global words that this is, each with its wording."""
        return (each for each in self._by_letters.get(typed.letters, ()) if typed.may_mean(each[0]))

    def counts(self, typed: Typed) -> tuple[tuple[Typed, int], ...]:
        """Return the numbers that this may be the word for, each with that word."""
        return tuple(each for each in self.numbers.get(typed.bare, ()) if typed.may_mean(each[0]))

    def alarms(self, typed: Typed) -> bool:
        """Whether urgent words stand somewhere in it."""
        return any(follows(wording, typed) for wording in self.urgent)


_label = lru_cache(8192)(fold)  # labels are drawn again and again; what learners type never comes here


def offer(code: str, wordings: "Iterable[str]") -> Offer:
    """Return an offer that these wordings, labels of ours, mean."""
    return Offer(code, tuple(map(_label, wordings)))


def understand(
    text: str, shown: "Sequence[Offer]", vocabulary: Vocabulary, *, hidden: Hidden = NOTHING_HIDDEN, careful: bool
) -> Meaning:
    """Say what `text` means where the buttons `shown` are on offer, in their order.

    `careful` takes no near miss: on questions,
    consent and deletion.
    """
    if 0 < (number := _digit(text)) <= len(shown) and text not in hidden.digits and not _named(text, shown):
        return Chosen(shown[number - 1].code)  # most answers; what follows would come to the same
    whole = fold(text[:MAX_READ])
    if len(text) > MAX_LETTERS:
        return Word("urgent") if vocabulary.alarms(whole) else TooLong()
    if not whole.letters:
        return Empty()
    here = _Here(tuple(shown), (*shown, *hidden.offers), vocabulary, careful)
    cores = tuple(here.cores(whole))
    sure = next((found for core in cores if (found := here.exact(core))), None)
    if sure or (sure := here.in_a_sentence(cores)):
        return sure
    wordings = [(wording, each.code) for each in here.offers for wording in each.wordings]
    offered = {wording.bare for wording, _ in wordings}
    near = ranked(cores, wordings)
    words = slips(cores, vocabulary.words, besides=offered)
    slipped: list[tuple[float, Meaning]] = [(score, Word(name)) for score, name in words]
    if not careful and (
        found := leading([*((score, Chosen(code)) for score, code in near if score >= PART), *slipped])
    ):
        return found
    word = leading([*((score, Unclear()) for score, _ in near), *slipped])  # a global word moves nobody's place
    # On a question the two nearest are named, if any is near: who meant neither sees that at once.
    nearest = max([score for score, _ in near], default=0)
    least = (0 if nearest >= NEAR else NEAR) if careful else max(NEAR, nearest - FAR)
    codes = tuple(here.mentioned(whole)) or (code for score, code in near if score >= least)
    return word if isinstance(word, Word) else Unclear(here.two_shown(codes))


def _digit(text: str) -> int:
    return int(text) if len(text) == 1 and "0" <= text <= "9" else 0


def _named(digit: str, offers: "Iterable[Offer]") -> bool:
    """Whether an offer is called just so, whatever its place."""
    return any(wording.letters == (digit,) for each in offers for wording in each.wordings)


@dataclass(frozen=True, slots=True)
class _Here:
    """What can be meant where something was typed."""

    shown: tuple[Offer, ...]
    offers: tuple[Offer, ...]  # those shown and others
    vocabulary: Vocabulary
    careful: bool

    def cores(self, whole: Typed) -> "Iterator[Typed]":
        """Return the text, then the text without words at its ends that mean nothing there, longest first."""
        size = len(whole.letters)
        if size == 1:
            return iter((whole,))
        fillers = [self._fills(word) for word in whole.words]
        most = min(size - 1, MAX_FILLERS)
        lead = next((at for at in range(most) if not fillers[at]), most)
        tail = next((at for at in range(most) if not fillers[-1 - at]), most)
        cuts = [(first, last) for first in range(lead + 1) for last in range(tail + 1) if first + last < size]
        return (whole.part(first, size - last) for first, last in sorted(cuts, key=sum))

    def _fills(self, word: Typed) -> bool:
        """Whether the word means nothing here: it is neither on offer nor a number."""
        return (
            any(map(word.may_mean, self.vocabulary.fillers.get(word.bare, ())))
            and not any(word.may_mean(wording) for each in self.shown for wording in each.wordings)
            and not any(number <= len(self.shown) for _, number in self.vocabulary.counts(word))
        )

    def exact(self, typed: Typed) -> Meaning | None:
        """Take a number, a whole wording or a whole global word; ask back where several fit."""
        shown, counts = self.shown, self.vocabulary.counts(typed)
        fits = [
            (wording.marks, each.code) for each in self.offers for wording in each.wordings if typed.may_mean(wording)
        ]
        fits += [(wording.marks, shown[number - 1].code) for wording, number in counts if number <= len(shown)]
        if (number := typed.number) >= 0:
            found = Chosen(shown[number - 1].code) if 0 < number <= len(shown) else Unclear()
            if not fits:
                return found
            fits += [(typed.marks, found.code)] if isinstance(found, Chosen) else []
        words = [(wording.marks, name) for wording, name in self.vocabulary.meant(typed)]
        if typed.marked and typed.marks in {marks for marks, _ in (*fits, *words)}:
            fits = [(marks, code) for marks, code in fits if marks == typed.marks]
            words = [(marks, name) for marks, name in words if marks == typed.marks]
        codes = tuple(dict.fromkeys(code for _, code in fits))
        if codes:
            another = self.careful and not {marks for marks, _ in words} <= {marks for marks, _ in fits}
            return Unclear(self.two_shown(codes)) if codes[1:] or another else Chosen(codes[0])
        if words:
            partly = self._holding(typed) if self.careful and words[0][1] != "urgent" else ()
            return Unclear(partly) if partly else Word(words[0][1])
        return Unclear() if counts else None

    def _holding(self, typed: Typed) -> tuple[str, ...]:
        """Return the choices of which this, two words or more, is a part: `dừng lại` of `Dừng lại, hỏi đã`."""
        holds = [each.code for each in self.shown if any(map(typed.inside, each.wordings))]
        return self.two_shown(holds) if len(typed.letters) >= LEADING_WORDS else ()

    def in_a_sentence(self, cores: "Sequence[Typed]") -> Word | None:
        """Find the urgent words anywhere, or a global word of two words or more at the head: `nghe lại giúp bác`."""
        if self.vocabulary.alarms(cores[0]):
            return Word("urgent")
        for typed in cores:
            for wording, name in self.vocabulary.words:
                size = len(wording.letters)
                if size < LEADING_WORDS or typed.letters[:size] != wording.letters:
                    continue
                if typed.part(0, size).may_mean(wording) and not self._holding(wording):
                    return Word(name)
        return None

    def mentioned(self, whole: Typed) -> "Iterator[str]":
        """Find the numbers on offer in a sentence: `bác nghĩ là số 2`."""
        words = whole.words
        for before, word in zip((None, *words), words, strict=False):
            counts = self.vocabulary.counts(word) if before and self._fills(before) else ()
            numbers = (word.number, *(number for _, number in counts))
            yield from (self.shown[number - 1].code for number in numbers if 0 < number <= len(self.shown))

    def two_shown(self, codes: "Iterable[str]") -> tuple[str, ...]:
        """Return the first two that have a number, and so can be asked back."""
        shown = {each.code for each in self.shown}
        return tuple(dict.fromkeys(code for code in codes if code in shown))[:2]
