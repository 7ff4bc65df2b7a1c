"""What some tests need and not every machine has: they skip visibly there, and fail in CI."""

import os
from typing import NoReturn

import pytest

ALL = "HOCSO_TEST_ALL"  # set by .ci/run: a skip is a failure


def missing(what: str) -> NoReturn:
    """Skip this test because `what` is not on this machine; where everything must run, fail."""
    if os.environ.get(ALL):
        pytest.fail(f"{ALL} is set, but this machine has no {what}")
    pytest.skip(f"this machine has no {what}")
