"""A night of the made-up county, loaded for an authority."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks import county
from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.receive import recipe
from lineofsight.service.store import chain
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName

FIRST_NIGHT = datetime(2019, 10, 8, 3, tzinfo=UTC)
_SOURCE = SourceName("nightly-ssd")


def new_authority(code: str) -> AuthorityCode:
    """An authority that nothing was loaded for, with its nightly source: so that each load is a first load."""
    recipe.set_source(county.SETTINGS.replace(b'"999"', f'"{code}"'.encode()), by="bench")
    return AuthorityCode(code)


def load_night(packed: bytes, authority: AuthorityCode, moment: datetime = FIRST_NIGHT) -> int:
    """Load a night; gives how many rows were received, and stops where more than a hundredth were not accepted."""
    outcome = recipe.load(
        [NamedBytes("night.zip", packed)], "night.zip", authority, _SOURCE, received_at=moment, by="bench"
    )
    counts = chain.body_of(outcome.link)["counts"]
    assert counts["quarantined"] < counts["received"] / 100, (
        f"the made-up county is no longer accepted: {counts}"
    )
    return int(counts["received"])
