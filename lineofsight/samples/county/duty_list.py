"""A list that the front door keeps by hand for twelve days: a second source, which says otherwise of some children."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from lineofsight.samples.county.extracts import County
from lineofsight.samples.county.teams import DUTY_TRAY

FROM, UNTIL = date(2018, 10, 8), date(2018, 10, 20)
DAYS = (date(2018, 10, 12), date(2018, 10, 17))
"""The mornings on which the list is sent, before the extract of the night: so that one is heard last."""
NAME = "duty-list"

_DESCRIBED = """\
name = "{name}"
authority = "{authority}"
format = "worklist"
roster = "partial"
valid_from = {valid_from}
workers_are_live = {live}

[allocation]
roles_that_count = ["CW"]
owners_that_do_not_count = [{{ worker = "DUTY01", why = "duty tray" }}]

[columns]
child = "ClientID"
worker = "AllocatedTo"
"""


def settings(authority: str) -> tuple[bytes, bytes]:
    """Its description while it is kept, and the one from the day on which it tells nothing any more."""
    kept, ended = ((FROM, "true"), (UNTIL, "false"))
    return (_described(authority, *kept), _described(authority, *ended))


def _described(authority: str, valid_from: date, live: str) -> bytes:
    return _DESCRIBED.format(name=NAME, authority=authority, valid_from=valid_from, live=live).encode()


def on_day(county: County, day: date) -> bytes:
    """The children in the duty tray; the front door says of every second one that somebody has taken the child."""
    rows = county.rows("involvement", day - timedelta(days=1))
    tray = rows.filter((pl.col("worker") == DUTY_TRAY) & pl.col("ended_on").is_null()).sort(
        "child", "referral"
    )
    takers = (
        rows.filter(pl.col("worker").str.starts_with("SYNW") & (pl.col("role") == "CW"))
        .group_by("team")
        .agg(pl.col("worker").min().alias("taker"))
    )
    listed = tray.with_row_index("at").join(takers, on="team", how="left", maintain_order="left")
    return (
        listed.select(
            pl.col("child").alias("ClientID"),
            pl.when(pl.col("at") % 2 == 0).then("taker").otherwise("worker").alias("AllocatedTo"),
            "team",
            "role",
            pl.col("begun_on").alias("start"),
            pl.lit(UNTIL).alias("end"),
            "referral",
        )
        .write_csv(date_format="%Y-%m-%d", quote_style="never")
        .encode()
    )
