"""The voice in the talk: how soon a clip is ready, how large a lesson is, what a turn costs with it and without.

Replies are those of real lessons, walked by someone who takes the first answer each time; the voice is
espeak's. Telegram is a server in another process that says yes at once.
"""

import asyncio
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from multiprocessing.connection import Connection
from pathlib import Path

from bot.channels.telegram import Telegram
from bot.channels.telegram.client import Client
from bot.channels.telegram.voice import READY
from bot.core.library import Library
from bot.core.progress import Progress
from bot.core.talk import take_turn
from bot.core.turn import Moment, Opened, Tapped
from bot.library import read_folder
from bot.stores.memory import MemoryProgress
from bot.tutor import Tutor
from bot.voice.engine import EngineSettings
from bot.voice.engines import engines
from bot.voice.guess import bytes_of
from bot.voice.shelf import Shelf
from bot.voice.speaker import Speaker
from bot.voice.voice import Speech, Voice, speech_of

AT_ONCE = 20  # learners
LESSONS = 20
ROUNDS = 3  # of turns with a voice and without
TURNS = 60  # of one learner in a round
LEARNERS = 5  # in a round, one after the other
LEARNED = Progress(turns=20, agreed=1, address="bac", place="menu", listens=True)
NOW = Moment(datetime(2026, 1, 1, tzinfo=UTC))
SECRET = "bench"  # noqa: S105  of a webhook that nobody else reaches


def voice_in(folder: Path) -> Voice:
    return Voice(Speaker(engines(["espeak"], EngineSettings())), Shelf(folder))


def lesson(library: Library, key: str) -> Iterator[Speech]:
    """Find what a listener hears of a lesson, reply by reply, to its end."""
    turn = take_turn(library, LEARNED, Opened(key), NOW)
    while turn.reply.step:
        yield speech_of(turn.reply, library)
        turn = take_turn(library, turn.progress, Tapped(turn.reply.turn, turn.reply.buttons[0].code), NOW)
    yield speech_of(turn.reply, library)


async def timed(voice: Voice, speech: Speech, into: list[float]) -> int:
    """Note how long the clip took; return its bytes."""
    began = time.perf_counter()
    clip = await voice.clip(speech)
    into.append(time.perf_counter() - began)
    assert clip
    return len(clip.data)


def told(name: str, times: Sequence[float]) -> None:
    ordered = sorted(times)
    p50, p99 = statistics.median(ordered), ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    soon = sum(each <= READY for each in ordered) / len(ordered)
    print(f"{name:52}{p50 * 1000:9.1f}{p99 * 1000:9.0f}{soon:9.0%}   {len(ordered)}")


async def readiness(walks: Sequence[Sequence[Speech]]) -> None:
    """Time clips: one learner, then many, each in a lesson of their own or all in the same; new, then again."""
    print(f"\n{'clip ready, from a reply to its clip':52}   p50 ms   p99 ms   in {READY:.0f} s   clips")
    with tempfile.TemporaryDirectory() as folder:
        voice = voice_in(Path(folder))
        for name in ("first made by espeak, 1 learner", "from the shelf, 1 learner"):
            times: list[float] = []
            for speech in walks[0]:
                await timed(voice, speech, times)
            told(name, times)
        await voice.close()
    with tempfile.TemporaryDirectory() as folder:
        voice = voice_in(Path(folder))

        async def at_once(name: str, lessons: Sequence[Sequence[Speech]]) -> None:
            times: list[float] = []
            await asyncio.gather(*(one_by_one(voice, walk, times) for walk in lessons))
            told(name, times)

        await at_once(f"first made, {AT_ONCE} learners at once in one lesson", [walks[0][:5]] * AT_ONCE)
        there: list[float] = []
        apart = [walk[:2] for walk in walks[1:]]
        others = asyncio.create_task(at_once(f"first made, {AT_ONCE} learners at once, each in another", apart))
        while not others.done():
            await timed(voice, walks[0][0], there)
            await asyncio.sleep(0.02)
        await others
        told("from the shelf, while those are made", there)
        await at_once(f"from the shelf, {AT_ONCE} learners at once", [walk[:2] for walk in walks])
        await voice.close()


async def one_by_one(voice: Voice, walk: Sequence[Speech], into: list[float]) -> None:
    for speech in walk:
        await timed(voice, speech, into)


