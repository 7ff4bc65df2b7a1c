"""Ears that do what recognisers do on a bad day. What they do is told by how many seconds of sound they get."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from bot.voice.hearing.ear import RATE, CantHear, Heard, Kind
from bot.voice.sound import Samples

NAPS, CRASHES, HANGS, HOLDS_ALL, FILLS_MEMORY, FAILS, TELLS, DOUBTS = range(2, 10)  # seconds; 1 is well heard
NAP = 0.5  # seconds
FAKE = Kind("fake_ears:Moody", "fake_ears", "pip install fake-ears")


class Moody:
    """Hears `một` in whatever lasts one second."""

    name = "moody"

    def __init__(self, model: str) -> None:
        if model == "gone":
            raise CantHear("no ear", "The model is gone.")
        if model == "unfit":
            raise OSError("libmoody.so: wrong ELF class")
        print("loading ...", flush=True)  # noqa: T201  as libraries do, into what is a pipe for answers

    def hear(self, samples: Samples) -> Heard:
        match round(len(samples) / RATE):
            case 2:
                time.sleep(NAP)
            case 3:
                os.kill(os.getpid(), signal.SIGSEGV)
            case 4:
                time.sleep(3600)
            case 5:
                sum(range(10**12))  # not one other thread runs meanwhile
            case 6:
                np.ones(10**9)
            case 7:
                raise ValueError("no such token")
            case 8:
                return Heard(" ".join([str(os.getpid()), str(Path.cwd()), *sorted(os.environ)]), 1.0)
            case 9:
                return Heard("hai", 0.5)
        print("heard something", flush=True)  # noqa: T201
        return Heard("một", 1.0)
