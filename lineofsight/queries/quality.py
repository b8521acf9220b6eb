"""Data quality as a list of work: findings grouped by cause, each with its history, and what people answered."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import narwhals.stable.v2 as nw

from lineofsight.queries.as_json import Moment
from lineofsight.queries.children import children_in
from lineofsight.queries.deliveries import Finding
from lineofsight.queries.record import (
    READ,
    SET_ASIDE,
    ChainLink,
    Record,
    cached_by_state,
    day_of_ordinal,
)
from lineofsight.record import frames
from lineofsight.record.tables.finding import FINDING
from lineofsight.record.tables.issue_answer import ISSUE_ANSWER
from lineofsight.vocabulary.moments import london_day, moment_of

SEVERITIES = ("refused", "warning", "note")
"""The most serious first."""
NIGHTS = 14
"""How many of a source's latest deliveries a trend shows."""
FEW = 5
"""Fewer children than this are not counted for those who may see no child."""

_DAYS = re.compile(r"[-_. ]*(?<!\d)(?:\d{2,4}[-_. ]?\d{2}[-_. ]?\d{2,4}|\d{4,})(?!\d)")


@dataclass(frozen=True)
class Night:
    """One delivery of a trend: how many findings of the issue it had."""

    delivery: str
    received_at: Moment
    findings: int


@dataclass(frozen=True)
class Answer:
    """What a named person answered. `accepted`: it is accepted until a day that is not over."""

    owner: str | None
    why: str | None
    until: date | None
    said_by: str
    said_on: date
    accepted: bool


@dataclass(frozen=True)
class Issue:
    """Findings of one cause: one code in one table (or kind of file) and column of one source's latest delivery.

    `findings` counts them and `rows` the rows they are in. `children` counts the children whom they name; None where
    they name none, or where there are few and whoever asks may see no child (`few_children`). `says` is the most
    frequent sentence, and `sentences` how many there are. `new` and `gone` compare with the delivery before.
    `answers` begins with the latest.
    """

    id: str
    name: str
    source: str
    delivery: str
    code: str
    severity: Literal["refused", "warning", "note"]
    table: str
    column: str
    says: str
    sentences: int
    do: str
    findings: int
    rows: int
    children: int | None
    few_children: bool
    new: int
    gone: int
    first_seen_on: date
    first_seen_in: str
    nights: list[Night]
    answers: list[Answer]
    accepted: bool

    def holds(self, finding: Finding) -> bool:
        """Whether a finding of the delivery is one of the issue."""
        return _kind(vars(finding)) == (self.code, self.table, self.column)


@dataclass(frozen=True)
class DataQuality:
    """Every data quality issue of an authority's latest deliveries as on a day; `accepted` ones are known, the others open."""

    authority: str
    as_at: date
    open: int
    accepted: int
    issues: list[Issue]


_Kind = tuple[str, str, str]
"""A code, the table or the kind of file, and a column."""


def data_quality(record: Record, today: date, *, sees_children: bool) -> DataQuality:
    """The issues of each source's latest delivery: open ones first, then what refuses rows, then the most."""
    answers = _answers(record)
    issues = []
    for issue in _issues(record):
        own = [replace(one, accepted=bool(one.until and one.until >= today)) for one in answers[issue.name]]
        few = issue.children is not None and issue.children < FEW and not sees_children
        issues.append(
            replace(
                issue,
                answers=own,
                accepted=bool(own and own[0].accepted),
                few_children=few,
                children=None if few else issue.children,
            )
        )
    issues.sort(
        key=lambda one: (one.accepted, SEVERITIES.index(one.severity), -one.findings, one.name),
    )
    accepted = sum(one.accepted for one in issues)
    return DataQuality(record.authority, today, len(issues) - accepted, accepted, issues)


def answer_names(record: Record) -> frozenset[str]:
    """The names of the issues that there are now: others cannot be answered."""
    return frozenset(one.name for one in _issues(record))


# -- what people answered -----------------------------------------------------------------------------


def _answers(record: Record) -> dict[str, list[Answer]]:
    """What was answered of each issue by its name, the latest first."""
    found: dict[str, list[Answer]] = defaultdict(list)
    rows = record.engine.rows(record.history(ISSUE_ANSWER.name))
    for row in sorted(rows, key=lambda row: row[frames.POSITION], reverse=True):
        said_on = date.fromordinal(row["said_on"])
        until = day_of_ordinal(row["until"])
        found[row["issue"]].append(
            Answer(row["owner"], row["why"], until, row["said_by"], said_on, accepted=False)
        )
    return found


