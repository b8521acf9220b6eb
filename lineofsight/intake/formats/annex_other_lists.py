"""Annex A lists 1, 2, 10 and 11: contacts, early help, adoption and adopters. They say nothing of who answers."""

from __future__ import annotations

import re

from lineofsight.intake.cells import without_choice
from lineofsight.intake.delivery import Context
from lineofsight.intake.finding import FILE, ROW
from lineofsight.intake.formats.annex_cells import Row, Rows, coded, ethnicity_of, put, sex_of, yes
from lineofsight.intake.formats.annex_lists import COLUMNS, OF_ADOPTERS
from lineofsight.vocabulary.codes import code_set


def contacts(row: Row, made: Rows, _: Context) -> None:
    """List 1. A cell such as `6: Police` is a code and words; the words alone are kept as words."""
    text = without_choice(row.get("made_by", ""))
    code = coded(text, "referral_source")
    is_code = code in code_set("referral_source")
    says = re.sub(r"^\w+\s*[:\-]\s*", "", text) if is_code and text != code else "" if is_code else text
    contacted_on = row.get("contacted_on")
    put(made, "contact", row, contacted_on=contacted_on, made_by=code if is_code else None, made_by_says=says)


def early_help(row: Row, made: Rows, _: Context) -> None:
    """List 2."""
    days = {name: row.get(name) for name in ("begun_on", "ended_on")}
    put(made, "early_help", row, organisation=without_choice(row.get("organisation", "")), **days)


def permanence(row: Row, made: Rows, _: Context) -> None:
    """List 10."""
    cells = {name: row.get(name) for name in COLUMNS[10]}
    cells["reversed_because"] = without_choice(row.get("reversed_because", ""))
    put(made, "permanence", row, **cells)


def adopters(row: Row, made: Rows, _: Context) -> None:
    """List 11: its rows are about no child."""
    cells: dict[str, str | None] = {name: row.get(name) for name in COLUMNS[OF_ADOPTERS]}
    cells |= {"sex": sex_of(row), "ethnicity": ethnicity_of(row)}
    cells |= {name: yes(row.get(name, "")) for name in ("disability", "fosters_for_adoption")}
    cells["ended_because"] = without_choice(row.get("ended_because", ""))
    made["adopter"].append({FILE: row[FILE], ROW: row[ROW], **cells})
