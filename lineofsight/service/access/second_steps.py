"""A code of a second step is taken once, whichever worker it reaches."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import IntegrityError, transaction

from lineofsight.service.models import UsedCode
from lineofsight.service.store import clock
from lineofsight.vocabulary.moments import microseconds

_KEPT_US = 120 * 1_000_000
"""Longer than any code stays right."""


def use_once(user: Any, code: str) -> bool:
    """Whether this is the first use of the code; the row that says so is unique in the database."""
    now = microseconds(clock.now())
    digest = hashlib.sha256(f"{user.pk}|{code.strip()}".encode()).hexdigest()
    UsedCode.objects.filter(user_id=user.pk, at__lt=now - _KEPT_US).delete()
    try:
        with transaction.atomic():
            UsedCode.objects.create(user_id=user.pk, digest=digest, at=now)
    except IntegrityError:
        return False
    return True
