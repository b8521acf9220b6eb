"""Answers a monitor on a port of its own: `python -m lineofsight.service.serving.metrics SUPERVISOR`, started by the supervisor.

It is no address of the service, so no proxy leads here. Without the setting nothing listens; on another address
than this machine's own it starts only with a token, and with a token it answers nobody who does not send it.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lineofsight.vocabulary.refusal import Refused

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which every worker is told where to leave its counts, so that one process can add them up."""
_CHECK_SECONDS = 1.0
_FRESH_SECONDS = 5.0
_PATH = "/metrics"


def place(setting: str, token: str) -> tuple[str, int] | None:
    """Where to listen; None where nobody asked for metrics. Raises Refused where the setting cannot be used or is unsafe."""
    if not setting:
        return None
    host, _, port = setting.rpartition(":")
    try:
        address = ipaddress.ip_address(host.strip("[]"))
        number = int(port)
    except ValueError:
        raise Refused("LINEOFSIGHT_METRICS must be an address and a port, such as 127.0.0.1:9109.") from None
    if not address.is_loopback and len(token) < 20:
        raise Refused(
            "LINEOFSIGHT_METRICS is not an address of this machine alone: set LINEOFSIGHT_METRICS_TOKEN to at least 20 random characters."
        )
    return str(address), number


class Page:
    """The metrics as text, worked out at most every few seconds, however often they are asked for."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        from lineofsight.service.health.numbers import Numbers

        self._registry = CollectorRegistry()
        if SHARED in os.environ:
            MultiProcessCollector(self._registry)
        self._registry.register(Numbers())
        self._lock = threading.Lock()
        self._until = 0.0
        self._text = b""

    def text(self) -> bytes:
        """The page."""
        from django.db import connections
        from prometheus_client import generate_latest

        with self._lock:
            if time.monotonic() > self._until:
                try:
                    self._text = generate_latest(self._registry)
                finally:
                    connections.close_all()
                self._until = time.monotonic() + _FRESH_SECONDS
            return self._text


def server(where: tuple[str, int], token: str, page: Page) -> ThreadingHTTPServer:
    """A server of that page. It answers nothing else, and writes no log."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path != _PATH:
                self._answer(404, b"Not found\n")
            elif token and not hmac.compare_digest(
                self.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
            ):
                self._answer(401, b"Send the token.\n")
            else:
                self._answer(200, page.text())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def version_string(self) -> str:
            return "metrics"

        def log_message(self, *_: object) -> None:
            """Nothing: a request's address is whatever somebody typed."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET

        def handle_error(self, request: object, client_address: object) -> None:
            """Nothing: who hung up while being answered is nobody's business."""

    return Server(where, Handler)


def main(supervisor: int) -> None:
    """Serve until told to stop, or until the process `supervisor` is gone."""
    threading.Thread(target=_end_without, args=(supervisor,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor tells it to stop
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.service.settings")
    django.setup()
    from django.conf import settings

    where = place(settings.METRICS, settings.METRICS_TOKEN)
    if where is None:
        return
    try:
        answering = server(where, settings.METRICS_TOKEN, Page())
    except OSError as fault:
        sys.exit(
            f"Metrics cannot be given on {settings.METRICS} ({fault.strerror}); change LINEOFSIGHT_METRICS."
        )
    answering.serve_forever()


def _end_without(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(_CHECK_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
