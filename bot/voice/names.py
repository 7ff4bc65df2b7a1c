"""Names for what is to be said: `vneid-01/hoi/2`, or `vneid-01/hoi/3-bac` where it hangs on the form of address.

A name stands in the association's script, is the name of a recorded file (`vneid-01_hoi_2.wav`) and
tells in reports where a text stands. What is said in no lesson is `chung/1`, at a finish `vneid-01/4`.
Numbers move when a lesson changes, so a recording hangs on its text's hash, never on its name.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from bot.core.library import FIRST, Library
from bot.core.readable import Named, noting
from bot.core.sayable import Sayable, sayable
from bot.core.wording import FORMS
from bot.voice.engine import language_of

ANYWHERE = "chung"  # in names, what is said in no lesson: menus, settings, help

_UNLIKE = ("bac", "ban")  # two forms of address that have no word in common: what is said in both hangs on neither


def named(
    library: Library, lang: str, addresses: Iterable[str] = FORMS, courses: Collection[str] | None = None
) -> Iterator[Named]:
    """Name every part there is in a language or dialect, each once, in the order of the lessons.

    `addresses` are codes of FORMS, `courses` are ids; None means all. Neither changes a name: what two
    courses say has the name it got in the first.
    """
    noted = noting(library)
    language = language_of(lang)
    names: dict[str, str] = {}
    parts: dict[str, Sayable] = {}

    def walk(address: str, neutral: Collection[str] | None = None) -> None:
        numbers = Counter[tuple[str, str]]()
        for part in sayable(noted, language, (address,)):
            numbers[part.lesson, part.step] += 1
            ending = "" if neutral is None or part.text in neutral else f"-{address}"
            place = "/".join(filter(None, (part.lesson or ANYWHERE, part.step)))
            names.setdefault(part.text, f"{place}/{numbers[part.lesson, part.step]}{ending}")
            parts.setdefault(part.text, part)

    chosen = tuple(addresses) if language == FIRST else ("ban",)
    if language == FIRST:
        one, other = ({part.text for part in sayable(noted, language, (each,))} for each in _UNLIKE)
        # What holds the tutor's word alone is said to several: always the first of them names it.
        leading = {form.tutor: code for code, form in reversed(FORMS.items())}
        for address in (code for code in FORMS if code in leading.values()):
            walk(address, one & other)
        for address in chosen:
            walk(address, one & other)
    else:
        walk("ban")
    for wanted in sayable(noted, language, chosen, courses):
        part = parts.get(wanted.text, wanted)
        yield Named(names[part.text], part.lesson, part.step, part.text, noted.written(part.text))


def file_of(name: str) -> str:
    """Return how the file of a recording is called, without its ending."""
    return name.replace("/", "_")
