"""Letters about visits, made up in the layout they have had since 2018: the days, the body and the inspectors stand in prose."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.formats import inspection_report
from lineofsight.vocabulary.refusal import Refused
from tests.support.pdf import pdf

CONTEXT = Context(datetime(2026, 6, 1, tzinfo=UTC), authority="926")
SENDER = [
    "Ofsted",
    "Piccadilly Gate",
    "Store Street",
    "Manchester",
    "M1 2WD",
    "T 0300 123 1231",
    "www.gov.uk/ofsted",
]
ADDRESSEE = [
    "15 November 2018",
    "Ada Example",
    "Director of Children’s Services",
    "County Hall",
    "Norwich",
    "NR1 2DH",
    "Dear Ada",
]
TITLE = ["Focused visit to Norfolk County Council children’s services"]
SUMMARY = [
    "This letter summarises the findings of a focused visit to Norfolk County Council",
    "children’s services on 30 and 31 October 2018. The inspectors were Bea Example, HMI,",
    "and Cyril Example-Jones, Her Majesty’s Inspector.",
    "Inspectors looked at the local authority’s arrangements for children in need.",
    "Overview",
    "Plans have improved.",
]
IMPROVE = [
    "What needs to improve in this area of social work practice",
    "• The allocation of children",
    "to social workers.",
    "• Supervision.",
    "Findings",
    "• Many children wait.",
]


def read(first: list[str], second: list[str] | None = None, context: Context = CONTEXT) -> Reading:
    pages = [first, second or IMPROVE]
    return inspection_report.read([NamedBytes("letter.pdf", pdf(pages))], context)


def rows(reading: Reading, table: str) -> list[dict[str, Any]]:
    return reading.rows[table].to_dicts() if table in reading.rows else []


def day(ordinal: int | None) -> str:
    return date.fromordinal(ordinal or 0).isoformat()


def test_a_letter_is_read_whole() -> None:
    found = read([*SENDER, *ADDRESSEE, *TITLE, *SUMMARY])
    (one,) = rows(found, "inspection")
    assert (one["id"], one["kind"], one["body"]) == (
        "focused-visit-2018-10-30",
        "focused visit",
        "Norfolk County Council",
    )
    assert (day(one["begun_on"]), day(one["ended_on"])) == ("2018-10-30", "2018-10-31")
    assert (day(one["published_on"]), one["published_by"]) == ("2018-11-15", "the report")
    assert (one["inspectors"], one["lead_inspector"]) == ("Bea Example; Cyril Example-Jones", None)
    assert one["theme"] == "Inspectors looked at the local authority’s arrangements for children in need."
    assert (one["without_overall"], one["unread"], one["listed"]) == ("nothing is graded", None, 2)
    assert [(row["says"], row["page"]) for row in rows(found, "weakness")] == [
        ("The allocation of children to social workers.", 2),
        ("Supervision.", 2),
    ]


def test_the_senders_address_in_the_margin_comes_between_no_words() -> None:
    """It stands at the foot of the first page in some letters, and an item goes on after it."""
    first = [*ADDRESSEE, *TITLE, *SUMMARY, *IMPROVE[:2], *SENDER]
    found = read(first, IMPROVE[2:])
    assert [row["says"] for row in rows(found, "weakness")] == [
        "The allocation of children to social workers.",
        "Supervision.",
    ]


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("on 30 and 31 October. The inspectors were Bea Example.", "2018-10-30", "2018-10-31"),
        ("on the 5 and 6 of November 2018. The inspectors were Bea Example.", "2018-11-05", "2018-11-06"),
        ("on 22–23 October 2018. The inspectors were Bea Example.", "2018-10-22", "2018-10-23"),
        (
            "between 6 and 8 November 2018. The visit was carried out by Bea Example.",
            "2018-11-06",
            "2018-11-08",
        ),
        ("on 1, 2 and 6 November 2018. The inspectors were Bea Example.", "2018-11-01", "2018-11-06"),
        ("on 24 October 2018, carried out by Bea Example, HMI.", "2018-10-24", "2018-10-24"),
        ("on 13 and 14 December. The inspectors were Bea Example.", "2017-12-13", "2017-12-14"),
    ],
)
def test_days_in_prose(words: str, first: str, last: str) -> None:
    """A year that is not printed is that of the letter, or the year before where the day would lie after the letter."""
    summary = ["This letter summarises the findings of a focused visit to Norfolk children’s services", words]
    (one,) = rows(read([*ADDRESSEE, *TITLE, *summary]), "inspection")
    assert (day(one["begun_on"]), day(one["ended_on"])) == (first, last)
    assert one["inspectors"] == "Bea Example"


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (
            "The inspectors were Bea Example and Di Example, two of Her Majesty’s inspectors.",
            "Bea Example; Di Example",
        ),
        (
            "His Majesty’s Inspectors for this visit were Bea Example and Di O’Example.",
            "Bea Example; Di O’Example",
        ),
        (
            "The visit was carried out by Her Majesty’s Inspector, Bea Example, and Her Majesty’s Inspector, Di Example.",
            "Bea Example; Di Example",
        ),
        (
            "Her Majesty’s Inspectors (HMI) for this visit were Bea Example, with Di Example, HMI designate.",
            "Bea Example; Di Example",
        ),
        (
            "The inspection was undertaken by Bea Example and Di Example, Her Majesty’s Inspectors.",
            "Bea Example; Di Example",
        ),
        (
            "The inspectors were Bea Example, HMI. Her Majesty’s Chief Inspector of Education, Children’s Services and Skills is leading work.",
            "Bea Example",
        ),
    ],
)
def test_inspectors_in_prose(words: str, names: str) -> None:
    summary = [
        "This letter summarises the findings of a focused visit to Norfolk children’s services on 30 October 2018.",
        words,
    ]
    (one,) = rows(read([*ADDRESSEE, *TITLE, *summary]), "inspection")
    assert one["inspectors"] == names and one["unread"] is None


@pytest.mark.parametrize(
    ("title", "visited", "body"),
    [
        (
            ["Focused visit to the London Borough of Barnet local authority children’s", "services"],
            "Barnet",
            "302",
        ),
        (["Focused visit to children’s services"], "Barnet", "302"),
        (["Focused visit to Slough Children First"], "Slough", "871"),
        (["Focused visit to Sandwell Children’s Trust"], "Sandwell Children’s Trust", "333"),
        (["Focused visit to Northamptonshire Children’s Trust"], "Northamptonshire Children’s Trust", "941"),
        (["Monitoring visit to Norfolk children’s services"], "Norfolk", "926"),
        (["Monitoring visit of Norfolk children’s services"], "Norfolk", "926"),
    ],
)
def test_whose_visit_it_is_however_the_letter_names_it(title: list[str], visited: str, body: str) -> None:
    """The title may lie over two lines, name nobody, or name the trust that runs the services."""
    summary = [
        f"This letter summarises the findings of the visit to {visited} children’s services on 30 October 2018.",
        "The inspectors were Bea Example, HMI.",
    ]
    pages = [*ADDRESSEE, *title, *summary]
    (one,) = rows(read(pages, context=Context(CONTEXT.received_at, authority=body)), "inspection")
    assert one["unread"] is None
    with pytest.raises(Refused, match="this delivery is of authority 928"):
        read(pages, context=Context(CONTEXT.received_at, authority="928"))


def test_priority_actions_of_a_letter_stand_under_their_own_heading() -> None:
    second = [
        "Areas for priority action",
        "The local authority needs to take swift and decisive action to address:",
        "• The children without a social worker.",
        "Areas for improvement:",
        "• Supervision.",
        "Main Findings",
        "• Many children wait.",
    ]
    found = rows(read([*ADDRESSEE, *TITLE, *SUMMARY], second), "weakness")
    assert [(row["section"], row["says"]) for row in found] == [
        ("Areas for priority action", "The children without a social worker."),
        ("Areas for improvement", "Supervision."),
    ]


def test_a_second_list_after_the_findings_is_not_lost() -> None:
    second = [*IMPROVE, "Areas for Improvement", "• Records.", "Yours sincerely", "• none"]
    found = rows(read([*ADDRESSEE, *TITLE, *SUMMARY], second), "weakness")
    assert [(row["section"], row["says"]) for row in found] == [
        (None, "The allocation of children to social workers."),
        (None, "Supervision."),
        ("Areas for improvement", "Records."),
    ]


def test_a_letter_without_a_list_lacks_nothing_and_says_not_that_there_is_none() -> None:
    (one,) = rows(
        read([*ADDRESSEE, *TITLE, *SUMMARY], ["Main findings", "• Children are safe."]), "inspection"
    )
    assert (one["unread"], one["listed"]) == (None, 0)


def test_a_letters_misprinted_day_is_not_taken() -> None:
    """Days a year apart are Ofsted's misprint; a letter dated before its visit is dated by its file's name."""
    summary = ["This letter summarises the findings of a focused visit to Norfolk children’s services on"]
    apart = [*summary, "24 October 2017 to 25 October 2018. The inspectors were Bea Example."]
    with pytest.raises(
        Refused, match="24 October 2017 to 25 October 2018 as its days of fieldwork, over half a year apart"
    ):
        read([*ADDRESSEE, *TITLE, *apart])
    later = [*summary, "18 and 19 December 2019. The inspectors were Bea Example."]
    content = pdf([[*ADDRESSEE, *TITLE, *later], IMPROVE])
    found = inspection_report.read([NamedBytes("visit - 21 january 2020.pdf", content)], CONTEXT)
    (one,) = rows(found, "inspection")
    assert (one["id"], day(one["published_on"]), one["published_by"]) == (
        "focused-visit-2019-12-18",
        "2020-01-21",
        "the file’s name",
    )


def test_the_day_printed_and_the_day_in_the_files_name_are_both_kept() -> None:
    content = pdf([[*ADDRESSEE, *TITLE, *SUMMARY], IMPROVE])
    found = inspection_report.read([NamedBytes("visit - 19 november 2018.pdf", content)], CONTEXT)
    (one,) = rows(found, "inspection")
    assert (day(one["published_on"]), one["published_by"]) == ("2018-11-15", "the report")
    assert day(one["published_in_name"]) == "2018-11-19"
    same = inspection_report.read([NamedBytes("visit - 15 november 2018.pdf", content)], CONTEXT)
    assert rows(same, "inspection")[0]["published_in_name"] is None
