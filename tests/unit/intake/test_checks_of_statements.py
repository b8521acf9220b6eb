"""Every check planted and found: its code, its row and its column, and nothing else; never the value."""

from __future__ import annotations

from typing import Any

import pytest

from lineofsight.intake.checks import statement as checks
from lineofsight.intake.checks.attribution import attribution_checks
from lineofsight.vocabulary.codes import code_set
from tests.support.builders import (
    CONTEXT,
    a_statement,
    as_csv,
    as_json,
    as_json_lines,
    as_yaml,
    codes_of,
    findings_of,
    read,
)

WRITERS = [as_csv, as_yaml, as_json, as_json_lines]
SECRET = "Quentin"
"""A value nobody may find in what a check says: it might be anybody's name."""

PLANTED: list[tuple[str, str, dict[str, Any]]] = [
    *[("S01", name, {name: None}) for name in ("subject_kind", "subject", "says", "said_by", "said_on", "kind",
                                               "source_title", "source_publisher")],
    ("S01", "says", {"says": "   "}),
    ("S01", "source_title", {"source_title": "\t"}),
    ("S02", "looked_in", {"kind": "not found"}),
    ("S03", "id", {"id": f"{SECRET} with spaces"}),
    ("S03", "id", {"id": "../" + SECRET}),
    ("S03", "id", {"id": "a/b"}),
    ("S03", "id", {"id": "=HYPERLINK()"}),
    ("S03", "id", {"id": "a" * 81}),
    ("S03", "id", {"id": "é"}),
    ("S03", "id", {"id": "-begins-with-a-dash"}),
    ("S04", "says", {"says": SECRET + "x" * 4_000}),
    ("S04", "headline", {"headline": SECRET + "x" * 4_000}),
    ("S04", "bears_on", {"bears_on": "x" * 4_001}),
    ("S05", "subject_kind", {"subject_kind": SECRET}),
    ("S05", "topic", {"topic": f"allocation {SECRET}"}),
    ("S05", "kind", {"kind": SECRET}),
    ("S05", "event", {"subject_kind": "post", "event": SECRET}),
    ("S05", "terms", {"terms": SECRET}),
    ("S05", "theme", {"theme": f"assessment; {SECRET}"}),
    ("S05", "confidence", {"confidence": SECRET}),
    ("S06", "said_on", {"said_on": "2018-02-30"}),
    ("S06", "said_on", {"said_on": f"in {SECRET}'s time"}),
    ("S06", "said_on", {"said_on": "31/02/2018"}),
    ("S06", "about_from", {"about_from": "2018-13"}),
    ("S06", "about_from", {"about_from": "open"}),
    ("S06", "about_to", {"about_to": "soon"}),
    ("S06", "due_on", {"due_on": "0000"}),
    ("S06", "source_date", {"source_date": "2018-1-32"}),
    ("S07", "said_on", {"said_on": "2026-01-16"}),
    ("S07", "said_on", {"said_on": "2026-02"}),
    ("S07", "said_on", {"said_on": "2027"}),
    ("S07", "source_date", {"source_date": "2026-01-16"}),
    ("S08", "about_to", {"about_from": "2018-10", "about_to": "2018-09"}),
    ("S09", "source_date", {"source_date": "2018-09"}),
    ("S07", "known_from", {"known_from": "2026-02", "known_because": "A newspaper cites it."}),
    ("S07", "noted_on", {"note": "Only by one count.", "noted_on": "2026-01-16"}),
    ("S06", "known_from", {"known_from": "some day", "known_because": "A newspaper cites it."}),
    ("S09", "known_from", {"known_from": "2018-10-16", "known_because": "A newspaper cites it."}),
    ("S10", "about_to", {"about_to": "2019-03"}),
    ("S11", "says", {"says": f"{SECRET} was director until she left in 2019."}),
    ("S11", "says", {"headline": "In post from 2016 to 2020", "about_to": "2019", "says": "Known in 2019."}),
    ("S12", "kind", {"kind": "official record", "said_by": f"{SECRET}, as reported by a newspaper"}),
    ("S12", "confidence", {"kind": "official record", "confidence": "inferred"}),
    ("S13", "bound", {"value": "200", "says": "More than 200 cases had nobody."}),
    ("S13", "bound", {"value": "1,200", "says": "It cost nearly £1,200."}),
    ("S14", "found", {"subject_kind": "inspection", "theme": "assessment"}),
    ("S15", "noted_on", {"note": SECRET}),
    ("S15", "note", {"our_finding": "right"}),
    ("S05", "our_finding", {"our_finding": SECRET, "note": "Because.", "noted_on": "2019"}),
    ("S15", "source_place", {"quotation": SECRET}),
    ("S15", "known_because", {"known_from": "2018-10-19"}),
    ("P01", "subject", {"subject_kind": "review", "subject": f"Child {SECRET}"}),
    ("P01", "subject", {"subject_kind": "review", "subject": "Child Tom"}),
    ("P01", "subject", {"subject_kind": "review", "subject": f"Child Ak, {SECRET}'s case"}),
    ("P02", "says", {"says": f"{SECRET}, date of birth 1.2.2010, was seen."}),
    ("P02", "says", {"headline": "Born on 1 February 2010"}),
    ("P02", "says", {"says": "NHS number 943 476 5919."}),
    ("P02", "says", {"value": "943-476-5919"}),
    ("P02", "says", {"value": "9434765919"}),
    ("P02", "says", {"definition": "By UPN of the pupil"}),
    ("P03", "says", {"subject_kind": "review", "subject": "Child Ak", "says": "It was about a baby."}),
    ("P03", "says", {"subject_kind": "review", "subject": "Child Ak", "says": "A three-year-old was known."}),
    ("P03", "says", {"subject_kind": "review", "subject": "Child Ak", "headline": "Stepfather known to police"}),
    ("P04", "says", {"subject_kind": "post", "says": "The director left after an illness."}),
    ("P04", "says", {"holder": SECRET, "says": "Away on maternity leave."}),
    ("L01", "keeps", {"keeps": "u-1 u-2", "breaks": "u-3, u-2"}),
]  # fmt: skip


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.parametrize(("code", "column", "cells"), PLANTED, ids=lambda part: str(part)[:50])
def test_it_is_found_and_never_repeated(write: Any, code: str, column: str, cells: dict[str, Any]) -> None:
    """Between two good statements, which are taken whatever stands between them."""
    planted = a_statement(**{"id": "planted", **cells})
    reading = read(write([a_statement(id="before"), planted, a_statement(id="after")]))
    found = findings_of(reading)
    assert [(one["code"], one["row"], one["column"]) for one in found] == [(code, 2, column)]
    assert SECRET not in found[0]["says"] + found[0]["do"]
    assert found[0]["table"] == "statement"
    taken = reading.rows["statement"]["id"].to_list()
    refused = found[0]["severity"] == "refused"
    assert taken == (["before", "after"] if refused else ["before", "planted", "after"])
    assert (reading.received, reading.quarantined) == (3, int(refused))


