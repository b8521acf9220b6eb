"""CSV from anywhere: read whole, or refused with a sentence; no row is lost and every number is right."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.finding import numbered
from lineofsight.intake.sheets.asides import is_aside
from lineofsight.intake.sheets.delimited import read_csv
from lineofsight.intake.sheets.table import Sheet
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import a_statement, as_csv, codes_of, read


def sheet(content: str | bytes) -> Sheet:
    return read_csv(NamedBytes("f.csv", content.encode() if isinstance(content, str) else content))


def rows(content: str | bytes) -> list[tuple[Any, ...]]:
    """Each row with its number put before it."""
    found = sheet(content)
    return [(number, *row) for number, row in zip(found.places, found.rows.rows(), strict=True)]


def told(content: str | bytes) -> list[tuple[str, int]]:
    return numbered(sheet(content).findings).select("code", "row").rows()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("id,says\na,1\nb,2\n", [(1, "a", "1"), (2, "b", "2")]),
        ("id,says\na,1\nb,2", [(1, "a", "1"), (2, "b", "2")]),
        ("id;says\na;1,5\n", [(1, "a", "1,5")]),
        ("id\tsays\na\t1\n", [(1, "a", "1")]),
        ('"id","says"\n"a","1 ""quoted"""\n', [(1, "a", '1 "quoted"')]),
        ("id,says\r\na,1\r\nb,2\r\n", [(1, "a", "1"), (2, "b", "2")]),
        ("id,says\ra,1\rb,2", [(1, "a", "1"), (2, "b", "2")]),
        ("id,says\r\na,1\nb,2\r", [(1, "a", "1"), (2, "b", "2")]),
        ('id,says\na,"1\r\n2"\n', [(1, "a", "1\n2")]),
        ("id,says\n\na,1\n\n\nb,2\n", [(2, "a", "1"), (5, "b", "2")]),
        ('id,says\na,"1\n\n2"\nb,3\n', [(1, "a", "1\n\n2"), (2, "b", "3")]),
        ("\n\n\nid,says\na,1\n", [(1, "a", "1")]),
        ("id,says\n,\na,1\n", [(2, "a", "1")]),
        ("id,says\na, 1 \n", [(1, "a", " 1 ")]),
        ('id,says\na,1"2\n', [(1, "a", '1"2')]),
        ("id,says", []),
        ("id,says\n\n\n", []),
        ("id\na\n\nb\n", [(1, "a"), (3, "b")]),
    ],
)
def test_rows_and_their_numbers(content: str, expected: list[Any]) -> None:
    """A row's number is its line in a spreadsheet below the heading: a blank line is one, a cell with line
    ends in it is in one row. Blank lines above the heading are not counted: they are above row 1."""
    assert rows(content) == expected


@pytest.mark.parametrize(
    ("content", "broken", "left"),
    [
        ("id,says\na\nb,2\n", [("F02", 1)], [2]),
        ("id,says\na,1,2\nb,2\n", [("F02", 1)], [2]),
        ("id,says\na,1\n\nb\n\nc,3,4\nd,5\n", [("F02", 3), ("F02", 5)], [1, 6]),
        ('id,says\na,"1\n2"\nb\nc,3\n', [("F02", 2)], [1, 3]),
        ("id,says\na,1\nb", [("F02", 2)], [1]),
        ('id,says\na, "1,x"\nb,2\n', [("F02", 1)], [2]),
    ],
)
def test_rows_with_too_few_or_too_many_cells(content: str, broken: list[Any], left: list[int]) -> None:
    """Each has a finding at its own number, and the numbers of the others do not move. The last but one is a
    file cut off between two cells."""
    assert told(content) == broken
    assert sheet(content).places.to_list() == left
    assert len(sheet(content).broken) == len(broken)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('id,says\na,1\nb,"2\nc,3\nd,4\n', 3),
        ('id,says\na,1\nb,"2\nc,3\nd,4', 3),
        ('id,says\na,1\nb,"2\nc,"3"\nd,4\n', 3),
        ('id,says\na,"1"x\nb,2\n', 2),
        ('\n\nid,says\n"a\n', 4),
    ],
)
def test_a_quotation_mark_that_is_not_closed_refuses_the_file(content: str, line: int) -> None:
    """A faster reader takes everything after it for one long cell, and the rows in it would be gone without a
    word."""
    with pytest.raises(Refused, match=f"'f.csv' cannot be split into rows from line {line} on") as refused:
        sheet(content)
    assert "c,3" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,\n,,\n", b"   \n"])
