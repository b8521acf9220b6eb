"""Why something is not received: what checks raise, and what commands and pages tell apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from lineofsight.vocabulary.refusal import Refused

Check = Callable[[datetime], None]
"""Raises Refused where an entry cannot follow what is known by that moment."""


class RowsRefused(Refused):
    """Rows that somebody entered break a check of intake: `findings` says which, and nothing was kept."""

    def __init__(self, findings: Sequence[dict[str, Any]]) -> None:
        super().__init__(" ".join(f"{finding['says']} {finding['do']}" for finding in findings))
        self.findings = findings


class CameSecond(Refused):
    """Another entry was recorded between the check of an entry and its turn; `why` it cannot follow that."""

    def __init__(self, why: Refused) -> None:
        super().__init__(f"Another entry was recorded just before yours, so yours was not. {why}")
        self.why = why


class Overtaken(Exception):
    """Another delivery of the source was acknowledged first; this one takes its place behind it."""


class Busy(Refused):
    """Others keep appending deliveries of the source: nothing is wrong with this one, and it is tried again."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else keeps loading deliveries of this source. Try again when they have finished."
        )


class BytesChanged(Refused):
    """The stored files of a waiting delivery are missing or changed: it goes on waiting, and `verify` says why."""
