"""What a delivery would change: compared with what its source stated before, checked and counted.

Nothing here writes; `link_for` gives the link that the recipe appends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from lineofsight.intake.compare import Compared
from lineofsight.intake.compare_delivery import compare_delivery
from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.elsewhere import meets_others
from lineofsight.intake.finding import REFUSED, WARNING, file_finding, numbered
from lineofsight.intake.formats import formats
from lineofsight.intake.formats import source as source_format
from lineofsight.intake.links import links_to_nothing
from lineofsight.intake.references import references
from lineofsight.intake.refused_rows import refused_rows
from lineofsight.intake.settings import SourceSettings
from lineofsight.intake.shared_numbers import shared_numbers
from lineofsight.intake.withdrawals import absent_files
from lineofsight.record import frames
from lineofsight.service.receive.confirmation import (
    ask,
    change_by,
    empties_too_much,
    tell,
    withdraws_too_many,
)
from lineofsight.service.receive.delivery import Received
from lineofsight.service.receive.packing import finding_entries, packed
from lineofsight.service.store import chain, picture
from lineofsight.vocabulary.moments import FOREVER


def link_for(
    received: Received,
    reading: Reading,
    context: Context,
    settings: SourceSettings,
    confirmed_by: str | None,
    why: str,
) -> chain.NewLink:
    """The link to append: what the delivery changes, or that a named person has to confirm it first.

    `confirmed_by` has confirmed what it withdraws and changes, and said `why`; None where nobody has yet.
    """
    # 1. Each table is compared with what the source stated before.
    before = _SourceRows(received)
    compared = compare_delivery(before, reading, context, settings)
    too_many = {
        name: table.withdrawn
        for name, table in compared.items()
        if withdraws_too_many(table.withdrawn, before.count_standing(name))
    }
    emptied = {
        name: table.withdrawn
        for name, table in compared.items()
        if table.withdrawn
        and not reading.rows[name].height
        and table.withdrawn == before.count_standing(name)
    }
    too_many |= {name: count for name, count in emptied.items() if empties_too_much(name, count)}
    # 2. Its findings are gathered and its rows counted.
    findings = list(_findings(received, reading, context, before, compared))
    report = reading.report
    if "involvement" in reading.rows:
        episodes = picture.history(received.authority, "episode")
        met, of_met = meets_others(received.source, reading, episodes)
        findings += of_met
        report = replace(report, joins=[*report.joins, *met])
    entries = {name: table.entries for name, table in compared.items()}
    entries["refused_row"] = refused_rows(reading, compared, context)
    entries["finding"] = finding_entries(numbered(findings), context)
    says = {**received.says(), "tables": sorted(reading.rows), "reading": report.says()}
    # 3. A named person is asked where it withdraws or changes too much, or denies a worker to children it does not know.
    change, strangers, second = change_by(received, entries, says)
    asks = change if change is not None and change.waits else None
    must_ask = bool(too_many or asks or strangers or second)
    if must_ask and confirmed_by is None:
        return ask(received, context, too_many, asks, strangers, emptied, second)
    all_findings = numbered([*findings, *tell(received, change, emptied)])
    entries["finding"] = finding_entries(all_findings, context)
    says["counts"] = _counts(reading, compared, all_findings)
    if must_ask:
        says["confirmed_by"] = confirmed_by
        says |= {"confirmed_why": why} if why else {}
    return received.link(chain.READ, says, packed(entries))


def _findings(
    received: Received,
    reading: Reading,
    context: Context,
    before: _SourceRows,
    compared: Mapping[str, Compared],
) -> Iterator[pl.DataFrame]:
    """What reading and comparing found, and what is missing or names something that is not there."""
    yield from reading.findings
    for table in compared.values():
        yield from table.findings
    if "statement" in reading.rows:
        history = picture.history(received.authority, "statement")
        yield from links_to_nothing(received.source, reading.rows["statement"], history)
    if formats()[received.format].file_a_table:
        yield from missing_files(received, absent_files(reading.rows, _tables_delivered_before(received)))
    yield from references(reading, before.standing, context)
    if "child" in reading.rows:
        history = picture.history(received.authority, "child")
        yield from shared_numbers(received.source, reading.rows["child"], history)


def refusal(received: Received, why: str, do: str) -> chain.NewLink:
    """The link of a delivery that cannot be read: set aside with one finding that says `why`, and what to `do`."""
    reading = source_format.refusal(received.name, why, do)
    findings = numbered(reading.findings)
    says = {**_says_stored(received), "counts": _counts(reading, {}, findings)}
    entries = finding_entries(findings, Context(received.received_at))
    return received.link(chain.SET_ASIDE, says, packed({"finding": entries}))


def set_aside(received: Received, why: str) -> chain.NewLink:
    """The link of a delivery that a person set aside, and `why`."""
    return received.link(chain.SET_ASIDE, {**_says_stored(received), "why": why})


def _says_stored(received: Received) -> dict[str, Any]:
    """What a delivery's links state of it, without its files where an erasure has released them."""
    is_stored = bool(chain.named_hashes(received.hashes))
    return received.says() if is_stored else {**received.says(), "kept": []}


