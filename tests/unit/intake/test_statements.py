"""Deliveries of statements: several files, files of other kinds, and the findings of comparing and of links."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lineofsight.engines.local import empty_history
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.finding import FINDING, REFUSED, file_finding, no_findings, numbered
from lineofsight.intake.formats.source import refusal
from lineofsight.intake.links import links_to_nothing
from lineofsight.intake.unpacking import read_path
from lineofsight.record.tables.statement import RELATIONS, STATEMENT
from lineofsight.samples import PUBLIC_RECORD
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import (
    a_statement,
    a_zip,
    as_csv,
    as_json,
    as_json_lines,
    as_yaml,
    codes_of,
    compared,
    findings_of,
    read,
)
from tests.support.record import ARecord


def test_the_same_statements_in_every_form_are_the_same() -> None:
    items = [
        a_statement(id=f"s-{n}", headline="=1+1", value="1,5", says='Said "so",\nand more.') for n in range(3)
    ]
    frames = [
        read(write(items)).rows["statement"].drop("_file")
        for write in (as_csv, as_yaml, as_json, as_json_lines)
    ]
    assert all(frame.equals(frames[0]) for frame in frames)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("08/10/2019", "2019-10-08"),
        ("8/1/2019", "2019-01-08"),
        ("2019-10-08 23:30", "2019-10-08"),
        ("2019-10-08T23:30:00Z", "2019-10-09"),
        ("2019-10-08T00:30:00+02:00", "2019-10-07"),
        ("31/02/2019", "31/02/2019"),
        ("18-10-17", "18-10-17"),
        ("2019-10", "2019-10"),
    ],
)
def test_days_as_other_systems_write_them_are_kept_as_iso_days(written: str, kept: str) -> None:
    """Day before month; a zone is London's. What cannot be a day is left as it stands, for a check to refuse."""
    rows = read(as_csv([a_statement(about_from=written)])).rows["statement"]
    refused = [one["code"] for one in findings_of(read(as_csv([a_statement(about_from=written)])))]
    assert rows["about_from"].to_list() == ([] if "S06" in refused else [kept])
    assert ("S06" in refused) == (kept in ("31/02/2019", "18-10-17"))


def test_several_files_are_one_delivery() -> None:
    """Rows keep the file they stood in; a key used in two files is a repeat like any."""
    reading = read(
        as_csv([a_statement(id="a")], "1.csv"),
        as_yaml([a_statement(id="b"), a_statement(id="a", says="Not so.")], "2.yaml"),
    )
    assert reading.rows["statement"].select("id", "_file", "_row").rows() == [
        ("a", "1.csv", 1),
        ("b", "2.yaml", 1),
        ("a", "2.yaml", 2),
    ]
    found = compared(reading)
    assert (found.accepted, found.unchanged, found.quarantined) == (2, 0, 1)
    assert found.findings[0].select("code", "file", "row").rows() == [("K01", "2.yaml", 2)]


def test_files_of_other_kinds_are_kept_and_told_of() -> None:
    reading = read(NamedBytes("letter.pdf", b"%PDF-1.7"), as_csv([a_statement()]), NamedBytes("README", b""))
    found = findings_of(reading)
    assert [(one["code"], one["severity"], one["file"]) for one in found] == [
        ("F03", "note", "README"),
        ("F03", "note", "letter.pdf"),
    ]
    assert "inspection report" in found[1]["do"] and "inspection report" not in found[0]["do"]


@pytest.mark.parametrize(
    "files", [[], [NamedBytes("letter.pdf", b"%PDF-1.7")], [NamedBytes("book.xlsx", b"PK\x03\x04")]]
)
def test_a_delivery_without_any_statements_file_is_refused(files: list[NamedBytes]) -> None:
    with pytest.raises(Refused, match="is not a statements file; give YAML, CSV, JSON"):
        read(*files)


def test_one_file_that_cannot_be_read_refuses_the_delivery() -> None:
    """Half a delivery would look like a whole one, and a full roster would withdraw the other half."""
    with pytest.raises(Refused, match=r"'2\.yaml'"):
        read(as_csv([a_statement()], "1.csv"), NamedBytes("2.yaml", b"{"))