def test_a_statement_without_an_id_is_refused() -> None:
    """Its finding has no key, and no other check speaks of the missing id."""
    reading = read(as_yaml([a_statement(id=None)]))
    assert codes_of(reading) == [("S01", 1, "id")]
    assert reading.present["statement"][0].height == 0


def test_a_row_that_breaks_several_checks_is_quarantined_once() -> None:
    reading = read(as_csv([a_statement(kind="shout", said_on="never", source_title=None), a_statement()]))
    assert codes_of(reading) == [("S01", 1, "source_title"), ("S05", 1, "kind"), ("S06", 1, "said_on")]
    assert reading.quarantined == 1


FINE: list[dict[str, Any]] = [
    {"kind": "not found", "looked_in": "the minutes"},
    {"id": "a" * 80},
    {"id": "A.b_c-1"},
    {"says": "é" * 4_000},
    {"topic": "Allocation,Leadership ; transfer"},
    {"theme": "Assessment;  CHILDREN IN CARE ;"},
    {"kind": "Official Record"},
    {"said_on": "2026-01-15"},
    {"said_on": "2026-01"},
    {"said_on": "2026"},
    {"about_to": "Open"},
    {"due_on": "2031"},
    {"about_from": "2030"},
    {"source_date": "2018-10"},
    {"subject_kind": "review", "subject": "Child Ak and Child Ap"},
    {"subject_kind": "review", "subject": "JL"},
    {"subject_kind": "review", "subject": "Child N, Child Q and Child R12"},
    {"subject_kind": "review", "subject": "SCR ABC1234", "says": "It was published."},
    {"says": "Mothers' groups and 4,161 boys in 2015: 12 345 678."},
    {"says": "Staff illness cost 4 weeks."},
    {"holder": "A Name", "says": "Absent for three months."},
    {"keeps": "u-1", "breaks": "u-2"},
    {"about_to": "2019-03", "says": "The council said that it would last until March 2019."},
    {"about_to": "2019-03", "kind": "undertaking"},
    {"says": "It would be done by 2020.", "due_on": "2020"},
    {"says": "The term ends in 2021.", "about_to": "2021-03-31"},
    {"kind": "official record", "said_by": "Ofsted"},
    {"value": "200", "bound": "more than", "says": "More than 200 cases had nobody."},
    {"value": "200", "says": "200 cases; about 30 of them were new."},
    {"subject_kind": "inspection", "theme": "assessment", "found": "mixed"},
    {"known_from": "2018-10-19", "known_because": "A newspaper cites it on that day."},
    {"note": "Only by one count.", "noted_on": "2026-01"},
    {"quotation": "They said so.", "source_place": "paragraph 4"},
    {"says": "=cmd|' /C calc'!A0", "headline": "+1", "value": "@SUM(A1)", "unit": "-2"},
]


