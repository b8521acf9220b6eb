"""From what was received to what is to be appended: read, compared, counted. Nothing here writes."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from lineofsight.intake.compare import Compared, compare
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import REFUSED, WARNING, file_finding, numbered
from lineofsight.intake.formats import formats, recognised
from lineofsight.intake.formats import source as source_format
from lineofsight.intake.formats.annex_spans import WINDOW_DAYS, continued, ending
from lineofsight.intake.links import links_to_nothing
from lineofsight.intake.references import references
from lineofsight.intake.settings import SourceSettings, plain_statements
from lineofsight.intake.withdrawals import absent_files, withdrawn
from lineofsight.record import block, frames
from lineofsight.record.arrow import ATTESTED, OPERATION, entry_schema
from lineofsight.record.entry import Operation
from lineofsight.record.tables import TABLES
from lineofsight.service.store import blobs, chain, clock, picture
from lineofsight.vocabulary.identifiers import AuthorityCode, DeliveryId, SourceName
from lineofsight.vocabulary.moments import FOREVER, london_day, written

DESCRIBED = SourceName("described-by-hand")
"""The source under which settings of sources are themselves delivered."""


_MOST_WITHDRAWN = 100


_MOST_WITHDRAWN_PERCENT = 20


@dataclass(frozen=True)
class Received:
    """A delivery at the door: whose it is, its files, their hashes, and the moment and names that go with it."""

    authority: AuthorityCode
    source: SourceName
    format: str
    name: str
    files: Sequence[NamedBytes]
    hashes: Sequence[str]
    received_at: datetime
    backfilled: bool
    by: str

    @property
    def sha256(self) -> str:
        """The hash of its one file; of several, that of their manifest (counting rule 18)."""
        return self.hashes[0] if len(self.hashes) == 1 else hashlib.sha256(self._manifest()).hexdigest()

    def _manifest(self) -> bytes:
        return blobs.manifest_of(self.files, self.hashes)

    @property
    def id(self) -> DeliveryId:
        """The delivery's own id: the same bytes of the same source at the same moment are the same delivery."""
        named = "|".join((self.authority, self.source, self.sha256, written(self.received_at)))
        return DeliveryId(hashlib.sha256(named.encode()).hexdigest()[:16])

    def contents(self) -> dict[str, NamedBytes]:
        """What is to be kept, by its hash: each file, and of several files their manifest."""
        manifest = {self.sha256: NamedBytes("", self._manifest())} if len(self.files) > 1 else {}
        return manifest | dict(zip(self.hashes, self.files, strict=True))

    def says(self) -> dict[str, Any]:
        """What the chain says of it from the moment it is acknowledged."""
        files = [
            {"name": file.name, "sha256": hash} for hash, file in zip(self.hashes, self.files, strict=True)
        ]
        manifest = [{"name": "", "sha256": self.sha256}] if len(self.files) > 1 else []
        return {
            "format": self.format,
            "name": self.name,
            "sha256": self.sha256,
            "kept": manifest + files,
            "received_at": written(self.received_at),
            "backfilled": self.backfilled,
        }


def settings_of(authority: AuthorityCode, source: SourceName, on: date | None = None) -> SourceSettings:
    """What is known of a source as it delivers on a day (today); undescribed, it is taken to deliver statements."""
    if source == DESCRIBED:
        return SourceSettings(source, authority, "source", "partial", None, "{}")
    rows = picture.history(authority, "source")
    said = rows.filter((pl.col("name") == source) & (pl.col(frames.WITNESSED_TO) == FOREVER)).sort(
        frames.POSITION
    )
    if not said.height:
        return plain_statements(authority, source)
    valid = said.filter(pl.col("valid_from").fill_null(0) <= (on or london_day(clock.now())).toordinal())
    chosen = valid.sort(pl.col("valid_from").fill_null(0), frames.POSITION) if valid.height else said
    return source_format.settings_from(chosen.to_dicts()[-1], authority)


