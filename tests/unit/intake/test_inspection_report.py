"""Inspection reports of every layout, made up: what is read, on which page, and what is said not to be."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.formats import inspection_outcomes, inspection_report
from lineofsight.intake.formats.pdf_text import Line, lines_of
from lineofsight.intake.formats.report_days import fieldwork
from lineofsight.intake.formats.report_layouts import SINGLE, Report, report_of
from lineofsight.intake.formats.report_weaknesses import Weakness, weaknesses_of
from lineofsight.vocabulary.authorities import authorities_named
from lineofsight.vocabulary.refusal import Refused
from tests.support.pdf import pdf

CONTEXT = Context(datetime(2026, 6, 1, tzinfo=UTC), authority="926")
ILACS_2023 = [
    ["Inspection of Norfolk local authority", "children’s services", "Inspection dates: 28 November to 9 December 2022",
     "Lead inspector: Ada Example, His Majesty’s Inspector", "Judgement Grade",
     "The impact of leaders on social work", "practice with children and families", "Good",
     "The experiences and progress of", "children who need help and protection", "Requires improvement to be good",
     "The experiences and progress of", "children in care", "Outstanding",
     "The experiences and progress of care", "leavers", "Inadequate", "Overall effectiveness Good",
     "Leaders were judged inadequate in the focused visit of 2018."],
    ["Inspection of Norfolk local authority children’s services", "28 November to 9 December 2022 2", "What needs to improve?", "1",
     "• The response to children who", "go missing. (Outcome three)", "• Pathway plans.",
     "The experiences and progress of children who need help and", "protection: requires improvement to be good", "1. Children wait."],
]  # fmt: skip
SIF = [
    ["1", "Norfolk County Council", "Re-inspection of services for children in need of help and", "protection, children looked after and care leavers",
     "Inspection date: 6 July 2015 – 30 July 2015", "Report published: 19 October 2015", "Children’s services in Norfolk require improvement to be good",
     "1. Children who need help and protection Good", "2. Children looked after and achieving", "permanence", "Inadequate",
     "2.1 Adoption performance Not judged", "2.2 Experiences and progress of care leavers Requires improvement",
     "3. Leadership, management and governance Outstanding"],
    ["2", "Contents", "Recommendations 4", "Summary for children and young people 5"],
    ["3", "The last inspection judged leadership, management and governance inadequate."],
    ["4", "Recommendations", "Immediately:", "1. Make sure that every child has a worker", "(paragraphs 4, 12).", "2. Improve the following:",
     "• visits to children seen in 5. May 2014", "• plans", "Within three months:", "3. Review caseloads."],
    ["5", "Summary for children and young people", "• Children said things."],
    ["6", "The Local Safeguarding Children Board (LSCB)", "The Local Safeguarding Children Board requires improvement",
     "Recommendations", "4. The board should listen.", "Lead inspector: Bea Example HMI"],
]  # fmt: skip


def read(pages: list[list[str]], name: str = "report.pdf", context: Context = CONTEXT) -> Reading:
    return inspection_report.read([NamedBytes(name, pdf(pages))], context)


def rows(reading: Reading, table: str) -> list[dict[str, Any]]:
    return reading.rows[table].to_dicts() if table in reading.rows else []


def codes(reading: Reading) -> list[str]:
    return pl.concat(reading.findings)["code"].to_list() if reading.findings else []


def grades(reading: Reading) -> dict[str, str]:
    return {row["area"]: row["grade"] for row in rows(reading, "judgement")}


def test_a_report_of_2023_is_read_whole() -> None:
    found = read(ILACS_2023)
    (one,) = rows(found, "inspection")
    assert (one["id"], one["framework"], one["body"]) == ("ilacs-2022-11-28", "ILACS 2018", "Norfolk")
    assert date.fromordinal(one["ended_on"]) == date(2022, 12, 9)
    assert (one["lead_inspector"], one["pages"], one["unread"]) == ("Ada Example", 2, None)
    assert grades(found) == {
        "overall effectiveness": "good",
        "impact of leaders": "good",
        "help and protection": "requires improvement",
        "in care": "outstanding",
        "care leavers": "inadequate",
    }
    weak = [(row["says"], row["page"], row["national_framework"]) for row in rows(found, "weakness")]
    assert weak == [
        ("The response to children who go missing.", 2, "Outcome three"),
        ("Pathway plans.", 2, None),
    ]
    assert codes(found) == ["I02"]
    assert found.received == 8 and found.quarantined == 0


def test_from_april_2026_there_is_no_overall_grade_and_none_is_made() -> None:
    pages = [
        [
            line.replace("28 November to 9 December 2022", "27 April to 1 May 2026")
            for line in ILACS_2023[0]
            if not line.startswith("Overall")
        ],
        ILACS_2023[1],
    ]
    found = read(pages)
    (one,) = rows(found, "inspection")
    assert one["framework"] == "ILACS 2026"
    assert one["without_overall"] == "not given under this framework" and one["unread"] is None
    assert "overall effectiveness" not in grades(found)


def test_a_re_inspection_under_the_single_framework_with_points_under_a_point() -> None:
    found = read(SIF)
    (one,) = rows(found, "inspection")
    assert (one["kind"], one["framework"], one["published_by"]) == (
        "re-inspection",
        "single inspection framework",
        "the report",
    )
    assert date.fromordinal(one["published_on"]) == date(2015, 10, 19)
    assert grades(found) == {
        "overall effectiveness": "requires improvement",
        "help and protection": "good",
        "looked after and permanence": "inadequate",
        "adoption": "not judged",
        "experiences of care leavers": "requires improvement",
        "leadership and governance": "outstanding",
        "safeguarding board": "requires improvement",
    }
    weak = [
        (row["number"], row["label"], row["within"], row["due"], row["says"])
        for row in rows(found, "weakness")
    ]
    assert weak == [
        (1, "1", None, "immediately", "Make sure that every child has a worker."),
        (2, "2", None, "immediately", "Improve the following:"),
        (3, "2, point 1", 2, "immediately", "visits to children seen in 5. May 2014"),
        (4, "2, point 2", 2, "immediately", "plans"),
        (5, "3", None, "within three months", "Review caseloads."),
    ]
    assert {row["page"] for row in rows(found, "weakness")} == {4}
    assert rows(found, "weakness")[0]["refers_to"] == "paragraphs 4, 12"


def test_a_name_that_ends_in_re_is_no_re_inspection() -> None:
    pages = [
        [
            "Gloucestershire",
            "Inspection of services for children in need of help and protection",
            "Inspection date: 8 July 2014",
        ]
    ]
    assert (
        rows(read(pages, context=Context(CONTEXT.received_at)), "inspection")[0]["kind"] == "full inspection"
    )


def test_the_layout_of_2013_keeps_adequate_and_what_is_due_when() -> None:
    pages = [
        [
            "Norfolk County Council",
            "Inspection of looked after children services",
            "Inspection dates: 8 July – 19 July 2013",
            "Overall effectiveness Inadequate",
            "Quality of provision Adequate",
            "Leadership and governance Inadequate",
        ],
        [
            "Areas for improvement",
            "Immediately:",
            "• every child has a plan",
            "Within six months:",
            "• more foster carers",
            "Service information",
        ],
    ]
    found = read(pages)
    assert rows(found, "inspection")[0]["framework"] == "looked-after 2013"
    assert grades(found) == {
        "overall effectiveness": "inadequate",
        "quality of provision": "adequate",
        "leadership and governance": "inadequate",
    }
    assert [(row["due"], row["says"]) for row in rows(found, "weakness")] == [
        ("immediately", "every child has a plan"),
        ("within six months", "more foster carers"),
    ]


def test_a_focused_visit_gives_no_grade_and_lacks_none() -> None:
    pages = [
        [
            "Focused visit to Norfolk local authority children’s services",
            "Inspection dates: 17 to 18 October 2018",
            "Lead inspector: Ada Example HMI",
            "What needs to improve in this area of social work practice",
            "• Allocation.",
            "Main findings",
        ]
    ]
    found = read(pages)
    (one,) = rows(found, "inspection")
    assert (one["id"], one["without_overall"], one["unread"]) == (
        "focused-visit-2018-10-17",
        "nothing is graded",
        None,
    )
    assert [row["says"] for row in rows(found, "weakness")] == ["Allocation."]


def test_what_cannot_be_read_is_told_and_the_rest_is_kept() -> None:
    found = read(
        [
            [
                "Inspection of Norfolk children’s services",
                "Inspection dates: 3 to 14 October 2022",
                "Nothing more.",
            ]
        ]
    )
    (one,) = rows(found, "inspection")
    assert one["unread"] == (
        "lead inspector; grade of overall effectiveness; grade of impact of leaders; grade of help and protection; "
        "grade of in care and care leavers; areas for improvement"
    )
    assert codes(found).count("I01") == 6 and one["listed"] == 0


def test_a_report_of_another_authority_is_not_taken() -> None:
    with pytest.raises(Refused, match=r"about Norfolk \(926\), and this delivery is of authority 928"):
        read(ILACS_2023, context=Context(CONTEXT.received_at, authority="928"))


def test_the_day_in_a_files_name_is_that_of_publication() -> None:
    found = read(ILACS_2023, "80418_norfolk - inspection - 13 january 2023.pdf")
    (one,) = rows(found, "inspection")
    assert date.fromordinal(one["published_on"]) == date(2023, 1, 13)
    assert one["published_by"] == "the file’s name" and codes(found) == []


@pytest.mark.parametrize(
    "content",
    [
        b"<html>not found</html>",
        b"",
        b"%PDF-1.7 cut off",
        pdf(ILACS_2023)[:900],
        pdf([["A poem"]]),
        pdf([[]]),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused, match=r"a\.pdf"):
        inspection_report.read([NamedBytes("a.pdf", content)], CONTEXT)


def test_among_several_the_unreadable_one_is_in_quarantine() -> None:
    found = inspection_report.read(
        [NamedBytes("a.pdf", b"<html>"), NamedBytes("b.pdf", pdf(ILACS_2023))], CONTEXT
    )
    assert (found.received, found.quarantined) == (9, 1)
    assert "I00" in codes(found)


def test_running_heads_and_page_numbers_are_no_words_of_an_item() -> None:
    pages = [
        [f"Inspection of Norfolk local authority children’s services {n}", "• one item", str(n)]
        for n in range(1, 7)
    ]
    lines = lines_of(NamedBytes("a.pdf", pdf(pages)))
    assert [line.text for line in lines] == [pages[0][0], *["• one item"] * 6]
    assert [line.page for line in lines] == [1, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("28 February to 4 March 2022", "2022-02-28", "2022-03-04"),
        ("8 July 2019 to 12 July 2019 and 7 August 2019 to 8 August 2019", "2019-07-08", "2019-08-08"),
        ("29 November – 10 December 2021", "2021-11-29", "2021-12-10"),
        ("12 December to 13 January 2017", "2016-12-12", "2017-01-13"),
        ("03/11/2014 - 26/11/2014", "2014-11-03", "2014-11-26"),
        ("10 to 1 9 June 2015", "2015-06-10", "2015-06-19"),
        ("28 July 2016", "2016-07-28", "2016-07-28"),
    ],
)
def test_days_of_fieldwork_as_they_are_printed(text: str, first: str, last: str) -> None:
    found = fieldwork(text)
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "soon", "31 February 2019", "2019"])
def test_days_that_are_none(text: str) -> None:
    assert fieldwork(text) is None


# -- a reading that a person wrote ----------------------------------------------------------------


def written(said: Any) -> Reading:
    return inspection_report.read([NamedBytes("x.reading.json", json.dumps(said).encode())], CONTEXT)


def test_a_reading_by_hand_is_checked_row_by_row() -> None:
    good = {"inspection": "ilacs-2022-11-07", "area": "In care", "grade": "good", "begun_on": "2022-11-07"}
    found = written(
        {
            "judgement": [
                good,
                {**good, "grade": "fair"},
                {**good, "area": ""},
                {**good, "page": "two"},
                {**good, "colour": "red"},
                7,
            ]
        }
    )
    assert (found.received, found.quarantined) == (6, 5)
    assert codes(found) == ["I10"] * 5
    assert rows(found, "judgement")[0]["area"] == "in care"


@pytest.mark.parametrize("said", [[], {"child": []}, {"judgement": {}}, "words"])
def test_a_reading_of_another_shape_is_refused(said: Any) -> None:
    with pytest.raises(Refused):
        written(said)


# -- the published files, where they lie beside the project ----------------------------------------

SHARED = Path(os.environ.get("LINEOFSIGHT_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data"
OUTCOMES = SHARED / "statistics" / "LA_Inspection_Outcomes_as_at_31_March_2025.ods"
REPORTS = {
    "norfolk-2015": ("926", 23), "norfolk-2018": ("926", 10), "norfolk-2023": ("926", 3), "derbyshire-2019": ("830", 5),
    "south-gloucestershire-2017": ("803", 22), "south-gloucestershire-2019": ("803", 13), "south-gloucestershire-2024": ("803", 4),
    "st-helens-2023": ("342", 5), "sunderland-2025": ("394", 3), "city-of-london-2016": ("201", 6),
    "north-northamptonshire-2022": ("940", 4), "west-northamptonshire-2022": ("941", 4),
}  # fmt: skip


@pytest.mark.skipif(not OUTCOMES.exists(), reason="the published reports do not lie beside the project")
@pytest.mark.parametrize("name", REPORTS)
def test_every_grade_of_a_published_report_is_that_of_the_official_table(name: str) -> None:
    code, items = REPORTS[name]
    context = Context(datetime(2025, 12, 1, tzinfo=UTC), authority=code)
    path = SHARED / "inspections" / f"{name}.pdf"
    found = inspection_report.read([NamedBytes(path.name, path.read_bytes())], context)
    (one,) = rows(found, "inspection")
    assert one["unread"] is None and one["lead_inspector"]
    assert len(rows(found, "weakness")) == items
    official = inspection_outcomes.read([NamedBytes(OUTCOMES.name, OUTCOMES.read_bytes())], context)
    theirs = {
        row["area"]: row["grade"] for row in rows(official, "judgement") if row["inspection"] == one["id"]
    }
    assert theirs == grades(found) or one["framework"] == "single inspection framework"
    assert len(grades(found)) >= 4


# -- layouts as they vary from report to report -----------------------------------------------------


def early_single(*points: str) -> list[list[str]]:
    """A report of the single framework's first year: its overall sentence, colons, and a list of contents."""
    return [
        [
            "Norfolk County Council",
            "Inspection of services for children in need of help and protection,",
            "children looked after and care leavers",
            "Inspection dates 19 Nov to 11 Dec 2013",
            "Lead inspectors:",
            "Ada O’Example HMI",
            "The overall judgement is requires improvement",
            "1. Children who need help and protection: Requires improvement",
            "2. Children looked after and achieving permanence: Good",
            "2.1 Adoption performance: Good",
            "2.2 Experiences and progress of care leavers: Inadequate",
            "3. Leadership, management and governance: Good",
            "The effectiveness of the Local Safeguarding Children Board (LSCB) is inadequate",
        ],
        ["Contents", "Recommendations", "7", "Summary for children and young people", "9"],
        list(points),
        ["Summary for children and young people", "• Children said things."],
    ]


