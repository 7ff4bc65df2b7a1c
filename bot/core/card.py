"""A lesson as it stands on paper: what is on the page, in which order, whatever draws it.

Wrong answers aren't on it: whoever passes by a wall reads half a line, and must not learn that half.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bot.core.contacts import digits_of
from bot.core.lesson import Ask, Do, Lesson, Picture, Scene, Step, Tell
from bot.core.lesson_texts import lesson_texts
from bot.core.library import FIRST, Library
from bot.core.problem import Phrase
from bot.core.rules.safety import numbers_in
from bot.core.wording import words

Kind = Literal["tell", "ask", "do", "scene", "danger"]

WORDS = MappingProxyType(
    {
        "learn": Phrase("After this lesson", "Học xong thì biết làm gì"),
        "danger": Phrase("Take care", "Cẩn thận"),
        "ask": Phrase("Question", "Hỏi"),
        "right": Phrase("Right answer", "Trả lời đúng"),
        "do": Phrase("Do it on the phone", "Làm trên máy"),
        "differs": Phrase("If your screen differs", "Nếu thấy khác"),
        "stuck": Phrase("If you need help", "Nếu cần giúp"),
        "scene": Phrase("Practise together", "Tập với nhau"),
        "heard": Phrase("What one may hear", "Có thể nghe thấy"),
        "debrief": Phrase("What it was", "Nói lại cho rõ"),
        "picture": Phrase("Picture", "Hình"),
        "learnt": Phrase("In short", "Tóm lại"),
        "help": Phrase("Where to get help", "Cần giúp thì hỏi ai"),
        "link": Phrase(
            "Take this lesson with Học Số: scan the square, or open",
            "Học bài này cùng Học Số: quét ô vuông, hoặc mở",
        ),
        "checked": Phrase(
            "Checked on {checked}. Print it anew after {recheck}.",
            "Đã kiểm tra ngày {checked}. Sau ngày {recheck} thì in tờ mới.",
        ),
        "square": Phrase("A QR code that opens {link}", "Mã QR mở trang {link}"),
        "page": Phrase("page", "trang"),
    }
)
_DANGER = ("nguy-hiem", "Điều nguy hiểm")  # how the id of the step that warns begins, or its text


@dataclass(frozen=True, slots=True)
class Piece:
    """A text with `**bold**` names of buttons, and what stands before it. What others say is `quoted`."""

    text: str
    label: str = ""
    quoted: bool = False

    @property
    def told(self) -> str:
        """Both as one text."""
        words = f"“{self.text}”" if self.quoted else self.text
        return f"**{self.label}:** {words}" if self.label else words


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes of one step: its number in the lesson, from 1; `picture` as the lesson has it."""

    number: int
    kind: Kind
    title: str  # or nothing
    pieces: tuple[Piece, ...]
    picture: Picture | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Its pieces as they are written, the first behind its title; that of a danger stands alone."""
        first, *rest = self.pieces
        title = "" if self.kind == "danger" else self.title
        return (Piece(first.text, title).told, *(each.told for each in rest))


@dataclass(frozen=True, slots=True)
class Card:
    """All that is on the page, as the reader is addressed."""

    lesson: Lesson
    title: str
    learn: Piece
    parts: tuple[Part, ...]
    learnt: Piece | None
    help: Piece
    numbers: tuple[Piece, ...]  # to call, the label is the number
    checked: str

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is written on it, in its order."""
        steps = (text for part in self.parts for text in part.texts)
        ends = (each.told for each in (self.learnt, self.help, *self.numbers) if each)
        return (self.title, self.learn.told, *steps, *ends, self.checked)

    def word(self, name: str, **fields: str) -> str:
        """Return one of the card's own words."""
        return WORDS[name].said(self.lesson.lang).format_map(fields)


def card(library: Library, lesson: Lesson, address: str) -> Card:
    """Put a lesson on a card for somebody who is addressed like this."""
    made = _Maker(library, lesson, address)
    days = {"checked": lesson.checked.strftime("%d/%m/%Y"), "recheck": lesson.recheck_by.strftime("%d/%m/%Y")}
    return Card(
        lesson=lesson,
        title=made.say(lesson.title),
        learn=made.piece(lesson.summary, "learn"),
        parts=tuple(made.part(number, step) for number, step in enumerate(lesson.steps, 1)),
        learnt=made.piece(lesson.learnt, "learnt") if lesson.learnt else None,
        help=made.piece(lesson.help or library.says(lesson.lang).help_people, "help"),
        numbers=tuple(_numbers(library, lesson)),
        checked=WORDS["checked"].said(lesson.lang).format_map(days),
    )


class _Maker:
    """Says the texts of one lesson to one reader."""

    def __init__(self, library: Library, lesson: Lesson, address: str) -> None:
        self._lang = lesson.lang
        self._words = words(lesson.lang, address)
        first = library.lessons[lesson.key][FIRST]
        self._dangers = {
            step.id for step in first.steps if step.id.startswith(_DANGER[0]) or step.text.startswith(_DANGER[1])
        }

    def say(self, text: str) -> str:
        return text.format_map(self._words)

    def piece(self, text: str, word: str = "") -> Piece:
        return Piece(self.say(text), self._word(word) if word else "")

    def _word(self, name: str) -> str:
        return WORDS[name].said(self._lang)

    def part(self, number: int, step: Step) -> Part:
        kind: Kind = "danger" if step.id in self._dangers else step.kind
        title = "" if kind == "tell" else self._word(kind)
        return Part(number, kind, title, tuple(self._pieces(step)), self._picture(step))

    def _picture(self, step: Step) -> Picture | None:
        picture = step.picture if isinstance(step, Tell | Do) else None
        return picture and picture.model_copy(update={"alt": self.say(picture.alt)})

    def _pieces(self, step: Step) -> Iterator[Piece]:
        yield self.piece(step.text)
        match step:
            case Ask():
                right = [choice for choice in step.choices if choice.right]
                for choice in right:
                    yield Piece(f"**{self.say(choice.text)}**\n{self.say(choice.because)}", self._word("right"))
            case Do():
                if step.differs:
                    yield self.piece(step.differs, "differs")
                if step.help:
                    yield self.piece(step.help, "stuck")
            case Scene():
                for line in step.lines:
                    yield Piece(self.say(line.says), self.say(line.who), quoted=True)
                yield self.piece(step.debrief, "debrief")


def _numbers(library: Library, lesson: Lesson) -> Iterator[Piece]:
    """Find the numbers that the lesson itself tells to call; whose they are is known in Vietnamese only."""
    if lesson.lang != FIRST:
        return
    told = dict.fromkeys(
        digits_of(number)
        for each in lesson_texts(lesson)
        if each.role == "said"
        for number in numbers_in(each.text, FIRST)
    )
    for contact in dict.fromkeys(map(library.contacts.by_number.get, told)):
        if contact and contact.confidence != "low":
            own = [number for number in contact.numbers if digits_of(number) in told]
            yield Piece(f"{contact.name}. {contact.purpose}", ", ".join(own))
