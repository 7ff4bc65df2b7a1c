"""Reads the texts of lesson, course and translation files into values, or names every problem."""

from bot.core.lesson import Course, CourseFile, Lesson, LessonFile
from bot.core.lesson_checks import departures, untaught
from bot.core.problem import Problem
from bot.core.translation import CourseTranslation, LessonTranslation, in_words_of
from bot.core.yaml_file import Source, check, parse


def read_lesson(text: str, path: str, lesson_id: str, course: str) -> Lesson | list[Problem]:
    """YAML text -> a lesson in its first language, or all that is wrong with it."""
    source = parse(text, path)
    return source if isinstance(source, list) else lesson_of(source, lesson_id, course)


def lesson_of(source: Source, lesson_id: str, course: str) -> Lesson | list[Problem]:
    """Plain data -> a lesson in its first language, or all that is wrong with it."""
    file = check(LessonFile, source)
    problems = [*(file if isinstance(file, list) else ()), *untaught(source)]
    if isinstance(file, list) or problems:
        return sorted(set(problems))
    return Lesson.model_construct(**dict(file), id=lesson_id, course=course)


def read_course(text: str, path: str, folder: str) -> Course | list[Problem]:
    """YAML text of a `course.yaml` -> a course still without lessons, or all that is wrong."""
    source = parse(text, path)
    if isinstance(source, list):
        return source
    file = check(CourseFile, source)
    problems = list(file) if isinstance(file, list) else []
    name = source.data.get("id", folder) if isinstance(source.data, dict) else folder
    if name != folder and not any(source.place(("id",)) == (each.line, each.column) for each in problems):
        problems.append(source.problem(("id",), "other-course-id", name=str(name), folder=folder))
    if isinstance(file, list) or problems:
        return sorted(problems)
    return Course.model_construct(**dict(file))


def read_course_translation(text: str, path: str, course: Course | None, lang: str) -> Course | list[Problem]:
    """YAML text -> the course in another language, or all that is wrong: nothing where the course itself is bad."""
    source = parse(text, path)
    if isinstance(source, list):
        return source
    said = check(CourseTranslation, source)
    if isinstance(said, list) or course is None:
        return said if isinstance(said, list) else []
    return course.model_copy(update={"title": said.title, "summary": said.summary, "lang": lang})


def read_translation(text: str, path: str, lesson: Lesson, lang: str) -> Lesson | list[Problem]:
    """YAML text -> the lesson in another language, or all in which it departs from the lesson."""
    source = parse(text, path)
    return source if isinstance(source, list) else translation_of(source, lesson, lang)


def translation_of(source: Source, lesson: Lesson, lang: str) -> Lesson | list[Problem]:
    """Plain data -> the lesson in another language, or all in which it departs from the lesson."""
    said = check(LessonTranslation, source)
    problems = [*(said if isinstance(said, list) else ()), *departures(lesson, source)]
    if isinstance(said, list) or problems:
        return sorted(set(problems))
    steps = tuple(in_words_of(step, words) for step, words in zip(lesson.steps, said.steps, strict=True))
    update = {"title": said.title, "summary": said.summary, "learnt": said.learnt, "help": said.help, "lang": lang}
    # Built anew, not copied: a copy would carry the first language's cached indexes along.
    return Lesson.model_construct(**{**dict(lesson), **update, "allow": said.allow, "steps": steps})