def test_the_first_year_of_the_single_framework() -> None:
    found = read(early_single("Recommendations", "• Visit children."))
    (one,) = rows(found, "inspection")
    assert (one["id"], one["lead_inspector"], one["unread"]) == ("sif-2013-11-19", "Ada O’Example", None)
    assert grades(found) == {
        "overall effectiveness": "requires improvement",
        "help and protection": "requires improvement",
        "looked after and permanence": "good",
        "adoption": "good",
        "experiences of care leavers": "inadequate",
        "leadership and governance": "good",
        "safeguarding board": "inadequate",
    }
    assert [row["says"] for row in rows(found, "weakness")] == ["Visit children."]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (
            [
                "Priority and immediate action",
                "1. Allocate.",
                "2. Visit.",
                "Areas for improvement",
                "3. Plan.",
            ],
            [("1", "Allocate."), ("2", "Visit."), ("3", "Plan.")],
        ),
        (
            [
                "Priority and immediate action",
                "1. Allocate.",
                "Areas for improvement",
                "1. Plan.",
                "2.Write.",
            ],
            [("1", "Allocate."), ("1", "Plan."), ("2", "Write.")],
        ),
        (
            [
                "Areas for improvement",
                "1.",
                "Give children",
                "information about their rights, and tell the",
                "Local Safeguarding Children Board (LSCB) of it.",
                "2. Plan.",
            ],
            [
                (
                    "1",
                    "Give children information about their rights, and tell the Local Safeguarding Children Board (LSCB) of it.",
                ),
                ("2", "Plan."),
            ],
        ),
        (
            ["Areas for improvement", "\uf0d8 Plans, where there has been no improvement.", "● Visits."],
            [("1", "Plans, where there has been no improvement."), ("2", "Visits.")],
        ),
    ],
)
def test_recommendations_as_they_are_numbered(points: list[str], expected: list[tuple[str, str]]) -> None:
    assert [(one.label, one.says) for one in _single_items(points)] == expected


