"""Voice: clips encoded a second, bytes a minute, joins a second, what the shelf gives and takes; then the talk.

Both sides of a comparison run in turn in one run; medians of several rounds, seconds of CPU but where a
disk is waited for. The sound is what espeak says, the voice that is always there.
"""

import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]  # it ships no types
import voice_talk

from bot.voice import mp3, opus
from bot.voice.engines.espeak import Espeak
from bot.voice.join import joined
from bot.voice.shelf import Shelf
from bot.voice.sound import Sound, resampled
from bot.voice.sound import joined as joined_sounds

ROUNDS = 5
PARTS = (  # feedback, the step, three choices
    "Đúng rồi, bác giỏi quá.",
    (
        "Có người gọi điện, xưng là công an phường. Họ nói căn cước của bác sắp bị khóa, bác phải đọc ngay mã số "
        "vừa được gửi đến máy thì mới giữ lại được. Theo bác, bây giờ nên làm gì?"
    ),
    "Một: đọc mã số cho họ, vì họ là công an.",
    "Hai: cúp máy, rồi hỏi con cháu hoặc gọi công an phường.",
    "Ba: hỏi lại họ tên gì, rồi mới đọc.",
)
CLIPS = 1000  # on the shelf


def said(text: str) -> Sound:
    return resampled(Espeak().say(text, "vi", slow=False), opus.RATE)


def median(work: Callable[[], object], times: int = 1) -> float:
    """Return seconds of CPU for one."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - start) / times)
    return statistics.median(rounds)


def encoding() -> None:
    step = said(" ".join(PARTS))
    short = Sound(step.samples[: 3 * step.rate], step.rate)
    print("                         kB a minute   clips of 3 s a second of CPU   × real time")
    for kbit in opus.KBITS:
        size = len(opus.encode(step, kbit)) * 60 / step.seconds / 1000
        each = median(lambda: opus.encode(short, kbit), 3)  # noqa: B023  used at once
        print(f"Opus, {kbit} kbit/s          {size:10.0f}   {1 / each:27.0f}   {3 / each:10.0f}")
    size = len(mp3.encode(step)) * 60 / step.seconds / 1000
    each = median(lambda: mp3.encode(short), 3)
    print(f"MP3, {mp3.KBIT} kbit/s           {size:10.0f}   {1 / each:27.0f}   {3 / each:10.0f}")
    bare = io.BytesIO()
    soundfile.write(bare, short.samples, short.rate, format="OGG", subtype="OPUS", compression_level=244 / 250)
    spare = len(bare.getvalue()) - len(opus.encode(short))
    print(f"bytes spared a clip against libsndfile's own file, 12 kbit/s: {spare}")


def joining() -> None:
    clips = [opus.encode(said(part)) for part in PARTS]

    def again() -> bytes:
        return opus.encode(joined_sounds([opus.decode(clip) for clip in clips], [0.4] * (len(clips) - 1)))

    packets = median(lambda: joined(clips), 50)
    encoded = median(again)
    seconds = opus.seconds_of(joined(clips))
    print(f"\njoins of 5 parts, {seconds:.0f} s        {1 / packets:10,.0f} /s   ({packets * 1000:.2f} ms each)")
    print(f"the same decoded and encoded  {1 / encoded:10,.1f} /s   ({encoded * 1000:.0f} ms each)")
    print(f"packets : encoded again       {encoded / packets:10,.0f} : 1")


def shelving() -> None:
    clip = opus.encode(said(PARTS[3]))
    addresses = [f"{number * 2654435761 % 2**32:08x}" * 4 for number in range(CLIPS)]
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        rates = []
        for address in addresses:
            start = time.perf_counter()
            shelf.make(address, lambda: clip)
            rates.append(time.perf_counter() - start)
        made = statistics.median(rates)
        read = median(lambda: [shelf.get(address) for address in addresses]) / CLIPS
        missed = median(lambda: [shelf.get(address[::-1]) for address in addresses]) / CLIPS
        for address in addresses:
            shelf.note(address, "telegram:1", "AwACAgUAAxkDAAIB" * 5)
        noted = median(lambda: [shelf.noted(address, "telegram:1") for address in addresses]) / CLIPS
        swept = median(shelf.evict) / (2 * CLIPS)
    print(f"\nshelf: clips read             {1 / read:10,.0f} /s   ({read * 1e6:.0f} µs each, {len(clip):,} bytes)")
    print(f"       looked for in vain     {1 / missed:10,.0f} /s   ({missed * 1e6:.0f} µs each)")
    print(f"       notes read             {1 / noted:10,.0f} /s   ({noted * 1e6:.0f} µs each)")
    print(f"       clips kept, fsync      {1 / made:10,.0f} /s   ({made * 1e3:.1f} ms of waiting each)")
    print(f"       an eviction's look     {1 / swept:10,.0f} files/s ({swept * 1e6:.0f} µs each)")


def main() -> None:
    np.seterr(all="raise")
    opus.encode(Sound(np.zeros(24_000, np.float32), 24_000))  # load libsndfile
    encoding()
    joining()
    shelving()
    voice_talk.main()


if __name__ == "__main__":
    main()
