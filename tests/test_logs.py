"""What the operator reads in the log: a sentence and its particulars, never a secret."""

import json

import pytest
import structlog

from bot import logs

SECRET = "7000000001:AAE-test"  # noqa: S105  of nobody


def test_a_line_can_be_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up([SECRET], "json")
    structlog.get_logger().warning("telegram is away", why=f"no answer at /bot{SECRET}/getMe", again_in=2, bạn="ở đây")
    line = capsys.readouterr().err
    assert "bạn" in line
    told = json.loads(line)
    assert told.pop("timestamp").endswith("Z")
    assert told == {
        "event": "telegram is away",
        "level": "warning",
        "why": "no answer at /bot***/getMe",
        "again_in": 2,
        "bạn": "ở đây",
    }


def test_an_error_s_trace_is_in_the_line_without_the_secret(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up([SECRET], "json")
    try:
        int(SECRET)
    except ValueError:
        structlog.get_logger().exception("it broke")
    told = json.loads(capsys.readouterr().err)
    assert "ValueError: invalid literal for int() with base 10: '***'" in told["exception"]


def test_without_a_terminal_a_line_is_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up([SECRET])
    structlog.get_logger().info("a turn", why=SECRET)
    assert capsys.readouterr().err.endswith("[info     ] a turn                         why=***\n")


def test_an_address_s_password_is_a_secret_as_it_stands_and_as_it_is_meant() -> None:
    assert logs.secrets_of("redis://:a%40b@host/0", "redis://host") == ("a%40b", "a@b")
