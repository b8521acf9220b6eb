"""What looks wrong in a worklist as its columns were chosen, and children who stand in it more than once.

Sentences hold headings and counts, and no value of a cell, so that anyone who may describe a source can be shown them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from lineofsight.intake.days_as_written import read_written_day
from lineofsight.intake.formats.worklist_columns import matches
from lineofsight.vocabulary.nobody import as_one_name, is_nobody, is_team

_MANY = 5
"""A value of the worker's column has many children from this number on."""
_MORE_TEAMS = 1.5
_FEWEST_TEAMS = 3
_STATUS = re.compile(
    r"open|closed|active|inactive|current|ended|pending|suspended|cin|cpp?|cla|lac|child(ren)? in need|child protection( plan)?|"
    r"looked after( child(ren)?)?|child(ren)? looked after|care leavers?|early help|single assessment|in assessment|section (17|20|47)"
)
"""Words that say how a child's case stands, and never what a worker does for the child."""


@dataclass(frozen=True)
class Repeated:
    """How many children have more than one row, and of how many the rows differ in worker, team, role or days."""

    children: int = 0
    differing: int = 0


def doubts(rows: pl.DataFrame, named: Mapping[str, str]) -> list[str]:
    """A sentence for each column that was probably chosen wrongly. `rows`: the file's cells under its own headings."""
    heading = {ours: one.heading for ours, one in matches(rows.columns, named).items()}
    cells = {ours: _filled(rows, theirs) for ours, theirs in heading.items()}
    return [
        *_exchanged(heading, cells),
        *_days_for_children(heading, cells),
        *_statuses_for_roles(heading, cells),
    ]


def _filled(rows: pl.DataFrame, heading: str) -> list[str]:
    return [cell.strip() for cell in rows[heading].to_list() if cell and cell.strip()]


def _exchanged(heading: Mapping[str, str], cells: Mapping[str, list[str]]) -> Iterator[str]:
    """Workers who hold many children each beside far more teams, or workers who bear the names of teams."""
    workers = Counter(as_one_name(cell) for cell in cells.get("worker", []) if not is_nobody(cell))
    teams = {as_one_name(cell) for cell in cells.get("team", []) if not is_nobody(cell)}
    if not workers or not teams:
        return
    each = round(workers.total() / len(workers))
    more_teams = len(teams) >= max(_FEWEST_TEAMS, _MORE_TEAMS * len(workers)) and each >= _MANY
    called_teams = 2 * sum(map(is_team, workers)) > len(workers) and 2 * sum(map(is_team, teams)) < len(teams)
    if more_teams or called_teams:
        yield (
            f"The worker column “{heading['worker']}” holds {_count(len(workers), 'value')} with about "
            f"{_count(each, 'row')} each, and the team column “{heading['team']}” {_count(len(teams), 'value')}: "
            "are the two exchanged?"
        )


def _days_for_children(heading: Mapping[str, str], cells: Mapping[str, list[str]]) -> Iterator[str]:
    children = set(cells.get("child", []))
    days = [cell for cell in children if re.search(r"\d[-/. ]", cell) and _is_day(cell)]
    if 2 * len(days) > len(children):
        yield f"The column “{heading['child']}”, chosen for the child’s number, holds days: is it the right column?"


def _is_day(cell: str) -> bool:
    return read_written_day(cell) is not None


def _statuses_for_roles(heading: Mapping[str, str], cells: Mapping[str, list[str]]) -> Iterator[str]:
    roles = {as_one_name(cell) for cell in cells.get("role", [])}
    if 2 * sum(1 for role in roles if _STATUS.fullmatch(role)) > len(roles):
        yield (
            f"The column “{heading['role']}”, chosen for the worker’s role, holds words for how a child’s case stands, "
            "such as open or child in need: is it the right column?"
        )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def repeated(rows: pl.DataFrame, named: Mapping[str, str]) -> Repeated:
    """The children who stand in more than one row of a worklist. `rows`: the file's cells under its own headings."""
    heading = {ours: one.heading for ours, one in matches(rows.columns, named).items()}
    if "child" not in heading:
        return Repeated()
    others = [theirs for ours, theirs in heading.items() if ours != "child"]
    said: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for child, *cells in rows.select(heading["child"], *others).iter_rows():
        if child and child.strip():
            said[child.strip()].append(tuple(as_one_name(cell or "") for cell in cells))
    several = [lines for lines in said.values() if len(lines) > 1]
    return Repeated(len(several), sum(1 for lines in several if len(set(lines)) > 1))