def _single_items(points: list[str]) -> tuple[Weakness, ...]:
    report = Report("full inspection", SINGLE, "Norfolk", "", date(2014, 1, 1), date(2014, 1, 2), None, "")
    lines = [Line(5, text) for text in (*points, "Summary for children and young people", "• none")]
    return weaknesses_of(report, lines).items


def test_a_focused_visits_priority_action_is_kept_apart_from_what_needs_to_improve() -> None:
    report = Report("focused visit", "ilacs", "Norfolk", "", date(2018, 10, 17), None, None, "")

    def items(*lines: str) -> list[tuple[str, str]]:
        found = weaknesses_of(report, [Line(1, line) for line in lines]).items
        return [(one.section, one.says) for one in found]

    bulleted = items(
        "Areas for priority action",
        "The authority needs to act on these:",
        "• Allocate every child.",
        "What needs to improve in this area of social work practice?",
        "• Supervision, and",
        "the impact of leaders on practice.",
        "Findings",
        "• Many children wait.",
    )
    assert bulleted == [
        ("Areas for priority action", "Allocate every child."),
        ("", "Supervision, and the impact of leaders on practice."),
    ]
    prose = items(
        "Area for priority action",
        "The authority needs to act",
        "at once.",
        "What needs to improve",
        "• Plans.",
    )
    assert prose == [("Area for priority action", "The authority needs to act at once."), ("", "Plans.")]
    assert items("Areas for priority action", "There are no areas for priority action.") == []


