"""Roles in a file none of which the source's settings count: it is told, in a finding and in what was read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import numbered
from lineofsight.intake.reader import read
from lineofsight.queries.reading import reading
from lineofsight.service.access.records import open_record
from tests.service.homes import Home
from tests.support import answers
from tests.support.cases import AUTHORITY, describe, night

FILES = {
    "ssd_tables": (
        "ssd_involvements.csv",
        "invo_person_id,invo_professional_id,invo_professional_role_id\n1,W1,{0}\n2,,{0}\n3,W2,{0}\n",
    ),
    "worklist": ("list.csv", "Child ID,Allocated worker,Role\n1,Ada Byron,{0}\n2,,{0}\n3,Ben Cole,{0}\n"),
    "annex_a": (
        "List 6.csv",
        "Child Unique ID,CIN Start Date,Allocated Worker\n1,2025-01-01,Ada Byron\n2,2025-01-01,\n3,2025-01-01,Ben Cole\n",
    ),
}


def read_with(kind: str, role: str, *counting: str) -> Reading:
    name, text = FILES[kind]
    roles = frozenset(counting) if counting else None
    context = Context(datetime(2026, 3, 16, 9, tzinfo=UTC), roles=roles)
    return read(kind, [NamedBytes(name, text.format(role).encode())], context)


def told(found: Reading) -> list[str]:
    return numbered(found.findings).filter(code="J05")["says"].to_list()


@pytest.mark.parametrize("kind", list(FILES))
def test_roles_of_which_none_counts_are_told(kind: str) -> None:
    found = read_with(kind, "Lead", "Key Worker")
    [says] = told(found)
    assert says.startswith("The 2 rows with a worker have no role that")
    [join] = [one for one in found.report.joins if one.column == "role"]
    assert (join.rows, join.met) == (2, 0)


@pytest.mark.parametrize("kind", list(FILES))
def test_roles_of_which_one_counts_are_no_news(kind: str) -> None:
    role = "CW" if kind == "annex_a" else "Key Worker"
    found = read_with(kind, f" {role.upper()} ", role, "other")
    assert told(found) == []
    assert not [one for one in found.report.joins if one.column == "role"]


def test_rows_without_any_role_are_told_in_other_words() -> None:
    assert "no role, and" in told(read_with("worklist", "", "CW"))[0]


def test_where_every_role_counts_there_is_nothing_to_tell() -> None:
    found = read_with("worklist", "Lead")
    assert told(found) == [] and not [one for one in found.report.joins if one.column == "role"]


def test_it_stands_among_a_deliverys_findings_and_in_its_reading_report(home: Home) -> None:
    describe()
    tables = {
        "cin_episodes": "R1, C1, 2019-01-01, N,,",
        "involvements": "1, C1, W1, LEAD, TA, 2019-01-05,, R1",
    }
    delivery = night("2019-10-01", tables).link.delivery
    assert "J05" in [one["code"] for one in answers.findings_of(delivery)]
    assert [
        (one.rows, one.met) for one in reading(open_record(AUTHORITY), delivery).joins if one.column == "role"
    ] == [(1, 0)]
