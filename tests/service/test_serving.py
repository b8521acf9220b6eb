"""The server holds: slow and half-sent requests, bodies without end, dying workers, forged proxies."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import override_settings
from waitress.proxy_headers import proxy_headers_middleware

from lineofsight.service.receive import recipe, waiting
from lineofsight.service.serving import limits, supervisor, worker
from tests.service.homes import NORTHSHIRE, RECORD, Home, a_statement, written


@contextlib.contextmanager
def served(
    home: Home, *options: str, wait: bool = True, work: bool = False, **settings: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
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
        *(() if work else ("--no-work",)),
        *options,
    ]
    process = subprocess.Popen(
        program, env={**home.environment, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        until = time.monotonic() + 60
        while wait and time.monotonic() < until:
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
    return _children_of(process, "serving.worker")


def readers(process: subprocess.Popen[bytes]) -> list[int]:
    return _children_of(process, "lineofsight work")


def _children_of(process: subprocess.Popen[bytes], program: str) -> list[int]:
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line.split()[0]) for line in found.stdout.splitlines() if program in line]


def is_worker(process: int) -> bool:
    try:
        return b"worker" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


@pytest.mark.slow
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


@pytest.mark.parametrize(
    "path",
    [
        "/",
        *(
            pytest.param(path, marks=pytest.mark.slow)
            for path in ("/sign-in/", "/service/999/deliveries/new")
        ),
    ],
)
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
    assert most("/service/999/deliveries/new", 10**9) > 10**9
    assert most("/service/999/improvement/new", 10**9) == limits.EVIDENCE_BYTES
    assert most("/sign-in/", 10**9) == limits.FORM_BYTES


class Fake:
    """A Cookie header that names a session; `asked` counts how often that was looked up."""

    def __init__(self, signed_in: bool) -> None:
        self.signed_in = signed_in
        self.asked = 0

    def __call__(self, _cookie: str) -> bool:
        self.asked += 1
        return self.signed_in


def parsed(monkeypatch: pytest.MonkeyPatch, fake: Fake, *headers: str) -> limits.Parser:
    monkeypatch.setattr(limits.Parser, "is_signed_in", fake)
    parser = limits.Parser(limits.adjustments())
    lines = ["POST /service/999/deliveries/new HTTP/1.1", "Host: localhost", "Cookie: sessionid=x", *headers]
    parser.received("\r\n".join([*lines, "", ""]).encode())
    return parser


@pytest.mark.parametrize(
    ("length", "asked"), [(limits.FORM_BYTES, 0), (limits.FORM_BYTES + 1, 1), (4 * 10**8, 1)]
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_only_a_session_of_somebody_signed_in_may_send_a_large_body(
    monkeypatch: pytest.MonkeyPatch, length: int, asked: int, signed_in: bool
) -> None:
    """A made-up cookie is no session; small bodies ask the database nothing."""
    fake = Fake(signed_in)
    parser = parsed(monkeypatch, fake, f"Content-Length: {length}")
    assert (parser.error is None) == (signed_in or not asked)
    assert fake.asked == asked


def test_a_length_of_a_chunk_that_never_ends_is_refused_even_from_somebody_signed_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parser = parsed(monkeypatch, Fake(True), "Transfer-Encoding: chunked")
    for _ in range(limits.FORM_BYTES // 2**16 + 2):
        if parser.completed:
            break
        parser.received(b"1" * 2**16)
    assert isinstance(parser.error, limits.TooLarge)


def test_a_made_up_session_does_not_send_a_large_body(home: Home) -> None:
    with served(home) as (port, _), socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(
            b"POST /service/999/deliveries/new HTTP/1.1\r\nHost: localhost\r\n"
            b"Cookie: sessionid=madeup\r\nContent-Length: 400000000\r\n\r\n"
        )
        said = b""
        while part := one.recv(1000):
            said += part
    assert b" 413 " in said
    assert b"Sign in, and send a smaller file." in said


class Held:
    """What a server knows of a connection."""

    def __init__(self, address: str, connected_at: float, waits: bool = True) -> None:
        self.addr = (address, 1)
        self.connected_at = connected_at
        self.waits = waits


def test_the_oldest_that_wait_go_first_from_the_address_with_most() -> None:
    lone = Held("10.0.0.1", 1)
    answered = Held("10.0.0.2", 0, waits=False)
    many = [Held("10.0.0.2", moment) for moment in (5, 3, 4)]
    assert limits.first_to_go([lone, answered, *many]) == [many[1], many[2], many[0], lone]


@pytest.mark.slow
def test_connections_that_say_nothing_keep_nobody_out(home: Home) -> None:
    """More of them than every worker holds; who asks meanwhile is answered."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * limits.MOST_CONNECTIONS + 500
    if most[1] < wanted + 200:
        pytest.skip("this machine lets a process open too few files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(most[0], wanted + 200), most[1]))
    held: list[socket.socket] = []
    try:
        with served(home) as (port, _):
            held.extend(socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(wanted))
            for _ in range(3):
                begun = time.monotonic()
                assert ask(port, "/sign-in/", timeout=10)[0] == 200
                # Well before any of them is closed for saying nothing.
                assert time.monotonic() - begun < limits.HEADER_SECONDS / 3
    finally:
        for one in held:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, most)


def test_no_worker_outlives_a_supervisor_killed_while_it_starts(home: Home) -> None:
    with served(home, wait=False) as (_, process):
        until = time.monotonic() + 20
        while len(begun := workers(process)) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        process.kill()
        process.wait(10)
        assert len(begun) == 2
        until = time.monotonic() + 15
        while any(map(is_worker, begun)) and time.monotonic() < until:
            time.sleep(0.2)
        left = [one for one in begun if is_worker(one)]
        for one in left:
            os.kill(one, signal.SIGKILL)
        assert left == []