@pytest.mark.parametrize(
    "title",
    [
        ["Inspection of the Isle of Wight local authority", "children’s services"],
        ["Inspection of Isle of Wight children's social care services"],
        ["Isle of Wight Council", "Inspection of children’s social care services"],
        ["Focused visit to the Isle of Wight children’s services"],
    ],
)
def test_whose_report_it_is_however_the_title_names_it(title: list[str]) -> None:
    found = report_of([Line(1, text) for text in (*title, "Inspection date : 3 October 2022")])
    assert found is not None and found.begun_on == date(2022, 10, 3)
    assert [one.code for one in authorities_named(found.body)] == ["921"]


def test_a_sentence_about_a_lead_inspector_names_nobody() -> None:
    found = report_of(
        [Line(1, text) for text in (*ILACS_2023[0][:3], "Lead inspectors write to the council.")]
    )
    assert found is not None and found.lead_inspector == ""


def test_a_page_without_a_word_is_told_and_not_passed_over() -> None:
    found = read([*ILACS_2023, [], ["The end."]])
    (one,) = rows(found, "inspection")
    assert (one["pages"], one["unread"]) == (4, "page 3")
    assert "I01" in codes(found)


def test_a_report_of_days_to_come_is_refused() -> None:
    pages = [[line.replace("2022", "2090") for line in ILACS_2023[0]], ILACS_2023[1]]
    with pytest.raises(
        Refused, match="2090-11-28 as its first day of fieldwork, after it was received on 2026-06-01"
    ):
        read(pages)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (
            [
                (2, "1. Plans."),
                (2, "1 The areas for improvement have been"),
                (2, "cross-referenced."),
                (3, "2. Visits."),
            ],
            ["Plans.", "Visits."],
        ),
        (
            [(2, "1. Plans."), (2, "1"), (2, "The areas for improvement."), (3, "2. Visits.")],
            ["Plans.", "Visits."],
        ),
        (
            [(2, "1. Plans of MASE"), (2, "2"), (2, "and others."), (2, "2. Visits."), (2, "3")],
            ["Plans of MASE and others.", "Visits."],
        ),
        (
            [(2, "1. Visits to those aged"), (2, "16 and 17 in hostels."), (2, "2. Plans.")],
            ["Visits to those aged 16 and 17 in hostels.", "Plans."],
        ),
        ([(2, "1. Plans of"), (2, "12 Ensembles."), (3, "More.")], ["Plans of 12 Ensembles. More."]),
        ([(2, "1. Plans.1"), (2, "1 https://example.org/note"), (3, "2. Visits.")], ["Plans.1", "Visits."]),
    ],
)
def test_notes_at_a_pages_foot_are_no_words_of_an_item(
    points: list[tuple[int, str]], expected: list[str]
) -> None:
    report = Report("full inspection", SINGLE, "Norfolk", "", date(2014, 1, 1), date(2014, 1, 2), None, "")
    lines = [Line(2, "Recommendations"), *(Line(page, text) for page, text in points)]
    assert [one.says for one in weaknesses_of(report, lines).items] == expected


