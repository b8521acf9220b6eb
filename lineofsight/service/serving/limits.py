"""What a client may send, and how slowly: decided before a thread or Django sees the request.

A worker reads every request whole, in one loop over all connections, before a thread answers it. So a
client that sends slowly, or only half a request, holds up nobody. A body is refused by its announced
length, or as soon as it is larger than its address takes.
"""

from __future__ import annotations

import contextlib
import copy
import re
import socket
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.utilities import RequestEntityTooLarge

HEADER_SECONDS = 10
"""How long a client may take for the headers of a request, and from connecting to the first byte."""
BODY_SECONDS = 30
LEAST_BYTES_A_SECOND = 1024
"""After BODY_SECONDS a body must have come at least this fast, or the connection is closed."""

FORM_BYTES = 2 * 2**20
EVIDENCE_BYTES = 22 * 2**20
_SLACK_BYTES = 2**20

MOST_CONNECTIONS = 1000
"""How many connections a worker holds; with one more it closes some that only wait, to let others in."""
_ROOM = 50
"""How many are closed at a time, so that they are not sorted for every new connection."""
_DELIVERIES = re.compile(r"/service/[0-9]{3}/deliveries/new")
_EVIDENCE = re.compile(r"/service/[0-9]{3}/(improvement|questions)/.{1,200}")


def most_bytes(path: str, upload_bytes: int) -> int:
    """How large, in bytes, the body of a request by somebody signed in may be; of anybody else FORM_BYTES."""
    if _DELIVERIES.fullmatch(path):
        return upload_bytes + _SLACK_BYTES
    return EVIDENCE_BYTES if _EVIDENCE.fullmatch(path) else FORM_BYTES


class TooLarge(RequestEntityTooLarge):
    """Answers a body that is larger than its address takes."""

    def to_response(self, _ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """The status, the headers and a sentence that says what to do."""
        text = "What you sent is larger than this page takes, and was not read. Sign in, and send a smaller file.\n"
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        return f"{self.code} {self.reason}", headers, text.encode()


def _nobody(_cookie: str) -> bool:
    return False


class Parser(HTTPRequestParser):
    """Reads a request. How large its body may be depends on its address and on whether the sender is signed in."""

    is_signed_in: Callable[[str], bool] = staticmethod(_nobody)
    """Whether a Cookie header names a session of somebody signed in; asked only before a large body is read."""
    upload_bytes = 500 * 10**6

    def received(self, data: bytes) -> int:
        """Take in bytes; gives how many of them belong to this request."""
        taken = int(super().received(data))
        fault: Any = self.error
        if isinstance(fault, RequestEntityTooLarge):
            self.error: Any = TooLarge("")
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and set how large the body may be."""
        super().parse_header(header_plus)
        adj: Any = copy.copy(self.adj)
        adj.max_request_body_size = self._most()
        self.adj: Any = adj

    def _most(self) -> int:
        # No browser sends a file in chunks, and waitress holds the length of a chunk in memory, however long.
        if self.chunked or self.content_length <= FORM_BYTES:
            return FORM_BYTES + 1
        most = most_bytes(self.path, self.upload_bytes)
        if most > FORM_BYTES and not type(self).is_signed_in(self.headers.get("COOKIE", "")):
            most = FORM_BYTES
        return most + 1  # waitress refuses from that size on


class Channel(HTTPChannel):
    """One connection, with the moment its present request began to arrive."""

    parser_class = Parser
    begun_at = 0.0
    has_asked = False

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.connected_at = time.monotonic()

    def received(self, data: bytes) -> bool:
        """Take in bytes."""
        if self.request is None:
            self.begun_at = time.monotonic()
        self.has_asked = True
        return bool(super().received(data))

    def is_too_slow(self, now: float) -> bool:
        """Whether the present request takes longer to arrive than it may."""
        request = self.request
        if request is None:
            return not self.has_asked and now - self.connected_at > HEADER_SECONDS
        seconds = now - self.begun_at
        if not request.headers_finished:
            return seconds > HEADER_SECONDS
        return seconds > BODY_SECONDS and request.body_bytes_received < LEAST_BYTES_A_SECOND * seconds

    @property
    def waits(self) -> bool:
        """Whether nothing is being answered here: no whole request has arrived, or the client does not read the answer."""
        return not self.requests

    def hang_up(self) -> None:
        """Close it in the loop's next round, also where the client reads nothing, so that no more can be written."""
        self.will_close = True
        with contextlib.suppress(OSError):  # it is gone already
            self.socket.shutdown(socket.SHUT_RDWR)


class Server(TcpWSGIServer):
    """Closes connections whose request arrives too slowly, and idle ones where there are too many."""

    channel_class = Channel

    def maintenance(self, now: float) -> None:
        """Close idle connections, as waitress does, and slow ones."""
        super().maintenance(now)
        moment = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.will_close or channel.is_too_slow(moment):
                channel.hang_up()

    def handle_accept(self) -> None:
        """Accept a connection; where there are as many as allowed, close those that have waited longest."""
        super().handle_accept()
        channels = [channel for channel in self.active_channels.values() if not channel.will_close]
        if len(channels) >= MOST_CONNECTIONS:
            for channel in first_to_go(channels)[:_ROOM]:
                channel.hang_up()


def first_to_go(channels: list[Any]) -> list[Any]:
    """The connections that only wait, in the order to close them: of the address with most first, then the oldest."""
    count_of = Counter(channel.addr[0] for channel in channels)
    waiting = [channel for channel in channels if channel.waits]
    return sorted(waiting, key=lambda channel: (-count_of[channel.addr[0]], channel.connected_at))


def adjustments(**more: Any) -> Adjustments:
    """The settings of a worker's server."""
    return Adjustments(
        ident=None,
        threads=6,
        connection_limit=MOST_CONNECTIONS
        + 2 * _ROOM,  # never reached, since at the limit waitress accepts nobody
        cleanup_interval=2,
        channel_timeout=60,
        asyncore_use_poll=True,
        max_request_header_size=32 * 1024,
        backlog=1024,
        clear_untrusted_proxy_headers=True,
        **more,
    )
