"""The server holds: slow and half-sent requests, bodies without end, dying workers, forged proxies."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lineofsight.service.serving import limits
from tests.service.homes import Home


@contextlib.contextmanager
def served(home: Home, *options: str, **settings: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    program = [
        sys.executable,
        "-m",
        "lineofsight",
        "serve",
        "--port",
        str(port),
        "--workers",
        "2",
        "--no-work",
        *options,
    ]
    process = subprocess.Popen(
        program, env={**home.environment, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                if ask(port, "/sign-in/")[0] == 200:
                    break
            time.sleep(0.2)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def ask(
    port: int, path: str, headers: dict[str, str] | None = None, timeout: float = 20
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def workers(process: subprocess.Popen[bytes]) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    )
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "serving.worker" in line]


def test_half_sent_posts_and_slow_headers_hold_up_nobody_and_are_closed(home: Home) -> None:
    with served(home) as (port, _):
        held = []
        for number in range(120):
            one = socket.create_connection(("127.0.0.1", port))
            if number % 2:
                one.sendall(
                    b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nlogin="
                )
            else:
                one.sendall(b"GET / HTTP/1.1\r\nHost: loc")
            held.append(one)
        begun = time.monotonic()
        assert ask(port, "/sign-in/")[0] == 200
        assert time.monotonic() - begun < 5
        time.sleep(limits.HEADER_SECONDS + 4)
        held[0].settimeout(2)
        assert held[0].recv(10) == b""
        for one in held:
            one.close()


@pytest.mark.parametrize("path", ["/sign-in/", "/service/999/deliveries/new", "/"])
def test_a_body_too_large_is_refused_by_its_announced_length(home: Home, path: str) -> None:
    with served(home) as (port, _):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
            one.sendall(
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {100 * 10**9}\r\n\r\n".encode()
            )
            assert b" 413 " in one.recv(200)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
            one.sendall(
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
            )
            with contextlib.suppress(OSError):
                for _ in range(64):
                    one.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            with contextlib.suppress(OSError):
                assert b" 413 " in one.recv(200)


def test_who_may_send_how_much() -> None:
    most = limits.most_bytes
    assert most("/service/999/deliveries/new", "", "sessionid", 10**9) == limits.FORM_BYTES
    assert most("/service/999/deliveries/new", "sessionid=x", "sessionid", 10**9) > 10**9
    assert most("/service/999/improvement/new", "sessionid=x", "sessionid", 10**9) == limits.EVIDENCE_BYTES
    assert most("/sign-in/", "sessionid=x", "sessionid", 10**9) == limits.FORM_BYTES


def test_a_worker_that_dies_is_started_again_and_none_outlives_the_supervisor(home: Home) -> None:
    with served(home) as (port, process):
        before = workers(process)
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        time.sleep(4)
        after = workers(process)
        assert len(after) == 2
        assert before[0] not in after
        assert ask(port, "/sign-in/")[0] == 200
        process.kill()
        process.wait(10)
        time.sleep(3)
        assert not any(
            Path(f"/proc/{one}/cmdline").exists() and b"worker" in Path(f"/proc/{one}/cmdline").read_bytes()
            for one in after
        )


def test_only_the_proxy_that_is_named_is_believed(home: Home) -> None:
    """Behind a proxy one client's wrong passwords lock that client, and nobody can pretend to be another."""

    def locked(port: int, address: str) -> bool:
        for _ in range(11):
            page = sign_in(port, address)[1]
        return b"Locked for" in page

    def sign_in(port: int, address: str) -> tuple[int, bytes, dict[str, str]]:
        _, page, headers = ask(port, "/sign-in/", {"X-Forwarded-For": address})
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
        cookie = headers["Set-Cookie"].split(";")[0]
        body = f"login=amira&password=wrong&csrfmiddlewaretoken={token[1].decode() if token else ''}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("POST", "/sign-in/", body, {"Cookie": cookie, "X-Forwarded-For": address,
                                                        "Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
        answer = connection.getresponse()
        found = (answer.status, answer.read(), dict(answer.getheaders()))
        connection.close()
        return found

    with served(home, LINEOFSIGHT_PROXY="127.0.0.1") as (port, _):
        assert locked(port, "10.0.0.1")
        assert b"Locked for" not in sign_in(port, "10.0.0.2")[1]
    with served(home) as (port, _):
        for number in range(11):
            sign_in(port, f"10.1.0.{number}")
        assert b"Locked for" in sign_in(port, "10.1.0.99")[1]
