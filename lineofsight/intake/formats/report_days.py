"""Days of fieldwork as reports print them: ranges, two parts, one day, over a New Year, with digits apart."""

from __future__ import annotations

import re
from datetime import date

from lineofsight.vocabulary.days import MONTHS

_MONTH = "|".join(
    f"{month[:3]}(?:{month[3:]}|t)?" if month == "September" else f"{month[:3]}(?:{month[3:]})?"
    for month in MONTHS
)
"""A month's name, or its first letters."""
_NUMERIC = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_WORDED = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s*(?:({_MONTH})\b\s*)?(\d{{4}})?(?!\d)", re.IGNORECASE)


def fieldwork(text: str) -> tuple[date, date] | None:
    """The first and last day of a printed range; None where no day can be read in it.

    A day takes the month and the year it lacks from the next that has them; of two years, the earlier
    stands with months after the other's (December to January).
    """
    numeric = [_day(int(y), int(m), int(d)) for d, m, y in _NUMERIC.findall(text)]
    found = [day for day in numeric if day] or _worded(_joined(text))
    return (min(found), max(found)) if found else None


def one_day(text: str) -> date | None:
    """The first day printed in a text."""
    found = fieldwork(text)
    return found[0] if found else None


def _joined(text: str) -> str:
    """`1 9 June` is the 19th, where the first of two lone digits is no day followed by `to` or a dash."""
    return re.sub(rf"\b([123]) (\d) (?=(?:{_MONTH})\b)", r"\1\2 ", text)


def _worded(text: str) -> list[date]:
    parts = [(int(day), month, year) for day, month, year in _WORDED.findall(text)]
    found: list[date] = []
    month, year = 0, 0
    for day, named, said in reversed(parts):
        after = month
        month = _number(named) or month
        year = int(said) if said else year - 1 if year and after and month > after else year
        if month and year and (one := _day(year, month, day)):
            found.append(one)
    return found


def _number(name: str) -> int:
    names = [month[:3].lower() for month in MONTHS]
    return names.index(name[:3].lower()) + 1 if name else 0


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 2000 <= year <= 2100 else None
    except ValueError:
        return None
