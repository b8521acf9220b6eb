"""One worker process: `python -m lineofsight.service.serving.worker DESCRIPTOR`, started by the supervisor."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import threading
import time
from types import FrameType

from django.conf import settings
from waitress.task import ThreadedTaskDispatcher

from lineofsight.service.serving.limits import Parser, Server, adjustments

_LOOKS_EVERY = 1.0


def main(descriptor: int) -> None:
    """Serve the pages on a listening socket until told to stop, or until the supervisor is gone."""
    from lineofsight.service.wsgi import application  # sets Django up

    tempfile.tempdir = str(_incoming())
    Parser.session_cookie = settings.SESSION_COOKIE_NAME
    Parser.upload_bytes = settings.UPLOAD_MEGABYTES * 10**6
    listening = socket.socket(fileno=descriptor)
    proxy = {"trusted_proxy": settings.PROXY, "trusted_proxy_count": 1,
             "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto"} if settings.PROXY else {}  # fmt: skip
    adj = adjustments(sockets=[listening], max_request_body_size=2 * Parser.upload_bytes, **proxy)
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(adj.threads)
    info = (listening.family, listening.type, listening.proto, listening.getsockname())
    server = Server(
        application, {}, True, listening, dispatcher=dispatcher, adj=adj, sockinfo=info, bind_socket=False
    )
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor tells its workers to stop
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        server.run()
    except SystemExit:
        dispatcher.shutdown(timeout=5)


def _incoming() -> str:
    """Where what is being sent lies until it is whole: in the home, never in the system's temporary folder."""
    folder = settings.HOME / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _end_with(parent: int) -> None:
    """End when the supervisor is gone, so that nobody serves on after it."""
    while os.getppid() == parent:
        time.sleep(_LOOKS_EVERY)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
