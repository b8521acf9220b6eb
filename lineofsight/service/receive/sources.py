"""What is known of a source: its settings on a day, and the format its files are read by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats import recognised
from lineofsight.intake.formats import source as source_format
from lineofsight.intake.settings import SourceSettings, plain_statements
from lineofsight.record import frames
from lineofsight.record.tables.holiday import NATIONAL
from lineofsight.service.store import clock, picture
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import FOREVER, london_day

DESCRIBED = SourceName("described-by-hand")
"""The source under which descriptions of sources are themselves delivered."""
HOLIDAYS = SourceName("bank-holidays")
"""The source under which bank holidays proclaimed later are delivered, for no single authority."""


def settings_of(authority: AuthorityCode, source: SourceName, on: date | None = None) -> SourceSettings:
    """The settings of a source on a day (None: today); a source that nobody described delivers statements."""
    if source == DESCRIBED:
        return SourceSettings(source, authority, "source", "partial", None, "{}")
    if (authority, source) == (NATIONAL, HOLIDAYS):
        return SourceSettings(source, authority, "holidays", "partial", None, "{}")
    rows = picture.history(authority, "source")
    rows = rows.filter((pl.col("name") == source) & (pl.col(frames.WITNESSED_TO) == FOREVER))
    if not rows.height:
        return plain_statements(authority, source)
    day = (on or london_day(clock.now())).toordinal()
    valid_from = pl.col("valid_from").fill_null(0)
    valid = rows.filter(valid_from <= day).sort(valid_from, frames.POSITION)
    chosen = valid if valid.height else rows.sort(frames.POSITION)
    return source_format.settings_from(chosen.to_dicts()[-1], authority)


def format_of(settings: SourceSettings, files: Sequence[NamedBytes]) -> str:
    """The format a delivery is read by: where nobody described its source, the endings of its files tell."""
    if settings != plain_statements(settings.authority, settings.name):
        return settings.format
    return recognised(files) or settings.format
