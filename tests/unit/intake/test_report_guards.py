"""What a report's framework requires is read or told unread; what cannot be right is not taken; who it is about is never guessed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.formats import inspection_report
from lineofsight.intake.formats.pdf_text import Line
from lineofsight.intake.formats.report_layouts import SINGLE, Report
from lineofsight.intake.formats.report_tags import without_tags
from lineofsight.intake.formats.report_weaknesses import Weaknesses, weaknesses_of
from lineofsight.vocabulary.refusal import Refused
from tests.support.pdf import pdf

CONTEXT = Context(datetime(2026, 6, 1, tzinfo=UTC), authority="926")
TABLE = [
    "Judgement Grade",
    "The impact of leaders on social work",
    "practice with children and families",
    "Good",
    "The experiences and progress of",
    "children who need help and protection",
    "Good",
    "The experiences and progress of",
    "children in care",
    "Good",
    "The experiences and progress of care",
    "leavers",
    "Inadequate",
    "Overall effectiveness Good",
]
HEAD = [
    "Inspection of Norfolk local authority",
    "children’s services",
    "Inspection dates: 2 to 13 June 2025",
    "Lead inspector: Ada Example, His Majesty’s Inspector",
]
IMPROVE = ["What needs to improve?", "• Plans.", "The experiences and progress of children who need help and", "protection: good"]  # fmt: skip


def read(pages: list[list[str]], context: Context = CONTEXT) -> Reading:
    return inspection_report.read([NamedBytes("report.pdf", pdf(pages))], context)


def rows(reading: Reading, table: str) -> list[dict[str, Any]]:
    return reading.rows[table].to_dicts() if table in reading.rows else []


def unread(reading: Reading) -> str | None:
    (one,) = rows(reading, "inspection")
    return str(one["unread"]) if one["unread"] else None


def messages(reading: Reading) -> str:
    return " ".join(pl.concat(reading.findings)["says"]) if reading.findings else ""


# -- grades ---------------------------------------------------------------------------------------


def test_the_table_of_2025_that_says_children_care_leavers() -> None:
    table = [line.replace("progress of care", "progress of children care") for line in TABLE]
    grades = {row["area"]: row["grade"] for row in rows(read([HEAD + table, IMPROVE]), "judgement")}
    assert grades["care leavers"] == "inadequate" and len(grades) == 5


@pytest.mark.parametrize(
    ("lost", "area"),
    [
        (slice(1, 4), "impact of leaders"),
        (slice(4, 7), "help and protection"),
        (slice(7, 10), "in care"),
        (slice(10, 13), "care leavers"),
        (slice(13, 14), "overall effectiveness"),
    ],
)
def test_every_area_that_the_framework_requires_is_told_where_it_is_not_read(lost: slice, area: str) -> None:
    table = list(TABLE)
    del table[lost]
    found = read([HEAD + table, IMPROVE[:3]])
    assert unread(found) == f"grade of {area}"
    assert f"The report's grade of {area} could not be read." in messages(found)


def test_a_grade_that_a_heading_contradicts_is_not_taken() -> None:
    found = read([HEAD + TABLE, [*IMPROVE[:3], "protection: outstanding"]])
    assert unread(found) == "grade of help and protection"
    assert "help and protection" not in {row["area"] for row in rows(found, "judgement")}
    assert "the report gives it twice, and differently" in messages(found)


def test_the_grades_of_2013_stand_on_the_last_page() -> None:
    pages = [
        [
            "Inspection of looked after children",
            "services",
            "Norfolk County Council",
            "Inspection dates: 8 – 12 July 2013",
            "Reporting inspector Ada Example HMI",
            "Age group: All",
            "Published: 16 August 2013",
        ],
        [
            "Areas for improvement",
            "22. In order to improve the quality of provision, the local authority should take",
            "the following action.",
            "Immediately:",
            "• improve supervision",
            "Within three months:",
            "• improve plans.",
            "Outcomes for looked after children and young",
            "people",
            "Grade 3 (Adequate)",
            "23. Outcomes have improved.",
        ],
        [
            "Record of main findings",
            "Services for looked after children",
            "Overall effectiveness Inadequate",
            "Capacity to improve Adequate",
            "Outcomes for looked after children and",
            "young people",
            "Adequate",
            "Quality of provision Inadequate",
            "Leadership and management Good",
        ],
    ]
    found = read(pages)
    (one,) = rows(found, "inspection")
    assert (one["body"], one["lead_inspector"], one["unread"]) == (
        "Norfolk County Council",
        "Ada Example",
        None,
    )
    assert date.fromordinal(one["published_on"]) == date(2013, 8, 16)
    assert {row["area"]: row["grade"] for row in rows(found, "judgement")} == {
        "overall effectiveness": "inadequate",
        "capacity to improve": "adequate",
        "outcomes": "adequate",
        "quality of provision": "inadequate",
        "leadership and governance": "good",
    }
    assert [(row["due"], row["says"]) for row in rows(found, "weakness")] == [
        ("immediately", "improve supervision"),
        ("within three months", "improve plans."),
    ]


def test_a_board_that_the_title_names_has_a_grade_or_is_told() -> None:
    first = [
        "Norfolk County Council",
        "Inspection of services for children in need of help and",
        "protection, children looked after and care leavers",
        "and",
        "Review of the effectiveness of the Local Safeguarding Children",
        "Board1",
        "Inspection date: 3 March 2015 – 25 March 2015",
        "Children’s services in Norfolk require improvement to be good",
    ]
    assert "grade of safeguarding board" in str(unread(read([first])))


# -- what must improve ----------------------------------------------------------------------------


def weak(*texts: str, family: str = SINGLE, page: int = 5) -> Weaknesses:
    report = Report("full inspection", family, "Norfolk", "", date(2014, 1, 1), date(2014, 1, 2), None, "")
    end = ["Summary for children and young people"] if family == SINGLE else ["Main findings"]
    return weaknesses_of(report, [Line(page, text) for text in (*texts, *end, "• Children said things.")])


def test_numbers_that_run_on_from_the_paragraphs_before() -> None:
    found = weak(
        "17. Outcomes are improving.",
        "Priority and immediate action",
        "18. There are no areas for priority or immediate action.",
        "Areas for improvement",
        "19. Ensure that plans",
        "are clear.",
        "20. Ensure that visits are made.",
    )
    assert [(one.number, one.label, one.says) for one in found.items] == [
        (1, "19", "Ensure that plans are clear."),
        (2, "20", "Ensure that visits are made."),
    ]
    assert found.none_stated and not found.unread


@pytest.mark.parametrize(
    "sentence",
    [
        "The inspection did not find any areas for priority and immediate action.",
        "There are no priority or immediate actions.",
        "There are no areas for priority action.",
    ],
)
def test_a_sentence_that_says_none_fills_its_heading(sentence: str) -> None:
    found = weak("Priority and immediate action", sentence, "Areas for improvement", "1. Plan.")
    assert [one.says for one in found.items] == ["Plan."] and not found.unread
    alone = weak("What needs to improve?", sentence, family="ilacs")
    assert alone.items == () and alone.none_stated and not alone.unread


def test_an_item_that_speaks_of_no_improvement_is_an_item() -> None:
    assert (
        len(weak("Areas for improvement", "1. Plans where there has been no improvement in a year.").items)
        == 1
    )


@pytest.mark.parametrize(
    "following",
    [
        "Experiences and progress of children who need help and protection: good",
        "Impact of leaders on social work practice with children and families: good",
        "Main Findings",
        "Yours sincerely",
    ],
)
def test_the_next_heading_ends_the_list_however_it_is_written(following: str) -> None:
    found = weak("What needs to improve?", "• Plans.", following, "• Leaders visit.", family="ilacs")
    assert [one.says for one in found.items] == ["Plans."]


@pytest.mark.parametrize(
    "following",
    ["The Local Authority’s strengths", "The local authority has the following strengths:", "Summary for Children and young people"],
)  # fmt: skip
def test_strengths_are_nothing_to_improve(following: str) -> None:
    found = weak("Areas for improvement", "1. Plan.", following, "2. Workers know children.")
    assert [one.says for one in found.items] == ["Plan."]


def test_a_heading_inside_a_list_is_no_part_of_the_item_before() -> None:
    found = weak(
        "Areas for improvement",
        "Leadership, management and governance",
        "1. Extend the approach.",
        "Care leavers",
        "2. Improve pathway plans, and so on for",
        "Care leavers",
        "3. Write to children.",
    )
    assert [(one.section, one.says) for one in found.items] == [
        ("Areas for improvement: Leadership, management and governance", "Extend the approach."),
        ("Areas for improvement: Care leavers", "Improve pathway plans, and so on for Care leavers"),
        ("Areas for improvement: Care leavers", "Write to children."),
    ]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["What needs to improve?", "Practice varies a little."], "nothing that begins an item stands under its heading"),
        (["What needs to improve?"], "nothing that begins an item stands under its heading"),
        (["Nothing of the kind."], "the report has no heading under which it could stand"),
        (["What needs to improve?", *["• Plans."] * 41], "41 items were found"),
        (["What needs to improve?", "• Plans.", *["and so on and on and on and on."] * 40], "one item has 1,28"),
        (["Areas for improvement", "Practice varies.", "What needs to improve", "• Plans."], "under the heading ‘Areas for improvement’"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_right_is_not_taken(lines: list[str], why: str) -> None:
    found = weak(*lines, family="ilacs")
    assert found.items == () and not found.none_stated and why in found.unread


def test_an_item_that_goes_on_over_pages_is_not_taken() -> None:
    report = Report("full inspection", "ilacs", "Norfolk", "", date(2024, 1, 1), None, None, "")
    lines = [Line(2, "What needs to improve?"), Line(2, "• Plans"), Line(3, "that go on"), Line(4, "and on.")]
    assert "several pages" in weaknesses_of(report, lines).unread
    assert not weaknesses_of(report, lines[:3]).unread


def test_forty_items_are_a_list() -> None:
    assert len(weak("What needs to improve?", *["• Plans."] * 40, family="ilacs").items) == 40


@pytest.mark.parametrize(
    ("words", "says", "tags"),
    [
        ("Plans. (Outcome three)", "Plans.", ["Outcome three"]),
        ("Plans (Outcome 3, National Framework).", "Plans.", ["Outcome three"]),
        ("Plans. (National Framework, enabler 2)", "Plans.", ["Enabler two"]),
        ("Plans [ Outcome 4, national framework].", "Plans.", ["Outcome four"]),
        ("Plans. Enabler three: National Framework.", "Plans.", ["Enabler three"]),
        ("Plans. (Outcome 3 National Social Care Framework)", "Plans.", ["Outcome three"]),
        ("Plans (outcome 1 and enabler 2)", "Plans", ["Outcome 1 and enabler 2"]),
        ("Plans (enabler: the workforce is equipped, national framework).", "Plans.", ["Enabler: the workforce is equipped"]),
        ("The outcome of plans (and their number).", "The outcome of plans (and their number).", []),
    ],
)  # fmt: skip
def test_tags_of_the_national_framework_are_no_words_of_an_item(
    words: str, says: str, tags: list[str]
) -> None:
    assert without_tags(words)[0] == says
    if tags != ["Outcome 1 and enabler 2"]:
        assert without_tags(words)[1] == tags


# -- who a report is about ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "code"),
    [
        (["City of Bradford Metropolitan District", "Council", "Inspection of children’s social care services"], "380"),
        (["Royal Borough of Kensington and", "Chelsea", "Inspection of children’s social care services"], "207"),
        (["Medway Children’s Services", "Inspection of children’s social care services"], "887"),
        (["Inspection of Bradford Children and", "Families Trust"], "380"),
        (["Somerset County Council", "Reinspection of services for children in need of help and", "protection"], "933"),
    ],
)  # fmt: skip
def test_a_body_over_two_lines_and_a_trust_are_read(title: list[str], code: str) -> None:
    pages = [[*title, *HEAD[2:], *TABLE], IMPROVE]
    found = read(pages, Context(CONTEXT.received_at, authority=code))
    assert "body inspected" not in str(unread(found))
    with pytest.raises(Refused, match="this delivery is of authority 928"):
        read(pages, Context(CONTEXT.received_at, authority="928"))


def test_a_title_that_is_the_running_head_too_stays() -> None:
    running = "Inspection of Norfolk local authority children’s services"
    parts = [[running, f"Part {number}", "1. Children wait.", "2. Leaders visit."] for number in range(5)]
    pages = [[running, *HEAD[2:], *TABLE], [running, *IMPROVE], *parts]
    assert unread(read(pages)) is None


NOBODY = [["Inspection of children’s services", *HEAD[2:], *TABLE], IMPROVE]


def test_a_report_that_names_nobody_is_filed_under_nobody() -> None:
    with pytest.raises(
        Refused, match=r"does not say .* which authority it is about. If it is about 926, enter it by hand"
    ):
        read(NOBODY)


def by_hand(report: NamedBytes, **more: Any) -> NamedBytes:
    inspection = {
        "id": "ilacs-2025-06-02",
        "kind": "full inspection",
        "framework": "ILACS 2023",
        "begun_on": "2025-06-02",
        "body": "Norfolk",
        "report": report.sha256,
        **more,
    }
    return NamedBytes("x.reading.json", json.dumps({"inspection": [inspection]}).encode())


@pytest.mark.parametrize("content", [pdf(NOBODY), pdf([["A poem"]]), pdf([HEAD + TABLE, IMPROVE])])
def test_a_persons_reading_stands_in_place_of_the_report_it_names(content: bytes) -> None:
    report = NamedBytes("report.pdf", content)
    found = inspection_report.read([report, by_hand(report)], CONTEXT)
    (one,) = rows(found, "inspection")
    assert (one["body"], one["report"], found.quarantined) == ("Norfolk", report.sha256, 0)
    assert rows(found, "judgement") == []


def test_a_persons_reading_makes_no_other_authoritys_report_its_own() -> None:
    report = NamedBytes("report.pdf", pdf([HEAD + TABLE, IMPROVE]))
    found = inspection_report.read([report, by_hand(report)], Context(CONTEXT.received_at, authority="928"))
    assert found.quarantined == 1 and "is about Norfolk (926)" in messages(found)


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (["30 November 2023", "Dear partnership", "Joint targeted area inspection of Norfolk",
          "This letter summarises the findings of the joint targeted area inspection (JTAI)"], "a joint targeted area inspection"),
        (["Local area partnership report", "Area SEND inspection of Norfolk Local Area Partnership", "Inspection dates: 6 to 10 February 2023",
          "Lead inspectors"], "special educational needs"),
        (["Inspection of safeguarding and looked after children services", "Norfolk", "Inspection dates: 3 July 2011"], "before August 2013"),
        (["A poem"], "no inspection report of a layout that is known"),
    ],
)  # fmt: skip
def test_other_reports_are_refused_by_name_and_stop_no_file_after_them(first: list[str], kind: str) -> None:
    other, ours = NamedBytes("a.pdf", pdf([first])), NamedBytes("b.pdf", pdf([HEAD + TABLE, IMPROVE]))
    found = inspection_report.read([other, ours], CONTEXT)
    assert found.quarantined == 1 and len(rows(found, "judgement")) == 5
    assert f"'a.pdf' is {kind}" in messages(found) or kind in messages(found)
    with pytest.raises(Refused, match=kind):
        inspection_report.read([other], CONTEXT)
