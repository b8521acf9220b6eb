"""The whole county, and the files of any of its nights."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from functools import lru_cache

import polars as pl

from lineofsight.intake.formats.ssd_columns import SSD_TABLES, SsdTable
from lineofsight.samples.county import story, turns
from lineofsight.samples.county.arrivals import CHILDREN, Arrivals
from lineofsight.samples.county.dice import Dice
from lineofsight.samples.county.simulation import FIRST, LAST, Answering
from lineofsight.samples.county.tables import Tables
from lineofsight.samples.county.teams import DUTY_TRAY, TEAMS, Staff
from lineofsight.samples.county.versions import FROM, TO

SEED = 2_018
Files = list[tuple[str, bytes]]
_ALIKE = (1980, 1, 1, 0, 0, 0)
"""The day that every file in a zip bears, so that the same night is always the same bytes."""
_CUT_SHORT_TO = 0.6


class County:
    """A county of as many children as asked, played once; the files of a night are then only chosen and written."""

    def __init__(self, children: int = CHILDREN, seed: int = SEED) -> None:
        scale = children / CHILDREN
        arrivals = Arrivals(Dice(seed), scale)
        cases = arrivals.drawn()
        self.answering = Answering(Dice(seed + 1), cases, scale)
        turns.play(self.answering)
        tables = Tables(Dice(seed + 2), self.answering)
        _staff(tables, self.answering.staff)
        _involvements(tables, self.answering)
        self._frames = {one.table.name: one.frame() for one in tables.fill(arrivals.children, cases)}

    def extract(self, night: date) -> Files:
        """The files of a night, by name."""
        return [(file_name(ssd), self._file(ssd, night)) for ssd in SSD_TABLES if ssd.table in self._frames]

    def _file(self, ssd: SsdTable, night: date) -> bytes:
        rows = self.rows(ssd.table, night)
        if night == story.CUT_SHORT and ssd.table == "involvement":
            rows = rows.head(int(rows.height * _CUT_SHORT_TO))
        columns = [
            (pl.col(ours) if ours in rows.columns else pl.lit(None, pl.String)).alias(theirs[0])
            for ours, theirs in ssd.columns.items()
        ]
        text = rows.select(columns).write_csv(date_format="%Y-%m-%d", quote_style="never")
        return (text + _spoilt(ssd)).encode()

    def rows(self, table: str, night: date) -> pl.DataFrame:
        """The rows of a table as the extract of a night has them, in our columns."""
        on = night.toordinal()
        return self._frames[table].filter((pl.col(FROM) <= on) & (pl.col(TO) > on)).drop(FROM, TO)


@lru_cache(maxsize=2)
def county(children: int = CHILDREN, seed: int = SEED) -> County:
    """The county of that many children, played once a process."""
    return County(children, seed)


def file_name(ssd: SsdTable) -> str:
    """What a table's file is called: that it is synthetic comes first."""
    return f"synthetic_ssd_{ssd.files[0]}.csv"


def zipped(files: Files) -> bytes:
    """The files as one zip, the same bytes every time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, _ALIKE), content, zipfile.ZIP_DEFLATED, 1)
    return packed.getvalue()


def _staff(tables: Tables, staff: Staff) -> None:
    for team in TEAMS:
        parent = team.service.lower().replace(" ", "-")
        tables.team.state(FIRST, team.id, team.name, f"service-{parent}", team.service)
    tables.worker.state(
        FIRST, DUTY_TRAY, DUTY_TRAY, "Synthetic duty tray", None, "Duty tray", "front-door", None, None, None
    )
    for person in staff.everyone:
        cells = (
            person.number,
            person.number.replace("W", "S", 1),
            person.name,
            person.number.replace("SYNW", "SYNREG") if person.registered else None,
            person.job_title,
            person.team.id,
            person.fte,
            "Y" if person.agency else "N",
        )
        told = person.left - 5 if person.left else None
        tables.worker.state(person.begun, *cells, None, until=max(person.begun, told) if told else LAST + 1)
        if told:
            tables.worker.state(max(person.begun, told), *cells, person.left)


def _involvements(tables: Tables, answering: Answering) -> None:
    for row in answering.book.stated():
        first = (row.case.child.id, row.case.referral, row.worker, row.team, row.role, row.begun)
        if row.ended is None or row.end_entered is None:
            tables.involvement.state(row.entered, *first, None, None)
            continue
        tables.involvement.state(row.entered, *first, None, None, until=row.end_entered)
        tables.involvement.state(row.end_entered, *first, row.ended, row.reason)


_SPOILT: dict[str, tuple[dict[str, str], ...]] = {
    "need_visit": (
        {"visited_on": "2017-05-02", "seen": "Y"},
        {"visited_on": "2016-11-21", "seen": "Y"},
    ),
    "enquiry": (
        {
            "child": "SYN9999001",
            "referral": "SYNR9999001",
            "begun_on": "2017-06-01",
            "ended_on": "2016-06-01",
        },
    ),
    "placement": ({"begun_on": "2017-06-01", "ended_on": "2017-09-01"},),
    "assessment": (
        {
            "child": "SYN9999002",
            "referral": "SYNR9999003",
            "begun_on": "2017-02-31",
            "authorised_on": "2017-03-30",
        },
    ),
}
"""Rows that are refused on every night: no child, an end before the beginning, a day that never was.

None is an episode or an involvement, whose refused rows would make every figure incomplete.
"""


def _spoilt(ssd: SsdTable) -> str:
    lines = (",".join(row.get(ours, "") for ours in ssd.columns) for row in _SPOILT.get(ssd.table, ()))
    return "".join(f"{line}\n" for line in lines)
