"""Deliveries and sources in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lineofsight.allocation.states import STATES
from lineofsight.intake.formats import formats
from lineofsight.intake.report import ColumnRead, FileRead, JoinRead
from lineofsight.queries import deliveries as read
from lineofsight.queries.changes import FigureChange
from lineofsight.queries.deliveries import DeliveryDetails, DeliveryRow, FilesGone, SignedBy
from lineofsight.queries.reading import Reading
from lineofsight.queries.sources import Source
from lineofsight.service.pages import tables
from lineofsight.service.pages.filters import local_time
from lineofsight.service.pages.service.labels import STATE_WORDS
from lineofsight.service.pages.service.table_words import heading, role
from lineofsight.service.pages.tables import Column, Table
from lineofsight.vocabulary.days import in_words

moment = local_time
_COLOURS = {
    read.IS_READ: "green",
    read.TO_READ: "blue",
    read.TO_CONFIRM: "yellow",
    read.NOTHING_TAKEN: "red",
    read.IS_SET_ASIDE: "grey",
}
_BEFORE_AND_AFTER: tuple[Column[dict[str, Any]], ...] = (
    Column("name", "Counted as"),
    Column("before", "Before", numeric=True),
    Column("after", "After", numeric=True),
)
_WITHDRAWALS: tuple[Column[dict[str, Any]], ...] = (
    Column("table", "Table"),
    Column("held", "Rows now", numeric=True),
    Column("would", "Rows it would remove", numeric=True),
    Column("share", "Share of the table"),
)
_COLUMNS_READ: tuple[Column[dict[str, Any]], ...] = (
    Column("name", "Column"),
    Column("how", "Outcome"),
    Column("heading", "Heading in the file"),
)
_COSTS: Column[dict[str, Any]] = Column("costs", "What is lost without it")
_JOINS: tuple[Column[dict[str, Any]], ...] = (
    Column("what", "Number"),
    Column("described_in", "Should also be in"),
    Column("rows", "Rows", numeric=True),
    Column("met", "Found there", numeric=True),
    Column("looks_like", "Usual pattern"),
    Column("expected", "Pattern expected"),
)
_COUNTED = (read.IS_READ, read.NOTHING_TAKEN)
"""Deliveries whose rows were counted: of any other a nought would be no count."""
_NUMBERS = ("received", "accepted", "unchanged", "quarantined", "withdrawn", "findings", "refusals")


def delivery(row: DeliveryRow) -> dict[str, Any]:
    """A delivery with its moments and counts as people read them."""
    cells = {**vars(row.delivery), **vars(row)}
    return {
        **cells,
        **{f"{name}_words": f"{cells[name]:,}" if row.state in _COUNTED else "–" for name in _NUMBERS},
        "colour": _COLOURS[row.state],
        "received": moment(row.delivery.received_at),
        "witnessed": moment(row.delivery.witnessed_at),
    }


def details(found: DeliveryDetails) -> dict[str, Any]:
    """The same with everything that the page of one delivery says."""
    total = sum(file.get("bytes", 0) for file in found.files)
    return {
        **delivery(found.row),
        **vars(found),
        "size": size(total) if total else "",
        "format_title": formats()[found.format].title if found.format in formats() else found.format,
        "set_aside_at": moment(found.set_aside.at) if found.set_aside else "",
        "files_gone": _files_gone(found.files_gone),
        "signed_by": _signed_by(found.row.delivery.signed_by),
    }


def _signed_by(signed: SignedBy | None) -> dict[str, Any] | None:
    return {**vars(signed), "made": moment(signed.made_at)} if signed else None


def _files_gone(gone: FilesGone | None) -> str:
    """When and why files are no longer stored, and what stays; empty where all are."""
    if gone is None:
        return ""
    if gone.policy_days is None:
        return f"Files deleted {moment(gone.at)}, because something in them was erased. The other rows and all fingerprints stay."
    policy = "the default policy"
    if gone.policy_from:
        policy = f"the policy in force from {in_words(gone.policy_from.isoformat())}"
    return (
        f"Files deleted {moment(gone.at)}: {policy} keeps files that name children for {gone.policy_days} days. "
        "The rows and the fingerprints stay."
    )


def figure_change(change: FigureChange | None) -> dict[str, Any] | None:
    """The figure before and after a delivery, a row for each state that either has; None where none is asked about."""
    if change is None:
        return None
    before, after = change.before, change.after
    states = [
        (STATE_WORDS[name][0], before.states[name], after.states[name])
        for name in STATES
        if before.states[name] or after.states[name]
    ]
    rows = [
        ("Children counted", before.population, after.population),
        ("Without an allocated worker", before.unallocated, after.unallocated),
        *states,
    ]
    return {
        "as_at": in_words(change.as_at.isoformat()),
        "children": f"{change.children:,}",
        "of": f"{before.population:,}",
        "percent": change.percent,
        "table": tables.plain(
            [{"name": name, "before": _known(then), "after": _known(now)} for name, then, now in rows],
            _BEFORE_AND_AFTER,
            caption=f"Children on {in_words(change.as_at.isoformat())}, before and after this delivery",
            label="Children before and after this delivery",
            shows_caption=True,
        ),
    }


def withdrawal(table: str, count: int, held: int) -> dict[str, Any]:
    """How many rows of a table a delivery would remove, of how many."""
    share = round(100 * count / held) if held else 0
    return {
        "table": words(table),
        "would": f"{count:,}",
        "held": f"{held:,}",
        "share": share,
        "percent": f"{share}%",
    }


def withdrawals_table(rows: list[dict[str, Any]]) -> Table[dict[str, Any]]:
    """The rows that a delivery would remove, table by table."""
    return tables.plain(rows, _WITHDRAWALS, caption="Rows this delivery would remove", shows_caption=True)


def _known(count: int | None) -> str:
    return "not known" if count is None else f"{count:,}"


def finding_columns(*, shows_keys: bool) -> list[Column[Any]]:
    """The columns of findings one by one; the key, which may hold a child's number, for those who may see it."""
    names = ["Severity", "File and row", "Table and column", "Key", "Issue", "What to do", "Code"]
    return [Column("", name) for name in names if name != "Key" or shows_keys]


