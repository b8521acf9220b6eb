"""Identifiers: checked once when they come in, then trusted."""

from __future__ import annotations

import re
from typing import NewType

from lineofsight.vocabulary.refusal import Refused

AuthorityCode = NewType("AuthorityCode", str)
"""A local authority's three-digit code from the department, such as 928."""

SourceName = NewType("SourceName", str)
"""The name that an authority gives a source, such as nightly-ssd."""

DeliveryId = NewType("DeliveryId", str)
"""Sixteen hexadecimal digits that name one delivery."""

_AUTHORITY = re.compile(r"[0-9]{3}")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def authority_code(text: str) -> AuthorityCode:
    """Parse an authority's code, or refuse with a sentence."""
    if not _AUTHORITY.fullmatch(text):
        raise Refused(f"An authority is three digits, such as 928; {text[:40]!r} is not.")
    return AuthorityCode(text)


def source_name(text: str) -> SourceName:
    """Parse a source's name (small letters, digits and hyphens, 63 at most), or refuse with a sentence."""
    if not _SOURCE.fullmatch(text):
        raise Refused(
            f"Write the source's name in small letters, digits and hyphens, such as public-record, not {text[:40]!r}."
        )
    return SourceName(text)
