"""What the rules on how long files and rows are kept answer: files that go, and children whose rows are due."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.queries.children import numbers
from lineofsight.queries.record import RELEASED, RETENTION, ChainLink, Record, cached_by_state
from lineofsight.record import frames
from lineofsight.record.schema import Kind, Table
from lineofsight.record.tables import CASE_TABLES, adoption, care, people, referrals
from lineofsight.retention import stated
from lineofsight.retention.due import ChildFacts, verdict
from lineofsight.retention.files import in_force as files_in_force
from lineofsight.retention.rules import NOT_HELD, CountedFrom, Rule, in_force
from lineofsight.retention.stated import Hold, Stated
from lineofsight.vocabulary.moments import FOREVER, london_day, moment_of


@dataclass(frozen=True)
class FilesReleased:
    """What one release deleted, or would delete, of an authority: under which policy, of which deliveries.

    `link` is the release's number in the chain; None where nothing was deleted because only asked what would be.
    `policy_from` is None for the default policy, which nobody set.
    """

    authority: str
    policy_days: int
    policy_from: date | None
    policy_set_by: str
    deliveries: list[str]
    files: int
    link: int | None


@dataclass(frozen=True)
class FilesAnswer:
    """What `release-files` did: `dry_run` tells that nothing was deleted."""

    dry_run: bool
    released: list[FilesReleased]


@dataclass(frozen=True)
class RetentionRule:
    """A rule in force: for how many years rows are kept, from what, by which source and how well that is known.

    `years` is None where no law says and the authority has not set any. `set_by` is empty for a rule of the product.
    """

    rule: str
    title: str
    years: int | None
    counted_from: CountedFrom | None
    source: str
    confidence: str
    in_force_from: date | None
    set_by: str


@dataclass(frozen=True)
class RetentionHold:
    """A hold that stands: nothing is deleted or erased by a rule, of one delivery's files or (empty) of anything."""

    number: int
    delivery: str
    why: str
    by: str
    on: date


@dataclass(frozen=True)
class DueChild:
    """A child whose rows need not be kept any longer: by which rule, why, and since which day."""

    child: str
    rule: str
    because: str
    due_since: date


@dataclass(frozen=True)
class UnclearChild:
    """A child of whom it cannot be told whether the rows are due, and why not."""

    child: str
    rule: str
    why: str


@dataclass(frozen=True)
class RetentionDue:
    """Children whose rows are due on a day, those due longest first, and what cannot be told.

    `children_counted` were looked at; for `without_rule` of them no law says how long and the authority has set nothing.
    Where a hold stands, nothing on the list may be erased.
    """

    authority: str
    as_at: date
    rules: list[RetentionRule]
    holds: list[RetentionHold]
    children: list[DueChild]
    cannot_tell: list[UnclearChild]
    children_counted: int
    without_rule: int
    not_covered: str


@dataclass(frozen=True)
class FilesKept:
    """For how many days files that name children are kept, from which day; None for the default, which nobody set."""

    days: int
    in_force_from: date | None
    set_by: str
    ground: str


@dataclass(frozen=True)
class RetentionPolicy:
    """How long an authority's files and rows are kept on a day, the holds that stand, and what was released so far."""

    authority: str
    as_at: date
    files: FilesKept
    rules: list[RetentionRule]
    holds: list[RetentionHold]
    released: list[FilesReleased]


def policy(record: Record, as_at: date) -> RetentionPolicy:
    """What is in force on a day. It names no child."""
    statements = stated_in(record)
    files = files_in_force(stated.file_policies(statements), as_at)
    return RetentionPolicy(
        record.authority,
        as_at,
        FilesKept(files.days, files.in_force_from, files.set_by, files.ground),
        [_rule(rule) for rule in in_force(stated.rules_set(statements), as_at).values()],
        [_hold(one) for one in stated.holds_standing(statements)],
        [_released(record, link) for link in record.links() if link.kind == RELEASED],
    )


def _released(record: Record, link: ChainLink) -> FilesReleased:
    under = link.says["policy"]
    return FilesReleased(
        record.authority,
        under["days"],
        date.fromisoformat(under["from"]) if under["from"] else None,
        under["set_by"],
        list(link.says["deliveries"]),
        len(link.says["released"]),
        link.number,
    )


def due(record: Record, as_at: date) -> RetentionDue:
    """Whose rows are due on a day, by what is known now. It lists children: the caller logs the access."""
    statements = stated_in(record)
    rules = in_force(stated.rules_set(statements), as_at)
    children, unclear, without = [], [], 0
    for facts in _facts(record, as_at):
        found = verdict(facts, rules, as_at)
        if found.state == "due" and found.due_on is not None:
            children.append(DueChild(facts.child, found.rule, found.because, found.due_on))
        elif found.state == "cannot tell":
            unclear.append(UnclearChild(facts.child, found.rule, found.because))
        elif found.state == "no rule":
            without += 1
    return RetentionDue(
        authority=record.authority,
        as_at=as_at,
        rules=[_rule(rule) for rule in rules.values()],
        holds=[_hold(one) for one in stated.holds_standing(statements) if not one.delivery],
        children=sorted(children, key=lambda one: (one.due_since, one.child)),
        cannot_tell=sorted(unclear, key=lambda one: one.child),
        children_counted=len(numbers(record)),
        without_rule=without,
        not_covered=NOT_HELD,
    )


def stated_in(record: Record) -> list[Stated]:
    """What was stated about how long things are kept in an authority, in the order of the chain."""
    return [
        Stated(link.number, london_day(moment_of(link.witnessed_at)), link.says)
        for link in record.links()
        if link.kind == RETENTION
    ]


