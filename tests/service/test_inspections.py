"""Inspections through the ordinary door: reports, official tables, a person's reading, and findings that return."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.oversight.inspections import BY_HAND
from lineofsight.queries import inspections as read
from lineofsight.queries.record import View
from lineofsight.service.access.records import open_record
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.refusal import Refused
from tests.contracts.test_schemas import schema
from tests.service.homes import Home
from tests.support import answers
from tests.support.pdf import pdf

OUTCOMES = (
    "Local authority area code,Local authority name,Inspection date,Publication date,Inspection type,Overall effectiveness,"
    "The impact of leaders on social work practice with children and families,"
    "The experiences and progress of children who need help and protection,The experiences and progress of children in care,"
    "The experiences and progress of care leavers\n"
)


def report(body: str, days: str, items: list[str], *, leaders: str = "Good") -> bytes:
    first = [
        f"Inspection of {body} local authority children’s services",
        f"Inspection dates: {days}",
        "Lead inspector: Ada Example, His Majesty’s Inspector",
        "Judgement Grade",
        f"The impact of leaders on social work practice with children and families {leaders}",
        "The experiences and progress of children who need help and protection Good",
        "The experiences and progress of children in care and care leavers Good",
        "Overall effectiveness Good",
    ]
    return pdf(
        [
            first,
            [
                "What needs to improve?",
                *(f"• {item}" for item in items),
                "The experiences and progress of children",
            ],
        ]
    )


def load(
    content: bytes, name: str, authority: str = "926", source: str = "ofsted", at: str = ""
) -> recipe.Outcome:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else None
    return recipe.load(
        [NamedBytes(name, content)],
        name,
        authority_code(authority),
        source_name(source),
        received_at=moment,
        by="tests",
    )


def by_hand(said: dict[str, Any], authority: str = "926") -> recipe.Outcome:
    return load(json.dumps(said).encode(), "a.reading.json", authority, BY_HAND)


def view(day: str | None = None, known: str = "2100-01-01") -> View:
    return View(date.fromisoformat(day) if day else None, datetime.fromisoformat(known).replace(tzinfo=UTC))


def test_a_report_and_the_official_table_tell_of_one_inspection(home: Home) -> None:
    load(report("Norfolk", "7 to 18 November 2022", ["Neglect."], leaders="Good"), "report.pdf")
    table = f"{OUTCOMES}E10000020,Norfolk,2022-11-07,2023-01-13,ILACS Standard Inspection,Good,Outstanding,Good,Good,\n"
    recipe.set_source(
        b'name = "outcomes"\nauthority = "926"\nformat = "inspection_outcomes"\nroster = "partial"\n',
        by="tests",
    )
    load(table.encode(), "outcomes.csv", source="outcomes")
    (one,) = read.known(open_record("926"), view())
    assert (one.cells["kind"], one.published_on) == ("standard inspection", date(2023, 1, 13))
    leaders = next(judged for judged in one.judgements if judged.area == "impact of leaders")
    assert (leaders.grade, leaders.disputed) == ("good", True)
    schema("inspections").validate(answers.inspected("926", view()))


def test_a_report_known_only_from_its_receipt_is_not_known_before(home: Home) -> None:
    load(report("Norfolk", "7 to 18 November 2022", ["Neglect."]), "report.pdf", at="2023-02-01")
    assert read.known(open_record("926"), view(known="2023-01-31")) == []
    assert len(read.known(open_record("926"), view(known="2023-02-02"))) == 1
    assert read.known(open_record("926"), view("2022-11-06")) == []


def test_a_person_completes_a_reading_and_both_stay(home: Home) -> None:
    load(
        pdf([["Inspection of Norfolk children’s services", "Inspection dates: 7 to 18 November 2022"]]),
        "poor.pdf",
    )
    (poor,) = read.known(open_record("926"), view())
    assert "grade of impact of leaders" in poor.unread and poor.judgements == ()
    cells = {
        "id": poor.id,
        "kind": "full inspection",
        "framework": "ILACS 2018",
        "begun_on": "2022-11-07",
        "lead_inspector": "Ada Example",
    }
    by_hand(
        {
            "inspection": [cells],
            "judgement": [
                {
                    "inspection": poor.id,
                    "area": "impact of leaders",
                    "grade": "good",
                    "begun_on": "2022-11-07",
                }
            ],
        }
    )
    (one,) = read.known(open_record("926"), view())
    assert (
        one.unread == []
        and one.cells["lead_inspector"] == "Ada Example"
        and one.judgements[0].grade == "good"
    )
    assert {told.source for told in one.told} == {"ofsted", BY_HAND}


def test_a_successor_begins_with_its_own_and_its_findings_reach_back(home: Home) -> None:
    load(
        report("Northamptonshire", "17 to 28 June 2019", ["The timeliness of return home interviews."]),
        "county.pdf",
        "928",
    )
    load(
        report("North Northamptonshire", "3 to 14 October 2022", ["The take-up of return home interviews."]),
        "north.pdf",
        "940",
    )
    answer = answers.inspected("940", view())
    assert answer["follows"] == [{"code": "928", "name": "Northamptonshire"}]
    assert [one["id"] for one in answer["inspections"]] == ["ilacs-2022-10-03"]
    (offered,) = answers.returning("940", view()).offered
    assert offered.candidates[0].earlier.authority == "928" and offered.candidates[0].score > 0.3


def test_what_a_person_says_of_a_pair_makes_or_breaks_a_chain(home: Home) -> None:
    for n, days in enumerate(("4 to 15 March 2019", "3 to 14 June 2024"), 1):
        load(
            report("Norfolk", days, ["Return home interviews in time.", "Sufficiency of placements."]),
            f"{n}.pdf",
        )
    assert answers.returning("926", view()).chains == []
    pair = {
        "later": "926/ilacs-2024-06-03/1",
        "earlier": "926/ilacs-2019-03-04/1",
        "said_by": "dora",
        "said_on": "2024-09-01",
        "why": "the same practice",
    }
    by_hand({"returned": [{**pair, "verdict": "confirmed"}]})
    (chain,) = answers.returning("926", view()).chains
    assert (chain.times, chain.links[0].said_by) == (2, "dora")
    schema("recurrences").validate(answers.recurring("926", view()))
    by_hand({"returned": [{**pair, "verdict": "refused", "why": "looked at again: another group"}]})
    assert answers.returning("926", view()).chains == []


def test_the_same_words_to_two_councils_of_one_day_count_once(home: Home) -> None:
    from lineofsight.oversight.returning import CONFIRMED, Verdict, chains
    from lineofsight.oversight.similarity import Passage

    same = "Support for managers."
    found = [
        Passage("928/a/1", "928", "a", 100, same),
        Passage("940/b/1", "940", "b", 200, same),
        Passage("941/c/1", "941", "c", 200, same),
    ]
    (chain,) = chains(found, [Verdict("940/b/1", "928/a/1", CONFIRMED, "why", "dora", 300)])
    assert [one.reference for one in chain.passages] == ["928/a/1", "940/b/1", "941/c/1"] and chain.times == 2


def test_a_file_that_is_no_report_leaves_nothing_behind(home: Home) -> None:
    with pytest.raises(Refused, match="not a PDF"):
        load(b"<html>", "report.pdf")
    assert read.authorities(open_record("926")) == []
