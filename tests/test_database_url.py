"""Where records are kept: what its URL may be, and that its password is never seen."""

from pathlib import Path

import pytest

from bot.stores.database_url import FORMS, read_database_url

HERE = Path("/var/hocso")


def test_sqlite_is_a_file_in_the_data_folder() -> None:
    found = read_database_url("sqlite", HERE)
    assert (found.kind, found.path, str(found)) == ("sqlite", HERE / "records.sqlite", "/var/hocso/records.sqlite")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgres://an:s3cret@db:5433/hocso", "db:5433/hocso"),
        ("postgresql://db/hocso?sslmode=require", "db/hocso"),
        ("postgresql://an@db", "db"),
        ("postgresql:///hocso?host=/run/postgresql", "this machine/hocso"),
        ("postgresql://[::1]:5432/hocso", "[::1]:5432/hocso"),
    ],
)
def test_postgresql_by_either_name(url: str, place: str) -> None:
    found = read_database_url(url, HERE)
    assert (found.kind, found.dsn, str(found)) == ("postgresql", url, place)


def test_the_password_is_struck_as_it_stands_and_as_it_is_meant() -> None:
    found = read_database_url("postgres://an:p%40ss@db/hocso", HERE)
    assert found.strike("no p%40ss for p@ss") == "no *** for ***"
    assert "p@ss" not in f"{found!r}{found}"


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("mysql://an:s3cret@db/x", "The database's URL begins with no scheme known here."),
        ("records.db", "The database's URL begins with no scheme known here."),
        ("postgres://an:s3cret@db:99999/x", "The database's URL names a host or a port that can't be."),
        ("postgres://an:s3cret@[db/x", "The database's URL names a host or a port that can't be."),
        ("postgres://an:s3#cret@db/x", "The database's URL has a # in it."),
    ],
)
def test_what_is_none_is_told_without_the_password(url: str, wrong: str) -> None:
    with pytest.raises(ValueError, match="database") as error:
        read_database_url(url, HERE)
    assert str(error.value) == f"{wrong} {FORMS}"
    assert error.value.__cause__ is None
    assert "cret" not in str(error.value)
