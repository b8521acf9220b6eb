"""Encrypting what lies in the database and must be useless without the service's secret key."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def box(purpose: bytes) -> Fernet:
    """A box that only this service can open. Each purpose (at most 16 bytes) has a key of its own."""
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=purpose).digest()
    return Fernet(base64.urlsafe_b64encode(key))