def test_a_file_without_a_heading_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="is empty"):
        sheet(content)


@pytest.mark.parametrize("content", ["id,says,id\na,1,2\n", "id, says ,says\na,1,2\n"])
def test_a_column_named_twice_is_refused(content: str) -> None:
    """Which of the two is meant cannot be told."""
    with pytest.raises(Refused, match="names a column twice"):
        sheet(content)


def test_columns_without_a_name() -> None:
    """Spreadsheets leave empty ones behind; one in which something stands is told of."""
    assert rows("id,says,,\na,1,,\n") == [(1, "a", "1")]
    assert told("id,says,,\na,1,,\n") == []
    assert told("id,says,,\na,1,,\nb,2,,x\n") == [("F04", 0)]
    assert "Column 4 has no name" in sheet("id,says,,\nb,2,,x\n").findings[0]["says"][0]


@pytest.mark.parametrize(
    ("encoding", "guessed"),
    [("utf-8", False), ("utf-8-sig", False), ("cp1252", True), ("utf-16", False), ("utf-16-be-bom", False)],
)
def test_encodings(encoding: str, guessed: bool) -> None:
    """What spreadsheets save. Windows-1252 cannot be told from Latin-1, so that a guess is said to be one."""
    text = "id,says\na,café – 5 €\n"
    content = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-bom" else text.encode(encoding)
    assert rows(content) == [(1, "a", "café – 5 €")]
    assert told(content) == ([("F01", 0)] if guessed else [])


@pytest.mark.parametrize(
    "content",
    [
        b"id,says\na,\x001\n",
        "id,says\na,é\n".encode("utf-16")[:-1],
        b"\xff\xfe\x00\xd8",
        "id,says\na,1\x00\n".encode("utf-16"),
        b"PK\x03\x04\x00\x00a",
    ],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="is not a text file"):
        sheet(content)


@pytest.mark.parametrize(
    ("content", "cut_off"),
    [
        ("id,says\na,b\nc\n", True),
        ("id,says\nc\na,b\n", False),
        ("id,says\na,b\nc,d,e\n", False),
        ('id,says\nc\na,"b"\n', False),
        ('id,says\na,"b"\nc\n', True),
    ],
)
def test_a_file_is_cut_off_where_its_last_row_is_too_short(content: str, *, cut_off: bool) -> None:
    assert sheet(content).cut_off is cut_off


def test_utf8_cut_off_inside_a_character_is_refused() -> None:
    """Else the whole file would be taken for Windows-1252 and every accent in it spoilt."""
    content = "id,says\na,café\nb,né".encode()[:-1]
    with pytest.raises(Refused, match="it was cut off"):
        sheet(content)
    assert rows(b"id,says\na,caf" + b"\xe9") == [(1, "a", "café")], "a lone accent at the end is Windows-1252"


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@example([["", "", ""]], "\n", False)
@example([['"', "a\rb", "\r\n"]], "\r\n", True)
def test_what_a_spreadsheet_writes_is_read_back(written: list[list[str]], end: str, bom: bool) -> None:
    """Any text in any cell, quoted by the usual rules; line ends inside cells become plain ones."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *written])
    content = out.getvalue().encode("utf-8-sig" if bom else "utf-8")
    plain = [tuple(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row) for row in written]
    assert rows(content) == [
        (number, *row) for number, row in enumerate(plain, 1) if not is_aside(row, ["a", "b", "c"])
    ]


PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\x00\r\n",;\t|'), max_size=8)
LINES = st.lists(st.one_of(st.just([]), st.lists(PLAIN, min_size=1, max_size=3)), max_size=8)


@given(LINES, st.sampled_from([",", ";", "\t"]))
@example([["", "", ""], [" "], ["a", "b"]], ",")
@example([["\x1a", "#", "\u2028"], ["NA", "null", "\x0c"]], ",")
def test_without_quotation_marks_it_is_read_faster_and_alike(lines: list[list[str]], delimiter: str) -> None:
    """A file in which no quotation mark stands is split by another reader; one in its last row must change nothing
    of the rows above it."""
    body = "".join(delimiter.join(cells) + "\n" for cells in (["a", "b", "c"], *lines))
    last = delimiter.join(["x", "y", "z"])
    plain, quoted = sheet(body + last), sheet(body + last.replace("z", '"z"'))
    assert plain.rows.equals(quoted.rows)
    assert plain.places.to_list() == quoted.places.to_list()
    assert plain.broken == quoted.broken
    assert [one.rows() for one in plain.findings] == [one.rows() for one in quoted.findings]


def test_columns_without_a_name_beside_quotation_marks() -> None:
    assert told('id,says,,\n"a",1,,x\n') == [("F04", 0)]
    assert told('id,says,,\n"a",1,,\n') == []


@given(st.binary(max_size=60))
@example(b"\xff\xfe")
@example(b'a,b\n"')
@example(b"_file,_row\n1,2\n")
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Never another exception; and every line with anything in it is a row, a finding, or part of one."""
    for head in (b"", b"id,says\n"):
        try:
            found = sheet(head + content)
        except Refused:
            continue
        assert len(found.places) == found.rows.height


