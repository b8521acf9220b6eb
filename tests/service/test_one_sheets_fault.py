"""The fault of one file or sheet is its own: the rest of the delivery is read, and figures say what they rest without."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.receive import recipe
from lineofsight.service.store import chain
from tests.service.homes import Home
from tests.support import answers
from tests.support.cases import AUTHORITY, counts, describe, moment

ASKED = answers.Asked(AUTHORITY)
SHEETS = {
    "ssd_person": ["pers_person_id,pers_dob", "C1,2010-01-01", "C2,2011-01-01"],
    "ssd_cin_episodes": [
        "cine_person_id,cine_referral_id,cine_referral_date",
        "C1,R1,2019-01-01",
        "C2,R2,2019-01-01",
    ],
    "ssd_involvements": [
        "invo_person_id,invo_referral_id,invo_professional_id,invo_professional_role_id,invo_involvement_start_date",
        "C1,R1,W1,CW,2019-01-02",
        "C2,R2,W1,CW,2019-01-02",
    ],
}


def book(sheets: Mapping[str, list[str]], name: str = "extract.xlsx") -> NamedBytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        for title, lines in sheets.items():
            sheet = workbook.add_worksheet(title)
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line.split(","))
    return NamedBytes(name, made.getvalue())


def load(at: str, *files: NamedBytes) -> recipe.Outcome:
    return recipe.load(list(files), "extract", AUTHORITY, describe(), received_at=moment(at), by="tests")


def figure(day: str = "2019-12-01") -> dict[str, Any]:
    return answers.figure(ASKED, date.fromisoformat(day), answers.latest(ASKED))


def adds_up(outcome: recipe.Outcome) -> bool:
    of = counts(outcome)
    return bool(of["received"] == of["accepted"] + of["unchanged"] + of["quarantined"])


def without(sheet: str, column: str) -> dict[str, list[str]]:
    return {**SHEETS, sheet: [SHEETS[sheet][0].replace(column, "other"), *SHEETS[sheet][1:]]}


@pytest.mark.parametrize(
    ("sheet", "column"), [("ssd_person", "pers_person_id"), ("ssd_involvements", "invo_professional_id")]
)
def test_a_sheet_without_its_key_is_left_and_the_others_are_read(home: Home, sheet: str, column: str) -> None:
    outcome = load("2019-10-01", book(without(sheet, column)))
    assert adds_up(outcome)
    tables = {"ssd_person": "child", "ssd_involvements": "involvement"}
    assert tables[sheet] not in chain.body_of(outcome.link)["tables"]
    assert len(chain.body_of(outcome.link)["tables"]) == 2
    [told] = [one for one in answers.findings_of(outcome.link.delivery) if one["code"] == "F06"]
    assert told["file"] == f"extract.xlsx {sheet}"
    assert figure()["population"] == 2
    assert figure()["complete"] is (sheet == "ssd_person")


def test_it_takes_nothing_away_of_what_was_known(home: Home) -> None:
    load("2019-10-01", book(SHEETS))
    outcome = load("2019-10-02", book(without("ssd_involvements", "invo_professional_id")))
    assert adds_up(outcome) and counts(outcome)["withdrawn"] == 0
    assert figure()["states"]["allocated"] == 2


def test_a_workbook_that_cannot_be_opened_is_left_and_takes_nothing_away(home: Home) -> None:
    load("2019-10-01", book(SHEETS))
    broken = NamedBytes("more.xlsx", book(SHEETS).content[:900])
    people = NamedBytes("ssd_person.csv", "\n".join(SHEETS["ssd_person"][:2]).encode())
    outcome = load("2019-10-02", people, broken)
    assert adds_up(outcome) and counts(outcome)["withdrawn"] == 0
    assert [one["file"] for one in answers.findings_of(outcome.link.delivery) if one["code"] == "F06"] == [
        "more.xlsx"
    ]


def test_a_sheet_of_a_worklist_without_a_child_is_left_and_the_other_is_read(home: Home) -> None:
    source = describe("list", kind="worklist")
    sheets = {
        "Mine": ["Child ID,Allocated worker,Start date", "1,Ada Byron,2019-01-01"],
        "Other": ["Allocated worker,Start date", "Ben Cole,2019-01-01"],
    }
    files = [book(sheets, "list.xlsx")]
    outcome = recipe.load(files, "list", AUTHORITY, source, received_at=moment("2019-10-01"), by="tests")
    assert adds_up(outcome) and counts(outcome)["accepted"] == 1
    assert "list.xlsx Other" in [
        one["file"] for one in answers.findings_of(outcome.link.delivery) if one["code"] == "F06"
    ]
