"""What a named person has to confirm first: a delivery that withdraws or changes so much that it may be a mistake.

Counting rule 6. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from lineofsight.engines.proposed import Appended, ProposedRecord
from lineofsight.intake.delivery import Context
from lineofsight.intake.finding import WARNING, file_finding, numbered
from lineofsight.intake.formats import is_case_format
from lineofsight.queries.as_json import to_json
from lineofsight.queries.changes import (
    FigureChange,
    SecondCovering,
    figure_change,
    new_strangers,
    second_covering,
)
from lineofsight.record.tables import holds_children
from lineofsight.service.receive.delivery import Received
from lineofsight.service.receive.packing import finding_entries, packed
from lineofsight.service.receive.sources import DESCRIBED
from lineofsight.service.store import chain, clock
from lineofsight.service.store.record import open_passing
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import microseconds

_MOST_WITHDRAWN = 100
_MOST_WITHDRAWN_PERCENT = 20


def withdraws_too_many(count: int, standing: int) -> bool:
    """Whether `count` is more than 20 % of a table's `standing` rows and more than 100 of them."""
    return count > _MOST_WITHDRAWN and count * 100 > standing * _MOST_WITHDRAWN_PERCENT


_DECIDING = ("child", "episode", "involvement", "worker")
_FEWEST_EMPTIED = 5


def empties_too_much(table: str, count: int) -> bool:
    """Whether a file with headings and no rows waits: it would take away all of a table that figures rest on."""
    return table in _DECIDING and count >= _FEWEST_EMPTIED


def change_by(
    received: Received, entries: Mapping[str, pl.DataFrame], says: Mapping[str, Any]
) -> tuple[FigureChange | None, list[str], list[SecondCovering]]:
    """The figure as at the day of receipt, before and after a delivery; None where there is nothing to compare.

    With it the sources that would say of every child that nobody answers, and know none of them (`new_strangers`), and those
    that would speak for every child beside another that does (`second_covering`).
    `entries` are what the delivery appends, by table; `says` what its link states.
    """
    if not holds_children() or (received.source != DESCRIBED and not is_case_format(received.format)):
        return None, [], []
    before = open_passing(received.authority)
    received_us = microseconds(received.received_at)
    appended = Appended(received.source, received.id, received_us, microseconds(clock.now()))
    after = ProposedRecord(before, appended, entries, says)
    try:
        change = figure_change(before, after, received.received_on, received_us)
        strangers = [] if change is None else new_strangers(before, after, received.received_on, received_us)
        second = []
        if received.source == DESCRIBED:
            second = second_covering(before, after, received.received_on, received_us)
        return change, strangers, second
    finally:
        after.forget()


def ask(
    received: Received,
    context: Context,
    too_many: Mapping[str, int],
    change: FigureChange | None,
    strangers: Sequence[str] = (),
    emptied: Collection[str] = (),
    second: Sequence[SecondCovering] = (),
) -> chain.NewLink:
    """The link that says that a delivery awaits confirmation, with a finding for each reason.

    `too_many` gives, by table, how many rows it would withdraw; `change` is given where it changes too much;
    `strangers` and `second` as `change_by` gives them; `emptied`: the tables of which it has headings and no rows.
    """
    findings = [
        _withdraws(received, table, count, is_empty=table in emptied)
        for table, count in sorted(too_many.items())
    ]
    if change is not None:
        findings.append(_changes(received, change, "Nothing in it has been loaded yet."))
    findings += [_knows_nobody(received, source) for source in strangers]
    findings += [_covers_too(received, one) for one in second]
    blocks = packed({"finding": finding_entries(numbered(findings), context)})
    says = {
        "sha256": received.sha256,
        "withdraws": too_many,
        "changes": None if change is None else to_json(change),
    }
    return received.link(chain.AWAITING_CONFIRMATION, says, blocks)


def tell(
    received: Received, change: FigureChange | None, emptied: Mapping[str, int] | None = None
) -> list[pl.DataFrame]:
    """The findings that tell of a large change that was loaded, and of tables that it emptied."""
    findings = [_emptied(received, table, count) for table, count in sorted((emptied or {}).items())]
    if change is not None and change.is_large:
        findings.append(_changes(received, change, ""))
    return findings


def _emptied(received: Received, table: str, count: int) -> pl.DataFrame:
    rows = f"the 1 {_words(table)} row" if count == 1 else f"all {count:,} {_words(table)} rows"
    says = f"The delivery has headings and no rows of {_words(table)}, so {rows} known before are withdrawn."
    do = "Check that the extract ran to its end, and load a corrected one if not."
    return file_finding("W04", WARNING, received.name, says, do)


def _words(table: str) -> str:
    return table.replace("_", " ")


_DO = "If that is right, confirm it. Otherwise set it aside, and have the source corrected."


def _withdraws(received: Received, table: str, count: int, *, is_empty: bool) -> pl.DataFrame:
    says = f"This delivery would withdraw {count:,} rows of {table}, so nothing in it has been loaded yet."
    if is_empty:
        says += " It has headings and no rows of that table, as when an extract has failed."
    return file_finding("W01", WARNING, received.name, says, _DO)


def _covers_too(received: Received, one: SecondCovering) -> pl.DataFrame:
    others = " and ".join(one.others)
    says = (
        f"The source {one.source} is to cover the whole service, as {others} already does. Each says that a child whom it does "
        f"not name has no worker, and the file received last decides: {one.children:,} children have a worker now, and any "
        f"of them whom {one.source} does not name would have none after its next file. Nothing has been saved yet."
    )
    do = (
        'If it knows only some children, set this aside and describe it with covers = "named". If it replaces the other source, '
        "give that one a valid_to. If both do know every child, confirm it."
    )
    return file_finding("W05", WARNING, received.name, says, do)


def _knows_nobody(received: Received, source: str) -> pl.DataFrame:
    says = (
        f"The source {source} covers the whole service, so a child whom it does not name has no worker by it. By this "
        "delivery it names none of the children counted: all of them would be without a worker. Nothing has been loaded yet."
    )
    do = (
        "Check that both sources write the child ID in the same way. Set this delivery aside and load a corrected one, or "
        'say covers = "named" in the source\'s settings. If it is right, confirm it.'
    )
    return file_finding("W03", WARNING, received.name, says, do)


def _changes(received: Received, change: FigureChange, loaded: str) -> pl.DataFrame:
    before, after = change.before, change.after
    would = "would be" if loaded else "are"
    says = (
        f"By this delivery {change.children:,} of {before.population:,} children ({change.percent}%) "
        f"{would} in another state, or counted no longer, as at {in_words(change.as_at.isoformat())}. "
        f"Without an allocated worker: {_count(before.unallocated)} before, {_count(after.unallocated)} after. "
        f"Children counted: {before.population:,} before, {after.population:,} after. {loaded}"
    ).strip()
    do = (
        _DO
        if loaded
        else "Check with the source that so large a change is right, and load a corrected extract if not."
    )
    return file_finding("W02", WARNING, received.name, says, do)


def _count(count: int | None) -> str:
    return "not known" if count is None else f"{count:,}"
