"""The service in a process of its own, on a free port."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LONGEST_START_SECONDS = 120


@contextmanager
def serving(home: Path, *options: str) -> Iterator[int]:
    """Serve a home and give the port as soon as the sign-in page answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "lineofsight", "serve", "--port", str(port), *options],
        env={**os.environ, "LINEOFSIGHT_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _LONGEST_START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if status_of(port, "/sign-in/") == 200:
            return
        time.sleep(0.2)
    raise RuntimeError("the service did not start")


def status_of(port: int, path: str) -> int:
    """The status a page is answered with, read to its end on a connection of its own; 0 where none came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
