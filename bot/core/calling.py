"""A learner of a team calls for its helpers, once a day: their step goes to them. They hear whether it can."""

from bot.core import group
from bot.core.here import Here, Picked
from bot.core.progress import with_also
from bot.core.turn import Record


def call(here: Here) -> Picked:
    """Call for the helpers of the learner's team. Their place doesn't move."""
    progress, says, today = here.progress, here.says, here.now.day
    if not progress.team:
        return Picked(progress, notes=(here.say(says.call_no_team),))
    if progress.also and progress.also.asked == today:
        return Picked(progress, notes=(here.say(says.call_again),))
    helpers = [each for each in here.now.crew.values() if each.role == "helper" and each.team == progress.team]
    if any(each.reached for each in helpers):
        said = here.say(says.call_sent, where=_where(here))
    else:
        said = here.say(says.call_unreached if helpers else says.call_no_helper)
    lesson, spot = here.lesson, progress.spot
    at = (lesson.key, spot.step) if lesson and spot and progress.place == "lesson" else ("", "")
    return Picked(with_also(progress, asked=today), (Record(group.CALLED, *at),), (said,))


def _where(here: Here) -> str:
    lesson, spot = here.lesson, here.progress.spot
    if lesson is None or spot is None or here.progress.place != "lesson":
        return here.say(here.says.person_nowhere)
    return here.say(here.says.person_at, title=here.say(lesson.title), step=lesson.index[spot.step] + 1)
