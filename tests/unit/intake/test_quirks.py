"""Every quirk of real files against every format that reads tables: what is read is what was meant.

A cell of the matrix that does not apply says why. Each format is given the same three rows: a number, a
name that is missing in the second, and a day.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import REFUSED, numbered
from lineofsight.intake.formats import formats
from lineofsight.intake.unpacking import opened
from lineofsight.vocabulary.refusal import Refused

CONTEXT = Context(datetime(2026, 3, 16, 9, tzinfo=UTC), authority="926", columns={"child": "Client ID"})
DAY = date(2025, 3, 1)
ROWS = (("1001", "Ada Byron"), ("1002", ""), ("1003", "Zoë Okri"))
MEANT = {(number, name or None, DAY.toordinal()) for number, name in ROWS}
Cells = list[list[str]]


@dataclass(frozen=True)
class Format:
    """A format that reads tables: a file's name, its headings, and where number, name, day and end stand in a row."""

    name: str
    file: str
    headings: tuple[str, ...]
    row: Callable[[str, str, str, str], list[str]]
    seen: Callable[[Reading], set[tuple[str, str | None, int | None]]]
    read_by: str = ""
    """The format that reads it, where it is a file that several formats read."""

    def read(self, content: bytes, file: str = "") -> Reading:
        return formats()[self.read_by or self.name].read([NamedBytes(file or self.file, content)], CONTEXT)


def _ssd(reading: Reading) -> set[tuple[str, str | None, int | None]]:
    return set(reading.rows["involvement"].select("child", "worker", "begun_on").rows())


def _annex(reading: Reading) -> set[tuple[str, str | None, int | None]]:
    rows = reading.rows["involvement"].select("child", "worker")
    episodes = reading.rows["episode"].select("child", "begun_on")
    return set(rows.join(episodes, on="child").rows())


def _statements(reading: Reading) -> set[tuple[str, str | None, int | None]]:
    rows = reading.rows["statement"].select("id", "owner", "said_on").rows()
    return {(number, name, date.fromisoformat(day).toordinal()) for number, name, day in rows}


def _outcomes(reading: Reading) -> set[tuple[str, str | None, int | None]]:
    rows = reading.rows["inspection"].select("theme", "published_on").rows()
    return {(str(1000 + at), theme, day) for at, (theme, day) in enumerate(rows, 1)}


_FULL_TIME = {"Ada Byron": "0.8", "Zoë Okri": "0.6"}
"""The list has no free text: an amount stands for each name."""


def _workforce(reading: Reading) -> set[tuple[str, str | None, int | None]]:
    names = {fte: name for name, fte in _FULL_TIME.items()}
    rows = reading.rows["employment"].join(reading.rows["absence"].select("worker", "begun_on"), on="worker")
    assert rows["left_on"].to_list() == rows["begun_on"].to_list()
    return {
        (worker, names.get(fte), day) for worker, fte, day in rows.select("worker", "fte", "left_on").rows()
    }


FORMATS = {
    one.name: one
    for one in (
        Format(
            "ssd_tables",
            "ssd_involvements.csv",
            ("invo_person_id", "invo_professional_id", "invo_involvement_start_date", "invo_involvement_end_date"),
            lambda number, name, day, end: [number, name, day, end],
            _ssd,
        ),
        Format(
            "worklist",
            "list.csv",
            ("Client ID", "Allocated worker", "Start date", "End date"),
            lambda number, name, day, end: [number, name, day, end],
            _ssd,
        ),
        Format(
            "annex_a",
            "List 6.csv",
            ("Child Unique ID", "Allocated Worker", "CIN Start Date", "CIN Closure Date"),
            lambda number, name, day, end: [number, name, day, end],
            _annex,
        ),
        Format(
            "statements",
            "statements.csv",
            ("id", "owner", "said_on", "ended", "subject_kind", "subject", "says", "said_by", "kind", "source_title",
             "source_publisher", "confidence"),
            lambda number, name, day, end: [number, name, day, end, "service", "children's services", "It was said.",
                                            "The council", "claim", "Minutes", "The council", "read"],
            _statements,
        ),
        Format(
            "inspection_outcomes",
            "outcomes.csv",
            ("Local authority name", "Visit theme", "Publication date", "Inspection date", "Overall effectiveness"),
            lambda number, name, day, end: ["Norfolk", name, day, f"2020-01-0{number[-1]}", "Good"],
            _outcomes,
        ),
        Format(
            "workforce",
            "workforce.csv",
            ("Worker", "FTE", "Leaving date", "Absent from", "Absent to"),
            lambda number, name, day, end: [number, _FULL_TIME.get(name, name), day, day, end],
            _workforce,
            "worklist",
        ),
    )
}  # fmt: skip


