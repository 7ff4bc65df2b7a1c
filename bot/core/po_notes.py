"""What translators are told of a text: whose words it is, how long it may be, and the signs in it."""

from collections.abc import Iterator, Mapping

from bot.core.lesson import Ask, Course, Lesson
from bot.core.lesson_texts import LessonText
from bot.core.rules.ears import LONGEST_LABEL, LONGEST_TEXT

_LABEL = f"a button: at most {LONGEST_LABEL} characters, beginning with a word"
_SAID = f"Spoken aloud; at most {LONGEST_TEXT} characters."

_COURSE: Mapping[str, str] = {
    "title": f"The course's title, {_LABEL}.",
    "summary": f"What one can do after the course, in one sentence. {_SAID}",
}
_LESSON: Mapping[str, str] = {
    "title": f"The lesson's title, {_LABEL}.",
    "summary": f"What one can do after the lesson, in one sentence. {_SAID}",
    "learnt": f"Said at the end: what the learner can do now. {_SAID}",
    "help": f"Said at the end: where to get help with this. {_SAID}",
}
_TEXT: Mapping[str, str] = {  # a step's text, by the kind of the step
    "tell": f"Told to the learner. {_SAID}",
    "ask": f"A question to the learner. {_SAID}",
    "do": f"Something to do on the phone now. {_SAID}",
    "scene": f"Begins a rehearsal, in which someone calls or writes to the learner. {_SAID}",
}
_STEP: Mapping[str, str] = {
    "hint": f"Said after a wrong answer, before the question is asked again. {_SAID}",
    "differs": f"Said when the learner's screen looks different. {_SAID}",
    "help": f"Said when the learner needs help with this step. {_SAID}",
    "alt": "What is in the picture, for those who can't see it. Spoken aloud.",
    "who": "Who is speaking in the rehearsal. Spoken aloud.",
    "says": f"What that person says in the rehearsal: keep the tone, also a scammer's. {_SAID}",
    "debrief": f"Said after the rehearsal: what it was, and what to do. {_SAID}",
}
_PLACEHOLDERS = (
    "{bạn}, {Bạn} stand for the learner, {mình}, {Mình} for the tutor. Say it in your language's own words"
    " ('you', 'I'), or keep the braces with the word in them as they are."
)
_BOLD = "**…** is the name of a button on the phone: keep the stars, and the name as the phone shows it."


def notes_on(part: Lesson | Course, text: LessonText) -> tuple[str, ...]:
    """Return what its translator has to know, in English, a sentence or two each."""
    return tuple(_notes(part, text))


def _notes(part: Lesson | Course, text: LessonText) -> Iterator[str]:
    key = str(text.loc[-1])
    if isinstance(part, Course):
        yield _COURSE[key]
    elif not text.step:
        yield _LESSON[key]
    elif "choices" in text.loc:
        yield _of_choice(part, text, key)
    else:
        yield _TEXT[text.kind] if key == "text" else _STEP[key]
    if "{" in text.text:
        yield _PLACEHOLDERS
    if "**" in text.text:
        yield _BOLD


def _of_choice(lesson: Lesson, text: LessonText, key: str) -> str:
    step = lesson.steps[lesson.index[text.step]]
    number = int(text.loc[-2])
    if isinstance(step, Ask):
        answer = "right answer" if step.choices[number].right else "wrong answer"
        return f"A {answer}, {_LABEL}." if key == "text" else f"Said to whoever gives this {answer}. {_SAID}"
    if key == "text":
        return f"What the learner may reply in the rehearsal, {_LABEL}."
    return f"Said to whoever replies so in the rehearsal. {_SAID}"
