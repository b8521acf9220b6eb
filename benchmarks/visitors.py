"""Visitors at once on the first page, beside the same on the sign-in page; and answers while slow clients hold on."""

from __future__ import annotations

import math
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.measuring import Size, ratio
from benchmarks.serving import serving, status_of

_BOUND = 3
_HALF_A_BODY = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\nlogin="
_HALF_A_HEADER = b"GET / HTTP/1.1\r\nHost: loc"


def measure(home: Path, size: Size) -> None:
    """Load the public record of one county, serve it, and compare 95th percentiles."""
    visited = home / "visited"
    subprocess.run(
        [sys.executable, "-m", "lineofsight", "demo", "--no-serve", "--nights", "none"],
        env={**os.environ, "LINEOFSIGHT_HOME": str(visited)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with serving(visited, "--no-work") as port:
        for path in ("/", "/sign-in/"):
            assert status_of(port, path) == 200, path
        visit = partial(_visit, port, size.people, size.seconds)
        first_page, sign_in = visit("/"), visit("/sign-in/")
        _compare(f"the first page, {size.people} visitors at once, beside sign-in", first_page, sign_in)
        with _holding(port, size.slow_clients):
            held_up = visit("/sign-in/")
        _compare(
            f"sign-in while {size.slow_clients * 2} slow clients hold on, beside without", held_up, sign_in
        )


def _compare(name: str, ours: list[float], theirs: list[float]) -> None:
    failed = sum(map(math.isinf, ours))
    more = f", {len(ours)} answers, median {statistics.median(ours):.3f} s, {failed} failed"
    ratio(name, _percentile(ours), _percentile(theirs), _BOUND, more)
    assert failed < len(ours), "no visitor was answered"


def _percentile(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _visit(port: int, people: int, long: float, path: str) -> list[float]:
    """How long every visit took; infinite where it failed."""
    times: list[float] = []
    until = time.monotonic() + long

    def again_and_again() -> None:
        while time.monotonic() < until:
            begun = time.monotonic()
            answered = status_of(port, path) == 200
            times.append(time.monotonic() - begun if answered else math.inf)

    threads = [threading.Thread(target=again_and_again) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


@contextmanager
def _holding(port: int, clients: int) -> Iterator[None]:
    """So many clients that send half a body and as many that send half a header, and then nothing."""
    connections = []
    for half in (_HALF_A_BODY, _HALF_A_HEADER):
        for _ in range(clients):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.sendall(half)
            connections.append(connection)
    try:
        yield
    finally:
        for connection in connections:
            connection.close()
