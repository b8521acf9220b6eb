"""What a delivery would change: compared with what its source stated before, checked and counted.

Nothing here writes; `link_for` gives the link that the recipe appends.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from lineofsight.intake.compare import Compared
from lineofsight.intake.compare import compare as compare_rows
from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.finding import REFUSED, WARNING, file_finding, numbered
from lineofsight.intake.formats import formats
from lineofsight.intake.formats import source as source_format
from lineofsight.intake.formats.annex_spans import WINDOW_DAYS, continued, ending
from lineofsight.intake.links import links_to_nothing
from lineofsight.intake.references import references
from lineofsight.intake.settings import SourceSettings
from lineofsight.intake.withdrawals import absent_files, withdrawn
from lineofsight.record import frames
from lineofsight.record.arrow import ATTESTED, OPERATION, entry_schema
from lineofsight.record.block import Block, pack
from lineofsight.record.entry import Operation
from lineofsight.record.tables import TABLES
from lineofsight.service.receive.delivery import Received
from lineofsight.service.store import chain, picture
from lineofsight.vocabulary.moments import FOREVER

_MOST_WITHDRAWN = 100
_MOST_WITHDRAWN_PERCENT = 20


def link_for(
    received: Received,
    reading: Reading,
    context: Context,
    settings: SourceSettings,
    confirmed_by: str | None,
    why: str,
) -> chain.NewLink:
    """The link to append: what the delivery changes, or that a named person has to confirm it first.

    `confirmed_by` has confirmed what it withdraws, and said `why`; None where nobody has yet.
    """
    before = _SourceRows(received)
    compared = {name: _compare(before, reading, name, context, settings) for name in reading.rows}
    too_many = {
        name: table.withdrawn
        for name, table in compared.items()
        if _withdraws_too_many(before, name, table.withdrawn)
    }
    if too_many and confirmed_by is None:
        return ask_for_confirmation(received, context, too_many)
    findings = list(reading.findings)
    for table in compared.values():
        findings += table.findings
    if "statement" in reading.rows:
        history = picture.history(received.authority, "statement")
        findings += links_to_nothing(received.source, reading.rows["statement"], history)
    if formats()[received.format].file_a_table:
        findings += missing_files(received, absent_files(reading.rows, _tables_delivered_before(received)))
    findings += references(reading, before.standing, context)
    all_findings = numbered(findings)
    counts = _counts(reading, compared, all_findings)
    says = {**received.says(), "counts": counts, "tables": sorted(reading.rows)}
    if too_many:
        says["withdrawals_confirmed_by"] = confirmed_by
        says |= {"withdrawals_confirmed_why": why} if why else {}
    entries = {name: table.entries for name, table in compared.items()}
    entries["finding"] = _finding_entries(all_findings, context)
    return received.link(chain.READ, says, _packed(entries))


def ask_for_confirmation(received: Received, context: Context, too_many: Mapping[str, int]) -> chain.NewLink:
    """The link that says that a delivery awaits confirmation, with a finding for each table that says why.

    `too_many` gives, by table, how many rows it would withdraw.
    """
    findings = numbered(
        [
            file_finding(
                "W01",
                WARNING,
                received.name,
                f"This delivery would withdraw {count} rows of {table}, so nothing in it has been loaded yet.",
                "If that is right, load it again with --confirm-withdrawals --by NAME. Otherwise have the source corrected.",
            )
            for table, count in sorted(too_many.items())
        ]
    )
    blocks = _packed({"finding": _finding_entries(findings, context)})
    says = {"sha256": received.sha256, "withdraws": too_many}
    return received.link(chain.AWAITING_CONFIRMATION, says, blocks)


def refusal(received: Received, why: str) -> chain.NewLink:
    """The link of a delivery that cannot be read: it has been read as one finding that says `why`."""
    reading = source_format.refusal(received.name, why)
    findings = numbered(reading.findings)
    says = {**received.says(), "counts": _counts(reading, {}, findings)}
    if not chain.named_hashes(received.hashes):
        says["kept"] = []  # an erasure has released them: naming them would say that they are stored
    entries = _finding_entries(findings, Context(received.received_at))
    return received.link(chain.READ, says, _packed({"finding": entries}))


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


@dataclass(frozen=True)
class _SourceRows:
    """The rows that the source of a delivery has stated."""

    received: Received

    def history(self, table: str) -> pl.DataFrame:
        """Every version of a table's rows that the source ever stated."""
        history = picture.history(self.received.authority, table)
        return history.filter(pl.col(frames.SOURCE) == self.received.source)

    def standing(self, table: str) -> pl.DataFrame:
        """The rows of a table that the source has stated and not withdrawn."""
        return self.history(table).filter(pl.col(frames.WITNESSED_TO) == FOREVER)


def _compare(
    before: _SourceRows, reading: Reading, name: str, context: Context, settings: SourceSettings
) -> Compared:
    """Compare a table's rows, by the rules of the source's format about what absence means."""
    table, history, window_start = TABLES[name], before.history(name), settings.window_start
    if formats()[settings.format].holds_until_next:
        day = context.received_on
        if name == "involvement":  # whoever answers goes on or ends with the workbook (counting rule 14)
            rows = continued(reading.rows[name], before.standing(name))
            reading = replace(
                reading,
                rows={**reading.rows, name: rows},
                present={**reading.present, name: [rows.select(table.key)]},
            )
            ends = functools.partial(ending, lists=reading.lists)
            return compare_rows(table, reading, history, context, ends, ended_on=day.toordinal())
        window_start = window_start or day - timedelta(days=WINDOW_DAYS)
    withdraws = functools.partial(withdrawn, table, window_start=window_start, held=before.standing)
    return compare_rows(table, reading, history, context, withdraws if settings.withdraws else None)


def _withdraws_too_many(before: _SourceRows, name: str, count: int) -> bool:
    """Whether `count` is more than 20 % of a table's rows and more than 100 of them (counting rule 6)."""
    if count <= _MOST_WITHDRAWN:
        return False
    return count * 100 > before.standing(name).height * _MOST_WITHDRAWN_PERCENT


def _tables_delivered_before(received: Received) -> set[str]:
    tables = set[str]()
    for link in chain.links(chain.READ, received.authority, received.source):
        tables |= set(chain.body_of(link).get("tables", []))
    return tables


# -- entries, blocks and counts -------------------------------------------------------------------


def _finding_entries(findings: pl.DataFrame, context: Context) -> pl.DataFrame:
    return findings.with_columns(
        pl.lit(Operation.STATED.value).alias(OPERATION), pl.lit(context.received_us, pl.Int64).alias(ATTESTED)
    ).select(entry_schema(TABLES["finding"]).names)


def _packed(entries: Mapping[str, pl.DataFrame]) -> dict[str, Block]:
    """The blocks of a link by table, from its entries by table; a table without entries has no block."""

    def packed(name: str) -> Block:
        rows = entries[name].to_arrow(compat_level=pl.CompatLevel.oldest())
        return pack(TABLES[name], rows.cast(entry_schema(TABLES[name])))

    names = [name for name, frame in sorted(entries.items()) if frame.height]
    with ThreadPoolExecutor(max_workers=2) as pool:  # Arrow and the hashes let go of the interpreter
        return dict(zip(names, pool.map(packed, names), strict=True))


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
