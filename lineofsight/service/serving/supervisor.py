"""Keeps the workers and the reader running: one that dies is started again, and all end with this process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

_CHECK_SECONDS = 0.2
_LEAST_SECONDS = 1.0
_MOST_SECONDS = 30.0
"""A process that dies is started again so long after its last start: at first the least, then twice as long each time
it dies within the most, so that one that cannot start does not keep the machine busy."""
_GRACE_SECONDS = 8
"""How long a worker may go on answering after it was told to stop."""


class _Process:
    """A process that is started again when it dies."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._start = start
        self._started_at = time.monotonic()
        self._pause = _LEAST_SECONDS
        self.process = start()

    def check(self) -> None:
        """Start it again where it has died."""
        now = time.monotonic()
        lived = now - self._started_at
        if self.process.poll() is None:
            if lived > _MOST_SECONDS:
                self._pause = _LEAST_SECONDS
        elif lived >= self._pause:
            self._pause = min(2 * self._pause, _MOST_SECONDS)
            self._started_at = now
            self.process = self._start()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises OSError where it cannot."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(1024)
        listening.set_inheritable(True)
    except OSError:
        listening.close()
        raise
    return listening


def supervise(
    listening: socket.socket, workers: int, *, read: bool, measure: bool = False, beside: Sequence[str] = ()
) -> None:
    """Run that many workers on a socket and, with `read`, a reader of waiting deliveries, until told to stop.

    With `measure` a process of its own answers a monitor.

    `beside`: the words of one other command, which is run once at the same time.
    """
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    processes = [_Process(lambda: _worker(listening)) for _ in range(workers)]
    if read:
        processes.append(_Process(_reader))
    if measure:
        processes.append(_Process(_metrics))
    once = (
        [subprocess.Popen([sys.executable, "-m", "lineofsight", *beside], stdin=subprocess.DEVNULL)]
        if beside
        else []
    )
    try:
        while not stopping:
            time.sleep(_CHECK_SECONDS)
            for process in processes:
                process.check()
    finally:
        _end([*(process.process for process in processes), *once])


def _worker(listening: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = listening.fileno()
    program = [sys.executable, "-m", "lineofsight.service.serving.worker", str(descriptor), str(os.getpid())]
    return subprocess.Popen(program, pass_fds=[descriptor], stdin=subprocess.DEVNULL)


def _reader() -> subprocess.Popen[bytes]:
    program = [sys.executable, "-m", "lineofsight", "work", "--every", "1", "--beside", str(os.getpid())]
    return subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _metrics() -> subprocess.Popen[bytes]:
    program = [sys.executable, "-m", "lineofsight.service.serving.metrics", str(os.getpid())]
    return subprocess.Popen(program, stdin=subprocess.DEVNULL)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask each to stop, and end those that do not."""
    for process in processes:
        process.terminate()
    until = time.monotonic() + _GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