async def sizes(walks: Sequence[Sequence[Speech]]) -> None:
    """Print bytes a lesson and a minute, and how far what a data saver is told lies from what comes."""
    print("\nbytes of a lesson, all its replies as OGG:")
    errors: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        voice = voice_in(Path(folder))
        began = time.process_time()
        made: list[tuple[int, float]] = []
        for walk in walks:
            clips = [await voice.clip(speech) for speech in walk]
            assert all(clips)
            found = [clip for clip in clips if clip]
            made.append((sum(len(clip.data) for clip in found), sum(clip.seconds for clip in found)))
            for clip, speech in zip(found, walk, strict=True):
                guess = sum(bytes_of(text, voice.kbit, slow=speech.slow) for text in speech.parts)
                errors.append(abs(guess / len(clip.data) - 1))
        cpu = time.process_time() - began
        await voice.close()
    size, seconds = sum(each for each, _ in made), sum(each for _, each in made)
    median = statistics.median(each for each, _ in made)
    minutes = seconds / len(made) / 60
    print(f"a lesson: {median / 1000:.0f} kB (median of {len(made)}), {minutes:.1f} minutes of speech")
    print(f"a minute: {size / seconds * 60 / 1000:.0f} kB")
    parts = {(walk.lang, text) for each in walks for walk in each for text in walk.parts}
    print(f"made new: {len(parts) / cpu:.1f} parts a second of CPU, {seconds / cpu:.0f} s of speech")
    errors.sort()
    worst, most = errors[-1], errors[len(errors) * 99 // 100]
    print(f"guessed from the text: off by {statistics.median(errors):.0%}, p99 {most:.0%}, at most {worst:.0%}")


def bot_api(tell: Connection) -> None:
    """Say yes to every call; runs in a process of its own."""
    chat, clip = {"id": 1, "type": "private"}, {"file_id": "AwACAgUAAxkD" * 6}
    result = {"message_id": 1, "date": 1, "chat": chat, "voice": clip}
    body = json.dumps({"ok": True, "result": result}).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await head_of(reader):
            await body_of(reader, head)
            writer.write(answer)
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        tell.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


async def head_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).lower()
    except asyncio.IncompleteReadError:
        return b""


async def body_of(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"chunked" not in head:
        await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


_updates = count(1)


async def learn(telegram: Telegram, chat: int, manner: str) -> float:
    """Let one learner come and answer with the first choice each time; return seconds of CPU for a turn."""
    headers = {b"x-telegram-bot-api-secret-token": SECRET.encode()}

    async def says(text: str) -> None:
        number = next(_updates)
        private = {"id": chat, "type": "private"}
        person = {"id": chat, "is_bot": False, "first_name": "Hoa"}
        message = {"message_id": number, "date": 1, "chat": private, "from": person, "text": text}
        body = json.dumps({"update_id": number, "message": message}).encode()
        answer = await telegram.hook(headers, body)
        assert answer.status == 200  # noqa: PLR2004

    for text in ("/start", "dong y", "bac", manner):
        await says(text)
    began = time.process_time()
    for _ in range(TURNS):
        await says("1")
    return (time.process_time() - began) / TURNS


async def turns(library: Library, address: str) -> None:
    """Compare turns without a voice, with one for a reader, and for a listener who gets each reply as a known clip."""
    with tempfile.TemporaryDirectory() as folder:
        voice = voice_in(Path(folder))
        costs: dict[str, list[float]] = {}
        chats = count(1)
        for number in range(ROUNDS + 1):  # the first makes the clips
            for name, spoken, manner in (
                ("voice off, a reader", None, "doc chu"),
                ("voice on, a reader", voice, "doc chu"),
                ("voice off, a listener", None, "nghe doc"),
                ("voice on, a listener", voice, "nghe doc"),
            ):
                telegram = Telegram(Tutor(library, MemoryProgress()), Client("1:bench", address), SECRET, spoken)
                cost = statistics.mean([await learn(telegram, next(chats), manner) for _ in range(LEARNERS)])
                await telegram.close()
                if number:
                    costs.setdefault(name, []).append(cost)
        await voice.close()
    print("\na turn on Telegram, a typed answer by webhook, the store in memory:")
    first = statistics.median(costs["voice off, a reader"])
    for name, each in costs.items():
        cost = statistics.median(each)
        print(f"{name:24}{cost * 1e6:8.0f} µs of CPU   × {cost / first:.2f}")


async def measured(address: str) -> None:
    library, _ = read_folder(Path(__file__).parent.parent / "lessons")
    walks = [list(lesson(library, key)) for key in islice(library.order, LESSONS + 1)]
    await readiness(walks)
    await sizes(walks[:LESSONS])
    await turns(library, address)


def main() -> None:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=bot_api, args=(theirs,), daemon=True)
    server.start()
    asyncio.run(measured(f"http://127.0.0.1:{ours.recv()}"))
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
