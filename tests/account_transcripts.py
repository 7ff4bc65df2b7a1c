"""Chats on several accounts as readable files, played through a tutor and a store.

`> telegram: 2` is a line of the account `telegram:an`; after the colon it is written as in
`transcripts.py`. `{code}` stands for the code that was given last. `+9` lets nine minutes pass.
"""

import asyncio
import datetime as dt
from itertools import count
from unittest import mock

from account_helpers import World
from transcripts import event_of, lines_of

from bot.core.library import Library
from bot.core.spoken import spoken
from bot.core.turn import Reply

CODES = (482_913, 105_570, 660_218)


def replay_accounts(text: str, library: Library) -> str:
    """Play the learners' lines of a transcript; return the whole as it reads now."""
    codes = iter(CODES)
    drawn = mock.patch("bot.accounts.secrets.randbelow", lambda most: next(codes) if most == 10**6 else 0)
    receipts = mock.patch("bot.tutor._receipt", return_value="1234-5678")
    with drawn, receipts:
        return asyncio.run(_replay(text, library))


async def _replay(text: str, library: Library) -> str:
    world, out, replies, given = World(library), list[str](), dict[str, Reply](), 0
    names = count()
    for line in text.splitlines():
        if line.startswith("#"):
            out.append(line)
        if not line.startswith("> "):
            continue
        said = line.removeprefix("> ")
        out += ["", line]
        if said.startswith("+"):
            world.store.at += dt.timedelta(minutes=int(said))
            continue
        channel, _, said = said.partition(": ")
        account = f"{channel}:an"
        event = event_of(said.replace("{code}", f"{CODES[given - 1]:06}"), replies.get(account))
        reply = replies[account] = await world.tutors[0].hear(account, event, f"update {next(names)}")
        given += given < len(CODES) and f"{CODES[given]:06}" in reply.text.replace(" ", "")
        parts = spoken(reply, library) if "# as heard" in text else lines_of(reply)
        out += [f"  {each}".rstrip() for each in parts]
    return "\n".join(out) + "\n"
