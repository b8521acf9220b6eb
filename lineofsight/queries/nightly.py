"""The tables that an authority's own tools read: stable names, each column with its meaning.

The rows are made from the answers that commands and pages give, so no count is worked out twice. No column holds
anybody's name or free text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, TypeVar, cast, get_args, get_type_hints

from lineofsight.queries.as_json import to_json
from lineofsight.queries.deliveries import Delivery
from lineofsight.queries.figures import Caseload, Figure, Trend, register_row
from lineofsight.queries.lists import LOOKED_AFTER, NEED, PROTECTION, ChildRow, UnallocatedRow
from lineofsight.queries.quality import DataQuality
from lineofsight.queries.record import day_of_ordinal

Row = TypeVar("Row")


@dataclass(frozen=True)
class ChildToday:
    """One row for each child counted on the day whom the account may see."""

    as_at: Annotated[date, "the day the row is about"]
    child: Annotated[str, "the case system’s number for the child"]
    state: Annotated[str, "how the child stands: allocated, or why not"]
    unallocated: Annotated[bool, "whether the child is counted as without an allocated worker"]
    reason: Annotated[str | None, "why the holder does not count; empty for other states"]
    team: Annotated[
        str | None, "the team that has the child, or the last that had; the first by name of several"
    ]
    teams: Annotated[int, "how many teams have the child"]
    since: Annotated[
        date | None, "the first day without an allocated worker; empty if allocated or not known"
    ]
    days: Annotated[int | None, "days without an allocated worker; empty if allocated or not known"]
    episode_begun_on: Annotated[date | None, "the first day of the episode; empty if allocated or not known"]
    last_worker: Annotated[
        str | None, "the number of the last worker who counted; empty if allocated or none"
    ]
    last_seen_on: Annotated[date | None, "the day of the last recorded visit; empty if none is known"]
    need_plan: Annotated[bool, "whether a child in need plan runs on the day"]
    protection_plan: Annotated[bool, "whether a child protection plan runs on the day"]
    looked_after: Annotated[bool, "whether the child is looked after on the day"]


@dataclass(frozen=True)
class UnallocatedByDay:
    """One row for each day of a year, once as known now and once as it was known then."""

    as_at: Annotated[date, "the day"]
    known: Annotated[str, "now: by the moment of the export; then: by the end of the day after"]
    population: Annotated[int, "children counted on the day"]
    unallocated: Annotated[int | None, "children without an allocated worker; empty if it cannot be told"]


@dataclass(frozen=True)
class StatesByDay:
    """One row for each day and state of that year."""

    as_at: Annotated[date, "the day"]
    known: Annotated[str, "now: by the moment of the export; then: by the end of the day after"]
    state: Annotated[str, "a state a child may be in"]
    children: Annotated[int, "children in it"]


@dataclass(frozen=True)
class WorkerToday:
    """One row for each worker in whose name a child is."""

    as_at: Annotated[date, "the day"]
    worker: Annotated[str, "the case system’s number for the worker"]
    source: Annotated[str, "the source that says so"]
    job_title: Annotated[str | None, "job title as recorded; empty if not known"]
    fte: Annotated[float | None, "full-time equivalent; empty if not known"]
    children: Annotated[int, "children allocated to the worker"]
    held: Annotated[int, "children in the worker’s name that do not count as allocated"]
    has_left: Annotated[bool, "whether the worker had left by the day"]


@dataclass(frozen=True)
class TeamToday:
    """One row for each team that has a child."""

    as_at: Annotated[date, "the day"]
    team: Annotated[str, "the team, as involvements name it"]
    children: Annotated[int, "children of the team who are allocated"]
    workers: Annotated[int, "workers of the team to whom children are allocated"]
    fte: Annotated[float | None, "their full-time equivalent; empty if none is known"]
    held: Annotated[int, "children held in names that do not count"]
    team_only: Annotated[int, "children whom the team has and no worker"]


@dataclass(frozen=True)
class DeliveryRow:
    """One row for each delivery received by the moment, as it stands when exported; no file is named."""

    delivery: Annotated[str, "the delivery’s id"]
    source: Annotated[str, "the source that delivered"]
    received_at: Annotated[str, "when it was received, as attested (UTC)"]
    witnessed_at: Annotated[str, "when this system had it (UTC)"]
    sha256: Annotated[str, "the hash of what was delivered"]
    received: Annotated[int, "rows received"]
    accepted: Annotated[int, "rows accepted"]
    unchanged: Annotated[int, "rows that said nothing new"]
    quarantined: Annotated[int, "rows refused"]
    withdrawn: Annotated[int, "rows withdrawn because a full delivery left them out"]
    waiting: Annotated[bool, "whether it waits to be read or for a person’s confirmation"]
    set_aside: Annotated[bool, "whether it was set aside"]


@dataclass(frozen=True)
class IssueRow:
    """One row for each data quality issue of the latest deliveries, as they stand when exported."""

    issue: Annotated[str, "the issue’s id"]
    source: Annotated[str, "the source"]
    delivery: Annotated[str, "the delivery it was found in"]
    code: Annotated[str, "the check that found it"]
    severity: Annotated[str, "refused, warning or note"]
    table: Annotated[str, "the table, or the kind of file"]
    column: Annotated[str, "the column"]
    findings: Annotated[int, "how many findings"]
    rows: Annotated[int, "in how many rows"]
    children: Annotated[int | None, "children they name; empty if none, or if too few to say"]
    first_seen_on: Annotated[date, "the day it was first seen"]
    accepted: Annotated[bool, "whether somebody accepted it until a day that is not over"]


@dataclass(frozen=True)
class MeasureRow:
    """One row for each measure on the day: the whole authority’s, whatever rows the account may see."""

    as_at: Annotated[date, "the day"]
    measure: Annotated[str, "the measure, as `lineofsight figure` names it"]
    value: Annotated[int | None, "the figure; empty if it cannot be told"]
    population: Annotated[int, "children counted on the day"]
    complete: Annotated[bool, "whether nothing is missing"]
    disagreements: Annotated[int, "children about whom sources disagree"]
    refused_rows: Annotated[int, "rows refused in the latest deliveries"]


TABLES: Mapping[str, type] = {
    "children_today": ChildToday,
    "unallocated_by_day": UnallocatedByDay,
    "states_by_day": StatesByDay,
    "workers": WorkerToday,
    "teams": TeamToday,
    "deliveries": DeliveryRow,
    "data_quality_issues": IssueRow,
    "measures": MeasureRow,
}
"""The tables by name. A column is never renamed or removed; new ones come at the end."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "children_today": ("child",),
    "unallocated_by_day": ("as_at", "known"),
    "states_by_day": ("as_at", "known", "state"),
    "workers": ("source", "worker"),
    "teams": ("team",),
    "deliveries": ("delivery",),
    "data_quality_issues": ("issue",),
    "measures": ("measure",),
}
"""The columns by which a row of a table is the same row."""


