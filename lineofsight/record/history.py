"""From entries to rows, one table at a time, in plain Python. Tests compare the frames with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lineofsight.record.entry import Entry, Operation, Value
from lineofsight.record.schema import Table
from lineofsight.vocabulary.moments import FOREVER


@dataclass(frozen=True)
class Span:
    """One version of a row and the half-open range of moments in which it is current."""

    entry: Entry
    attested_to: int
    witnessed_to: int

    def known(self, moment: int, *, witnessed: bool) -> bool:
        """Whether this version is current at the moment (inclusive), as attested or as witnessed."""
        if witnessed:
            return self.entry.witnessed_at <= moment < self.witnessed_to
        return self.entry.attested_at <= moment < self.attested_to


def row_key(table: Table, entry: Entry) -> tuple[Value, ...]:
    """What two entries about the same row share: the source and the table's key."""
    return (entry.source, *(entry.row[name] for name in table.key))


def spans(table: Table, entries: Iterable[Entry]) -> Iterator[Span]:
    """Every version ever stated, with the span in which it is current, grouped by key in order of position."""
    by_key: dict[tuple[Value, ...], list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.position):
        by_key.setdefault(row_key(table, entry), []).append(entry)
    for versions in by_key.values():
        yield from _spans_of_one(versions)


def _spans_of_one(versions: list[Entry]) -> Iterator[Span]:
    for entry, after in zip(versions, [*versions[1:], None], strict=True):
        if entry.operation is Operation.STATED:
            ends = (after.attested_at, after.witnessed_at) if after else (FOREVER, FOREVER)
            yield Span(entry, *ends)


def rows_known(
    table: Table, entries: Iterable[Entry], moment: int, *, witnessed: bool = False, day: int | None = None
) -> list[Mapping[str, Value]]:
    """The rows known by a moment and, if a day is given, in force on it (begin ≤ day < end)."""
    known = (span.entry.row for span in spans(table, entries) if span.known(moment, witnessed=witnessed))
    return [row for row in known if day is None or holds(table, row, day)]


def holds(table: Table, row: Mapping[str, Value], day: int) -> bool:
    """Whether a row is in force on a day, by its table's half-open range (counting rule 2)."""
    begun = row[table.begins] if table.begins else None
    ended = row[table.ends] if table.ends else None
    return (begun is None or int(begun) <= day) and (ended is None or day < int(ended))