def test_a_pdf_named_yaml_is_refused_by_its_name() -> None:
    with pytest.raises(Refused, match=r"'letter\.yaml' is not"):
        read(NamedBytes("letter.yaml", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"))


def test_a_zip_handed_over_unopened_is_none_of_ours() -> None:
    with pytest.raises(Refused, match="is not a statements file"):
        read(a_zip(as_csv([a_statement()])))


def test_a_delivery_refused_outright_is_one_row_in_quarantine() -> None:
    """What `work` finds unreadable is read as one finding, so that it does not wait for ever."""
    reading = refusal("f.yaml", "'f.yaml' is not YAML that can be read.")
    assert (reading.received, reading.quarantined) == (1, 1)
    (found,) = findings_of(reading)
    assert (found["code"], found["severity"], found["row"]) == ("F00", "refused", 0)


GOOD = [
    a_statement(id="a"),
    a_statement(id="b", says='Quoted "so",\nand more é.'),
    a_statement(id="c", kind="shout"),
]
SOUND = [write(GOOD) for write in (as_csv, as_yaml, as_json, as_json_lines)]


@given(st.sampled_from(SOUND), st.integers(0, 2_000), st.integers(0, 30), st.binary(max_size=12))
@example(SOUND[0], 0, 0, b"\xff\xfe")
def test_a_file_spoilt_anywhere_is_counted_or_refused(
    file: NamedBytes, at: int, lost: int, put: bytes
) -> None:
    """Some bytes lost, others put in their place: never another exception, and every row in quarantine has a
    finding at its number."""
    at %= len(file.content)
    spoilt = NamedBytes(file.name, file.content[:at] + put + file.content[at + lost :])
    try:
        reading = read(spoilt)
    except Refused:
        return
    assert reading.received == reading.rows["statement"].height + reading.quarantined
    refused = {one["row"] for one in findings_of(reading) if one["severity"] == "refused"}
    assert len(refused) == reading.quarantined


def test_the_bytes_of_a_file_have_their_hash() -> None:
    assert NamedBytes("f", b"").sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_public_record_goes_through_this_door() -> None:
    """The sample is a delivery like any: no statement of it is refused, repeated or without what it links to."""
    reading = read(*read_path(PUBLIC_RECORD.folder), context=Context(datetime(2100, 1, 1, tzinfo=UTC)))
    assert reading.received > 400
    assert [one for one in findings_of(reading) if one["severity"] == "refused"] == []
    found = compared(reading)
    assert (found.accepted, found.quarantined) == (reading.received, 0)
    rows = reading.rows["statement"]
    assert [
        one["key"]
        for frame in links_to_nothing(PUBLIC_RECORD.source, rows, empty_history(STATEMENT))
        for one in frame.to_dicts()
    ] == []


# -- findings ------------------------------------------------------------------------------------


def test_findings_are_numbered_by_file_row_and_code() -> None:
    some = [
        file_finding(code, REFUSED, file, "says", "do", row=row)
        for code, file, row in [("S05", "b", 2), ("S01", "b", 2), ("F01", "b", 0), ("S01", "a", 9)]
    ]
    whole = numbered(some)
    assert whole.select("number", "file", "row", "code").rows() == [
        (1, "a", 9, "S01"),
        (2, "b", 0, "F01"),
        (3, "b", 2, "S01"),
        (4, "b", 2, "S05"),
    ]
    assert tuple(whole.columns) == FINDING.names


def test_no_findings_have_every_column() -> None:
    assert numbered([]).equals(no_findings())


def test_a_context_knows_its_london_day() -> None:
    assert Context(datetime(2019, 7, 1, 23, 30, tzinfo=UTC)).received_on == date(2019, 7, 2)


# -- links ---------------------------------------------------------------------------------------


def lost(items: list[dict[str, str]], history: pl.DataFrame | None = None) -> list[tuple[str, str]]:
    reading = read(as_csv(items))
    held = empty_history(STATEMENT) if history is None else history
    found = links_to_nothing("record", reading.rows["statement"], held)
    return [(one["code"], one["key"], one["column"]) for frame in found for one in frame.to_dicts()]  # type: ignore[misc]


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_link_to_nothing_is_found_once_for_each(relation: str) -> None:
    """One finding for each lost link of a statement; those within the delivery, whatever their order, are held."""
    items = [a_statement(id="a", **{relation: "b gone other/b"}), a_statement(id="b")]
    assert lost(items) == [("L02", "a", relation)] * 2


def test_a_link_may_name_its_own_source() -> None:
    assert lost([a_statement(id="a", answers="record/b"), a_statement(id="b", answers="a")]) == []


def test_a_link_may_lead_to_what_was_ever_held(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Of this source or another, also to what has been withdrawn since: it was said."""
    record = ARecord(tmp_path)
    record.deliver(as_csv([a_statement(id="b"), a_statement(id="c")]), full=True)
    record.deliver(as_csv([a_statement(id="c")]), full=True)
    record.deliver(as_csv([a_statement(id="d")]), source="other")
    assert lost([a_statement(id="a", answers="b c other/d")], record.history()) == []
    assert lost([a_statement(id="a", answers="d")], record.history()) == [("L02", "a", "answers")]


def test_a_link_to_a_statement_in_quarantine_is_lost() -> None:
    assert lost([a_statement(id="a", answers="b"), a_statement(id="b", kind="shout")]) == [
        ("L02", "a", "answers")
    ]


def test_no_links_no_findings() -> None:
    assert lost([a_statement()]) == []
    assert codes_of(read(as_csv([a_statement()]))) == []
