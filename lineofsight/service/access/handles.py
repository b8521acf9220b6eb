"""What stands in an address instead of a child's number: meaningless outside this service, the same on each day.

A child's number in an address would reach histories, proxies and logs. A handle is a keyed hash
of it, so nobody without the service's secret can turn it back or guess another child's.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from django.conf import settings

from lineofsight.record.tables import CASE_TABLES
from lineofsight.service.store import chain, picture

_BYTES = 15


def handle_of(authority: str, child: str) -> str:
    """The handle of a child: 24 letters and digits."""
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32).digest()
    said = f"{authority}\0{child}".encode()
    mac = hashlib.blake2b(said, key=key, digest_size=_BYTES, person=b"child handle")
    return base64.b32encode(mac.digest()).decode().lower()


def child_of(authority: str, handle: str) -> str | None:
    """The child a handle stands for; None where no row of the authority names such a child."""
    return _children(authority, chain.state()).get(handle)


def numbers(authority: str) -> frozenset[str]:
    """The number of every child any row of the authority names."""
    return _numbers(authority, chain.state())


@lru_cache(maxsize=4)
def _numbers(authority: str, state: str) -> frozenset[str]:
    return frozenset(_children(authority, state).values())


@lru_cache(maxsize=4)
def _children(authority: str, _head: str) -> dict[str, str]:
    names = {(table.name, name) for table in CASE_TABLES for name in table.child}
    found: set[str] = set()
    for table, name in sorted(names):
        found |= set(picture.history(authority, table)[name].drop_nulls().unique().to_list())
    return {handle_of(authority, child): child for child in found}
