"""What describing a source rests on: settings as TOML, the line of headings by its shape, words of usual exports."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.engines.list_doubts import Repeated, doubts, repeated
from lineofsight.intake.delivery import NamedBytes, Reading
from lineofsight.intake.formats import worklist
from lineofsight.intake.formats.closed_cases import means_closed, status_columns
from lineofsight.intake.formats.usual_exports import exports, is_usual_role, system_of
from lineofsight.intake.formats.worklist_columns import COLUMNS, chosen
from lineofsight.intake.settings import read_settings
from lineofsight.intake.settings_text import written_settings
from lineofsight.intake.sheets.layout import likeliest_headings
from lineofsight.vocabulary.refusal import Refused
from lineofsight.vocabulary.spellings import alike, joined

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


HEAD = 'name = "weekly"\nauthority = "901"\nformat = "worklist"\n'
NOON = datetime(2019, 10, 8, 12, tzinfo=UTC)


def _read(text: str, settings: str = "") -> Reading:
    return worklist.read(
        [NamedBytes("list.csv", text.encode())], read_settings((HEAD + settings).encode()).context(NOON)
    )


def _codes(read: Reading, beginning: str = "N") -> list[str]:
    return [code for one in read.findings for code in one["code"] if code.startswith(beginning)]


WITH_CLOSED = """Child ID,Worker,Start,Case Status
1,Ada Lee,01/10/2018,Open
2,Ben Roe,01/10/2018,CLOSED
3,Cy Poe,01/10/2018,Case  closed
4,Dee Moe,01/10/2018,Awaiting closure
"""


@pytest.mark.parametrize(
    ("heading", "value", "closed"),
    [
        ("Case status", "Closed", True),
        ("Case status", "CASE CLOSED - NFA", True),
        ("Status", "Ended", True),
        ("Status", "inactive", True),
        ("Status", "No further action", True),
        ("Status", "Open", False),
        ("Status", "Pending closure", False),
        ("Status", "Closed?", False),
        ("Status", "Not closed", False),
        ("Closed?", "Yes", True),
        ("Closed?", "No", False),
        ("Active", "N", True),
        ("Active", "Y", False),
        ("Locality", "N", False),
    ],
)
def test_words_for_a_closed_case_are_told_from_others(heading: str, value: str, closed: bool) -> None:
    assert means_closed(value, heading) is closed


def test_a_column_that_tells_how_a_case_stands_is_found_and_others_are_not() -> None:
    rows = pl.DataFrame(
        {
            "Child": ["1", "2", "3", "4"],
            "Case status": ["Open", "Closed", "closed ", "Waiting"],
            "Position": ["Open", "Ended", "Open", "Open"],
            "Locality": ["North", "North", "South", "South"],
            "Closed": ["01/02/2019", "", "", ""],
            "Legal status": ["S20", "", "C2", ""],
        }
    )
    found = {
        one.heading: [(value.value, value.rows, value.closed) for value in one.values]
        for one in status_columns(rows, ())
    }
    assert found == {
        "Case status": [("Closed", 2, True), ("Open", 1, False), ("Waiting", 1, False)],
        "Position": [("Open", 3, False), ("Ended", 1, True)],
    }
    assert [one.heading for one in status_columns(rows, {"Case status"})] == ["Position"]


def test_closed_cases_are_counted_and_told_until_the_settings_say_which_they_are() -> None:
    silent = _read(WITH_CLOSED)
    assert silent.rows["involvement"]["child"].to_list() == ["1", "2", "3", "4"]
    assert _codes(silent) == ["N18"]
    settled = _read(WITH_CLOSED, 'roster = "full"\n[closed]\n"case status" = ["closed", "Case Closed"]\n')
    assert settled.rows["involvement"]["child"].to_list() == ["1", "4"]
    assert _codes(settled) == ["N17"]
    assert settled.received == 2
    assert "Case Status" not in settled.report.files[0].unknown
    some = _read(WITH_CLOSED, 'roster = "full"\n[closed]\n"Case status" = ["Closed"]\n')
    assert _codes(some) == ["N17", "N18"], "a new word for closed is told, and not taken for one"
    none = _read(WITH_CLOSED, '[closed]\n"Case Status" = []\n')
    assert (none.received, _codes(none)) == (4, [])


def test_of_a_source_that_delivers_changes_a_closed_case_has_ended() -> None:
    text = WITH_CLOSED.replace("Start,", "Start,End,").replace("01/10/2018,", "01/10/2018,,", 3)
    text = text.replace("Ben Roe,01/10/2018,,", "Ben Roe,01/10/2018,01/03/2019,").replace(
        "Moe,01/10/2018,", "Moe,01/10/2018,,"
    )
    read = _read(text, '[closed]\n"Case status" = ["Closed", "Case closed"]\n')
    ends = dict(read.rows["involvement"].select("child", "ended_on").iter_rows())
    assert ends == {
        "1": None,
        "2": date(2019, 3, 1).toordinal(),
        "3": date(2019, 10, 8).toordinal(),
        "4": None,
    }


def test_a_list_without_the_column_that_tells_closed_cases_is_refused() -> None:
    with pytest.raises(Refused, match="which says which cases are closed"):
        _read("Child ID,Worker\n1,Ada Lee\n", '[closed]\n"Case status" = ["Closed"]\n')


@pytest.mark.parametrize(
    "closed", ['"Case status" = "Closed"', '"Case status" = [1]', '" " = ["Closed"]', "a = [' ']"]
)
def test_settings_about_closed_cases_that_cannot_be_understood_are_refused(closed: str) -> None:
    with pytest.raises(Refused, match=r"\[closed\] name, for a heading"):
        read_settings(f"{HEAD}[closed]\n{closed}\n".encode())
    said = read_settings(f'{HEAD}[closed]\n"Case: \\"x\\"" = ["Closed"]\n'.encode()).said
    assert read_settings(written_settings(said).encode()).said == said


@pytest.mark.parametrize(
    ("one", "other", "likely"),
    [
        ("J. Smith", "SMITH, Jo", True),
        ("Smith J", "smith  j", True),
        ("Jo Smith", "Smith Jo", True),
        ("Jo Smith", "Mrs Jo Smith", True),
        ("J.K. Smith", "Smith, Jo", True),
        ("Peter O'Neil", "O’NEIL, P", True),
        ("Jo Smith", "Jo Smith (East)", True),
        ("Jo Smith", "Ann Smith", False),
        ("Jo Smith", "Jo Smythe", False),
        ("A. Smith", "Jo Smith", False),
        ("W12 Smith", "W13 Smith", False),
        ("101", "102", False),
        ("East Team 1", "EAST TEAM 1", False),
    ],
)
def test_names_that_may_be_one_workers_are_told_from_others(one: str, other: str, likely: bool) -> None:
    assert alike([one, other]) == ([(one, other)] if likely else [])
    assert alike([one, one]) == []


def test_of_names_that_are_all_alike_each_is_paired_once_and_joined_names_stand_in_one_list() -> None:
    pairs = alike(["Jo Smith", "SMITH, Jo", "smith jo"])
    assert pairs == [("Jo Smith", "SMITH, Jo"), ("Jo Smith", "smith jo")]
    assert joined([*pairs, ("Ann", "A")]) == [["Jo Smith", "SMITH, Jo", "smith jo"], ["Ann", "A"]]
    many = [f"{letter}{at} Smith" for at in range(7) for letter in ("ab", "cd")]
    assert alike(["A. Smith", *many]) == [], "among so many of one surname an initial says nothing"


def test_two_spellings_are_two_workers_until_the_settings_say_that_they_are_one() -> None:
    text = 'Child ID,Worker\n1,Jo Smith\n2,"SMITH, Jo"\n3,jo  smith\n'
    silent = _read(text)
    assert silent.rows["involvement"]["worker"].n_unique() > 1
    assert _codes(silent, "N19") == ["N19", "N19"]
    one = _read(text, '[allocation]\nsame_worker = [["Jo Smith", "Smith, Jo"]]\n')
    assert one.rows["involvement"]["worker"].unique().to_list() == ["Jo Smith"]
    assert _codes(one, "N19") == []
    two = _read(text, '[allocation]\ndifferent_workers = [["Jo Smith", "Smith, Jo"]]\n')
    assert two.rows["involvement"]["worker"].n_unique() > 1
    assert _codes(two, "N19") == []
    many = "Child ID,Worker\n" + "".join(
        f"{n},{c}o Smi{c}{c}\n{n},{c}. Smi{c}{c}\n" for n, c in enumerate("abcdefghijklmnopqrstuvwxyz")
    )
    assert len(_codes(_read(many), "N19")) == 21


@pytest.mark.parametrize(
    "said",
    [
        'same_worker = ["a", "b"]',
        'same_worker = [["a"]]',
        'different_workers = [["a", ""]]',
        'same_worker = [["a", "b"], ["c", "B"]]',
    ],
)
def test_settings_about_spellings_that_cannot_be_understood_are_refused(said: str) -> None:
    with pytest.raises(Refused, match=r"same_worker|different_workers"):
        read_settings(f"{HEAD}[allocation]\n{said}\n".encode())