def size(count: int) -> str:
    """Bytes as people say them: `1.2 MB`."""
    for unit, least in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} bytes"


def waited(since: datetime, now: datetime) -> str:
    """How long ago, roughly: `12 seconds`, `3 minutes`, `2 hours`, `5 days`."""
    return span(now - since)


def span(gone: timedelta) -> str:
    """A stretch of time in its largest unit."""
    seconds = max(0, int(gone.total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return f"{seconds // length:,} {unit}{'' if seconds // length == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def source(source: Source) -> dict[str, Any]:
    """A source with its settings in a sentence, and whether it is late."""
    said = source.settings
    full = said.get("roster") == "full"
    live = said.get("workers_are_live", True)
    parts = [
        "each delivery is a full list" if full else "each delivery holds only changes",
        *(
            ["it says who the allocated worker is" if live else "it never says who the allocated worker is"]
            if source.states_who_answers
            else []
        ),
        *(
            [f"roles that count as allocated: {', '.join(map(role, said['allocation']['roles_that_count']))}"]
            if said.get("allocation", {}).get("roles_that_count")
            else []
        ),
    ]
    return {
        "name": source.name,
        "format": formats()[source.format].title if source.format in formats() else source.format,
        "says": "; ".join(parts),
        "deliveries": f"{source.deliveries:,}",
        "last": moment(source.last_received) if source.last_received else "never",
        "expected": source.expected or "",
        "inferred": source.inferred,
        "late": span(source.late_by) if source.late_by else "",
        "due": moment(source.due) if source.due else "",
    }


# -- what was read ------------------------------------------------------------------------------------

_HOW = {"found": "Recognised", "guessed": "Guessed", "missing": "Missing"}
_TAGS = {"found": "green", "guessed": "yellow", "missing": "grey"}
_MOST_OPEN = 1
"""The columns of a file are shown without opening them where there are no more files than this."""


def reading(found: Reading) -> dict[str, Any]:
    """A reading report in words: what is missing first, then each file with its columns, then how tables meet."""
    counts = {name: f"{count:,}" for name, count in vars(found.outcomes).items()}
    return {
        "reported": found.reported,
        "counts": counts,
        "lacks": [
            {"file": file.file, "column": words(column.column), "costs": column.costs}
            for file in found.files
            for column in file.columns
            if column.how == "missing" and column.costs
        ],
        "files": [_file_read(file, is_open=len(found.files) <= _MOST_OPEN) for file in found.files],
        "numbers": len(found.joins),
        "lacking": _joins_table(
            [join for join in found.joins if join.met < join.rows], "Numbers that are not all found"
        ),
        "meeting": _joins_table(
            [join for join in found.joins if join.met >= join.rows], "Numbers that are all found"
        ),
    }


def _joins_table(joins: Sequence[JoinRead], caption: str) -> Table[dict[str, Any]]:
    return tables.plain([_join(join) for join in joins], _JOINS, caption=caption)


def _join(join: JoinRead) -> dict[str, Any]:
    return {
        **vars(join),
        "what": f"{words(join.column)} in {words(join.table)}",
        "described_in": words(join.described_in),
        "rows": f"{join.rows:,}",
        "met": f"{join.met:,}",
        "share": math.floor(100 * join.met / join.rows) if join.rows else 0,
        "differs": join.looks_like != join.expected and join.met < join.rows,
    }


def words(name: str) -> str:
    """A table's or column's name as people read it."""
    return name.replace("_", " ")


def _file_read(file: FileRead, *, is_open: bool) -> dict[str, Any]:
    how = [str(column.how) for column in file.columns]
    ordered = sorted(file.columns, key=lambda column: (column.costs is None, -list(_HOW).index(column.how)))
    rows = [_column_read(column) for column in ordered]
    has_costs = any(row["costs"] for row in rows)
    return {
        **vars(file),
        "read_as": words(file.read_as) if file.read_as else "",
        "delimiter": _DELIMITERS.get(file.delimiter or "", file.delimiter or ""),
        "rows": f"{file.rows:,} row{'' if file.rows == 1 else 's'}",
        "broken": f"{file.broken:,}" if file.broken else "",
        "left_out": f"{file.left_out:,}" if file.left_out else "",
        "columns_words": "columns: "
        + ", ".join(
            f"{count} {outcome.lower()}" for name, outcome in _HOW.items() if (count := how.count(name))
        ),
        "is_open": is_open,
        "has_costs": has_costs,
        "table": tables.plain(
            rows,
            [*_COLUMNS_READ, *([_COSTS] if has_costs else [])],
            caption=f"Columns of {file.file}",
        ),
    }


def _column_read(column: ColumnRead) -> dict[str, Any]:
    return {
        "name": heading(column.column),
        "heading": column.heading or "",
        "how": _HOW[column.how],
        "colour": "red" if column.costs and column.how == "missing" else _TAGS[column.how],
        "costs": column.costs or "",
    }


_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
