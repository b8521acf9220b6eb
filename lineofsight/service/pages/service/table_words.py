"""The tables, columns and cells of case records in the words of a case file."""

from __future__ import annotations

from typing import Any

from lineofsight.record.schema import Column, Kind, Table
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import in_words

_TABLES = {
    "care_episode": "Periods in care",
    "care_leaver": "Care leaver",
    "care_review": "Reviews in care",
    "care_visit": "Visits in care",
    "conference": "Initial child protection conferences",
    "enquiry": "Section 47 enquiries",
    "involvement": "Workers and teams who had the case",
    "need_plan": "Child in need plans",
    "need_visit": "Visits under a child in need plan",
    "protection_plan": "Child protection plans",
    "protection_review": "Review child protection conferences",
    "protection_visit": "Visits under a child protection plan",
}
_HEADINGS = {
    "authorised_on": "Authorised",
    "bedroom": "Bedroom seen",
    "begun_on": "Began",
    "closed_on": "Closed",
    "close_reason": "Reason closed",
    "change_reason": "Reason for change",
    "due_on": "Due",
    "ended_on": "Ended",
    "held_on": "Held",
    "iro": "Independent reviewing officer",
    "last_officer_contact_on": "Last contact with the reviewing officer",
    "need": "Main need",
    "nfa": "No further action",
    "send": "Special educational needs",
    "upn": "Unique pupil number",
    "urn": "Ofsted registration number",
    "visited_on": "Visited",
}
_ANSWERS = {"Y": "Yes", "N": "No"}
_ROLES = {"CW": "case-holding worker"}


def table(table: Table) -> str:
    """What a table holds, as its caption says it."""
    return _TABLES.get(table.name, table.name.replace("_", " "))


def heading(name: str) -> str:
    """What a column of that name is called."""
    return _HEADINGS.get(name, name.replace("_", " ").capitalize())


def role(code: str) -> str:
    """A role's code beside its meaning, where it is one that is known."""
    return f"{code} ({_ROLES[code]})" if code in _ROLES else str(code)


def cell(column: Column, value: Any) -> str:
    """A cell in words: a day, yes or no, or a code with what it means where it is one that is known."""
    if value is None:
        return ""
    if column.kind is Kind.DAY:
        return in_words(str(value))
    if column.name == "role":
        return role(str(value))
    if column.says.startswith("whether "):
        return _ANSWERS.get(str(value), str(value))
    code = code_set(column.codes).get(str(value).strip().upper()) if column.codes else None
    return f"{code.says.capitalize()} ({value})" if code else str(value)
