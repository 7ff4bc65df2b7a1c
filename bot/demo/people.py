"""Who learns in the synthetic province, where, when, and how far they come. Chance alone decides, from a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from bot.core.library import Library
from bot.core.places import Commune
from bot.core.places import Province as Places
from bot.core.tally import VIETNAM
from bot.core.turn import Entry, Record
from bot.demo.plays import KINDS, Play, helped, play_all

COMMUNES: Final = 166
FIRST_CODE: Final = 99_001  # of communes: the national list has none of these
KIN: Final = ("Bà", "Ông", "Cô", "Chú", "Bác")
GIVEN: Final = ("Lý", "Tư", "Hoa", "Sáu", "Nhàn", "Thanh", "Bình", "Mai", "Lan", "Hải", "Thúy", "Dũng", "Kim", "Vinh")
SAMPLE: Final = "mẫu"  # stands behind each name
WEEKS: Final = 12
CHANNELS: Final = {"zalo": 46, "web": 34, "telegram": 18, "terminal": 2}
LAUNCH: Final = 5  # day of the first week on which many come
# Shares of the learners.
IN_TEAM, LISTENS, WITH_HELPER, LAUNCHED, BY_LINK = 0.88, 0.28, 0.22, 0.1, 0.2
# How likely someone is to do so after a lesson, or in it.
GIVES_UP, COMES_BACK, ANOTHER_DAY, HELPED_AGAIN = 0.14, 0.35, 0.6, 0.6
LEARNERS_A_TEAM, LEARNERS_A_HELPER = 30, 25
HOURS: Final = (1, 0, 0, 0, 1, 4, 9, 14, 18, 17, 12, 7, 6, 6, 9, 12, 12, 11, 14, 20, 22, 14, 6, 2)  # weights
_DAY: Final = 24 * 60  # minutes


@dataclass(frozen=True)
class Team:
    """A group of the synthetic province."""

    number: int
    commune: str
    name: str


@dataclass(frozen=True)
class SampleLearner:
    """Someone who never lived, with all they left in the journal."""

    account: str
    number: int
    team: int | None
    helps: bool
    entries: Sequence[Entry]

    @property
    def called(self) -> str:
        """What the helpers of their group would call them; empty: they told no name."""
        kin, given = KIN[self.number % len(KIN)], GIVEN[self.number // 7 % len(GIVEN)]
        return "" if self.team is None or self.number % 5 > 2 else f"{kin} {given} ({SAMPLE})"  # noqa: PLR2004  most do


class Province:
    """A synthetic province until the end of the day `until`, the same for the same seed and lessons."""

    def __init__(self, library: Library, learners: int, seed: int, until: int) -> None:
        self._dice = Random(seed)  # noqa: S311  no secret
        self._library = library
        self._learners = learners
        self._until = until
        self._plays = play_all(library, self._dice)
        self._paths = sorted({path for _, _, path in self._plays.welcomes})
        self._helped = {key: [helped(play, self._dice) for play in plays] for key, plays in self._plays.lessons.items()}
        self.since = until - WEEKS * 7 + 1  # the first day
        self.teams = self._make_teams()

    def _make_teams(self) -> list[Team]:
        dice, teams = self._dice, list[Team]()
        wanted = max(COMMUNES, self._learners // LEARNERS_A_TEAM)
        sizes = [dice.lognormvariate(0, 0.7) for _ in range(COMMUNES)]
        for at, size in enumerate(sizes):
            for number in range(max(1, round(wanted * size / sum(sizes)))):
                teams.append(Team(len(teams) + 1, str(FIRST_CODE + at), f"Tổ {number + 1} ({SAMPLE})"))
        return teams

    @staticmethod
    def places(like: Places) -> Places:
        """Return sample communes, with codes of their own and names like those of a real province."""
        names = [like.communes[at % len(like.communes)] for at in range(COMMUNES)]
        communes = (
            Commune(str(FIRST_CODE + at), each.kind, f"{each.name} ({SAMPLE})") for at, each in enumerate(names)
        )
        return Places(replace(like.itself, name=f"{like.itself.name} ({SAMPLE})"), tuple(communes))

    def learners(self) -> Iterator[SampleLearner]:
        """Make the learners, one by one."""
        dice = self._dice
        weights = [dice.lognormvariate(0, 0.5) for _ in self.teams]
        teams = dice.choices(self.teams, weights, k=self._learners)
        channels = dice.choices(list(CHANNELS), list(CHANNELS.values()), k=self._learners)
        for at, (team, channel) in enumerate(zip(teams, channels, strict=True)):
            joined = dice.random() < IN_TEAM
            yield SampleLearner(
                f"{channel}:demo-{at + 1:07}",
                dice.getrandbits(63),
                team.number if joined else None,
                helps=joined and dice.random() < 1 / LEARNERS_A_HELPER,
                entries=self._life(),
            )

    def _life(self) -> list[Entry]:
        """Make all that one learner does."""
        dice = self._dice
        launched = dice.random() < LAUNCHED
        came = self.since + (LAUNCH if launched else int((WEEKS * 7 - 1) * dice.random() ** 0.7))  # more and more come
        path = dice.choice(self._paths)
        life = _Life(dice, came)
        life.play(self._plays.welcome(dice, path, listens=dice.random() < LISTENS))
        kind = dice.randrange(len(KINDS))
        keys = self._library.along(path) or self._library.order
        start = dice.randrange(len(keys)) if dice.random() < BY_LINK else 0
        beside = dice.random() < WITH_HELPER
        for key in keys[start : start + 1 + int(dice.expovariate(0.3))]:
            play = dice.choice((self._helped if beside else self._plays.lessons)[key, kind])
            if dice.random() < GIVES_UP:
                stop = self._stop(play)
                life.play(play[:stop])
                if dice.random() > COMES_BACK:
                    break
                life.sleep()
                life.play([(_resumed(play[:stop]),)])
                life.play(play[stop:])
            else:
                life.play(play)
            if dice.random() < ANOTHER_DAY:
                life.sleep()
            beside = beside and dice.random() < HELPED_AGAIN
        return [entry for entry in life.entries if entry.day <= self._until]

    def _stop(self, play: Play) -> int:
        """Return after how many turns someone gives up: more often where they are stuck."""
        stuck = [at for at, records in enumerate(play, 1) if any(record.kind == "stuck" for record in records)]
        places: list[int] = [*stuck * 3, *range(1, len(play))]
        return self._dice.choice(places)


class _Life:
    """What one learner does, turn by turn."""

    def __init__(self, dice: Random, day: int) -> None:
        self.entries: list[Entry] = []
        self._dice = dice
        self._turn = 0
        self._minute = self._some_minute(day)

    def play(self, play: Play) -> None:
        """Do as in this play, right now."""
        pace = self._dice.choice((2, 3, 4))  # turns a minute
        for at, records in enumerate(play, 1):
            if records:
                now = self._minute + at // pace
                self.entries.append(Entry(self._turn + at, now, _day(now), records))
        self._turn += len(play)
        self._minute += len(play) // pace + 1

    def sleep(self) -> None:
        """Go on another day."""
        self._minute = self._some_minute(_day(self._minute) + 1 + int(self._dice.expovariate(0.35)))

    def _some_minute(self, day: int) -> int:
        hour: int = self._dice.choices(range(24), HOURS)[0]
        return day * _DAY - VIETNAM + hour * 60 + self._dice.randrange(60)


def _day(minute: int) -> int:
    return (minute + VIETNAM) // _DAY


def _resumed(play: Play) -> Record:
    stands = [record for records in play for record in records if record.kind in {"began", "reached"}][-1]
    return Record("resumed", stands.lesson, stands.step)