def missing_files(received: Received, tables: Sequence[str]) -> list[pl.DataFrame]:
    """A finding for each table that the source delivered before and of which this delivery has no file."""
    return [
        file_finding(
            "F07",
            WARNING,
            received.name,
            f"The delivery has no file of {name.replace('_', ' ')} rows. What was known before still stands.",
            "Load the whole extract.",
        )
        for name in tables
    ]


# -- comparing with what the source stated before -------------------------------------------------


class _SourceRows:
    """The rows that the source of a delivery has stated, each table asked of the record once."""

    def __init__(self, received: Received) -> None:
        self._received = received
        self._histories: dict[str, pl.DataFrame] = {}

    def history(self, table: str) -> pl.DataFrame:
        """Every version of a table's rows that the source ever stated."""
        if table not in self._histories:
            rows = picture.history(self._received.authority, table)
            is_own = rows[frames.SOURCE] == self._received.source
            # Most tables come from one source, and a filter would copy all that the history files only map.
            self._histories[table] = rows if is_own.all() else rows.filter(is_own)
        return self._histories[table]

    def standing(self, table: str) -> pl.DataFrame:
        """The rows of a table that the source has stated and not withdrawn."""
        return self.history(table).filter(pl.col(frames.WITNESSED_TO) == FOREVER)

    def count_standing(self, table: str) -> int:
        """How many rows `standing` gives."""
        return int((self.history(table)[frames.WITNESSED_TO] == FOREVER).sum())


def _tables_delivered_before(received: Received) -> set[str]:
    tables = set[str]()
    for link in chain.links(chain.READ, received.authority, received.source):
        tables |= set(chain.body_of(link).get("tables", []))
    return tables


# -- counts --------------------------------------------------------------------------------------


def _counts(reading: Reading, compared: Mapping[str, Compared], findings: pl.DataFrame) -> dict[str, int]:
    """How the delivery's rows were counted (rule 8). Raises ArithmeticError where they do not add up: our fault."""
    tables = compared.values()
    counts = {
        "received": reading.received,
        "accepted": sum(table.accepted for table in tables),
        "unchanged": sum(table.unchanged for table in tables),
        "quarantined": reading.quarantined + sum(table.quarantined for table in tables),
        "withdrawn": sum(table.withdrawn for table in tables),
        "findings": findings.height,
        "refusals": findings.filter(pl.col("severity") == REFUSED).height,
    }
    if counts["received"] != counts["accepted"] + counts["unchanged"] + counts["quarantined"]:
        raise ArithmeticError(f"{counts} do not add up; nothing was appended")
    return counts
