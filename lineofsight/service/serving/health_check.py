"""Asks this machine's service whether it is ready, for a container: `python -m lineofsight.service.serving.health_check PORT`."""

from __future__ import annotations

import http.client
import sys

from lineofsight.service.settings import ALLOWED_HOSTS

_SECONDS = 8


def main(port: int) -> int:
    """0 where the service is ready, else 1."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    host = next((name for name in ALLOWED_HOSTS if not name.startswith(("*", "."))), "localhost")
    try:
        connection.request("GET", "/health/ready", headers={"Host": host})
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