@pytest.mark.parametrize("cells", FINE, ids=lambda cells: str(cells)[:50])
def test_what_is_right_is_left_alone(cells: dict[str, Any]) -> None:
    """The rules about families bind reviewed cases only, those about health office-holders only; a formula is
    text here, and what opens in a spreadsheet is made harmless where it goes out."""
    assert codes_of(read(as_csv([a_statement(**cells)]))) == []


def test_cells_are_taken_as_they_are_meant() -> None:
    """Edge spaces off, codes in small letters, lists parted one way; a cell of nothing but spaces is nothing."""
    cells = {
        "topic": " Allocation,Leadership ",
        "theme": "Assessment;children in care",
        "headline": "  ",
        "holder": " A  B ",
        "answers": "q-1;q-2  q-3",
        "confidence": None,
    }
    row = read(as_csv([a_statement(**cells)])).rows["statement"].to_dicts()[0]
    assert row["topic"] == "allocation leadership"
    assert row["theme"] == "assessment; children in care"
    assert row["headline"] is None
    assert row["holder"] == "A  B"
    assert row["answers"] == "q-1 q-2 q-3"
    assert row["confidence"] == "unconfirmed"
    assert row["terms"] is None


def test_a_post_without_terms_says_so() -> None:
    row = read(as_csv([a_statement(subject_kind="post", event="vacant")])).rows["statement"].to_dicts()[0]
    assert row["terms"] == "not stated"


def test_a_refused_code_names_the_codes_there_are() -> None:
    (found,) = findings_of(read(as_yaml([a_statement(kind="shout")])))
    assert found["do"] == f"Use one of: {', '.join(code_set('statement_kind'))}."


def test_no_statement_at_all_breaks_no_check() -> None:
    reading = read(as_yaml([]))
    assert (reading.received, reading.findings, reading.rows["statement"].height) == (0, [], 0)


def test_every_code_of_a_check_is_planted_here() -> None:
    """A new check is not finished until it is planted."""
    every = [
        *checks._missing(),
        *checks._unknown_codes(),
        *checks._days(CONTEXT),
        *attribution_checks(),
        *checks._harm(),
        *checks._links(),
    ]
    assert {one.code for one in every} == {code for code, _, _ in PLANTED}
