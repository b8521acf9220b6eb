"""The record as pages and commands ask it: opened once for each request, never reached around."""

from __future__ import annotations

from django.conf import settings

from lineofsight.queries import statements
from lineofsight.queries.record import Record, cached_by_state
from lineofsight.service.store import record as stored
from lineofsight.vocabulary.refusal import Refused


def open_record(authority: str) -> Record:
    """An authority's record as it stands now."""
    return stored.open_record(authority)


def open_records() -> list[Record]:
    """The record of every authority of which anything is held, in order."""
    return list(stored.open_records())


def record_with(delivery: str) -> Record:
    """The record that a delivery belongs to; refuses where there is no delivery of that id."""
    for record in stored.open_records():
        if any(link.delivery == delivery for link in record.links()):
            return record
    raise Refused("There is no delivery of that id.", command="`lineofsight deliveries` lists them.")


def state() -> str:
    """The state of the whole record: what was worked out in one state holds until the next."""
    return stored.state()


def first_authority() -> str | None:
    """The authority whose public record is shown first: the one settings name, else the one with most statements."""
    several = {record.authority: record for record in open_records()}
    held = [code for code, record in several.items() if code in statements.authorities(record)]
    if settings.AUTHORITY in held:
        return str(settings.AUTHORITY)
    return max(held, key=lambda code: _count(several[code]), default=None)


@cached_by_state(16)
def _count(record: Record) -> int:
    return len(record.engine.rows(record.history(statements.TABLE).select("id")))
