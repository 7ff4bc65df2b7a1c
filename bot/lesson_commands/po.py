"""`hocso lesson export` and `import` of .po files: lessons for translators who work in their own programs."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot.console import fail
from bot.core.lesson import Course, Lesson, key_of
from bot.core.lesson_yaml import yaml_of
from bot.core.library import FIRST
from bot.core.po import Message, Original, messages, name_in, updated
from bot.core.po_reading import Taken, take
from bot.core.problem import Phrase, near
from bot.core.translation import CourseTranslation, LessonTranslation
from bot.core.yaml_file import read
from bot.lesson_commands.new import from_here
from bot.lesson_commands.originals import Translatable, translatable, translation_path
from bot.lesson_commands.po_file import NoPo, PoFile, as_po, read_po
from bot.library import NothingToTeach
from bot.voice.files import put


def export_po(  # noqa: PLR0913  each is an option
    lessons: Path, name: str, out: Path, to: str, *, update: bool, force: bool, lang: str
) -> None:
    """Write a lesson, a course with its lessons, or with an empty name all of them, as a .po."""
    if out.exists() and not (force or update):
        fail(
            f"Đã có {out}; thêm --update để giữ phần đã dịch trong đó, --force để thay."
            " (It is there already; --update keeps what is translated in it, --force replaces it.)"
        )
    found = _translatable(from_here(lessons), to)
    chosen = _chosen(found, name, lang)
    _told_if_broken(found, chosen, lang)
    entries = [entry for each in chosen for entry in messages(each)]
    dropped = 0
    if update and out.exists():
        entries, dropped = _updated(entries, _read(out, lang), to, out)
    now = dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    try:
        put(out, as_po(entries, to, now))
    except OSError as error:
        fail(f"{out}: không ghi được. (It can't be written: {error.strerror}.)")
    typer.echo(_exported(out, entries, dropped).said(lang))


def import_po(lessons: Path, po: Path, lang: str) -> None:
    """Write the translations that a .po holds beside their lessons: all of them, or with any mistake none."""
    file = _read(po, lang)
    folder = from_here(lessons)
    found = _translatable(folder, file.lang, f"{po}:{file.lang_line}: ")
    named = {name_in(entry.context) for entry in file.entries}
    if bad := _of_lessons(found, named - found.originals.keys(), lang):
        fail(*bad)
    _told_if_broken(found, [each for name, each in found.originals.items() if name in named], lang)
    taken = take(file.entries, found.originals, file.lang)
    faults = [each for each in taken if not isinstance(each, Taken)]
    if faults:
        fail(*(f"{po}:{each.line}: {each.told.said(lang)}" for each in faults))
    made = [each for each in taken if isinstance(each, Taken)]
    paths = {each.original.name: translation_path(folder, each.original.part, file.lang) for each in made}
    texts = {each.original.name: _text(each) for each in made if each.taken and not each.lacking}
    same = untouched = 0
    for each in made:
        path, text = paths[each.original.name], texts.get(each.original.name)
        written = text is not None and _write(path, text)
        if not each.taken and not each.fuzzy and not each.original.there.said:
            untouched += 1
        elif written or each.lacking or each.fuzzy or each.empty:
            typer.echo(_imported(each, path, written=written).said(lang))
        else:
            same += 1
    typer.echo(_summary(len(made), same, untouched).said(lang))


def _translatable(folder: Path, to: str, place: str = "") -> Translatable:
    """Read what can be translated into a language; end if nothing can, or the language is none of the program's."""
    try:
        found = translatable(folder, to)
    except NothingToTeach as error:
        fail(error)
    except OSError as error:
        fail(f"{error.filename}: không đọc được. (It can't be read: {error.strerror}.)")
    languages = found.library.phrases.keys() - {FIRST}
    if to not in languages:
        advice = near(to, languages)
        fail(
            f"{place}Không dịch sang {to!r} được, vì chưa có phrases/{to}.yaml; {advice.vi}."
            f" (It can't be translated into {to!r}: there is no phrases/{to}.yaml; {advice.en}.)"
            if to and to != FIRST
            else f"{place}Chưa ghi dịch sang tiếng nào; {advice.vi}."
            f" (It isn't told which language to translate into; {advice.en}.)"
        )
    return found


def _chosen(found: Translatable, name: str, lang: str) -> list[Original]:
    """Return what a name means: a lesson, a course with its lessons, or everything."""
    chosen = [
        each
        for each in found.originals.values()
        if not name
        or (
            name in {each.part.id, each.part.key, each.part.course}
            if isinstance(each.part, Lesson)
            else name == each.part.id
        )
    ]
    if not chosen:
        advice = near(name, [each.part.id for each in found.originals.values()])
        fail(
            *_of_lessons(found, {name}, lang),
            f"Không có bài hay khóa {name!r} dịch được; {advice.vi}."
            f" (There is no lesson or course {name!r} that can be translated; {advice.en}.)",
        )
    return chosen


