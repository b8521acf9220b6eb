"""Posts and who held them, as sources say: tenures, departures, gaps, and claimed counts beside named ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.vocabulary.days import read_period

_HOLDING = ("in post", "appointed")
_LEAVING = ("left", "to leave")


@dataclass
class Tenure:
    """One person's time in one post, gathered from every statement that speaks of it.

    `begun` and `ended` are the first and last day as far as sources say (None: they do not);
    `sure_begin` and `sure_end` say whether a source gives the very day.
    """

    post: str
    holder: str | None
    terms: str = "not stated"
    begun: date | None = None
    ended: date | None = None
    sure_begin: bool = False
    sure_end: bool = False
    still_open: bool = False
    statements: list[Statement] = field(default_factory=list)
    leaving: list[Statement] = field(default_factory=list)

    def covers(self, day: date) -> bool:
        """Whether, so far as sources say, the post was so held on a day."""
        return self.begun is not None and self.begun <= day and (self.ended is None or day <= self.ended)


def posts(statements: Statements) -> dict[str, list[Tenure]]:
    """Each post's tenures and vacancies, by the day they began; posts in the order of their names."""
    events = [one for one in statements if one.subject_kind == "post" and one.event]
    names = sorted({one.subject for one in events})
    return {name: _tenures(name, [one for one in events if one.subject == name]) for name in names}


def _tenures(post: str, events: Iterable[Statement]) -> list[Tenure]:
    by_holder: dict[str, Tenure] = {}
    for one in sorted(events, key=lambda one: (one.begun_on, one.reference)):
        key = "vacant" if one.event == "vacant" else one.holder or f"not named ({one.id})"
        tenure = by_holder.setdefault(_one_time(by_holder, key, one), Tenure(post, _holder(one)))
        _gather(tenure, one)
    for tenure in by_holder.values():
        _settle(tenure)
    return sorted(by_holder.values(), key=lambda t: (t.begun or t.ended or date.max, t.holder or ""))


def _holder(one: Statement) -> str | None:
    return None if one.event == "vacant" else one.holder or "not named"


def _one_time(so_far: dict[str, Tenure], key: str, one: Statement) -> str:
    """The same person in the same post after leaving it is another tenure; so is each vacancy."""
    if one.event == "vacant":
        return f"vacant from {one.begun_on}"
    tenure = so_far.get(key)
    left = [date.fromordinal(s.begun_on) for s in tenure.leaving if s.event == "left"] if tenure else []
    came_back = one.event in _HOLDING and any((one.first_day - day).days > 60 for day in left)
    return f"{key} again from {one.begun_on}" if came_back else key


def _gather(tenure: Tenure, one: Statement) -> None:
    tenure.statements.append(one)
    if one.event in _LEAVING:
        tenure.leaving.append(one)
    if one.terms and one.terms != "not stated":
        tenure.terms = one.terms


def _settle(tenure: Tenure) -> None:
    """Work out a tenure's days: the earliest day a source has them in post, and the day they left."""
    holding = [one for one in tenure.statements if one.event not in _LEAVING]
    left = [one for one in tenure.leaving if one.event == "left"]
    if holding:
        first = min(holding, key=lambda one: one.begun_on)
        tenure.begun, tenure.sure_begin = first.first_day, _one_day(first.about_from or first.said_on)
    if left:
        tenure.ended = max(one.last_day or one.first_day for one in left)
        tenure.sure_end = any(_one_day(one.about_from or one.said_on) for one in left)
    elif holding:
        _settle_end(tenure, holding)


def _settle_end(tenure: Tenure, holding: list[Statement]) -> None:
    lasts = [one.last_day for one in holding]
    if any(last is None for last in lasts):
        tenure.still_open = True
        return
    spans = [one for one in holding if one.last_day != one.first_day or one.event == "vacant"] or holding
    last = max(spans, key=lambda one: one.last_day or date.min)
    tenure.ended, tenure.sure_end = last.last_day, _one_day(last.about_to or "") and last.event != "appointed"


def _one_day(written: str) -> bool:
    period = read_period(written)
    return bool(period and period.is_one_day)


def holding(tenures: Iterable[Tenure], day: date) -> list[Tenure]:
    """The tenures and vacancies that sources put on a day."""
    return [tenure for tenure in tenures if tenure.covers(day)]


def named_between(tenures: Iterable[Tenure], first: date, last: date) -> list[str]:
    """The different people a source names as holding a post at any time between two days."""
    held = (t for t in tenures if t.holder and t.holder != "not named" and t.begun and t.begun <= last)
    return list(dict.fromkeys(str(t.holder) for t in held if t.ended is None or t.ended >= first))
