"""Extracts of case systems: counted, compared, withdrawn and rolled off; hostile ones lose nothing (rules 1, 2, 6 to 8)."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import polars as pl
import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.record import frames
from lineofsight.service.receive import recipe
from lineofsight.service.store import picture
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import FOREVER
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home, database_of, filled_once, standing_in
from tests.support import answers
from tests.support.cases import AUTHORITY, HEADINGS, counts, csv_of, describe, moment, night

EPISODES = "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-01-01, N,,"


def held(table: str = "episode") -> pl.DataFrame:
    return picture.history(AUTHORITY, table).filter(pl.col(frames.WITNESSED_TO) == FOREVER)


def tally(outcome: recipe.Outcome) -> tuple[int, ...]:
    found = counts(outcome)
    assert found["received"] == found["accepted"] + found["unchanged"] + found["quarantined"]
    return tuple(found[name] for name in ("received", "accepted", "unchanged", "quarantined", "withdrawn"))


def codes(outcome: recipe.Outcome) -> list[str]:
    return sorted(one["code"] for one in answers.findings_of(outcome.link.delivery) if one["code"] != "F05")


def given(files: dict[str, bytes], at: str = "2019-10-08", source: str = "nightly") -> recipe.Outcome:
    named = [NamedBytes(name, content) for name, content in files.items()]
    return recipe.load(named, "night", AUTHORITY, SourceName(source), received_at=moment(at), by="tests")


@pytest.fixture(autouse=True)
@filled_once
def _described(home: Home) -> None:
    describe(more="window_start = 2019-01-01")


def test_a_night_again_with_new_numbers_for_the_same_rows_is_unchanged() -> None:
    """Numbers that a nightly reload issues anew are in no key."""
    night("2019-10-08", {"involvements": "1, C1, W1, CW, T1, 2019-01-05,, R1"})
    assert tally(night("2019-10-09", {"involvements": "999, C1, W1, CW, T1, 2019-01-05,, R1"})) == (
        1,
        0,
        1,
        0,
        0,
    )


def test_a_row_that_a_full_roster_lacks_is_withdrawn_and_an_absent_file_says_nothing() -> None:
    night("2019-10-08", {"cin_episodes": EPISODES, "person": "C1,,\nC2,,"})
    second = night("2019-10-09", {"cin_episodes": "R1, C1, 2019-01-01, N,,"})
    assert tally(second) == (1, 0, 1, 0, 1)
    assert held()["child"].to_list() == ["C1"]
    assert held("child").height == 2
    assert "F07" in codes(second)


def test_a_b_a_nights_are_three_deliveries() -> None:
    a, b = {"cin_episodes": EPISODES}, {"cin_episodes": "R1, C1, 2019-01-01, N,,"}
    done = [night(f"2019-10-0{day}", tables) for day, tables in ((7, a), (8, b), (9, a))]
    assert [tally(one) for one in done] == [(2, 2, 0, 0, 0), (1, 0, 1, 0, 1), (2, 1, 1, 0, 0)]
    assert len({one.link.delivery for one in done}) == 3


def test_what_rolled_out_of_the_window_is_not_withdrawn() -> None:
    """Ended before the window: rolled off, and with it the undated row of a child with nothing else. Open: never."""
    first = "R1, C1, 2018-01-01, N, 2018-06-01, RC1\nR2, C2, 2018-01-01, N,,\nR3, C3, 2018-01-01, N, 2019-03-01, RC1\nR4, C4, 2019-01-01, N,,"
    night("2019-10-08", {"cin_episodes": first, "person": "C1,,\nC2,,\nC3,,\nC4,,"})
    second = night("2019-10-09", {"cin_episodes": "R4, C4, 2019-01-01, N,,", "person": "C4,,"})
    assert tally(second)[4] == 4
    assert sorted(held()["child"]) == ["C1", "C4"]
    assert sorted(held("child")["child"]) == ["C1", "C4"]


def test_a_quarantined_row_counts_as_present_and_the_last_accepted_one_stands() -> None:
    night("2019-10-08", {"cin_episodes": EPISODES})
    second = night(
        "2019-10-09", {"cin_episodes": "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-01-01, N, 2018-01-01, RC1"}
    )
    assert tally(second) == (2, 0, 1, 1, 0)
    assert codes(second) == ["D02"] * 0 + ["D04"]
    assert held()["child"].to_list() == ["C1", "C2"]


def test_a_row_whose_key_cannot_be_read_withdraws_nothing_it_may_be() -> None:
    night(
        "2019-10-08",
        {"involvements": "1, C1, W1, CW, T1, 2019-01-05,, R1\n2, C2, W1, CW, T1, 2019-01-05,, R2"},
    )
    second = night("2019-10-09", {"involvements": "1, C1, W1, CW, T1, 2019-02-31,, R1"})
    assert tally(second) == (1, 0, 0, 1, 1)
    assert held("involvement")["child"].to_list() == ["C1"]


def test_repeats_of_a_key() -> None:
    rows = "R1, C1, 2019-01-01, N,,\nR1, C1, 2019-01-01, N,,\nR1, C1, 2019-01-01, Y,,"
    done = night("2019-10-08", {"cin_episodes": rows})
    assert (tally(done), codes(done)) == ((3, 1, 1, 1, 0), ["K01"])
    assert held()["nfa"].to_list() == ["N"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019-10-08", "2019-10-08"),
        ("2019-10-08 00:00:00.000", "2019-10-08"),
        ("2019-10-08T23:30:00Z", "2019-10-09"),
        ("2019-01-08T23:30:00+00:00", "2019-01-08"),
        ("08/10/2019", "2019-10-08"),
        ("8/10/2019 00:00", "2019-10-08"),
        ("08-Oct-19", "2019-10-08"),
        ("Oct  8 2019 12:00AM", "2019-10-08"),
        ("20191008", "2019-10-08"),
        ("1900-01-01", None),
        ("9999-12-31 00:00:00", None),
        ("NULL", None),
        ("", None),
    ],
)
def test_days_as_case_systems_write_them(written: str, day: str | None) -> None:
    night("2019-12-01", {"cin_episodes": f"R1, C1, {written}, N,,"})
    found = held()["begun_on"].to_list()[0]
    assert (date.fromordinal(found).isoformat() if found else None) == day


@pytest.mark.parametrize("written", ["2019-02-30", "31/02/2019", "4374", "soon", "2019-13-01"])
def test_a_day_that_cannot_be_is_quarantined_with_its_reason(written: str) -> None:
    done = night("2019-12-01", {"cin_episodes": f"R1, C1, {written}, N,,"})
    assert (tally(done), codes(done)) == ((1, 0, 0, 1, 0), ["D01"])
    assert written not in str(answers.findings_of(done.link.delivery))


def test_inclusive_ends_have_a_day_added() -> None:
    describe("inclusive", more='ends = "inclusive"')
    night("2019-12-01", {"cin_episodes": "R1, C1, 2019-01-01, N, 2019-01-01, RC1"}, "inclusive")
    row = held().to_dicts()[0]
    assert row["closed_on"] - row["begun_on"] == 1


# -- hostile input --------------------------------------------------------------------------------


def everything_of(*children: str) -> bytes:
    rows = "\n".join(f"R{child}, {child}, 2019-01-01, N,," for child in children)
    return csv_of("cin_episodes", rows)


MANY = [f"C{n:03}" for n in range(60)]


def test_a_file_that_was_cut_off_takes_nothing_away() -> None:
    whole = everything_of(*MANY)
    given({"ssd_cin_episodes.csv": whole})
    cut = whole[: len(whole) * 2 // 3].rpartition(b",2019")[0]
    done = given({"ssd_cin_episodes.csv": cut}, at="2019-10-09")
    assert tally(done)[4] == 0
    assert "F08" in codes(done)
    assert held().height == 60


@pytest.mark.parametrize("spoilt", [b"", b'a,"b\nc', b"\xff\xfe\x00", b"\x00\x01"])
def test_a_file_that_cannot_be_split_says_nothing_and_the_others_are_read(spoilt: bytes) -> None:
    given({"ssd_cin_episodes.csv": everything_of("C1", "C2"), "ssd_person.csv": csv_of("person", "C1,,")})
    done = given(
        {"ssd_cin_episodes.csv": spoilt, "ssd_person.csv": csv_of("person", "C1,,\nC9,,")}, at="2019-10-09"
    )
    assert tally(done) == (2, 1, 1, 0, 0)
    assert "F06" in codes(done)
    assert held().height == 2


@pytest.mark.parametrize("spoilt", [b"", b"\x00\x01"])
def test_where_nothing_can_be_read_the_delivery_is_refused(spoilt: bytes) -> None:
    with pytest.raises(Refused, match=r"No file of this delivery|is empty|is not a text file"):
        given({"ssd_cin_episodes.csv": spoilt})


@pytest.mark.parametrize(
    "content",
    [
        everything_of("C1", "C2").replace(b"\n", b"\r\n"),
        everything_of("C1", "C2").replace(b"\n", b"\r", 1),
        b"\xef\xbb\xbf" + everything_of("C1", "C2"),
        everything_of("C1", "C2").decode().encode("utf-16"),
        everything_of("C1", "C2").replace(b",", b";"),
        everything_of("C1", "C2").upper(),
        b"\n".join(
            b",".join(b'"' + cell + b'"' for cell in line.split(b","))
            for line in everything_of("C1", "C2").split(b"\n")
        ),
    ],
    ids=["crlf", "mixed", "bom", "utf-16", "semicolons", "capitals", "quoted"],
)
def test_the_same_rows_however_they_are_written(content: bytes) -> None:
    assert tally(given({"SSD_CIN_Episodes.CSV": content}))[:2] == (2, 2)
    assert held()["child"].to_list() == ["C1", "C2"]


@pytest.mark.parametrize(
    "name",
    [
        "ssd_cin_episodes.csv",
        "cin_episodes.csv",
        "out/ssd_development.ssd_cin_episodes.csv",
        "ssd_cin_episodes_20191008.csv",
        "../../ssd_cin_episodes.csv",
    ],
)
def test_files_are_known_by_name_and_written_nowhere(name: str, home: Home) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, everything_of("C1"))
    assert tally(given({"night.zip": packed.getvalue()}))[:2] == (1, 1)
    assert not list(home.path.parent.rglob("ssd_cin_episodes*"))


def test_columns_missing_extra_and_in_another_order() -> None:
    content = b"cine_person_id,extra,CINE_REFERRAL_ID \nC1,=cmd|' /C calc'!A0,R1\nC2,x,\n"
    done = given({"ssd_cin_episodes.csv": content})
    assert tally(done)[:2] == (2, 2)
    assert "F04" in codes(done)
    assert held()["referral"].to_list() == ["R1", "C2@"]


def test_a_table_without_its_key_column_is_refused_and_withdraws_nothing() -> None:
    given({"ssd_cin_episodes.csv": everything_of("C1", "C2")})
    renamed = everything_of("C1").replace(b"cine_person_id", b"client")
    with pytest.raises(Refused, match="has no column cine_person_id"):
        given({"ssd_cin_episodes.csv": renamed}, at="2019-10-09")
    assert held().height == 2


@pytest.mark.parametrize("null", ["NULL", "null", "N/A", "#N/A", "NaN", "(null)", "None", "-", "  "])
def test_nulls_of_every_kind(null: str) -> None:
    night("2019-10-08", {"involvements": f"1, C1, {null}, {null}, T1, {null}, {null}, {null}"})
    row = held("involvement").to_dicts()[0]
    assert [row[name] for name in ("worker", "role", "begun_on", "ended_on", "referral")] == [None] * 5
    assert row["team_alone"] == "T1"


def test_an_involvement_of_nobody_is_quarantined() -> None:
    done = night("2019-10-08", {"involvements": "1,, W1, CW, T1, 2019-01-05,,"})
    assert (tally(done)[3], codes(done)) == (1, ["C02"])


# -- worklists ------------------------------------------------------------------------------------

MAPPED = """[columns]
child = "ClientID"
worker = "Worker"
"""


def worklist(text: str, at: str = "2019-10-08") -> recipe.Outcome:
    return given({"list.csv": text.encode()}, at, "list")


def test_a_worklist_is_mapped_and_its_open_rows_are_episodes_where_no_source_states_any(home: Home) -> None:
    describe("list", kind="worklist", more=MAPPED)
    worklist(
        "ClientID,Worker,team,role,start,end,note\nC1,W1,T1,CW,2019-01-01,,x\nC2,,T1,CW,2019-01-01,,x\nC3,W1,T1,CW,2019-01-01,2019-02-01,x\n"
    )
    figure: dict[str, Any] = home.answer(
        "figure", "unallocated", "--authority", AUTHORITY, "--as-at", "2019-10-08"
    )
    assert (figure["population"], figure["unallocated"], figure["states"]["team_only"]) == (2, 1, 1)
    night("2019-10-09", {"cin_episodes": "R9, C9, 2019-01-01, N,,"})
    figure = home.answer("figure", "unallocated", "--authority", AUTHORITY, "--as-at", "2019-10-08")
    assert figure["population"] == 1


def test_a_worklist_without_its_child_column_is_refused_with_what_to_do() -> None:
    describe("list", kind="worklist", more=MAPPED)
    with pytest.raises(Refused, match="ClientID"):
        worklist("child,worker\nC1,W1\n")


def test_headings_of_these_tests_are_the_datasets() -> None:
    """So that a renamed column here cannot make a test pass for want of data."""
    from lineofsight.intake.formats.ssd_columns import SSD_TABLES

    known = {name for one in SSD_TABLES for names in one.columns.values() for name in names}
    known |= {name for one in SSD_TABLES for name in one.unread}
    assert {name for heading in HEADINGS.values() for name in heading.split(",")} <= known


# -- invariants -----------------------------------------------------------------------------------

NIGHT = {
    "cin_episodes": EPISODES,
    "person": "C1,,\nC2,,",
    "involvements": "1, C1, W1, CW, T1, 2019-01-05,, R1\n2,, W1, CW, T1, 2019-01-05,, R2\n3, C1, W1, CW, T1, soon,, R1",
    "professionals": "W1, s1, Social Worker, SW1, 1.0,",
}


def contents(
    tables: tuple[str, ...] = ("episode", "child", "involvement", "worker"),
) -> list[list[dict[str, Any]]]:
    own = [frames.SOURCE, frames.ATTESTED_FROM, frames.ATTESTED_TO]
    return [
        sorted(
            picture.history(AUTHORITY, name)
            .drop(pl.selectors.starts_with("_") - pl.selectors.by_name(own))
            .to_dicts(),
            key=str,
        )
        for name in tables
    ]


def test_the_order_of_files_in_a_delivery_does_not_matter(new_home: Any, django_db_blocker: Any) -> None:
    found = []
    for name, order in (("one", list(NIGHT)), ("two", list(reversed(NIGHT)))):
        home = new_home(name)
        with django_db_blocker.unblock(), standing_in(home, database_of(home)):
            describe()
            done = night("2019-10-08", {table: NIGHT[table] for table in order})
            found.append((tally(done), contents()))
    assert found[0] == found[1]
    assert found[0][0] == (8, 7, 0, 1, 0)


def test_the_order_in_which_sources_of_one_moment_are_loaded_does_not_matter(
    new_home: Any, django_db_blocker: Any
) -> None:
    """Where each speaks of tables of its own, as two exports of one night do."""
    parts = (
        {"cin_episodes": EPISODES},
        {"involvements": NIGHT["involvements"], "professionals": NIGHT["professionals"]},
    )
    found = []
    for name, order in (("one", (0, 1)), ("two", (1, 0))):
        home = new_home(name)
        with django_db_blocker.unblock(), standing_in(home, database_of(home)):
            for at in order:
                describe(f"part-{at}")
                night("2019-10-08", parts[at], f"part-{at}")
            figure = home.answer("figure", "unallocated", "--authority", AUTHORITY, "--as-at", "2019-10-08")
            found.append((contents(), figure["states"], figure["population"]))
    assert found[0] == found[1]


def test_what_is_caught_up_night_by_night_is_what_a_rebuild_gives(home: Home) -> None:
    for day, rows in enumerate(
        (EPISODES, "R1, C1, 2019-01-01, N,,", EPISODES, "R2, C2, 2019-01-01, N, 2019-09-01, RC1")
    ):
        night(f"2019-10-0{day + 1}", {**NIGHT, "cin_episodes": rows})
    assert picture.rebuild_and_compare() == []


def test_of_two_rows_of_one_episode_the_open_one_stands() -> None:
    """An old row that is closed stands above the new one in many extracts: the child must not be lost to it."""
    rows = "R1, C1, 2019-01-01, N, 2019-02-01,\nR1, C1, 2019-01-01, N,,"
    done = night("2019-10-08", {"cin_episodes": rows})
    assert codes(done).count("K01") == 1
    assert held().filter(child="C1")["closed_on"].to_list() == [None]
