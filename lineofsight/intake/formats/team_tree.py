"""Which team belongs to which, as a small file states it: team, parent, from, until.

`until` is the last day, so a team that moves has two rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, REFUSED, ROW, WARNING, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats.inspection_report import framed
from lineofsight.intake.sheets.layout import DELIMITERS, letters_of
from lineofsight.intake.sheets.text import text_of
from lineofsight.record.entry import ATTESTED
from lineofsight.record.tables.workers import TEAM_PARENT
from lineofsight.vocabulary.days import read_day
from lineofsight.vocabulary.refusal import Refused
from lineofsight.vocabulary.trees import in_circles

ENDING = ".teams.csv"
_NAME = TEAM_PARENT.name
_MOST = 200
"""The most letters of a team's name: as many as a role may hold."""
_HEADINGS = {
    "team": r"team(id|code|number|name)?",
    "parent": r"parent(team|service)?(id|code|number|name)?|belongsto",
    "from": r"from|(start|begins?|begun)(date|day|on)?|validfrom",
    "until": r"until|to|(end|ends|ended)(date|day|on)?|validto|lastday",
}
_UK_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
Row = dict[str, Any]


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """The tree in these files; refuses a delivery in which a file cannot be read, since every file is part of it."""
    if not files:
        raise Refused("There is no file of teams in this delivery.")
    rows, findings, received = list[Row](), list[pl.DataFrame](), 0
    for file in files:
        text = text_of(file)
        count, passed, found = _rows(file.name, text.text)
        received += count
        findings += [*text.findings, *found]
        rows += [{**row, ATTESTED: context.received_us} for row in passed]
    rows, found = _each_once(rows)
    findings += [*found, *_doubts(rows)]
    made = framed(TEAM_PARENT, rows)
    return Reading(
        {_NAME: made},
        {_NAME: [made.select(TEAM_PARENT.key)]},
        received,
        received - len(rows),
        findings,
        unlimited=frozenset({_NAME}) if len(rows) < received else frozenset(),
    )


def _known(heading: str) -> str:
    letters = letters_of(heading)
    return next((ours for ours, pattern in _HEADINGS.items() if re.fullmatch(pattern, letters)), "")


def _rows(file: str, text: str) -> tuple[int, list[Row], list[pl.DataFrame]]:
    """How many lines say something, the rows that can be read, and a finding for each that cannot.

    Read as it stands, without looking for titles and totals: a team at the top has one cell and looks like one.
    """
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Refused(f"{file!r} cannot be read as a table; check its quotation marks.") from None
    columns = {
        ours: at
        for at, name in reversed(list(enumerate(lines[0] if lines else [])))
        if (ours := _known(name))
    }
    if not {"team", "parent"} <= set(columns):
        raise Refused(
            f"{file!r} needs a first line with the columns team and parent; from and until are optional."
        )
    passed, findings, count = list[Row](), list[pl.DataFrame](), 0
    for place, cells in enumerate(lines[1:], 1):
        if not any(map(str.strip, cells)):
            continue
        count += 1
        named = {ours: " ".join(cells[at].split()) if at < len(cells) else "" for ours, at in columns.items()}
        row, why = _row(named)
        if any(map(str.strip, cells[len(lines[0]) :])):
            why = "This row has more cells than the first line."
        if why:
            findings.append(file_finding("T01", REFUSED, file, why, "Correct the row.", row=place))
        else:
            passed.append({**row, FILE: file, ROW: place})
    return count, passed, findings


def _row(cells: Mapping[str, str]) -> tuple[Row, str]:
    if not cells["team"]:
        return {}, "This row names no team."
    if max(len(cells["team"]), len(cells["parent"])) > _MOST:
        return {}, f"A team's name has at most {_MOST} letters."
    if cells["team"] == cells["parent"]:
        return {}, "This team is given as its own parent."
    days: dict[str, int | None] = {}
    for name in ("from", "until"):
        text = cells.get(name, "")
        day = read_day(_UK_DAY.sub(r"\3-\2-\1", text)) if text else None
        if text and (day is None or day == date.max):
            return {}, f"The day in {name} cannot be read; write 2019-10-09 or 09/10/2019, the day first."
        days[name] = day.toordinal() if day else None
    begun, last = days["from"], days["until"]
    if begun is not None and last is not None and last < begun:
        return {}, "The day in until is before the day in from."
    ended = None if last is None else last + 1
    row = {"team": cells["team"], "parent": cells["parent"] or None, "begun_on": begun, "ended_on": ended}
    return row, ""


def _each_once(rows: list[Row]) -> tuple[list[Row], list[pl.DataFrame]]:
    """Each team and first day once: of two, neither is taken, since nothing says which is right."""
    counts: dict[tuple[str, int | None], int] = {}
    for row in rows:
        key = row["team"], row["begun_on"]
        counts[key] = counts.get(key, 0) + 1
    passed = [row for row in rows if counts[row["team"], row["begun_on"]] == 1]
    says = "Another row gives the same team from the same day, so neither row is used."
    refused = [row for row in rows if row not in passed]
    return passed, [
        file_finding("T02", REFUSED, row[FILE], says, "Keep one of the rows.", row=row[ROW])
        for row in refused
    ]


def _doubts(rows: Sequence[Row]) -> list[pl.DataFrame]:
    """Findings about the tree as a whole: parents without a row, circles, and two parents on one day."""
    teams = {row["team"] for row in rows}
    findings = []
    for row in rows:
        if row["parent"] and row["parent"] not in teams:
            says = "The parent has no row of its own, so nothing shows that there is such a team."
            do = "Add a row for the parent, with an empty parent if it is at the top, or correct the name."
            findings.append(file_finding("T03", WARNING, row[FILE], says, do, row=row[ROW]))
    circled: set[tuple[str, int]] = set()
    twice: set[tuple[str, int]] = set()
    for day in sorted({row["begun_on"] or 1 for row in rows}):
        holding = [row for row in rows if _holds(row, day)]
        parents = {row["team"]: row["parent"] for row in holding if row["parent"]}
        circle = in_circles(parents)
        circled |= {(row[FILE], row[ROW]) for row in holding if row["team"] in circle}
        named = [row["team"] for row in holding]
        twice |= {(row[FILE], row[ROW]) for row in holding if named.count(row["team"]) > 1}
    for file, place in sorted(circled):
        says = "By its parents this team is above itself, so it counts as below no other team."
        findings.append(file_finding("T04", WARNING, file, says, "Correct one of the parents.", row=place))
    for file, place in sorted(twice):
        says = "Two rows hold for this team on the same day; the one that begins later counts."
        findings.append(file_finding("T05", WARNING, file, says, "End the earlier row.", row=place))
    return findings


def _holds(row: Row, day: int) -> bool:
    return (row["begun_on"] or 1) <= day and (row["ended_on"] is None or day < row["ended_on"])


FORMAT = Format(
    name="team_tree",
    title="Teams and what they belong to",
    read=read,
    endings=(".csv", ".txt", ".tsv", ENDING),
    of_a_service=True,
    recognised_by=(ENDING,),
)
