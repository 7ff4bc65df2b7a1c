"""What lessons wait for: the lessons that they need, and those that can never be ready."""

from collections.abc import Collection, Mapping

from bot.core.lesson import AnyOf, Lesson, key_of


def names_of(need: str | AnyOf) -> tuple[str, ...]:
    """Return the ids of the lessons that a need names."""
    return need.any if isinstance(need, AnyOf) else (need,)


def circles(lessons: Mapping[str, Lesson]) -> set[str]:
    """Return the lessons that can never be ready because, by way of others, they need themselves."""
    waiting = dict(lessons)
    while able := [key for key, lesson in waiting.items() if not _wait(lesson, waiting)]:
        for key in able:
            del waiting[key]
    return {key for key in waiting if key in _behind(key, waiting)}


def _wait(lesson: Lesson, waiting: Collection[str]) -> set[str]:
    """Return what the lesson waits for while these wait too: nothing once each need has one that doesn't."""
    keys = [set(map(key_of, names_of(need))) for need in lesson.needs]
    return {key for each in keys if each.issubset(waiting) for key in each}


def _behind(key: str, waiting: Mapping[str, Lesson]) -> set[str]:
    met: set[str] = set()
    ahead = {key}
    while ahead:
        ahead = {each for name in ahead for each in _wait(waiting[name], waiting)} - met
        met |= ahead
    return met
