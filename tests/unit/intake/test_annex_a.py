"""Reading an Annex A workbook: its lists by name, its columns by heading, its dirt as findings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from lineofsight.intake.days_as_written import read_written_day
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import numbered
from lineofsight.intake.formats import annex_a
from lineofsight.intake.formats.annex_lists import columns_of, list_number
from lineofsight.intake.unpacking import opened
from lineofsight.vocabulary.nobody import stands_for_nobody
from lineofsight.vocabulary.refusal import Refused

DAY = date(2021, 3, 16)
CONTEXT = Context(datetime(2021, 3, 16, 9, tzinfo=UTC))
ALL_LISTS = Context(CONTEXT.received_at, other_lists=True)
LIST_6 = [
    "Child Unique ID",
    "Gender",
    "Date of Birth",
    "CIN Start Date",
    "Primary Need Code",
    "Date Child Was Last Seen",
    "CIN Closure Date",
    "Reason for Closure",
    "Case Status",
    "Allocated Team",
    "Allocated Worker",
]


def six(child: Any, team: Any = "North", worker: Any = "Ada Byron", **more: Any) -> list[Any]:
    cells = {
        "Child Unique ID": child,
        "Gender": "b) Female",
        "Date of Birth": date(2012, 8, 8),
        "CIN Start Date": date(2020, 1, 2),
        "Primary Need Code": "N1 - Abuse or Neglect",
        "Case Status": "c) Child in need plan",
        "Allocated Team": team,
        "Allocated Worker": worker,
    } | more
    return [cells.get(name) for name in LIST_6]


def book(sheets: Mapping[str, Sequence[Sequence[Any]]], name: str = "Annex A.xlsx") -> NamedBytes:
    """A workbook of sheets, each a list of rows of cells; a text that begins with = is a formula."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as workbook:
        for title, rows in sheets.items():
            sheet = workbook.add_worksheet(title)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, column, cell)
                    elif isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(at, column, cell, None, "#N/A")
                    elif isinstance(cell, str):
                        sheet.write_string(at, column, cell)
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return NamedBytes(name, made.getvalue())


def read(
    *rows: Sequence[Any],
    more: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    context: Context = CONTEXT,
) -> Reading:
    return annex_a.read([book({"List 6": [LIST_6, *rows], **(more or {})})], context)


def hands(reading: Reading) -> list[tuple[Any, ...]]:
    return (
        reading.rows["involvement"].select("child", "worker", "team", "role", "referral", "begun_on").rows()
    )


def codes(reading: Reading) -> list[str]:
    return numbered(reading.findings)["code"].to_list()


def test_a_cell_of_list_6_holds_from_the_workbooks_day() -> None:
    reading = read(six(1234.0))
    assert hands(reading) == [("1234", "Ada Byron", "North", "CW", "list 6", DAY.toordinal())]
    episode = reading.rows["episode"].row(0, named=True)
    assert (episode["need"], episode["begun_on"]) == ("N1", date(2020, 1, 2).toordinal())
    assert reading.rows["need_plan"]["child"].to_list() == ["1234"]
    child = reading.rows["child"].row(0, named=True)
    assert (child["sex"], child["born_on"]) == ("F", date(2012, 8, 8).toordinal())
    assert reading.lists == {"list 6"}
    assert reading.received == sum(frame.height for frame in reading.rows.values()) + reading.quarantined


@pytest.mark.parametrize(
    "cell",
    [None, "", " ", "#N/A", "N/A", "Unallocated", "not yet allocated", "TBC", "None", "-", "\u00a0", "=NA()"],
)
def test_a_cell_that_says_nobody_is_nobody(cell: Any) -> None:
    """A word for nobody is kept as written: who answers is decided with the source's settings at hand."""
    worker, team = hands(read(six("1", worker=cell)))[0][1:3]
    assert (worker is None or stands_for_nobody(worker)) and team == "North"


@pytest.mark.parametrize("cell", ["Locality 4 Duty Team", "Assessment hub", "NORTH "])
def test_a_team_in_a_workers_cell_is_no_worker_and_is_found(cell: str) -> None:
    reading = read(six("1", worker=cell))
    assert hands(reading)[0][1:3] == (None, "North")
    assert "N11" in codes(reading)


def test_a_tray_that_the_settings_name_is_kept_as_written() -> None:
    context = Context(CONTEXT.received_at, workers_named=frozenset({"duty team"}))
    reading = read(six("1", worker="Duty Team"), context=context)
    assert hands(reading)[0][1] == "Duty Team"
    assert "N11" not in codes(reading)


