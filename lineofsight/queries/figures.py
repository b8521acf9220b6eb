"""Figures about who answers for children, each with everything needed to check how it was worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from lineofsight.allocation import states
from lineofsight.allocation.caseload import TeamLoad, WorkerLoad, by_reason
from lineofsight.allocation.caseload import caseload as caseload_of
from lineofsight.allocation.history import moment_for
from lineofsight.allocation.on_day import Day, on_day
from lineofsight.allocation.owners import FIRST_DAY
from lineofsight.allocation.register import Unallocated, unallocated
from lineofsight.allocation.seen import allocated_not_seen
from lineofsight.allocation.states import Definition, State
from lineofsight.allocation.sweep import trend as trend_of
from lineofsight.queries.as_json import Moment, named
from lineofsight.queries.history import AuthorityHistory, Source, history_of
from lineofsight.queries.record import Record, RestsOn, cached_by_state, rests_on
from lineofsight.vocabulary.moments import moment_of
from lineofsight.vocabulary.refusal import Refused

UNALLOCATED = "unallocated"
NOT_SEEN = "allocated-not-seen"
MEASURES = (UNALLOCATED, NOT_SEEN)
"""The measures a figure can be asked of."""

LONGEST_TREND_DAYS = 36_525


@dataclass(frozen=True)
class FigureQuery:
    """What a figure is asked by: as at which day, known by which moment (microseconds), by which definition."""

    as_at: date
    known_by: int
    definition: Definition = states.OPEN_EPISODES
    witnessed: bool = False

    def history(self, record: Record) -> AuthorityHistory:
        """The history the figure is worked out from."""
        return history_of(record, witnessed=self.witnessed)

    def settled(self, record: Record) -> FigureQuery:
        """The same question at the latest moment at which anything became known, where the moment is after it."""
        latest = self.history(record).latest()
        return self if latest is None else replace(self, known_by=min(self.known_by, latest))


@dataclass(frozen=True)
class Head:
    """How every answer about children begins."""

    authority: str
    known_by: Moment
    rests_on: RestsOn
    position: int
    definition: Definition
    sources: list[Source]


@dataclass(frozen=True)
class Figure(Head):
    """The unallocated on a day, known by a moment: counts by state. `unallocated` is None where nobody can tell."""

    measure: Literal["unallocated"]
    as_at: date
    population: int
    unallocated: int | None
    complete: bool
    disagreements: int
    refused_rows: int
    states: dict[State, int]


@dataclass(frozen=True)
class ChildNotSeen:
    """A child allocated to a worker, whom nobody has seen as they should."""

    child: str
    worker: str
    worker_since: date | None
    last_seen_on: date | None
    why: str


@dataclass(frozen=True)
class NotSeen(Head):
    """Children allocated whom nobody has seen as they should; None where no visit is known at all."""

    measure: Literal["allocated-not-seen"]
    as_at: date
    population: int
    complete: bool
    states: dict[State, int]
    allocated_not_seen: int | None
    reasons: dict[str, int]
    children: list[ChildNotSeen]


@dataclass(frozen=True)
class RegisterRow:
    """One child without an allocated worker."""

    child: str
    state: State
    reason: str | None
    team: str | None
    since: date | None
    days: int | None
    episode_begun_on: date | None
    last_worker: str | None
    disagreement: bool


@dataclass(frozen=True)
class SourceState:
    """The state in which one source has a child."""

    source: str
    state: State


@dataclass(frozen=True)
class Disagreement:
    """A child whom live sources have in different states (counting rule 13)."""

    child: str
    says: list[SourceState]


@dataclass(frozen=True)
class Register(Figure):
    """A figure and the children behind it, those waiting longest first."""

    children: list[RegisterRow]
    disagreeing: list[Disagreement]


@dataclass(frozen=True)
class TrendDay:
    """One day of a trend."""

    as_at: date
    population: int
    unallocated: int | None
    states: dict[State, int]


@dataclass(frozen=True)
class Trend(Head):
    """One row for each day."""

    measure: Literal["unallocated"]
    from_: Annotated[date, named("from")]
    to: date
    as_known_then: bool
    days: list[TrendDay]


@dataclass(frozen=True)
class WorkerCaseload:
    """One worker's children: those allocated, and those held in a name that does not count, with the reasons."""

    worker: str
    source: str
    name: str | None
    job_title: str | None
    teams: list[str]
    fte: float | None
    children: int
    children_per_fte: float | None
    held: int
    reasons: list[str]
    left: bool
    has_worker_row: bool


