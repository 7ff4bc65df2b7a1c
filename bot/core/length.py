"""How long a lesson is heard, and how many bytes that is: guessed from its letters, before any clip is made."""

from heapq import heappop, heappush
from typing import NamedTuple

from bot.core.lesson import DEBRIEF, Ask, Do, Lesson, Scene, Step, Tell
from bot.core.wording import plain

LETTERS_A_SECOND = 15.0  # of normal speech, pauses counted in
EDGES = 0.3  # seconds that each clip has besides
AROUND = 20.0  # seconds of what the bot itself says at the beginning and at the finish
BESIDES = 2.5  # and on each screen: which step it is, how to go on
REPORTING = 5.0  # more where the learner tells how it went
ANSWERING = 3.0  # seconds from the end of what is heard to the answer
DOING = 15.0  # seconds to do something on the phone
VOICE_BYTES = 1500  # of a second: 12 kbit/s
PICTURE_BYTES, DRAWN_BYTES = 25_000, 10_000  # of a picture at most: of a file, of a screen that is drawn


class Way(NamedTuple):
    """A way through a lesson, in seconds: what is heard on it, and the time that answering and doing takes."""

    heard: float
    waited: float

    @property
    def minutes(self) -> float:
        """All of it, in minutes."""
        return (self.heard + self.waited) / 60


def seconds(*texts: str | None) -> float:
    """Return about how long these texts are heard, one after the other."""
    return sum(EDGES + len(plain(text)) / LETTERS_A_SECOND for text in texts if text)


def screens(step: Step) -> list[float]:
    """Return about how many seconds each screen of a step is heard, its choices counted in."""
    match step:
        case Tell():
            heard = [seconds(step.text, step.picture.told if step.picture else "")]
        case Do():
            heard = [seconds(step.text, step.picture.told if step.picture else "") + REPORTING]
        case Ask():
            heard = [seconds(step.text, *(choice.text for choice in step.choices))]
        case Scene():
            lines = [seconds(line.who, line.says, *(choice.text for choice in line.choices)) for line in step.lines]
            heard = [seconds(step.text), *lines, seconds(step.debrief)]
    return [BESIDES + each for each in heard]


def shortest(lesson: Lesson) -> Way:
    """Return the shortest way through a lesson, in the right answers and with what is said around it."""
    around = AROUND + seconds(lesson.title, lesson.summary, lesson.learnt, lesson.help)
    ways = [_through(step) for step in lesson.steps]
    return Way(around + sum(way.heard for way in ways), sum(way.waited for way in ways))


def _through(step: Step) -> Way:
    heard = screens(step)
    match step:
        case Tell():
            return Way(heard[0], ANSWERING)
        case Do():
            return Way(heard[0], DOING)
        case Ask():
            return Way(heard[0] + min(seconds(each.because) for each in step.choices if each.right), ANSWERING)
        case Scene():
            rehearsed = _rehearsed(step, heard[1:-1])
            return Way(heard[0] + rehearsed.heard + heard[-1], rehearsed.waited + 2 * ANSWERING)


def _rehearsed(scene: Scene, heard: list[float]) -> Way:
    """Return the shortest way from the first line to the debrief: Dijkstra's, from its end."""
    before: dict[str, list[tuple[str, float]]] = {}
    for line, here in zip(scene.lines, heard, strict=True):
        for choice in line.choices:
            before.setdefault(choice.next, []).append((line.id, here + seconds(choice.because)))
    left: dict[str, Way] = {}
    ahead = [(0.0, DEBRIEF, Way(0, 0))]
    while ahead:
        _, place, way = heappop(ahead)
        if place not in left:
            left[place] = way
            for name, more in before.get(place, ()):
                longer = Way(way.heard + more, way.waited + ANSWERING)
                heappush(ahead, (sum(longer), name, longer))
    return left[scene.lines[0].id]


def kilobytes(lesson: Lesson) -> float:
    """Return about how many kB a listener gets on the shortest way, pictures counted as large as they may be."""
    pictures = [step.picture for step in lesson.steps if isinstance(step, Tell | Do) and step.picture]
    seen = sum(DRAWN_BYTES if picture.screen else PICTURE_BYTES for picture in pictures)
    return (shortest(lesson).heard * VOICE_BYTES + seen) / 1000
