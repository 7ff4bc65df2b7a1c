"""The port that the program listens on, or a sentence on who has it."""

import socket
import sys

import psutil


class PortTaken(Exception):
    """Another program listens on our port; `str()` says which, and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Open the port; raises PortTaken."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise PortTaken(f"Address {host!r} is not known on this machine; HOST=127.0.0.1 would be right.") from error
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise PortTaken(_who_has(host, port, error)) from error
    listening.setblocking(False)
    return listening


def _who_has(host: str, port: int, error: OSError) -> str:
    """Say which process to look for, and how to take another port."""
    others = f"take another port: PORT={port + 1} make run"
    if isinstance(error, PermissionError):
        return f"Port {port} may only be used by the administrator; {others.replace(str(port + 1), '8080')}."
    try:
        found = [each for each in psutil.net_connections("tcp") if each.laddr and each.laddr.port == port]
        pid = next(each.pid for each in found if each.status == psutil.CONN_LISTEN and each.pid)
        holder = f"process {pid} ({psutil.Process(pid).name()})"
    except (psutil.Error, StopIteration, OSError):
        command = "lsof -i" if sys.platform != "win32" else "netstat -ano | findstr"
        holder = f"another program (see which: {command} :{port})"
    return f"Port {port} on {host} is taken by {holder}. Stop it, or {others}."


def address(host: str, port: int) -> str:
    """Return what to open in a browser of this machine."""
    here = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  a comparison
    return f"http://{f'[{here}]' if ':' in here else here}:{port}/"
