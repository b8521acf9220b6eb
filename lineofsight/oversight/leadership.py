"""Posts and who held them, from the sources: tenures, departures, gaps, and claimed counts beside named people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.vocabulary.days import days_in_words, in_words, read_period

_HOLDING = ("in post", "appointed")
_LEAVING = ("left", "to leave")


@dataclass
class Tenure:
    """One person's time in one post, from every statement about it.

    `begun` and `ended` are the first and last day as far as the sources show (None: not stated). If a source
    gives only a month or a year, `begun` is its first day and `begun_by` its last, and `ended` is its last day
    and `ended_from` its first.
    `sure_begin` and `sure_end` say whether a source gives the exact day. `said_to_end` says whether a
    source gives an end at all. If not, `ended` is the last day that a source mentions; they may have stayed.
    """

    post: str
    holder: str | None
    terms: str = "not stated"
    begun: date | None = None
    ended: date | None = None
    sure_begin: bool = False
    sure_end: bool = False
    said_to_end: bool = False
    still_open: bool = False
    statements: list[Statement] = field(default_factory=list)
    leaving: list[Statement] = field(default_factory=list)
    begun_by: date | None = None
    ended_from: date | None = None

    @property
    def from_words(self) -> str:
        """When it began, in words no sharper than the source's."""
        return _edge_words(self.begun, self.begun, self.begun_by, sure=self.sure_begin)

    @property
    def until_words(self) -> str:
        """When it ended, in words no sharper than the source's, or when a source last mentions it."""
        if self.still_open:
            return "no end stated"
        words = _edge_words(self.ended, self.ended_from, self.ended, sure=self.sure_end)
        mentioned = self.ended and not self.said_to_end
        return f"not stated; last named {words}" if mentioned else words

    def covers(self, day: date) -> bool:
        """Whether, as far as the sources show, this tenure includes a day."""
        return self.begun is not None and self.begun <= day and (self.ended is None or day <= self.ended)


def posts(statements: Statements, known_on: date = date.max) -> dict[str, list[Tenure]]:
    """Each post's tenures and vacancies in order of their first day; posts in order of name.

    `known_on` is the day from which the statements are seen: an end after it is shown only if it
    had been announced. A person who wrote a statement years later may know when a tenure ended. Nobody
    knew it on that day.
    """
    events = [one for one in statements if one.subject_kind == "post" and one.event]
    names = sorted({one.subject for one in events})
    return {name: _tenures(name, [one for one in events if one.subject == name], known_on) for name in names}


def _tenures(post: str, events: Iterable[Statement], known_on: date) -> list[Tenure]:
    found: list[Tenure] = []
    latest: dict[tuple[str, object], Tenure] = {}
    for event in sorted(events, key=lambda one: (one.begun_on, one.reference)):
        tenure = latest.get(_of_one_time(event))
        if tenure is None or _came_back(tenure, event):
            tenure = latest[_of_one_time(event)] = Tenure(post, _holder(event))
            found.append(tenure)
        _gather(tenure, event)
    for tenure in found:
        _settle(tenure)
        _leave_open(tenure, known_on)
    _fill_vacancies(found)
    return sorted(found, key=lambda t: (t.begun or t.ended or date.max, t.holder or ""))


def _holder(statement: Statement) -> str | None:
    return None if statement.event == "vacant" else statement.holder or "not named"


def _of_one_time(statement: Statement) -> tuple[str, object]:
    """The key that statements of one tenure share: the holder, a vacancy's first day, or only itself if unnamed."""
    if statement.event == "vacant":
        return "vacant", statement.begun_on
    return ("holder", statement.holder) if statement.holder else ("not named", statement.reference)


def _came_back(tenure: Tenure, statement: Statement) -> bool:
    """Whether the same person holds the post again, over 60 days after leaving it. That is a new tenure."""
    left = [other.begun_on for other in tenure.leaving if other.event == "left"]
    return statement.event in _HOLDING and any(statement.begun_on - day > 60 for day in left)


def _gather(tenure: Tenure, statement: Statement) -> None:
    tenure.statements.append(statement)
    if statement.event in _LEAVING:
        tenure.leaving.append(statement)
    if statement.terms and statement.terms != "not stated":
        tenure.terms = statement.terms


