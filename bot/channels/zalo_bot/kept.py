"""What this channel keeps in a file of its own: which messages came, what the month's plan was used for.

Of a message its id is kept, for eight days, so that one that comes again is known after a restart too; and
its chat, until it is answered, so that whoever waited when the program was killed is answered at the next
start. What was written is never kept. All processes of a machine share the file.
"""

import hashlib
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()

KEPT_SECONDS = 8 * 86_400  # for ids; reports speak of updates that come again for days
FORGET_SECONDS = 3600.0  # between two looks for old ids
RECENT = 20_000  # ids that are at hand
BUSY_SECONDS = 0.2  # for which another process may hold the file

_TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, at INTEGER NOT NULL, chat TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS month (name TEXT PRIMARY KEY, sent INTEGER NOT NULL, received INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS person (mark BLOB PRIMARY KEY, farewell TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
"""
_ADD = """
INSERT INTO month VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET sent = sent + excluded.sent, received = received + excluded.received
"""


@dataclass(frozen=True, slots=True)
class Used:
    """What was used in a month; `people` is of all time."""

    sent: int = 0
    received: int = 0
    people: int = 0


class Kept:
    """The file at `path`; without one, and where it can't be used, all is kept in memory only.

    `secret` keeps people's marks from being told from their chats.
    """

    def __init__(self, path: Path | None, secret: str = "", clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._secret = hashlib.blake2b(secret.encode(), digest_size=32).digest()
        self._recent: dict[str, None] = {}
        self._done: list[tuple[str]] = []  # to be written with the next `flush`
        self._counts: dict[str, list[int]] = {}  # likewise: month -> sent, received
        self._met: set[bytes] = set()
        self._used: dict[str, Used] = {}
        self._forgot = 0.0
        self._file = self._opened(path) if path else _in_memory()

    def take(self, name: str, chat: str) -> bool:
        """Note that a message came; False when it came before."""
        if name in self._recent:
            return False
        self._recent[name] = None
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        try:
            found = self._file.execute(
                "INSERT OR IGNORE INTO message VALUES (?, ?, ?)", (name, int(self._clock()), chat)
            )
        except sqlite3.Error as error:
            self._complain(error)
            return True
        return found.rowcount == 1

    def give_back(self, name: str) -> None:
        """Forget that a message came: it is to come again."""
        self._recent.pop(name, None)
        self._run("DELETE FROM message WHERE id = ?", (name,))

    def done(self, name: str) -> None:
        """Note that a message is answered; written with the next `flush`."""
        self._done.append((name,))

    def left(self) -> list[str]:
        """Return whose messages were never answered, and take that as done."""
        found = self._run("SELECT id, chat FROM message WHERE chat IS NOT NULL ORDER BY at", ())
        left = [(name, chat) for name, chat in found if name not in self._recent]
        self._done += [(name,) for name, _ in left]
        self.flush()
        return list(dict.fromkeys(chat for _, chat in left))

    def count(self, month: str, *, sent: int = 0, received: int = 0) -> None:
        """Count messages; written with the next `flush`."""
        counts = self._counts.setdefault(month, [0, 0])
        counts[0] += sent
        counts[1] += received

    def meet(self, chat: str) -> None:
        """Note that somebody uses the bot."""
        mark = self._mark(chat)
        if mark not in self._met:
            self._met.add(mark)
            self._run("INSERT OR IGNORE INTO person (mark) VALUES (?)", (mark,))

    def bid_farewell(self, chat: str, month: str) -> bool:
        """Note that somebody was told that the month is over; False when they were before."""
        changed = "UPDATE person SET farewell = ?1 WHERE mark = ?2 AND farewell <> ?1 RETURNING 1"
        return bool(self._run(changed, (month, self._mark(chat))))

    def used(self, month: str) -> Used:
        """Return what was used in a month, as it was at the last `flush`, with what this process did since."""
        known = self._used.get(month)
        if known is None:
            known = self._used[month] = self._read(month)
        sent, received = self._counts.get(month, (0, 0))
        return Used(known.sent + sent, known.received + received, max(known.people, len(self._met)))

    def flush(self) -> None:
        """Write what waits, and read what other processes wrote."""
        done, self._done = self._done, []
        counts, self._counts = self._counts, {}
        self._used.clear()
        if self._clock() - self._forgot > FORGET_SECONDS:
            self._forget_old()
        try:
            if done or counts:
                with suppress(sqlite3.OperationalError):
                    self._file.execute("BEGIN IMMEDIATE")
                self._file.executemany("UPDATE message SET chat = NULL WHERE id = ?", done)
                self._file.executemany(_ADD, [(month, *pair) for month, pair in counts.items()])
                self._file.execute("COMMIT")
        except sqlite3.Error as error:
            self._complain(error)

    def close(self) -> None:
        """Write what waits, and close the file."""
        self.flush()
        self._file.close()

    def _mark(self, chat: str) -> bytes:
        return hashlib.blake2b(chat.encode(), key=self._secret, digest_size=8).digest()

    def _read(self, month: str) -> Used:
        rows = self._run("SELECT sent, received FROM month WHERE name = ?", (month,))
        people = self._run("SELECT count(*) FROM person", ())
        sent, received = rows[0] if rows else (0, 0)
        return Used(sent, received, people[0][0] if people else 0)

    def _forget_old(self) -> None:
        self._forgot = self._clock()
        self._run("DELETE FROM message WHERE at < ?", (int(self._clock()) - KEPT_SECONDS,))

    def _run(self, sql: str, values: tuple[object, ...]) -> list[Any]:
        try:
            return self._file.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            self._complain(error)
            return []

    def _complain(self, error: Exception) -> None:
        log.warning(
            "the Zalo bot's notes can't be kept; messages that come again may be answered again", why=str(error)
        )

    def _opened(self, path: Path) -> sqlite3.Connection:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _prepared(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False))
        except (OSError, sqlite3.Error) as error:
            self._complain(error)
            return _in_memory()


def _in_memory() -> sqlite3.Connection:
    return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


def _prepared(file: sqlite3.Connection) -> sqlite3.Connection:
    file.executescript(_TABLES)
    return file
