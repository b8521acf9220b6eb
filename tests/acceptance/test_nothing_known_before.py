"""Nothing in the public record is known before its day: no word, no end, no name, and nothing that a page shows.

The day on which each statement was public is read here from the files themselves, and not from the record, so that a
fault in one of them is not repeated in the other. Each rule is shown to find a fault that is put in on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from django.test import Client

from lineofsight.oversight import leadership, promises
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.queries import registers
from lineofsight.queries.as_json import to_json
from lineofsight.queries.record import View
from lineofsight.queries.statements import full_statement, statements
from lineofsight.record.tables.statement import RELATIONS
from lineofsight.service.access.records import open_record
from lineofsight.service.pages.public_record import overview
from lineofsight.service.receive.recipe import Outcome
from lineofsight.vocabulary.days import MONTHS, Period, read_period
from lineofsight.vocabulary.moments import known_then, london_day, moment_of

_MONTH = "|".join(MONTHS)
_YEARS_OF_MONEY = re.compile(r"\b(20\d\d)[-/](\d\d)\b(?![-\d])")
_MONEY_TO_COME = re.compile(r"\b(?:budget|contract sum|forecast|business plan)")
"""What is said of the financial year to come before it begins."""

_MONTHS_TO_COME = re.compile(r"\b(three|six|nine|twelve) months\b")
_MONTHS_COUNTED = {"three": 3, "six": 6, "nine": 9, "twelve": 12}
_DAY = re.compile(rf"\b(?:(\d{{1,2}}) )?({_MONTH}) ((?:19|20)\d\d)\b")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_NAME = re.compile(r"\b[A-Z][a-z]+(?:-[A-Z][a-z]+)? (?:Mac|Mc|O')?[A-Z][a-z]+(?:-[A-Z][a-z]+)?\b")
_NO_NAMES = re.compile(
    r"Council|Children|Northampton|Secretar|State|House|Education|Office|Ofsted|Post|Telegraph|Chronicle|Echo|Express|"
    r"Guardian|Mercury|Care|Community|Local|Government|Lords|Commons|Labour|Board|Trust|Department|Service|Reporting|"
    r"Authority|Association|Society|Finance|Public|Press|North|West|South|East|News|Now|Cllr|Councillor|Minister|"
    r"Sector|Executive|Voluntary|Liberal|Democrat|Commissioner|Committee|Scrutiny|England|This|Two|Safeguarding|Radio"
)


# -- what a statement names, and when it was public -------------------------------------------------


def public_day(one: Statement) -> date:
    """The day on which a statement was public: the one shown for it, or the more precise of said and published."""
    if one.known_from:
        return _last(one.known_from)
    said, published = read_period(one.said_on), read_period(one.source_date or "")
    assert said
    if published is None:
        return said.last
    for inner, outer in ((said, published), (published, said)):
        if outer.first <= inner.first and inner.last <= outer.last:
            return inner.last
    return max(said.last, published.last)


def _last(written: str | None) -> date:
    period = read_period(written) if written and written != "open" else None
    return period.last if period else date.min


def words(one: Statement) -> str:
    return " ".join(filter(None, (one.headline, one.says, one.definition, one.unit, one.terms, one.counter)))


def periods_named(text: str) -> Iterator[tuple[str, Period]]:
    """The days, months, years and financial years that a text names."""
    rest = text
    for found in _YEARS_OF_MONEY.finditer(text):
        year = int(found[1])
        if int(found[2]) == (year + 1) % 100:
            yield found[0], Period(date(year, 4, 1), date(year + 1, 3, 31))
            rest = rest.replace(found[0], " ")
    for found in _DAY.finditer(rest):
        month = f"{found[3]}-{MONTHS.index(found[2]) + 1:02}"
        yield found[0], _period(f"{month}-{int(found[1]):02}" if found[1] else month)
    for found in _YEAR.finditer(_DAY.sub(" ", rest)):
        yield found[0], _period(found[0])


def _period(written: str) -> Period:
    period = read_period(written)
    assert period, written
    return period


def names_a_later_day(one: Statement) -> list[str]:
    """Days in the words that come after the public day and that no day of the statement announces."""
    reached = max(public_day(one), *(_last(day) for day in (one.about_from, one.about_to, one.due_on)))
    budgeted = reached + timedelta(days=366) if _MONEY_TO_COME.search(words(one)) else reached
    return [
        named
        for named, period in periods_named(words(one))
        if period.first > (budgeted if _YEARS_OF_MONEY.fullmatch(named) else reached)
    ]


def runs_on_unannounced(one: Statement) -> list[str]:
    """The days it is about that come after the public day and that its words do not announce."""
    return [
        written
        for written in (one.about_from, one.about_to)
        if written
        and (period := read_period(written))
        and period.first > public_day(one)
        and not _announced(period, len(written), words(one))
        and not _counted_out(period, public_day(one), words(one))
        and _last(one.due_on) < period.first
    ]


def _announced(period: Period, length: int, text: str) -> bool:
    by_month = length > 4 and MONTHS[period.first.month - 1] in text
    return by_month or any(
        named.first <= period.last and period.first <= named.last for _, named in periods_named(text)
    )


def _counted_out(period: Period, public: date, text: str) -> bool:
    """Whether the words count the months from the public day to the period."""
    months = max((_MONTHS_COUNTED[each] for each in _MONTHS_TO_COME.findall(text)), default=0)
    return period.first <= public + timedelta(days=31 * months)


NAMED_HERE_FIRST = {
    ("inspector-sent-in", "Max Caller"): "the minister named the inspector whom he sent",
}
"""Names that a source gives before that person speaks or holds a post in this record, and what shows that it did."""


def people(every: Iterable[Statement]) -> dict[str, date]:
    """Everybody named as a holder, an author or somebody asked, with the first day on which they can be known.

    A holder is known from the first day in the post, though a source of later years tells of it; an author from the
    day on which the first words of theirs were public.
    """
    found: dict[str, date] = {}
    for one in every:
        first = min(public_day(one), one.first_day)
        for name in _names(one.holder or ""):
            found[name] = min(found.get(name, date.max), first)
        for name in _names(f"{one.said_by}; {one.asked_of or ''}"):
            found[name] = min(found.get(name, date.max), public_day(one))
    return found


def _names(text: str) -> list[str]:
    return [name for name in _NAME.findall(text) if not _NO_NAMES.search(name)]


def names_somebody_too_early(one: Statement, known: dict[str, date]) -> list[str]:
    """People whom the words name before they held a post or said anything."""
    text = words(one)
    early = [name for name, first in known.items() if name in text and public_day(one) < first]
    return [name for name in early if (one.id, name) not in NAMED_HERE_FIRST]


def faults(every: Iterable[Statement]) -> dict[str, list[str]]:
    """What each statement could not know, by its name."""
    all_of_them = list(every)
    known = people(all_of_them)
    found = {
        one.id: [
            *(f"names {named}" for named in names_a_later_day(one)),
            *(f"runs to {written}" for written in runs_on_unannounced(one)),
            *(f"knows {name}" for name in names_somebody_too_early(one, known)),
        ]
        for one in all_of_them
    }
    return {id: each for id, each in found.items() if each}


@pytest.fixture(scope="module")
def every(record: Outcome) -> list[Statement]:
    return statements(open_record("928"), View(None, known_then(date(2100, 1, 1)))).all


def test_no_statement_says_what_it_could_not_know(every: list[Statement]) -> None:
    assert len(every) > 700
    assert faults(every) == {}


@pytest.mark.parametrize(
    ("id", "changed", "fault"),
    [
        ("official-grades-june-2019", {"says": "It was graded in October 2026."}, "names October 2026"),
        ("letter-13", {"definition": "Not the count of 2021/22."}, "names 2021/22"),
        ("letter-2", {"says": "The budget was met in 2021-22."}, "names 2021-22"),
        ("letter-3", {"says": "Six months on.", "about_to": "2020-07"}, "runs to 2020-07"),
        ("letter-3", {"about_to": "2021-03-31"}, "runs to 2021-03-31"),
        ("county-liable-november-2018", {"about_to": "2020"}, "runs to 2020"),
        ("article-1", {"says": "Cathi Hadley had yet to come."}, "knows Cathi Hadley"),
        ("article-6", {"headline": "A role that Andrew Christie took"}, "knows Andrew Christie"),
    ],
)
def test_a_fault_put_in_is_found(
    id: str, changed: dict[str, str], fault: str, every: list[Statement]
) -> None:
    spoilt = [replace(one, **changed) if one.id == id else one for one in every]
    assert fault in faults(spoilt)[id]
    assert id not in faults(every)


def test_the_days_here_are_the_days_of_the_record(every: list[Statement]) -> None:
    """The record's own moments agree with the days read from the files, whatever became of either."""
    days = {one.id: (london_day(moment_of(one.attested_at)), public_day(one)) for one in every}
    assert {id: both for id, both in days.items() if both[0] != both[1]} == {}


