"""The questions on the first page of a public record, each with an answer of one line and the day it rests on.

Every answer is worked out from the statements known, so that on an earlier day it says what was known then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from lineofsight.oversight import duties, leadership, promises, recurrence, reviews, series
from lineofsight.oversight.leadership import Tenure
from lineofsight.oversight.series import Counted
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.wording import counted_words
from lineofsight.vocabulary.days import in_words

DIRECTOR = "director of children's services"
_YEAR = timedelta(days=365)
_NEAR_DAYS = 31
"""Counts whose days are this close are held beside each other."""


@dataclass(frozen=True)
class Card:
    """A question, its answer in one line, the day of the newest statement it rests on, and the page that shows it.

    `on` is a written day, month or year; None where no statement was found. `page` is the address under the
    authority's record.
    """

    question: str
    answer: str
    on: str | None
    page: str


def cards(statements: Statements, day: date, known_on: date) -> list[Card]:
    """The eight questions in their order. `known_on` is the day from which the statements are seen."""
    makers: tuple[Callable[[Statements, date], Card], ...] = (
        _unallocated,
        lambda among, on: _leaders(among, on, known_on),
        _inspected,
        _found_before,
        _kept,
        _answered,
        _published,
        _responsible,
    )
    return [make(statements, day) for make in makers]


def _card(question: str, answer: str, rests_on: list[Statement], page: str) -> Card:
    found = [statement for statement in rests_on if statement.kind != "not found"] or rests_on
    newest = max(found, key=lambda statement: statement.said_last, default=None)
    return Card(question, answer, newest.said_on if newest else None, page)


def _unallocated(among: Statements, day: date) -> Card:
    question, page = "How many children had no social worker?", "unallocated"
    counts = [c for c in series.figures(among, series.UNALLOCATED) if c.statement.first_day <= day]
    if not counts:
        return _card(question, "No published count was found.", [], page)
    latest = counts[-1]
    answer = f"{_counted(latest)}, {in_words(latest.statement.about_from or latest.statement.said_on)}."
    others = [c for c in counts[:-1] if _differs(c, latest)]
    if others:
        answer += f" For the same weeks: {'; '.join(_counted(c) for c in others[-2:])}."
    return _card(question, answer, [latest.statement, *(c.statement for c in others)], page)


def _differs(other: Counted, latest: Counted) -> bool:
    days = latest.statement.begun_on - other.statement.begun_on
    return days <= _NEAR_DAYS and other.number != latest.number


def _counted(counted: Counted) -> str:
    return counted_words(counted.statement)


def _leaders(among: Statements, day: date, known_on: date) -> Card:
    question, page = "Did the leaders stay?", "leaders"
    posts = leadership.posts(among, known_on)
    gone = [tenure for tenures in posts.values() for tenure in tenures if _left_lately(tenure, day)]
    gone.sort(key=lambda tenure: (tenure.post == DIRECTOR, tenure.ended or date.min))
    if not gone:
        return _card(question, "No departure was found in the year before this day.", [], page)
    last = gone[-1]
    others = f", and {len(gone) - 1} more in a year" if len(gone) > 1 else ""
    answer = f"No: {last.holder}, {last.post}, {_month_of(last, day)}{others}."
    return _card(question, answer, [told for tenure in gone for told in tenure.leaving], page)


def _month_of(tenure: Tenure, day: date) -> str:
    """The month in which somebody left; the months or the year where no source names one."""
    last = tenure.ended or day
    first = tenure.ended_from or last
    return in_words(last.isoformat()[:7]) if first >= last.replace(day=1) else tenure.until_words


def _left_lately(tenure: Tenure, day: date) -> bool:
    last = day + timedelta(days=_NEAR_DAYS)
    known = bool(tenure.holder and tenure.holder != "not named" and tenure.leaving)
    return known and tenure.ended is not None and day - _YEAR <= tenure.ended <= last


def _inspected(among: Statements, day: date) -> Card:
    question, page = "What did inspectors say last?", "inspections"
    grades = [
        statement
        for statement in among
        if statement.subject_kind == "inspection"
        and statement.unit == "grade"
        and statement.said_first <= day
    ]
    if not grades:
        return _card(question, "No grade was found.", [], page)
    subject = max(grades, key=lambda statement: (statement.begun_on, statement.said_last)).subject
    latest = [statement for statement in grades if statement.subject == subject]
    overall = [statement for statement in latest if "overall" in (statement.definition or "").lower()]
    stated = (overall or latest)[0]
    rest = Counter(str(statement.value) for statement in latest if statement is not stated)
    answer = f"{str(stated.value).capitalize()}{' overall' if overall else ''}: {subject}."
    areas = ", ".join(f"{count} {grade}" for grade, count in rest.items())
    return _card(question, f"{answer} By area: {areas}." if areas else answer, latest, page)


def _found_before(among: Statements, day: date) -> Card:
    question, page = "Was it found before?", "raised-again"
    grid = recurrence.recurrence(Statements(each for each in among if each.said_first <= day))
    if not grid.rows:
        return _card(question, "No inspection's weaknesses were found.", [], page)
    theme, cells = grid.rows[0]
    raised = [cell for cell in cells if cell.statements]
    answer = f"Yes: {theme} was found weak at {len(raised)} of {len(cells)} inspections and visits."
    if len(raised) == 1:
        answer = "No weakness was found at more than one inspection or visit."
    return _card(question, answer, [told for cell in raised for told in cell.statements], page)


def _kept(among: Statements, day: date) -> Card:
    question, page = "Were promises and orders kept?", "promises"
    made = promises.promises(among, day)
    if not made:
        return _card(question, "No promise was found.", [], page)
    told = ", ".join(f"{count} {words}" for words, count in promises.counted(made))
    return _card(question, f"Of {len(made)}: {told}.", [each.statement for each in made], page)


def _answered(among: Statements, day: date) -> Card:
    question, page = "Were requests and questions answered?", "requests"
    put = promises.asked(among, day)
    if not put:
        return _card(question, "No request was found.", [], page)
    without = sum(not each.answered for each in put)
    answer = (
        f"For {without} of {len(put)} no answer was found." if without else f"All {len(put)} have an answer."
    )
    return _card(question, answer, [each.statement for each in put], page)


def _published(among: Statements, day: date) -> Card:
    question, page = "Were the case reviews published?", "registers/reviews"
    found = reviews.reviews(among, day)
    if not found:
        return _card(question, "No review was found.", [], page)
    counts = Counter(_publication(review.publication) for review in found)
    answer = ", ".join(f"{count} {words}" for words, count in counts.most_common())
    return _card(question, f"Of {len(found)}: {answer}.", [s for r in found for s in r.statements], page)


def _publication(words: str) -> str:
    if words.startswith("withheld"):
        return "withheld"
    return "published" if words in ("published", "redacted") else words


def _responsible(among: Statements, day: date) -> Card:
    question, page = "Who was responsible?", "registers/duties"
    found = duties.on_day(among, day)
    holding = next((parts for parts in found.values() if any(parts.values())), None)
    if holding is None:
        return _card(question, "No source that was found says who.", [], page)
    statements = [held.statement for several in holding.values() for held in several]
    return _card(question, f"{'; '.join(_parts_of(holding))}.", statements, page)


_DOES = {duties.LIABLE: "answers for it", duties.COMMISSIONS: "commissions it", duties.OPERATES: "runs it"}


def _parts_of(holding: dict[str, list[duties.Held]]) -> list[str]:
    """Each body once, with everything it does: `the council answers for it and runs it`."""
    does: dict[str, list[str]] = {}
    for part, words in _DOES.items():
        for held in holding[part]:
            if words not in does.setdefault(held.body, []):
                does[held.body].append(words)
    return [f"{body} {' and '.join(words)}" for body, words in does.items()]