@dataclass(frozen=True)
class TeamCaseload:
    """One team's children by whether a worker who counts has them."""

    team: str
    children: int
    workers: int
    fte: float | None
    workers_without_fte: int
    children_per_fte: float | None
    held: int
    team_only: int


@dataclass(frozen=True)
class Caseload(Head):
    """Children and full-time equivalent by worker and by team."""

    measure: Literal["caseload"]
    as_at: date
    population: int
    workers: list[WorkerCaseload]
    teams: list[TeamCaseload]
    held_by_reason: dict[str, int]


# -- what a query is worked out from ----------------------------------------------------------------


def latest_moment(record: Record, *, witnessed: bool = False) -> int:
    """The latest moment known, which is meant where none is given; refuses where no case record was delivered."""
    found = history_of(record, witnessed=witnessed).latest()
    if found is None:
        raise Refused(
            f"No case records of authority {record.authority} have been loaded yet. Describe a source, then load its files.",
            command="`lineofsight source set FILE.toml` describes it, and `lineofsight load` loads the files.",
        )
    return found


def day_of_children(record: Record, query: FigureQuery) -> Day:
    """Every child counted on a day, known by a moment."""
    return _day_of_children(record, query.settled(record))


@cached_by_state(24)
def _day_of_children(record: Record, query: FigureQuery) -> Day:
    knowledge = query.history(record).knowledge
    return on_day(knowledge, query.definition, query.as_at.toordinal(), query.known_by)


def _head(record: Record, query: FigureQuery) -> Head:
    history = query.history(record)
    return Head(
        authority=record.authority,
        known_by=moment_of(query.known_by),
        rests_on=rests_on(query.witnessed),
        position=history.position(query.known_by),
        definition=query.definition,
        sources=history.sources(query.known_by),
    )


def _day(ordinal: int | None) -> date | None:
    return date.fromordinal(ordinal) if ordinal and ordinal > FIRST_DAY else None


# -- the answers ------------------------------------------------------------------------------------


def figure(record: Record, query: FigureQuery) -> Figure:
    """The unallocated on a day, known by a moment: counts by state, and the deliveries they rest on."""
    return _figure(record, query, day_of_children(record, query))


def _figure(record: Record, query: FigureQuery, day: Day) -> Figure:
    counts, disagreements = day.counts()
    population = sum(counts.values())
    states_it = _states_population(day)
    known = population != counts[states.CANNOT_TELL] if population else bool(day.sources) and states_it
    refused = day.knowledge.refused_by(day.moment).rows
    return Figure(
        **vars(_head(record, query)),
        measure="unallocated",
        as_at=date.fromordinal(day.day),
        population=population,
        unallocated=sum(counts[state] for state in states.UNALLOCATED) if known else None,
        complete=counts[states.CANNOT_TELL] == 0 and refused == 0 and (bool(population) or states_it),
        disagreements=disagreements,
        refused_rows=refused,
        states=counts,
    )


def _states_population(day: Day) -> bool:
    """Whether any source had said which children are counted: a table that could not be read counts nobody."""
    return day.knowledge.states_episodes(day.day, day.moment) or bool(day.knowledge.worklists(day.day))


def not_seen(record: Record, query: FigureQuery) -> NotSeen:
    """The children allocated whom nobody has seen as they should; null where no visit is known."""
    day = day_of_children(record, query)
    found = allocated_not_seen(day)
    counts = _figure(record, query, day)
    whys = [row.why for row in found or ()]
    return NotSeen(
        **vars(_head(record, query)),
        measure="allocated-not-seen",
        as_at=counts.as_at,
        population=counts.population,
        complete=counts.complete,
        states=counts.states,
        allocated_not_seen=None if found is None else len(found),
        reasons={
            why: whys.count(why) for why in ("not since the worker took over", "not within the weeks allowed")
        },
        children=[
            ChildNotSeen(row.child, row.worker, _day(row.since), _day(row.last_seen_on), row.why)
            for row in found or ()
        ],
    )