# -- what pages show as known then ------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """The days from which statements, notes and names are known."""

    statements: dict[str, date]

    def too_early(self, answer: Any, day: date) -> list[str]:
        """Everything in an answer that came after a day: statements by name, and notes by their date."""
        return sorted(set(self._walk(answer, day + timedelta(days=1))))

    def _walk(self, answer: Any, last: date) -> Iterator[str]:
        if isinstance(answer, dict):
            if _last(answer.get("noted_on")) > last:
                yield f"note of {answer['noted_on']}"
            for value in answer.values():
                yield from self._walk(value, last)
        elif isinstance(answer, list):
            for value in answer:
                yield from self._walk(value, last)
        elif isinstance(answer, str):
            for id in re.findall(r"\bpublic-record/([a-z0-9][a-z0-9-]*[a-z0-9])", answer):
                if self.statements.get(id, date.min) > last:
                    yield id


@cache
def _known(*every: Statement) -> Known:
    return Known({one.id: public_day(one) for one in every})


def test_what_came_later_is_found_in_an_answer(every: list[Statement]) -> None:
    known = _known(*every)
    answer = {
        "borne_on_by": [{"reference": "928/public-record/promise-kept"}],
        "deep": [{"note": "Ours.", "noted_on": "2026-11-26"}],
        "fine": "928/public-record/article-1",
    }
    assert known.too_early(answer, date(2019, 10, 9)) == ["note of 2026-11-26", "promise-kept"]
    assert known.too_early(answer, date(2026, 11, 26)) == []