def test_names_are_taken_as_written_but_for_their_spaces() -> None:
    found = hands(read(six("1", worker="Ada\u00a0 Byron "), six("2", worker="Byron, Ada")))
    assert [row[1] for row in found] == ["Ada Byron", "Byron, Ada"]


def test_a_closed_child_is_in_nobodys_hands() -> None:
    reading = read(six("1", **{"CIN Closure Date": date(2021, 2, 1), "Reason for Closure": "RC8 - assessed"}))
    assert hands(reading) == []
    assert reading.rows["episode"]["close_reason"].to_list() == ["RC8"]


def test_numbers_that_lost_their_zeros_are_taken_as_another_list_writes_them() -> None:
    seven = [
        ["Child Unique ID", "Child Protection Plan Start Date", "Allocated Team", "Allocated Worker"],
        ["00123", date(2021, 1, 1), "North", "Ada Byron"],
    ]
    reading = read(six(123.0), six(77.0), more={"List 7": seven})
    assert reading.rows["child"]["child"].sort().to_list() == ["00123", "77"]
    assert "A06" in codes(reading)


def test_headings_are_known_however_they_are_written_and_wherever_they_stand() -> None:
    odd = ["CHILD  unique\nid ", "cin start   date", "allocated  team", "Allocated Social Worker"]
    sheets = {"6. Children in need": [["Annex A"], [], odd, ["9", "02/01/2020", "North", "Ada"]]}
    reading = annex_a.read([book(sheets)], CONTEXT)
    assert hands(reading)[0][:3] == ("9", "Ada", "North")
    assert reading.rows["episode"]["begun_on"].to_list() == [date(2020, 1, 2).toordinal()]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("List 6", 6),
        ("List_06", 6),
        ("AA 6", 6),
        ("6 CIN", 6),
        ("Children in Need", 6),
        ("Child Protection", 7),
        ("LAC", 8),
        ("Care Leavers", 9),
        ("List 11", 11),
        ("Prospective adopters", 11),
        ("Notes", None),
        ("List 12", None),
        ("Section 47", 5),
    ],
)
def test_a_list_is_known_by_its_number_or_what_it_is_called(name: str, number: int | None) -> None:
    assert list_number(name) == number


def test_a_heading_that_fits_wholly_is_taken_before_one_that_only_begins_alike() -> None:
    """The order of the columns says nothing: `Gender at birth as recorded` stands before `Gender`."""
    alike = [
        "Child Unique ID",
        "CIN Start Date",
        "CIN Closure Date Source",
        "Gender at birth as recorded",
        "Gender",
        "CIN Closure Date",
    ]
    for headings in (alike, alike[::-1]):
        found = columns_of(6, headings)
        assert (found["sex"], found["closed_on"]) == ("Gender", "CIN Closure Date")
    assert columns_of(6, alike[:4])["closed_on"] == "CIN Closure Date Source", (
        "with no other, one that begins alike"
    )


def test_a_count_is_not_taken_for_a_day() -> None:
    heading = [
        "Child Unique ID",
        "Number of Section 47 Enquiries in the last 12 months",
        "Strategy discussion initiating Section 47 Enquiry Start Date",
    ]
    assert columns_of(5, heading)["begun_on"] == heading[2]


def test_a_days_number_is_a_day() -> None:
    assert read_written_day("43832") == read_written_day("02/01/2020") == date(2020, 1, 2)


def test_a_list_that_is_not_there_is_told_and_one_without_workers_says_nothing_of_them() -> None:
    nine = [["Child Unique ID", "Eligibility Category"], ["5", "Former relevant"]]
    reading = read(six("1"), more={"List 9": nine})
    said = numbered(reading.findings).filter(pl.col("code") == "A07")["says"].to_list()
    assert [text.split()[1] for text in said] == ["1", "2", "3", "4", "5", "7", "8", "10", "11"]
    assert reading.lists == {"list 6"}
    assert "A03" in codes(reading)


def test_a_list_that_is_there_and_empty_says_that_there_is_nobody() -> None:
    reading = annex_a.read([book({"List 6": [LIST_6]})], CONTEXT)
    assert reading.lists == {"list 6"}
    assert reading.rows["involvement"].height == reading.rows["episode"].height == 0