def _of_lessons(found: Translatable, names: Collection[str], lang: str) -> list[str]:
    """Tell what keeps lessons, named by id or up to the number, from being read."""
    stems = [(each, Path(each.path).stem) for each in found.problems]
    return [each.told(lang) for each, stem in stems if stem in names or key_of(stem) in names]


def _told_if_broken(found: Translatable, chosen: Iterable[Original], lang: str) -> None:
    """End with what is wrong with translations that can't be read: writing them anew would lose what they say."""
    problems = [problem for each in chosen for problem in found.broken.get(each.name, ())]
    if problems:
        fail(*(each.told(lang) for each in problems))


def _read(path: Path, lang: str) -> PoFile:
    try:
        return read_po(path)
    except NoPo as error:
        fail(f"{path}:{error.line}: {error.told.said(lang)}")


def _updated(entries: Sequence[Message], old: PoFile, to: str, out: Path) -> tuple[list[Message], int]:
    """Return the entries with what an older .po says of them, and how many of its translations have no place now."""
    if old.lang != to:
        fail(
            f"{out}:{old.lang_line}: tệp này dịch sang {old.lang!r}, không phải {to!r}; hãy chọn --to hay --out khác."
            f" (It translates into {old.lang!r}, not {to!r}; choose another --to or --out.)"
        )
    # Of two entries for the same text, the one that is translated.
    by_context = {each.context: each for each in sorted(old.entries, key=lambda each: bool(each.said))}
    dropped = by_context.keys() - {each.context for each in entries}
    made = [updated(each, by_context[each.context]) if each.context in by_context else each for each in entries]
    return made, sum(bool(by_context[each].said) for each in dropped)


def _exported(out: Path, entries: Sequence[Message], dropped: int) -> Phrase:
    texts, fuzzy = len(entries), sum(each.fuzzy for each in entries)
    empty = sum(not each.said for each in entries)
    en = f"Written: {out}. {_texts(texts)}: {fuzzy} to look at again (fuzzy), {empty} not translated"
    vi = f"Đã ghi {out}. {texts} lời: {fuzzy} lời cần xem lại (fuzzy), {empty} lời chưa dịch"
    if dropped:
        en += f"; left out, because no lesson has a place for it any more: {dropped}"
        vi += f"; đã bỏ {dropped} lời dịch nay không còn chỗ trong bài"
    return Phrase(f"{en}.", f"{vi}.")


def _imported(taken: Taken, path: Path, *, written: bool) -> Phrase:
    """Tell what became of one lesson or course."""
    left = [
        Phrase(f"{number} {en}", f"{number} {vi}")
        for number, en, vi in (
            (taken.fuzzy, "fuzzy", "lời còn phải xem lại (fuzzy)"),
            (taken.empty, "not translated", "lời chưa dịch"),
        )
        if number
    ]
    skipped = Phrase(
        f"; not taken: {', '.join(each.en for each in left)}" if left else "",
        f"; không lấy: {', '.join(each.vi for each in left)}" if left else "",
    )
    if written:
        said = Phrase(
            f"Written: {path}: {_texts(taken.taken)}, {taken.fresh} new or changed",
            f"Đã ghi {path}: {taken.taken} lời, trong đó {taken.fresh} lời mới hoặc đã đổi",
        )
    elif taken.lacking:
        said = Phrase(
            f"Not written: {path}, which still lacks {_texts(taken.lacking)}",
            f"Chưa ghi {path}, vì còn thiếu {taken.lacking} lời dịch",
        )
    else:
        said = Phrase(f"As it was: {path}", f"Giữ nguyên {path}")
    return Phrase(f"{said.en}{skipped.en}.", f"{said.vi}{skipped.vi}.")


def _texts(number: int) -> str:
    return "1 text" if number == 1 else f"{number} texts"


def _summary(files: int, same: int, untouched: int) -> Phrase:
    return Phrase(
        f"Lessons and courses in the .po: {files}; unchanged: {same}, not translated at all: {untouched}.",
        f"Trong tệp có {files} bài và khóa; giữ nguyên: {same}, chưa có lời dịch nào: {untouched}.",
    )


def _text(taken: Taken) -> str:
    """Return the file of a whole translation, or end where YAML can't hold what it says."""
    text = taken.original.there.head + yaml_of(taken.data)
    model = CourseTranslation if isinstance(taken.original.part, Course) else LessonTranslation
    if read(model, text, "") != model.model_validate(taken.data):
        fail(
            f"{taken.original.name}: có chữ không ghi vào tệp bài học được; hãy gõ lại những chữ lạ."
            " (It has texts that a lesson's file can't hold; type unusual characters anew.)"
        )
    return text


def _write(path: Path, text: str) -> bool:
    """Write a file unless it says so already; return whether it was written."""
    data = text.encode()
    try:
        if path.exists() and path.read_bytes() == data:
            return False
        put(path, data)
    except OSError as error:
        fail(f"{path}: không ghi được. (It can't be written: {error.strerror}.)")
    return True
