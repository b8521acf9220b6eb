"""Lists in blocks, where a worker is named on the first row of a block only: the rows beneath are not read as without one."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
import xlsxwriter

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import REFUSED, numbered
from lineofsight.intake.formats import annex_a, ssd_tables, worklist

CONTEXT = Context(datetime(2026, 3, 16, 9, tzinfo=UTC))
BLOCKS = ("Ada Byron", "", "", "Ben Cole", "", "", "")


def listed(*workers: str, teams: tuple[str, ...] = ()) -> Reading:
    rows = [
        f"{worker},{team},{1001 + at}"
        for at, (worker, team) in enumerate(zip(workers, teams or [""] * len(workers), strict=True))
    ]
    text = "\n".join(["Allocated worker,Team,Child ID", *rows]) + "\n"
    return worklist.read([NamedBytes("list.csv", text.encode())], CONTEXT)


def codes(reading: Reading) -> list[str]:
    return numbered(reading.findings)["code"].to_list()


def test_rows_beneath_a_worker_are_refused_and_the_list_is_told() -> None:
    reading = listed(*BLOCKS)
    assert reading.rows["involvement"].select("child", "worker").rows() == [
        ("1001", "Ada Byron"),
        ("1004", "Ben Cole"),
    ]
    assert (reading.received, reading.quarantined) == (7, 5)
    assert reading.refused_rows["involvement"]["child"].to_list() == ["1002", "1003", "1005", "1006", "1007"]
    found = numbered(reading.findings)
    assert found.filter(code="N14")["says"].str.contains("5 rows beneath name nobody").all()
    assert found.filter(code="N13", severity=REFUSED).height == 5


def test_what_was_known_of_a_child_beneath_a_worker_is_not_absent() -> None:
    keys = [
        frame for frame in listed(*BLOCKS).present["involvement"] if frame.columns == ["child", "referral"]
    ]
    assert keys[0]["child"].sort().to_list() == ["1002", "1003", "1005", "1006", "1007"]


@pytest.mark.parametrize(
    "workers",
    [
        ("Ada Byron", "", "", "Ada Byron", "", "", "Ben Cole", "", ""),
        ("Ada Byron", "", "", "", "", ""),
        ("Unallocated", "", "", "Ada Byron", "", ""),
        ("Ada Byron", "", "\u200b", "Ben Cole", "\u00a0", " "),
        ("Ada Byron", "Ben Cole", "", "", "Cy Dunn", "", ""),
    ],
)
def test_blocks_however_they_are_printed(workers: tuple[str, ...]) -> None:
    assert "N14" in codes(listed(*workers))


@pytest.mark.parametrize(
    "workers",
    [
        ("Ada Byron", "Ada Byron", "", "", "Ben Cole", "", "", ""),
        ("Ada Byron", "", "", "Ben Cole", "", "Ada Byron", "", ""),
        ("", "Ada Byron", "", "", "Ben Cole", "", ""),
        ("Ada Byron", "Ben Cole", "Cy Dunn", "", "", "", ""),
        ("Ada Byron", "NULL", "NULL", "Ben Cole", "-", "-", "NULL"),
        ("Ada Byron", "", "", ""),
        ("Ada Byron", "Ben Cole", "Cy Dunn", "", "Di Ely", "", "Ed Fox"),
    ],
)
def test_a_plain_list_with_children_whom_nobody_has_is_read_as_it_stands(workers: tuple[str, ...]) -> None:
    reading = listed(*workers)
    assert reading.quarantined == 0
    assert not {"N13", "N14"} & set(codes(reading))


def test_a_child_who_stands_twice_is_no_sign_of_a_block() -> None:
    text = "Child ID,Allocated worker\n1,Ada Byron\n1,\n2,\n3,Ben Cole\n3,\n4,\n"
    assert worklist.read([NamedBytes("list.csv", text.encode())], CONTEXT).quarantined == 0


def test_a_row_that_names_a_team_says_who_answers_and_is_told() -> None:
    reading = listed(*BLOCKS, teams=("North",) * 3 + ("South",) * 4)
    assert reading.quarantined == 0
    assert "N15" in codes(reading)
    mixed = listed(*BLOCKS, teams=("North", "South", "North", "South", "North", "South", "North"))
    assert "N15" not in codes(mixed)


def test_workers_named_in_lines_between_the_rows_are_told_and_not_guessed() -> None:
    text = "Worker,Team,Child ID\nAda Byron,,\n,,1001\n,,1002\nBen Cole,,\n,,1003\n,,1004\n"
    reading = worklist.read([NamedBytes("list.csv", text.encode())], CONTEXT)
    assert reading.rows["involvement"].height == 0
    assert reading.refused_rows["involvement"]["child"].to_list() == ["1001", "1002", "1003", "1004"]
    assert "N14" in codes(reading)


def test_a_list_in_which_nobody_is_named_is_told() -> None:
    reading = listed("", "", "", "", "", "")
    assert reading.quarantined == 0
    assert "N16" in codes(reading)


def test_a_list_of_a_workbook_in_blocks_refuses_its_rows_and_counts_their_children_as_not_known() -> None:
    text = "Child Unique ID,CIN Start Date,Allocated Team,Allocated Worker\n1,01/02/2025,North,Ada Byron\n2,01/02/2025,,\n3,01/02/2025,,\n4,01/02/2025,South,Ben Cole\n5,01/02/2025,,\n6,01/02/2025,,\n"
    reading = annex_a.read([NamedBytes("List 6.csv", text.encode())], CONTEXT)
    assert reading.rows["episode"]["child"].to_list() == ["1", "4"]
    assert reading.rows["involvement"]["child"].to_list() == ["1", "4"]
    assert set(reading.refused_rows["episode"]["child"]) == {"2", "3", "5", "6"}
    assert reading.received == sum(frame.height for frame in reading.rows.values()) + reading.quarantined


def test_a_table_in_blocks_is_not_loaded_so_that_no_child_is_without_a_worker_by_it() -> None:
    rows = "".join(f"C{at},R{at},{worker},\n" for at, worker in enumerate(BLOCKS))
    involvements = f"invo_person_id,invo_referral_id,invo_professional_id,invo_professional_team\n{rows}"
    episodes = "cine_person_id,cine_referral_id\n" + "".join(f"C{at},R{at}\n" for at in range(7))
    files = {"ssd_involvements.csv": involvements, "ssd_cin_episodes.csv": episodes}
    reading = ssd_tables.read([NamedBytes(name, text.encode()) for name, text in files.items()], CONTEXT)
    assert set(reading.rows) == {"episode"}
    assert numbered(reading.findings).filter(code="F06")["says"].str.contains("first row of a block").all()


def test_a_table_in_which_each_row_names_a_team_is_loaded_and_told() -> None:
    rows = "".join(f"C{at},R{at},{worker},{'N' if at < 3 else 'S'}\n" for at, worker in enumerate(BLOCKS))
    text = f"invo_person_id,invo_referral_id,invo_professional_id,invo_professional_team\n{rows}"
    reading = ssd_tables.read([NamedBytes("ssd_involvements.csv", text.encode())], CONTEXT)
    assert reading.rows["involvement"].height == 7
    assert "N15" in codes(reading)


@pytest.mark.parametrize("sheet", ["List 6", "Sheet1"])
def test_cells_merged_over_several_rows_are_each_rows_own(sheet: str) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet(sheet)
        page.merge_range("A1:D1", "Children by worker")
        page.write_row(1, 0, ["Allocated Worker", "Child Unique ID", "CIN Start Date", "Allocated Team"])
        for at in range(6):
            page.write_row(2 + at, 1, [f"100{at}", "2025-03-01"])
        page.merge_range("A3:A5", "Ada Byron")
        page.merge_range("A6:A8", "Ben Cole")
    read = annex_a.read if sheet == "List 6" else worklist.read
    reading = read([NamedBytes("list.xlsx", made.getvalue())], CONTEXT)
    assert sorted(reading.rows["involvement"]["worker"]) == ["Ada Byron"] * 3 + ["Ben Cole"] * 3
    assert reading.quarantined == 0
    assert numbered(reading.findings).filter(code="F15")["says"].str.contains("^4 rows share").all()
    assert "F15" in codes(reading)


def test_a_row_that_may_be_over_is_refused_and_one_that_goes_on_is_not() -> None:
    text = "Child Unique ID,Date Ceased to be Looked After,Allocated Worker\n1,soon,Ada Byron\n2,ongoing,Ben Cole\n"
    reading = annex_a.read([NamedBytes("List 8.csv", text.encode())], CONTEXT)
    assert reading.rows["involvement"]["child"].to_list() == ["2"]
    assert "D05" in codes(reading)


def test_a_workbook_that_cannot_be_opened_leaves_the_other_tables_and_lets_nothing_be_withdrawn() -> None:
    people = NamedBytes("ssd_person.csv", b"pers_person_id\nC1\n")
    reading = ssd_tables.read([people, NamedBytes("more.xlsx", b"PK\x03\x04garbage")], CONTEXT)
    assert reading.rows["child"]["child"].to_list() == ["C1"]
    assert reading.unlimited == {"child"}
    assert "F06" in codes(reading)