def test_a_row_without_a_child_is_in_quarantine_and_found() -> None:
    reading = read(six("1"), six(None))
    assert reading.quarantined > 0
    assert "1" in reading.rows["involvement"]["child"].to_list()
    places = numbered(reading.findings).filter(pl.col("severity") == "refused")
    assert set(places["row"]) == {3}


def test_errors_in_cells_are_told() -> None:
    reading = read(six("1", worker="=NA()"), six("2", worker="=VLOOKUP(1,A:A,9)"))
    [said] = numbered(reading.findings).filter(pl.col("code") == "A05")["says"].to_list()
    assert said.startswith("2 cells")


def test_different_workers_on_different_lists_each_count_and_are_told() -> None:
    eight = [
        ["Child Unique ID", "Date Started to be Looked After", "Allocated Team", "Allocated Worker"],
        ["1", date(2021, 1, 1), "South", "Bea Webb"],
    ]
    reading = read(six("1"), more={"List 8": eight})
    assert {row[1] for row in hands(reading)} == {"Ada Byron", "Bea Webb"}
    assert "A08" in codes(reading)


def test_lists_as_csvs_are_read_the_same() -> None:
    text = "Child Unique ID,CIN Start Date,Allocated Team,Allocated Worker\n007,02/01/2020,North,Ada\n"
    reading = annex_a.read([NamedBytes("annex/List 6.csv", text.encode())], CONTEXT)
    assert hands(reading)[0][:3] == ("007", "Ada", "North")


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a workbook",
        book({"List 6": [LIST_6]}).content[:400],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
        b"PK\x03\x04garbage",
    ],
    ids=["empty", "text", "cut off", "locked", "broken zip"],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused, match=r"cannot be opened|No sheet"):
        annex_a.read([NamedBytes("Annex A.xlsx", content)], CONTEXT)


def test_a_workbook_that_would_fill_the_memory_is_refused_unopened() -> None:
    with pytest.raises(Refused, match="would unpack to more"):
        annex_a.read([NamedBytes("Annex A.xlsx", bomb())], CONTEXT)


def test_a_workbook_with_none_of_the_lists_is_refused() -> None:
    with pytest.raises(Refused, match="lists of Annex A"):
        annex_a.read([book({"Notes": [["hello"]]})], CONTEXT)


