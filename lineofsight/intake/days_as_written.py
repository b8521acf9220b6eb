"""Days as case systems write them (counting rule 1): London days, day before month, and the days that mean nothing."""

from __future__ import annotations

import re
from datetime import date, datetime

import polars as pl

from lineofsight.vocabulary.moments import LONDON

_EPOCH = date(1970, 1, 1).toordinal()
_PLAIN = r"^\d{4}-\d{2}-\d{2}(?:[T ][0-9:.]*)?$"
_MEANS_NOTHING = (date(1900, 1, 1).toordinal(), date(9999, 12, 31).toordinal())
_MONTHS = {
    name: at
    for at, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.:]\d+)?)?\s*(?:[AaPp][Mm])?)?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}|\d{{2}}){_TIME}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[/.\-]?(\d{{2}})[/.\-]?(\d{{2}}){_TIME}")
_NAMED = re.compile(rf"(\d{{1,2}})[ \-/]([A-Za-z]{{3,9}})[ \-/,]+(\d{{4}}|\d{{2}}){_TIME}")
_MONTH_FIRST = re.compile(rf"([A-Za-z]{{3,9}})\s+(\d{{1,2}}),?\s+(\d{{4}}){_TIME}")


def read_written_day(text: str) -> date | None:
    """The London day that a case system meant; None where it cannot be one."""
    text = text.strip()
    try:
        return _zoned(text) or _written(text)
    except ValueError:
        return None


def _zoned(text: str) -> date | None:
    """A moment with its zone, as the London day on which it falls."""
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", text) or not re.search(r"(?:[Zz]|[+-]\d{2}:?\d{2})$", text):
        return None
    fraction = re.sub(r"(\.\d{6})\d+", r"\1", text.replace("z", "Z"))
    try:
        moment = datetime.fromisoformat(fraction.replace(" +", "+").replace(" Z", "Z"))
        return moment.astimezone(LONDON).date()
    except OverflowError:
        return None


def _written(text: str) -> date | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return date(_year(found[3]), int(found[2]), int(found[1]))
    if found := _NAMED.fullmatch(text):
        return date(_year(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    return None


def _year(text: str) -> int:
    """Two digits mean 1950 to 2049, as Oracle's RR does."""
    value = int(text)
    return value if len(text) == 4 else value + (1900 if value >= 50 else 2000)


def _month(text: str) -> int:
    month = _MONTHS.get(text[:3].lower())
    if month is None:
        raise ValueError
    return month


def days_of(written: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """For each text its day (Int32 ordinal), whether it could not be read, and whether it means no day.

    Nothing is null throughout. What is written as ISO is read by the engine; other texts once each.
    """
    plain = written.str.contains(_PLAIN)
    iso = pl.when(plain).then(written.str.slice(0, 10))
    frame = pl.DataFrame({"text": written, "plain": plain}).with_columns(
        iso.alias("iso").str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).add(_EPOCH).alias("day")
    )
    days = frame["day"]
    others = frame.filter(~pl.col("plain").fill_null(True))["text"].unique().to_list()
    if others:
        days = pl.select(pl.coalesce(days, _tabulated(written, others))).to_series()
    nothing = days.is_in(_MEANS_NOTHING).fill_null(False)
    unread = days.is_null() & written.is_not_null()
    return days.set(nothing, None) if nothing.any() else days, unread, nothing


def _tabulated(written: pl.Series, texts: list[str]) -> pl.Series:
    read = [read_written_day(text) for text in texts]
    return written.replace_strict(
        pl.Series(texts, dtype=pl.String),
        pl.Series([day.toordinal() if day else None for day in read], dtype=pl.Int32),
        default=None,
        return_dtype=pl.Int32,
    )
