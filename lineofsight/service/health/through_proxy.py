"""Asks the service's own health page by the address that people use, to see what the proxy in front does."""

from __future__ import annotations

import http.client
import json
import ssl
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from lineofsight.service.health import probe
from lineofsight.service.health.facts import Through
from lineofsight.vocabulary.refusal import Refused

PATH = "/health/live"
SPOOFED = "192.0.2.77"
"""An address that belongs to nobody (RFC 5737)."""
_SECONDS = 10


def ask(url: str, context: ssl.SSLContext | None = None) -> Through:
    """What the health page answers at `url`, such as https://lineofsight.example.org. Raises Refused where it is no address."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise Refused("Give --url as people type it, beginning with https://.")
    host, port = parts.hostname, parts.port or 443
    address = f"https://{parts.netloc}"
    secure = http.client.HTTPSConnection(
        host, port, timeout=_SECONDS, context=context or ssl.create_default_context()
    )
    try:
        with closing(secure):
            secure.connect()
            until = _certificate_until(secure.sock)
            # What a visitor may send who wants to look like somebody else.
            headers = {
                "X-Forwarded-For": SPOOFED,
                "X-Forwarded-Proto": "http",
                "X-Forwarded-Host": "other.example",
            }
            secure.request("GET", PATH, headers={**headers, probe.HEADER: probe.word()})
            answer = secure.getresponse()
            saw = _saw(answer.read(4096))
    except (OSError, http.client.HTTPException) as fault:
        return Through(address, fault=_why(fault))
    plain, plain_to = _plain(host) if port == 443 else (None, "")
    return Through(
        address,
        status=answer.status,
        hsts=answer.getheader("Strict-Transport-Security", ""),
        certificate_until=until,
        plain=plain,
        plain_to=plain_to,
        address=saw.get("address"),
        saw_https=bool(saw.get("https")),
        host=str(saw.get("host", "")),
        spoofed=SPOOFED,
    )


def _why(fault: Exception) -> str:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({fault.verify_message})"
    return (fault.strerror if isinstance(fault, OSError) else None) or type(fault).__name__


def _certificate_until(sock: Any) -> datetime | None:
    """Until when the certificate holds."""
    says = sock.getpeercert() or {}
    if "notAfter" not in says:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(says["notAfter"]), UTC)


def _saw(body: bytes) -> dict[str, Any]:
    """What the service says it saw; nothing where it does not know the word."""
    try:
        says = json.loads(body)
    except ValueError:
        return {}
    return says if isinstance(says, dict) else {}


def _plain(host: str) -> tuple[int | None, str]:
    """What the same page answers over plain HTTP, and where that leads; None where nothing listens."""
    connection = http.client.HTTPConnection(host, 80, timeout=_SECONDS)
    try:
        with closing(connection):
            connection.request("GET", PATH)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location", "")
    except (OSError, http.client.HTTPException):
        return None, ""
