"""Work in a thread that nothing waits for when the program ends."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def apart(work: Callable[[], T]) -> Future[T]:
    """Begin work that may take minutes, such as asking a server that is slow to answer.

    The threads of an executor are waited for at the end of a program, whatever they wait for themselves.
    """
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001  whoever waits must hear it, whatever it is
            future.set_exception(error)

    Thread(target=run, name="apart", daemon=True).start()
    return future
