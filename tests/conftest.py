"""Fixtures that all tests share."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the transcripts anew from what the bot says now")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether what the bot says now is to be written down as right."""
    return bool(request.config.getoption("--accept"))


@pytest.fixture
def anyio_backend() -> str:
    """Run `async def` tests marked `anyio` on asyncio, as the program does."""
    return "asyncio"
