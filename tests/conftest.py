"""Fixtures that all tests share."""

from collections.abc import Iterator

import pytest
import structlog


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the transcripts anew from what the bot says now")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether what the bot says now is to be written down as right."""
    return bool(request.config.getoption("--accept"))


@pytest.fixture(autouse=True)
def log_of_its_own() -> Iterator[None]:
    """Leave no log to the next test: a command's writes to a stream that is closed by then."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def anyio_backend() -> str:
    """Run `async def` tests marked `anyio` on asyncio, as the program does."""
    return "asyncio"
