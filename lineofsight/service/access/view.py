"""Reading the view that somebody asks for: as at which day, known by which moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from lineofsight.queries.record import View
from lineofsight.vocabulary.days import read_day
from lineofsight.vocabulary.moments import known_then, london_day, read_moment
from lineofsight.vocabulary.refusal import Refused


def day_said(text: str, what: str = "as at") -> date:
    """A day somebody gave, or a refusal."""
    day = read_day(text)
    if day is None or not date(1900, 1, 1) <= day <= date(2200, 1, 1):
        raise Refused(
            f"The day {what} is written 2019-10-09, from 1900 to 2200; {text[:40]!r} is not such a day."
        )
    return day


def view_asked(asked: Mapping[str, str], now: datetime, usual: date | None) -> View:
    """The view a page's address asks for: `as_at`, `known` (then or now), `known_by`, `witnessed`."""
    day = _day_asked(asked, usual)
    return View(day, _known_by(asked, day, now), asked.get("witnessed") in ("1", "on"))


def _day_asked(asked: Mapping[str, str], usual: date | None) -> date | None:
    parts = [asked.get(f"as_at_{part}", "").strip() for part in ("year", "month", "day")]
    if any(parts):
        year, month, day = parts
        return day_said(f"{year.zfill(4)}-{month.zfill(2)}-{day.zfill(2)}")
    text = asked.get("as_at", "").strip()
    return day_said(text) if text else usual


def _known_by(asked: Mapping[str, str], day: date | None, now: datetime) -> datetime:
    if text := asked.get("known_by", "").strip():
        return read_moment(text)
    known = asked.get("known", "now")
    if known not in ("then", "now"):
        raise Refused("Known is `then` or `now`.")
    return min(known_then(day), now) if known == "then" and day else now


def present() -> datetime:
    """The present moment, as pages ask for it."""
    return datetime.now(UTC)


def on_its_day(view: View) -> View:
    """The view with a day: the one asked for, else the London day of its moment, or today where that is to come."""
    return view if view.day else replace(view, day=london_day(min(view.known_by, present())))