def table(
    of: Format, rows: Sequence[tuple[str, str]] = ROWS, day: str = "2025-03-01", end: str = ""
) -> Cells:
    return [list(of.headings), *(of.row(number, name, day, end) for number, name in rows)]


def text(cells: Cells, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL, end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(cells)
    return out.getvalue()


def _lines(change: Callable[[list[str], str], list[str]]) -> Callable[[Format], bytes]:
    """A quirk of the lines of a plain text, given the lines and the commas of an empty row."""

    def made(of: Format) -> bytes:
        lines = text(table(of)).split("\n")[:-1]
        return ("\n".join(change(lines, "," * (len(of.headings) - 1))) + "\n").encode()

    return made


def _encoded(encoding: str, mark: bytes = b"") -> Callable[[Format], bytes]:
    return lambda of: mark + text(table(of)).encode(encoding)


def _written(**how: str | int) -> Callable[[Format], bytes]:
    return lambda of: text(table(of), **how).encode()  # type: ignore[arg-type]


def _cells(change: Callable[[Format], Cells]) -> Callable[[Format], bytes]:
    return lambda of: text(change(of)).encode()


def _numbers(form: str) -> Callable[[Format], bytes]:
    """Numbers dressed by a spreadsheet: `{}` is where the number stands."""
    return _cells(lambda of: table(of, [(form.format(number), name) for number, name in ROWS]))


def _empty(word: str) -> Callable[[Format], bytes]:
    return _cells(lambda of: table(of, [(number, name or word) for number, name in ROWS]))


def _day(written: str) -> Callable[[Format], bytes]:
    return _cells(lambda of: table(of, day=written))


def _ended(written: str) -> Callable[[Format], bytes]:
    return _cells(lambda of: table(of, end=written))


LAYOUTS: dict[str, Callable[[Format], bytes]] = {
    "a title above": _lines(lambda lines, _: ["Children's services: list for March", "", *lines]),
    "a title with commas above": _lines(lambda lines, row: [f"List for March{row}", f"Extracted 16/03/2026{row}", *lines]),
    "a line that names the separator": _lines(lambda lines, _: ["sep=,", *lines]),
    "a comma at every line's end": _lines(lambda lines, _: [lines[0], *(f"{line}," for line in lines[1:])]),
    "commas at the headings' end too": _lines(lambda lines, _: [f"{line}," for line in lines]),
    "dashes under the headings": _lines(lambda lines, row: [lines[0], "---" + row.replace(",", ",---"), *lines[1:]]),
    "a count of rows below": _lines(lambda lines, _: [*lines, "", "(3 rows affected)"]),
    "a total below": _lines(lambda lines, row: [*lines, f"Total{row[1:]},3"]),
    "the filters of a report below": _lines(lambda lines, _: [*lines, "", "Applied filters: Status is Open"]),
    "titles of groups between": _lines(lambda lines, row: [lines[0], f"Team: North{row}", *lines[1:3], f"Team: South{row}", lines[3]]),
    "headings again on each page": _lines(lambda lines, _: [*lines[:2], lines[0], *lines[2:]]),
    "empty rows below": _lines(lambda lines, row: [*lines, row, row]),
    "hints under the headings": _lines(lambda lines, row: [lines[0], f"Unique number,text,dd/mm/yyyy{row[2:]}", *lines[1:]]),
    "blank lines between": _lines(lambda lines, _: [line for one in lines for line in (one, "")]),
    "headings in capitals": _lines(lambda lines, _: [lines[0].upper(), *lines[1:]]),
    "blanks around headings": _lines(lambda lines, _: [lines[0].replace(",", " , "), *lines[1:]]),
    "semicolons": _written(delimiter=";"),
    "tabs": _written(delimiter="\t"),
    "pipes": _written(delimiter="|"),
    "everything in quotation marks": _written(quoting=csv.QUOTE_ALL),
    "line ends of Windows": _written(end="\r\n"),
    "line ends of old Macs": _written(end="\r"),
    "UTF-8 with a mark": _encoded("utf-8-sig"),
    "UTF-8 with two marks": _encoded("utf-8-sig", b"\xef\xbb\xbf"),
    "UTF-16 with its mark": _encoded("utf-16"),
    "UTF-16 without its mark": _encoded("utf-16-le"),
    "UTF-16, the other way round": _encoded("utf-16-be"),
    "Windows letters": _encoded("cp1252"),
}  # fmt: skip
VALUES: dict[str, Callable[[Format], bytes]] = {
    **{f"{word!r} for nothing": _empty(word) for word in ("NULL", "(null)", "#N/A", "\\N", "-", " ", "\u00a0", "\u200b")},
    **{f"a number as {form}": _numbers(form) for form in ("{}.0", "'{}", " {} ", "\u200b{}", "{}\u00a0")},
    **{f"the day as {day}": _day(day) for day in (
        "01/03/2025", "01/03/25", "1.3.2025", "2025-3-1", "20250301", "2025-03-01T00:00:00.000Z", "2025-03-01 00:00:00+00",
        "2025-03-01 00:00:00.0000000 +00:00", "01-MAR-25 12.00.00.000000000 AM", "Mar  1 2025 12:00AM", "1st March 2025",
        "Sat Mar 01 00:00:00 GMT 2025", "45717", "45717.0", "2025-03-01 00:00:00.000 Europe/London",
    )},
    **{f"an end on {day}": _ended(day) for day in (
        "31/12/9999", "31-DEC-4712", "31/12/2999", "01/01/1900", "1899-12-30", "01/01/1753", "N/A", "-", "Open",
    )},
}  # fmt: skip
QUIRKS = {**LAYOUTS, **VALUES}
NO_END = "its rows have no end of their own"
OTHER_NUMBER = "it has no number of its own"
DOES_NOT_APPLY = {
    **{(quirk, "statements"): "an id is what its writer wrote" for quirk in VALUES if quirk in ("a number as {}.0", "a number as '{}")},
    **{(f"the day as {day}", "statements"): "who states something gives a day that leaves nothing to guess"
       for day in ("01/03/25", "20250301", "45717", "45717.0")},
    **{(quirk, "inspection_outcomes"): OTHER_NUMBER for quirk in VALUES if quirk.startswith("a number")},
    **{(quirk, of): NO_END for quirk in VALUES if quirk.startswith("an end") for of in ("statements", "inspection_outcomes")},
}  # fmt: skip
MATRIX = [(quirk, of) for quirk in QUIRKS for of in FORMATS]


@pytest.mark.parametrize(("quirk", "of"), [cell for cell in MATRIX if cell not in DOES_NOT_APPLY])
def test_a_quirk_changes_nothing_of_what_is_read(quirk: str, of: str) -> None:
    reading = FORMATS[of].read(QUIRKS[quirk](FORMATS[of]))
    assert FORMATS[of].seen(reading) == MEANT
    assert reading.quarantined == 0
    assert numbered(reading.findings).filter(severity=REFUSED).height == 0


@pytest.mark.parametrize("of", ["ssd_tables", "worklist", "annex_a", "inspection_outcomes", "workforce"])
def test_a_workbook_is_read_as_a_text_is(of: str) -> None:
    made = io.BytesIO()
    shape = FORMATS[of]
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("ssd_involvements" if of == "ssd_tables" else "List 6")
        for at, row in enumerate([["A title", *[""] * (len(shape.headings) - 1)], *table(shape)]):
            sheet.write_row(at, 0, row)
    assert shape.seen(shape.read(made.getvalue(), f"{shape.file[:-4]}.xlsx")) == MEANT


@pytest.mark.parametrize("of", list(FORMATS))
@pytest.mark.parametrize(
    "content", [b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", b"1001,Ada Byron,2025-03-01\n"]
)
def test_what_has_no_headings_is_refused_in_a_sentence(of: str, content: bytes) -> None:
    with pytest.raises(Refused, match=r"web page|heading|column"):
        FORMATS[of].read(content)


@pytest.mark.parametrize("of", ["ssd_tables", "worklist", "annex_a"])
def test_a_word_for_nobody_is_told_and_a_doubtful_name_is_listed(of: str) -> None:
    shape = FORMATS[of]
    nobody = shape.read(text(table(shape, [("1001", "Vacant Post"), ("1002", "Sandra Pool")])).encode())
    told = numbered(nobody.findings).filter(numbered(nobody.findings)["code"].str.starts_with("N1"))
    assert told.select("code", "row").sort("code").rows() in (
        [("N10", 1), ("N12", 2)],
        [("N10", 2), ("N12", 3)],
    )


OF_TABLES = ["ssd_tables", "worklist", "annex_a", "inspection_outcomes", "workforce"]
HTML = "<html><head><style>td {}</style></head><body><table><tr><th>ID</th></tr><tr><td>1</td></tr></table></body></html>"
XML_BOOK = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'


def _book(of: Format) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("ssd_involvements" if of.name == "ssd_tables" else "List 6")
        for at, row in enumerate(table(of)):
            sheet.write_row(at, 0, row)
    return made.getvalue()


def _codes(reading: Reading) -> set[str]:
    return set(numbered(reading.findings)["code"])


@pytest.mark.parametrize("of", OF_TABLES)
@pytest.mark.parametrize(
    ("ending", "encoding"), [(".xls", "utf-8"), (".xlsx", "utf-8-sig"), (".XLS", "utf-16")]
)
def test_a_text_that_is_called_a_workbook_is_read_as_text(of: str, ending: str, encoding: str) -> None:
    shape = FORMATS[of]
    content = text(table(shape), delimiter="\t").encode(encoding)
    reading = shape.read(content, f"{shape.file[:-4]}{ending}")
    assert shape.seen(reading) == MEANT
    assert "F16" in _codes(reading)


@pytest.mark.parametrize("of", OF_TABLES)
@pytest.mark.parametrize("ending", [".csv", ".txt"])
def test_a_workbook_that_is_called_a_text_is_read_as_a_workbook(of: str, ending: str) -> None:
    shape = FORMATS[of]
    files = opened([NamedBytes(f"{shape.file[:-4]}{ending}", _book(shape))])
    reading = formats()[shape.read_by or shape.name].read(files, CONTEXT)
    assert shape.seen(reading) == MEANT
    assert "F16" in _codes(reading)


@pytest.mark.parametrize("of", OF_TABLES)
def test_what_is_called_as_it_is_is_no_news(of: str) -> None:
    shape = FORMATS[of]
    assert "F16" not in _codes(shape.read(text(table(shape)).encode()))
    assert "F16" not in _codes(shape.read(_book(shape), f"{shape.file[:-4]}.xlsx"))


@pytest.mark.parametrize("of", OF_TABLES)
@pytest.mark.parametrize(
    ("content", "ending", "what"),
    [
        (HTML.encode(), ".xls", "web page with a table"),
        (HTML.encode("utf-16"), ".csv", "web page with a table"),
        (XML_BOOK.encode(), ".xls", "saved as XML"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", ".xls", "saved web page"),
        (b"%PDF-1.7\n\xe2\xe3", ".csv", "a PDF"),
        (b"%PDF-1.7\n\xe2\xe3", ".xlsx", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, ".csv", "locked with a password"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(of: str, content: bytes, ending: str, what: str) -> None:
    shape = FORMATS[of]
    with pytest.raises(Refused, match=what):
        shape.read(content, f"{shape.file[:-4]}{ending}")


@pytest.mark.parametrize("of", OF_TABLES)
def test_a_zip_that_is_called_a_workbook_is_refused_as_a_zip(of: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("list.csv", text(table(FORMATS[of])))
    with pytest.raises(Refused, match="zip of files, not a workbook"):
        FORMATS[of].read(made.getvalue(), f"{FORMATS[of].file[:-4]}.xlsx")


MONTH_FIRST = ("03/15/2025", "04/03/2025", "03/01/2025 12:00:00 AM")


def _with_days(of: Format, *days: str) -> bytes:
    rows = [of.row(number, name, day, "") for (number, name), day in zip(ROWS, days, strict=True)]
    return text([list(of.headings), *rows]).encode()


@pytest.mark.parametrize("of", list(FORMATS))
def test_a_column_that_proves_its_month_first_is_read_so_throughout(of: str) -> None:
    shape = FORMATS[of]
    reading = shape.read(_with_days(shape, *MONTH_FIRST))
    read = {date.fromordinal(day or 1) for _, _, day in shape.seen(reading)}
    assert read == {date(2025, 3, 15), date(2025, 4, 3), date(2025, 3, 1)}
    assert "D06" in numbered(reading.findings)["code"].to_list()
    assert reading.quarantined == 0


@pytest.mark.parametrize("of", list(FORMATS))
def test_a_column_in_two_orders_is_read_day_first_and_told(of: str) -> None:
    shape = FORMATS[of]
    reading = shape.read(_with_days(shape, "01/03/2025", "03/15/2025", "15/03/2025"))
    read = {day for _, _, day in shape.seen(reading)} - {None}
    assert read == {date(2025, 3, 1).toordinal(), date(2025, 3, 15).toordinal()}
    assert "D07" in numbered(reading.findings)["code"].to_list()


@pytest.mark.parametrize("of", list(FORMATS))
def test_a_column_that_proves_nothing_is_read_day_first(of: str) -> None:
    shape = FORMATS[of]
    reading = shape.read(_with_days(shape, "01/03/2025", "01/03/2025", "01/03/2025"))
    assert {day for _, _, day in shape.seen(reading)} == {DAY.toordinal()}
    assert not {"D06", "D07"} & set(numbered(reading.findings)["code"])


def test_every_cell_of_the_matrix_is_tried_or_says_why_not() -> None:
    assert set(DOES_NOT_APPLY) <= set(MATRIX)
    assert all(DOES_NOT_APPLY.values())
