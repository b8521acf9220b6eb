"""What a client may send, and how slowly: decided before a thread or Django sees the request.

A worker reads every request whole, in one loop over all connections, before a thread answers it; so a
client that sends slowly, or only half, holds up nobody. A body is refused by its announced length, or as
soon as it grows past what its address may take.
"""

from __future__ import annotations

import copy
import re
import time
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer

HEADER_SECONDS = 10
"""How long a client may take from the first byte of a request to the end of its headers."""
BODY_SECONDS = 30
LEAST_BYTES_A_SECOND = 1024
"""After BODY_SECONDS a body must have come at least this fast, or the connection is closed."""

FORM_BYTES = 2 * 2**20
EVIDENCE_BYTES = 22 * 2**20
_SLACK_BYTES = 2**20
_DELIVERIES = re.compile(r"/service/[0-9]{3}/deliveries/new")
_EVIDENCE = re.compile(r"/service/[0-9]{3}/(improvement|questions)/.{1,200}")


def most_bytes(path: str, cookie: str, session_cookie: str, upload_bytes: int) -> int:
    """How large the body of a request to an address may be; only somebody with a session sends files."""
    if f"{session_cookie}=" not in cookie:
        return FORM_BYTES
    if _DELIVERIES.fullmatch(path):
        return upload_bytes + _SLACK_BYTES
    return EVIDENCE_BYTES if _EVIDENCE.fullmatch(path) else FORM_BYTES


class Parser(HTTPRequestParser):
    """Reads a request; its body is limited by where it goes and whether there is a session."""

    session_cookie = "sessionid"
    upload_bytes = 500 * 10**6

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and set how large the body may be."""
        super().parse_header(header_plus)
        most = most_bytes(self.path, self.headers.get("COOKIE", ""), self.session_cookie, self.upload_bytes)
        adj: Any = self.adj
        if most < adj.max_request_body_size:
            self.adj: Any = copy.copy(adj)
            self.adj.max_request_body_size = most


class Channel(HTTPChannel):
    """One connection, and since when the request being read has been coming."""

    parser_class = Parser
    begun_at = 0.0

    def received(self, data: bytes) -> bool:
        """Take in what came."""
        if self.request is None:
            self.begun_at = time.monotonic()
        return bool(super().received(data))

    def is_too_slow(self, now: float) -> bool:
        """Whether the request being read has been coming for longer than it may."""
        request = self.request
        if request is None:
            return False
        seconds = now - self.begun_at
        if not request.headers_finished:
            return seconds > HEADER_SECONDS
        return seconds > BODY_SECONDS and request.body_bytes_received < LEAST_BYTES_A_SECOND * seconds


class Server(TcpWSGIServer):
    """Closes connections whose request comes too slowly."""

    channel_class = Channel

    def maintenance(self, now: float) -> None:
        """Close idle connections, as waitress does, and slow ones."""
        super().maintenance(now)
        moment = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.is_too_slow(moment):
                channel.will_close = True


def adjustments(**more: Any) -> Adjustments:
    """How a worker's server is set."""
    return Adjustments(
        ident=None,
        threads=6,
        connection_limit=1000,
        cleanup_interval=2,
        channel_timeout=60,
        asyncore_use_poll=True,
        max_request_header_size=32 * 1024,
        backlog=1024,
        clear_untrusted_proxy_headers=True,
        **more,
    )
