"""A small synthetic province, as values: the learners of `hocso demo` with what they left in the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from small import SHIPPED

from bot.core.tally import Learner, Plan, Row, last_day, plan_of, week_of
from bot.demo.people import Province, SampleLearner

UNTIL = last_day(week_of(20_779))  # Sunday, 2026-11-22
PLAN: Plan = plan_of(SHIPPED)


@dataclass(frozen=True)
class Sample:
    """A province and all who learn there."""

    province: Province
    people: tuple[SampleLearner, ...]

    @cached_property
    def teams(self) -> Mapping[int, tuple[str, str]]:
        return {team.number: (team.commune, team.name) for team in self.province.teams}

    @cached_property
    def learners(self) -> list[Learner]:
        found = []
        for each in self.people:
            said = {
                record.kind: record.choice for entry in each.entries for record in entry.records if not record.lesson
            }
            channel = each.account.partition(":")[0]
            path, listens = said.get("path", ""), said["manner"] == "listen"
            found.append(Learner(each.number, each.entries[0].day, each.team or 0, channel, path, listens))
        return found

    @cached_property
    def rows(self) -> list[Row]:
        return [
            Row(each.number, entry.turn, entry.minute, entry.day, record)
            for each in self.people
            for entry in each.entries
            for record in entry.records
        ]

    @cached_property
    def helpers(self) -> list[int]:
        return [each.team for each in self.people if each.helps and each.team]


@cache
def sample(learners: int, seed: int = 7) -> Sample:
    province = Province(SHIPPED, learners, seed, UNTIL)
    return Sample(province, tuple(each for each in province.learners() if each.entries))
