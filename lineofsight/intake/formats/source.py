"""A source's settings file, read as any delivery is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, REFUSED, ROW, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.settings import SourceSettings, read_settings
from lineofsight.record.entry import ATTESTED
from lineofsight.record.tables.source import SOURCE
from lineofsight.vocabulary.identifiers import AuthorityCode
from lineofsight.vocabulary.refusal import Refused


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """One row of `source` from one settings file; refuses one that cannot be understood."""
    if len(files) != 1:
        raise Refused("A source is described by one settings file; give that file alone.")
    settings = read_settings(files[0].content)
    day = settings.valid_from.toordinal() if settings.valid_from else None
    row = [
        settings.name,
        settings.format,
        settings.roster,
        settings.whole,
        day,
        context.received_us,
        files[0].name,
        1,
    ]
    own = {"valid_from": pl.Int32, ATTESTED: pl.Int64, FILE: pl.String, ROW: pl.Int64}
    schema = dict.fromkeys(SOURCE.names, pl.String) | own
    rows = pl.DataFrame([row], schema=schema, orient="row")
    return Reading({SOURCE.name: rows}, {SOURCE.name: [rows.select(SOURCE.key)]}, 1, 0, [])


def settings_from(row: Mapping[str, Any], authority: AuthorityCode) -> SourceSettings:
    """The settings that a row of `source` keeps."""
    day = date.fromordinal(row["valid_from"]) if row["valid_from"] else None
    return SourceSettings(row["name"], authority, row["format"], row["roster"], day, row["settings"])


CORRECT_IT = "Correct the file and load it again."


def refusal(name: str, why: str, do: str = CORRECT_IT) -> Reading:
    """The reading of a delivery that could not be read at all: one row received, one in quarantine."""
    finding = file_finding("F00", REFUSED, name, why, do)
    return Reading({}, {}, 1, 1, [finding])


FORMAT = Format(name="source", title="Settings of a source", read=read, endings=(".toml",), for_sources=False)
