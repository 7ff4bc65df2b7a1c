"""The rules that files are held to, each with a code that stays. docs/lessons.md explains each to editors.

A module here has the sentences of what the module of the same name finds. Reading lessons for teaching
looks for errors only; `advice` has what is looked for besides when lessons are checked.
"""

from collections.abc import Iterable, Mapping

from bot.core.rules import (
    address,
    budget,
    changed,
    config,
    contacts,
    ears,
    fresh,
    lesson,
    library,
    paths,
    phrases,
    pronunciation,
    recordings,
    safety,
    silence,
    talk_example,
    teaching,
    translation,
    wording,
    yaml_file,
    yaml_text,
)
from bot.core.rules.rule import Rule

MODULES = (
    yaml_text,
    yaml_file,
    wording,
    lesson,
    translation,
    library,
    paths,
    phrases,
    pronunciation,
    recordings,
    contacts,
    config,
    ears,
    safety,
    address,
    teaching,
    budget,
    fresh,
    changed,
    silence,
    talk_example,
)


def gathered(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    """Return the rules by their codes.

    Raises:
        ValueError: two have the same code.
    """
    found: dict[str, Rule] = {}
    for rule in rules:
        if rule.code in found:
            raise ValueError(f"two rules have the code {rule.code!r}")
        found[rule.code] = rule
    return found


ALL: Mapping[str, Rule] = gathered(rule for module in MODULES for rule in module.RULES)