# -- as statements -------------------------------------------------------------------------------


def test_headings_are_known_however_they_are_written() -> None:
    text = (
        as_csv([a_statement()])
        .content.decode()
        .replace("said_by", " Said By")
        .replace("source_title", "SOURCE-TITLE")
    )
    reading = read(NamedBytes("f.csv", text.encode()))
    assert codes_of(reading) == []
    assert reading.rows["statement"].height == 1


def test_columns_in_any_order_and_columns_too_many() -> None:
    """A column that is none of ours is told of once, also one that has the name of something of our own."""
    items = [a_statement(colour="red", _file="x", _row="9", **{"begun on": "3"})]
    reversed_items = [dict(reversed(list(item.items()))) for item in items]
    reading = read(as_csv(reversed_items))
    assert [(one[0], one[1]) for one in codes_of(reading)] == [("F04", 0)] * 4
    assert reading.rows["statement"].select("_file", "_row").rows() == [("statements.csv", 1)]
    assert reading.rows["statement"]["says"].to_list() == ["The council said so."]


def test_the_same_field_under_two_headings_is_refused() -> None:
    with pytest.raises(Refused, match="names a column twice"):
        read(NamedBytes("f.csv", b"id,says,Said by,said_by\na,b,c,d\n"))


def test_two_unknown_columns_alike_are_not_refused() -> None:
    reading = read(NamedBytes("f.csv", b"id,says,A note,a-note\na,b,c,d\n"))
    assert [one for one in codes_of(reading) if one[0] == "F04"] == [("F04", 0, None)] * 2


@pytest.mark.parametrize("content", [b"name,age\na,1\n", b"id,text\na,1\n", b"%PDF-1.7\n%%EOF\n"])
def test_a_csv_of_something_else_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match=r"no columns id and says|no line of headings that is known|is a PDF"):
        read(NamedBytes("f.csv", content))


def test_a_huge_cell_is_one_row_in_quarantine() -> None:
    """Ten million characters, and the rows beside it are taken."""
    reading = read(as_csv([a_statement(id="huge", says="x" * 10_000_000), a_statement()]))
    assert codes_of(reading) == [("S04", 1, "says")]
    assert reading.rows["statement"]["id"].to_list() == ["s-1"]


def test_row_numbers_of_quarantined_rows_beside_blank_lines_and_quoted_line_ends() -> None:
    """The person who looks for row 6 finds it there in the spreadsheet."""
    good = a_statement(says="One\n\ntwo")
    heading, row = as_csv([good]).content.decode().strip().split("\r\n")
    bad = row.replace("2018-10-17", "someday").replace("s-1", "bad")
    text = f"{heading}\r\n\r\n{row}\r\n{bad}\r\nx,y\r\n\r\n{bad}"
    reading = read(NamedBytes("f.csv", text.encode()))
    assert [one for one in codes_of(reading) if one[0] != "S09"] == [
        ("S06", 3, "said_on"),
        ("F02", 4, None),
        ("S06", 6, "said_on"),
    ]
