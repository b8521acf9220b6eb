"""What stands in an address instead of a child's number: meaningless outside this service, the same on each day.

A child's number in an address would reach histories, proxies and logs. A handle is a keyed hash
of it, so nobody without the service's secret can turn it back or guess another child's.
"""

from __future__ import annotations

import base64
import hashlib

from django.conf import settings

from lineofsight.queries.children import numbers
from lineofsight.queries.record import Record, cached_by_state

_BYTES = 15


def handle_of(authority: str, child: str) -> str:
    """The handle of a child: 24 letters and digits."""
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32).digest()
    said = f"{authority}\0{child}".encode()
    mac = hashlib.blake2b(said, key=key, digest_size=_BYTES, person=b"child handle")
    return base64.b32encode(mac.digest()).decode().lower()


def child_of(record: Record, handle: str) -> str | None:
    """The child a handle stands for; None where no row of the authority names such a child."""
    return _children(record).get(handle)


@cached_by_state(4)
def _children(record: Record) -> dict[str, str]:
    return {handle_of(record.authority, child): child for child in numbers(record)}
