"""What files would tell if they were loaded: read, compared and counted as when they are, with nothing kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import polars as pl

from lineofsight.engines.memory import NothingYet, RowsOf
from lineofsight.engines.proposed import Appended, ProposedRecord
from lineofsight.engines.worklist_sheet import closed_columns, with_closed
from lineofsight.intake.compare_delivery import compare_delivery
from lineofsight.intake.delivery import Context, NamedBytes, hash_of
from lineofsight.intake.finding import numbered
from lineofsight.intake.guess import WORKLIST, guessed_format
from lineofsight.intake.reader import read
from lineofsight.intake.references import references
from lineofsight.intake.refused_rows import refused_rows
from lineofsight.intake.settings import SourceSettings, read_settings
from lineofsight.intake.unpacking import opened
from lineofsight.queries.deliveries import Finding
from lineofsight.queries.figures import FigureQuery, caseload, figure, register
from lineofsight.queries.preview import ClosedCases, ClosedWord, Preview, PreviewedDelivery, changes
from lineofsight.queries.record import Record
from lineofsight.record.arrow import entry_schema
from lineofsight.record.entry import ATTESTED, OPERATION, Operation
from lineofsight.record.tables.source import SOURCE
from lineofsight.vocabulary.moments import microseconds, moment_of, written

_NAME, _AUTHORITY = "preview", "000"
_ORDER = {"refused": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class ToPreview:
    """One delivery to look at: what it is called, its files, and the day on which it counts as received."""

    name: str
    files: Sequence[NamedBytes]
    received_on: date

    @property
    def received_at(self) -> datetime:
        """The moment of receipt: noon of its day."""
        return datetime.combine(self.received_on, time(12), UTC)

    @property
    def as_at(self) -> date:
        """The day that is counted: the day before, the last whole day of which the files know, as pages show it."""
        return self.received_on - timedelta(days=1)

    def context(self, settings: SourceSettings) -> Context:
        """What reading it depends on beside its bytes."""
        return settings.context(self.received_at)


def preview(deliveries: Sequence[ToPreview], settings: SourceSettings | None) -> Preview:
    """Who answers for whom by one delivery, or by the later of two and what changed from the earlier.

    Without settings the format is guessed, the files are taken for a whole service, and every role counts.
    Refuses files that cannot be read.
    """
    said = settings or _guessed(deliveries[-1].files)
    record = _described(NothingYet(said.authority, uuid4().hex), said, deliveries[0])
    looked_at: list[_LookedAt] = []
    for delivery in deliveries:
        looked_at.append(_appended(record, said, delivery, guessed=settings is None))
        record = looked_at[-1].record
    queries = [FigureQuery(one.as_at, microseconds(one.received_at)) for one in deliveries]
    query = queries[-1]
    return Preview(
        figure=figure(record, query),
        register=register(record, query),
        caseload=caseload(record, query),
        reading=[one.read for one in looked_at],
        findings=looked_at[-1].findings,
        changes=changes(looked_at[0].record, queries[0], record, query) if len(deliveries) > 1 else None,
        closed=_closed(deliveries[-1], said),
    )


def _closed(delivery: ToPreview, settings: SourceSettings) -> ClosedCases | None:
    """The cases of a worklist that are probably closed and of which its settings say nothing; None where there are none."""
    if settings.format != WORKLIST:
        return None
    columns = closed_columns(delivery.files, settings)
    if not columns:
        return None
    without = with_closed(settings, columns)
    record = _described(NothingYet(without.authority, uuid4().hex), without, delivery)
    read_without = _appended(record, without, delivery, guessed=True).record
    query = FigureQuery(delivery.as_at, microseconds(delivery.received_at))
    words = [
        ClosedWord(one.heading, value.value, value.rows)
        for one in columns
        for value in one.values
        if value.closed
    ]
    return ClosedCases(words, figure(read_without, query))


def _guessed(files: Sequence[NamedBytes]) -> SourceSettings:
    """Settings for files of which nothing was said: a whole service, in the format that they look like."""
    lines = (
        f'name = "{_NAME}"',
        f'authority = "{_AUTHORITY}"',
        f'format = "{guessed_format(opened(files))}"',
        'roster = "full"',
        'covers = "service"',
    )
    return read_settings("\n".join(lines).encode())


@dataclass(frozen=True)
class _LookedAt:
    """A delivery that was read: the record with it, its report and its findings, the most serious first."""

    record: ProposedRecord
    read: PreviewedDelivery
    findings: list[Finding]


def _described(record: Record, settings: SourceSettings, first: ToPreview) -> ProposedRecord:
    """The record with the source's settings, as `source set` states them."""
    received_us = microseconds(first.received_at - timedelta(hours=1))
    row = [
        Operation.STATED.value,
        received_us,
        settings.name,
        settings.format,
        settings.roster,
        settings.whole,
        None,
    ]
    names = [OPERATION, ATTESTED, "name", "format", "roster", "settings", "valid_from"]
    schema = dict.fromkeys(names, pl.String) | {ATTESTED: pl.Int64, "valid_from": pl.Int32}
    entries = pl.DataFrame([row], schema=schema, orient="row").select(entry_schema(SOURCE).names)
    appended = Appended("settings", "settings", received_us, received_us)
    says = {"received_at": written(moment_of(received_us)), "sha256": "", "tables": []}
    return ProposedRecord(record, appended, {SOURCE.name: entries}, says)


def _appended(record: Record, settings: SourceSettings, delivery: ToPreview, *, guessed: bool) -> _LookedAt:
    """Read a delivery and append it to the record in memory, as `load` does to the stored one."""
    context = delivery.context(settings)
    reading = read(settings.format, delivery.files, context)
    before = RowsOf(record, settings.name)
    compared = compare_delivery(before, reading, context, settings)
    entries = {name: table.entries for name, table in compared.items()}
    entries["refused_row"] = refused_rows(reading, compared, context)
    frames = [*reading.findings, *(finding for table in compared.values() for finding in table.findings)]
    found = numbered([*frames, *references(reading, before.standing, context)])
    received_us = microseconds(delivery.received_at)
    sha256 = hash_of(delivery.files, [file.sha256 for file in delivery.files])
    appended = Appended(settings.name, sha256[:16], received_us, received_us)
    says = {"received_at": written(delivery.received_at), "sha256": sha256, "tables": sorted(reading.rows)}
    counts = {
        name: sum(getattr(table, name) for table in compared.values())
        for name in ("accepted", "unchanged", "withdrawn")
    }
    read_one = PreviewedDelivery(
        name=delivery.name,
        format=settings.format,
        guessed=guessed,
        received_at=delivery.received_at,
        received=reading.received,
        quarantined=reading.quarantined + sum(table.quarantined for table in compared.values()),
        report=reading.report,
        **counts,
    )
    return _LookedAt(ProposedRecord(record, appended, entries, says), read_one, _findings(found))


def _findings(found: pl.DataFrame) -> list[Finding]:
    names = list(Finding.__dataclass_fields__)
    rows = [Finding(**row) for row in found.select(names).to_dicts()]
    return sorted(rows, key=lambda one: _ORDER[one.severity])
