"""The embedded server starts anywhere, is shared by several programs, and leaves nothing behind."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis
from embedded_helpers import die, opened, pid_of, program, sockets, value, works
from store_servers import gone, until

from bot.core.saving import Save, StoreDown
from bot.stores import server
from bot.stores.embedded import EmbeddedServer
from bot.stores.filelock import FileLock

pytestmark = pytest.mark.anyio


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary directory of our own, whose path is short, as a real one's is."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@pytest.mark.parametrize("name", ["store", "có dấu và cách", "#50% 'x' \"y\" \\", "long/" + "thư-mục-dài/" * 20])
async def test_serves_keeps_and_leaves_nothing_in_any_folder(tmp_path: Path, short: Path, name: str) -> None:
    folder = tmp_path / name
    running = EmbeddedServer(folder)
    for turn in range(2):  # one object can be started again
        async with running, opened(running) as store:
            assert running.owner
            await store.ready()
            assert await store.save([Save(f"An{turn}", b"", b"saved", b"told")]) == [True]
            assert await value(store, "An0") == b"saved"
            pid = pid_of(running)
        assert gone(pid)
        assert not sockets(folder, short)
        assert (running.owner, running.pid) == (False, None)
    assert stat.filemode(folder.stat().st_mode) == "drwx------"


async def test_listens_on_a_private_socket_only(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "store") as running:
        process = psutil.Process(pid_of(running))
        assert process.net_connections("inet") == []
        assert stat.filemode((tmp_path / "store" / "store.sock").stat().st_mode) == "srwx------"
        assert os.getsid(process.pid) != os.getsid(0)  # no Ctrl-C from our terminal
        assert set(process.environ()) <= {"PATH", "TZ"}
        with redis.Redis(unix_socket_path=str(tmp_path / "store" / "store.sock"), decode_responses=True) as client:
            settings = client.config_get("appendonly", "appendfsync", "save", "maxmemory-policy", "port")
        expected = {"appendonly": "yes", "appendfsync": "always", "save": "", "maxmemory-policy": "noeviction"}
        assert settings == {**expected, "port": "0"}


async def test_the_socket_of_a_long_path_lies_in_a_folder_of_ours_alone(
    tmp_path: Path, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 100)
    socket = server.prepare(long)
    assert socket.parent.parent == short
    assert stat.filemode(socket.parent.stat().st_mode) == "drwx------"
    assert server.prepare(long) == socket
    assert server.prepare(tmp_path / ("y" * 100)) != socket
    socket.parent.chmod(0o755)
    with pytest.raises(StoreDown, match=r"^The folder .+ for the store's socket belongs to someone else; remove it\.$"):
        server.prepare(long)
    socket.parent.rmdir()
    socket.parent.symlink_to(tmp_path)
    with pytest.raises(StoreDown, match="belongs to someone else"):
        server.prepare(long)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with pytest.raises(StoreDown, match="too long for the store's socket; set TMPDIR to a shorter one"):
        server.prepare(long)


async def test_a_guest_uses_the_owners_server_and_takes_over(tmp_path: Path) -> None:
    with program(tmp_path / "store", "An") as (owner, pid):
        async with EmbeddedServer(tmp_path / "store") as guest, opened(guest) as store:
            assert (guest.owner, guest.pid) == (False, None)
            assert await value(store, "An") == b"from the program"
            assert await works(store)
            owner.communicate()  # the end of its input
            assert owner.returncode == 0
            assert gone(pid)
            await until(lambda: works(store))
            assert guest.owner
            assert await value(store, "An") == b"from the program"
            with program(tmp_path / "store", "Bình") as (_, none):
                assert none == 0
            assert await value(store, "Bình") == b"from the program"


async def test_a_swept_temporary_directory_is_made_anew(tmp_path: Path, short: Path) -> None:
    async with EmbeddedServer(tmp_path / ("x" * 100)) as running, opened(running) as store:
        [socket] = sockets(short)
        socket.unlink()
        socket.parent.rmdir()
        die(pid_of(running))
        await until(lambda: works(store))


async def test_a_guest_that_leaves_disturbs_nobody(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "store") as owner, opened(owner) as store:
        async with EmbeddedServer(tmp_path / "store") as guest:
            assert guest.url == owner.url
        assert await works(store)
        assert not gone(pid_of(owner))


async def test_a_guest_whose_owner_has_no_server_gives_up_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "START_SECONDS", 0.1)
    folder = tmp_path / "store"
    folder.mkdir()
    lock = FileLock(folder / "lock")
    assert lock.take()
    with pytest.raises(StoreDown, match=r"^Another program minds the store in .+, but its server doesn't answer\.$"):
        await EmbeddedServer(folder).start()
    lock.release()


async def test_it_has_no_url_before_it_is_started(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no URL before it is started"):
        _ = EmbeddedServer(tmp_path).url