def test_on_no_day_a_register_or_a_statement_shows_what_came_later(every: list[Statement]) -> None:
    """Every day on which anything became public: the posts, the promises, and each statement's page that is new or told of."""
    record, known = open_record("928"), _known(*every)
    public = known.statements
    days = sorted(set(public.values()))
    assert len(days) > 150
    for day in days:
        view = View(day, known_then(day), public=True)
        among = statements(record, view)
        alone = Statements(one for one in every if public[one.id] <= day + timedelta(days=1))
        assert {one.id for one in among} == {one.id for one in alone}, day

        posts = registers.tenures(record, view)
        assert _ends(posts, day) == _ends(leadership.posts(alone, day), day), day
        assert _standings(among, day) == _standings(alone, day), day

        told = [each.reference for several in posts.values() for one in several for each in one.statements]
        new = [one for one in among if public[one.id] == day]
        told_of = [other for one in new for relation in RELATIONS for other in among.to(one, relation)]
        changed = {one.reference: one for one in [*new, *told_of]}.values()
        pages = [full_statement(record, one, among) for one in changed]
        assert known.too_early([*told, *map(to_json, pages)], day) == [], day


def _ends(posts: dict[str, list[leadership.Tenure]], day: date) -> dict[str, list[tuple[Any, ...]]]:
    begun = {
        post: [
            (one.holder, one.begun, one.ended, one.said_to_end)
            for one in tenures
            if (one.begun or one.ended or date.min) <= day
        ]
        for post, tenures in posts.items()
    }
    return {post: tenures for post, tenures in begun.items() if tenures}


def _standings(among: Statements, day: date) -> dict[str, tuple[str, list[str]]]:
    return {
        one.statement.id: (one.standing, [outcome.id for outcome in one.outcomes])
        for one in promises.promises(among, day)
    }


PAGES = (
    "/public-record/928/statements",
    "/public-record/928/registers/posts",
    "/public-record/928/registers/directions",
    "/public-record/928/registers/decisions",
    "/public-record/928/inspections",
    *(f"/public-record/928/{part.page}" for part in overview.PARTS if part.rests_on),
)


@pytest.mark.parametrize(
    "day",
    [
        "2018-08-24",
        *(
            pytest.param(day, marks=pytest.mark.slow)
            for day in ("2013-08-23", "2019-06-11", "2019-10-31", "2020-11-02")
        ),
    ],
)
def test_pages_as_known_then_show_nothing_later(day: str, every: list[Statement]) -> None:
    """The pages with their tables and files, and the page of every statement of the two documents."""
    known, on, asked = _known(*every), date.fromisoformat(day), f"as_at={day}&known=then"
    for address in ("/", *PAGES):
        answer = Client().get(f"{address}?{asked}&format=json").json()
        assert known.too_early(answer, on) == [], address
        for form in ("", "&format=csv"):
            page = Client().get(f"{address}?{asked}{form}")
            assert page.status_code == 200
            assert known.too_early(_text(page), on) == [], (address, form)
    for one in (one for one in every if one.document and public_day(one) <= on):
        answer = (
            Client().get(f"/public-record/928/statements/public-record/{one.id}?{asked}&format=json").json()
        )
        assert answer["statement"]["our_finding"] is None
        assert known.too_early(answer, on) == [], one.id


def _text(page: Any) -> str:
    content = page.getvalue() if page.streaming else page.content
    return str(content.decode("utf-8"))