def changed(file: NamedBytes, old: bytes, new: bytes) -> NamedBytes:
    """A workbook whose first sheet says something else."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file.content)) as theirs, zipfile.ZipFile(made, "w") as ours:
        for part in theirs.namelist():
            content = theirs.read(part)
            first = part == "xl/worksheets/sheet1.xml"
            ours.writestr(part, content.replace(old, new, 1) if first else content)
    return NamedBytes(file.name, made.getvalue())


@pytest.mark.parametrize(
    "far",
    [
        b'<c r="XFD1048576"',
        b'<c s="1" r="B1048576"',
        b"<c r='ZZZZZZZZZZZZ9'",
        b'<c r="A99999999999999"',
        b'<row r="1048576"><c><v>1</v></c></row><c r="L2"',
    ],
)
def test_a_cell_so_far_out_that_memory_would_end_is_refused(far: bytes) -> None:
    """Whoever pressed End and typed: the reader would be ended by the machine, at every try again."""
    file = changed(book({"List 6": [LIST_6, six("1")]}), b'<c r="A2"', far)
    with pytest.raises(Refused, match="far below or beside its lists"):
        annex_a.read([file], CONTEXT)


def test_colour_far_out_is_nothing_in_a_cell() -> None:
    far = b'<c r="XFD1048576" s="0"/><c r="A2"'
    reading = annex_a.read([changed(book({"List 6": [LIST_6, six("1")]}), b'<c r="A2"', far)], CONTEXT)
    assert reading.rows["child"].height == 1


def test_rows_and_cells_without_a_place_are_read_as_they_stand() -> None:
    reading = annex_a.read([changed(book({"List 6": [LIST_6, six("1")]}), b'<c r="A2"', b"<c")], CONTEXT)
    assert reading.rows["child"]["child"].to_list() == ["1"]


@pytest.mark.parametrize("name", ["Annex A.xlsm", "Annex A.XLSM", "Annex A.xlsx"])
def test_a_workbook_with_macros_is_a_workbook_and_no_zip(name: str) -> None:
    """It is kept and read whole; what its macros would do is never asked."""
    file = book({"List 6": [LIST_6, six("1")]}, name)
    assert opened([file]) == [file]
    assert annex_a.read(opened([file]), CONTEXT).rows["child"].height == 1


LIST_1 = ["Child Unique ID", "Gender", "Date of Contact", "Contact Source"]
LIST_2 = [
    "Child Unique ID",
    "Assessment start date",
    "Assessment completion date",
    "Organisation completing assessment",
]
LIST_10 = [
    "Child Unique ID",
    "Family identifier",
    "Date the Child Entered Care",
    "Date of Decision that Child Should be Placed for Adoption",
    "Date of Placement Order",
    "Date of Matching Child and Prospective Adopters",
    "Date Placed for Adoption",
    "Date of Adoption Order",
    "Date of Decision that Child Should No Longer be Placed for Adoption",
    "Reason Why Child No Longer Placed for Adoption",
    "Date the child was placed for fostering in FFA or concurrent planning placement",
]
LIST_11 = [
    "Individual adopter identifier",
    "Family identifier",
    "Gender",
    "Is the (prospective) adopter fostering for adoption?",
    "Date enquiry received",
    "Date Stage 1 started",
    "Date Stage 2 ended",
    "Date application approved",
    "No. of children placed",
    "Date of leaving adoption process",
    "Reason for leaving adoption process",
]


def test_contacts_and_early_help_are_read_and_make_no_episode() -> None:
    one = [
        LIST_1,
        ["7", "b) Female", date(2021, 1, 5), "q) 6: Police"],
        ["8", None, date(2021, 1, 6), "a) a friend"],
    ]
    two = [LIST_2, ["9", date(2021, 1, 7), date(2021, 2, 7), "Early Help Locality 2"]]
    reading = read(six("1"), more={"List 1": one, "List 2": two}, context=ALL_LISTS)
    assert reading.rows["contact"].select("child", "made_by", "made_by_says").rows() == [
        ("7", "6", "Police"),
        ("8", None, "a friend"),
    ]
    early = reading.rows["early_help"].row(0, named=True)
    assert (early["child"], early["organisation"]) == ("9", "Early Help Locality 2")
    assert (early["begun_on"], early["ended_on"]) == (
        date(2021, 1, 7).toordinal(),
        date(2021, 2, 7).toordinal(),
    )
    assert set(reading.rows["child"]["child"]) == {"1", "7", "8", "9"}
    assert reading.rows["episode"]["child"].to_list() == ["1"]
    assert {"contact", "early_help"}.isdisjoint(reading.unlimited)


def test_adoption_and_adopters_are_read_and_an_adopter_is_no_child() -> None:
    days = [date(2019, 1, day) for day in range(1, 7)]
    ten = [LIST_10, ["0045", "F1", *days, date(2020, 5, 1), "b) RD1", None]]
    eleven = [LIST_11, [45.0, "F1", "a) Male", "Yes", *days[:4], 2, None, None], [None, "F2", *[None] * 9]]
    reading = read(six("45"), more={"List 10": ten, "List 11": eleven}, context=ALL_LISTS)
    adoption = reading.rows["permanence"].row(0, named=True)
    asked = ("entered_care_on", "decided_on", "placement_order_on", "matched_on", "placed_on", "ordered_on")
    assert [adoption[name] for name in asked] == [day.toordinal() for day in days]
    assert (adoption["reversed_on"], adoption["reversed_because"]) == (date(2020, 5, 1).toordinal(), "RD1")
    [adopter] = reading.rows["adopter"].to_dicts()
    assert (adopter["adopter"], adopter["adoptive_family"], adopter["sex"]) == ("45", "F1", "M")
    assert (adopter["fosters_for_adoption"], adopter["number_placed"]) == ("Y", "2")
    assert set(reading.rows["child"]["child"]) == {"0045"}
    assert reading.quarantined == 1
    assert {"permanence", "adopter"} <= reading.unlimited


def test_a_list_of_adopters_without_their_number_is_not_loaded() -> None:
    reading = read(
        six("1"), more={"List 11": [["Family identifier", "Gender"], ["F1", "Male"]]}, context=ALL_LISTS
    )
    [said] = numbered(reading.findings).filter(pl.col("code") == "A02")["says"].to_list()
    assert "Individual adopter identifier" in said


@pytest.mark.parametrize(
    ("name", "number"),
    [("Contacts", 1), ("1. Contacts", 1), ("Contact details", None), ("Contacts list of staff", None)],
)
def test_a_sheet_of_addresses_is_no_list_of_contacts(name: str, number: int | None) -> None:
    assert list_number(name) == number
