"""Fifty visitors at once on the first page, beside the same on the sign-in page; and answers while slow clients hold on."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_VISITORS = 50
_SECONDS = 10
_SLOW = 200
_HALF_A_BODY = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\nlogin="
_HALF_A_HEADER = b"GET / HTTP/1.1\r\nHost: loc"


def measure(home: Path) -> None:
    """Load the public record of one county, serve it, and print 95th percentiles and their ratio (bound 3)."""
    environment = {**os.environ, "LINEOFSIGHT_HOME": str(home / "visited")}
    run = [sys.executable, "-m", "lineofsight"]
    subprocess.run(
        [*run, "demo", "--no-serve", "--nights", "none"],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with _served(run, environment) as port:
        for path in ("/", "/sign-in/"):
            _ask(port, path)
        first, light = _load(port, "/"), _load(port, "/sign-in/")
        _tell("First page, 50 visitors at once", first, light)
        with _holding(port):
            _tell("Sign-in page while 200 bodies and 200 headers wait", _load(port, "/sign-in/"), light)


def _tell(name: str, ours: list[float], theirs: list[float]) -> None:
    a, b = _percentile(ours), _percentile(theirs)
    failed = sum(1 for one in ours if one == float("inf"))
    print(f"{name:<58} {a:8.3f} s  beside {b:8.3f} s  = {a / b:5.2f}x  ({'within' if a <= 3 * b else 'OVER'} 3x), "
          f"{len(ours)} answers, median {statistics.median(ours):.3f} s, {failed} failed", flush=True)  # fmt: skip


def _percentile(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


def _load(port: int, path: str) -> list[float]:
    found: list[float] = []
    until = time.monotonic() + _SECONDS

    def visit() -> None:
        while time.monotonic() < until:
            begun = time.monotonic()
            found.append(time.monotonic() - begun if _ask(port, path) == 200 else float("inf"))

    threads = [threading.Thread(target=visit) for _ in range(_VISITORS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def _ask(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        connection.close()


@contextmanager
def _holding(port: int) -> Iterator[None]:
    held = []
    for half in (_HALF_A_BODY, _HALF_A_HEADER):
        for _ in range(_SLOW):
            one = socket.create_connection(("127.0.0.1", port))
            one.sendall(half)
            held.append(one)
    try:
        yield
    finally:
        for one in held:
            one.close()


@contextmanager
def _served(run: list[str], environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    process = subprocess.Popen(
        [*run, "serve", "--port", str(port), "--no-work"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            with suppress(OSError):
                if _ask(port, "/sign-in/") == 200:
                    break
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(20)