def format_of(settings: SourceSettings, files: Sequence[NamedBytes]) -> str:
    """The format a delivery is read by: a source that nobody described is told by what its files are."""
    if settings != plain_statements(settings.authority, settings.name):
        return settings.format
    return recognised(files) or settings.format


def _settings(received: Received) -> SourceSettings:
    return settings_of(received.authority, received.source, london_day(received.received_at))


def context_of(received: Received) -> Context:
    settings = _settings(received)
    return Context(
        received.received_at,
        settings.ends_inclusive,
        settings.columns,
        received.authority,
        settings.workers_named,
    )


def new_link(
    kind: str, received: Received, says: dict[str, Any], blocks: dict[str, block.Block] | None = None
) -> chain.NewLink:
    return chain.NewLink(kind, received.authority, received.source, received.id, says, blocks or {})


def appending(
    received: Received, reading: Reading, context: Context, confirmed_by: str | None, why: str = ""
) -> chain.NewLink:
    settings = _settings(received)
    compared = {name: _compared(received, reading, name, context, settings) for name in reading.rows}
    too_many = {
        name: one.withdrawn for name, one in compared.items() if _withdraws_too_many(received, name, one)
    }
    if too_many and confirmed_by is None:
        return holding_back(received, context, too_many)
    findings = numbered([*reading.findings, *(f for one in compared.values() for f in one.findings),
                         *_lost_links(received, reading), *_absent_files(received, reading),
                         *references(reading, functools.partial(_held, received), context)])  # fmt: skip
    entries = {name: one.entries for name, one in compared.items()} | {
        "finding": finding_entries(findings, context)
    }
    says = {
        **received.says(),
        "counts": counts_of(reading, compared, findings),
        "tables": sorted(reading.rows),
    }
    if too_many:
        says["withdrawals_confirmed_by"] = confirmed_by
        says |= {"withdrawals_confirmed_why": why} if why else {}
    return new_link(chain.READ, received, says, packed(entries))


def packed(entries: dict[str, pl.DataFrame]) -> dict[str, block.Block]:
    filled = [(name, frame) for name, frame in sorted(entries.items()) if frame.height]
    with ThreadPoolExecutor(max_workers=2) as two:  # Arrow and the hashes let go of the interpreter
        packed = two.map(lambda one: _pack(*one), filled)
        return {name: made for (name, _), made in zip(filled, packed, strict=True)}


def _pack(name: str, frame: pl.DataFrame) -> block.Block:
    schema = entry_schema(TABLES[name])
    return block.pack(TABLES[name], frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema))


def _withdraws_too_many(received: Received, name: str, compared: Compared) -> bool:
    """Whether a delivery would withdraw more than 20 % and more than 100 rows of a table (counting rule 6)."""
    if compared.withdrawn <= _MOST_WITHDRAWN:
        return False
    held = _history(received, name).filter(pl.col(frames.WITNESSED_TO) == FOREVER).height
    return compared.withdrawn * 100 > held * _MOST_WITHDRAWN_PERCENT


def holding_back(received: Received, context: Context, too_many: dict[str, int]) -> chain.NewLink:
    """The link that says that a delivery waits for a named person's word, and in a finding why."""
    do = (
        "If that is right, load it again with --confirm-withdrawals --by NAME. "
        "Otherwise have the source corrected."
    )
    why = [
        file_finding(
            "W01",
            WARNING,
            received.name,
            f"This delivery would withdraw {count} rows of {table}, so nothing in it has been loaded yet.",
            do,
        )
        for table, count in sorted(too_many.items())
    ]
    blocks = packed({"finding": finding_entries(numbered(why), context)})
    return new_link(
        chain.AWAITING_CONFIRMATION, received, {"sha256": received.sha256, "withdraws": too_many}, blocks
    )


def _lost_links(received: Received, reading: Reading) -> list[pl.DataFrame]:
    if "statement" not in reading.rows:
        return []
    history = picture.history(received.authority, "statement")
    return links_to_nothing(received.source, reading.rows["statement"], history)