def _rule(rule: Rule) -> RetentionRule:
    return RetentionRule(
        rule.code,
        rule.title,
        rule.years,
        rule.counted_from,
        rule.source,
        rule.confidence,
        rule.in_force_from,
        rule.set_by,
    )


def _hold(hold: Hold) -> RetentionHold:
    return RetentionHold(hold.number, hold.delivery, hold.why, hold.by, hold.on)


# -- what is known of each child ------------------------------------------------------------------

_LIVES = {"born_on", "expected_on", "died_on"}
_IN_CARE = (care.CARE_EPISODE, care.PLACEMENT, care.LEGAL_STATUS)
_NO_ADOPTION = re.compile(r"sgo|special\s*guardian|cao|child\s*arrangement|residence", re.IGNORECASE)
_ADOPTED = re.compile(r"E1[12]\b")
"""Why an episode of being looked after ended, the department's codes for an adoption."""
_CLOSED_ADOPTED = "RC1"


@dataclass
class _Gathered:
    """What rows say of one child. Every version ever stated counts: a row that was withdrawn is still stored."""

    born: dict[str, int] = field(default_factory=dict)
    died: dict[str, int] = field(default_factory=dict)
    in_care: bool = False
    adopted: bool = False
    ordered: int | None = None
    closed_as_adopted: int | None = None
    open: bool = False
    last: int | None = None


@cached_by_state(4)
def _facts(record: Record, as_at: date) -> tuple[ChildFacts, ...]:
    found: dict[str, _Gathered] = defaultdict(_Gathered)
    for child in numbers(record):
        found[child] = _Gathered()
    _gather_lives(record, found)
    _gather_care(record, found, as_at.toordinal())
    _gather_last_days(record, found, as_at.toordinal())
    return tuple(
        ChildFacts(
            child=child,
            # Of what several sources say, the latest: so that nothing is due too early.
            born_on=_day(max(said.born.values(), default=None)),
            died_on=_day(max(said.died.values(), default=None)),
            looked_after=said.in_care,
            adopted=said.adopted,
            # A case is closed because of an adoption on the day of the order or later, so nothing is due too early.
            ordered_on=_day(said.ordered or said.closed_as_adopted),
            open=said.open,
            last_record_on=_day(said.last),
        )
        for child, said in sorted(found.items())
    )


def _gather_lives(record: Record, found: dict[str, _Gathered]) -> None:
    """Births and deaths: of each source the version it stated last."""
    columns = ("child", "born_on", "died_on", frames.SOURCE, frames.POSITION)
    rows = record.engine.rows(record.history(people.CHILD.name).select(*columns))
    for row in sorted(rows, key=lambda one: one[frames.POSITION]):
        said = found[row["child"]]
        for days, day in ((said.born, row["born_on"]), (said.died, row["died_on"])):
            days.pop(row[frames.SOURCE], None)
            if day is not None:
                days[row[frames.SOURCE]] = day


def _gather_care(record: Record, found: dict[str, _Gathered], day: int) -> None:
    for table in _IN_CARE:
        for row in record.engine.rows(record.history(table.name).select("child").unique()):
            if row["child"] is not None:
                found[row["child"]].in_care = True
    for row in _rows(record, care.CARE_EPISODE, "ended_on", "ended_because"):
        said = found[row["child"]]
        said.open |= _is_open(row, "ended_on", day)
        if _ADOPTED.match(row["ended_because"] or ""):
            _adopted(said, row["ended_on"])
    for row in _rows(record, referrals.EPISODE, "closed_on", "close_reason"):
        said = found[row["child"]]
        said.open |= _is_open(row, "closed_on", day)
        if row["close_reason"] == _CLOSED_ADOPTED:
            said.adopted = True
            said.closed_as_adopted = max(row["closed_on"] or 0, said.closed_as_adopted or 0) or None
    for row in _rows(record, adoption.PERMANENCE, "order", "ordered_on"):
        if row["ordered_on"] is not None and not _NO_ADOPTION.search(row["order"] or ""):
            _adopted(found[row["child"]], row["ordered_on"])


def _rows(record: Record, table: Table, *columns: str) -> Iterator[dict[str, Any]]:
    rows = record.history(table.name).select("child", *columns, frames.WITNESSED_TO).unique()
    yield from (row for row in record.engine.rows(rows) if row["child"] is not None)


def _adopted(said: _Gathered, day: int | None) -> None:
    said.adopted = True
    if day is not None:
        said.ordered = max(day, said.ordered or 0)


def _is_open(row: dict[str, Any], ends: str, day: int) -> bool:
    """Whether a row that its source still states has not ended by a day."""
    ended = row[ends]
    return row[frames.WITNESSED_TO] == FOREVER and (ended is None or int(ended) > day)


def _gather_last_days(record: Record, found: dict[str, _Gathered], day: int) -> None:
    """The latest day, not after `day`, that any row of a child gives."""
    for table in CASE_TABLES:
        if "child" not in table.child:
            continue
        for name in (one.name for one in table.columns if one.kind is Kind.DAY and one.name not in _LIVES):
            rows = record.history(table.name).filter(nw.col(name) <= day).select("child", name)
            latest = rows.group_by("child").agg(nw.col(name).max().alias("_last"))
            for row in record.engine.rows(latest):
                if row["child"] is not None:
                    said = found[row["child"]]
                    said.last = max(row["_last"], said.last or 0)


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)