def test_one_that_keeps_dying_is_started_ever_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    starts: list[float] = []

    class Dead:
        def poll(self) -> int:
            return 1

    def start() -> Dead:
        starts.append(clock[0])
        return Dead()

    monkeypatch.setattr(supervisor.time, "monotonic", lambda: clock[0])
    process = supervisor._Process(start)  # type: ignore[arg-type]
    while clock[0] < 120:
        clock[0] += 0.5
        process.check()
    assert [b - a for a, b in itertools.pairwise(starts)][:6] == [1, 2, 4, 8, 16, 30]


@pytest.mark.slow
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
        assert not any(map(is_worker, after))


@pytest.mark.slow
def test_a_reader_that_dies_is_started_again_and_reads_what_waits(home: Home) -> None:
    """Killed while deliveries come in, it loses none of them."""
    with served(home, work=True) as (_, process):
        until = time.monotonic() + 20
        while not (first := readers(process)) and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(first[0], signal.SIGKILL)
        recipe.receive([written(a_statement("one"))], "a.jsonl", NORTHSHIRE, RECORD, received_at=None, by="x")
        while waiting.links().exists() and time.monotonic() < until:
            time.sleep(0.1)
        assert not waiting.links().exists()
        assert first[0] not in readers(process)


@pytest.mark.slow
def test_only_the_proxy_that_is_named_is_believed(home: Home) -> None:
    """Behind a proxy one client's wrong passwords lock that client, and nobody can pretend to be another."""

    def locked(port: int, address: str) -> bool:
        for _ in range(11):
            page = sign_in(port, address)[1]
        return b"Too many attempts" in page

    def sign_in(port: int, address: str) -> tuple[int, bytes, dict[str, str]]:
        _, page, headers = ask(port, "/sign-in/", {"X-Forwarded-For": address})
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
        cookie = headers["Set-Cookie"].split(";")[0]
        body = f"login=amira&password=wrong&csrfmiddlewaretoken={token[1].decode() if token else ''}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request(
            "POST",
            "/sign-in/",
            body,
            {
                "Cookie": cookie,
                "X-Forwarded-For": address,
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        answer = connection.getresponse()
        found = (answer.status, answer.read(), dict(answer.getheaders()))
        connection.close()
        return found

    with served(home, LINEOFSIGHT_PROXY="127.0.0.1") as (port, _):
        assert locked(port, "10.0.0.1")
        assert b"Too many attempts" not in sign_in(port, "10.0.0.2")[1]
    with served(home) as (port, _):
        for number in range(11):
            sign_in(port, f"10.1.0.{number}")
        assert b"Too many attempts" in sign_in(port, "10.1.0.99")[1]


def test_only_the_proxy_is_believed_about_https() -> None:
    """Forged, the header reaches no view; from the proxy it does, and nothing else that it forwards."""
    seen: dict[str, str] = {}

    def view(environ: dict[str, str], _start: object) -> list[bytes]:
        seen.clear()
        seen.update({name: value for name, value in environ.items() if isinstance(value, str)})
        return []

    said = {
        "HTTP_X_FORWARDED_FOR": "10.0.0.1",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "evil.test",
        "HTTP_FORWARDED": "for=10.9.9.9;proto=https",
    }
    for proxy, peer, believed in (
        ("", "127.0.0.1", False),
        ("10.5.5.5", "127.0.0.1", False),
        ("10.5.5.5", "10.5.5.5", True),
    ):
        adj = limits.adjustments(**worker.believed(proxy))
        wrapped = proxy_headers_middleware(
            view,
            trusted_proxy=adj.trusted_proxy,
            trusted_proxy_count=adj.trusted_proxy_count,
            trusted_proxy_headers=adj.trusted_proxy_headers,
            clear_untrusted=adj.clear_untrusted_proxy_headers,
        )
        wrapped(
            {
                "REMOTE_ADDR": peer,
                "REMOTE_HOST": peer,
                "wsgi.url_scheme": "http",
                "SERVER_PORT": "80",
                **said,
            },
            None,
        )
        assert seen["REMOTE_ADDR"] == ("10.0.0.1" if believed else peer)
        assert seen["wsgi.url_scheme"] == ("https" if believed else "http")
        assert ("HTTP_X_FORWARDED_PROTO" in seen) == believed
        assert "HTTP_X_FORWARDED_HOST" not in seen
        assert "HTTP_FORWARDED" not in seen


@pytest.mark.slow
def test_a_session_in_the_database_sends_a_large_body_and_one_that_nobody_signed_in_to_does_not(
    home: Home,
) -> None:
    def first_line(port: int, key: str) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
            one.sendall(
                b"POST /service/999/deliveries/new HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + f"Cookie: sessionid={key}\r\nContent-Length: {limits.FORM_BYTES * 2}\r\n\r\n".encode()
            )
            with contextlib.suppress(OSError):
                one.sendall(b"x" * limits.FORM_BYTES * 2)
            with contextlib.suppress(OSError):
                return one.recv(100).split(b"\r\n")[0]
        return b""

    with served(home) as (port, _):
        keys = []
        secret = home.environment["LINEOFSIGHT_SECRET_KEY"]  # what the served one signs with
        with override_settings(SECRET_KEY=secret):
            for more in ({SESSION_KEY: "1"}, {}):
                session = SessionStore()
                session.update({"anything": 1, **more})
                session.save()
                keys.append(session.session_key or "")
        assert b" 403 " in first_line(port, keys[0])  # taken whole, and refused for want of a form's token
        assert b" 403 " not in first_line(port, keys[1])
