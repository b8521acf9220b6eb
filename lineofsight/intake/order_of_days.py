"""Columns whose days have the month first, as American programs write them: 12/31/2019.

Slashes are day first (counting rule 1). Where a column proves that its own are not, all of it is read with the month
first; no column is ever read in two orders.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from lineofsight.intake.finding import WARNING, file_finding

_PARTED = r"^(\s*['’]?)(\d{1,2})(\s?[/.\-]\s?)(\d{1,2})(\s?[/.\-]\s?(?:\d{4}|\d{2})(?:[T ,].*)?\s*)$"
_MAY_BE_A_DAY, _MAY_BE_A_MONTH = r"(?:1[3-9]|2\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_YEAR = r"\s?[/.\-]\s?(?:\d{4}|\d{2})(?:[T ,].*)?\s*$"
_DAY_FIRST = rf"^\s*['’]?{_MAY_BE_A_DAY}\s?[/.\-]\s?{_MAY_BE_A_MONTH}{_YEAR}"
_MONTH_FIRST = rf"^\s*['’]?{_MAY_BE_A_MONTH}\s?[/.\-]\s?{_MAY_BE_A_DAY}{_YEAR}"


def in_one_order(
    texts: pl.DataFrame, days: Iterable[str], file: str
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """One sheet's rows as written, with the day first in its columns of days, and a finding for each column changed.

    A column proves that the month is first where a cell can be read in no other way, and none the other way round. One
    that holds both is left as it is: what cannot have the day first is not read, and a finding says so.
    """
    findings: list[pl.DataFrame] = []
    for name in days:
        if name not in texts.columns:
            continue
        cells = texts[name]
        months = int(cells.str.contains(_MONTH_FIRST).sum() or 0)
        if not months:
            continue
        if first := int(cells.str.contains(_DAY_FIRST).sum() or 0):
            findings.append(_two_orders(file, name, first, months))
            continue
        texts = texts.with_columns(cells.str.replace(_PARTED, "${1}${4}${3}${2}${5}").alias(name))
        findings.append(_month_first(file, name, months))
    return texts, findings


def _month_first(file: str, name: str, months: int) -> pl.DataFrame:
    cells = "1 cell" if months == 1 else f"{months} cells"
    says = (
        f"The column read as {name.replace('_', ' ')} has the month before the day: {cells} can be read in no other way, and "
        "none has the day first. The whole column was read so."
    )
    return file_finding("D06", WARNING, file, says, "Export days as 2019-10-08.")


def _two_orders(file: str, name: str, first: int, months: int) -> pl.DataFrame:
    says = (
        f"The column read as {name.replace('_', ' ')} holds days in two orders: {first} can only have the day first, and "
        f"{months} only the month. It was read with the day first: what has the month first was not read, or read as another day."
    )
    return file_finding("D07", WARNING, file, says, "Export days as 2019-10-08.")