def _compared(
    received: Received, reading: Reading, name: str, context: Context, settings: SourceSettings
) -> Compared:
    if formats()[settings.format].holds_until_next:
        return _compared_workbook(received, reading, name, context, settings)
    gone = functools.partial(
        withdrawn, TABLES[name], window_start=settings.window_start, held=functools.partial(_held, received)
    )
    return compare(
        TABLES[name], reading, _history(received, name), context, gone if settings.withdraws else None
    )


def _compared_workbook(
    received: Received, reading: Reading, name: str, context: Context, settings: SourceSettings
) -> Compared:
    """A workbook's table compared: who answers goes on or ends with it; of the rest, lists look back six months."""
    day, history = context.received_on, _history(received, name)
    if name == "involvement":
        held = _held(received, name)
        rows = continued(reading.rows[name], held)
        reading = replace(
            reading,
            rows={**reading.rows, name: rows},
            present={**reading.present, name: [rows.select(TABLES[name].key)]},
        )
        gone = functools.partial(ending, lists=reading.lists)
        return compare(TABLES[name], reading, history, context, gone, ended_on=day.toordinal())
    since = settings.window_start or day - timedelta(days=WINDOW_DAYS)
    leaves = functools.partial(
        withdrawn, TABLES[name], window_start=since, held=functools.partial(_held, received)
    )
    return compare(TABLES[name], reading, history, context, leaves if settings.withdraws else None)


def _held(received: Received, name: str) -> pl.DataFrame:
    """The rows of a table that this source has stated and not withdrawn."""
    return _history(received, name).filter(pl.col(frames.WITNESSED_TO) == FOREVER)


def _absent_files(received: Received, reading: Reading) -> list[pl.DataFrame]:
    """A finding for each table that this source has delivered before and of which no file came."""
    if not formats()[received.format].file_a_table:
        return []
    return said_absent(received, absent_files(reading.rows, _tables_before(received)))


def said_absent(received: Received, names: Sequence[str]) -> list[pl.DataFrame]:
    return [
        file_finding(
            "F07",
            WARNING,
            received.name,
            f"The delivery has no file of {name.replace('_', ' ')} rows. What was known before still stands.",
            "Load the whole extract.",
        )
        for name in names
    ]


def _tables_before(received: Received) -> set[str]:
    named = set[str]()
    for link in chain.links(chain.READ, received.authority, received.source):
        named |= set(chain.body_of(link).get("tables", []))
    return named


def _history(received: Received, name: str) -> pl.DataFrame:
    """Every version of a table's rows that this source ever stated."""
    return picture.history(received.authority, name).filter(pl.col(frames.SOURCE) == received.source)


def finding_entries(findings: pl.DataFrame, context: Context) -> pl.DataFrame:
    return findings.with_columns(
        pl.lit(Operation.STATED.value).alias(OPERATION), pl.lit(context.received_us, pl.Int64).alias(ATTESTED)
    ).select(entry_schema(TABLES["finding"]).names)


def counts_of(reading: Reading, compared: dict[str, Compared], findings: pl.DataFrame) -> dict[str, int]:
    """received = accepted + unchanged + quarantined, or this fault of ours stops the delivery (rule 8)."""
    counts = {
        "received": reading.received,
        "accepted": sum(one.accepted for one in compared.values()),
        "unchanged": sum(one.unchanged for one in compared.values()),
        "quarantined": reading.quarantined + sum(one.quarantined for one in compared.values()),
        "withdrawn": sum(one.withdrawn for one in compared.values()),
        "findings": findings.height,
        "refusals": findings.filter(pl.col("severity") == REFUSED).height,
    }
    if counts["received"] != counts["accepted"] + counts["unchanged"] + counts["quarantined"]:
        raise ArithmeticError(f"{counts} do not add up; nothing was appended")
    return counts
