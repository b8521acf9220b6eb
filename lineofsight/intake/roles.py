"""The roles of a delivery beside those that its source's settings count: where none is the same, no worker counts."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.finding import FILE, ROW, WARNING, file_finding
from lineofsight.intake.joins import shape
from lineofsight.intake.report import JoinRead

_ROLES = "roles_that_count"


def with_roles(reading: Reading, context: Context) -> Reading:
    """A reading that also tells, in a finding and in its report, where no row with a worker has a role that counts."""
    rows = reading.rows.get("involvement")
    if context.roles is None or rows is None:
        return reading
    named = rows.filter(pl.col("worker").is_not_null())
    if not named.height:
        return reading
    role = pl.col("role").fill_null("").str.strip_chars().str.to_lowercase()
    if named.select(role.is_in(sorted(one.strip().lower() for one in context.roles)).any()).item():
        return reading
    expected = shape(pl.Series(_ROLES, sorted(context.roles), dtype=pl.String))
    met = JoinRead("involvement", "role", _ROLES, named.height, 0, shape(named["role"]), expected)
    report = replace(reading.report, joins=[*reading.report.joins, met])
    return replace(reading, report=report, findings=[*reading.findings, _told(named)])


def _told(named: pl.DataFrame) -> pl.DataFrame:
    first = named.sort(FILE, ROW).row(0, named=True)
    count = (
        "The 1 row with a worker has"
        if named.height == 1
        else f"The {named.height:,} rows with a worker have"
    )
    has_roles = named["role"].null_count() < named.height
    what = (
        "no role that the source's settings count"
        if has_roles
        else "no role, and the source's settings count only some"
    )
    says = f"{count} {what}. So no child has an allocated worker by this delivery."
    do = "Correct roles_that_count in the source's settings, or have the roles exported as before."
    return file_finding("J05", WARNING, str(first[FILE]), says, do, row=int(first[ROW]))
