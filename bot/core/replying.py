"""What a learner is shown, of where they are."""

from collections.abc import Mapping

from bot.core.here import Here, Screen
from bot.core.lesson import Picture
from bot.core.progress import Progress
from bot.core.turn import NOTHING_INSTEAD, Reply


def reply_of(  # noqa: PLR0913  all but three have defaults
    here: Here,
    screen: Screen,
    notes: tuple[str, ...],
    *,
    secret: bool = False,
    aloud: bool = False,
    instead: Mapping[str, str] = NOTHING_INSTEAD,
) -> Reply:
    """Return the reply that shows a screen. `instead` is of the notes (`Reply.instead`)."""
    progress = here.progress
    if progress.beside and here.say(here.says.beside_begins) not in notes:
        notes = (*notes, here.say(here.says.is_beside))
    if screen.said:
        instead = {**instead, screen.text: screen.said}
    aloud = aloud or (progress.listens and not progress.saver)
    return Reply(
        turn=progress.turns,
        lang=progress.lang,
        text=screen.text,
        buttons=screen.buttons,
        notes=notes,
        heading=screen.heading,
        step=screen.step,
        steps=screen.steps,
        picture=_picture(progress, screen),
        export=screen.export,
        aloud=aloud,
        slow=progress.slow,
        hear_label="" if aloud else here.says.hear_label,
        saver=progress.saver,
        listens=progress.listens,
        secret=secret,
        reads=screen.reads,
        instead=instead,
    )


def _picture(progress: Progress, screen: Screen) -> Picture | None:
    """Return what is to be seen: a screen is drawn for those who read, unless they save data."""
    picture = screen.picture
    spared = picture and picture.screen and (progress.listens or progress.saver)
    return None if spared else picture