def _settle(tenure: Tenure) -> None:
    """Work out a tenure's days: the earliest day a source names them in post, and the day they left."""
    holding = [one for one in tenure.statements if one.event not in _LEAVING]
    left = [one for one in tenure.leaving if one.event == "left"]
    if holding:
        first = min(holding, key=lambda one: one.begun_on)
        written = first.about_from or first.said_on
        tenure.begun, tenure.sure_begin = first.first_day, _one_day(written)
        tenure.begun_by = _last_of(written)
    if left:
        exact = [one for one in left if _one_day(one.about_from or one.said_on)]
        last = max(exact or left, key=lambda one: one.last_day or one.first_day)
        tenure.ended, tenure.sure_end = last.last_day or last.first_day, bool(exact)
        tenure.ended_from = last.first_day
        tenure.said_to_end = True
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
    tenure.said_to_end = bool(tenure.leaving) or _gives_an_end(last)
    tenure.ended_from = _first_of(last.about_to or last.about_from or last.said_on)


def _gives_an_end(statement: Statement) -> bool:
    """Whether a statement gives a length of time in post, and not only one day or one month."""
    return statement.event == "vacant" or statement.about_to not in (
        None,
        statement.about_from or statement.said_on,
    )


def _leave_open(tenure: Tenure, known_on: date) -> None:
    """Remove an end after `known_on`, unless somebody announced the leaving or the term was fixed."""
    ahead = tenure.ended is not None and tenure.ended > known_on
    if ahead and tenure.said_to_end and not tenure.leaving and tenure.terms != "fixed term":
        tenure.ended, tenure.sure_end, tenure.said_to_end, tenure.still_open = None, False, False, True
        tenure.ended_from = None


def _fill_vacancies(tenures: Iterable[Tenure]) -> None:
    """End a vacancy without a stated end when the next holder takes up the post."""
    begun = [(one.begun, one.sure_begin) for one in tenures if one.holder and one.begun]
    for vacancy in (one for one in tenures if one.holder is None and one.still_open and one.begun):
        later = [(day, sure) for day, sure in begun if vacancy.begun and day > vacancy.begun]
        if later:
            first, vacancy.sure_end = min(later)
            vacancy.ended, vacancy.still_open, vacancy.said_to_end = first - timedelta(1), False, True


def _one_day(written: str) -> bool:
    period = read_period(written)
    return bool(period and period.is_one_day)


def _edge_words(day: date | None, first: date | None, last: date | None, *, sure: bool) -> str:
    """A day in words if the source gives one, else the month or year it gives; `about` if it gives none of them."""
    if day is None:
        return "not stated"
    if sure:
        return in_words(day.isoformat())
    return days_in_words(first, last) if first and last else f"about {in_words(day.isoformat()[:7])}"


def _first_of(written: str) -> date | None:
    period = read_period(written)
    return period.first if period else None


def _last_of(written: str) -> date | None:
    period = read_period(written)
    return period.last if period else None


GOVERNMENT = "the government's commissioners"
_SENT = re.compile(r"\b(?:commissioners?|improvement partner)\b")
_OF_A_BODY = re.compile(r" of the (?!council\b)(.+)$")


def body_of(post: str) -> str:
    """The body a post belongs to, by the post's name: what follows `of the` or the comma; empty for the council itself.

    `director of children's services, North` belongs to North, and `chair of the children's trust` to the children's
    trust. Commissioners and improvement partners are the government's, whatever council they are sent to.
    """
    name, _, place = post.partition(", ")
    if _SENT.search(name):
        return GOVERNMENT
    found = _OF_A_BODY.search(name)
    return place or (found.group(1) if found else "")


def holding(tenures: Iterable[Tenure], day: date) -> list[Tenure]:
    """The tenures and vacancies that include a day, by the sources."""
    return [tenure for tenure in tenures if tenure.covers(day)]


def named_and_gone(tenures: Iterable[Tenure], first: date, last: date) -> list[str]:
    """The different people whom a source names as having left a post between two days.

    A person whom a source only mentions in the post on a day has not left it that day.
    """
    gone = (t for t in tenures if t.holder and t.holder != "not named" and t.said_to_end)
    return list(dict.fromkeys(str(t.holder) for t in gone if t.ended and first <= t.ended <= last))
