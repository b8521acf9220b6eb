"""The view every answer is given from: as at which day, known by which moment, resting on which of the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lineofsight.vocabulary.days import read_day
from lineofsight.vocabulary.moments import known_then, microseconds, read_moment, written
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class View:
    """What an answer depends on. `day` None asks of no day; `witnessed` counts only what was witnessed.

    `public` leaves out an authority's own work (its plan, its questions and gates), which is for those with a
    role there; pages that anybody may open are always so, unless who looks holds such a role.
    """

    day: date | None
    known_by: datetime
    witnessed: bool = False
    public: bool = False

    @property
    def moment(self) -> int:
        """The moment in microseconds."""
        return microseconds(self.known_by)

    @property
    def rests_on(self) -> str:
        """Which moment the answer rests on, in the word its figures carry."""
        return "witnessed" if self.witnessed else "attested"

    def as_json(self) -> dict[str, str | None]:
        """How every JSON answer begins."""
        day = self.day.isoformat() if self.day else None
        return {"as_at": day, "known_by": written(self.known_by), "rests_on": self.rests_on}


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
