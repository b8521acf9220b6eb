"""One worker process: `python -m lineofsight.service.serving.worker DESCRIPTOR SUPERVISOR`, started by the supervisor."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import threading
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.http import parse_cookie
from waitress.task import ThreadedTaskDispatcher

from lineofsight.service.serving.limits import Parser, Server, adjustments

_CHECK_SECONDS = 1.0


def main(descriptor: int, supervisor: int) -> None:
    """Serve the pages on a listening socket until told to stop, or until the process `supervisor` is gone."""
    # First, and by the number it was given: a supervisor that ends while this starts would be missed later.
    threading.Thread(target=_end_without, args=(supervisor,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor tells its workers to stop
    from lineofsight.service.wsgi import application  # sets Django up

    tempfile.tempdir = str(_incoming())
    Parser.is_signed_in = staticmethod(_is_signed_in)
    Parser.upload_bytes = settings.UPLOAD_MEGABYTES * 10**6
    listening = socket.socket(fileno=descriptor)
    adj = adjustments(
        sockets=[listening], max_request_body_size=2 * Parser.upload_bytes, **believed(settings.PROXY)
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(adj.threads)
    info = (listening.family, listening.type, listening.proto, listening.getsockname())
    server = Server(
        application, {}, True, listening, dispatcher=dispatcher, adj=adj, sockinfo=info, bind_socket=False
    )
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()
    except SystemExit:
        dispatcher.shutdown(timeout=5)


def _is_signed_in(cookie: str) -> bool:
    """Whether a Cookie header names a session in which somebody signed in; False where the database cannot say."""
    from django.contrib.auth import SESSION_KEY  # these need Django set up
    from django.contrib.sessions.backends.db import SessionStore

    key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return False
    close_old_connections()
    try:
        return bool(SessionStore(session_key=key).get(SESSION_KEY))
    except DatabaseError:
        return False


def believed(proxy: str) -> dict[str, Any]:
    """The settings by which waitress believes one proxy, and nobody else, about the client's address and scheme."""
    if not proxy:
        return {}
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto",
    }


def _incoming() -> str:
    """Where requests are stored until they are whole: in the home, never in the system's temporary folder."""
    folder = settings.HOME / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _end_without(supervisor: int) -> None:
    """End this process when the supervisor is gone, so that no worker goes on without it."""
    while os.getppid() == supervisor:
        time.sleep(_CHECK_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
