"""Sound -> AAC for Zalo, whose bots send voice as a link to an .aac file; only where an encoder is there.

libsndfile makes no AAC. PyAV (package `av`, 100 MB) is taken where it is installed, else the
program `ffmpeg`; neither is needed for anything else, so neither is a dependency.
"""

import importlib
import io
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache

import numpy as np

from bot.voice.packing import PAUSE, pauses_of, ready
from bot.voice.sound import Samples, Sound

RATE = 16_000  # Hz
KBIT = 24  # kbit/s
LONGEST_SECONDS = 30.0  # that ffmpeg may take

_SAMPLES = 1024  # a frame
_SILENCE_SECONDS = 5
_HEAD = 7  # bytes before each frame (ADTS, ISO/IEC 13818-7), without the checksum that no encoder here writes
_NO_ENCODER = "AAC can't be made here: install the Python package av, or the program ffmpeg."


class NoEncoder(RuntimeError):
    """No AAC can be made on this machine; its sentence says why, and what to install."""


def encode(sound: Sound) -> bytes:
    """Return the sound as AAC-LC in ADTS: mono, 16 kHz, 24 kbit/s.

    Raises NoEncoder where there is no encoder, or it fails, and ValueError for a sound without samples.
    """
    samples = ready(sound, RATE)
    data = _by_pyav(samples) if has_pyav() else _by_ffmpeg(samples)
    if wrong := check(data):
        raise NoEncoder(f"The AAC encoder doesn't do its work: {wrong}")
    return data


def has_pyav() -> bool:
    """Whether PyAV is installed; importing it takes 80 ms the first time."""
    try:
        importlib.import_module("av")
    except ImportError:
        return False
    return True


def lacking() -> str:
    """Return why no AAC can be made on this machine, in a sentence, or ""."""
    return "" if has_pyav() or shutil.which("ffmpeg") else _NO_ENCODER


def check(data: bytes) -> str:
    """Return what is wrong with a file, in a sentence, or "": whole ADTS frames, AAC-LC, mono, 16 kHz."""
    at = 0
    while at < len(data):
        head = data[at : at + _HEAD]
        # Twelve bits of sync, MPEG-4 or MPEG-2, no layer, no checksum; then LC, 16 kHz (index 8), one channel.
        if len(head) < _HEAD or head[0] != 0xFF or head[1] | 8 != 0xF9 or head[2] & 0xFD != 0x60 or head[3] >> 6 != 1:  # noqa: PLR2004
            return f"No AAC frame, mono at {RATE} Hz, begins at byte {at}."
        size = _frame_size(head)
        if size <= _HEAD or len(data) < at + size:
            return f"The AAC frame at byte {at} is cut off."
        at += size
    return "" if data else "The AAC is empty."


def seconds_of(data: bytes) -> float:
    """Return how long a file that `check` passes is heard."""
    at = frames = 0
    while at < len(data):
        at += _frame_size(data[at : at + _HEAD])
        frames += 1
    return frames * _SAMPLES / RATE


def joined(clips: Sequence[bytes], pauses: float | Sequence[float] = PAUSE) -> bytes:
    """Make one file of clips that `check` passes, without encoding them again.

    `pauses` are seconds after each clip but the last, 5 at most, kept to 64 ms. Raises ValueError for no
    clips, or pauses that don't fit them, and NoEncoder, since the silence must be encoded once.
    """
    between = pauses_of(clips, pauses)
    joint = [clips[0]]
    for clip, pause in zip(clips[1:], between, strict=True):
        joint += [*_silence()[: round(pause * RATE / _SAMPLES)], clip]
    return b"".join(joint)


@cache
def _silence() -> tuple[bytes, ...]:
    """Return the frames of some seconds of silence."""
    data = encode(Sound(np.zeros(_SILENCE_SECONDS * RATE, np.float32), RATE))
    frames = []
    while data:
        size = _frame_size(data)
        frames.append(data[:size])
        data = data[size:]
    return tuple(frames)


def _frame_size(head: bytes) -> int:
    return (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5


def _by_pyav(samples: Samples) -> bytes:
    av = importlib.import_module("av")
    file = io.BytesIO()
    with av.open(file, "w", format="adts") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        stream.bit_rate = KBIT * 1000
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = RATE
        container.mux([packet for piece in (frame, None) for packet in stream.encode(piece)])
    return file.getvalue()


def _by_ffmpeg(samples: Samples) -> bytes:
    program = shutil.which("ffmpeg")
    if not program:
        raise NoEncoder(_NO_ENCODER)
    before = f"-v error -f f32le -ar {RATE} -ac 1 -i pipe:0".split()
    after = f"-c:a aac -b:a {KBIT}k -f adts pipe:1".split()
    try:
        done = subprocess.run(  # noqa: S603  found on the path, and fed nothing but samples
            [program, *before, *after],
            input=samples.astype("<f4").tobytes(),
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise NoEncoder(f"{program} made no AAC within {LONGEST_SECONDS:.0f} seconds.") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip() or f"it ended with {error.returncode}"
        raise NoEncoder(f"{program} makes no AAC: {said}") from None
    except OSError as error:
        raise NoEncoder(f"{program} doesn't run ({error.strerror}).") from None
    return done.stdout
