"""How certain heard words are, for recognisers that don't say: whether a second decoding gives the same.

Neither viet-asr nor sherpa's models tell anything that means "I am sure". So the sound is decoded
again, a little slower and a little later: words that are there stay, guesses fall apart. Measured
with viet-asr on 63 pieces of human speech of 0.3 to 1.4 seconds, many cut in the middle of a word:
of all texts 51 % were right, of those that came twice 85 %, at the price of asking back 31 % of the
right ones; with noise at 15 dB 40 %, 79 % and 40 %. More decodings, or louder and softer ones,
gave no better.
"""

import re
from collections.abc import Callable
from difflib import SequenceMatcher

import numpy as np

from bot.voice.hearing.ear import RATE, Heard
from bot.voice.sound import Samples, Sound, resampled

SLOWER = 1.07  # times as long
LATER = 0.08  # seconds
LONGEST = 10.0  # seconds; no answer takes as long, so what is longer is not decoded again, and not certain

_words = re.compile(r"\w+")


def twice(text_of: Callable[[Samples], str], samples: Samples) -> Heard:
    """Decode, and decode again: certainty is the share of words that both have in the same order."""
    words = _words.findall(text_of(samples).lower())
    if not words or len(samples) > LONGEST * RATE:
        return Heard(" ".join(words), 0.0)
    again = _words.findall(text_of(_otherwise(samples)).lower())
    return Heard(" ".join(words), SequenceMatcher(None, words, again, autojunk=False).ratio())


def _otherwise(samples: Samples) -> Samples:
    """Return the same sound, slower and later."""
    slower = resampled(Sound(samples, RATE), round(RATE * SLOWER)).samples
    return np.concatenate([np.zeros(round(LATER * RATE), np.float32), slower])