@dataclass(frozen=True)
class Meaning:
    """One column as the dictionary gives it."""

    table: str
    column: str
    type: str
    may_be_empty: bool
    says: str


_TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false", date: "day"}


def dictionary() -> list[Meaning]:
    """Every column of every table, in order."""
    found = []
    for name, kind in TABLES.items():
        hints = get_type_hints(kind, include_extras=True)
        for column in fields(kind):
            hint, says = get_args(hints[column.name])
            base, empty = _base(hint)
            found.append(Meaning(name, column.name, _TYPES[base], empty, says))
    return found


def _base(hint: Any) -> tuple[type, bool]:
    parts = get_args(hint) or (hint,)
    return next(part for part in parts if part is not type(None)), type(None) in parts


# -- rows from answers ------------------------------------------------------------------------------


def children_today(
    day: date, children: Iterable[ChildRow], waiting: Iterable[UnallocatedRow]
) -> list[ChildToday]:
    """The children of both lists as one table, by child."""
    listed = {row.child: row for row in waiting}
    return [_child(day, row, listed.get(row.child)) for row in sorted(children, key=lambda row: row.child)]


def _child(day: date, row: ChildRow, waits: UnallocatedRow | None) -> ChildToday:
    listed = register_row(waits.listed) if waits else None
    return ChildToday(
        as_at=day,
        child=row.child,
        state=row.state,
        unallocated=listed is not None,
        reason=listed.reason if listed else None,
        team=(waits.team if waits else min(row.teams, default="")) or None,
        teams=len(row.teams),
        since=listed.since if listed else None,
        days=listed.days if listed else None,
        episode_begun_on=listed.episode_begun_on if listed else None,
        last_worker=listed.last_worker if listed else None,
        last_seen_on=day_of_ordinal(row.last_seen_on),
        need_plan=NEED in row.standings,
        protection_plan=PROTECTION in row.standings,
        looked_after=LOOKED_AFTER in row.standings,
    )


def by_day(now: Trend, then: Trend) -> tuple[list[UnallocatedByDay], list[StatesByDay]]:
    """Two trends of the same days as tables."""
    both = [(known, each) for known, trend in (("now", now), ("then", then)) for each in trend.days]
    return (
        [UnallocatedByDay(each.as_at, known, each.population, each.unallocated) for known, each in both],
        [
            StatesByDay(each.as_at, known, state, count)
            for known, each in both
            for state, count in each.states.items()
        ],
    )


def workers(answer: Caseload) -> list[WorkerToday]:
    """Each worker's children; no worker is named, for the number is enough to join by."""
    return [
        _same_names(WorkerToday, vars(one), as_at=answer.as_at, has_left=one.left) for one in answer.workers
    ]


def teams(answer: Caseload) -> list[TeamToday]:
    """Each team's children."""
    return [_same_names(TeamToday, vars(one), as_at=answer.as_at) for one in answer.teams]


def delivered(answer: Iterable[Delivery]) -> list[DeliveryRow]:
    """Each delivery."""
    return [_same_names(DeliveryRow, to_json(one), delivery=one.id) for one in answer]


def issues(answer: DataQuality) -> list[IssueRow]:
    """Each data quality issue, by its id, without the words people answered."""
    rows = [_same_names(IssueRow, vars(one), issue=one.id) for one in answer.issues]
    return sorted(rows, key=lambda row: row.issue)


def measures(answer: Figure) -> list[MeasureRow]:
    """The figure as a row."""
    return [_same_names(MeasureRow, vars(answer), value=answer.unallocated)]


def _same_names(kind: type[Row], answer: Mapping[str, Any], **more: Any) -> Row:
    """A row of what an answer holds under the same names, and of what is given beside."""
    given = {**answer, **more}
    return kind(**{column.name: given[column.name] for column in fields(cast(Any, kind))})
