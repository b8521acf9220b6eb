"""Days as case systems write them (counting rule 1): London days, day before month, and the days that mean nothing."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

import polars as pl

from lineofsight.vocabulary.moments import LONDON

_EPOCH = date(1970, 1, 1).toordinal()
_PLAIN = r"^\d{4}-\d{2}-\d{2}(?:[T ][0-9:.]*)?$"
_FIRST_THAT_MEANS = date(1900, 1, 2).toordinal()
_LAST_THAT_MEANS = date(2899, 12, 31).toordinal()
"""Systems write 1 January 1753, 30 December 1899, 1 January 1900, and the last days of 2999, 4712 or 9999 for no day."""
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(10_000, 109_576)
"""A spreadsheet's numbers of days, from 1927 to 2199: a number of four figures is rather a year."""
_MONTHS = {
    name: at
    for at, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.:,]\d+)?)?"
_TIME = rf"(?:[T ,]+(?:{_CLOCK}\s*(?:[AaPp]\.?[Mm]\.?)?|\d{{1,2}}\s*[AaPp][Mm])(?:\s+[A-Z][A-Za-z]+(?:/[A-Za-z_]+)?)?)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\s?[/.\-]\s?(\d{{1,2}})\s?[/.\-]\s?(\d{{4}}|\d{{2}}){_TIME}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})([/.\-])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_UNPARTED = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}})(?:\d{{4}}|\d{{6}}|{_TIME})")
_NAMED = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[ \-/.,]*([a-z]{{3,9}})\.?[ \-/,.]*(\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}([a-z]{{3,9}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}", re.IGNORECASE
)
_YEAR_NAMED = re.compile(rf"(\d{{4}})[ \-/]([a-z]{{3,9}})[ \-/](\d{{1,2}}){_TIME}", re.IGNORECASE)
_YEAR_LAST = re.compile(
    r"[A-Za-z]{3},?\s+([A-Za-z]{3})\s+(\d{1,2})\s+\d{2}:\d{2}:\d{2}(?:\.\d+)?\s+(?:(?:GMT|BST|UTC)\s+)?(\d{4})"
)
_WITH_ZONE = re.compile(r"(.+?)\s*([Zz]|[+-]\d{2}(?::?\d{2})?)")
_SERIAL = re.compile(r"(\d{5,6})(?:\.\d+)?")


def read_written_day(text: str) -> date | None:
    """The London day that a case system meant; None where it cannot be one."""
    text = text.strip().lstrip("'’")
    try:
        return _zoned(text) or _written(text)
    except ValueError:
        return None


def day_meant(text: str) -> date | None:
    """The day that a case system meant; None also where it is the first or last day that a computer knows."""
    day = read_written_day(text)
    return day if day and _FIRST_THAT_MEANS <= day.toordinal() <= _LAST_THAT_MEANS else None


def _zoned(text: str) -> date | None:
    """A moment with its distance from UTC, as the London day on which it falls."""
    found = _WITH_ZONE.fullmatch(text)
    clocks = re.findall(rf"(?<![\d-])({_CLOCK})\s*([AaPp])?", found[1]) if found else []
    day = _written(found[1].strip()) if found and clocks else None
    if found is None or day is None:
        return None
    moment = datetime.combine(day, _time_of(*clocks[-1]), timezone(_distance(found[2])))
    try:
        return moment.astimezone(LONDON).date()
    except OverflowError:
        return None


def _time_of(clock: str, half: str) -> time:
    """The time of day of `11.30.00.000000` and A or P, if either is given; fractions of a second are left out."""
    hour, minute, *_ = map(int, re.split(r"[:.,]", clock)[:2])
    if half:
        hour = hour % 12 + (12 if half in "Pp" else 0)
    return time(hour, minute)


def _distance(zone: str) -> timedelta:
    """How far a zone such as `Z`, `+01` or `-0430` lies from UTC."""
    if zone in "Zz":
        return timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    way = -1 if zone[0] == "-" else 1
    return way * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))


_NO_DAY = re.compile(r"0+|0{4}-00-00.*|00/00/0{2,4}.*|00/01/1900.*|1900-01-00.*|[ /.\-]+")
"""What databases and spreadsheets make of no day."""


def _written(text: str) -> date | None:
    if _NO_DAY.fullmatch(text):
        return date(1900, 1, 1)
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _UNPARTED.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return date(_year(found[3]), int(found[2]), int(found[1]))
    if found := _SERIAL.fullmatch(text):
        return _of_serial(int(found[1]))
    return _with_month_named(text)


def _with_month_named(text: str) -> date | None:
    if found := _NAMED.fullmatch(text):
        return date(_year(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    if found := _YEAR_NAMED.fullmatch(text):
        return date(int(found[1]), _month(found[2]), int(found[3]))
    if found := _YEAR_LAST.fullmatch(text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    return None


def _of_serial(number: int) -> date | None:
    """The day of a spreadsheet's number of days."""
    return _SERIAL_EPOCH + timedelta(days=number) if number in _SERIALS else None


def _year(text: str) -> int:
    """Two digits mean 1950 to 2049, as Oracle's RR does."""
    value = int(text)
    return value if len(text) == 4 else value + (1900 if value >= 50 else 2000)


def _month(text: str) -> int:
    month = _MONTHS.get(text[:3].lower())
    if month is None or not _MONTH_NAMES[month - 1].startswith(text.lower().removesuffix("t")):
        raise ValueError
    return month


_MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


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
    nothing = ((days < _FIRST_THAT_MEANS) | (days > _LAST_THAT_MEANS)).fill_null(False)
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


def written_early(written: pl.Series) -> pl.Series:
    """Of days that mean no day: those that are a computer's first. `1753`, `1899` or `1900` stands in such a text."""
    return written.str.contains(r"(?:^|\D)0?(?:1[5-9]\d\d|1900|00)(?:\D|$)").fill_null(False)
