"""What the bot itself says, and the words it knows, in one language: `lessons/phrases/<lang>.yaml`."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.core.crew_phrases import SaysToCrew
from bot.core.fold import Typed, fold
from bot.core.lesson import Items
from bot.core.reading_phrases import ForVolunteers, Wordings
from bot.core.understand import Vocabulary
from bot.core.wording import FORMS, PLACEHOLDERS, Text
from bot.core.wording import with_slots as _with
from bot.core.yaml_file import FileModel, fault


def check_for_everybody(text: str) -> str:
    """Return the text; raise what tells the editor that nobody in particular is spoken to."""
    for name in sorted(PLACEHOLDERS):
        if f"{{{name}}}" in text:
            raise fault("not-for-everybody", slot=f"{{{name}}}")
    return text


_FOR_EVERYBODY = AfterValidator(check_for_everybody)


class Words(FileModel):
    """The global words: they work anywhere and lose nobody's place."""

    hello: Wordings
    menu: Wordings
    again: Wordings
    slow: Wordings
    normal: Wordings
    next: Wordings
    back: Wordings
    help: Wordings
    stop: Wordings
    settings: Wordings
    data: Wordings
    delete: Wordings
    elsewhere: Wordings
    people: Wordings
    group: Wordings
    team: Wordings
    call: Wordings
    beside: Wordings
    alone: Wordings
    office: Wordings
    thanks: Wordings
    vi: Wordings
    en: Wordings
    urgent: Wordings


class Answers(FileModel):
    """Further wordings of the bot's own buttons."""

    agree: Wordings
    decline: Wordings
    more: Wordings
    read: Wordings
    listen: Wordings
    done: Wordings
    differs: Wordings
    stuck: Wordings
    later: Wordings
    resume: Wordings
    keep: Wordings
    erase: Wordings
    leave_team: Wordings


