"""Advice on what the bot itself says."""

from collections.abc import Iterator
from pathlib import Path

from bot.core.library import Library
from bot.core.problem import Problem
from bot.core.rules.advice import advise_phrases
from bot.core.yaml_text import Source, parse


def phrase_advice(folder: Path, library: Library) -> Iterator[Problem]:
    """Find phone numbers that the bot tells in the sentences of a lesson folder although nobody vouches for them."""
    for lang, phrases in library.phrases.items():
        path = folder / "phrases" / f"{lang}.yaml"
        source = parse(path.read_text(encoding="utf-8-sig"), str(path))
        if isinstance(source, Source):
            yield from advise_phrases(library.contacts, phrases, source, lang)