def test_the_layout_of_2014_to_2015_whose_paragraphs_number_on_from_what_must_improve() -> None:
    found = read(
        [
            [
                "Norfolk",
                "Inspection of services for children in need of help and",
                "protection, children looked after and care leavers",
                "and",
                "Review of the effectiveness of the Local Safeguarding Children",
                "Board1",
                "Inspection date: 3 March 2015 – 25 March 2015",
                "Report published: 13 May 2015",
                "The overall judgement is that children’s services require",
                "improvement",
                "1. Children who need help and protection",
                "Requires",
                "Improvement",
                "2. Children looked after and achieving",
                "permanence",
                "Good",
                "2.1 Adoption performance",
                "Outstanding",
                "2.2 Experiences and progress of care leavers",
                "Good",
                "3. Leadership, management and governance",
                "Good",
                "1",
            ],
            [
                "Contents",
                "What does the local authority need to improve?",
                "4",
                "The local authority’s strengths",
                "5",
                "The Local Safeguarding Children Board (LSCB)",
                "What does the LSCB need to improve?",
                "38",
            ],
            [
                "What does the local authority need to improve?",
                "Priority and immediate action",
                "1. Allocate every child.",
                "Areas for improvement",
                "2. Improve plans, so that the",
                "local authority’s strengths are built on.",
            ],
            [
                "The local authority’s strengths",
                "3. Workers know children.",
                "Progress since the last inspection",
                "4. Much has changed.",
            ],
            ["Lead inspector: Ada Example"],
            [
                "The Local Safeguarding Children Board (LSCB)",
                "The LSCB is good at listening.",
                "The LSCB requires improvement because",
                "What does the LSCB need to improve?",
                "Areas for improvement",
                "5. Meet more often.",
            ],
        ]
    )
    (one,) = rows(found, "inspection")
    assert one["unread"] is None
    assert grades(found) == {
        "overall effectiveness": "requires improvement",
        "help and protection": "requires improvement",
        "looked after and permanence": "good",
        "adoption": "outstanding",
        "experiences of care leavers": "good",
        "leadership and governance": "good",
        "safeguarding board": "requires improvement",
    }
    assert [(row["section"], row["says"]) for row in rows(found, "weakness")] == [
        ("Priority and immediate action", "Allocate every child."),
        ("Areas for improvement", "Improve plans, so that the local authority’s strengths are built on."),
    ]
