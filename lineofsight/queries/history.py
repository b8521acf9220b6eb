"""What answers about children are worked out from: an authority's case records, read once for each state."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lineofsight.allocation.history import AllocationHistory, Receipt, RefusedRows, day_of
from lineofsight.allocation.owners import AllocationSettings, WorkerVersion, plain
from lineofsight.allocation.workers import Employment, Workers
from lineofsight.intake.formats import is_case_format
from lineofsight.queries.as_json import Moment
from lineofsight.queries.record import READ, RECEIVED_AGAIN, Record, cached_by_state
from lineofsight.record import frames
from lineofsight.record.tables import CASE_TABLES
from lineofsight.record.tables.refused_row import REFUSED_ROW
from lineofsight.vocabulary.moments import FOREVER, london_day, moment_of, read_moment

NEEDED = (
    "episode",
    "involvement",
    "assessment",
    "need_plan",
    "protection_plan",
    "care_episode",
    "need_visit",
    "protection_visit",
    "care_visit",
)
"""The tables that figures are worked out from."""


@dataclass(frozen=True)
class Source:
    """The latest delivery of a source, as `sources` of an answer name it (counting rule 18)."""

    source: str
    delivery: str
    received_at: Moment
    sha256: str


@dataclass(frozen=True)
class Delivered:
    """One delivery that was read: its moment (microseconds), its link's number and its last entry's position."""

    named: Source
    moment: int
    number: int
    last_position: int


@dataclass(frozen=True)
class AuthorityHistory:
    """An authority's case records and the deliveries they came by, resting on attested or witnessed moments."""

    knowledge: AllocationHistory
    deliveries: tuple[Delivered, ...]

    def position(self, moment: int) -> int:
        """The last position of the record known by a moment; 0 where nothing was."""
        return max((each.last_position for each in self.deliveries if each.moment <= moment), default=0)

    def sources(self, moment: int) -> list[Source]:
        """The latest delivery of each source of case records known by a moment (counting rule 18)."""
        case_sources = {settings.source for settings in self.knowledge.settings}
        latest = {
            each.named.source: each.named
            for each in self.deliveries
            if each.moment <= moment and each.named.source in case_sources
        }
        return [latest[name] for name in sorted(latest)]

    def latest(self) -> int | None:
        """The latest moment at which a source of case records delivered; None where none ever did."""
        return max((each.moment for each in self.knowledge.receipts), default=None)

    def latest_day(self) -> date | None:
        """The day before the latest delivery: the last day of which everything is known; None where there is none."""
        latest = self.latest()
        return None if latest is None else date.fromordinal(day_of(latest) - 1)


@cached_by_state(16)
def history_of(record: Record, *, witnessed: bool) -> AuthorityHistory:
    """An authority's history, resting on attested or witnessed moments; kept for the next question."""
    return worked_out(record, witnessed=witnessed)


def worked_out(record: Record, *, witnessed: bool) -> AuthorityHistory:
    """The same, for a record of which one question is asked: nothing of it is kept."""
    settings = settings_of_sources(record)
    names = {each.source for each in settings}
    knowledge = AllocationHistory(
        {name: record.history(name) for name in NEEDED},
        _workers(record, witnessed=witnessed),
        settings,
        tuple(each for each in _receipts(record, witnessed=witnessed) if each.source in names),
        record.engine,
        witnessed,
        _naming(record, settings),
        _refused(record),
    )
    return AuthorityHistory(knowledge, tuple(_delivered(record, witnessed=witnessed)))


def settings_of_sources(record: Record) -> tuple[AllocationSettings, ...]:
    """The settings of every source of case records, as they stand now: they are read by day, not by moment."""
    rows = record.engine.rows(record.history("source"))
    present = sorted(
        (row for row in rows if row[frames.WITNESSED_TO] == FOREVER), key=lambda row: row[frames.POSITION]
    )
    return tuple(
        AllocationSettings.of(row["name"], row["valid_from"], json.loads(row["settings"]))
        for row in present
        if is_case_format(row["format"])
    )


def _naming(record: Record, settings: Sequence[AllocationSettings]) -> dict[str, frames.Frame]:
    """Every table that names a child; none where a single full roster names every child that is counted."""
    if len({each.source for each in settings}) == 1 and all(each.full for each in settings):
        return {}
    return {table.name: record.history(table.name) for table in CASE_TABLES if "child" in table.child}


def _refused(record: Record) -> dict[int, dict[str, RefusedRows]]:
    """By the link that read a delivery, how many rows of each table it had refused, and of which children."""
    by_link: defaultdict[int, defaultdict[str, list[str | None]]] = defaultdict(lambda: defaultdict(list))
    for row in record.engine.rows(record.history(REFUSED_ROW.name)):
        by_link[row[frames.DELIVERY]][row["table"]].append(row["child"])
    return {
        link: {
            table: RefusedRows(len(children), frozenset(child for child in children if child is not None))
            for table, children in tables.items()
        }
        for link, tables in by_link.items()
    }


def _workers(record: Record, *, witnessed: bool) -> Workers:
    known_from, known_to = moment_columns(witnessed=witnessed)
    found: dict[tuple[str, str], list[WorkerVersion]] = defaultdict(list)
    rows = record.engine.rows(record.history("worker"))
    for row in sorted(rows, key=lambda row: row[frames.POSITION]):
        begun, ended = row[known_from], row[known_to]
        if begun < ended:
            version = WorkerVersion(begun, ended, day_of(begun), day_of(ended), row)
            found[row[frames.SOURCE], row["worker"]].append(version)
    return Workers(found, _employments(record, known_from, known_to))


def _employments(record: Record, known_from: str, known_to: str) -> dict[str, list[Employment]]:
    """What workforce lists state, by the worker they name, in the order in which it became known."""
    found: dict[str, list[Employment]] = defaultdict(list)
    rows = record.engine.rows(record.history("employment"))
    for row in sorted(rows, key=lambda row: (row[known_from], row[frames.POSITION])):
        if row[known_from] < row[known_to]:
            found[plain(row["worker"])].append(Employment(row[known_from], row[known_to], row))
    return found


def moment_columns(*, witnessed: bool) -> tuple[str, str]:
    """The columns with the moments from and to which a version was known."""
    if witnessed:
        return frames.WITNESSED_FROM, frames.WITNESSED_TO
    return frames.ATTESTED_FROM, frames.ATTESTED_TO


def _receipts(record: Record, *, witnessed: bool) -> Iterator[Receipt]:
    """Every receipt of a delivery that was read, and of one whose bytes came again."""
    brought: dict[str, tuple[int, frozenset[str]]] = {}
    for link in record.links():
        if link.kind not in (READ, RECEIVED_AGAIN):
            continue
        if link.kind == READ:
            brought[link.delivery] = link.number, frozenset(link.says.get("tables", link.says["blocks"]))
        read_by, tables = brought.get(link.delivery, (0, frozenset()))
        day = london_day(moment_of(link.received_at)).toordinal()
        yield Receipt(link.source, link.moment(witnessed=witnessed), link.number, tables, day, read_by)


def _delivered(record: Record, *, witnessed: bool) -> Iterator[Delivered]:
    for link in record.links():
        if link.kind == READ:
            received_at: datetime = read_moment(link.says["received_at"])
            named = Source(link.source, link.delivery, received_at, link.says["sha256"])
            yield Delivered(named, link.moment(witnessed=witnessed), link.number, link.last_position)