def register(record: Record, query: FigureQuery) -> Register:
    """The figure and the children behind it, those waiting longest first."""
    day = day_of_children(record, query)
    disagreeing = [
        Disagreement(child, [SourceState(source, state) for source, state in stated])
        for child, stated in sorted(day.disagreeing().items())
    ]
    return Register(
        **vars(_figure(record, query, day)),
        children=[register_row(row) for row in unallocated(day, query.definition)],
        disagreeing=disagreeing,
    )


def register_row(row: Unallocated) -> RegisterRow:
    """One child as the register gives it."""
    return RegisterRow(
        child=row.child,
        state=row.state,
        reason=row.reason,
        team=row.team,
        since=_day(row.since),
        days=row.days,
        episode_begun_on=_day(row.episode_begun_on),
        last_worker=row.last_worker,
        disagreement=row.differs,
    )


def trend(record: Record, query: FigureQuery, first: date, *, as_known_then: bool = False) -> Trend:
    """One row for each day from `first` to the query's day, all known by its moment or each as known then."""
    if query.as_at < first:
        raise Refused(
            "The trend ends before it begins. Give a first day that is not after the last.",
            command="They are --from and --to.",
        )
    if (query.as_at - first).days > LONGEST_TREND_DAYS:
        raise Refused("A trend is of a hundred years at most; give days nearer to each other.")
    last = query.as_at.toordinal()
    knowledge = query.history(record).knowledge
    known_by = None if as_known_then else query.known_by
    counted = trend_of(knowledge, query.definition, first.toordinal(), last, known_by)
    shown = replace(query, known_by=moment_for(last, known_by))
    return Trend(
        **vars(_head(record, shown)),
        measure="unallocated",
        from_=first,
        to=query.as_at,
        as_known_then=as_known_then,
        days=[_trend_day(query.history(record), day, counts, known_by) for day, counts in counted],
    )


def _trend_day(
    history: AuthorityHistory, day: int, counts: dict[State, int], known_by: int | None
) -> TrendDay:
    population = sum(counts.values())
    known = population != counts["cannot_tell"]
    if not population:
        known = bool(history.knowledge.sources(day, moment_for(day, known_by)))
    count = sum(counts[state] for state in states.UNALLOCATED) if known else None
    return TrendDay(date.fromordinal(day), population, count, counts)


def caseload(record: Record, query: FigureQuery) -> Caseload:
    """Children and full-time equivalent by worker and by team, and those held in names that do not count."""
    return replace(_caseload(record, query.settled(record)), **vars(_head(record, query)))


@cached_by_state(8)
def _caseload(record: Record, query: FigureQuery) -> Caseload:
    day = day_of_children(record, query)
    workers, teams = caseload_of(day)
    return Caseload(
        **vars(_head(record, query)),
        measure="caseload",
        as_at=query.as_at,
        population=sum(day.counts()[0].values()),
        workers=[_worker(row) for row in workers],
        teams=[_team(row, workers) for row in teams],
        held_by_reason=by_reason(day),
    )


def _worker(row: WorkerLoad) -> WorkerCaseload:
    return WorkerCaseload(
        worker=row.worker,
        source=row.source,
        name=row.on.cells.get("name"),
        job_title=row.on.cells.get("job_title"),
        teams=sorted(row.teams),
        fte=None if row.fte is None else float(row.fte),
        children=len(row.allocated),
        children_per_fte=_per_fte(len(row.allocated), row.fte),
        held=len(row.held),
        reasons=sorted(row.reasons),
        left=row.on.left,
        has_worker_row=row.known,
    )


def _team(row: TeamLoad, workers: list[WorkerLoad]) -> TeamCaseload:
    own = [load.fte for load in workers if (load.source, load.worker) in row.workers]
    stated = [fte for fte in own if fte is not None]
    total = sum(stated, Decimal()) if stated else None
    return TeamCaseload(
        team=row.team,
        children=len(row.allocated),
        workers=len(row.workers),
        fte=None if total is None else float(total),
        workers_without_fte=len(own) - len(stated),
        children_per_fte=_per_fte(len(row.allocated), total),
        held=len(row.held),
        team_only=len(row.team_only),
    )


def _per_fte(children: int, fte: Decimal | None) -> float | None:
    return round(children / float(fte), 1) if fte else None


def held_by_reason(record: Record, query: FigureQuery) -> dict[str, int]:
    """Children held in a name that does not count, by why it does not."""
    return by_reason(day_of_children(record, query))
