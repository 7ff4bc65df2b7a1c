"""The bytes of a voice note -> sound that ears take; bounded in size and length, whatever the file says of itself.

What comes from strangers is decoded in the worker only, which may crash; nothing is written to disk.
"""

import io
import shutil
import subprocess
from importlib import import_module

import numpy as np
import soundfile  # type: ignore[import-untyped]  # it ships no types

from bot.voice.aac import has_pyav
from bot.voice.hearing.ear import RATE, CantHear
from bot.voice.level import levelled, trimmed
from bot.voice.sound import RATES, BadSound, Samples, Sound, SoundTooLong, read_sound, resampled

MOST_BYTES = 2_000_000  # a minute of 16-bit samples at 16 kHz, or 8 minutes of Telegram's Opus
MOST_SECONDS = 60.0
LEAST_SECONDS = 0.3  # a finger that didn't stay; the shortest words take longer with their beginning and end
QUIETEST = -50.0  # dBFS: no tenth of a second is louder in what counts as silence; speech into a phone has -30 to -10
FFMPEG_SECONDS = 10.0  # that ffmpeg may take

_PIECE = RATE // 10  # samples over which loudness is taken


def decoded(raw: bytes) -> Samples:
    """Return mono sound of 16 kHz, without silence around it, at one loudness.

    OGG (Opus, Vorbis), WAV (PCM, float, µ-law, ...), MP3 and FLAC; AAC and WebM too where PyAV or the
    program ffmpeg is installed. Raises CantHear: `too long`, `too short`, `silent`, `not audio`, or
    `no ear` for AAC and WebM without a decoder.
    """
    samples = np.clip(resampled(opened(raw), RATE).samples, -1, 1)
    if not np.isfinite(samples).all():
        raise CantHear("not audio", "The sound has samples that aren't numbers.")
    if len(samples) < LEAST_SECONDS * RATE:
        raise CantHear("too short", f"The sound has {len(samples) / RATE:.2f} seconds; {LEAST_SECONDS:g} are needed.")
    samples = samples - samples.mean(dtype=np.float64).astype(np.float32)  # a constant offset is no sound
    if (loudest := _loudest(samples)) < QUIETEST:
        raise CantHear("silent", f"The sound is silent: {loudest:.0f} dBFS where it is loudest.")
    return levelled(trimmed(Sound(samples, RATE))).samples


def opened(raw: bytes) -> Sound:
    """Return what is in a voice note's file, at its own rate where libsndfile reads it.

    Raises CantHear: `too long`, `not audio`, `no ear`, as `decoded` does.
    """
    if len(raw) > MOST_BYTES:
        raise too_large(len(raw))
    return _read_otherwise(raw) if _foreign(raw) else _read(raw)


def too_large(size: int) -> CantHear:
    """Return what is raised for so many bytes."""
    return CantHear("too long", f"The voice note has {size:,} bytes; {MOST_BYTES:,} are taken.")


def _read(raw: bytes) -> Sound:
    """Read what libsndfile knows; a file that says it is too long is believed before it is decoded."""
    try:
        with soundfile.SoundFile(io.BytesIO(raw)) as file:
            if file.samplerate in RATES and file.frames > MOST_SECONDS * file.samplerate:
                raise _too_long()
        return read_sound(raw, seconds=MOST_SECONDS, size=MOST_BYTES)
    except SoundTooLong:
        raise _too_long() from None
    except (BadSound, soundfile.SoundFileError) as error:
        raise CantHear("not audio", "This is no sound that can be read, or it is broken.") from error


def _too_long() -> CantHear:
    return CantHear("too long", f"The sound is longer than {MOST_SECONDS:g} seconds.")


def _loudest(samples: Samples) -> float:
    """Return the RMS of the loudest tenth of a second, in dBFS."""
    pieces = samples[: len(samples) // _PIECE * _PIECE].reshape(-1, _PIECE)
    power = np.square(pieces, dtype=np.float64).mean(axis=1).max(initial=0.0)
    return float(10 * np.log10(power + 1e-12))


def _foreign(raw: bytes) -> bool:
    """Whether libsndfile doesn't know it, but others may: AAC (ADTS), MP4, WebM."""
    adts = len(raw) > 1 and raw[0] == 0xFF and raw[1] & 0xF6 == 0xF0  # noqa: PLR2004  sync word, and no layer as MP3 has
    return adts or raw[4:8] == b"ftyp" or raw[:4] == b"\x1a\x45\xdf\xa3"


def _read_otherwise(raw: bytes) -> Sound:
    samples = _by_pyav(raw) if has_pyav() else _by_ffmpeg(raw)
    if len(samples) > MOST_SECONDS * RATE:
        raise _too_long()
    return Sound(samples, RATE)


def _by_pyav(raw: bytes) -> Samples:
    av = import_module("av")
    pieces: list[Samples] = []
    left = round(MOST_SECONDS * RATE)
    try:
        with av.open(io.BytesIO(raw)) as container:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in container.decode(audio=0):
                for piece in resampler.resample(frame):
                    pieces.append(piece.to_ndarray()[0].astype(np.float32))
                    left -= len(pieces[-1])
                if left < 0:
                    break
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise CantHear("not audio", "This is no sound that PyAV can read, or it is broken.") from error
    return np.concatenate(pieces) if pieces else np.empty(0, np.float32)


def _by_ffmpeg(raw: bytes) -> Samples:
    program = shutil.which("ffmpeg")
    if not program:
        raise CantHear("no ear", "AAC and WebM can't be heard here: install the package av, or the program ffmpeg.")
    before = ["-v", "error", "-protocol_whitelist", "pipe", "-i", "pipe:0"]  # a file may name others: none are opened
    after = ["-vn", "-t", f"{MOST_SECONDS + 1:g}", "-ac", "1", "-ar", str(RATE), "-f", "f32le", "pipe:1"]
    try:
        done = subprocess.run(  # noqa: S603  found on the path
            [program, *before, *after], input=raw, capture_output=True, timeout=FFMPEG_SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise CantHear("not audio", f"{program} can't read this sound.") from error
    return np.frombuffer(done.stdout[: len(done.stdout) // 4 * 4], "<f4").astype(np.float32)
