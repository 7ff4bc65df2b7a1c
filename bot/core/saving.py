"""What a store is asked to write, and how it says that it can't."""

import msgspec


class Save(msgspec.Struct, frozen=True):
    """One learner's new progress, to be written only if nothing moved since it was loaded.

    `before` is the value that was loaded (empty: there was none). All of it is compared: the turn number
    in it rises with each saved turn, but after a failover that lost some it may come to the same again.
    """

    learner: str
    before: bytes
    value: bytes
    record: bytes = b""  # goes to the journal in the same atomic write; empty: nothing to tell
    expires: int | None = None  # seconds until the value vanishes; None keeps it for good
    purge: bool = False  # strike all of this learner's earlier records from the journal first


class StoreDown(Exception):
    """The store can't be reached or can't write now; nothing is known to be saved. `str()` says why."""