# -- findings grouped by cause ------------------------------------------------------------------------


def _kind(row: dict[str, Any]) -> _Kind:
    return str(row["code"]), row["table"] or kind_of_file(row["file"] or ""), row["column"] or ""


def kind_of_file(name: str) -> str:
    """A file's name without what changes from night to night: its ending and the day in it."""
    stem, point, ending = name.rpartition(".")
    plain = stem if point and len(ending) <= 5 and " " not in ending else name
    return _DAYS.sub("", plain).strip("-_. ") or name


def _read(record: Record) -> dict[str, list[ChainLink]]:
    """The links of each source's deliveries that were read, or set aside because they could not be."""
    found: dict[str, list[ChainLink]] = defaultdict(list)
    for link in record.links():
        if link.kind == READ or (link.kind == SET_ASIDE and link.says["blocks"]):
            found[link.source].append(link)
    return found


@cached_by_state(16)
def _issues(record: Record) -> tuple[Issue, ...]:
    """The issues as they are without what people answered of them."""
    read = _read(record)
    counted = _counted(record)
    latest = {link.number for links in read.values() for link in links[-2:]}
    rows = _rows(record, latest)
    return tuple(
        issue
        for source, links in sorted(read.items())
        for issue in _issues_of(record, source, links, counted, rows)
    )


def _counted(record: Record) -> dict[int, Counter[_Kind]]:
    """How many findings of each kind each link brought."""
    by = (frames.DELIVERY, "code", "table", "column", "file")
    grouped = record.history(FINDING.name).group_by(*by).agg(nw.len().alias("findings"))
    found: dict[int, Counter[_Kind]] = defaultdict(Counter)
    for row in record.engine.rows(grouped):
        found[row[frames.DELIVERY]][_kind(row)] += row["findings"]
    return found


def _rows(record: Record, links: set[int]) -> dict[int, list[dict[str, Any]]]:
    """The findings that some links brought, in their order."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    brought = record.history(FINDING.name).filter(nw.col(frames.DELIVERY).is_in(sorted(links)))
    for row in sorted(record.engine.rows(brought), key=lambda row: row[frames.POSITION]):
        found[row[frames.DELIVERY]].append(row)
    return found


def _issues_of(
    record: Record,
    source: str,
    links: list[ChainLink],
    counted: dict[int, Counter[_Kind]],
    rows: dict[int, list[dict[str, Any]]],
) -> list[Issue]:
    latest = links[-1]
    before = links[-2].number if len(links) > 1 else None
    kinds: dict[_Kind, list[dict[str, Any]]] = defaultdict(list)
    for row in rows[latest.number]:
        kinds[_kind(row)].append(row)
    earlier: dict[_Kind, Counter[str]] = defaultdict(Counter)
    for row in rows[before] if before else ():
        earlier[_kind(row)][row["key"] or ""] += 1
    return [
        _issue(record, source, links, counted, kind, found, earlier[kind] if before else None)
        for kind, found in kinds.items()
    ]


def _issue(
    record: Record,
    source: str,
    links: list[ChainLink],
    counted: dict[int, Counter[_Kind]],
    kind: _Kind,
    found: list[dict[str, Any]],
    earlier: Counter[str] | None,
) -> Issue:
    code, table, column = kind
    first = next(link for link in links if counted[link.number][kind])
    sentences = Counter((row["says"], row["do"]) for row in found)
    says, do = sentences.most_common(1)[0][0]
    children = {child for row in found for child in children_in(record, row["key"])}
    # Keys do not move from night to night, as places do.
    keys = Counter(row["key"] or "" for row in found)
    name = "/".join((source, *kind))
    return Issue(
        id=hashlib.sha256(name.encode()).hexdigest()[:16],
        name=name,
        source=source,
        delivery=links[-1].delivery,
        code=code,
        severity=min((row["severity"] for row in found), key=SEVERITIES.index),
        table=table,
        column=column,
        says=says,
        sentences=len({row["says"] for row in found}),
        do=do,
        findings=len(found),
        rows=len({(row["file"], row["row"]) for row in found if row["row"]}),
        children=len(children) if children else None,
        few_children=False,
        new=(keys - earlier).total() if earlier is not None else 0,
        gone=(earlier - keys).total() if earlier is not None else 0,
        first_seen_on=london_day(moment_of(first.received_at)),
        first_seen_in=first.delivery,
        nights=[
            Night(link.delivery, moment_of(link.received_at), counted[link.number][kind])
            for link in links[-NIGHTS:]
        ],
        answers=[],
        accepted=False,
    )
