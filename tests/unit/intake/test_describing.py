"""What describing a source rests on: settings as TOML, the line of headings by its shape, words of usual exports."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.engines.list_doubts import Repeated, doubts, repeated
from lineofsight.intake.formats.usual_exports import exports, is_usual_role, system_of
from lineofsight.intake.formats.worklist_columns import COLUMNS, chosen
from lineofsight.intake.settings import read_settings
from lineofsight.intake.settings_text import written_settings
from lineofsight.intake.sheets.layout import likeliest_headings
from lineofsight.vocabulary.refusal import Refused

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20).filter(str.strip)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=3), st.lists(TEXT, max_size=3), TEXT)
def test_settings_written_as_toml_are_read_as_they_were(
    owners: list[tuple[str, str]], people: list[str], child: str
) -> None:
    lines = [{"worker": worker, "why": why} for worker, why in owners]
    said = {
        "name": "weekly",
        "authority": "901",
        "format": "worklist",
        "columns": {"child": child, "role": ""},
        "allocation": {"owners_that_do_not_count": lines, "people": people},
    }
    assert read_settings(written_settings(said).encode()).said == said


def test_a_column_that_the_files_do_not_have_is_not_guessed() -> None:
    found, guessed = chosen(["Child ID", "Role"], {"role": ""})
    assert (found, guessed) == ({"child": "Child ID"}, {"child"})
    with pytest.raises(Refused, match="name each column in quotes"):
        read_settings(b'name = "a"\nauthority = "901"\nformat = "worklist"\n[columns]\nchild = " "\n')


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ([["A list", "", ""], ["Run", "today", ""], ["Ref", "Who", "Team"], ["1", "Ann", "East"]], 2),
        ([["Ref", "Who"], ["1", "Ann"]], 0),
        ([["1", "2019-01-01"], ["2", "2019-01-02"]], 0),
        ([["Title"], ["Ref", "Who", ""], ["1", "Ann", "x"]], 1),
    ],
)
def test_the_line_of_headings_is_told_by_its_shape(lines: list[list[str]], at: int) -> None:
    assert likeliest_headings(lines) == at


def test_words_of_usual_exports_fill_columns_that_there_are_and_each_system_has_a_role() -> None:
    assert {one.system for one in exports()} == {"Mosaic", "Liquidlogic", "Eclipse"}
    for one in exports():
        assert set(one.headings) <= set(COLUMNS)
        assert {"child", "worker", "team", "role"} <= set(one.headings)
        assert one.roles
        words = Counter(word for headings in one.headings.values() for word in headings)
        assert max(words.values()) == 1, "a heading that fills two columns tells nothing"


def test_a_system_is_told_by_three_headings_and_not_by_two() -> None:
    assert system_of(["PERSON_ID", "WORKER_ID", "PROF_REL_TYPE_CODE", "START_DATE"]) == "Mosaic"
    assert system_of(["PERSONID", "RELATIONSHIPCLASSCODE", "STARTDATE"]) == "Eclipse"
    assert system_of(["PERSON_ID", "Anything"]) is None


@pytest.mark.parametrize(
    ("role", "usual"), [("CW", True), ("Allocated  Worker", True), ("REL.ALLWORK", True), ("IRO", False)]
)
def test_the_role_of_the_allocated_worker_is_known_by_its_usual_words(role: str, usual: bool) -> None:
    assert is_usual_role(role) is usual


NAMED = {"child": "Ref", "worker": "Who", "team": "Team", "role": "Status"}


def listed(children: list[str], workers: list[str], teams: list[str], statuses: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"Ref": children, "Who": workers, "Team": teams, "Status": statuses})


@pytest.mark.parametrize(
    ("children", "workers", "teams", "statuses", "says"),
    [
        (["1", "2"], ["Ann Smith", "Bea Jones"], ["East", "East"], ["CW", "CW"], []),
        (["1234 5678", "485 777 3456"], ["Ann Smith", ""], ["East", "East"], ["Allocated worker", ""], []),
        (["1", "2"], ["East Team", "West Team"], ["Ann Smith", "Bea Jones"], ["CW", "CW"], ["exchanged"]),
        (["02/01/2026", "2026-01-03"], ["Ann Smith", ""], ["East", ""], ["CW", "CW"], ["holds days"]),
        (["1", "2"], ["Ann Smith", ""], ["East", ""], ["Child in need", "Looked after"], ["words for how"]),
        (["", ""], ["", ""], ["", ""], ["", ""], []),
    ],
)
def test_columns_that_were_probably_chosen_wrongly_are_told(
    children: list[str], workers: list[str], teams: list[str], statuses: list[str], says: list[str]
) -> None:
    found = doubts(listed(children, workers, teams, statuses), NAMED)
    assert len(found) == len(says)
    for sentence, part in zip(found, says, strict=True):
        assert part in sentence


def test_children_in_more_than_one_row_are_counted_and_those_whose_rows_differ() -> None:
    rows = listed(["1", "1 ", "2", "2", "3"], ["Ann", "ANN", "Ann", "TBC", "Bea"], ["East"] * 5, ["CW"] * 5)
    assert repeated(rows, NAMED) == Repeated(children=2, differing=1)
