"""A lesson as one sound file, for a memory card or a group of friends: told straight on, nothing to tap.

Its parts are those of the talk, so that clips made once serve both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.lesson import DEBRIEF, Ask, Do, Lesson, Line, Scene, Step, Tell
from bot.core.library import FIRST, Library
from bot.core.spoken import NEW, spoken
from bot.core.turn import Button, Reply
from bot.core.wording import plain, words
from bot.voice import join, mp3, opus
from bot.voice.clip import Format
from bot.voice.engine import language_of
from bot.voice.join import Chapter
from bot.voice.packing import PAUSE
from bot.voice.voice import Voice

STEP = 1.2  # seconds of pause before a step
THINK = 4.0  # seconds to find an answer
ACT = 6.0  # seconds to take the phone in hand
NAME = 60  # characters of a chapter's name at most


@dataclass(frozen=True, slots=True)
class Track:
    """A lesson to be heard: `pauses` are seconds after each part but the last; a chapter a step."""

    lesson: str  # id
    title: str
    parts: Sequence[str]
    pauses: Sequence[float]
    chapters: Sequence[Chapter]


def track(library: Library, lesson: Lesson, address: str) -> Track:
    """Tell a lesson to somebody who is addressed like this; every part is spelled out."""
    teller = _Teller(library, lesson, address)
    teller.all()
    return Track(lesson.id, teller.say(lesson.title), teller.parts, teller.pauses[:-1], teller.chapters)


def sound(  # noqa: PLR0913  how it is to be said
    voice: Voice, told: Track, lang: str, form: Format = "ogg", *, slow: bool = False, only: str = ""
) -> bytes:
    """Return it as one file; MP3 has no chapters. Blocking, as long as what isn't on the shelf takes.

    Raises CantSay.
    """
    clips = [voice.part(text, lang, slow=slow, form=form, only=only).data for text in told.parts]
    if form == "mp3":
        return mp3.joined(clips, told.pauses)
    return join.joined(clips, told.pauses, told.title, told.chapters[: join.MOST_CHAPTERS])


def seconds_of(data: bytes, form: Format) -> float:
    """Return how long a file is heard."""
    return mp3.seconds_of(data) if form == "mp3" else opus.seconds_of(data)


class _Teller:
    """Tells one lesson from its first word to its last."""

    def __init__(self, library: Library, lesson: Lesson, address: str) -> None:
        self._library = library
        self._lesson = lesson
        self._words = words(language_of(lesson.lang), address)
        self._says = library.says(lesson.lang)
        self.parts: list[str] = []
        self.pauses: list[float] = []  # after each part
        self.chapters: list[Chapter] = []

    def say(self, text: str, **slots: object) -> str:
        """Return the text as the listener is addressed."""
        return text.format_map({**self._words, **slots})

    def all(self) -> None:
        lesson, says = self._lesson, self._says
        title, summary = self.say(lesson.title), self.say(lesson.summary)
        self.chapters.append(Chapter(0, plain(title)))
        steps = len(lesson.steps)
        self._tell(self.say(says.began, title=title, summary=summary, minutes=lesson.minutes, steps=steps))
        for number, step in enumerate(lesson.steps, 1):
            self._wait(STEP)
            self.chapters.append(Chapter(len(self.parts), f"{number}. {_short(plain(self.say(step.text)))}"))
            self._tell(self.say(says.step, step=number, steps=steps))
            self._step(step)
        self._wait(STEP)
        learnt = self.say(lesson.learnt or lesson.summary)
        self._tell(self.say(says.finished, title=title, learnt=learnt))
        self._tell(self.say(says.where_help, help=self.say(lesson.help or says.help_people)))

    def _step(self, step: Step) -> None:
        text = self.say(step.text)
        match step:
            case Tell():
                picture = step.picture and step.picture.model_copy(update={"alt": self.say(step.picture.alt)})
                self._hear(Reply(NEW, self._lesson.lang, text, picture=picture))
            case Ask():
                self._ask(text, [choice.text for choice in step.choices])
                right = next(choice for choice in step.choices if choice.right)
                because = self.say(right.because)
                self._tell(self.say(self._says.answer, choice=self.say(right.text), because=because))
            case Do():
                self._tell(text)
                self._wait(ACT)
            case Scene():
                self._tell(text)
                for line, answer in _in_order(step):
                    self._wait(STEP)
                    if answer:
                        self._tell(self._numbered(*answer))
                    self._line(line)
                self._wait(STEP)
                self._tell(self.say(step.debrief))

    def _line(self, line: Line) -> None:
        """Tell what is said to the learner, what one may answer, and what is to be said about each answer."""
        spoken_by = self.say(self._says.speaks, who=self.say(line.who), says=self.say(line.says))
        choices = [choice.text for choice in line.choices]
        self._ask(f"{spoken_by}\n\n{self.say(self._says.react)}", choices)
        for number, choice in enumerate(line.choices):
            if choice.because:
                self._tell(self._numbered(number, choice.text))
                self._tell(self.say(choice.because))

    def _ask(self, text: str, choices: Sequence[str]) -> None:
        buttons = tuple(Button("", self.say(choice)) for choice in choices)
        self._hear(Reply(NEW, self._lesson.lang, text, buttons))
        self._wait(THINK)

    def _numbered(self, number: int, choice: str) -> str:
        """Return a choice as it is read out among the others."""
        names = self._library.phrases.get(self._lesson.lang, self._library.phrases[FIRST]).numbers
        return f"{names[number][0].capitalize()}: {self.say(choice)}"

    def _tell(self, text: str) -> None:
        if text:
            self._hear(Reply(NEW, self._lesson.lang, text))

    def _hear(self, reply: Reply) -> None:
        parts = spoken(reply, self._library)
        self.parts += parts
        self.pauses += [PAUSE] * len(parts)

    def _wait(self, seconds: float) -> None:
        """Make the pause after what was said last at least so long."""
        self.pauses[-1] = max(self.pauses[-1], seconds)


def _in_order(scene: Scene) -> Iterator[tuple[Line, tuple[int, str] | None]]:
    """Find each line that can be reached, once, with the answer (its number and words) that leads there first."""
    ahead: list[tuple[str, tuple[int, str] | None]] = [(scene.lines[0].id, None)]
    met = {DEBRIEF, scene.lines[0].id}
    for name, answer in ahead:  # which grows
        line = scene.by_id[name]
        yield line, answer
        for number, choice in enumerate(line.choices):
            if choice.next not in met:
                met.add(choice.next)
                ahead.append((choice.next, (number, choice.text)))


def _short(text: str) -> str:
    """Return the first line of a text, cut at a word."""
    line = text.partition("\n")[0]
    return line if len(line) <= NAME else f"{line[:NAME].rpartition(' ')[0]} …"
