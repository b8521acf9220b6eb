"""A record of statements without the service: deliveries read, compared, sealed and caught up, one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from lineofsight.engines.local import HistoryFiles, ReceivedBlock, collect, lazy
from lineofsight.intake.compare import Compared, compare
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.record import frames
from lineofsight.record.arrow import entry_schema
from lineofsight.record.block import pack, unpack
from lineofsight.record.tables.statement import STATEMENT
from lineofsight.vocabulary.moments import microseconds
from tests.support.builders import RECEIVED_AT, read


@dataclass(frozen=True)
class Delivered:
    """What became of one delivery."""

    reading: Reading
    compared: Compared

    @property
    def counts(self) -> dict[str, int]:
        """The counts that a delivery is answered with (counting rule 8)."""
        return {
            "received": self.reading.received,
            "accepted": self.compared.accepted,
            "unchanged": self.compared.unchanged,
            "quarantined": self.reading.quarantined + self.compared.quarantined,
            "withdrawn": self.compared.withdrawn,
        }


@dataclass
class ARecord:
    """Statements of several sources as history files in a folder."""

    folder: Path
    link: int = 0
    position: int = 1
    delivered: list[Delivered] = field(default_factory=list)

    def deliver(
        self, *files: NamedBytes, at: datetime | None = None, source: str = "record", full: bool = False
    ) -> Delivered:
        """Take in a delivery, received a day after the one before unless a moment is given."""
        self.link += 1
        received_at = at or RECEIVED_AT + timedelta(days=self.link)
        context = Context(received_at)
        reading = read(*files, context=context)
        held = self.history().filter(pl.col(frames.SOURCE) == source)
        found = compare(STATEMENT, reading, held, context, (lambda absent: absent) if full else None)
        self._append(found, source, received_at)
        self.delivered.append(Delivered(reading, found))
        return self.delivered[-1]

    def _append(self, found: Compared, source: str, received_at: datetime) -> None:
        entries = found.entries.to_arrow().cast(entry_schema(STATEMENT))
        body = unpack(pack(STATEMENT, entries).body)
        block = ReceivedBlock(self.link, source, self.position, microseconds(received_at), body)
        self._files.catch_up([block], self.link, str(self.link))
        self.position += found.entries.height

    @property
    def _files(self) -> HistoryFiles:
        return HistoryFiles(self.folder, STATEMENT)

    def history(self) -> pl.DataFrame:
        """Every version ever stated."""
        return self._files.rows()

    def known(self, moment: datetime, **how: Any) -> dict[str, str]:
        """What each statement says, by its id, as known by a moment."""
        rows = collect(frames.known(lazy(self.history()), microseconds(moment), **how))
        return dict(rows.select("id", "says").iter_rows())
