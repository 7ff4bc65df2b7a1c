# ruff: noqa: S106  no password here opens anything
import pytest

from bot.stores.address import FORMS, Address, read_url
from bot.stores.progress import RedisProgress


@pytest.mark.parametrize(
    ("url", "address", "place"),
    [
        ("redis://", Address("one", (("localhost", 6379),)), "localhost:6379"),
        ("redis://store", Address("one", (("store", 6379),)), "store:6379"),
        ("redis://127.0.0.1:7/15", Address("one", (("127.0.0.1", 7),), database=15), "127.0.0.1:7"),
        ("redis://[::1]:7/", Address("one", (("::1", 7),)), "[::1]:7"),
        (
            "redis://an:m%E1%BA%ADt%2F%40%3A%23@store/2",
            Address("one", (("store", 6379),), database=2, name="an", password="mật/@:#"),
            "store:6379",
        ),
        ("redis://:secret@store", Address("one", (("store", 6379),), password="secret"), "store:6379"),
        ("rediss://store", Address("one", (("store", 6379),), tls={}), "store:6379"),
        (
            "rediss://store?ssl_ca_certs=/etc/ca.pem",
            Address("one", (("store", 6379),), tls={"ssl_ca_certs": "/etc/ca.pem"}),
            "store:6379",
        ),
        ("unix:///run/store.sock", Address("socket", path="/run/store.sock"), "/run/store.sock"),
        (
            "unix://:secret@/run/c%C3%B3%20d%E1%BA%A5u.sock?db=3",
            Address("socket", path="/run/có dấu.sock", database=3, password="secret"),
            "/run/có dấu.sock",
        ),
        (
            "redis+sentinel://:secret@a,b:1/office/4?sentinel_password=hush",
            Address(
                "sentinel",
                (("a", 26379), ("b", 1)),
                service="office",
                database=4,
                password="secret",
                sentinel_password="hush",
            ),
            "office (Sentinel a:26379, b:1)",
        ),
        (
            "rediss+cluster://[::1]:7000,b:7001",
            Address("cluster", (("::1", 7000), ("b", 7001)), tls={}),
            "[::1]:7000, b:7001",
        ),
    ],
)
def test_reads_every_form_and_names_the_place_without_secrets(url: str, address: Address, place: str) -> None:
    assert read_url(url) == address
    assert str(address) == place
    assert "secret" not in repr(address)
    assert "secret" not in repr(RedisProgress.connect(url))


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("", "begins with no scheme"),
        ("hunter2", "begins with no scheme"),
        ("http://:hunter2@store", "begins with no scheme"),
        ("redis://:hunter2#1@store", "has a #"),
        ("redis://:hunter2/1@store", "a host or a port that can't be"),
        ("redis://:hunter2@[::1", "can't be read"),
        ("redis://:hunter2@store:0", "a host or a port that can't be"),
        ("redis://:hunter2@store:65536", "a host or a port that can't be"),
        ("redis://:hunter2@store:many", "a host or a port that can't be"),
        ("redis://:hunter2@a,b", "names several servers"),
        ("redis://:hunter2@store/hunter2", "isn't a database's number"),
        ("redis://:hunter2@store/1/2", "isn't a database's number"),
        ("redis://store?password=hunter2", "takes none"),
        ("redis://:hunter2@store?decode_responses=true", "takes none"),
        ("rediss://:hunter2@store?ssl=none", "takes only ssl_ca_certs, ssl_certfile, ssl_keyfile"),
        ("unix://hunter2/store.sock", "three slashes"),
        ("unix://", "three slashes"),
        ("unix:///run/store.sock?db=hunter2", "isn't a database's number"),
        ("redis+sentinel://:hunter2@a,b", "the name of the service"),
        ("redis+cluster://:hunter2@a,b/1", "no numbered databases"),
    ],
)
def test_a_wrong_url_is_told_in_a_sentence_that_keeps_the_secret(url: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong) as caught:
        RedisProgress.connect(url)
    assert str(caught.value).endswith(FORMS)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