class Says(SaysToCrew):
    """The bot's sentences and the labels of its buttons."""

    # welcome
    welcome: Text
    consent: Text
    more: Text
    declined: Text
    agree_label: Text
    more_label: Text
    decline_label: Text
    ask_address: Text
    ask_manner: Text
    read_label: Text
    listen_label: Text
    listen_note: Text
    nice: Text
    ask_path: Text
    later_path_label: Text
    path_chosen: Annotated[str, _with("title", "summary", "all")]
    # menu
    menu: Text
    menu_done: Annotated[str, _with("done", "all")]
    all_done: Text
    path_finished: Annotated[str, _with("title")]
    start_label: Annotated[str, _with("title")]
    continue_label: Annotated[str, _with("title")]
    course_label: Annotated[str, _with("title", "done", "all")]
    new_course_label: Annotated[str, _with("title", "all")]
    course: Annotated[str, _with("title", "summary")]
    path_parts: Annotated[str, _with("title", "summary")]
    courses: Text
    courses_label: Text
    this_path_label: Annotated[str, _with("title")]
    choose_path_label: Text
    done_label: Annotated[str, _with("title")]
    open_label: Annotated[str, _with("title")]
    menu_label: Text
    settings_label: Text
    help_label: Text
    hear_label: Text
    # lesson
    began: Annotated[str, _with("title", "summary", "minutes", "steps")]
    resumed: Annotated[str, _with("title")]
    first_learn: Annotated[str, _with("title")]
    may_have_changed: Annotated[str, _with("date")]
    step: Annotated[str, _with("step", "steps")]
    next_label: Text
    right: Annotated[str, _with("because")]
    wrong: Annotated[str, _with("because")]
    again: Text
    hint: Annotated[str, _with("hint")]
    answer: Annotated[str, _with("choice", "because")]
    done_label_do: Text
    differs_label: Text
    stuck_label: Text
    later_label: Text
    did: Text
    differs: Text
    stuck: Text
    later: Text
    rehearse_label: Text
    speaks: Annotated[str, _with("who", "says")]
    react: Text
    finished: Annotated[str, _with("title", "learnt")]
    score: Annotated[str, _with("right", "asked")]
    where_help: Annotated[str, _with("help")]
    help_people: Text
    redo_label: Text
    looking_back: Annotated[str, _with("step", "steps")]
    back_label: Text
    return_label: Text
    leave_label: Text
    moved: Text
    led: Text
    altered: Text
    gone: Text
    # asides
    urgent: Text
    urgent_label: Text
    help: Text
    paused: Annotated[str, _with("title", "step", "steps")]
    goodbye: Text
    resume_label: Text
    slowed: Text
    unslowed: Text
    # settings
    settings: Text
    address_label: Annotated[str, _with("word")]
    ask_other_path: Text
    no_path_label: Text
    language_label: Text
    to_listen_label: Text
    to_read_label: Text
    slow_label: Text
    unslow_label: Text
    save_label: Text
    unsave_label: Text
    elsewhere_label: Text
    elsewhere: Text
    accounts: Annotated[str, _with("count")]
    give_code_label: Text
    enter_code_label: Text
    leave_account_label: Text
    code: Annotated[str, _with("code")]
    code_over: Text
    new_code_label: Text
    enter_code: Text
    ask_leave: Text
    stay_label: Text
    do_leave_label: Text
    joined: Text
    joined_already: Text
    join_unknown: Text
    join_same: Text
    join_later: Text
    join_full: Text
    code_later: Text
    left: Text
    people_label: Text
    people: Text
    person: Annotated[str, _with("number")]
    person_label: Annotated[str, _with("name")]
    current_person_label: Annotated[str, _with("name")]
    locked_person_label: Annotated[str, _with("name")]
    turn_of: Annotated[str, _with("name")]
    add_person_label: Text
    mine_label: Text
    mine: Annotated[str, _with("name")]
    rename_label: Text
    lock_label: Text
    unlock_label: Text
    remove_label: Text
    ask_name: Text
    ask_own_name: Text
    name_refused: Text
    name_taken: Text
    named: Text
    people_full: Text
    ask_lock: Text
    ask_pin: Annotated[str, _with("name")]
    locked: Text
    unlocked: Text
    pin_wrong: Text
    pin_later: Text
    ask_remove: Annotated[str, _with("name")]
    ask_remove_elsewhere: Annotated[str, _with("name")]
    do_remove_label: Text
    kept_name: Annotated[str, _with("name")]
    kept_pin: Text
    ask_join: Annotated[str, _with("team")]
    ask_change_team: Annotated[str, _with("old", "team")]
    join_means: Text
    join_label: Text
    pass_label: Text
    team_joined: Annotated[str, _with("team")]
    team_passed: Text
    team_already: Annotated[str, _with("team")]
    team_ended: Annotated[str, _with("team")]
    team_unknown: Annotated[str, _with("code")]
    code_wrong: Text
    welcome_team: Annotated[str, _with("team")]
    team_label: Annotated[str, _with("team")]
    no_team_label: Text
    in_team: Annotated[str, _with("team")]
    in_no_team: Text
    own_team_ended: Text
    leave_means: Text
    leave_team_label: Text
    team_left: Annotated[str, _with("team")]
    team_by_code: Annotated[str, _with("code")]
    kept_team: Annotated[str, _with("team")]
    ask_delete_all: Annotated[str, _with("count")]
    data_label: Text
    delete_label: Text
    changed: Text
    data: Annotated[str, _with("kept")]
    kept_address: Annotated[str, _with("word")]
    kept_manner: Annotated[str, _with("manner")]
    kept_path: Annotated[str, _with("title")]
    kept_lesson: Annotated[str, _with("title", "step", "steps")]
    kept_done: Annotated[str, _with("title", "date")]
    kept_consent: Annotated[str, _with("date")]
    kept_never: Text
    ask_delete: Text
    keep_label: Text
    erase_label: Text
    deleted: Annotated[str, _with("receipt")]
    start_over_label: Text
    # whatever else a learner does
    hello: Text
    thanks: Text
    hello_again: Annotated[str, _with("days")]
    recap: Annotated[str, _with("text")]
    late: Text
    late_words: Text
    empty: Text
    too_long: Text
    unclear: Text
    mean_one: Annotated[str, _with("first")]
    mean_two: Annotated[str, _with("first", "second")]
    choose: Text
    no_words: Text
    heard_one: Annotated[str, _with("first")]
    heard_two: Annotated[str, _with("first", "second")]
    heard_word: Annotated[str, _with("first")]
    heard_unclear: Text
    heard_long: Text
    heard_short: Text
    heard_silent: Text
    heard_broken: Text
    heard_busy: Text
    cant_hear: Text
    how_to_speak: Text
    in_group: Text
    nothing_before: Text
    no_such_lesson: Text
    secret_card: Text
    secret_citizen: Text
    secret_phone: Text
    secret_code: Text
    trouble: Text
    # said to those who listen, by a voice that doesn't know to whom
    say_next: Annotated[Text, _FOR_EVERYBODY]
    in_picture: Annotated[str, _with("alt"), _FOR_EVERYBODY]
    stands_as_text: Annotated[Text, _FOR_EVERYBODY]


class Phrases(FileModel):
    """One file of phrases."""

    format: Literal[1]
    language: Text  # its own name for itself, as a button says it
    numbers: Annotated[Items[Wordings], Field(min_length=9, max_length=9)]  # the words for 1 to 9
    fillers: Wordings  # words around an answer that mean nothing by themselves
    words: Words
    answers: Answers
    says: Says
    reading: ForVolunteers


def vocabulary(languages: Iterable[Phrases]) -> Vocabulary:
    """Gather the words of all languages: each may be typed whatever language is shown."""
    words: list[tuple[Typed, str]] = []
    urgent: list[Typed] = []
    numbers: dict[str, list[tuple[Typed, int]]] = {}
    addresses = [word for form in FORMS.values() for word in (form.learner, form.tutor)]  # `bác chọn số 2`
    fillers: dict[str, set[Typed]] = {}
    for phrases in languages:
        for wording in map(fold, (*phrases.fillers, *addresses)):
            for word in wording.words:
                fillers.setdefault(word.bare, set()).add(word)
        for name in Words.model_fields:
            wordings = [fold(wording) for wording in getattr(phrases.words, name)]
            words += [(wording, name) for wording in wordings]
            if name == "urgent":
                urgent += wordings
        for number, wordings_of in enumerate(phrases.numbers, 1):
            for wording in map(fold, wordings_of):
                numbers.setdefault(wording.bare, []).append((wording, number))
    return Vocabulary(
        tuple(words),
        tuple(urgent),
        {bare: tuple(meant) for bare, meant in numbers.items()},
        {letters: tuple(single) for letters, single in fillers.items()},
    )
