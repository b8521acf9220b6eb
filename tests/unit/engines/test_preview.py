"""Files looked at in memory: every row received is accounted for."""

from __future__ import annotations

from datetime import date

from lineofsight.engines.preview import ToPreview, preview
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.settings import read_settings
from tests.support.cases import files


def test_rows_with_one_key_that_differ_are_counted_as_quarantined() -> None:
    """Reading refuses one row here, and comparing another."""
    night = files(
        {
            "cin_episodes": "R1, C1, 2019-01-01, N,,\nR1, C1, 2019-01-02, N,,\n, , 2019-01-01, N,,",
            "involvements": "1, C1, W1, CW, TA, 2019-01-05,, R1",
        }
    )
    read = preview([ToPreview("night", night, date(2019, 10, 8))], None).reading[0]
    assert (read.received, read.accepted, read.unchanged, read.quarantined) == (4, 2, 0, 2)


def test_cases_that_look_closed_are_counted_and_what_they_change_is_told() -> None:
    text = b"Child ID,Worker,Case status\n1,Ada,Open\n2,,Closed\n3,,Ended\n4,,Open\n"
    found = preview([ToPreview("list", [NamedBytes("list.csv", text)], date(2019, 10, 8))], None)
    assert (found.figure.unallocated, found.figure.population) == (3, 4)
    assert found.closed is not None
    assert [(one.column, one.value, one.rows) for one in found.closed.words] == [
        ("Case status", "Closed", 1),
        ("Case status", "Ended", 1),
    ]
    assert (found.closed.figure.unallocated, found.closed.figure.population) == (1, 2)
    settings = (
        b'name = "a"\nauthority = "901"\nformat = "worklist"\nroster = "full"\ncovers = "service"\n[closed]\n'
    )
    settled = read_settings(settings + b'"case status" = ["Closed", "Ended"]\n')
    found = preview([ToPreview("list", [NamedBytes("list.csv", text)], date(2019, 10, 8))], settled)
    assert (found.figure.unallocated, found.figure.population, found.closed) == (1, 2, None)
