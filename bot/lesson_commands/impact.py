"""`hocso check --impact`: how many people stand where lessons changed, and what becomes of them."""

import asyncio
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.config import Config
from bot.core.library import Library
from bot.core.standing import Impact
from bot.library import NothingToTeach, read_folder
from bot.trial import impact_on

_GIT_SECONDS = 30


def was_there(folder: Path) -> Library | None:
    """Read the lessons of git's last commit, which the program is likely to teach; None where there are none."""
    command = ("git", "-C", str(folder), "archive", "--format=tar", "HEAD", ".")
    try:
        held = subprocess.run(command, capture_output=True, check=True, timeout=_GIT_SECONDS).stdout  # noqa: S603  git, our own words
        with TemporaryDirectory() as copy, tarfile.open(fileobj=BytesIO(held)) as files:
            files.extractall(copy, filter="data")
            return read_folder(Path(copy))[0]
    except (OSError, subprocess.SubprocessError, tarfile.TarError, NothingToTeach):
        return None


def impact_now(config: Config) -> Impact:
    """Count everybody in the store of these settings.

    What becomes of them follows from their folder as it stands; of what is broken the last commit's version stays.

    Raises:
        NothingToTeach: no lesson can be taught.
        StoreDown, ValueError: the store can't be reached; its URL is none.
    """
    from bot.app import stored  # noqa: PLC0415  it takes a second, which only this option should

    library, _ = read_folder(config.lessons, was_there(config.lessons))

    async def found() -> Impact:
        async with stored(config) as store:
            return await impact_on(library, store.everyone())

    return asyncio.run(found())
